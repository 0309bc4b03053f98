"""Texts measured, and broken into lines that have room."""

import re
from bisect import bisect_right
from typing import Literal

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from trafficsim.plots.style import font_families
from trafficsim.words.folding import PIECES

_WITHIN = re.compile(r"[^_\s⺀-￯]*_+\s*|“?[⺀-￯][，。；：、！？）》”…]*\s*|[^_\s⺀-￯]+\s*")
"""Of what is too long for a line: up to an underscore, a Chinese character, or a word."""

_SHORT = 0.3
"""A last line that is shorter than this share of the width looks forgotten (assumed)."""


class _Ruler(RendererAgg):
    """Measures text as wide as it gets: in a PNG letters keep to whole pixels, in a page (SVG) they don't."""

    def get_text_width_height_descent(
        self,
        s: str,
        prop: FontProperties,
        ismath: bool | Literal["TeX"],  # noqa: FBT001 - matplotlib's signature
    ) -> tuple[float, float, float]:
        width, height, descent = super().get_text_width_height_descent(s, prop, ismath)  # type: ignore[no-untyped-call]
        in_points, _, _ = text_to_path.get_text_width_height_descent(s, prop, ismath)
        return max(width, in_points * self.dpi / 72.0), height, descent


def ruler(dots_per_inch: float) -> RendererBase:
    """What measures text, whatever the figure will be drawn with."""
    return _Ruler(1, 1, dots_per_inch)  # type: ignore[no-untyped-call]


def font_of(size: float, weight: str = "normal") -> FontProperties:
    """A font of the house, to measure with."""
    return FontProperties(family=list(font_families()), size=size, weight=weight)


def fold(text: str, width: float, renderer: RendererBase, how: FontProperties) -> str:
    """A text broken into lines of at most `width` pixels, between words or between Chinese characters.

    A word that is longer is broken behind its underscores, and a short name in quotation marks as other text.
    """

    def wide(text: str) -> float:
        return renderer.get_text_width_height_descent(text.rstrip(), how, ismath=False)[0]

    pieces, lines = list[str](), list[str]()
    for piece in PIECES.findall(text):
        pieces += _WITHIN.findall(piece) if wide(piece) > width else [piece]

    def taken_by(first: int) -> float:
        return wide("".join(pieces[:first]))

    while pieces:
        fitting = 1 + bisect_right(range(2, len(pieces) + 1), width, key=taken_by)
        lines.append("".join(pieces[:fitting]).rstrip())
        pieces = pieces[fitting:]
    return "\n".join(lines)


def balanced(text: str, width: float, renderer: RendererBase, how: FontProperties) -> str:
    """The same; where the last line would be short, in as many lines of nearly the same length.

    So no word or character stands alone in the last one.
    """
    found = fold(text, width, renderer, how)
    least, last = 1 + found.count("\n"), found.rsplit("\n", 1)[-1]
    short = renderer.get_text_width_height_descent(last, how, ismath=False)[0] < _SHORT * width
    for share in np.arange(1 / least, 1.0, 0.1) if short and least > 1 else ():
        narrower = fold(text, float(share) * width, renderer, how)
        if narrower.count("\n") < least:
            return narrower
    return found


def balanced_in_points(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The same for a width and a size in points, before there is a figure."""
    return balanced(text, width, ruler(72.0), font_of(size, weight))


def fold_in_points(text: str, width: float, size: float, weight: str = "normal") -> str:
    """The same for a width and a size in points, before there is a figure."""
    return fold(text, width, ruler(72.0), font_of(size, weight))


def width_in_points(text: str, size: float, weight: str = "normal") -> float:
    """How wide a line of text of a size is, both in points."""
    return ruler(72.0).get_text_width_height_descent(text, font_of(size, weight), ismath=False)[0]
