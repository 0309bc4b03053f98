"""The report: one HTML file with everything in it, which opens offline and is the same for the same result."""

import math
from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from pathlib import Path

from markupsafe import Markup

from trafficsim import plots
from trafficsim.files.templates import template
from trafficsim.files.whole import write_whole
from trafficsim.plots.moves import movements
from trafficsim.report import beliefs, leans, uncertain
from trafficsim.report.answer import Answer, answered, caveats, variation_only
from trafficsim.report.differences import plans, strategies
from trafficsim.report.drawings import drawings, moving
from trafficsim.report.html_page import HTML_LANGUAGE, Table, commands, heading, style, unbroken, widths
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
from trafficsim.results.intervals import Interval, share
from trafficsim.results.labelled import labelled
from trafficsim.results.uplift import Uplift
from trafficsim.scenario.schema import Plan
from trafficsim.words import rounding
from trafficsim.words.dates import day_of
from trafficsim.words.language import Language

Later = Callable[[], list[str]]
SINGLE = (
    "Intervals are for one number at a time; in the answer those of profits are wider, where several are compared at "
    "once."
)
"""What sets intervals of tables apart from those of the answer."""


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
    return unbroken(template("trafficsim.report", "report.html.j2").render(content))


def _content(result: Result, confidence: float, voice: Voice, later: Later | None) -> dict[str, object]:
    every = [plan for several in plans(result).values() for _, plan in several]
    main, more = drawings(result, voice, later)
    shown = blocks(result, confidence, voice.language)
    crossovers, uplifts = result.crossovers(confidence=confidence), result.uplifts(confidence)
    return {
        "style": style(),
        "table": Table,
        "commands": commands,
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
        "blocks": shown,
        "arms_widths": lambda headings: widths(
            headings, [(row.arm, *row.cells) for each in shown for row in each.rows]
        ),
        "as_heading": heading,
        "first": len(FIRST),
        "to_try": _to_try(result),
        "money_in_time": _money_in_time(result, confidence, voice),
        "cash": any(result.about.cash_at_start.values()),
        "crossovers": [_crossover(found, voice) for found in crossovers],
        "crossover_sentences": [found.sentence(voice.language) for found in crossovers],
        "uplifts": _uplifts(uplifts, voice),
        "uplift_sentences": [found.sentence(voice.language) for found in uplifts],
        "origins": origins(result, confidence, voice),
        "own": own_rows(result, confidence, voice),
        "pictures": main,
        "more_pictures": more,
        "moving": moving(result),
        "movements": _movements(result, voice),
        "font_note": plots.font_note(result.arms, voice.language),
        "variation_only": variation_only(voice.language),
        "uncertain": _uncertain(result, voice),
        "levers": levers(result, voice),
        "leans": _leans(result, voice),
        "leans_measured": leans.measured(result),
        "without_range": [(_noted(name, note), value) for name, value, note in leans.without_range(result, voice)],
        "some_noted": bool(result.about.sourced) or any(number.note for number in result.about.assumed),
        "segments": _segments(every, voice),
        "sourced": [
            (
                _noted(in_a_table(path, voice), leans.equalised(path, result, voice)),
                value_in_words(path, value, voice),
                source,
            )
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


def _movements(result: Result, voice: Voice) -> Table:
    """The numbers of the map of who moved where, which has room for the largest only."""
    say = voice.say
    headings = (say("from where → where to"), say("times over the run"))
    rows = movements(result, moving(result), voice.language)
    return Table(headings, [(f"{start} → {end}", people) for start, end, people in rows])


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
        say("{customers} people, buyers or not", customers=f"{about.customers:,}"),
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
            _of_endless(result.replicates, confidence, voice),
            say(SINGLE) if several else "",
        ]
    )


def _segments(plans: list[Plan], voice: Voice) -> str:
    """Who the segments are by name, whose numbers tables give; "" where all customers are of one."""
    segments = plans[0].customers.segments
    told = (
        voice.say("{name} ({share} of all)", name=name, share=voice.percent(segment.share))
        for name, segment in segments.items()
    )
    return voice.say("Segments of customers: {segments}.", segments=voice.listed(told)) if len(segments) > 1 else ""


def _of_endless(replicates: int, confidence: float, voice: Voice) -> str:
    """What the interval behind the replicates with the better arm is, told by what winning all of them shows."""
    if replicates == 1:
        return ""
    return voice.say(
        "Behind it, the share in which it would be better if there were no end of replicates, with its {confidence} "
        "interval: {runs} of {runs} only shows that the share is above {least}.",
        confidence=f"{confidence * 100:g}%",
        runs=f"{replicates:,}",
        least=rounding.percent(share(replicates, replicates, confidence).low),
    )


def _crossover(found: Crossover, voice: Voice) -> tuple[str, ...]:
    return found.a, found.b, found.brief(voice.language), f"{round(found.never * found.replicates)}/{found.replicates}"


def _money_in_time(result: Result, confidence: float, voice: Voice) -> Table:
    """When arms pay back and how little cash they come down to; without columns that no arm has anything in."""
    say, found = voice.say, [result.money_in_time(arm, confidence) for arm in result.arms]
    columns = {
        voice.heading(say("set-up costs"), voice.unit): voice.counts(each.set_up for each in found),
        say("total profit above 0 from day"): [_day(each.payback, result, voice) for each in found],
        voice.heading(say("lowest cash"), voice.unit): voice.column([each.lowest for each in found]),
        say("on day"): [_day(each.lowest_on, result, voice) for each in found],
        say("out of cash on day"): [_day(each.out_of_cash, result, voice) for each in found],
    }
    if not any(each.set_up for each in found):
        del columns[voice.heading(say("set-up costs"), voice.unit)]
    if not any(result.about.cash_at_start.values()):
        del columns[say("out of cash on day")]
    return Table([say("arm"), *columns], [*zip(result.arms, *columns.values(), strict=True)])


def _day(of: Interval, result: Result, voice: Voice) -> str:
    def on(day: float) -> str:
        return day_of(day, result.about.start, voice.language) if math.isfinite(day) else voice.say("never")

    if math.isinf(of.middle):
        return voice.say("never")
    if math.isnan(of.low) or of.low == of.high:
        return on(of.middle)
    return voice.say("{mean} ({low} to {high})", mean=on(of.middle), low=on(of.low), high=on(of.high))


def _uplifts(found: list[Uplift], voice: Voice) -> list[tuple[str, ...]]:
    orders = (
        voice.column([of(each) for each in found], sign=True)
        for of in (attrgetter("of_joiners"), attrgetter("of_rest"), attrgetter("everybody"))
    )
    without = voice.say("a run of the same arm without pools")
    return [
        (
            each.arm,
            _more(each.naive, voice),
            _more(each.causal, voice),
            *told,
            f"“{each.against}”" if each.against else without,
        )
        for each, *told in zip(found, *orders, strict=True)
    ]


def _leans(result: Result, voice: Voice) -> Table | None:
    """Assumed numbers with a range, and the lead at its ends where that was measured; None where there are none."""
    say, found, measured = voice.say, leans.leans(result, voice), leans.measured(result)
    ends = (say("lead at its low end"), say("lead at its high end")) if measured else ()
    headings = (say("assumed number"), say("value"), say("plausible range"), *ends)
    rows = [
        (_noted(each.name, each.note), each.value, each.range, *((each.at_low, each.at_high) if measured else ()))
        for each in found
    ]
    return Table(headings, rows) if found else None


def _noted(name: str, note: str) -> str:
    """A name with a note below it, if there is one."""
    return Markup('{}<br><span class="note">{}</span>').format(name, note) if note else name


def _more(interval: Interval, voice: Voice) -> str:
    said = rounding.fixed(interval.middle, 2, sign=True)
    if rounding.fixed(interval.low, 2) == rounding.UNDEFINED:
        return said
    return voice.say("{mean} ({low} to {high})", mean=said, low=f"{interval.low:+.2f}", high=f"{interval.high:+.2f}")
