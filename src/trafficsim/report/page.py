"""The report: one HTML file with everything in it, which opens offline and is the same for the same result."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from trafficsim import plots
from trafficsim.files.templates import template
from trafficsim.files.whole import write_whole
from trafficsim.report import beliefs, leans, uncertain
from trafficsim.report.answer import Answer, answered, caveats, variation_only
from trafficsim.report.differences import plans, strategies
from trafficsim.report.drawings import drawings
from trafficsim.report.levers import levers
from trafficsim.report.naming import in_a_table, in_words_of, value_in_words
from trafficsim.report.not_modelled import left_out, limits
from trafficsim.report.origin_tables import origins
from trafficsim.report.own_tables import own_rows
from trafficsim.report.tables import FIRST, blocks
from trafficsim.report.tested import tested
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.crossover import Crossover
from trafficsim.results.intervals import Interval
from trafficsim.results.labelled import labelled
from trafficsim.results.money_in_time import MoneyInTime
from trafficsim.results.uplift import Uplift
from trafficsim.words import rounding
from trafficsim.words.dates import day_of
from trafficsim.words.language import Language

Later = Callable[[], list[str]]
SINGLE = (
    "Intervals are for one number at a time; in the answer those of profits are wider, where several are compared at "
    "once."
)
"""What sets intervals of tables apart from those of the answer."""
HTML_LANGUAGE: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}


def write(
    result: Result,
    path: str | Path,
    confidence: float = 0.95,
    language: Language | None = None,
    *,
    later: Later | None = None,
) -> None:
    """Write the report to `path`, whole or not at all; OSError if it can't be.

    `language` is the scenario's unless given. NoFontError if no font has the language's characters for the pictures.
    `later` gives its later pictures where they are drawn elsewhere (see `later_pictures`).
    """
    write_whole(Path(path), html(labelled(result), confidence, language, later=later))


def html(
    result: Result,
    confidence: float = 0.95,
    language: Language | None = None,
    *,
    later: Later | None = None,
) -> str:
    """The report as HTML text."""
    voice = Voice(language or result.language, result.currency, result.about.start)
    content = _content(result, confidence, voice, later)
    return template("trafficsim.report", "report.html.j2").render(content, on_phones=plots.ON_PHONES)


def _content(result: Result, confidence: float, voice: Voice, later: Later | None) -> dict[str, object]:
    every = [plan for several in plans(result).values() for _, plan in several]
    main, more = drawings(result, voice, later)
    return {
        "say": voice.say,
        "voice": voice,
        "lang": HTML_LANGUAGE[voice.language],
        "result": result,
        "about": result.about,
        "confidence": f"{confidence * 100:g}%",
        "size": _size(result, voice),
        "how_to_read": _how_to_read(result, confidence, voice),
        "leaning": leans.sentences(result, voice),
        "answer": _without_commands(answered(result, confidence, voice.language), result, voice),
        "caveats": caveats(result, voice.language),
        "strategies": strategies(result, voice),
        "blocks": blocks(result, confidence, voice.language),
        "first": len(FIRST),
        "to_try": _to_try(result),
        "money_in_time": [_money(result.money_in_time(arm, confidence), result, voice) for arm in result.arms],
        "cash": any(result.about.cash_at_start.values()),
        "crossovers": [_crossover(found, voice) for found in result.crossovers(confidence=confidence)],
        "uplifts": [_uplift(found, voice) for found in result.uplifts(confidence)],
        "origins": origins(result, confidence, voice),
        "own": own_rows(result, confidence, voice),
        "pictures": main,
        "more_pictures": more,
        "font_note": plots.font_note(result.arms, voice.language),
        "variation_only": variation_only(voice.language),
        "uncertain": _uncertain(result, voice),
        "levers": levers(result, voice),
        "leans": leans.leans(result, voice),
        "leans_measured": leans.measured(result),
        "without_range": leans.without_range(result, voice),
        "sourced": [
            (in_a_table(path, voice), value_in_words(path, value, voice), source)
            for path, value, source in result.about.sourced
        ],
        "left_out": left_out(every, voice),
        "limits": limits(voice),
        "tested": tested(result, confidence, voice),
        "versions": result.about.versions,
    }


def _without_commands(told: Answer, result: Result, voice: Voice) -> Answer:
    """The answer without what to run next, which the page tells at its end."""
    commands = leans.to_try(result, voice)
    return replace(told, more=[sentence for sentence in told.more if sentence not in commands])


def _to_try(result: Result) -> str:
    """Commands that tell what the answer leans on, one a line; none where that was done."""
    if leans.measured(result) or result.uncertain or not result.about.assumed or len(result.arms) == 1:
        return ""
    return "\n".join(f"trafficsim compare {leans.asked_of(result)} {how}" for how in ("--leans", "--uncertain 64"))


def _uncertain(result: Result, voice: Voice) -> dict[str, object] | None:
    if result.uncertain is None:
        return None
    found = in_words_of(result.uncertain, voice)
    return {
        "best": found.best,
        "other": found.other,
        "beside": uncertain.beside(found, voice),
        "notes": uncertain.notes(found, voice),
        "rows": uncertain.rows(found, voice),
        "arms": uncertain.arms(found, voice),
        "choice": found.choice.arm,
        "beliefs": beliefs.rows(found, voice),
    }


def _size(result: Result, voice: Voice) -> str:
    """How large the comparison is, in short sentences."""
    say, about = voice.say, result.about
    each = about.each_stands_for
    found = [
        say("{days} days from {start}", days=f"{result.days:,}", start=about.start),
        say("{arms} arms", arms=f"{len(result.arms):,}"),
        say("1 replicate") if result.replicates == 1 else say("{count} replicates", count=f"{result.replicates:,}"),
        say("{customers} customers", customers=f"{about.customers:,}"),
        say("each simulated one standing for {each}", each=f"{each:,}") if each != 1 else "",
        say("baseline: {baseline}", baseline=result.baseline),
    ]
    return f"{voice.clauses(found)}{voice.stop}"


def _how_to_read(result: Result, confidence: float, voice: Voice) -> str:
    say, baseline, several = voice.say, result.baseline, len(result.arms) > 2 and result.replicates > 1
    if result.replicates == 1:
        variation = say("One replicate: there is no interval, and the random variation is unknown.")
    else:
        variation = say(
            "Mean over {replicates} replicates, with {confidence} intervals.",
            replicates=f"{result.replicates:,}",
            confidence=f"{confidence * 100:g}%",
        )
    return voice.joined(
        [
            variation,
            say(
                "Difference: to “{baseline}” unless a row names two others, replicate by replicate.",
                baseline=baseline,
            ),
            say("Better in: the replicates in which the arm is strictly better than the one it is compared with."),
            say(SINGLE) if several else "",
        ]
    )


def _crossover(found: Crossover, voice: Voice) -> dict[str, str]:
    return {
        "arm": found.a,
        "over": found.b,
        "when": found.brief(voice.language),
        "never": rounding.percent(found.never),
        "sentence": found.sentence(voice.language),
    }


def _money(found: MoneyInTime, result: Result, voice: Voice) -> dict[str, str]:
    """When an arm pays back and how little cash it comes down to, in words; what spends nothing has nothing to pay."""
    start, spends = result.about.start, bool(found.set_up or result.values("spend").sel(arm=found.arm).any())

    def on(day: float) -> str:
        return day_of(day, start, voice.language) if math.isfinite(day) else voice.say("never")

    def day(of: Interval) -> str:
        if math.isinf(of.middle):
            return voice.say("never")
        if math.isnan(of.low) or of.low == of.high:
            return on(of.middle)
        return voice.say("{mean} ({low} to {high})", mean=on(of.middle), low=on(of.low), high=on(of.high))

    return {
        "arm": found.arm,
        "set_up": rounding.short(found.set_up, language=voice.language) if found.set_up else "",
        "payback": day(found.payback) if spends else rounding.UNDEFINED,
        "lowest": voice.plain(found.lowest),
        "lowest_on": day(found.lowest_on),
        "out_of_cash": day(found.out_of_cash),
    }


def _uplift(found: Uplift, voice: Voice) -> dict[str, str | list[str]]:
    return {
        "arm": found.arm,
        "naive": _more(found.naive, voice),
        "causal": _more(found.causal, voice),
        "in_all": [voice.signed(interval) for interval in (found.of_joiners, found.of_rest, found.everybody)],
        "against": f"“{found.against}”" if found.against else voice.say("a run of its own"),
        "sentence": found.sentence(voice.language),
    }


def _more(interval: Interval, voice: Voice) -> str:
    said = rounding.fixed(interval.middle, 2, sign=True)
    if rounding.fixed(interval.low, 2) == rounding.UNDEFINED:
        return said
    return voice.say("{mean} ({low} to {high})", mean=said, low=f"{interval.low:+.2f}", high=f"{interval.high:+.2f}")
