"""plan: levers under a budget over plausible worlds, tried again in worlds that the search never saw."""

import json
from dataclasses import replace

import numpy as np
import pytest

import trafficsim as ts
from comparisons import shop
from trafficsim.plots import png
from trafficsim.plots.planned import beside, frontier, levers, margins
from trafficsim.plots.style import page_width
from trafficsim.report.plan_page import more_pictures, plan_page
from trafficsim.report.planned import as_plain, lever_names, planned, rival_names
from trafficsim.scenario import ScenarioError
from trafficsim.study.aims import scored
from trafficsim.study.looking import CannotPlanError, values_of
from trafficsim.study.planning import checked
from trafficsim.study.varying import varied
from trafficsim.words.language import words

FEW = {"days": 15, "customers.count": 400}
LEVERS = {
    "advertising.feed.budget_per_day": (0.0, 200.0),
    "posts.club.per_week": (0.0, 7.0),
    "hooks.gift.gives": ["gift", "coupon"],
}
HOW = {"uncertain": None, "replicates": 3, "rounds": 1}


@pytest.fixture(scope="module")
def case():
    """The shop with an arm that has everything, whose levers are moved."""
    return shop(FEW, "both: {}")


@pytest.fixture(scope="module")
def found(case):
    return ts.plan(case, 1500.0, LEVERS, **HOW)


def test_the_plan_is_one_of_those_tried_within_the_budget_and_expected_to_be_best(case, found):
    assert (found.arm, found.baseline, found.days) == ("both", "nothing", 15)
    assert found.limits == (ts.Limit("spend", 1500.0),)
    rows = found.tried[found.tried["within_limits"]]
    assert (rows["spend"] <= 1500.0).all()
    chosen = rows[np.all([rows[name] == value for name, value in found.settings.items()], axis=0)]
    assert len(chosen) == 1
    near = rows["aim"].max() - rows["aim"].min()
    assert chosen["aim"].item() >= rows["aim"].max() - 0.1 * near  # the surface smooths luck, and little else
    assert set(found.settings) == set(LEVERS)
    assert case.replace({f"both:{path}": value for path, value in found.settings.items()})  # the arm takes it as it is


def test_ways_are_compared_world_by_world_in_the_same_fresh_worlds(found):
    kinds = [rival.kind for rival in found.rivals]
    assert kinds == ["plan", "today", "baseline", "ads", "pool", "equal"]
    plan = found.best
    for rival in found.rivals:
        assert rival.behind.middle == pytest.approx(plan.aim.middle - rival.aim.middle, abs=1e-6)
        assert sum(rival.lines.values()) == pytest.approx(rival.spend.middle, abs=0.01)
    by_kind = {rival.kind: rival for rival in found.rivals}
    assert by_kind["baseline"].spend.middle == 0.0
    assert by_kind["ads"].values["posts.club.per_week"] == 0.0
    assert by_kind["pool"].values["advertising.feed.budget_per_day"] == 0.0
    for kind in ("ads", "pool", "equal"):
        assert by_kind[kind].spend.middle <= 1.05 * 1500.0  # in other worlds than the surface is of


def test_margins_are_differences_to_the_plan_with_a_lever_alone_moved(found):
    margin = next(m for m in found.margins if m.lever == "advertising.feed.budget_per_day")
    assert not margin.less
    assert margin.per_thousand.middle == pytest.approx(1000.0 * margin.adds.middle / margin.costs.middle)
    days_more = margin.to - found.settings[margin.lever]
    assert margin.costs.middle <= 15 * days_more + 60.0  # gifts besides
    lever = next(each for each in found.levers if each.name == margin.lever)
    at = {row[0]: row[1] for row in lever.curve}
    assert at[margin.to] == pytest.approx(-margin.adds.middle)
    assert at[lever.value] == 0.0


@pytest.mark.slow
def test_it_repeats_bit_for_bit_and_resumes(case, found, tmp_path):
    told = []
    again = ts.plan(case, 1500.0, LEVERS, folder=tmp_path, done=told.append, workers=1, **HOW)
    assert again.tried.equals(found.tried)
    assert again.rivals == found.rivals
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert told == list(range(1, len(before) + 1))
    next(iter(before)).unlink()
    ts.plan(case, 1500.0, LEVERS, folder=tmp_path, **HOW)
    after = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert sum(after[path] != before[path] for path in before) == 1


@pytest.mark.slow
def test_further_limits_and_payback(case):
    limits = [ts.Limit("members.club", 5.0), ts.Limit("spend", 320.0, day=4)]
    kept_to = ts.plan(case, 3000.0, LEVERS, limits=limits, aim="payback_day", risk="worst", **HOW)
    tried = kept_to.tried[kept_to.tried["within_limits"]]
    assert 0 < len(tried) < len(kept_to.tried)
    assert (tried["advertising.feed.budget_per_day"] <= 25.0).all()  # 200 of 320 are tools in the first five days
    assert 0.0 <= kept_to.best.aim.middle <= 15.0
    assert kept_to.best.allowed


@pytest.mark.slow
def test_over_plausible_worlds(case):
    """With the least regret: nothing beats the best that is known."""
    over = ts.plan(case, 1500.0, LEVERS, uncertain=16, rounds=0, risk="regret")
    assert (over.worlds, over.fresh, over.judged, over.uncertain) == (16, 16, 64, True)
    assert all(rival.aim.middle <= 0.0 for rival in over.rivals)


def test_a_lever_is_no_unknown(case):
    """What is decided is not drawn besides: all worlds have the price that a point gives."""
    priced = case.adding({"sources": {"product.price": {"assumed": True, "range": [60, 120]}}})
    wanted = checked(priced, 1500.0, {"product.price": (70.0, 110.0)}, arm="both")
    assert wanted.today == {"both:product.price": 80}
    from trafficsim.study.looking import worlds_of  # noqa: PLC0415 - of this test alone

    drawn = worlds_of(wanted.case, 16, 2, 1, ["product.price"], fresh=False)
    assert not any(key.rpartition(".")[2] == "price" and "product" in key for world in drawn for key in world.changes)


def test_values_are_round_numbers(case):
    axes, _ = varied(case, {"both:advertising.feed.budget_per_day": (0.0, 601.0), "customers.count": (100, 105)}, {})
    money, count = (values_of(axis) for axis in axes)
    assert money[:3] == [0.0, 5.0, 10.0]
    assert money[-2:] == [600.0, 601.0]
    assert count == [100, 101, 102, 103, 104, 105]


def test_the_worst_tenth_and_regret():
    values = np.array([np.arange(20.0), np.full(20, 9.0)])
    both = np.array([True, True])
    assert scored(values, "average", both).mean(axis=1).tolist() == [9.5, 9.0]
    assert scored(values, "worst", both).mean(axis=1).tolist() == pytest.approx([0.5, 9.0])  # of 0 and 1; of 9 and 9
    # behind the better of the two by at most 9 and 8 (the first in world 0 and 1), by 10 and 9 (the second at the end)
    assert scored(values, "regret", both).mean(axis=1).tolist() == pytest.approx([-8.5, -9.5])
    assert scored(values, "regret", np.array([False, True])).mean(axis=1).tolist() == pytest.approx([-8.5, 0.0])


@pytest.mark.parametrize(
    ("budget", "levers", "more", "error", "says"),
    [
        (0.0, LEVERS, {}, ValueError, "budget must be a sum above 0"),
        (100.0, {}, {}, CannotPlanError, "nothing to decide"),
        (100.0, LEVERS, {"aim": "fame"}, KeyError, "no aim 'fame'; there are profit"),
        (100.0, LEVERS, {"risk": "none"}, KeyError, "no risk 'none'"),
        (100.0, LEVERS, {"arm": "nobody"}, KeyError, "no arm 'nobody'"),
        (100.0, LEVERS, {"arm": "paid"}, ScenarioError, "--lever"),
        (100.0, {"product.prise": (1, 2)}, {}, ScenarioError, "product.prise"),
        (100.0, {"posts.club.per_week": (-1.0, 2.0)}, {}, ScenarioError, "--lever: posts.club.per_week"),
        (100.0, {"product.price": (60, 80)}, {"aim": "members", "arm": "paid"}, CannotPlanError, "has no pool"),
        (100.0, LEVERS, {"limits": [ts.Limit("fame", 1.0)]}, KeyError, "fame"),
        (100.0, LEVERS, {"limits": [ts.Limit("spend", 1.0, day=99)]}, ValueError, "day of the limit of spend"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_runs(case, budget, levers, more, error, says):
    with pytest.raises(error, match=says):
        checked(case, budget, levers, **more)


def test_a_budget_below_all_costs_is_told_with_the_least_that_it_takes(case):
    with pytest.raises(CannotPlanError, match=r"comes to at least CNY .*: widen their ranges or loosen the limit"):
        ts.plan(case, 1.0, {"advertising.feed.budget_per_day": (50.0, 60.0)}, uncertain=None, replicates=2, rounds=0)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_and_drawn(found, language):
    said = planned(found, language)
    text = " ".join(said)
    for lever in lever_names(found, words(language)).values():
        assert lever in said[0]
    ways = rival_names(found, words(language))
    assert all(ways[rival.kind] in text for rival in found.rivals[1:])
    for picture in (beside(found, ways, language=language), frontier(found, language=language)):
        assert png(picture).startswith(b"\x89PNG")
    page = plan_page(found, language)
    assert page.count("<svg") == 2 * 4  # wide and narrow
    assert "http" not in page.replace("http://www.w3.org", "")


def test_a_picture_may_stand_on_axes_of_one_s_own(found):
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    axes = Figure().subplots()
    assert margins(found, lever_names(found, words("en")), axes=axes) is axes
    assert len(levers(found, lever_names(found, words("en"))).axes) == 3


def test_a_page_has_no_picture_without_marks_and_none_narrower_than_others(found):
    lone = replace(found, levers=found.levers[:1], margins=())
    assert more_pictures(lone, "en")[0]().get_size_inches()[0] == page_width()
    assert len(more_pictures(lone, "en")) == len(more_pictures(found, "en")) - 1


def test_it_is_plain_data(found):
    plain = json.loads(json.dumps(as_plain(found), allow_nan=False))
    assert plain["plan"] == found.settings
    assert [row["plan"] for row in plain["compared"]] == [rival.kind for rival in found.rivals]
    assert list(found.table()["lever"]) == [lever.name for lever in found.levers]
