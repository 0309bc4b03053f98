"""Sizes that stand in an unusual relation to the audience: what turns verdicts without being seen.

The same shop for 20,000, 100,000 or a million people loses, loses less, and earns: what money and staff come to per
person decides. Limits are assumed, wide, and told with the number found.
"""

from collections.abc import Iterator, Sequence

from trafficsim.market.places import Pool
from trafficsim.scenario.schema import Plan
from trafficsim.words.language import Sentence

MOST_ADS_A_WEEK = 10.0
"""Advertisements a week per person above which a budget is asked about (assumed)."""
FEWEST_ADS = 1.0
"""Advertisements per person in the whole run below which a budget is asked about (assumed)."""
LEAST_REACHED = 0.01
"""Share of the audience that staff can add in the whole run below which their number is asked about (assumed)."""
MOST_OF_THE_MARKET = 0.5
"""Share of all that the audience spends on such things, anywhere, above which fixed costs are asked about (assumed)."""


def unusual_sizes(plans: Sequence[Plan]) -> Iterator[Sentence]:
    """What is out of the usual per person in a period of an arm; a setting is told once, in its first such period."""
    told: set[str] = set()
    for plan in plans:
        for sentence in (*_ads(plan), *_staff(plan), *_fixed_costs(plan)):
            if sentence.about not in told:
                told.add(sentence.about)
                yield sentence


def _people(plan: Plan) -> int:
    return plan.customers.count * plan.customers.each_stands_for


def _ads(plan: Plan) -> Iterator[Sentence]:
    for name, ads in plan.advertising.items() if isinstance(plan.advertising, dict) else ():
        days = max(min(plan.days if ads.until_day is None else ads.until_day, plan.days) - ads.from_day, 0)
        a_day = 1000.0 * ads.budget_per_day / ads.cpm / _people(plan) if ads.cpm > 0 else 0.0
        path = f"advertising.{name}.budget_per_day"
        if 7.0 * a_day > MOST_ADS_A_WEEK:
            yield Sentence.say(
                "{setting} pays for {many} advertisements a week for each of {people} people; more than {most} are "
                "unusual. Is the number of customers the whole audience?",
                setting=path,
                many=f"{7.0 * a_day:,.3g}",
                people=f"{_people(plan):,}",
                most=f"{MOST_ADS_A_WEEK:g}",
            ).at(path)
        elif 0 < a_day * days < FEWEST_ADS and not ads.regions:
            yield Sentence.say(
                "{setting} pays for {many} advertisements for each of {people} people in the whole run: most never see "
                "one. Is the audience that large?",
                setting=path,
                many=f"{a_day * days:.2g}",
                people=f"{_people(plan):,}",
            ).at(path)


def _staff(plan: Plan) -> Iterator[Sentence]:
    for name, staff in plan.staff.items() if isinstance(plan.staff, dict) else ():
        place, can_add = plan.places.get(staff.serves), staff.count * staff.adds_per_day * plan.days
        if isinstance(place, Pool) and 0 < can_add < LEAST_REACHED * _people(plan):
            yield Sentence.say(
                "Staff '{name}' can add {share} of {people} people in the whole run: what they do hardly shows in the "
                "whole market.",
                name=name,
                share=f"{100 * can_add / _people(plan):.2g} %",
                people=f"{_people(plan):,}",
            ).at(f"staff.{name}.adds_per_day")


def _fixed_costs(plan: Plan) -> Iterator[Sentence]:
    needs = sum(each.share / each.days_between_needs * each.basket for each in plan.customers.segments.values())
    market = needs * _people(plan) * plan.product.price
    costs = {name: getattr(place, "fixed_cost_per_day", 0.0) for name, place in plan.places.items()}
    if sum(costs.values()) > MOST_OF_THE_MARKET * market > 0:
        name = max(costs, key=lambda each: costs[each])
        yield Sentence.say(
            "Fixed costs of {costs} a day are {share} of all that {people} people spend on such things anywhere. Is "
            "the number of customers the whole audience?",
            costs=f"{sum(costs.values()):,.0f}",
            share=f"{100 * sum(costs.values()) / market:.0f} %",
            people=f"{_people(plan):,}",
        ).at(f"places.{name}.fixed_cost_per_day")
