"""Where numbers come from: a source, or nowhere, which makes them assumptions."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from trafficsim.scenario.arms import FRAME_KEYS
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.schema import Source
from trafficsim.scenario.settings import Setting
from trafficsim.scenario.tree import Node, Path

NO_ASSUMPTIONS = ("format", "days")
"""Numbers that say what is computed, not how the world is."""
Known = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one number comes from.

    `path` is dotted as written: an arm's number starts with `arms.`, an event's with `events.`. `source` is None where
    nobody names one; the number is then `assumed`. `range` holds the lowest and highest plausible value, where the file
    gives them, and `takes_along` the numbers of the file that keep their proportion to this one within it.
    """

    path: str
    value: float
    source: str | None
    assumed: bool
    range: tuple[float, float] | None
    takes_along: tuple[str, ...] = ()


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


def company_mistakes(root: Node, sources: Mapping[str, Source], excused: Callable[[str], bool]) -> list[Mistake]:
    """What is to be taken along, but is no number of the file, or is the number itself."""
    numbers = [".".join(path) for path, _ in _numbers(root)]
    mistakes = []
    for path, source in sources.items():
        node = root.at(("sources", path, "takes_along"))
        along = getattr(source, "takes_along", ())  # what can't be read lacks it
        for name, item in zip(along, node.value if node else (), strict=False):
            if not (named(name, numbers) or excused(name)):
                says = f"the file gives no number '{name}'{did_you_mean(name, numbers)}"
                mistakes.append(item.mistake(says))
            elif path in named(name, numbers):
                mistakes.append(item.mistake("a number can't take itself along"))
    return mistakes


def named(name: str, paths: Iterable[str]) -> list[str]:
    """The paths that a dotted name means, in which `*` stands for any one part."""
    wanted = name.split(".")
    return [path for path in paths if len(parts := path.split(".")) == len(wanted) and all(map(_meant, wanted, parts))]


def _meant(wanted: str, part: str) -> bool:
    return wanted in {"*", part}


def provenance(root: Node, sources: Mapping[str, Source]) -> list[Provenance]:
    """Every number written in the file (base, arms, events) with its origin, in file order."""
    in_base = {".".join(path) for path, _ in _base(root).leaves()}
    return [_origin(".".join(path), node, sources, in_base) for path, node in _numbers(root)]


def _base(root: Node) -> Node:
    return root.without((*FRAME_KEYS, *NO_ASSUMPTIONS))


def _numbers(root: Node) -> list[tuple[Path, Node]]:
    written = [*_base(root).leaves(), *_below(root, "arms"), *_below(root, "events")]
    return [(p, n) for p, n in written if isinstance(n.value, int | float) and not isinstance(n.value, bool)]


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
        return Provenance(path, setting.value, given.source, given.assumed, given.range, given.takes_along)
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
        kept, along = (given.range, given.takes_along) if given else (None, ())
        return Provenance(path, node.value, None, assumed=True, range=kept, takes_along=along)
    return Provenance(path, node.value, given.source, given.assumed, given.range, given.takes_along)


def _nearest(path: str, sources: Mapping[str, Source]) -> Source | None:
    """The source of a setting, or of the section nearest above it."""
    parts = path.split(".")
    above = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((sources[name] for name in above if name in sources), None)
