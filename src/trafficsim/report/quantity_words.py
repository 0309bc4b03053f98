"""What a claim measures, in words: short names of all that it can speak of, and expectations that use them.

For people; other programs are given the names of the file (`trafficsim.report.claims.expected`).
"""

from functools import cache

from trafficsim.books.metrics import METRICS, quantities
from trafficsim.plots.routes import route_words
from trafficsim.scenario.claims import Expectation, Measured
from trafficsim.words.language import Words

NAMES: dict[str, str] = {
    **{metric.name: metric.label for metric in METRICS},
    "acquisition": "spend on advertising and hooks",
    "days": "day",
    "cash": "cash balance",
    "lowest_cash": "lowest cash",
    "customers_aware": "customers who know the brand",
    "customers": "all customers",
    "payback_day": "day from which total profit stays above 0",
    "lowest_cash_day": "day of the lowest cash",
    "out_of_cash_day": "day without cash",
    "joiners": "customers who joined a pool",
    "joiner_orders": "orders of those who joined",
    "others": "customers in no pool",
    "other_orders": "orders of those in no pool",
    "naive_uplift": "apparent uplift",
    "causal_uplift": "causal uplift",
    "naive_uplift_share": "apparent uplift as a share",
    "causal_uplift_share": "causal uplift as a share",
    "top_over_rest": "what one of the top buyers pays over one of the rest",
    "customers_of_segment": "customers of the segment",
    "buyers_of_segment": "buyers of the segment",
    "orders_of_segment": "orders of the segment",
    "revenue_of_segment": "revenue of the segment",
    "members_of_segment": "members of the segment",
    "reached_of_segment": "members of the segment who can be reached",
    "repeaters_of_segment": "new customers of the segment who ordered again",
    "customers_of_region": "customers of the region",
    "buyers_of_region": "buyers of the region",
    "members_of_region": "members of the region",
    "stayed_by_hook": "joined by the hook and still there",
    "buyers_of_top": "top buyers",
    "revenue_of_top": "revenue of the top buyers",
    "aware": "customers who met the brand",
    "visits": "visits",
    "impressions": "impressions",
    "noticed": "customers who noticed an ad",
    "posts": "posts",
    "reads": "reads",
    "asked": "customers asked to join",
    "joined_by": "joined by the hook",
    "joined": "joined",
    "left": "left",
    "needs": "needs",
    "recalled": "needs at which the brand came to mind",
    "orders_from": "orders by first contact",
    "first_orders": "first orders",
    "told": "times told by an acquaintance",
    "gross_sales": "sales at list price",
    "discounts": "price cuts",
    "cost_of_goods": "cost of goods",
    "commission": "commission",
    "delivery": "cost of delivery",
    "advertising": "cost of advertising",
    "hooks": "cost of hooks",
    "content": "cost of content",
    "wages": "wages",
    "tools": "cost of tools",
    "set_up": "cost of setting up",
    "perks": "cost of perks",
    "fixed_costs": "fixed costs",
    "margin_from": "order margin by first contact",
    "margin_of_new": "order margin of new customers",
    "invited": "customers invited",
    "rewards": "rewards for inviting",
    "joined_invited": "joined by invitation",
    "moments_seen": "customers who saw a Moments post",
    "attention": "cost of KOC and KOL",
    "partner_pay": "pay of partners",
    "orders_in": "store orders by slot",
    "turned_away": "orders lost for want of a seat",
    "poached": "members poached by rivals",
    "won_back": "won back",
    "win_back": "cost of winning back",
    "margin_by_hook": "order margin of those who joined by the hook",
    "orders_of_cohort": "orders of the cohort",
    "margin_of_cohort": "order margin of the cohort",
    "sales_in": "store sales by slot",
    "delivered": "home-delivery orders",
    "first_orders_touched": "first orders by last contact",
    "unspent": "advertising budget left over",
    "folded": "members who silenced it",
    "unfolded": "members who look again",
    "second_orders": "second orders",
    "messaging": "cost of messages",
    "made_ahead": "orders made ahead at a deal",
    "orders_of_region": "orders of the region",
    "store_orders_of_region": "store orders of the region",
    "first_orders_of_region": "first orders of the region",
    "sales_of_region": "revenue of the region",
    "margin_of_region": "order margin of the region",
    "removed": "removed by the brand",
    "in_tiers": "member-days in tiers",
    "care_given": "members cared for",
    "care_missed": "members whose care found no time",
}
"""Every quantity of `trafficsim.books.metrics.quantities` in a few words."""


def named(quantity: str, say: Words) -> str:
    """What `metric` or `metric.entry` is called: “home-delivery orders (mini-program)”; else as written."""
    metric, _, entry = quantity.partition(".")
    if metric not in NAMES:  # counted by a mechanism of one's own
        return quantity
    if not entry:
        return say(NAMES[metric])
    by = _broken_down_by()[metric]
    known = route_words(say) if by in {"route", "touch"} else _tops(say) if by == "top" else {}
    return say("{name} ({entry})", name=say(NAMES[metric]), entry=known.get(entry, entry.replace(".", say(", "))))


def in_words(expect: Expectation, say: Words) -> Expectation:
    """The same expectation with its metrics in words and its arms in quotation marks, to be put into sentences."""
    changes = _of(expect, say)
    if expect.ratio_to is not None:
        changes["ratio_to"] = expect.ratio_to.model_copy(update=_of_other(expect.ratio_to, say))
    if expect.more_than is not None:
        changes["more_than"] = expect.more_than.model_copy(update=_of_other(expect.more_than, say))
    if expect.crossover is not None:
        changes["crossover"] = expect.crossover.model_copy(update={"over": _quoted(expect.crossover.over)})
    for key in ("order", "interior_optimum"):
        arms = getattr(expect, key)
        changes[key] = arms and tuple(_quoted(arm) for arm in arms)
    return expect.model_copy(update=changes)


def is_money(expect: Expectation) -> bool:
    """Whether what is measured is a sum of money, not a count or a ratio."""
    metric = expect.metric.partition(".")[0]
    known = quantities().get(metric)
    return bool(known and known.unit.startswith("money") and not expect.per and expect.ratio_to is None)


def unit_counted(expect: Expectation) -> str:
    """The unit of what is counted, as `quantities` declares it; "" for a ratio."""
    known = quantities().get(expect.metric.partition(".")[0])
    return known.unit if known and expect.per in {None, "days"} and expect.ratio_to is None else ""


def is_share(expect: Expectation) -> bool:
    """Whether readers are told it in percent: it is declared as a share, or is a part per the whole."""
    known = quantities().get(expect.metric.partition(".")[0])
    whole = bool(known and known.unit == "share" and not expect.per)
    return expect.ratio_to is None and (whole or expect.metric.startswith(f"{expect.per}."))


def _of(of: Measured, say: Words) -> dict[str, object]:
    """Its texts in words."""
    metric, per = (text and named(text, say) for text in (of.metric, of.per))
    if of.per == "days":
        metric, per = say("{metric} a day", metric=metric), None
    elif of.per and (of.metric or "").startswith(f"{of.per}."):  # a part of the whole
        metric, per = say("{metric} as a share of {other}", metric=metric, other=per), None
    return {"metric": metric, "per": per, "arm": of.arm and _quoted(of.arm)}


def _of_other(of: Measured, say: Words) -> dict[str, object]:
    """The same of another quantity, which may be the same one at another time."""
    texts = _of(of, say)
    return texts if of.metric or of.arm else {**texts, "metric": say("the same quantity")}


def _quoted(arm: str) -> str:
    return f"“{arm}”"


def _tops(say: Words) -> dict[str, str]:
    return {"fifth": say("top fifth"), "tenth": say("top tenth")}


@cache
def _broken_down_by() -> dict[str, str]:
    return {name: quantity.by for name, quantity in quantities().items()}
