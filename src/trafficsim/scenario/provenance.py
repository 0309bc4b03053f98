"""Where numbers come from: a source, or nowhere, which makes them assumptions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from trafficsim.scenario.arms import FRAME_KEYS
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.schema import Source
from trafficsim.scenario.settings import Setting
from trafficsim.scenario.tree import Node

NO_ASSUMPTIONS = ("format", "days")
"""Numbers that say what is computed, not how the world is."""
Known = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one number comes from.

    `path` is dotted as written: an arm's number starts with `arms.`, an event's with `events.`. `source` is None where
    nobody names one; the number is then `assumed`. `range` holds the lowest and highest plausible value, where the file
    gives them.
    """

    path: str
    value: float
    source: str | None
    assumed: bool
    range: tuple[float, float] | None


def named_by_sources(root: Node, base: Known, arms: Mapping[str, Known]) -> set[str]:
    """All paths for which a source may be given."""
    known = set(base) | {".".join(path) for path, _ in _below(root, "events")}
    for arm, paths in arms.items():
        known |= {f"arms.{arm}", *paths, *(f"arms.{arm}.{path}" for path in paths)}
    return known


def source_mistakes(root: Node, known: set[str], excused: Callable[[str], bool]) -> list[Mistake]:
    """Sources of settings that don't exist; `excused` tells which paths to leave alone."""
    section = root.at(("sources",))
    return [
        node.key_mistake(f"no such setting{did_you_mean(path, sorted(known))}")
        for path, node in (section.members.items() if section else ())
        if path not in known and not excused(path)
    ]


def provenance(root: Node, sources: Mapping[str, Source]) -> list[Provenance]:
    """Every number written in the file (base, arms, events) with its origin, in file order."""
    base = root.without((*FRAME_KEYS, *NO_ASSUMPTIONS))
    written = [*base.leaves(), *_below(root, "arms"), *_below(root, "events")]
    in_base = {".".join(path) for path, _ in base.leaves()}
    return [
        _origin(".".join(path), node, sources, in_base)
        for path, node in written
        if isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]


def defaults(plans: Iterable[Known], sources: Mapping[str, Source]) -> list[Provenance]:
    """Every number that the file leaves to its default in the code, with its origin.

    A source in the file comes before the one in the code.
    """
    unwritten: dict[str, Setting] = {}
    for known in plans:
        unwritten |= {p: s for p, s in known.items() if p not in unwritten and s.is_number and not s.written}
    return [_default(path, setting, sources) for path, setting in unwritten.items()]


def _below(root: Node, section: str) -> Iterable[tuple[tuple[str, ...], Node]]:
    node = root.at((section,))
    return [((section, *path), leaf) for path, leaf in node.leaves()] if node else []


def _default(path: str, setting: Setting, sources: Mapping[str, Source]) -> Provenance:
    given = _nearest(path, sources)
    if given:
        return Provenance(path, setting.value, given.source, given.assumed, given.range)
    assumed = "assumed" in setting.source
    return Provenance(path, setting.value, None if setting.source == "assumed" else setting.source, assumed, None)


def _origin(path: str, node: Node, sources: Mapping[str, Source], in_base: set[str]) -> Provenance:
    parts = path.split(".")
    plain = ".".join(parts[2:])
    given = _nearest(path, sources)
    if given is None and parts[0] == "arms" and plain not in in_base:
        # A path without an arm means the number of the base; only where the base has none, that of the arm.
        given = _nearest(plain, sources)
    if given is None or node.where.file == SET_LABEL:
        # A source speaks for the number in the file, not for one that replaced it.
        return Provenance(path, node.value, None, assumed=True, range=given.range if given else None)
    return Provenance(path, node.value, given.source, given.assumed, given.range)


def _nearest(path: str, sources: Mapping[str, Source]) -> Source | None:
    """The source of a setting, or of the section nearest above it."""
    parts = path.split(".")
    above = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((sources[name] for name in above if name in sources), None)
