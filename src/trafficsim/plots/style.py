"""The house style of all pictures: colours that colour-blind readers can tell apart, fonts, and quiet axes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font
from matplotlib.layout_engine import ConstrainedLayoutEngine

from trafficsim.words.language import Language, words

BASELINE_COLOUR = "#595959"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#B0468C", "#B07800", "#2F8FC4", "#000000")
"""The palette of Okabe and Ito (2008), its light colours darkened so that they can be read as text on white."""

PLUS, MINUS = "#4B3F8F", "#BFB0E6"
"""Of what has two sides, such as more and less: no arm has them, and dark is told from light in grey too."""
QUIET = "#666666"
DARK = "#333333"

_WIDTH, _NARROW_WIDTH = 6.8, 3.7
"""Inches of a picture of the report, and of one for phones, where a point comes to some 1.3 pixels."""
_narrow: ContextVar[bool] = ContextVar("narrow", default=False)

_MARGIN, _BESIDE = 0.08, 0.02
"""Inches left free above and below axes with what is written beside them, and at their sides: a page has margins."""
_LATIN = "DejaVu Sans"  # comes with matplotlib, so that pictures look alike everywhere
_CJK = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Noto Sans CJK JP",  # the only face of the collection that matplotlib before 3.11 finds
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Heiti SC",
    "STHeiti",
    "Microsoft YaHei",
    "SimHei",
    "Arial Unicode MS",
)


@contextmanager
def narrow() -> Iterator[None]:
    """Draw new pictures inside this block for narrow screens: on figures so narrow that letters needn't shrink."""
    before = _narrow.set(True)
    try:
        yield
    finally:
        _narrow.reset(before)


def is_narrow() -> bool:
    """Whether pictures are drawn for narrow screens here."""
    return _narrow.get()


def page_width() -> float:
    """Inches of a picture that stands in a page."""
    return _NARROW_WIDTH if is_narrow() else _WIDTH


class NoFontError(ValueError):
    """No installed font has the characters of a language."""


@cache
def font_families() -> tuple[str, ...]:
    """The fonts to draw with: matplotlib's own, then the first installed one that has Chinese characters, if any."""
    if not _chinese_fonts():
        _find_new_fonts()
    return (_LATIN, *_chinese_fonts()[:1])


def _chinese_fonts() -> list[str]:
    installed = set(font_manager.get_font_names())
    return [name for name in _CJK if name in installed]


def _find_new_fonts() -> None:
    """Show matplotlib the fonts that were installed after it made its list, which it keeps for good."""
    known = {entry.fname for entry in font_manager.fontManager.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in known and "CJK" in path:
            font_manager.fontManager.addfont(path)


def require_fonts(language: Language) -> None:
    """NoFontError, which says what to install, if pictures in a language can't be drawn here."""
    if language == "zh" and not can_draw("私域流量"):
        raise NoFontError(
            "pictures in Chinese need a font with Chinese characters, and none is installed: install one, such as "
            "Noto Sans CJK (Debian and Ubuntu: apt install fonts-noto-cjk; Fedora: google-noto-sans-cjk-fonts)"
        )


@cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


def can_draw(text: str) -> bool:
    """Whether the installed fonts have every character of a text."""
    return all(any(ord(letter) in _characters(family) for family in font_families()) for letter in text)


def drawable_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as it can be drawn: itself, or its number ("arm 2") where no installed font has its characters."""
    return {name: name if can_draw(name) else f"arm {number}" for number, name in enumerate(names, 1)}


def font_note(names: Iterable[str], language: Language = "en") -> str:
    """What to tell the reader about names that could not be drawn; "" if all could."""
    replaced = [f"{shown} = {name}" for name, shown in drawable_names(names).items() if shown != name]
    if not replaced:
        return ""
    return words(language)(
        "No installed font has the characters of some names, so in the pictures {names}. "
        "Install a font such as Noto Sans CJK to see them.",
        names=", ".join(replaced),
    )


@contextmanager
def house_style(language: Language = "en") -> Iterator[None]:
    """Draw in the house style inside this block, whatever the reader's own matplotlib settings are.

    NoFontError if no installed font has the language's characters.
    """
    require_fonts(language)
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": list(font_families()),
                "font.size": 9 if is_narrow() else 11,
                "axes.titlesize": 11 if is_narrow() else 12,
                "axes.titleweight": "bold",
                "axes.titlelocation": "left",
                "axes.spines.top": False,
                "axes.spines.right": False,
                "axes.edgecolor": QUIET,
                "axes.grid": True,
                "axes.grid.axis": "y",
                "axes.axisbelow": True,
                "grid.color": "#E3E3E3",
                "axes.unicode_minus": False,
                "svg.hashsalt": "trafficsim",
                "text.parse_math": False,  # titles and currencies may hold dollars, and are no formulas
            }
        )
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, with a renderer, so that text can be measured."""
    margins = ConstrainedLayoutEngine(w_pad=_BESIDE, h_pad=_MARGIN)
    figure = Figure(figsize=(width, height), layout=margins)
    FigureCanvasAgg(figure)
    return figure


def dress(axes: Axes) -> None:
    """Give axes that somebody else made the fonts and quiet frame of the house."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_axisbelow(True)
    axes.grid(visible=False)
    axes.grid(visible=True, axis="y", color="#E3E3E3")
    for text in (axes.title, axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()):
        text.set_fontfamily(list(font_families()))


def colours(arms: Iterable[str], baseline: str) -> dict[str, str]:
    """A colour for each arm, grey for the baseline; they repeat after seven."""
    others = [arm for arm in arms if arm != baseline]
    return {baseline: BASELINE_COLOUR} | {arm: COLOURS[i % len(COLOURS)] for i, arm in enumerate(others)}


def lay_out(figure: Figure) -> None:
    """Give axes their places, without drawing what stands in them."""
    engine = figure.get_layout_engine()
    if engine is not None:
        engine.execute(figure)
