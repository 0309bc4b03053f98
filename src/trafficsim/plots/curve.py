"""The cadence curve: what a sweep over how often to post, or over another number, does to one metric of an arm."""

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from trafficsim.books.metrics import MetricName
from trafficsim.books.metrics import metric as metric_of
from trafficsim.plots.maps import is_numeric, label_of, positions, scale_along, unit_of
from trafficsim.plots.sheet import Sheet, capital, sheet
from trafficsim.plots.style import COLOURS, QUIET, drawable_names
from trafficsim.study.swept import SweepResult
from trafficsim.study.varying import SweepError, level_in_words
from trafficsim.words.language import Language


def cadence(
    result: SweepResult,
    metric: MetricName | None = None,
    arm: str | None = None,
    *,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """A metric of one arm over one number, such as posts per week, with its interval and the optimum marked.

    Values whose metric can't be told from that of the best, replicate by replicate, are said to be as good. The arm is
    by default the first of the sweep's pair. SweepError unless one number was varied, and for an arm or metric that
    there isn't.
    """
    arm = arm or result.pair[0]
    if len(result.axes) != 1 or not is_numeric(result.axes[0]):
        raise SweepError("a cadence curve shows one number; sweep posts.*.per_week alone, for example")
    middle, low, high = _limits(result, metric, arm)
    with sheet(axes, language or result.language, height=4.4) as drawn:
        say, (axis,), entry = drawn.say, result.axes, metric_of(metric or result.metric)
        at = positions(axis, result.settings[axis.name].tolist())
        order = np.argsort(at)
        shade = COLOURS[0]
        drawn.axes.fill_between(at[order], low[order], high[order], color=shade, alpha=0.2, linewidth=0)
        drawn.axes.plot(at[order], middle[order], color=shade, linewidth=2, marker="o", markersize=4)
        scale_along(drawn.axes, axis, say)
        drawn.axes.set_xlabel(label_of(axis, result, say))
        drawn.axes.set_ylabel(unit_of(entry.unit, result.currency, say))
        drawn.title = say("{series}: “{a}”", series=capital(say(entry.label)), a=drawable_names(result.arms)[arm])
        if entry.better != "neither":
            _optimum(drawn, at, result, metric, arm)
        drawn.note.extend(_note(result, drawn))
    return drawn.axes


def _limits(result: SweepResult, metric: MetricName | None, arm: str) -> tuple[NDArray[np.float64], ...]:
    table = result.table(metric)
    if arm not in result.arms:
        raise SweepError(f"no arm {arm!r}; this scenario has {', '.join(result.arms)}")
    return tuple(table[name].to_numpy(dtype=float) for name in (arm, f"{arm}_low", f"{arm}_high"))


def _optimum(drawn: Sheet, at: NDArray[np.float64], result: SweepResult, metric: MetricName | None, arm: str) -> None:
    """Mark the value with the best mean, and shade how far values reach that are as good as far as one can tell."""
    try:
        best, as_good = result.best(arm, metric)
    except ValueError:
        return
    low, high = (float(edge(at[as_good])) for edge in (np.min, np.max))
    axes, say = drawn.axes, drawn.say
    axes.axvline(at[best], color=QUIET, linewidth=1.2, linestyle=(0, (4, 2)))
    drawn.subtitle = say("best: {value}", value=level_in_words(float(at[best]), say))
    if result.replicates > 1 and low < high:
        axes.axvspan(low, high, color=QUIET, alpha=0.12, linewidth=0)
        drawn.subtitle = say(
            "best: {value}; {low} to {high} can't be told from it",
            value=level_in_words(float(at[best]), say),
            low=level_in_words(low, say),
            high=level_in_words(high, say),
        )


def _note(result: SweepResult, drawn: Sheet) -> list[str]:
    say = drawn.say
    said = [say("Runs of {days} days.", days=f"{result.days:,}")]
    if result.replicates == 1:
        said.append(say("One replicate: its random variation is unknown."))
    else:
        said.append(say("Line: mean of {count} replicates.", count=f"{result.replicates:,}"))
        said.append(say("Band: 95% interval of that mean."))
    said += [say("With {rule}.", rule=rule) for rule in result.followers_in_words(say)]
    return [*said, say("Random variation only; wrong assumptions can move a result more.")]
