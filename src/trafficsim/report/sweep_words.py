"""A sweep in sentences and as a table for the terminal."""

import numpy as np
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from trafficsim.books.metrics import metric
from trafficsim.report.answer import variation_only
from trafficsim.report.tables import unit_of
from trafficsim.report.voice import Voice
from trafficsim.scenario.naming import quoted_setting
from trafficsim.study.swept import SweepResult
from trafficsim.study.varying import level_in_words
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

MOST_COLUMNS = 9
"""Levels that fit beside each other in 80 columns."""


def sweep_answer(result: SweepResult, language: Language | None = None) -> list[str]:
    """Who leads at how many points, and along one setting, where that changes; in the scenario's language if None."""
    language = language or result.language
    say, result = words(language), result.labelled()
    return [_leading(result, say), *_best(result, say), *_break_even(result, say), variation_only(language)]


def _leading(result: SweepResult, say: Words) -> str:
    (a, b), entry = result.pair, metric(result.metric)
    told = {"a": a, "b": b, "what": say(entry.label), "points": f"{result.points:,}"}
    if result.replicates == 1:
        return say(
            "One replicate decides nothing between “{a}” and “{b}” in {what}, at none of {points} points.", **told
        )
    low, high = (result.table()[f"difference_{end}"].to_numpy() for end in ("low", "high"))
    more, less = int(np.sum(low > 0)), int(np.sum(high < 0))
    ahead, behind = (more, less) if entry.sign > 0 else (less, more)
    return say(
        "In {what}, “{a}” leads “{b}” at {ahead} of {points} points, and “{b}” leads at {behind}; {open} are "
        "undecided.",
        ahead=f"{ahead:,}",
        behind=f"{behind:,}",
        open=f"{result.points - ahead - behind:,}",
        **told,
    )


def _best(result: SweepResult, say: Words) -> list[str]:
    """Of each arm of the pair the best level of the setting, and those as good as far as one can tell."""
    entry = metric(result.metric)
    if len(result.axes) != 1 or result.points < 2 or result.replicates == 1 or entry.better == "neither":
        return []
    levels, found, setting = result.settings[result.axes[0].name].tolist(), list[str](), _quoted(result, say)
    for arm in result.pair:
        try:
            best, as_good = result.best(arm)
        except ValueError:
            continue
        if len(as_good) == len(levels):
            text = "“{arm}”: no level of {setting} is told from another in {what}."
            found.append(say(text, arm=arm, setting=setting, what=say(entry.label)))
            continue
        told = {
            "arm": arm,
            "setting": setting,
            "what": say(entry.label),
            "value": level_in_words(levels[best], say),
        }
        others = [level_in_words(levels[k], say) for k in as_good if k != best]
        text = "“{arm}” does best in {what} with {setting} = {value}."
        if others:
            text = "“{arm}” does best in {what} with {setting} = {value}; {others} can't be told from it."
            told["others"] = ("、" if say.language == "zh" else ", ").join(others)
        found.append(say(text, **told))
    return found


def _break_even(result: SweepResult, say: Words) -> list[str]:
    if not (result.is_grid and len(result.axes) == 1):
        return []
    (axis,) = result.axes
    return [
        say(
            "The mean difference changes its sign near {setting} = {value}: “{arm}” leads above.",
            setting=_quoted(result, say),
            value=level_in_words(row[axis.name], say),
            arm=row["leads_above"],
        )
        for row in result.break_even().to_dict("records")
    ]


def sweep_table(result: SweepResult, language: Language | None = None) -> RenderableType | None:
    """The difference at each point, `?` where it is undecided: a map over two settings, a list over one.

    None for what does not fit a terminal: see sweep.csv.
    """
    if not result.is_grid or len(result.axes) > 2 or len(result.axes[0].levels) > MOST_COLUMNS:
        return None
    say, result = words(language or result.language), result.labelled()
    x, *y = result.axes
    table = Table(box=None, pad_edge=False)
    table.add_column(result.in_words(y[0].name, say) if y else "", overflow="fold")
    for level in x.levels:
        table.add_column(level_in_words(level, say), justify="right")
    cells = result.grid(np.array([_cell(row, say) for row in result.table().to_dict("records")], dtype=object))
    rows = cells.T[::-1] if y else cells[None, :]
    names = [level_in_words(level, say) for level in reversed(y[0].levels)] if y else [say("difference")]
    for name, row in zip(names, rows, strict=True):
        table.add_row(name, *row)
    return Group(Text(_caption(result, say), style="italic"), table)


def _caption(result: SweepResult, say: Words) -> str:
    (a, b), entry = result.pair, metric(result.metric)
    unit = unit_of(entry, Voice(say.language, result.currency)) or say(entry.unit)
    return say(
        "{a} minus {b}, {unit}; across: {setting}",
        a=a,
        b=b,
        unit=unit,
        setting=result.in_words(result.axes[0].name, say),
    )


def _quoted(result: SweepResult, say: Words) -> str:
    return quoted_setting(result.axes[0].name, say, result.labels)


def _cell(row: dict[str, float], say: Words) -> str:
    decided = row["difference_low"] > 0 or row["difference_high"] < 0
    return rounding.short(row["difference"], sign=True, language=say.language) + ("" if decided else "?")
