"""Checks of the results that were set aside in the second round; their bands stand in validation_targets.py.

They were written, and their bands with them, before any of them was run; docs/validation_words.py says how the results
were chosen.
"""

import math
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from validation_worlds import (
    HALF_YEAR,
    PRICE,
    QUARTER,
    YEAR,
    Check,
    Found,
    Sums,
    after_joining,
    counted_in,
    know,
    mature,
    ran,
    young,
)

from trafficsim.engine import world
from trafficsim.scenario import Scenario

Counts = NDArray[np.int64]
Marks = NDArray[np.bool_]
MONTH = 30.4
"""Days."""
SETTLED = 8
"""Years after which the mature brand's sales have stopped growing, as those of the brands that were published have."""


def dated(*changes: tuple[str, int, int | None, str]) -> str:
    """Events: each a name, a first day, for how many days (None: for good), and what it sets, as YAML."""
    lines = ["events:\n"]
    for name, day, days, what in changes:
        lasts = "" if days is None else f", days: {days}"
        lines.append(f"  {name}: {{day: {day}{lasts}, set: {{{what}}}}}\n")
    return "".join(lines)


def deal(off: float, day: int, days: int, name: str = "deal") -> tuple[str, int, int, str]:
    """So much off in the shop for some days."""
    return name, day, days, f"places.shop.discount: {off}"


def spending(budget: float, day: int, days: int | None = None) -> tuple[str, int, int | None, str]:
    """Another advertising budget (yuan a day) from a day on."""
    return "budget", day, days, f"advertising.feed.budget_per_day: {budget}"


def ordered_by(w: world.World, days: tuple[int, ...]) -> Counts:
    """Orders of each customer until the start of each day, shape `(days, customers)`."""
    return np.stack([w.run(day).columns.bought.orders.astype(np.int64) for day in days])


def top_fifth(orders: Counts, luck: np.random.Generator) -> Marks:
    """Who is in the top fifth of those who ordered; equal ones are told apart by chance."""
    buyers = np.flatnonzero(orders)
    ranked = buyers[np.lexsort((luck.random(buyers.size), -orders[buyers]))]
    marks = np.zeros(orders.size, np.bool_)
    marks[ranked[: round(buyers.size / 5)]] = True
    return marks


# Who buys how often


def five_years(seed: int) -> Sums:
    """Five years of a settled brand: who buys how much of it, and who comes back after how long."""
    w = world.start(mature(days=(SETTLED + 5) * YEAR), "base", seed)
    bought = np.diff(ordered_by(w, tuple((SETTLED + year) * YEAR for year in range(6))), axis=0)
    luck = np.random.default_rng(seed)
    heavy, heavy_then = (top_fifth(bought[year], luck) for year in (1, 2))
    after, all_years = bought[2], bought.sum(axis=0)
    light = (all_years > 0) & (all_years <= 5)
    last = np.where(bought[3] > 0, 3, np.where(bought[2] > 0, 2, np.where(bought[1] > 0, 1, bought[0].clip(max=1) - 1)))
    back = [[(last == year).sum(), ((last == year) & (bought[4] > 0)).sum()] for year in (3, 2, 1, 0)]
    heavily = [bought[1][heavy].sum(), bought[1].sum(), heavy.sum(), (heavy & heavy_then).sum()]
    lightly = [light.sum(), (all_years > 0).sum(), all_years[light].sum(), all_years.sum()]
    return np.array([*heavily, after[bought[1] == 0].sum(), after.sum(), *lightly, *np.ravel(back)], float)


def five_years_found(sums: Sums) -> Found:
    """Shares in percent; by how much a further year without an order lowers the chance of one."""
    top, year, heavy, still, new, after, light, buyers, light_orders, orders = sums[:10]
    back = sums[10:].reshape(4, 2)
    chance = back[:, 1] / back[:, 0]
    return {
        "pareto_year": 100 * top / year,
        "heavy_stay": 100 * still / heavy,
        "returning": 100 * new / after,
        "ultra_light": 100 * light / buyers,
        "ultra_light_orders": 100 * light_orders / orders,
        "halving": (chance[3] / chance[0]) ** (1 / 3),
    } | {f"back{years}": 100 * share for years, share in enumerate(chance.tolist())}


PULLS = (0.0, 2.0)
"""Logits by which rivals gain: a large brand and a small one."""


def sizes(seed: int) -> Sums:
    """Settled brands of two sizes: buyers and orders of a year; orders of two weeks, without and with a deal."""
    begins, ends = SETTLED * YEAR, (SETTLED + 1) * YEAR
    sums = []
    for pull in PULLS:
        w = world.start(mature(days=ends, rivals__pull=pull), "base", seed)
        begun, done = ordered_by(w, (begins, ends))
        sums += [w.customers, (done > begun).sum(), (done - begun).sum()]
        for events in ("", dated(deal(0.2, QUARTER, 14))):
            sums += [counted_in(ran(mature(events, days=QUARTER + 14, rivals__pull=pull), seed), QUARTER, None)]
    return np.array(sums, float)


def sizes_found(sums: Sums) -> Found:
    """The small brand over the large one."""
    customers, buyers, orders, plain, off = sums.reshape(len(PULLS), 5).T
    share, often, bump = buyers / customers, orders / buyers, off / plain
    law = often * (1 - share)
    return {
        "jeopardy": often[-1] / often[0],
        "jeopardy_law": law[-1] / law[0],
        "deal_small": bump[-1] / bump[0],
        "share_large": 100 * share[0],
        "share_small": 100 * share[-1],
        "often_large": often[0],
        "often_small": often[-1],
    }


def growing(seed: int) -> Sums:
    """Buyers and orders of a year with the usual budget, and with three times it."""
    sums = []
    for events in ("", dated(spending(900, YEAR))):
        begun, done = ordered_by(world.start(mature(events, days=2 * YEAR), "base", seed), (YEAR, 2 * YEAR))
        sums += [(done > begun).sum(), (done - begun).sum()]
    return np.array(sums, float)


def growing_found(sums: Sums) -> Found:
    """Of the growth (in logarithms), the share that is more buyers."""
    buyers, orders, more_buyers, more_orders = sums
    growth = math.log(more_orders / orders)
    return {"growth_buyers": math.log(more_buyers / buyers) / growth, "growth": 100 * (math.exp(growth) - 1)}


REORDER = 0.32
"""Share of new customers who order again within a year."""


def new_customers(days_between_needs: float, customers: int) -> Scenario:
    """Everybody has just ordered for the first time from a brand that posts on the feed."""
    need: dict[str, Any] = {
        f"customers__segments__{s}__days_between_needs": days_between_needs for s in ("regulars", "bargain_hunters")
    }
    return young(
        days=2 * YEAR,
        customers__count=customers,
        customers__at_start={"aware": 1, "bought": 1, "bought_within_days": 0.001},
        posts={"feed": {"per_week": 3}},
        advertising="off",
        word_of_mouth="off",
        **need,
    )


@cache
def need_of_shops() -> float:
    """Days between needs at which as many order again as published, in one world apart from those of the check."""
    low, high = 10.0, 3000.0
    for _ in range(10):
        middle = math.sqrt(low * high)
        w = world.start(new_customers(middle, 10_000), "base", 1000).run(YEAR)
        low, high = (middle, high) if (w.columns.bought.orders > 1).mean() > REORDER else (low, middle)
    return math.sqrt(low * high)


def reorders(seed: int) -> Sums:
    """New customers of a shop: who orders again and again; their first month, their first year; the top hundredth."""
    w = world.start(new_customers(need_of_shops(), 20_000), "base", seed)
    month, year, late = ordered_by(w, (30, YEAR, 2 * YEAR))
    spend = w.columns.bought.spend + PRICE * w.columns.traits.basket * month.clip(max=1)
    top = np.sort(spend)[-(w.customers // 100) :]
    again = [(late >= k).sum() for k in (1, 2, 3, 4)]
    return np.array([*again, (year > 1).sum(), month.sum(), year.sum(), top.mean(), spend.mean()], float)


def reorders_found(sums: Sums) -> Found:
    """By how much the chance of another order rises."""
    one, two, three, four, within, month, year, top, mean = sums
    return {
        "third_order": (three / two) / (two / one),
        "fourth_order": (four / three) / (three / two),
        "first_month": 100 * month / year,
        "top_hundredth": top / mean,
        "within_a_year": 100 * within / one,
        "second": 100 * two / one,
        "need_of_shops": need_of_shops(),
    }


# Deals and offers


def deals(seed: int) -> Sums:
    """Two weeks at the list price, at 20 and at 40 % off: who buys in them, and who buys later."""
    begins, ends, later = YEAR, YEAR + 14, YEAR + 14 + QUARTER
    sums = []
    for off in (0.0, 0.2, 0.4):
        w = world.start(mature(dated(deal(off, begins, 14)), days=ends + YEAR), "base", seed)
        before = w.run(begins).columns.bought.orders.astype(np.int64)
        last = w.columns.bought.last_order_on.astype(np.int64)
        after, quarter, year = ordered_by(w, (ends, later, ends + YEAR))
        buyers = after > before
        just, long_ago = (last >= begins - 30), (last >= 0) & (last < begins - QUARTER)
        sums += [buyers.sum(), (buyers & (quarter > after)).sum()]
        sums += [(year - after)[just].sum(), (year - after)[long_ago].sum()]
    return np.array(sums, float)


def deals_found(sums: Sums) -> Found:
    """Ratios to what would have been without the deal."""
    plain, off, deep = sums.reshape(3, 4)
    return {
        "deal_repeat": (off[1] / off[0]) / (plain[1] / plain[0]),
        "antagonised": (deep[2] / plain[2]) / (deep[3] / plain[3]),
    }


def deal_buyers(seed: int) -> Sums:
    """Who orders in two weeks at 20 % off of a settled brand, and who of them had ordered in the year before."""
    begins = SETTLED * YEAR
    w = world.start(mature(dated(deal(0.2, begins, 14)), days=begins + 14), "base", seed).run(begins)
    before, last = w.columns.bought.orders.astype(np.int64), w.columns.bought.last_order_on.copy()
    buyers = w.run().columns.bought.orders > before
    return np.array([buyers.sum(), (buyers & (last >= begins - YEAR)).sum()], float)


def deal_buyers_found(sums: Sums) -> Found:
    """In percent."""
    return {"deal_known": 100 * sums[1] / sums[0]}


def often_on_deal(seed: int) -> Sums:
    """Orders of a week without and with a deal: after half a year without deals, and with one every four weeks."""
    last = 280
    sums = []
    for earlier in ((), tuple(range(last - 6 * 28, last, 28))):
        for days in (earlier, (*earlier, last)):
            events = dated(*(deal(0.2, day, 7, f"deal{day}") for day in days)) if days else ""
            sums.append(counted_in(ran(mature(events, days=last + 7), seed), last, None))
    return np.array(sums, float)


def often_on_deal_found(sums: Sums) -> Found:
    """The spike where deals are frequent, over where they are rare."""
    rare, frequent = sums[1] / sums[0], sums[3] / sums[2]
    return {"deal_frequency": frequent / rare, "spike_rare": rare, "spike_frequent": frequent}


MAILED_ON = 41
"""Day of an offer that is sent every 42 days."""


def mailing(bought: float, discount: float, offer_days: int) -> Scenario:
    """Everybody knows the brand and is on a list, to which one offer is sent, or none at no discount; four weeks."""
    once = {"per_week": 1 / 6, "offers_per_week": 1 / 6, "discount": discount, "offer_days": offer_days}
    return young(
        days=MAILED_ON + 28,
        customers__at_start={"aware": 1, "bought": bought, "bought_within_days": YEAR, "members": {"list": 1}},
        places__list={"kind": "pool", "form": "account", "open_rate": 0.325},
        posts={"list": once} if discount else {},
        advertising="off",
    )


def coupons_by_mail(seed: int) -> Sums:
    """Orders of four weeks with and without an offer for a week, and those that used it; uses a day of one for four.

    These lie in the middle and at the end.
    """
    orders = []
    for discount in (0.0, 0.2):
        w = ran(mailing(1, discount, 7), seed)
        orders.append(counted_in(w, MAILED_ON, None))
    used = float(w.counted("discounts").sum()) / (0.2 * PRICE)
    uses = ran(mailing(1, 0.2, 28), seed).counted("discounts").sum(axis=1)[MAILED_ON:]
    return np.array([*orders, used, uses[10:20].sum() / 10, uses[-5:].sum() / 5], float)


def coupons_by_mail_found(sums: Sums) -> Found:
    """In percent; late over middle."""
    plain, mailed, used, middle, late = sums
    return {
        "unredeemed": 100 * (1 - used / (mailed - plain)),
        "expiry": late / middle,
        "mail_lift": 100 * (mailed / plain - 1),
    }


def face_values(seed: int) -> Sums:
    """Who uses an offer of 10 and of 20 % that was mailed: of those who never bought, and of buyers."""
    sums = []
    for discount in (0.1, 0.2):
        w = world.start(mailing(0.5, discount, 28), "base", seed)
        before = w.run(MAILED_ON).columns.bought.orders.astype(np.int64)
        holds = w.run(MAILED_ON + 1).columns.bought.offer > 0
        used = holds & (w.run().columns.bought.orders > before)
        sums += [(used & (before == 0)).sum(), (used & (before > 0)).sum()]
    return np.array(sums, float)


def face_values_found(sums: Sums) -> Found:
    """By how much the higher value raises use among those who never bought, over that among buyers."""
    new_low, old_low, new_high, old_high = sums
    new, old = new_high / new_low, old_high / old_low
    return {"face_value": new / old, "face_new": new, "face_old": old}


def daily_deal(seed: int) -> Sums:
    """New customers of a small business by a deal at half the price, and those who order again afterwards."""
    begins, ends = QUARTER, QUARTER + 14
    w = world.start(young(dated(deal(0.5, begins, 14)), days=ends + YEAR), "base", seed)
    known = w.run(begins).columns.bought.orders > 0
    during = w.run(ends).columns.bought.orders.astype(np.int64)
    new = ~known & (during > 0)
    return np.array([new.sum(), (new & (w.run().columns.bought.orders > during)).sum()], float)


def daily_deal_found(sums: Sums) -> Found:
    """In percent."""
    return {"deal_returns": 100 * sums[1] / sums[0], "deal_customers": sums[0]}


def dearer(seed: int) -> Sums:
    """Orders of half a year at the list price and 10 % above it: of frequent and of infrequent buyers of the year."""
    sums = []
    for events in ("", dated(("dearer", YEAR, None, "product.price: 440"))):
        w = world.start(mature(events, days=YEAR + HALF_YEAR), "base", seed)
        start, before, after = ordered_by(w, (0, YEAR, YEAR + HALF_YEAR))
        of_year, later = before - start, after - before
        sums += [later[of_year >= 3].sum(), later[(of_year > 0) & (of_year < 3)].sum()]
    return np.array(sums, float)


def dearer_found(sums: Sums) -> Found:
    """The elasticity of frequent buyers over that of infrequent ones."""
    often, rarely = (math.log(sums[k + 2] / sums[k]) / math.log(1.1) for k in (0, 1))
    return {"loyal_price": often / rarely, "price_often": often, "price_rarely": rarely}


# Advertising


def dark(seed: int) -> Sums:
    """Orders of the last year with advertisements and of three without, of a settled brand and of a small one."""
    stopped = dated(spending(0, SETTLED * YEAR))
    years = range(SETTLED - 1, SETTLED + 3)
    days = (SETTLED + 3) * YEAR
    worlds = (ran(mature(stopped, days=days, rivals__pull=pull), seed) for pull in (PULLS[0], PULLS[-1]))
    return np.array([counted_in(w, y * YEAR, (y + 1) * YEAR) for w in worlds for y in years], float)


def dark_found(sums: Sums) -> Found:
    """Changes in percent; the small brand's index over the large one's."""
    large, small = sums.reshape(2, 4)
    lost = 100 * (large / large[0] - 1)
    return {
        "dark_1": lost[1],
        "dark_2": lost[2],
        "dark_3": lost[3],
        "dark_small": (small[1] / small[0]) / (large[1] / large[0]),
        "dark_small_1": 100 * (small[1] / small[0] - 1),
    }


def heavy_up(seed: int) -> Sums:
    """Orders of a quarter without and with twice the budget, of a young and of a mature brand."""
    events = ("", dated(spending(600, YEAR, QUARTER)))
    of = [brand(e, days=YEAR + QUARTER) for brand in (young, mature) for e in events]
    return np.array([counted_in(ran(each, seed), YEAR, None) for each in of], float)


def heavy_up_found(sums: Sums) -> Found:
    """The young brand's elasticity over the mature one's."""
    new, old = (math.log(sums[k + 1] / sums[k]) / math.log(2) for k in (0, 2))
    return {"ads_new": new / old, "ads_young": new, "ads_mature": old}


def budgets(seed: int) -> Sums:
    """Orders of a year without advertisements, with the usual budget and with twice it."""
    return np.array([counted_in(ran(mature(**budget(b)), seed), 0, None) for b in (0, 300, 600)], float)


def budget(yuan: float) -> dict[str, Any]:
    """A change of the budget a day."""
    return {"advertising__feed__budget_per_day": yuan}


def budgets_found(sums: Sums) -> Found:
    """What the second half of the money adds over what the first does."""
    return {"ads_concave": (sums[2] - sums[1]) / (sums[1] - sums[0])}


def paused(seed: int) -> Sums:
    """Orders of 60 days with advertisements and without: of frequent buyers of the year before, and of all others."""
    sums = []
    for events in ("", dated(spending(0, YEAR))):
        start, before, after = ordered_by(
            world.start(mature(events, days=YEAR + 60), "base", seed), (0, YEAR, YEAR + 60)
        )
        often = before - start >= 3
        sums += [(after - before)[often].sum(), (after - before)[~often].sum()]
    return np.array(sums, float)


def paused_found(sums: Sums) -> Found:
    """What advertising brings frequent buyers to, over what it brings others to."""
    often, others = (1 - sums[k + 2] / sums[k] for k in (0, 1))
    return {"ads_frequent": often / others, "ads_often": 100 * often, "ads_others": 100 * others}


def lasting(seed: int) -> Sums:
    """Extra orders of each month from a week with ten times the budget on, for two years."""
    days = QUARTER + 2 * YEAR
    plain, more = (
        ran(mature(events, days=days, customers__count=40_000), seed).counted("orders").sum(axis=1)[QUARTER:]
        for events in ("", dated(spending(3000, QUARTER, 7)))
    )
    ends = np.round(np.arange(25) * MONTH).astype(np.int64)
    return np.array(np.diff(np.concatenate([[0], (more - plain).cumsum()])[ends]), float)


def lasting_found(sums: Sums) -> Found:
    """Months until nine tenths of what a burst brings about have come."""
    so_far = np.concatenate([[0.0], sums.cumsum()]) / sums.sum()
    month = int(np.flatnonzero(so_far >= 0.9)[0])
    within = (0.9 - so_far[month - 1]) / (so_far[month] - so_far[month - 1])
    return {"ads_duration": float(month - 1 + within), "burst_orders": float(sums.sum())}


def national(events: str = "", **changes: object) -> Scenario:
    """A brand that everybody knows and three fifths have bought within half a year."""
    at_start = {"aware": 1, "bought": 0.6}
    return young(events, customers__at_start=at_start, posts={"feed": {"per_week": 3}}, **changes)


def household_name(seed: int) -> Sums:
    """A national brand without and with twice the budget in its second year.

    Orders of the second half of that year, and how often customers were told in its first month.
    """
    sums = []
    for events in ("", dated(spending(600, YEAR))):
        w = ran(national(events, days=2 * YEAR), seed)
        sums += [counted_in(w, YEAR + HALF_YEAR, None), w.counted("told")[YEAR : YEAR + 30].sum()]
    return np.array(sums, float)


def household_name_found(sums: Sums) -> Found:
    """Elasticities."""
    orders, told = (math.log(sums[k + 2] / sums[k]) / math.log(2) for k in (0, 1))
    return {"ads_national": orders, "ads_talk": told}


# Word of mouth


def more_talk(seed: int) -> Sums:
    """Orders and how often customers were told in a year, without and with half as much telling again."""
    sums = []
    for brand in (young, mature):
        tell = brand().settings()["word_of_mouth.tell"].value
        for more in (1.0, 1.5):
            w = ran(brand(word_of_mouth__tell=more * tell), seed)
            sums += [counted_in(w, 0, None), w.counted("told").sum()]
    return np.array(sums, float)


def more_talk_found(sums: Sums) -> Found:
    """Elasticities of orders to how often customers were told: of a young and a mature brand, and their mean."""
    new, old = (math.log(s[2] / s[0]) / math.log(s[3] / s[1]) for s in sums.reshape(2, 4))
    return {"talk": (new + old) / 2, "talk_young": new, "talk_mature": old}


def peers(seed: int) -> Sums:
    """Acquaintances of customers who were given the product: who of them orders in a quarter, with and without that."""
    sums: list[float] = []
    friends = np.zeros(0, np.int64)
    for given in (True, False):
        w = world.start(young(days=QUARTER), "base", seed)
        never = np.flatnonzero(w.columns.bought.orders == 0)
        gifts = np.random.default_rng(seed).choice(never, w.customers // 100, replace=False)
        friends = np.setdiff1d(np.intersect1d(np.concatenate([w.ties.of(int(g)) for g in gifts]), never), gifts)
        if given:
            know(w, gifts)
        w.run()
        sums += [friends.size, (w.columns.bought.orders[friends] > 0).sum()]
    return np.array(sums, float)


def peers_found(sums: Sums) -> Found:
    """The ratio of odds."""
    odds = sums[1::2] / (sums[::2] - sums[1::2])
    return {"peers": odds[0] / odds[1], "peers_with": 100 * sums[1] / sums[0], "peers_without": 100 * sums[3] / sums[2]}


def telling(seed: int) -> Sums:
    """A young brand for two years: what becomes of who was told, by how loyal the teller was; who tells; who is early.

    Who was told counts once for each day, under the last teller of that day; who would have ordered in these 30 days
    without anybody's telling was not won.
    """
    w = world.start(young(days=2 * YEAR), "base", seed)
    first_untold = ran(young(days=2 * YEAR, word_of_mouth__tell=0), seed).columns.bought.first_order_on.astype(np.int64)
    first_told, told_anybody = np.full(w.customers, -1), np.full(w.customers, -1)
    heard: list[tuple[int, Counts, Counts]] = []
    for day in range(w.days):
        w.run(day + 1)
        bought, story = w.columns.bought, w.columns.story
        told = np.flatnonzero(story.told_on == day)
        tellers = story.told_by[told].astype(np.int64)
        heard.append((day, told, bought.orders[tellers].astype(np.int64)))
        fresh = told[(first_told[told] < 0) & (bought.orders[told] == 0)]
        first_told[fresh] = day
        told_anybody[tellers[told_anybody[tellers] < 0]] = day
    first = w.columns.bought.first_order_on.astype(np.int64)
    loyal = np.zeros((2, 2))
    for day, told, orders in heard[: 2 * YEAR - 30]:
        came, would = ((on[told] > day) & (on[told] <= day + 30) for on in (first, first_untold))
        for row, kind in enumerate((orders == 1, orders >= 3)):
            loyal[row] += kind.sum(), came[kind].sum() - would[kind].sum()
    asked = (first_told >= 0) & (first_told < YEAR)
    became = asked & (first > first_told) & (first <= first_told + YEAR)
    buyers = (first >= 0) & (first < YEAR)
    referred = buyers & (told_anybody >= 0) & (told_anybody <= first + YEAR)
    need = w.columns.roll.need_rate
    early, late = (first >= 0) & (first < QUARTER), first >= YEAR
    early_need = [early.sum(), need[early].sum(), late.sum(), need[late].sum()]
    counts = [asked.sum(), became.sum(), buyers.sum(), referred.sum()]
    return np.array([*loyal.ravel(), *counts, *early_need], float)


def telling_found(sums: Sums) -> Found:
    """Shares in percent, and ratios."""
    light, heavy = sums[1] / sums[0], sums[3] / sums[2]
    early, late = sums[9] / sums[8], sums[11] / sums[10]
    return {
        "less_loyal": light / heavy,
        "referral_wins": 100 * sums[5] / sums[4],
        "referrers": 100 * sums[7] / sums[6],
        "early_heavy": early / late,
        "won_by_light": 100 * light,
        "won_by_heavy": 100 * heavy,
    }


def nominated(seed: int) -> Sums:
    """Who has heard of a new brand after a year, seeds apart: those with the most ties seeded, or random customers."""
    found = []
    for central in (True, False):
        of = young(customers__at_start={"aware": 0, "bought": 0}, advertising="off", visits="off")
        w = world.start(of, "base", seed)
        by_chance = np.random.default_rng(seed).permutation(w.customers)
        seeds = (np.argsort(-w.ties.degrees(), kind="stable") if central else by_chance)[: w.customers // 100]
        know(w, seeds)
        heard = w.run().columns.story.aware_on >= 0
        found.append(heard.sum() - heard[seeds].sum())
    return np.array(found, float)


def nominated_found(sums: Sums) -> Found:
    """Central over random seeds."""
    return {"nominated": sums[0] / sums[1]}


# Members of pools

LIST: dict[str, Any] = {
    "places__list": {"kind": "pool", "form": "account", "open_rate": 0.2},
    "hooks": {"sign_up": {"at": "shop", "into": "list", "gives": "service"}},
}
"""A newsletter for which one signs up at the shop, opened by a fifth."""


def page_of_shop(seed: int) -> Sums:
    """Orders in the half-year after following a shop's page, and of the same people without it."""
    page: dict[str, Any] = {
        "places__page": {"kind": "pool", "form": "account", "open_rate": 0.16},
        "posts": {"page": {"per_week": 3}},
        "hooks": {"follow": {"at": "shop", "into": "page", "gives": "service"}},
    }
    orders, _ = after_joining([mature(days=YEAR, **page), mature(days=YEAR)], seed)
    return orders


def page_of_shop_found(sums: Sums) -> Found:
    """In percent."""
    return {"page_visits": 100 * (sums[0] / sums[1] - 1), "page_followers": sums[2]}


def newsletter(seed: int) -> Sums:
    """A weekly newsletter for two years: the first mail and later ones; who opens, orders and pays.

    The latter in the third half-year; in the fourth, what those open who had opened nothing.
    """
    begins, ends = YEAR, YEAR + HALF_YEAR
    w = world.start(mature(days=ends + HALF_YEAR, posts={"list": {"per_week": 1}}, **LIST), "base", seed)
    place = w.names.places.index("list")
    sent, opened, opened_later = np.zeros((3, w.customers), np.int64)
    mails = np.zeros((2, 2))
    next_mail = np.zeros(0, np.bool_)

    def until(day: int) -> None:
        nonlocal next_mail
        for today in range(w.day, day):
            inside = w.columns.member.status[0] % 2 == 1
            if not w.run(today + 1).counted("posts")[today, place]:
                continue
            read = w.columns.member.read[0] > 0
            sent[inside] += 1
            for row, kind in enumerate((inside & (sent == 1), inside & (sent > 12))):
                mails[row] += kind.sum(), (kind & read).sum()
            if today >= ends:
                next_mail = read if not next_mail.size else next_mail
                opened_later[read] += 1
            elif today >= begins:
                opened[read] += 1

    until(begins)
    bought, member = w.columns.bought, w.columns.member
    orders, spend = bought.orders.astype(np.int64), bought.spend.copy()
    subscribed, others = member.status[0] % 2 == 1, (orders > 0) & (member.joined_on[0] < 0)
    until(ends)
    ordered, paid = bought.orders - orders, (bought.spend - spend) / 100
    subscribed &= member.status[0] % 2 == 1
    active = subscribed & (opened > 0)
    silent = subscribed & (opened == 0)
    until(w.days)
    often = [x for who in (subscribed, others) for x in ((who & (ordered > 0)).sum(), ordered[who].sum())]
    worth = [x for who in (silent, active) for x in (who.sum(), paid[who].sum())]
    won = [(silent & next_mail).sum(), (silent & (opened_later > 0)).sum()]
    return np.array([*mails.ravel(), *often, *worth, *won], float)


def newsletter_found(sums: Sums) -> Found:
    """In percent, and ratios."""
    first, later = sums[1] / sums[0], sums[3] / sums[2]
    silent, silent_paid, active, active_paid = sums[8:12]
    return {
        "welcome": first / later,
        "subscribers": 100 * ((sums[5] / sums[4]) / (sums[7] / sums[6]) - 1),
        "silent_worth": 100 * (silent_paid / silent) / (active_paid / active),
        "active": 100 * active / (active + silent),
        "win_back_read": 100 * sums[12] / silent,
        "win_back_later": 100 * sums[13] / silent,
        "first_mail": 100 * first,
        "later_mail": 100 * later,
    }


def mail_frequency(seed: int) -> Sums:
    """Reads, and posts times members, of lists that get one, two and five mails a week for half a year."""
    sums = []
    for per_week in (1, 2, 5):
        of = young(
            days=HALF_YEAR,
            customers__at_start={"aware": 1, "bought": 0.3, "members": {"list": 1}},
            places__list={"kind": "pool", "form": "account", "open_rate": 0.334},
            posts={"list": {"per_week": per_week}},
            advertising="off",
        )
        w = ran(of, seed)
        pool = w.names.places.index("list")
        sums += [w.counted("reads").sum(), (w.counted("posts")[:, pool] * w.members[:-1, pool]).sum()]
    return np.array(sums, float)


def mail_frequency_found(sums: Sums) -> Found:
    """Open rates over that of one mail a week."""
    rate = sums[::2] / sums[1::2]
    found = {"mails_two": rate[1] / rate[0], "mails_five": rate[2] / rate[0]}
    return found | {f"rate_{n}": 100 * share for n, share in zip((1, 2, 5), rate.tolist(), strict=True)}


def installs(seed: int) -> Sums:
    """Who installed an app for a coupon in the first quarter, and who had deleted it 30 days later."""
    app: dict[str, Any] = {
        "places__app": {"kind": "pool", "form": "app", "open_rate": 0.2},
        "posts": {"app": {"per_week": 1}},
        "hooks": {"install": {"at": "shop", "into": "app", "gives": "coupon", "worth": 80, "cost": 80}},
    }
    w = world.start(mature(days=QUARTER + 31, **app), "base", seed)
    gone = 0
    for day in range(w.days):
        member = w.run(day + 1).columns.member
        installed = (member.joined_on[0] == day - 30) & (day - 30 >= 0) & (day - 30 < QUARTER)
        gone += int((installed & (member.status[0] % 2 == 0)).sum())
    joined_on = w.columns.member.joined_on[0]
    return np.array([((joined_on >= 0) & (joined_on < QUARTER)).sum(), gone], float)


def installs_found(sums: Sums) -> Found:
    """In percent."""
    return {"uninstalls": 100 * sums[1] / sums[0], "installs": sums[0]}


def loyalty_card(seed: int) -> Sums:
    """Members of a programme: orders of the year after joining, with it and without it.

    By what they ordered in the year before.
    """
    programme: dict[str, Any] = {
        "places__card": {"kind": "pool", "form": "account", "open_rate": 0.2},
        "hooks": {"join": {"at": "shop", "into": "card", "gives": "service", "from_day": YEAR}},
        "audiences": {"holders": {"least_orders": 0}},
        "tiers": {"holders": {"pool": "card", "to": "holders", "convenience": 0.3}},
    }
    days = (0, YEAR, YEAR + QUARTER, 2 * YEAR + QUARTER)
    worlds = [world.start(mature(days=days[-1], **more), "base", seed) for more in (programme, {})]
    start, year, joined, after = ordered_by(worlds[0], days)
    _, _, joined_without, after_without = ordered_by(worlds[1], days)
    joined_on = worlds[0].columns.member.joined_on[0]
    holders = (joined_on >= 0) & (joined_on < days[2])
    before = year - start
    light, heavy = holders & (before > 0) & (before < 3), holders & (before >= 5)
    later, later_without = after - joined, after_without - joined_without
    return np.array([x[who].sum() for who in (light, heavy) for x in (later, later_without)], float)


def loyalty_card_found(sums: Sums) -> Found:
    """By how much light buyers order more, over by how much heavy ones do."""
    light, heavy = sums[0] / sums[1], sums[2] / sums[3]
    return {"loyalty_light": light / heavy, "card_light": light, "card_heavy": heavy}


def turned_away(seed: int) -> Sums:
    """Customers who got no seat in a month of three times the demand: their orders of the half-year after.

    In a shop with 1.5 times the seats that it needs on other days, and in one with seats for all.
    """
    usual = counted_in(ran(mature(days=QUARTER), seed), QUARTER - 30, None) / 30
    ends = QUARTER + 30
    events = dated(("crowd", QUARTER, 30, "demand: 3"))
    worlds = []
    for seats in (round(1.5 * usual), 1_000_000):
        of = mature(events, days=ends + HALF_YEAR, places__shop__slots={"day": {"share": 1, "seats": seats}})
        worlds.append(ordered_by(world.start(of, "base", seed), (QUARTER, ends, ends + HALF_YEAR)))
    few, enough = worlds
    away = (enough[1] > enough[0]) & (few[1] == few[0])
    return np.array([away.sum(), (few[2] - few[1])[away].sum(), (enough[2] - enough[1])[away].sum()], float)


def turned_away_found(sums: Sums) -> Found:
    """Later orders over those with seats enough."""
    return {"turned_away": sums[1] / sums[2], "away": sums[0]}


HELD_OUT = {
    "five_years": Check(6, five_years, five_years_found),
    "sizes": Check(8, sizes, sizes_found),
    "growing": Check(8, growing, growing_found),
    "reorders": Check(4, reorders, reorders_found),
    "deals": Check(12, deals, deals_found),
    "deal_buyers": Check(6, deal_buyers, deal_buyers_found),
    "often_on_deal": Check(48, often_on_deal, often_on_deal_found),
    "coupons_by_mail": Check(8, coupons_by_mail, coupons_by_mail_found),
    "face_values": Check(8, face_values, face_values_found),
    "daily_deal": Check(12, daily_deal, daily_deal_found),
    "dearer": Check(12, dearer, dearer_found),
    "dark": Check(16, dark, dark_found),
    "heavy_up": Check(12, heavy_up, heavy_up_found),
    "budgets": Check(12, budgets, budgets_found),
    "paused": Check(16, paused, paused_found),
    "lasting": Check(12, lasting, lasting_found),
    "household_name": Check(12, household_name, household_name_found),
    "more_talk": Check(12, more_talk, more_talk_found),
    "peers": Check(16, peers, peers_found),
    "telling": Check(48, telling, telling_found),
    "nominated": Check(16, nominated, nominated_found),
    "page_of_shop": Check(8, page_of_shop, page_of_shop_found),
    "newsletter": Check(16, newsletter, newsletter_found),
    "mail_frequency": Check(4, mail_frequency, mail_frequency_found),
    "installs": Check(4, installs, installs_found),
    "loyalty_card": Check(48, loyalty_card, loyalty_card_found),
    "turned_away": Check(8, turned_away, turned_away_found),
}
