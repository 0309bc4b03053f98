"""Arms: the settings of the file with a few of them changed."""

from collections.abc import Iterable

from trafficsim.scenario.errors import SET_LABEL, Mistake, did_you_mean
from trafficsim.scenario.reading import NAME_RULE
from trafficsim.scenario.schema import Frame, Plan
from trafficsim.scenario.shapes import is_fixed, shape_of
from trafficsim.scenario.tree import Node, merged

FRAME_KEYS = tuple(Frame.model_fields)
SHARED_KEYS = tuple(name for name, field in Plan.model_fields.items() if is_fixed(field))
"""What all arms have in common: customers, start, days and the headings."""
ENTRY_SECTIONS = tuple(
    name
    for name, field in Plan.model_fields.items()
    if (shape := shape_of(field.annotation)).entries and shape.is_section
)
"""Sections made of named entries, of which an arm can switch off a single one."""


def base_tree(root: Node) -> Node:
    """The settings of the file without what speaks about arms, events and sources."""
    return without_off_entries(root.without(FRAME_KEYS))


def overrides(root: Node) -> dict[str, Node]:
    """The overrides of every arm by its name, in file order; a file without arms has one, named base."""
    arms = root.at(("arms",))
    if arms is None or not arms.members:
        return {"base": root.holding({})}
    return dict(arms.members)


def arm_tree(base: Node, override: Node) -> Node:
    """The settings of one arm: its overrides laid over the base."""
    return without_off_entries(merged(base, override.without(("events",)))) if override.is_mapping else base


def events_of(root: Node, arm: str) -> Node | None:
    """The events of one arm, where it says anything of them: its own laid over the file's, without those off."""
    override = root.at(("arms", arm, "events"))
    if override is None or not override.is_mapping:
        return override
    every = merged(root.at(("events",)) or root.holding({}), override)
    return every.without(name for name, entry in every.members.items() if entry.value == "off")


def without_off_entries(tree: Node) -> Node:
    """Leave out the named places, campaigns, hooks ... that are switched off one by one."""
    members = dict(tree.members)
    for section in ENTRY_SECTIONS:
        node = members.get(section)
        if node and node.members:
            members[section] = node.without(name for name, entry in node.members.items() if entry.value == "off")
    return tree.holding(members)


def arm_mistakes(root: Node, base: Node) -> list[Mistake]:
    """What is wrong with arms as such: names, shared settings that they change, entries switched off in vain."""
    found: list[Mistake] = []
    for arm, node in overrides(root).items():
        found += [] if arm.isidentifier() else [node.key_mistake(NAME_RULE)]
        found += [_shared(node.members[name]) for name in SHARED_KEYS if name in node.members]
        found += _switched_off_in_vain(node, base, ENTRY_SECTIONS)
        found += _switched_off_in_vain(node, root, ("events",))
    return found


def off_by_hand(root: Node, path: str) -> bool:
    """Whether a setting is missing only because it, or a section above it, was switched off by hand.

    What the file says about such a setting is then of no effect instead of wrong.
    """
    parts = tuple(path.split("."))
    above = [parts[:depth] for depth in range(1, len(parts) + 1)]
    nodes = [tree.at(section) for tree in (root, *overrides(root).values()) for section in above]
    return any(node.value == "off" and node.where.file == SET_LABEL for node in nodes if node)


def _shared(node: Node) -> Mistake:
    return node.key_mistake("is the same in every arm; change it outside of arms")


def _switched_off_in_vain(override: Node, base: Node, sections: Iterable[str]) -> list[Mistake]:
    found = []
    for section in sections:
        known = node.members if (node := base.at((section,))) else {}
        entries = node.members if (node := override.at((section,))) else {}
        found += [
            entry.key_mistake(f"nothing of this name to switch off{did_you_mean(name, known)}")
            for name, entry in entries.items()
            if entry.value == "off" and name not in known
        ]
    return found
