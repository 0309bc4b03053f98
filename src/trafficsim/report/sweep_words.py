"""A sweep in sentences and as a table for the terminal."""

import numpy as np
from rich.table import Table

from trafficsim.books.metrics import metric
from trafficsim.report.answer import LUCK_ONLY
from trafficsim.study.swept import SweepResult
from trafficsim.words import rounding

MOST_COLUMNS = 9
"""Levels that fit beside each other in 80 columns."""


def sweep_answer(result: SweepResult) -> list[str]:
    """Who leads at how many points, and along one setting, where that changes."""
    (a, b), label = result.pair, metric(result.metric).label
    low, high = (result.table()[f"difference_{end}"].to_numpy() for end in ("low", "high"))
    more, less = int(np.sum(low > 0)), int(np.sum(high < 0))
    ahead, behind = (more, less) if metric(result.metric).sign > 0 else (less, more)
    if result.replicates == 1:
        first = (
            f"One replicate decides nothing between “{a}” and “{b}” in {label}, at none of {result.points:,} points."
        )
    else:
        first = (
            f"In {label}, “{a}” leads “{b}” at {ahead:,} of {result.points:,} points, and “{b}” leads at {behind:,}; "
            f"{result.points - ahead - behind:,} are undecided."
        )
    return [first, *_break_even(result), LUCK_ONLY]


def _break_even(result: SweepResult) -> list[str]:
    if not (result.is_grid and len(result.axes) == 1):
        return []
    (axis,) = result.axes
    return [
        f"The mean difference changes its sign near {axis.name} = {rounding.short(row[axis.name])}: "
        f"“{row['leads_above']}” leads above."
        for row in result.break_even().to_dict("records")
    ]


def sweep_table(result: SweepResult) -> Table | None:
    """The difference at each point, `?` where it is undecided: a map over two settings, a list over one.

    None for what does not fit a terminal: see sweep.csv.
    """
    if not result.is_grid or len(result.axes) > 2 or len(result.axes[0].levels) > MOST_COLUMNS:
        return None
    x, *y = result.axes
    table = Table(title=_caption(result), title_justify="left", box=None)
    table.add_column(y[0].name if y else "", overflow="fold")
    for level in x.levels:
        table.add_column(_short(level), justify="right")
    cells = result.grid(np.array([_cell(row) for row in result.table().to_dict("records")], dtype=object))
    rows = cells.T[::-1] if y else cells[None, :]
    names = [_short(level) for level in reversed(y[0].levels)] if y else ["difference"]
    for name, row in zip(names, rows, strict=True):
        table.add_row(name, *row)
    return table


def _caption(result: SweepResult) -> str:
    a, b = result.pair
    unit = metric(result.metric).unit.replace("money", result.currency)
    return f"{a} less {b}, {unit}; across: {result.axes[0].name}"


def _cell(row: dict[str, float]) -> str:
    decided = row["difference_low"] > 0 or row["difference_high"] < 0
    return rounding.short(row["difference"], sign=True) + ("" if decided else "?")


def _short(level: object) -> str:
    return rounding.short(level) if isinstance(level, int | float) and not isinstance(level, bool) else str(level)
