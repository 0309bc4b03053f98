"""Comparing arms: the dataset, exact differences, equal money, common random numbers, uplift, sampled populations."""

import datetime as dt
import json
import re
from dataclasses import astuple
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import xarray as xr

from comparisons import lively, shop
from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import METRICS, SPEND_LINES, counter
from trafficsim.books.routes import ROUTES
from trafficsim.engine.world import gather, start, start_plans
from trafficsim.results import Result
from trafficsim.results.uplift import of_arm
from trafficsim.scenario import estimate, load
from trafficsim.scenario.counterfactuals import without_pools
from trafficsim.study import compare, equal_money
from trafficsim.study.comparison import BATCH
from trafficsim.study.dataset import WITHOUT_POOLS
from trafficsim.study.equal_money import CLOSE, REPLICATES, CannotEqualiseError, equalise
from trafficsim.study.until import decided, precise

CASES = Path(__file__).parents[1] / "data" / "cases"
ROWS = {c.name: row for row, c in enumerate(COUNTERS)}


@pytest.fixture(scope="module")
def tallied():
    """A comparison, and the same replicates as they were counted."""
    case = lively({"customers.each_stands_for": 3})
    return case, compare(case, 3, seed=5), [counted(case, 5, r) for r in range(3)]


def counted(case, seed, replicate):
    """What the worlds of a replicate counted, each run by itself."""
    worlds = [start(case, arm, seed, replicate).run() for arm in case.arms]
    return SimpleNamespace(
        tallies=np.stack([world.tallies for world in worlds]), members=np.stack([world.members[1:] for world in worlds])
    )


# The dataset


def test_every_counter_is_there_with_its_dimensions_and_integers(tallied):
    case, result, _ = tallied
    data = result.data
    assert dict(data.sizes) == {
        "arm": 3,
        "replicate": 3,
        "day": 40,
        "place": 5,
        "hook": 5,
        "staff": 1,
        "route": len(ROUTES),
        "touch": len(ROUTES) + 1,
        "slot": 2,
        "cohort": 2,
        "segment": 3,
        "region": 0,
        "top": 2,
        "window": 2,
        "from_place": 6,  # the places, and outside
        "to_place": 6,
    }
    for c in COUNTERS:
        assert data[c.name].dims == ("arm", "replicate", "day", *([c.by] if c.by else []))
        assert data[c.name].dtype == np.int64
    assert data["members"].dims == ("arm", "replicate", "day", "place")
    assert data["arm"].values.tolist() == ["paid", "private", "both"]
    assert data["place"].values.tolist() == list(case.names("places"))
    assert data["hook"].values.tolist() == ["side_dish", "coupon", "service", "crosswise", "friends"]
    assert data["day"].values.tolist() == list(range(40))


def test_numbers_are_those_counted_times_what_a_customer_stands_for(tallied):
    case, result, replicates = tallied
    for r, replicate in enumerate(replicates):
        for a in range(len(case.arms)):
            for name, row in ROWS.items():
                by = counter(name).by
                named = result.data[name].sortby(by) if by in ("place", "hook", "staff", "slot") else result.data[name]
                found, times = named.values[a, r].reshape(40, -1), counter(name).times(3)
                assert np.array_equal(found, times * replicate.tallies[a, :, row, : found.shape[1]]), name
            assert np.array_equal(result.data["members"].sortby("place").values[a, r], 3 * replicate.members[a])


def test_nothing_is_counted_beyond_the_names_of_a_dimension(tallied):
    _, result, replicates = tallied
    total = sum(
        counter(name).times(3) * int(r.tallies[:, :, row].sum()) for r in replicates for name, row in ROWS.items()
    )
    assert sum(int(result.data[name].sum()) for name in ROWS) == total


def test_customers_aware_are_those_of_the_start_and_who_met_the_brand_since(tallied):
    case, result, _ = tallied
    knew = [int((gather(case, 5, r).columns.story.aware_on != -1).sum()) for r in range(3)]
    aware = np.array(knew)[None, :, None] + result.data["aware"].sum("route").cumsum("day") / 3
    assert np.array_equal(result.data["customers_aware"], 3 * aware)


def test_attributes_say_how_it_was_made(tallied):
    case, result, _ = tallied
    attributes = result.data.attrs
    assert attributes["baseline"] == "paid"
    assert attributes["seed"] == 5
    assert attributes["each_stands_for"] == 3
    assert attributes["customers"] == 900
    assert attributes["title"] == case.title
    assert json.loads(attributes["has_pool"]) == {"paid": True, "private": True, "both": True}  # members from the start
    assert attributes["repeat"] == (
        "trafficsim compare lively.yaml --replicates 3 --seed 5 --set customers.each_stands_for=3"
    )
    assert set(json.loads(attributes["versions"])) >= {"trafficsim", "numpy", "numba", "python"}


def test_a_result_comes_back_from_its_file_to_the_bit(tallied, tmp_path):
    result = tallied[1]
    result.save(tmp_path)
    assert type(result).load(tmp_path).data.identical(result.data)


def test_profit_is_the_sum_of_the_ledger_lines_by_hand(tallied):
    case, result, replicates = tallied
    kept = {"gross_sales", "sales_in", "sales_of_region"}
    kept |= {f"margin_{by}" for by in ("from", "of_new", "by_hook", "of_cohort", "of_region")}
    lost = [c.name for c in COUNTERS if c.unit == "cents" and c.name not in kept | {"unspent"}]
    assert len(lost) == 17
    for a, arm in enumerate(case.arms):
        for r, replicate in enumerate(replicates):
            sums = replicate.tallies[a].sum(axis=(0, 2)) * [c.times(3) for c in COUNTERS]
            cents = int(sums[ROWS["gross_sales"]] - sum(sums[ROWS[name]] for name in lost))
            assert float(result.values("profit").sel(arm=arm)[r]) == cents / 100
            daily = result.series("profit").sel(arm=arm).values[r]
            assert np.allclose(daily.sum(), cents / 100, rtol=0, atol=1e-6)


# Differences


def test_equal_arms_differ_by_exactly_nothing():
    """`twin` is the baseline again under another name: same customers, same luck."""
    result = compare(lively(None, "twin: {hooks: off}"), 3, seed=2)
    table = result.summary().set_index(["metric", "arm"])
    for metric in METRICS:
        row = table.loc[(metric.name, "twin")]
        if not metric.extra:  # nothing over nobody
            assert row["difference"] == row["difference_low"] == row["difference_high"] == 0.0
        if metric.better != "neither":
            assert not row["better"] > 0.0
    assert table.loc[("profit", "private"), "difference"] != 0.0
    assert (result.data.sel(arm="twin", drop=True) == result.data.sel(arm="paid", drop=True)).all()


def test_common_luck_makes_differences_surer():
    """In an ordinary case the arms' orders rise and fall together over replicates, and their difference varies less."""
    result = compare(shop(), 12, seed=1)
    for arm in ("paid", "private"):
        for name in ("orders", "revenue"):
            found = result.difference(name, arm, "nothing")
            a, b = (result.values(name).sel(arm=which).values for which in (arm, "nothing"))
            by_hand = (np.var(a, ddof=1) + np.var(b, ddof=1)) / np.var(a - b, ddof=1)
            assert found.variance_ratio == pytest.approx(by_hand, rel=1e-9)
            assert found.variance_ratio > 1.0


def test_the_result_depends_on_neither_workers_nor_folder(tmp_path):
    case = lively({"customers.count": 60, "days": 10})
    one = compare(case, 3, 1, workers=1)
    assert compare(case, 3, 1, workers=2, folder=tmp_path).data.identical(one.data)
    assert compare(case, 3, 1, folder=tmp_path).data.identical(one.data)


# How many replicates


def test_more_replicates_only_add_to_those_before():
    case = lively({"customers.count": 60, "days": 10})
    few, more = compare(case, 2, 1).data, compare(case, 4, 1).data
    names = list(ROWS)
    assert more.isel(replicate=slice(2))[names].equals(few[names])


def test_batches_are_added_until_there_are_enough_or_the_most():
    case, asked = lively({"customers.count": 30, "days": 3}), []

    def enough(result):
        asked.append(result.replicates)
        return result.replicates >= 2 + BATCH

    assert compare(case, 2, 1, enough=enough).replicates == 2 + BATCH
    assert asked == [2, 2 + BATCH]
    assert compare(case, 2, 1, enough=lambda _: False, max_replicates=5).replicates == 5


def test_decided_and_precise_ask_for_the_interval_of_profit_differences():
    result = compare(lively({"customers.count": 100, "days": 20}), 6, 1)
    rows = result.summary().query("metric == 'profit' and arm != 'paid'")
    signs = np.sign(rows["difference_low"]) == np.sign(rows["difference_high"])
    assert decided(result) == bool(signs.all())
    needed = float(((rows["difference_high"] - rows["difference_low"]) / 2 / rows["difference"].abs()).max())
    assert precise(needed * 1.001)(result)
    assert not precise(needed * 0.999)(result)


# Equal money


def spend_of(case, arm, seed):
    """Mean spend of an arm over the pilots."""
    pilots = [start(case, arm, seed, pilot).run().tallies for pilot in REPLICATES]
    return sum(int(tallies[:, ROWS[line]].sum()) for tallies in pilots for line in SPEND_LINES) / len(REPLICATES)


EQUAL = {"customers.count": 4000, "equal_budget": ["paid", "private"]}


def test_equal_budget_scales_advertising_until_the_pilots_spend_the_same():
    case = shop(EQUAL)
    before = {arm: spend_of(case, arm, 3) for arm in ("paid", "private")}
    assert abs(before["paid"] / before["private"] - 1.0) > 0.1  # there is something to do
    equal = equalise(case, 3)
    after = {arm: spend_of(equal.scenario, arm, 3) for arm in ("paid", "private")}
    assert after["private"] == before["private"]
    assert abs(after["paid"] - after["private"]) <= CLOSE * after["private"]
    assert equal.spend == pytest.approx(after)
    budget = equal.scenario.plan("paid").advertising["feed"].budget_per_day
    assert budget == pytest.approx(100 * equal.factors["paid"])


@pytest.mark.parametrize("guess", [0.0, 0.01, 40.0])
def test_a_guess_at_the_factors_changes_the_way_and_not_where_it_leads(guess):
    case = shop(EQUAL)
    equal = equalise(case, 3, {"paid": guess})
    assert abs(equal.spend["paid"] - equal.spend["private"]) <= CLOSE * equal.spend["private"]
    assert equal.factors["paid"] == pytest.approx(equalise(case, 3).factors["paid"], rel=0.05)


def test_a_good_guess_saves_pilots(monkeypatch):
    case = shop(EQUAL)
    found = equalise(case, 3).factors
    tried = []
    monkeypatch.setattr(equal_money, "start", lambda *given: tried.append(given) or start(*given))
    assert equalise(case, 3, found).factors == found
    assert len(tried) == 2 * len(REPLICATES)


def test_a_comparison_of_equal_money_spends_nearly_the_same_and_says_how():
    """5 % is what the report calls equal; the pilots' luck is not that of the replicates."""
    result = compare(shop(EQUAL), 3, seed=3)
    spend = result.values("spend").mean("replicate")
    assert float(spend.sel(arm="paid")) == pytest.approx(float(spend.sel(arm="private")), rel=0.05)
    said = result.about.equal_budget
    assert said.arms == ("paid", "private")
    assert list(said.factors) == ["paid"]
    assert said.factors["paid"] != 1.0


def test_arms_that_already_spend_the_same_stay_as_they_are():
    case = shop({"equal_budget": ["paid", "twin"]}, "twin: {hooks: off, posts: off, places: {club: off}}")
    assert equalise(case, 1).factors == {"paid": 1.0}


def test_more_than_two_arms_are_all_brought_to_the_last_ones_spend():
    case = shop(
        EQUAL | {"equal_budget": ["paid", "both", "private"]}, "both: {places: {club: {tool_cost_per_day: 10}}}"
    )
    equal = equalise(case, 3)
    for arm in ("paid", "both"):
        assert abs(spend_of(equal.scenario, arm, 3) - equal.spend["private"]) <= CLOSE * equal.spend["private"]


def test_all_dates_of_an_arm_are_scaled_alike():
    """A dated event doubles the budgets: both dates are multiplied, in the scaled arm alone."""
    events = "events:\n  louder: {day: 30, set: {advertising.feed.budget_per_day: 200}}\n"
    case = shop(EQUAL, "both: {}\n" + events)
    equal = equalise(case, 3)
    factor = equal.factors["paid"]
    assert factor != 1.0
    budgets = {
        arm: [plan.advertising["feed"].budget_per_day for _, plan in equal.scenario.periods(arm)]
        for arm in ("paid", "both")
    }
    assert budgets == {"paid": pytest.approx([100 * factor, 200 * factor]), "both": [100, 200]}
    assert abs(spend_of(equal.scenario, "paid", 3) - equal.spend["private"]) <= CLOSE * equal.spend["private"]
    assert equal.scenario != case
    assert equal.scenario.replace({"days": 40}).scaled == {"paid": factor}


def test_an_arm_whose_places_can_show_no_more_is_told_what_it_spends_with_how_much():
    """Twice the advertising spends no more: so the reason is true."""
    case = load(CASES / "dear_staff.yaml")
    with pytest.raises(CannotEqualiseError, match="its places can't show more; with ") as error:
        equalise(case, 1)
    factor = float(re.search(r"with ([0-9.,]+) times its", str(error.value))[1].replace(",", ""))
    most, twice = (spend_of(case.with_advertising("paid", by), "paid", 1) for by in (factor, 2 * factor))
    assert twice - most <= CLOSE * most
    assert f"it spends CNY {most / 100:,.0f}"[:-2] in str(error.value)


def test_a_spend_that_jumps_over_the_target_is_told_so():
    """Whole teams are hired for it, so to speak: the pilots are replaced by a staircase."""

    class Staircase:
        def spend(self, scenario, arm):
            return 1000.0 + 500 * round(scenario.scaled.get(arm, 1.0)), 500.0

    pilots = equal_money._Pilots(shop(), "paid", 1750.0, Staircase())
    with pytest.raises(
        CannotEqualiseError, match=r"jumps over that: CNY 15 with 1\.\d+ times and CNY 20 with 1\.\d+ times"
    ):
        pilots.factor(1.0)


def test_what_a_comparison_will_run_without_pools_is_foreseen():
    """Scaled for equal money, `paid` will no longer be `both` without its pool."""
    case = shop(EQUAL, "both: {}")
    apart = estimate(case, 8, 1).customer_days - estimate(case, 8, 1, without_pools=False).customer_days
    assert apart == 4000 * 60 * 8
    assert len(equalise(case, 3).scenario.counterfactuals().runs) == 1


def test_nothing_to_spend_means_no_advertising():
    equal = equalise(shop({"equal_budget": ["paid", "nothing"]}), 1)
    assert equal.factors == {"paid": 0.0}
    assert spend_of(equal.scenario, "paid", 1) == 0


@pytest.mark.parametrize(
    ("arms", "why"),
    [
        (["private", "paid"], "like arm 'paid': it spends CNY [0-9,]+ and has no advertising to scale"),
        (["rich", "private"], "like arm 'private': even without advertising it spends CNY 30[0-9],[0-9]+$"),
        (
            ["paid", "rich"],
            "like arm 'rich': its places can't show more; with [0-9,]+ times its advertising it spends CNY ",
        ),
    ],
)
def test_money_that_can_not_be_made_equal_is_told_with_the_reason(arms, why):
    """The arm `rich` pays CNY 5,000 a day for its pool, in all more than CNY 300,000."""
    case = shop({"equal_budget": arms}, "rich: {places: {club: {tool_cost_per_day: 5000}}}")
    with pytest.raises(CannotEqualiseError, match=f"^equal_budget: arm '{arms[0]}' can't spend CNY [0-9,]+ {why}"):
        compare(case, 1, 1)


# Uplift


def test_uplift_is_that_of_two_worlds_compared_by_hand():
    """The arm `nothing` is `private` without its pool."""
    case = shop({"customers.at_start.bought": 0.25, "hooks.gift.strength": 4})
    counted = []
    for replicate in range(3):
        crowd = gather(case, 4, replicate)
        own = start(case, "private", 4, replicate, crowd).run().columns
        without = start(case, "nothing", 4, replicate, crowd).run().columns
        before = crowd.columns.bought.orders.astype(int)
        orders, elsewhere = own.bought.orders - before, without.bought.orders - before
        joined = (own.member.joined_on >= 0).any(axis=0)
        assert 20 < joined.sum() < 1000
        ours, theirs = orders[joined].sum(), elsewhere[joined].sum()
        counted.append([joined.sum(), ours, orders[~joined].sum(), theirs, orders.sum() - elsewhere.sum()])
    joiners, of_joiners, of_others, without, everybody = np.mean(counted, axis=0)
    found = compare(case, 3, seed=4).uplift("private")
    assert found.against == "nothing"
    assert found.naive.middle == pytest.approx(of_joiners / joiners - of_others / (2000 - joiners), rel=1e-9)
    assert found.causal.middle == pytest.approx((of_joiners - without) / joiners, rel=1e-9)
    assert found.extra.middle == pytest.approx(without / joiners - of_others / (2000 - joiners), rel=1e-9)
    assert found.everybody.middle == pytest.approx(everybody, rel=1e-12)
    assert found.of_joiners.middle + found.of_rest.middle == pytest.approx(everybody, rel=1e-12)
    assert found.from_start == 0
    # People who like the brand join its pool: what joiners buy more is not what the pool caused.
    assert found.naive.middle > found.causal.middle


def test_a_pool_without_effect_has_exactly_no_causal_uplift():
    """Nobody posts or tells of it, and joining makes nobody think of the shop: joiners buy what they would have.

    Nobody drifts away, which joining would undo, as every contact does.
    """
    idle = {"word_of_mouth": "off", "joining.salience": 0, "posts": "off", "hooks.gift.strength": 4}
    idle["customers.memory.days_to_drift"] = 36_500
    case = shop(idle, "advertised: {posts: off, advertising: {feed: {budget_per_day: 300}}}")
    result = compare(case, 3, seed=2)
    for arm in ("private", "advertised"):
        own = of_arm(result.data, arm)
        assert (own["joiners"] > 20).all()
        assert np.array_equal(own["joiner_orders"], own["joiner_orders_without"])
        assert np.array_equal(own["orders"], own["orders_without"])
        found = result.uplift(arm)
        assert (found.causal.low, found.causal.middle, found.causal.high) == (0, 0, 0)
        assert found.naive.middle > 0
    assert (result.uplift("private").against, result.uplift("advertised").against) == ("nothing", "")


def test_what_other_arms_do_moves_no_causal_uplift():
    """Equal money gives `paid` other advertising; `both` is then run without its pool, on its own advertising."""
    changes = {"customers.count": 600, "days": 40}
    alone = compare(shop(changes, "both: {}"), 2, seed=5)
    equal = compare(shop(changes | {"equal_budget": ["paid", "private"]}, "both: {}"), 2, seed=5)
    assert equal.about.equal_budget.factors["paid"] != 1.0
    assert (alone.uplift("both").against, equal.uplift("both").against) == ("paid", "")
    assert equal.arms == alone.arms
    for name in ("causal", "naive", "everybody", "of_rest"):
        one, other = (astuple(getattr(result.uplift("both"), name)) for result in (equal, alone))
        assert np.array_equal(one, other, equal_nan=True)


def test_the_world_without_a_pool_has_the_same_dated_changes():
    """An event raises a price and moves the pool's posts; without the pool the price still rises that day."""
    events = """
events:
  dearer: {day: 20, set: {product.price: 120, posts.club.per_week: 7}}
  louder: {day: 30, set: {posts.club.per_week: 1}}
"""
    case = shop(None, "bare: {advertising: off, hooks: off, staff: off, posts: off, places: {club: off}}" + events)
    against = case.counterfactuals()
    assert case.arms[against.of["private"]] == "nothing"
    bare = without_pools(case.periods("private"))
    assert [day for day, _ in bare] == [0, 20]  # on day 30 only the pool changes
    assert [plan.product.price for _, plan in bare] == [80, 120]
    assert all("club" not in plan.places and plan.posts == "off" for _, plan in bare)


def test_staff_who_serve_a_pool_alone_go_with_it():
    """They show their friends Moments, members or not; whoever serves the shop stays."""
    staff = {n: {"count": 1, "serves": at} for n, at in (("host", "club"), ("clerk", "shop"))}
    bare = without_pools(shop({"private:staff": staff}).periods("private"))[0][1]
    assert list(bare.staff) == ["clerk"]
    assert bare.hooks == bare.win_back == "off"


def test_members_from_the_start_are_neither_joiners_nor_others():
    """Every customer either joined in the run, or was a member from the start and did not, or was in no pool."""
    case = lively({"customers.count": 800})
    result = compare(case, 2, seed=3)
    for replicate in range(2):
        crowd = gather(case, 3, replicate)
        inside = (crowd.columns.member.status % 2 == 1).any(axis=0)
        own = start(case, "private", 3, replicate, crowd).run().columns
        joined = (own.member.joined_on >= 0).any(axis=0)
        orders = own.bought.orders.astype(int) - crowd.columns.bought.orders
        found = {name: int(values[replicate]) for name, values in of_arm(result.data, "private").items()}
        assert (inside & ~joined).sum() > 20
        assert found["joiners"] == joined.sum()
        assert found["others"] == (~joined & ~inside).sum()
        assert found["other_orders"] == orders[~joined & ~inside].sum()
    assert result.uplift("private").from_start > 0
    assert "members from the start" in result.uplift("private").sentence()


def test_members_from_the_start_are_touched_by_nothing_where_there_is_no_pool():
    case = lively({"customers.count": 800})
    world = start_plans(case, without_pools(case.periods("both")), 3, 0, gather(case, 3, 0)).run()
    pools = [world.names.places.index(name) for name in world.names.pools]
    assert (world.members[:, pools] == world.members[0, pools]).all()
    assert (world.members[0, pools] > 0).any()
    counted = [c.name for c in COUNTERS if c.by == "place" and world.counted(c.name)[:, pools].any()]
    assert counted == []


def test_what_nobody_asks_for_is_not_run():
    case = shop({"customers.count": 60, "days": 10}, "both: {advertising: {feed: {budget_per_day: 50}}}")
    assert len(case.counterfactuals().runs) == 1
    asked, spared = (compare(case, 2, 1, without_pools=run) for run in (True, False))
    assert spared.data.drop_vars(WITHOUT_POOLS).identical(asked.data.drop_vars(WITHOUT_POOLS))
    assert np.isfinite(asked.data["orders_without"].sel(arm=["private", "both"])).all()
    assert np.isnan(spared.data["orders_without"].sel(arm="both")).all()
    assert np.isfinite(spared.data["orders_without"].sel(arm="private")).all()  # `nothing` is run anyway


def test_arms_without_members_have_no_pool():
    has_pool = compare(shop({"customers.count": 20, "days": 2}), 1).about.has_pool
    assert has_pool == {"nothing": False, "paid": False, "private": True}


def test_a_share_of_nobody_at_the_start_is_no_pool():
    nobody = {"customers.at_start.members": {"vip_group": 0.0, "manager": 0.0}}
    has_pool = compare(lively({"customers.count": 20, "days": 2, **nobody}), 1).about.has_pool
    assert has_pool == {"paid": False, "private": True, "both": True}


def test_present_value_discounts_by_the_rate_of_the_arm():
    """21 % a year in one arm only; a day of 365 loses 1.21^(1/365)."""
    result = compare(lively({"private:product.discount_rate_per_year": 0.21}), 2, seed=5)
    worth = 1.21 ** (-np.arange(result.days) / 365)
    profit = result.series("profit").transpose("arm", "replicate", "day")
    for arm, rates in (("private", worth), ("both", np.ones(result.days))):
        expected = (profit.sel(arm=arm).to_numpy() * rates).sum(axis=1)
        assert result.values("present_value").sel(arm=arm).to_numpy() == pytest.approx(expected, rel=1e-9)


# Sampled populations


def test_a_sample_tells_the_same_as_the_whole_population():
    """A quarter of the people, each standing for four, on an eager market so that luck is small.

    Means over 16 replicates; the tolerance is four standard errors of their difference, as measured, which one honest
    comparison in some 15,000 exceeds. They must be below a quarter of the mean: no factor of four can hide.
    """
    eager = {"customers.at_start.aware": 0.9, "customers.at_start.bought": 0.5, "purchasing.intercept": 0.0}
    eager |= {"advertising.feed.budget_per_day": 200, "hooks.gift.strength": 4}
    whole = compare(shop(eager | {"customers.count": 4000}), 16, seed=1)
    sampled = compare(shop(eager | {"customers.count": 1000, "customers.each_stands_for": 4}), 16, seed=2)
    assert sampled.data.attrs["customers"] == whole.data.attrs["customers"] == 4000
    for name in ("orders", "spend", "members", "new_customers", "revenue", "profit"):
        for arm in ("paid", "private"):
            a, b = (result.values(name).sel(arm=arm).values for result in (whole, sampled))
            if name == "members" and arm == "paid":
                assert a.sum() == b.sum() == 0
                continue
            error = np.sqrt(np.var(a, ddof=1) / 16 + np.var(b, ddof=1) / 16)
            assert abs(a.mean() - b.mean()) <= 4 * error, (name, arm)
            assert 4 * error <= 0.25 * abs(a.mean()), (name, arm)


def test_every_variable_says_its_unit_and_meaning_and_days_have_dates(tallied):
    case, result, _ = tallied
    for name, variable in result.data.data_vars.items():
        assert variable.attrs["long_name"], name
        assert variable.attrs["units"], name
    assert result.data["gross_sales"].attrs["units"] == f"0.01 {case.currency}"
    assert result.data["orders"].attrs["units"] == "orders"
    assert str(result.data["date"].to_numpy()[39])[:10] == (case.start + dt.timedelta(days=39)).isoformat()


def test_what_is_saved_is_packed_and_the_same(tallied, tmp_path):
    _, result, _ = tallied
    result.save(tmp_path)
    result.data.to_netcdf(tmp_path / "loose.nc", engine="h5netcdf")
    packed = Result.load(tmp_path).data
    assert packed.identical(xr.load_dataset(tmp_path / "loose.nc", engine="h5netcdf"))
    assert all(variable.encoding["zlib"] for variable in packed.data_vars.values() if variable.size)
