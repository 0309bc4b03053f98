"""Another scenario from a file's tree: without some of its arms, or with more in it."""

from collections.abc import Iterable, Mapping
from typing import Any

from trafficsim.scenario.errors import Mistake, ScenarioError, Where, did_you_mean
from trafficsim.scenario.tree import Node, as_node, merged, moved_below

HERE = Where("scenario")
"""Where what is given in Python stands."""


def without_arms(root: Node, names: Iterable[str], baseline: str) -> Node:
    """The tree without arms and what it says of them: labels, sources, facts, claims, and their part in equal money.

    Raises:
        ScenarioError: for an arm that there is not, the baseline, or all arms.
    """
    arms, left_out = root.at(("arms",)) or root.holding({}), list(names)
    mistakes = [
        Mistake(HERE, f"arms.{name}", f"no such arm{did_you_mean(name, arms.members)}")
        for name in left_out
        if name not in arms.members
    ]
    if baseline in left_out:
        mistakes.append(Mistake(HERE, f"arms.{baseline}", "is the baseline; replace that first"))
    if mistakes:
        raise ScenarioError(mistakes)
    members = {**root.members, "arms": arms.without(left_out)}
    unlabelled = list(left_out)
    for key in ("facts", "claims"):
        if tested := root.at((key,)):
            of_them = [name for name, each in tested.members.items() if _names(each, left_out)]
            members[key] = tested.without(of_them)
            unlabelled += of_them
    if labels := root.at(("labels",)):
        members["labels"] = labels.without(unlabelled)
    if translations := root.at(("translations",)):
        told = translations.members.items()
        members["translations"] = translations.holding(
            {language: _without(node, unlabelled) for language, node in told}
        )
    if sources := root.at(("sources",)):
        of_arms = tuple(f"arms.{name}." for name in left_out)
        members["sources"] = sources.without(p for p in sources.members if f"{p}.".startswith(of_arms))
    if equal := root.at(("equal_budget",)):
        same = [node for node in equal.value if node.value not in left_out]
        members["equal_budget"] = Node(same if len(same) > 1 else [], equal.path, equal.where, equal.key)
    return root.holding(members)


def _without(translation: Node, names: list[str]) -> Node:
    """The texts of a language without those by these names."""
    of_arms = tuple(f"arms.{name}." for name in names)

    def gone(node: Node) -> list[str]:
        return [*names, *(path for path in node.members if f"{path}.".startswith(of_arms))]

    kept = {key: node.without(gone(node)) if node.members else node for key, node in translation.members.items()}
    return translation.holding(kept)


def _names(node: Node, arms: list[str]) -> bool:
    """Whether anything in a claim is one of these arms."""
    if node.members:
        return any(_names(inner, arms) for inner in node.members.values())
    values = node.value if isinstance(node.value, list) else [node]
    return any(isinstance(value, Node) and value.value in arms for value in values if not value.members)


def with_more(root: Node, more: Mapping[str, Any]) -> Node:
    """The tree with more in it, as a file would have it; what is there already is merged or replaced.

    Raises:
        ScenarioError: for a value that no scenario file could hold.
    """
    return merged(root, tree_of(more))


def with_arms(root: Node, more: Mapping[str, Node]) -> Node:
    """The tree with arms that stand in files of their own, by name.

    Raises:
        ScenarioError: for an arm that there is already.
    """
    arms = root.at(("arms",)) or root.holding({})
    twice = [node.mistake(f"there is an arm '{name}' already: name the file otherwise") for name, node in more.items()
             if name in arms.members]  # fmt: skip
    if twice:
        raise ScenarioError(twice)
    added = {name: moved_below(("arms", name), node) for name, node in more.items()}
    return root.holding({**root.members, "arms": arms.holding({**arms.members, **added})})


def tree_of(plain: Mapping[str, Any]) -> Node:
    """The tree of a scenario given as a mapping.

    Raises:
        ScenarioError: for a value that no scenario file could hold.
    """
    return as_node(plain, (), HERE, HERE)
