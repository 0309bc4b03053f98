"""Pictures of what was found: each draws on axes, has units on them and says what its bands are.

`result.pictures.profit()` is `profit(result)`: what a picture takes first is what has it among its `pictures`.

Every picture takes `axes`, to draw on axes of a figure of your own instead of a new figure, and `language`, for its
built-in words in another language than the scenario's; it returns the axes. They are made without pyplot, so that no
window opens and no setting of the reader's changes for good.
"""

import io
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from trafficsim.plots.cohorts import cohort_curves, cohort_map
from trafficsim.plots.curve import cadence
from trafficsim.plots.flow_player import animate_flow, flow_player
from trafficsim.plots.flows import flow_map
from trafficsim.plots.hinges import hinges
from trafficsim.plots.influence import tornado
from trafficsim.plots.journeys import journey
from trafficsim.plots.lines import ahead_of_baseline, growth, overview, paired_difference, profit
from trafficsim.plots.maps import difference, difference_line, heat_map
from trafficsim.plots.money import money_change
from trafficsim.plots.regions import margin_by_region
from trafficsim.plots.routes import cac_and_clv, last_touch_cac
from trafficsim.plots.spreading import spreading
from trafficsim.plots.stages import funnel
from trafficsim.plots.style import NoFontError, font_note, house_style, require_fonts

__all__ = [
    "NoFontError",
    "ahead_of_baseline",
    "animate_flow",
    "cac_and_clv",
    "cadence",
    "cohort_curves",
    "cohort_map",
    "difference",
    "difference_line",
    "flow_map",
    "flow_player",
    "font_note",
    "funnel",
    "growth",
    "heat_map",
    "hinges",
    "journey",
    "last_touch_cac",
    "margin_by_region",
    "money_change",
    "overview",
    "paired_difference",
    "png",
    "profit",
    "require_fonts",
    "spreading",
    "svg",
    "tornado",
]


def svg(picture: Axes | Figure) -> str:
    """A picture as SVG text, without its XML head: the same picture gives the same text."""
    buffer, figure = io.StringIO(), _figure(picture)
    canvas = figure.canvas
    with house_style():  # its hash salt is what makes the identifiers inside repeat
        canvas_of_svg: Any = FigureCanvasSVG(figure)  # savefig would first draw everything for nothing
        canvas_of_svg.print_svg(buffer, metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    figure.set_canvas(canvas)
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def png(picture: Axes | Figure, dots_per_inch: int = 150) -> bytes:
    """A picture as PNG."""
    buffer = io.BytesIO()
    _figure(picture).savefig(buffer, format="png", dpi=dots_per_inch, metadata={"Software": None})
    return buffer.getvalue()


def _figure(picture: Axes | Figure) -> Figure:
    return picture if isinstance(picture, Figure) else cast("Figure", picture.figure)
