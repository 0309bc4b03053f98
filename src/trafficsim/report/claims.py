"""Claims told: what was expected, what came out, the verdict and what could turn it."""

import datetime as dt
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from typing import get_args

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trafficsim.report.answer import variation_only
from trafficsim.report.quantity_words import in_words, is_money, is_share, unit_counted
from trafficsim.report.stopping import stopped
from trafficsim.report.verdicts import fit_in_words
from trafficsim.report.voice import Voice
from trafficsim.scenario.claims import Compared, Crossing, Expectation, Fact, Measured, Tested
from trafficsim.scenario.naming import setting_in_words
from trafficsim.study.claims import CONFIDENCE, DAY, DIFFERENCE, Status, Verdict, missed
from trafficsim.study.examine import Examined
from trafficsim.study.robust import Robustness, Trial
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.dates import numbered, numbered_days
from trafficsim.words.language import NOTHING, Language, Words, words

ENGLISH = words("en")
Write = Callable[[float], str]
_STYLES: dict[Status, str] = {"holds": "green", "contradicted": "red", "undecided": "yellow", "no_value": "bold red"}


def plain_number(value: float) -> str:
    """A number as it was written: whole ones with commas, others with their digits."""
    return f"{int(value):,}" if value == int(value) else f"{value:,g}"


def percent_number(value: float) -> str:
    """A share as it was written, in percent."""
    return f"{plain_number(round(100.0 * value, 10))}%"


def claims_table(examined: Examined, language: Language | None = None) -> RenderableType:
    """The verdicts on all facts and claims of a scenario, for rich to print; in its language if None."""
    language = language or examined.scenario.language
    say = words(language)
    facts = [verdict for verdict in examined.verdicts if verdict.is_fact]
    claims = [verdict for verdict in examined.verdicts if not verdict.is_fact]
    parts: list[RenderableType] = [_table(examined, told, language) for told in (facts, claims) if told]
    if facts:
        parts.insert(1, Text(f"{fit_in_words(examined.verdicts, Voice(language))}\n"))
    untried = [
        say("Not tried: {problem}", problem=line) for line in _not_tried(examined, say, examined.scenario.labels)
    ]
    said = [*(Text(line) for line in untried), Text(_legend(examined, Voice(language)), style="dim")]
    return Group(Text(examined.scenario.title, style="bold"), *parts, *[Padding(line, 0) for line in said], "")


def _table(examined: Examined, verdicts: list[Verdict], language: Language) -> Table:
    voice, labels = Voice(language, examined.scenario.currency, examined.scenario.start), examined.scenario.labels
    say = voice.say
    table = Table(box=None, padding=(0, 1, 1, 0), pad_edge=False, show_header=False)
    table.add_column(width=15)
    table.add_column(overflow="fold")
    for verdict in verdicts:
        word = Text(word_of(verdict, say), style=_STYLES.get(verdict.status, ""))
        found = examined.robustness(verdict)
        mark = Text(f"\n{_robustness_word(found.status, say)}", style="dim") if found and found.status else Text()
        shown = verdict.labelled(labels)
        marked = [] if verdict.is_fact else [doubt(examined.verdicts, labels, say)]
        lines = [*_lines(shown, voice), *filter(None, marked), *_turned(found, say, labels)]
        table.add_row(word + mark, Text("\n".join(lines)))
    return table


def doubt(verdicts: Iterable[Verdict], labels: Mapping[str, str], say: Words) -> str:
    """The mark of claims that are judged in a world which misses facts; empty where it doesn't."""
    names = say(", ").join(called(name, labels) for name in missed(verdicts))
    return say("told of a world that misses what was observed: {facts}", facts=names) if names else ""


def summed_up(all_examined: list[Examined], language: Language | None = None) -> str:
    """How many claims came to which verdict, in the language of the scenarios if None; English if they have several."""
    spoken = {examined.scenario.language for examined in all_examined}
    voice = Voice(language or (spoken.pop() if len(spoken) == 1 else "en"))
    say, scenarios = voice.say, len(all_examined)
    every = [verdict for examined in all_examined for verdict in examined.verdicts]
    count = Counter(verdict.status for verdict in every if not verdict.is_fact)
    parts = [f"{count[status]} {verdict_word(status, say)}" for status in get_args(Status) if count[status]]
    told = {"count": count.total(), "parts": voice.listed(parts) or say("none")}
    fit = [fit_in_words(every, voice)] if any(verdict.is_fact for verdict in every) else []
    if scenarios == 1:
        return voice.joined([*fit, say("{count} claims in 1 scenario: {parts}.", **told)])
    return voice.joined([*fit, say("{count} claims in {scenarios} scenarios: {parts}.", scenarios=scenarios, **told)])


def to_json(examined: Examined) -> dict[str, object]:
    """The same for other programs: null for what has no value, "never" for a day that never comes."""
    return {
        "scenario": examined.scenario.name,
        "title": examined.scenario.title,
        "digest": examined.scenario.digest,
        "seed": examined.seed,
        "replicates": examined.replicates,
        "small": examined.small,
        "labels": dict(examined.scenario.labels),
        "stopping": examined.stopping and asdict(examined.stopping),
        "facts": [_fact(examined, verdict) for verdict in examined.verdicts if verdict.is_fact],
        "claims": [_claim(examined, verdict) for verdict in examined.verdicts if not verdict.is_fact],
        "facts_missed": missed(examined.verdicts),
        "not_tried": _not_tried(examined, ENGLISH, None),
    }


def verdict_word(status: Status, say: Words) -> str:
    """A verdict in a word: of the simulation, which is not the world."""
    return {
        "holds": say("supported"),
        "contradicted": say("not supported"),
        "undecided": say("undecided"),
        "by_construction": say("by construction"),
        "no_value": say("no value"),
    }[status]


def word_of(verdict: Verdict, say: Words) -> str:
    """The verdict on a claim, or on a fact, in a word; of a claim, that something else was tested than its sentence."""
    if verdict.is_fact and verdict.status in {"holds", "contradicted"}:
        return say("met") if verdict.status == "holds" else say("missed")
    if verdict.status in {"holds", "contradicted"} and source_and_test(verdict.claim.source)[1]:
        return say("supported, as tested here") if verdict.status == "holds" else say("not supported, as tested here")
    return verdict_word(verdict.status, say)


_HERE = re.compile(r"(?:; here:? |；此处：?)")


def source_and_test(source: str) -> tuple[str, str]:
    """Who says so, and what was tested in place of the sentence; the latter is empty where it is the sentence itself.

    Sources say it behind "; here" (docs/claims_format.md), in Chinese behind “；此处”.
    """
    who, _, tested = _HERE.sub("\n", source, count=1).partition("\n")
    return who, tested


def _robustness_word(status: str, say: Words) -> str:
    return {"robust": say("robust"), "fragile": say("fragile"), "unclear": say("unclear")}[status]


def expected(
    expect: Expectation, say: Words = ENGLISH, write: Write = plain_number, start: dt.date | None = None
) -> str:
    """An expectation in words, its numbers as `write` has them, days with their dates if day 0 has one (`start`)."""
    what = quantity(expect, say, start)
    if expect.order is not None:
        return say("{what}: {wanted}", what=what, wanted=" > ".join(expect.order))
    if expect.interior_optimum is not None:
        first, *_, last = expect.interior_optimum
        arms = ", ".join(expect.interior_optimum)
        return say("{what}: best between {first} and {last} ({arms})", what=what, first=first, last=last, arms=arms)
    if expect.crossover is not None:
        return _overtaking(what, expect.crossover, say, start)
    if expect.more_than is not None:
        other, by = _other(expect.more_than, say, start), write(expect.more_than.by)
        if not expect.more_than.by:
            return say("{what} more than {other}", what=what, other=other)
        return say("{what} more than {other} by {by}", what=what, other=other, by=by)
    ratio = say(" / {other}", other=_other(expect.ratio_to, say, start)) if expect.ratio_to else ""
    return say("{what}: {wanted}", what=f"{what}{ratio}", wanted=_limits(expect, say, write))


def quantity(of: Measured, say: Words = ENGLISH, start: dt.date | None = None) -> str:
    """A quantity in words."""
    named = say("{metric} per {other}", metric=of.metric, other=of.per) if of.per else of.metric or ""
    if of.arm:
        named = say("{metric} of {arm}", metric=named, arm=of.arm).strip()
    if of.day is not None:
        named = say("{what} by {day}", what=named, day=numbered(of.day, start, say.language))
    if of.window:
        days = numbered_days(of.window[0], of.window[1] - 1, start, say.language)
        named = say("{what} in {days}", what=named, days=days)
    return named.strip()


def _other(of: Compared, say: Words, start: dt.date | None) -> str:
    if of.metric is None and of.arm:
        return quantity(of.model_copy(update={"metric": of.arm, "arm": None}), say, start)
    return quantity(of, say, start)


def _limits(expect: Expectation, say: Words, write: Write) -> str:
    if expect.between is not None:
        return say("{low} to {high}", low=write(expect.between[0]), high=write(expect.between[1]))
    if expect.at_least is not None:
        return say("at least {number}", number=write(expect.at_least))
    return say("at most {number}", number=write(expect.at_most or 0.0))


def _overtaking(what: str, crossing: Crossing, say: Words, start: dt.date | None) -> str:
    if crossing.never:
        return say("{what} never stays ahead of {other}", what=what, other=crossing.over)
    when = _crossing(crossing, say, start)
    return say("{what} stays ahead of {other} {when}", what=what, other=crossing.over, when=when)


def _crossing(crossing: Crossing, say: Words, start: dt.date | None) -> str:
    after, before = (
        None if day is None else numbered(day, start, say.language) for day in (crossing.after, crossing.before)
    )
    if after and before:
        return say("from {after} or later before {before}", after=after, before=before)
    if after:
        return say("from {after} or later", after=after)
    return say("from a day before {before}", before=before)


def expected_in_words(verdict: Verdict, voice: Voice) -> str:
    """What was expected, for people: metrics in words, arms in quotation marks, shares in percent."""
    expect = verdict.claim.expect
    write = percent_number if in_percent(verdict.claim) else plain_number
    return expected(in_words(expect, voice.say), voice.say, write, voice.start)


def in_percent(claim: Tested) -> bool:
    """Whether readers are told it in percent: it is a share, or a fact whose sentence says so."""
    said = isinstance(claim, Fact) and percent_number(claim.observed) in claim.says.replace(" ", "")
    return said or is_share(claim.expect)


def observed_in_words(fact: Fact, say: Words) -> str:
    """What was observed: a share in percent; a bound where it is the limit of what is expected."""
    expect = fact.expect
    shown = percent_number(fact.observed) if in_percent(fact) else plain_number(fact.observed)
    if fact.observed == expect.at_least:
        return say("at least {number}", number=shown)
    return say("at most {number}", number=shown) if fact.observed == expect.at_most else shown


def measured_in_words(verdict: Verdict, voice: Voice) -> str:
    """What was measured, with its interval; sums with their currency."""
    say, (middle, low, high) = voice.say, (verdict.measured.middle, verdict.measured.low, verdict.measured.high)
    if math.isnan(middle):
        return say("no value")
    if verdict.of == DAY:
        what = voice.day(middle) if math.isfinite(middle) else say("never")
        if low == high == math.inf:
            if verdict.claim.expect.crossover is not None:
                return say("never stays ahead within the time simulated (95% interval: never)")
            return say("never within the time simulated (95% interval: never)")
        limits = [_end(end, voice) if math.isfinite(end) else say("never") for end in (low, high)]
        within = say("{low} to {high}", low=limits[0], high=limits[1])
    else:
        shown, within = _with_limits(verdict, voice)
        what = f"{verdict.of.said(voice.language)} {shown}".strip()
        if verdict.of == DIFFERENCE:
            what = say("the first less the second: {number}", number=shown)
    if math.isnan(low):
        return say("{what} (no interval)", what=what)
    return say("{what} (95% interval {limits})", what=what, limits=within)


def _end(day: float, voice: Voice) -> str:
    """A limit behind a day: its date, or the bare number where that of day 0 is not known."""
    return voice.day(day) if voice.start else f"{math.ceil(day):,}"


def _with_limits(verdict: Verdict, voice: Voice) -> tuple[str, str]:
    """What was measured, and its limits: a share in percent, its difference to another in percentage points."""
    if not in_percent(verdict.claim):
        told = voice.mean_and_limits(verdict.measured, money=is_money(verdict.claim.expect))
        return _counted(told, verdict, voice) if verdict.of == DIFFERENCE else told
    found = verdict.measured
    percents = [100.0 * end for end in (found.middle, found.low, found.high)]
    middle, low, high = (rounding.fixed(end, rounding.decimals(percents)) for end in percents)
    text = "{number} percentage points" if verdict.of == DIFFERENCE else "{number}%"
    limits = voice.say("{low} to {high}", low=low, high=high)
    return voice.say(text, number=middle), voice.say(text, number=limits)


def _counted(told: tuple[str, str], verdict: Verdict, voice: Voice) -> tuple[str, str]:
    """A difference with what it counts, where that is orders or people."""
    text = {"orders": "{number} orders", "customers": "{number} people"}.get(unit_counted(verdict.claim.expect))
    return (voice.say(text, number=told[0]), voice.say(text, number=told[1])) if text else told


def _lines(verdict: Verdict, voice: Voice) -> list[str]:
    say, claim = voice.say, verdict.claim
    lines = [
        say("“{sentence}” – {source}", sentence=claim.says, source=claim.source),
        say("{what}: {wanted}", what=verdict.name, wanted=expected_in_words(verdict, voice)),
        say("measured: {measured}", measured=measured_in_words(verdict, voice)),
    ]
    if isinstance(claim, Fact):
        lines[2] = say("observed: {number}; {line}", number=observed_in_words(claim, say), line=lines[2])
        lines += [say("why not: {reason}", reason=claim.unreached)] if claim.unreached else []
    return [*lines, verdict.because.said(voice.language)] if verdict.because != NOTHING else lines


def _turned(found: Robustness | None, say: Words, labels: Mapping[str, str]) -> list[str]:
    if found is None:
        return []
    lines = [
        say("{what}: {wanted}", what=_named(trial, say, labels), wanted=verdict_word(status, say))
        for trial, status in found.turned_by
    ]
    told = {"trials": found.trials, "undecided": found.undecided, "empty": found.no_value}
    if found.undecided and found.no_value:
        lines.append(say("of {trials} trials, {undecided} undecided and {empty} without a value", **told))
    elif found.undecided:
        lines.append(say("of {trials} trials, {undecided} undecided", **told))
    elif found.no_value:
        lines.append(say("of {trials} trials, {empty} without a value", **told))
    return lines


def _named(trial: Trial, say: Words, labels: Mapping[str, str] | None) -> str:
    """The number that was moved and to what: in words, or by its path for programs, which have no labels."""

    def shown(path: str) -> str:
        return path if labels is None else setting_in_words(path, say, labels)

    moved = {"setting": shown(trial.number.path), "value": f"{trial.value:g}", "here": f"{trial.number.value:g}"}
    if not trial.number.takes_along:
        return say("{setting} = {value} (here {here})", **moved)
    along = say(", ").join(map(shown, trial.number.takes_along))
    return say("{setting} = {value} (here {here}), {along} with it", along=along, **moved)


def _not_tried(examined: Examined, say: Words, labels: Mapping[str, str] | None) -> list[str]:
    trials = [trial for trial in examined.trials or () if trial.problem]
    return [say("{what}: {wanted}", what=_named(trial, say, labels), wanted=trial.problem) for trial in trials]


def _legend(examined: Examined, voice: Voice) -> str:
    say, count = voice.say, examined.replicates
    replicates = say("1 replicate") if count == 1 else say("{count} replicates", count=f"{count:,}")
    said = [f"{replicates}{voice.stop}", variation_only(voice.language)]
    said += stopped(examined.stopping, count, CONFIDENCE, voice)
    if examined.small:
        said.insert(0, say("A small sample, to see that claims can be evaluated; no findings."))
    if examined.trials is not None:
        tried = sum(not trial.problem for trial in examined.trials)
        said.append(say("Tried: {tried} settings, one assumed number at a time at an end of its range.", tried=tried))
    return voice.joined(said)


def _fact(examined: Examined, verdict: Verdict) -> dict[str, object]:
    told, fact = _claim(examined, verdict), verdict.claim
    del told["robustness"]  # assumed numbers are tried on claims
    own = {"observed": fact.observed, "unreached": fact.unreached} if isinstance(fact, Fact) else {}
    return {**told, **own, "verdict": word_of(verdict, ENGLISH)}


def _claim(examined: Examined, verdict: Verdict) -> dict[str, object]:
    claim, found = verdict.claim, examined.robustness(verdict)
    return {
        "name": verdict.name,
        "says": claim.says,
        "source": claim.source,
        "expect": claim.expect.model_dump(mode="json", exclude_none=True),
        "expected": expected(claim.expect),
        "measured": _plain(verdict.measured.middle),
        "low": _plain(verdict.measured.low),
        "high": _plain(verdict.measured.high),
        "what": verdict.what,
        "verdict": verdict.status,
        "note": verdict.note,
        "robustness": None if found is None else _found(found),
    }


def _found(found: Robustness) -> dict[str, object]:
    turned = [
        {
            "path": trial.number.path,
            "value": trial.value,
            "here": trial.number.value,
            "takes_along": list(trial.number.takes_along),
            "verdict": status,
        }
        for trial, status in found.turned_by
    ]
    open_ = {"trials": found.trials, "undecided": found.undecided, "no_value": found.no_value}
    return {"status": found.status or None, "turned_by": turned, **open_}


def _plain(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "never" if math.isinf(value) else value
