"""What rivals may do: each of their arms laid over each arm of the file."""

from trafficsim.scenario.arms import overrides
from trafficsim.scenario.errors import Mistake
from trafficsim.scenario.reading import NAME_RULE
from trafficsim.scenario.tree import Node, merged

ALONE = "as_it_is"
"""The rivals' arm in which they do what the file says."""
JOINT = "__"
LEFT_OUT = ("arms", "against", "baseline", "equal_budget", "equal_sum", "facts", "claims", "translations")
"""What a file says of arms that are not there then."""


def joined(arm: str, rival: str) -> str:
    """The name of an arm when rivals do something."""
    return f"{arm}{JOINT}{rival}"


def rival_arms(root: Node) -> tuple[str, ...]:
    """What rivals may do, by name: nothing else than the file says, then what it gives under `against`."""
    given = root.at(("against",))
    return (ALONE, *(given.members if given else ()))


def against_mistakes(root: Node) -> list[Mistake]:
    """Names that no path could speak of, and rivals' arms that are no settings."""
    given = root.at(("against",))
    found = []
    for name, node in (given.members if given else {}).items():
        if not name.isidentifier() or name == ALONE:
            found.append(node.key_mistake(NAME_RULE if name != ALONE else f"is what '{ALONE}' stands for already"))
    return found


def facing(root: Node) -> Node:
    """The tree of a file whose arms are all of its own when rivals do each of theirs; labels of arms are left out."""
    theirs = root.at(("against",))
    own, members = overrides(root), {name: node for name, node in root.members.items() if name not in LEFT_OUT}
    arms: dict[str, Node] = {}
    for arm, override in own.items():
        arms[joined(arm, ALONE)] = override
        for rival, node in (theirs.members if theirs else {}).items():
            arms[joined(arm, rival)] = merged(override, node)
    members["arms"] = root.holding(arms)
    if sources := root.at(("sources",)):
        members["sources"] = sources.without(path for path in sources.members if path.startswith("arms."))
    if labels := root.at(("labels",)):
        tested = [name for key in ("facts", "claims") if (section := root.at((key,))) for name in section.members]
        members["labels"] = labels.without((*own, *rival_arms(root), *tested))
    return root.holding(members)
