"""Scenario files as text, for the tests to break."""

from trafficsim.scenario import Scenario, ScenarioError, load_text

MINIMAL = """\
format: 1
title: The smallest file
start: 2024-01-01
days: 30
customers:
  count: 100
  segments:
    all: {share: 1, days_between_needs: 30, fit: 0.5, deal_prone: 0.2}
product: {price: 90, unit_cost: 40}
places:
  shop: {kind: store}
"""

FULL = """\
format: 1
title: A restaurant gathers its regulars in a VIP group
about: Two months of a side dish for adding the manager's WeChat, against a review site's ads.
currency: CNY
start: 2024-01-01
days: 365

customers:
  count: 30000
  each_stands_for: 1
  segments:
    neighbours:   {share: 0.70, days_between_needs: 45, fit: 0.60, deal_prone: 0.2}
    deal_hunters: {share: 0.20, days_between_needs: 30, fit: 0.30, deal_prone: 0.9}
    hosts:        {share: 0.10, days_between_needs: 14, fit: 0.65, deal_prone: 0.1, basket: 3.0}
  at_start: {aware: 0.25, bought: 0.08, members: {vip_group: 0.0}}
  ties: {kind: small_world, mean: 10, rewired: 0.1, homophily: 0.3}

product: {price: 90, unit_cost: 40, quality: 0.7}
places:
  review_site: {kind: public, visits_per_week: 2.0, commission: 0.05}
  dining_room: {kind: store, fixed_cost_per_day: 900}
  vip_group:   {kind: pool, form: group, open_rate: 0.35, perk: 0.3, tool_cost_per_day: 3}
staff: {hosts: {count: 1, serves: vip_group, wage_per_day: 120, adds_per_day: 30}}

advertising: {review_site: {budget_per_day: 300, cpm: 60, cpm_growth_per_year: 0.15}}
posts:       {vip_group: {per_week: 3, offers_per_week: 1, discount: 0.1, quality: 0.6, cost_each: 30}}
hooks:
  side_dish: {at: dining_room, into: vip_group, gives: gift, worth: 12, cost: 4, reason: clear, until_day: 60}
word_of_mouth: {tell: 0.03, trust_passed: 0.15}
events:
  dearer: {day: 200, set: {advertising.review_site.cpm: 75}}

arms:
  nothing: {advertising: off, hooks: off, posts: off, staff: off}
  paid:    {hooks: off, posts: off, staff: off}
  private: {advertising: off}
  both:    {}
baseline: nothing

sources:
  places.vip_group.open_rate: {assumed: true, range: [0.1, 0.5]}
  customers.count: "004: three kilometres, 30,000 people"
"""


def full(*changes: tuple[str, str]) -> str:
    """The full file with some of its text replaced."""
    text = FULL
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} must occur once"
        text = text.replace(old, new)
    return text


def loaded(*changes: tuple[str, str]) -> Scenario:
    return load_text(full(*changes), "f")


def lines_of(text: str) -> list[str]:
    """The mistakes of a file named f.yaml, one line each; none if it is fine."""
    try:
        load_text(text, "f")
    except ScenarioError as error:
        return str(error).split("\n")
    return []


def refused(scenario: Scenario, changes: dict[str, object]) -> list[str]:
    """The mistakes in replacing settings."""
    try:
        scenario.replace(changes)
    except ScenarioError as error:
        return str(error).split("\n")
    return []
