"""Columns of WeCom's statistics and of shops' and advertising platforms' exports, known by their heads.

The table `known_columns.csv` lists them. Heads of WeCom are the fields of its interfaces of contact statistics and of
group statistics (developer.work.weixin.qq.com, documents 92132 and 92133) and the words of its admin pages; those of
shops are usual words of Chinese and English exports. A head stands for one thing only: a series that a fit looks at,
something that is given to a run, or nothing that the model has.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from trafficsim.data.dated import plain

Use = Literal["fitted", "given", "unused"]


@dataclass(frozen=True)
class Known:
    """What a column of these heads is: `metric` of the model where it is fitted, with the form of pool it is of.

    `meaning` says in a few words what the column holds and, of one that is not fitted, why not.
    """

    heads: tuple[str, ...]
    use: Use
    metric: str
    form: str
    meaning: str


@cache
def known_columns() -> tuple[Known, ...]:
    """All that are known."""
    text = (files("trafficsim") / "data" / "known_columns.csv").read_text(encoding="utf-8")
    return tuple(
        Known(tuple(row["heads"].split("; ")), cast("Use", row["use"]), row["metric"], row["form"], row["meaning"])
        for row in csv.DictReader(text.splitlines())
    )


def known(head: str) -> Known | None:
    """What a column of this head is, if it is known."""
    return _by_head().get(plain(head))


@cache
def _by_head() -> dict[str, Known]:
    return {plain(head): entry for entry in known_columns() for head in entry.heads}
