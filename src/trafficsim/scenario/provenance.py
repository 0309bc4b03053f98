"""Where numbers come from: a source, or nowhere, which makes them assumptions."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from trafficsim.scenario.arms import FRAME_KEYS
from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.schema import Source
from trafficsim.scenario.settings import Setting
from trafficsim.scenario.tree import Node, Path
from trafficsim.words.language import Words, words

NO_ASSUMPTIONS = ("format", "days")
"""Numbers that say what is computed, not how the world is."""
OF_A_RANGE = ("range", "takes_along", "shape", "correlations")
"""What a source says of a plausible range."""
SAYS_ASSUMED = ("assumed", "假设", "假定")
"""Words in a source that make it none: “assumed: two hours a day”, “article 001; the price is assumed”."""
ENGLISH = words("en")
Known = Mapping[str, Setting]
Excused = Callable[[str], bool]
"""Which paths to leave alone, since what is wrong with them follows from something else."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where one number comes from.

    `path` is dotted as written: an arm's number starts with `arms.`, an event's with `events.`. `source` is None where
    nobody names one; the number is then `assumed`, as it is where the source itself says so (`says_assumed`). `range`
    holds the lowest and highest plausible value, where the file gives them, and `takes_along` the numbers of the file
    that keep their proportion to this one within it. `shape` tells how plausible the values within it are, and
    `correlations` how they go with those of other numbers, by path. `fitted`: it was chosen so that what was observed
    comes out.
    """

    path: str
    value: float
    source: str | None
    assumed: bool
    range: tuple[float, float] | None
    takes_along: tuple[str, ...] = ()
    shape: str | None = None
    correlations: tuple[tuple[str, float], ...] = ()
    fitted: bool = False


def named_by_sources(root: Node, base: Known, arms: Mapping[str, Known]) -> set[str]:
    """All paths for which a source may be given."""
    known = set(base) | {".".join(path) for path, _ in _below(root, "events")}
    for arm, paths in arms.items():
        known |= {f"arms.{arm}", *paths, *(f"arms.{arm}.{path}" for path in paths)}
    known |= {".".join(path) for path, _ in _below(root, "arms") if path[2:3] == ("events",)}
    return known


def source_mistakes(root: Node, known: set[str], excused: Excused) -> list[Mistake]:
    """Sources of settings that don't exist; `excused` tells which paths to leave alone."""
    section = root.at(("sources",))
    return [
        node.key_mistake(f"no such setting{did_you_mean(path, sorted(known))}")
        for path, node in (section.members.items() if section else ())
        if path not in known and not excused(path)
    ]


def company_mistakes(root: Node, sources: Iterable[str], excused: Excused) -> list[Mistake]:
    """What is to be taken along, but is no number of the file, or is the number itself."""
    numbers = [".".join(path) for path, _ in _numbers(root)]
    mistakes = []
    for path in sources:
        node = root.at(("sources", path, "takes_along"))
        for item in node.value if node and isinstance(node.value, list) else ():
            name = str(item.value)
            if not (named(name, numbers) or excused(name)):
                says = f"the file gives no number '{name}'{did_you_mean(name, numbers)}"
                mistakes.append(item.mistake(says))
            elif path in named(name, numbers):
                mistakes.append(item.mistake("a number can't take itself along"))
    return mistakes


def correlation_mistakes(root: Node, sources: Iterable[str], known: set[str], excused: Excused) -> list[Mistake]:
    """Correlations with what is no setting, or with the number itself."""
    mistakes = []
    for path in sources:
        for other, node in (found.members if (found := root.at(("sources", path, "correlations"))) else {}).items():
            if other == path:
                mistakes.append(node.key_mistake("a number can't go with itself"))
            elif other not in known and not excused(other):
                mistakes.append(node.key_mistake(f"no such setting{did_you_mean(other, sorted(known))}"))
    return mistakes


def range_mistakes(root: Node, sources: Mapping[str, Source], plans: Iterable[Known]) -> list[Mistake]:
    """Ranges that don't hold the number for which they are given."""
    written = [(named, ".".join(node.path), node.value) for named, node in _outside(root, sources)]
    left = [
        (named, p.path, p.value)
        for p in defaults(plans, sources)
        if (named := _nearest(p.path, sources)) and _is_out(p)
    ]
    return [_out_of_range(root, sources, *found) for found in [*written, *left]]


def _out_of_range(root: Node, sources: Mapping[str, Source], named: str, path: str, value: float) -> Mistake:
    section = root.at(("sources", named)) or root
    of = "" if path == named else f" of {path}"
    low, high = sources[named].range or (value, value)
    says = f"the value {value:.15g}{of} lies outside its range, {low:.15g} to {high:.15g}"
    return (section.at(("range",)) or section).mistake(says)


def without_outdated_ranges(root: Node, sources: Mapping[str, Source]) -> Node:
    """The file without ranges of numbers that were replaced by hand with one outside: they speak of another number."""
    section, outdated = root.at(("sources",)), {named for named, _ in _outside(root, sources, by_hand=True)}
    if section is None or not outdated:
        return root
    cut = {name: section.members[name].without(OF_A_RANGE) for name in outdated}
    return root.holding({**root.members, "sources": section.holding({**section.members, **cut})})


def _outside(root: Node, sources: Mapping[str, Source], *, by_hand: bool = False) -> Iterator[tuple[str, Node]]:
    """Numbers of the file, or those replaced by hand, that lie outside their range, each with its source's path."""
    in_base = _named_for_all(root)
    for path, node in _numbers(root):
        named = _speaking_for(".".join(path), sources, in_base)
        if (
            named
            and (node.where.file == SET_LABEL) == by_hand
            and _is_out(_origin(".".join(path), node, sources, in_base))
        ):
            yield named, node


def _is_out(number: Provenance) -> bool:
    return number.range is not None and not number.range[0] <= number.value <= number.range[1]


def named(name: str, paths: Iterable[str]) -> list[str]:
    """The paths that a dotted name means, in which `*` stands for any one part."""
    wanted = name.split(".")
    return [path for path in paths if len(parts := path.split(".")) == len(wanted) and all(map(_meant, wanted, parts))]


def _meant(wanted: str, part: str) -> bool:
    return wanted in {"*", part}


def provenance(root: Node, sources: Mapping[str, Source], say: Words = ENGLISH) -> list[Provenance]:
    """Every number written in the file (base, arms, events) with its origin, in file order."""
    in_base = _named_for_all(root)
    return [_origin(".".join(path), node, sources, in_base, say) for path, node in _numbers(root)]


def _named_for_all(root: Node) -> set[str]:
    """What the file says for all arms, of which those that say something else have a number of their own."""
    return {".".join(path) for path, _ in (*_base(root).leaves(), *_below(root, "events"))}


def _base(root: Node) -> Node:
    return root.without((*FRAME_KEYS, *NO_ASSUMPTIONS))


def _numbers(root: Node) -> list[tuple[Path, Node]]:
    written = [*_base(root).leaves(), *_below(root, "arms"), *_below(root, "events")]
    return [(p, n) for p, n in written if isinstance(n.value, int | float) and not isinstance(n.value, bool)]


def defaults(plans: Iterable[Known], sources: Mapping[str, Source], say: Words = ENGLISH) -> list[Provenance]:
    """Every number that the file leaves to its default in the code, with its origin.

    A source in the file comes before the one in the code.
    """
    unwritten: dict[str, Setting] = {}
    for known in plans:
        unwritten |= {p: s for p, s in known.items() if p not in unwritten and s.is_number and not s.written}
    return [_default(path, setting, sources, say) for path, setting in unwritten.items()]


def _below(root: Node, section: str) -> Iterable[tuple[tuple[str, ...], Node]]:
    node = root.at((section,))
    return [((section, *path), leaf) for path, leaf in node.leaves()] if node else []


def _default(path: str, setting: Setting, sources: Mapping[str, Source], say: Words) -> Provenance:
    nearest = _nearest(path, sources)
    if nearest:
        given = sources[nearest]
        return _told(path, setting.value, given, say)
    assumed = says_assumed(setting.source)
    return Provenance(path, setting.value, None if setting.source == "assumed" else setting.source, assumed, None)


def _origin(
    path: str, node: Node, sources: Mapping[str, Source], in_base: set[str], say: Words = ENGLISH
) -> Provenance:
    named = _speaking_for(path, sources, in_base)
    given = sources[named] if named else None
    if given is None or node.where.file == SET_LABEL:
        # A source speaks for the number in the file, not for one that replaced it.
        kept = (
            _told(path, node.value, given, say)
            if given
            else Provenance(path, node.value, None, assumed=True, range=None)
        )
        return replace(kept, source=None, assumed=True, fitted=False)
    return _told(path, node.value, given, say)


def _told(path: str, value: float, given: Source, say: Words) -> Provenance:
    """A number with what a source says of it."""
    correlations = tuple(given.correlations.items())
    source = given.source if given.fitted is None else say("fitted to {counts}", counts=given.fitted)
    assumed = given.assumed or given.can_tell is False or says_assumed(given.source or "")
    fitted = given.fitted is not None
    return Provenance(path, value, source, assumed, given.range, given.takes_along, given.shape, correlations, fitted)


def says_assumed(source: str) -> bool:
    """Whether a source says itself that the number is assumed, wholly or in part: why, but not by whom measured."""
    return any(word in source.lower() for word in SAYS_ASSUMED)


def _speaking_for(path: str, sources: Mapping[str, Source], in_base: set[str]) -> str | None:
    """The path under which the source of a number of the file stands."""
    parts = path.split(".")
    plain = ".".join(parts[2:])
    named = _nearest(path, sources)
    if named is None and parts[0] == "arms" and plain not in in_base:
        # A path without an arm means the number of the base; only where the base has none, that of the arm.
        return _nearest(plain, sources)
    return named


def _nearest(path: str, sources: Mapping[str, Source]) -> str | None:
    """The path of the source of a setting, or of the section nearest above it."""
    parts = path.split(".")
    above = (".".join(parts[:depth]) for depth in range(len(parts), 0, -1))
    return next((name for name in above if name in sources), None)
