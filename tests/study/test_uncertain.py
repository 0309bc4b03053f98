"""Uncertain numbers: which they are, how plausible their values are, and worlds drawn from them."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from comparisons import SHOP
from trafficsim.scenario import ScenarioError, load, load_text, shipped
from trafficsim.study.ranges import DEFAULTS
from trafficsim.study.uncertain import Changes, Number, numbers
from trafficsim.study.worlds import plausible_worlds

SOURCES = """
sources:
  product.price: {assumed: true, range: [60, 120], takes_along: [product.unit_cost]}
  product.unit_cost: {assumed: true, range: [20, 50], shape: uniform}
  places.club.open_rate: {assumed: true, range: [0.2, 0.7], shape: beta, correlations: {leaving.hazard: -0.6}}
  posts.club.per_week: {assumed: true, range: [1, 5], shape: lognormal}
  customers.at_start.aware: {assumed: true, range: [0.1, 0.5]}
  customers.at_start.bought: {assumed: true, range: [0.05, 0.3]}
"""
SHARES = (np.arange(20_000) + 0.5) / 20_000


def shop(sources=SOURCES):
    return load_text(SHOP + sources, "shop")


def named(sources=SOURCES):
    return {number.path: number for number in numbers(shop(sources))}


def test_shapes_are_those_of_the_file_and_triangular_otherwise_by_logarithm_for_money_and_rates():
    found = named()
    assert {path: (found[path].shape, found[path].log) for path in list(found)[:6]} == {
        "product.price": ("triangular", True),
        "product.unit_cost": ("uniform", False),
        "posts.club.per_week": ("lognormal", False),
        "places.club.open_rate": ("beta", False),
        "customers.at_start.aware": ("triangular", False),
        "customers.at_start.bought": ("triangular", False),
    }
    assert found["leaving.hazard"].log
    assert not found["purchasing.intercept"].log


def test_needs_of_a_segment_are_moved_without_a_range_unless_they_have_a_source():
    need = "customers.segments.all.days_between_needs"
    assert (named()[need].low, named()[need].high) == (10, 22.5)
    assert need not in named(SOURCES + f"  {need}: a count of 2024\n")
    own = named(SOURCES + f"  {need}: {{assumed: true, range: [12, 16]}}\n")[need]
    assert (own.low, own.high) == (12, 16)


def test_a_default_with_a_range_in_the_file_moves_within_that_alone():
    found = named(SOURCES + "  leaving.hazard: {assumed: true, range: [0.007, 0.012]}\n")["leaving.hazard"]
    assert (found.low, found.high, found.source) == (0.007, 0.012, "scenario")


@pytest.mark.parametrize("name", sorted(shipped()))
def test_ranges_of_defaults_hold_the_default_and_what_may_be(name):
    case = load(name)
    known = {path: setting for arm in case.arms for path, setting in case.settings(arm).items()}
    for number in numbers(case):
        assert number.low <= number.value <= number.high
        if number.path in DEFAULTS:
            lowest, highest = known[number.paths[0]].bounds
            assert lowest <= number.low < number.high <= highest


def test_the_page_lists_the_ranges_of_all_defaults():
    page = (Path(__file__).parents[2] / "docs" / "uncertainty.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `") and " to " in line.split("|")[2]]
    told = [f"| `{path}` | {p.low:g} to {p.high:g} | {p.source} |" for path, p in DEFAULTS.items()]
    assert [row for row in rows if "." in row.split("|")[1]] == told


CASES = [
    (Number("x", ("x",), 3.0, 1.0, 4.0), stats.triang(2 / 3, 1, 3)),
    (Number("x", ("x",), 1.0, 1.0, 4.0), stats.triang(0, 1, 3)),
    (Number("x", ("x",), 3.0, 1.0, 4.0, shape="uniform"), stats.uniform(1, 3)),
    (Number("x", ("x",), 3.0, 1.0, 4.0, shape="beta"), stats.beta(1 + 8 / 3, 1 + 4 / 3, 1, 3)),
]


@pytest.mark.parametrize(("number", "distribution"), CASES)
def test_a_quantile_undoes_the_share_below_it(number, distribution):
    values = number.quantile(SHARES)
    assert distribution.cdf(values) == pytest.approx(SHARES, abs=1e-12)
    assert number.quantile(np.array([0.0, 1.0])).tolist() == [1, 4]


@pytest.mark.parametrize(
    "number", [Number("x", ("x",), 90, 60, 150, log=True), Number("x", ("x",), 90, 60, 150, shape="lognormal")]
)
def test_by_logarithm_twice_as_much_is_as_far_away_as_half_as_much(number):
    values, density = number.quantile(SHARES), {}
    for low, high in ((64, 66), (89, 91), (142, 144)):
        density[low] = np.mean((np.log(values) > np.log(low)) & (np.log(values) < np.log(high))) / np.log(high / low)
    assert density[89] > max(density[64], density[142])
    assert values.min() >= 60
    assert values.max() <= 150
    middle = Number("x", ("x",), 2.0, 1.0, 4.0, shape=number.shape, log=number.log).quantile(np.array(0.5))
    assert middle == pytest.approx(2.0)  # 1 and 4 are as far away


def test_counts_are_whole():
    number = Number("x", ("x",), 3, 1.0, 5.0, whole=True)
    assert set(number.quantile(SHARES).tolist()) == {1, 2, 3, 4, 5}
    assert [type(number.said(2.0)), type(Number("x", ("x",), 3.0, 1.0, 5.0).said(2))] == [int, float]


def test_what_is_taken_along_keeps_its_proportion_to_its_own_value_in_the_world():
    price, cost = named()["product.price"], named()["product.unit_cost"]
    point = Changes(shop(), [price, cost])([120.0, 40.0])
    assert point == {"product.price": 120.0, "product.unit_cost": 40.0 * 120 / 80}
    assert Changes(shop(), [price])([120.0]) == {"product.price": 120.0, "product.unit_cost": 30 * 120 / 80}


# Worlds


def test_worlds_hold_every_number_evenly_over_what_is_plausible():
    case = shop(
        SOURCES.replace("range: [0.05, 0.3]", "range: [0.05, 0.1]").replace(
            ", correlations: {leaving.hazard: -0.6}", ""
        )
    )
    worlds = plausible_worlds(case, 64, 1)
    assert worlds.values.shape == (64, len(worlds.numbers))
    assert worlds.impossible == 0
    for column in worlds.shares.T:  # a scrambled net has one point in each 64th
        assert sorted((column * 64).astype(int).tolist()) == list(range(64))
    for number, shares, values in zip(worlds.numbers, worlds.shares.T, worlds.values.T, strict=True):
        assert values == pytest.approx(number.quantile(shares))


def test_the_same_seed_draws_the_same_worlds():
    first, again, other = (plausible_worlds(shop(), 16, seed).values for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_worlds_that_can_not_be_are_drawn_anew_and_counted():
    worlds = plausible_worlds(shop(), 64, 1)
    at = [number.path for number in worlds.numbers]
    aware, bought = (worlds.values[:, at.index(f"customers.at_start.{name}")] for name in ("aware", "bought"))
    assert len(worlds) == 64
    assert np.all(bought <= aware)
    assert worlds.impossible > 0
    assert worlds.because.startswith("customers.at_start: bought (")


def test_numbers_go_together_as_their_rank_correlations_say():
    worlds = plausible_worlds(shop(), 1024, 1)
    at = [number.path for number in worlds.numbers]
    some = [worlds.values[:, at.index(path)] for path in ("places.club.open_rate", "leaving.hazard", "product.price")]
    found = stats.spearmanr(np.array(some), axis=1).statistic
    # three standard errors of a rank correlation from so many independent draws, about (1 - r^2) / sqrt(n)
    assert found[0, 1] == pytest.approx(-0.6, abs=3 * (1 - 0.36) / 32)
    assert found[0, 2] == pytest.approx(0.0, abs=3 / 32)


@pytest.mark.parametrize(
    ("many", "says"),
    [(0, "of 16 or more"), (100, "a power of two.*64 or 128"), (2**40, "this machine has"), (16.5, "whole number")],
)
def test_a_number_of_worlds_that_can_not_be_is_refused(many, says):
    with pytest.raises(ValueError, match=says):
        plausible_worlds(shop(), many, 1)


def test_ranges_that_never_go_together_are_refused():
    rare = "customers.at_start.{name}: {{assumed: true, range: {range}, shape: uniform}}"
    aware, bought = rare.format(name="aware", range=[0.29, 0.31]), rare.format(name="bought", range=[0.1, 0.99])
    with pytest.raises(ValueError, match=r"hardly ever go together; in .* worlds they don't: .*bought"):
        plausible_worlds(shop(f"sources:\n  {aware}\n  {bought}\n"), 16, 1)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("leaving.hazard: -0.6", "leaving.hasard: 0.5", "no such setting; did you mean 'leaving.hazard'"),
        ("leaving.hazard: -0.6", "places.club.open_rate: 0.5", "can't go with itself"),
        ("leaving.hazard: -0.6", "leaving.hazard: 1.5", "must be < 1"),
        ("range: [1, 5], shape: lognormal", "range: [0, 5], shape: lognormal", "must begin above 0"),
        ("range: [1, 5], shape: lognormal", "shape: lognormal", "without a range"),
        ("shape: beta", "shape: normal", "uniform"),
    ],
)
def test_what_a_source_can_not_say_is_told_at_its_place(old, new, says):
    with pytest.raises(ScenarioError, match=says):
        shop(SOURCES.replace(old, new))


def test_correlations_need_a_range_and_have_to_go_together():
    lacking = SOURCES.replace("leaving.hazard: -0.6", "talking.belonging_step: 0.5")
    with pytest.raises(ScenarioError, match="belonging_step: has no range"):
        plausible_worlds(shop(lacking), 16, 1)
    never = SOURCES.replace(
        "range: [0.1, 0.5]", "range: [0.1, 0.5], correlations: {leaving.hazard: 0.9, places.club.open_rate: 0.9}"
    )
    with pytest.raises(ScenarioError, match="can't all hold together"):
        plausible_worlds(shop(never), 16, 1)
