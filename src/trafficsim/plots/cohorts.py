"""Cohorts by the four weeks of the first order: what they order later, as a map of one arm and as curves by arm."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, Normalize

from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.plots.folding import width_in_points
from trafficsim.plots.labels import Amounts, LineEnd, end_text, label_ends
from trafficsim.plots.sheet import Sheet, replaced_names, sheet, variation
from trafficsim.plots.style import COLOURS, DARK, colours, drawable_names, is_narrow, page_width
from trafficsim.results import Result, origins
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import Array
from trafficsim.results.origins import CohortValue
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

DEEPER = LinearSegmentedColormap.from_list("deeper", ["#EEF5FA", "#A9CFE6", COLOURS[0], "#003A5C"])
"""Pale for the least to dark blue for the most: it gets darker throughout, in grey too."""
MOST_NUMBERS = 14
"""Cohorts whose cells can hold a number each."""
MOST_TICKS = 14
MOST_MARKERS = 12
"""Points of a curve that are marked, half as many if narrow: more would look like a rope (assumed)."""
_SHARE = 0.6
"""Share of the room between two marked periods that the arms side by side take (assumed)."""
_DOT = 4.0
"""Points across a dot, half if narrow: four arms side by side don't touch (assumed)."""
LEAST_KNOWN, WIDEST = 1 / 3, 0.5
"""A map of retention tells something where a larger share of its cells has a value, and half of these are known to
within so much of the orders in period 1 (assumed)."""
_BESIDE_CELLS = 75.0
"""Points that names of rows take beside the cells of a narrow picture."""
FEWEST = 3
"""Cohorts that must have lived through a period for curves to reach it: the last ones are noise."""


def cohort_map(
    result: Result,
    arm: str,
    value: CohortValue = "retention",
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """Cohorts (rows) over the periods of their lives (columns) in one arm, as a heat map with numbers.

    `value` is retention (orders of a period as a share of those in period 1, the first in which all were customers on
    all days), orders of the period per customer, or clv, order margin per customer up to the end of the period (see
    `Result.by_cohort`). Periods that the end of the run cuts short are left out.

    Raises:
        KeyError: if there is no such arm or value.
        ValueError: if the run is shorter than two periods.
    """
    with sheet(axes, language or result.language, height=4.9) as drawn:
        table = _whole_periods(result, arm, value)
        cells = _grid(table, value)
        shown = drawable_names(result.arms)[arm]
        _paint(drawn, result, cells, value)
        _name_rows(drawn, table)
        drawn.title = _said(value, drawn.say, discounted=result.discounted)[0] + drawn.say(", “{arm}”", arm=shown)
        drawn.note.append(_said(value, drawn.say, discounted=result.discounted)[1])
        drawn.note.extend(_note_map(result, table, value, drawn.say))
    return drawn.axes


def can_map(result: Result) -> bool:
    """Whether there are orders enough that a map of retention shows more than luck: see `LEAST_KNOWN` and `WIDEST`."""
    table = result.by_cohort()
    cells = table[(table["days"] == COHORT_DAYS) & (table["period"] > 1)]  # those of period 1 are 100% anyway
    known = cells[cells["retention"].notna()]
    half = (known["retention_high"] - known["retention_low"]) / 2
    sure = result.replicates == 1 or half.fillna(np.inf).median() <= WIDEST
    return bool(len(known) > LEAST_KNOWN * len(cells) and sure)


def cohort_curves(
    result: Result, value: CohortValue = "clv", *, axes: Axes | None = None, language: Language | None = None
) -> Axes:
    """All cohorts together, by arm, over the periods since the first order, with intervals over replicates.

    Arms stand side by side at a period, since lines would lie on each other more often than not.
    `value` as for `cohort_map`. Each period takes the cohorts that have lived through it; periods that fewer than three
    cohorts have reached are left out (but for the first two).

    Raises:
        KeyError: if there is no such value.
        ValueError: if the run is shorter than two periods.
    """
    with sheet(axes, language or result.language, height=4.2) as drawn:
        _check(result, value)
        life = origins.over_life(result.data)[value]
        reached = max(2, len(life[0]) - FEWEST + 1)
        names, colour = drawable_names(result.arms), colours(result.arms, result.baseline)
        first = 1 if value == "retention" else 0
        ages, ends = np.arange(first, min(reached, len(life[0])), dtype=float), []
        every = -(-len(ages) // (MOST_MARKERS // 2 if is_narrow() else MOST_MARKERS))
        marked = np.arange(len(ages) - 1, -1, -every)[::-1]
        for arm, of_arm, beside in zip(result.arms, life, _beside(len(life), every), strict=True):
            middle, low, high = _limits(of_arm[first:reached], result.level())
            at = ages[marked] + beside
            drawn.axes.vlines(at, low[marked], high[marked], color=colour[arm], linewidth=1.6)
            drawn.axes.plot(at, middle[marked], "o", color=colour[arm], markersize=_DOT / (2 if is_narrow() else 1))
            known = np.flatnonzero(np.isfinite(middle))
            if known.size:
                last = float(middle[known[-1]])
                text = end_text(names[arm], _amount(last, value, drawn.say))
                ends.append(LineEnd(text, float(ages[-1]) + every / 2, last, colour[arm]))
        _dress_curves(drawn, result, value, ages[marked], every)
        label_ends(drawn.axes, ends)
        drawn.note.append(_said(value, drawn.say, discounted=result.discounted)[1])
        drawn.note.append(drawn.say("Each period takes the cohorts that have lived through it, three or more."))
        if not can_map(result):
            drawn.note.append(drawn.say("With so few orders a map of single cohorts would show luck."))
        drawn.note.append(drawn.say("Arms stand side by side.") if len(life) > 1 else "")
        drawn.note += [*variation(result, drawn.say, drawn.say("Upright lines")), replaced_names(result, drawn.say)]
    return drawn.axes


def _beside(arms: int, every: int) -> Array:
    """How far from its period each arm stands, `(arms,)`, where so many periods lie between two that are marked."""
    return _SHARE * every * (np.arange(arms) - (arms - 1) / 2) / arms


def _check(result: Result, value: str) -> None:
    if value not in ("retention", "orders", "clv"):
        raise KeyError(f"no value {value!r}; there are retention, orders, clv")
    if result.days < 2 * COHORT_DAYS:
        raise ValueError(f"cohorts need a run of {2 * COHORT_DAYS} days or more; this one has {result.days}")


def _whole_periods(result: Result, arm: str, value: str) -> pd.DataFrame:
    """The rows of an arm, of whole periods; of retention from period 1 on."""
    _check(result, value)
    if arm not in result.arms:
        raise KeyError(f"no arm {arm!r}; there are {', '.join(result.arms)}")
    table = result.by_cohort()
    return table[(table["arm"] == arm) & (table["days"] == COHORT_DAYS) & (table["period"] >= _first_period(value))]


def _first_period(value: str) -> int:
    return int(value == "retention")


def _grid(table: pd.DataFrame, value: str) -> Array:
    """Means `(cohorts, periods)`, NaN where there are none."""
    rows = table["cohort"].to_numpy() // COHORT_DAYS
    columns = table["period"].to_numpy() - _first_period(value)
    cells = np.full((rows.max() + 1, columns.max() + 1), np.nan)
    cells[rows, columns] = table[value].to_numpy()
    return cells


def _paint(drawn: Sheet, result: Result, cells: Array, value: str) -> None:
    axes, first = drawn.axes, _first_period(value)
    most = float(np.nanmax(cells)) if np.isfinite(cells).any() else 1.0
    least = float(np.nanmin(cells)) if value == "retention" and np.isfinite(cells).any() else 0.0
    norm = Normalize(least, most if most > least else least + 1.0)
    image = axes.imshow(cells, cmap=DEEPER, norm=norm, aspect="auto", interpolation="nearest")
    written = [_in_cell(float(number), value, drawn.say) for number in cells[np.isfinite(cells)]]
    numbered = len(cells) <= MOST_NUMBERS and _have_room(written, cells.shape[1])
    if numbered:
        for row, column in zip(*np.nonzero(np.isfinite(cells)), strict=True):
            number = float(cells[row, column])
            style: dict[str, Any] = {"ha": "center", "va": "center", "fontsize": _size()}
            colour = "white" if norm(number) > 0.5 else DARK
            axes.text(column, row, _in_cell(number, value, drawn.say), color=colour, **style)
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.set_xticks(*_ticks(cells.shape[1], first))
    axes.set_xlabel(drawn.say("period of {days} days since the first order", days=COHORT_DAYS))
    if numbered and is_narrow():
        return
    bar = axes.figure.colorbar(image, ax=axes, pad=0.06 if is_narrow() else 0.03, aspect=30)
    bar.outline.set_visible(False)
    bar.ax.grid(visible=False)
    bar.set_label(_unit(value, result, drawn.say))
    bar.ax.yaxis.set_major_formatter(
        (lambda x, _: rounding.percent(x)) if value == "retention" else Amounts(drawn.language)
    )


def _in_cell(number: float, value: str, say: Words) -> str:
    return f"{100 * number:.0f}" if value == "retention" else _amount(number, value, say)


def _size() -> float:
    """Points of type of a number in a cell."""
    return 7.5 if is_narrow() else 9.0


def _have_room(texts: Sequence[str], columns: int) -> bool:
    """Whether such texts fit into the cells of a narrow picture; of a wide one they do."""
    widest = max((width_in_points(text, _size()) for text in texts), default=0.0)
    return not is_narrow() or columns * (widest + 1.5) < 72 * page_width() - _BESIDE_CELLS


def _ticks(count: int, first: int) -> tuple[list[int], list[str]]:
    """Positions and labels, thinned where there are many."""
    step = -(-count // (MOST_TICKS // 2 if is_narrow() else MOST_TICKS))
    return list(range(0, count, step)), [f"{first + k:,}" for k in range(0, count, step)]


def _name_rows(drawn: Sheet, table: pd.DataFrame) -> None:
    """Each cohort's first day, and how many customers it has."""
    rows = table.drop_duplicates("cohort")
    step = -(-len(rows) // MOST_TICKS)
    labels = [
        f"{day}  ({rounding.short(round(n), language=drawn.language)})"
        for day, n in zip(rows["cohort"], rows["customers"], strict=True)
    ]
    drawn.axes.set_yticks(list(range(0, len(labels), step)), labels[::step])
    drawn.axes.set_ylabel(drawn.say("cohort: first order from day ... (customers)"))
    drawn.axes.tick_params(length=0)


def _note_map(result: Result, table: pd.DataFrame, value: str, say: Words) -> list[str]:
    """Sentences about random variation; the median cell's interval stands for all, since cells can't hold theirs."""
    half = ((table[f"{value}_high"] - table[f"{value}_low"]) / 2).to_numpy(dtype=float)
    sentences = variation(result, say, say("±"))
    if result.replicates > 1 and np.isfinite(half).any():
        usual = _amount(float(np.nanmedian(half)), value, say)
        sentences.insert(1, say("In the median cell: ±{half}.", half=usual))
    return sentences


def _limits(of_ages: list[Estimate], level: float) -> tuple[Array, Array, Array]:
    """Middle and limits at each age."""
    found = [one.interval(level) for one in of_ages]
    return (
        np.array([one.middle for one in found]),
        np.array([one.low for one in found]),
        np.array([one.high for one in found]),
    )


def _dress_curves(drawn: Sheet, result: Result, value: str, ages: Array, every: int) -> None:
    axes, say = drawn.axes, drawn.say
    drawn.title = _said(value, say, discounted=result.discounted)[0]
    axes.set_ylabel(_unit(value, result, say))
    axes.set_xlabel(say("period of {days} days since the first order", days=COHORT_DAYS))
    axes.set_xticks(ages)  # where arms stand, and nowhere else
    axes.set_xlim(ages[0] - every / 2, ages[-1] + every / 2)
    axes.yaxis.set_major_formatter(
        (lambda x, _: rounding.percent(x)) if value == "retention" else Amounts(drawn.language)
    )
    low, high = axes.get_ylim()
    axes.set_ylim(min(0.0, low) if value == "clv" else 0.0, high + 0.08 * (high - low))


def _said(value: str, say: Words, *, discounted: bool) -> tuple[str, str]:
    """The value as a title, and what it means."""
    if value == "retention":
        return say("Orders of cohorts, period 1 = 100%"), say("A customer may order several times in a period.")
    if value == "orders":
        return say("Orders of cohorts"), say("Orders of a period per customer of the cohort.")
    if discounted:
        each = say("Order margin up to the end of a period, discounted to day 0, per customer of the cohort.")
        return say("CLV of cohorts, discounted to day 0"), each
    return say("CLV of cohorts"), say("Order margin up to the end of a period, per customer of the cohort.")


def _unit(value: str, result: Result, say: Words) -> str:
    if value == "retention":
        return say("share of the orders in period 1")
    if value == "orders":
        return say("orders per customer")
    return say("{currency} per customer", currency=rounding.unit(result.currency, say.language))


def _amount(number: float, value: str, say: Words) -> str:
    if value == "retention":
        return rounding.percent(number)
    return rounding.fixed(number, 2) if value == "orders" else rounding.short(number, language=say.language)
