"""The report: one HTML file with everything in it, which opens offline and is the same for the same result."""

import re
from importlib.resources import files
from pathlib import Path
from typing import cast

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from matplotlib.axes import Axes

from trafficsim import plots, rounding
from trafficsim.crossover import Crossover
from trafficsim.files import write_whole
from trafficsim.intervals import Interval
from trafficsim.report.answer import LUCK_ONLY, answer, caveats
from trafficsim.report.differences import shown
from trafficsim.report.origin_tables import origins
from trafficsim.report.tables import blocks
from trafficsim.results import Result


def write(result: Result, path: str | Path, confidence: float = 0.95) -> None:
    """Write the report to `path`, whole or not at all; OSError if it can't be."""
    write_whole(Path(path), html(result, confidence))


def html(result: Result, confidence: float = 0.95) -> str:
    """The report as HTML text."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("trafficsim.report").joinpath("report.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source).render(_content(result, confidence))


def _content(result: Result, confidence: float) -> dict[str, object]:
    said = answer(result, confidence)
    return {
        "result": result,
        "attrs": result.data.attrs,
        "confidence": f"{confidence * 100:g}%",
        "answer": said,
        "caveats": caveats(result),
        "differences": differences(result),
        "blocks": blocks(result, confidence),
        "crossovers": [_crossover(found) for found in result.crossovers(confidence=confidence)],
        "uplifts": [(found, _limits(found.naive), _limits(found.causal)) for found in result.uplifts(confidence)],
        "origins": origins(result, confidence),
        "pictures": _pictures(result, said),
        "font_note": plots.font_note(result.arms),
        "luck_only": LUCK_ONLY,
        "assumed": _settings(result, "assumed"),
        "sourced": _settings(result, "sourced"),
        "versions": result.about("versions"),
    }


def _crossover(found: Crossover) -> tuple[Crossover, str]:
    return found, rounding.percent(found.never)


def _limits(interval: Interval) -> str:
    said = rounding.fixed(interval.middle, 2, sign=True)
    if rounding.fixed(interval.low, 2) == rounding.UNDEFINED:
        return said
    return f"{said} ({interval.low:+.2f} to {interval.high:+.2f})"


def _settings(result: Result, name: str) -> list[tuple[str, str, str]]:
    """Path, value and range or source of the settings listed under `assumed` or `sourced`."""
    rows = cast("list[tuple[str, object, object]]", result.about(name))
    return [(path, shown(value), _remark(remark)) for path, value, remark in rows]


def _remark(remark: object) -> str:
    if isinstance(remark, list) and len(remark) == 2:
        return f"{shown(remark[0])} to {shown(remark[1])}"
    return "" if remark is None else shown(remark)


def _pictures(result: Result, said: list[str]) -> list[tuple[str, Markup]]:
    drawn = [
        ("Contribution profit over time", plots.profit(result), said[-1]),
        ("New customers over time", plots.growth(result), "New customers, added up from the start, by arm."),
    ]
    if result.uplifts():
        drawn.append(("Members over time", plots.growth(result, "members"), "Members of pools, by arm."))
    return [(name, inline(picture, f"picture{number}", says)) for number, (name, picture, says) in enumerate(drawn, 1)]


def inline(picture: Axes, name: str, says: str) -> Markup:
    """A picture as SVG to stand in HTML: its identifiers begin with `name`, since those of a page must differ.

    `says` is what a screen reader reads out instead.
    """
    text = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", plots.svg(picture))
    label = Markup('<svg role="img" aria-label="{}" ').format(says)
    return label + Markup(text.removeprefix("<svg "))  # noqa: S704 - drawn above, and matplotlib escapes what it writes
