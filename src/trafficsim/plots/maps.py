"""Pictures of a sweep: the difference of two arms as a map over two settings, or as a line over one."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import AsinhNorm, LinearSegmentedColormap, Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import LogFormatter
from numpy.typing import NDArray

from trafficsim.books.metrics import MetricName
from trafficsim.books.metrics import metric as metric_of
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import capital, sheet
from trafficsim.plots.style import COLOURS, QUIET, drawable_names
from trafficsim.study.swept import SweepResult
from trafficsim.study.varying import Axis, SweepError, level_in_words
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

AHEAD, BEHIND = COLOURS[0], COLOURS[1]
"""Blue where the first arm is ahead, vermilion where the second is; white between (Okabe and Ito 2008)."""
DIVERGING = LinearSegmentedColormap.from_list("ahead", [BEHIND, "#F3C6A5", "#FFFFFF", "#A9CFE6", AHEAD])
UNEVEN = 10.0
"""Where the largest difference is so many times the median one, colours follow their logarithm."""
MOST_NUMBERS, MOST_TICKS = 144, 13
"""Cells that can hold a number each, and levels that can be named along an axis."""

Floats = NDArray[np.float64]


def difference(
    result: SweepResult,
    metric: MetricName | None = None,
    arms: tuple[str, str] | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """The mean paired difference over what was varied: a `heat_map` of two settings, a `difference_line` of one.

    SweepError for more settings, which no picture can show.
    """
    if len(result.axes) > 2:
        raise SweepError(f"a picture shows one or two settings; {len(result.axes)} were varied")
    draw = heat_map if len(result.axes) == 2 else difference_line
    return draw(result, metric, arms, axes=axes, language=language)


def heat_map(
    result: SweepResult,
    metric: MetricName | None = None,
    arms: tuple[str, str] | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """The mean paired difference over two settings: blue where the first arm leads, vermilion where the second does.

    The line is where the mean difference is 0 (interpolated between neighbours). Hatched cells, or hollow points where
    the design is no grid, are undecided: their interval includes 0. SweepError unless two settings were varied.
    """
    _require_axes(result, 2, "a map shows two settings")
    with sheet(axes, language or result.language, height=6.2) as drawn:
        found = _Differences(result, metric, arms, drawn.say)
        norm = _norm(found.middle)
        (_cells if result.is_grid else _points)(drawn.axes, found, norm)
        _colour_bar(drawn.axes, found, norm)
        _dress(drawn.axes, found)
        drawn.title, drawn.key = found.title, _legend(drawn.axes, found)
        drawn.note.extend(_note(found, found.say("Colours and numbers" if _has_numbers(found) else "Colours")))
    return drawn.axes


def difference_line(
    result: SweepResult,
    metric: MetricName | None = None,
    arms: tuple[str, str] | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """The mean paired difference over one setting, with its interval as a band and where it changes its sign.

    SweepError unless one setting was varied.
    """
    _require_axes(result, 1, "a line shows one setting")
    with sheet(axes, language or result.language, height=4.4) as drawn:
        found = _Differences(result, metric, arms, drawn.say)
        (axis,) = result.axes
        at = positions(axis, result.settings[axis.name].tolist())
        order = np.argsort(at)
        drawn.axes.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
        drawn.axes.fill_between(at[order], found.low[order], found.high[order], color=AHEAD, alpha=0.2, linewidth=0)
        drawn.axes.plot(at[order], found.middle[order], color=AHEAD, linewidth=2, marker="o", markersize=4)
        _mark_break_even(drawn.axes, found, axis)
        scale_along(drawn.axes, axis, drawn.say)
        _dress(drawn.axes, found)
        drawn.title, drawn.key = found.title, 14.0
        drawn.note.extend(_note(found, found.say("Line")))
    return drawn.axes


def _require_axes(result: SweepResult, count: int, says: str) -> None:
    if len(result.axes) != count:
        raise SweepError(f"{says}; {len(result.axes)} varied")


class _Differences:
    """What is drawn: the difference at each point with its interval, and the words that go with it."""

    def __init__(
        self, result: SweepResult, metric: MetricName | None, arms: tuple[str, str] | None, say: Words
    ) -> None:
        self.result, self.metric, self.arms, self.say = result, metric or result.metric, arms, say
        table = result.table(metric, arms)
        names = ("difference", "difference_low", "difference_high")
        self.middle, self.low, self.high = (table[name].to_numpy(dtype=float) for name in names)
        shown = drawable_names(result.arms)
        self.a, self.b = (shown[arm] for arm in arms or result.pair)
        entry = metric_of(self.metric)
        self.label, self.unit = capital(say(entry.label)), unit_of(entry.unit, result.currency, say)

    @property
    def title(self) -> str:
        """What is shown of whom."""
        return self.say("{series}: “{a}” minus “{b}”", series=self.label, a=self.a, b=self.b)

    @property
    def undecided(self) -> NDArray[np.bool_]:
        """Where the interval includes 0, or isn't known; `(points,)`."""
        decided = (self.low > 0) | (self.high < 0)
        return np.asarray(~decided & np.isfinite(self.middle))

    @property
    def changes_sign(self) -> bool:
        """Whether either arm leads somewhere."""
        known = self.middle[np.isfinite(self.middle)]
        return bool(known.size) and known.min() < 0 < known.max()


def label_of(axis: Axis, result: SweepResult, say: Words) -> str:
    """An axis in words: what the setting is called, with the unit of money; one without a name, with any unit."""
    name, unit = result.in_words(axis.name, say), axis.unit
    if "money" in unit or name == axis.name:
        unit = unit.replace("money", rounding.unit(result.currency, say.language))
        return say("{name} ({entry})", name=name, entry=unit) if unit else name
    return name


def unit_of(unit: str, currency: str, say: Words) -> str:
    """The unit of a metric in words."""
    if unit == "money per customer":
        return say("{currency} per customer", currency=rounding.unit(currency, say.language))
    return rounding.unit(currency, say.language) if unit == "money" else say(unit)


def _norm(values: Floats) -> Normalize:
    """Colours that run evenly to both sides of 0, by logarithm where a few differences dwarf all others."""
    sizes = np.abs(values[np.isfinite(values)])
    most = float(sizes.max(initial=0.0)) or 1.0
    usual = float(np.median(sizes[sizes > 0])) if np.any(sizes > 0) else most
    return AsinhNorm(usual / 4.0, -most, most) if most > UNEVEN * usual else Normalize(-most, most)


def _cells(axes: Axes, found: _Differences, norm: Normalize) -> None:
    """A grid's cells. Levels stand at equal distances, as they are spaced: evenly, by ratio, or as listed."""
    x, y = found.result.axes
    values, undecided = (found.result.grid(by_point).T for by_point in (found.middle, found.undecided))
    edges = [np.arange(len(axis.levels) + 1) - 0.5 for axis in (x, y)]
    axes.pcolormesh(*edges, np.ma.masked_invalid(values), cmap=DIVERGING, norm=norm, edgecolors="white", linewidth=0.6)
    for row, column in zip(*np.nonzero(undecided), strict=True):
        cell = (column - 0.5, row - 0.5), 1, 1
        axes.add_patch(Rectangle(*cell, fill=False, hatch="////", edgecolor=QUIET, linewidth=0, alpha=0.55))
    if _has_numbers(found):
        _numbers(axes, values, norm, found.say)
    if found.changes_sign and min(values.shape) > 1:
        columns, rows = np.arange(values.shape[1]), np.arange(values.shape[0])
        axes.contour(columns, rows, np.ma.masked_invalid(values), levels=[0.0], colors="black", linewidths=2.2)
    axes.grid(visible=False)
    for line, axis in ((axes.xaxis, x), (axes.yaxis, y)):
        shown = range(0, len(axis.levels), -(-len(axis.levels) // MOST_TICKS))
        line.set_ticks(list(shown), [level_in_words(axis.levels[k], found.say) for k in shown])


def _has_numbers(found: _Differences) -> bool:
    return found.result.is_grid and found.result.points <= MOST_NUMBERS


def _numbers(axes: Axes, values: Floats, norm: Normalize, say: Words) -> None:
    by = rounding.common(values.ravel(), say.language)
    for row, column in zip(*np.nonzero(np.isfinite(values)), strict=True):
        value = float(values[row, column])
        share = float(norm(value))
        # Edged in the colour of the cell, so that neither the break-even line nor a hatch strikes a number out.
        edged = [Stroke(linewidth=2.5, foreground=DIVERGING(share)), Normal()]
        colour = "white" if abs(share - 0.5) > 0.4 else "black"
        text = rounding.on(value, by, sign=True)
        axes.text(column, row, text, ha="center", va="center", fontsize=8, color=colour, path_effects=edged, zorder=4)


def _points(axes: Axes, found: _Differences, norm: Normalize) -> None:
    """Points of a design that is no grid; undecided ones are hollow."""
    x, y = found.result.axes
    across, up = (positions(axis, found.result.settings[axis.name].tolist()) for axis in (x, y))
    faces = np.where(found.undecided[:, None], (1.0, 1.0, 1.0, 1.0), DIVERGING(norm(found.middle)))
    axes.scatter(across, up, s=90, c=faces, edgecolors=QUIET, linewidths=np.where(found.undecided, 1.6, 0.5).tolist())
    for set_scale, line, axis in ((axes.set_xscale, axes.xaxis, x), (axes.set_yscale, axes.yaxis, y)):
        set_scale("log" if axis.log else "linear")
        line.set_major_formatter(lambda value, _: level_in_words(value, found.say))
        if axis.log:
            line.set_minor_formatter(_BetweenPowers(found.say))
    axes.grid(visible=True, axis="both")


class _BetweenPowers(LogFormatter):
    """Labels of ticks between powers of ten where matplotlib has room for some, in words instead of a formula."""

    def __init__(self, say: Words) -> None:
        super().__init__()
        self._say = say

    def __call__(self, x: float, pos: int | None = None) -> str:
        """The label of a tick, empty for most."""
        return level_in_words(x, self._say) if super().__call__(x, pos) else ""


def _colour_bar(axes: Axes, found: _Differences, norm: Normalize) -> None:
    bar = axes.figure.colorbar(ScalarMappable(norm, DIVERGING), ax=axes, shrink=0.75, pad=0.02)
    most = float(norm.vmax or 1.0)
    ticks = [most, most / 10.0, most / 100.0] if isinstance(norm, AsinhNorm) else [most, most / 2.0]
    round_ticks = sorted({_one_digit(tick) for tick in ticks if tick >= getattr(norm, "linear_width", 0.0) / 2.0})
    bar.set_ticks([*(-tick for tick in reversed(round_ticks)), 0.0, *round_ticks])
    bar.ax.yaxis.set_major_formatter(lambda value, _: rounding.short(value, sign=True, language=found.say.language))
    bar.ax.minorticks_off()
    bar.ax.set_title(found.say("{arm}\nahead", arm=found.a), fontsize=9, color=AHEAD, loc="left")
    bar.ax.set_xlabel(found.say("{arm}\nahead", arm=found.b), fontsize=9, color=BEHIND, loc="left", fontweight="bold")
    bar.set_label(found.unit)


def _one_digit(value: float) -> float:
    """Rounded down to one digit that matters, so that it stays within the bar."""
    size = 10.0 ** np.floor(np.log10(value))
    return float(np.floor(value / size) * size)


def positions(axis: Axis, values: list[object]) -> Floats:
    """Where values stand along an axis: numbers where they are, words in their order."""
    if is_numeric(axis):
        return np.array(values, dtype=float)
    return np.array([axis.levels.index(value) for value in values], dtype=float)


def is_numeric(axis: Axis) -> bool:
    """Whether all levels of an axis are numbers."""
    return all(isinstance(level, int | float) and not isinstance(level, bool) for level in axis.levels)


def scale_along(axes: Axes, axis: Axis, say: Words) -> None:
    """The horizontal axis of a line: logarithmic where the values are spaced by ratio."""
    if not is_numeric(axis):
        axes.set_xticks(range(len(axis.levels)), [level_in_words(level, say) for level in axis.levels])
    elif axis.log:
        axes.set_xscale("log")
        axes.minorticks_off()
        shown = axis.levels[:: -(-len(axis.levels) // 9)]
        axes.set_xticks(list(shown), [level_in_words(level, say) for level in shown])
    axes.yaxis.set_major_formatter(Amounts(say.language))


def _dress(axes: Axes, found: _Differences) -> None:
    result = found.result
    axes.set_xlabel(label_of(result.axes[0], result, found.say))
    axes.set_ylabel(label_of(result.axes[1], result, found.say) if len(result.axes) == 2 else found.unit)


def _legend(axes: Axes, found: _Differences) -> float:
    """Above the map, what its line and its hatch mean; returns the points that this takes."""
    hatched = Patch(facecolor="none", edgecolor=QUIET, hatch="////", linewidth=0)
    hollow = Line2D([], [], linestyle="", marker="o", markersize=9, markerfacecolor="white", markeredgecolor=QUIET)
    undecided = hatched if found.result.is_grid else hollow
    handles: list[tuple[Line2D | Patch, str]] = []
    if found.changes_sign and found.result.is_grid:
        handles.append((Line2D([], [], color="black", linewidth=2.2), found.say("break-even")))
    if found.undecided.any():
        handles.append((undecided, found.say("undecided")))
    if handles:
        artists, words = zip(*handles, strict=True)
        axes.legend(
            list(artists),
            list(words),
            loc="lower left",
            bbox_to_anchor=(0.0, 1.0),
            ncols=2,
            frameon=False,
            fontsize=9.5,
        )
    return 18.0 if handles else 0.0


def _mark_break_even(axes: Axes, found: _Differences, axis: Axis) -> None:
    if not (found.result.is_grid and is_numeric(axis)):
        return
    for at in found.result.break_even(found.metric, found.arms)[axis.name]:
        axes.axvline(at, color="black", linewidth=1.2, linestyle=(0, (4, 2)))
        axes.annotate(
            found.say("break-even {value}", value=level_in_words(at, found.say)),
            (at, 1.0),
            (0, 4),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="center",
            va="bottom",
            fontsize=9.5,
        )


def _note(found: _Differences, drawn: str) -> list[str]:
    result, say, undecided = found.result, found.say, int(found.undecided.sum())
    said = [say("{drawn}: mean of {count} paired differences.", drawn=drawn, count=f"{result.replicates:,}")]
    if "days" not in result.settings.columns:
        said.append(say("Runs of {days} days.", days=f"{result.days:,}"))
    if result.replicates == 1:
        said.append(say("One replicate: its random variation is unknown."))
    elif len(result.axes) == 1:
        said.append(say("Band: 95% interval of that mean."))
    elif undecided:
        count = f"{undecided:,}"
        if result.is_grid:
            said.append(
                say(
                    "Undecided (hatched): the 95% interval includes 0, at {count} of {points} points.",
                    count=count,
                    points=result.points,
                )
            )
        else:
            said.append(
                say(
                    "Undecided (hollow): the 95% interval includes 0, at {count} of {points} points.",
                    count=count,
                    points=result.points,
                )
            )
    else:
        said.append(say("Decided everywhere: no 95% interval includes 0."))
    said += [say("With {rule}.", rule=rule) for rule in result.followers_in_words(say)]
    if not found.changes_sign:
        said.append(_leader(found))
    return [*said, say("Random variation only; wrong assumptions can move a result more.")]


def _leader(found: _Differences) -> str:
    known, say = found.middle[np.isfinite(found.middle)], found.say
    if not known.size:
        return say("There is no difference to draw: the metric has no value.")
    if not known.any():
        return say("No difference anywhere.")
    leader = found.a if metric_of(found.metric).sign * known.max() > 0 else found.b
    if found.undecided.any():
        return say("No break-even within these values: “{arm}” leads throughout, by its mean alone.", arm=leader)
    return say("No break-even within these values: “{arm}” leads throughout.", arm=leader)
