"""What the laws share: a scenario of text and changes, and one run of it."""

import numpy as np
from scipy import stats

from trafficsim.engine import world
from trafficsim.scenario import load_text

PLAIN = """\
format: 1
title: A shop and its customers
start: 2024-01-01
days: 360
customers:
  count: 5000
  segments:
    all: {share: 1, days_between_needs: 30, fit: 0.5, deal_prone: 0.3}
product: {price: 90, unit_cost: 40}
places:
  shop: {kind: store}
"""
"""Nothing but needs and a shop."""

LIVELY = """\
format: 1
title: A restaurant with a pool, advertisements and talk
start: 2024-01-01
days: 365
customers:
  count: 8000
  segments:
    neighbours:   {share: 0.70, days_between_needs: 45, fit: 0.60, deal_prone: 0.2}
    deal_hunters: {share: 0.20, days_between_needs: 30, fit: 0.30, deal_prone: 0.9}
    hosts:        {share: 0.10, days_between_needs: 14, fit: 0.65, deal_prone: 0.1, basket: 3.0}
  at_start: {aware: 0.25, bought: 0.08, members: {vip_group: 0.02}}
  ties: {kind: small_world, mean: 10, rewired: 0.1, homophily: 0.3}
product: {price: 90, unit_cost: 40, quality: 0.7}
places:
  review_site: {kind: public, visits_per_week: 2.0, commission: 0.05, delivery_cost: 3.5}
  dining_room: {kind: store, visits_per_week: 0.1, fixed_cost_per_day: 900}
  vip_group:   {kind: pool, form: group, open_rate: 0.35, perk: 0.3, perk_cost_per_member_month: 0.77,
                tool_cost_per_day: 3, shop: true, delivery_cost: 4.25}
  manager:     {kind: pool, form: contact, open_rate: 0.5}
staff: {hosts: {count: 2, serves: manager, wage_per_day: 120.55, adds_per_day: 10, contacts: 900}}
advertising: {review_site: {budget_per_day: 100, cpm: 60, cpm_growth_per_year: 0.15}}
posts:
  review_site: {per_week: 2, reach: 0.05, cost_each: 20}
  vip_group:   {per_week: 3, offers_per_week: 1, discount: 0.25, quality: 0.6, cost_each: 30}
  manager:     {weekdays: [tue, fri], quality: 0.8}
hooks:
  side_dish: {at: dining_room, into: vip_group, gives: gift, worth: 12, cost: 4.15, until_day: 200}
  coupon:    {at: review_site, into: vip_group, gives: coupon, worth: 9, cost: 2.35, reason: vague}
  service:   {at: dining_room, into: manager, gives: service}
word_of_mouth: {tell: 0.05}
events:
  dearer: {day: 200, set: {advertising.review_site.cpm: 75}}
"""
"""Every mechanism at work; amounts that don't divide evenly."""


def scenario(text=PLAIN, **changes):
    """A scenario of text and changes; in the names of changes `__` stands for the dot."""
    return load_text(text, "law").replace({path.replace("__", "."): value for path, value in changes.items()})


def ran(of, seed=1, replicate=0, arm="base"):
    """The world of one arm after its last day."""
    return world.start(of, arm, seed, replicate).run()


def total(of, counter):
    """A counter over all days and entries of a world."""
    return int(of.counted(counter).sum())


def interval(differences):
    """The 95 % interval of the mean of paired differences (Student)."""
    d = np.asarray(differences, float)
    half = stats.t.ppf(0.975, d.size - 1) * d.std(ddof=1) / np.sqrt(d.size)
    return d.mean() - half, d.mean() + half
