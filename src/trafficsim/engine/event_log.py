"""What happened to everybody in one world, written down as it passes: contacts, orders, and who joined and left pools.

Nothing here decides anything: columns before and after a step say what it did. Contacts at a place are told by the bits
that the step sets in `met`, which are taken aside meanwhile; what an order cost is what purchasing counts of its
customer alone, in a twin of the world that is as it was before.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.books import counters
from trafficsim.books.routes import INVITED, ORGANIC, PAID, POOL, STAFF, STORE, TOLD
from trafficsim.engine.day import CLOSING, STEPS, Line
from trafficsim.engine.world import World
from trafficsim.kernel.columns import EIGHT, Columns, is_inside
from trafficsim.kernel.draws import PARTS
from trafficsim.kernel.rng import day_key, uniform
from trafficsim.market.places import KINDS
from trafficsim.mechanisms.purchasing import goods_of_order, price_of_order, share_given

CONTACTS = {"visit": STORE, "advertise": PAID, "post": ORGANIC, "show_moments": STAFF, "give_care": STAFF}
"""Lines of the day that meet customers at places, and by which route; posts in a pool are that of the pool."""
POOL_KIND = KINDS.index("pool")
NOBODY, NOWHERE = -1, -1
Numbers = NDArray[Any]


class Contact(NamedTuple):
    """A contact: the route as in `books.routes`, the place by code (-1 for none), and who told or invited (-1)."""

    day: int
    customer: int
    route: int
    place: int
    by: int


class Order(NamedTuple):
    """Orders of a customer at a place on a day, in the smallest unit of money; `margin` is before perks and rewards.

    `orders` is how many; `list_price`, `discount`, `goods`, `commission` and `delivery` are of all of them.
    """

    day: int
    customer: int
    place: int
    orders: int
    list_price: int
    discount: int
    goods: int
    commission: int
    delivery: int

    @property
    def paid(self) -> int:
        """What the customer paid."""
        return self.list_price - self.discount

    @property
    def margin(self) -> int:
        """What is left of that after goods, commission and delivery."""
        return self.paid - self.goods - self.commission - self.delivery


class Move(NamedTuple):
    """A customer joined (or came back to) a pool, or left it; by code, `hook` of joining (-1 for none)."""

    day: int
    customer: int
    pool: int
    inside: bool
    hook: int


@dataclass(frozen=True)
class EventLog:
    """What happened in a world, in the order in which it did."""

    contacts: list[Contact] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)


def logged(world: World) -> EventLog:
    """Let the remaining days of a world pass and write down what happens; it ends as `World.run` would end it."""
    log, twin = EventLog(), world.fork()
    with np.errstate(over="ignore"):  # uncompiled, the generator's wrap-around would warn
        while world.day < world.days:
            for name in STEPS:
                _pass(world, twin, name, log)
                for own in world.own_after(name):
                    own.run(world)
            world.run_lines(world.day + 1, world.lines((CLOSING,)))
            world.day += 1
    return log


def _pass(world: World, twin: World, name: str, log: EventLog) -> None:
    """Let one step of today pass."""
    columns, lines = world.columns, world.lines((name,))
    inside = is_inside(columns.member.status)
    if name == "purchasing":
        _copy(columns, twin.columns)
        twin.day = world.day
    before = [np.array(column) for column in (columns.bought.orders, columns.bought.spend, columns.story.told_on)]
    wanted = np.array(columns.today.request)
    for part in _apart(lines):
        met = np.array(columns.today.met)
        route = CONTACTS.get(part[0].step.__name__)
        if route is not None:
            columns.today.met[...] = 0
        world.run_lines(world.day + 1, part)
        if route is not None:
            log.contacts.extend(_contacts(world, route))
            columns.today.met[...] |= met
    if name == "purchasing":
        log.orders.extend(_ordered(world, twin, lines, before[0]))
    elif name == "seating":
        log.orders.extend(_seated(world, wanted, before[0], before[1]))
    elif name == "word_of_mouth":
        log.contacts.extend(_told(world, before[2]))
    log.moves.extend(_moves(world, inside))


def _apart(lines: Sequence[Line]) -> Iterator[Sequence[Line]]:
    """Lines that meet customers one by one, others together: they hand on who is to be treated."""
    if lines and all(line.step.__name__ in CONTACTS for line in lines):
        yield from ([line] for line in lines)
    elif lines and lines[-1].step.__name__ in CONTACTS:  # care is allotted, then given
        yield lines[:-1]
        yield lines[-1:]
    elif lines:
        yield lines


def _contacts(world: World, route: int) -> Iterator[Contact]:
    met = world.columns.today.met
    for place in range(len(world.names.places)):
        there = np.flatnonzero(met[place // EIGHT] >> place % EIGHT & 1)
        by = POOL if route == ORGANIC and _settings(world, "places")[place]["kind"] == POOL_KIND else route
        yield from (Contact(world.day, customer, by, place, NOBODY) for customer in there.tolist())


def _told(world: World, told_on: Numbers) -> Iterator[Contact]:
    """Of several who told a customer on a day, the last one is known."""
    story = world.columns.story
    for customer in np.flatnonzero((story.told_on == world.day) & (told_on != world.day)).tolist():
        route = INVITED if world.columns.today.invited[customer] else TOLD
        yield Contact(world.day, customer, route, NOWHERE, int(story.told_by[customer]))


def _ordered(world: World, twin: World, lines: Sequence[Line], before: Numbers) -> Iterator[Order]:
    for customer in np.flatnonzero(world.columns.bought.orders != before).tolist():
        own = np.zeros_like(world.tallies[world.day])
        twin.run_lines(twin.day + 1, lines, (customer, customer + 1), own[np.newaxis])
        for place in np.flatnonzero(own[counters.ORDERS]).tolist():
            rows = (counters.ORDERS, counters.GROSS_SALES, counters.DISCOUNTS, counters.COST_OF_GOODS)
            counted = [int(own[row, place]) for row in (*rows, counters.COMMISSION, counters.DELIVERY)]
            yield Order(world.day, customer, place, *counted)


def _seated(world: World, wanted: Numbers, before: Numbers, spent: Numbers) -> Iterator[Order]:
    """Seats are shared, so that none can be sought alone; what an order costs follows by the rules that booked it."""
    bought, basket = world.columns.bought, world.columns.traits.basket
    product, slots = _settings(world, "product")[0], _settings(world, "slots")
    key = np.uint64(day_key(product["key"], world.day, PARTS))
    for customer in np.flatnonzero(bought.orders != before).tolist():
        place, many = int(slots[wanted[customer] - 1]["store"]), int(bought.orders[customer]) - int(before[customer])
        paid, u = int(bought.spend[customer] - spent[customer]), uniform(key, customer)
        listed = many * price_of_order(product["price"], basket[customer])
        goods = many * goods_of_order(u, product["unit_cost"], basket[customer])
        kept = many * share_given(u, round(paid / many), _settings(world, "places")[place]["commission"])
        yield Order(world.day, customer, place, many, listed, listed - paid, goods, kept, 0)


def _moves(world: World, before: NDArray[np.bool_]) -> Iterator[Move]:
    member, now = world.columns.member, is_inside(world.columns.member.status)
    for pool, customer in np.argwhere(now != before).tolist():
        inside = bool(now[pool, customer])
        place = world.names.places.index(world.names.pools[pool])
        yield Move(world.day, customer, place, inside, int(member.hook[pool, customer]) - 1 if inside else NOBODY)


def _settings(world: World, section: str) -> Any:
    return getattr(world.settings, section)[world.settings.period[world.day]]


def _copy(columns: Columns, to: Columns) -> None:
    """Make a twin's columns those of a world, in place: its frame goes on pointing there."""
    for one, other in zip(columns.stored, to.stored, strict=True):
        if isinstance(one, np.ndarray):
            other[...] = one
        else:
            for held, target in zip(one, other, strict=True):
                target[...] = held
