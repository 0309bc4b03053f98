"""Own arms against those of rivals, as a table of colours."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from trafficsim.books.metrics import metric
from trafficsim.plots.sheet import capital, sheet
from trafficsim.plots.style import drawable_names
from trafficsim.study.facing import Facing
from trafficsim.words import rounding
from trafficsim.words.language import Language

_INCH_PER_ARM = 0.55


def answers(
    found: Facing, rival_names: dict[str, str], *, axes: Axes | None = None, language: Language | None = None
) -> Axes:
    """A metric of each own arm (rows) when rivals do each of theirs (columns); the best answer of a column is framed.

    A frame is dashed where the best can't be told from the next.

    Args:
        found: from `against`.
        rival_names: what the arms of rivals are called, by name.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.
    """
    mean = found.payoffs.mean(axis=2)
    behind = mean - mean.max(axis=0)
    with sheet(axes, language or found.scenario.language, height=1.9 + _INCH_PER_ARM * len(found.arms)) as drawn:
        say, entry, labels = drawn.say, metric(found.metric), found.scenario.labels
        drawn.axes.imshow(behind, cmap="cividis", aspect="auto", vmin=min(float(behind.min()), -1e-9), vmax=0.0)
        by = rounding.common(mean.ravel(), drawn.language)
        for (row, column), value in np.ndenumerate(mean):
            dark = behind[row, column] < 0.5 * behind.min()
            limits = found.estimate(found.arms[row], found.rivals[column])
            ends = [rounding.on(end, by) for end in (value, limits.low, limits.high)]
            drawn.axes.text(
                column,
                row,
                f"{ends[0]}\n{say('{low} to {high}', low=ends[1], high=ends[2])}",
                ha="center",
                va="center",
                fontsize=9,
                color="white" if dark else "black",
            )
        for column, answer in enumerate(found.answers):
            row = found.arms.index(answer.best)
            line = "-" if answer.sure else "--"
            corner = column - 0.48, row - 0.47
            drawn.axes.add_patch(
                Rectangle(corner, 0.96, 0.94, fill=False, linewidth=2.5, edgecolor="#D55E00", linestyle=line)
            )
        names = drawable_names([labels.get(arm, arm) for arm in found.arms])
        drawn.axes.set_yticks(range(len(found.arms)), list(names.values()))
        drawn.axes.set_xticks(range(len(found.rivals)), [rival_names[rival] for rival in found.rivals])
        drawn.axes.grid(visible=False)
        drawn.axes.set_xlabel(say("what rivals do"))
        unit = rounding.unit(found.scenario.currency, drawn.language) if entry.divisor != 1.0 else say(entry.unit)
        drawn.title = say("{what}, {unit}: own arms against those of rivals", what=capital(say(entry.label)), unit=unit)
        drawn.note.append(say("Framed: the best answer; dashed: not told from the next. Below: 95% intervals."))
    return drawn.axes
