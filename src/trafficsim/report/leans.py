"""What the answer leans on: assumed numbers, by influence where that was measured, else as they are listed."""

import shlex
from collections.abc import Iterable
from typing import Any, NamedTuple

from trafficsim.report.naming import in_a_table, in_words, value_in_words
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.about import Assumed, End, Influence, Leaning
from trafficsim.results.intervals import Interval
from trafficsim.scenario.naming import is_money
from trafficsim.words import rounding


class Lean(NamedTuple):
    """A row of the table: a number, its range, why it was chosen, the least lead at either end (or "")."""

    name: str
    value: str
    range: str
    note: str
    at_low: str
    at_high: str


def measured(result: Result) -> bool:
    """Whether the influence of assumed numbers was measured (`trafficsim.study.lean`)."""
    return result.about.leaning is not None


def leans(result: Result, voice: Voice) -> list[Lean]:
    """Numbers with a plausible range, the one that moves the answer most first; unmeasured in the scenario's order."""
    if result.about.leaning:
        notes = {number.path: _note(number, result, voice) for number in result.about.assumed}
        found = by_influence(result.about.leaning)
        by = _scale([end for number in found for end in number.ends], voice)
        return [_row(number, notes.get(number.path, ""), by, voice) for number in found]
    ranged = [number for number in result.about.assumed if number.range]
    return [_listed(each, _note(each, result, voice), voice) for each in ranged]


def _listed(each: Assumed, note: str, voice: Voice) -> Lean:
    name, value = in_a_table(each.path, voice), value_in_words(each.path, each.value, voice)
    return Lean(name, value, _range(each.path, each.range, voice), note, "", "")


def _note(number: Assumed, result: Result, voice: Voice) -> str:
    """Why a number was chosen, and where another one was run in its place."""
    return voice.parts(filter(None, (number.note, equalised(number.path, result, voice))))


def equalised(path: str, result: Result, voice: Voice) -> str:
    """What an advertising budget was made for equal money, in each arm that is scaled; "" for all other settings."""
    section, _, setting = path.partition(".")
    place, _, setting = setting.rpartition(".")
    equal = result.about.equal_budget
    if (section, setting) != ("advertising", "budget_per_day") or not equal:
        return ""
    first = {arm: plans[0][1].get("advertising") for arm, plans in result.about.plans.items()}
    sums = {arm: ads[place]["budget_per_day"] for arm, ads in first.items() if isinstance(ads, dict) and place in ads}
    return voice.parts(
        voice.say("in {arm} {budget}, for a fair comparison", arm=f"“{arm}”", budget=voice.price(sums[arm]))
        for arm, factor in equal.factors.items()
        if factor != 1.0 and arm in sums
    )


def without_range(result: Result, voice: Voice) -> list[tuple[str, str, str]]:
    """Assumed numbers of which nobody said how far they may lie off, and why they were chosen."""
    return [
        (in_a_table(each.path, voice), value_in_words(each.path, each.value, voice), _note(each, result, voice))
        for each in result.about.assumed
        if not each.range
    ]


def by_influence(found: Leaning) -> list[Influence]:
    """The numbers that were tried, the one that moves a lead furthest at either end first."""
    return sorted(found.numbers, key=lambda number: -_reach(number, found.leads))


def sentences(result: Result, voice: Voice) -> list[str]:
    """What was found out about the numbers, or that nothing was and how to."""
    say = voice.say
    found = result.about.leaning
    if found is None:
        return [say("Which of them matter most was not measured in this run; how to, is told at the end of this page.")]
    how = say(
        "Each was moved alone to both ends of its range, in {replicates} replicates; in these, “{best}” leads {others} "
        "as assumed.",
        replicates=found.replicates,
        best=found.best,
        others=voice.listed(
            say("“{other}” by {lead}", other=other, lead=voice.money(lead)) for other, lead in found.leads.items()
        ),
    )
    return [how, *_turning(found, voice)]


def turning(result: Result, voice: Voice) -> list[str]:
    """What would change the answer: numbers that turn it, that none does, or that it was not measured."""
    found, assumed = result.about.leaning, result.about.assumed
    if found is not None:
        return _turning(found, voice)
    if not assumed or len(result.arms) == 1:
        return []
    text = (
        "How sure: no surer than the {many} guessed numbers it rests on; whether it holds if they are wrong has not "
        "been tried."
    )
    if not result.about.facts:
        text = (
            "How sure: no surer than the {many} guessed numbers it rests on; whether it holds if they are wrong has "
            "not been tried, and nothing was checked against what is observed."
        )
    return [voice.say(text, many=f"{len(assumed):,}")]


def asked_of(result: Result) -> str:
    """What `compare` was given: a file by its path, or a case by its name, as the command line takes it again."""
    program, command, given, *_ = [*shlex.split(result.about.repeat.partition("\n")[0]), "", "", "-"]
    told = (program, command) == ("trafficsim", "compare") and not given.startswith("-")
    return shlex.quote(given) if told else result.about.scenario


def to_try(result: Result, voice: Voice) -> list[str]:
    """How to try whether the answer holds over what is assumed, where that was not done."""
    if measured(result) or result.uncertain or not result.about.assumed or len(result.arms) == 1:
        return []
    return [voice.say("To try other guesses: trafficsim compare {scenario} --uncertain 64", scenario=asked_of(result))]


def _turning(found: Leaning, voice: Voice) -> list[str]:
    said = [sentence for other in found.leads if (sentence := _turned(found, other, voice))]
    if said:
        return said
    text = "No assumed number alone, moved to either end of its range, changes who leads between {arms} for certain."
    return [voice.say(text, arms=voice.listed(f"“{arm}”" for arm in (found.best, *found.leads)))]


def _turned(found: Leaning, other: str, voice: Voice) -> str:
    """With which numbers the order of two arms turns for certain: the whole interval of the lead has the other sign."""
    behind = found.leads[other] < 0
    turning = [
        voice.say(
            "{setting} = {value}",
            setting=in_words(number.path, voice),
            value=value_in_words(number.path, end.value, voice),
        )
        for number in by_influence(found)
        for end in number.ends
        if other in end.leads and (end.leads[other][1] > 0 if behind else end.leads[other][2] < 0)
    ]
    if not turning:
        return ""
    first, second = (found.best, other) if behind else (other, found.best)
    text = "What would change it: “{first}” gets ahead of “{second}” with {numbers}."
    return voice.say(text, first=first, second=second, numbers=voice.listed(turning))


def _reach(number: Influence, leads: dict[str, float]) -> float:
    moved = [abs(lead[0] - leads[arm]) for end in number.ends for arm, lead in end.leads.items()]
    return max(moved, default=-1.0)


def _scale(ends: Iterable[End], voice: Voice) -> rounding.Scale:
    """The one scale of all leads of the table."""
    leads = (limit for end in ends for limits in end.leads.values() for limit in limits)
    return rounding.common(leads, voice.language)


def _row(number: Influence, note: str, by: rounding.Scale, voice: Voice) -> Lean:
    said = {end.value: _lead(end, by, voice) for end in number.ends}
    low, high = (said.get(limit, "") for limit in number.range)
    name = in_a_table(number.path, voice)
    value = value_in_words(number.path, number.value, voice)
    return Lean(name, value, _range(number.path, number.range, voice), note, low, high)


def _lead(end: End, by: rounding.Scale, voice: Voice) -> str:
    """The lead over the arm that comes nearest, named where several could."""
    if not end.leads:
        return end.problem or rounding.UNDEFINED
    arm, limits = min(end.leads.items(), key=lambda lead: lead[1][0])
    lead = voice.plain(Interval(*limits), sign=True, by=by)
    return lead if len(end.leads) == 1 else voice.say("{lead} over “{arm}”", lead=lead, arm=arm)


def _range(path: str, given: Any, voice: Voice) -> str:
    ends = (float(f"{end:.3g}") if isinstance(end, float) else end for end in given)
    if is_money(path):
        return voice.prices(*ends)
    low, high = (value_in_words(path, end, voice) for end in ends)
    return voice.say("{low} to {high}", low=low, high=high)
