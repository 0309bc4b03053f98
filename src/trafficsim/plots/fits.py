"""A calibration drawn: counts against what fits them, and each number before and after."""

import datetime as dt

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trafficsim.plots.style import COLOURS, DARK, QUIET, house_style, new_figure
from trafficsim.study.calibrated import Calibration
from trafficsim.words.language import Language, Words, words

WIDE, HIGH_SERIES, HIGH_NUMBER = 11.0, 2.4, 0.36
"""Inches."""


def fits(found: Calibration, language: Language) -> Figure:
    """Each series with the band that is to hold 90 % of its counts, then each number's interval before and after."""
    say, names = words(language), list(dict.fromkeys(found.bands["series"]))
    high = HIGH_SERIES * len(names) + HIGH_NUMBER * len(found.told) + 1.2
    with house_style(language):
        figure = new_figure(WIDE, high)
        ratios = [*(HIGH_SERIES for _ in names), HIGH_NUMBER * len(found.told) + 1.0]
        grid = figure.add_gridspec(len(names) + 1, 1, height_ratios=ratios)
        for row, name in enumerate(names):
            table = found.bands[found.bands["series"] == name]
            _series(figure.add_subplot(grid[row, 0]), name, table, found, say)
        _numbers(figure.add_subplot(grid[len(names), 0]), found, say)
        return figure


def _series(axes: Axes, name: str, table: pd.DataFrame, found: Calibration, say: Words) -> None:
    start = found.observed.until - dt.timedelta(days=found.observed.days)
    dates = np.array([np.datetime64(start + dt.timedelta(days=int(day))) for day in table["last_day"]])
    axes.fill_between(dates, table["low"], table["high"], color=COLOURS[0], alpha=0.25, linewidth=0)
    axes.plot(dates, table["middle"], color=COLOURS[0])
    fitted = table["fitted"].to_numpy()
    axes.plot(dates[fitted], table["data"][fitted], "o", color=DARK, markersize=4)
    axes.plot(dates[~fitted], table["data"][~fitted], "o", color=DARK, markersize=4, markerfacecolor="white")
    axes.set_title(say("{series}: counts (hollow: held out), and the band that is to hold 90 % of them", series=name))
    axes.set_ylim(bottom=min(0.0, float(table[["low", "data"]].min().min())))
    axes.set_ylabel(next(each.unit for each in found.observed.series if each.name == name))


def _numbers(axes: Axes, found: Calibration, say: Words) -> None:
    """Intervals on scales from the lowest to the highest plausible value of each number."""
    for row, (number, told) in enumerate(zip(found.numbers, found.told, strict=True)):

        def at(value: float, low: float = number.low, width: float = number.high - number.low) -> float:
            return (value - low) / width

        axes.plot([at(told.before[0]), at(told.before[2])], [row - 0.14] * 2, color=QUIET, linewidth=3)
        axes.plot([at(told.after[0]), at(told.after[2])], [row + 0.14] * 2, color=COLOURS[1], linewidth=3)
        axes.plot([at(told.after[1])], [row + 0.14], "o", color=COLOURS[1])
    axes.set_yticks(range(len(found.told)), [_name(each.path, each.verdict == "not told", say) for each in found.told])
    axes.set_xticks([0.0, 1.0], [say("lowest plausible"), say("highest plausible")])
    axes.set_xlim(-0.02, 1.02)
    axes.invert_yaxis()
    axes.set_title(say("90 % intervals: grey before, coloured after the counts"))


def _name(path: str, not_told: bool, say: Words) -> str:  # noqa: FBT001
    return f"{path} ({say('not told')})" if not_told else path
