"""Pictures of a comparison or a sweep, as matplotlib figures: each has units on its axes and says what its bands are.

They are made without pyplot, so that no window opens and no setting of the reader's changes for good.
"""

import io
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from trafficsim.plots.journeys import journey
from trafficsim.plots.labels import spread_labels
from trafficsim.plots.lines import Panel, draw_series, mark_crossover
from trafficsim.plots.maps import difference_line, heat_map
from trafficsim.plots.style import QUIET, drawable_names, font_note, house_style, new_figure
from trafficsim.results import Result

__all__ = ["difference_line", "font_note", "growth", "heat_map", "journey", "overview", "png", "profit", "svg"]


def growth(result: Result) -> Figure:
    """New customers, added up, and members of pools (if any arm has a pool) over time, by arm."""
    with house_style():
        figure = new_figure(6.8, 6.6 if _has_pool(result) else 3.7)
        if not _has_pool(result):
            return _finish(figure, result, [draw_series(figure.subplots(), result, "new_customers")])
        upper, lower = figure.subplots(2, 1)
        return _finish(
            figure, result, [draw_series(upper, result, "new_customers"), draw_series(lower, result, "members")]
        )


def profit(result: Result, pair: tuple[str, str] | None = None) -> Figure:
    """Contribution profit, added up, over time, by arm; marked where `pair[0]` overtakes `pair[1]` for good."""
    with house_style():
        figure = new_figure(6.8, 4.4)
        return _finish(figure, result, [_profit_panel(figure.subplots(), result, pair)])


def overview(result: Result) -> Figure:
    """Profit, new customers and members in one picture, with the crossover of the best arm over the baseline."""
    with house_style():
        figure = new_figure(11, 8)
        has_pool = _has_pool(result)
        grid = figure.add_gridspec(2, 2, height_ratios=(1.2, 1))
        top = _profit_panel(figure.add_subplot(grid[0, :]), result, result.headline_pair())
        new = draw_series(figure.add_subplot(grid[1, 0] if has_pool else grid[1, :]), result, "new_customers")
        panels = [top, new]
        if has_pool:
            panels.append(draw_series(figure.add_subplot(grid[1, 1]), result, "members"))
        return _finish(figure, result, panels)


def svg(figure: Figure) -> str:
    """A figure as SVG text, without its XML head: the same figure gives the same text."""
    buffer = io.StringIO()
    with house_style():  # its hash salt is what makes the identifiers inside repeat
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def png(figure: Figure, dots_per_inch: int = 150) -> bytes:
    """A figure as PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=dots_per_inch, metadata={"Software": None})
    return buffer.getvalue()


def _has_pool(result: Result) -> bool:
    return bool(result.uplifts())


def _profit_panel(axes: Axes, result: Result, pair: tuple[str, str] | None) -> Panel:
    panel = draw_series(axes, result, "profit")
    if pair:
        mark_crossover(axes, result.crossover("profit", *pair), drawable_names(result.arms))
    return panel


def _finish(figure: Figure, result: Result, panels: Sequence[Panel]) -> Figure:
    """Write the note below and, now that the sizes are known, move the labels apart."""
    characters = int(figure.get_figwidth() * 15)
    figure.supxlabel(textwrap.fill(_note(result), characters), x=0.01, ha="left", fontsize=9, color=QUIET)
    figure.draw_without_rendering()
    for panel in panels:
        spread_labels(panel.axes, panel.labels)
    return figure


def _note(result: Result) -> str:
    if result.replicates == 1:
        luck = "One replicate: how far luck moves these lines is unknown."
    else:
        luck = (
            f"Lines: mean of {result.replicates:,} replicates. Bands: 95% interval of that mean, "
            "luck of the draw only; assumptions can move a result more."
        )
    replaced = [f"{shown}: name without a font" for name, shown in drawable_names(result.arms).items() if shown != name]
    return " ".join([luck, *[f"{text}." for text in replaced]])
