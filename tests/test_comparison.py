"""Comparing arms: what the dataset holds, exact differences, equal money, common luck, uplift, sampled populations."""

import datetime as dt
import json

import numpy as np
import pytest
import xarray as xr

from comparisons import lively, shop
from trafficsim.ensemble import run_replicates
from trafficsim.metrics import COUNTERS, METRICS, ROUTES, SPEND_LINES, counter
from trafficsim.results import Result
from trafficsim.study import compare, equal_money
from trafficsim.study.comparison import BATCH
from trafficsim.study.equal_money import CLOSE, PILOTS, CannotEqualiseError, equalise
from trafficsim.study.until import decided, precise
from trafficsim.world import gather, start

ROWS = {c.name: row for row, c in enumerate(COUNTERS)}


@pytest.fixture(scope="module")
def tallied():
    """A comparison, and the same replicates as they were counted."""
    case = lively({"customers.each_stands_for": 3})
    return case, compare(case, 3, seed=5), run_replicates(case, 5, range(3))


# The dataset


def test_every_counter_is_there_with_its_dimensions_and_integers(tallied):
    case, result, _ = tallied
    data = result.data
    assert dict(data.sizes) == {
        "arm": 3,
        "against": 3,
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
                found = result.data[name].values[a, r].reshape(40, -1)
                times = counter(name).times(3)
                assert np.array_equal(found, times * replicate.tallies[a, :, row, : found.shape[1]]), name
            assert np.array_equal(result.data["members"].values[a, r], 3 * replicate.members[a])


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
    kept = {"gross_sales", "sales_in", "margin_from", "margin_of_new", "margin_by_hook", "margin_of_cohort"}
    lost = [c.name for c in COUNTERS if c.unit == "cents" and c.name not in kept]
    assert len(lost) == 15
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
        if metric.name != "true_cac":  # nothing over nobody
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
    pilots = [start(case, arm, seed, pilot).run().tallies for pilot in PILOTS]
    return sum(int(tallies[:, ROWS[line]].sum()) for tallies in pilots for line in SPEND_LINES) / len(PILOTS)


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
    assert len(tried) == 2 * len(PILOTS)


def test_a_comparison_of_equal_money_spends_nearly_the_same_and_says_how():
    """5 % is what the report calls equal; the pilots' luck is not that of the replicates."""
    result = compare(shop(EQUAL), 3, seed=3)
    spend = result.values("spend").mean("replicate")
    assert float(spend.sel(arm="paid")) == pytest.approx(float(spend.sel(arm="private")), rel=0.05)
    said = result.about("equal_budget")
    assert said["arms"] == ["paid", "private"]
    assert said["scaled"] == "paid"
    assert said["factor"] == said["factors"]["paid"] != 1.0


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


def test_nothing_to_spend_means_no_advertising():
    equal = equalise(shop({"equal_budget": ["paid", "nothing"]}), 1)
    assert equal.factors == {"paid": 0.0}
    assert spend_of(equal.scenario, "paid", 1) == 0


@pytest.mark.parametrize(
    ("arms", "why"),
    [
        (["private", "paid"], "like arm 'paid': it spends CNY [0-9,]+ and has no advertising to scale"),
        (["rich", "private"], "like arm 'private': even without advertising it spends CNY 30[0-9],[0-9]+$"),
        (["paid", "rich"], "like arm 'rich': the places of its advertising can't show more; the nearest is CNY "),
    ],
)
def test_money_that_can_not_be_made_equal_is_told_with_the_reason(arms, why):
    """The arm `rich` pays CNY 5,000 a day for its pool, in all more than CNY 300,000."""
    case = shop({"equal_budget": arms}, "rich: {places: {club: {tool_cost_per_day: 5000}}}")
    with pytest.raises(CannotEqualiseError, match=f"^equal_budget: arm '{arms[0]}' can't spend CNY [0-9,]+ {why}"):
        compare(case, 1, 1)


# Uplift


def test_uplift_is_that_of_two_worlds_compared_by_hand():
    """The arm `nothing` has no pool and differs from `private` in the fewest settings."""
    case = shop({"customers.at_start.bought": 0.25, "hooks.gift.strength": 4})
    naive, causal = [], []
    for replicate in range(3):
        crowd = gather(case, 4, replicate)
        own = start(case, "private", 4, replicate, crowd).run().columns
        without = start(case, "nothing", 4, replicate, crowd).run().columns
        before = crowd.columns.bought.orders.astype(int)
        orders, elsewhere = own.bought.orders - before, without.bought.orders - before
        joined = (own.member.joined_on >= 0).any(axis=0)
        assert 20 < joined.sum() < 1000
        naive.append(orders[joined].mean() - orders[~joined].mean())
        causal.append((orders[joined] - elsewhere[joined]).mean())
    found = compare(case, 3, seed=4).uplift("private")
    assert found.against == "nothing"
    assert found.naive.middle == pytest.approx(np.mean(naive), rel=1e-12)
    assert found.causal.middle == pytest.approx(np.mean(causal), rel=1e-12)
    assert found.extra.middle == pytest.approx(np.mean(naive) - np.mean(causal), rel=1e-12)
    # People who like the brand join its pool: what joiners buy more is not what the pool caused.
    assert found.naive.middle > found.causal.middle


def test_arms_without_members_have_no_pool():
    has_pool = compare(shop({"customers.count": 20, "days": 2}), 1).about("has_pool")
    assert has_pool == {"nothing": False, "paid": False, "private": True}


def test_a_share_of_nobody_at_the_start_is_no_pool():
    nobody = {"customers.at_start.members": {"vip_group": 0.0, "manager": 0.0}}
    has_pool = compare(lively({"customers.count": 20, "days": 2, **nobody}), 1).about("has_pool")
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
    assert all(variable.encoding["zlib"] for variable in packed.data_vars.values())
