"""The calendar: seasons, weekdays and festivals that raise and lower needs and visits."""

import datetime as dt
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.quantities import Day, Parameters, setting

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
