"""The money of two arms: which line of it makes one earn more than the other."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from trafficsim.plots.labels import Amounts, write_beside_bars
from trafficsim.plots.sheet import replaced_names, sheet, variation, wider
from trafficsim.plots.style import DARK, MINUS, PLUS, drawable_names
from trafficsim.results import Result, intervals
from trafficsim.results.intervals import Interval
from trafficsim.results.measures import own_counters, profit_lines
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

_CONFIDENCE = 0.95
_INCH_PER_LINE = 0.3
_SIZE = 9.5
"""Points of type of the numbers."""


def money_change(
    result: Result,
    pair: tuple[str, str] | None = None,
    *,
    together: int = 1,
    beside: Sequence[float] = (),
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """What each line of money adds to the contribution profit of one arm less that of another, with its interval.

    A cost that is higher counts as less profit; lines in which the arms do not differ are left out. The pair is by
    default the arm with most profit and the baseline; ValueError if there is only one arm. Intervals are as wide as
    those of `paired_difference` with as many leads `together`, and numbers have the unit of sums told `beside` them.
    """
    pair = pair or result.headline_pair()
    if pair is None:
        raise ValueError("a change needs two arms; this comparison has one")
    found = differences(result, *pair, intervals.of_each(_CONFIDENCE, together))
    with sheet(axes, language or result.language, height=1.9 + _INCH_PER_LINE * len(found)) as drawn:
        own = {c.name: c.zh if drawn.say.language == "zh" and c.zh else c.meaning for c in own_counters(result.data)}
        _bars(drawn.axes, found, line_names(drawn.say) | own, beside, drawn.say)
        a, b = (drawable_names(result.arms)[arm] for arm in pair)
        drawn.title = drawn.say("What “{a}” earns more or less than “{b}”", a=a, b=b)
        unit = rounding.unit(result.currency, drawn.language)
        drawn.axes.set_xlabel(drawn.say("{currency} over the run, as it adds to profit", currency=unit))
        drawn.note.extend([*variation(result, drawn.say, drawn.say("Whiskers")), replaced_names(result, drawn.say)])
        drawn.note.extend(wider(result, drawn.say, together))
    return drawn.axes


def differences(result: Result, a: str, b: str, confidence: float = 0.95) -> dict[str, Interval]:
    """By line of money, what it adds to the profit of `a` less that of `b`, in currency units; `profit` comes last.

    Lines in which no replicate differs are left out.
    """
    found = {}
    for name, amount in profit_lines(result.data).items():
        apart = (amount.sel(arm=a) - amount.sel(arm=b)).to_numpy() / 100.0
        if np.any(apart):
            found[name] = intervals.mean(apart, result.level(confidence))
    return found | {"profit": result.difference("profit", a, b, confidence).amount}


def line_names(say: Words) -> dict[str, str]:
    """The lines of money in words."""
    return {
        "gross_sales": say("gross sales"),
        "discounts": say("discounts"),
        "cost_of_goods": say("cost of goods"),
        "commission": say("commission"),
        "delivery": say("delivery"),
        "advertising": say("advertising"),
        "hooks": say("hooks"),
        "rewards": say("rewards"),
        "attention": say("KOC and KOL"),
        "partner_pay": say("partners"),
        "win_back": say("win-back"),
        "content": say("content"),
        "messaging": say("messages"),
        "wages": say("staff"),
        "tools": say("tools"),
        "set_up": say("set-up"),
        "perks": say("perks"),
        "fixed_costs": say("fixed costs"),
        "profit": say("contribution profit"),
    }


def _bars(axes: Axes, found: dict[str, Interval], names: dict[str, str], beside: Sequence[float], say: Words) -> None:
    rows = range(len(found))
    middles = np.array([interval.middle for interval in found.values()])
    halves = np.nan_to_num([interval.high - interval.middle for interval in found.values()])
    by = rounding.told_beside(middles, beside, say.language)
    colour = [PLUS if middle >= 0 else MINUS for middle in middles]
    colour[-1] = DARK
    axes.barh(rows, middles, height=0.62, color=colour, xerr=halves, error_kw={"ecolor": "#333333", "capsize": 2.5})
    axes.set_yticks(rows, [names[name] for name in found])
    axes.get_yticklabels()[-1].set_fontweight("bold")
    axes.invert_yaxis()
    axes.axvline(0, color=DARK, linewidth=1)
    axes.axhline(len(found) - 1.5, color="#BBBBBB", linewidth=0.8)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    texts = [rounding.on(middle, by, sign=True) for middle in middles]
    write_beside_bars(axes, texts, Amounts(say.language, by), _SIZE)
