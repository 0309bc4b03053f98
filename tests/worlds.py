"""Worlds for tests: a base text and replacements, so that each test says only what it is about."""

import hashlib

import numpy as np

from trafficsim.books.counters import COUNTERS
from trafficsim.engine import world
from trafficsim.engine.settings import empty_tally
from trafficsim.kernel.columns import GROUPS, IN
from trafficsim.population import ties
from trafficsim.scenario import load_text

QUIET = """
format: 1
title: Customers who are all alike, and places where nothing happens yet
start: 2024-01-01  # a Monday
days: 30
customers:
  count: 200
  segments:
    all: {share: 1, days_between_needs: 10, fit: 0.5, fit_spread: 0, deal_prone: 0, deal_spread: 0, basket_spread: 0}
  ties: {mean: 0}
  memory: {days_to_drift: 36500, interest_half_life_days: 36500, novelty: 0}
product: {price: 100, unit_cost: 40, quality: 0.7}
places:
  shop:  {kind: store}
  feed:  {kind: public, visits_per_week: 0}
  lift:  {kind: paid, visits_per_week: 0}
  club:  {kind: pool, form: group, open_rate: 1}
  desk:  {kind: pool, form: contact, open_rate: 1}
purchasing: off
leaving: off
"""
"""One segment, nobody knows anybody, goes anywhere, needs anything, tires of a group or drifts away."""

LIVELY = """
format: 1
title: A restaurant in which everything happens
start: 2024-01-03  # a Wednesday
days: 40
customers:
  count: 300
  segments:
    neighbours:   {share: 0.6, days_between_needs: 20, fit: 0.60, deal_prone: 0.2}
    deal_hunters: {share: 0.3, days_between_needs: 12, fit: 0.40, deal_prone: 0.8, need_shape: 2.5}
    hosts:        {share: 0.1, days_between_needs: 4, fit: 0.70, deal_prone: 0.1, basket: 3.0}
  at_start: {aware: 0.4, bought: 0.2, members: {vip_group: 0.2, manager: 0.1}}
  ties: {kind: small_world, mean: 6, rewired: 0.2, homophily: 0.3}
product: {price: 89.9, unit_cost: 38.25, quality: 0.8}
calendar: {weekdays: {sat: 1.4, mon: 0.75}}
places:
  review_site: {kind: public, visits_per_week: 3, commission: 0.05, delivery_cost: 3.5, discount: 0.05}
  lift_screen: {kind: paid, visits_per_week: 5}
  dining_room: {kind: store, visits_per_week: 1, fixed_cost_per_day: 90, convenience: 0.4, branches: 3, slots: {
                peak: {share: 0.7, seats: 3, flexible: 0.5}, idle: {share: 0.3, seats: 5}}}
  vip_group:   {kind: pool, form: group, open_rate: 0.5, perk: 0.2, perk_cost_per_member_month: 0.7,
                tool_cost_per_day: 3, shop: true, delivery_cost: 4.25, delivers: 0.7, group_size: 40, seats_first: true,
                members_talk: true, removes: hunters}
  manager:     {kind: pool, form: contact, open_rate: 0.6}
staff:
  hosts:       {count: 2, serves: manager, wage_per_day: 12.55, adds_per_day: 3, contacts: 80, friends: 30,
                moments_per_week: 3}
advertising:
  review_site: {budget_per_day: 60, cpm: 60, cpm_growth_per_year: 0.15}
  lift_screen: {budget_per_day: 30, cpm: 25, from_day: 3, until_day: 30}
posts:
  review_site: {per_week: 4, reach: 0.2, cost_each: 2}
  vip_group:   {per_week: 5, offers_per_week: 2, care_per_week: 1, discount: 0.25, offer_slot: idle,
                quality: 0.6, cost_each: 3}
  manager:     {weekdays: [tue, fri], offers_per_week: 1, discount: 0.1, quality: 0.8, to: readers, most_per_week: 4}
audiences:
  readers: {least_reading: 0.3}
  hunters: {hooks: [coupon, friends], most_orders: 1, least_days_in_pool: 4}
care:
  words: {pool: manager, by: hosts, per_week: 5, minutes_each: 40, cost_each: 0.35}
  likes: {pool: vip_group, by: hosts, to: readers, per_week: 3, minutes_each: 60}
tiers:
  gold: {pool: vip_group, to: readers, perk: 0.3, convenience: 0.4, perk_cost_per_member_month: 1.37,
         perk_cost_per_order: 0.65}
hooks:
  side_dish: {at: dining_room, into: vip_group, gives: gift, worth: 12, cost: 4.15, strength: 2.5, until_day: 35}
  coupon:    {at: review_site, into: vip_group, gives: coupon, worth: 9, cost: 2.35, reason: vague, strength: 2}
  service:   {at: dining_room, into: manager, gives: service, strength: 2, from_day: 2}
  crosswise: {at: vip_group, into: manager, gives: know_how, strength: 1}
  friends:   {at: vip_group, into: vip_group, gives: cash, worth: 8, cost: 3, strength: 2, invite: 0.2, reward: 4.45}
word_of_mouth:
  tell: 0.9
  koc: {share: 0.2, least_orders: 2}
  kol: {count: 1, least_orders: 2, reach_per_day: 5, cost_per_month: 61}
  partners: {opt_in: 0.3}
leaving: {hazard: 0.8, poaching: 0.2}
win_back: {after_days: 5, worth: 20, cost: 1.55, intercept: -1.0}
events:
  dearer: {day: 20, set: {product.price: 95, places.dining_room.open_branches: 2, advertising.review_site.cpm: 75}}
"""
"""Every mechanism at work, with amounts that don't divide evenly."""


def changed(text, changes):
    """A scenario of a base text with settings replaced, by dotted path."""
    return load_text(text, "world").replace(changes)


def world_of(text=QUIET, changes=None, *, arm="base", seed=1, replicate=0):
    """The world of a base text with settings replaced, on day 0."""
    return world.start(changed(text, changes or {}), arm, seed, replicate)


def after(text=QUIET, changes=None, *, until=None, threads=1, **which):
    """The same world when its days have passed."""
    return world_of(text, changes, **which).run(until, threads)


def one_step(of, name, today=0, between=None):
    """Let one mechanism work on all customers, or those in a range of numbers, on a day.

    Returns what it tallied, shape `(counters, width)`.
    """
    assert 0 <= today < of.days
    tally, now = empty_tally(of.names, of.days), of.day
    of.day = today
    with np.errstate(over="ignore"):
        of._run(today + 1, (name,), between, tally[np.newaxis])
    of.day = now
    return tally


def tallied(tally, counter):
    """How much of a counter one step tallied, all its entries together."""
    return int(tally[[c.name for c in COUNTERS].index(counter)].sum())


def everything(of):
    """Every array of a world by name: columns, tallies, members."""
    columns = {f"{group}.{name}": array for group in GROUPS for name, array in group_of(of, group).items()}
    return {**columns, "tallies": of.tallies[: of.day].copy(), "members": of.members[: of.day + 1].copy()}


def group_of(of, group):
    """Copies of the columns of a group by name."""
    return {name: array.copy() for name, array in getattr(of.columns, group)._asdict().items()}


def different(a, b):
    """Names of the arrays in which two worlds differ in any bit."""
    one, other = everything(a), everything(b)
    return [name for name in one if one[name].tobytes() != other[name].tobytes()]


def digests(of):
    """A short digest of the bits of every array."""
    return {name: hashlib.blake2b(array.tobytes(), digest_size=8).hexdigest() for name, array in everything(of).items()}


def code(of, place):
    """The code of a place."""
    return of.names.places.index(place)


def enrol(of, pool, customers=slice(None)):
    """Make customers members of a pool, known to the brand since before the start."""
    row = of.names.pools.index(pool)
    of.columns.member.joined_on[row, customers] = -2
    of.columns.member.status[row, customers] = IN
    of.columns.story.aware_on[customers] = -2
    of.members[0, code(of, pool)] = of.count_members(row)


def standard_error(chance, draws):
    """Of a count of successes."""
    return float(np.sqrt(draws * chance * (1 - chance)))


def tie(of, pairs):
    """Let these pairs of customers know each other, and nobody else."""
    rows = [[] for _ in range(of.customers)]
    for a, b in pairs:
        rows[a].append(b)
        rows[b].append(a)
    starts = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    of.ties = ties.Ties("file", starts, np.array([j for row in rows for j in sorted(row)], np.int32), 0)
