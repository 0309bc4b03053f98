"""Series of a comparison over time: a line for each arm, its interval as a band, its name at its end."""

import datetime as dt
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from xarray import DataArray

from trafficsim.books.metrics import counter
from trafficsim.plots.covering import dash_covering
from trafficsim.plots.dates import date_axis
from trafficsim.plots.labels import Amounts, LineEnd, end_text, label_ends
from trafficsim.plots.sheet import Sheet, capital, head, joined, note_below, replaced_names, sheet, variation, wider
from trafficsim.plots.style import DARK, QUIET, colours, drawable_names, house_style, lay_out, new_figure
from trafficsim.results import Result, intervals
from trafficsim.results.crossover import first_lasting_day
from trafficsim.results.labelled import labelled
from trafficsim.results.measures import LABELS, MONEY_SERIES, STOCKS, SeriesName
from trafficsim.words import rounding
from trafficsim.words.dates import day_of
from trafficsim.words.language import Language, Words


def growth(
    result: Result,
    name: SeriesName = "new_customers",
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """A series over time, by arm: flows (`new_customers`, `orders` ...) added up, `members` as they are.

    KeyError for an unknown series; NoFontError if no font has the language's characters (as all pictures).
    """
    with sheet(axes, language or result.language, height=3.9) as drawn:
        _series(drawn, result, name)
        _note_bands(drawn, result)
    return drawn.axes


def profit(
    result: Result,
    pair: tuple[str, str] | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """Contribution profit, added up, over time, by arm; marked where `pair[0]` overtakes `pair[1]` for good.

    The pair is by default the arm with most profit and the baseline (`Result.headline_pair`).
    """
    with sheet(axes, language or result.language, height=4.5) as drawn:
        _series(drawn, result, "profit")
        _crossover(drawn, result, pair or result.headline_pair())
        _note_bands(drawn, result)
    return drawn.axes


CountName = Literal["delivered"]
"""A count of orders that a scenario can ask for, and that is no series."""
_CONFIDENCE = 0.95
_AT_AXIS = 0.03
"""What lies within this share of the days would look like a smudge of the vertical axis (assumed)."""
TOGETHER = 0.2
"""Lines whose ends lie within this share of the highest lie on each other for the eye (assumed)."""


def lie_together(result: Result, name: SeriesName = "profit") -> bool:
    """Whether lines of a series, added up, end so near each other that their differences have to be drawn instead."""
    ends = [float(end) for end in result.series(name, cumulative=True).isel(day=-1).mean("replicate")]
    return len(ends) > 1 and max(ends) - min(ends) < TOGETHER * max(map(abs, ends))


def ahead_of_baseline(
    result: Result,
    name: SeriesName | CountName = "profit",
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """How far each arm is ahead of the baseline in a series over time, replicate by replicate, with its interval.

    Flows and counts are added up from the start. ValueError if there is only one arm.
    """
    if len(result.arms) == 1:
        raise ValueError("a difference needs two arms; this comparison has one")
    with sheet(axes, language or result.language, height=4.5) as drawn:
        _ahead_of_baseline(drawn, result, name)
        _note_bands(drawn, result)
    return drawn.axes


def _ahead_of_baseline(drawn: Sheet, result: Result, name: SeriesName | CountName) -> None:
    names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
    series, ends = _added_up(result, name).transpose("arm", "replicate", "day"), dict[str, float]()
    base = series.sel(arm=result.baseline)
    for arm in result.arms:
        if arm == result.baseline:
            continue
        *_, ends[arm] = _band(drawn.axes, (series.sel(arm=arm) - base).to_numpy(), colour[arm], result.level())
    _dress(drawn, result, name)
    drawn.axes.set_ylim(auto=True)
    drawn.axes.axhline(0, color=colour[result.baseline], linewidth=2, zorder=1)
    ends[result.baseline] = 0.0
    drawn.title = drawn.say("{series}: ahead of “{baseline}”", series=drawn.title, baseline=names[result.baseline])
    _name_ends(drawn, result, ends, sign=True)


def _added_up(result: Result, name: SeriesName | CountName) -> DataArray:
    """A series, or a count at all places, `(arm, replicate, day)`; flows added up from the start."""
    if name == "delivered":
        return result.data[name].sum("place").cumsum("day").astype(float)
    return result.series(name, cumulative=True)


def paired_difference(
    result: Result,
    name: SeriesName = "profit",
    pair: tuple[str, str] | None = None,
    *,
    together: int = 1,
    beside: Sequence[float] = (),
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """A series of one arm less that of another over time, replicate by replicate, with its interval as a band.

    Flows are added up from the start. Said above: from which day on it is sure who is ahead, since the interval stays
    on one side of 0. The pair is by default the arm with most profit and the baseline; ValueError if there is only one
    arm. `together` is how many such differences have to lie within their intervals (Bonferroni): as many as there are
    other arms, where one was picked as the best. Numbers have the unit of sums told `beside` the picture, if any.
    """
    pair = pair or result.headline_pair()
    if pair is None:
        raise ValueError("a difference needs two arms; this comparison has one")
    with sheet(axes, language or result.language, height=4.2) as drawn:
        names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
        a, b = (names[arm] for arm in pair)
        series = result.series(name, cumulative=True).transpose("arm", "replicate", "day")
        difference = (series.sel(arm=pair[0]) - series.sel(arm=pair[1])).to_numpy()
        shade = colour[pair[0] if pair[0] != result.baseline else pair[1]]
        low, high, last = _band(drawn.axes, difference, shade, result.level(intervals.of_each(_CONFIDENCE, together)))
        _dress(drawn, result, name)
        drawn.axes.axhline(0, color=DARK, linewidth=1, zorder=1)
        drawn.axes.set_ylim(auto=True)
        drawn.title = drawn.say("{series}: “{a}” minus “{b}”", series=drawn.title, a=a, b=b)
        by = _one_unit(drawn, [last], beside)
        label_ends(drawn.axes, [LineEnd(rounding.on(last, by, sign=True), result.days - 1.0, last, shade)])
        _leaving_zero(drawn, result.about.start, low, high)
        _note_bands(drawn, result)
        drawn.note.extend(wider(result, drawn.say, together))
    return drawn.axes


def overview(result: Result, *, language: Language | None = None) -> Figure:
    """Profit, new customers and members (if any arm has a pool) in one picture, with the crossover of the best arm.

    Arms stand under their labels, if they have any.
    """
    result = labelled(result)
    language = language or result.language
    with house_style(language):
        figure = new_figure(11, 8)
        has_pool = bool(result.with_pool)
        grid = figure.add_gridspec(2, 2, height_ratios=(1.2, 1))
        top = Sheet(figure.add_subplot(grid[0, :]), language)
        if lie_together(result):
            _ahead_of_baseline(top, result, "profit")
        else:
            _series(top, result, "profit")
            _crossover(top, result, result.headline_pair())
        new = Sheet(figure.add_subplot(grid[1, 0] if has_pool else grid[1, :]), language)
        _series(new, result, "new_customers")
        panels = [top, new]
        if has_pool:
            panels.append(Sheet(figure.add_subplot(grid[1, 1]), language))
            _series(panels[-1], result, "members")
        _note_bands(top, result)
        note_below(figure, joined(top.note, language))
        for panel in panels:
            head(panel, whole=False)
        lay_out(figure)
        return figure


def _series(drawn: Sheet, result: Result, name: SeriesName) -> None:
    """The mean over replicates of a series by arm, flows added up from the start, with bands of 95% intervals."""
    colour = colours(result.arms, result.baseline)
    series, ends = result.series(name, cumulative=True).transpose("arm", "replicate", "day"), dict[str, float]()
    for arm in result.arms:
        *_, ends[arm] = _band(drawn.axes, series.sel(arm=arm).to_numpy(), colour[arm], result.level())
    if dash_covering(drawn.axes.get_lines()[-len(result.arms) :]):
        drawn.note.append(drawn.say("Dashed: lines that lie on each other."))
    _dress(drawn, result, name)
    _name_ends(drawn, result, ends)


def _name_ends(drawn: Sheet, result: Result, ends: Mapping[str, float], *, sign: bool = False) -> None:
    """Write each arm's name and last number beside the end of its line."""
    names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
    by = _one_unit(drawn, ends.values())
    texts = {arm: end_text(names[arm], rounding.on(last, by, sign=sign)) for arm, last in ends.items()}
    label_ends(drawn.axes, [LineEnd(texts[arm], result.days - 1.0, ends[arm], colour[arm]) for arm in ends])


def _one_unit(drawn: Sheet, ends: Iterable[float], told: Sequence[float] = ()) -> rounding.Scale:
    """The unit of an axis and of the numbers beside it, if it can be that of sums `told`; the axis gets it."""
    by = rounding.told_beside((*ends, *drawn.axes.get_ylim()), told, drawn.language)
    drawn.axes.yaxis.set_major_formatter(Amounts(drawn.language, by))
    return by


def _band(
    axes: Axes, values: intervals.Array, colour: str, level: float
) -> tuple[intervals.Array, intervals.Array, float]:
    """Draw the mean of `(replicates, days)` values and its interval; returns the limits and the last mean."""
    middle, low, high = intervals.band(values, level)
    days = np.arange(len(middle))
    axes.plot(days, middle, color=colour, linewidth=2, marker="o" if len(days) == 1 else "")
    axes.fill_between(days, low, high, color=colour, alpha=0.2, linewidth=0)
    return low, high, float(middle[-1])


def _dress(drawn: Sheet, result: Result, name: SeriesName | CountName) -> None:
    axes, say = drawn.axes, drawn.say
    label = capital(say(counter(name).meaning if name == "delivered" else LABELS[name]))
    drawn.title = label if name in STOCKS else say("{series}, cumulative", series=label)
    axes.set_ylabel(rounding.unit(result.currency, drawn.language) if name in MONEY_SERIES else unit_of(name, say))
    axes.set_xlim((0, result.days - 1) if result.days > 1 else (-0.5, 0.5))
    date_axis(axes, result.about.start, result.days, drawn.language)
    if name in MONEY_SERIES:
        axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True))
        axes.set_ylim(bottom=0, top=max(1.0, axes.get_ylim()[1]))


def unit_of(name: str, say: Words) -> str:
    """The unit of a series that is no money."""
    return (
        say("orders") if name in ("orders", "delivered") else say("members") if name == "members" else say("customers")
    )


def _note_bands(drawn: Sheet, result: Result) -> None:
    drawn.note.extend([*variation(result, drawn.say, drawn.say("Bands")), replaced_names(result, drawn.say)])


def _crossover(drawn: Sheet, result: Result, pair: tuple[str, str] | None) -> None:
    """Mark the crossover day and its interval; the words stand above the axes, where no line can run under them."""
    if pair is None:
        return
    axes, found, names = drawn.axes, result.crossover("profit", *pair), drawable_names(result.arms)
    drawn.subtitle = capital(replace(found, a=names[found.a], b=names[found.b]).caption(drawn.language))
    if found.undecided or math.isinf(found.day):
        return
    if found.high <= _AT_AXIS * result.days:
        return
    if math.isfinite(found.low):
        axes.axvspan(found.low, min(found.high, found.days - 1), color=QUIET, alpha=0.15, linewidth=0)
    axes.axvline(found.day, color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)))


def _leaving_zero(drawn: Sheet, start: dt.date, low: intervals.Array, high: intervals.Array) -> None:
    """Say, and mark, from which day on an interval, `(days,)`, stays on one side of 0.

    That is later than the day of the median run (`Crossover`), from which on half of the replicates are ahead.
    """
    say = drawn.say
    above, below = (float(first_lasting_day(np.nan_to_num(sure, nan=-1.0)[None])[0]) for sure in (low, -high))
    if np.isnan(low[-1]):
        return
    if math.isinf(min(above, below)):
        drawn.subtitle = say("Undecided: on the last day the 95% interval still includes 0")
        return
    drawn.axes.axvline(min(above, below), color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)))
    text = "Sure from {day}: from then on the 95% interval stays above 0"
    if below < above:
        text = "Sure from {day}: from then on the 95% interval stays below 0"
    day = min(above, below)
    drawn.subtitle = say(text, day=day_of(day, start, drawn.language) if day else say("the first day"))
