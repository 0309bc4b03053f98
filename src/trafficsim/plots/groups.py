"""Numbers with their intervals in rows under headings: the form of all pictures that compare a few numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import Sheet, capital
from trafficsim.plots.style import DARK, QUIET
from trafficsim.results.intervals import Interval
from trafficsim.words.rounding import Scale

ROW = 0.235
"""Inches that a row takes."""
FURTHEST = 1.5
"""Intervals are cut at so many times the largest value, so that one that knows nothing leaves room for the others
(assumed)."""
LINE = 0.75
"""Rows that a further line of a heading takes."""


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
    return 1.35 + ROW * (
        sum(len(group.rows) + LINE * group.heading.count("\n") for group in groups) + 1.5 * len(groups)
    )


def draw_groups(drawn: Sheet, groups: Sequence[Group], by: Scale | None = None) -> list[float]:
    """Draw groups from top to bottom, each point with its interval; returns at which height each row stands.

    The axis has the unit `by` in which the numbers of the rows are written. The note says if an interval goes on beyond
    the edge.
    """
    axes, names, at = drawn.axes, dict[float, str](), 0.0
    values = [point.value for group in groups for row in group.rows for point in row.points]
    furthest = FURTHEST * max((abs(v.middle) for v in values if math.isfinite(v.middle)), default=0.0) or math.inf
    cut = False
    for group in groups:
        further = LINE * group.heading.count("\n")
        axes.annotate(
            capital(group.heading),
            (0, at + further / 2),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
            fontsize=10,
            color=DARK,
            zorder=4,
            annotation_clip=False,
            bbox={"facecolor": "white", "linewidth": 0, "pad": 1.0},  # so that no line of the axes runs through it
        )
        at += further
        for row in group.rows:
            at += 1
            names[at] = row.name
            cut |= _draw_row(axes, at, row, furthest)
        at += 1.5
    if not groups:
        axes.set_yticks([])
        axes.set_xticks([])
        return []
    axes.set_yticks(list(names), list(names.values()), fontsize=9.5)
    marked = any(point.marker for group in groups for row in group.rows for point in row.points)
    axes.tick_params(axis="y", length=0, pad=14 if marked else 8)  # a marker at 0 takes room to its left
    axes.set_ylim(at - 0.8, -0.8)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(Amounts(drawn.language, by))
    if any(end < 0 for value in values for end in (value.middle, value.low)):
        axes.axvline(0, color=QUIET, linewidth=0.8)
    else:
        axes.set_xlim(left=0)
    if cut:
        drawn.note.append(drawn.say("Arrows: the interval goes on."))
    return list(names)


def _draw_row(axes: Axes, at: float, row: Row, furthest: float) -> bool:
    """Draw a row, intervals cut at `furthest` from 0; returns whether one was."""
    cut = [_draw_point(axes, at, point, furthest) for point in row.points]
    ends = [min(end, furthest) for p in row.points for end in (p.value.middle, p.value.high) if math.isfinite(end)]
    axes.annotate(
        row.text,
        (max([0.0, *ends]), at),
        xytext=(8 if any(cut) else 6, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=DARK,
        annotation_clip=False,
        zorder=4,
    )
    return any(cut)


def _draw_point(axes: Axes, at: float, point: Point, furthest: float) -> bool:
    value, cut = point.value, False
    if not math.isfinite(value.middle):
        return False
    if not point.marker:
        axes.barh(at, value.middle, height=0.72, color=point.colour, alpha=0.55, zorder=2)
    if not math.isnan(value.low):
        colour = point.colour if point.marker else DARK
        low, high = max(value.low, -furthest), min(value.high, furthest)
        axes.plot([low, high], [at, at], color=colour, linewidth=1.6, zorder=3)
        for end, drawn, arrow in ((value.low, low, "<"), (value.high, high, ">")):
            if end != drawn:
                axes.plot([drawn], [at], arrow, color=colour, markersize=5, zorder=3, clip_on=False)
                cut = True
    if point.marker:
        (mark,) = axes.plot([value.middle], [at], point.marker, color=point.colour, markersize=6.5, zorder=4)
        mark.set(markerfacecolor=point.colour if point.filled else "white", clip_on=False)
    return cut


def key_above(drawn: Sheet, entries: Sequence[tuple[str, Point]]) -> None:
    """What the markers mean, above the axes, where no data can lie under it."""
    handles = [
        Line2D([], [], linestyle="", marker=p.marker, color=p.colour, markerfacecolor=p.colour if p.filled else "white")
        for _, p in entries
    ]
    drawn.key = 18.0
    drawn.axes.legend(
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
