"""Text to tree: YAML 1.2, core schema, with the position of every key and value, and without YAML's traps."""

import math
import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from trafficsim.scenario.errors import Mistake, ScenarioError, Where, described, shortened
from trafficsim.scenario.malformed import blanks_of_other_width, malformed
from trafficsim.scenario.tree import Node, Path
from trafficsim.words.folding import unfolded

MAX_BYTES = 1 << 20
MAX_DEPTH = 12
EXACT = 2.0**53
"""Whole numbers below are exact as floats."""
MAX_DIGITS = 30
"""Longer numbers are refused unread: reading one takes time that grows with the square of its length."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS = {"": None, "~": None, "null": None, "Null": None, "NULL": None} | {
    word: truth for truth in (True, False) for word in (str(truth), str(truth).lower(), str(truth).upper())
}


def read_text(file: FilePath, label: str) -> str:
    """Read a scenario file of at most 1 MiB of UTF-8.

    Raises:
        ScenarioError: if it is missing, unreadable, too large or not text.
    """
    if file.exists() and not (file.is_file() or file.is_dir()):  # a pipe would be waited for
        raise _refused(label, "not a regular file; save what it gives as one")
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refused(label, "no such file") from None
    except (OSError, ValueError) as error:
        raise _refused(label, f"can't be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MAX_BYTES:
        raise _refused(label, f"larger than {MAX_BYTES} bytes")
    return _decoded(content, label)


def parse(text: str, label: str) -> Node:
    """Parse one YAML document; `label` names the file in messages.

    Refused are duplicate keys, keys that are no text, aliases, anchors, tags, directives, tabs, control characters,
    numbers that are not finite, several documents, and nesting deeper than 12.

    Raises:
        ScenarioError: with all mistakes of form that were found.
    """
    if blanks := blanks_of_other_width(text, label):
        raise ScenarioError(blanks)
    builder = _Builder(label, iter(YAML(typ="safe", pure=True).parse(text)))
    try:
        root = builder.document()
    except ScenarioError as error:
        raise ScenarioError([*builder.mistakes, *error.mistakes]) from None
    except (YAMLError, ValueError, OverflowError) as error:
        builder.mistakes += malformed(error, text, label)
    if builder.mistakes:
        raise ScenarioError(builder.mistakes)
    return root


class _Builder:
    """Takes parser events one by one and gathers mistakes on the way."""

    def __init__(self, label: str, events: Iterator[Any]) -> None:
        self.label = label
        self.events = events
        self.mistakes: list[Mistake] = []

    def document(self) -> Node:
        """The only document of the stream."""
        next(self.events)
        start = next(self.events)
        if not isinstance(start, DocumentStartEvent):
            raise _refused(self.label, "the file is empty", 1, 1)
        if start.version or start.tags:
            self._complain(start, (), "YAML directives are not supported")
        root = self._node(next(self.events), (), None)
        next(self.events)
        another = next(self.events)
        if isinstance(another, DocumentStartEvent):
            self._complain(another, (), "a second document; a scenario is one document")
        return root

    def _node(self, event: Any, path: Path, key: Where | None) -> Node:
        # What isn't there has no position of its own; YAML would give that of the next token.
        absent = isinstance(event, ScalarEvent) and event.style is None and not event.value
        where = key if key and absent else self._where(event)
        if len(path) > MAX_DEPTH:
            raise ScenarioError([Mistake(where, ".".join(path), f"nested deeper than {MAX_DEPTH}")])
        self._refuse_markup(event, path)
        return Node(self._value(event, path), path, where, key or where)

    def _value(self, event: Any, path: Path) -> Any:
        if isinstance(event, MappingStartEvent):
            return self._mapping(path, flow=bool(event.flow_style))
        if isinstance(event, SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path) if isinstance(event, ScalarEvent) else None

    def _mapping(self, path: Path, *, flow: bool) -> dict[str, Node]:
        members: dict[str, Node] = {}
        while not isinstance(event := next(self.events), MappingEndEvent):
            name, where = self._key(event, path, flow=flow), self._where(event)
            node = self._node(next(self.events), (*path, name), where)
            if name in members:
                first = members[name].key
                self.mistakes.append(node.key_mistake(f"appears twice; first on line {first.line}"))
            members.setdefault(name, node)
        return members

    def _sequence(self, path: Path) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := next(self.events), SequenceEndEvent):
            items.append(self._node(event, (*path, str(len(items))), None))
        return items

    def _key(self, event: Any, path: Path, *, flow: bool) -> str:
        name = self._node(event, (*path, "?"), None).plain()
        if not isinstance(name, str):
            comma = "; a number has no commas between its thousands" * (flow and isinstance(name, int))
            self._complain(event, path, f"a key must be text (got {described(name)}){comma}")
        return shortened(str(name)) if not isinstance(name, str) else name

    def _scalar(self, event: ScalarEvent, path: Path) -> Any:
        text: str = event.value
        if event.style is not None:
            return self._printable(event, text, path)
        if text in _WORDS:
            return _WORDS[text]
        if not (_DECIMAL.fullmatch(text) or _OTHER_BASE.fullmatch(text) or _NOT_FINITE.fullmatch(text)):
            return self._printable(event, text, path)
        return self._number(event, text, path)

    def _number(self, event: ScalarEvent, text: str, path: Path) -> int | float:
        if len(text) > MAX_DIGITS:
            self._complain(event, path, "a number of too many digits")
            return 0
        number = _number(text)
        if not math.isfinite(number):
            self._complain(event, path, f"must be a finite number (got {text})")
        return number

    def _printable(self, event: ScalarEvent, text: str, path: Path) -> str:
        if not all(character.isprintable() or character == "\n" for character in text):
            self._complain(event, path, "text must not hold control characters")
        over_lines = event.style != "|" and event.start_mark.line < event.end_mark.line
        return unfolded(text) if over_lines else text

    def _refuse_markup(self, event: Any, path: Path) -> None:
        if isinstance(event, AliasEvent) or event.anchor is not None:
            self._complain(event, path, "anchors and aliases (&, *) are not supported; write the value out")
        elif event.tag is not None:
            self._complain(event, path, "YAML tags (!) are not supported")

    def _complain(self, event: Any, path: Path, says: str) -> None:
        self.mistakes.append(Mistake(self._where(event), ".".join(path), says))

    def _where(self, event: Any) -> Where:
        return Where(self.label, event.start_mark.line + 1, event.start_mark.column + 1)


def _number(text: str) -> int | float:
    if _INTEGER.fullmatch(text):
        return int(text)
    if _OTHER_BASE.fullmatch(text):
        return int(text, 0)
    number = float(text.replace(".", "", 1)) if _NOT_FINITE.fullmatch(text) else float(text)
    # 6e2 is a count as 600 is; where a number may have decimals, a whole one is as good.
    return int(number) if "e" in text.lower() and abs(number) < EXACT and number.is_integer() else number


def _decoded(content: bytes, label: str) -> str:
    if b"\0" in content:
        says = "; it looks like UTF-16: save it as UTF-8" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else ""
        raise _refused(label, f"not a text file{says}")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8-sig")
        raise _refused(label, "not UTF-8 text; save it as UTF-8", *_position(before)) from None


def _position(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _refused(label: str, says: str, line: int = 0, column: int = 0) -> ScenarioError:
    return ScenarioError([Mistake(Where(label, line, column), "", says)])
