"""How often a split test decides, by its size and length."""

from matplotlib.axes import Axes

from trafficsim.plots.labels import LineEnd, label_ends
from trafficsim.plots.sheet import sheet
from trafficsim.plots.style import COLOURS, DARK, QUIET
from trafficsim.study.powered import Power
from trafficsim.words import rounding
from trafficsim.words.language import Language


def power_curves(found: Power, *, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """Planned power by the share that is treated, a line for each length, and what the simulated tests realised.

    Args:
        found: from `power`.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    with sheet(axes, language or found.scenario.language, height=4.2) as drawn:
        say, ends = drawn.say, []
        for number, after in enumerate(found.after):
            sizes = [size for size in found.sizes if size.days == after.days]
            colour = COLOURS[number % len(COLOURS)]
            shares, power = [100.0 * size.share for size in sizes], [100.0 * size.power for size in sizes]
            drawn.axes.plot(shares, power, color=colour, linewidth=1.8)
            ends.append(LineEnd(say("{days} days", days=f"{after.days:,}"), shares[-1], power[-1], colour))
            low, middle, high = (
                100.0 * end for end in (after.realised.low, after.realised.middle, after.realised.high)
            )
            drawn.axes.errorbar(
                100.0 * found.share, middle, yerr=[[middle - low], [high - middle]], fmt="o", color=colour, capsize=3
            )
        drawn.axes.axhline(100.0 * found.wanted, color=DARK, linewidth=1, linestyle=(0, (4, 2)))
        drawn.axes.axhline(100.0 * found.alpha, color=QUIET, linewidth=1, linestyle=(0, (1, 2)))
        drawn.axes.set_ylim(0, 104)
        label_ends(drawn.axes, ends)
        of = "customers that are treated, %" if found.by == "customers" else "regions that are treated, %"
        drawn.axes.set_xlabel(say(of))
        drawn.axes.set_ylabel(say("power, %"))
        drawn.title = say("How often a test finds the difference")
        wanted, alpha, tests = rounding.percent(found.wanted), rounding.percent(found.alpha), f"{found.tests:,}"
        lines = say("Dashed: {wanted}, enough to decide. Dotted: {alpha}, false alarms.", wanted=wanted, alpha=alpha)
        drawn.note += [say("Lines: planned. Dots: {tests} simulated tests, with 95% intervals.", tests=tests), lines]
    return drawn.axes
