"""Loyalty points: what customers pay earns points, and enough points earn a reward.

A scenario turns it on by `loyalty: {}`; `--mechanism loyalty` loads it. Whoever gets a reward remembers the brand and
trusts it somewhat more; what it costs is spend.
"""

import numpy as np

from trafficsim.engine.extending import mechanism
from trafficsim.engine.own_day import Today
from trafficsim.market.currencies import minor_units
from trafficsim.market.quantities import Count, Money, Parameters, Score, Strength, setting
from trafficsim.mechanisms.shared.own import column, counter


class Settings(Parameters):
    """What points are worth."""

    points_per_unit: Strength = setting("points for each currency unit paid", default=1.0)
    reward_at: Count = setting("points that are exchanged for one reward", default=500, ge=1)
    reward_cost: Money = setting("what a reward costs the brand", default=15.0)
    salience: Score = setting("share of its gap that salience closes when a reward comes", default=0.5)
    trust: Score = setting("share of the gap to full trust that a reward closes", default=0.05)
    members_only: bool = setting("whether only members of a pool collect", default=False)


@mechanism("loyalty", after="seating", zh="积分：消费累积积分，满额换取奖励")
class Loyalty:
    """Points for what customers pay, and a reward for enough of them."""

    Parameters = Settings

    points = column("f4", "points", "collected and not yet exchanged")
    seen = column("i8", "cents", "what the customer had paid when points were last given")
    granted = counter("points", "points given", zh="发放的积分")
    rewarded = counter("customers", "customers who got a reward", zh="获得奖励的顾客")
    cost = counter("cents", "rewards for points", adds="spend", zh="积分奖励成本")

    def step(self, today: Today) -> None:
        """Orders of the day earn points; who has enough gets rewards."""
        p, own, paid = today.settings, today.own, today.columns.bought.spend
        new = (paid - own.seen) / minor_units(today.plan.currency)
        own.seen[:] = paid
        points = np.floor(new * p.points_per_unit)
        if p.members_only:
            points[~today.members()] = 0.0
        own.points += points.astype(np.float32)
        rewards = own.points // p.reward_at
        own.points -= (rewards * p.reward_at).astype(np.float32)
        who = rewards > 0
        today.contact(who, p.salience)
        trust = today.columns.mind.trust
        trust[who] += p.trust * (1.0 - trust[who])
        today.count("granted", int(points.sum()))
        today.count("rewarded", np.count_nonzero(who))
        today.count("cost", today.cents(p.reward_cost) * int(rewards.sum()))
