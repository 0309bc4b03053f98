"""Days of a run as people write them: by date where it is known on which day the run begins."""

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


def month(date: dt.date, language: Language = "en", *, year: bool) -> str:
    """The month of a date: Mar, in Chinese 3月; below it its `year`."""
    name = f"{date.month}月" if language == "zh" else _MONTHS[date.month - 1]
    return f"{name}\n{date.year}" if year else name
