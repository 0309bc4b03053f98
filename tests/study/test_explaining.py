"""explain: what two arms set otherwise, shared out by Shapley values that add up in every replicate."""

import json
from itertools import permutations

import numpy as np
import pytest

import trafficsim as ts
from comparisons import shop
from trafficsim.plots import png
from trafficsim.plots.waterfall import waterfall
from trafficsim.report.explained import as_frame, as_plain, explained
from trafficsim.scenario import ScenarioError, load_text
from trafficsim.study.explaining import _orders, _shapley

FEW = {"days": 20, "customers.count": 800}


@pytest.fixture(scope="module")
def case():
    """Arms that differ in advertising, hooks, posts and the place of the pool."""
    return shop(FEW, "dear: {product: {price: 90, market_price: 80}, rivals: {pull: 0.0}}")


@pytest.fixture(scope="module")
def found(case):
    return ts.explain(case, "paid", "private", replicates=4)


def test_parts_are_what_the_arms_set_otherwise(case):
    assert case.parts_between("paid", "private") == {
        name: (name,) for name in ("hooks", "posts", "places.club", "advertising")
    }
    assert case.parts_between("private", "dear") == {
        name: (name,) for name in ("advertising", "product.price", "product.market_price", "rivals.pull")
    }
    grouped = case.parts_between("paid", "private", {"the club": ["places", "posts", "hooks"]})
    assert grouped == {"the club": ("hooks", "posts", "places.club"), "advertising": ("advertising",)}


def test_shares_add_up_to_the_difference_in_every_replicate(case, found):
    assert found.exact
    assert [s.turns for s in sorted(found.shares, key=lambda s: s.name)] == ["off", "on", "on", "on"]
    result = ts.compare(case, 4)
    profit = ts.evaluate(case, [{}], ["profit"], replicates=4)["profit"].isel(point=0)
    apart = profit.sel(arm="private") - profit.sel(arm="paid")
    assert found.by_replicate.sum(axis=1) == pytest.approx(apart.to_numpy(), abs=0.004)
    of_compare = result.difference("profit", "private", "paid").amount
    assert found.difference.middle == pytest.approx(of_compare.middle, abs=0.004)


def test_what_stands_in_a_place_that_is_not_there_does_nothing(case):
    """Of the pool's parts each needs the place; together they are the pool, alone nothing but its tools."""
    paths = {"alone": ["hooks", "posts"], "place": ["places.club"], "pool": ["hooks", "posts", "places.club"]}
    arms = case.with_arms_between("nothing", "private", paths)
    assert arms.arms == ("alone", "place", "pool")
    assert not arms.has("alone", "posts.club")
    assert not arms.has("alone", "hooks.gift")
    assert arms.has("place", "places.club")
    assert arms.plan("pool") == case.plan("private")


def test_what_is_for_members_of_a_place_goes_with_it_and_so_do_those_who_work_there(case):
    more = {
        "audiences": {"all": {}},
        "staff": {"host": {"count": 1, "serves": "club", "wage_per_day": 5, "hours_per_day": 1}},
        "care": {"words": {"pool": "club", "by": "host", "per_week": 1}},
        "tiers": {"gold": {"pool": "club", "to": "all", "perk": 0.2}},
        "arms": {each: {"staff": "off", "care": "off", "tiers": "off"} for each in ("nothing", "paid")},
    }
    cared_for = case.without_arms("dear").adding(more)
    arms = cared_for.with_arms_between(
        "paid", "private", {"none": ["staff", "care", "tiers"], "half": ["places.club", "care"]}
    )
    for arm, path in (("none", "staff.host"), ("none", "care.words"), ("none", "tiers.gold"), ("half", "care.words")):
        assert not arms.has(arm, path), (arm, path)
    found = ts.explain(cared_for, "paid", "private", replicates=2)
    assert not found.exact
    assert found.by_replicate.sum(axis=1).mean() == pytest.approx(found.difference.middle, abs=0.004)
    assert np.isnan(found.shares[0].adds.low)  # two opposite orders are one sample
    assert png(waterfall(found)).startswith(b"\x89PNG")


def test_one_part_that_does_everything_gets_everything(case):
    """Rivals that pull as they did do nothing, nor does a market price that moves with the price."""
    changed = case.adding({"arms": {"only": {"rivals": {"pull": 1.0}, "leaving": {"hazard": 0.5}, "hooks": "off",
                                             "posts": "off", "places": {"club": "off"}}}})  # fmt: skip
    found = ts.explain(changed, "paid", "only", replicates=3)
    by_name = {share.name: share.adds.middle for share in found.shares}
    assert by_name["rivals.pull"] == pytest.approx(found.difference.middle, abs=1e-9)
    assert by_name["leaving.hazard"] == 0.0
    assert found.difference.middle < 0


def test_shapley_values_are_means_over_all_orders():
    totals, parts = np.random.default_rng(1).normal(size=2**4), 4
    steps = []
    for order in permutations(range(parts)):
        sets = np.cumsum([0, *(1 << k for k in order)])
        adds = np.empty(parts)
        adds[list(order)] = np.diff(totals[sets])
        steps.append(adds)
    assert _shapley(totals, parts) == pytest.approx(np.mean(steps, axis=0))


def test_orders_bring_each_part_to_each_place_as_often():
    orders = np.array(_orders(6, 24, 1))
    assert np.array_equal(np.sort(orders, axis=1), np.tile(np.arange(6), (24, 1)))
    for place in range(6):
        assert np.array_equal(np.bincount(orders[:, place]), np.full(6, 4))
    assert np.array_equal(orders[1::2], orders[::2, ::-1])


@pytest.mark.slow
def test_sampled_shares_agree_with_all_subsets(case):
    """Seven intervals at 95 %, which chance lets miss now and then: one may."""
    changes = {"purchasing": {"intercept": -2.5}, "word_of_mouth": {"tell": 0.3}, "leaving": {"hazard": 0.02},
               "rivals": {"pull": 0.2}, "product": {"price": 85}, "posts": {"club": {"per_week": 5}},
               "advertising": {"feed": {"budget_per_day": 60}}}  # fmt: skip
    many = case.adding({"arms": {"other": changes, "as_is": {}}})
    sampled = ts.explain(many, "as_is", "other", replicates=20, exact=False)
    exact = ts.explain(many, "as_is", "other", replicates=20, exact=True)
    of_all = {share.name: share.adds.middle for share in exact.shares}
    assert len(of_all) == 7
    outside = [s.name for s in sampled.shares if not s.adds.low <= of_all[s.name] <= s.adds.high]
    assert len(outside) <= 1


def test_arms_and_claims_may_have_labels():
    """Those of the file's own arms are not those of the arms between."""
    claims = "claims: {pays: {says: It pays., source: test, expect: {metric: profit, arm: paid, at_least: 0}}}\n"
    case = shop(FEW).adding({"labels": {"paid": "ads alone", "private": "a club", "club": "the club"}})
    labelled = load_text(case.yaml + claims, "shop").adding({"labels": {"pays": "worth it"}})
    found = ts.explain(labelled, "paid", "private", replicates=2)
    assert "“a club”" in explained(found)[0]


def test_equal_money_is_a_part_of_its_own_where_arms_advertise_alike():
    equal = shop(FEW, "both: {}").replace({"equal_budget": ["paid", "both"]})
    parts = {share.name for share in ts.explain(equal, "paid", "both", replicates=2).shares}
    assert parts == {"hooks", "posts", "places.club", "advertising"}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_drawn_and_written(found, language):
    text = " ".join(explained(found, language))
    assert ("advertising off" if language == "en" else "广告（关）") in text
    assert png(waterfall(found, language=language)).startswith(b"\x89PNG")
    assert list(as_frame(found)["part"]) == [share.name for share in found.shares]
    plain = json.loads(json.dumps(as_plain(found), allow_nan=False))
    assert sum(part["middle"] for part in plain["parts"]) == pytest.approx(plain["difference"]["middle"])


def test_what_cannot_be_is_refused(case):
    for arguments, error, says in (
        (("paid", "nobody"), KeyError, "no arm 'nobody'"),
        (("paid", "paid"), ValueError, "differ in nothing"),
    ):
        with pytest.raises(error, match=says):
            ts.explain(case, *arguments)
    with pytest.raises(ValueError, match="ratio"):
        ts.explain(case, "paid", "private", name="cac")
    with pytest.raises(ScenarioError, match="the arms don't differ in product"):
        ts.explain(case, "paid", "private", groups={"x": ["product"]})
    with pytest.raises(ScenarioError, match=r"places.club is in one too"):
        ts.explain(case, "paid", "private", groups={"one": ["places"], "two": ["places.club"]})
