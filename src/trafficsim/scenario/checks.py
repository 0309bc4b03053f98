"""Rules that hold between sections: names that refer to each other, kinds that fit, limits on their number."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

from trafficsim.market.places import MAX_UNITS
from trafficsim.scenario.errors import Mistake, did_you_mean, listed
from trafficsim.scenario.reading import NAME_RULE
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.tree import Node

FIRST_DATE, LAST_DATE = dt.date(1678, 1, 1), dt.date(2262, 4, 11)
"""Whole years and days that dates of tables can hold: NumPy counts nanoseconds from 1970 in 64 bits."""
_KINDS = ("public", "paid", "store", "pool")
_PLACES = ("places", "pools")
_ONE_OF = {"audiences": "audience", "segments": "segment", "regions": "region", "hooks": "hook", "staff": "staff"}
"""What an entry of a section is called."""
_KINDS_OF_KEYS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("advertising",): ("public", "paid"),
    ("posts",): ("public", "pool"),
    ("customers", "at_start", "members"): ("pool",),
}
"""Sections whose keys name places, and the kinds that are meant."""


def reference_mistakes(tree: Node, references: Iterable[tuple[Node, str]]) -> list[Mistake]:
    """Names of what doesn't exist, and of places that are of another kind than their use asks for."""
    kinds = _kinds(tree)
    found = [
        _wrong(node, str(node.value), ("pool",) if to == "pools" else (), kinds, key=False)
        if to in _PLACES
        else _unknown(node, to, _entries(tree, to))
        for node, to in references
    ]
    for path, wanted in _KINDS_OF_KEYS.items():
        entries = section.members if (section := tree.at(path)) else {}
        found += [_wrong(node, name, wanted, kinds, key=True) for name, node in entries.items()]
    return [mistake for mistake in found if mistake]


def audience_mistakes(trees: Iterable[Node], excused: Callable[[str], bool]) -> list[Mistake]:
    """Audiences and campaigns that name segments, regions or hooks that no arm has at any time.

    Each is told once, though arms share what is written. `excused` tells of a dotted path whether it leads nowhere for
    another reason, such as being switched off by hand.
    """
    every = list(trees)
    known = {
        "segments": [name for tree in every for name in _entries(tree, "customers", "segments")],
        "regions": [name for tree in every for name in _entries(tree, "customers", "regions")],
        "hooks": [name for tree in every for name in _entries(tree, "hooks")],
    }
    aimed = [entry for tree in every for of in ("audiences", "advertising") for entry in _entries(tree, of).values()]
    lists = [(of, node) for entry in aimed for of in known if (node := entry.at((of,)))]
    named = [(of, each) for of, node in lists if isinstance(node.value, list) for each in node.value]
    texts = [(of, node) for of, node in named if isinstance(node.value, str) and not excused(f"{of}.{node.value}")]
    found = [_unknown(node, of, known[of]) for of, node in texts]
    return list(dict.fromkeys(mistake for mistake in found if mistake))


def region_mistakes(base: Node) -> list[Mistake]:
    """Regions of which no path could speak."""
    named = _entries(base, "customers", "regions")
    return [node.key_mistake(NAME_RULE) for name, node in named.items() if not name.isidentifier()]


def _entries(tree: Node, *path: str) -> Mapping[str, Node]:
    return section.members if (section := tree.at(path)) else {}


def _unknown(node: Node, of: str, known: Iterable[str]) -> Mistake | None:
    """A name of an entry of a section that doesn't have it."""
    names, name = list(dict.fromkeys(known)), str(node.value)
    if name in names:
        return None
    there_are = f"; there are {', '.join(names)}" if names else f"; there are no {of}"
    return node.mistake(f"no {_ONE_OF[of]} is named '{name}'{did_you_mean(name, names) or there_are}")


def loop_mistakes(tree: Node) -> list[Mistake]:
    """Hooks that lead into the pool in which they hang, and invitations that hang where no member could read them.

    By a hook with `invite` above 0, members invite others into the pool in which they read it.
    """
    hooks = section.members if (section := tree.at(("hooks",))) else {}
    pools = {name for name, kind in _kinds(tree).items() if kind == "pool"}
    ends = [(hook.at(("at",)), hook.at(("into",)), _invites(hook)) for hook in hooks.values()]
    loops = [
        into.mistake("the hook hangs in the pool that it leads into")
        for at, into, invites in ends
        if at and into and not invites and at.value == into.value and str(into.value) in pools
    ]
    unread = [
        at.mistake(f"members read invitations in a pool; '{at.value}' is none")
        for at, _, invites in ends
        if at and invites and str(at.value) in _kinds(tree) and str(at.value) not in pools
    ]
    return loops + unread


def _invites(hook: Node) -> bool:
    chance = hook.at(("invite",))
    return chance is not None and isinstance(chance.value, int | float) and chance.value > 0


def window_mistakes(tree: Node, plan: Plan) -> list[Mistake]:
    """Campaigns and hooks that end before they begin."""
    found = []
    for section in ("advertising", "hooks"):
        entries = getattr(plan, section, None)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            until, first = getattr(entry, "until_day", None), getattr(entry, "from_day", None)
            node = tree.at((section, name, "until_day"))
            if node and isinstance(until, int) and isinstance(first, int) and until <= first:
                found.append(node.mistake(f"must lie after from_day, {first} (got {until})"))
    return found


def date_mistakes(base: Node, plan: Plan) -> list[Mistake]:
    """A run that leaves the dates that can be reckoned with."""
    start, days, node = getattr(plan, "start", None), getattr(plan, "days", None), base.at(("start",))
    if not (isinstance(start, dt.date) and isinstance(days, int) and node):
        return []
    last = start.toordinal() + days - 1
    if start >= FIRST_DATE and last <= LAST_DATE.toordinal():
        return []
    return [node.mistake(f"all days must lie within {FIRST_DATE} and {LAST_DATE} (got {days} days from {start} on)")]


def unit_mistakes(tree: Node, plan: Plan) -> list[Mistake]:
    """More people of the staff in one contact pool than a column of units can tell apart."""
    staff, customers = getattr(plan, "staff", None), getattr(plan, "customers", None)
    each, people = getattr(customers, "each_stands_for", 1), dict[str, float]()
    for entry in staff.values() if isinstance(staff, dict) else ():
        serves, count = getattr(entry, "serves", None), getattr(entry, "count", None)
        if isinstance(serves, str) and isinstance(count, int) and isinstance(each, int):  # else it can't be read
            people[serves] = people.get(serves, 0.0) + count / max(each, 1)
    found = []
    for name, node in (section.members if (section := tree.at(("staff",))) else {}).items():
        entry = staff.get(name) if isinstance(staff, dict) else None
        serves, count = str(getattr(entry, "serves", "")), node.at(("count",))
        if count and _is_contact_pool(tree, serves) and people.pop(serves, 0.0) > MAX_UNITS:
            found.append(count.mistake(f"at most {MAX_UNITS:,} people may serve one contact pool (of the simulated)"))
    return found


def _is_contact_pool(tree: Node, place: str) -> bool:
    form = tree.at(("places", place, "form"))
    return form is not None and form.value == "contact"


def slot_mistakes(tree: Node) -> list[Mistake]:
    """Offers for a slot that no store has."""
    places = section.members if (section := tree.at(("places",))) else {}
    names = sorted({name for place in places.values() if (slots := place.at(("slots",))) for name in slots.members})
    posts = section.members if (section := tree.at(("posts",))) else {}
    offers = [node for entry in posts.values() if (node := entry.at(("offer_slot",))) and isinstance(node.value, str)]
    return [
        node.mistake(f"no store has a slot named '{node.value}'{did_you_mean(str(node.value), names)}")
        for node in offers
        if node.value not in names
    ]


def kind_mistakes(trees: Iterable[Node]) -> list[Mistake]:
    """Places that differ in kind from arm to arm."""
    first: dict[str, Node] = {}
    found: list[Mistake] = []
    for name, kind in (each for tree in trees for each in _written_kinds(tree)):
        found += _other_kind(kind, first.setdefault(name, kind))
    return found


def _written_kinds(tree: Node) -> Iterator[tuple[str, Node]]:
    places = section.members if (section := tree.at(("places",))) else {}
    for name, place in places.items():
        if (kind := place.members.get("kind")) and isinstance(kind.value, str):
            yield name, kind


def _kinds(tree: Node) -> dict[str, str]:
    """The kind of every place by its name; empty where it can't be read."""
    places = section.members if (section := tree.at(("places",))) else {}
    written = {
        name: str(place.members["kind"].value) if "kind" in place.members else "" for name, place in places.items()
    }
    return {name: kind if kind in _KINDS else "" for name, kind in written.items()}


def _other_kind(kind: Node, first: Node) -> list[Mistake]:
    same = kind.value == first.value
    return [] if same else [kind.mistake(f"a place keeps its kind in every arm; elsewhere it is '{first.value}'")]


def _wrong(node: Node, name: str, wanted: tuple[str, ...], kinds: dict[str, str], *, key: bool) -> Mistake | None:
    complain = node.key_mistake if key else node.mistake
    if name not in kinds:
        fitting = [place for place, kind in kinds.items() if not wanted or kind in wanted]
        return complain(f"no place is named '{name}'{did_you_mean(name, fitting)}")
    if wanted and kinds[name] and kinds[name] not in wanted:
        return complain(f"'{name}' is of kind '{kinds[name]}'; must be a place of kind {listed(wanted)}")
    return None
