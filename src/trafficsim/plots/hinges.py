"""What the lead of the best arm hinges on: how far each uncertain number moves it, the others being uncertain too."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.patheffects import Normal, Stroke

from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import Sheet, replaced_names, sheet
from trafficsim.plots.style import COLOURS, DARK, QUIET, drawable_names
from trafficsim.results import Result
from trafficsim.results.uncertain import Hinge, Uncertain
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words

MOST = 10
"""Numbers that one picture shows."""
_LOW, _HIGH, _TURNS = "#9A9A9A", COLOURS[0], COLOURS[1]


def hinges(result: Result, *, most: int = MOST, axes: Axes | None = None, language: Language | None = None) -> Axes:
    """The mean lead of the best arm over the nearest one at both ends of each uncertain number, the widest on top.

    Ends are the values at which 5 and 95 % of what is plausible lie. The band is the 90 % interval of the lead over
    random variation and assumptions; where a bar passes 0, the other arm earns more on average.

    Args:
        result: of a comparison with plausible worlds (`compare(..., uncertain=N)` or `sensitivity`).
        most: how many numbers are drawn; how many others there are is said.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.

    Raises:
        ValueError: if the result has no plausible worlds.
    """
    found = result.uncertain
    if found is None:
        raise ValueError("no plausible worlds were run: compare with uncertain=N (compare --uncertain N)")
    ordered = sorted(found.hinges, key=lambda hinge: -abs(hinge.leads[1] - hinge.leads[0]))
    shown = ordered[:most]
    with sheet(axes, language or result.language, height=1.9 + 0.52 * len(shown)) as drawn:
        say, names = drawn.say, drawable_names(result.arms)
        for row, hinge in enumerate(shown):
            _draw(drawn, row, hinge, found.lead.worlds[0])
        _dress(drawn.axes, found, len(shown), say)
        pair = {"best": names[found.best], "other": names[found.other]}
        drawn.title, drawn.key = say("What the lead of “{best}” over “{other}” hinges on", **pair), 34.0
        unit = rounding.unit(result.currency, drawn.language)
        drawn.axes.set_xlabel(say("lead in contribution profit, {currency}", currency=unit))
        drawn.note.extend([*_note(found, len(ordered) - len(shown), say), replaced_names(result, say)])
    return drawn.axes


def _draw(drawn: Sheet, row: int, hinge: Hinge, mean: float) -> None:
    axes, edged = drawn.axes, [Stroke(linewidth=2.5, foreground="white"), Normal()]
    low, high = (f"{float(f'{end:.3g}'):g}" for end in hinge.ends)
    axes.annotate(
        drawn.say("{path}: {low} to {high}", path=hinge.path, low=low, high=high),
        (0.0, row - 0.3),
        xycoords=axes.get_yaxis_transform(),
        xytext=(3, 0),
        textcoords="offset points",
        va="center",
        fontsize=9,
        color=DARK,
        path_effects=edged,
        zorder=5,
    )
    for lead, colour, at in zip(hinge.leads, (_LOW, _HIGH), (row + 0.02, row + 0.28), strict=True):
        axes.barh(at, lead - mean, left=mean, height=0.24, color=colour, zorder=2)
        leftwards = lead < mean
        axes.annotate(
            rounding.short(lead, sign=True, language=drawn.language),
            (lead, at),
            xytext=(-4 if leftwards else 4, 0),
            textcoords="offset points",
            ha="right" if leftwards else "left",
            va="center",
            fontsize=8.5,
            color=DARK,
            path_effects=edged,
            annotation_clip=False,
            zorder=5,
        )


def _dress(axes: Axes, found: Uncertain, rows: int, say: Words) -> None:
    mean, low, high = found.lead.worlds
    axes.axvspan(low, high, color=QUIET, alpha=0.18, linewidth=0, zorder=0)
    axes.axvline(mean, color=DARK, linewidth=1.4, zorder=3)
    axes.set_ylim(rows - 0.4, -0.55)
    axes.set_yticks([])
    axes.margins(x=0.08)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x")
    axes.xaxis.set_major_formatter(Amounts(say.language))
    handles: list[Line2D | Patch] = [Line2D([], [], color=DARK, linewidth=1.4), Patch(color=QUIET, alpha=0.18)]
    texts = [say("mean over worlds"), say("90% interval over random variation and assumptions")]
    left, right = axes.get_xlim()
    if left < 0 < right:
        axes.axvline(0.0, color=_TURNS, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)
    handles += [Patch(color=_LOW), Patch(color=_HIGH)]
    texts += [say("number at its low end"), say("number at its high end")]
    axes.legend(handles, texts, loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=2, frameon=False, fontsize=9)


def _note(found: Uncertain, others: int, say: Words) -> list[str]:
    said = [
        say(
            "Mean of {worlds} plausible worlds, the other numbers being uncertain too. Ends: those of 90% of worlds.",
            worlds=f"{found.worlds:,}",
        )
    ]
    if others:
        said.append(say("{count} other numbers move it less.", count=others))
    return said
