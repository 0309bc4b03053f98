"""Worlds: the same bits however the work is split and shared, common random numbers in all arms, books that balance."""

import math
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from multiprocessing import get_context
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import COST_LINES, SPEND_LINES
from trafficsim.compiled import CompiledCodeWarning
from trafficsim.engine import day, world
from trafficsim.engine.day import DAY, STEPS, STRETCH
from trafficsim.kernel.columns import BACK, GONE, GROUPS, QUIT, is_inside
from trafficsim.kernel.frame import Step
from trafficsim.scenario import load
from worlds import LIVELY, after, changed, different, digests, everything, group_of, world_of

SMALL = {"customers.count": 60, "days": 14}
"""Small enough to live uncompiled."""

ARMS = """
arms:
  plain: {}
  same: {product: {price: 89.9}, word_of_mouth: {tell: 0.9}}
  dear: {product: {price: 120}}
  quiet: {advertising: off, hooks: off, posts: off}
"""
WITH_ARMS = LIVELY.replace("advertising.review_site.cpm: 75", "product.unit_cost: 40") + ARMS


def at_each_day(w):
    """The world at the end of each of its days."""
    while w.day < w.days:
        yield w.run(until=w.day + 1)


# --- the same bits


@pytest.mark.nojit
def test_the_same_scenario_and_seed_give_the_same_bits():
    assert different(after(LIVELY, SMALL), after(LIVELY, SMALL)) == []


@pytest.mark.nojit
@pytest.mark.parametrize("other", [{"seed": 2}, {"replicate": 1}])
def test_other_seeds_and_replicates_give_other_worlds(other):
    names = different(after(LIVELY, SMALL), after(LIVELY, SMALL, **other))
    assert {"traits.fit", "mind.trust", "tallies", "member.joined_on"} <= set(names)


@pytest.mark.nojit
@pytest.mark.parametrize("first", range(1, 14))
def test_a_run_split_at_any_day_gives_the_same_bits(first, whole_small):
    assert different(whole_small, world_of(LIVELY, SMALL).run(until=first).run()) == []


@pytest.fixture(scope="module")
def whole_small():
    return after(LIVELY, SMALL)


def test_a_longer_run_split_at_any_day_gives_the_same_bits():
    whole = after(LIVELY)
    for first in range(1, whole.days):
        assert different(whole, world_of(LIVELY).run(until=first).run()) == [], first


@pytest.mark.nojit
def test_days_that_have_passed_do_not_pass_again(whole_small):
    again = whole_small.fork().run().run(until=3)
    assert again.day == again.days
    assert different(again, whole_small) == []


@pytest.mark.nojit
@pytest.mark.parametrize("day", [0, 1, 9, 14])
def test_a_restored_world_goes_on_as_if_nothing_had_been(day, tmp_path, whole_small):
    world_of(LIVELY, SMALL).run(until=day).save(tmp_path / "day.npz")
    restored = world_of(LIVELY, SMALL).run(until=5).restore(tmp_path / "day.npz")
    assert restored.day == day
    assert different(restored.run(), whole_small) == []


@pytest.mark.nojit
@pytest.mark.parametrize("other", [{"customers.count": 61}, {"days": 15}, {"places.third": {"kind": "store"}}])
def test_what_was_saved_from_a_world_of_another_shape_is_refused(other, tmp_path):
    world_of(LIVELY, SMALL | other).run(until=2).save(tmp_path / "other.npz")
    here = world_of(LIVELY, SMALL).run(until=3)
    before = everything(here)
    with pytest.raises(ValueError, match="saved from another world"):
        here.restore(tmp_path / "other.npz")
    assert here.day == 3
    assert all(np.array_equal(before[name], array) for name, array in everything(here).items())


@pytest.mark.nojit
def test_a_fork_goes_its_own_way(whole_small):
    w = world_of(LIVELY, SMALL).run(until=6)
    twin, at_fork = w.fork(), digests(w)
    twin.columns.mind.trust[:] = 1
    twin.run()
    assert digests(w) == at_fork
    assert different(w.run(), whole_small) == []
    assert "tallies" in different(twin, w)


def digests_of(seed, threads=1):
    """In a module of its own, so that other processes find it."""
    return digests(after(LIVELY, {"customers.count": 5000}, seed=seed, threads=threads))


def test_threads_and_processes_agree_to_the_bit():
    seeds = [1, 2]
    one_by_one = [digests_of(seed) for seed in seeds]
    assert one_by_one[0] != one_by_one[1]
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(digests_of, seeds)) == one_by_one
    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(partial(digests_of, threads=2), seeds)) == one_by_one
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        assert list(pool.map(digests_of, seeds)) == one_by_one


# --- the same random numbers


@pytest.mark.nojit
def test_arms_share_customers_and_ties():
    scenario = changed(WITH_ARMS, SMALL)
    crowd = world.gather(scenario, 1)
    before = {group: [array.copy() for array in getattr(crowd.columns, group)] for group in GROUPS}
    for arm in scenario.arms:
        shared = world.start(scenario, arm, 1, crowd=crowd)
        assert different(shared, world.start(scenario, arm, 1)) == []
        assert shared.ties is crowd.ties
        shared.run()
        for group, arrays in before.items():
            assert all(np.array_equal(a, b) for a, b in zip(arrays, getattr(crowd.columns, group), strict=True))


@pytest.mark.nojit
def test_arms_with_equal_settings_give_equal_bits():
    plain, same, dear = (after(WITH_ARMS, SMALL, arm=arm) for arm in ("plain", "same", "dear"))
    assert different(plain, same) == []
    assert "tallies" in different(plain, dear)


@pytest.mark.nojit
def test_an_arm_that_differs_later_is_the_same_until_then():
    later = SMALL | {"hooks.crosswise.until_day": 8}
    assert different(after(LIVELY, SMALL, until=8), after(LIVELY, later, until=8)) == []


@pytest.mark.nojit
@pytest.mark.parametrize("key", sorted({*STEPS} - {"visits"}))
def test_a_mechanism_switched_off_leaves_the_others_draws_as_they_were(key):
    """Who visits what is a matter of no other mechanism; nor are campaigns' impressions, nor needs without offers."""
    no_offers = SMALL | {"posts.vip_group.offers_per_week": 0, "posts.manager.offers_per_week": 0}
    without_event = {"events.dearer.set.advertising.review_site.cpm": 60.0}
    on = after(LIVELY, no_offers | without_event)
    off = after(LIVELY, {**(SMALL if key == "posts" else no_offers), **without_event, key: "off"})
    assert np.array_equal(on.counted("visits"), off.counted("visits"))
    if key != "advertising":
        assert np.array_equal(on.counted("impressions"), off.counted("impressions"))
    if key != "purchasing":
        assert np.array_equal(on.counted("needs"), off.counted("needs"))
    assert different(on, off) != []


NEW_HOOKS = """\
  refused:   {at: dining_room, into: attic, gives: gift, strength: -50}
  unseen:    {at: corner, into: vip_group, gives: gift, strength: 50}
"""
NEW_PLACES = """\
  corner:      {kind: store, convenience: -50}
  attic:       {kind: pool, form: app, open_rate: 0.5}
"""


def with_new_entries(first):
    """The lively scenario with a hook that nobody likes and one that nobody meets, before or behind the others."""
    text = LIVELY
    for section, following, entries in (("places:\n", "staff:", NEW_PLACES), ("hooks:\n", "word_of_mouth:", NEW_HOOKS)):
        text = text.replace(section, section + entries) if first else text.replace(following, entries + following)
    return text


@pytest.mark.nojit
@pytest.mark.parametrize("first", [True, False])
def test_a_hook_that_nobody_can_take_changes_no_other_number(first):
    """Nor do new places: draws go by names, not by positions."""
    old, new = after(LIVELY, SMALL), after(with_new_entries(first), SMALL)
    assert new.counted("asked")[:, new.names.hooks.index("refused")].sum() > 0
    for counter in COUNTERS:
        a, b = old.counted(counter.name), new.counted(counter.name)
        if counter.by:
            kept = [new.entries(counter.by).index(name) for name in old.entries(counter.by)]
            changes_asked = b.sum() - b[:, kept].sum()
            assert counter.name == "asked" or changes_asked == 0
            b = b[:, kept]
        assert np.array_equal(a, b), counter.name
    for group in ("traits", "mind", "bought"):
        assert all(np.array_equal(array, group_of(new, group)[name]) for name, array in group_of(old, group).items())
    pools = [new.names.pools.index(pool) for pool in old.names.pools]
    for name in ("joined_on", "status", "unit", "asked"):
        assert np.array_equal(group_of(old, "member")[name], group_of(new, "member")[name][pools])


@pytest.mark.nojit
def test_one_more_customer_changes_nobody_who_is_not_connected():
    """Nobody knows anybody; no budgets, queues, seats, groups, hours or opinion leaders are shared."""
    apart = {
        **SMALL,
        "customers.ties.mean": 0,
        "advertising": "off",
        "events.dearer.set.advertising.review_site.cpm": 60.0,
        "staff": "off",
        "care": "off",
        "word_of_mouth.kol": None,
        "places.dining_room.slots": {"peak": {"share": 0.7, "seats": 32_000}, "idle": {"share": 0.3, "seats": 32_000}},
        "places.vip_group.group_size": 32_000,
        "places.vip_group.members_talk": False,
    }
    few, more = after(LIVELY, apart), after(LIVELY, apart | {"customers.count": 61})
    for group in GROUPS:
        for name, array in group_of(few, group).items():
            assert np.array_equal(array, group_of(more, group)[name][..., :60]), name
    assert few.counted("joined").sum() > 0
    assert few.counted("orders").sum() > 0
    assert np.all(more.counted("visits") - few.counted("visits") <= 1)


@pytest.mark.nojit
@pytest.mark.parametrize("count", [1, 59, 61, 500])
def test_a_customers_own_values_depend_on_no_number_of_customers(count):
    some, others = world_of(LIVELY, SMALL), world_of(LIVELY, SMALL | {"customers.count": count})
    both = min(60, count)
    for group in sorted({*GROUPS} - {"units"}):  # there are more units where there are more customers
        for name, array in group_of(some, group).items():
            assert np.array_equal(array[..., :both], group_of(others, group)[name][..., :both]), name


@pytest.mark.parametrize("kind", ["small_world", "random", "scale_free"])
def test_likeness_changes_who_knows_whom_and_nothing_else(kind):
    """Ranks of acquaintances correlate by the likeness times 24/25: within a fifth, ranks vary by 1/25 of all variance.

    Four standard errors, and 0.03 for the chance inequality of degrees in a scale-free graph.
    """
    crowds = {
        alike: world.gather(
            changed(LIVELY, {"customers.count": 20_000, "customers.ties": {"kind": kind, "mean": 10, "alike": alike}})
        )
        for alike in (0.0, 0.3, 0.6)
    }
    for alike, crowd in crowds.items():
        for group in GROUPS:
            both = zip(getattr(crowd.columns, group), getattr(crowds[0.0].columns, group), strict=True)
            assert all(a.tobytes() == b.tobytes() for a, b in both)
        traits, graph = crowd.columns.traits, crowd.ties
        i, j = np.repeat(np.arange(20_000), graph.degrees()), graph.indices
        for trait in (crowd.columns.roll.need_rate, traits.fit):
            rank = ranks_within_segments(trait, traits.segment)
            error = 4 / np.sqrt(i.size / 2) + (0.03 if kind == "scale_free" else 0.01)
            assert np.corrcoef(rank[i], rank[j])[0, 1] == pytest.approx(0.96 * alike, abs=error)


def ranks_within_segments(trait, segment):
    """Ranks from 0 to 1 of a trait within each segment."""
    rank = np.empty(trait.size)
    for code in np.unique(segment):
        own = np.flatnonzero(segment == code)
        rank[own[np.argsort(trait[own], kind="stable")]] = np.arange(own.size) / own.size
    return rank


# --- the books balance


def check_people(w, start_orders):
    """What the tallies say of people is what the columns say, at the end of any day."""
    member, story, bought = w.columns.member, w.columns.story, w.columns.bought
    flows = (w.counted("joined") + w.counted("won_back") - w.counted("left")).sum(axis=0)
    for pool, name in enumerate(w.names.pools):
        place = w.names.places.index(name)
        now = np.sum(is_inside(member.status[pool]))
        assert w.members[w.day, place] == now == w.members[0, place] + flows[place]
        assert np.sum(member.joined_on[pool] >= 0) == w.counted("joined")[:, place].sum()
        back = w.counted("won_back")[:, place].sum()
        assert (
            np.sum((member.status[pool] == QUIT) | (member.status[pool] == GONE)) + back
            == w.counted("left")[:, place].sum()
        )
        assert np.sum(member.status[pool] == BACK) <= back
    assert w.counted("joined").sum() == w.counted("joined_by").sum() <= w.counted("asked").sum()
    assert np.sum(story.aware_on >= 0) == w.counted("aware").sum()
    orders = bought.orders.astype(np.int64).sum() - start_orders
    assert orders == w.counted("orders").sum() == w.counted("orders_from").sum()
    assert np.sum(bought.first_order_on >= 0) == w.counted("first_orders").sum()
    assert w.counted("first_orders_touched").sum() == w.counted("first_orders").sum()
    assert np.sum(bought.orders > 1) == w.counted("second_orders").sum()
    assert orders <= w.counted("recalled").sum() <= w.counted("needs").sum()
    assert w.counted("noticed").sum() <= w.counted("visits").sum()


def check_money(w):
    """Every line is whole cents; revenue less costs is margin less what marketing and rent cost, to the cent."""
    assert w.tallies.dtype == np.int64
    total = {c.name: int(w.counted(c.name).sum()) for c in COUNTERS}
    assert all(n >= 0 for name, n in total.items() if not name.startswith("margin"))
    assert w.columns.bought.spend.astype(np.int64).sum() == total["gross_sales"] - total["discounts"]
    profit = total["gross_sales"] - sum(total[line] for line in COST_LINES)
    marketing = sum(total[line] for line in SPEND_LINES)
    assert profit == total["margin_from"] - marketing - total["fixed_costs"]


def check_all(w):
    start_orders = int(w.columns.bought.orders.astype(np.int64).sum())
    for today in at_each_day(w):
        check_people(today, start_orders)
        check_money(today)


@pytest.mark.parametrize("arm", ["plain", "dear", "quiet"])
def test_people_and_cents_balance_every_day(arm):
    w = world_of(WITH_ARMS, arm=arm)
    check_all(w)
    assert w.counted("orders").sum() > 40
    assert (w.counted("joined").sum() > 40) == (arm != "quiet")


@pytest.mark.nojit
def test_marketing_spend_of_a_quiet_arm_is_what_runs_without_it():
    w = after(WITH_ARMS, SMALL, arm="quiet")
    assert {line for line in SPEND_LINES if w.counted(line).any()} == {"wages", "tools", "perks"}
    assert w.counted("wages").sum() == 14 * 2510
    assert w.counted("tools").sum() == 14 * 300
    assert w.counted("fixed_costs").sum() == 14 * 9000


@pytest.mark.nojit
def test_perks_are_paid_by_the_member_and_day():
    w = after(LIVELY, {**SMALL, "tiers": "off", "care": "off"})
    place = w.names.places.index("vip_group")
    per_day, paid = w.members[1:, place] * 70 * 12 / 365, w.counted("perks")[:, place]
    assert np.all(np.abs(paid - per_day) < 1)
    assert paid.sum() == pytest.approx(per_day.sum(), abs=4 * math.sqrt(w.days / 4))  # a part of a cent: at most 1/4
    assert per_day.sum() > 0


share = st.floats(0, 1)
RANDOM = st.fixed_dictionaries(
    {
        "customers.count": st.integers(1, 80),
        "customers.each_stands_for": st.integers(1, 50),
        "customers.ties.kind": st.sampled_from(["small_world", "scale_free", "random", "mixed"]),
        "customers.ties.mean": st.floats(0, 12),
        "customers.ties.homophily": share,
        "customers.at_start": st.fixed_dictionaries({"aware": st.floats(0.5, 1), "bought": st.floats(0, 0.5)}),
        "customers.segments.hosts.basket": st.floats(0.1, 50),
        "customers.segments.hosts.days_between_needs": st.floats(0.1, 20),
        "product.quality": share,
        "places.review_site.commission": share,
        "places.review_site.discount": st.floats(0, 0.95),
        "places.vip_group.open_rate": share,
        "places.vip_group.group_size": st.integers(1, 30),
        "staff.hosts.adds_per_day": st.integers(0, 20),
        "staff.hosts.contacts": st.integers(0, 50),
        "advertising.lift_screen.budget_per_day": st.floats(0, 5000),
        "posts.vip_group.discount": st.floats(0, 0.95),
        "posts.vip_group.cost_each": st.floats(0, 99),
        "hooks.coupon.strength": st.floats(-50, 50),
        "hooks.coupon.cost": st.floats(0, 99),
        "word_of_mouth.tell": share,
        "word_of_mouth.who": st.sampled_from(["buyers", "aware"]),
        "leaving.hazard": st.floats(0, 50),
        "purchasing.forgetting": st.booleans(),
    }
)


@pytest.mark.nojit
@settings(max_examples=20, deadline=None, derandomize=True)
@given(changes=RANDOM, seed=st.integers(0, 2**63 - 1))
def test_people_and_cents_balance_whatever_the_settings(changes, seed):
    check_all(world_of(LIVELY, {**changes, "days": 10}, seed=seed))


def test_a_profiled_run_is_the_same_run():
    """Step by step, timed, the same happens, and every step takes some time."""
    w = world_of(LIVELY)
    taken = w.run(until=3).profiled()
    assert w.day == w.days
    assert different(w, after(LIVELY)) == []
    assert tuple(taken) == STEPS
    assert all(seconds > 0 for seconds in taken.values())


def test_a_thread_that_fails_keeps_nobody_waiting(monkeypatch):
    def failing(*arguments):
        if arguments[-2] == 1:
            raise RuntimeError("out of luck")
        run_days(*arguments)

    run_days = world.run_days
    monkeypatch.setattr(world, "run_days", failing)
    with pytest.raises(RuntimeError, match="out of luck"):
        world_of(LIVELY, {"customers.count": 9000}).run(until=3, threads=2)


def test_what_is_counted_after_an_interruption_stands_in_the_books(monkeypatch):
    """A step on one customer counts elsewhere while it is watched."""

    def interrupted(program, days, who, *others):
        if who == (3, 4):
            raise KeyboardInterrupt
        run_days(program, days, who, *others)

    run_days, w = world.run_days, world_of(LIVELY)
    monkeypatch.setattr(world, "IN_PYTHON", False)
    monkeypatch.setattr(world, "run_days", interrupted)
    with pytest.raises(KeyboardInterrupt):
        list(w.watch(3))
    monkeypatch.undo()
    w.run()
    assert w.counted("orders")[1:].sum() > 0
    check_all(w)


@pytest.mark.skipif("NUMBA_DISABLE_JIT" in os.environ, reason="about compiled code")
@pytest.mark.parametrize("name", ["find_quitters", "pay_for_impressions"])
def test_where_numba_gives_no_address_a_step_is_called_by_its_public_door(monkeypatch, name):
    at = [line.step.__name__ for line in DAY].index(name)
    closed = Step(DAY[at].step.py_func)
    cached = SimpleNamespace(holds=bool)
    closed.entry = SimpleNamespace(_cache=cached, compile=list, overloads={closed.takes: SimpleNamespace()})
    days = (*DAY[:at], DAY[at]._replace(step=closed), *DAY[at + 1 :])
    whole = after(LIVELY, SMALL)
    monkeypatch.setattr(day, "DAY", days)
    monkeypatch.setattr(world, "IN_PYTHON", False)
    with pytest.warns(CompiledCodeWarning, match=r"numba \S+ was never tried: steps are compiled in each process"):
        by_door = after(LIVELY, SMALL)
    assert different(by_door, whole) == []


SLOTS = """, slots: {
                peak: {share: 0.7, seats: 3, flexible: 0.5}, idle: {share: 0.3, seats: 5}}"""
KOL = """  kol: {count: 1, least_orders: 2, reach_per_day: 5, cost_per_month: 61}
"""
ROLES = f"""  koc: {{share: 0.2, least_orders: 2}}
{KOL}  partners: {{opt_in: 0.3}}
"""
TIERS = """tiers:
  gold: {pool: vip_group, to: readers, perk: 0.3, convenience: 0.4, perk_cost_per_member_month: 1.37,
         perk_cost_per_order: 0.65}
"""
CARE = """care:
  words: {pool: manager, by: hosts, per_week: 5, minutes_each: 40, cost_each: 0.35}
  likes: {pool: vip_group, by: hosts, to: readers, per_week: 3, minutes_each: 60}
"""
WITHOUT = {
    "kol.on": (KOL, ""),
    "koc.on kol.on partners.on": (ROLES, ""),
    "staff.moments_per_week": (",\n                moments_per_week: 3", ""),
    "places.members_talk": ("members_talk: true", "members_talk: false"),
    "win_back.on": ("win_back: {after_days: 5, worth: 20, cost: 1.55, intercept: -1.0}", "win_back: off"),
    "places.has_slots": (SLOTS, ""),
    "places.removes": (", removes: hunters", ""),
    "tiers.on": (TIERS, ""),
    "care.on": (CARE, ""),
    "hooks.invite": (
        "into: vip_group, gives: cash, worth: 8, cost: 3, strength: 2, invite: 0.2, reward: 4.45",
        "into: manager, gives: cash",
    ),
}
"""What to write instead in LIVELY, so that a step has nothing to do."""


@pytest.mark.nojit
@pytest.mark.parametrize("needs", sorted({line.needs for line in DAY if line.needs}))
def test_a_step_that_has_nothing_to_do_is_left_out_and_nothing_else_changes(needs, monkeypatch):
    there, instead = WITHOUT[needs]
    text = LIVELY.replace(there, instead).replace(", offer_slot: idle" if there == SLOTS else "", "")
    without = world_of(text, SMALL)
    left_out = {line.step for line in DAY} - {line.step for line in day.needed(without.settings)}
    assert left_out == {line.step for line in DAY if line.needs and set(line.needs.split()) <= set(needs.split())}
    without.run()
    monkeypatch.setattr(day, "_has", lambda *_: True)
    assert different(without, after(text, SMALL)) == []


def test_a_world_of_more_than_eight_places_is_the_same_however_it_is_run():
    """Places met take a byte more for each eight; some are of all three bytes."""
    stalls = {f"places.stall{k}": {"kind": "store", "visits_per_week": 2} for k in range(12)}
    hooks = {f"hooks.at{k}": {"at": f"stall{k}", "into": "vip_group", "gives": "gift"} for k in (0, 5, 11)}
    changes = {**stalls, **hooks, "customers.count": STRETCH + 1000, "days": 4}
    one, parts, steps = after(LIVELY, changes), world_of(LIVELY, changes), world_of(LIVELY, changes)
    assert one.columns.today.met.shape == (3, STRETCH + 1000)
    assert all(one.counted("asked")[:, one.names.hooks.index(f"at{k}")].all() for k in (0, 5, 11))
    steps.profiled()
    for other in (after(LIVELY, changes, threads=2), parts.run(until=2).fork().run(), steps):
        assert different(one, other) == []


def test_stretches_of_customers_may_go_ahead_of_each_other():
    """Step by step everybody takes a step before the next one; in a run a stretch takes all steps that it can."""
    case = load("restaurant").replace({"customers.count": STRETCH + 1000, "days": 4})
    one, other = world.start(case, "both", seed=3), world.start(case, "both", seed=3)
    one.run()
    other.profiled()
    assert one.counted("orders").sum() > 0
    assert np.array_equal(one.tallies, other.tallies)
    assert np.array_equal(one.members, other.members)
