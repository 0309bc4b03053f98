"""Pictures in a page, each drawn twice: wide, and for narrow screens; the page shows one of both."""

import re
from collections.abc import Callable, Iterable
from functools import cache

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trafficsim import plots
from trafficsim.plots.style import narrow as narrow_style

Draw = Callable[[], Axes | Figure]
ONE_OF_BOTH = """figure .on-phones { display: none; }
@media screen and (max-width: 40rem) {
  figure .on-pages { display: none; }
  figure .on-phones { display: block; width: 100%; height: auto; }
}"""
"""Style of a page with such pictures: paper shows the wide ones, unless `page.css` sets many in columns."""


def drawn(pictures: Iterable[Draw], *, narrow: bool) -> list[str]:
    """Pictures as SVG, wide or narrow."""
    if not narrow:
        return [plots.svg(draw()) for draw in pictures]
    with narrow_style():
        return drawn(pictures, narrow=False)


def figure(draw: Draw, name: str, says: str) -> Markup:
    """A picture and its narrow form, drawn now, each with letters of its own, to be put into any page.

    Their identifiers begin with `name`, since those of a page must differ; `says` is what a screen reader reads out.
    """
    wide, narrow = (drawn([draw], narrow=narrow)[0] for narrow in (False, True))
    return Markup("<figure>{}{}</figure>").format(
        _one(wide, name, says, None, "on-pages"), _one(narrow, f"{name}n", says, None, "on-phones")
    )


def inline(wide: str, narrow: str, name: str, says: str, letters: set[str]) -> Markup:
    """A picture and its narrow form, as `plots.svg` gave them, to stand in HTML.

    Their identifiers begin with `name`, since those of a page must differ.
    Letters are drawn once in a page: those in `letters` stand in an earlier picture, and the new ones are added to it.
    `says` is what a screen reader reads out instead.
    """
    return _one(wide, name, says, letters, "on-pages") + _one(narrow, f"{name}n", says, letters, "on-phones")


def _one(svg: str, name: str, says: str, letters: set[str] | None, shown: str) -> Markup:
    """`letters` are those of the page; None for a picture that brings its own."""
    known = set() if letters is None else letters
    text = _light(svg) if letters is None else _LETTER.sub(lambda found: _once(found, known), _light(svg))
    text = _IDENTIFIER.sub(lambda found: found.group() if found[2] in known else f"{found[1]}{name}-{found[2]}", text)
    label = Markup('<svg class="{}" role="img" aria-label="{}" ').format(shown, says)
    return label + Markup(text.removeprefix("<svg "))  # noqa: S704 - drawn above, and matplotlib escapes what it writes


_LETTER = re.compile(r'<path id="([^"]+)" d="[^"]*" transform="scale\(0\.015625\)"/>')
_IDENTIFIER = re.compile(r'(\bid="|href="#|url\(#)([^")]+)')


def _once(letter: re.Match[str], letters: set[str]) -> str:
    if letter[1] in letters:
        return ""
    letters.add(letter[1])
    return letter.group()


def _light(svg: str) -> str:
    """The same picture in a third of the bytes: paths in steps of a tenth of a point, no comments, no line ends.

    Letters, of which most of it consists, are moved by `x`.
    """
    svg = re.sub(r"<!--.*?-->\s*|<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = _PATH.sub(lambda found: f' d="{_in_steps(found[1])}"', svg)
    svg = _COORDINATES.sub(lambda found: _DECIMALS.sub(_rounded, found.group()), svg)
    svg = _MOVED.sub(r'href="\1" x="\2"/>', svg).replace("xlink:href", "href")
    return re.sub(r">\s+<", "><", svg)


_PATH = re.compile(r'\sd="([^"]*)"')
_STEP = re.compile(r"([MLQCz])([^MLQCz]*)")
_COORDINATES = re.compile(r'\b(?:x|y|x1|y1|x2|y2|cx|cy)="[^"]*"|translate\([^)]*\)')
_DECIMALS = re.compile(r"-?\d+\.\d{3,}")
_MOVED = re.compile(r'href="(#[^"]+)" transform="translate\((-?[\d.]+) 0\)"/>')
_TENTHS = 10


def _in_steps(path: str) -> str:
    """A path of absolute points as steps from each point to the next; rounding does not add up along it."""
    said, at, start = [], (0, 0), (0, 0)
    for command, text in _STEP.findall(path):
        numbers = [round(_TENTHS * float(number)) for number in text.split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        steps = " ".join(_short(to - since) for point in points for to, since in zip(point, at, strict=True))
        said.append(f"{command.lower()}{steps}")
        at = points[-1] if points else start
        start = at if command == "M" else start
    return "".join(said)


@cache
def _short(tenths: int) -> str:
    """Tenths as a decimal number without what can be left out: 0.5 is .5, 3.0 is 3."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{tenths / _TENTHS:g}")


def _rounded(number: re.Match[str]) -> str:
    return f"{float(number.group()):.2f}"
