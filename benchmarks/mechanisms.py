"""What each mechanism costs: by step of the day, by switching one off, and when none is in use."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np

from benchmarks.complete import ARM, scenario
from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value
from benchmarks.timing import medians
from trafficsim.engine.extending import load_mechanisms
from trafficsim.engine.world import World, start
from trafficsim.mechanisms.shared.own import forget
from trafficsim.scenario import Scenario, load_text

STEP_WORDS = """\
The complete model step by step, {customers:,} customers, one thread: each step is one mechanism. Calling steps one
by one costs a little more than running whole days."""
OFF_WORDS = """\
The complete model with one thing switched off, {customers:,} customers, {days} days, one thread. What a mechanism
costs is also what it sets going: without advertisements fewer customers buy, talk and join."""
UNUSED_WORDS = """\
A world in which customers only visit, meet posts and buy, {customers:,} customers, one thread. The other mechanisms are
left out of the file, or written `off`, or used by another arm only, so that their places and columns are there."""
OWN_WORDS = """\
The complete model without a mechanism of one's own, and with one after `purchasing` that does nothing, {customers:,}
customers, {days} days, one thread. Days are then run one by one, each in two parts."""
MORE = 3
"""Times as many measurements where nothing should be found."""
OFF: Mapping[str, Mapping[str, Any]] = {
    "advertising": {"advertising": "off"},
    "public posts": {"posts.street": "off"},
    "pool posts": {"posts.vip_group": "off"},
    "Moments": {"staff.manager.moments_per_week": 0},
    "talking": {"talking": "off"},
    "hooks": {"hooks.side_dish": "off"},
    "invitations": {"hooks.friends": "off"},
    "joining": {"joining": "off"},
    "win_back": {"win_back": "off"},
    "purchasing": {"purchasing": "off"},
    "seating": {"seating": "off"},
    "word_of_mouth": {"word_of_mouth": "off"},
    "KOC": {"word_of_mouth.koc": None},
    "KOL": {"word_of_mouth.kol": None},
    "partners": {"word_of_mouth.partners": None},
    "leaving": {"leaving": "off"},
}
"""What is switched off, by name."""
BARE = """\
format: 1
title: Customers who visit, meet posts and buy
start: 2024-01-01
days: {days}
customers:
  count: {customers}
  segments: {{everybody: {{share: 1.0, days_between_needs: 30, fit: 0.6, deal_prone: 0.2}}}}
  at_start: {{aware: 0.3, bought: 0.1}}
product: {{price: 90, unit_cost: 40}}
places:
  street: {{kind: public, visits_per_week: 1.0, commission: 0.05}}
posts: {{street: {{per_week: 7, reach: 0.3}}}}
"""
WRITTEN_OFF = """\
advertising: off
hooks: off
joining: off
word_of_mouth: off
win_back: off
talking: off
seating: off
leaving: off
staff: off
care: off
tiers: off
"""
"""Sections that the bare world does not use."""
ANOTHER_ARM = """\
arms:
  bare: {}
  full:
    places:
      shop: {kind: store, visits_per_week: 0.03, slots: {day: {share: 1.0, seats: 500}}}
      club: {kind: pool, form: group, open_rate: 0.35, members_talk: true}
    staff: {manager: {count: 2, serves: club, friends: 500, moments_per_week: 3}}
    advertising: {street: {budget_per_day: 100, cpm: 60}}
    posts: {club: {per_week: 3}}
    hooks: {card: {at: shop, into: club, gives: gift}, friends: {at: club, into: club, gives: cash, invite: 0.02}}
    joining: {}
    word_of_mouth: {koc: {share: 0.05}, partners: {opt_in: 0.1}}
    win_back: {after_days: 30}
    talking: {}
    seating: {}
    leaving: {}
    audiences: {regulars: {least_orders: 2}}
    tiers: {gold: {pool: club, to: regulars, perk: 0.2}}
    care: {words: {pool: club, by: manager, per_week: 1}}
"""
LEFT_OUT, IS_OFF, ELSEWHERE = "left out", "written off", "used by another arm only"


def measure(sizes: Sizes) -> list[Table]:
    """Steps, switches, and the price of what is not used."""
    customers, days = sizes.mechanisms
    often = MORE * sizes.repeats
    return [
        _steps(customers, days),
        _switched(customers, days, sizes.repeats),
        _unused(customers, days, often),
        _own(customers, days, often),
    ]


def _steps(customers: int, days: int) -> Table:
    world = start(scenario(customers, days), ARM)
    start(scenario(100, 2), ARM).profiled()  # compiled code is loaded
    with np.errstate(over="ignore"):
        taken = world.profiled()
    total = sum(taken.values())
    rows: dict[str, dict[str, Value]] = {
        name: {"ns per customer-day": t / customers / days * 1e9, "share, %": 100.0 * t / total}
        for name, t in {**taken, "all": total}.items()
    }
    return Table("steps", "Cost by step of the day", STEP_WORDS.format(customers=customers), rows)


def _switched(customers: int, days: int, repeats: int) -> Table:
    full = scenario(customers, days)
    cases = {"everything on": full, **{name: full.replace(changes) for name, changes in OFF.items()}}
    ns = _ns_by_case({name: (case, ARM) for name, case in cases.items()}, repeats)
    on = ns["everything on"]
    rows: dict[str, dict[str, Value]] = {
        name if name == "everything on" else f"{name} off": {"ns per customer-day": t, "less than with all": on - t}
        for name, t in ns.items()
    }
    return Table("switched", "Cost by switching one off", OFF_WORDS.format(customers=customers, days=days), rows)


def _unused(customers: int, days: int, repeats: int) -> Table:
    text = BARE.format(customers=customers, days=days)
    cases = {
        LEFT_OUT: (load_text(text, "bare"), "base"),
        IS_OFF: (load_text(text + WRITTEN_OFF, "bare"), "base"),
        ELSEWHERE: (load_text(text + WRITTEN_OFF + ANOTHER_ARM, "bare"), "bare"),
    }
    ns = _ns_by_case(cases, repeats)
    rows: dict[str, dict[str, Value]] = {
        name: {"ns per customer-day": t, "times that of left out": t / ns[LEFT_OUT]} for name, t in ns.items()
    }
    return Table("unused", "What unused mechanisms cost", UNUSED_WORDS.format(customers=customers), rows)


def _own(customers: int, days: int, repeats: int) -> Table:
    """What an own mechanism costs that does nothing."""
    load_mechanisms(["benchmarks.idle"])
    full = scenario(customers, days)
    cases = {"none on": (full, ARM), "idle on": (full.replace({"idle": {}}), ARM)}
    forget("idle")
    ns = _ns_by_case(cases, repeats)
    rows: dict[str, dict[str, Value]] = {
        name: {"ns per customer-day": t, "times that of none": t / ns["none on"]} for name, t in ns.items()
    }
    return Table(
        "own",
        "What a mechanism of one's own costs that does nothing",
        OWN_WORDS.format(customers=customers, days=days),
        rows,
    )


def _ns_by_case(cases: dict[str, tuple[Scenario, str]], repeats: int) -> dict[str, float]:
    """Nanoseconds per customer-day of each scenario and arm, of the processor, from day 0, set-up apart."""
    jobs = {name: partial(_started, case, arm) for name, (case, arm) in cases.items()}
    taken = medians(jobs, repeats)
    return {
        name: t.cpu / (case.plan(arm).customers.count * case.days) * 1e9
        for (name, t), (case, arm) in zip(taken.items(), cases.values(), strict=True)
    }


def _started(case: Scenario, arm: str) -> partial[World]:
    world = start(case, arm)
    world.fork().run(1)  # compiled code is loaded
    return partial(world.run)
