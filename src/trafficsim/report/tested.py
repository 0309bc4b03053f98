"""What was observed and what sources claim, as HTML: each with what was expected, what came out and a verdict."""

from markupsafe import Markup

from trafficsim.files.templates import template
from trafficsim.plots.observed import can_show, observed
from trafficsim.report.claims import (
    doubt,
    expected_in_words,
    in_percent,
    measured_in_words,
    observed_in_words,
    source_and_test,
    word_of,
)
from trafficsim.report.figures import figure
from trafficsim.report.verdicts import claims_of, facts_of, fit_in_words, partly_fitted
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.scenario.claims import Fact
from trafficsim.study.claims import Verdict


def tested(result: Result, confidence: float, voice: Voice) -> Markup:
    """Facts with a picture and how well they are met, then claims; nothing where the scenario names neither."""
    facts, claims = facts_of(result, confidence), claims_of(result, confidence)
    fit = voice.joined([fit_in_words(facts, voice), *partly_fitted(len(result.about.fitted), voice)]) if facts else ""
    content = {
        "say": voice.say,
        "voice": voice,
        "observed": [_told(fact, voice) for fact in facts],
        "fit": fit,
        "picture": _picture(facts, fit, voice),
        "doubt": doubt([*facts, *claims], {}, voice.say),
        "claims": [_told(claim, voice) for claim in claims],
    }
    return Markup(template("trafficsim.report", "tested.html.j2").render(content))  # noqa: S704 - the template escapes


def _picture(facts: list[Verdict], says: str, voice: Voice) -> Markup:
    drawn = [fact for fact in facts if can_show(fact)]
    if not drawn:
        return Markup()
    said = [word_of(fact, voice.say) for fact in drawn]
    percent = [in_percent(fact.claim) for fact in drawn]
    return figure(lambda: observed(drawn, said, percent, language=voice.language), "observed", says)


def _told(verdict: Verdict, voice: Voice) -> dict[str, str]:
    source, instead = source_and_test(verdict.claim.source)
    return {
        "status": verdict.status,
        "verdict": word_of(verdict, voice.say),
        "says": verdict.claim.says,
        "source": source,
        "instead": "" if verdict.is_fact else instead,
        "compared": instead if verdict.is_fact else "",
        "expected": expected_in_words(verdict, voice),
        "measured": measured_in_words(verdict, voice),
        "observed": observed_in_words(verdict.claim, voice.say) if isinstance(verdict.claim, Fact) else "",
        "unreached": (isinstance(verdict.claim, Fact) and verdict.claim.unreached) or "",
        "note": verdict.because.said(voice.language),
    }
