"""The mechanisms that come with the library: what each does in a small world."""

import importlib
from pathlib import Path

import numpy as np
import pytest

from comparisons import shop
from trafficsim.books.counters import COUNTERS
from trafficsim.engine.extending import load_mechanisms, shipped_mechanisms
from trafficsim.engine.world import start
from trafficsim.kernel.columns import IN, QUIT, is_inside
from trafficsim.mechanisms.shared import own


@pytest.fixture(autouse=True)
def known():
    before = dict(own._known)
    load_mechanisms(shipped_mechanisms())
    yield
    own._known.clear()
    own._known.update(before)


def world(changes, arm="private"):
    return start(shop(changes), arm, 3)


def total(of, counter):
    return int(of.counted(counter).sum())


def test_each_is_a_file_of_less_than_eighty_lines():
    assert shipped_mechanisms() == ["live_sale", "loyalty", "rival_pool"]
    for name in shipped_mechanisms():
        file = importlib.import_module(f"trafficsim.examples.{name}").__file__
        assert len(Path(file).read_text(encoding="utf-8").splitlines()) < 80


def test_the_page_tells_what_each_of_them_counts():
    page = (Path(__file__).parents[2] / "docs" / "own_mechanisms.md").read_text(encoding="utf-8")
    for mechanism in own.registered():
        assert f"`{mechanism.counters[0].name}`" in page


def test_points_are_those_of_what_was_paid_and_rewards_cost_what_they_cost():
    loyalty = {"points_per_unit": 1, "reward_at": 100, "reward_cost": 2.5}
    w = world({"loyalty": loyalty}).run()
    paid, points = w.columns.bought.spend, w.own["loyalty"].columns["points"]
    assert total(w, "loyalty_granted") > 0
    rewards = total(w, "loyalty_cost") // 250
    assert total(w, "loyalty_cost") == 250 * rewards
    assert total(w, "loyalty_granted") == points.sum() + 100 * rewards
    assert (points < 100).all()
    assert (w.own["loyalty"].columns["seen"] == paid).all()
    assert paid.sum() / 100 - w.customers <= total(w, "loyalty_granted") <= paid.sum() / 100


def test_a_reward_is_remembered_and_trusted():
    before, after = world({}).run(), world({"loyalty": {"reward_at": 50, "trust": 0.5}}).run()
    assert total(after, "loyalty_rewarded") > 0
    assert after.columns.mind.trust.mean() > before.columns.mind.trust.mean()
    nothing = world({"loyalty": {"salience": 0, "trust": 0}}).run()
    assert np.array_equal(nothing.tallies[:, : len(COUNTERS)], before.tallies)  # points alone change nothing


def test_only_members_collect_where_that_is_said():
    w = world({"loyalty": {"members_only": True}}).run()
    outside = (w.columns.member.joined_on < 0).all(axis=0)
    assert outside.any()
    assert not w.own["loyalty"].columns["points"][outside].any()
    assert w.own["loyalty"].columns["points"].any()


def test_a_show_comes_once_a_week_and_costs_its_fee():
    w = world({"private:live_sale": {"at": "club", "weekday": "fri", "fee": 12.5}}).run()
    fees = w.counted("live_sale_fees")
    assert np.flatnonzero(fees).tolist() == list(range(4, 60, 7))  # day 0 is a Monday
    assert set(fees[fees > 0].tolist()) == {1250}
    assert np.array_equal(fees > 0, w.counted("live_sale_watched") > 0)
    assert w.own["live_sale"].columns["shows"].sum() == total(w, "live_sale_watched")


def test_those_who_want_buy_on_the_day_and_less_later():
    sale = {"at": "club", "watched": 1, "watched_by_members": 1, "wants": 1, "repaid": 1, "salience": 1}
    before, after = world({}).run(), world({"private:live_sale": sale}).run()
    assert after.counted("needs")[3] >= after.counted("live_sale_wanted")[3] > 0
    assert after.counted("needs")[4:10].sum() < before.counted("needs")[4:10].sum()
    assert after.counted("orders")[3].sum() > before.counted("orders")[3].sum()


def test_nobody_watches_who_does_not_know_the_brand():
    w = world(
        {"customers.at_start": {"aware": 0, "bought": 0}, "private:live_sale": {"at": "club", "watched": 1}}, "private"
    )
    w.run(until=4)
    known = int((w.columns.story.aware_on >= 0).sum())
    assert total(w, "live_sale_watched") <= known < w.customers


def test_a_rival_takes_needs_and_members():
    rival = {
        "asked_per_week": 1,
        "taken": 1,
        "member_resists": 0,
        "offers": 1,
        "pulled_per_week": 0.5,
        "left_per_week": 0,
    }
    before, after = world({}).run(), world({"rival_pool": rival}).run()
    inside = after.own["rival_pool"].columns["inside"]
    assert total(after, "rival_pool_joined") == inside.sum() > 0
    assert total(after, "rival_pool_taken") > 0
    assert total(after, "orders") < total(before, "orders")
    assert total(after, "rival_pool_pulled") > 0
    status = after.columns.member.status
    assert total(after, "left") >= total(after, "rival_pool_pulled")
    assert (status == QUIT).sum() > 0
    assert after.members[-1].sum() == is_inside(status).sum()  # the ledger and the columns agree
    assert not after.columns.story.place[(status == QUIT).any(axis=0)].astype(bool).all()


def test_a_rival_that_begins_later_changes_nothing_before():
    before = world({}).run(until=30)
    after = world({"rival_pool": {"from_day": 30, "asked_per_week": 1}}).run(until=30)
    assert np.array_equal(before.tallies[:30], after.tallies[:30, : len(COUNTERS)])


def test_members_resist_the_rival():
    rival = {"asked_per_week": 1, "taken": 1, "pulled_per_week": 0, "member_resists": 1, "left_per_week": 0}
    w = world({"rival_pool": rival})
    w.columns.member.status[0, ::2] = IN
    w.run(until=2)
    ours = is_inside(w.columns.member.status).any(axis=0)
    assert w.own["rival_pool"].columns["inside"].any()
    assert not (w.own["rival_pool"].columns["inside"] & ours).any()
