"""What customers cost and earn by the route on which they came, and what attribution by contact makes of it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from trafficsim.books.metrics import label, metric
from trafficsim.plots.groups import Group, Point, Row, draw_groups, height_of, key_above
from trafficsim.plots.sheet import replaced_names, sheet, variation
from trafficsim.plots.style import DARK, MINUS, PLUS, QUIET, drawable_names
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

FEWEST = 10
"""New customers a replicate that an arm needs on a route for their cost and value to be drawn (assumed): those of fewer
are mostly luck, and their intervals would leave no room for the others."""
_COST, _CLV = (DARK, "D", False), (PLUS, "o", True)
"""Colour, marker, filled: they differ in form and filling too, for readers in grey."""


def route_words(say: Words, result: Result | None = None) -> dict[str, str]:
    """The routes of a contact in words; word of mouth with those who are paid for it, where a result pays any."""
    paid = result is not None and bool(result.data["attention"].any() or result.data["partner_pay"].any())
    return {
        "organic": say("organic reach"),
        "paid": say("paid media"),
        "store": say("store"),
        "told": say("word of mouth, paid or not") if paid else say("word of mouth"),
        "invited": say("invitations"),
        "staff": say("staff Moments"),
        "start": say("known from the start"),
        "pool": say("private pool"),
    }


def cac_and_clv(result: Result, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """Cost lines of a route and CLV to the last day, each per new customer, by route and arm (`Result.by_route`)."""
    language = language or result.language
    groups, few, by = _by_route(result, words(language))
    with sheet(axes, language, height=height_of(groups) + 0.3) as drawn:
        say = drawn.say
        draw_groups(drawn, groups, by)
        drawn.title = say("What a new customer costs and earns, by first contact")
        drawn.axes.set_xlabel(say("{currency} per customer", currency=rounding.unit(result.currency, language)))
        clv = say(label(metric("clv"), discounted=result.discounted))
        key = [(say("cost lines of the route"), _COST), (clv, _CLV)]
        key_above(drawn, [(text, Point(_NOWHERE, *look)) for text, look in key])
        left_out = say("Left out: fewer than {count} new customers in the mean run.", count=FEWEST) if few else ""
        if not groups:
            drawn.subtitle = left_out or say("No new customers.")
        else:
            drawn.note.append(left_out)
        drawn.note.append(say("A route without cost lines of its own shows its CLV alone. CAC counts all spend."))
        drawn.note.extend([*variation(result, say, say("Lines")), replaced_names(result, say)])
    return drawn.axes


def last_touch_cac(result: Result, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """CAC of the routes that cost money: by first touch, by last touch, and true (`Result.attribution`).

    The true one needs an arm that differs only by the route's being switched off; where there is none, that is said.
    """
    language = language or result.language
    table = result.attribution()
    by = rounding.common(table[["first_touch", "last_touch", "true_cac"]].to_numpy(float).ravel(), language)
    groups = [_attributed(row, result, by, words(language)) for row in table.to_dict("records")]
    with sheet(axes, language, height=height_of(groups)) as drawn:
        say = drawn.say
        draw_groups(drawn, groups, by)
        drawn.title = say("CAC by attribution, and true CAC")
        drawn.axes.set_xlabel(say("{currency} per new customer", currency=rounding.unit(result.currency, language)))
        if not groups:
            drawn.subtitle = say("No arm spent on advertising, rewards or KOC, KOL and partners.")
        else:
            drawn.note.extend(_what_is_true(table, say))
        drawn.note.extend([*variation(result, say, say("Lines")), replaced_names(result, say)])
    return drawn.axes


_NOWHERE = Interval(0.0, 0.0, 0.0)


def _by_route(result: Result, say: Words) -> tuple[list[Group], bool, rounding.Scale]:
    """A group for each route, whether any row is left out because too few came, and the unit of all numbers."""
    table, names = result.by_route(), drawable_names(result.arms)
    table = table[(table["new_customers"] > 0) & (table["clv"].notna() | table["route_cost"].notna())]
    enough = table["new_customers"] >= FEWEST
    shown = [*table["clv"][enough], *table["route_cost"][enough]]
    by, found = rounding.common(shown, say.language), []
    for route, name in route_words(say, result).items():
        rows = table[(table["route"] == route) & enough]
        if len(rows):
            found.append(Group(name, tuple(_row(row, names, by) for row in rows.to_dict("records"))))
    return found, not enough.all(), by


def _row(row: Mapping[Any, Any], names: Mapping[str, str], by: rounding.Scale) -> Row:
    """Cost and CLV, each with its number."""
    points = []
    for name, look in (("route_cost", _COST), ("clv", _CLV)):
        value = _interval(row, name)
        points.append(Point(value, *look, rounding.on(value.middle, by) if pd.notna(value.middle) else ""))
    return Row(names[row["arm"]], tuple(points), "")


def _attributed(row: Mapping[Any, Any], result: Result, by: rounding.Scale, say: Words) -> Group:
    names = drawable_names(result.arms)
    first, last, true = (_interval(row, name) for name in ("first_touch", "last_touch", "true_cac"))
    written = [rounding.on(value.middle, by) for value in (first, last, true)]
    series, a, against = route_words(say, result)[row["route"]], names[row["arm"]], row["without"]
    return Group(
        say("{series}: “{a}”, true against “{b}”", series=series, a=a, b=names[against])
        if against
        else say("{series}: “{a}”", series=series, a=a),
        (
            Row(say("first touch"), (Point(first, QUIET),), written[0]),
            Row(say("last touch"), (Point(last, MINUS),), written[1]),
            Row(say("true"), (Point(true, PLUS),), say("can't be told") if pd.isna(true.middle) else written[2]),
        ),
    )


def _what_is_true(table: pd.DataFrame, say: Words) -> list[str]:
    """What the true CAC is, and why it can't be told where it can't."""
    told = table["true_cac"].notna()
    alone, unsure = (table["without"] == "").any(), ((table["without"] != "") & ~told).any()
    return [
        say("True: extra spend per extra new customer against the arm that is alike but for this route."),
        say("It can't be told where the comparison has no such arm.") if alone else "",
        say("It can't be told where the extra customers may be none: what is divided by 0 has no value.")
        if unsure
        else "",
    ]


def _interval(row: Mapping[Any, Any], name: str) -> Interval:
    return Interval(float(row[name]), float(row[f"{name}_low"]), float(row[f"{name}_high"]))
