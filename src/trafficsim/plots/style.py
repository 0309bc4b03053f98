"""The house style of all pictures: colours that colour-blind readers can tell apart, fonts, and quiet axes."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font

BASELINE_COLOUR = "#595959"
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#B0468C", "#B07800", "#2F8FC4", "#000000")
"""The palette of Okabe and Ito (2008), its light colours darkened so that they can be read as text on white."""

QUIET = "#666666"

_LATIN = "DejaVu Sans"  # comes with matplotlib, so that pictures look alike everywhere
_CJK = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
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


@cache
def font_families() -> tuple[str, ...]:
    """The fonts to draw with: matplotlib's own, then the first installed one that has Chinese characters, if any."""
    installed = set(font_manager.get_font_names())
    return (_LATIN, *[name for name in _CJK if name in installed][:1])


@cache
def _characters(family: str) -> frozenset[int]:
    return frozenset(FT2Font(font_manager.findfont(family)).get_charmap())


def can_draw(text: str) -> bool:
    """Whether the installed fonts have every character of a text."""
    return all(any(ord(letter) in _characters(family) for family in font_families()) for letter in text)


def drawable_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as it can be drawn: itself, or its number ("arm 2") where no installed font has its characters."""
    return {name: name if can_draw(name) else f"arm {number}" for number, name in enumerate(names, 1)}


def font_note(names: Iterable[str]) -> str:
    """What to tell the reader about names that could not be drawn; "" if all could."""
    replaced = [f"{shown} is {name}" for name, shown in drawable_names(names).items() if shown != name]
    if not replaced:
        return ""
    in_words = ", ".join(replaced)
    return (
        f"No installed font has the characters of some names, so in the pictures {in_words}. "
        "Install a font such as Noto Sans CJK to see them."
    )


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the house style inside this block, whatever the reader's own matplotlib settings are."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": list(font_families()),
                "font.size": 11,
                "axes.titlesize": 12,
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
            }
        )
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of a size in inches, with a renderer, so that text can be measured."""
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def colours(arms: Iterable[str], baseline: str) -> dict[str, str]:
    """A colour for each arm, grey for the baseline; they repeat after seven."""
    others = [arm for arm in arms if arm != baseline]
    return {baseline: BASELINE_COLOUR} | {arm: COLOURS[i % len(COLOURS)] for i, arm in enumerate(others)}
