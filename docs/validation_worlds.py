"""Worlds and measures that the checks of docs/validation.md share.

Each check has inputs of its own (reach, budget, price, need, perk, open rate, cadence); none changes how customers
behave.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from trafficsim.engine import world
from trafficsim.scenario import Scenario, load_text
from trafficsim.study.uncertain import Changes, numbers

Sums = NDArray[np.float64]
Found = dict[str, float]
BRAND = """\
format: 1
title: A brand and its customers
start: 2024-01-01
days: 365
customers:
  count: 20000
  segments:
    regulars:        {share: 0.8, days_between_needs: 36, fit: 0.60, deal_prone: 0.2}
    bargain_hunters: {share: 0.2, days_between_needs: 36, fit: 0.35, deal_prone: 0.9}
  at_start: {aware: 0.05, bought: 0.01}
product: {price: 400, unit_cost: 120, quality: 0.7}
places:
  feed: {kind: public, visits_per_week: 7}
  shop: {kind: store}
advertising: {feed: {budget_per_day: 300, cpm: 60}}
word_of_mouth: {}
"""
"""A young brand: 400 yuan, needs every 36 days, advertisements and talk (as scenario dearer_ads, without its pool)."""
PRICE, UNIT_COST = 40_000, 12_000
"""Cents."""
YEAR, HALF_YEAR, QUARTER = 365, 182, 91


TRIED: dict[str, float] = {}
"""Defaults tried in place of the shipped ones, by their names in `trafficsim.study.ranges` (see
generate_defaults.py)."""


def by_defaults(of: Scenario) -> Scenario:
    """A scenario with the defaults that are tried, wherever it gives no number of its own."""
    moved = [number for number in numbers(of) if number.path in TRIED] if TRIED else []
    return of.replace(Changes(of, moved)(TRIED[number.path] for number in moved))


def young(events: str = "", **changes: object) -> Scenario:
    """The young brand with changes (`__` stands for the dot), and with dated events if given."""
    text = BRAND.replace("days: 365", f"days: {changes.pop('days', YEAR)}") + events
    return by_defaults(
        load_text(text, "brand").replace({path.replace("__", "."): value for path, value in changes.items()})
    )


def mature(events: str = "", posts: Mapping[str, object] = MappingProxyType({}), **changes: object) -> Scenario:
    """An established brand that also posts on the feed."""
    at_start = {"aware": 0.6, "bought": 0.3}
    return young(events, customers__at_start=at_start, posts={"feed": {"per_week": 3}, **posts}, **changes)


def ran(of: Scenario, seed: int, arm: str = "base") -> world.World:
    """The world of one arm after its last day."""
    return world.start(of, arm, seed).run()


def counted_in(w: world.World, first: int, last: int | None) -> int:
    """Orders of days first..last (last excluded), or until the end."""
    return int(w.counted("orders")[first:last].sum())


def after_joining(worlds: Sequence[Scenario], seed: int) -> tuple[Sums, Sums]:
    """Orders and spend in the half-year after joining the first world's pool: there, elsewhere; and how many joined."""
    here, there = (world.start(of, "base", seed) for of in worlds)
    joined_on = np.full(here.customers, -1)
    begun, done = np.zeros((2, 2, 2, here.customers))
    for day in range(YEAR):
        for w in (here, there):
            w.run(day + 1)
        fresh = (joined_on < 0) & (here.columns.member.joined_on[0] == day)
        joined_on[fresh] = day
        due = (joined_on == day - HALF_YEAR) & (joined_on >= 0)
        for row, w in enumerate((here, there)):
            bought = w.columns.bought
            begun[row][:, fresh] = bought.orders[fresh], bought.spend[fresh]
            done[row][:, due] = bought.orders[due], bought.spend[due]
    followed = (joined_on >= 0) & (joined_on < YEAR - HALF_YEAR)
    gained = (done - begun)[:, :, followed].sum(axis=2)
    orders, spend = (np.array([*gained[:, kind], followed.sum()], float) for kind in (0, 1))
    return orders, spend


def know(w: world.World, seeds: NDArray[np.int64]) -> None:
    """Let customers have bought the brand just before the start, as buyers of day 0 have."""
    mind, story, bought = w.columns.mind, w.columns.story, w.columns.bought
    mind.salience[seeds] = mind.acquaintance[seeds] = 1.0
    mind.trust[seeds] = w.settings.memory[0, 0].trust_at_start
    story.aware_on[seeds] = 0
    bought.orders[seeds] = 1
    bought.last_order_on[seeds] = 0


@dataclass(frozen=True)
class Check:
    """Seeds; what is summed in the world of one; and the numbers that come out of sums over seeds."""

    seeds: int
    once: Callable[[int], Sums]
    found: Callable[[Sums], Found]
