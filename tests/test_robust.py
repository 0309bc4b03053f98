"""Robust or fragile: which numbers are moved, where to, and what that does to a verdict."""

import threading

import pytest

from comparisons import SHOP
from trafficsim.intervals import UNKNOWN
from trafficsim.scenario import load_text
from trafficsim.study import robust
from trafficsim.study.claims import Verdict
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.robust import Number, Trial, numbers, robustness, try_out

CLAIMS = """
claims:
  pool_pays: {says: S, source: x, expect: {metric: profit, arm: private, more_than: {arm: nothing}}}
sources:
  product.price: {assumed: true, range: [60, 80]}
  places.club.open_rate: {source: "measured once", range: [0.2, 0.7]}
  posts.club.per_week: {assumed: true, range: [1, 5]}
  hooks.gift.worth: {assumed: true}
  customers.at_start.bought: {assumed: true, range: [0.05, 0.5]}
"""
MORE_ARMS = "  often: {advertising: off, posts: {club: {per_week: 7}}}\n"


def shop(text=CLAIMS, arms=MORE_ARMS):
    return load_text(SHOP + arms + text, "shop")


def shared():
    return {number.path for number in numbers(shop())} & set(robust.SHARED)


def test_numbers_with_a_range_and_the_shared_defaults_are_moved():
    given = {number.path: number for number in numbers(shop())}
    assert set(given) - set(robust.SHARED) == {
        "product.price",
        "places.club.open_rate",
        "posts.club.per_week",
        "customers.at_start.bought",
    }
    assert shared() == set(robust.SHARED)
    assert given["product.price"].ends == (60,)  # the price is at the other end of its range
    assert given["places.club.open_rate"].ends == (0.2, 0.7)
    assert given["hooks.*.intercept"].paths == ("hooks.gift.intercept",)


def test_a_shared_default_with_a_range_of_its_own_is_moved_within_that():
    text = CLAIMS + "  purchasing.per_trust: {assumed: true, range: [1, 2]}\n"
    given = {number.path: number for number in numbers(shop(text + "purchasing: {per_trust: 1.2}\n"))}
    assert given["purchasing.per_trust"].ends == (1, 2)
    assert given["purchasing.per_trust"].value == 1.2


def test_whole_numbers_stay_whole():
    assert [type(end) for end in Number("x", ("x",), 20, 10.0, 40.0).ends] == [int, int]
    assert Number("x", ("x",), 20, 10.5, 40.0).ends == (10.5, 40.0)


def per_week(scenario):
    return {arm: scenario.plan(arm).posts["club"].per_week for arm in ("private", "often")}


def test_an_arm_that_sets_its_own_number_keeps_it():
    moved = robust._moved(shop(), ("posts.club.per_week",), 5)
    assert per_week(moved) == {"private": 5, "often": 7}
    assert per_week(robust._moved(shop(), ("arms.often.posts.club.per_week",), 9)) == {"private": 3, "often": 9}


def fake(monkeypatch, verdict_at, fails=()):
    """Instead of running, judge by a number of the scenario; returns the settings that were run."""
    seen, lock = [], threading.Lock()

    def compare(scenario, replicates, seed, *, workers, folder, enough, max_replicates, done, guess):
        price, rate = scenario.plan("private").product.price, scenario.plan("private").places["club"].open_rate
        assert (enough.args, max_replicates, guess) == ((scenario.claims,), robust.REPLICATES, None)
        with lock:
            seen.append((price, rate, replicates, seed, workers, folder))
        if price in fails:
            raise CannotEqualiseError("no budget does it\nsecond line")
        for n in range(replicates):
            done(n)
        return price, rate

    monkeypatch.setattr(robust, "compare", compare)
    monkeypatch.setattr(robust, "judge_claims", lambda _, found: [verdict("pool_pays", verdict_at(*found))])
    return seen


def verdict(name, status):
    return Verdict(name, None, status, UNKNOWN)


def test_every_number_goes_to_both_ends_one_at_a_time(monkeypatch, tmp_path):
    seen = fake(monkeypatch, lambda price, _: "contradicted" if price < 70 else "holds")
    told = []
    trials = try_out(shop(), 3, replicates=2, folder=tmp_path, done=told.append)
    assert len(trials) == 1 + 2 * (3 + 5)
    assert len(seen) == len(trials) - 1  # so many customers can't have bought
    assert len(told) == 2 * len(seen)
    assert {(price, rate) for price, rate, *_ in seen} == {(60, 0.5), (80, 0.2), (80, 0.7), (80, 0.5)}
    assert {s[2:5] for s in seen} == {(2, 3, 1)}
    assert len({s[5] for s in seen}) == len(seen)  # each has a folder of its own
    found = robustness(verdict("pool_pays", "holds"), trials)
    assert found.status == "fragile"
    assert [(t.number.path, t.value, status) for t, status in found.turned_by] == [
        ("product.price", 60, "contradicted")
    ]


def test_what_can_not_be_run_is_told(monkeypatch):
    fake(monkeypatch, lambda *_: "holds", fails=(60,))
    trials = {(t.number.path, t.value): t for t in try_out(shop(), 3, replicates=1)}
    assert trials["product.price", 60].problem == "no budget does it"
    # Half of the customers can't have bought where three tenths know the shop.
    assert "bought (0.5) can't exceed aware (0.3)" in trials["customers.at_start.bought", 0.5].problem
    assert robustness(verdict("pool_pays", "holds"), list(trials.values())).trials == len(trials) - 2


def test_a_defect_is_not_taken_for_a_trial_that_can_not_be_run(monkeypatch):
    seen = fake(monkeypatch, lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        try_out(shop(), 3, replicates=1, workers=1)
    assert len(seen) < 17


@pytest.mark.parametrize(
    ("base", "found", "status", "turned", "undecided"),
    [
        ("holds", ["holds", "holds"], "robust", 0, 0),
        ("holds", ["holds", "undecided"], "robust", 0, 1),
        ("holds", ["holds", "undecided", "undecided"], "unclear", 0, 2),
        ("holds", ["contradicted", "undecided", "undecided"], "fragile", 1, 2),
        ("holds", ["contradicted", "undecided"], "fragile", 1, 1),
        ("by_construction", ["by_construction", "contradicted"], "fragile", 1, 0),
        ("contradicted", ["holds", "by_construction"], "fragile", 2, 0),
        ("contradicted", ["contradicted", "no_value"], "robust", 0, 0),
        ("undecided", ["holds", "contradicted"], "", 0, 0),
        ("no_value", ["holds", "contradicted"], "", 0, 0),
        ("holds", [], "", 0, 0),
    ],
)
def test_a_verdict_is_fragile_if_any_number_turns_it(base, found, status, turned, undecided):
    number = Number("product.price", ("product.price",), 80, 60, 100)
    trials = [Trial(number, 60, (verdict("other", "contradicted"), verdict("c", each))) for each in found]
    result = robustness(verdict("c", base), trials)
    assert (result.status, len(result.turned_by), result.undecided) == (status, turned, undecided)
    assert result.trials == len(found)


def test_the_answer_names_the_number_that_turns_a_verdict():
    from trafficsim.report.claims import _turned  # noqa: PLC0415 - a part of the page, tested by itself

    trial = Trial(Number("product.price", ("product.price",), 80, 60, 100), 60)
    found = robust.Robustness("fragile", ((trial, "contradicted"),), 3, 0, 17)
    assert _turned(found) == ["product.price = 60 (here 80): contradicted", "of 17 trials, 3 undecided"]
    assert _turned(None) == []
