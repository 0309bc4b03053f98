"""Pictures of cohorts: numbers in cells and heights of curves are those worked out by hand."""

import numpy as np
import pytest

from looks import check_texts
from synthetic import cohorts_of
from trafficsim import plots
from trafficsim.plots.cohorts import can_map
from trafficsim.results import origins


def numbers(axes):
    return {(int(text.get_position()[1]), int(text.get_position()[0])): text.get_text() for text in axes.texts}


def test_cells_hold_orders_by_cohort_and_period():
    axes = plots.cohort_map(cohorts_of([12, 8, 4, 2]), "private", "orders")
    by_age = ["1.20", "0.80", "0.40", "0.20"]
    assert numbers(axes) == {(c, age): by_age[age] for c in range(4) for age in range(4 - c)}
    assert [label.get_text() for label in axes.get_yticklabels()] == ["0  (10)", "28  (10)", "56  (10)", "84  (10)"]


def test_retention_begins_with_period_one_and_clv_adds_up():
    result = cohorts_of([12, 8, 4, 2])
    assert numbers(result.pictures.cohort_map("private")) == {
        (0, 0): "100", (0, 1): "50", (0, 2): "25", (1, 0): "100", (1, 1): "50", (2, 0): "100",
    }  # fmt: skip
    clv = numbers(result.pictures.cohort_map("private", "clv"))
    assert [clv[0, age] for age in range(4)] == ["60", "100", "120", "130"]


def test_a_period_cut_short_is_left_out():
    axes = plots.cohort_map(cohorts_of([12, 8, 4, 2], days=100), "private", "orders")
    assert set(numbers(axes)) == {(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (2, 0)}


def test_colours_darken_with_the_value():
    image = plots.cohort_map(cohorts_of([12, 8, 4, 2]), "private", "orders").images[0]
    shades = image.cmap(image.norm(np.array([0.0, 0.2, 0.4, 0.8, 1.2])))[:, :3] @ [0.299, 0.587, 0.114]
    assert np.all(np.diff(shades) < 0)


def test_colours_of_retention_begin_with_its_least():
    image = plots.cohort_map(cohorts_of([12, 8, 6, 4]), "private").images[0]
    assert (image.norm.vmin, image.norm.vmax) == (0.5, 1.0)


def test_a_map_of_retention_that_would_show_luck_is_not_worth_drawing():
    assert can_map(cohorts_of([12, 8, 4, 2], replicates=4))
    lucky = cohorts_of([12, 8, 4, 2], replicates=4)
    orders = lucky.data["orders_of_cohort"]
    orders[:] = np.where(orders > 0, np.random.default_rng(1).poisson(2, orders.shape), 0)
    assert not can_map(lucky)
    assert "would show luck" in " ".join(plots.cohort_curves(lucky).figure.get_supxlabel().split())
    assert not can_map(cohorts_of([0], new=0))


def test_curves_take_all_cohorts_that_lived_through_a_period():
    """Of 10, 20, 30 and 40 customers those of the first cohorts are old: 8 of 10 orders, then 16 of 20 ..."""
    result = cohorts_of([10, 10, 10, 10])
    result.data["first_orders"][..., [0, 28, 56, 84], 0] = [10, 20, 30, 40]
    told = {name: arms[1] for name, arms in origins.over_life(result.data).items()}
    life = {name: [one.interval().middle for one in ages] for name, ages in told.items()}
    assert life["orders"] == pytest.approx([40 / 100, 30 / 60, 20 / 30, 10 / 10])
    assert life["clv"] == pytest.approx(50 * np.cumsum([40 / 100, 30 / 60, 20 / 30, 10 / 10]))
    assert life["retention"][1:] == pytest.approx([1, (20 / 30) / 0.5, 1 / 0.5])
    axes = plots.cohort_curves(result, "orders")
    for line, beside in zip(axes.lines[:2], (-0.15, 0.15), strict=True):
        assert line.get_xdata().tolist() == [beside, 1 + beside]
        assert line.get_ydata() == pytest.approx([0.4, 0.5])


@pytest.mark.parametrize(
    ("value", "language", "days"),
    [("retention", "en", 56), ("clv", "zh", 56), ("orders", "en", 365), ("retention", "zh", 365), ("clv", "en", 1095)],
)
def test_texts_keep_apart(value, language, days):
    result = cohorts_of([12, *[8, 6, 5, 4] * 10], days=days, arms=("nothing", "private", "私域流量"))
    of_map = " ".join(check_texts(plots.cohort_map(result, "private", value, language=language)))
    assert "private" in of_map
    written = " ".join(check_texts(plots.cohort_curves(result, value, language=language)))
    assert ("cohorts" in written) == (language == "en")
    assert "95%" in written
    assert ("同期群" in written) == (language == "zh")


def test_nobody_ever_buys_and_one_replicate():
    result = cohorts_of([0], new=0, replicates=1)
    assert numbers(plots.cohort_map(result, "private")) == {}
    assert "unknown" in " ".join(check_texts(plots.cohort_curves(result)))


@pytest.mark.parametrize(
    ("draw", "says"),
    [
        (lambda r: plots.cohort_map(r, "paid"), "no arm 'paid'"),
        (lambda r: plots.cohort_map(r, "private", "margin"), "no value 'margin'; there are retention, orders, clv"),
        (lambda r: plots.cohort_curves(r, "margin"), "no value 'margin'"),
        (lambda _: plots.cohort_curves(cohorts_of([1], days=55)), "a run of 56 days or more; this one has 55"),
    ],
)
def test_what_cannot_be_drawn_is_refused(draw, says):
    with pytest.raises((KeyError, ValueError), match=says):
        draw(cohorts_of([1]))
