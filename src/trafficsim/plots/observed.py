"""What was observed in the real case, and what comes out here, each as a share of what was observed."""

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from trafficsim.plots.folding import balanced_in_points
from trafficsim.plots.groups import Group, Point, Row, draw_groups, height_of
from trafficsim.plots.sheet import Sheet, sheet
from trafficsim.plots.style import COLOURS, DARK, QUIET, is_narrow, page_width
from trafficsim.results.intervals import Interval
from trafficsim.scenario.claims import Fact, limits
from trafficsim.study.claims import Status, Verdict
from trafficsim.words import rounding
from trafficsim.words.language import Language, words

_COLOUR: dict[Status, str] = {"holds": COLOURS[2], "contradicted": COLOURS[1]}
_LINES = 3
"""A fact's heading has so many lines at most (assumed): its whole text stands beside the picture."""
_ROOM = 1.15
"""The axis ends this far beyond the largest number, so that limits without an end are seen to go on."""


def can_show(fact: Verdict) -> bool:
    """Whether what came out can be a share of what was observed."""
    return isinstance(fact.claim, Fact) and fact.claim.observed > 0.0 and math.isfinite(fact.measured.middle)


def observed(
    facts: Sequence[Verdict],
    said: Sequence[str],
    percent: Sequence[bool],
    *,
    axes: Axes | None = None,
    language: Language = "en",
) -> Axes:
    """Each fact's simulated number with its interval, over the range that counts as met, in percent of the observed.

    Args:
        facts: verdicts that `can_show`, in their order from the top.
        said: the verdict of each in a word.
        percent: whether the numbers of each are told in percent.
        axes: to draw on, instead of a new figure.
        language: of the built-in words.
    """
    groups = [
        _group(fact, word, language, percent=shares) for fact, word, shares in zip(facts, said, percent, strict=True)
    ]
    with sheet(axes, language, height=height_of(groups)) as drawn:
        _limits(drawn, facts, draw_groups(drawn, groups))
        drawn.title = drawn.say("Facts: simulated beside observed")
        drawn.axes.set_xlabel(drawn.say("simulated, in % of what was observed"))
        drawn.axes.xaxis.set_major_formatter(PercentFormatter(xmax=1.0, decimals=0))
        drawn.note.append(
            drawn.say(
                "Dashed: what was observed, 100%. Grey: the range that counts as met, with an arrow if it has no end. "
                "Lines: 95% interval, random variation only."
            )
        )
    return drawn.axes


def _group(fact: Verdict, word: str, language: Language, *, percent: bool) -> Group:
    seen, found = _seen(fact), fact.measured
    relative = Interval(found.middle / seen, found.low / seen, found.high / seen)
    point = Point(relative, _COLOUR.get(fact.status, QUIET), "o", filled=fact.status in _COLOUR)
    came, was = (_number(number, language, percent=percent) for number in (found.middle, seen))
    text = words(language)("simulated {found}, observed {seen}", found=came, seen=was)
    return Group(f"{_heading(fact.claim.says)}\n{text}", (Row(word, (point,), ""),))


def _number(number: float, language: Language, *, percent: bool) -> str:
    return f"{rounding.short(100.0 * number)}%" if percent else rounding.short(number, language=language)


def _seen(fact: Verdict) -> float:
    return fact.claim.observed if isinstance(fact.claim, Fact) else math.nan


def _heading(says: str) -> str:
    """A fact, broken into lines."""
    share = 0.97 if is_narrow() else 0.7
    lines = balanced_in_points(says, share * 72 * page_width(), 10.0, "bold").split("\n")
    return "\n".join(lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"{lines[_LINES - 1]} …"])


def _limits(drawn: Sheet, facts: Sequence[Verdict], rows: Sequence[float]) -> None:
    """Bands of what counts as met, and a line at what was observed."""
    axes, bands = drawn.axes, [tuple(end / _seen(fact) for end in limits(fact.claim.expect)) for fact in facts]
    ends = [end for fact, band in zip(facts, bands, strict=True) for end in (*band, fact.measured.high / _seen(fact))]
    most = _ROOM * max(end for end in (1.0, *ends) if math.isfinite(end))
    for row, (low, high) in zip(rows, bands, strict=True):
        begin = max(low, 0.0)
        axes.barh(row, min(high, most) - begin, left=begin, height=1.0, color="#DDDDDD", zorder=1)
        if math.isinf(high):
            axes.plot([most], [row], ">", color=QUIET, markersize=7, zorder=2, clip_on=False)
        axes.plot([1.0, 1.0], [row - 0.5, row + 0.5], color=DARK, linewidth=0.8, linestyle="--", zorder=2)
    axes.set_xlim(0.0, most)
