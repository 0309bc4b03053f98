"""What an arm does, in words that a board understands: one sentence for each campaign, hook, cadence, team and pool."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from trafficsim.market.places import Public
from trafficsim.market.quantities import Parameters
from trafficsim.report.clauses import Clause, clauses
from trafficsim.report.voice import Voice
from trafficsim.scenario.schema import Plan
from trafficsim.words.language import Words

SECTIONS = ("places", "advertising", "posts", "hooks", "staff", "audiences", "tiers", "care")
"""Sections of named entries, each of which is told by itself."""
PARTS = ("word_of_mouth", "word_of_mouth.koc", "word_of_mouth.kol", "word_of_mouth.partners", "win_back")
"""Settings of their own that are told by themselves."""


@dataclass(frozen=True)
class Entry:
    """A part of an arm's plan that has a sentence: `path` is dotted, `name` its last word."""

    path: str
    value: Parameters
    passed: bool = False
    """Posts at a public place, which may be a street: shown to whoever passes."""

    @property
    def name(self) -> str:
        """The last word of the path."""
        return self.path.rpartition(".")[2]


def entries(plan: Plan) -> dict[str, Entry]:
    """All that an arm has, by dotted path."""
    return {entry.path: entry for entry in _entries(plan)}


def _entries(plan: Plan) -> Iterator[Entry]:
    for section in SECTIONS:
        named = getattr(plan, section)
        for name, value in named.items() if isinstance(named, dict) else ():
            passed = section == "posts" and isinstance(plan.places.get(name), Public)
            yield Entry(f"{section}.{name}", value, passed)
    for path in PARTS:
        part: Any = plan
        for key in path.split("."):
            part = getattr(part, key, None)
        if isinstance(part, Parameters):
            yield Entry(path, part)


def _clauses(entry: Entry, voice: Voice) -> list[Clause]:
    return clauses(entry.value, entry.name, voice, passed=entry.passed)


def sentence(entry: Entry, voice: Voice) -> str:
    """An entry in a sentence."""
    return full(voice.clauses(clause for clause, _ in _clauses(entry, voice)), voice)


def told(entry: Entry, voice: Voice) -> set[str]:
    """The settings of an entry of which its sentence speaks."""
    return {setting for _, settings in _clauses(entry, voice) for setting in settings}


def bare(entry: Entry, voice: Voice) -> bool:
    """Whether a place's sentence says nothing but that it is there."""
    return entry.path.startswith("places.") and sum(bool(words) for words, _ in _clauses(entry, voice)) == 1


def missing(section: str, names: list[str], voice: Voice) -> str:
    """That an arm lacks entries of a section; the beginning of a sentence or a part of it."""
    say, quoted = voice.say, voice.listed(f"“{name}”" for name in names)
    return {
        "pools": lambda: say("no pool {names}", names=quoted),
        "places": lambda: say("no place {names}", names=quoted),
        "advertising": lambda: say("no advertising on {names}", names=quoted),
        "posts": lambda: say("no posts in {names}", names=quoted),
        "hooks": lambda: say("no hook {names}", names=quoted),
        "staff": lambda: say("no {names} at work", names=quoted),
        "audiences": lambda: say("no audience {names}", names=quoted),
        "tiers": lambda: say("no tier {names}", names=quoted),
        "care": lambda: say("no care {names}", names=quoted),
        "word_of_mouth": lambda: voice.clauses(_no_talk(name, say) for name in names),
        "win_back": lambda: say("no win-back"),
    }[section]()


def missing_section(section: str, say: Words) -> str:
    """That an arm has nothing of a section."""
    return {
        "advertising": say("no advertising"),
        "posts": say("no posts"),
        "hooks": say("no hooks"),
        "staff": say("no staff"),
        "audiences": say("no audiences"),
        "tiers": say("no tiers"),
        "care": say("no care for members one by one"),
    }[section]


def _no_talk(name: str, say: Words) -> str:
    return {"": say("no word of mouth"), "koc": say("no KOC"), "kol": say("no KOL")}.get(name, say("no partners"))


def full(text: str, voice: Voice) -> str:
    """Clauses as a sentence; "" if there are none."""
    return text[:1].upper() + text[1:] + voice.stop if text else ""
