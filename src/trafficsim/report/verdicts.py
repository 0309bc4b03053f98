"""What a result says of the facts and claims of its scenario."""

import math
from collections.abc import Iterable

from trafficsim.report.quantity_words import in_words, is_share
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.scenario.claims import Claim, Expectation, Fact, limits
from trafficsim.study.claims import Verdict, judge_claims
from trafficsim.words import rounding


def facts_of(result: Result, confidence: float = 0.95) -> list[Verdict]:
    """The verdicts on what was observed in the real case."""
    facts = {name: Fact.model_validate(fact, strict=False) for name, fact in result.about.facts.items()}
    return judge_claims(facts, result, confidence)  # as JSON: a list stands for a tuple there


def claims_of(result: Result, confidence: float = 0.95) -> list[Verdict]:
    """The verdicts on what sources say."""
    claims = {name: Claim.model_validate(claim, strict=False) for name, claim in result.about.claims.items()}
    return judge_claims(claims, result, confidence)


MOST_NAMED = 2
"""Facts that the answer names before it counts the rest."""


def facts_in_words(verdicts: Iterable[Verdict], voice: Voice, fitted: int = 0) -> list[str]:
    """What was observed and is missed, then what can't be told, then what is met; each by name, with its numbers.

    Args:
        verdicts: on facts.
        voice: that says it.
        fitted: how many numbers of the scenario were fitted to what was observed.
    """
    by_status: dict[str, list[Verdict]] = {"missed": [], "open": [], "met": []}
    for verdict in verdicts:
        status = {"holds": "met", "contradicted": "missed"}.get(verdict.status, "open")
        by_status[status].append(verdict)
    texts = {
        "missed": "Checked against what was observed, outside of what was allowed: {facts}.",
        "open": "Checked against what was observed, it can't be told whether within what was allowed: {facts}.",
        "met": "Checked against what was observed, within what was allowed: {facts}.",
    }
    told = [(texts[status], facts) for status, facts in by_status.items() if facts]
    said = [voice.say(text, facts=_named(facts, voice)) for text, facts in told]
    return [*said, *partly_fitted(fitted, voice)] if by_status["met"] else said


def partly_fitted(fitted: int, voice: Voice) -> list[str]:
    """That agreement was partly made: numbers were fitted to what was observed."""
    if not fitted:
        return []
    if fitted == 1:
        return [voice.say("1 number was fitted to what was observed, so that this agreement proves less.")]
    text = "{many} numbers were fitted to what was observed, so that this agreement proves less."
    return [voice.say(text, many=f"{fitted:,}")]


def _named(facts: list[Verdict], voice: Voice) -> str:
    named = voice.parts(_fact(fact, voice) for fact in facts[:MOST_NAMED])
    more = len(facts) - MOST_NAMED
    return voice.say("{facts}, and {more} more", facts=named, more=more) if more > 0 else named


def _fact(verdict: Verdict, voice: Voice) -> str:
    if not isinstance(verdict.claim, Fact) or math.isnan(verdict.measured.middle):
        return f"“{verdict.claim.says}”"
    expect, observed = verdict.claim.expect, verdict.claim.observed
    what, (low, high) = _what(expect, voice), limits(expect)

    def shown(value: float) -> str:
        if is_share(expect):
            return f"{rounding.fixed(100.0 * value, rounding.decimals((100.0 * value,)))}%"
        return voice.short(value)

    def given(value: float) -> str:
        return voice.percent(value) if is_share(expect) else f"{value:g}" if abs(value) < 1 else voice.short(value)

    if math.isinf(low) or math.isinf(high):
        bound = high if math.isinf(low) else low
        allowed = voice.say("at most {number}" if math.isinf(low) else "at least {number}", number=given(bound))
        if observed == bound:  # all that is known: more than half
            text = "“{says}” (known: {allowed}; simulated: {measured}; counted: {what}{where})"
            told = {"what": what, "where": _where(expect, voice), "measured": shown(verdict.measured.middle)}
            return voice.say(text, says=verdict.claim.says, allowed=allowed, **told)
    else:
        allowed = voice.say("{low} to {high}", low=given(low), high=given(high))
    return voice.say(
        "“{says}” (observed: {observed}; simulated: {measured}; allowed: {allowed}; counted: {what}{where})",
        says=verdict.claim.says,
        observed=given(observed),
        what=what,
        where=_where(expect, voice),
        measured=shown(verdict.measured.middle),
        allowed=allowed,
    )


def _what(expect: Expectation, voice: Voice) -> str:
    """What a number is of: a fact's sentence may speak of less than was counted, or of more."""
    told = in_words(expect, voice.say)
    return voice.say("{metric} per {other}", metric=told.metric, other=told.per) if told.per else str(told.metric)


def _where(expect: Expectation, voice: Voice) -> str:
    """Of which arm and days a number is."""
    arm = voice.say(" for “{arm}”", arm=expect.arm) if expect.arm else ""
    if expect.window:
        first, last = (voice.day(day) for day in (expect.window[0], expect.window[1] - 1))
        return arm + voice.say(" from {first} to {last}", first=first, last=last)
    return arm if expect.day is None else arm + voice.say(" by {day}", day=voice.day(expect.day))


def fit_in_words(verdicts: Iterable[Verdict], voice: Voice) -> str:
    """How well the scenario reproduces what was observed."""
    facts = [verdict.status for verdict in verdicts if verdict.is_fact]
    told = {"met": facts.count("holds"), "facts": len(facts), "missed": facts.count("contradicted")}
    if "undecided" in facts or "no_value" in facts:
        told["open"] = len(facts) - facts.count("holds") - facts.count("contradicted")
        return voice.say(
            "Checked against what was observed: {met} of {facts} facts are met, {missed} missed; {open} can't be told.",
            **told,
        )
    if not told["missed"]:
        return voice.say("Checked against what was observed: {met} of {facts} facts are met.", **told)
    return voice.say("Checked against what was observed: {met} of {facts} facts are met, {missed} missed.", **told)
