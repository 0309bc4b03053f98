"""Labels: what arms, places, hooks and so on are called where they are shown; names key the random numbers."""

from collections.abc import Iterable, Iterator, Mapping

from trafficsim.scenario.errors import Mistake, did_you_mean
from trafficsim.scenario.tree import Node

LONGEST = 40
"""Characters of a label; longer ones don't fit a table."""


def label_mistakes(root: Node, trees: Iterable[Node]) -> list[Mistake]:
    """Labels of what isn't there, that can't be told apart, or that can't stand in a table."""
    known, translations = dict.fromkeys(_named(root, trees)), root.at(("translations",))
    paths = [
        ("labels",),
        *(("translations", each, "labels") for each in (translations.members if translations else ())),
    ]
    sections = [section for path in paths if (section := root.at(path))]
    return [mistake for section in sections for mistake in _mistakes(section.members, known)]


def _mistakes(given: Mapping[str, Node], known: Mapping[str, None]) -> list[Mistake]:
    found: list[Mistake] = []
    first: dict[str, str] = {}
    for name, node in given.items():
        label = node.value
        if not isinstance(label, str):
            continue  # told already
        if name not in known:
            says = (
                "no arm, place, hook, segment, region, audience, tier, care, event, fact, claim, slot or staff has "
                "this name"
            )
            found.append(node.key_mistake(says + did_you_mean(name, known)))
        if not label.strip() or len(label) > LONGEST or any(mark in label for mark in ".\n"):
            found.append(node.mistake(f"must be one line of 1 to {LONGEST} characters without a dot"))
        elif first.setdefault(label, name) != name or (label in known and label != name and label not in given):
            found.append(node.mistake(f"'{label}' is another's name or label"))
    return found


def _named(root: Node, trees: Iterable[Node]) -> Iterator[str]:
    """Everything that a label may be given to."""
    for tree in (root, *trees):
        for path in (
            ("places",),
            ("hooks",),
            ("staff",),
            ("audiences",),
            ("tiers",),
            ("care",),
            ("customers", "segments"),
            ("customers", "regions"),
            ("events",),
            ("arms",),
            ("against",),
            ("facts",),
            ("claims",),
        ):
            yield from section.members if (section := tree.at(path)) else ()
        for place in (places.members if (places := tree.at(("places",))) else {}).values():
            yield from slots.members if (slots := place.at(("slots",))) else ()
