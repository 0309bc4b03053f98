"""The counters: what is counted each day, declared once, with its unit and meaning.

Each name here is the row of that counter in a day's tally (see `tally`): `f.tally[ORDERS, place] += 1`.
"""

from dataclasses import dataclass
from typing import Literal

By = Literal["", "place", "hook", "staff", "route", "touch", "slot", "cohort", "region"]
Adds = Literal["", "spend", "cost", "income"]


@dataclass(frozen=True)
class Counter:
    """A flow that the ledger adds up each day as an integer.

    `by` names the dimension that it is broken down by (place, hook, staff, route, touch, slot, cohort or region), or is
    empty for one number a day.
    """

    name: str
    unit: str
    by: By
    meaning: str
    sampled: bool = True
    """Whether simulated customers are counted, or what they do or cost: times `each_stands_for` it is the market's.
    What the brand does whoever its customers are (posts, media, pay, rent) is counted in full at any sample."""
    adds: Adds = ""
    """Of cents of a mechanism of one's own: what they are to profit. Of ours, `SPEND_LINES` and `COST_LINES` tell."""
    zh: str = ""
    """The meaning in Chinese, of a counter that no catalogue of words has."""

    def times(self, each_stands_for: int) -> int:
        """What is counted in a simulation, times this, is the whole market's."""
        return each_stands_for if self.sampled else 1


_DECLARED: list[Counter] = []


def _counted(name: str, unit: str, by: By, meaning: str, *, sampled: bool = True) -> int:
    """Declare a counter (see `Counter`); its row."""
    _DECLARED.append(Counter(name, unit, by, meaning, sampled))
    return len(_DECLARED) - 1


AWARE = _counted(
    "aware", "customers", "route", "customers who met the brand for the first time, by the route of that contact"
)
VISITS = _counted("visits", "visits", "place", "customers who opened a platform or walked into a store that day")
IMPRESSIONS = _counted("impressions", "impressions", "place", "paid impressions shown", sampled=False)
NOTICED = _counted("noticed", "customers", "place", "customers who noticed an advertisement")
POSTS = _counted("posts", "posts", "place", "posts published (by the brand, whoever reads them)", sampled=False)
READS = _counted("reads", "reads", "place", "customers who read a post that day")
ASKED = _counted("asked", "customers", "hook", "customers asked to join by this hook")
JOINED_BY = _counted("joined_by", "customers", "hook", "customers who joined a pool by this hook")
JOINED = _counted("joined", "customers", "place", "customers who joined this pool")
LEFT = _counted("left", "customers", "place", "members who quit or blocked this pool")
NEEDS = _counted("needs", "occasions", "", "occasions on which a customer decided where to buy")
RECALLED = _counted("recalled", "occasions", "", "occasions on which the brand came to mind")
ORDERS = _counted("orders", "orders", "place", "orders, by the place where they were made")
ORDERS_FROM = _counted("orders_from", "orders", "route", "orders, by the route of the customer's first contact")
FIRST_ORDERS = _counted(
    "first_orders", "customers", "route", "first orders ever of a customer, by the route of the first contact"
)
TOLD_ABOUT = _counted("told", "customers", "", "times that a customer was told about the brand by an acquaintance")
GROSS_SALES = _counted("gross_sales", "cents", "place", "orders at list price")
DISCOUNTS = _counted("discounts", "cents", "place", "price cuts given on orders")
COST_OF_GOODS = _counted("cost_of_goods", "cents", "place", "unit cost of what was sold")
COMMISSION = _counted("commission", "cents", "place", "share of the price kept by the platform")
DELIVERY = _counted("delivery", "cents", "place", "cost of delivering orders")
ADVERTISING = _counted("advertising", "cents", "place", "paid media", sampled=False)
HOOKS = _counted("hooks", "cents", "hook", "what hooks cost the brand")
CONTENT = _counted("content", "cents", "place", "cost of making posts", sampled=False)
WAGES = _counted("wages", "cents", "staff", "pay of the staff", sampled=False)
TOOLS = _counted("tools", "cents", "place", "software and fees of a pool", sampled=False)
SET_UP = _counted("set_up", "cents", "place", "what it cost to open a store or pool", sampled=False)
PERKS = _counted("perks", "cents", "place", "cost of what members get for staying")
FIXED_COSTS = _counted("fixed_costs", "cents", "place", "rent and other fixed costs of a store", sampled=False)
MARGIN_FROM = _counted(
    "margin_from", "cents", "route", "order margin (revenue less goods, commission, delivery), by first route"
)
MARGIN_OF_NEW = _counted(
    "margin_of_new",
    "cents",
    "route",
    "order margin of customers whose first order fell into the run, by first route",
)
INVITED = _counted("invited", "customers", "hook", "customers invited by an acquaintance that day")
REWARDS = _counted("rewards", "cents", "hook", "rewards to members whose invitation was taken")
JOINED_INVITED = _counted("joined_invited", "customers", "hook", "customers who joined a pool by an invitation")
MOMENTS_SEEN = _counted(
    "moments_seen", "customers", "staff", "customers who saw a Moments post of somebody of the staff"
)
ATTENTION = _counted("attention", "cents", "", "attention and fees for KOC and KOL")
PARTNER_PAY = _counted("partner_pay", "cents", "", "partners' share of orders that they referred")
ORDERS_IN = _counted("orders_in", "orders", "slot", "orders at a store, by the slot of their seat")
TURNED_AWAY = _counted("turned_away", "orders", "slot", "orders lost for want of a seat, by the slot that was wanted")
POACHED = _counted(
    "poached", "customers", "place", "members who left for a rival met in the group (they also count as left)"
)
WON_BACK = _counted("won_back", "customers", "place", "customers who had left a pool and came back")
WIN_BACK = _counted("win_back", "cents", "place", "cost of asking those who left once more")
MARGIN_BY_HOOK = _counted(
    "margin_by_hook",
    "cents",
    "hook",
    "order margin of those who joined a pool by this hook, since then; whoever joined two counts for both hooks",
)
ORDERS_OF_COHORT = _counted(
    "orders_of_cohort", "orders", "cohort", "orders of customers whose first order fell into these four weeks"
)
MARGIN_OF_COHORT = _counted(
    "margin_of_cohort", "cents", "cohort", "order margin of customers whose first order fell into these four weeks"
)
SALES_IN = _counted("sales_in", "cents", "slot", "orders less discounts, by the slot of their seat")
DELIVERED = _counted("delivered", "orders", "place", "home-delivery orders")
FIRST_ORDERS_TOUCHED = _counted(
    "first_orders_touched",
    "customers",
    "touch",
    "first orders ever of a customer, by the route of the last contact before",
)
UNSPENT = _counted("unspent", "cents", "place", "advertising budget beyond what the place can show", sampled=False)
FOLDED_POOL = _counted("folded", "customers", "place", "members who silenced this pool, and stay in it")
UNFOLDED = _counted("unfolded", "customers", "place", "members who look again at this pool, which they had silenced")
SECOND_ORDERS = _counted("second_orders", "customers", "", "second orders ever of a customer")
MESSAGING = _counted("messaging", "cents", "place", "cost of sending posts to members one by one")
MADE_AHEAD = _counted(
    "made_ahead", "orders", "", "orders that were not made, as an earlier one at a deal stands for them"
)
ORDERS_OF_REGION = _counted("orders_of_region", "orders", "region", "orders of customers who live there, wherever made")
STORE_ORDERS_OF_REGION = _counted("store_orders_of_region", "orders", "region", "of these, orders at a store")
FIRST_ORDERS_OF_REGION = _counted(
    "first_orders_of_region", "customers", "region", "first orders ever of customers who live there"
)
SALES_OF_REGION = _counted("sales_of_region", "cents", "region", "what customers who live there paid for orders")
MARGIN_OF_REGION = _counted("margin_of_region", "cents", "region", "order margin of customers who live there")

REMOVED = _counted(
    "removed", "customers", "place", "members whom the brand removed from this pool (they also count as left)"
)
IN_TIERS = _counted(
    "in_tiers", "member-days", "place", "members of this pool in a tier at the end of the day, once for each tier"
)

CARE_GIVEN = _counted("care_given", "customers", "staff", "members whom these staff looked after that day")
CARE_MISSED = _counted("care_missed", "customers", "staff", "members whose turn for care it was and who found no time")

COUNTERS: tuple[Counter, ...] = tuple(_DECLARED)
"""All of them, in the order of their rows."""
