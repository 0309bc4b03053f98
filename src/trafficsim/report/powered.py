"""What a split test would show, in sentences and as plain data."""

import math
from typing import Any

from trafficsim.report.voice import Voice
from trafficsim.results.intervals import Interval
from trafficsim.scenario.scenario import AMENDED
from trafficsim.study.powered import After, Power, Sized
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words


def powered(found: Power, language: Language | None = None) -> list[str]:
    """What the test is, what it shows beside a roll-out, what spills over, how often it decides, and the cheapest one.

    Args:
        found: from `power`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    last = found.after[-1]
    said = [_setting(found, voice), _effect(last, voice), *_spilled(last, voice)]
    return [
        *said,
        *(_decides(found, after, voice) for after in found.after),
        *_choice(found, voice),
        _how(found, voice),
    ]


def choice_told(found: Power, language: Language | None = None) -> list[str]:
    """Which test is the cheapest that decides."""
    return _choice(found, Voice(language or found.scenario.language, found.scenario.currency))


def outcome_name(found: Power, say: Words) -> str:
    """What is counted of a customer."""
    return say("orders") if found.outcome == "orders" else say("revenue")


def _setting(found: Power, voice: Voice) -> str:
    labels = found.scenario.labels
    treated, control = found.units
    text = (
        "The test: {treated} customers get “{arm}”, {control} “{other}”; what is counted is {outcome} of a customer."
        if found.by == "customers"
        else "The test: {treated} regions get “{arm}”, {control} “{other}”; what is counted is {outcome} of a customer."
    )
    return voice.say(
        text,
        treated=f"{treated:,}",
        control=f"{control:,}",
        arm=labels.get(found.treated, found.treated),
        other=labels.get(found.control, found.control),
        outcome=outcome_name(found, voice.say),
    )


def _effect(last: After, voice: Voice) -> str:
    text = (
        "After {days} days the test shows {contrast} a customer on average; if all got it, the difference would be "
        "{rollout}."
    )
    return voice.say(
        text, days=f"{last.days:,}", contrast=_signed(last.contrast, voice), rollout=_signed(last.rollout, voice)
    )


def _spilled(last: After, voice: Voice) -> list[str]:
    say, said = voice.say, []
    texts = {
        "spill_control": (
            "Spill-over: the control group comes to {more} a customer beside what it would if nobody were treated.",
            "No spill-over to the control group can be told from nothing: {more} a customer.",
        ),
        "spill_treated": (
            "The treated come to {more} a customer beside what they would if all were: people also act on each other.",
            "That the others are not treated changes nothing for the treated that can be told: {more} a customer.",
        ),
    }
    for name, (told, open_) in texts.items():
        value: Interval = getattr(last, name)
        said.append(say(told if value.low > 0 or value.high < 0 else open_, more=_signed(value, voice)))
    return said


def _decides(found: Power, after: After, voice: Voice) -> str:
    return voice.say(
        "After {days} days it finds a difference in {realised} ({low} to {high}) of {tests} simulated tests; planned: "
        "{planned}, or {promised} by the effect of giving it to all. It spends {spend} more.",
        days=f"{after.days:,}",
        realised=rounding.percent(after.realised.middle),
        low=rounding.percent(after.realised.low),
        high=rounding.percent(after.realised.high),
        tests=f"{found.tests:,}",
        planned=rounding.percent(after.planned),
        promised=rounding.percent(after.promised),
        spend=voice.money(after.spend.middle),
    )


def _choice(found: Power, voice: Voice) -> list[str]:
    say, best = voice.say, found.cheapest
    wanted = rounding.percent(found.wanted)
    if best is None:
        most = max(found.sizes, key=lambda size: size.power)
        text = "No test here has a power of {wanted}; treating {share} for {days} days comes nearest, with {power}."
        return [say(text, wanted=wanted, **_size(most))]
    text = "The cheapest test with a power of {wanted}: treat {share} for {days} days ({power}), for {spend} more."
    said = [say(text, wanted=wanted, spend=voice.money(best.spend), **_size(best))]
    if not math.isnan(found.worth):
        worth = voice.money(found.worth)
        text = (
            "Knowing all that is uncertain would be worth {worth}: the test costs more than it can bring."
            if best.spend > found.worth
            else "Knowing all that is uncertain would be worth {worth}, more than the test costs."
        )
        said.append(say(text, worth=worth))
    return said


def _size(size: Sized) -> dict[str, str]:
    return {
        "share": rounding.percent(size.share),
        "days": f"{size.days:,}",
        "power": rounding.percent(size.power),
    }


def _how(found: Power, voice: Voice) -> str:
    return voice.say(
        "Welch's t test at {alpha}; planned power by the noncentral t distribution (Cohen 1988), other shares by the "
        "contrast of the tests simulated. All of it takes the numbers of the file for true.",
        alpha=rounding.percent(found.alpha),
    )


def _signed(value: Interval, voice: Voice) -> str:
    """Three digits that matter, with the interval."""
    largest = max(abs(end) for end in (value.middle, value.low, value.high) if math.isfinite(end))
    places = 0 if largest == 0 else min(6, max(0, 2 - math.floor(math.log10(largest))))
    middle, low, high = (rounding.fixed(end, places, sign=True) for end in (value.middle, value.low, value.high))
    return voice.say("{middle} ({low} to {high})", middle=middle, low=low, high=high)


def as_plain(found: Power) -> dict[str, Any]:
    """All of it in built-in types, for JSON; what is no finite number is null."""

    def number(value: float) -> float | None:
        return float(value) if math.isfinite(value) else None

    rows = [{name: number(value) for name, value in row.items()} for row in found.table().to_dict("records")]
    sizes = [{name: number(value) for name, value in row.items()} for row in found.designs().to_dict("records")]
    best = found.cheapest
    return {
        "scenario": found.scenario.name.removesuffix(AMENDED),
        "currency": found.scenario.currency,
        "control": found.control,
        "treated": found.treated,
        "by": found.by,
        "outcome": found.outcome,
        "share": found.share,
        "units": {"treated": found.units[0], "control": found.units[1]},
        "after": rows,
        "designs": sizes,
        "cheapest": None if best is None else {name: number(value) for name, value in vars(best).items()},
        "wanted": found.wanted,
        "alpha": found.alpha,
        "tests": found.tests,
        "pairs": found.pairs,
        "worth_of_perfect_information": number(found.worth),
        "seed": found.seed,
    }
