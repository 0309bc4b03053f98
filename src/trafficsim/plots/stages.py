"""The funnel: how many customers got how far, by arm."""

import pandas as pd
from matplotlib.axes import Axes

from trafficsim.plots.groups import Group, Point, Row, draw_groups, height_of
from trafficsim.plots.labels import PEOPLE_IN_FULL
from trafficsim.plots.sheet import replaced_names, sheet, variation
from trafficsim.plots.style import colours, drawable_names
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

NEARLY_ALL = 0.98
"""A stage that so many reach in every arm tells nothing, and is left out (assumed)."""


def funnel(result: Result, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """Customers who know the brand, joined a pool, ordered first and ordered again, by arm (`Result.by_stage`)."""
    language = language or result.language
    groups, by = _groups(result, words(language))
    with sheet(axes, language, height=height_of(groups)) as drawn:
        draw_groups(drawn, groups, by)
        drawn.title = drawn.say("From knowing the brand to ordering again")
        drawn.axes.set_xlabel(drawn.say("customers"))
        drawn.note.append(drawn.say("Joining a pool may come before or after the first order."))
        drawn.note.extend(
            [*variation(result, drawn.say, drawn.say("Lines at the ends")), replaced_names(result, drawn.say)]
        )
    return drawn.axes


def _groups(result: Result, say: Words) -> tuple[list[Group], rounding.Scale]:
    """A group for each stage that tells something, and the unit of their numbers."""
    headings = {
        "aware": say("know the brand on the last day"),
        "joined": say("joined a pool"),
        "new": say("first order"),
        "repeat": say("ordered again"),
    }
    shares = {
        "customers": say("of all customers"),
        "aware": say("of those who know the brand"),
        "new": say("of new customers"),
    }
    table = result.by_stage()
    kept = {}
    for stage in headings:
        rows = table[(table["stage"] == stage) & ((table["customers"] > 0) | (stage != "joined"))]  # an arm has a pool
        if rows["customers"].any() and not (rows["share"] > NEARLY_ALL).all():
            kept[stage] = rows
    by = rounding.common([n for rows in kept.values() for n in rows["customers"]], say.language, PEOPLE_IN_FULL)
    named = {
        stage: say("{name} ({entry})", name=headings[stage], entry=shares[rows["of"].iloc[0]])
        for stage, rows in kept.items()
    }
    return [Group(named[stage], tuple(_rows(result, rows, by, say))) for stage, rows in kept.items()], by


def _rows(result: Result, rows: pd.DataFrame, by: rounding.Scale, say: Words) -> list[Row]:
    names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
    found = []
    for row in rows.to_dict("records"):
        value = Interval(row["customers"], row["customers_low"], row["customers_high"])
        count = rounding.on(value.middle, by)
        text = say("{name} ({entry})", name=count, entry=rounding.percent(row["share"]))
        found.append(Row(names[row["arm"]], (Point(value, colour[row["arm"]]),), text))
    return found
