"""Dated events: a few settings change on a day, in every arm that has them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from trafficsim.scenario.arms import without_off_entries
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.schema import Event
from trafficsim.scenario.settings import Setting, off_above
from trafficsim.scenario.tree import Node, merged, nested
from trafficsim.words.language import Sentence

Known = Mapping[str, Setting]
Excused = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class DatedChange:
    """New values from a day on, by dotted path; `written` is the day as it stands in the file."""

    name: str
    day: int
    written: Node
    changes: Mapping[str, Node]


def dated_changes(section: Node | None, events: Mapping[str, Event]) -> list[DatedChange]:
    """The events that could be read, by day; those of one day in file order."""
    found = []
    for name, event in events.items():
        day, changes = (section.at((name, key)) if section else None for key in ("day", "set"))
        if day and changes and isinstance(getattr(event, "day", None), int):
            found.append(
                DatedChange(name, event.day, day, {path: _spread(path, node) for path, node in changes.members.items()})
            )
    return sorted(found, key=lambda event: event.day)


def beyond(events: Iterable[DatedChange], days: Node) -> tuple[list[Mistake], list[Sentence]]:
    """Events at or after the end: mistakes of the file, or mere notes where `days` was shortened by hand."""
    late = [event for event in events if event.day >= days.value]
    shortened = [event for event in late if days.where.file == SET_LABEL != event.written.where.file]
    mistakes = [e.written.mistake(f"must be < days, {days.value} (got {e.day})") for e in late if e not in shortened]
    return mistakes, [
        Sentence.say(
            "Event '{event}' on day {day} lies beyond the {days} days and never comes.",
            event=e.name,
            day=e.day,
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
        for path, node in event.changes.items()
        for mistake in _mistakes(path, node, known)
        if not excused(path)
    ]


def clashes(events: Iterable[DatedChange]) -> list[Mistake]:
    """Settings that two events change on one day: which of them counts would be decided by the order of the file."""
    first: dict[tuple[int, str], str] = {}
    found = []
    for event in events:
        for path, node in event.changes.items():
            for below, leaf in [(path, node), *((".".join((path, *rest)), leaf) for rest, leaf in node.leaves())]:
                other = first.setdefault((event.day, below), event.name)
                if other != event.name:
                    found.append(leaf.key_mistake(f"event '{other}' sets {below} on day {event.day} already"))
    return found


def effective(event: DatedChange, known: Known) -> DatedChange:
    """The event without changes of what no arm has, and without mistakes."""
    changes = {path: node for path, node in event.changes.items() if not _mistakes(path, node, known)}
    return replace(event, changes=changes)


def apply(event: DatedChange, tree: Node, at_start: Known) -> Node:
    """Lay an event over the settings of one arm; what the arm lacked on day 0 has no effect there."""
    for path, node in event.changes.items():
        if _is_on(path, at_start):
            tree = merged(tree, nested(tuple(path.split(".")), node))
    return without_off_entries(tree)


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
        return leaf.key_mistake("a place can't vanish; switch off what happens there")
    return None
