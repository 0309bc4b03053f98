"""The population: every customer's own values, drawn once from the segment, the same for every arm.

Each value is a keyed draw of the customer's number and the name of what is drawn, so that one customer more, or one
segment more at the end, leaves everybody else as they were.
"""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.routes import START
from trafficsim.kernel import rng
from trafficsim.kernel.columns import BEFORE_START, IN, Columns, Roll, Traits, empty, part
from trafficsim.market.customers import AtStart, Customers, Memory, Segment
from trafficsim.market.places import HOMES
from trafficsim.mechanisms.shared.memory import EARLIEST
from trafficsim.population.gamma import gamma_of_mean_one
from trafficsim.population.past_orders import PastOrder, leave_marks

Floats = NDArray[np.float64]


def build(
    customers: Customers, pools: Mapping[str, int], places: int, seed: int, replicate: int, order: PastOrder
) -> Columns:
    """The columns of a population on day 0, with its history before the start (see `AtStart`).

    Args:
        customers: their settings.
        pools: the codes of their places by name, in the order of their own codes.
        places: how many there are in all.
        seed, replicate: decide every draw.
        order: the last order of those who have bought before.
    """
    columns = empty(customers.count, len(pools), places=places)
    for draws in _draws(seed, replicate, customers.count):
        some = part(columns, draws.first, draws.last)
        _fill_traits(some.traits, some.roll, customers, draws)
        _fill_mind(some, customers.memory)
        _know_before(some, customers.at_start, order, draws)
        _join_before(some, customers.at_start, pools, draws)
    return columns


def segments(customers: Customers, seed: int, replicate: int) -> NDArray[np.uint8]:
    """Code of each customer's segment, shape `(customers,)`; the column `segment` holds the same."""
    return np.concatenate([_segments(customers, draws) for draws in _draws(seed, replicate, customers.count)])


GRADES = 5
"""Need and fit are graded in fifths, as scores of recency and frequency are in marketing."""


def likeness(count: int, seed: int, replicate: int) -> NDArray[np.uint8]:
    """Class of each customer's need and fit, both graded within the own segment; shape `(customers,)`.

    Grades are those of the draws behind the traits, so that nobody's class depends on who else there is.
    """

    def graded(draws: _Draws) -> NDArray[np.uint8]:
        need, fit = (np.floor(GRADES * draws.uniform(trait)) for trait in ("need", "fit"))
        return np.asarray(GRADES * need + fit).astype(np.uint8)

    return np.concatenate([graded(draws) for draws in _draws(seed, replicate, count)])


AT_ONCE = 1 << 19
"""Customers whose values are drawn together, so that what is only needed meanwhile takes little memory."""


class _Draws:
    """Uniform and normal draws for customers first..last, by name."""

    def __init__(self, seed: int, replicate: int, first: int, last: int) -> None:
        self.seed, self.replicate, self.first, self.last = seed, replicate, first, last

    def uniform(self, *names: str) -> Floats:
        return rng.uniforms(rng.stream(self.seed, self.replicate, "population", *names), self.first, self.last)

    def normal(self, *names: str) -> Floats:
        return rng.normals(rng.stream(self.seed, self.replicate, "population", *names), self.first, self.last)


def _draws(seed: int, replicate: int, count: int) -> Iterator[_Draws]:
    for first in range(0, count, AT_ONCE):
        yield _Draws(seed, replicate, first, min(first + AT_ONCE, count))


def _segments(customers: Customers, draws: _Draws) -> NDArray[np.uint8]:
    edges = np.cumsum([s.share for s in customers.by_code.values()])[:-1]
    return np.searchsorted(edges, draws.uniform("segment"), side="right").astype(np.uint8)


def _fill_traits(traits: Traits, roll: Roll, customers: Customers, draws: _Draws) -> None:
    segment = _segments(customers, draws)
    traits.segment[:] = segment
    need, deal, fit = draws.uniform("need"), draws.uniform("deal_prone"), draws.uniform("fit")
    basket = draws.normal("basket")
    for code, s in enumerate(customers.by_code.values()):
        own = segment == code
        roll.need_rate[own] = gamma_of_mean_one(need[own], s.need_shape) / s.days_between_needs
        traits.fit[own] = _around(s.fit, s.fit_spread, fit[own])
        traits.deal_prone[own] = _around(s.deal_prone, s.deal_spread, deal[own])
        traits.basket[own] = _baskets(s, basket[own])
    traits.home[:] = np.floor(HOMES * draws.uniform("home"))
    opens = _ranked_alike(need, draws.uniform("opens"), customers.memory.opens_with_need)
    roll.opens[:] = gamma_of_mean_one(opens, customers.memory.opens_shape)


def _ranked_alike(u: Floats, own: Floats, correlation: float) -> Floats:
    """Uniform draws of this rank correlation with `u`, at most 1/3, from draws of their own.

    By the copula of Farlie, Gumbel and Morgenstern: uv (1 + 3 correlation (1 - u) (1 - v)).
    """
    a = 3.0 * correlation * (1.0 - 2.0 * u)
    return 2.0 * own / (1.0 + a + np.sqrt((1.0 + a) ** 2 - 4.0 * a * own))


def _around(mean: float, half_width: float, u: Floats) -> Floats:
    """Evenly spread about a mean, narrowed where 0 or 1 is near, so that the mean stays."""
    width = min(half_width, mean, 1.0 - mean)
    return mean + width * (2.0 * u - 1.0)


def _baskets(segment: Segment, z: Floats) -> Floats:
    """Log-normal baskets with the segment's mean."""
    return segment.basket * np.exp(segment.basket_spread * z - 0.5 * segment.basket_spread**2)


def _fill_mind(columns: Columns, memory: Memory) -> None:
    columns.mind.trust[:] = memory.trust_at_start
    columns.mind.usual_discount[:] = memory.usual_discount * columns.traits.deal_prone  # see `usual_in_field`


def _know_before(columns: Columns, start: AtStart, order: PastOrder, draws: _Draws) -> None:
    stage = draws.uniform("at_start")
    bought, aware = stage < start.bought, stage < start.aware
    mind, story = columns.mind, columns.story
    story.aware_on[aware] = BEFORE_START
    story.route[aware] = START
    story.last_touch[aware] = START
    mind.acquaintance[aware] = start.acquaintance
    age = start.bought_within_days * draws.uniform("last_order")[bought]
    marked = (mind.salience, mind.acquaintance, mind.trust, mind.usual_discount)
    leave_marks(np.flatnonzero(bought), columns.traits.fit, marked, order)
    mind.memory_on[bought] = np.maximum(-age, EARLIEST)  # whole days: they may have drifted away since
    columns.bought.orders[bought] = 1
    columns.bought.first_order_on[bought] = BEFORE_START
    columns.bought.last_order_on[bought] = np.clip(-age, EARLIEST, BEFORE_START)


def _join_before(columns: Columns, start: AtStart, pools: Mapping[str, int], draws: _Draws) -> None:
    member, story = columns.member, columns.story
    for code, (name, place) in enumerate(pools.items()):
        joined = draws.uniform("member", name) < start.members.get(name, 0.0)
        member.joined_on[code, joined] = BEFORE_START
        member.status[code, joined] = IN
        story.place[joined & (story.place == 0)] = place + 1
        strangers = joined & (story.aware_on == -1)
        story.aware_on[strangers] = BEFORE_START
        story.route[strangers] = START
        story.last_touch[strangers] = START
        columns.mind.acquaintance[strangers] = start.acquaintance
