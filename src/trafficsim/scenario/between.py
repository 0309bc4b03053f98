"""Between two arms: what tells them apart, part by part, and arms that have some parts as one, the rest as the other.

A part is an entry that both may have otherwise (`hooks.card`, `posts.club`), a setting of a section without entries
(`product.price`), or a whole section where one of the two switches it off. Where a place is off, so is what stands,
leads or works there: a part that needs another does nothing without it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from trafficsim.scenario.amending import HERE, tree_of
from trafficsim.scenario.arms import arm_tree, base_tree, overrides
from trafficsim.scenario.errors import Mistake, ScenarioError, did_you_mean
from trafficsim.scenario.tree import Node

OFF = "off"
NEEDS: dict[str, dict[str, str]] = {
    "posts": {},
    "advertising": {},
    "hooks": {"at": "places", "into": "places"},
    "staff": {"serves": "places"},
    "tiers": {"pool": "places"},
    "care": {"pool": "places", "by": "staff"},
}
"""Sections whose entries need others: the keys that name these, and in which section; without keys the place of the
entry's own name. Staff come before what needs them."""
LEFT_OUT = ("arms", "baseline", "equal_budget", "facts", "claims", "translations")
"""What a file says of arms; texts of a language that was asked for have taken the place of others by then."""
Plain = dict[str, Any]
Groups = Mapping[str, Sequence[str]]


def parts_between(root: Node, first: str, second: str, groups: Groups | None = None) -> dict[str, tuple[str, ...]]:
    """What two arms set otherwise: names of parts, each with its paths; `groups` put paths together under a name.

    Raises:
        ScenarioError: for a path in `groups` in which the arms don't differ, or that is in two.
    """
    given = overrides(root)
    a, b = (given[arm].plain() or {} for arm in (first, second))
    paths = [path for key in dict.fromkeys(chain(a, b)) for path in _paths(key, a.get(key), b.get(key))]
    found: dict[str, tuple[str, ...]] = {}
    taken: dict[str, str] = {}
    mistakes = []
    for name, wanted in (groups or {}).items():
        own = [path for path in paths if any(f"{path}.".startswith(f"{each}.") for each in wanted)]
        for each in wanted:
            if not any(f"{path}.".startswith(f"{each}.") for path in paths):
                says = f"the arms don't differ in {each}; they do in {', '.join(paths)}{did_you_mean(each, paths)}"
                mistakes.append(Mistake(HERE, f"groups.{name}", says))
        twice = [path for path in own if path in taken]
        mistakes += [Mistake(HERE, f"groups.{name}", f"{path} is in {taken[path]} too") for path in twice]
        taken |= dict.fromkeys(own, name)
        found[name] = tuple(own)
    if mistakes:
        raise ScenarioError(mistakes)
    return found | {path: (path,) for path in paths if path not in taken}


def _paths(key: str, a: Any, b: Any) -> Iterator[str]:
    """What one section of two arms differs in; an arm that says nothing of it has it as the file does."""
    if a == b:
        return
    if all(side is None or isinstance(side, dict) for side in (a, b)):
        inside = dict.fromkeys(chain(a or {}, b or {}))
        yield from (f"{key}.{name}" for name in inside if (a or {}).get(name) != (b or {}).get(name))
    else:
        yield key


def with_arms_between(root: Node, first: str, second: str, wanted: Mapping[str, Collection[str]]) -> Node:
    """The tree of a file with other arms: each by name, with these paths as the second arm has them, else as the first.

    What the file says of its own arms is left out, but for the labels of those whose names are kept.
    """
    given = overrides(root)
    a, b = (given[arm].plain() or {} for arm in (first, second))
    base = base_tree(root)
    arms = {name: _complete(base, _mixed(a, b, paths)) for name, paths in wanted.items()}
    members = {name: node for name, node in root.members.items() if name not in LEFT_OUT}
    if sources := root.at(("sources",)):
        members["sources"] = sources.without(path for path in sources.members if path.startswith("arms."))
    if labels := root.at(("labels",)):
        members["labels"] = labels.without((*(arm for arm in given if arm not in wanted), *_told_of(root)))
    return root.holding(members | tree_of({"arms": arms, "baseline": next(iter(arms))}).members)


def _told_of(root: Node) -> Iterator[str]:
    """Names of facts and claims, which may have labels."""
    for key in ("facts", "claims"):
        yield from section.members if (section := root.at((key,))) else ()


def _mixed(a: Plain, b: Plain, paths: Collection[str]) -> Plain:
    """The overrides of an arm that has these paths as `b` has them, all others as `a`."""
    found: Plain = {}
    for key in dict.fromkeys(chain(a, b)):
        sides = a.get(key), b.get(key)
        if key in paths or not all(side is None or isinstance(side, dict) for side in sides):
            chosen = sides[1] if key in paths else sides[0]
        else:
            inside = [side or {} for side in sides]
            chosen = {
                name: side[name]
                for name in dict.fromkeys(chain(*inside))
                if name in (side := inside[f"{key}.{name}" in paths])
            }
        if chosen is not None:
            found[key] = chosen
    return found


def _complete(base: Node, override: Plain) -> Plain:
    """The same overrides, with what belongs to places that are not there switched off, or left out."""
    tree = arm_tree(base, tree_of({"x": override}).members["x"]).plain()
    there = {"places": set(tree.get("places", {})), "staff": set[str]()}
    for section, keys in NEEDS.items():
        entries = tree.get(section)
        for name, entry in entries.items() if isinstance(entries, dict) else ():
            needed = [(of, entry.get(key)) for key, of in keys.items()] or [("places", name)]
            if any(other is not None and other not in there[of] for of, other in needed):
                _switch_off(base, override, section, name)
            elif section in there:
                there[section].add(name)
    return override


def _switch_off(base: Node, override: Plain, section: str, name: str) -> None:
    """Leave an entry out of an arm: off where the file has it, else not given."""
    own = dict(override.get(section) or {})
    own.pop(name, None)
    if base.at((section, name)) is not None:
        own[name] = OFF
    override[section] = own
