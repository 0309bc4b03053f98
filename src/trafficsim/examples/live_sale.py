"""A weekly live-stream sale: some of those who know the brand watch, and some of these want to buy at once.

A scenario turns it on by `live_sale: {at: PLACE}`; `--mechanism live_sale` loads it. Watchers hold the offer of that
place's posts for the day, so that its discount is the sale's; what they want is partly taken from later needs.
"""

from typing import Literal

import numpy as np

from trafficsim.engine.extending import mechanism
from trafficsim.engine.own_day import Today
from trafficsim.kernel.columns import NEVER
from trafficsim.market.quantities import Money, Parameters, PlaceName, Probability, Score, Share, setting
from trafficsim.mechanisms.shared.own import column, counter

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Settings(Parameters):
    """When it is, who watches, and what it costs."""

    at: PlaceName = setting("place where it is streamed; watchers hold the offer of its posts for the day")
    weekday: Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"] = setting("of the show", default="thu")
    watched: Probability = setting("chance that a customer who knows the brand watches", default=0.03)
    watched_by_members: Probability = setting("the same of members of a pool, who are told of it", default=0.15)
    wants: Probability = setting("chance that a watcher wants to buy at once", default=0.05)
    repaid: Share = setting("share of such a need that is taken from later ones", default=0.6)
    salience: Score = setting("share of its gap that a watcher's salience closes, as by a post in a pool", default=0.35)
    fee: Money = setting("for host and platform, a show", default=400.0)


@mechanism("live_sale", after="posts", zh="每周直播促销：观众当天持有优惠，其中一些人立即想买")
class LiveSale:
    """A weekly live-stream sale, whose watchers hold an offer for the day, and some of whom want to buy at once."""

    Parameters = Settings

    shows = column("u2", "times", "shows that this customer watched")
    watched = counter("customers", "customers who watched the live-stream sale", zh="观看直播的顾客")
    wanted = counter("occasions", "needs that the live-stream sale stirred", zh="直播激发的需求")
    fees = counter("cents", "host and platform of the live-stream sale", adds="spend", sampled=False, zh="直播费用")

    def step(self, today: Today) -> None:
        """On its weekday, the show."""
        p = today.settings
        if WEEKDAYS[today.date.weekday()] != p.weekday:
            return
        chance = np.where(today.members(), p.watched_by_members, p.watched)
        watching = (today.columns.story.aware_on != NEVER) & (today.draws("watches") < chance)
        wants = watching & (today.draws("wants") < p.wants)
        today.own.shows[watching] += 1
        today.contact(watching, p.salience)
        today.open_needs(wants, p.repaid)
        if p.at in today.names.posts:
            today.columns.bought.offer[watching] = today.names.posts.index(p.at) + 1
            today.columns.bought.offer_until[watching] = today.day + 1
        today.count("watched", np.count_nonzero(watching))
        today.count("wanted", np.count_nonzero(wants))
        today.count("fees", today.cents(p.fee))
