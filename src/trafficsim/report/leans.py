"""What the answer leans on: assumed numbers, by influence where that was measured, else as they are listed."""

from typing import Any, NamedTuple, cast

from trafficsim import rounding
from trafficsim.report.differences import shown
from trafficsim.report.voice import Voice
from trafficsim.results import Result


class Lean(NamedTuple):
    """A row of the table: a number, its range, and the lead at either end ("" where that was not measured)."""

    path: str
    value: str
    range: str
    at_low: str
    at_high: str


def measured(result: Result) -> bool:
    """Whether the influence of assumed numbers was measured (`trafficsim.study.lean`)."""
    return result.about("leaning") is not None


def leans(result: Result, voice: Voice) -> list[Lean]:
    """Numbers with a plausible range, the one that moves the answer most first; unmeasured in the scenario's order."""
    if measured(result):
        return [_row(number, voice) for number in by_influence(result)]
    rows = cast("list[tuple[str, Any, Any]]", result.about("assumed"))
    return [Lean(path, shown(value), _range(given, voice), "", "") for path, value, given in rows if given]


def without_range(result: Result) -> list[tuple[str, str]]:
    """Assumed numbers of which nobody said how far they may lie off."""
    rows = cast("list[tuple[str, Any, Any]]", result.about("assumed"))
    return [(path, shown(value)) for path, value, given in rows if not given]


def by_influence(result: Result) -> list[dict[str, Any]]:
    """The numbers that were tried, the one that moves the lead furthest at either end first."""
    found = cast("dict[str, Any]", result.about("leaning"))
    return sorted(found["numbers"], key=lambda number: -_reach(number, found["lead"]))


def sentences(result: Result, voice: Voice) -> list[str]:
    """What was found out about the numbers, or that nothing was and how to."""
    say = voice.say
    if not measured(result):
        return [
            say(
                "Which of them matter most was not measured in this run: trafficsim compare {scenario} --leans moves "
                "each to both ends of its range.",
                scenario=result.data.attrs["scenario"],
            )
        ]
    found = cast("dict[str, Any]", result.about("leaning"))
    (best, other), lead = found["pair"], voice.money(found["lead"])
    how = say(
        "Each was moved alone to both ends of its range, in {replicates} replicates; in these, “{best}” leads "
        "“{other}” by {lead} as assumed.",
        replicates=found["replicates"],
        best=best,
        other=other,
        lead=lead,
    )
    turning = [_named(number, end) for number in by_influence(result) for end in number["ends"] if _turns(end)]
    if not turning:
        return [how, say("None of them alone puts “{other}” ahead of “{best}” for certain.", best=best, other=other)]
    return [
        how,
        say("“{other}” gets ahead of “{best}” with {numbers}.", best=best, other=other, numbers=voice.listed(turning)),
    ]


def _turns(end: dict[str, Any]) -> bool:
    """Whether the whole interval of the lead lies below nothing."""
    return end["lead"] is not None and end["lead"][2] < 0


def _reach(number: dict[str, Any], lead: float) -> float:
    return max((abs(end["lead"][0] - lead) for end in number["ends"] if end["lead"]), default=-1.0)


def _named(number: dict[str, Any], end: dict[str, Any]) -> str:
    return f"{number['path']} = {shown(end['value'])}"


def _row(number: dict[str, Any], voice: Voice) -> Lean:
    said = {end["value"]: _lead(end, voice) for end in number["ends"]}
    low, high = (said.get(limit, "") for limit in number["range"])
    return Lean(number["path"], shown(number["value"]), _range(number["range"], voice), low, high)


def _lead(end: dict[str, Any], voice: Voice) -> str:
    if end["lead"] is None:
        return end["problem"] or rounding.UNDEFINED
    lead, low, high = end["lead"]
    shown_ = (rounding.short(number, sign=True, language=voice.language) for number in (lead, low, high))
    return voice.say("{mean} ({low} to {high})", **dict(zip(("mean", "low", "high"), shown_, strict=True)))


def _range(given: Any, voice: Voice) -> str:
    return voice.say("{low} to {high}", low=shown(given[0]), high=shown(given[1]))
