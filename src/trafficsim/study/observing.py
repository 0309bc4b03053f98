"""Own data beside a scenario: which column is which series of the model, over which days."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import Quantity
from trafficsim.data.cells import DAYS_OF_WEEK, Period
from trafficsim.data.dated import Column, Dated, plain, read_dated
from trafficsim.data.errors import DataError, Fault
from trafficsim.data.known import known
from trafficsim.market.places import Pool
from trafficsim.scenario import Scenario
from trafficsim.scenario.errors import did_you_mean
from trafficsim.study.tracking import trackable
from trafficsim.words.language import Sentence

MAP_LABEL = "--map"
LEFT_OUT = "-"
"""What a column is mapped to that is not to be looked at."""
FEWEST = 4
"""Weeks or rows of a series; fewer say nothing of its course."""
BELOW_ZERO = ("profit",)
"""Series that may be below 0."""


@dataclass(frozen=True)
class Series:
    """One column as a series of the model: the sums of its flows, or its levels, over stretches of days.

    `days` has a row for each stretch and a column for each day of the run: what of the daily series is added up. A
    level counts on the last day of its stretch. `data` are the numbers of the file.
    """

    name: str
    head: str
    over: Literal["flow", "level"]
    unit: str
    days: NDArray[np.float64]
    data: NDArray[np.float64]
    lasts: NDArray[np.int64]
    """The last day of each stretch."""

    def of(self, daily: NDArray[np.float64]) -> NDArray[np.float64]:
        """What the data would say of a run with these daily numbers, `(..., days)`, shape `(..., stretches)`."""
        return daily @ self.days.T


@dataclass(frozen=True)
class Observed:
    """Own data as a run of `days` days from the scenario's start would show them."""

    file: str
    period: Period
    first: dt.date
    until: dt.date
    days: int
    series: tuple[Series, ...]
    notes: tuple[Sentence, ...]


def observe(
    scenario: Scenario,
    arm: str,
    file: str | Path,
    mapped: Mapping[str, str] | None = None,
    period: Period | None = None,
) -> Observed:
    """Read own data for a scenario.

    Args:
        scenario: whose `start` is the first day of the run, on or before the first of the data.
        arm: what the company did at the time; its pools are those that a column can be about.
        file: CSV or Excel by day, week or month (see `read_dated`). Days are added up to weeks, since counts of
            neighbouring days are not independent of each other.
        mapped: series by column, for heads that are not known by themselves; "-" leaves a column out.
        period: see `read_dated`.

    Raises:
        DataError: with all that is wrong in the file or the mapping.
    """
    path = Path(file)
    table = read_dated(path, str(file), period)
    chosen, notes = _Choosing(scenario, arm, table, mapped or {}).chosen()
    days = (table.until - scenario.start).days
    if table.first < scenario.start:
        says = f"begins on {table.first}, before the scenario's start; give --set start={table.first}"
        raise DataError(table.file, [Fault(table.rows[0], 0, "", says)])
    series = tuple(_series(name, quantity, column, table, scenario.start) for name, quantity, column in chosen)
    _refuse_short(table, series)
    return Observed(table.file, table.period, table.first, table.until, days, series, (*table.notes, *notes))


def parse_map(texts: Iterable[str]) -> dict[str, str]:
    """Split `COLUMN=SERIES` of the command line; the column may hold "=" itself.

    Raises:
        DataError: for what can't be split.
    """
    found = {}
    for text in texts:
        head, equals, name = text.rpartition("=")
        if not (equals and head.strip() and name.strip()):
            raise _wrong_map(text, "must look like 'column=series', such as '新增=joined.wecom'")
        found[head.strip()] = name.strip()
    return found


class _Choosing:
    """Which column is which series."""

    def __init__(self, scenario: Scenario, arm: str, table: Dated, mapped: Mapping[str, str]) -> None:
        self.scenario, self.arm, self.table = scenario, arm, table
        self.plan = scenario.plan(arm)
        self.known = trackable(scenario)
        self.mapped = {plain(head): (head, name) for head, name in mapped.items()}
        self.notes: list[Sentence] = []
        self.faults: list[Fault] = []

    def chosen(self) -> tuple[list[tuple[str, Quantity, Column]], list[Sentence]]:
        for head, _ in self.mapped.values():
            if self.table.column(head) is None:
                heads = [column.head for column in self.table.columns]
                raise _wrong_map(
                    head, f"no column of this head{did_you_mean(head, heads)}; there are {', '.join(heads)}"
                )
        found: dict[str, tuple[str, Quantity, Column]] = {}
        for column in self.table.columns:
            name = self._name(column)
            if name is None:
                continue
            if name in found:
                says = f"is {name}, as column '{found[name][2].head}' is; leave one out: --map '{column.head}=-'"
                self._fault(column, says)
                continue
            found[name] = (name, self.known[name.partition(".")[0]], column)
        self._below_zero(found.values())
        if self.faults:
            raise DataError(self.table.file, self.faults)
        if not found:
            says = f"no column is known as a series of the model; map one: {MAP_LABEL} 'column=orders'"
            raise DataError(self.table.file, [Fault(0, 0, "", says)])
        return list(found.values()), self.notes

    def _name(self, column: Column) -> str | None:
        """The series that a column is, if any; says why not."""
        if plain(column.head) in self.mapped:
            name = self.mapped[plain(column.head)][1]
            return None if name == LEFT_OUT else self._checked(column, name)
        if np.isnan(column.values).all():
            self.notes.append(Sentence.say("Column '{column}' is empty.", column=column.head))
            return None
        if column.head.partition(".")[0] in self.known:
            return self._checked(column, column.head)
        entry = known(column.head)
        if entry is None:
            self.notes.append(
                Sentence.say(
                    "Column '{column}' is not known and not used; {option} 'column=series' maps it.",
                    column=column.head,
                    option=MAP_LABEL,
                )
            )
            return None
        if entry.use != "fitted":
            why = Sentence(entry.meaning, {})
            self.notes.append(Sentence.say("Column '{column}' is not fitted: {why}.", column=column.head, why=why))
            return None
        return self._of_form(column, entry.metric, entry.form) if entry.form else entry.metric

    def _of_form(self, column: Column, metric: str, form: str) -> str | None:
        pools = [name for name, place in self.plan.places.items() if isinstance(place, Pool) and place.form == form]
        if len(pools) == 1:
            return f"{metric}.{pools[0]}"
        there = ", ".join(pools) or "none"
        option = f"{MAP_LABEL} '{column.head}={metric}.POOL'"
        says = f"is about a pool of form {form}, of which there are: {there}; say which: {option}"
        self._fault(column, says)
        return None

    def _checked(self, column: Column, name: str) -> str | None:
        series, _, entry = name.partition(".")
        if series not in self.known:
            self._fault(column, f"no series '{series}'{did_you_mean(series, self.known)}")
            return None
        by = self.known[series].by
        entries = self._entries(by)
        if entry and (not by or (entries is not None and entry not in entries)):
            near = did_you_mean(entry, entries or ())
            self._fault(column, f"no {by or 'part'} '{entry}' of {series} in arm {self.arm}{near}")
            return None
        return name

    def _entries(self, by: str) -> tuple[str, ...] | None:
        """What a series broken down by this can be asked for; None where any name is left to the run."""
        plan = self.plan
        return {
            "place": tuple(plan.places),
            "pool": tuple(name for name, place in plan.places.items() if isinstance(place, Pool)),
            "hook": tuple(plan.hooks) if plan.hooks != "off" else (),
            "staff": tuple(plan.staff) if plan.staff != "off" else (),
            "slot": self.scenario.slots(),
            "region": tuple(plan.customers.regions),
        }.get(by, ())

    def _below_zero(self, chosen: Iterable[tuple[str, Quantity, Column]]) -> None:
        for name, _, column in chosen:
            if name.partition(".")[0] in BELOW_ZERO:
                continue
            for at in np.flatnonzero(column.values < 0):
                says = f"{column.values[at]:.15g} is below 0, which {name} can't be"
                self.faults.append(Fault(self.table.rows[at], column.number, column.head, says))

    def _fault(self, column: Column, says: str) -> None:
        self.faults.append(Fault(0, 0, column.head, says))


def _wrong_map(text: str, says: str) -> DataError:
    return DataError(MAP_LABEL, [Fault(0, 0, text, says)])


def _series(name: str, quantity: Quantity, column: Column, table: Dated, start: dt.date) -> Series:
    """A column over stretches of days: sums of the flows that are there, or the last level."""
    days, rows, values, lasts = (table.until - start).days, [], [], []
    for stretch in _stretches(table):
        there = [k for k in stretch if not np.isnan(column.values[k])]
        if not there:
            continue
        row = np.zeros(days)
        for k in there:
            first = (table.spans[k].first - start).days
            row[first : first + table.spans[k].days] = 1.0
        last = int(np.flatnonzero(row)[-1])
        if quantity.over == "level":
            row[:last] = 0.0
        rows.append(row)
        lasts.append(last)
        values.append(column.values[there[-1]] if quantity.over == "level" else column.values[there].sum())
    over: Literal["flow", "level"] = "level" if quantity.over == "level" else "flow"
    shape = np.array(rows).reshape(-1, days)
    return Series(name, column.head, over, quantity.unit, shape, np.array(values), np.array(lasts, np.int64))


def _stretches(table: Dated) -> list[list[int]]:
    """Rows that are looked at together: those of a week if they are days, counted from the first; else one by one."""
    if table.period != "day":
        return [[k] for k in range(len(table.spans))]
    weeks: dict[int, list[int]] = {}
    for k, days in enumerate(table.spans):
        weeks.setdefault((days.first - table.first).days // DAYS_OF_WEEK, []).append(k)
    return list(weeks.values())


def _refuse_short(table: Dated, series: Iterable[Series]) -> None:
    faults = [
        Fault(0, 0, each.head, f"has values in {each.data.size} weeks or rows; a fit needs {FEWEST} or more")
        for each in series
        if each.data.size < FEWEST
    ]
    if faults:
        raise DataError(table.file, faults)
