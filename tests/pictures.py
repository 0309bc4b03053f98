"""All pictures of the house from data made by hand, what is written in them, and the small copies they are held to.

    python tests/pictures.py

draws the copies in `tests/baselines` anew. Look at each before you commit it.
"""

import io
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path
from unittest.mock import patch

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from synthetic import (
    ARMS,
    MOVES,
    attributed,
    cadence_sweep,
    cohorts_of,
    of_regions,
    story,
    swept,
    thousand_members,
    with_moves,
    with_profit,
)
from trafficsim import plots
from trafficsim.plots import style
from trafficsim.results.uncertain import Hinge, Lead, OfArm, Uncertain
from trafficsim.study.varying import Span

BASELINES = Path(__file__).parent / "baselines"
DOTS_PER_INCH = 50
DRAWN_WITH = "3.11"
"""The matplotlib of the copies, pinned in CI: each brings its own letters, by whose width it lays a picture out."""
BLOCK = 4
"""Pixels are compared as means of blocks of so many by so many: the shade of one at an edge says nothing."""
TOLERANCE = 0.25
"""Root mean square difference of grey levels (0 to 255) that still is the same picture.

One matplotlib draws the same bits everywhere but for the last digits of floats, which shade an edge by a level or two.
`test_pictures.py` shows what is seen: even the narrowest band.
"""


def need_by_price(**attrs):
    """A map whose break-even runs through it, with two undecided cells."""
    spans = {"customers.needs_per_year": Span(10, 1000, 5, log=True), "product.price": Span(10, 160, 5, log=True)}
    result = swept(spans, lambda needs, price: 1e3 * (price - needs / 8), **attrs)
    result.data["amount"].loc[{"arm": "private", "point": [6, 12]}] += np.array([-9e4, 0.0, 9e4])
    return result


def paid_catches_up():
    """Three arms; the second overtakes the first within the run in nine of ten replicates."""
    draws = np.random.default_rng(3)
    days = np.arange(120)
    growing = draws.normal(0, 900, (10, 1)) + draws.normal(0, 2000, (10, 120)) + 120 * days - 1500
    return with_profit(np.stack([np.full((10, 120), 4000), growing.astype(int), np.full((10, 120), 2500)]))


def in_many_worlds():
    """The lead of one arm over all that is not known: one number turns it, another hardly moves it."""

    def hinge(path, leads, ends):
        return Hinge(path, 1.0, ends, (0.3, 0.2, 0.4), (0.4, 0.3, 0.5), ends, leads, 0.0, 0.0)

    numbers = (
        hinge("product.price", (-12_000.0, 61_000.0), (66.0, 138.5)),
        hinge("customers.segments.neighbours.days_between_needs", (48_000.0, 9_000.0), (33.2, 81.0)),
        hinge("leaving.hazard", (26_000.0, 22_500.0), (0.11, 0.28)),
    )
    arms = (
        OfArm("both", 0.8, (90_000.0, 4e4, 15e4), 900.0, 1e4, 18e4, 9_000.0),
        OfArm("paid", 0.2, (66_000.0, 3e4, 11e4), 25_000.0, 2e4, 12e4, 90_000.0),
    )
    lead = Lead("paid", (24_000.0, -9_000.0, 58_000.0), (22_000.0, 19_000.0, 25_000.0), 0.8, -3e4, 9e4)
    found = Uncertain("both", "paid", 256, 2, 1, 1, arms, (lead,), 0.2, 500.0, 0.8, numbers, ())
    return story(days=200).saying(uncertain=found)


def five_cohorts():
    return cohorts_of([12, 8, 6, 5, 4], days=140)


PICTURES = {
    "overview": lambda language: story(days=200).pictures.overview(language=language),
    "growth": lambda language: story(days=200).pictures.growth(language=language),
    "members": lambda language: story(days=200).pictures.growth("members", language=language),
    "profit": lambda language: paid_catches_up().pictures.profit(language=language),
    "paired_difference": lambda language: paid_catches_up().pictures.paired_difference(language=language),
    "money_change": lambda language: story(days=200).pictures.money_change(language=language),
    "hinges": lambda language: in_many_worlds().pictures.hinges(language=language),
    "funnel": lambda language: attributed().pictures.funnel(language=language),
    "cac_and_clv": lambda language: attributed().pictures.cac_and_clv(language=language),
    "last_touch_cac": lambda language: attributed().pictures.last_touch_cac(language=language),
    "margin_by_region": lambda language: of_regions().pictures.margin_by_region(language=language),
    "heat_map": lambda language: need_by_price().pictures.heat_map(language=language),
    "difference_line": lambda language: cadence_sweep().pictures.difference_line(language=language),
    "cadence": lambda language: cadence_sweep().pictures.cadence(language=language),
    "tornado": lambda language: thousand_members().pictures.tornado("the_claim", language=language),
    "flow_map": lambda language: with_moves(MOVES, spread=10).pictures.flow_map("private", language=language),
    "cohort_map": lambda language: cohorts_of([12, 8, 6, 5, 4], days=140).pictures.cohort_map(
        "private", language=language
    ),
    "cohort_curves": lambda language: cohorts_of([12, 8, 6, 5, 4], days=140).pictures.cohort_curves(language=language),
}
"""Those that have a copy."""

MANY = ("nothing", "paid_media_and_search_ads", "private_traffic_pools", "a", "everything_at_the_same_time", "私域流量")
HARD = {
    "many_arms": lambda language: story(MANY, 400, 4).pictures.profit(language=language),
    "many_arms_funnel": lambda language: attributed(MANY).pictures.funnel(language=language),
    "many_arms_overview": lambda language: story(MANY, 400, 4).pictures.overview(language=language),
    "one_day": lambda language: story(ARMS[:2], 1, 3).pictures.growth(language=language),
    "one_replicate": lambda language: story(ARMS[:2], 30, 1).pictures.paired_difference(language=language),
    "one_arm": lambda language: story(ARMS[:1], 30, 3).pictures.profit(language=language),
    "undecided": lambda language: with_profit(
        np.random.default_rng(1).normal(0, 9999, (2, 6, 60)).astype(int)
    ).pictures.paired_difference(language=language),
    "late_crossover": lambda language: with_profit(
        [np.full((8, 300), 5000), np.tile(np.r_[np.zeros(200), np.full(100, 16_000)], (8, 1))]
    ).pictures.profit(language=language),
    "nothing_happened": lambda language: with_profit(np.zeros((2, 3, 20))).pictures.cac_and_clv(language=language),
    "no_regions": lambda language: of_regions(regions=()).pictures.margin_by_region(language=language),
    "no_counterfactual": lambda language: attributed(("paid", "private")).pictures.last_touch_cac(language=language),
    "no_spend": lambda language: attributed(("nothing", "private")).pictures.last_touch_cac(language=language),
    "latin": lambda language: need_by_price(design="latin").pictures.heat_map(language=language),
    "words": lambda language: cadence_sweep(replicates=1).pictures.cadence(language=language),
}
"""Worlds in which names are long, numbers missing or lines together."""


def figure_of(picture):
    """The figure of a picture, which may be a figure itself."""
    return picture if isinstance(picture, Figure) else picture.figure


def written(figure):
    """What is drawn as text, with the box of each in pixels."""
    seen, draw = {}, Text.draw

    def noted(text, renderer, *args, **kwargs):
        draw(text, renderer, *args, **kwargs)
        if text.get_visible() and text.get_text().strip():
            seen[text] = Text.get_window_extent(text, renderer)

    with patch.object(Text, "draw", noted):
        figure.draw_without_rendering()
        figure.canvas.draw()
    return seen


def overlapping(boxes):
    """Pairs of texts that lie over each other, by more than the half pixel of a letter's edge."""
    return [
        (a.get_text(), b.get_text())
        for (a, one), (b, other) in combinations(boxes.items(), 2)
        if min(one.x1, other.x1) - max(one.x0, other.x0) > 0.5 and min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5
    ]


def cut(boxes, figure):
    """Texts that reach beyond the paper."""
    paper = figure.bbox
    return [
        text.get_text()
        for text, box in boxes.items()
        if box.x0 < paper.x0 or box.x1 > paper.x1 or box.y0 < paper.y0 or box.y1 > paper.y1
    ]


@contextmanager
def portable():
    """Only the font that comes with matplotlib, so that pictures look alike everywhere."""
    with patch.object(style, "font_families", lambda: ("DejaVu Sans",)):
        yield


def small(name):
    """The small copy of a picture as PNG."""
    with portable():
        picture = PICTURES[name]("en")
        return plots.png(picture, DOTS_PER_INCH)


def grey(image):
    """Means of grey levels over blocks of pixels, `(rows, columns)`."""
    pixels = imread(io.BytesIO(image) if isinstance(image, bytes) else image)[..., :3].mean(axis=2) * 255.0
    rows, columns = (size // BLOCK for size in pixels.shape)
    return pixels[: rows * BLOCK, : columns * BLOCK].reshape(rows, BLOCK, columns, BLOCK).mean(axis=(1, 3))


def apart(one, other):
    """How far two pictures are apart; infinite if their sizes differ."""
    a, b = grey(one), grey(other)
    return float(np.sqrt(np.mean((a - b) ** 2))) if a.shape == b.shape else np.inf


if __name__ == "__main__":
    mpl.use("agg")
    BASELINES.mkdir(exist_ok=True)
    for name in PICTURES:
        (BASELINES / f"{name}.png").write_bytes(small(name))
