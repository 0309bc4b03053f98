"""Rows of two bars for numbers that are moved to either end: what tornadoes are made of."""

from collections.abc import Iterable

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, Stroke

from trafficsim.plots.folding import fold_in_points
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import Sheet, columns_of_key
from trafficsim.plots.style import COLOURS, DARK, MINUS, PLUS, is_narrow, page_width
from trafficsim.words.language import Words

MOST = 10
"""Numbers that one picture shows."""
LOW, HIGH, TURNED = MINUS, PLUS, COLOURS[1]
"""Colours of the two ends, and of where an answer turns."""
_INCH_PER_ROW, _INCH_PER_ROW_IF_NARROW = 0.52, 0.78
_LINE = 0.9
"""Share of a narrow picture's width that a line of text takes at most."""
_EDGED = [Stroke(linewidth=2.5, foreground="white"), Normal()]


def height_of(rows: int) -> float:
    """Inches of a picture with so many rows."""
    return 1.9 + (_INCH_PER_ROW_IF_NARROW if is_narrow() else _INCH_PER_ROW) * rows


def name_row(axes: Axes, row: int, text: str) -> None:
    """What a row is about, above its bars; in a narrow picture there is room for two lines."""
    if is_narrow():
        text = fold_in_points(text, _LINE * 72 * page_width(), 9.0)
    axes.annotate(
        text,
        (0.0, row - (0.12 if is_narrow() else 0.3)),
        xycoords=axes.get_yaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        va="bottom" if is_narrow() else "center",
        fontsize=9,
        color=DARK,
        path_effects=_EDGED,
        zorder=5,
    )


def draw_bar(axes: Axes, row: int, ends: tuple[float, float], text: str, *, high: bool, turned: bool = False) -> None:
    """A bar from one value to another with a text at its end; that of the high end lies below that of the low one."""
    (start, reached), at = ends, row + (0.28 if high else 0.02)
    axes.barh(at, reached - start, left=start, height=0.24, color=HIGH if high else LOW, zorder=2)
    leftwards = reached < start
    axes.annotate(
        text,
        (reached, at),
        xytext=(-4 if leftwards else 4, 0),
        textcoords="offset points",
        ha="right" if leftwards else "left",
        va="center",
        fontsize=8.5,
        fontweight="bold" if turned else "normal",
        color=TURNED if turned else DARK,
        path_effects=_EDGED,
        annotation_clip=False,
        zorder=5,
    )


def dress_rows(axes: Axes, rows: int, say: Words) -> None:
    """Rows from top to bottom without an axis of their own, amounts below."""
    axes.set_ylim(rows - 0.4, -0.55)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(Amounts(say.language))
    if is_narrow():
        axes.locator_params(axis="x", nbins=4)


def explain_bars(drawn: Sheet, handles: Iterable[Artist], texts: Iterable[str]) -> None:
    """A legend above: what is given, then both ends, one above the other since it is filled column by column."""
    every = [*texts, drawn.say("number at its low end"), drawn.say("number at its high end")]
    columns = columns_of_key(every, 2, 9.0)
    if columns == 1:
        every = [fold_in_points(text, _LINE * 72 * page_width() - 28.0, 9.0) for text in every]
    lines = sum(1 + text.count("\n") for text in every)
    drawn.key = 17.0 * -(-lines // columns)
    drawn.axes.legend(
        [*handles, Patch(color=LOW), Patch(color=HIGH)],
        every,
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=columns,
        frameon=False,
        fontsize=9,
    )
