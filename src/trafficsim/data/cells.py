"""Single cells: numbers and dates as people and programs write them, in Chinese too."""

import datetime as dt
import math
import re
from dataclasses import dataclass
from typing import Any, Literal

from trafficsim.words.typed import amount, half_width

Period = Literal["day", "week", "month"]
PERIODS: tuple[Period, ...] = ("day", "week", "month")
NOTHING = {"", "-", "--", "—", "/", "na", "n/a", "nan", "null", "none", "nil", "#n/a", "无", "暂无", "空"}
"""What stands where there is no number."""
BEIJING = dt.timezone(dt.timedelta(hours=8))
"""WeCom's statistics give a day as the second at which it begins there (its reference of `stat_time`)."""
FIRST_YEAR, LAST_YEAR = 1990, 2100
"""Years that a date of own data may lie in (assumed: others are slips of the pen)."""
DAYS_OF_WEEK, MONTHS = 7, 12

_DATE = re.compile(
    r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?(?:[T\s]+[0-9]{1,2}:[0-9:.]+)?"
)
_SHORT = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])")
_MONTH = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*月?")
_WEEK = re.compile(r"([0-9]{4})\s*[-年]?\s*(?:W|第)\s*([0-9]{1,2})\s*周?", re.IGNORECASE)
_SPAN = re.compile(r"(.{8,}?)\s*(?:~|至|到|–|—|\bto\b| - )\s*(.{8,})")
_STAMP = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, order=True)
class Span:
    """Days that a row is about: the first, and how many; `kind` where the way it is written tells it."""

    first: dt.date
    days: int = 1
    kind: Period | None = None


def number(value: Any) -> float | None:
    """The number in a cell: NaN where it is empty or says that there is none; None for what is no number.

    Thousands separators, full-width digits, currency signs, units such as 万 and percent signs are understood.
    """
    if value is None:
        return math.nan
    if isinstance(value, bool | dt.date | dt.time):
        return None
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else (math.nan if math.isnan(value) else None)
    text = half_width(str(value)).strip().strip("'\"")
    if text.casefold() in NOTHING:
        return math.nan
    bracketed = re.fullmatch(r"\((.+)\)", text)  # as bookkeepers write what is below 0
    found = amount(bracketed[1] if bracketed else text)
    if found is None:
        found = _scientific(text)
    return None if found is None else -float(found) if bracketed else float(found)


def span(value: Any) -> Span | None:
    """The days that a date cell means; None for what is no date."""
    if isinstance(value, dt.datetime):
        return _day(value.year, value.month, value.day)
    if isinstance(value, dt.date):
        return _day(value.year, value.month, value.day)
    text = half_width(str(value)).strip().strip("'\"")
    if isinstance(value, float) and value.is_integer():
        text = str(int(value))
    for pattern, read in ((_DATE, _day), (_SHORT, _day), (_WEEK, _week), (_MONTH, _month)):
        if match := pattern.fullmatch(text):
            return read(*map(int, match.groups()))
    if _STAMP.fullmatch(text):
        at = dt.datetime.fromtimestamp(int(text), BEIJING)
        return _day(at.year, at.month, at.day)
    return _from_to(text)


def _from_to(text: str) -> Span | None:
    match = _SPAN.fullmatch(text)
    ends = [span(part) for part in match.groups()] if match else []
    if len(ends) != 2 or not (ends[0] and ends[1]):
        return None
    first, last = ends[0].first, ends[1].first + dt.timedelta(days=ends[1].days - 1)
    days = (last - first).days + 1
    return Span(first, days, "week" if days == DAYS_OF_WEEK else None) if days > 0 else None


def _day(year: int, month: int, day: int) -> Span | None:
    try:
        date = dt.date(year, month, day)
    except ValueError:
        return None
    return Span(date) if FIRST_YEAR <= year <= LAST_YEAR else None


def _week(year: int, week: int) -> Span | None:
    try:
        return Span(dt.date.fromisocalendar(year, week, 1), DAYS_OF_WEEK, "week")
    except ValueError:
        return None


def _month(year: int, month: int) -> Span | None:
    if not (1 <= month <= MONTHS and FIRST_YEAR <= year <= LAST_YEAR):
        return None
    first = dt.date(year, month, 1)
    return Span(first, (following_month(first) - first).days, "month")


def following_month(first: dt.date) -> dt.date:
    """The first day of the month after that of a date."""
    return dt.date(first.year + first.month // MONTHS, first.month % MONTHS + 1, 1)


def _scientific(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and text.isascii() else None
