"""What a scenario may hold: no code, count or sum goes beyond what its column holds, and nothing wraps silently."""

import os
import time
import tracemalloc

import numpy as np
import pytest
from pydantic.fields import FieldInfo
from scenario_texts import MINIMAL, lines_of

from trafficsim.columns import GROUPS, NEVER, described, most
from trafficsim.customers import Customers
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.purchasing import Purchasing
from trafficsim.metrics import TOUCHES
from trafficsim.places import MAX_UNITS, Store
from trafficsim.roles import KOC, KOL, PARTNER
from trafficsim.scenario import ScenarioError, check_file, load_text
from trafficsim.scenario.limits import MOST
from trafficsim.scenario.needs import bytes_per_customer
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.shapes import bounds_of
from trafficsim.study.designs import design_points
from trafficsim.study.points import run_points
from trafficsim.study.varying import SweepError, axes_of
from trafficsim.world import gather

CLUB = "  club: {kind: pool, form: app, open_rate: 0.1}\n"
COLUMNS = {
    f"{group}.{name}": column
    for group, columns in GROUPS.items()
    for name, column in described(columns).items()
    if np.dtype(column.dtype).kind in "iu"
}


def highest(cls: type, name: str) -> float:
    field: FieldInfo = cls.model_fields[name]
    return bounds_of(field)[1]


DAYS = highest(Plan, "days") + max(highest(Posts, "offer_days"), highest(Purchasing, "open_days"))
LIMITS = MOST | {
    "units": MAX_UNITS,
    "routes": len(TOUCHES),
    "states": 5,
    "customers": highest(Customers, "count"),
    "branches": highest(Store, "branches"),
}
"""How many there may be of what columns hold codes of."""


@pytest.mark.parametrize("name", COLUMNS)
def test_no_code_or_count_goes_beyond_its_column(name):
    column = COLUMNS[name]
    top = np.iinfo(column.dtype).max
    if column.unit == "day":
        assert top >= DAYS
    elif column.holds == ("roles",):
        assert top >= KOC | KOL | PARTNER
    elif column.holds == ("wide",):
        assert top >= 255 * DAYS  # orders: as many as open needs a day; sums are bounded below
    else:
        assert column.holds, "say what keeps it within its dtype"
        assert column.holds == ("stops",) or all(LIMITS[of] <= most(of) for of in column.holds)
    assert column.empty in {0, NEVER}


def with_hooks(many: int) -> str:
    hooks = "".join(f"  h{n}: {{at: shop, into: club, gives: gift}}\n" for n in range(many))
    return f"{MINIMAL}{CLUB}hooks:\n{hooks}"


def with_segments(many: int) -> str:
    segment = "    all: {share: 1, days_between_needs: 30, fit: 0.5, deal_prone: 0.2}\n"
    each = segment.replace("share: 1", f"share: {1 / many}")
    return MINIMAL.replace(segment, "".join(each.replace("all", f"s{n}") for n in range(many)))


def test_more_hooks_than_codes_are_refused():
    assert lines_of(with_hooks(255)) == []
    assert lines_of(with_hooks(300)) == ["f.yaml:269:3: hooks.h255: at most 255 hooks in all arms together"]


def test_hooks_of_all_arms_and_events_count_together():
    arms = "arms:\n  one: {}\n  two: {hooks: {more: {at: shop, into: club, gives: gift}}}\n"
    assert lines_of(with_hooks(254) + arms) == []
    assert lines_of(with_hooks(255) + arms) == [
        "f.yaml:271:17: arms.two.hooks.more: at most 255 hooks in all arms together"
    ]
    events = "events: {later: {day: 3, set: {hooks: {more: {at: shop, into: club, gives: gift}}}}}\n"
    assert lines_of(with_hooks(254) + events) == []
    (line,) = lines_of(with_hooks(255) + events)
    assert line.endswith("at most 255 hooks in all arms together")


def test_more_segments_than_codes_are_refused():
    assert lines_of(with_segments(256)) == []
    assert lines_of(with_segments(300)) == [
        "f.yaml:264:5: customers.segments.s256: at most 256 segments in all arms together"
    ]


def test_slots_of_all_arms_count_together():
    def stores(names: str) -> str:
        slots = ", ".join(f"t{n}: {{share: {1 / 100}, seats: 1}}" for n in range(100))
        return "".join(f"{name}: {{kind: store, slots: {{{slots}}}}}, " for name in names)

    arms = "arms:\n  one: {places: {%s}}\n  two: {places: {%s}}\n"
    assert lines_of(MINIMAL + arms % (stores("ab"), stores("ab"))) == []
    (line,) = lines_of(MINIMAL + arms % (stores("ab"), stores("c")))
    assert line.endswith("arms.two.places.c.slots.t55: at most 255 slots in all arms together")


def test_making_ties_takes_no_more_memory_than_foreseen():
    """Traced is what NumPy takes; kernels take 8 bytes a customer besides, to turn rows around."""
    text = MINIMAL.replace("count: 100\n", "count: 20000\n  ties: {mean: 300}\n")
    scenario = load_text(text, "f")
    gather(load_text(MINIMAL, "f"))  # what is kept for later is not counted
    tracemalloc.start()
    gather(scenario)
    taken = tracemalloc.get_traced_memory()[1] / 20_000 + 8
    tracemalloc.stop()
    foreseen = bytes_per_customer(scenario, len(scenario.arms))
    assert 0.75 * foreseen < taken <= foreseen


def test_more_points_or_replicates_of_a_sweep_than_fit_into_memory_are_refused(monkeypatch):
    scenario = load_text(MINIMAL, "f")
    monkeypatch.setattr("trafficsim.scenario.needs.memory_of_machine", lambda: 8_000_000_000)
    with pytest.raises(SweepError, match="27,000,000 points of 1 replicates each need about 2,754"):
        design_points(axes_of(scenario, {p: list(range(300)) for p in PRICES}), "grid", None, 1)
    with pytest.raises(ScenarioError, match="1,000,000,000 points"):
        axes_of(scenario, {"product.price": (10.0, 20.0, 1_000_000_000)})
    with pytest.raises(SweepError, match="1 points of 1,000,000,000 replicates each need about 2,000"):
        run_points([scenario], 1_000_000_000, 1)


PRICES = ("product.price", "product.unit_cost", "customers.at_start.bought_within_days")


def test_a_pipe_in_place_of_a_file_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "p.yaml")
    assert check_file(tmp_path / "p.yaml") == [f"{tmp_path}/p.yaml: not a regular file; save what it gives as one"]


def test_characters_that_nobody_sees_are_written_out():
    assert lines_of("\u200bformat: 1\n")[0].isprintable()
    with pytest.raises(ScenarioError, match=r"a\\x1b\[31mb\\u200b: no such setting"):
        load_text(MINIMAL, "f").replace({"a\x1b[31mb\u200b": 1})


def test_routes_of_many_arms_are_found_in_little_time():
    """Pair by pair, 200 arms took 20 s, or minutes with more settings; a tenth of a second each is far too much."""
    arms = "".join(f"  a{n}: {{advertising: {{shop: {{budget_per_day: {n}, cpm: 5}}}}}}\n" for n in range(200))
    public = MINIMAL.replace("shop: {kind: store}", "shop: {kind: public, visits_per_week: 1, commission: 0}")
    scenario = load_text(f"{public}arms:\n{arms}", "f")
    began = time.process_time()
    assert scenario.routes_off() == {"paid": [(f"a{n}", "a0") for n in range(1, 200)]}
    assert time.process_time() - began < 10
