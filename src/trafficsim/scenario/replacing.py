"""Replacing settings by hand: `path=value` for the base, `arm:path=value` for one arm."""

from collections.abc import Mapping, Sequence
from typing import Any

from trafficsim.scenario.arms import overrides
from trafficsim.scenario.errors import SET_LABEL, Mistake, ScenarioError, Where, did_you_mean
from trafficsim.scenario.market_price import market_left
from trafficsim.scenario.schema import Frame
from trafficsim.scenario.settings import Setting, off_above
from trafficsim.scenario.source import parse
from trafficsim.scenario.tree import Node, Path, as_node, merged, nested

Known = Mapping[str, Setting]


def parse_setting(text: str) -> tuple[str, Any]:
    """Split `path=value` or `arm:path=value`; the value is read as in a scenario file.

    Raises:
        ScenarioError: if there is no `=`, nothing on one side of it, or the value is not YAML.
    """
    path, equals, value = text.partition("=")
    if not (equals and path.strip() and value.strip()):
        raise ScenarioError([Mistake(Where(SET_LABEL), text, "must look like path=value or arm:path=value")])
    return path.strip(), parse_value(value, SET_LABEL)


def parse_settings(texts: Sequence[str]) -> dict[str, Any]:
    """Split several settings given by hand, as `Scenario.replace` takes them.

    Raises:
        ScenarioError: for one that can't be split, and where two give the same setting, be it as part of a section:
            which one counts would be a guess.
    """
    changes = [parse_setting(text) for text in texts]
    given: dict[str, str] = {}
    mistakes = []
    for number, (path, value) in enumerate(changes, 1):
        for leaf in _leaves(path, value):
            near = [other for other in given if f"{leaf}.".startswith(f"{other}.") or other.startswith(f"{leaf}.")]
            says = [f"{given[name]} sets {name} already" for name in near[:1]]
            mistakes += [Mistake(Where(SET_LABEL, number, 1), path, text) for text in says]
            given.setdefault(leaf, f"{SET_LABEL}:{number}")
    if mistakes:
        raise ScenarioError(mistakes)
    return dict(changes)


def parse_value(text: str, label: str) -> Any:
    """One value as it would stand in a scenario file; `label` names where it was given.

    Raises:
        ScenarioError: if it is not YAML.
    """
    return parse(text.strip(), label).plain()


def replaced(root: Node, changes: Mapping[str, Any], base: Known, arms: Mapping[str, Known]) -> Node:
    """The tree of a file with settings replaced; line N of a mistake is the Nth setting.

    Another price leaves the market where it was (see `market_price`).

    Raises:
        ScenarioError: for paths that don't exist, and base settings that an arm overrides.
    """
    if not isinstance(changes, Mapping):
        raise TypeError(f'settings to replace are a mapping, such as {{"days": 90}} (got {changes!r})')
    mistakes: list[Mistake] = []
    changed = root
    for line, (text, value) in enumerate(changes.items(), 1):
        key, where = Where(SET_LABEL, line, 1), Where(SET_LABEL, line, len(text) + 2)
        path = path_of(text)
        node = as_node(value, path, key, where)
        problem = _problem(path, node, root, base, arms)
        if problem:
            mistakes.append(Mistake(key, text, problem))
        else:
            changed = merged(changed, nested(path, node))
    if mistakes:
        raise ScenarioError(mistakes)
    return market_left(root, changed)


def overridden(path: str, root: Node) -> bool:
    """Whether an arm of the file says something of its own about a setting of the base."""
    return _overridden(path_of(path), root) is not None


def _leaves(path: str, value: Any) -> list[str]:
    if not isinstance(value, dict) or not value:
        return [path]
    return [leaf for name, entry in value.items() for leaf in _leaves(f"{path}.{name}", entry)]


def path_of(text: str) -> Path:
    """The names on the way to what `path`, `arm:path` or `arms.arm.path` means; below `set` and `times` of events one.

    What stands there is a dotted path itself.
    """
    arm, colon, below = text.partition(":")
    parts = ("arms", arm, *below.split(".")) if colon else tuple(text.split("."))
    at = 2 if parts[0] == "arms" else 0
    if parts[at : at + 1] == ("events",) and len(parts) > at + 3:
        parts = (*parts[: at + 3], ".".join(parts[at + 3 :]))
    return parts


def _problem(path: Path, node: Node, root: Node, base: Known, arms: Mapping[str, Known]) -> str | None:
    if path[0] in {"baseline", "equal_budget", "equal_sum", "asks"}:
        return None
    if path[0] == "events":
        return _no_event(path, root) or _overridden(path, root)
    if path[0] in {"sources", "facts", "claims", "labels"}:
        return "can't be replaced"
    if path[0] != "arms":
        return _unknown(path, node, base) or _overridden(path, root)
    if len(path) < 3 or path[1] not in arms:
        return f"no such arm{did_you_mean(path[1] if len(path) > 1 else '', arms)}"
    return _no_event(path, root) if path[2] == "events" else _unknown(path[2:], node, arms[path[1]])


def _no_event(path: Path, root: Node) -> str | None:
    """What is wrong with the path of an event, or of one of an arm, which may have its own besides."""
    of_all = path[2:] if path[0] == "arms" else path
    return None if root.at(path) or root.at(of_all) else "no such event, or it doesn't set this"


def _unknown(path: Path, node: Node, known: Known) -> str | None:
    dotted, above = ".".join(path), ".".join(path[:-1])
    if dotted in known:
        return None
    switched_off = off_above(dotted, known)
    if switched_off:
        return f"{switched_off} is off here; give it as a whole to switch it on"
    if above in known and isinstance(known[above].value, dict) and node.value != "off":
        return None  # a new entry, which has to be complete by itself
    return f"no such setting{did_you_mean(dotted, (*known, *Frame.model_fields))}"


def _overridden(path: Path, root: Node) -> str | None:
    for arm, override in overrides(root).items():
        for below, leaf in override.leaves():
            shared = min(len(below), len(path))
            # Where an arm is without a section, the base can change it for the others.
            without = leaf.value == "off" and len(below) <= len(path)
            if shared and below[:shared] == path[:shared] and not without:
                return f"arm '{arm}' overrides {'.'.join(below)}; give {arm}:{'.'.join(path)} or change the arm"
    return None
