"""Own arms against those of rivals, in sentences and as plain data."""

import math
from typing import Any

from trafficsim.books.metrics import metric
from trafficsim.report.spending import scaled_budget
from trafficsim.report.voice import Voice
from trafficsim.results.intervals import Interval
from trafficsim.scenario.against import ALONE
from trafficsim.scenario.scenario import AMENDED
from trafficsim.study.facing import Answer, Facing
from trafficsim.words.language import Language, Words


def facing_told(found: Facing, language: Language | None = None) -> list[str]:
    """The best answer to each arm of rivals, what not moving costs, and which arm is safest.

    Args:
        found: from `against`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    said = [sentence for answer in found.answers for sentence in _answer(found, answer, voice)]
    return [*said, *_whatever(found, voice), *_equal_money(found, voice), _how(found, voice)]


def whatever_told(found: Facing, language: Language | None = None) -> list[str]:
    """Which arm to have whatever rivals do."""
    return _whatever(found, Voice(language or found.scenario.language, found.scenario.currency))


def rival_name(found: Facing, rival: str, say: Words) -> str:
    """What an arm of rivals is called."""
    return say("rivals do nothing new") if rival == ALONE else f"“{found.scenario.labels.get(rival, rival)}”"


def _answer(found: Facing, answer: Answer, voice: Voice) -> list[str]:
    say, labels = voice.say, found.scenario.labels
    names = {"best": answer.best, "next": answer.next, "baseline": found.scenario.baseline}
    said: dict[str, Any] = {name: labels.get(arm, arm) for name, arm in names.items()}
    said |= {"rival": rival_name(found, answer.rival, say), "what": say(metric(found.metric).label)}
    said |= {"ahead": _sum(found, answer.ahead, voice), "value": _level(found, answer, voice)}
    text = (
        "If {rival}: best in {what} is “{best}” with {value}, ahead of “{next}” by {ahead}."
        if answer.sure
        else "If {rival}: “{best}” and “{next}” can't be told apart in {what} ({value}; {ahead})."
    )
    sentences = [say(text, **said)]
    if answer.rival != ALONE:
        harm, staying = (_sum(found, each, voice) for each in (answer.harm, answer.staying))
        sentences.append(say("It costs “{baseline}” {harm}.", baseline=said["baseline"], harm=harm))
        if answer.best != found.scenario.baseline:
            text = "Not moving, so staying with “{baseline}”, forgoes {staying} beside the best answer."
            sentences.append(say(text, baseline=said["baseline"], staying=staying))
    return sentences


def _sum(found: Facing, interval: Interval, voice: Voice) -> str:
    """A difference without its sign where it is surely above 0."""
    if not interval.low > 0.0:
        return voice.signed(interval)
    return voice.amount(interval) if metric(found.metric).divisor != 1.0 else voice.plain(interval)


def _level(found: Facing, answer: Answer, voice: Voice) -> str:
    value = found.estimate(answer.best, answer.rival).middle
    return voice.money(value) if metric(found.metric).divisor != 1.0 else voice.short(value)


def _whatever(found: Facing, voice: Voice) -> list[str]:
    say, labels = voice.say, found.scenario.labels
    best = {answer.best for answer in found.answers}
    safest, least = (labels.get(arm, arm) for arm in (found.safest, found.least_regret))
    if len(best) == 1 and all(answer.sure for answer in found.answers):
        return [say("“{arm}” is the best answer to all that rivals may do.", arm=safest)]
    said = [say("Whatever rivals do, “{arm}” has the best worst case.", arm=safest)]
    if least != safest:
        said.append(say("“{arm}” is least behind the best answer where it is furthest behind.", arm=least))
    return said


def _equal_money(found: Facing, voice: Voice) -> list[str]:
    labels, scaled = found.scenario.labels, {arm: by for arm, by in found.scaled.items() if by != 1.0}
    if not scaled:
        return []
    text = "So that arms spend the same if rivals do nothing new, {scaled}."
    return [
        voice.say(text, scaled=voice.listed(scaled_budget(labels.get(a, a), by, voice) for a, by in scaled.items()))
    ]


def _how(found: Facing, voice: Voice) -> str:
    return voice.say(
        "Paired over {replicates} replicates with the same customers and luck; intervals (95%) are of random variation "
        "alone. What rivals spend and earn is not modelled, so that nothing is said of their best answers.",
        replicates=f"{found.replicates:,}",
    )


def as_plain(found: Facing) -> dict[str, Any]:
    """All of it in built-in types, for JSON; what is no finite number is null."""

    def number(value: Any) -> Any:
        return None if isinstance(value, float) and not math.isfinite(value) else value

    def plain(value: Interval) -> dict[str, Any]:
        return {"middle": number(value.middle), "low": number(value.low), "high": number(value.high)}

    answers = [
        {
            "rival": a.rival,
            "best": a.best,
            "next": a.next,
            "ahead": plain(a.ahead),
            "not_moving_costs": plain(a.staying),
            "costs_the_baseline": plain(a.harm),
        }
        for a in found.answers
    ]
    rows = [{name: number(value) for name, value in row.items()} for row in found.table().to_dict("records")]
    return {
        "scenario": found.scenario.name.removesuffix(AMENDED),
        "currency": found.scenario.currency,
        "labels": dict(found.scenario.labels),
        "metric": found.metric,
        "baseline": found.scenario.baseline,
        "table": rows,
        "answers": answers,
        "safest": found.safest,
        "least_regret": found.least_regret,
        "scaled": dict(found.scaled),
        "replicates": found.replicates,
        "seed": found.seed,
    }
