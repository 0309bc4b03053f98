"""What differs between arms, in words: what each arm has of that in which they differ, and what comes to change."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trafficsim.market.places import Pool
from trafficsim.mechanisms.hooks import Hook
from trafficsim.report.in_words import SECTIONS, Entry, bare, entries, full, missing, missing_section, sentence, told
from trafficsim.report.own_tables import own_lacking, own_sentences, own_settings
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.scenario.naming import setting_in_words
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import Setting, settings

UNTOLD = ("title", "about", "language")
"""Settings that change nothing in a run."""
MOST_CHANGES_TOLD = 6
"""Dated changes of a setting that are told one by one; of more, their span is."""
Value = Any
_ABSENT = object()


@dataclass(frozen=True)
class Strategies:
    """The arms of a comparison, told.

    `lacks`: for each arm a sentence on what it has not got of that in which arms differ, "" if it has everything.
    `has`: sentences on what arms have, by the arms that have it alike. `shared`: on what is the same in all of them.
    `changes`: dated changes, each with the arms in which it comes.
    """

    lacks: dict[str, str]
    has: dict[tuple[str, ...], list[str]]
    shared: list[str]
    changes: list[str]


def plans(result: Result) -> dict[str, list[tuple[int, Plan]]]:
    """The plans of each arm, each with the day from which on it is in force."""
    return {arm: [(day, _plan(plan)) for day, plan in several] for arm, several in result.about.plans.items()}


def _plan(told: Mapping[str, Any]) -> Plan:
    """A plan without mechanisms of one's own, which may not be known here (see `own_tables`)."""
    return Plan.model_validate_json(json.dumps({key: told[key] for key in told if key in Plan.model_fields}))


def strategies(result: Result, voice: Voice) -> Strategies:
    """What sets the arms apart, in the voice's language."""
    dated = plans(result)
    first = {arm: several[0][1] for arm, several in dated.items()}
    has = {arm: entries(plan) for arm, plan in first.items()}
    known = {arm: _leaves(settings(plan)) for arm, plan in first.items()}
    paths = {path: None for own in has.values() for path in own}
    differing = [path for path in paths if _differs(path, has)]
    varying = _varying(known)
    found: dict[str, list[str]] = {}
    own, lacking = own_sentences(result, voice), own_lacking(result, voice)
    alike = [text for text in own[next(iter(has))] if all(text in texts for texts in own.values())]
    for arm in has:
        for text in (
            *_told(arm, differing, has, known, varying, voice),
            *(text for text in own[arm] if text not in alike),
        ):
            found.setdefault(text, []).append(arm)
    grouped: dict[tuple[str, ...], list[str]] = {}
    for text, arms in found.items():
        grouped.setdefault(tuple(arms), []).append(text)
    one = next(iter(has.values()))
    return Strategies(
        lacks={
            arm: _lacks([path for path in differing if path not in its], its, has, lacking[arm], voice)
            for arm, its in has.items()
        },
        has=grouped,
        shared=[*(sentence(entry, voice) for path, entry in one.items() if path not in differing), *alike],
        changes=_changes(dated, voice),
    )


def differing_settings(result: Result) -> list[tuple[str, dict[str, Value]]]:
    """Every setting of day 0 that isn't the same in all arms: its path, and its value in each arm that has it."""
    own = own_settings(result)
    known = {arm: _leaves(settings(several[0][1])) | own[arm] for arm, several in plans(result).items()}
    paths = {path: None for own in known.values() for path in own}
    return [
        (path, {arm: own[path] for arm, own in known.items() if path in own})
        for path in paths
        if len({repr(own.get(path, _ABSENT)) for own in known.values()}) > 1
    ]


def shown(value: object) -> str:
    """A setting as the scenario file would show it, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(shown(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "–"
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def _leaves(known: Mapping[str, Setting]) -> dict[str, Value]:
    return {path: setting.value for path, setting in known.items() if not setting.is_section and path not in UNTOLD}


def _differs(path: str, has: Mapping[str, Mapping[str, Entry]]) -> bool:
    first, *others = [own.get(path) for own in has.values()]
    return any(_alone(other) != _alone(first) for other in others)


def _alone(entry: Entry | None) -> object:
    """An entry without the parts that are told by themselves."""
    if entry is None or entry.path != "word_of_mouth":
        return entry
    return entry.value.model_copy(update={"koc": None, "kol": None, "partners": None})


def _told(
    arm: str,
    differing: Iterable[str],
    has: Mapping[str, Mapping[str, Entry]],
    known: Mapping[str, Mapping[str, Value]],
    varying: set[str],
    voice: Voice,
) -> list[str]:
    """What an arm has, in sentences, then settings that no sentence speaks of."""
    had = [has[arm][path] for path in differing if path in has[arm]]
    spoken = {f"{entry.path}.{name}" for entry in had for name in told(entry, voice)}
    sentences = [
        _idle(entry, voice) if _is_idle(entry, has[arm]) else sentence(entry, voice)
        for entry in had
        if not bare(entry, voice)
    ]
    return [*sentences, *_others(known[arm], varying - spoken, voice)]


def _is_idle(entry: Entry, own: Mapping[str, Entry]) -> bool:
    """Whether a pool is one into which an arm neither posts nor leads anybody."""
    name = entry.path.partition(".")[2]
    leads_there = any(isinstance(other.value, Hook) and other.value.into == name for other in own.values())
    return isinstance(entry.value, Pool) and f"posts.{name}" not in own and not leads_there


def _idle(entry: Entry, voice: Voice) -> str:
    pool = entry.path.partition(".")[2]
    return voice.say("Pool “{pool}” stands idle: nothing is posted there and no hook leads into it.", pool=pool)


def _lacks(
    paths: list[str], own: Mapping[str, Entry], has: Mapping[str, Mapping[str, Entry]], further: list[str], voice: Voice
) -> str:
    """What an arm has not got: a whole section in one word, nothing of what a missing pool implies, then `further`."""
    everything = {path: entry for arm in has.values() for path, entry in arm.items()}
    pools = {path.partition(".")[2] for path in paths if isinstance(everything[path].value, Pool)}
    names: dict[str, list[str]] = {}
    for path in paths:
        if not _implied(everything[path], pools):
            section, _, name = path.partition(".")
            names.setdefault("pools" if isinstance(everything[path].value, Pool) else section, []).append(name)
    gone = {section for section in SECTIONS[1:] if not any(path.startswith(f"{section}.") for path in own)}
    lacking = [
        missing_section(section, voice.say) if section in gone else missing(section, several, voice)
        for section, several in names.items()
    ]
    return full(voice.parts([*lacking, *further]), voice)


def _implied(entry: Entry, pools: set[str]) -> bool:
    """Whether an entry can't be there without one of the pools."""
    if entry.path.startswith("posts."):
        return entry.name in pools
    return any(getattr(entry.value, key, None) in pools for key in ("into", "serves", "pool"))


def _varying(known: Mapping[str, Mapping[str, Value]]) -> set[str]:
    """Settings that several arms have with different values."""
    values: dict[str, set[str]] = {}
    for own in known.values():
        for path, value in own.items():
            values.setdefault(path, set()).add(repr(value))
    return {path for path, several in values.items() if len(several) > 1}


def _others(own: Mapping[str, Value], unspoken: set[str], voice: Voice) -> list[str]:
    """Settings in which arms that have them differ, and of which no sentence speaks."""
    return [
        voice.say("{setting}: {value}", setting=setting_in_words(path, voice.say), value=shown(value))
        for path, value in own.items()
        if path in unspoken
    ]


def _changes(dated: Mapping[str, list[tuple[int, Plan]]], voice: Voice) -> list[str]:
    """Dated changes, in the order of their days, each with the arms in which it comes."""
    arms_of: dict[tuple[int, str, str, str], list[str]] = {}
    turned: dict[tuple[int, str], list[str]] = {}
    for arm, several in dated.items():
        for (_, before), (day, after) in pairwise(several):
            was, now = _leaves(settings(before)), _leaves(settings(after))
            for path in now:
                if path in was and was[path] != now[path]:
                    arms_of.setdefault((day, path, shown(was[path]), shown(now[path])), []).append(arm)
        for (_, before), (day, after) in pairwise(several):
            for change in _comes_and_goes(entries(before), entries(after), voice):
                turned.setdefault((day, change), []).append(arm)
    often = {
        path
        for path, times in Counter(key[1] for key in arms_of).items()
        if times > MOST_CHANGES_TOLD and _numbers(path, dated)
    }
    single = [
        _change(key, arms, everywhere=len(arms) == len(dated), voice=voice)
        for key, arms in sorted(arms_of.items())
        if key[1] not in often
    ]
    everywhere = len(dated)
    switched = [
        voice.say("From {day} on: {change}", day=voice.day(day), change=change)
        if len(arms) == everywhere
        else voice.say("From {day} on, in {arms}: {change}", day=voice.day(day), arms=voice.listed(arms), change=change)
        for (day, change), arms in sorted(turned.items())
    ]
    return [*switched, *single, *(_changing(path, arms_of, dated, voice) for path in sorted(often))]


def _comes_and_goes(before: Mapping[str, Entry], after: Mapping[str, Entry], voice: Voice) -> list[str]:
    """What an event switches off, and what it switches on, each as a sentence."""
    gone: dict[str, list[str]] = {}
    for path, entry in before.items():
        if path not in after:
            section, _, name = path.partition(".")
            gone.setdefault("pools" if isinstance(entry.value, Pool) else section, []).append(name)
    off = [full(missing(section, names, voice), voice) for section, names in gone.items()]
    return [*off, *(sentence(entry, voice) for path, entry in after.items() if path not in before)]


def _changing(
    path: str,
    changes: Mapping[tuple[int, str, str, str], list[str]],
    dated: Mapping[str, list[tuple[int, Plan]]],
    voice: Voice,
) -> str:
    """A setting that changes on many days, as a file of what was done gives it, in one sentence."""
    days = sorted({key[0] for key in changes if key[1] == path})
    values = _numbers(path, dated)
    return voice.say(
        "{setting} changes on {many} days from {first} to {last}, between {low} and {high}.",
        setting=setting_in_words(path, voice.say),
        many=f"{len(days):,}",
        first=voice.day(days[0]),
        last=voice.day(days[-1]),
        low=shown(min(values)),
        high=shown(max(values)),
    )


def _numbers(path: str, dated: Mapping[str, list[tuple[int, Plan]]]) -> list[float]:
    """All values of a setting that is a number."""
    found = [settings(plan).get(path) for several in dated.values() for _, plan in several]
    return [setting.value for setting in found if setting is not None and setting.is_number]


def _change(key: tuple[int, str, str, str], arms: list[str], *, everywhere: bool, voice: Voice) -> str:
    (day, path, was, now), say = key, voice.say
    name = setting_in_words(path, say)
    if everywhere:
        return say(
            "From {day} on: {setting} is {now} instead of {was}.", day=voice.day(day), setting=name, now=now, was=was
        )
    return say(
        "From {day} on, in {arms}: {setting} is {now} instead of {was}.",
        day=voice.day(day),
        arms=voice.listed(arms),
        setting=name,
        now=now,
        was=was,
    )
