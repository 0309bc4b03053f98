"""Samples that are too coarse: where one simulated customer is more than all that a capacity holds."""

import math
from collections.abc import Iterator, Sequence

from trafficsim.language import Sentence
from trafficsim.places import Pool, Staff, Store
from trafficsim.scenario.schema import Plan


def too_coarse(plans: Sequence[Plan]) -> Iterator[Sentence]:
    """What of an arm's plans is less than one simulated customer; nothing where all customers are simulated."""
    each = plans[0].customers.each_stands_for
    for what, people in dict.fromkeys(capacity for plan in plans for capacity in _capacities(plan)):
        if 0.0 < people < each:
            yield Sentence.say(
                "Too coarse a sample: {what} = {people}, less than one simulated customer, who stands for {each} "
                "people. Take customers.each_stands_for of {most} or less, and more customers.",
                what=what,
                people=f"{people:,.4g}",
                each=f"{each:,}",
                most=f"{max(math.floor(people), 1):,}",
            )


def _capacities(plan: Plan) -> Iterator[tuple[str, float]]:
    """What can be held at all, or had over the whole run, in people or orders, by its path."""
    for name, place in plan.places.items():
        if isinstance(place, Store):
            for slot, entry in place.slots.items():
                path = f"places.{name}.slots.{slot}.seats"
                yield f"{path} / branches x days", entry.seats / place.branches * plan.days
        if isinstance(place, Pool):
            yield from _of_pool(name, place, plan)


def _of_pool(name: str, pool: Pool, plan: Plan) -> Iterator[tuple[str, float]]:
    staff = {} if plan.staff == "off" else {key: s for key, s in plan.staff.items() if s.serves == name}
    if staff:
        people: list[Staff] = list(staff.values())
        path = " + ".join(f"staff.{key}" for key in staff)
        yield f"{path}: count x adds_per_day x days", sum(s.count * s.adds_per_day for s in people) * plan.days
        if pool.form == "contact":
            yield f"{path}: count x contacts", sum(s.count * s.contacts for s in people)
    if pool.form != "contact":
        yield f"places.{name}: groups x group_size", pool.groups * pool.group_size
        if pool.members_talk:
            yield f"places.{name}.group_size", pool.group_size
