"""When an event is in force: from a day on, for a time, or again and again on days of the calendar."""

import calendar
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, get_args

from trafficsim.market.calendar import Weekday
from trafficsim.scenario.errors import Mistake, described
from trafficsim.scenario.schema import LONGEST, Event
from trafficsim.scenario.tree import Node
from trafficsim.words.language import Sentence

Spans = tuple[tuple[int, int], ...]
"""First days (below 0 before the run) and the days after the last ones."""
WEEKDAYS = get_args(Weekday)
_MONTH_AND_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])")
MOST_TOLD = 5
"""Dates of an event that are told one by one; of more, the first ones and the last."""
_LEAP_YEAR = 2024
"""A year that has all days that a year may have."""


def spans_of(event: Event, node: Node, start: dt.date, days: int) -> Spans | Mistake:
    """When an event is in force in a run that begins on `start`, in order, or what is wrong with `on`.

    A day that a month hasn't got is its last: every month on 31 is on the last of each, every year on 02-29 is on
    02-28 in other years. What recurred before the run and lasts into it is in force from its beginning.
    """
    if event.day is not None:
        return ((event.day, event.day + event.days if event.days else max(days, event.day + 1)),)
    if wrong := _wrong(event, node.members["on"]):
        return wrong
    lasts = event.days or 1
    return tuple((day, day + lasts) for day in _begins(event, start, days) if day + lasts > 0 and day < days)


def _wrong(event: Event, node: Node) -> Mistake | None:
    """What is wrong with the day on which something recurs."""
    found = f"(got {described(node.plain())})"
    if event.every == "year" and not _is_day_of_a_year(event.on):
        return node.mistake(f"must be a month and a day such as 06-18 {found}")
    if event.every == "month" and not (type(event.on) is int and 1 <= event.on <= 31):
        return node.mistake(f"must be a day of the month, 1 to 31 {found}")
    if event.every == "week" and event.on not in WEEKDAYS:
        meant = "".join(f"; did you mean '{d}'?" for d in WEEKDAYS if str(event.on).lower().startswith(d))
        return node.mistake(f"must be a weekday, {', '.join(WEEKDAYS)} {found}{meant}")
    return None


def _is_day_of_a_year(on: object) -> bool:
    if not (isinstance(on, str) and _MONTH_AND_DAY.fullmatch(on)):
        return False
    month, day = map(int, on.split("-"))
    return day <= calendar.monthrange(_LEAP_YEAR, month)[1]


def _begins(event: Event, start: dt.date, days: int) -> Iterator[int]:
    """First days of what recurs, from before the run until after it."""
    if event.every == "week":
        yield from range((WEEKDAYS.index(event.on) - start.weekday()) % 7 - LONGEST["week"], days, LONGEST["week"])
        return
    last = dt.date.fromordinal(min(start.toordinal() + days, dt.date.max.toordinal()))
    for year in range(max(start.year - 1, dt.MINYEAR), last.year + 1):
        months = range(1, 13) if event.every == "month" else (int(event.on[:2]),)
        day = event.on if event.every == "month" else int(event.on[3:])
        for month in months:
            of_month = calendar.monthrange(year, month)[1]
            yield (dt.date(year, month, min(day, of_month)) - start).days


class Dated(Protocol):
    """An event of which it is told when it is in force."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def spans(self) -> Spans:
        """When it is in force."""
        ...

    @property
    def when(self) -> Mapping[str, Any]:
        """What the file says of that."""
        ...


def notes_on(events: Mapping[str, Sequence[Dated]], start: dt.date, days: int) -> list[Sentence]:
    """When events that end or recur are in force: those that the file gives (under ""), then those of arms alone."""
    told = {(event.name, event.spans) for event in events[""]}
    found = [_note(event, start, days).at(f"events.{event.name}") for event in events[""] if _is_told(event)]
    for arm, own in events.items():
        for event in own:
            if _is_told(event) and (event.name, event.spans) not in told:
                says = Sentence.say("In {arms}: {says}", arms=f"'{arm}'", says=_note(event, start, days))
                found.append(says.at(f"arms.{arm}.events.{event.name}"))
    return found


def _is_told(event: Dated) -> bool:
    return "every" in event.when or "days" in event.when


def _note(event: Dated, start: dt.date, days: int) -> Sentence:
    if not event.spans:
        return Sentence.say("Event '{event}' never comes within the {days} days.", event=event.name, days=days)
    spans = [
        f"{start + dt.timedelta(days=max(first, 0))} – {start + dt.timedelta(days=min(end, days) - 1)}"
        if end - first > 1
        else f"{start + dt.timedelta(days=first)}"
        for first, end in event.spans
    ]
    shown = spans if len(spans) <= MOST_TOLD else [*spans[: MOST_TOLD - 1], "…", spans[-1]]
    return Sentence.say(
        "Event '{event}' is in force {times} x: {dates}.", event=event.name, times=len(spans), dates=", ".join(shown)
    )
