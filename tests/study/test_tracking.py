"""Series read from worlds are those of a comparison."""

import numpy as np
import pytest

import trafficsim as ts
from cases import RESTAURANT
from trafficsim.engine import world
from trafficsim.results import Result, measures
from trafficsim.scenario.claims import Measured
from trafficsim.study.measuring import Measures
from trafficsim.study.tracking import Tracker, trackable

SMALL = {"days": 40, "customers.count": 600, "customers.each_stands_for": 7}


@pytest.fixture(scope="module")
def runs():
    case = ts.load(RESTAURANT).replace(SMALL)
    data = ts.compare(case, range(2, 3), 3).data
    tracker, lived = Tracker(case), world.start(case, "both", 3, 2)
    before = tracker.aware_before(lived)
    return tracker, lived.run(), before, Result(data)


def names():
    return ["members.vip_group", "orders.dining_room", "joined.vip_group", *trackable(ts.load(RESTAURANT))]


@pytest.mark.parametrize("name", names())
def test_a_series_of_a_world_is_that_of_a_comparison(name, runs):
    tracker, lived, before, result = runs
    grown = Measures(result).grown(Measured(metric=name, arm="both"))[0]
    found = tracker.daily(lived, name, before)
    money = trackable(ts.load(RESTAURANT))[name.partition(".")[0]].unit == "money"
    level = name.partition(".")[0] in {"members", "customers_aware"}
    np.testing.assert_allclose(found if level else found.cumsum(), grown / (100.0 if money else 1.0))


def test_something_happens_in_these_runs(runs):
    daily = measures.daily(runs[-1].data).sel(arm="both")
    assert all(daily[name].any() for name in ("orders", "members", "new_customers", "revenue"))
