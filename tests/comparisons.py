"""Scenarios with arms, small enough to compare in a moment."""

from trafficsim.scenario import load_text
from worlds import LIVELY

LIVELY_ARMS = """
baseline: paid
arms:
  paid:    {hooks: off}
  private: {advertising: off}
  both:    {}
"""
"""The restaurant in which everything happens, with and without its hooks and its advertising."""

SHOP = """
format: 1
title: A shop that is known from advertisements, or from its pool
start: 2024-01-01
days: 60
customers:
  count: 2000
  segments: {all: {share: 1, days_between_needs: 15, fit: 0.6, deal_prone: 0.3}}
  at_start: {aware: 0.3, bought: 0.1}
  ties: {mean: 4}
product: {price: 80, unit_cost: 30}
places:
  feed: {kind: public, visits_per_week: 7}
  shop: {kind: store, fixed_cost_per_day: 20}
  club: {kind: pool, form: group, open_rate: 0.5, tool_cost_per_day: 40}
advertising: {feed: {budget_per_day: 100, cpm: 50}}
posts: {club: {per_week: 3, cost_each: 20}}
hooks: {gift: {at: shop, into: club, gives: gift, worth: 10, cost: 4, strength: 2}}
word_of_mouth: {tell: 0.1}
baseline: nothing
arms:
  nothing: {advertising: off, hooks: off, posts: off, places: {club: off}}
  paid:    {hooks: off, posts: off, places: {club: off}}
  private: {advertising: off}
"""
"""No one is a member at the start, so that only the arm `private` ever has members."""


def lively(changes=None, *more_arms):
    """Three arms in which everything happens, few customers and days; further arms are lines of YAML."""
    return _loaded(LIVELY + LIVELY_ARMS, more_arms, "lively", changes)


def shop(changes=None, *more_arms):
    """An arm of nothing, one of advertisements, one of a pool; further arms are lines of YAML."""
    return _loaded(SHOP, more_arms, "shop", changes)


def _loaded(text, more_arms, name, changes):
    return load_text(text + "".join(f"  {arm}\n" for arm in more_arms), name).replace(changes or {})
