"""The sheet that a picture is drawn on: its axes, the language of its words, and the note below it."""

from bisect import bisect_right
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation
from matplotlib.transforms import IdentityTransform

from trafficsim.plots.style import DARK, QUIET, drawable_names, dress, font_families, house_style, lay_out, new_figure
from trafficsim.results import Result
from trafficsim.words.folding import PIECES
from trafficsim.words.language import Language, Words, words

WIDTH = 6.8
"""Inches: a picture of the report."""
NOTE_SIZE, SUBTITLE_SIZE, TITLE_SIZE = 9.0, 9.5, 12.0


@dataclass
class Sheet:
    """Axes to draw on and what is written around them: a title, a line below it, and the sentences of the note.

    `key` is how many points a legend takes between the axes and the line below the title.
    """

    axes: Axes
    language: Language
    title: str = ""
    subtitle: str = ""
    key: float = 0.0
    note: list[str] = field(default_factory=list)

    @property
    def say(self) -> Words:
        """Says built-in words in the language of the picture."""
        return words(self.language)


@contextmanager
def sheet(axes: Axes | None, language: Language, height: float, width: float = WIDTH) -> Iterator[Sheet]:
    """Draw a picture in the house style inside this block: on the given axes, or on a new figure of its own.

    When the block ends the sheet's note is written below: over the width of the figure if it is the picture's own,
    else of the axes. NoFontError if no installed font has the language's characters.
    """
    with house_style(language):
        if axes is None:
            drawn = Sheet(new_figure(width, height).subplots(), language)
            yield drawn
            figure = cast("Figure", drawn.axes.figure)
            note_below(figure, joined(drawn.note, language))
            head(drawn, until=figure.bbox.x1)
            lay_out(figure)
        else:
            dress(axes)
            drawn = Sheet(axes, language)
            yield drawn
            axes.add_artist(_NoteOfAxes(axes, joined(drawn.note, language)))
            axes.figure.figure.draw_without_rendering()
            head(drawn, until=axes.bbox.x1)


def head(drawn: Sheet, until: float) -> None:
    """Write title and subtitle above the axes, broken into lines that end before a pixel of the figure.

    To be called when the layout has been computed: the lines are as long as there is room.
    """
    axes, width = drawn.axes, until - drawn.axes.bbox.x0 - 4.0
    renderer = ruler(axes.figure.dpi)
    lines = fold(drawn.subtitle, width, renderer, font_of(SUBTITLE_SIZE))
    above = 5.0 + drawn.key
    if lines:
        axes.annotate(
            lines,
            (0, 1),
            xycoords="axes fraction",
            xytext=(0, above),
            textcoords="offset points",
            va="bottom",
            color=DARK,
            fontsize=SUBTITLE_SIZE,
            annotation_clip=False,
            in_layout=False,
        )
        above += 3.0 + 1.3 * SUBTITLE_SIZE * (1 + lines.count("\n"))
    axes.set_title(fold(drawn.title, width, renderer, font_of(TITLE_SIZE, "bold")), pad=above + 1.0)


def joined(sentences: list[str], language: Language) -> str:
    """Sentences one after another: Chinese full stops are wide enough."""
    return ("" if language == "zh" else " ").join(sentence for sentence in sentences if sentence)


def note_below(figure: Figure, text: str) -> None:
    """Write a note below all axes of a figure, broken into lines of its width."""
    renderer = ruler(figure.dpi)
    lines = fold(text, 0.975 * figure.bbox.width, renderer, font_of(NOTE_SIZE))
    figure.supxlabel(lines, x=0.0125, ha="left", fontsize=NOTE_SIZE, color=QUIET)
    lay_out(figure)


class _NoteOfAxes(Annotation):
    """A note below axes in a figure of somebody else's, broken into lines of whatever width the axes have now."""

    def __init__(self, axes: Axes, text: str) -> None:
        below: Any = ("axes fraction", axes.xaxis.label)
        super().__init__(
            text,
            (0, 0),
            (0, -6),
            xycoords=below,
            textcoords="offset points",
            va="top",
            color=QUIET,
            fontsize=NOTE_SIZE,
            annotation_clip=False,
            clip_on=False,
        )
        self.set_transform(IdentityTransform())
        self._within, self._whole = axes, text

    def update_positions(self, renderer: RendererBase) -> None:
        """Break the lines anew, then take the place."""
        self.set_text(fold(self._whole, self._within.bbox.width, renderer, font_of(NOTE_SIZE)))
        super().update_positions(renderer)


def ruler(dots_per_inch: float) -> RendererBase:
    """What measures text, whatever the figure will be drawn with."""
    return RendererAgg(1, 1, dots_per_inch)  # type: ignore[no-untyped-call]


def font_of(size: float, weight: str = "normal") -> FontProperties:
    """A font of the house, to measure with."""
    return FontProperties(family=list(font_families()), size=size, weight=weight)


def fold(text: str, width: float, renderer: RendererBase, how: FontProperties) -> str:
    """A text broken into lines of at most `width` pixels, between words or between Chinese characters."""
    pieces, lines = PIECES.findall(text), []

    def taken_by(first: int) -> float:
        return renderer.get_text_width_height_descent("".join(pieces[:first]).rstrip(), how, ismath=False)[0]

    while pieces:
        fitting = 1 + bisect_right(range(2, len(pieces) + 1), width, key=taken_by)
        lines.append("".join(pieces[:fitting]).rstrip())
        pieces = pieces[fitting:]
    return "\n".join(lines)


def variation(result: Result, say: Words, what: str) -> list[str]:
    """The sentences that every picture of a comparison ends with: `what` is drawn, of how many replicates, how sure.

    `what` has been said already: "Bands" or "Bars".
    """
    if result.replicates == 1:
        return [say("One replicate: its random variation is unknown.")]
    return [
        say("Mean of {count} replicates.", count=f"{result.replicates:,}"),
        say("{what}: 95% interval of that mean, random variation only; wrong assumptions can move it more.", what=what),
    ]


def replaced_names(result: Result, say: Words) -> str:
    """Which arms could not be named for want of a font, "" if all could."""
    replaced = [shown for name, shown in drawable_names(result.arms).items() if shown != name]
    return say("No font for the name of {arms}.", arms=", ".join(replaced)) if replaced else ""


def capital(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]
