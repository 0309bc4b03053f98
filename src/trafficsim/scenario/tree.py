"""The tree of a scenario file: plain values that remember where they were written."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from trafficsim.scenario.errors import Mistake, ScenarioError, Where

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """One value of the file: a scalar, a mapping from names to nodes, or a list of nodes.

    `path` is the path as written (an arm's override starts with `arms`), `where` the position of the value and `key`
    that of its key (its own position for the root and for items of a list).
    """

    value: Any
    path: Path
    where: Where
    key: Where

    @property
    def members(self) -> dict[str, "Node"]:
        """The entries of a mapping; empty for anything else."""
        return self.value if isinstance(self.value, dict) else {}

    @property
    def is_mapping(self) -> bool:
        """Whether the node is a mapping."""
        return isinstance(self.value, dict)

    def at(self, path: Path) -> "Node | None":
        """The node below this one at `path`, or None."""
        node: Node | None = self
        for name in path:
            node = node.members.get(name) if node else None
        return node

    def plain(self) -> Any:
        """The value without positions, of built-in types only."""
        if isinstance(self.value, dict):
            return {name: node.plain() for name, node in self.value.items()}
        return [node.plain() for node in self.value] if isinstance(self.value, list) else self.value

    def leaves(self, below: Path = ()) -> Iterator[tuple[Path, "Node"]]:
        """Every value that is no mapping with entries, with its path relative to this node."""
        if not self.members:
            yield below, self
        for name, node in self.members.items():
            yield from node.leaves((*below, name))

    def without(self, names: Iterable[str]) -> "Node":
        """The same mapping without some of its entries."""
        left_out = set(names)
        return self.holding({name: node for name, node in self.members.items() if name not in left_out})

    def holding(self, members: Mapping[str, "Node"]) -> "Node":
        """The same place in the file with other entries."""
        return Node(dict(members), self.path, self.where, self.key)

    def mistake(self, says: str) -> Mistake:
        """A mistake about the value."""
        return Mistake(self.where, ".".join(self.path), says)

    def key_mistake(self, says: str, *below: str) -> Mistake:
        """A mistake about the key, or about something that is missing `below` it."""
        return Mistake(self.key, ".".join((*self.path, *below)), says)


def as_node(value: Any, path: Path, key: Where, where: Where) -> Node:
    """Turn a value given in Python into a node. NumPy scalars count as numbers, dates as text.

    Raises:
        ScenarioError: for a value that no scenario file could hold.
    """
    if isinstance(value, Mapping):
        return Node({str(k): as_node(v, (*path, str(k)), key, where) for k, v in value.items()}, path, where, key)
    if isinstance(value, list | tuple):
        return Node([as_node(item, path, key, where) for item in value], path, where, key)
    if isinstance(value, dt.date):
        return Node(value.isoformat(), path, where, key)
    scalar = value.item() if hasattr(value, "item") else value
    if scalar is None or isinstance(scalar, bool | int | float | str):
        return Node(scalar, path, where, key)
    raise ScenarioError(
        [Mistake(where, ".".join(path), f"a value of type {type(value).__name__} can't stand in a scenario")]
    )


def nested(path: Path, node: Node) -> Node:
    """Wrap `node` in mappings, so that it stands at `path` below the result. Its own path must end with `path`."""
    for name in reversed(path):
        node = Node({name: node}, node.path[:-1], node.where, node.key)
    return node


def moved_below(path: Path, node: Node) -> Node:
    """The same tree, read from a file of its own, as it is called where it stands at `path`; positions stay."""
    value = node.value
    if isinstance(value, dict):
        value = {name: moved_below(path, inner) for name, inner in value.items()}
    elif isinstance(value, list):
        value = [moved_below(path, inner) for inner in value]
    return Node(value, (*path, *node.path), node.where, node.key)


def merged(base: Node, over: Node) -> Node:
    """Lay one tree over another: mappings merge recursively, everything else replaces."""
    if not (base.is_mapping and over.is_mapping):
        return over
    members = dict(base.members)
    for name, node in over.members.items():
        members[name] = merged(members[name], node) if name in members else node
    return over.holding(members)
