"""A plan in sentences, as tables and as plain data."""

import datetime as dt
import math
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from trafficsim.books.metrics import metric
from trafficsim.plots.money import line_names
from trafficsim.report.checked import marked
from trafficsim.report.voice import Voice
from trafficsim.results.intervals import Interval
from trafficsim.scenario.scenario import AMENDED
from trafficsim.study.planned import MONEY, Lever, Limit, Margin, Plan, Rival
from trafficsim.study.varying import level_in_words
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

BOUND = 0.02
"""A limit of which no larger share is left binds (assumed: surfaces don't tell it more finely)."""


def planned(found: Plan, language: Language | None = None) -> list[str]:
    """What to do, what it comes to beside other ways, what more would bring, how flat the top is, and what binds.

    Args:
        found: from `plan`.
        language: of the sentences, instead of the scenario's.
    """
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    said = [_to_do(found, voice), _amounts(found, voice), *_verdict(found, voice)]
    said += [*_margins(found, voice), *_flat(found, voice), *_binding(found, voice), *_frontier(found, voice)]
    return [*said, _how(found, voice)]


def briefly(found: Plan, language: Language | None = None) -> list[str]:
    """Of these: what to do, what it comes to, and whether it wins over other ways."""
    voice = Voice(language or found.scenario.language, found.scenario.currency)
    return [_to_do(found, voice), *_verdict(found, voice)]


def _verdict(found: Plan, voice: Voice) -> list[str]:
    return [_comes_to(found, voice), *_beside(found, voice)]


def lever_names(found: Plan, say: Words) -> dict[str, str]:
    """What each lever is called, by its path: by the label of its slider and the entry it belongs to, if it has one."""
    known, labels = found.scenario.settings(found.arm), found.scenario.labels
    names = {}
    for lever in found.levers:
        setting, below = known.get(lever.path), lever.path.split(".")[1:-1]
        names[lever.name] = lever.name
        if setting is not None and setting.slider is not None and "*" not in lever.name:
            label = setting.slider.zh if say.language == "zh" and setting.slider.zh else setting.slider.label
            entry = labels.get(below[0], below[0]) if below else ""
            names[lever.name] = say("{name}: {label}", name=entry, label=label) if entry else label
    twice = [name for name in names.values() if list(names.values()).count(name) > 1]
    return {path: path if name in twice else name for path, name in names.items()}


def rival_names(found: Plan, say: Words) -> dict[str, str]:
    """What the plan and other ways are called, by kind."""
    labels = found.scenario.labels
    return {
        "plan": say("the plan"),
        "today": say("“{arm}” as it stands", arm=labels.get(found.arm, found.arm)),
        "baseline": f"“{labels.get(found.baseline, found.baseline)}”",
        "ads": say("all on advertising"),
        "pool": say("all on the pool"),
        "equal": say("equal parts"),
    }


def aim_name(found: Plan, say: Words) -> str:
    """What is aimed at, in a few words."""
    return (
        say("day from which total profit stays above 0") if found.aim == "payback_day" else say(metric(found.aim).label)
    )


def aim_shown(found: Plan, voice: Voice) -> Callable[[float], str]:
    """How a value of the aim is written."""
    return voice.money if found.aim in MONEY else voice.short


def value_shown(lever: Lever, value: Any, voice: Voice) -> str:
    """A lever's value with its unit."""
    if value is None:
        return voice.say("none")
    shown = level_in_words(value, voice.say)
    return rounding.paid(shown, voice.currency, voice.language) if lever.unit == "money" else shown


def date_of(found: Plan, day: int | None) -> str:
    """The date of a day, by default the last."""
    last = found.days - 1 if day is None else day
    return (found.scenario.start + dt.timedelta(days=last)).isoformat()


def _to_do(found: Plan, voice: Voice) -> str:
    say, names = voice.say, lever_names(found, voice.say)
    parts = []
    for lever in found.levers:
        now, today = value_shown(lever, lever.value, voice), value_shown(lever, lever.today, voice)
        text = "{lever} {value}" if now == today else "{lever} {value} instead of {today}"
        parts.append(say(text, lever=names[lever.name], value=now, today=today))
    arm = found.scenario.labels.get(found.arm, found.arm)
    return say(
        "The plan for “{arm}”, which may spend {budget} up to {date}: {parts}.",
        arm=arm,
        budget=voice.money(found.budget),
        date=date_of(found, None),
        parts=voice.parts(parts),
    )


def _amounts(found: Plan, voice: Voice) -> str:
    say, best = voice.say, found.best
    names = line_names(say) | _own_lines(found, say)
    lines = voice.listed(f"{names.get(name, name)} {voice.money(amount)}" for name, amount in best.lines.items())
    low, high = best.spend_range
    said = {"sum": voice.money(best.spend.middle), "low": voice.money(low), "high": voice.money(high), "lines": lines}
    if not best.lines:
        return say("It spends nothing.")
    if found.uncertain:
        return say("It spends {sum} on average, {low} to {high} in 90% of worlds: {lines}.", **said)
    return say("It spends {sum} on average: {lines}.", **said)


def _own_lines(found: Plan, say: Words) -> dict[str, str]:
    counters = (counter for mechanism in found.scenario.own for counter in mechanism.counters)
    return {c.name: c.zh if say.language == "zh" and c.zh else c.meaning for c in counters}


def _comes_to(found: Plan, voice: Voice) -> str:
    say, aim = voice.say, found.best.aim
    of = {
        "average": say("on average over {worlds} fresh worlds", worlds=f"{found.judged:,}"),
        "worst": say("on average over the worst tenth of {worlds} fresh worlds", worlds=f"{found.judged:,}"),
        "regret": say(
            "behind the best known plan, in the worst tenth of {worlds} fresh worlds", worlds=f"{found.judged:,}"
        ),
    }[found.risk]
    value = voice.amount(aim) if found.aim in MONEY else voice.plain(aim)
    return say("It comes to {value} in {aim}, {of}.", value=value, aim=aim_name(found, say), of=of)


def _beside(found: Plan, voice: Voice) -> list[str]:
    """Which other ways the plan beats there, which it can't be told from, and which beat it."""
    say, names = voice.say, rival_names(found, voice.say)
    better, open_, worse = list[str](), list[str](), list[str]()
    for rival in found.rivals[1:]:
        behind = rival.behind
        name = names[rival.kind] if rival.allowed else say("{name}, which breaks a limit", name=names[rival.kind])
        told = say("{name}: {difference}", name=name, difference=voice.signed(behind))
        (better if behind.low > 0 else worse if behind.high < 0 else open_).append(told)
    said = [say("That is better than others by: {names}.", names=voice.parts(better))] if better else []
    if worse:
        said.append(say("It does not win; others are better, the plan minus them: {names}.", names=voice.parts(worse)))
    if open_:
        said.append(say("The plan minus others, which can't be told from 0: {names}.", names=voice.parts(open_)))
    return said


def _margins(found: Plan, voice: Voice) -> list[str]:
    say, names = voice.say, lever_names(found, voice.say)
    telling, free = [], []
    for margin in found.margins:
        name = names[margin.lever]
        if math.isnan(margin.per_thousand.low):
            free.append(
                say("{lever} {difference}", lever=_moved(found, margin, voice), difference=voice.signed(margin.adds))
            )
        else:
            telling.append(say("{lever} {difference}", lever=name, difference=voice.signed(margin.per_thousand)))
    net = found.aim in MONEY and found.aim != "revenue"
    said = []
    if telling:
        text = (
            "A further {sum} on a lever adds to {aim}, the {sum} taken off: {parts}."
            if net
            else "A further {sum} on a lever adds to {aim}: {parts}."
        )
        said.append(say(text, sum=voice.price(1000.0), aim=aim_name(found, say), parts=voice.parts(telling)))
    if free:
        text = "What hardly costs anything, or saves: moving {parts} in {aim}."
        said.append(say(text, parts=voice.parts(free), aim=aim_name(found, say)))
    return said


def _moved(found: Plan, margin: Margin, voice: Voice) -> str:
    """A lever and from where to where it was moved, upwards."""
    lever = next(each for each in found.levers if each.name == margin.lever)
    ends = [value_shown(lever, value, voice) for value in (lever.value, margin.to)]
    low, high = reversed(ends) if margin.less else ends
    name = lever_names(found, voice.say)[margin.lever]
    return voice.say("{lever} from {low} to {high}:", lever=name, low=low, high=high)


def _flat(found: Plan, voice: Voice) -> list[str]:
    say, names = voice.say, lever_names(found, voice.say)
    parts = []
    for lever in found.levers:
        if lever.flat is not None:
            low, high = (value_shown(lever, end, voice) for end in lever.flat)
            ends = say("{low} to {high}", low=low, high=high) if low != high else low
            parts.append(f"{names[lever.name]} {ends}")
    tolerance = aim_shown(found, voice)(found.tolerance)
    text = "Moved alone, a lever stays within {sum} of the plan over: {parts}."
    return [say(text, sum=tolerance, parts=voice.parts(parts))] if parts else []


def _binding(found: Plan, voice: Voice) -> list[str]:
    say, names = voice.say, lever_names(found, voice.say)
    ends = {
        "low": say("its lowest"),
        "high": say("its highest"),
    }
    parts = [
        limit_shown(found, limit, voice)
        for limit, left in zip(found.limits, found.left, strict=True)
        if binds(limit, left)
    ]
    parts += [
        say(
            "{lever} at {end}, {value}",
            lever=names[lever.name],
            end=ends[lever.bound],
            value=value_shown(lever, lever.value, voice),
        )
        for lever in found.levers
        if lever.bound
    ]
    said = [say("What binds: {parts}.", parts=voice.parts(parts))] if parts else [say("No limit binds.")]
    kept = max(found.budget - found.best.spend.middle, 0.0)
    if kept and not binds(found.limits[0], found.left[0]):
        said.append(say("The budget does not bind: {sum} of it are better kept.", sum=voice.money(kept)))
    return said


def binds(limit: Limit, left: float) -> bool:
    """Whether hardly anything is left of a limit."""
    return left <= BOUND * abs(limit.value)


def limit_shown(found: Plan, limit: Limit, voice: Voice) -> str:
    """A limit in words."""
    money = limit.name in {"spend", "profit", "cash", "lowest_cash", "revenue"}
    value = voice.money(limit.value) if money else voice.short(limit.value)
    name = voice.say("the budget") if limit == found.limits[0] else limit.name
    text = "{name}, at most {value} up to {date}" if limit.most else "{name}, at least {value} up to {date}"
    return voice.say(text, name=name, value=value, date=date_of(found, limit.day))


def _frontier(found: Plan, voice: Voice) -> list[str]:
    if not found.frontier:
        return []
    say, last = voice.say, -1.0
    parts = []
    for point in found.frontier:
        if point.growth.middle <= last:
            continue
        last = point.growth.middle
        said = {"growth": voice.short(last), "spend": voice.money(point.spend.middle)}
        parts.append(say("{growth} for {spend}, profit {profit}", **said, profit=voice.money(point.profit.middle)))
    text = "The most {growth} for the money, whatever the aim: {parts}."
    return [say(text, growth=say(metric(found.growth).label), parts=voice.parts(parts))]


def _how(found: Plan, voice: Voice) -> str:
    worlds = "plausible worlds" if found.uncertain else "replicates of the numbers that the file gives"
    return voice.say(
        "Found by Bayesian optimisation over {points} plans in {count} {worlds}; the surfaces foretell {aim} of the "
        "variance of the aim and {spend} of that of spend at plans held out. The plan and other ways are compared in "
        "{judged} others, with customers and luck of their own, all else is of {fresh} of these; intervals (95%) are "
        "over those.",
        points=f"{len(found.tried):,}",
        count=f"{found.worlds:,}",
        worlds=voice.say(worlds),
        aim=rounding.percent(max(found.fit[0], 0.0)),
        spend=rounding.percent(max(found.fit[1], 0.0)),
        fresh=f"{found.fresh:,}",
        judged=f"{found.judged:,}",
    )


def rivals_frame(found: Plan) -> pd.DataFrame:
    """A row for the plan and each other way in fresh worlds: aim, spend, profit, growth with limits, and levers."""
    rows = []
    for rival in found.rivals:
        row: dict[str, Any] = {"plan": rival.kind, "within_limits": rival.allowed}
        for name in ("aim", "spend", "profit", "growth", "behind"):
            row |= _columns(name, getattr(rival, name))
        rows.append(row | dict(rival.values))
    return pd.DataFrame(rows)


def frontier_frame(found: Plan) -> pd.DataFrame:
    """A row for each budget of the frontier."""
    rows = []
    for point in found.frontier:
        row: dict[str, Any] = {"budget": point.budget}
        for name in ("spend", "growth", "profit"):
            row |= _columns(name, getattr(point, name))
        rows.append(row | dict(point.values))
    return pd.DataFrame(rows)


def _columns(name: str, value: Interval) -> dict[str, float]:
    return {name: value.middle, f"{name}_low": value.low, f"{name}_high": value.high}


def as_plain(found: Plan, language: Language | None = None) -> dict[str, Any]:
    """All of it in built-in types, for JSON; what is no finite number is null.

    Sentences are in `language`, the scenario's unless given.
    """
    about = {
        "scenario": found.scenario.name.removesuffix(AMENDED),
        "currency": found.scenario.currency,
        "arm": found.arm,
        "baseline": found.baseline or found.arm,
        "days": found.days,
        "aim": found.aim,
        "risk": found.risk,
        "growth": found.growth,
        "labels": dict(found.scenario.labels),
    }
    limits = [
        {"name": x.name, "day": x.day, "at_most" if x.most else "at_least": x.value, "left": left}
        for x, left in zip(found.limits, found.left, strict=True)
    ]
    plain: dict[str, Any] = _plain(
        about
        | {
            "plan": found.settings,
            "levers": [_lever(lever) for lever in found.levers],
            "limits": limits,
            "compared": [_rival(rival) for rival in found.rivals],
            "margins": [
                {
                    "lever": m.lever,
                    "to": m.to,
                    "less": m.less,
                    "costs": m.costs,
                    "adds": m.adds,
                    "per_thousand": m.per_thousand,
                }
                for m in found.margins
            ],
            "frontier": [
                {"budget": p.budget, "plan": dict(p.values), "spend": p.spend, "growth": p.growth, "profit": p.profit}
                for p in found.frontier
            ],
            "tolerance": found.tolerance,
            "held_out_r2": {"aim": found.fit[0], "spend": found.fit[1]},
            "tried": found.tried.to_dict("records"),
            "worlds": found.worlds,
            "fresh_worlds": found.fresh,
            "judged_worlds": found.judged,
            "uncertain": found.uncertain,
            "seed": found.seed,
            "confidence": found.confidence,
            "answer": planned(found, language),
        }
        | marked(found.scenario)
    )
    return plain


def _lever(lever: Lever) -> dict[str, Any]:
    return {
        "name": lever.name,
        "unit": lever.unit,
        "today": lever.today,
        "plan": lever.value,
        "as_good": lever.flat,
        "at_end": lever.bound,
        "curve": lever.curve.tolist(),
        "costs": lever.costs,
    }


def _rival(rival: Rival) -> dict[str, Any]:
    numbers = {name: getattr(rival, name) for name in ("aim", "spend", "profit", "growth", "behind")}
    more = {"lines": dict(rival.lines), "within_limits": rival.allowed}
    return {"plan": rival.kind, "levers": dict(rival.values), **numbers, **more}


def _plain(value: Any) -> Any:
    if isinstance(value, Interval):
        return _plain({"middle": value.middle, "low": value.low, "high": value.high})
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value
