"""An axis of days that shows dates."""

import datetime as dt

from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from trafficsim.plots.style import is_narrow
from trafficsim.words.dates import dated, month
from trafficsim.words.language import Language

MOST, MOST_IF_NARROW = 7, 4
"""Ticks of an axis: more would touch each other."""
_DAYS_OF_MONTH = 30
_STEPS = (1, 2, 3, 6, 12, 24, 60)


def date_axis(axes: Axes, start: dt.date, days: int, language: Language) -> None:
    """Mark days from 0 by their dates: first days of months, or single days of a run of less than three months."""
    if days < 3 * _DAYS_OF_MONTH:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=2 if is_narrow() else 5, steps=[1, 2, 5, 10], integer=True))
        shown = FuncFormatter(lambda day, _: dated(start + dt.timedelta(days=round(day)), language))
        axes.xaxis.set_major_formatter(shown)
        return
    most = MOST_IF_NARROW if is_narrow() else MOST
    firsts = [date for date in _firsts(start, days) if date >= start]
    step = next((step for step in _STEPS if len(firsts) <= most * step), _STEPS[-1])
    chosen = [date for date in firsts if (date.year * 12 + date.month - 1) % step == 0]
    axes.xaxis.set_major_locator(FixedLocator([(date - start).days for date in chosen]))
    names = {(date - start).days: month(date, language, year=date.month <= step) for date in chosen}
    axes.xaxis.set_major_formatter(FuncFormatter(lambda day, _: names.get(round(day), "")))


def _firsts(start: dt.date, days: int) -> list[dt.date]:
    """First days of the months that a run touches."""
    last, found = start + dt.timedelta(days=days), [start.replace(day=1)]
    while (following := (found[-1] + dt.timedelta(days=32)).replace(day=1)) < last:
        found.append(following)
    return found
