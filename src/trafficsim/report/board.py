"""One page for a board: what was asked, the answer, what to do, and the two pictures that say why."""

import io

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from trafficsim import plots
from trafficsim.plots.folding import fold, font_of, ruler
from trafficsim.plots.style import DARK, QUIET, house_style
from trafficsim.report.answer import answered
from trafficsim.report.drawings import lead_over_time, money_of_lead
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.labelled import labelled
from trafficsim.words.language import Language

PAPER = (11.69, 8.27)
"""Inches: A4, across; a slide of 16:11."""
MARGIN, GAP = 0.045, 0.02
"""Shares of the paper: around everything, and between texts and pictures."""
PLAIN = 11.5
"""Points of plain text."""
SMALLER = (1.0, 0.93, 0.86, 0.8, 0.74)
"""By how much all texts are made smaller, tried in turn, until the pictures have their height (assumed)."""
LEAST, ROW = 1.7, 0.165
"""Inches of height that a picture needs at least (assumed), and a row of bars with its name."""
ROW_NAME = 9.5
"""Points of the names of rows, as of their numbers."""
ALONE = 0.7
"""Share of the paper that a single picture is wide."""
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
        if result.headline_pair() is None:
            pictures = [plots.profit(result, axes=figure.add_axes((0.09, 0.1, ALONE, 0.4)), language=language)]
        else:
            left = figure.add_axes((0.085, 0.1, 0.33, 0.4))
            right = figure.add_axes((0.63, 0.1, 0.285, 0.4))  # numbers stand beside it
            lead_over_time(result, voice, axes=left)
            money_of_lead(result, voice, axes=right)
            right.tick_params(axis="y", labelsize=ROW_NAME)
            pictures = [left, right]
        _share_height(figure, _lines(result, confidence, voice), pictures)
        return figure


def pdf(figure: Figure) -> bytes:
    """A figure as PDF, the same for the same figure."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf", metadata={"CreationDate": None, "Creator": None, "Producer": None})
    return buffer.getvalue()


def _share_height(figure: Figure, lines: list[Line], pictures: list[Axes]) -> None:
    """Write the texts so large that all pictures have their height below them; the last line goes first."""
    needed = max([LEAST, *(ROW * len(each.get_yticks()) for each in pictures[1:])])
    for smaller, shown in [(1.0, lines), *((smaller, lines[:-1]) for smaller in SMALLER)]:
        for text in figure.texts[:]:
            text.remove()
        top = write_lines(figure, resized(shown, smaller), 1.0 - MARGIN)
        if place(pictures, top - GAP) >= needed:
            return
    if len(pictures) > 1:  # rows of bars would lie on each other
        pictures[1].remove()
        left, bottom, _, height = pictures[0].get_position().bounds
        pictures[0].set_position((left, bottom, ALONE, height))
        place(pictures[:1], top - GAP)


def resized(lines: list[Line], by: float) -> list[Line]:
    """The same texts, so many times as large."""
    return [(text, by * size, weight, colour) for text, size, weight, colour in lines]


def place(pictures: list[Axes], top: float) -> float:
    """Give pictures the height between the bottom margin and `top`, for their titles and notes too.

    Returns how many inches high their axes are.
    """
    figure = pictures[0].figure.figure
    drawn = [(each.get_tightbbox(), each.get_window_extent()) for each in pictures]
    above = max(box.y1 - axes.y1 for box, axes in drawn if box) / figure.bbox.height
    below = max(axes.y0 - box.y0 for box, axes in drawn if box) / figure.bbox.height
    height = float(top - above - MARGIN - below)
    for each in pictures:
        left, _, width, _ = each.get_position().bounds
        each.set_position((left, MARGIN + below, width, max(height, 0.01)))
    return height * float(figure.get_figheight())


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
