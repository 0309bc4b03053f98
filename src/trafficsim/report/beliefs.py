"""For which beliefs the arm to choose is the same, and what holds without any: sentences and rows."""

from typing import NamedTuple

from trafficsim.report.differences import shown
from trafficsim.report.voice import Voice
from trafficsim.results.uncertain import Belief, Uncertain
from trafficsim.words import rounding

DIGITS = 3


class Row(NamedTuple):
    """A number of the table: its mean as drawn, the means within reach, where another arm earns most, worlds left."""

    path: str
    mean: str
    reach: str
    turns: str
    effective: str


def sentence(found: Uncertain, voice: Voice) -> list[str]:
    """The nearest belief with which another arm is the one to choose; nothing where no arm ever earns more."""
    if found.odds is None:
        return []
    say, choice = voice.say, found.choice.arm
    turning = [each for each in found.beliefs if each.tips is not None]
    if not turning:
        return [
            say(
                "“{choice}” stays the arm to choose unless worlds in which “{arm}” earns more are believed to be at "
                "least {needed} of all (as drawn {share}).",
                choice=choice,
                arm=found.odds.arm,
                needed=rounding.percent(found.odds.needed),
                share=rounding.percent(found.odds.share),
            )
        ]
    nearest = max(turning, key=lambda each: each.effective)
    return [
        say(
            "“{choice}” stays the arm to choose unless {path} is believed to be {tips} on average (as drawn {mean}): "
            "from there on “{arm}” earns more.",
            choice=choice,
            path=nearest.path,
            tips=_beyond(nearest, voice),
            mean=_number(nearest.mean),
            arm=nearest.arm,
        )
    ]


def notes(found: Uncertain, voice: Voice) -> list[str]:
    """What holds without any belief in how likely worlds are, and for which odds the choice holds."""
    say = voice.say
    safest, least_wrong = max(found.arms, key=lambda a: a.least), min(found.arms, key=lambda a: a.most_regret)
    said = [
        say(
            "Whatever the worlds' weights: “{safest}” has the best worst world (profit {least}), and “{least_wrong}” "
            "is never further than {regret} behind the best arm of a world.",
            safest=safest.arm,
            least=voice.money(safest.least),
            least_wrong=least_wrong.arm,
            regret=voice.money(least_wrong.most_regret),
        )
    ]
    if found.odds:
        text = (
            "“{choice}” earns most on average over these worlds; “{arm}” earns more than it in {share} of them, and "
            "would on average if such worlds were believed to be {needed} of all or more."
        )
        share, needed = rounding.percent(found.odds.share), rounding.percent(found.odds.needed)
        said.append(say(text, choice=found.choice.arm, arm=found.odds.arm, share=share, needed=needed))
    return said


def rows(found: Uncertain, voice: Voice) -> list[Row]:
    """The numbers on which the choice hinges most; none where no arm ever earns more than the choice."""
    return [_row(each, voice) for each in found.beliefs] if found.odds else []


def _row(each: Belief, voice: Voice) -> Row:
    low, high = (_number(end) for end in each.reach)
    reach = voice.say("{low} to {high}", low=low, high=high)
    if each.tips is None:
        return Row(each.path, _number(each.mean), reach, voice.say("nowhere within reach"), "")
    turns = voice.say("{tips}: “{arm}”", tips=_beyond(each, voice), arm=each.arm)
    return Row(each.path, _number(each.mean), reach, turns, f"{each.effective:,.0f}")


def _beyond(each: Belief, voice: Voice) -> str:
    """From where on another arm earns most."""
    tips = each.mean if each.tips is None else each.tips
    more = tips >= each.mean
    said = voice.say("{mean} or more" if more else "{mean} or less", mean=_number(tips))
    low, high = each.between
    if low is not None and high is not None:
        return voice.say("{tips} ({low} to {high})", tips=said, low=_number(low), high=_number(high))
    near = low if more else high
    if near is None:
        return said
    return voice.say("{tips} (from {near} on, or nowhere within reach)", tips=said, near=_number(near))


def _number(value: float) -> str:
    return shown(float(f"{value:.{DIGITS}g}"))
