"""Tiers: members of a pool who belong to an audience have perks of their own, and cost what these cost."""

from trafficsim.books.counters import IN_TIERS, PERKS
from trafficsim.books.tally import MONTH, cents_drawn
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, select
from trafficsim.kernel.draws import TIER_PERK
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.rng import day_key, uniform
from trafficsim.market.quantities import (
    AudienceName,
    Money,
    Parameters,
    Phrase,
    PoolName,
    Score,
    Slider,
    Weight,
    setting,
)
from trafficsim.mechanisms.shared.audiences import belongs
from trafficsim.mechanisms.shared.memory import flag_members, is_member


class Tier(Parameters):
    """One tier: the members of a pool who belong to an audience. Who is in several has the perks of each."""

    pool: PoolName = setting("the pool whose members it is for", fixed=True)
    to: AudienceName = setting("who of them is in it; asked anew each time")
    perk: Score = setting(
        "lasting value of staying, besides the pool's own perk (both together at most 1)",
        default=0.0,
        slider=Slider("perk of the tier", "等级权益", first=True),
    )
    convenience: Weight = setting(
        "what its perks add to the choice of the brand over rivals, wherever its members order",
        default=0.0,
        phrase=Phrase("{value} logits added to the choice of the brand", "选择品牌的吸引力加 {value}（logit）"),
    )
    perk_cost_per_member_month: Money = setting(
        "what the perks of one of its members cost the brand, besides the pool's",
        default=0.0,
        slider=Slider("cost of the tier, a member and month", "等级权益成本（每人每月）"),
        phrase=Phrase("perks for {value} a member and month", "成员权益成本每人每月 {value}"),
    )
    perk_cost_per_order: Money = setting(
        "the same each time one of its members orders, wherever that is",
        default=0.0,
        slider=Slider("cost of the tier, an order of a member", "等级权益成本（成员每单）"),
        phrase=Phrase("perks for {value} an order of a member", "成员每单权益成本 {value}"),
    )


@rule
def perks_together(of_pool: float, of_tiers: float) -> float:
    """What the perks of a pool and of a member's tiers are worth together, 0 to 1."""
    return min(of_pool + of_tiers, 1.0)


@step
def look_after(f: Frame, first: int, last: int) -> None:
    """Count those of customers first..last who are in tiers at the end of the day, and pay for their perks."""
    for row in range(f.tiers.size):
        tier = f.tiers[row]
        p = f.places[tier.pool]
        if tier.on and p.on:
            u = day_key(tier.key, f.day, TIER_PERK)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_members(f, f.flags, p.pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.traits, f.bought):
                    if belongs(f, i, tier.to):
                        f.tally[IN_TIERS, tier.pool] += 1
                        cost = tier.perk_cost_per_member_month / MONTH
                        f.tally[PERKS, tier.pool] += cents_drawn(uniform(u, i), cost)


@part
def is_in_tier(f: Frame, i: int, row: int) -> bool:
    """Whether customer i is in a tier now."""
    tier = f.tiers[row]
    p = f.places[tier.pool]
    return tier.on > 0 and p.on > 0 and is_member(f, i, p.pool) and belongs(f, i, tier.to)


@part
def perk_in(f: Frame, i: int, place: int) -> float:
    """What the perks of a pool are worth to its member i, with those of their tiers in it."""
    extra = 0.0
    for row in range(f.tiers.size):
        if f.tiers[row].pool == place and is_in_tier(f, i, row):
            extra += f.tiers[row].perk
    return perks_together(f.places[place].perk, extra)


@part
def convenience_for(f: Frame, i: int) -> float:
    """What customer i's tiers add to the choice of the brand, in logits."""
    added = 0.0
    for row in range(f.tiers.size):
        if is_in_tier(f, i, row):
            added += f.tiers[row].convenience
    return added


@part
def book_tiers(f: Frame, i: int, u: float) -> None:
    """Book what an order of customer i costs in perks of their tiers; `u` decides about parts of a cent."""
    for row in range(f.tiers.size):
        if f.tiers[row].perk_cost_per_order > 0.0 and is_in_tier(f, i, row):
            f.tally[PERKS, f.tiers[row].pool] += cents_drawn(u, f.tiers[row].perk_cost_per_order)
