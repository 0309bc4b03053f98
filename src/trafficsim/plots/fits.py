"""A calibration drawn: counts against what fits them, and each number before and after."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator
from matplotlib.figure import Figure

from trafficsim.plots.folding import fold_in_points
from trafficsim.plots.sheet import Sheet, head
from trafficsim.plots.style import COLOURS, DARK, QUIET, house_style, is_narrow, new_figure, page_width
from trafficsim.scenario.naming import setting_in_words
from trafficsim.study.calibrated import Calibration
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

WIDE, HIGH_SERIES, HIGH_NUMBER = 11.0, 2.4, 0.36
"""Inches."""
_NAMES, _LINE = 90.0, 0.2
"""Points that names of numbers take of a narrow picture, and inches of a line of them."""


def fits(found: Calibration, language: Language, called: Mapping[str, str] = MappingProxyType({})) -> Figure:
    """Each series by what it is `called`, with the band that is to hold 90 % of its counts; hollow: held out."""
    say, names = words(language), list(dict.fromkeys(found.bands["series"]))
    with house_style(language):
        figure = new_figure(_width(), HIGH_SERIES * len(names))
        for row, name in enumerate(names, 1):
            table = found.bands[found.bands["series"] == name]
            _series(figure.add_subplot(len(names), 1, row), called.get(name, name), table, found, say)
        return figure


def numbers(found: Calibration, language: Language) -> Figure:
    """Each number's interval before and after, on a scale from its lowest to its highest plausible value."""
    say = words(language)
    with house_style(language):
        names = [
            _name(setting_in_words(each.path, say, found.labels), told=each.verdict != "not told", say=say)
            for each in found.told
        ]
        if is_narrow():
            names = [fold_in_points(name, _NAMES, 9.0) for name in names]
        lines = max((1 + name.count("\n") for name in names), default=1)
        figure = new_figure(_width(), max(HIGH_NUMBER, _LINE * lines) * len(names) + 1.2)
        axes = figure.add_subplot()
        for row, (number, told) in enumerate(zip(found.numbers, found.told, strict=True)):
            before, after = (
                (np.array(of) - number.low) / (number.high - number.low) for of in (told.before, told.after)
            )
            axes.plot(before[[0, 2]], [row - 0.14] * 2, color=QUIET, linewidth=3)
            axes.plot(after[[0, 2]], [row + 0.14] * 2, color=COLOURS[1], linewidth=3)
            axes.plot(after[1], row + 0.14, "o", color=COLOURS[1])
        axes.set_yticks(range(len(names)), names)
        axes.set_xticks([0.0, 1.0], [say("lowest plausible"), say("highest plausible")])
        axes.set_xlim(-0.02, 1.02)
        axes.invert_yaxis()
        _title(axes, say("90 % intervals: grey before, coloured after the counts"), language)
        return figure


def _series(axes: Axes, name: str, table: pd.DataFrame, found: Calibration, say: Words) -> None:
    start = found.observed.until - dt.timedelta(days=found.observed.days)
    dates = np.array([np.datetime64(start + dt.timedelta(days=int(day))) for day in table["last_day"]])
    fitted, data = table["fitted"].to_numpy(), table["data"].to_numpy()
    axes.fill_between(dates, table["low"], table["high"], color=COLOURS[0], alpha=0.25, linewidth=0)
    axes.plot(dates, table["middle"], color=COLOURS[0])
    axes.plot(dates[fitted], data[fitted], "o", color=DARK, markersize=4)
    axes.plot(dates[~fitted], data[~fitted], "o", color=DARK, markersize=4, markerfacecolor="white")
    unit = {each.name: each.unit for each in found.observed.series}[str(table["series"].iloc[0])]
    if unit.startswith("money"):
        name = say("{name} ({entry})", name=name, entry=rounding.unit(found.currency, say.language))
    _title(axes, say("{series}: counts (hollow: held out) and 90 % band", series=name), say.language)
    if is_narrow():
        axes.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=4))  # type: ignore[no-untyped-call]
    axes.set_ylim(bottom=min(0.0, float(table[["low", "data"]].min().min())))


def _width() -> float:
    return page_width() if is_narrow() else WIDE


def _title(axes: Axes, text: str, language: Language) -> None:
    head(Sheet(axes, language, text), whole=True)


def _name(name: str, *, told: bool, say: Words) -> str:
    return name if told else say("{name} ({entry})", name=name, entry=say("not told"))
