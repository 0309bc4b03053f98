"""Settings whose values by date stand in a file: what was spent, posted or charged on which days.

In place of a number stands `{file: spend.csv, column: feed}`. A value holds from the first day of its row until the
next row that has one. With `total: true` the value is what the whole row came to, of a setting per day or per week.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ValidationError

from trafficsim.data.cells import DAYS_OF_WEEK
from trafficsim.data.dated import Column, Dated, read_dated
from trafficsim.data.errors import DataError
from trafficsim.data.tables import MissingExcelError
from trafficsim.market.quantities import Parameters
from trafficsim.scenario.beside import refused
from trafficsim.scenario.errors import Mistake, Where, described, did_you_mean
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import Setting
from trafficsim.scenario.tree import Node, merged, nested
from trafficsim.scenario.tree import Path as Keys
from trafficsim.scenario.wording import words
from trafficsim.words.language import Sentence

KEYS: dict[str, tuple[type, str]] = {
    "file": (str, "a file's name"),
    "column": (str, "a head"),
    "total": (bool, "true or false"),
}
"""What names a column, and what each may be."""
TOTALS = {"per_day": 1.0, "per_week": float(DAYS_OF_WEEK)}
"""Settings of which a row's total can be spread over its days, by the end of their name; what one is of a day's."""


@dataclass(frozen=True)
class Given:
    """One setting's values by date.

    `path` are its names, `values` from which day on which value holds, with its place in the file; the first holds from
    day 0 on. The file speaks of days before `until`.
    """

    path: Keys
    node: Node
    values: tuple[tuple[int, float | int, Where], ...]
    until: int

    @property
    def dotted(self) -> str:
        """The path as it is written."""
        return ".".join(self.path)

    def on(self, day: int) -> tuple[float | int, Where]:
        """The value in force on a day, with its place."""
        return next((value, where) for begins, value, where in reversed(self.values) if begins <= day)


@dataclass(frozen=True)
class History:
    """What the settings of an arm get from files."""

    given: tuple[Given, ...] = ()

    @property
    def days(self) -> list[int]:
        """Days after the first on which a value changes, in order."""
        return sorted({day for each in self.given for day, _, _ in each.values if day > 0})

    def may_be_most(self, day: int) -> bool:
        """Whether on a day something else changes than values of files, or one of these is at its most."""
        most = {max(each.values, key=lambda value: value[1])[0] for each in self.given}
        return day in most or day not in self.days

    def in_force(self, tree: Node, day: int) -> Node:
        """The settings with the values of a day in place of files, where the settings still are."""
        for each in self.given:
            if tree.at(each.path) is not None:
                value, where = each.on(day)
                tree = merged(tree, nested(each.path, Node(value, each.node.path, where, each.node.key)))
        return tree

    def laid_over(self, plan: Plan, day: int) -> tuple[Plan, list[Mistake]]:
        """The plan with the values that begin on a day, each checked as if it stood in the scenario."""
        mistakes = []
        for each in self.given:
            found = next(((value, where) for begins, value, where in each.values if begins == day), None)
            if found is None or not _has(plan, each.path):
                continue
            try:
                plan = _laid(plan, each.path, found[0])
            except ValidationError as error:
                fault = dict(error.errors(include_url=False, include_input=False)[0])
                mistakes.append(Mistake(found[1], each.dotted, words(fault, found[0])))
        return plan, mistakes

    def fixed(self, known: Mapping[str, Setting]) -> list[Mistake]:
        """Settings that are the same on all dates, though a file gives them by date."""
        return [
            each.node.mistake("is the same on all dates; give one number")
            for each in self.given
            if each.dotted in known and known[each.dotted].fixed
        ]

    def clashes(self, name: str, changes: Mapping[str, Node]) -> list[Mistake]:
        """Settings that an event changes, though a file gives them by date."""
        return [
            node.key_mistake(f"event '{name}' can't change it: {each.node.members['file'].value} gives it by date")
            for path, node in changes.items()
            for each in self.given
            if f"{each.dotted}.".startswith(f"{path}.") and not (node.value == "off" and path != each.dotted)
        ]

    def notes(self, days: int) -> list[Sentence]:
        """Files that end before the run does."""
        return [
            Sentence.say(
                "{file} speaks of {setting} until day {day}; its last value holds from then on.",
                file=each.node.members["file"].value,
                setting=each.dotted,
                day=each.until,
            ).at(each.dotted)
            for each in self.given
            if each.until < days
        ]

    def written(self) -> dict[Keys, Any]:
        """What stands in the scenario in place of numbers."""
        return {each.path: each.node.plain() for each in self.given}


def is_given_by_file(node: Node) -> bool:
    """Whether a value is a file's column instead of a number."""
    return {"file", "column"} <= set(node.members)


def history(tree: Node, folder: Path, start: dt.date, days: int) -> tuple[History, list[Mistake]]:
    """What settings of a tree get from files beside the scenario, and what is wrong with those files."""
    read = [_read(path, node, folder, start, days) for path, node in _all_given(tree)]
    given = tuple(each for each in read if isinstance(each, Given))
    return History(given), [each for each in read if isinstance(each, Mistake)]


def _all_given(node: Node, below: Keys = ()) -> Iterator[tuple[Keys, Node]]:
    if is_given_by_file(node):
        yield below, node
        return
    for name, member in node.members.items():
        yield from _all_given(member, (*below, name))


def _read(path: Keys, node: Node, folder: Path, start: dt.date, days: int) -> Given | Mistake:
    """The values of one setting by date, or what is wrong with it."""
    members = node.members
    if wrong := _malformed(node):
        return wrong
    name, head = members["file"].value, members["column"].value
    if says := refused(folder / name, folder):
        return members["file"].mistake(says)
    try:
        about = (folder / name).stat()
        table = _table(folder / name, name, about.st_mtime_ns, about.st_size)
    except DataError as error:
        fault = error.faults[0]  # its cell is not repeated: a scenario of somebody else's may name any file
        return Mistake(Where(name, fault.row, fault.column), ".".join(path), fault.says)
    except MissingExcelError as error:
        return members["file"].mistake(str(error))
    column = table.column(head)
    if column is None:
        near = did_you_mean(head, [each.head for each in table.columns])
        return members["column"].mistake(f"no column of this head in {name}{near}")
    return _values(path, node, table, column, start, days)


def _malformed(node: Node) -> Mistake | None:
    """What is wrong with the words that name a column."""
    members = node.members
    if unknown := next((name for name in members if name not in KEYS), None):
        return members[unknown].key_mistake(f"unknown key; allowed are {', '.join(KEYS)}")
    for name, (kind, what) in KEYS.items():
        if name in members and not isinstance(members[name].value, kind):
            return members[name].mistake(f"must be {what} (got {described(members[name].value)})")
    return None


def _values(path: Keys, node: Node, table: Dated, column: Column, start: dt.date, days: int) -> Given | Mistake:
    total = "total" in node.members and bool(node.members["total"].value)
    per = next((of_day for end, of_day in TOTALS.items() if path[-1].endswith(end)), None)
    if total and per is None:
        return node.members["total"].mistake(f"only settings that end in {' or '.join(TOTALS)} are spread over days")
    found: dict[int, tuple[float | int, Where]] = {}
    for k in np.flatnonzero(~np.isnan(column.values)):
        span, value = table.spans[k], float(column.values[k])
        day = max((span.first - start).days, 0)  # of rows before the start the last one counts
        if day < days:
            spread = value * (per or 1.0) / span.days if total else value
            found[day] = _whole(spread), Where(table.file, table.rows[k], column.number)
    if 0 not in found:
        return node.members["column"].mistake(f"has no value on or before the first day, {start}")
    kept = [(day, *found[day]) for day in sorted(found)]
    changes = [one for before, one in zip([None, *kept], kept, strict=False) if before is None or before[1] != one[1]]
    return Given(path, node, tuple(changes), (table.until - start).days)


@lru_cache(maxsize=16)
def _table(file: Path, label: str, _changed: int, _size: int) -> Dated:
    """A table by date; cached, since scenarios are varied."""
    return read_dated(file, label)


def _whole(value: float) -> float | int:
    return int(value) if value.is_integer() else value


def _has(value: Any, path: Keys) -> bool:
    """Whether there is a setting at a path, and no section above it is off."""
    for name in path:
        if not (name in value if isinstance(value, dict) else isinstance(value, Parameters)):
            return False
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    return True


def _laid(value: Any, path: Keys, new: float) -> Any:
    """Parameters with another value at a path, the section around it checked again."""
    name, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, name: _laid(value[name], rest, new) if rest else new}
    if rest:
        return value.model_copy(update={name: _laid(getattr(value, name), rest, new)})
    return type(value).model_validate({key: getattr(value, key) for key in value.model_fields_set} | {name: new})


def as_written(plan: Any, given: Mapping[Keys, Any]) -> Any:
    """A plan as built-in types, with the files' columns in place of the values of day 0."""
    for path, named in given.items():
        plan = _put(plan, path, named)
    return plan


def _put(tree: Any, path: Keys, named: Any) -> Any:
    return {**tree, path[0]: _put(tree[path[0]], path[1:], named)} if path else named
