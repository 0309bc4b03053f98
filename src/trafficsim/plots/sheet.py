"""The sheet that a picture is drawn on: its axes, the language of its words, and the note below it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.ticker import FixedLocator
from matplotlib.transforms import IdentityTransform, blended_transform_factory

from trafficsim.plots.folding import balanced, fold, font_of, ruler, width_in_points
from trafficsim.plots.labels import NAMES, EndLabel, high_of
from trafficsim.plots.style import (
    DARK,
    QUIET,
    drawable_names,
    dress,
    house_style,
    is_narrow,
    lay_out,
    new_figure,
    page_width,
)
from trafficsim.results import Result
from trafficsim.words.language import Language, Words, words

NOTE_SIZE, SUBTITLE_SIZE, TITLE_SIZE = 9.0, 9.5, 12.0
EDGE = 0.003
"""Share of a figure's width left free beside what is written over all of it: texts begin where those of a page do."""
_AS_SMALL = 0.98
"""Share of a line that may be full: letters as small as a note's are a little wider at the resolution of a page."""
_SLACK = 4.0
"""Pixels that a line of text is shorter than there is room: letters of a PNG keep to whole pixels."""
_ABOVE = 9.0
"""Points between axes and what is written above them: the label of a tick at their top reaches into it."""
_AROUND, _MORE_AROUND = 1.35, 2.5
"""Inches above and below the axes of a picture, and how many more they may be at first in a narrow one (assumed)."""
_LEAST = 0.3
"""Inches of axes on which nothing is drawn."""
_HANDLE = 28.0
"""Points that the sign of a legend's entry takes, and the gap to the next one."""


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
def sheet(axes: Axes | None, language: Language, height: float) -> Iterator[Sheet]:
    """Draw a picture in the house style inside this block: on the given axes, or on a new figure of its own.

    When the block ends the sheet's note is written below: over the width of the figure if it is the picture's own,
    else of the axes. NoFontError if no installed font has the language's characters.
    """
    with house_style(language):
        if axes is None:
            more = _MORE_AROUND if is_narrow() else 0.0
            drawn = Sheet(new_figure(page_width(), height + more).subplots(), language)
            yield drawn
            figure = cast("Figure", drawn.axes.figure)
            if is_narrow():
                _fold_names(drawn.axes)
            _write_note(figure, joined(drawn.note, language))
            head(drawn, whole=True)
            lay_out(figure)
            if is_narrow():
                _fold_axis_label(drawn.axes)
                _set_height(drawn.axes, max(height - _AROUND, _LEAST))
        else:
            dress(axes)
            drawn = Sheet(axes, language)
            yield drawn
            axes.add_artist(_NoteOfAxes(axes, joined(drawn.note, language)))
            axes.figure.figure.draw_without_rendering()
            head(drawn, whole=False)


def head(drawn: Sheet, *, whole: bool) -> None:
    """Write title and subtitle above the axes, in lines over the width of the whole figure or of the axes.

    Over that of the axes when the layout has been computed: the lines are as long as there is room.
    """
    axes, left, side = drawn.axes, 0.0, drawn.axes.transAxes
    width = axes.bbox.width - _SLACK
    if whole:
        left, side = EDGE, blended_transform_factory(axes.figure.transFigure, axes.transAxes)
        width = (1 - 2 * EDGE) * axes.figure.bbox.width - _SLACK
    renderer = ruler(axes.figure.dpi)
    lines = balanced(drawn.subtitle, width, renderer, font_of(SUBTITLE_SIZE))
    above = _ABOVE + drawn.key
    if lines:
        axes.annotate(
            lines,
            (left, 1),
            xycoords=side,
            xytext=(0, above),
            textcoords="offset points",
            va="bottom",
            color=DARK,
            fontsize=SUBTITLE_SIZE,
            annotation_clip=False,
            in_layout=False,
        )
        above += 3.0 + 1.3 * SUBTITLE_SIZE * (1 + lines.count("\n"))
    legend = axes.get_legend()
    if legend is not None and whole:
        legend.set_bbox_to_anchor((left, 1.0), transform=side)
    title = axes.set_title(balanced(drawn.title, width, renderer, font_of(TITLE_SIZE, "bold")), pad=above + 1.0, x=left)
    title.set_transform(side + cast("Any", axes).titleOffsetTrans)


def _has_named_rows(axes: Axes) -> bool:
    return isinstance(axes.yaxis.get_major_locator(), FixedLocator) and len(axes.get_yticks()) > 0


def _fold_names(axes: Axes) -> None:
    """Break the names of rows into lines of a share of the width."""
    if _has_named_rows(axes):
        labels, width = axes.get_yticklabels(), NAMES * axes.figure.bbox.width
        renderer = ruler(axes.figure.dpi)
        folded = [fold(label.get_text(), width, renderer, label.get_fontproperties()) for label in labels]
        axes.set_yticks(axes.get_yticks(), folded)


def _set_height(axes: Axes, wanted: float) -> None:
    """Make a figure so high that its axes have so many inches, or what names of rows and of the ends of lines take.

    To be called when the layout has been computed; the next one, of the drawing, is that of the new height.
    """
    figure = axes.figure.figure
    now = axes.bbox.height / figure.dpi
    if _has_named_rows(axes):
        at = np.sort([axes.transData.transform((0, y))[1] for y in axes.get_yticks()]) / figure.dpi
        highest = max((high_of(label) for label in axes.get_yticklabels()), default=0.0) / 72
        wanted = max(wanted, now * highest / min(np.diff(at), default=np.inf))
    wanted = max(wanted, sum(high_of(end) for end in axes.findobj(EndLabel)) / 72)
    figure.set_figheight(figure.get_figheight() + wanted - now)


def _fold_axis_label(axes: Axes) -> None:
    """Break the label below the axes into lines that end where the axes do, and may begin where the figure does."""
    label = axes.xaxis.label
    if label.get_text():
        width = axes.bbox.x1 - EDGE * axes.figure.bbox.width
        label.set_text(fold(label.get_text(), width, ruler(axes.figure.dpi), label.get_fontproperties()))
        label.set(ha="right", x=1.0)
        if "\n" in label.get_text():
            lay_out(axes.figure.figure)


def joined(sentences: list[str], language: Language) -> str:
    """Sentences one after another: Chinese full stops are wide enough."""
    return ("" if language == "zh" else " ").join(sentence for sentence in sentences if sentence)


def note_below(figure: Figure, text: str) -> None:
    """Write a note below all axes of a figure, broken into lines of its width, and give all their places."""
    _write_note(figure, text)
    lay_out(figure)


def _write_note(figure: Figure, text: str) -> None:
    renderer = ruler(figure.dpi)
    width = _AS_SMALL * (1 - 2 * EDGE) * figure.bbox.width - _SLACK
    lines = fold(text, width, renderer, font_of(NOTE_SIZE))
    figure.supxlabel(lines, x=EDGE, ha="left", fontsize=NOTE_SIZE, color=QUIET)


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


def columns_of_key(texts: Sequence[str], most: int, size: float) -> int:
    """How many entries of a legend stand beside each other: `most`, or, if narrow, as many as have room.

    As few as make the same number of lines, so that none stands alone in the last.
    """
    if not is_narrow():
        return most
    widest = max(width_in_points(text, size) for text in texts)
    columns = int(np.clip((1 - 2 * EDGE) * 72 * page_width() // (widest + _HANDLE), 1, most))
    return -(-len(texts) // -(-len(texts) // columns))


def by_rows(entries: Sequence[tuple[str, str]], columns: int) -> list[tuple[str, str]]:
    """Entries of a legend in the order that makes them read line by line: it is filled column by column."""
    return [entry for column in range(columns) for entry in entries[column::columns]]


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


def wider(result: Result, say: Words, together: int) -> list[str]:
    """That intervals are those of so many leads together, where they are wider for it."""
    if together == 1 or result.replicates == 1:
        return []
    return [say("Wide enough for the leads over all {count} other arms together, as in the answer.", count=together)]


def replaced_names(result: Result, say: Words) -> str:
    """Which arms could not be named for want of a font, "" if all could."""
    replaced = [shown for name, shown in drawable_names(result.arms).items() if shown != name]
    return say("No font for the name of {arms}.", arms=", ".join(replaced)) if replaced else ""


def capital(text: str) -> str:
    """A text that begins with a capital."""
    return text[:1].upper() + text[1:]
