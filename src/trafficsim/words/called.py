"""What arms, places and so on are called where they are shown: by their labels, if the scenario gives any."""

from collections.abc import Mapping


def called(name: str, labels: Mapping[str, str]) -> str:
    """The label of a name, or the name itself; each part between dots has its own (a slot is named after its store)."""
    return ".".join(labels.get(part, part) for part in name.split("."))


ENTRIES = ("places", "hooks", "staff", "posts", "advertising", "audiences", "tiers", "care", "arms")
"""Sections of a file whose next word is a name ..."""
DEEPER = (("customers", "segments"), ("customers", "regions"), ("customers", "at_start", "members"))
"""... and those that lie deeper."""


def called_setting(path: str, labels: Mapping[str, str]) -> str:
    """The dotted path of a setting with labels in place of the names in it, and of nothing else."""
    arm, colon, bare = path.rpartition(":")
    parts = bare.split(".")
    for at in _names_in(parts):
        parts[at] = labels.get(parts[at], parts[at])
    return f"{labels.get(arm, arm)}{colon}{'.'.join(parts)}"


def _names_in(parts: list[str], first: int = 0) -> list[int]:
    """Where names stand in a path, which begins at `first`."""
    own = parts[first:]
    for section in DEEPER:
        if tuple(own[: len(section)]) == section and len(own) > len(section):
            return [first + len(section)]
    if own[:1] == ["events"]:  # events.NAME.set.PATH
        return [first + 1, *_names_in(parts, first + 3)] if len(own) > 1 else []
    if len(own) < 2 or own[0] not in ENTRIES:
        return []
    if own[0] == "arms":
        return [first + 1, *_names_in(parts, first + 2)]
    slots = [first + 3] if own[0] == "places" and own[2:3] == ["slots"] and len(own) > 3 else []
    return [first + 1, *slots]
