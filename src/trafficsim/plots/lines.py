"""One series of a comparison over time: a line for each arm, its interval as a band, its name at its end."""

import math
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.text import Annotation
from matplotlib.ticker import MaxNLocator

from trafficsim import intervals, rounding
from trafficsim.crossover import Crossover
from trafficsim.measures import LABELS, MONEY_SERIES, STOCKS, SeriesName
from trafficsim.plots.labels import Amounts, LineEnd, in_two_lines, label_ends
from trafficsim.plots.style import QUIET, colours, drawable_names
from trafficsim.results import Result


@dataclass(frozen=True)
class Panel:
    """Axes that have been drawn, and the labels that still have to be moved apart."""

    axes: Axes
    labels: list[Annotation]


def draw_series(axes: Axes, result: Result, name: SeriesName) -> Panel:
    """Draw the mean over replicates of a series by arm, flows added up from the start, with bands of 95% intervals."""
    names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
    series = result.series(name, cumulative=True).transpose("arm", "replicate", "day")
    days, ends = series["day"].to_numpy(), []
    for arm in result.arms:
        middle, low, high = intervals.band(series.sel(arm=arm).to_numpy())
        axes.plot(days, middle, color=colour[arm], linewidth=2, marker="o" if len(days) == 1 else "")
        axes.fill_between(days, low, high, color=colour[arm], alpha=0.2, linewidth=0)
        last = float(middle[-1])
        ends.append(LineEnd(f"{in_two_lines(names[arm])}  {rounding.short(last)}", float(days[-1]), last, colour[arm]))
    _dress(axes, result, name)
    return Panel(axes, label_ends(axes, ends))


def _dress(axes: Axes, result: Result, name: SeriesName) -> None:
    label = LABELS[name][0].upper() + LABELS[name][1:]
    axes.set_title(label if name in STOCKS else f"{label}, added up from the start")
    axes.set_ylabel(result.currency if name in MONEY_SERIES else "customers")
    axes.set_xlabel(f"day (0 = {result.data.attrs['start']})")
    axes.set_xlim(0 if result.days > 1 else -1, result.days - 1)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10], integer=True))
    axes.yaxis.set_major_formatter(Amounts())
    if name in MONEY_SERIES:
        axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    else:
        axes.yaxis.set_major_locator(MaxNLocator(nbins=7, steps=[1, 2, 5, 10], integer=True))
        axes.set_ylim(bottom=0, top=max(1.0, axes.get_ylim()[1]))


def mark_crossover(axes: Axes, found: Crossover, names: dict[str, str]) -> None:
    """Mark the crossover day and its interval; the words stand above the axes, where no line can run under them."""
    a, b = names[found.a], names[found.b]
    axes.set_title(axes.get_title(loc="left"), pad=24)
    if math.isinf(found.day):
        _above(axes, 0.0, f"{a} ahead of {b} for good: {found.brief()}", "left")
        return
    if math.isfinite(found.low):
        axes.axvspan(found.low, min(found.high, found.days - 1), color=QUIET, alpha=0.15, linewidth=0)
    axes.axvline(found.day, color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)))
    along = found.day / (found.days - 1) if found.days > 1 else 1.0
    side = "left" if along < 0.4 else "right" if along > 0.6 else "center"
    _above(axes, found.day, f"{a} ahead of {b} for good: {found.brief()}", side)


def _above(axes: Axes, day: float, text: str, side: str) -> None:
    axes.annotate(
        text,
        (day, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(0, 5),
        textcoords="offset points",
        ha=side,
        va="bottom",
        color="#333333",
        fontsize=9.5,
        annotation_clip=False,
        in_layout=False,
    )
