"""Advertising: a day's budget buys impressions among a place's visitors; few are noticed, fewer the more were seen."""

import math
from typing import Annotated

import numpy as np
from pydantic import Field

from trafficsim.books.counters import ADVERTISING, IMPRESSIONS, NOTICED, UNSPENT
from trafficsim.books.routes import PAID
from trafficsim.books.tally import cents_drawn
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, draw, select
from trafficsim.kernel.draws import NOTICE, SHOWN
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records, running
from trafficsim.kernel.rng import chance_of_any, day_key, threshold_above, uniform
from trafficsim.market.quantities import (
    Day,
    Days,
    Growth,
    Money,
    Parameters,
    Phrase,
    Price,
    Probability,
    Score,
    Slider,
    Strength,
    setting,
)
from trafficsim.mechanisms.shared.memory import faded, meet, remember, touch
from trafficsim.mechanisms.shared.regions import lives_where_shown
from trafficsim.mechanisms.visits import chance_to_visit, visit_limit, visits_now

YEAR = 365.0


class Advertising(Parameters):
    """A campaign on one public or paid place."""

    budget_per_day: Money = setting(
        "money for impressions in a day", slider=Slider("ad budget a day", "每日广告预算", first=True)
    )
    cpm: Price = setting(
        "price of a thousand impressions on day 0, without crowding",
        slider=Slider("price of a thousand impressions", "千次曝光价格（CPM）"),
    )
    cpm_growth_per_year: Growth = setting(
        "yearly rise of that price",
        default=0.0,
        slider=Slider("ads grow dearer, a year", "广告单价年涨幅", usual=(0, 1), first=True),
    )
    supply_per_visit: Annotated[float, Field(gt=0, le=1000)] = setting(
        "impressions that the place can show one visitor in a day; the more of them are bought, the dearer they get",
        default=20.0,
    )
    crowding: Strength = setting("rise of the price, as a share, when the whole supply is bought", default=1.0)
    notice: Probability = setting(
        "chance that an impression is noticed by someone who saw none before",
        default=0.03,
        source="assumed within 1 to 3 %; calibrated to new customers at about 400 yuan each (article 001)",
    )
    wear_out: Annotated[float, Field(gt=0, le=1000)] = setting(
        "noticed advertisements that halve the chance to notice another", default=4.0
    )
    wear_half_life_days: Days = setting("half-life of noticed advertisements in that count", default=14.0)
    salience: Score = setting("share of the gap to full salience closed by a noticed advertisement", default=0.10)
    regions: tuple[str, ...] = setting(
        "where it is shown, in regions of `customers.regions`; everywhere unless given. Money buys impressions among"
        " the people there alone",
        default=(),
        phrase=Phrase("shown only in {value}", "只投放在 {value}"),
    )
    from_day: Day = setting("first day of the campaign", default=0)
    until_day: Day | None = setting("first day without the campaign", default=None)


@rule
def price_of_thousand(day: float, cpm: float, growth: float, budget: float, supply: float, crowding: float) -> float:
    """Price of a thousand impressions when `budget` meets a supply of so many impressions in a day.

    The list price grows by the year; the price paid, c (1 + crowding x share of the supply bought), solves
    p = c (1 + crowding budget / (p supply)). It ends where the supply does: who bids more gets no more for it.
    """
    c = cpm * math.pow(1.0 + growth, day / YEAR)
    if supply <= 0.0:
        return c
    bid = 0.5 * c * (1.0 + math.sqrt(1.0 + 4.0 * crowding * budget / (c * supply / 1000.0)))
    return min(bid, c * (1.0 + crowding))


@rule
def notices(u: float, shown: float, notice: float, seen: float, wear_out: float) -> bool:
    """Whether a visitor to whom so many impressions are shown on average notices any, having noticed `seen` lately."""
    return u < chance_of_any(shown * notice / (1.0 + seen / wear_out))


@rule
def seen_lately(seen: float, days: float, half_life_days: float) -> float:
    """Advertisements that count as noticed lately, so many days after the last one: they are forgotten, and tire less.

    `seen` is what counted right after that one.
    """
    return faded(seen, days, half_life_days)


@rule
def shown_to_each(bought: float, visitors: float) -> float:
    """Impressions that a visitor is shown on average."""
    return bought / visitors


@rule
def most_who_notice(shown: float, notice: float) -> float:
    """The chance that a visitor to whom so many impressions are shown notices any, having noticed none lately."""
    return chance_of_any(shown * notice)


@rule
def campaign_runs(on: bool, place_on: bool, day: float, from_day: float, until_day: float) -> bool:
    """Whether a campaign runs today: it and its place are there, and its days have come (the last one excluded)."""
    return on and place_on and running(day, from_day, until_day)


@rule
def supply_of_day(visitors: float, per_visit: float) -> float:
    """Impressions that a place can show so many visitors in a day."""
    return visitors * per_visit


@rule
def impressions_bought(budget: float, price: float, supply: float) -> float:
    """Impressions that a day's budget buys at a price for a thousand of them, at most the supply."""
    return min(1000.0 * budget / price, supply)


@rule
def whole_impressions(u: float, bought: float) -> int:
    """Impressions as whole ones, the next lower or higher by a uniform draw in (0, 1), so that parts add up."""
    return math.floor(bought + u)


@rule
def price_of_impressions(bought: float, price: float) -> float:
    """What impressions cost at a price for a thousand of them."""
    return bought * price / 1000.0


@rule
def left_unspent(u: float, budget: float, paid: float) -> int:
    """What is left of a day's budget where the place has no more supply, in whole cents; `u` decides about parts."""
    return cents_drawn(u, max(budget - paid, 0.0))


@part
def expected_visitors(f: Frame, ad: Records) -> float:
    """Mean number of customers who open the campaign's place, where it is shown, on a day of this demand."""
    return f.market * ad.reached * chance_to_visit(f.places[ad.place].visits_per_week, f.demand)


@part
def impressions(f: Frame, ad: Records) -> float:
    """Impressions that the day's budget buys, at most the place's supply; 0 when the campaign does not run."""
    visitors = expected_visitors(f, ad)
    if visitors <= 0.0 or not campaign_runs(bool(ad.on), bool(f.places[ad.place].on), f.day, ad.from_day, ad.until_day):
        return 0.0
    supply = supply_of_day(visitors, ad.supply_per_visit)
    price = price_of_thousand(f.day, ad.cpm, ad.cpm_growth_per_year, ad.budget_per_day, supply, ad.crowding)
    return impressions_bought(ad.budget_per_day, price, supply)


@step
def advertise(f: Frame, first: int, last: int) -> None:
    """Today's visitors among customers first..last are shown what the budgets buy; a few notice."""
    for row in range(f.advertising.size):
        ad = f.advertising[row]
        bought = impressions(f, ad)
        if bought > 0.0:
            shown = shown_to_each(bought, expected_visitors(f, ad))
            key = day_key(ad.key, f.day, NOTICE)
            limit = threshold_above(most_who_notice(shown, ad.notice))  # the most anyone could notice
            came = visit_limit(f, f.places[ad.place])
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(f.flags, key, lo, hi, limit)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.mind):
                    if lives_where_shown(f, i, ad) and visits_now(f, i, f.places[ad.place], came):
                        show(f, i, key, shown, ad)


@part
def show(f: Frame, i: int, key: np.uint64, shown: float, ad: Records) -> None:
    """Customer i may notice an advertisement."""
    days = f.day - f.mind.ad_on[i]
    seen = seen_lately(f.mind.ads_seen[i], days, ad.wear_half_life_days)
    if notices(uniform(key, i), shown, ad.notice, seen, ad.wear_out):
        f.mind.ads_seen[i] = seen + 1.0
        f.mind.ad_on[i] = f.day
        touch(f, i, PAID)
        remember(f, i, ad.salience)
        meet(f, i, ad.place)
        f.tally[NOTICED, ad.place] += 1


@step
def pay_for_impressions(f: Frame) -> None:
    """Pay for the impressions of the day, as many as the budget buys of the supply that is to be expected.

    They are those of the whole market, whatever part of it is simulated. Parts of one, or of a cent, are rounded by a
    draw of the day. What the place has no supply for stays unspent.
    """
    for row in range(f.advertising.size):
        ad = f.advertising[row]
        bought = impressions(f, ad)
        if bought > 0.0:
            u = uniform(day_key(ad.key, f.day, SHOWN), 0)
            supply = supply_of_day(expected_visitors(f, ad), ad.supply_per_visit)
            price = price_of_thousand(f.day, ad.cpm, ad.cpm_growth_per_year, ad.budget_per_day, supply, ad.crowding)
            f.tally[IMPRESSIONS, ad.place] += whole_impressions(u, bought)
            paid = price_of_impressions(bought, price)
            f.tally[ADVERTISING, ad.place] += cents_drawn(u, paid)
            if bought >= supply:
                f.tally[UNSPENT, ad.place] += left_unspent(u, ad.budget_per_day, paid)
