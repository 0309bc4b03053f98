"""Days of a run as people write them: by date where it is known on which day the run begins.

Where the number matters, as in a claim of the file, it is the file's: the day that `start` names is day 0.
"""

import datetime as dt
import math

from trafficsim.words.language import Language

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def dated(date: dt.date, language: Language = "en") -> str:
    """A date: 28 Jun 2024; in Chinese 2024年6月28日."""
    if language == "zh":
        return f"{date.year}年{date.month}月{date.day}日"
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def day_of(day: float, start: dt.date | None, language: Language = "en") -> str:
    """A day of a run that begins on `start`; "day 12" where that is not known. Half days are those that they end on."""
    whole = math.ceil(day)
    if start is not None:
        return dated(start + dt.timedelta(days=whole), language)
    return f"第 {whole:,} 天" if language == "zh" else f"day {whole:,}"


def numbered(day: float, start: dt.date | None, language: Language = "en") -> str:
    """A day as the scenario file counts, with its date if that of day 0 is known: day 60 (1 Mar 2024).

    Chinese, which counts a first day as 1, has the date alone.
    """
    shown = day_of(day, None, language)
    if start is None:
        return shown
    date = day_of(day, start, language)
    return date if language == "zh" else f"{shown} ({date})"


def numbered_days(first: int, last: int, start: dt.date | None, language: Language = "en") -> str:
    """Days from the first to the last, both included: days 150 to 179 (29 Jul 2019 to 27 Aug 2019)."""
    shown = f"第 {first:,} 至 {last:,} 天" if language == "zh" else f"days {first:,} to {last:,}"
    if start is None:
        return shown
    since, until = (day_of(day, start, language) for day in (first, last))
    if language == "zh":
        return f"{since}至{until}"
    return f"{shown} ({since} to {until})"


def month(date: dt.date, language: Language = "en", *, year: bool) -> str:
    """The month of a date: Mar, in Chinese 3月; below it its `year`."""
    name = f"{date.month}月" if language == "zh" else _MONTHS[date.month - 1]
    return f"{name}\n{date.year}" if year else name
