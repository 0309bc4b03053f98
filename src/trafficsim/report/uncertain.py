"""What an answer is worth over all that is assumed: sentences and rows, from plausible worlds."""

from typing import NamedTuple

from trafficsim.report import beliefs
from trafficsim.report.differences import shown
from trafficsim.report.voice import Voice
from trafficsim.results.uncertain import Condition, Hinge, Limits, Rule, Uncertain
from trafficsim.words import rounding

ROWS = 12
"""Numbers that the report shows: further ones explain next to nothing."""


class Row(NamedTuple):
    """A number of the table."""

    path: str
    value: str
    range: str
    at_low: str
    at_high: str
    first: str
    total: str
    worth: str


class Arm(NamedTuple):
    """An arm over the worlds."""

    name: str
    best: str
    profit: str
    least: str
    most: str
    regret: str
    most_regret: str


class Beside(NamedTuple):
    """An interval of the lead, for a row of two: what it covers, middle and limits."""

    covers: str
    middle: str
    limits: str


def sentences(found: Uncertain, voice: Voice) -> list[str]:
    """The answer over plausible worlds: who earns most, by how much, where it turns, for whom, what to measure."""
    held = [*_where(found, voice), *beliefs.sentence(found, voice)]
    return [*_who(found, voice), _by_how_much(found, voice), *held, _measure(found, voice)]


def notes(found: Uncertain, voice: Voice) -> list[str]:
    """How the worlds were made, and what is left to luck."""
    say, lead = voice.say, found.lead
    said = [
        say(
            "{worlds} worlds of {replicates} replicates, drawn from the ranges of {numbers} uncertain numbers; all "
            "meet the same random numbers.",
            worlds=f"{found.worlds:,}",
            replicates=f"{found.replicates:,}",
            numbers=f"{len(found.hinges):,}",
        ),
        say(
            "In the worst of these worlds “{best}” earns {least} than “{other}”, in the best {most}.",
            best=found.best,
            other=found.other,
            least=_more(lead.least, voice),
            most=_more(lead.most, voice),
        ),
        *beliefs.notes(found, voice),
    ]
    if found.replicates > 1:
        text = "Random variation makes {share} of the variance of one run's lead, assumptions the rest."
        said.append(say(text, share=rounding.percent(found.luck)))
    if found.stands_for > 1:
        text = "Each customer of a world stands for {each}, so that it varies more by chance than the comparison does."
        said.append(say(text, each=f"{found.stands_for:,}"))
    said.append(
        say(
            "Shares of variance are those of an emulator, which foretells {fit} of it in worlds that it has not seen.",
            fit=rounding.percent(max(found.fit, 0.0)),
        )
    )
    if found.impossible:
        text = "{many} more worlds were drawn and left out, since no scenario holds such numbers together ({because})."
        said.append(say(text, many=f"{found.impossible:,}", because=found.because))
    if found.failed:
        text = "In {many} worlds arms could not be made to spend the same; they are left out."
        said.append(say(text, many=f"{found.failed:,}"))
    return said


def beside(found: Uncertain, voice: Voice) -> list[Beside]:
    """The lead over the nearest arm as assumed and over all worlds, one below the other."""
    say, lead = voice.say, found.lead
    assumed = [(say("random variation alone, as assumed"), lead.as_assumed)] if lead.as_assumed else []
    rows = [*assumed, (say("random variation and assumptions, all worlds"), lead.worlds)]
    return [Beside(covers, _signed(limits[0], voice), _limits(limits, voice)) for covers, limits in rows]


def arms(found: Uncertain, voice: Voice) -> list[Arm]:
    """What each arm comes to over the worlds."""
    sums = ((each.profit[0], each.least, each.most, each.regret, each.most_regret) for each in found.arms)
    columns = map(voice.counts, zip(*sums, strict=True))
    return [Arm(each.arm, rounding.percent(each.best), *told) for each, *told in zip(found.arms, *columns, strict=True)]


def rows(found: Uncertain, voice: Voice) -> list[Row]:
    """The numbers that matter most: by what they are worth to know, then by what they explain."""
    return [_row(hinge, voice) for hinge in found.by_worth[:ROWS]]


def _row(hinge: Hinge, voice: Voice) -> Row:
    worth = voice.short(hinge.worth) if hinge.told_worth else voice.say("not told from chance")
    at_low, at_high = (
        voice.say("{lead} at {value}", lead=_signed(lead, voice), value=shown(float(f"{end:.3g}")))
        for lead, end in zip(hinge.leads, hinge.ends, strict=True)
    )
    within = voice.say("{low} to {high}", low=shown(hinge.range[0]), high=shown(hinge.range[1]))
    first, total = (_shares(limits, voice) for limits in (hinge.first, hinge.total))
    return Row(hinge.path, shown(hinge.value), within, at_low, at_high, first, total, worth)


def _who(found: Uncertain, voice: Voice) -> list[str]:
    say = voice.say
    leader = max(found.arms, key=lambda arm: arm.best)
    best = next(arm for arm in found.arms if arm.arm == found.best)
    said = [
        say(
            "In {share} of {worlds} plausible worlds “{best}” earns most.",
            share=rounding.percent(best.best),
            worlds=f"{found.worlds:,}",
            best=found.best,
        )
    ]
    if leader.arm != found.best:
        text = "More often it is “{arm}” ({share}), though not as assumed."
        said.append(say(text, arm=leader.arm, share=rounding.percent(leader.best)))
    least = min(found.arms, key=lambda arm: arm.regret)
    if least.arm != found.best:
        said.append(
            say(
                "Who has to choose now loses least on average with “{arm}”: {regret} against the best arm of each "
                "world, with “{best}” {more}.",
                arm=least.arm,
                regret=voice.money(least.regret),
                best=found.best,
                more=voice.money(best.regret),
            )
        )
    return said


def _by_how_much(found: Uncertain, voice: Voice) -> str:
    say, lead = voice.say, found.lead
    put_in = {
        "best": found.best,
        "other": found.other,
        "mean": _more(lead.worlds[0], voice),
        "limits": _limits(lead.worlds, voice),
    }
    if lead.as_assumed is None:
        return say(
            "On average over worlds it earns {mean} than “{other}”; 90% of worlds lie between {limits}.", **put_in
        )
    return say(
        "“{best}” earns {mean} than “{other}” on average over worlds. 90% interval over random variation and "
        "assumptions: {limits}; over random variation alone: {assumed}.",
        assumed=_limits(lead.as_assumed, voice),
        **put_in,
    )


def _where(found: Uncertain, voice: Voice) -> list[str]:
    if not found.rules:
        return []
    rule = found.rules[0]
    return [
        voice.say(
            "It turns above all where {conditions}: there another arm earns more in {density} of worlds, and "
            "{coverage} of all worlds in which it turns are such (told by {worlds} worlds that were not used to find "
            "this).",
            conditions=_conditions(rule, voice),
            density=rounding.percent(rule.density),
            coverage=rounding.percent(rule.coverage),
            worlds=f"{rule.worlds:,}",
        )
    ]


def _conditions(rule: Rule, voice: Voice) -> str:
    said = [_condition(condition) for condition in rule.conditions]
    return voice.say(" and ").join(said)


def _condition(condition: Condition) -> str:
    text = "{path} > {limit}" if condition.above else "{path} ≤ {limit}"
    return text.format(path=condition.path, limit=shown(float(f"{condition.limit:.3g}")))


def _measure(found: Uncertain, voice: Voice) -> str:
    first = found.measure_first
    if first is None and found.turned == 0.0:
        text = "Nothing has to be measured before choosing: “{best}” earns most in every one of these worlds."
        return voice.say(text, best=found.best)
    if first is None:
        return voice.say(
            "No single number is worth measuring before choosing, as far as these worlds can tell; knowing all of them "
            "would be worth {all} on average.",
            all=voice.money(found.evpi),
        )
    return voice.say(
        "Measure {path} first: knowing it before choosing is worth {worth} on average; knowing all numbers, {all}.",
        path=first.path,
        worth=voice.money(first.worth),
        all=voice.money(max(found.evpi, first.worth)),
    )


def _more(lead: float, voice: Voice) -> str:
    """How much more or less, before "than" an arm."""
    amount = voice.money(abs(lead))
    return voice.say("{sum} more", sum=amount) if lead >= 0.0 else voice.say("{sum} less", sum=amount)


def _signed(value: float, voice: Voice) -> str:
    return rounding.short(value, sign=True, language=voice.language)


def _limits(limits: Limits, voice: Voice) -> str:
    return voice.between(limits[1], limits[2], sign=True)


def _shares(limits: Limits, voice: Voice) -> str:
    middle, low, high = (rounding.percent(limit) for limit in limits)
    return voice.say("{mean} ({low} to {high})", mean=middle, low=low, high=high)
