"""Write docs/validation.md: what was published, and what the model does under one set of behavioural defaults.

    python docs/generate_validation.py [--kept FOLDER] [check ...]

Targets and bands stand in validation_targets.py and were fixed before the first run. Each check has inputs of its own
(reach, budget, price, need, perk, open rate, cadence); none changes how customers behave. Names of checks as arguments
run only those and print them, without writing the page. In `--kept` lie sums of finished checks, of this version of the
kernels, so that an interrupted run goes on; scenarios of checks are not in their names.
"""

import argparse
import math
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import defaults_words  # noqa: E402 - stands beside this script
from validation_held_out import HELD_OUT  # noqa: E402
from validation_targets import TARGETS, Target  # noqa: E402
from validation_words import AFTER, BEFORE, CHOSEN, HOLLOW, NO_MISS, NOTES, REASONS  # noqa: E402
from validation_worlds import (  # noqa: E402
    HALF_YEAR,
    PRICE,
    QUARTER,
    UNIT_COST,
    YEAR,
    Check,
    Found,
    Sums,
    after_joining,
    by_defaults,
    counted_in,
    know,
    mature,
    ran,
    young,
)

from trafficsim.compiled import code_version  # noqa: E402
from trafficsim.engine import world  # noqa: E402
from trafficsim.files.whole import write_whole  # noqa: E402
from trafficsim.kernel.columns import FOLDED, IN, QUIT  # noqa: E402
from trafficsim.results.intervals import Interval  # noqa: E402
from trafficsim.scenario import Scenario, load, load_text  # noqa: E402


@dataclass(frozen=True)
class Followed:
    """Customers by the time since their first order in the run.

    `orders`, `spend` (cents): cumulative at the end of the day that lies so many days after the first order's, shape
    `(tenures, customers)`. `teller`: who had told them within 30 days before it, else -1. `world`: after the last day.
    """

    orders: NDArray[np.int64]
    spend: NDArray[np.int64]
    teller: NDArray[np.int64]
    world: world.World

    def acquired(self, first: int, last: int) -> NDArray[np.bool_]:
        """Whose first order fell into days first..last (last excluded)."""
        day = self.world.columns.bought.first_order_on
        return (day >= first) & (day < last)

    def margin(self, tenure: int, before: int | None = None) -> NDArray[np.float64]:
        """Order margin in cents up to a tenure (by position), less that up to another."""
        own: NDArray[np.float64] = (
            self.spend[tenure] - self.orders[tenure] * UNIT_COST * self.world.columns.traits.basket
        )
        return own if before is None else own - self.margin(before)


def follow(of: Scenario, seed: int, tenures: Sequence[int]) -> Followed:
    """Let a world pass day by day and note each customer's orders at the given days after the first one."""
    w = world.start(of, "base", seed)
    bought, story = w.columns.bought, w.columns.story
    orders, spend = np.zeros((2, len(tenures), w.customers), np.int64)
    teller = np.full(w.customers, -1, np.int64)
    for day in range(w.days):
        told_on, told_by = story.told_on.copy(), story.told_by.copy()
        w.run(day + 1)
        new = bought.first_order_on == day
        heard = new & (told_on >= max(day - 30, 0))
        teller[heard] = told_by[heard]
        for row, tenure in enumerate(tenures):
            due = (bought.first_order_on == day - tenure) & (day >= tenure)
            orders[row, due], spend[row, due] = bought.orders[due], bought.spend[due]
    return Followed(orders, spend, teller, w)


TENURES = (63, 91, 273, 364)


def acquisition(seed: int) -> Sums:
    """Mature brand, customers acquired in days 60 to 365: sums over told, other, and paid ones."""
    of = mature(days=YEAR + 364 + 1, customers__count=40_000, advertising__feed__budget_per_day=600)
    f = follow(of, seed, TENURES)
    new, told = f.acquired(60, YEAR), f.teller >= 0
    route = f.world.columns.story.route
    late = f.orders[3] > f.orders[2]
    sums = []
    for group in (new & told, new & ~told, new & ~told & (route == PAID)):
        sums += [group.sum(), f.margin(3)[group].sum(), f.margin(0)[group].sum(), f.margin(1)[group].sum()]
        sums += [(group & late).sum(), f.margin(3, 2)[group].sum(), f.orders[3][group].sum()]
    return np.array(sums, float)


PAID = 1


def acquisition_found(sums: Sums) -> Found:
    """Told against others and against paid ones."""
    told, other, paid = sums.reshape(3, 7)
    n, year, soon, early, late, margin_late, orders = range(7)
    gap_early = (told[early] / told[n]) / (other[early] / other[n])
    gap_late = (told[margin_late] / told[late]) / (other[margin_late] / other[late])
    return {
        "told_value": (told[year] / told[n]) / (other[year] / other[n]),
        "told_retention": (told[late] / told[n]) / (other[late] / other[n]),
        "told_margin_fades": gap_late / gap_early,
        "told_against_paid": (told[year] / told[n]) / (paid[year] / paid[n]),
        "paid_short_term": (paid[soon] / paid[year]) / (told[soon] / told[year]),
        "told_customers": told[n],
        "other_customers": other[n],
        "paid_customers": paid[n],
        "active_told": 100 * told[late] / told[n],
        "active_other": 100 * other[late] / other[n],
        "gap_early": gap_early,
        "gap_late": gap_late,
        "per_order": (told[year] / told[orders]) / (other[year] / other[orders]),
    }


CLUB: dict[str, Any] = {
    "places__club": {"kind": "pool", "form": "contact", "open_rate": 0.35, "perk": 0.2},
    "hooks": {"card": {"at": "shop", "into": "club", "gives": "service"}},
}


def referrers(seed: int) -> Sums:
    """Members who told somebody: how many quit within a year, where telling binds and where it does not."""
    of = mature(days=181 + YEAR, posts={"club": {"per_week": 7}}, **CLUB)
    w = world.start(of, "base", seed)
    first_told = np.full(w.customers, -1)
    in_pool, quit_by = np.zeros((2, w.customers), bool), np.zeros((2, w.customers), bool)
    for day in range(w.days):
        w.run(day + 1)
        story = w.columns.story
        tellers = story.told_by[story.told_on == day]
        first_told[tellers[first_told[tellers] < 0]] = day
        watch(w, day, first_told, in_pool[0], quit_by[0])
    plain = world.start(of.replace({"word_of_mouth.teller_trust": 0}), "base", seed)
    for day in range(w.days):
        plain.run(day + 1)
        watch(plain, day, first_told, in_pool[1], quit_by[1])
    both = in_pool.all(axis=0) & (first_told >= 30) & (first_told <= 180)
    return np.array([both.sum(), quit_by[0][both].sum(), quit_by[1][both].sum()], float)


def watch(
    w: world.World, day: int, since: NDArray[np.int64], in_pool: NDArray[np.bool_], quit_by: NDArray[np.bool_]
) -> None:
    """Note who is a member on the own day `since`, and who has quit a year later."""
    member = w.columns.member
    today, year_ago = since == day, (since == day - YEAR) & (since >= 0)
    in_pool[today] = member.status[0, today] % FOLDED == IN
    quit_by[year_ago] = member.status[0, year_ago] % FOLDED >= QUIT


def referrers_found(sums: Sums) -> Found:
    """Churn of those who told."""
    n, bound, unbound = sums
    return {
        "referring_binds": bound / unbound,
        "tellers": n,
        "bound": 100 * bound / n,
        "unbound": 100 * unbound / n,
    }


def discount(seed: int) -> Sums:
    """Customers acquired in a month with and without 35 % off: head count and margins."""
    month = "events:\n  on: {day: 60, set: {places.shop.discount: 0.35}}\n"
    month += "  over: {day: 90, set: {places.shop.discount: 0}}\n"
    sums = []
    for events in ("", month):
        f = follow(mature(events, days=90 + YEAR, customers__count=40_000), seed, (0, 364))
        new = f.acquired(60, 90)
        sums += [new.sum(), f.margin(1, 0)[new].sum(), f.margin(1)[new].sum()]
    return np.array(sums, float)


def discount_found(sums: Sums) -> Found:
    """Value of the discounted over that of the others."""
    full, off = sums.reshape(2, 3)
    return {
        "discount_halves": (off[1] / off[0]) / (full[1] / full[0]),
        "with_first": (off[2] / off[0]) / (full[2] / full[0]),
        "n_off": off[0],
        "n_full": full[0],
    }


def community(seed: int) -> Sums:
    """The restaurant with its group and with nothing: people and orders of joiners and others."""
    of = by_defaults(load(HERE.parent / "scenarios" / "restaurant.yaml"))
    crowd = world.gather(of, seed)
    private, nothing = (world.start(of, arm, seed, 0, crowd).run().columns for arm in ("private", "nothing"))
    joined = (private.member.joined_on >= 0).any(axis=0)
    before = crowd.columns.bought.orders
    orders, without = private.bought.orders - before, nothing.bought.orders - before
    return np.array([joined.sum(), (~joined).sum(), orders[joined].sum(), without[joined].sum(), orders[~joined].sum()])


def community_found(sums: Sums) -> Found:
    """Uplifts in percent."""
    joiners, others, orders, without, other_orders = sums
    causal = 100 * (orders / without - 1)
    naive = 100 * ((orders / joiners) / (other_orders / others) - 1)
    return {"community_causal": causal, "community_naive": naive / causal, "naive": naive, "joiners": joiners}


def account(seed: int) -> Sums:
    """Reads, and posts times members."""
    of = young(
        days=182,
        customers__at_start={"aware": 1, "bought": 0.1, "members": {"account": 1}},
        places__account={"kind": "pool", "form": "account", "open_rate": 0.012},
        posts={"account": {"per_week": 3}},
        advertising="off",
    )
    w = ran(of, seed)
    pool = w.names.places.index("account")
    pushed = w.counted("posts")[:, pool] * w.members[:-1, pool]
    ends = w.members[-1, pool], w.members[0, pool]
    return np.array(
        [w.counted("reads").sum(), pushed.sum(), *ends, w.counted("left").sum(), w.members[:-1, pool].sum()]
    )


def account_found(sums: Sums) -> Found:
    """Open rate in percent."""
    return {
        "account_reads": 100 * sums[0] / sums[1],
        "kept": 100 * sums[2] / sums[3],
        "unfollow": 100 * sums[4] / sums[5],
    }


def coupons(seed: int) -> Sums:
    """Asked and taken, in public and at the store."""
    hook = {"into": "account", "gives": "coupon", "worth": 80, "cost": 80, "until_day": 1}
    pool = {"kind": "pool", "form": "account", "open_rate": 0.1}
    sums: list[int] = []
    for at in ("feed", "shop"):
        of = young(
            days=1,
            places__account=pool,
            places__shop__visits_per_week=7,
            posts={"feed": {"per_week": 7, "reach": 1}},
            hooks={"coupon": {"at": at, **hook}},
            advertising="off",
        )
        w = ran(of, seed)
        sums += [int(w.counted("asked").sum()), int(w.counted("joined_by").sum())]
    return np.array(sums, float)


def coupons_found(sums: Sums) -> Found:
    """Shares taken in percent."""
    return {"coupon_public": 100 * sums[1] / sums[0], "coupon_store": 100 * sums[3] / sums[2]}


def cascades(seed: int) -> Sums:
    """First orders, told ones, and told ones whose teller was not told."""
    f = follow(young(days=2 * YEAR), seed, (0,))
    told = f.teller >= 0
    one_hop = told & ~told[np.maximum(f.teller, 0)]
    return np.array([f.acquired(0, 2 * YEAR).sum(), told.sum(), one_hop.sum()], float)


def cascades_found(sums: Sums) -> Found:
    """Shares in percent."""
    return {"one_hop": 100 * sums[2] / sums[1], "told_minority": 100 * sums[1] / sums[0], "told_young": sums[1]}


def pulse(seed: int) -> Sums:
    """Orders in the quarter, and until a year after it, with and without the pulse."""
    double = "events:\n  up: {day: 365, set: {advertising.feed.budget_per_day: 600}}\n"
    double += "  down: {day: 456, set: {advertising.feed.budget_per_day: 300}}\n"
    days = YEAR + QUARTER + YEAR
    orders = [ran(mature(events, days=days), seed).counted("orders").sum(axis=1) for events in ("", double)]
    return np.array([o[YEAR:end].sum() for o in orders for end in (YEAR + QUARTER, None)], float)


def pulse_found(sums: Sums) -> Found:
    """Elasticities of the pulse."""
    quarter, long, quarter_up, long_up = sums
    return {
        "ads_short": math.log(quarter_up / quarter) / math.log(2),
        "ads_long": (long_up - long) / (quarter_up - quarter),
    }


PUBLISHED = {
    "regular": (0.631, 0.468, 0.382, 0.326, 0.289, 0.262, 0.241),
    "highend": (0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491),
}


def cohort(per_week: float, years: int, customers: int, seed: int) -> Sums:
    """Members of a pool that all customers hold on day 0: at the start and after each year."""
    of = young(
        days=years * YEAR,
        customers__count=customers,
        customers__at_start={"aware": 1, "bought": 1, "bought_within_days": 90, "members": {"club": 1}},
        places__club={"kind": "pool", "form": "account", "open_rate": 0.35, "perk": 0.3},
        posts={"club": {"per_week": per_week}},
        advertising="off",
        word_of_mouth="off",
    )
    w = ran(of, seed)
    return w.members[::YEAR, w.names.places.index("club")].astype(float)


@cache
def fitted(first_year: float) -> float:
    """Posts a week that keep this share of a cohort for a year, in one world apart from those of the check."""
    low, high = 0.02, 28.0
    for _ in range(10):
        middle = math.sqrt(low * high)
        start, end = cohort(middle, 1, 10_000, seed=1000)
        low, high = (middle, high) if end / start > first_year else (low, middle)
    return math.sqrt(low * high)


def retention(seed: int) -> Sums:
    """Members after each year, regular and high-end cohort, with the fitted cadences."""
    return np.concatenate([cohort(fitted(years[0]), 7, 10_000, seed) for years in PUBLISHED.values()])


def retention_found(sums: Sums) -> Found:
    """Deviations from the published cohorts."""
    found: Found = {}
    rises = []
    for name, members in zip(PUBLISHED, sums.reshape(2, 8), strict=True):
        kept = members[1:] / members[0]
        found[f"sbg_{name}"] = float(np.abs(kept - PUBLISHED[name])[1:].max())
        found[f"posts_{name}"] = fitted(PUBLISHED[name][0])
        found |= {f"{name}{year}": share for year, share in enumerate(kept, 1)}
        rises.append(float(np.diff(members[1:] / members[:-1]).min()))
    return found | {"sbg_rising": min(rises)}


def spenders(seed: int) -> Sums:
    """Heads and spend of the top fifth, the rest, the top tenth and the rest."""
    w = ran(mature(days=546), seed)
    first = w.columns.bought.first_order_on
    spend = np.sort(w.columns.bought.spend[(first >= 0) & (first < 84)].astype(float))[::-1]
    cuts = [round(spend.size / part) for part in (5, 10)]
    return np.array([x for cut in cuts for x in (cut, spend[:cut].sum(), spend.size - cut, spend[cut:].sum())])


def spenders_found(sums: Sums) -> Found:
    """Top over rest, per head."""
    fifth, tenth = sums.reshape(2, 4)
    ratio = [(top / n) / (rest / m) for n, top, m, rest in (fifth, tenth)]
    return {"top_fifth": ratio[0], "top_tenth": ratio[1], "buyers": fifth[0] + fifth[2]}


BUDGETS = (0, 100, 300, 1000)


def acquisition_cost(seed: int) -> Sums:
    """Advertising (yuan) and first orders by half-year and budget."""
    sums = []
    for budget in BUDGETS:
        w = ran(young(advertising__feed__budget_per_day=budget), seed)
        spent, new = (w.counted(c).sum(axis=1) for c in ("advertising", "first_orders"))
        sums += [spent[:182].sum() / 100, spent[182:].sum() / 100, new[:182].sum(), new[182:].sum()]
    return np.array(sums, float)


def acquisition_cost_found(sums: Sums) -> Found:
    """Yuan for an extra first order; reported too."""
    none, *rows = sums.reshape(4, 4)
    found: Found = {}
    for budget, row in zip(BUDGETS[1:], rows, strict=True):
        spent, new = row[:2], row[2:]
        found[f"cac_{budget}"] = spent.sum() / (new - none[2:]).sum()
        found[f"reported_{budget}"] = spent.sum() / new.sum()
        if budget == 300:
            found["first_half"], found["second_half"] = spent / (new - none[2:])
    return found | {"cac_falls": found["second_half"] / found["first_half"]}


def price(seed: int) -> Sums:
    """Orders of 26 weeks at the market's price, and at one 10 % above it."""
    dearer = "events:\n  dearer: {day: 91, set: {product.price: 440}}\n"
    both = ("", dearer)
    return np.array([counted_in(ran(mature(e, days=91 + 182), seed), 91, 91 + 182) for e in both], float)


def price_found(sums: Sums) -> Found:
    """The elasticity."""
    return {"own_price": math.log(sums[1] / sums[0]) / math.log(1.1)}


def promotion(seed: int) -> Sums:
    """Orders of two weeks, of the eight weeks after and of the year after, without and with 20 % off in the two."""
    off = "events:\n  on: {day: 91, set: {places.shop.discount: 0.2}}\n"
    off += "  over: {day: 105, set: {places.shop.discount: 0}}\n"
    worlds = [ran(mature(events, days=105 + YEAR), seed) for events in ("", off)]
    return np.array([counted_in(w, *days) for w in worlds for days in ((91, 105), (105, 161), (105, None))], float)


def promotion_found(sums: Sums) -> Found:
    """How many times as many, and how much of what came on top the weeks after lack."""
    plain, off = sums.reshape(2, 3)
    bump, lack = off[0] - plain[0], plain[1:] - off[1:]
    return {"promotion": off[0] / plain[0], "borrowed": lack[0] / bump, "borrowed_year": lack[1] / bump}


def mailed(seed: int) -> Sums:
    """Orders of the week of an offer and of the week after, without and with it; and the orders that used it."""
    once = {"per_week": 0.5, "offers_per_week": 0.5, "discount": 0.2, "offer_days": 7}  # on day 13
    everybody = {"aware": 1, "bought": 1, "bought_within_days": 365, "members": {"list": 1}}
    sums = []
    for posts in ({}, {"list": once}):
        of = young(
            days=27,
            customers__at_start=everybody,
            places__list={"kind": "pool", "form": "account", "open_rate": 0.325},
            posts=posts,
            advertising="off",
        )
        w = ran(of, seed)
        sums += [counted_in(w, 13, 20), counted_in(w, 20, 27), int(w.counted("discounts").sum()) / (0.2 * PRICE)]
    return np.array(sums, float)


def mailed_found(sums: Sums) -> Found:
    """Uplifts in percent, and the orders that used it over those that came on top of both weeks."""
    first, second, _, offered, after, used = sums
    extra = offered + after - first - second
    found = {"mailed": 100 * (after / second - 1), "mailed_while": 100 * (offered / first - 1)}
    return found | {"mailed_used": used / extra}


NEEDED_EVERY = (1, 7, 30, 90)
"""Days between needs."""


def drifting(seed: int) -> Sums:
    """Orders by quarter of a year after the first order, for each rate of need, without any contact."""
    found = []
    for days in NEEDED_EVERY:
        alike = {"days_between_needs": float(days), "need_shape": 1000.0}
        paths: dict[str, Any] = {
            f"customers__segments__{name}__{key}": value
            for name in ("regulars", "bargain_hunters")
            for key, value in alike.items()
        }
        of = young(
            days=4 * QUARTER,
            customers__at_start={"aware": 1, "bought": 1, "bought_within_days": 0.001},
            **paths,
            advertising="off",
            word_of_mouth="off",
        )
        found.append(ran(of, seed).counted("orders").sum(axis=1).reshape(4, QUARTER).sum(axis=1))
    return np.concatenate(found).astype(float)


def drifting_found(sums: Sums) -> Found:
    """What is left in the fourth quarter, and how its loss slows."""
    quarters = sums.reshape(len(NEEDED_EVERY), 4)
    left = quarters[:, 3] / quarters[:, 0]
    kept = quarters[2, 1:] / quarters[2, :-1]  # needs every 30 days
    by_need = {f"drift_{days}": of for days, of in zip(NEEDED_EVERY, left.tolist(), strict=True)}
    return by_need | {"drift_most": left.min(), "drift_least": left.max(), "drift_slows": kept[2] / kept[0]}


def leavers(seed: int) -> Sums:
    """Who left, days of membership and posts delivered: of a daily account, a newsletter, and text messages."""
    sums = []
    for form in (
        {"form": "account", "open_rate": 0.05, "per_week": 7},
        {"form": "account", "open_rate": 0.2, "per_week": 1},
        {"form": "sms", "open_rate": 0.2, "per_week": 1},
    ):
        of = young(
            days=182,
            customers__at_start={"aware": 1, "bought": 0.1, "members": {"account": 1}},
            places__account={"kind": "pool", "form": form["form"], "open_rate": form["open_rate"]},
            posts={"account": {"per_week": form["per_week"]}},
            advertising="off",
        )
        w = ran(of, seed)
        pool = w.names.places.index("account")
        held = w.members[:-1, pool]
        sums += [w.counted("left").sum(), held.sum(), (w.counted("posts")[:, pool] * held).sum()]
    return np.array(sums, float)


def leavers_found(sums: Sums) -> Found:
    """In percent."""
    return {
        "unfollow_daily": 100 * sums[0] / sums[1],
        "unsubscribe": 100 * sums[3] / sums[5],
        "refusals": 100 * sums[6] / sums[8],
    }


def readers(seed: int) -> Sums:
    """Members of a group, by quarter of their propensity to open: at the start and after 180 days."""
    of = young(
        days=180,
        customers__at_start={"aware": 1, "bought": 0.5, "members": {"club": 1}},
        places__club={"kind": "pool", "form": "group", "open_rate": 0.35},
        posts={"club": {"per_week": 3}},
        advertising="off",
    )
    columns = ran(of, seed).columns
    quarter = np.searchsorted(np.quantile(columns.roll.opens, (0.25, 0.5, 0.75)), columns.roll.opens)
    stayed = columns.member.status[0] % 2 == 1
    return np.concatenate([np.bincount(quarter, minlength=4), np.bincount(quarter, stayed, 4)]).astype(float)


def readers_found(sums: Sums) -> Found:
    """In percent."""
    kept = 100 * sums[4:] / sums[:4]
    return {"readers_stay": float(np.diff(kept).min())} | {f"readers{k}": share for k, share in enumerate(kept, 1)}


def joiners(seed: int) -> Sums:
    """Of a group joined for a gift, for cash and for know-how: who joined and left, and what they brought."""
    sums = []
    for gives in ("gift", "cash", "know_how"):
        of = mature(
            days=YEAR,
            customers__count=40_000,
            places__shop__visits_per_week=0.2,
            places__club={"kind": "pool", "form": "group", "open_rate": 0.35},
            posts={"club": {"per_week": 3}},
            hooks={"hook": {"at": "shop", "into": "club", "gives": gives, "worth": 40, "cost": 40}},
        )
        sums += joined_and_left(world.start(of, "base", seed))
    return np.array(sums, float)


def joined_and_left(w: world.World) -> list[float]:
    """Those of the first quarter: how many, gone after 7 and 90 days, margin of 180 days; gone in 30 of day 182's."""
    bought, member = w.columns.bought, w.columns.member
    spend, orders = np.zeros((2, w.customers))
    gone, margin = np.zeros(2), 0.0
    for day in range(YEAR):
        w.run(day + 1)
        new, inside = member.joined_on[0] == day, member.status[0] % 2 == 1
        spend[new], orders[new] = bought.spend[new], bought.orders[new]
        for row, after in enumerate((7, 90)):
            gone[row] += (
                (member.joined_on[0] == day - after) & (day - after < QUARTER) & (day >= after) & ~inside
            ).sum()
        if 180 <= day < 180 + QUARTER:
            old = member.joined_on[0] == day - 180
            cost = (bought.orders - orders)[old] * UNIT_COST * w.columns.traits.basket[old]
            margin += float((bought.spend - spend)[old].sum() - cost.sum())
        if day == HALF_YEAR:
            there = inside.copy()
        if day == HALF_YEAR + 30:
            left = there & ~inside
    first = (member.joined_on[0] >= 0) & (member.joined_on[0] < QUARTER)
    return [float(x) for x in (first.sum(), *gone, margin, there.sum(), left.sum())]


def joiners_found(sums: Sums) -> Found:
    """Shares in percent, ratios of cash over know-how."""
    gift, cash, know_how = sums.reshape(3, 6)
    n, week, later, margin, there, left = range(6)
    stays = [1 - each[later] / each[n] for each in (gift, cash, know_how)]
    return {
        "group_week": 100 * gift[week] / gift[n],
        "group_month": 100 * gift[left] / gift[there],
        "cash_stays": stays[1] / stays[2],
        "cash_value": (cash[margin] / cash[n]) / (know_how[margin] / know_how[n]),
        "joined_cash": cash[n] / know_how[n],
        "cash_week": 100 * cash[week] / cash[n],
    } | dict(zip(("stay_gift", "stay_cash", "stay_know_how"), stays, strict=True))


def app(seed: int) -> Sums:
    """Orders in the half-year after installing an app, with it and of the same people without it."""
    own = {"kind": "pool", "form": "app", "open_rate": 0.2, "shop": True}
    opened: dict[str, Any] = {
        "places__app": own,
        "posts": {"app": {"per_week": 1, "offers_per_week": 0.5, "discount": 0.1}},
        "hooks": {"install": {"at": "shop", "into": "app", "gives": "service"}},
    }
    orders, _ = after_joining([mature(days=YEAR, **opened), mature(days=YEAR)], seed)
    return orders


def app_found(sums: Sums) -> Found:
    """In percent."""
    return {"app_frequency": 100 * (sums[0] / sums[1] - 1), "app_joiners": sums[2]}


def talkers(seed: int) -> Sums:
    """Revenue in the half-year after joining a group that talks, and of the same people without it."""
    group: dict[str, Any] = {
        "places__club": {"kind": "pool", "form": "group", "open_rate": 0.35, "members_talk": True},
        "posts": {"club": {"per_week": 3, "care_per_week": 1}},
        "hooks": {"join": {"at": "shop", "into": "club", "gives": "service"}},
    }
    _, revenue = after_joining([mature(days=YEAR, **group), mature(days=YEAR)], seed)
    return revenue


def talkers_found(sums: Sums) -> Found:
    """In percent of what is bought with it."""
    return {"community_revenue": 100 * (1 - sums[1] / sums[0]), "community_joiners": sums[2]}


def seeding(seed: int) -> Sums:
    """Who has heard of a brand after a year, seeds apart: hubs seeded, or those with the fewest ties."""
    found = []
    for hubs in (True, False):
        of = young(
            customers__at_start={"aware": 0, "bought": 0},
            customers__ties={"kind": "scale_free", "mean": 10},
            advertising="off",
            visits="off",
        )
        w = world.start(of, "base", seed)
        ties = w.ties.degrees()
        seeds = np.argsort(-ties if hubs else ties, kind="stable")[: w.customers // 100]
        know(w, seeds)
        w.run()
        heard = w.columns.story.aware_on >= 0
        found += [heard.sum() - heard[seeds].sum(), ties[seeds].mean()]
    return np.array(found, float)


def seeding_found(sums: Sums) -> Found:
    """Hubs over the least connected."""
    return {"seeding": sums[0] / sums[2], "ties_of_hubs": sums[1], "ties_of_others": sums[3]}


def more_of(seed: int) -> Sums:
    """First orders in two years: as it is, with half as much telling again, with half as much advertising again."""
    changes: tuple[dict[str, Any], ...] = (
        {},
        {"word_of_mouth__tell": 0.225},
        {"advertising__feed__budget_per_day": 450},
    )
    return np.array([ran(young(days=2 * YEAR, **more), seed).counted("first_orders").sum() for more in changes], float)


def more_of_found(sums: Sums) -> Found:
    """Elasticities of new customers."""
    told, shown = (math.log(more / sums[0]) / math.log(1.5) for more in sums[1:])
    return {"wom_elasticity": told / shown, "elasticity_told": told, "elasticity_shown": shown}


def recommenders(seed: int) -> Sums:
    """Spend in the year after telling for the first time, where telling binds and where it does not."""
    of = mature(days=181 + YEAR, posts={"club": {"per_week": 7}}, **CLUB)
    w, plain = world.start(of, "base", seed), world.start(of.replace({"word_of_mouth.teller_trust": 0}), "base", seed)
    told_on = np.full(w.customers, -1)
    spend = np.zeros((2, 2, w.customers))
    for day in range(w.days):
        for each in (w, plain):
            each.run(day + 1)
        tellers = np.unique(w.columns.story.told_by[w.columns.story.told_on == day])
        fresh = tellers[told_on[tellers] < 0]
        told_on[fresh] = day
        due = (told_on == day - YEAR) & (told_on >= 0)
        for row, each in enumerate((w, plain)):
            spend[row, 0, fresh], spend[row, 1, due] = each.columns.bought.spend[fresh], each.columns.bought.spend[due]
    who = (told_on >= 0) & (told_on < w.days - YEAR)
    return np.array([who.sum(), *(spend[:, 1, who] - spend[:, 0, who]).sum(axis=1)], float)


def recommenders_found(sums: Sums) -> Found:
    """In percent."""
    return {"referrer_revenue": 100 * (sums[1] / sums[2] - 1), "recommenders": sums[0]}


def silent(seed: int) -> Sums:
    """Reads of the first and of the ninth week of a marketing group."""
    of = young(
        days=63,
        customers__at_start={"aware": 1, "bought": 0.3, "members": {"club": 1}},
        places__club={"kind": "pool", "form": "group", "open_rate": 0.35},
        posts={"club": {"per_week": 7, "offers_per_week": 5, "discount": 0.1}},
        advertising="off",
    )
    w = ran(of, seed)
    reads = w.counted("reads").sum(axis=1)
    return np.array([reads[:7].sum(), reads[56:].sum(), w.members[-1].sum() / w.members[0].sum()], float)


def silent_found(sums: Sums) -> Found:
    """Late over early."""
    return {"group_life": sums[1] / sums[0]}


BUYERS = """\
format: 1
title: CDNOW's buyers, by the time since their first order
start: 2024-01-01
days: 546
customers:
  count: 40000
  segments: {all: {share: 1, days_between_needs: 11.94, need_shape: 0.84, fit: 0.5, deal_prone: 0.3}}
  at_start: {aware: 1, bought: 1, bought_within_days: 0.001}
  ties: {mean: 0}
product: {price: 90, unit_cost: 40}
places: {shop: {kind: store}}
"""
"""Without any marketing; need and how unequal it is have the greatest likelihood of weeks 1 to 39
(tests/laws/test_law_of_repeat_orders.py, `calibrated`)."""
FIRST_WEEKS = (157, 164, 182, 193, 216, 220, 202, 204, 219, 217, 204, 179)
"""CDNOW's first orders in weeks 1 to 12."""


def repeats(seed: int) -> Sums:
    """Buyers by their repeat orders in weeks 1 to 39 (none, one or two, more), and their orders of weeks 40 to 78."""
    of = by_defaults(load_text(BUYERS, "buyers"))
    w = world.start(of, "base", seed)
    seen = [w.columns.bought.orders.astype(np.int64)]
    for day in range(w.days):
        w.run(day + 1)
        seen.append(w.columns.bought.orders.astype(np.int64))
    sums = np.zeros((3, 2))
    for week, buyers in enumerate(FIRST_WEEKS):
        began = round((week + 0.5) * 7)
        before, after = seen[39 * 7 - began] - 1, seen[78 * 7 - began] - seen[39 * 7 - began]
        kind = np.clip(np.ceil(before / 2), 0, 2).astype(np.int64)
        sums += buyers * np.stack([np.bincount(kind, minlength=3), np.bincount(kind, after, 3)], axis=1)
    return sums.ravel()


def repeats_found(sums: Sums) -> Found:
    """Orders of the later weeks, each."""
    each = sums.reshape(3, 2)
    return dict(zip(("cdnow_none", "cdnow_few", "cdnow_many"), (each[:, 1] / each[:, 0]).tolist(), strict=True))


def depth(seed: int) -> Sums:
    """Of two weeks at 20 and at 40 % off: new customers and their later orders; established ones' later orders."""
    found = []
    for off in (0.2, 0.4):
        events = f"events:\n  on: {{day: 91, set: {{places.shop.discount: {off}}}}}\n"
        events += "  over: {day: 105, set: {places.shop.discount: 0}}\n"
        w = world.start(mature(events, days=105 + YEAR, customers__count=40_000), "base", seed)
        old = w.run(91).columns.bought.orders > 0
        bought = w.run(105).columns.bought
        first, before = bought.first_order_on.copy(), bought.orders.astype(np.int64)
        later = w.run().columns.bought.orders - before
        new = ~old & (first >= 91)
        found += [new.sum(), later[new].sum(), later[old].sum()]
    return np.array(found, float)


def depth_found(sums: Sums) -> Found:
    """Deep over shallow."""
    shallow, deep = sums.reshape(2, 3)
    return {
        "depth_new": (deep[1] / deep[0]) / (shallow[1] / shallow[0]),
        "depth_old": deep[2] / shallow[2],
        "new_deep": deep[0] / shallow[0],
    }


def burst(seed: int) -> Sums:
    """Extra orders of a week with ten times the budget and of the seven after."""
    events = "events:\n  up: {day: 91, set: {advertising.feed.budget_per_day: 3000}}\n"
    events += "  down: {day: 98, set: {advertising.feed.budget_per_day: 300}}\n"
    plain, more = (
        ran(mature(e, days=91 + 56, customers__count=40_000), seed).counted("orders").sum(axis=1)[91:]
        for e in ("", events)
    )
    return np.asarray((more - plain).reshape(8, 7).sum(axis=1), float)


def burst_found(sums: Sums) -> Found:
    """The weekly rate at which they fall."""
    weeks = np.flatnonzero(sums > 0)
    slope = np.polyfit(weeks, np.log(sums[weeks]), 1)[0] if weeks.size > 1 else -math.inf
    return {"adstock": math.exp(slope)} | {f"burst{k}": float(extra) for k, extra in enumerate(sums)}


def sensitised(seed: int) -> Sums:
    """Orders of 26 weeks at the list price and 10 % above it, after half a year of promotions and without."""
    weeks = "".join(
        f"  on{k}: {{day: {day}, set: {{places.shop.discount: 0.2}}}}\n"
        f"  off{k}: {{day: {day + 7}, set: {{places.shop.discount: 0}}}}\n"
        for k, day in enumerate(range(0, HALF_YEAR, 14))
    )
    dearer = f"  dearer: {{day: {HALF_YEAR}, set: {{product.price: 440}}}}\n"
    found = []
    for promoted in ("", weeks):
        for price_of in ("", dearer):
            events = promoted + price_of
            of = mature("events:\n" + events if events else "", days=2 * HALF_YEAR)
            found.append(counted_in(ran(of, seed), HALF_YEAR, None))
    return np.array(found, float)


def sensitised_found(sums: Sums) -> Found:
    """Elasticity after promotions over that without."""
    plain, promoted = (math.log(sums[k + 1] / sums[k]) / math.log(1.1) for k in (0, 2))
    return {"deals_make_sensitive": promoted / plain, "elasticity_plain": plain, "elasticity_promoted": promoted}


CHECKS = {
    "acquisition": Check(24, acquisition, acquisition_found),
    "referrers": Check(8, referrers, referrers_found),
    "discount": Check(8, discount, discount_found),
    "community": Check(6, community, community_found),
    "account": Check(4, account, account_found),
    "coupons": Check(8, coupons, coupons_found),
    "cascades": Check(16, cascades, cascades_found),
    "pulse": Check(16, pulse, pulse_found),
    "retention": Check(4, retention, retention_found),
    "spenders": Check(8, spenders, spenders_found),
    "acquisition_cost": Check(16, acquisition_cost, acquisition_cost_found),
    "price": Check(8, price, price_found),
    "promotion": Check(16, promotion, promotion_found),
    "mailed": Check(8, mailed, mailed_found),
    "drifting": Check(4, drifting, drifting_found),
    "leavers": Check(4, leavers, leavers_found),
    "readers": Check(4, readers, readers_found),
    "joiners": Check(4, joiners, joiners_found),
    "app": Check(8, app, app_found),
    "talkers": Check(8, talkers, talkers_found),
    "seeding": Check(32, seeding, seeding_found),
    "more_of": Check(16, more_of, more_of_found),
    "recommenders": Check(8, recommenders, recommenders_found),
    "silent": Check(4, silent, silent_found),
    "repeats": Check(8, repeats, repeats_found),
    "depth": Check(16, depth, depth_found),
    "burst": Check(16, burst, burst_found),
    "sensitised": Check(16, sensitised, sensitised_found),
    **HELD_OUT,
}


def summed(name: str, pool: Executor, kept: Path | None = None) -> Sums:
    """The sums of every seed of a check, shape `(seeds, numbers)`: run, or read if they are kept."""
    check = CHECKS[name]
    path = kept / f"{name}-{check.seeds}-{code_version()}.npy" if kept else None
    if path and path.is_file():
        return np.asarray(np.load(path), np.float64)
    sums = np.stack(list(pool.map(check.once, range(check.seeds))))
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, sums)
    return sums


def estimated(name: str, sums: Sums) -> dict[str, Interval]:
    """Every number of a check: ratios of sums over seeds, with jackknife intervals (Student, 95 %).

    Sums first, ratios after: the mean of ratios of few buyers would be biased.
    """
    check = CHECKS[name]
    whole = check.found(sums.sum(axis=0))
    without = [check.found(sums.sum(axis=0) - own) for own in sums]
    return {key: jackknife(value, np.array([f[key] for f in without])) for key, value in whole.items()}


def jackknife(whole: float, without: NDArray[np.float64]) -> Interval:
    """The estimate from all seeds with its interval, from those that leave out one seed each (Efron 1982)."""
    n = without.size
    error = math.sqrt((n - 1) / n * np.square(without - without.mean()).sum())
    half = float(stats.t.ppf(0.975, n - 1)) * error
    return Interval(whole, whole - half, whole + half)


def passes(target: Target, found: Interval) -> bool:
    """Whether the estimate (or the whole interval, for a direction) lies within the band."""
    if target.whole:
        return target.low < found.low and found.high < target.high
    return target.low <= found.middle <= target.high


def verdict(target: Target, found: Interval) -> str:
    """Pass or miss, and whether chance could turn it."""
    inside = target.low <= found.low and found.high <= target.high
    outside = found.high < target.low or found.low > target.high
    if passes(target, found):
        return "pass" if inside else "pass (the interval reaches beyond)"
    return "**miss**" if outside or target.whole else "**miss** (the interval reaches the band)"


def number(value: float, unit: str) -> str:
    """A number as the table shows it."""
    if math.isinf(value):
        return ""
    if unit == "yuan":
        return f"{value:,.0f}"
    if unit == "%":
        return f"{value:.2f}" if abs(value) < 2 else f"{value:.1f}"
    return f"{value:.3f}" if unit == "" else f"{value:.2f}"


def row(target: Target, found: Interval, seeds: int) -> str:
    """One line of the table."""
    unit = f" {target.unit}" if target.unit else ""
    low, high = number(target.low, target.unit), number(target.high, target.unit)
    band = f"{low} to {high}" if high else f"above {low}"
    inner = f"{number(found.low, target.unit)} to {number(found.high, target.unit)}"
    measured = f"{number(found.middle, target.unit)}{unit} ({inner})"
    rule = " (whole interval)" if target.whole else ""
    return f"| {target.name} | {target.published} | {measured} | {band}{rule} | {verdict(target, found)} | {seeds} |"


def counted(found: dict[str, Interval]) -> str:
    """How many pass, of results that were used or drawn for calibrating and of those set aside."""
    passed = [t for t in TARGETS if passes(t, found[t.key])]
    known, known_passed = (sum(t.used for t in of) for of in (TARGETS, passed))
    return (
        f"{len(passed)} of {len(TARGETS)} pass: {known_passed} of {known} used or"
        f" drawn for calibrating, and {len(passed) - known_passed} of the {len(TARGETS) - known} set aside."
    )


def page(found: dict[str, Interval], seeds: dict[str, int]) -> str:
    """The page."""
    lines = [*BEFORE.strip().splitlines(), ""]
    lines += ["| result | published | measured (95 % interval) | band | verdict | seeds |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    lines += [row(t, found[t.key], seeds[t.key]) for t in TARGETS if t.used]
    lines += ["", "### Set aside", "", "| result | published | measured (95 % interval) | band | verdict | seeds |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    lines += [row(t, found[t.key], seeds[t.key]) for t in TARGETS if not t.used]
    missed = [t for t in TARGETS if not passes(t, found[t.key])]
    lines += ["", counted(found), "", "## Misses", ""]
    middles = {key: interval.middle for key, interval in found.items()}
    reasons = (REASONS.get(t.key, "not explained yet.").format(**middles) for t in missed)
    lines += [f"- **{t.name}**: {reason}" for t, reason in zip(missed, reasons, strict=True)] or [NO_MISS]
    lines += ["", *defaults_words.section({t.key: t.name for t in TARGETS}).strip().splitlines()]
    lines += ["", *HOLLOW.strip().splitlines(), "", *CHOSEN.strip().splitlines()]
    lines += ["", "## How each is measured", ""]
    for t in TARGETS:
        note = " " + NOTES[t.key].format(**middles) if t.key in NOTES else ""
        lines += [f"- **{t.name}** ({t.source}): {t.how}{note}"]
    return "\n".join([*lines, "", *AFTER.strip().splitlines()]) + "\n"


def main() -> None:
    """Run the checks; write the page if none was named."""
    parser = argparse.ArgumentParser(description="Write docs/validation.md")
    parser.add_argument("--kept", type=Path)
    parser.add_argument("checks", nargs="*")
    options = parser.parse_args()
    found: dict[str, Interval] = {}
    seeds: dict[str, int] = {}
    with ThreadPoolExecutor(2) as pool:
        for name in options.checks or CHECKS:
            began = perf_counter()
            own = estimated(name, summed(name, pool, options.kept))
            found |= own
            seeds |= dict.fromkeys(own, CHECKS[name].seeds)
            sys.stderr.write(f"{name}: {perf_counter() - began:.0f} s\n")
            sys.stderr.writelines(f"  {k}: {i.middle:.4g} ({i.low:.4g} to {i.high:.4g})\n" for k, i in own.items())
    if not options.checks:
        write_whole(HERE / "validation.md", page(found, seeds))


if __name__ == "__main__":
    main()
