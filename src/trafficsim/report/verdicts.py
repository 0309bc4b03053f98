"""What a result says of the facts and claims of its scenario."""

from collections.abc import Iterable

from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.scenario.claims import Claim, Fact
from trafficsim.study.claims import Verdict, judge_claims


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


def facts_in_words(verdicts: Iterable[Verdict], voice: Voice) -> list[str]:
    """What was observed and is missed, with both numbers, then what can't be told, then what is met; each by name."""
    by_status: dict[str, list[Verdict]] = {"missed": [], "open": [], "met": []}
    for verdict in verdicts:
        status = {"holds": "met", "contradicted": "missed"}.get(verdict.status, "open")
        by_status[status].append(verdict)
    texts = {
        "missed": "Checked against what was observed: it misses {facts}.",
        "open": "Checked against what was observed: it can't be told whether it reproduces {facts}.",
        "met": "Checked against what was observed: it reproduces {facts}.",
    }
    told = [(texts[status], facts) for status, facts in by_status.items() if facts]
    return [voice.say(text, facts=_named(facts, voice)) for text, facts in told]


def _named(facts: list[Verdict], voice: Voice) -> str:
    named = voice.parts(_fact(fact, voice) for fact in facts[:MOST_NAMED])
    more = len(facts) - MOST_NAMED
    return voice.say("{facts}, and {more} more", facts=named, more=more) if more > 0 else named


def _fact(verdict: Verdict, voice: Voice) -> str:
    if verdict.status != "contradicted" or not isinstance(verdict.claim, Fact):
        return f"“{verdict.claim.says}”"
    return voice.say(
        "“{says}” (observed {observed}, here {measured})",
        says=verdict.claim.says,
        observed=voice.short(verdict.claim.observed),
        measured=voice.short(verdict.measured.middle),
    )


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
