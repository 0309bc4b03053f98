"""Whether what a run comes to can be counted: needs a day, ties, people and money, foreseen from the settings."""

from collections.abc import Iterator, Mapping

import numpy as np

from trafficsim.books.tally import MONTH
from trafficsim.market.currencies import CENTS, minor_units
from trafficsim.market.customers import Customers
from trafficsim.market.places import Staff
from trafficsim.population.gamma import gamma_of_mean_one
from trafficsim.scenario.errors import Mistake
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import settings
from trafficsim.scenario.tree import Node

MOST_NEEDS = 255
"""Needs of a customer that are open at once: a column of one byte."""
MOST_TIES = 2**31 - 1
"""Ties are found by their numbers, signed integers of 32 bits."""
MOST_COUNTED = 2**59
"""What a run may be expected to come to, in cents or people: a sixteenth of what 64 bits hold is left for chance."""

PAID = {
    "product.price": "baskets",
    "product.market_price": "",  # to rivals
    "product.unit_cost": "baskets",
    "places.*.delivery_cost": "orders",
    "places.*.fixed_cost_per_day": "days",
    "places.*.tool_cost_per_day": "days",
    "places.*.cost_per_message": "messages",
    "places.*.set_up_cost": "",  # once, which no sum of money is too large for
    "cash_at_start": "",  # it is there, and paid to nobody
    "places.*.perk_cost_per_member_month": "months of people",
    "places.*.perk_cost_per_order": "orders",
    "staff.*.wage_per_day": "days of staff",
    "advertising.*.budget_per_day": "days of demand",
    "advertising.*.cpm": "",  # paid out of the budget
    "posts.*.cost_each": "posts",
    "hooks.*.worth": "",  # to the customer
    "hooks.*.cost": "people",
    "hooks.*.reward": "people",
    "word_of_mouth.koc.cost_per_month": "months of people",
    "word_of_mouth.kol.cost_per_month": "months of stars",
    "audiences.*.least_spend": "",  # of customers, who paid it
    "audiences.*.most_spend": "",
    "tiers.*.perk_cost_per_member_month": "months of people",
    "tiers.*.perk_cost_per_order": "orders",
    "care.*.cost_each": "times of care",
    "win_back.worth": "",
    "win_back.cost": "people",
}
"""How often each setting of money is paid in a run, at most ("" for never)."""


def crowd_mistakes(tree: Node, plan: Plan, most: float) -> Iterator[Mistake]:
    """What of the customers, the same in all arms, is more than can be counted; `tree` is where they were read.

    `most` is the largest demand of a day in any arm, as a multiple of that of an ordinary day.
    """
    yield from _needs(tree, plan, most)
    yield from _ties(tree, plan.customers)


def sum_mistakes(tree: Node, plan: Plan, busy: float) -> Iterator[Mistake]:
    """What of an arm's plan comes to more than can be counted; `tree` is where it was read.

    Sums are what is expected at most, as if everybody were a member, recalled the brand and chose it. `busy` is the
    demand of all days together, as a multiple of that of an ordinary day.
    """
    times, minor = _times(plan, busy), max(CENTS, minor_units(plan.currency))
    people = times["contacts"]
    if people > MOST_COUNTED:
        at = tree.at(("customers", "count")) or tree
        yield at.mistake(f"about {people:.0e} contacts with people in the run, more than can be counted")
    for path, value, often in _paid(plan, times):
        if value * often * minor > MOST_COUNTED:
            most = f"{plan.currency} {MOST_COUNTED / minor:.1e}"
            says = f"comes to about {plan.currency} {value * often:.1e} in the run, more than can be counted ({most})"
            yield (tree.at(tuple(path.split("."))) or tree).mistake(says)


def _needs(tree: Node, plan: Plan, busiest: float) -> Iterator[Mistake]:
    """Segments whose neediest customer would have more needs on one day than are counted."""
    for name, segment in plan.customers.segments.items():
        above = max(_share_above(plan.customers.count * segment.share), 2.0**-53)
        most = float(gamma_of_mean_one(np.array([1.0 - above]), segment.need_shape)[0]) * busiest
        if most / segment.days_between_needs > MOST_NEEDS:
            at = tree.at(("customers", "segments", name, "days_between_needs")) or tree
            says = f"somebody would have more than {MOST_NEEDS} needs on one day; must be at least"
            yield at.mistake(f"{says} {most / MOST_NEEDS:.2g} (got {segment.days_between_needs:g})")


def _share_above(people: float) -> float:
    """The share of so many people of whom one is expected."""
    return min(0.5, 1.0 / people) if people > 0.0 else 0.5


def _ties(tree: Node, customers: Customers) -> Iterator[Mistake]:
    ties = customers.ties
    if ties.kind not in {"mixed", "file"} and customers.count * ties.mean > MOST_TIES:
        at = tree.at(("customers", "ties", "mean")) or tree.at(("customers", "count")) or tree
        most = f"{customers.count:,} of them can have at most {MOST_TIES / customers.count:.3g} on average"
        yield at.mistake(f"more ties than can be counted; {most} (got {ties.mean:g})")


def _times(plan: Plan, busy: float) -> dict[str, float]:
    """How often in a run something is paid, or people are met, in the words of `PAID`."""
    people, days = float(plan.customers.count) * plan.customers.each_stands_for, float(plan.days)
    written = () if isinstance(plan.posts, str) else plan.posts.values()
    posts = sum(max(entry.per_week, float(len(entry.weekdays))) for entry in written) / 7.0
    offers = sum(entry.offers_per_week for entry in written) / 7.0
    visits = sum(getattr(place, "visits_per_week", 0.0) for place in plan.places.values()) / 7.0
    segments = plan.customers.segments.values()
    orders = people * (sum(s.share / s.days_between_needs for s in segments) * busy + offers * days)
    care = () if isinstance(plan.care, str) else plan.care.values()
    kol = plan.word_of_mouth.kol if plan.word_of_mouth != "off" else None
    return {
        "people": people,
        "contacts": people * (visits * busy + posts * days) + orders,
        "orders": orders,
        "baskets": orders * max(s.basket for s in segments),
        "days": days,
        "days of demand": max(busy, days),
        "posts": posts * days,
        "messages": people * posts * days,
        "months of people": people * days / MONTH,
        "times of care": people * days * sum(entry.per_week for entry in care) / 7.0,
        "months of stars": (kol.count if kol else 0) * days / MONTH,
    }


def _paid(plan: Plan, times: Mapping[str, float]) -> Iterator[tuple[str, float, float]]:
    """Each setting of money that is paid: its path, what it is, and how often.

    How often a mechanism of one's own pays is its own affair.
    """
    own = {mechanism.name for mechanism in plan.known}
    for path, setting in settings(plan).items():
        if setting.unit != "money" or not setting.is_number or path.partition(".")[0] in own:
            continue
        often = PAID[pattern_of(path)]
        if often == "days of staff":
            people = plan.staff[path.split(".")[1]] if isinstance(plan.staff, dict) else None
            yield path, setting.value, times["days"] * (people.count if isinstance(people, Staff) else 0)
        elif often:
            yield path, setting.value, times[often]


def pattern_of(path: str) -> str:
    """The key of `PAID` for a setting, in which names are stars."""
    parts = path.split(".")
    named = len(parts) == 3 and parts[0] != "word_of_mouth"
    return ".".join([parts[0], "*", parts[2]] if named else parts)
