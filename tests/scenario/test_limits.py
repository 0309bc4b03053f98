"""What a scenario may hold: no code, count or sum goes beyond what its column holds, and nothing wraps silently."""

import os
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from pydantic.fields import FieldInfo
from scenario_texts import MINIMAL, lines_of

from trafficsim.books.routes import TOUCHES
from trafficsim.engine.running import ALL_AT_HAND
from trafficsim.engine.world import gather
from trafficsim.kernel.columns import GROUPS, NEVER, described, most
from trafficsim.market.customers import Customers
from trafficsim.market.places import MAX_UNITS, Pool, Public, Staff, Store
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.care import Care
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.purchasing import Purchasing
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.mechanisms.shared.roles import KOC, KOL, PARTNER
from trafficsim.mechanisms.tiers import Tier
from trafficsim.mechanisms.win_back import WinBack
from trafficsim.mechanisms.word_of_mouth import Koc, Kol
from trafficsim.scenario import ScenarioError, check_file, load, load_text, shipped
from trafficsim.scenario.limits import MOST
from trafficsim.scenario.needs import bytes_per_customer
from trafficsim.scenario.schema import Plan, Product
from trafficsim.scenario.shapes import bounds_of, unit_of
from trafficsim.scenario.sums import PAID, pattern_of
from trafficsim.study.designs import design_points
from trafficsim.study.sweeping import every_metric
from trafficsim.study.varying import SweepError, varied

CASES = Path(__file__).parents[1] / "data" / "cases"
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
        design_points(varied(scenario, {p: list(range(300)) for p in PRICES}, {})[0], "grid", None, 1)
    with pytest.raises(ScenarioError, match="1,000,000,000 points"):
        varied(scenario, {"product.price": (10.0, 20.0, 1_000_000_000)}, {})
    with pytest.raises(SweepError, match="1 points of 1,000,000,000 replicates each need about 2,000"):
        every_metric(scenario, [{}], 1_000_000_000, 1, ALL_AT_HAND)


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


SHOP = (CASES / "small_shop.yaml").read_text("utf-8")


def refused_with(changes) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_text(SHOP, "f").replace(changes)
    return str(caught.value)


def test_needs_without_end_are_refused():
    assert refused_with({"customers.segments.near.days_between_needs": 1e-300}) == (
        "--set:1:44: customers.segments.near.days_between_needs: somebody would have more than 255 needs on one day;"
        " must be at least 0.032 (got 1e-300)"
    )


def test_more_ties_than_numbers_are_refused():
    assert refused_with({"customers.count": 1_000_000_000}).startswith(
        "--set:1:17: customers.count: more ties than can be counted; 1,000,000,000 of them can have at most 2.15 on"
    )


def test_sums_that_64_bits_do_not_hold_are_refused_before_a_run():
    wages = {"staff.host.wage_per_day": 1e9, "staff.host.count": 1_000_000}
    assert refused_with(wages) == (
        "--set:1:25: staff.host.wage_per_day: comes to about CNY 6.0e+16 in the run, more than can be counted"
        " (CNY 5.8e+15)"
    )
    assert "product.price: comes to about" in refused_with({"product.price": 1e12, "customers.each_stands_for": 10**6})
    many = {"customers.count": 2_000_000_000, "customers.each_stands_for": 1_000_000, "customers.ties.kind": "mixed"}
    assert "customers.count: about" in refused_with({**many, "days": 32_000})


def test_sums_that_a_country_comes_to_are_no_problem():
    dong = {"currency": "VND", "product.price": 30_000_000.0, "product.unit_cost": 20_000_000.0}
    load_text(SHOP, "f").replace({**dong, "customers.count": 100_000, "customers.each_stands_for": 10, "days": 365})


MONEY = {
    path: (name, bounds_of(cls.model_fields[field]))
    for name, (cls, prefix) in {
        "product": (Product, "product."),
        "store": (Store, "places.*."),
        "pool": (Pool, "places.*."),
        "public": (Public, "places.*."),
        "plan": (Plan, ""),
        "staff": (Staff, "staff.*."),
        "advertising": (Advertising, "advertising.*."),
        "posts": (Posts, "posts.*."),
        "hook": (Hook, "hooks.*."),
        "audience": (Audience, "audiences.*."),
        "tier": (Tier, "tiers.*."),
        "care": (Care, "care.*."),
        "win_back": (WinBack, "win_back."),
        "koc": (Koc, "word_of_mouth.koc."),
        "kol": (Kol, "word_of_mouth.kol."),
    }.items()
    for field in cls.model_fields
    if unit_of(cls.model_fields[field]) == "money"
    for path in [prefix + field]
}


def test_it_is_known_of_each_setting_of_money_how_often_it_is_paid():
    assert set(PAID) == set(MONEY)
    found = {pattern_of(path) for name in shipped() for path, s in load(name).settings().items() if s.unit == "money"}
    assert found <= set(PAID)


@pytest.mark.parametrize("path", [path for path, often in PAID.items() if often])
def test_each_setting_of_money_has_an_end(path):
    """At its most, with as many people, days and posts as there may be, it is refused before a run."""
    extra = {
        "customers.each_stands_for": 100,
        "customers.count": 2_000_000_000,
        "customers.ties.kind": "mixed",
        "days": 32_000,
        "staff.host.count": 1_000_000,
        "posts.club.per_week": 700.0,
        "win_back": {"after_days": 5},
        "audiences": {"everybody": {}},
        "word_of_mouth.koc": {"share": 0.1},
        "word_of_mouth.kol": {"count": 1_000, "reach_per_day": 1.0, "cost_per_month": 1.0},
    }
    names = {
        "places": "club",
        "staff": "host",
        "advertising": "feed",
        "posts": "club",
        "hooks": "gift",
        "tiers": "gold",
    }
    named = path.replace("*", names.get(path.partition(".")[0], ""))
    named = named.replace("club.fixed_cost_per_day", "shop.fixed_cost_per_day")
    section, _, field = named.rpartition(".")
    top = MONEY[path][1][1]
    changes = {**extra, named: top}
    if section in extra:
        changes = {**extra, section: {**extra[section], field: top}}
    if section.startswith("care"):
        words = {"pool": "club", "by": "host", "per_week": 7, field: top}
        changes, named = {**extra, "private:care": {"words": words}}, f"care.words.{field}"
    if section == "tiers.gold":
        changes = {**extra, "private:tiers": {"gold": {"pool": "club", "to": "everybody", field: top}}}
    assert named in refused_with(changes)
