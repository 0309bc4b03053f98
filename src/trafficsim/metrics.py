"""The metrics: every number that the ledger counts or a table shows, named, given a unit and explained once.

The ledger, the results, tables, plots and documentation all read this registry; nothing is counted under a second name.
Counts are whole customers, orders or impressions; money is whole cents of the scenario's currency.
"""

from dataclasses import dataclass
from typing import Literal

Better = Literal["more", "less", "neither"]


@dataclass(frozen=True)
class Counter:
    """A flow that the ledger adds up each day as an integer.

    `by` names the dimension that it is broken down by (place, hook, staff, route, slot or cohort), or is empty for one
    number a day.
    """

    name: str
    unit: Literal["customers", "orders", "occasions", "impressions", "posts", "reads", "visits", "cents"]
    by: Literal["", "place", "hook", "staff", "route", "slot", "cohort"]
    meaning: str


@dataclass(frozen=True)
class Metric:
    """A number of a comparison's table, made from counters over the whole run (or its last 30 days)."""

    name: str
    label: str
    unit: Literal["customers", "members", "orders", "money", "money per customer"]
    better: Better
    meaning: str

    @property
    def divisor(self) -> float:
        """How many of what is counted make one of what is shown: cents a currency unit."""
        return 100.0 if self.unit.startswith("money") else 1.0


ROUTES = ("organic", "paid", "store", "told", "invited", "staff", "start")
"""First-contact routes, in the order of their codes (see `customers.py`, column `route`)."""

COUNTERS: tuple[Counter, ...] = (
    Counter(
        "aware", "customers", "route", "customers who met the brand for the first time, by the route of that contact"
    ),
    Counter("visits", "visits", "place", "customers who opened a platform or walked into a store that day"),
    Counter("impressions", "impressions", "place", "paid impressions shown"),
    Counter("noticed", "customers", "place", "customers who noticed an advertisement"),
    Counter("posts", "posts", "place", "posts published (by the brand, whoever reads them)"),
    Counter("reads", "reads", "place", "customers who read a post that day"),
    Counter("asked", "customers", "hook", "customers asked to join by this hook"),
    Counter("joined_by", "customers", "hook", "customers who joined a pool by this hook"),
    Counter("joined", "customers", "place", "customers who joined this pool"),
    Counter("left", "customers", "place", "members who quit or blocked this pool"),
    Counter("needs", "occasions", "", "occasions on which a customer decided where to buy"),
    Counter("recalled", "occasions", "", "occasions on which the brand came to mind"),
    Counter("orders", "orders", "place", "orders, by the place where they were made"),
    Counter("orders_from", "orders", "route", "orders, by the route of the customer's first contact"),
    Counter("first_orders", "customers", "route", "first orders ever of a customer, by the route of the first contact"),
    Counter("told", "customers", "", "times that a customer was told about the brand by an acquaintance"),
    Counter("gross_sales", "cents", "place", "orders at list price"),
    Counter("discounts", "cents", "place", "price cuts given on orders"),
    Counter("cost_of_goods", "cents", "place", "unit cost of what was sold"),
    Counter("commission", "cents", "place", "share of the price kept by the platform"),
    Counter("delivery", "cents", "place", "cost of delivering orders"),
    Counter("advertising", "cents", "place", "paid media"),
    Counter("hooks", "cents", "hook", "what hooks cost the brand"),
    Counter("content", "cents", "place", "cost of making posts"),
    Counter("wages", "cents", "staff", "pay of the staff"),
    Counter("tools", "cents", "place", "software and fees of a pool"),
    Counter("perks", "cents", "place", "cost of what members get for staying"),
    Counter("fixed_costs", "cents", "place", "rent and other fixed costs of a store"),
    Counter("margin_from", "cents", "route", "order margin (revenue less goods, commission, delivery), by first route"),
    Counter(
        "margin_of_new",
        "cents",
        "route",
        "order margin of customers whose first order fell into the run, by first route",
    ),
    Counter("invited", "customers", "hook", "customers invited by an acquaintance that day"),
    Counter("rewards", "cents", "hook", "rewards to members whose invitation was taken"),
    Counter("moments_seen", "customers", "staff", "customers who saw a Moments post of somebody of the staff"),
    Counter("attention", "cents", "", "attention and fees for KOC and KOL"),
    Counter("partner_pay", "cents", "", "partners' share of orders that they referred"),
    Counter("orders_in", "orders", "slot", "orders at a store, by the slot of their seat"),
    Counter("turned_away", "orders", "slot", "orders lost for want of a seat, by the slot that was wanted"),
    Counter("poached", "customers", "place", "members who left for a rival met in the group (they also count as left)"),
    Counter("won_back", "customers", "place", "customers who had left a pool and came back"),
    Counter("win_back", "cents", "place", "cost of asking those who left once more"),
    Counter(
        "margin_by_hook", "cents", "hook", "order margin of those who joined their first pool by this hook, since then"
    ),
    Counter("orders_of_cohort", "orders", "cohort", "orders of customers whose first order fell into these four weeks"),
    Counter(
        "margin_of_cohort", "cents", "cohort", "order margin of customers whose first order fell into these four weeks"
    ),
    Counter("sales_in", "cents", "slot", "orders less discounts, by the slot of their seat"),
    Counter("delivered", "orders", "place", "orders brought home"),
)

SPEND_LINES = (
    "advertising",
    "hooks",
    "rewards",
    "attention",
    "partner_pay",
    "win_back",
    "content",
    "wages",
    "tools",
    "perks",
)
"""Cost lines that a marketing decision sets: together the *spend* of an arm."""

COST_LINES = ("discounts", "cost_of_goods", "commission", "delivery", *SPEND_LINES, "fixed_costs")
"""What gross sales lose before they are contribution profit."""

METRICS: tuple[Metric, ...] = (
    Metric(
        "spend",
        "spend",
        "money",
        "neither",
        "advertising, hooks, rewards, KOC, KOL and partners, win-back, content, staff, tools and perks",
    ),
    Metric("new_customers", "new customers", "customers", "more", "customers whose first order fell into the run"),
    Metric(
        "members",
        "members",
        "members",
        "more",
        "members of pools on the last day (one person in two pools counts twice)",
    ),
    Metric("orders", "orders", "orders", "more", "orders in the run"),
    Metric("revenue", "revenue", "money", "more", "gross sales less discounts"),
    Metric(
        "profit",
        "contribution profit",
        "money",
        "more",
        "revenue less goods, commission, delivery, spend and fixed costs",
    ),
    Metric(
        "present_value",
        "present value",
        "money",
        "more",
        "contribution profit, each day's discounted to day 0",
    ),
    Metric("profit_last_30", "profit, last 30 days", "money", "more", "contribution profit of the last 30 days"),
    Metric(
        "cac",
        "CAC",
        "money per customer",
        "less",
        "reported customer acquisition cost: advertising and hooks / new customers",
    ),
    Metric(
        "true_cac",
        "true CAC",
        "money per customer",
        "less",
        "extra spend / extra new customers against the baseline arm; none where both spend the same",
    ),
    Metric(
        "clv",
        "CLV to the last day",
        "money per customer",
        "more",
        "order margin of new customers up to the last day, per new customer",
    ),
)


def counter(name: str) -> Counter:
    """The counter of that name; KeyError if there is none."""
    return {c.name: c for c in COUNTERS}[name]


def metric(name: str) -> Metric:
    """The metric of that name; KeyError if there is none."""
    return {m.name: m for m in METRICS}[name]
