"""How much a scenario may hold: as many names as there are codes, and sums that the counters can count."""

from collections.abc import Callable, Iterable, Iterator

from trafficsim.kernel.columns import most
from trafficsim.market.customers import MAX_REGIONS
from trafficsim.market.places import MAX_PLACES, MAX_POOLS
from trafficsim.scenario.errors import Mistake
from trafficsim.scenario.tree import Node

Named = Iterator[tuple[str, Node]]
MOST = {
    "places": MAX_PLACES,
    "pools": MAX_POOLS,
    "slots": most("slots"),
    "hooks": most("hooks"),
    "posts": most("posts"),
    "segments": most("segments"),
    "regions": MAX_REGIONS,
}
"""How many a scenario may have, in all arms together, since an entry has one code in every arm."""


def number_mistakes(trees: Iterable[Node]) -> list[Mistake]:
    """More places, pools, slots, hooks or segments in all arms together than there are codes for."""
    counted: dict[str, set[str]] = {of: set() for of in MOST}
    found: list[Mistake] = []
    for tree in trees:
        for of, names in counted.items():
            for name, node in _NAMED[of](tree):
                if name not in names and len(names) == MOST[of]:
                    found.append(node.key_mistake(f"at most {MOST[of]} {of} in all arms together"))
                    break  # one line says it for all that follow
                names.add(name)
    return found


def _below(*path: str) -> Callable[[Node], Named]:
    def named(tree: Node) -> Named:
        yield from section.members.items() if (section := tree.at(path)) else ()

    return named


def _pools(tree: Node) -> Named:
    for name, place in _below("places")(tree):
        if (kind := place.at(("kind",))) and kind.value == "pool":
            yield name, place


def _slots(tree: Node) -> Named:
    for store, place in _below("places")(tree):
        yield from ((f"{store}.{name}", slot) for name, slot in _below("slots")(place))


_NAMED: dict[str, Callable[[Node], Named]] = {
    "places": _below("places"),
    "pools": _pools,
    "slots": _slots,
    "hooks": _below("hooks"),
    "posts": _below("posts"),
    "segments": _below("customers", "segments"),
    "regions": _below("customers", "regions"),
}
"""Where each of them stands in the settings of an arm, by a name that is the same in every arm."""
