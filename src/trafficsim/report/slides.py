"""A few slides as one PDF: the answer, the pictures that say why, what it rests on; a sentence heads each."""

import io
from collections.abc import Callable, Iterator

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.figure import Figure

from trafficsim import plots
from trafficsim.plots.lines import lie_together
from trafficsim.plots.style import DARK, QUIET, house_style
from trafficsim.report.answer import VARIATION_ONLY, answered, caveats
from trafficsim.report.board import GAP, MARGIN, PLAIN, SMALLER, Line, place, resized, write_lines
from trafficsim.report.drawings import lead_in_words, lead_over_time, money_of_lead
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.labelled import labelled
from trafficsim.words.language import Language

SIZE = (10.0, 5.625)
"""Inches: a slide of 16:9."""
LARGER = (1.5, 1.4, 1.3, 1.2, 1.1, *SMALLER)
"""By how much texts are enlarged on a slide of their own, tried in turn."""
LEFT, RIGHT = 0.12, 0.79
"""Shares of the slide: where a picture stands."""


def slides(result: Result, confidence: float = 0.95, language: Language | None = None) -> list[Figure]:
    """The slides: the answer; the pair's difference by line of money and over time; all arms; what the answer rests on.

    NoFontError if no font has the language's characters.
    """
    result, language = labelled(result), language or result.language
    with house_style(language):
        return [*_slides(result, confidence, Voice(language, result.currency, result.about.start))]


def pdf(figures: list[Figure]) -> bytes:
    """The slides as one PDF, the same for the same slides."""
    buffer = io.BytesIO()
    with PdfPages(buffer, metadata={"CreationDate": None, "Creator": None, "Producer": None}) as pages:
        for figure in figures:
            pages.savefig(figure)
    return buffer.getvalue()


def _slides(result: Result, confidence: float, voice: Voice) -> Iterator[Figure]:
    say, language, told = voice.say, voice.language, answered(result, confidence, voice.language)
    yield _slide(
        [
            (result.title, 12.0, "bold", QUIET),
            (told.question, 13.5, "normal", QUIET),
            (told.headline, 24.0, "bold", DARK),
            *((doubt, 12.0, "bold", "#8A4B00") for doubt in told.doubts),
            *((said, 12.0, "normal", DARK) for said in told.said),
        ]
    )
    pair = result.headline_pair()
    if pair:
        bridge = say("What each line of money adds to the lead of “{a}” over “{b}”.", a=pair[0], b=pair[1])
        yield _slide(_headed(bridge), lambda at: money_of_lead(result, voice, axes=at))
        lead = lead_in_words(result, pair, voice)
        yield _slide(
            _headed(lead),
            lambda at: lead_over_time(result, voice, axes=at),
        )
    if not pair or len(result.arms) > 2:
        draw = plots.ahead_of_baseline if lie_together(result) else plots.profit
        over_time = say("Total profit over time.")
        yield _slide(_headed(over_time), lambda at: draw(result, axes=at, language=language))
    yield _slide(
        [
            (say("What the answer rests on"), 18.0, "bold", DARK),
            *((each, PLAIN, "normal", DARK) for each in [*told.more, *told.small]),
            *((each, PLAIN, "normal", DARK) for each in caveats(result, language)),
            (say(VARIATION_ONLY), PLAIN, "normal", DARK),
        ]
    )


def _headed(heading: str) -> list[Line]:
    return [(heading, 16.0, "bold", DARK)]


def _slide(lines: list[Line], draw: Callable[..., object] | None = None) -> Figure:
    lines = [line for line in lines if line[0]]
    if draw is None:
        return _of_text(lines)
    figure, top = _written(lines)
    _draw(figure, draw, LEFT, top - GAP)
    return figure


def _of_text(lines: list[Line]) -> Figure:
    """Texts alone, as large as the slide has room for them."""
    for larger in LARGER:
        figure, end = _written(resized(lines, larger))
        if end >= 2.0 * MARGIN:
            break
    return figure


def _written(lines: list[Line]) -> tuple[Figure, float]:
    """A new slide with texts from its top down, and where the last ends."""
    figure = Figure(figsize=SIZE)
    FigureCanvasAgg(figure)
    return figure, write_lines(figure, lines, 1.0 - MARGIN)


def _draw(figure: Figure, draw: Callable[..., object], left: float, top: float) -> None:
    """A picture on the slide; drawn again further right where names beside its axes would leave the slide."""
    axes = figure.add_axes((left, 0.1, RIGHT - left, 0.5))
    draw(axes)
    place([axes], top)
    names = axes.yaxis.get_tightbbox()
    lacking = MARGIN - names.x0 / figure.bbox.width if names else 0.0
    if left == LEFT and lacking > 0.0:
        axes.remove()
        _draw(figure, draw, left + lacking, top)
