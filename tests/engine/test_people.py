"""People counted at the end of a run, from columns made by hand."""

import numpy as np
import pytest

from comparisons import lively
from trafficsim.books.metrics import LAST_COUNTS
from trafficsim.engine.people import last_counts
from trafficsim.kernel.columns import BACK, FOLDED, IN, QUIT, empty
from trafficsim.study import compare

NAMES = [count.name for count in LAST_COUNTS]


def counted(columns, orders, segments=2, hooks=3, ends=()):
    found = last_counts(columns, np.array(orders, np.uint16), columns.bought.spend, segments, hooks, ends)
    return dict(zip(NAMES, found.tolist(), strict=True))


@pytest.mark.nojit
def test_segments_regions_hooks_and_top_buyers():
    columns = empty(6, 2)
    columns.traits.segment[:] = [0, 0, 0, 1, 1, 1]
    columns.bought.spend[:] = [500, 0, 300, 9000, 200, 0]
    columns.bought.first_order_on[[0, 2, 3, 4]] = [3, 8, -2, 1]  # the third before the start
    columns.member.joined_on[0, [0, 1, 3]] = [4, 5, -2]  # the third since before the start, by no hook
    columns.member.hook[0, [0, 1]] = [1, 3]
    columns.member.status[0, [0, 1, 3]] = [IN, QUIT, BACK + FOLDED]
    columns.member.joined_on[1, 0], columns.member.status[1, 0] = 9, IN  # in two pools, by two hooks
    columns.member.hook[1, 0] = 3
    columns.traits.home[:] = [0, 20_000, 32_767, 40_000, 32_768, 10_000]
    found = counted(columns, [2, 0, 1, 7, 1, 0], ends=[10_000, 32_768, 65_536])
    assert found == {
        "customers_of_segment": [3, 3, 0],
        "buyers_of_segment": [2, 2, 0],
        "orders_of_segment": [3, 8, 0],
        "revenue_of_segment": [800, 9200, 0],
        "members_of_segment": [1, 1, 0],
        "reached_of_segment": [1, 0, 0],
        "repeaters_of_segment": [1, 0, 0],
        "customers_of_region": [1, 3, 2],
        "buyers_of_region": [1, 1, 2],
        "members_of_region": [1, 0, 1],
        "stayed_by_hook": [1, 0, 1],
        "buyers_of_top": [1, 1, 0],
        "revenue_of_top": [9000, 9000, 0],
    }


@pytest.mark.nojit
@pytest.mark.parametrize(("buyers", "fifth", "tenth"), [(0, 0, 0), (1, 1, 1), (10, 2, 1), (11, 3, 2), (100, 20, 10)])
def test_part_of_a_buyer_counts_as_one_more(buyers, fifth, tenth):
    columns = empty(120, 0)
    columns.bought.spend[:buyers] = 10
    found = counted(columns, [1] * buyers + [0] * (120 - buyers), hooks=0)
    assert found["buyers_of_top"] == [fifth, tenth]
    assert found["revenue_of_top"] == [10 * fifth, 10 * tenth]
    assert found["stayed_by_hook"] == [0, 0]


def test_they_agree_with_what_is_counted_day_by_day():
    data = compare(lively({"customers.each_stands_for": 3}), replicates=2, seed=1).data
    assert (data["orders_of_segment"].sum("segment") == data["orders"].sum(["place", "day"])).all()
    assert (data["customers_of_segment"].sum("segment") == 900).all()
    sales = (data["gross_sales"] - data["discounts"]).sum(["place", "day"])
    assert (data["revenue_of_segment"].sum("segment") == sales).all()
    members = data["members"].isel(day=-1).sum("place")
    assert (data["stayed_by_hook"].sum("hook") <= members).all()
    assert (data["members_of_segment"].sum("segment") <= members).all()
    assert (data["revenue_of_top"].sel(top="fifth") >= data["revenue_of_top"].sel(top="tenth")).all()
    assert int(data["stayed_by_hook"].sum()) > 0
