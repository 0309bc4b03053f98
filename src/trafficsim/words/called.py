"""What arms, places and so on are called where they are shown: by their labels, if the scenario gives any."""

from collections.abc import Mapping


def called(name: str, labels: Mapping[str, str]) -> str:
    """The label of a name, or the name itself; each part between dots has its own (a slot is named after its store)."""
    return ".".join(labels.get(part, part) for part in name.split("."))
