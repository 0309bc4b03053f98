"""What customers and members cost and earn by where they came from, as rows of text for the report."""

import math
from typing import Any, NamedTuple

from trafficsim import rounding
from trafficsim.results import Result


class OriginTable(NamedTuple):
    """A table by route or hook: its caption, what a row is of, what is counted, and rows of text."""

    caption: str
    by: str
    counted: str
    rows: list[tuple[str, ...]]


def origins(result: Result, confidence: float) -> list[OriginTable]:
    """The tables by route and by hook that have anybody in them."""
    found = [
        _table(result.by_route(confidence), "Customers by the route of their first contact", "route", "new_customers"),
        _table(result.by_hook(confidence), "Members by the hook by which they joined", "hook", "joined"),
    ]
    return [table for table in found if table.rows]


def _table(frame: Any, caption: str, by: str, counted: str) -> OriginTable:  # pandas has no types here
    rows: list[tuple[str, ...]] = [
        (row["arm"], row[by], rounding.short(row[counted]), _money(row, "cac"), _money(row, "clv"))
        for _, row in frame.iterrows()
        if row[counted] > 0
    ]
    return OriginTable(caption, by, counted.replace("_", " "), rows)


def _money(row: Any, name: str) -> str:
    """A mean with its interval; a dash where there is none."""
    mean, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    if math.isnan(mean):
        return rounding.UNDEFINED
    said = f"{mean:,.0f}"
    return said if math.isnan(low) else f"{said} ({low:,.0f} to {high:,.0f})"
