"""What customers and members cost and earn by where they came from, as rows of text for the report."""

import math
from typing import Any, NamedTuple

from trafficsim import rounding
from trafficsim.language import Words
from trafficsim.report.voice import Voice
from trafficsim.results import Result


class OriginTable(NamedTuple):
    """A table by route or hook: its caption, what a row is of, what is counted, and rows of text."""

    caption: str
    by: str
    counted: str
    rows: list[tuple[str, ...]]


def origins(result: Result, confidence: float, voice: Voice) -> list[OriginTable]:
    """The tables by route and by hook that have anybody in them."""
    say = voice.say
    routes, hooks = result.by_route(confidence), result.by_hook(confidence)
    names = {route: route_name(route, say) for route in routes["route"]}
    found = [
        OriginTable(
            say("Customers by the route of their first contact"),
            say("route"),
            say("new customers"),
            _rows(routes.assign(route=routes["route"].map(names)), "route", "new_customers", voice),
        ),
        OriginTable(
            say("Members by the hook by which they joined"),
            say("hook"),
            say("joined"),
            _rows(hooks, "hook", "joined", voice),
        ),
    ]
    return [table for table in found if table.rows]


def route_name(route: str, say: Words) -> str:
    """A route of first contact in words."""
    return {
        "organic": say("organic"),
        "paid": say("paid"),
        "store": say("store"),
        "told": say("told"),
        "invited": say("invited"),
        "staff": say("staff"),
        "start": say("start"),
    }[route]


def _rows(frame: Any, by: str, counted: str, voice: Voice) -> list[tuple[str, ...]]:  # pandas has no types here
    return [
        (row["arm"], row[by], voice.short(row[counted]), _money(row, "cac", voice), _money(row, "clv", voice))
        for _, row in frame.iterrows()
        if row[counted] > 0
    ]


def _money(row: Any, name: str, voice: Voice) -> str:
    """A mean with its interval; a dash where there is none."""
    mean, low, high = (float(row[f"{name}{end}"]) for end in ("", "_low", "_high"))
    if math.isnan(mean):
        return rounding.UNDEFINED
    if math.isnan(low):
        return f"{mean:,.0f}"
    return voice.say("{mean} ({low} to {high})", mean=f"{mean:,.0f}", low=f"{low:,.0f}", high=f"{high:,.0f}")
