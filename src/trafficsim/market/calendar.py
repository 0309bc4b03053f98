"""The calendar: seasons, weekdays and festivals that raise and lower needs and visits."""

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.market.quantities import Day, Parameters, setting

Month = Literal["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Factor = Annotated[float, Field(ge=0.0, le=20.0)]


class Festival(Parameters):
    """Some days of another demand, such as Double Eleven."""

    day: Day = setting("first day")
    days: Annotated[int, Field(ge=1, le=60)] = setting("how many days", default=1)
    demand: Factor = setting("needs and visits as a multiple of what they would be")


class Calendar(Parameters):
    """What raises and lowers needs and visits: factors that multiply each other."""

    months: dict[Month, Factor] = setting("by month", default={}, fixed=True)
    weekdays: dict[Weekday, Factor] = setting("by weekday", default={}, fixed=True)
    festivals: dict[str, Festival] = setting("by name", default={}, fixed=True)


def demand(calendar: Calendar, start: dt.date, days: int) -> NDArray[np.float64]:
    """Needs and visits of each day as a multiple of what they would be without a calendar, shape `(days,)`."""
    dates = [start + dt.timedelta(days=d) for d in range(days)]
    months = dict(enumerate(Month.__args__, 1))  # type: ignore[attr-defined]  # the choices of a Literal
    weekdays = dict(enumerate(Weekday.__args__))  # type: ignore[attr-defined]
    factors = [
        calendar.months.get(months[d.month], 1.0) * calendar.weekdays.get(weekdays[d.weekday()], 1.0) for d in dates
    ]
    for festival in calendar.festivals.values():
        for d in range(festival.day, min(festival.day + festival.days, days)):
            factors[d] *= festival.demand
    return np.array(factors)


Windows = np.recarray[Any, np.dtype[Any]]
"""Structured array of shape `(days,)` with attribute access; see `windows`."""
WINDOW = np.dtype([("row", "i8"), ("opens", "i8"), ("days", "f8"), ("ahead", "f8")])


def windows(demand: NDArray[np.float64], stage: NDArray[np.int64], each_stands_for: float) -> Windows:
    """The days that share what can be had in a day, since a sample meets in so many days what a market meets in one.

    Of a market of which one in E is simulated, E days bring about as many who want a seat as one day brings the whole
    market. They share the seats of one day, so that chance fills and spares as many as in the market; a fraction of a
    seat each day would be spared far more often. Days of about the same demand share, and only those of one stage. A
    stage of fewer days than E shares a part of a day's seats. At E = 1 each day stands alone.

    Args:
        demand: of each day, shape `(days,)`.
        stage: its number for each day, rising; in another stage other settings, hooks or campaigns are in force.
        each_stands_for: people of the market for each simulated customer.

    Returns:
        for each day the first day of its window (`opens`), the number of days in it (`days`), how much of the demand
        of all days so far is still to come in it (`ahead`), and a `row` to count in, which no other window has while
        it is open.
    """
    table = np.zeros(demand.size, WINDOW).view(np.recarray)
    if each_stands_for == 1:  # what follows would say the same, more slowly
        table["opens"], table["days"] = np.arange(demand.size), 1.0
        return table
    so_far = np.maximum(np.cumsum(demand), np.finfo(float).tiny)
    closed: list[int] = []  # the last day of each row's window
    for days in sorted(_shared(demand, stage, each_stands_for), key=lambda own: int(own[0])):
        row = next((r for r, last in enumerate(closed) if last < days[0]), len(closed))
        closed[row : row + 1] = [int(days[-1])]
        table["row"][days], table["opens"][days], table["days"][days] = row, days[0], days.size
        left = demand[days].sum() - np.cumsum(demand[days])
        table["ahead"][days[:-1]] = left[:-1] / so_far[days[:-1]]
    return table


def _shared(
    demand: NDArray[np.float64], stage: NDArray[np.int64], each_stands_for: float
) -> Iterator[NDArray[np.int64]]:
    """The days of each window, in order."""
    for number in np.unique(stage):
        days = np.flatnonzero(stage == number)
        alike = days[np.argsort(demand[days], kind="stable")]
        count = max(1, round(days.size / each_stands_for))
        yield from (np.sort(own) for own in np.array_split(alike, count))
