"""A rival's pool: whoever joins it is offered what the brand sells, and drifts away from the brand's own pools.

"If you build none, your rival will" (article 000). A scenario turns it on by `rival_pool: {}`; `--mechanism rival_pool`
loads it. It costs the brand nothing but the needs that it takes.
"""

import numpy as np

from trafficsim.engine.extending import mechanism
from trafficsim.engine.own_day import Today
from trafficsim.market.quantities import Day, Parameters, Probability, Share, setting
from trafficsim.mechanisms.shared.own import column, counter


class Settings(Parameters):
    """How hard the rival tries, and who resists."""

    from_day: Day = setting("first day of the rival's pool", default=0)
    asked_per_week: Probability = setting("chance in a week that the rival's hook asks a customer", default=0.05)
    taken: Probability = setting("chance that its hook is taken by whoever trusts nobody else", default=0.4)
    member_resists: Share = setting("share of such chances that a member of the brand's pools resists", default=0.5)
    offers: Probability = setting(
        "chance that its offer takes a need of an earlier day on the day on which it is decided", default=0.3
    )
    pulled_per_week: Probability = setting("chance in a week that its member quits a pool of the brand", default=0.02)
    left_per_week: Probability = setting("chance in a week that a member leaves it again", default=0.01)


@mechanism("rival_pool", after="posts", zh="竞争对手的私域：其成员的需求被抢走，并逐渐离开品牌的私域")
class RivalPool:
    """A rival's pool, whose hooks and offers compete with the brand's for needs and members."""

    Parameters = Settings

    inside = column("?", "yes or no", "member of the rival's pool")
    joined = counter("customers", "customers who joined the rival's pool", zh="加入对手私域的顾客")
    left = counter("customers", "members who left the rival's pool", zh="离开对手私域的顾客")
    taken = counter("occasions", "needs that the rival's offers took", zh="被对手抢走的需求")
    pulled = counter("customers", "members of the brand's pools whom the rival pulled out", zh="被对手拉走的成员")

    def step(self, today: Today) -> None:
        """Its hook asks, its offers take needs of the day, and members are pulled out of the brand's pools."""
        p, inside = today.settings, today.own.inside
        if today.day < p.from_day:
            return
        trust, ours = today.columns.mind.trust, today.members()
        resists = np.where(ours, 1.0 - p.member_resists, 1.0)
        leaves = inside & (today.draws("leaves") < p.left_per_week / 7.0)
        asked = ~inside & (today.draws("asked") < p.asked_per_week / 7.0)
        joins = asked & (today.draws("joins") < p.taken * (1.0 - trust) * resists)
        inside[leaves], inside[joins] = False, True
        due = inside & (today.columns.roll.decide_on == today.day) & (today.columns.roll.open_needs > 0)
        first = due & (today.draws("offer") < p.offers * (1.0 - trust))
        pulled = inside & ours & (today.draws("pulled") < p.pulled_per_week / 7.0)
        today.count("taken", today.take_needs(first))
        today.count("pulled", sum(today.leave(pool, pulled) for pool in today.names.pools))
        today.count("joined", np.count_nonzero(joins))
        today.count("left", np.count_nonzero(leaves))
