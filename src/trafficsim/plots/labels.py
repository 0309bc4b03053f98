"""What is written on axes and at the ends of lines, so that no legend has to lie over the data."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Annotation, Text
from matplotlib.ticker import Formatter, MaxNLocator
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from trafficsim.plots.folding import fold_in_points, width_in_points
from trafficsim.plots.style import is_narrow
from trafficsim.words import rounding
from trafficsim.words.language import Language

PEOPLE_IN_FULL = 100_000
"""Where a picture tells of fewer people than so many, all are written in full; else all in the same unit (assumed)."""
_BESIDE = 12
"""Points between the end of a line and its name."""
_NARROW_END = 68.0
"""Points that names at the ends of lines take of a narrow picture."""


NAMES = 0.3
"""The most that names of rows take of the width of a narrow picture."""
_BESIDE_BARS = 8.0
"""Points between axes of bars and their numbers, and between labels of ticks."""
_MOST_STEPS = 5
"""An axis of bars has so many at most: they carry their numbers."""
_TICK, _NARROW_TICK = 11.0, 9.0
"""Points of type of a tick's label."""


class Amounts(Formatter):
    """Tick labels in k or M, in Chinese in 万 or 亿, all of an axis with the same unit and decimals.

    The unit is that of the numbers `beside` them in the picture, if any are given, else what the labels need.
    """

    def __init__(self, language: Language, beside: rounding.Scale | None = None) -> None:
        self._language, self._beside = language, beside

    def __call__(self, x: float, pos: int | None = None) -> str:  # noqa: ARG002 - matplotlib's signature
        """One label on its own."""
        return self.format_ticks([x])[0]

    def format_ticks(self, values: list[float]) -> list[str]:
        """All labels of an axis."""
        by = self._beside or rounding.scale(values, language=self._language)
        shown = [value / by.divisor for value in values]
        step = float(np.diff(np.sort(shown)).min()) if len(shown) > 1 else 1.0
        places = max(0, math.ceil(-math.log10(step) - 1e-9)) if step > 0 else 0
        # A step of 2.5 has a decimal that its size does not tell.
        places += any(abs(value - round(value, places)) > 1e-9 for value in shown)
        return [rounding.fixed(value, places) + by.suffix if value or not by.suffix else "0" for value in shown]


def write_beside_bars(axes: Axes, texts: Sequence[str], amounts: Amounts, size: float) -> None:
    """Write the numbers of bars, from row 0 on, in a column right of the axes, where nothing else is drawn.

    The axis below gets as many ticks as fit, with such amounts.
    """
    widest = max(width_in_points(text, size) for text in texts)
    for row, text in enumerate(texts):
        axes.annotate(
            text,
            (1.0, row),
            xycoords=axes.get_yaxis_transform(),
            xytext=(_BESIDE_BARS + widest, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontsize=size,
            annotation_clip=False,
        )
    size_of_ticks = _NARROW_TICK if is_narrow() else _TICK
    names = max(width_in_points(label.get_text(), size_of_ticks) for label in axes.get_yticklabels())
    whole = 72 * axes.figure.bbox.width / axes.figure.dpi
    names = min(names, NAMES * whole) if is_narrow() else names
    points = whole - names - widest - 4 * _BESIDE_BARS
    points, (low, high) = min(points, 72 * axes.bbox.width / axes.figure.dpi), axes.get_xlim()
    for most in range(_MOST_STEPS, 1, -1):
        locator = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10])
        ticks = [tick for tick in locator.tick_values(low, high) if low <= tick <= high]
        widths = [width_in_points(label, size_of_ticks) for label in amounts.format_ticks(ticks)]
        room = points * (ticks[1] - ticks[0]) / (high - low) if len(ticks) > 1 else math.inf
        if all((a + b) / 2 + _BESIDE_BARS <= room for a, b in pairwise(widths)):
            break
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(amounts)


@dataclass(frozen=True)
class LineEnd:
    """The last point of a line and what to write beside it."""

    text: str
    day: float
    height: float
    colour: str


def end_text(name: str, value: str) -> str:
    """What stands at the end of a line: its name, broken if long, and its last value."""
    if not is_narrow():
        return f"{in_two_lines(name)}  {value}"
    *lines, last = fold_in_points(name, _NARROW_END, 9.0, "bold").split("\n")
    fits = width_in_points(f"{last}  {value}", 9.0, "bold") <= _NARROW_END
    return "\n".join([*lines, f"{last}  {value}" if fits else f"{last}\n{value}"])


def in_two_lines(name: str, longest: int = 16) -> str:
    """A long name broken at a blank or behind an underscore, so that the axes keep their width."""
    if len(name) <= longest:
        return name
    at = max(name.rfind("_", 0, longest), name.rfind(" ", 0, longest + 1)) + 1 or longest
    return f"{name[:at].rstrip()}\n{name[at:]}"


class EndLabel(Annotation):
    """A name beside the end of a line, kept apart from its fellows however high the axes come to be."""

    def __init__(self, end: LineEnd, fellows: "list[EndLabel]") -> None:
        size = 9.0 if is_narrow() else 10.0
        pointer = {"arrowstyle": "-", "color": end.colour, "lw": 0.8, "shrinkA": 0, "shrinkB": 2, "relpos": (0, 0.5)}
        super().__init__(
            end.text,
            (end.day, end.height),
            xytext=(_BESIDE, 0),
            textcoords="offset points",
            va="center",
            color=end.colour,
            fontsize=size,
            fontweight="bold",
            annotation_clip=False,
            clip_on=False,
            arrowprops=pointer,
        )
        self.set_transform(IdentityTransform())
        self._fellows = fellows
        self.spread_for: tuple[float | str, ...] = ()
        """What the places of all depended on when they were found last; of the first of them."""

    def update_positions(self, renderer: RendererBase) -> None:
        """Take the place that leaves room for the other labels, as large as everything is drawn now."""
        _spread(self._fellows)
        super().update_positions(renderer)


def high_of(text: Text) -> float:
    """Points that a text takes from a row's to the next one's."""
    return 1.35 * (1 + text.get_text().count("\n")) * float(text.get_fontsize())


def label_ends(axes: Axes, ends: list[LineEnd]) -> list[EndLabel]:
    """Write each line's name beside its end, none over another."""
    labels: list[EndLabel] = []
    for end in sorted(ends, key=lambda end: end.height):
        labels.append(EndLabel(end, labels))
        axes.add_artist(labels[-1])
    return labels


def _spread(labels: list[EndLabel]) -> None:
    """Move labels, in the order of their heights, so that none overlaps another and all stay beside the axes."""
    axes = labels[0].axes
    if axes is None:
        return
    seen = (axes.figure.dpi, axes.get_yscale(), *axes.bbox.bounds, *axes.viewLim.bounds)
    if labels[0].spread_for == seen:  # each of many labels asks
        return
    labels[0].spread_for = seen
    points_per_pixel = 72 / axes.figure.dpi
    height = axes.bbox.height * points_per_pixel
    wanted = np.array([axes.transData.transform(label.xy)[1] - axes.bbox.y0 for label in labels]) * points_per_pixel
    high = np.array([high_of(label) for label in labels])
    low, top = high[0] / 2, high[-1] / 2
    placed = low + apart(wanted - low, (high[1:] + high[:-1]) / 2, max(0.0, height - low - top))
    for label, at, by in zip(labels, wanted, placed, strict=True):
        label.set_position((_BESIDE, float(by - at)))


def apart(wanted: NDArray[np.float64], gaps: NDArray[np.float64] | float, height: float) -> NDArray[np.float64]:
    """Positions in 0..`height` with `gaps` or more between them, at the least squared distance to the `wanted` ones.

    Less the gaps below each position this is isotonic regression (Best and Chakravarti 1990). Where the positions
    do not all fit, they share the height.
    """
    below = np.concatenate([[0.0], np.cumsum(np.broadcast_to(gaps, len(wanted) - 1))])
    below *= min(1.0, height / below[-1]) if below[-1] else 1.0
    rising = isotonic_regression(wanted - below).x
    return np.asarray(np.clip(rising, 0, height - below[-1]) + below)
