"""Numbers with their intervals in rows under headings: the form of all pictures that compare a few numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import blended_transform_factory

from trafficsim.plots.folding import balanced_in_points, fold_in_points, width_in_points
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import EDGE, Sheet, capital, columns_of_key
from trafficsim.plots.style import DARK, QUIET, is_narrow, page_width
from trafficsim.results.intervals import Interval
from trafficsim.words.rounding import Scale

ROW = 0.235
"""Inches that a row takes."""
LOWEST = 2.4
"""Inches of the lowest figure: title, what is written below the axes, and its note in three lines, have room."""
_HEADING, _TEXT = 10.0, 9.0
"""Points of type."""
_BESIDE_NAMES = 0.73
"""Share of a wide picture's width that headings take at most: they begin where the axes do."""
LINE = 0.75
"""Rows that a further line of text takes."""
_APART = 0.2
"""Rows by which points lie above and below their row where they would lie on each other."""
_END, _BELOW, _WHOLE = 0.33, 0.62, 0.97
"""Shares of a narrow picture's width for words at the right end of a row, below it, and for headings."""
_LEFT_BY_NAMES, _BESIDE = 0.6, 14.0
"""Share of a picture's width that names of rows leave to the axes, and points around a number (assumed)."""
_HALO = [Stroke(linewidth=3.0, foreground="white"), Normal()]
FURTHEST = 1.5
"""Intervals are cut at so many times the largest value, so that one that knows nothing leaves room for the others
(assumed)."""


@dataclass(frozen=True)
class Point:
    """A number to draw in a row: as a bar from 0, or as a marker; NaN is not drawn. `text` stands beside a marker.

    That is at its right, or at its left if the next marker leaves no room.
    """

    value: Interval
    colour: str
    marker: str = ""
    filled: bool = True
    text: str = ""


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
    """Inches of a figure in which rows stand neither crowded nor lost, and that has room for its texts without any."""
    return max(LOWEST, 1.35 + ROW * _places(groups)[1])


def _places(groups: Sequence[Group]) -> tuple[list[tuple[float, list[float]]], float]:
    """Of each group where, in rows from the top, the middle of its heading lies and each of its rows; and the end."""
    found, at = [], 0.0
    for group in groups:
        more = LINE * _heading(group).count("\n")
        heading, rows = at + more / 2, list[float]()
        at += more
        for row in group.rows:
            at += 1
            rows.append(at)
            at += LINE * len(_below(row))
        found.append((heading, rows))
        at += 1.5
    return found, at


def _heading(group: Group) -> str:
    width = (_WHOLE if is_narrow() else _BESIDE_NAMES) * 72 * page_width()
    lines = capital(group.heading).split("\n")
    return "\n".join(balanced_in_points(line, width, _HEADING, "bold") for line in lines)


def _below(row: Row) -> list[str]:
    """The words of a row in lines, if they take more room than there is at its right end in a narrow picture."""
    if not is_narrow() or "\n" not in fold_in_points(row.text, _END * 72 * page_width(), _TEXT):
        return []
    return fold_in_points(row.text, _BELOW * 72 * page_width(), _TEXT).split("\n")


def draw_groups(drawn: Sheet, groups: Sequence[Group], by: Scale | None = None) -> list[float]:
    """Draw groups from top to bottom, each point with its interval; returns at which height each row stands.

    The axis has the unit `by` in which the numbers of the rows are written. The note says if an interval goes on beyond
    the edge.
    """
    axes, names = drawn.axes, dict[float, str]()
    values = [point.value for group in groups for row in group.rows for point in row.points]
    furthest = FURTHEST * max((abs(v.middle) for v in values if math.isfinite(v.middle)), default=0.0) or math.inf
    worth = _worth(values, furthest)
    cut, (places, end) = False, _places(groups)
    for group, (heading, rows) in zip(groups, places, strict=True):
        _head(axes, heading, _heading(group))
        _axis_beside(axes, rows)
        for row, at in zip(group.rows, rows, strict=True):
            names[at] = row.name
            cut |= _draw_row(axes, at, row, furthest, worth)
    if not groups:
        axes.set_yticks([])
        axes.set_xticks([])
        return []
    axes.set_yticks(list(names), list(names.values()), fontsize=9.5)
    marked = any(point.marker for group in groups for row in group.rows for point in row.points)
    axes.tick_params(axis="y", length=0, pad=14 if marked else 8)  # a marker at 0 takes room to its left
    axes.set_ylim(end - 0.8, -0.8)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4 if is_narrow() else 6, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(Amounts(drawn.language, by))
    axes.spines["left"].set_visible(False)
    if not any(end < 0 for value in values for end in (value.middle, value.low)):
        axes.set_xlim(left=-_room_at_0(groups, worth))
    if cut:
        drawn.note.append(drawn.say("Arrows: the interval goes on."))
    return list(names)


def _worth(values: Sequence[Interval], furthest: float) -> float:
    """About how much of the axis a point takes, when intervals are cut at `furthest`."""
    ends = [min(end, furthest) for value in values for end in (value.middle, value.high) if math.isfinite(end)]
    return max([0.0, *ends]) / (_LEFT_BY_NAMES * 72 * page_width())


def _leftwards(row: Row, worth: float) -> list[Point]:
    """The points whose words stand at their left, since those at the right would reach the next point."""
    told = [point for point in row.points if point.text and math.isfinite(point.value.middle)]
    told.sort(key=lambda point: point.value.middle)
    return [
        point
        for point, following in pairwise(told)
        if _low_end(following) - max(point.value.middle, point.value.high) < _room(point, worth)
    ]


def _room(point: Point, worth: float) -> float:
    return (width_in_points(point.text, _TEXT) + _BESIDE) * worth


def _room_at_0(groups: Sequence[Group], worth: float) -> float:
    """How far left of 0 the words of points near it reach."""
    rows = [row for group in groups for row in group.rows]
    return max([0.0, *(_room(p, worth) - _low_end(p) for row in rows for p in _leftwards(row, worth))])


def _axis_beside(axes: Axes, rows: Sequence[float]) -> None:
    """The line at 0, beside rows only, so that it doesn't run through headings."""
    axes.plot([0, 0], [rows[0] - 0.5, rows[-1] + 0.5], color=QUIET, linewidth=0.8, zorder=2.5, clip_on=False)


def _head(axes: Axes, at: float, text: str) -> None:
    """A heading between rows, from the left edge of the axes; of the figure, if narrow."""
    side = axes.figure.transFigure if is_narrow() else axes.transAxes
    axes.annotate(
        text,
        (EDGE if is_narrow() else 0.0, at),
        xycoords=blended_transform_factory(side, axes.transData),
        xytext=(0 if is_narrow() else 3, 0),
        textcoords="offset points",
        va="center",
        fontweight="bold",
        fontsize=_HEADING,
        color=DARK,
        zorder=4,
        annotation_clip=False,
        bbox={"facecolor": "white", "linewidth": 0, "pad": 1.0},  # so that no line of the axes runs through it
        in_layout=not is_narrow(),
    )


def _beside(axes: Axes, end: tuple[float, float], text: str, *, away: float) -> None:
    """Words at an end of what is drawn in a row, so many points away from it: at its right, or left if negative."""
    axes.annotate(
        text,
        end,
        xytext=(away, 0),
        textcoords="offset points",
        ha="left" if away > 0 else "right",
        va="center",
        fontsize=_TEXT,
        color=DARK,
        annotation_clip=False,
        zorder=4,
        path_effects=_HALO,
    )


def _draw_row(axes: Axes, at: float, row: Row, furthest: float, worth: float) -> bool:
    """Draw a row, intervals cut at `furthest` from 0; returns whether one was."""
    left = _leftwards(row, worth)
    heights = np.linspace(at - _APART, at + _APART, len(row.points)) if left else np.full(len(row.points), at)
    cut = [_draw_point(axes, height, point, furthest) for point, height in zip(row.points, heights, strict=True)]
    ends = [
        max([0.0, *(min(end, furthest) for end in (p.value.middle, p.value.high) if math.isfinite(end))])
        for p in row.points
    ]
    for point, end, height in zip(row.points, ends, heights, strict=True):
        side, away = (_low_end(point), -8) if point in left else (end, 8)
        _beside(axes, (side, height), point.text, away=away)
    if below := _below(row):
        _beside(axes, (0.0, at + 0.5 + LINE * len(below) / 2), "\n".join(below), away=3)
    else:
        _beside(axes, (max(ends, default=0.0), at), row.text, away=8 if any(cut) else 6)
    return any(cut)


def _low_end(point: Point) -> float:
    return point.value.middle if math.isnan(point.value.low) else point.value.low


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
    texts = [words for words, _ in entries]
    columns = columns_of_key(texts, len(entries), 9.5)
    drawn.key = 18.0 * -(-len(texts) // columns)
    drawn.axes.legend(
        handles,
        texts,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        frameon=False,
        fontsize=9.5,
        borderaxespad=0.2,
        handletextpad=0.2,
        columnspacing=1.2,
    )
