"""Word of mouth spreading over ties: a small world's customers as points, and who told whom, on a few days."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import LineCollection
from matplotlib.colors import LinearSegmentedColormap, Normalize
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from trafficsim.engine.spreading import BEFORE_START, Spread, watch
from trafficsim.plots.sheet import EDGE, joined, note_below
from trafficsim.plots.style import COLOURS, DARK, QUIET, drawable_names, house_style, new_figure, page_width
from trafficsim.results.intervals import Array
from trafficsim.scenario import Scenario
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.language import Language, Words, words

PANELS = 4
EARLY_TO_LATE = LinearSegmentedColormap.from_list("early", ["#003A5C", COLOURS[0], "#8CC4E4"])
"""Dark for who heard first to light for who heard last; nobody who knows is as light as who does not."""
TOLD_LINE = COLOURS[1]


def spreading(
    scenario: Scenario,
    arm: str,
    days: Sequence[int] | None = None,
    seed: int = DEFAULT_SEED,
    *,
    replicate: int = 0,
    language: Language | None = None,
) -> Figure:
    """How word of mouth spreads over ties in one small world: a panel for each of a few days, of one replicate.

    Points are customers, thin lines their ties; an orange line joins each with who first told or invited this one.

    Args:
        scenario: of 500 customers or fewer.
        arm: whose world.
        days: at whose end to look; by default four, by which a tenth, a third, two thirds and all of those who are ever
            told have been told.
        seed, replicate: decide the random numbers.
        language: of the built-in words, instead of the scenario's.

    Raises:
        KeyError: if there is no such arm.
        ValueError: if there are more customers, or the scenario has no such day.
    """
    language = language or scenario.language
    say = words(language)
    if days is not None and (not days or min(days) < 0):
        raise ValueError(f"no such days: {list(days)}")
    found = watch(scenario, arm, max(days) + 1 if days else None, seed, replicate)
    looks = sorted(set(days)) if days else _telling_days(found)
    with house_style(language):
        columns = 1 if len(looks) == 1 else 2
        rows = -(-len(looks) // columns)
        figure = new_figure(page_width(), 1.1 + rows * (3.0 if columns == 2 else 5.4))
        grid = figure.add_gridspec(rows + 1, columns, height_ratios=[0.07, *[1] * rows])
        panels = [figure.add_subplot(grid[1 + k // columns, k % columns]) for k in range(len(looks))]
        at, norm = _layout(found), Normalize(0, max(1, int(found.heard_on[found.by(looks[-1])].max(initial=0))))
        for axes, day in zip(panels, looks, strict=True):
            _panel(axes, found, at, day, norm)
            known = say("day {day}: {known} of {count} know", day=day, known=found.known(day), count=len(at))
            axes.set_title(known, fontsize=10.5)
        shown = drawable_names(scenario.arms)[arm]
        figure.suptitle(
            say("Word of mouth over ties: “{arm}”", arm=shown), x=EDGE, ha="left", fontsize=12, fontweight="bold"
        )
        _legend(figure.add_subplot(grid[0, :]), say)
        _bar(figure, panels, norm, say)
        note_below(figure, joined(_note(scenario, found, looks[-1], say), language))
    return figure


def _telling_days(found: Spread) -> list[int]:
    """Days by which a tenth, a third, two thirds and all were told of those who ever are; heard, if nobody is."""
    told = np.sort(found.told_on[found.told_on >= 0])
    days = told if told.size else np.sort(found.heard_on[found.heard_on >= 0])
    if not days.size:
        return [found.days - 1]
    shares = (0.1, 1 / 3, 2 / 3, 1.0)
    return sorted({int(days[max(0, int(np.ceil(share * days.size)) - 1)]) for share in shares})


def _layout(found: Spread) -> Array:
    """Where each customer stands, `(customers, 2)`: acquaintances near each other; the same for the same world."""
    import networkx as nx  # noqa: PLC0415 - every report imports this file, and few draw ties

    graph = nx.Graph()
    graph.add_nodes_from(range(found.heard_on.size))
    graph.add_edges_from(_ties(found).tolist() or _tellings(found, found.days).tolist())
    at = nx.spring_layout(graph, seed=1, k=1.6 / np.sqrt(max(1, len(graph))), iterations=60)
    return np.array([at[node] for node in range(len(graph))])


def _ties(found: Spread) -> NDArray[np.int64]:
    """Pairs of acquaintances, each once, `(ties, 2)`; none where everybody may meet everybody."""
    if not found.ties.indices.size:
        return np.empty((0, 2), np.int64)
    who = np.repeat(np.arange(found.heard_on.size), found.ties.degrees())
    pairs = np.stack([who, found.ties.indices.astype(np.int64)], axis=1)
    return np.asarray(pairs[pairs[:, 0] < pairs[:, 1]])


def _tellings(found: Spread, day: int) -> NDArray[np.int64]:
    """Who told whom first by the end of a day, `(tellings, 2)`."""
    told = np.flatnonzero((found.told_on >= 0) & (found.told_on <= day))
    return np.stack([found.told_by[told], told], axis=1)


def _panel(axes: Axes, found: Spread, at: Array, day: int, norm: Normalize) -> None:
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.add_collection(LineCollection(list(at[_ties(found)]), colors="#DDDDDD", linewidths=0.4, zorder=1))
    tellings = LineCollection(list(at[_tellings(found, day)]), colors=TOLD_LINE, linewidths=1.3, zorder=2, gid="told")
    axes.add_collection(tellings)
    knows, told = found.by(day), found.by_talk
    size = float(np.clip(5000 / len(at), 8, 40))
    x, y = at.T
    axes.scatter(x[~knows], y[~knows], size, facecolor="white", edgecolor="#999999", linewidth=0.7, zorder=3)
    before = found.heard_on == BEFORE_START
    axes.scatter(x[before], y[before], size * 1.1, marker="D", color=DARK, linewidth=0, zorder=4)
    for marker, who in (("s", knows & ~told & ~before), ("o", knows & told)):
        colour = EARLY_TO_LATE(norm(found.heard_on[who]))
        axes.scatter(x[who], y[who], size * 1.2, colour, marker=marker, edgecolor="white", linewidth=0.4, zorder=5)
    axes.margins(0.03)


def _legend(axes: Axes, say: Words) -> None:
    """What points and lines mean, in a row of its own."""
    blue = COLOURS[0]
    entries = [
        Line2D([], [], marker="o", ls="", mfc="white", mec="#999999", label=say("does not know")),
        Line2D([], [], marker="D", ls="", color=DARK, ms=5, label=say("knew before")),
        Line2D([], [], marker="s", ls="", color=blue, label=say("met the brand first")),
        Line2D([], [], marker="o", ls="", color=blue, label=say("was told first")),
        Line2D([], [], color=TOLD_LINE, lw=1.5, label=say("told whom")),
    ]
    axes.set_axis_off()
    axes.legend(
        handles=entries, loc="center left", ncols=len(entries), frameon=False, fontsize=9,
        handletextpad=0.3, columnspacing=1.0, borderaxespad=0,
    )  # fmt: skip


def _bar(figure: Figure, panels: list[Axes], norm: Normalize, say: Words) -> None:
    """When the colours were."""
    bar = figure.colorbar(
        ScalarMappable(norm, EARLY_TO_LATE), ax=panels, orientation="horizontal", aspect=45, pad=0.02, shrink=0.8
    )
    bar.outline.set_visible(False)
    bar.ax.grid(visible=False)
    bar.ax.tick_params(labelsize=9, color=QUIET)
    bar.set_label(say("day of the first hearing"), fontsize=9.5)


def _note(scenario: Scenario, found: Spread, last: int, say: Words) -> list[str]:
    told = len(_tellings(found, last))
    heard = found.known(last) - int(np.count_nonzero(found.heard_on == BEFORE_START))
    note = [
        say("One replicate with {count} customers.", count=found.heard_on.size),
        say(
            "{heard} came to know, {first} of them by being told or invited; {told} were told or invited at any time.",
            heard=heard,
            first=int(np.count_nonzero(found.by_talk & found.by(last))),
            told=told,
        ),
        say("Thin lines are ties; acquaintances stand near each other."),
    ]
    if not found.ties.indices.size:
        note[-1] = say("Everybody may meet everybody: there are no ties to draw.")
    if scenario.plan(scenario.baseline).customers.each_stands_for > 1:
        each = scenario.plan(scenario.baseline).customers.each_stands_for
        note.append(say("Each stands for {count} people.", count=f"{each:,}"))
    return note
