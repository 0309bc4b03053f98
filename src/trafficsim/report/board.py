"""One page for a board: what was asked, the answer, what to do, and the two pictures that say why."""

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trafficsim import plots
from trafficsim.plots.folding import fold, font_of, ruler
from trafficsim.plots.style import DARK, QUIET, house_style
from trafficsim.report.answer import answered
from trafficsim.report.standing import leads
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.labelled import labelled
from trafficsim.words.language import Language

PAPER = (11.69, 8.27)
"""Inches: A4, across; a slide of 16:11."""
MARGIN, BOTTOM, GAP = 0.045, 0.16, 0.115
"""Shares of the paper: left and right of everything, below the pictures for their notes, and above them."""
PLAIN = 11.5
"""Points of plain text."""
LOWEST = 0.34
"""A share of the paper: where texts leave less height to the pictures, the small print is left out (assumed)."""
Line = tuple[str, float, str, str]
"""A text, its size in points, its weight and its colour."""


def board(result: Result, confidence: float = 0.95, language: Language | None = None) -> Figure:
    """The page as a figure of A4, across.

    NoFontError if no font has the language's characters.
    """
    result, language = labelled(result), language or result.language
    with house_style(language):
        figure = Figure(figsize=PAPER)
        FigureCanvasAgg(figure)
        voice = Voice(language, result.currency, result.about.start)
        *lines, small = _lines(result, confidence, voice)
        top = write_lines(figure, lines, 1.0 - MARGIN)
        if top - GAP - BOTTOM > LOWEST:
            top = write_lines(figure, [small], top)
        height = top - GAP - BOTTOM
        if result.headline_pair() is None:
            plots.profit(result, axes=figure.add_axes((0.09, BOTTOM, 0.7, height)), language=language)
        else:
            left = figure.add_axes((0.085, BOTTOM, 0.33, height))
            right = figure.add_axes((0.63, BOTTOM, 0.285, height))  # numbers stand beside it
            plots.paired_difference(result, together=leads(result), axes=left, language=language)
            plots.money_change(result, axes=right, language=language)
        return figure


def pdf(figure: Figure) -> bytes:
    """A figure as PDF, the same for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return buffer.getvalue()


def _lines(result: Result, confidence: float, voice: Voice) -> list[Line]:
    """Texts from the top down, each with its size, weight and colour."""
    told = answered(result, confidence, voice.language)
    asked = [(told.question, PLAIN, "normal", QUIET)] if told.question else []
    return [
        (result.title, PLAIN, "bold", QUIET),
        *asked,
        (told.headline, 19.0, "bold", DARK),
        *((doubt, PLAIN, "bold", "#8A4B00") for doubt in told.doubts),
        *((said, PLAIN, "normal", DARK) for said in told.said),
        (voice.joined(told.small), 8.5, "normal", QUIET),
    ]


def write_lines(figure: Figure, lines: list[Line], top: float) -> float:
    """Write lines from `top` down over the width of the paper; returns where the last ends, a share of its height."""
    at, points = top, 72.0 * figure.get_size_inches()[1]
    for text, size, weight, colour in lines:
        folded = fold(text, (1.0 - 2.0 * MARGIN) * figure.bbox.width, ruler(figure.dpi), font_of(size, weight))
        figure.text(MARGIN, at, folded, size=size, weight=weight, color=colour, va="top", linespacing=1.25)
        at -= (1.3 * size * (1 + folded.count("\n")) + 0.35 * size) / points
    return at
