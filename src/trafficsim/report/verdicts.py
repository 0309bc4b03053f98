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
