"""Robust or fragile: which numbers are moved, where to, and what that does to a verdict."""

import threading
from concurrent.futures import Executor, Future
from types import SimpleNamespace

import pytest

from comparisons import SHOP
from trafficsim.engine.running import Running
from trafficsim.results.intervals import UNKNOWN
from trafficsim.scenario import ScenarioError, load_text
from trafficsim.study import robust
from trafficsim.study.claims import Verdict
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.study.ranges import DEFAULTS
from trafficsim.study.robust import Trial, robustness, try_out
from trafficsim.study.uncertain import Number, numbers
from trafficsim.words.language import words

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
    return {number.path for number in numbers(shop())} & set(DEFAULTS)


ELSEWHERE = {
    "care.*.trust_step",
    "care.*.salience",
    "leaving.contact_times",
    "leaving.sms_times",
    "leaving.phone_times",
}
"""Defaults of what the shop has not got: care, contacts and telephone numbers."""


def test_numbers_with_a_range_and_the_shared_defaults_are_moved():
    given = {number.path: number for number in numbers(shop())}
    assert set(given) - set(DEFAULTS) == {
        "customers.segments.all.days_between_needs",
        "product.price",
        "places.club.open_rate",
        "posts.club.per_week",
        "customers.at_start.bought",
    }
    assert shared() == set(DEFAULTS) - ELSEWHERE
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
    assert per_week(moved("posts.club.per_week", 5)) == {"private": 5, "often": 7}
    assert per_week(moved("arms.often.posts.club.per_week", 9)) == {"private": 3, "often": 9}


def moved(path, end, scenario=None):
    case = scenario or shop()
    (here,) = [p.value for p in case.provenance() if p.path == path]
    named = {number.path: number for number in numbers(case)}
    return robust.moved(case, named.get(path, Number(path, (path,), here, 0, end)), end)


def taking_along(path, more="", source="range: [1, 5]"):
    old = "  posts.club.per_week: {assumed: true, range: [1, 5]}"
    return shop(
        CLAIMS.replace(old, f"  posts.club.per_week: {{assumed: true, {source}, takes_along: [{path}]}}") + more
    )


@pytest.mark.parametrize("path", ["arms.often.posts.club.per_week", "arms.*.posts.club.per_week"])
def test_an_arm_that_is_taken_along_keeps_its_proportion(path):
    assert per_week(moved("posts.club.per_week", 6, taking_along(path))) == {"private": 6, "often": 14}


def test_a_count_that_is_taken_along_stays_whole():
    case = taking_along("customers.count")
    count = case.plan("private").customers.count
    found = moved("posts.club.per_week", 5, case).plan("private").customers.count
    assert isinstance(found, int)
    assert found == round(count * 5 / 3)


def test_nothing_keeps_its_proportion_to_0():
    nothing = Number("posts.club.per_week", ("posts.club.per_week",), 0, 1, 5, ("arms.often.posts.club.per_week",))
    with pytest.raises(ScenarioError, match=r"per_week: is 0, to which arms\.often\.posts\.club\.per_week has no prop"):
        robust.moved(shop(), nothing, 5)


@pytest.mark.parametrize(
    ("path", "source", "says"),
    [
        ("arms.oftn.posts.club.per_week", "range: [1, 5]", "takes_along.0: the file gives no number 'arms.oftn.posts"),
        ("arms.*.posts.club.quality", "range: [1, 5]", "the file gives no number"),
        ("posts.club.*", "range: [1, 5]", "a number can't take itself along"),
        (
            "arms.often.posts.club.per_week",
            "range: null",
            "without a range, nothing moves that takes_along could follow",
        ),
    ],
)
def test_what_can_not_be_taken_along_is_a_mistake_with_its_line(path, source, says):
    with pytest.raises(ScenarioError) as error:
        taking_along(path, source=source)
    (mistake,) = error.value.mistakes
    assert says in str(mistake)
    assert mistake.where.line > 1


def fake(monkeypatch, verdict_at, fails=(), tells=True):
    """Instead of running, judge by a number of the scenario; returns the settings that were run."""
    seen, lock = [], threading.Lock()

    def compare(
        scenario, replicates, seed, *, workers, executor, folder, done, enough, max_replicates, guess, without_pools
    ):
        assert executor is None
        assert not without_pools
        price, rate = scenario.plan("private").product.price, scenario.plan("private").places["club"].open_rate
        assert (enough.aim, enough.together) == ("claims", len(scenario.claims))
        assert (max_replicates, guess) == (robust.REPLICATES, None)
        with lock:
            seen.append((price, rate, replicates, seed, workers, folder))
        if price in fails:
            raise CannotEqualiseError("no budget does it\nsecond line")
        assert (done is not None) == tells
        for n in range(replicates if tells else 0):
            done(n)
        return SimpleNamespace(price=price, rate=rate, replicates=replicates)

    def judge(_, found):
        return [verdict("pool_pays", verdict_at(found.price, found.rate))]

    monkeypatch.setattr(robust, "compare", compare)
    monkeypatch.setattr(robust, "judge_claims", judge)
    return seen


def verdict(name, status):
    return Verdict(name, None, status, UNKNOWN)


def test_every_number_goes_to_both_ends_one_at_a_time(monkeypatch, tmp_path):
    seen = fake(monkeypatch, lambda price, _: "contradicted" if price < 70 else "holds")
    told = []
    trials = try_out(shop(), 3, replicates=2, running=Running(folder=tmp_path, done=told.append))
    # The price, the variety of channels, the notice of advertisements and posts in groups are at one end already.
    assert len(trials) == 2 * (5 + len(set(DEFAULTS) - ELSEWHERE)) - 4
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


class AtOnce(Executor):
    """Runs a job while it is submitted."""

    def submit(self, function, *arguments):
        job = Future()
        job.set_result(function(*arguments))
        return job


def test_another_executor_gives_the_same_and_tells_when_a_trial_has_ended(monkeypatch):
    fake(monkeypatch, lambda price, _: "contradicted" if price < 70 else "holds", tells=False)
    told = []
    trials = try_out(shop(), 3, replicates=2, running=Running(executor=AtOnce(), done=told.append))
    assert {t.replicates for t in trials} == {0, 2}
    assert told == [0, 1] * (len(trials) - 1)
    fake(monkeypatch, lambda price, _: "contradicted" if price < 70 else "holds")
    assert trials == try_out(shop(), 3, replicates=2)


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
        try_out(shop(), 3, replicates=1, running=Running(workers=1))
    assert len(seen) < 17


@pytest.mark.parametrize(
    ("base", "found", "status", "turned", "undecided"),
    [
        ("holds", ["holds", "holds"], "robust", 0, 0),
        ("holds", ["holds", "undecided"], "unclear", 0, 1),
        ("holds", ["holds", "undecided", "undecided"], "unclear", 0, 2),
        ("holds", ["contradicted", "undecided", "undecided"], "fragile", 1, 2),
        ("holds", ["contradicted", "undecided"], "fragile", 1, 1),
        ("by_construction", ["by_construction", "contradicted"], "fragile", 1, 0),
        ("contradicted", ["holds", "by_construction"], "fragile", 2, 0),
        ("contradicted", ["contradicted", "no_value"], "unclear", 0, 0),
        ("contradicted", ["contradicted", "contradicted"], "robust", 0, 0),
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
    say = words("en")
    turned = "Price of the product = 60 (here 80): not supported"
    assert _turned(found, say, {}) == [turned, "of 17 trials, 3 undecided"]
    assert _turned(None, say, {}) == []
