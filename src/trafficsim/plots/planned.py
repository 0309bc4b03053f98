"""A plan in pictures: beside other ways, lever by lever, and the most growth for the money."""

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from trafficsim.books.metrics import metric
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import NOTE_SIZE, capital, joined, note_below, sheet
from trafficsim.plots.style import COLOURS, DARK, QUIET, house_style, is_narrow, lay_out, new_figure, page_width
from trafficsim.results.intervals import Interval
from trafficsim.study.planned import MONEY, Lever, Margin, Plan
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

_INCH_PER_ROW = 0.42
_EDGE: dict[str, Any] = {"ecolor": "#333333", "capsize": 2.5}
GREEN = "#009E73"
_NEAR = 0.3
"""Points of a frontier nearer than this share of its width have their words one below the other."""
_ACROSS = 3
"""Small pictures beside each other."""


def beside(found: Plan, names: dict[str, str], *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """How much better the plan does than each other way to spend, in fresh worlds, with intervals.

    Args:
        found: from `plan`.
        names: what the ways are called, by kind.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    rivals = found.rivals[1:]
    with sheet(axes, language or found.scenario.language, height=1.8 + _INCH_PER_ROW * len(rivals)) as drawn:
        say = drawn.say
        by = rounding.common([rival.behind.middle for rival in rivals], drawn.language)
        for row, rival in enumerate(rivals):
            value, sure = rival.behind, rival.behind.low > 0 or rival.behind.high < 0
            colour = COLOURS[0] if value.low > 0 else COLOURS[1] if value.high < 0 else QUIET
            drawn.axes.plot([value.low, value.high], [row, row], color=colour, linewidth=2, solid_capstyle="butt")
            drawn.axes.plot(value.middle, row, "o", color=colour, markersize=7, fillstyle="full" if sure else "none")
            drawn.axes.annotate(
                rounding.on(value.middle, by, sign=True),
                (value.middle, row),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        drawn.axes.axvline(0, color=DARK, linewidth=1)
        drawn.axes.set_yticks(range(len(rivals)), [names[rival.kind] for rival in rivals])
        drawn.axes.set_ylim(len(rivals) - 0.4, -0.7)
        drawn.axes.grid(visible=False, axis="y")
        drawn.axes.grid(visible=True, axis="x")
        drawn.axes.xaxis.set_major_formatter(Amounts(drawn.language, by))
        drawn.axes.set_xlabel(say("the plan is better by, {unit}", unit=_unit(found, say)))
        drawn.title = say("The plan beside other ways to spend, in worlds that it was not made for")
        drawn.note.append(
            say("Lines: 95% intervals over {worlds} worlds, paired; grey ones hold 0.", worlds=f"{found.judged:,}")
        )
    return drawn.axes


def levers(found: Plan, names: dict[str, str], *, language: Language | None = None) -> Figure:
    """How much worse the plan becomes if one lever alone stands elsewhere, in fresh worlds; what is as good shaded.

    Args:
        found: from `plan`.
        names: what the levers are called.
        language: of the built-in words, instead of the scenario's.
    """
    language = language or found.scenario.language
    say, count, across = words(language), len(found.levers), 1 if is_narrow() else _ACROSS
    rows = math.ceil(count / across)
    with house_style(language):
        figure = new_figure(max(3.0 * min(count, across), page_width()), 2.4 * rows + 0.9)
        panels = figure.subplots(rows, min(count, across), squeeze=False)
        for place, axes in enumerate(panels.flat):
            if place >= count:
                axes.set_axis_off()
                continue
            _lever(axes, found, found.levers[place], names[found.levers[place].name], say)
            if place % across == 0:
                axes.set_ylabel(say("less than the plan, {unit}", unit=_unit(found, say)), fontsize=NOTE_SIZE)
        sentences = [
            say("That lever alone moved, in {worlds} fresh worlds; bars: 95% intervals, paired.",
                worlds=f"{found.fresh:,}"),
            say("Green: within {sum} of the plan. Blue: the plan. Dotted: as it stands.",
                sum=rounding.short(found.tolerance, language=language)),
        ]  # fmt: skip
        note_below(figure, joined(sentences, language))
        lay_out(figure)
    return figure


def _lever(axes: Axes, found: Plan, lever: Lever, name: str, say: Words) -> None:
    at, below, low, high = lever.curve.T
    reach = np.nan_to_num(np.stack([high - below, below - low]))
    axes.set_title(name, fontsize=NOTE_SIZE, wrap=True)
    if lever.choices:
        shades = [COLOURS[0] if lever.choices[int(k)] == lever.value else QUIET for k in at]
        axes.bar(at, -below, color=shades, width=0.6, yerr=reach, error_kw=_EDGE)
        axes.set_xticks(at, [str(lever.choices[int(k)]) for k in at], fontsize=NOTE_SIZE)
    else:
        axes.errorbar(at, -below, yerr=reach, color=DARK, linewidth=1.6, **_EDGE)
        if lever.flat is not None:
            axes.axvspan(*lever.flat, color=GREEN, alpha=0.18, linewidth=0)
        axes.axvline(float(lever.value), color=COLOURS[0], linewidth=2)
        if isinstance(lever.today, int | float) and at.min() <= lever.today <= at.max():
            axes.axvline(float(lever.today), color=DARK, linewidth=1.2, linestyle=(0, (1, 2)))
        axes.xaxis.set_major_formatter(Amounts(say.language))
        if lever.unit == "money" or name == lever.name:  # a label says "a week" itself
            unit = lever.unit.replace("money", rounding.unit(found.scenario.currency, say.language))
            axes.set_xlabel(unit, fontsize=NOTE_SIZE)
    axes.axhline(0, color=QUIET, linewidth=0.8)
    axes.yaxis.set_major_formatter(Amounts(say.language))
    axes.tick_params(labelsize=NOTE_SIZE - 1)


def frontier(found: Plan, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """The most growth for some budgets, with what profit it leaves, and the plan; in fresh worlds, with intervals.

    Args:
        found: from `plan`.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    with sheet(axes, language or found.scenario.language, height=4.0) as drawn:
        say, points = drawn.say, sorted(found.frontier, key=lambda point: point.spend.middle)
        spend, grown = ([getattr(p, name).middle for p in points] for name in ("spend", "growth"))
        drawn.axes.plot(spend, grown, color=COLOURS[0], linewidth=1.6)
        near, down = _NEAR * (max(spend) - min(spend)), 0
        for point, before in zip(points, [-math.inf, *spend], strict=False):
            _cross(drawn.axes, point.spend, point.growth, COLOURS[0])
            profit = rounding.money(point.profit.middle, found.scenario.currency, drawn.language)
            down = down + 1 if point.spend.middle - before < near else 1
            _say_at(drawn.axes, point.spend.middle, point.growth.middle, say("profit {sum}", sum=profit), -12 * down)
        _cross(drawn.axes, found.best.spend, found.best.growth, COLOURS[1])
        profit = rounding.money(found.best.profit.middle, found.scenario.currency, drawn.language)
        told = say("the plan: profit {sum}", sum=profit)
        _say_at(drawn.axes, found.best.spend.middle, found.best.growth.middle, told, 8)
        drawn.axes.margins(x=0.2, y=0.2)
        for axis in (drawn.axes.xaxis, drawn.axes.yaxis):
            axis.set_major_formatter(Amounts(drawn.language))
        unit = rounding.unit(found.scenario.currency, drawn.language)
        drawn.axes.set_xlabel(say("spend, {unit}", unit=unit))
        drawn.axes.set_ylabel(say(metric(found.growth).label))
        drawn.title = say("{series}: the most for the money", series=capital(say(metric(found.growth).label)))
        drawn.note.append(say("Crosses: 95% intervals over {worlds} worlds.", worlds=f"{found.fresh:,}"))
    return drawn.axes


def _cross(axes: Axes, x: Interval, y: Interval, colour: str) -> None:
    axes.plot([x.low, x.high], [y.middle, y.middle], color=colour, linewidth=1.2)
    axes.plot([x.middle, x.middle], [y.low, y.high], color=colour, linewidth=1.2)
    axes.plot(x.middle, y.middle, "o", color=colour, markersize=6)


def _say_at(axes: Axes, x: float, y: float, text: str, above: int) -> None:
    """Write beside a point, so many points of type above it."""
    axes.annotate(text, (x, y), xytext=(6, above), textcoords="offset points", fontsize=8.5)


def told_margins(found: Plan) -> list[Margin]:
    """Those of levers whose cost can be told from nothing."""
    return [margin for margin in found.margins if not math.isnan(margin.per_thousand.low)]


def margins(found: Plan, names: dict[str, str], *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """What a further 1,000 on each lever brings, with intervals; levers whose cost can't be told are left out.

    Args:
        found: from `plan`, with a margin that can be told (`told_margins`).
        names: what the levers are called.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    known = told_margins(found)
    with sheet(axes, language or found.scenario.language, height=1.8 + _INCH_PER_ROW * len(known)) as drawn:
        say = drawn.say
        by = rounding.common([margin.per_thousand.middle for margin in known], drawn.language)
        for row, margin in enumerate(known):
            value = margin.per_thousand
            colour = COLOURS[0] if value.low > 0 else COLOURS[1] if value.high < 0 else QUIET
            drawn.axes.plot([value.low, value.high], [row, row], color=colour, linewidth=2, solid_capstyle="butt")
            drawn.axes.plot(value.middle, row, "o", color=colour, markersize=7)
            drawn.axes.annotate(
                rounding.on(value.middle, by, sign=True),
                (value.middle, row),
                xytext=(0, 7),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        drawn.axes.axvline(0, color=DARK, linewidth=1)
        drawn.axes.set_yticks(range(len(known)), [names[margin.lever] for margin in known])
        drawn.axes.set_ylim(len(known) - 0.4, -0.7)
        drawn.axes.grid(visible=False, axis="y")
        drawn.axes.grid(visible=True, axis="x")
        drawn.axes.xaxis.set_major_formatter(Amounts(drawn.language, by))
        drawn.axes.xaxis.set_major_locator(MaxNLocator(6))
        thousand = rounding.money(1000.0, found.scenario.currency, drawn.language)
        drawn.axes.set_xlabel(say("a further {sum} adds, {unit}", sum=thousand, unit=_unit(found, say)))
        drawn.title = say("What a little more of each lever brings")
        drawn.note.append(
            say("Lines: 95% intervals over {worlds} worlds, paired; grey ones hold 0.", worlds=f"{found.fresh:,}")
        )
        if len(known) < len(found.margins):
            drawn.note.append(say("Levers whose cost can't be told from nothing are left out."))
    return drawn.axes


def _unit(found: Plan, say: Words) -> str:
    if found.aim in MONEY:
        return rounding.unit(found.scenario.currency, say.language)
    return say("days") if found.aim == "payback_day" else say(metric(found.aim).unit)
