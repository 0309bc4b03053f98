"""The order of rows in a file decides nothing: random numbers are keyed by names."""

import io
import re

import numpy as np
import pytest
import xarray as xr
from ruamel.yaml import YAML

from trafficsim.books.counters import COUNTERS
from trafficsim.engine.world import start
from trafficsim.scenario import ScenarioError, load_text, shipped
from trafficsim.study import compare

SECTIONS = ("places", "staff", "advertising", "posts", "hooks", "events")
SMALL = {"customers.count": 600, "days": 50}


def written(name):
    """A shipped scenario as plain mappings, without what only asks about its runs."""
    text = re.sub(r": off\b", ': "off"', shipped()[name].read_text("utf-8"))
    plain = YAML(typ="safe").load(text)
    return {
        key: value for key, value in plain.items() if key not in ("claims", "sources", "translations", "equal_budget")
    }


def upside_down(plain):
    """The same with the rows of every section in reverse, of segments, slots and within the arms too."""
    turned = {**plain, "customers": {**plain["customers"], "segments": reverse(plain["customers"]["segments"])}}
    turned |= {section: reverse(plain[section]) for section in SECTIONS if isinstance(plain.get(section), dict)}
    turned["places"] = {
        name: {**place, "slots": reverse(place["slots"])} if "slots" in place else place
        for name, place in turned["places"].items()
    }
    arms = {arm: {key: reverse(value) for key, value in reverse(own).items()} for arm, own in plain["arms"].items()}
    return {**turned, "arms": arms}


def reverse(rows):
    return dict(reversed(rows.items())) if isinstance(rows, dict) else rows


def scenario_of(plain, name):
    text = io.StringIO()
    YAML().dump(plain, text)
    scenario = load_text(text.getvalue(), name, shipped()[name].parent)
    return scenario.replace({key: value for key, value in SMALL.items() if key != "days" or scenario.days > value})


def counted(world):
    """Every counter over the run, by name."""
    found = {}
    for counter in COUNTERS:
        numbers = np.atleast_1d(world.counted(counter.name).sum(axis=0))
        entries = world.entries(counter.by) if counter.by else ("",)
        found[counter.name] = dict(zip(entries, numbers.tolist(), strict=True))
    return found


@pytest.mark.parametrize("name", shipped())
def test_rows_in_another_order_change_no_counter(name):
    plain = written(name)
    as_written, turned = scenario_of(plain, name), scenario_of(upside_down(plain), name)
    assert as_written.text != turned.text, "nothing was turned"
    for arm in as_written.arms[-2:]:
        assert counted(start(turned, arm).run()) == counted(start(as_written, arm).run())


def test_results_are_the_same_and_shown_in_the_order_of_the_file():
    plain = written("restaurant")
    one = compare(scenario_of(plain, "restaurant"), 2).data
    other = compare(scenario_of(upside_down(plain), "restaurant"), 2).data
    assert list(one["place"]) == list(plain["places"])
    assert list(one["place"]) == list(reversed(list(other["place"])))
    xr.testing.assert_equal(one, other.reindex_like(one))


def test_two_events_of_a_day_that_set_the_same_are_refused():
    plain = written("restaurant")
    plain["events"] = {
        "dear": {"day": 5, "set": {"product.price": 99}},
        "cheap": {"day": 5, "set": {"product.price": 66}},
    }
    with pytest.raises(ScenarioError, match=r"event 'dear' sets product\.price on day 5 already"):
        scenario_of(plain, "restaurant")
