"""Answers over plausible worlds: what is told of them, and how they are asked for."""

import numpy as np
import pytest

import trafficsim as ts
from comparisons import SHOP
from trafficsim import report
from trafficsim.scenario import load_text
from trafficsim.study.weighing import UncertainError, sensitivity

SMALL = load_text(
    SHOP.replace("count: 2000", "count: 150").replace("days: 60", "days: 12")
    + """
sources:
  product.price: {assumed: true, range: [40, 120]}
  places.club.open_rate: {assumed: true, range: [0.2, 0.7]}
""",
    "shop",
)


@pytest.fixture(scope="module")
def found():
    return sensitivity(SMALL, 16, seed=3)


def test_the_sample_is_what_its_worlds_come_to(found):
    data = found.data
    assert data["profit"].dims == ("point", "arm", "replicate")
    assert data["profit"].shape == (16, 3, 2)
    for point in (0, 7):
        # What is not in the file moves too: all of it makes the world.
        values = dict(zip(data["number"].to_numpy(), data["value"].to_numpy()[point], strict=True))
        changes = {path: value for path, value in values.items() if "*" not in path}
        starred = {p.replace("*", {"advertising": "feed", "posts": "club", "hooks": "gift"}[p.split(".")[0]]): v
                   for p, v in values.items() if "*" in p}  # fmt: skip
        result = ts.compare(SMALL.replace(changes | starred), 2, seed=3)
        for arm in SMALL.arms:
            here = data["profit"].isel(point=point).sel(arm=arm).to_numpy()
            assert here.tolist() == result.values("profit").sel(arm=arm).to_numpy().tolist()


def test_the_public_name_is_the_function_wherever_modules_were_loaded():
    assert ts.sensitivity is sensitivity
    assert all(callable(getattr(ts, name)) for name in ("compare", "evaluate", "lean", "sensitivity", "solve", "sweep"))


def test_what_is_told_follows_from_the_sample(found):
    told, profit = found.found, found.data["profit"].mean("replicate")
    by_mean = profit.mean("point").sortby(profit.mean("point"), ascending=False)["arm"].to_numpy()
    assert (told.best, told.other) == tuple(by_mean[:2])
    best = profit["arm"].to_numpy()[profit.argmax("arm").to_numpy()]
    assert {arm.arm: arm.best for arm in told.arms} == {arm: float(np.mean(best == arm)) for arm in SMALL.arms}
    regret = (profit.max("arm") - profit).mean("point")
    assert {arm.arm: arm.regret for arm in told.arms} == pytest.approx(
        {a: regret.sel(arm=a).item() for a in SMALL.arms}
    )
    lead = (profit.sel(arm=told.best) - profit.sel(arm=told.other)).to_numpy()
    assert told.lead.worlds == pytest.approx((lead.mean(), *np.quantile(lead, [0.05, 0.95])))
    assert (told.lead.least, told.lead.most) == (lead.min(), lead.max())
    assert told.lead.ahead == np.mean(lead > 0)
    assert told.lead.as_assumed is None
    assert told.turned == pytest.approx(np.mean(best != told.best))
    assert 0 < told.luck < 1
    assert len(told.hinges) == len(found.table()) == found.data.sizes["number"]


def test_a_comparison_tells_both_intervals_and_keeps_them(tmp_path):
    result = ts.compare(SMALL, 6, seed=3, uncertain=16)
    told = result.uncertain
    assert (told.best, told.other) == result.headline_pair()
    amount = result.difference("profit", told.best, told.other, 0.9).amount
    assert told.lead.as_assumed == (amount.middle, amount.low, amount.high)
    result.save(tmp_path)
    assert ts.Result.load(tmp_path).uncertain == told
    assert ts.compare(SMALL, 6, seed=3).uncertain is None


def test_worlds_are_found_again_in_their_folder(tmp_path):
    seen = []
    first = sensitivity(SMALL, 16, folder=tmp_path, done=seen.append)
    again = sensitivity(SMALL, 16, folder=tmp_path, done=seen.append)
    assert seen == [*range(1, 17), 16]
    assert again.found == first.found


def test_a_sample_of_customers_is_told():
    told = sensitivity(SMALL, 16, customers=50).found
    assert told.stands_for == 3
    said = report.answer(ts.compare(SMALL, 2), 0.95)
    assert not any("plausible" in sentence for sentence in said)


@pytest.mark.parametrize(
    ("scenario", "worlds", "says"),
    [
        (SMALL, 0, "of 16 or more"),
        (SMALL, 24, "power of two.* 16 or 32"),
        (SMALL, 2**40, "this machine has"),
        (load_text(SHOP.partition("arms:")[0].replace("baseline: nothing\n", ""), "alone"), 16, "one arm alone"),
    ],
)
def test_worlds_that_can_not_be_are_refused_before_anything_runs(scenario, worlds, says):
    with pytest.raises(UncertainError, match=says):
        ts.compare(scenario, 2, uncertain=worlds)


def test_arms_that_can_hardly_ever_spend_the_same_are_told():
    case = load_text(SMALL.yaml.replace("tool_cost_per_day: 40", "tool_cost_per_day: 100000"), "dear")
    with pytest.raises(UncertainError, match=r"in 16 of 16 worlds equal_budget: .* can't spend"):
        sensitivity(case.replace({"equal_budget": ["private", "paid"]}), 16, replicates=1)


def test_for_which_beliefs_it_holds_is_told_of_the_numbers_worth_most():
    told = sensitivity(SMALL, 32, replicates=1, seed=3).found
    assert [each.path for each in told.beliefs] == [hinge.path for hinge in told.by_worth[:3]]
    assert told.choice.arm == max(told.arms, key=lambda arm: arm.profit[0]).arm
    assert all(arm.least <= arm.profit[1] <= arm.profit[2] <= arm.most for arm in told.arms)
    assert all(arm.regret <= arm.most_regret for arm in told.arms)
    for each in told.beliefs:
        assert each.reach[0] < each.mean < each.reach[1]
        assert each.tips is None or each.reach[0] <= each.tips <= each.reach[1]
    if told.odds:
        assert told.odds.share < told.odds.needed < 1
