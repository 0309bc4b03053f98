"""What the answer leans on: assumed numbers, by influence where that was measured, else as they are listed."""

from typing import Any, NamedTuple

from trafficsim.report.differences import shown
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.about import End, Influence, Leaning
from trafficsim.words import rounding


class Lean(NamedTuple):
    """A row of the table: a number, its range, and the least lead at either end ("" where that was not measured)."""

    path: str
    value: str
    range: str
    at_low: str
    at_high: str


def measured(result: Result) -> bool:
    """Whether the influence of assumed numbers was measured (`trafficsim.study.lean`)."""
    return result.about.leaning is not None


def leans(result: Result, voice: Voice) -> list[Lean]:
    """Numbers with a plausible range, the one that moves the answer most first; unmeasured in the scenario's order."""
    if result.about.leaning:
        return [_row(number, voice) for number in by_influence(result.about.leaning)]
    ranged = [number for number in result.about.assumed if number.range]
    return [Lean(each.path, shown(each.value), _range(each.range, voice), "", "") for each in ranged]


def without_range(result: Result) -> list[tuple[str, str]]:
    """Assumed numbers of which nobody said how far they may lie off."""
    return [(path, shown(value)) for path, value, given in result.about.assumed if not given]


def by_influence(found: Leaning) -> list[Influence]:
    """The numbers that were tried, the one that moves a lead furthest at either end first."""
    return sorted(found.numbers, key=lambda number: -_reach(number, found.leads))


def sentences(result: Result, voice: Voice) -> list[str]:
    """What was found out about the numbers, or that nothing was and how to."""
    say = voice.say
    found = result.about.leaning
    if found is None:
        return [
            say(
                "Which of them matter most was not measured in this run: trafficsim compare {scenario} --leans moves "
                "each to both ends of its range.",
                scenario=result.about.scenario,
            )
        ]
    how = say(
        "Each was moved alone to both ends of its range, in {replicates} replicates; in these, “{best}” leads {others} "
        "as assumed.",
        replicates=found.replicates,
        best=found.best,
        others=voice.listed(
            say("“{other}” by {lead}", other=other, lead=voice.money(lead)) for other, lead in found.leads.items()
        ),
    )
    turning = [_turned(found, other, voice) for other in found.leads]
    return [how, *([said for said in turning if said] or [_unturned(found.best, list(found.leads), voice)])]


def _turned(found: Leaning, other: str, voice: Voice) -> str:
    """With which numbers another arm gets ahead for certain: the whole interval of the lead lies below nothing."""
    turning = [
        _named(number, end)
        for number in by_influence(found)
        for end in number.ends
        if other in end.leads and end.leads[other][2] < 0
    ]
    if not turning:
        return ""
    return voice.say(
        "“{other}” gets ahead of “{best}” with {numbers}.", best=found.best, other=other, numbers=voice.listed(turning)
    )


def _unturned(best: str, others: list[str], voice: Voice) -> str:
    if len(others) > 1:
        return voice.say("None of them alone puts any of these ahead of “{best}” for certain.", best=best)
    return voice.say("None of them alone puts “{other}” ahead of “{best}” for certain.", best=best, other=others[0])


def _reach(number: Influence, leads: dict[str, float]) -> float:
    moved = [abs(lead[0] - leads[arm]) for end in number.ends for arm, lead in end.leads.items()]
    return max(moved, default=-1.0)


def _named(number: Influence, end: End) -> str:
    return f"{number.path} = {shown(end.value)}"


def _row(number: Influence, voice: Voice) -> Lean:
    said = {end.value: _lead(end, voice) for end in number.ends}
    low, high = (said.get(limit, "") for limit in number.range)
    return Lean(number.path, shown(number.value), _range(number.range, voice), low, high)


def _lead(end: End, voice: Voice) -> str:
    """The lead over the arm that comes nearest, named where several could."""
    if not end.leads:
        return end.problem or rounding.UNDEFINED
    arm, limits = min(end.leads.items(), key=lambda lead: lead[1][0])
    lead, low, high = (rounding.short(number, sign=True, language=voice.language) for number in limits)
    if len(end.leads) == 1:
        return voice.say("{mean} ({low} to {high})", mean=lead, low=low, high=high)
    return voice.say("{mean} ({low} to {high}) over “{arm}”", mean=lead, low=low, high=high, arm=arm)


def _range(given: Any, voice: Voice) -> str:
    return voice.say("{low} to {high}", low=shown(given[0]), high=shown(given[1]))
