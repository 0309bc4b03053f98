"""What people bring by the region in which they live."""

from matplotlib.axes import Axes

from trafficsim.plots.groups import Group, Point, Row, draw_groups, height_of
from trafficsim.plots.sheet import replaced_names, sheet, variation
from trafficsim.plots.style import colours, drawable_names
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.words import rounding
from trafficsim.words.language import Language


def margin_by_region(result: Result, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """Order margin over the run per customer who lives in a region, by region and arm (`Result.by_region`)."""
    language = language or result.language
    by = rounding.common(result.by_region()["margin_each"], language)
    groups = _by_region(result, by)
    with sheet(axes, language, height=height_of(groups)) as drawn:
        say = drawn.say
        draw_groups(drawn, groups, by)
        drawn.title = say("Order margin by region")
        drawn.axes.set_xlabel(say("{currency} per customer", currency=rounding.unit(result.currency, language)))
        if not groups:
            drawn.subtitle = say("The scenario has no regions.")
        drawn.note.append(say("Over the run, per customer who lives there, buyer or not."))
        drawn.note.extend([*variation(result, say, say("Lines")), replaced_names(result, say)])
    return drawn.axes


def _by_region(result: Result, by: rounding.Scale) -> list[Group]:
    table, names = result.by_region(), drawable_names(result.arms)
    regions = drawable_names([str(name) for name in result.data["region"].to_numpy()])
    colour, found = colours(result.arms, result.baseline), dict[str, list[Row]]()
    for row in table.to_dict("records"):
        value = Interval(*(float(row[f"margin_each{end}"]) for end in ("", "_low", "_high")))
        text = rounding.on(value.middle, by)
        found.setdefault(row["region"], []).append(Row(names[row["arm"]], (Point(value, colour[row["arm"]]),), text))
    return [Group(regions[region], tuple(found[region])) for region in regions]
