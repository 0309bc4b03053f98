"""Tree to parameters: every value is checked in its place, and every mistake is collected with its position."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from trafficsim.market.quantities import Parameters
from trafficsim.scenario.errors import ALIKE, MISSPELT, Mistake, described, did_you_mean, listed, nearest
from trafficsim.scenario.shapes import Shape, is_date, is_day, refers_to, shape_of, unit_of
from trafficsim.scenario.tree import Node
from trafficsim.scenario.wording import plainly, words
from trafficsim.words.typed import first_wide, half_width

P = TypeVar("P", bound=Parameters)
T = TypeVar("T")
INVALID: Any = object()
"""Stands for a value that could not be read; its mistakes are already noted."""
LOAD = "--mechanism FILE.py"
"""How the command line loads a mechanism of one's own."""
NAME_RULE = "a name is made of letters, digits and _, and doesn't start with a digit"


class Reader:
    """Reads trees into parameters.

    `mistakes` gathers what is wrong, `references` what names an entry of another section. What could not be read is
    left as it is, so that the rest of a file can still be looked through: nothing that was read may be used for
    more than that once there are mistakes.
    """

    def __init__(self, start: dt.date | None) -> None:
        self.start = start
        self.mistakes: list[Mistake] = []
        self.references: list[tuple[Node, str]] = []
        self._broken: dict[int, Any] = {}

    def model(self, kind: type[P], node: Node, also: Iterable[str] = ()) -> P:
        """Read one section. `also` names further keys that are known there but read elsewhere."""
        for name, child in node.members.items():
            if name not in kind.model_fields:
                here = (*kind.model_fields, *(also if len(child.path) == 1 else ()))
                self.mistakes.append(_unknown(name, child, here))
        fields = kind.model_fields.items()
        values = {name: self._field(field, node.members[name]) for name, field in fields if name in node.members}
        return self._built(kind, node, values)

    def _built(self, kind: type[P], node: Node, values: dict[str, Any]) -> P:
        failed = {name for name, value in values.items() if self._is_broken(value)}
        try:
            built = kind.model_validate({name: value for name, value in values.items() if name not in failed})
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_input=False):
                self._note(kind, node, dict(fault), failed)
        else:
            if not failed:
                return built
        left = {name: value for name, value in values.items() if value is not INVALID}
        return self._break(kind.model_construct(**left))

    def _note(self, kind: type[Parameters], node: Node, fault: dict[str, Any], failed: set[str]) -> None:
        steps = tuple(str(step) for step in fault["loc"])
        if not steps:
            # A rule over several settings may complain wrongly where one of them could not be read or is mistyped.
            if not failed and not any(_mistyped(kind, node, field) for field in kind.model_fields):
                self.mistakes.append(node.key_mistake(words(fault, None)))
        elif fault["type"] == "missing":
            if steps[0] not in failed and not _mistyped(kind, node, steps[0]):
                self.mistakes.append(node.key_mistake(f"missing: {kind.model_fields[steps[0]].description}", steps[0]))
        else:
            child = _reached(node, steps)
            unit = unit_of(kind.model_fields[steps[0]]) if steps[0] in kind.model_fields else ""
            self.mistakes.append(_at_mark(child, child.mistake(words(fault, child.plain(), unit))))

    def _field(self, field: FieldInfo, node: Node) -> Any:
        shape = shape_of(field.annotation)
        if shape.is_section:
            return None if node.value is None and field.default is None else self._section(shape, node)
        if isinstance(node.value, list) and is_day(field):
            days = [self._day(item) if isinstance(item.value, str) else item.plain() for item in node.value]
            return INVALID if any(day is INVALID for day in days) else tuple(days)
        if isinstance(node.value, str):
            if is_date(field):
                return self._date(node, "a date such as 2024-01-31")
            if is_day(field):
                return self._day(node)
            if refers := refers_to(field):
                self.references.append((node, refers))
        value = node.plain()
        return tuple(value) if isinstance(value, list) else value

    def _section(self, shape: Shape, node: Node) -> Any:
        if shape.off and node.value == "off":
            return "off"
        if shape.text and isinstance(node.value, str) and node.value.strip():
            return node.value
        if not node.is_mapping:
            wanted = "a mapping" + " or off" * shape.off + " or text" * shape.text
            return self._refuse(node, f"must be {wanted} (got {described(node.value)})")
        if shape.entries:
            return self._entries(shape, shape.entries, node)
        model = shape.model or self._kind(shape, node)
        return self.model(model, node) if model else INVALID

    def _entries(self, shape: Shape, entry: Shape, node: Node) -> Any:
        for name, child in node.members.items():
            if shape.names and not name.isidentifier():
                self.mistakes.append(child.key_mistake(NAME_RULE))
        entries = {name: self._section(entry, child) for name, child in node.members.items()}
        return self._break(entries) if any(self._is_broken(entry) for entry in entries.values()) else entries

    def _kind(self, shape: Shape, node: Node) -> type[Parameters] | None:
        kinds, chosen = dict(shape.kinds), node.members.get("kind")
        if chosen is None:
            self.mistakes.append(node.key_mistake(f"missing: must be {listed(kinds)}", "kind"))
            return None
        if isinstance(chosen.value, str) and chosen.value in kinds:
            return kinds[chosen.value]
        near = "" if plainly(chosen.value) else did_you_mean(str(chosen.plain()), kinds)
        self._refuse(chosen, f"must be {listed(kinds)} (got {described(chosen.value)}){near}")
        return None

    def _day(self, node: Node) -> Any:
        date = self._date(node, "a day number or a date such as 2024-01-31")
        if date is INVALID or self.start is None:
            return INVALID
        day = (date - self.start).days
        if day < 0:
            return self._refuse(node, f"must be on or after the start, {self.start} (got {date})")
        return day

    def _date(self, node: Node, wanted: str) -> Any:
        date = date_in(node)
        return date or self._refuse(node, f"must be {wanted} (got {described(node.value)})")

    def _refuse(self, node: Node, says: str) -> Any:
        self.mistakes.append(_at_mark(node, node.mistake(says + plainly(node.value))))
        return INVALID

    def _break(self, value: T) -> T:
        self._broken[id(value)] = value  # held, so that its id stays its own
        return value

    def _is_broken(self, value: Any) -> bool:
        return value is INVALID or id(value) in self._broken


def date_in(node: Node | None) -> dt.date | None:
    """The date written as YYYY-MM-DD in a node, or None."""
    try:
        # fromisoformat also takes 20240131 and week dates, which nobody would recognise as a date in a scenario.
        return dt.datetime.strptime(node.value, "%Y-%m-%d").date() if node else None  # noqa: DTZ007
    except (TypeError, ValueError):
        return None


def _unknown(name: str, node: Node, known: Iterable[str]) -> Mistake:
    wide = first_wide(name)
    if wide >= 0:
        return _shifted(node.key_mistake(f"unknown key; full-width '{name[wide]}', write {_half(name[wide])}"), wide)
    if ":" in name:
        return node.key_mistake("unknown key; between a key and its value stand a colon and a space")
    own = node.is_mapping and len(node.path) in {1, 3} and "customers" in known
    near = did_you_mean(name, known, MISSPELT if own else ALIKE)
    if own and not near:
        return node.key_mistake(f"unknown key; if it is a mechanism of your own, load it: {LOAD}")
    return node.key_mistake(f"unknown key{near}" if near else f"unknown key; allowed are {', '.join(known)}")


def _half(mark: str) -> str:
    plain = half_width(mark)
    return ": and a blank" if plain == ":" else plain


def _at_mark(node: Node, mistake: Mistake) -> Mistake:
    """The mistake at the first full-width character of a text that is no number, date or choice for it."""
    return _shifted(mistake, max(0, first_wide(node.value))) if isinstance(node.value, str) else mistake


def _shifted(mistake: Mistake, columns: int) -> Mistake:
    return replace(mistake, where=replace(mistake.where, column=mistake.where.column + columns))


def _mistyped(kind: type[Parameters], node: Node, field: str) -> bool:
    # The unknown key that was meant to be this one is a mistake already.
    return any(nearest(name, kind.model_fields) == field for name in node.members if name not in kind.model_fields)


def _reached(node: Node, steps: tuple[str, ...]) -> Node:
    for step in steps:
        if isinstance(node.value, list) and step.isdigit() and int(step) < len(node.value):
            node = node.value[int(step)]
        elif step in node.members:
            node = node.members[step]
    return node
