"""What the lead of the best arm hinges on: how far each uncertain number moves it, the others being uncertain too."""

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from trafficsim.plots.bars import MOST, TURNED, draw_bar, dress_rows, explain_bars, height_of, name_row
from trafficsim.plots.labels import Amounts
from trafficsim.plots.sheet import Sheet, replaced_names, sheet
from trafficsim.plots.style import DARK, QUIET, drawable_names
from trafficsim.results import Result
from trafficsim.results.uncertain import Hinge, Uncertain
from trafficsim.scenario.naming import setting_in_words
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words


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
    with sheet(axes, language or result.language, height=height_of(len(shown))) as drawn:
        say, names = drawn.say, drawable_names(result.arms)
        by = rounding.common([lead for hinge in shown for lead in hinge.leads], drawn.language)
        for row, hinge in enumerate(shown):
            _draw(drawn, row, hinge, found.lead.worlds[0], by)
        _dress(drawn, found, len(shown))
        drawn.axes.xaxis.set_major_formatter(Amounts(drawn.language, by))
        pair = {"best": names[found.best], "other": names[found.other]}
        drawn.title = say("What the lead of “{best}” over “{other}” hinges on", **pair)
        unit = rounding.unit(result.currency, drawn.language)
        drawn.axes.set_xlabel(say("lead in contribution profit, {currency}", currency=unit))
        drawn.note.extend([*_note(found, len(ordered) - len(shown), say), replaced_names(result, say)])
    return drawn.axes


def _draw(drawn: Sheet, row: int, hinge: Hinge, mean: float, by: rounding.Scale) -> None:
    low, high = (f"{float(f'{end:.3g}'):g}" for end in hinge.ends)
    name_row(
        drawn.axes,
        row,
        drawn.say("{path}: {low} to {high}", path=setting_in_words(hinge.path, drawn.say), low=low, high=high),
    )
    for lead, is_high in zip(hinge.leads, (False, True), strict=True):
        text = rounding.on(lead, by, sign=True)
        draw_bar(drawn.axes, row, (mean, lead), text, high=is_high)


def _dress(drawn: Sheet, found: Uncertain, rows: int) -> None:
    axes, say = drawn.axes, drawn.say
    mean, low, high = found.lead.worlds
    axes.axvspan(low, high, color=QUIET, alpha=0.18, linewidth=0, zorder=0)
    axes.axvline(mean, color=DARK, linewidth=1.4, zorder=3)
    axes.margins(x=0.08)
    dress_rows(axes, rows, say)
    handles: list[Line2D | Patch] = [Line2D([], [], color=DARK, linewidth=1.4), Patch(color=QUIET, alpha=0.18)]
    texts = [say("mean over worlds"), say("90% interval over random variation and assumptions")]
    left, right = axes.get_xlim()
    if left < 0 < right:
        axes.axvline(0.0, color=TURNED, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)
    explain_bars(drawn, handles, texts)


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
