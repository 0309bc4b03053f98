"""Tables by date: which rows are about which days, and the numbers of each column."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.data.cells import DAYS_OF_WEEK, NOTHING, PERIODS, Period, Span, following_month, number, span
from trafficsim.data.errors import DataError, Fault, found
from trafficsim.data.tables import Row, rows_of
from trafficsim.words.language import Sentence
from trafficsim.words.typed import half_width

DATES: dict[str, Period | None] = {
    "date": None, "day": "day", "week": "week", "month": "month", "time": None, "period": None, "stat_time": "day",
    "日期": None, "日": "day", "天": "day", "周": "week", "星期": "week", "月": "month", "月份": "month", "时间": None,
    "统计日期": None, "统计时间": None, "数据日期": None, "统计周期": None, "周期": None, "年月": "month",
}  # fmt: skip
"""Heads of the column of dates, and the period that a head says."""
OWNERS = {
    "userid", "user", "owner", "staff", "member", "员工", "成员", "客服", "群主", "部门", "姓名", "门店", "店铺",
    "渠道", "计划", "campaign", "channel", "shop", "store",
}  # fmt: skip
"""Heads of columns by which a day is split into several rows, which are added up."""
TOTALS = {
    "total",
    "sum",
    "totals",
    "grandtotal",
    "average",
    "mean",
    "合计",
    "总计",
    "小计",
    "汇总",
    "总和",
    "平均",
    "均值",
}
"""What stands in place of a date in rows that sum up others."""


@dataclass(frozen=True)
class Column:
    """One column: its number in the file, from 1, its head, and its values, NaN where there are none."""

    number: int
    head: str
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Dated:
    """A table by date, in order of time: `spans` are the days of each row, `rows` their numbers in the file."""

    file: str
    period: Period
    spans: tuple[Span, ...]
    rows: tuple[int, ...]
    columns: tuple[Column, ...]
    notes: tuple[Sentence, ...] = ()

    @property
    def first(self) -> dt.date:
        """The first day that a row is about."""
        return self.spans[0].first

    @property
    def until(self) -> dt.date:
        """The day after the last."""
        return self.spans[-1].first + dt.timedelta(days=self.spans[-1].days)

    def column(self, head: str) -> Column | None:
        """The column of that head, however its letters are written."""
        return next((column for column in self.columns if plain(column.head) == plain(head)), None)


def plain(head: str) -> str:
    """A head without what is written in many ways: width and case of letters, blanks, a unit in brackets."""
    text = half_width(str(head)).replace("（", "(").replace("）", ")").split("(")[0]
    return "".join(text.split()).replace("_", "").replace("-", "").strip("'\":").casefold()


def read_dated(path: Path, label: str | None = None, period: Period | None = None) -> Dated:
    """Read a table by date.

    The row of heads is the first that names a column of dates (`DATES`); what stands above it is left out, as are
    rows of totals, empty ones and columns without a head. Rows of one day that belong to different people or shops
    are added up.

    Args:
        path: a CSV or Excel file.
        label: what messages call it.
        period: what each row is about, if neither heads nor dates should tell.

    Raises:
        DataError: with all that is wrong, by row and column.
        MissingExcelError: see `rows_of`.
    """
    name = label or str(path)
    rows = rows_of(path, name)
    at, date_column = _heads(rows, name)
    reader = _Reading(name, rows[at], date_column, rows[at + 1 :], period)
    return reader.read()


class _Reading:
    """The steps of `read_dated`, which share the table and the faults."""

    def __init__(self, name: str, heads: Row, dates: int, body: list[Row], period: Period | None) -> None:
        self.name, self.heads, self.dates, self.body, self.period = name, heads, dates, body, period
        self.owners: list[int] = []
        self.faults: list[Fault] = []
        self.notes: list[Sentence] = []

    def read(self) -> Dated:
        rows = self._dated_rows()
        if not rows and not self.faults:
            raise DataError(self.name, [Fault(self.heads.number, 0, "", "no row below the heads has a date")])
        self.owners = self._owners(rows)
        numbers = self._numbers([row for row, _ in rows])
        self._refuse()
        period = self.period or self._period([days for _, days in rows])
        spans = [_as(days, period) for _, days in rows]
        order = sorted(range(len(rows)), key=lambda k: spans[k])
        spans, numbers = [spans[k] for k in order], {at: values[order] for at, values in numbers.items()}
        row_numbers = [rows[k][0].number for k in order]
        if len({days.first for days in spans}) < len(spans):
            spans, row_numbers, numbers = self._added_up(spans, row_numbers, numbers)
        self._overlaps(spans, row_numbers)
        self._refuse()
        columns = tuple(Column(at + 1, self._head(at), values) for at, values in numbers.items())
        return Dated(self.name, period, tuple(spans), tuple(row_numbers), columns, tuple(self.notes))

    def _refuse(self) -> None:
        if self.faults:
            raise DataError(self.name, self.faults)

    def _head(self, at: int) -> str:
        cell = _cell(self.heads, at)
        return "" if cell is None else str(cell).strip()

    def _dated_rows(self) -> list[tuple[Row, Span]]:
        kept, totals = [], []
        for row in self.body:
            cell = _cell(row, self.dates)
            words = "" if cell is None else str(cell).strip()
            if plain(words) in TOTALS or any(plain(str(c)) in TOTALS for c in row.cells[: self.dates + 1]):
                totals.append(row.number)
            elif days := span(cell) if words else None:
                kept.append((row, days))
            else:
                says = "is no date; write 2026-01-31, 2026-W05 or 2026-01" if words else "has no date"
                at = self.dates + 1, self._head(self.dates)
                self.faults.append(Fault(row.number, *at, says, found(words) if words else ""))
        if totals:
            self.notes.append(
                Sentence.say(
                    "{file}: rows of totals are left out: {rows}.",
                    file=self.name,
                    rows=", ".join(map(str, totals)),
                )
            )
        return kept

    def _owners(self, rows: list[tuple[Row, Span]]) -> list[int]:
        """Places of columns that say whose a row is; one of numbers, such as how many staff there were, is none."""
        repeated = len({days.first for _, days in rows}) < len(rows)
        heads = [at for at in range(len(self.heads.cells)) if plain(self._head(at)) in OWNERS]
        return [at for at in heads if repeated or any(number(_cell(row, at)) is None for row, _ in rows)]

    def _numbers(self, rows: list[Row]) -> dict[int, NDArray[np.float64]]:
        """Columns of numbers by their place; those of owners' names are none."""
        width = max([len(self.heads.cells), *(len(row.cells) for row in rows)])
        seen: dict[str, int] = {}
        found_: dict[int, NDArray[np.float64]] = {}
        for at in range(width):
            head = self._head(at)
            if at == self.dates or at in self.owners:
                continue
            if not head:
                self._refuse_headless(at, rows)
                continue
            if plain(head) in seen:
                says = f"the head of column {seen[plain(head)] + 1} too; give each column its own"
                self.faults.append(Fault(self.heads.number, at + 1, head, says))
            seen.setdefault(plain(head), at)
            found_[at] = np.array([self._number(row, at, head) for row in rows])
        return found_

    def _refuse_headless(self, at: int, rows: list[Row]) -> None:
        for row in rows:
            value = number(_cell(row, at))
            if value is None or not np.isnan(value):
                says = "a value without a head; more cells than heads: is a thousands separator not in quotes?"
                self.faults.append(Fault(row.number, at + 1, "", says))
                return

    def _number(self, row: Row, at: int, head: str) -> float:
        cell = _cell(row, at)
        value = number(cell)
        if value is None:
            says = "is no number; write digits such as 1200 or 1,200, or leave it empty"
            self.faults.append(Fault(row.number, at + 1, head, says, found(cell)))
            return np.nan
        return value

    def _period(self, days: Sequence[Span]) -> Period:
        kinds = {each.kind for each in days}
        if len(kinds) > 1:
            says = "days, weeks and months are mixed; each row must be about a period of the same kind"
            raise DataError(self.name, [Fault(self.heads.number, self.dates + 1, self._head(self.dates), says)])
        if (kind := kinds.pop()) is not None:
            return kind
        said = DATES.get(plain(self._head(self.dates)))
        if said:
            return said
        firsts = sorted({each.first for each in days})
        gaps = {(later - one).days for one, later in pairwise(firsts)}
        if gaps and all(gap % DAYS_OF_WEEK == 0 for gap in gaps):
            return "week"
        if len(firsts) > 1 and all(each.day == 1 for each in firsts):
            return "month"
        return "day"

    def _added_up(
        self, spans: list[Span], rows: list[int], numbers: dict[int, NDArray[np.float64]]
    ) -> tuple[list[Span], list[int], dict[int, NDArray[np.float64]]]:
        """Rows of the same days as one, where a column says whose they are."""
        owners = [self._head(at) for at in self.owners]
        firsts: dict[dt.date, list[int]] = {}
        for k, days in enumerate(spans):
            firsts.setdefault(days.first, []).append(k)
        if not owners:
            for same in firsts.values():
                self.faults += [
                    Fault(rows[k], self.dates + 1, self._head(self.dates), f"the date of row {rows[same[0]]} too")
                    for k in same[1:]
                ]
            self._refuse()
        self.notes.append(
            Sentence.say(
                "{file}: rows of one date are added up over {column}.", file=self.name, column=", ".join(owners)
            )
        )
        groups = list(firsts.values())
        return (
            [spans[same[0]] for same in groups],
            [rows[same[0]] for same in groups],
            {at: np.array([_sum(values[same]) for same in groups]) for at, values in numbers.items()},
        )

    def _overlaps(self, spans: list[Span], rows: list[int]) -> None:
        for k in range(1, len(spans)):
            if spans[k].first < spans[k - 1].first + dt.timedelta(days=spans[k - 1].days):
                says = f"its days begin before those of row {rows[k - 1]} have ended"
                self.faults.append(Fault(rows[k], self.dates + 1, self._head(self.dates), says))


def _cell(row: Row, at: int) -> Any:
    return row.cells[at] if at < len(row.cells) else None


def _sum(values: NDArray[np.float64]) -> float:
    return float("nan") if np.isnan(values).all() else float(np.nansum(values))


def _as(days: Span, period: Period) -> Span:
    """The days of a row whose date is only the first of a week or month."""
    if days.kind is not None or period == "day":
        return replace(days, kind=period)
    if period == "week":
        return Span(days.first, DAYS_OF_WEEK, period)
    first = days.first.replace(day=1)
    return Span(first, (following_month(first) - first).days, period)


def _heads(rows: list[Row], name: str) -> tuple[int, int]:
    """Which row holds the heads, and which of its columns the dates."""
    for at, row in enumerate(rows):
        for column, cell in enumerate(row.cells):
            if isinstance(cell, str) and plain(cell) in {plain(head) for head in DATES}:
                return at, column
    first = rows[0]
    dated = [k for k, cell in enumerate(rows[1].cells) if _dates(cell)] if len(rows) > 1 else []
    if dated and not _dates(first.cells[dated[0]] if dated[0] < len(first.cells) else None):
        return 0, dated[0]
    says = "no column of dates; head it date, week or month (日期, 周, 月份)"
    raise DataError(name, [Fault(first.number, 0, "", says)])


def _dates(cell: Any) -> bool:
    return cell is not None and str(cell).strip().casefold() not in NOTHING and span(cell) is not None


def period_named(text: str) -> Period | None:
    """The period of that name, or None."""
    return next((period for period in PERIODS if period == text), None)
