"""The metrics: every number that the ledger counts or a table shows, named, given a unit and explained once.

The ledger, the results, tables, plots and documentation all read this registry; nothing is counted under a second name.
Counts are whole customers, orders or impressions; money is whole cents of the scenario's currency.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast

from trafficsim.books.counters import COUNTERS, Counter
from trafficsim.words.asked import one_of

Better = Literal["more", "less", "neither"]
MetricName = Literal[
    "spend",
    "new_customers",
    "members",
    "orders",
    "revenue",
    "profit",
    "present_value",
    "profit_last_30",
    "cac",
    "true_cac",
    "clv",
    "ltv_to_cac",
    "lowest_cash",
    "k_factor",
    "roas",
    "true_roas",
]
"""The names of `METRICS`, for editors to complete and type checkers to check."""


@dataclass(frozen=True)
class Metric:
    """A number of a comparison's table, made from counters over the whole run (or its last 30 days).

    A `ratio` names the two series of `measures.daily` of which one is divided by the other, each added up over the run
    and averaged over replicates first. `extra`: both are taken against the baseline arm.
    """

    name: MetricName
    label: str
    unit: Literal["customers", "members", "orders", "money", "money per customer", "ratio"]
    better: Better
    meaning: str
    ratio: tuple[str, str] | None = None
    extra: bool = False

    @property
    def sign(self) -> int:
        """What turns a difference so that more is better: -1 where less is."""
        return -1 if self.better == "less" else 1

    @property
    def divisor(self) -> float:
        """How many of what is counted make one of what is shown: cents a currency unit."""
        return 100.0 if self.unit.startswith("money") else 1.0


COHORT_DAYS = 28
"""Days in a cohort: customers whose first order fell into the same four weeks."""


SPEND_LINES = (
    "advertising",
    "hooks",
    "rewards",
    "attention",
    "partner_pay",
    "win_back",
    "content",
    "messaging",
    "wages",
    "tools",
    "set_up",
    "perks",
)
"""Cost lines that a marketing decision sets: together the *spend* of an arm."""

COST_LINES = ("discounts", "cost_of_goods", "commission", "delivery", *SPEND_LINES, "fixed_costs")
"""What gross sales lose before they are contribution profit."""


def spend_lines(own: Iterable[Counter] = ()) -> tuple[str, ...]:
    """`SPEND_LINES` and what mechanisms of one's own spend."""
    return (*SPEND_LINES, *(c.name for c in own if c.adds == "spend"))


def signs_in_profit(own: Iterable[Counter] = ()) -> dict[str, int]:
    """The lines of money that together are contribution profit: 1 for what adds to it, -1 for what it costs."""
    added = {c.name: 1 if c.adds == "income" else -1 for c in own if c.adds}
    return {"gross_sales": 1} | dict.fromkeys(COST_LINES, -1) | added


METRICS: tuple[Metric, ...] = (
    Metric(
        "spend",
        "spend",
        "money",
        "neither",
        "advertising, hooks, rewards, KOC, KOL, partners, win-back, content, messages, staff, tools, perks, and set-up "
        "costs that the file gives",
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
        "revenue less goods, commission, delivery, spend and the fixed costs that the file gives, no others",
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
        "customer acquisition cost, as reported: all spend / new customers; none where nothing is spent",
        ("spend", "new_customers"),
    ),
    Metric(
        "true_cac",
        "true CAC",
        "money per customer",
        "less",
        "extra spend / extra new customers against the baseline arm; none where both spend the same, nor where extra "
        "customers can't be told from none",
        ("spend", "new_customers"),
        extra=True,
    ),
    Metric(
        "clv",
        "CLV to the last day",
        "money per customer",
        "more",
        "order margin of new customers up to the last day, per new customer",
        ("margin_of_new", "new_customers"),
    ),
    Metric(
        "ltv_to_cac",
        "LTV:CAC to the last day",
        "ratio",
        "more",
        "CLV to the last day over CAC: order margin of new customers / all spend; none where nothing is spent; "
        "of all new customers, those who would have come anyway included: it doesn't tell whether what is spent pays",
        ("margin_of_new", "spend"),
    ),
    Metric(
        "lowest_cash",
        "lowest cash",
        "money",
        "more",
        "cash at the start and contribution profit added up, on the day on which they are least",
    ),
    Metric(
        "k_factor",
        "K-factor",
        "ratio",
        "more",
        "joined by an invitation, per membership ever held of any pool, also of those whose members can't invite",
        ("joined_invited", "ever_members"),
    ),
    Metric(
        "roas",
        "ROAS, as reported",
        "ratio",
        "more",
        "return on advertising spend, as reported: all revenue / advertising, whatever brought it, so that it does not "
        "tell whether advertising pays",
        ("revenue", "advertising"),
    ),
    Metric(
        "true_roas",
        "true return on spend",
        "ratio",
        "more",
        "extra revenue / extra spend against the baseline arm, with goods and delivery still in it, so that more than "
        "1 is no profit yet; none where both spend the same, nor where extra spend can't be told from none",
        ("revenue", "spend"),
        extra=True,
    ),
)

DISCOUNTED: dict[str, str] = {"clv": "CLV to the last day, discounted to day 0"}
"""Labels where a discount rate is set."""


@dataclass(frozen=True)
class LastCount:
    """What is counted once, from the columns, when a replicate has ended: `unit` is customers, orders or cents."""

    name: str
    unit: Literal["customers", "orders", "cents"]
    by: Literal["segment", "region", "hook", "top"]
    meaning: str


TOPS = {"fifth": 5, "tenth": 10}
"""The top buyers: one in so many of those who bought in the run, by what they paid."""

LAST_COUNTS: tuple[LastCount, ...] = (
    LastCount("customers_of_segment", "customers", "segment", "customers of the segment"),
    LastCount("buyers_of_segment", "customers", "segment", "customers who ordered in the run"),
    LastCount("orders_of_segment", "orders", "segment", "orders in the run"),
    LastCount("revenue_of_segment", "cents", "segment", "what they paid in the run"),
    LastCount("members_of_segment", "customers", "segment", "customers who are in any pool on the last day"),
    LastCount(
        "reached_of_segment", "customers", "segment", "of these, those who have not silenced all pools that they are in"
    ),
    LastCount("repeaters_of_segment", "customers", "segment", "customers who ordered first and again in the run"),
    LastCount("customers_of_region", "customers", "region", "customers who live there"),
    LastCount("buyers_of_region", "customers", "region", "of these, those who ordered in the run"),
    LastCount("members_of_region", "customers", "region", "of these, those who are in any pool on the last day"),
    LastCount("stayed_by_hook", "customers", "hook", "members on the last day who joined that pool by this hook"),
    LastCount("buyers_of_top", "customers", "top", "how many buyers are in the top fifth or tenth"),
    LastCount("revenue_of_top", "cents", "top", "what the top fifth or tenth of the buyers paid in the run"),
)

Over = Literal["flow", "level", "run"]


@dataclass(frozen=True)
class Quantity:
    """A number that a claim can speak of.

    `by` names the dimension of which one entry can be meant (`orders.dining_room`), "" for none. `over` tells what it
    is to a day or a window: a `flow` adds up over days, a `level` is what it is at the end of a day, and what is known
    of the whole `run` has no value at other times.
    """

    name: str
    unit: str
    by: str
    over: Over
    meaning: str


_SERIES = (
    Quantity("profit", "money", "", "flow", "contribution profit"),
    Quantity("revenue", "money", "", "flow", "gross sales less discounts"),
    Quantity("spend", "money", "", "flow", "all that a marketing decision sets"),
    Quantity("present_value", "money", "", "flow", "contribution profit, each day's discounted to day 0"),
    Quantity("new_customers", "customers", "", "flow", "first orders ever of a customer"),
    Quantity("acquisition", "money", "", "flow", "advertising and hooks"),
    Quantity("cac", "money per customer", "", "flow", "all spend per new customer"),
    Quantity(
        "clv", "money per customer", "", "flow", "order margin of new customers, discounted to day 0, per new customer"
    ),
    Quantity("roas", "ratio", "", "flow", "all revenue over advertising"),
    Quantity("days", "days", "", "flow", "days that passed, to divide by"),
    Quantity("cash", "money", "", "level", "cash at the start and contribution profit added up"),
    Quantity("lowest_cash", "money", "", "level", "the least that cash came to so far"),
    Quantity("members", "members", "pool", "level", "members of pools"),
    Quantity("customers_aware", "customers", "", "level", "customers who know the brand"),
    Quantity("customers", "customers", "", "level", "the whole population, to divide by"),
)
_OF_THE_RUN = (
    Quantity("true_cac", "money per customer", "", "run", "extra spend per extra new customer against the baseline"),
    Quantity("true_roas", "ratio", "", "run", "extra revenue over extra spend against the baseline"),
    Quantity("profit_last_30", "money", "", "run", "contribution profit of the last 30 days"),
    Quantity("ltv_to_cac", "ratio", "", "run", "order margin of new customers over all spend"),
    Quantity("k_factor", "ratio", "", "run", "joined by an invitation, per membership ever held of any pool"),
    Quantity("payback_day", "day", "", "run", "from when on contribution profit added up stays above 0"),
    Quantity("lowest_cash_day", "day", "", "run", "when cash is least"),
    Quantity("out_of_cash_day", "day", "", "run", "when cash is below 0 for the first time"),
    Quantity("joiners", "customers", "", "run", "customers who joined any pool in the run"),
    Quantity("joiner_orders", "orders", "", "run", "their orders in the run"),
    Quantity(
        "others", "customers", "", "run", "people who were in no pool, buyers or not, from the start or by joining"
    ),
    Quantity("other_orders", "orders", "", "run", "their orders in the run"),
    Quantity("naive_uplift", "orders per joiner", "", "run", "orders of a joiner less those of one who was in no pool"),
    Quantity(
        "causal_uplift",
        "orders per joiner",
        "",
        "run",
        "orders of a joiner less the same person's orders in the same arm without its pools",
    ),
    Quantity("naive_uplift_share", "share", "", "run", "the naive uplift as a share of the others' orders each"),
    Quantity("causal_uplift_share", "share", "", "run", "the causal uplift as a share of the same people's orders"),
    Quantity(
        "top_over_rest", "ratio", "top", "run", "what one of the top fifth or tenth paid over what one of the rest paid"
    ),
)


def quantities(own: Iterable[Counter] = ()) -> dict[str, Quantity]:
    """All that a claim can speak of, by name; money in currency units. `own`: of mechanisms of one's own."""
    units = {"cents": "money"}
    counted = [Quantity(c.name, units.get(c.unit, c.unit), c.by, "flow", c.meaning) for c in (*COUNTERS, *own)]
    last = [Quantity(c.name, units.get(c.unit, c.unit), c.by, "run", c.meaning) for c in LAST_COUNTS]
    return {quantity.name: quantity for quantity in (*_SERIES, *counted, *_OF_THE_RUN, *last)}


def counter(name: str) -> Counter:
    """The counter of that name; KeyError if there is none."""
    named = {c.name: c for c in COUNTERS}
    return named[one_of("counter", name, named)]


_NAMED = {m.name: m for m in METRICS}


def named(name: str) -> MetricName:
    """A text that is the name of a metric; KeyError if it is none."""
    return cast("MetricName", one_of("metric", name, _NAMED))


def metric(name: str) -> Metric:
    """The metric of that name; KeyError if there is none."""
    return _NAMED[named(name)]


def label(entry: Metric, *, discounted: bool) -> str:
    """What a metric is called, in a comparison with or without a discount rate."""
    return DISCOUNTED.get(entry.name, entry.label) if discounted else entry.label
