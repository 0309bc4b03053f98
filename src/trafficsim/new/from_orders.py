"""What an order log tells of customers: how often buyers order while they last, for how much, and how unequal they are.

Rates are those of BG/NBD (Fader, Hardie and Lee 2005, "Counting your customers the easy way", Marketing Science 24): a
customer orders at a rate of their own, gamma over customers, and may be lost after any order. So who has stopped
ordering doesn't count as one who needs little. Of CDNOW's orders of 39 weeks the fit gives shape .244, 4.42 weeks, a
.792 and b 2.42; published are .243, 4.414, .793 and 2.426 (8 free orders are left out here).
"""

import datetime as dt
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln, gammaln

from trafficsim.data.errors import DataError, Fault
from trafficsim.data.orders import OrderLog
from trafficsim.new.questions import round_to_two

LEAST_BUYERS = 50
"""Fewer customers with two orders or more tell no rate (assumed)."""
BIG = 0.8
"""Customers above this share of all by what they pay for an order are a segment of their own (assumed) ..."""
TIMES_AS_BIG = 1.5
"""... if their orders are so many times as large as those of the others (assumed)."""
FREQUENT = 0.4
"""Needs are met elsewhere as well: the days between them may be this part of those between orders (assumed)."""
SELDOM = 1.2
"""How many times the days between orders those between needs may be: rates of few orders are uncertain (assumed)."""
BUYERS_SHARE = 0.15
"""Of everybody whom a business could reach, how many have bought, where nobody says how many there are (assumed)."""
LARGEST = 1e4
"""Parameters of the fit lie between this and its inverse; beyond, customers are all alike."""
Values = NDArray[np.float64]


class Rates(NamedTuple):
    """BG/NBD: `shape` and `days` (scale) of the gamma over order rates, `a` and `b` of the beta over being lost."""

    shape: float
    days: float
    a: float
    b: float

    @property
    def days_between_orders(self) -> float:
        """Of a customer of mean rate, who isn't lost."""
        return self.days / self.shape


@dataclass(frozen=True)
class Buyers:
    """A segment as the log tells it.

    `share` is that of all buyers, `basket` their mean order over that of the first segment, `basket_spread` the
    standard deviation of its logarithm.
    """

    share: float
    days_between_orders: float
    need_shape: float
    basket: float
    basket_spread: float

    @property
    def needs(self) -> tuple[float, float]:
        """The range of days between needs."""
        return round_to_two(self.days_between_orders * FREQUENT), round_to_two(self.days_between_orders * SELDOM)

    @property
    def shapes(self) -> tuple[float, float]:
        """The range of the shape: a half more or less (assumed)."""
        return round_to_two(self.need_shape / 1.5), round_to_two(self.need_shape * 1.5)


@dataclass(frozen=True)
class Told:
    """What a log tells: its segments, the price (mean order of the first one), how many buyers, and over which days.

    `since` is the mean of the days from a buyer's last order to the end of the log.
    """

    file: str
    segments: tuple[Buyers, ...]
    price: float
    buyers: int
    orders: int
    again: float
    first: dt.date
    last: dt.date
    left_out: int
    since: float

    @property
    def bought_within_days(self) -> float:
        """Days within which last orders lie, evenly, with the same mean."""
        return max(1.0, float(round(2.0 * self.since)))


def told_by(log: OrderLog) -> Told:
    """What a log tells.

    Raises:
        DataError: if fewer than 50 customers have ordered twice: no rate can be told.
    """
    orders = np.bincount(log.customers)
    again = int((orders > 1).sum())
    if again < LEAST_BUYERS:
        says = f"{again} customers ordered on two days or more; {LEAST_BUYERS} are needed to tell how often"
        raise DataError(log.file, [Fault(0, 0, "", says)])
    mean = np.bincount(log.customers, log.amounts) / orders
    groups = _groups(mean, orders)
    price = _mean_order(log, groups[0])
    return Told(
        log.file,
        tuple(_segment(log, group, price) for group in groups),
        round_to_two(price),
        orders.size,
        log.days.size,
        again / orders.size,
        dt.date.fromordinal(int(log.days.min())),
        dt.date.fromordinal(int(log.days.max())),
        log.left_out,
        float((log.days.max() - _last_orders(log)).mean()),
    )


def _last_orders(log: OrderLog) -> NDArray[np.int64]:
    """The day of each buyer's last order."""
    last = np.zeros(int(log.customers.max()) + 1, np.int64)
    np.maximum.at(last, log.customers, log.days)
    return last


def fitted(repeats: Values, last: Values, watched: Values) -> Rates:
    """The rates of greatest likelihood.

    Args:
        repeats: orders after the first of each customer, shape `(customers,)`.
        last: days from the first order to the last one.
        watched: days from the first order to the end of the log.
    """

    def loss(logarithms: Values) -> float:
        return -float(_likelihood(np.exp(logarithms), repeats, last, watched).mean())

    begin = np.log([1.0, max(1.0, watched.mean()), 1.0, 3.0])
    bounds = [(-np.log(LARGEST), np.log(LARGEST))] * 4
    found = minimize(loss, begin, method="L-BFGS-B", bounds=bounds)
    return Rates(*np.exp(found.x).tolist())


def _likelihood(rates: Values, repeats: Values, last: Values, watched: Values) -> Values:
    """Logarithm of the likelihood of each customer (equation 6 of the article)."""
    r, alpha, a, b = rates
    ordered = gammaln(r + repeats) - gammaln(r) + r * np.log(alpha)
    stays = betaln(a, b + repeats) - betaln(a, b) - (r + repeats) * np.log(alpha + watched)
    x = np.maximum(repeats, 1.0)  # who never came again isn't lost: there is no order after which to be
    lost = betaln(a + 1.0, b + x - 1.0) - betaln(a, b) - (r + x) * np.log(alpha + last)
    return np.asarray(ordered + np.where(repeats > 0, np.logaddexp(stays, lost), stays))


def _groups(mean: Values, orders: NDArray[np.int64]) -> list[NDArray[np.bool_]]:
    """Everybody, or two groups apart by what they pay for an order, the larger group first."""
    big = mean > np.quantile(mean, BIG)
    parts = [~big, big]
    enough = all((part & (orders > 1)).sum() >= LEAST_BUYERS for part in parts)
    return parts if enough and mean[big].mean() >= TIMES_AS_BIG * mean[~big].mean() else [np.ones_like(big)]


def _segment(log: OrderLog, who: NDArray[np.bool_], price: float) -> Buyers:
    inside = who[log.customers]
    _, own = np.unique(log.customers[inside], return_inverse=True)
    days, count = log.days[inside].astype(np.float64), int(who.sum())
    first: Values = np.full(count, np.inf)
    last: Values = np.full(count, -np.inf)
    np.minimum.at(first, own, days)
    np.maximum.at(last, own, days)
    rates = fitted(np.bincount(own).astype(np.float64) - 1.0, last - first, float(log.days.max()) - first)
    return Buyers(
        round(count / who.size, 2),
        round_to_two(rates.days_between_orders),
        round_to_two(rates.shape),
        round_to_two(_mean_order(log, who) / price),
        round_to_two(float(np.log(log.amounts[inside]).std())),
    )


def _mean_order(log: OrderLog, who: NDArray[np.bool_]) -> float:
    return float(log.amounts[who[log.customers]].mean())
