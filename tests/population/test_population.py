"""The population: what customers have of their own is spread as their segment says."""

import math

import numpy as np
import pytest
from scipy.stats import spearmanr

from trafficsim.books.routes import START
from trafficsim.kernel.columns import BEFORE_START, NEVER
from trafficsim.mechanisms.purchasing import discount_now_usual, trust_after_order
from worlds import world_of

pytestmark = pytest.mark.nojit

N = 2_000
SEGMENT = "customers.segments.all"


def crowd(**settings):
    """Many customers of one segment, given by its settings."""
    return world_of(changes={"customers.count": N, **{f"{SEGMENT}.{key}": value for key, value in settings.items()}})


def four_errors_of_mean(deviation):
    return 4 * deviation / math.sqrt(N)


@pytest.mark.parametrize(("key", "spread"), [("fit", "fit_spread"), ("deal_prone", "deal_spread")])
def test_tastes_lie_evenly_about_the_mean(key, spread):
    """Even over 0.3 to 0.7: mean 0.5, a quarter of all in each quarter of the range."""
    traits = getattr(crowd(**{key: 0.5, spread: 0.2}).columns.traits, key)
    assert traits.min() >= np.float32(0.3)
    assert traits.max() <= np.float32(0.7)
    found = np.histogram(traits, 4, (0.3, 0.7))[0]
    assert found == pytest.approx(N / 4, abs=4 * math.sqrt(N * 0.25 * 0.75))


@pytest.mark.parametrize(("key", "spread"), [("fit", "fit_spread"), ("deal_prone", "deal_spread")])
def test_where_the_end_of_the_scale_is_near_the_spread_is_narrower(key, spread):
    traits = getattr(crowd(**{key: 0.9, spread: 0.4}).columns.traits, key)
    assert traits.max() <= 1
    assert traits.min() >= np.float32(0.8)
    assert traits.mean() == pytest.approx(0.9, abs=four_errors_of_mean(0.1 / math.sqrt(3)))


def test_baskets_are_spread_about_a_mean_that_they_keep():
    """Log-normal: the logarithms have the given deviation, the baskets the given mean."""
    basket = crowd(basket=2.0, basket_spread=0.5).columns.traits.basket
    deviation = 2.0 * math.sqrt(math.expm1(0.25))
    assert np.log(basket).std() == pytest.approx(0.5, abs=4 * 0.5 / math.sqrt(2 * N))
    assert basket.mean() == pytest.approx(2.0, abs=four_errors_of_mean(deviation))


def gamma_moments(values, shape):
    """The mean of gamma values of mean 1, and the share of them below a quarter for the shapes 1 and 4."""
    below = {1.0: 1 - math.exp(-0.25), 4.0: 1 - math.exp(-1) * (1 + 1 + 1 / 2 + 1 / 6)}[shape]
    assert values.mean() == pytest.approx(1.0, abs=four_errors_of_mean(1 / math.sqrt(shape)))
    assert np.mean(values < 0.25) == pytest.approx(below, abs=four_errors_of_mean(math.sqrt(below * (1 - below))))


@pytest.mark.parametrize("shape", [1.0, 4.0])
def test_needs_are_gamma_of_the_given_shape(shape):
    gamma_moments(10 * crowd(days_between_needs=10, need_shape=shape).columns.roll.need_rate, shape)


@pytest.mark.parametrize("shape", [1.0, 4.0])
def test_the_propensity_to_open_posts_is_gamma_of_the_given_shape(shape):
    w = world_of(changes={"customers.count": N, "customers.memory.opens_shape": shape})
    gamma_moments(w.columns.roll.opens, shape)


@pytest.mark.parametrize("correlation", [0.0, 0.3])
def test_who_needs_more_opens_more(correlation):
    """Ranks correlate as is said, within four standard errors."""
    w = world_of(changes={"customers.count": N, "customers.memory.opens_with_need": correlation})
    found = spearmanr(w.columns.roll.need_rate, w.columns.roll.opens).statistic
    assert found == pytest.approx(correlation, abs=4 / np.sqrt(N))


def test_minds_start_where_memory_says():
    """Deals are expected as far as they are looked for: a twentieth by the fully deal-prone."""
    memory = {"customers.memory.trust_at_start": 0.45, "customers.memory.usual_discount": 0.05}
    w = world_of(changes=memory | {"customers.segments.all.deal_prone": 0.5})
    assert np.all(w.columns.mind.trust == np.float32(0.45))
    assert np.all(w.columns.mind.usual_discount == np.float32(0.025))


def test_who_bought_before_is_as_an_order_leaves_customers():
    """By the rules of an order at what the market asks: trust, acquaintance and what is usual."""
    start = {"aware": 1.0, "bought": 0.5, "bought_within_days": 1.0}
    purchasing = {"trust_step": 0.2, "acquaintance": 0.7, "usual_discount_step": 0.25}
    prone = {f"{SEGMENT}.deal_prone": 0.4, f"{SEGMENT}.fit_spread": 0.3}
    w = world_of(changes={"customers.at_start": start, "purchasing": purchasing, "product.quality": 0.9, **prone})
    bought, mind, fit = w.columns.bought.orders > 0, w.columns.mind, w.columns.traits.fit
    assert 0.3 < bought.mean() < 0.7
    assert mind.trust[~bought] == pytest.approx(0.3)
    assert mind.usual_discount[~bought] == pytest.approx(0.06)
    assert mind.trust[bought] == pytest.approx([trust_after_order(0.3, 0.9, f, 0.2) for f in fit[bought]])
    assert mind.usual_discount[bought] == pytest.approx(discount_now_usual(0.06, 0.0, 0.25))
    assert mind.acquaintance[bought] == pytest.approx(0.7)
    assert mind.acquaintance[~bought] == pytest.approx(0.1)


def test_members_of_day_0_know_the_brand():
    """As those do who know it without having bought; members who have bought are as buyers are."""
    start = {"aware": 0.3, "bought": 0.2, "members": {"club": 0.5}, "acquaintance": 0.15}
    w = world_of(changes={"customers.count": N, "customers.at_start": start})
    member, story, mind = w.columns.member.status[0] > 0, w.columns.story, w.columns.mind
    only_members = member & (w.columns.bought.orders == 0)
    assert only_members.sum() > N / 4
    assert np.all(story.aware_on[member] == BEFORE_START)
    assert np.all(story.route[member] == START)
    assert np.all(mind.acquaintance[only_members] == np.float32(0.15))
    assert np.all(mind.acquaintance[member & ~only_members] == np.float32(0.9))
    assert not mind.acquaintance[story.aware_on == NEVER].any()


def test_who_bought_before_remembers_as_on_the_day_of_the_last_order():
    """Which lies up to 20 days back, so that all fading until day 0 is that of the rules."""
    start = {"aware": 1.0, "bought": 1.0, "bought_within_days": 20.0}
    columns = world_of(changes={"customers.count": N, "customers.at_start": start}).columns
    mind = columns.mind
    assert np.all(mind.salience == 1.0)
    assert np.all(mind.acquaintance == np.float32(0.9))
    assert set(mind.memory_on) == set(range(-19, 1))
    assert np.array_equal(columns.bought.last_order_on, np.minimum(mind.memory_on, BEFORE_START))
    assert mind.memory_on.mean() == pytest.approx(-9.5, abs=four_errors_of_mean(20 / math.sqrt(12)))
