"""Events: a few settings change on a day, for good or for a time, once or again and again, in arms that have them."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from trafficsim.scenario.arms import without_off_entries
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.recurring import Spans
from trafficsim.scenario.schema import Event
from trafficsim.scenario.settings import Setting, off_above
from trafficsim.scenario.tree import Node, merged, nested
from trafficsim.words.language import Sentence

Known = Mapping[str, Setting]
Excused = Callable[[str], bool]
DIGITS = 12
"""Digits to which what is multiplied is rounded, so that 90 times 1.1 is the 99 that one would write."""


@dataclass(frozen=True, slots=True)
class DatedChange:
    """New values (`changes`) and factors (`times`) by dotted path, in spans of days; `written` is where these stand."""

    name: str
    spans: Spans
    written: Node
    when: Mapping[str, Any]
    changes: Mapping[str, Node]
    times: Mapping[str, Node]

    @property
    def paths(self) -> dict[str, Node]:
        """All settings that it changes."""
        return {**self.changes, **self.times}

    def as_written(self) -> dict[str, Any]:
        """As it would stand in a file, of built-in types."""
        what = {"set": self.changes, "times": self.times}
        return dict(self.when) | {
            key: {path: node.plain() for path, node in given.items()} for key, given in what.items() if given
        }


def dated_changes(
    section: Node | None, events: Mapping[str, Event], spans_of: Callable[[Event, Node], Spans | Mistake]
) -> tuple[list[DatedChange], list[Mistake]]:
    """The events that could be read, in file order; `spans_of` tells when one is in force."""
    found, mistakes = [], []
    for name, event in events.items():
        node = section.at((name,)) if section else None
        if node is None or not _is_whole(event):
            continue  # what is wrong with it is told elsewhere
        spans = spans_of(event, node)
        if isinstance(spans, Mistake):
            mistakes.append(spans)
            continue
        when = {key: value for key in ("day", "every", "on", "days") if (value := getattr(event, key)) is not None}
        written = node.members["day" if event.day is not None else "on"]
        found.append(DatedChange(name, spans, written, when, _below(node, "set"), _below(node, "times")))
    return found, mistakes


def _is_whole(event: Any) -> bool:
    """Whether an event was read without mistakes; else it lacks settings, or has them as they are written."""
    try:
        return isinstance(event, Event) and bool(
            Event.model_validate({k: getattr(event, k) for k in event.model_fields_set})
        )
    except (AttributeError, ValidationError):
        return False


def _below(event: Node, key: str) -> dict[str, Node]:
    section = event.members.get(key)
    return {path: _spread(path, node) for path, node in section.members.items()} if section else {}


def beyond(events: Iterable[DatedChange], days: Node) -> tuple[list[Mistake], list[Sentence]]:
    """Events at or after the end: mistakes of the file, or mere notes where `days` was shortened by hand."""
    late = [event for event in events if "day" in event.when and event.when["day"] >= days.value]
    shortened = [event for event in late if days.where.file == SET_LABEL != event.written.where.file]
    mistakes = [
        e.written.mistake(f"must be < days, {days.value} (got {e.when['day']})") for e in late if e not in shortened
    ]
    return mistakes, [
        Sentence.say(
            "Event '{event}' on day {day} lies beyond the {days} days and never comes.",
            event=e.name,
            day=e.when["day"],
            days=days.value,
        )
        for e in shortened
    ]


def known_anywhere(arms: Iterable[Known]) -> dict[str, Setting]:
    """The settings of all arms together; "off" only where a section is off in every arm."""
    known: dict[str, Setting] = {}
    for arm in arms:
        known |= {path: setting for path, setting in arm.items() if path not in known or known[path].value == "off"}
    return known


def change_mistakes(events: Iterable[DatedChange], known: Known, excused: Excused) -> list[Mistake]:
    """Settings that exist in no arm, or that no event may change; `excused` tells which paths to leave alone."""
    return [
        mistake
        for event in events
        for given, wrong in ((event.changes, _mistakes), (event.times, _no_number))
        for path, node in given.items()
        for mistake in wrong(path, node, known)
        if not excused(path)
    ]


def clashes(events: Iterable[DatedChange]) -> list[Mistake]:
    """Settings that two events set from one day on: which of them counts would be decided by the order of the file."""
    first: dict[tuple[int, str], str] = {}
    found: dict[tuple[str, str, str], Mistake] = {}
    for event in events:
        for path, node in event.changes.items():
            for below, leaf in [(path, node), *((".".join((path, *rest)), leaf) for rest, leaf in node.leaves())]:
                for day, _ in event.spans:
                    other = first.setdefault((day, below), event.name)
                    if other != event.name:
                        says = f"event '{other}' sets {below} on day {day} already"
                        found.setdefault((event.name, other, below), leaf.key_mistake(says))
    return list(found.values())


def effective(event: DatedChange, known: Known) -> DatedChange:
    """The event without changes of what no arm has, and without mistakes."""
    changes = {path: node for path, node in event.changes.items() if not _mistakes(path, node, known)}
    times = {path: node for path, node in event.times.items() if not _no_number(path, node, known)}
    return replace(event, changes=changes, times=times)


def turns(events: Iterable[DatedChange], days: int) -> list[int]:
    """The days of a run on which an event begins or ends, in order; one that began before the run does on day 0."""
    found = {max(day, 0) for event in events for span in event.spans for day in span}
    return sorted(day for day in found if day < days)


def in_force(events: Iterable[DatedChange], day: int) -> tuple[DatedChange, ...]:
    """The events in force on a day, in the order in which they began; of one day in file order."""
    begun = [(first, event) for event in events for first, end in event.spans if first <= day < end]
    return tuple(event for _, event in sorted(begun, key=lambda each: each[0]))


def apply(events: Sequence[DatedChange], tree: Node, at_start: Known) -> Node:
    """Lay events over the settings of one arm; what the arm lacked on day 0 has no effect there."""
    for event in events:
        for path, node in event.changes.items():
            if _is_on(path, at_start):
                tree = merged(tree, nested(tuple(path.split(".")), node))
    for path in dict.fromkeys(path for event in events for path in event.times):
        if _is_on(path, at_start):
            tree = _multiplied(tree, path, [event.times[path] for event in events if path in event.times], at_start)
    return without_off_entries(tree)


def _multiplied(tree: Node, path: str, factors: Sequence[Node], at_start: Known) -> Node:
    """A setting times some factors, if it is there; where the file doesn't say what it is, its default."""
    names = tuple(path.split("."))
    if any(above.value == "off" for n in range(1, len(names) + 1) if (above := tree.at(names[:n]))):
        return tree
    written = tree.at(names)
    value = written.value if written else at_start[path].value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return tree  # it is told elsewhere that a number should stand there
    factor = math.prod(sorted(node.value for node in factors))
    if factor == 1:
        return tree
    product = float(f"{value * factor:.{DIGITS}g}")
    whole = isinstance(value, int) and product.is_integer()
    last = factors[-1]
    return merged(tree, nested(names, Node(int(product) if whole else product, last.path, last.where, last.key)))


def _is_on(path: str, known: Known) -> bool:
    return path in known and known[path].value != "off"


def _spread(path: str, node: Node) -> Node:
    # The key is one dotted path; as part of a tree it is a path of names.
    return Node(node.value, (*node.path[:-1], *path.split(".")), node.where, node.key)


def _mistakes(path: str, node: Node, known: Known) -> list[Mistake]:
    if path not in known:
        switched_off = off_above(path, known)
        if switched_off:
            return [node.key_mistake(f"{switched_off} is off in every arm")]
        return [node.key_mistake(f"no such setting{did_you_mean(path, known)}")]
    if known[path].value == "off":
        return [node.key_mistake("is off in every arm")]
    return [mistake for below, leaf in node.leaves() if (mistake := _fixed(".".join((path, *below)), leaf, known))]


def _fixed(path: str, leaf: Node, known: Known) -> Mistake | None:
    if path in known and known[path].fixed:
        return leaf.key_mistake("can't be changed by an event")
    if path.startswith("places") and leaf.value == "off":
        return leaf.key_mistake("a place can't vanish; set its shut: true, for a time or for good")
    return None


def _no_number(path: str, node: Node, known: Known) -> list[Mistake]:
    """What is wrong with a factor."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return []  # which is told elsewhere
    wrong = _mistakes(path, node, known)
    if wrong or known[path].is_number:
        return wrong
    return [node.key_mistake("is no number to be multiplied; give a new value under set")]
