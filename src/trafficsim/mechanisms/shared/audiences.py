"""Audiences: named groups of customers, by what the brand can know of them, whom posts, hooks and others are aimed at.

Nobody is put into an audience: who belongs to it is asked of the columns when something is aimed, so that customers
come and go as they order, join and rest.
"""

import math
from typing import Annotated

from pydantic import Field, model_validator

from trafficsim.compiled import part, rule
from trafficsim.kernel.columns import BEFORE_START, LONG_BEFORE
from trafficsim.kernel.frame import Frame
from trafficsim.kernel.rng import uniform
from trafficsim.market.quantities import Count, Money, Parameters, Phrase, Share, Strength, Unit, setting
from trafficsim.mechanisms.shared.memory import is_member
from trafficsim.mechanisms.shared.regions import region_of
from trafficsim.mechanisms.shared.roles import PARTNER

EVERYBODY = 0
"""In place of an audience (its code + 1): no one is left out."""
DaysSince = Annotated[float, Field(ge=0.0, le=36_500.0), Unit("days")]
PAIRS = ("orders", "days_since_order", "spend", "days_in_pool", "reading", "lot")
"""What has a least and a most."""


class Audience(Parameters):
    """A group of customers: all conditions that are given must hold.

    Stages are told by orders: a prospect has `most_orders: 0`, who ordered once `least_orders: 1, most_orders: 1`, a
    regular `least_orders: 2`, a lapsed customer `least_days_since_order: 90`.
    """

    segments: tuple[str, ...] = setting(
        "customers of these segments; of all unless given",
        default=(),
        phrase=Phrase("of the segments {value}", "属于客群 {value}"),
    )
    regions: tuple[str, ...] = setting(
        "customers who live in these regions; in all unless given",
        default=(),
        phrase=Phrase("who live in {value}", "住在 {value}"),
    )
    least_orders: Count | None = setting(
        "orders so far, at least", default=None, phrase=Phrase("with {value} orders or more", "已下单至少 {value} 次")
    )
    most_orders: Count | None = setting(
        "orders so far, at most", default=None, phrase=Phrase("with {value} orders or fewer", "已下单至多 {value} 次")
    )
    least_days_since_order: DaysSince | None = setting(
        "days since the last order, at least; who never ordered doesn't belong",
        default=None,
        phrase=Phrase("who ordered {value} days ago or earlier", "上次下单在 {value} 天前或更早"),
    )
    most_days_since_order: DaysSince | None = setting(
        "the same, at most", default=None, phrase=Phrase("who ordered within {value} days", "{value} 天内下过单")
    )
    least_spend: Money | None = setting(
        "paid so far in the run, at least",
        default=None,
        phrase=Phrase("who paid {value} or more", "累计消费至少 {value}"),
    )
    most_spend: Money | None = setting(
        "the same, at most", default=None, phrase=Phrase("who paid {value} or less", "累计消费至多 {value}")
    )
    hooks: tuple[str, ...] = setting(
        "members of a pool that they joined by one of these hooks; whatever brought them unless given",
        default=(),
        phrase=Phrase("who joined by {value}", "由 {value} 入池"),
    )
    least_days_in_pool: DaysSince | None = setting(
        "days since joining a pool in which they are (by one of the hooks, if given), at least; members from before "
        "the start have been there for longer than any number",
        default=None,
        phrase=Phrase("in a pool for {value} days or more", "入池至少 {value} 天"),
    )
    most_days_in_pool: DaysSince | None = setting(
        "the same, at most", default=None, phrase=Phrase("in a pool for {value} days or less", "入池至多 {value} 天")
    )
    least_reading: Strength | None = setting(
        "how often the customer opens posts, as a multiple of the average, at least",
        default=None,
        phrase=Phrase("who read {value} times as often as the average, or more", "阅读频率至少为平均的 {value} 倍"),
    )
    most_reading: Strength | None = setting(
        "the same, at most",
        default=None,
        phrase=Phrase("who read {value} times as often as the average, or less", "阅读频率至多为平均的 {value} 倍"),
    )
    partners: bool = setting(
        "only partners (see word_of_mouth.partners)", default=False, phrase=Phrase("who are partners", "已是合伙人")
    )

    least_lot: Share | None = setting(
        "a number from 0 to 1 that each customer draws once for all audiences, at least: for a control group",
        default=None,
        phrase=Phrase("whose lot is {value} or more", "抽签数至少为 {value}"),
    )
    most_lot: Share | None = setting(
        "the same, at most; 0.5 is half of all customers by chance, such as a test group",
        default=None,
        phrase=Phrase("whose lot is {value} or less", "抽签数至多为 {value}"),
    )

    @model_validator(mode="after")
    def _says_something_possible(self) -> "Audience":
        for name in PAIRS:
            least, most = getattr(self, f"least_{name}"), getattr(self, f"most_{name}")
            if least is not None and most is not None and least > most:
                raise ValueError(f"least_{name} ({least:g}) can't exceed most_{name} ({most:g})")
        return self


@rule
def within(value: float, least: float, most: float) -> bool:
    """Whether a number is at least one and at most another; NaN for a bound that is not given."""
    return not (value < least or value > most)


@rule
def day_of_joining(joined_on: int) -> int:
    """The day on which a member joined, also before a saved past; `BEFORE_START` for who was in it on day 0."""
    return joined_on + LONG_BEFORE if joined_on < BEFORE_START else joined_on


@rule
def days_as_member(day: int, joined_on: int) -> float:
    """Days since joining a pool; for who was in it before the start longer than any number."""
    since = day_of_joining(joined_on)
    return float(day - since) if since >= 0 else math.inf


@rule
def ordered_within(orders: int, days: float, least: float, most: float) -> bool:
    """Whether the last of so many orders is as many days ago as asked (see `within`).

    Who never ordered has no such days, and passes only where neither bound is given.
    """
    return within(days, least, most) if orders > 0 else math.isnan(least) and math.isnan(most)


@part
def belongs_to(f: Frame, i: int, audience: int) -> bool:
    """Whether customer i is one of those at whom something is aimed: an audience's code + 1, or EVERYBODY."""
    return audience == EVERYBODY or belongs(f, i, audience - 1)


@part
def belongs(f: Frame, i: int, row: int) -> bool:
    """Whether customer i belongs to an audience now."""
    a = f.audiences[row]
    days = float(f.day - f.bought.last_order_on[i])
    return (
        a.in_segment[f.traits.segment[i]] > 0
        and (not a.by_region or a.in_region[region_of(f, i)] > 0)
        and within(f.bought.orders[i], a.least_orders, a.most_orders)
        and ordered_within(f.bought.orders[i], days, a.least_days_since_order, a.most_days_since_order)
        and within(f.bought.spend[i], a.least_spend, a.most_spend)
        and within(f.roll.opens[i], a.least_reading, a.most_reading)
        and (not a.by_lot or within(uniform(a.key, i), a.least_lot, a.most_lot))
        and (not a.partners or f.roll.role[i] & PARTNER > 0)
        and (not a.by_membership or is_such_a_member(f, i, row))
    )


@part
def is_such_a_member(f: Frame, i: int, row: int) -> bool:
    """Whether customer i is in any pool by a hook and for a time that an audience asks for."""
    a = f.audiences[row]
    for pool in range(f.member.status.shape[0]):
        days = days_as_member(f.day, f.member.joined_on[pool, i])
        by = f.member.hook[pool, i]
        if is_member(f, i, pool) and a.by_hook[by] > 0 and within(days, a.least_days_in_pool, a.most_days_in_pool):
            return True
    return False
