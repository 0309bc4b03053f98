"""merge: results of parts of the same replicates put together, as a single run would have found them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from trafficsim.files.packed import Packing
from trafficsim.results.result import Result

SAME = {
    "scenario": "scenario",
    "digest": "settings of the scenario",
    "seed": "seed",
    "rules": "version of the rules, or kind of machine",
}
"""What parts of one run have in common, and what it is called."""


class MergeError(ValueError):
    """Results that are no parts of one run: one plain line."""


def merge(results: Sequence[Result | str | Path]) -> Result:
    """The result that a single run of all their replicates would have given, to the bit.

    Of what results say about themselves that of the first replicates is kept; `repeat` holds all commands, one a line.
    What was asked of one part alone (`leaning`, `uncertain`, `levers`) is left out.

    Args:
        results: two or more from `compare` of the same scenario and seed, whose replicates are numbered without overlap
            and without a gap, in any order; or the folders or files in which they were saved.

    Returns:
        All replicates, in the order of their numbers.

    Raises:
        MergeError: for what doesn't belong together, with what differs, or which numbers overlap or are missing.
        FileNotFoundError: if a folder or file isn't there.
        ValueError: if a file is damaged, or something else.
    """
    given = [results] if isinstance(results, Result | str | Path) else list(results)
    if len(given) < 2:
        raise MergeError(f"merging takes two results or more (got {len(given)})")
    parts = [_Part(each, number) for number, each in enumerate(given, 1)]
    for part in parts:
        _refuse_unlike(parts[0], part)
    parts.sort(key=lambda part: part.numbers.start)
    _refuse_gaps(parts)
    first = parts[0].result
    joined = _joined([part.result.data for part in parts])
    repeat = "\n".join(dict.fromkeys(part.result.about.repeat for part in parts))
    return Result(joined.assign_attrs(first.data.attrs)).saying(
        repeat=repeat, leaning=None, uncertain=None, levers=None
    )


class _Part:
    """A result and what it is called in a sentence: its folder, or which one it is."""

    def __init__(self, given: Result | str | Path, number: int) -> None:
        self.result = given if isinstance(given, Result) else Result.load(given)
        self.name = f"result {number}" if isinstance(given, Result) else str(given)
        about = self.result.about
        first = int(self.result.data["replicate"][0])
        self.numbers = range(first, first + self.result.replicates)
        if not about.digest:
            raise MergeError(f"{self.name}: made by an earlier version, which did not note what it ran; run it again")
        if self.result.stopping is not None:
            raise MergeError(
                f"{self.name}: replicates were added until the answer pleased (--precision, --until-decided), so that "
                "others can't be added without changing how sure it is; run it with a number of replicates"
            )

    @property
    def told(self) -> str:
        """Its replicates as they are asked for."""
        return f"{self.numbers.start}:{self.numbers.stop}"


def _refuse_unlike(first: _Part, part: _Part) -> None:
    a, b = first.result.about, part.result.about
    for name, called in SAME.items():
        if getattr(a, name) != getattr(b, name):
            values = f"{_short(getattr(a, name))} and {_short(getattr(b, name))}"
            raise MergeError(
                f"{first.name} and {part.name} differ in the {called} ({values}), so they are no parts of one"
            )
    if _shapes(first.result.data) != _shapes(part.result.data):
        raise MergeError(
            f"{first.name} and {part.name} hold other numbers: one was run without arms without their pools"
        )


def _short(value: Any) -> str:
    return str(value)[:12]


def _shapes(data: xr.Dataset) -> dict[str, Any]:
    """What is counted, by which names, and where there is none of it, whatever the replicates."""
    found: dict[str, Any] = {str(name): (v.dims, v.dtype) for name, v in data.data_vars.items()}
    found |= {str(name): c.to_numpy().tolist() for name, c in data.coords.items() if name != "replicate"}
    return found | {"without": np.isnan(data["orders_without"].to_numpy()).all(axis=1).tolist()}


def _refuse_gaps(parts: Sequence[_Part]) -> None:
    """Parts in the order of their first replicates."""
    for before, after in pairwise(parts):
        end, begin = before.numbers.stop, after.numbers.start
        if begin < end:
            both = f"{begin}:{min(end, after.numbers.stop)}"
            raise MergeError(
                f"replicates {both} are in {before.name} ({before.told}) and in {after.name} ({after.told}): leave one "
                "out"
            )
        if begin > end:
            raise MergeError(
                f"replicates {end}:{begin} are missing between {before.name} ({before.told}) and {after.name} "
                f"({after.told}): run them (--replicates {end}:{begin})"
            )


def _joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """All replicates of what is counted, in order; whole numbers and their bits stay as they are."""
    packing = Packing("replicate")
    for part in parts:
        packing.put_all(part)
    return packing.together(int(number) for part in parts for number in part["replicate"].to_numpy())
