"""A calibration in sentences and as a table for the terminal."""

import datetime as dt

from rich.table import Table
from rich.text import Text

from trafficsim.report.quantity_words import named
from trafficsim.scenario.naming import quoted_setting, setting_in_words
from trafficsim.study.calibrated import WITHIN, Calibration, Verdict
from trafficsim.words.called import called
from trafficsim.words.language import Language, Words, words

MOST_WEEKS = 6
"""Weeks of a series that are named; of more, how many there are."""


def calibration_answer(found: Calibration, language: Language) -> list[str]:
    """What the counts tell, what they don't, how well the model fits them and foretells what was held out."""
    say = words(language)
    return [
        *_run(found, say),
        *_began(found, say),
        *_told(found, say),
        *_together(found, say),
        *_misfit(found, say),
        *_foretold(found, say),
    ]


def calibration_table(found: Calibration, language: Language) -> Table:
    """Each number before and after."""
    heads, rows = number_rows(found, language)
    table = Table(box=None, pad_edge=False)
    for head, justify in zip(heads, ("left", "right", "right", "left"), strict=True):
        table.add_column(head, justify="right" if justify == "right" else "left", overflow="fold")
    for path, *cells in rows:
        table.add_row(Text(path), *cells)
    return table


def number_rows(found: Calibration, language: Language) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table of numbers."""
    say = words(language)
    heads = [say("number"), say("before (90 %)"), say("after (90 %)"), say("by the counts")]
    rows = []
    for each in found.told:
        before, after = (" – ".join(map(_number, (low, high))) for low, _, high in (each.before, each.after))
        rows.append(
            [
                setting_in_words(each.path, say, found.labels),
                before,
                f"{_number(each.after[1])} ({after})",
                verdict(each.verdict, say),
            ]
        )
    return heads, rows


def verdict(of: Verdict, say: Words) -> str:
    """Whether the counts tell a number, in a word or two."""
    return {"told": say("told"), "partly": say("told in part"), "not told": say("not told")}[of]


def series_in_words(name: str, found: Calibration, say: Words) -> str:
    """What a series is called, its entry under its label: “members (the group)”."""
    metric, dot, entry = name.partition(".")
    return named(f"{metric}{dot}{called(entry, found.labels)}", say)


def _run(found: Calibration, say: Words) -> list[str]:
    last = found.fit.waves[-1]
    return [
        say(
            "Fitted to {file}, {first} to {until}: {worlds} worlds in {waves} waves; {share} % of what was plausible "
            "before is left. The {draws} plausible worlds count as {effective} equally weighted ones.",
            file=found.observed.file,
            first=found.observed.first,
            until=found.observed.until - dt.timedelta(days=1),
            worlds=f"{found.fit.worlds:,}",
            waves=len(found.fit.waves),
            share=f"{100.0 * last.left:.3g}",
            draws=len(found.weights),
            effective=f"{found.fit.effective:.0f}",
        )
    ]


def _began(found: Calibration, say: Words) -> list[str]:
    return [
        say(
            "By column “{column}”, pool {pool} had {people} members on day 0.",
            column=each.head,
            pool=called(each.pool, found.labels),
            people=f"{each.people:,.0f}",
        )
        for each in found.began
    ]


def _told(found: Calibration, say: Words) -> list[str]:
    by: dict[Verdict, list[str]] = {"told": [], "partly": [], "not told": []}
    for each in found.told:
        by[each.verdict].append(quoted_setting(each.path, say, found.labels))
    told, partly, others = (say(", ").join(names) for names in by.values())
    said = []
    if told:
        said.append(say("The counts tell: {numbers}.", numbers=told))
    if partly:
        said.append(say("They tell in part: {numbers}.", numbers=partly))
    if others:
        said.append(say("They don't tell, so that what was plausible before still is: {numbers}.", numbers=others))
    return said


def _together(found: Calibration, say: Words) -> list[str]:
    pairs = [
        say(
            "Only together are told: {a} and {b} (correlation {r}); one higher and the other {way} leave the counts "
            "alike.",
            a=quoted_setting(a, say, found.labels),
            b=quoted_setting(b, say, found.labels),
            r=f"{r:.2f}",
            way=say("higher") if r > 0 else say("lower"),
        )
        for a, b, r in found.pairs
    ]
    flat = [
        say(
            "Little is told along: {parts} ({left} % of the spread before is left).",
            parts=say(", ").join(
                f"{quoted_setting(path, say, found.labels)} {'+' if part > 0 else '-'}" for path, part in parts
            ),
            left=f"{100.0 * min(spread, 1.0):.0f}",
        )
        for spread, parts in found.flattest
        if len(parts) > 1
    ]
    return [*pairs, *flat]


def _misfit(found: Calibration, say: Words) -> list[str]:
    said = []
    if not found.fit.reached:
        said.append(
            say(
                "No setting reaches the counts: the nearest is {off} standard deviations off. The model can't do this; "
                "what follows is the nearest that it can.",
                off=f"{found.fit.waves[-1].level:.1f}",
            )
        )
    for name, days in found.unreached:
        dates = [str(found.observed.until - dt.timedelta(days=found.observed.days - day)) for day in days]
        shown = say(", ").join(dates[:MOST_WEEKS]) + (" ..." if len(dates) > MOST_WEEKS else "")
        said.append(
            say(
                "The model can't do this: no plausible world comes near {series} in {many} stretches, which end on "
                "{dates}.",
                series=series_in_words(name, found, say),
                many=len(days),
                dates=shown,
            )
        )
    said.append(
        say(
            "Beyond random variation, weekly numbers are off by about {off} % for reasons that the model has not; "
            "intervals and bands allow for that.",
            off=f"{100.0 * found.discrepancy:.1f}",
        )
    )
    return said


def _foretold(found: Calibration, say: Words) -> list[str]:
    if not found.foretold:
        return []
    inside, weeks = (sum(of) for of in zip(*((f.inside, f.weeks) for f in found.foretold), strict=True))
    first = say(
        "Held out were the last {weeks} stretches of the series: {inside} lie in the band that is to hold {within} %.",
        weeks=weeks,
        inside=inside,
        within=f"{100.0 * WITHIN:.0f}",
    )
    errors = [
        say(
            "Mean error in {series}: {error}; the last value going on: {last}; the same stretches before: {shifted}.",
            series=series_in_words(each.series, found, say),
            error=_number(each.error),
            last=_number(each.last),
            shifted=_number(each.shifted),
        )
        for each in found.foretold
    ]
    return [first, *errors]


def _number(value: float) -> str:
    return f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
