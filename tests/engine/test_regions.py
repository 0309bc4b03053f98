"""Regions: customers are counted where they live, and campaigns and audiences are aimed there."""

import numpy as np
import pytest

from trafficsim.market.places import branch_of
from trafficsim.scenario import ScenarioError
from trafficsim.study import compare
from worlds import LIVELY, QUIET, after, changed, code, different, world_of

THREE = {"customers.regions": {"north": 2, "far_away": 1, "south": 2}}
SELLING = {"purchasing": {"open_days": 1, "forgetting": False, "intercept": 50, "trust_step": 0}}
BRANCHES = {**THREE, "places.shop.branches": 5}


def homes(world, region):
    """Whether each customer lives in a region, told from its share of the line."""
    first, end = {"north": (0, 0.4), "far_away": (0.4, 0.6), "south": (0.6, 1)}[region]
    home = world.columns.traits.home
    return (home >= np.ceil(65_536 * first)) & (home < np.ceil(65_536 * end))


def test_regions_change_nothing_that_happens():
    """They only count: all else is bit for bit as without them, but for the counters by region."""
    plain, counted = after(LIVELY), after(LIVELY, THREE)
    assert different(plain, counted) == ["tallies"]
    rows = [row for row, c in enumerate(plain.names.counters) if c.by != "region"]
    assert (plain.tallies[:, rows] == counted.tallies[:, rows, : plain.tallies.shape[2]]).all()
    assert plain.entries("region") == ()


def test_orders_money_and_new_customers_add_up_to_all_that_there_were():
    w = after(LIVELY, THREE)
    assert w.entries("region") == ("north", "far_away", "south")
    for of_region, everywhere in (("orders", "orders"), ("first_orders", "first_orders"), ("margin", "margin_from")):
        each, whole = w.counted(f"{of_region}_of_region"), w.counted(everywhere)
        assert each.sum(axis=1).tolist() == whole.sum(axis=1).tolist()
    paid = (w.counted("gross_sales") - w.counted("discounts")).sum(axis=1)
    assert w.counted("sales_of_region").sum(axis=1).tolist() == paid.tolist()
    at_store = w.counted("orders")[:, code(w, "dining_room")]
    assert w.counted("store_orders_of_region").sum(axis=1).tolist() == at_store.tolist()
    assert w.counted("orders_of_region").min(axis=1).sum() > 0


@pytest.mark.nojit
@pytest.mark.parametrize("open_branches", [None, 2, 3])
def test_a_region_of_two_branches_orders_while_they_are_open(open_branches):
    w = after(QUIET, {**BRANCHES, **SELLING, "places.shop.open_branches": open_branches})
    north, far_away, south = w.counted("store_orders_of_region").sum(axis=0).tolist()
    assert north == w.columns.bought.orders[homes(w, "north")].sum() > 0
    assert (far_away > 0, south > 0) == (open_branches != 2, open_branches is None)


@pytest.mark.nojit
@pytest.mark.parametrize("branches", [1, 2, 3, 7, 64])
def test_a_region_a_branch_ends_where_the_branch_does(branches):
    scenario = changed(QUIET, {"customers.regions": {f"branch_{n}": 1 for n in range(branches)}})
    ends = list(scenario.base.customers.region_ends.values())
    home = np.arange(65_536)
    region = np.searchsorted(ends, home, side="right")
    assert region.tolist() == [branch_of(int(h), branches) for h in home]


@pytest.mark.nojit
def test_a_campaign_is_shown_where_it_is_aimed_and_its_money_meets_fewer_people():
    ad = {"advertising": {"feed": {"budget_per_day": 20, "cpm": 50, "notice": 0.5, "regions": ["north", "far_away"]}}}
    world = {**THREE, **ad, "places.feed.visits_per_week": 7, "customers.count": 4000, "days": 10}
    aimed = after(QUIET, world)
    everywhere = after(QUIET, {**world, **everywhere_of(ad)})
    knows = aimed.columns.story.aware_on >= 0
    assert not knows[homes(aimed, "south")].any()
    assert knows[homes(aimed, "north")].any()
    assert knows[homes(aimed, "far_away")].any()
    # Little of the supply is bought, so that the same money buys nearly as many impressions, among three in five.
    bought, of_all = (w.counted("impressions").sum() for w in (aimed, everywhere))
    assert 0.96 * of_all < bought < of_all
    assert aimed.counted("advertising").sum() == everywhere.counted("advertising").sum()
    elsewhere = everywhere.columns.story.aware_on >= 0
    assert knows.mean() < elsewhere.mean()
    assert knows[~homes(aimed, "south")].mean() > elsewhere[~homes(aimed, "south")].mean()


def everywhere_of(ad):
    """The same campaign without regions."""
    return {"advertising": {"feed": {**ad["advertising"]["feed"], "regions": []}}}


@pytest.mark.nojit
def test_all_regions_are_everywhere():
    ad = {"places.feed.visits_per_week": 7}
    everywhere, named = (
        after(QUIET, {**THREE, **ad, "advertising": {"feed": {"budget_per_day": 20, "cpm": 50, "regions": regions}}})
        for regions in ([], ["south", "north", "far_away", "north"])
    )
    assert different(everywhere, named) == []


@pytest.mark.nojit
def test_a_small_region_holds_a_campaign_that_the_market_does_not():
    """Its supply is that of the people there: three in five of what everybody could be shown."""
    ad = {"advertising": {"feed": {"budget_per_day": 9e6, "cpm": 50, "supply_per_visit": 10}}}
    world = {**THREE, **ad, "places.feed.visits_per_week": 7, "customers.count": 1000, "days": 2}
    everywhere = after(QUIET, world).counted("impressions").sum()
    ad["advertising"]["feed"]["regions"] = ["north", "far_away"]
    there = after(QUIET, {**world, **ad}).counted("impressions").sum()
    assert there == pytest.approx(0.6 * everywhere, rel=1e-3)  # homes are whole, impressions too


@pytest.mark.nojit
def test_an_audience_lives_in_regions():
    hook = {"gift": {"at": "shop", "into": "club", "gives": "gift", "strength": 50, "to": "northern"}}
    world = {
        **BRANCHES,
        "audiences": {"northern": {"regions": ["north"]}},
        "hooks": hook,
        "places.shop.visits_per_week": 7,
    }
    w = after(QUIET, world)
    joined = w.columns.member.joined_on[0] >= 0
    assert joined.any()
    assert not joined[~homes(w, "north")].any()


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"customers.regions": {"north": 0}}, "customers.regions.north: must be > 0 (got 0)"),
        ({"customers.regions": {f"r{n}": 1 for n in range(65)}}, "at most 64 regions in all arms together"),
        ({"customers.regions": {"north-east": 1}}, "a name is made of letters, digits and _"),
        (
            {**THREE, "advertising": {"feed": {"budget_per_day": 1, "cpm": 1, "regions": ["nort"]}}},
            "no region is named 'nort'; did you mean 'north'?",
        ),
        ({"audiences": {"near": {"regions": ["north"]}}}, "no region is named 'north'; there are no regions"),
    ],
)
def test_what_is_refused(changes, says):
    with pytest.raises(ScenarioError) as error:
        changed(QUIET, changes)
    assert says in str(error.value)
    assert len(error.value.mistakes) == 1


@pytest.mark.nojit
def test_an_event_moves_a_campaign_to_another_region():
    ad = {"advertising": {"feed": {"budget_per_day": 50, "cpm": 20, "notice": 0.5, "regions": ["north"]}}}
    events = {"move": {"day": 5, "days": 5, "set": {"advertising.feed.regions": ["south"]}}}
    scenario = changed(QUIET, {**THREE, **ad, "places.feed.visits_per_week": 7, "days": 15}).adding({"events": events})
    w = world_of(scenario.yaml).run()
    since = w.columns.story.aware_on
    assert set(since[homes(w, "south")]) <= {-1, 5, 6, 7, 8, 9}
    assert not np.isin(since[homes(w, "north")], range(5, 10)).any()


def test_a_result_tells_of_regions_by_their_names():
    scenario = changed(LIVELY, {**THREE, "customers.each_stands_for": 2})
    result = compare(scenario, replicates=2, seed=1)
    table = result.by_region()
    assert list(table["region"]) == ["north", "far_away", "south"]
    assert table["customers"].sum() == pytest.approx(600)
    assert table["orders"].sum() == pytest.approx(result.values("orders").mean().item())
    assert (table["members"] <= table["customers"]).all()
    assert (table["store_orders"] <= table["orders"]).all()
    each = table["margin"] / table["customers"]
    assert table["margin_each"].to_numpy() == pytest.approx(each.to_numpy())
