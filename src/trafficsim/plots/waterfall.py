"""What makes the difference between two arms, part by part, from nothing to the whole."""

import math
from itertools import accumulate, pairwise

from matplotlib.axes import Axes

from trafficsim.books.metrics import metric
from trafficsim.plots.labels import Amounts, write_beside_bars
from trafficsim.plots.sheet import Sheet, sheet
from trafficsim.plots.style import DARK, MINUS, PLUS, drawable_names
from trafficsim.results.intervals import Interval
from trafficsim.study.explaining import Explanation
from trafficsim.words import rounding
from trafficsim.words.language import Language

_INCH_PER_LINE = 0.36
_SIZE = 9.5
"""Points of type of the numbers."""
_EDGE = {"ecolor": "#333333", "capsize": 2.5}


def waterfall(found: Explanation, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """What each part adds to the difference between two arms, one after another, with its interval at its end.

    Args:
        found: from `explain`.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    rows = len(found.shares)
    with sheet(axes, language or found.scenario.language, height=1.9 + _INCH_PER_LINE * (rows + 1)) as drawn:
        middles = [*(share.adds.middle for share in found.shares), found.difference.middle]
        by = rounding.common(middles, drawn.language)
        ends = list(accumulate((share.adds.middle for share in found.shares), initial=0.0))
        for row, (share, (start, _)) in enumerate(zip(found.shares, pairwise(ends), strict=True)):
            _bar(drawn, row, start, share.adds, PLUS if share.adds.middle >= 0 else MINUS)
        for row, end in enumerate(ends[1:]):
            drawn.axes.plot([end, end], [row, row + 1], color="#999999", linewidth=0.8, zorder=1)
        _bar(drawn, rows, 0.0, found.difference, DARK)
        _dress(drawn, found)
        texts = [rounding.on(middle, by, sign=True) for middle in middles]
        write_beside_bars(drawn.axes, texts, Amounts(drawn.language, by), _SIZE)
    return drawn.axes


def _bar(drawn: Sheet, row: int, start: float, adds: Interval, colour: str) -> None:
    known = math.isfinite(adds.low)  # two opposite orders are one sample, which has no interval
    whisker = [[adds.middle - adds.low], [adds.high - adds.middle]] if known else None
    drawn.axes.barh(row, adds.middle, left=start, height=0.62, color=colour, xerr=whisker, error_kw=_EDGE, zorder=2)


def _dress(drawn: Sheet, found: Explanation) -> None:
    say, axes, entry = drawn.say, drawn.axes, metric(found.metric)
    labels = found.labels
    names = [found.called(share, say) for share in found.shares]
    axes.set_yticks(range(len(names) + 1), [*names, say("together")])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.invert_yaxis()
    axes.axvline(0, color=DARK, linewidth=1)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    arms = drawable_names([labels.get(arm, arm) for arm in (found.first, found.second)])
    first, second = arms.values()
    drawn.title = say("What sets “{second}” apart from “{first}”", first=first, second=second)
    what = say(entry.label)
    unit = rounding.unit(found.scenario.currency, drawn.language) if entry.divisor != 1.0 else say(entry.unit)
    axes.set_xlabel(say("{what}: difference to “{first}”, {unit}", what=what, first=first, unit=unit))
    drawn.note.append(
        say("Whiskers: 95% intervals over random variation, and over orders of the parts where these are drawn.")
    )
