"""Word of mouth: who tells whom, what passes over, and what telling does to the teller."""

import math
from itertools import product

import numpy as np
import pytest

from trafficsim.books.counters import AWARE
from trafficsim.books.routes import ROUTES, TOLD
from trafficsim.kernel.columns import IN, NEVER, OUTSIDE, QUIT
from trafficsim.mechanisms.shared.memory import TABLE_DAYS
from trafficsim.mechanisms.word_of_mouth import (
    can_be_invited,
    chance_to_hear,
    chance_to_tell,
    hears_from_anyone,
    invites_today,
    knew_before,
    memory_after_word,
    trust_after,
    trust_of_teller,
    weighed,
    willing_to_tell,
)
from worlds import one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

RING = {"kind": "small_world", "mean": 2, "rewired": 0.0, "homophily": 0.0, "alike": 0.0}
"""Everybody knows the two neighbours by number."""
DELIGHTED = {"price": 100.0, "unit_cost": 40.0, "quality": 1.0}
"""With a fit of 0.75, satisfaction is 1 x (0.4 + 0.8 x 0.75) = 1."""


def talking(changes=None, ties=RING, **settings):
    """Everybody would be fully satisfied, and tells acquaintances surely unless settings say otherwise."""
    w = world_of(
        changes={
            "customers.ties": ties,
            "product": DELIGHTED,
            "word_of_mouth": {"tell": 1.0, **settings},
            **(changes or {}),
        }
    )
    w.columns.traits.fit[:] = 0.75
    return w


def buys(w, customers, today=5):
    """Customers have bought today, and so know the brand."""
    w.columns.bought.last_order_on[customers] = today
    w.columns.today.served[customers] = 1
    w.columns.story.aware_on[customers] = today


@pytest.mark.parametrize(
    ("quality", "fit", "chance"),
    [(1.0, 0.75, 0.2), (1.0, 0.5, 0.12), (0.5, 0.75, 0.0), (0.2, 0.0, 0.0)],
)
def test_who_is_willing_to_tell(quality, fit, chance):
    """Satisfied by 1, 0.8, 0.5 and 0.08: 0.4 x what is above one half."""
    assert willing_to_tell(quality, fit, 0.2) == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize(
    ("stars", "reach", "chance"),
    [(0.0, 10.0, 0.0), (1.0, 10.0, 0.1), (2.0, 10.0, 0.19), (1.0, 500.0, 1.0), (3.0, 0.0, 0.0)],
)
def test_the_chance_to_hear_of_a_star(stars, reach, chance):
    assert chance_to_hear(stars, reach, 100.0) == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize(
    ("aware_on", "day", "knew"),
    [(NEVER, 5, False), (4, 5, True), (5, 5, False), (0, 5, True)],
)
def test_who_knew_before_today(aware_on, day, knew):
    assert knew_before(aware_on, day) == knew


@pytest.mark.parametrize(
    ("speaking", "ties", "chance"),
    [(0.0, 10.0, 0.0), (10.0, 10.0, 0.6321205588), (5.0, 10.0, 0.3934693403), (5.0, 0.0, 0.0)],
)
def test_the_chance_to_hear_from_anyone(speaking, ties, chance):
    """1 - exp(-1) and 1 - exp(-0.5)."""
    assert hears_from_anyone(speaking, ties, 100.0) == pytest.approx(chance, abs=1e-9)


@pytest.mark.parametrize(
    ("share", "weight", "moved"),
    [(0.5, 1.0, 0.5), (0.5, 0.3, 0.15), (0.5, 0.0, 0.0)],
)
def test_what_a_word_weighs(share, weight, moved):
    assert weighed(share, weight) == pytest.approx(moved, abs=1e-15)


@pytest.mark.parametrize(
    ("memory", "share", "now"),
    [(0.0, 0.5, 0.5), (0.5, 0.5, 0.75), (1.0, 0.5, 1.0), (0.3, 0.0, 0.3)],
)
def test_a_word_is_remembered(memory, share, now):
    assert memory_after_word(memory, share) == now


@pytest.mark.parametrize(
    ("trust", "step", "now"),
    [(0.2, 0.35, 0.48), (1.0, 0.35, 1.0), (0.2, 0.0, 0.2)],
)
def test_telling_binds_the_teller(trust, step, now):
    assert trust_of_teller(trust, step) == pytest.approx(now, abs=1e-15)


@pytest.mark.parametrize(
    ("invite", "day", "invites"),
    [(0.2, 3.0, True), (0.0, 3.0, False), (0.2, 2.0, False), (0.2, 6.0, False)],
)
def test_when_members_invite(invite, day, invites):
    assert invites_today(invite, day, 3.0, 6.0) == invites


@pytest.mark.parametrize(
    ("status", "invited_by", "can"),
    [(OUTSIDE, 0, True), (OUTSIDE, 2, False), (IN, 0, False), (QUIT, 0, False)],
)
def test_whom_an_invitation_reaches(status, invited_by, can):
    assert can_be_invited(status, invited_by) == can


@pytest.mark.parametrize(("satisfaction", "chance"), [(0.0, 0.0), (0.5, 0.0), (0.75, 0.1), (1.0, 0.2), (0.55, 0.02)])
def test_only_what_was_better_than_middling_is_talked_about(satisfaction, chance):
    assert chance_to_tell(satisfaction, 0.2) == pytest.approx(chance, abs=1e-12)


@pytest.mark.parametrize(
    ("told", "teller", "passed", "now"),
    [(0.3, 0.7, 0.5, 0.5), (0.3, 0.7, 1.0, 0.7), (0.3, 0.7, 0.0, 0.3), (0.7, 0.3, 0.5, 0.7), (0.4, 0.4, 1.0, 0.4)],
)
def test_trust_is_drawn_up_to_the_tellers_and_never_down(told, teller, passed, now):
    assert trust_after(told, teller, passed) == pytest.approx(now, abs=1e-12)


@pytest.mark.parametrize("passed", [0.1, 0.5, 0.9, 1.0])
def test_trust_after_telling_lies_between_the_two(passed):
    for told, teller in product(np.linspace(0, 1, 11).tolist(), repeat=2):
        one_rounding = 2.0**-52
        assert told <= trust_after(told, teller, passed) <= max(told, teller) + one_rounding


def test_a_buyer_tells_the_neighbours():
    w = talking()
    buys(w, 50)
    w.columns.mind.trust[50] = 0.7
    tally = one_step(w, "word_of_mouth", 5)
    mind, story = w.columns.mind, w.columns.story
    assert tallied(tally, "told") == 2
    assert tally[AWARE, : len(ROUTES)].tolist() == [0, 0, 0, 2, 0, 0, 0]
    assert np.flatnonzero(story.told_on == 5).tolist() == [49, 51]
    assert np.all(story.told_by[[49, 51]] == 50)
    assert np.all(story.aware_on[[49, 51]] == 5)
    assert np.all(story.route[[49, 51]] == TOLD)
    assert np.all(mind.salience[[49, 51]] == np.float32(0.5))
    assert mind.acquaintance[[49, 51]] == pytest.approx(0.3, rel=1e-6)
    assert mind.trust[[49, 51]] == pytest.approx(0.5, rel=1e-6)
    assert mind.trust[50] == pytest.approx(0.7 + 0.15 * 0.3, rel=1e-6)
    assert np.sum(story.aware_on != NEVER) == 3


def test_memories_of_the_told_fade_first():
    w = talking()
    buys(w, 50, today=10)
    w.columns.mind.salience[:] = 0.8
    one_step(w, "word_of_mouth", 10)
    assert w.columns.mind.salience[[49, 51]] == pytest.approx(0.4 + 0.5 * 0.6, rel=1e-6)


@pytest.mark.parametrize("days", [1, TABLE_DAYS - 1, TABLE_DAYS, TABLE_DAYS + 90])
def test_forgetting_is_the_same_within_its_table_and_beyond(days):
    w = talking({"days": 700, "customers.memory.acquaintance_half_life_days": 70})
    buys(w, 50, today=days)
    w.columns.mind.acquaintance[:] = 0.8
    w.columns.mind.memory_on[:] = 0
    one_step(w, "word_of_mouth", days)
    left = 0.8 * 0.5 ** (days / 70)
    assert left > 1e-3  # single precision would tell a table that ends too early
    assert w.columns.mind.acquaintance[[49, 51]] == pytest.approx(left + 0.3 * (1 - left), rel=1e-6)


def test_nobody_tells_without_having_bought_today():
    w = talking()
    buys(w, slice(None), today=4)
    one_step(w, "hooks", 5)
    assert tallied(one_step(w, "word_of_mouth", 5), "told") == 0
    assert np.all(w.columns.mind.trust == np.float32(0.3))


def test_the_middling_satisfied_do_not_tell_and_trust_no_more():
    w = talking({"product": {**DELIGHTED, "quality": 0.5}})
    buys(w, slice(None))
    assert tallied(one_step(w, "word_of_mouth", 5), "told") == 0
    assert np.all(w.columns.mind.trust == np.float32(0.3))


def test_the_share_of_acquaintances_who_are_told():
    w = talking({"customers.count": 1000, "product": {**DELIGHTED, "quality": 0.75}}, tell=0.4)
    buys(w, slice(0, 1000, 2))
    found = tallied(one_step(w, "word_of_mouth", 5), "told")
    assert found == pytest.approx(200, abs=4 * standard_error(0.2, 1000))  # 0.4 x 2 x (0.75 - 0.5), 500 x 2 pairs


def test_each_pair_has_a_draw_of_its_own():
    """Between two buyers who tell with a chance of a half, three in four hear it from at least one."""
    w = talking({"customers.count": 1000, "product": {**DELIGHTED, "quality": 0.75}}, tell=1.0)
    buys(w, slice(0, 1000, 2))
    one_step(w, "word_of_mouth", 5)
    told = np.sum(w.columns.story.told_on == 5)
    assert told == pytest.approx(375, abs=4 * standard_error(0.75, 500))


def test_the_told_never_trust_more_than_their_teller():
    w = talking(teller_trust=0.0, trust_passed=1.0)
    trust = np.linspace(0, 1, 200).astype(np.float32)
    w.columns.mind.trust[:] = trust
    buys(w, slice(0, 200, 2))
    one_step(w, "word_of_mouth", 5)
    told = np.arange(1, 200, 2)
    best = np.maximum(trust[told - 1], trust[(told + 1) % 200])
    assert np.array_equal(w.columns.mind.trust[told], np.maximum(best, trust[told]))
    assert np.array_equal(w.columns.mind.trust[::2], trust[::2])


def test_the_aware_pass_on_what_they_knew_before_today():
    """From one who knows, news travels one step along the ring each day."""
    w = talking(who="aware")
    w.columns.story.aware_on[100] = 0
    for today in range(1, 6):
        one_step(w, "word_of_mouth", today)
        aware = np.flatnonzero(w.columns.story.aware_on != NEVER)
        assert aware.tolist() == list(range(100 - today, 101 + today))


def test_news_of_today_is_not_passed_on_today():
    w = talking(who="aware")
    w.columns.story.aware_on[100] = 5
    assert tallied(one_step(w, "word_of_mouth", 5), "told") == 0
    assert tallied(one_step(w, "word_of_mouth", 6), "told") == 2


def test_where_everybody_meets_everybody_all_hear_with_the_same_hazard():
    """100 tellers who tell each of 5 acquaintances with 0.8 among 1,000: hazard 0.4."""
    mixed = {"kind": "mixed", "mean": 5}
    w = talking({"customers.count": 1000}, ties=mixed, tell=0.8, who="aware")
    w.columns.story.aware_on[:100] = 0
    found = tallied(one_step(w, "word_of_mouth", 5), "told")
    chance = -math.expm1(-0.4)
    assert found == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000) + 1)  # a pick may be oneself
    told_by = w.columns.story.told_by[w.columns.story.told_on == 5]
    assert np.all((told_by >= 0) & (told_by < 100))
    assert np.unique(told_by).size > 50
    assert np.all(w.columns.story.told_by != np.arange(1000))


def test_nobody_hears_from_oneself():
    """Of two who both tell all day long, each hears from the other or not at all."""
    w = talking({"customers.count": 2}, ties={"kind": "mixed", "mean": 100}, who="aware")
    w.columns.story.aware_on[:] = 0
    told = [tallied(one_step(w, "word_of_mouth", today), "told") for today in range(1, 21)]
    assert 0 < sum(told) < 40
    assert w.columns.story.told_by.tolist() == [1, 0]


@pytest.mark.parametrize("ties", [RING, {"kind": "mixed", "mean": 5}])
def test_where_nobody_is_satisfied_nobody_is_named_as_a_teller(ties):
    """Of all buyers, only the delighted tell, whatever the ties."""
    w = talking({"customers.count": 500}, ties=ties)
    buys(w, slice(0, 100))
    w.columns.traits.fit[:50] = 0.0
    one_step(w, "word_of_mouth", 5)
    told_by = w.columns.story.told_by[w.columns.story.told_on == 5]
    assert told_by.size > 1
    assert told_by.min() >= 50


@pytest.mark.parametrize("ties", [RING, {"kind": "mixed", "mean": 5}])
def test_telling_raises_the_tellers_own_trust(ties):
    w = talking({"customers.count": 500}, ties=ties, trust_passed=0.0)
    buys(w, slice(0, 100))
    one_step(w, "word_of_mouth", 5)
    tellers = np.unique(w.columns.story.told_by[w.columns.story.told_on == 5])
    raised = np.flatnonzero(w.columns.mind.trust > np.float32(0.3))
    assert tellers.size > 1
    assert raised.tolist() == tellers.tolist()


def test_without_the_mechanism_nobody_tells():
    w = world_of(changes={"customers.ties": RING})
    buys(w, slice(None))
    assert tallied(one_step(w, "word_of_mouth", 5), "told") == 0
