"""Numbers with their intervals in rows under headings: the form of all pictures that compare a few numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator

from trafficsim.intervals import Interval
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import capital
from trafficsim.plots.style import DARK, QUIET

ROW = 0.235
"""Inches that a row takes."""


@dataclass(frozen=True)
class Point:
    """A number to draw in a row: as a bar from 0, or as a marker; NaN is not drawn."""

    value: Interval
    colour: str
    marker: str = ""
    filled: bool = True


@dataclass(frozen=True)
class Row:
    """A name at the left, points, and words at the right end."""

    name: str
    points: tuple[Point, ...]
    text: str


@dataclass(frozen=True)
class Group:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


def height_of(groups: Sequence[Group]) -> float:
    """Inches of a figure in which rows stand neither crowded nor lost."""
    return 1.35 + ROW * (sum(len(group.rows) for group in groups) + 1.5 * len(groups))


def draw_groups(axes: Axes, groups: Sequence[Group]) -> None:
    """Draw groups from top to bottom, each point with its interval."""
    names: dict[float, str] = {}
    at = 0.0
    for group in groups:
        axes.annotate(
            capital(group.heading),
            (0, at),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            fontsize=10,
            color=DARK,
            zorder=4,
            annotation_clip=False,
            path_effects=[Stroke(linewidth=2.5, foreground="white"), Normal()],
        )
        for row in group.rows:
            at += 1
            names[at] = row.name
            _draw_row(axes, at, row)
        at += 1.5
    axes.set_yticks(list(names), list(names.values()), fontsize=9.5)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(at - 0.8, -0.8)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(Amounts())
    if _least(groups) < 0:
        axes.axvline(0, color=QUIET, linewidth=0.8)
    else:
        axes.set_xlim(left=0)


def _least(groups: Sequence[Group]) -> float:
    points = [point.value for group in groups for row in group.rows for point in row.points]
    return min((end for value in points for end in (value.middle, value.low) if math.isfinite(end)), default=0.0)


def _draw_row(axes: Axes, at: float, row: Row) -> None:
    reach = 0.0
    for point in row.points:
        value = point.value
        if not math.isfinite(value.middle):
            continue
        reach = max(reach, value.middle, *(end for end in (value.low, value.high) if math.isfinite(end)))
        face = point.colour if point.filled else "white"
        if not point.marker:
            axes.barh(at, value.middle, height=0.72, color=point.colour, alpha=0.55, zorder=2)
        if math.isfinite(value.low) and math.isfinite(value.high):
            colour = point.colour if point.marker else DARK
            axes.plot([value.low, value.high], [at, at], color=colour, linewidth=1.6, zorder=3)
        if point.marker:
            axes.plot(
                [value.middle],
                [at],
                point.marker,
                color=point.colour,
                markerfacecolor=face,
                ms=6.5,
                zorder=4,
                clip_on=False,
            )
    axes.annotate(
        row.text,
        (reach, at),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=DARK,
        annotation_clip=False,
        zorder=4,
    )


def key_above(axes: Axes, entries: Sequence[tuple[str, Point]]) -> None:
    """What the markers mean, above the axes, where no data can lie under it; the title moves up."""
    handles = [
        Line2D([], [], linestyle="", marker=p.marker, color=p.colour, markerfacecolor=p.colour if p.filled else "white")
        for _, p in entries
    ]
    axes.set_title(axes.get_title(loc="left"), pad=26)
    axes.legend(
        handles,
        [words for words, _ in entries],
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=len(entries),
        frameon=False,
        fontsize=9.5,
        borderaxespad=0.2,
        handletextpad=0.2,
        columnspacing=1.2,
    )
