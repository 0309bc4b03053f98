"""A scenario's texts in another language: what stands under `translations`, put where the file's own texts are."""

from collections.abc import Iterator, Mapping
from typing import Any

from trafficsim.scenario.errors import Mistake, did_you_mean
from trafficsim.scenario.schema import Translation
from trafficsim.scenario.tree import Node

TESTED = ("facts", "claims")
REASONS = {"facts": "unreached", "claims": "because"}


def translated(root: Node, found: Translation) -> dict[str, Any]:
    """The texts of a translation as a file would have them, to be merged into the file."""
    texts = {name: text for name, text in (("title", found.title), ("about", found.about)) if text is not None}
    tested = {section: _tested(root, section, found) for section in TESTED}
    return {**texts, "labels": found.labels, **tested, "sources": _sources(root, found.sources)}


def translation_mistakes(root: Node) -> list[Mistake]:
    """Texts for a fact, claim or source that the file has not got; none in a copy whose facts and claims were cut."""
    translations = root.at(("translations",))
    told = {path: section for path in TESTED if (section := root.at((path,)))}
    tested = {name for section in told.values() for name in section.members}
    if not tested:
        return []
    sources = set(section.members) if (section := root.at(("sources",))) else set()
    known = {"says": tested, "because": tested, "sources": tested | sources}
    return [
        node.key_mistake(f"no fact, claim or source has this name{did_you_mean(name, sorted(names))}")
        for language in (translations.members if translations else ())
        for key, names in known.items()
        for name, node in _members(root, ("translations", language, key)).items()
        if name not in names
    ]


def _tested(root: Node, section: str, found: Translation) -> dict[str, dict[str, str]]:
    given = {"says": found.says, "source": found.sources, REASONS[section]: found.because}
    return {
        name: {key: texts[name] for key, texts in given.items() if name in texts} for name in _members(root, (section,))
    }


def _sources(root: Node, texts: Mapping[str, str]) -> dict[str, Any]:
    """Each where its original stands: alone, or beside a range."""
    found: dict[str, Any] = {}
    for path, node in _members(root, ("sources",)).items():
        if path in texts:
            key = next(_keys(node), "")
            found[path] = {key: texts[path]} if key else texts[path]
    return found


def _keys(node: Node) -> Iterator[str]:
    return (key for key in ("source", "fitted") if key in node.members and node.members[key].value is not None)


def _members(root: Node, path: tuple[str, ...]) -> Mapping[str, Node]:
    section = root.at(path)
    return section.members if section else {}
