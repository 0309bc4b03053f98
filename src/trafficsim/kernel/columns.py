"""The columns: everything that the model knows about each customer, as arrays of shape `(customers,)`.

Columns come in groups; a mechanism's kernel takes the groups that it works on. Membership has shape
`(pools, customers)`.

What is read and written for one customer at a time is stored in rows: all of a group's columns of one customer lie side
by side, so that an event touches one line of memory, and a group passes to a function as one array. What a step sweeps
over everybody is stored column by column (`SWEPT`). Either way each column is an array of its own to look at.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import rule

NEVER = -1
"""In columns that hold a day: it has not happened."""
BEFORE_START = -2
"""In columns that hold a day: it happened before day 0."""
LONG_BEFORE = 1 << 14
"""Taken off a day of joining that came before a saved past: it counts as before the start, and is still known."""
OUTSIDE, IN, QUIT, BACK, GONE = range(5)
"""Codes of `status` in a pool: never in; in; quit, and may be asked once more; in again; quit for good. Odd is in."""
FOLDED = 8
"""Added to the code of a member who silenced the pool: still in, but no post is seen."""
EIGHT = 8
"""Bits of a byte."""
LINE = 64
"""Bytes that processors fetch together."""


@dataclass(frozen=True)
class Column:
    """What a column holds: dtype, unit or range, meaning, and its value before anything happens."""

    dtype: str
    unit: str
    meaning: str
    empty: float = 0
    by_eight_places: bool = False
    """Whether it has a row of customers for each eight places, a bit for each: shape `(rows_of(places), customers)`."""
    holds: tuple[str, ...] = ()
    """Of an integer that is no day: what keeps it within its dtype. Codes name what they number, of which a scenario
    may have no more than `most` says; a count `stops` at the largest number, or is `wide`: no run reaches its end."""


F4 = NDArray[np.float32]
I2 = NDArray[np.int16]
I4 = NDArray[np.int32]
U1 = NDArray[np.uint8]
U2 = NDArray[np.uint16]
U4 = NDArray[np.uint32]
I8 = NDArray[np.int64]


class Traits(NamedTuple):
    """What a customer is; never changes."""

    segment: Annotated[U1, Column("u1", "code", "segment", holds=("segments",))]
    fit: Annotated[F4, Column("f4", "0..1", "taste for the product")]
    deal_prone: Annotated[F4, Column("f4", "0..1", "weight on deals")]
    basket: Annotated[F4, Column("f4", "x", "spend per order as a multiple of the price")]
    home: Annotated[
        U2,
        Column(
            "u2", "0..65535", "where the customer lives: share of 65,536 along a store's branches", holds=("branches",)
        ),
    ]


class Roll(NamedTuple):
    """What is looked up for many customers every day."""

    need_rate: Annotated[F4, Column("f4", "1/day", "own occasion rate, gamma within the segment; never changes")]
    need_debt: Annotated[U2, Column("u2", "1/1000 occasion", "later need already used up by offers", holds=("stops",))]
    open_needs: Annotated[
        U1, Column("u1", "count", "open needs; those that want a seat are open until seating", holds=("stops",))
    ]
    decide_on: Annotated[I2, Column("i2", "day", "when the open needs are decided", NEVER)]
    opens: Annotated[F4, Column("f4", ">= 0", "own propensity to open posts, mean 1; never changes")]
    fatigue: Annotated[F4, Column("f4", ">= 0", "pushes felt as too many, as of fatigue_on")]
    fatigue_on: Annotated[I2, Column("i2", "day", "day of the last push")]
    role: Annotated[U1, Column("u1", "bits", "KOC, KOL, partner (see roles)", holds=("roles",))]


class Mind(NamedTuple):
    """What a customer remembers and feels. A fading value is as of the day that stands beside it."""

    salience: Annotated[F4, Column("f4", "0..1", "fast memory, as of memory_on")]
    acquaintance: Annotated[F4, Column("f4", "0..1", "slow memory, as of memory_on")]
    memory_on: Annotated[I2, Column("i2", "day", "day to which both memories are brought")]
    trust: Annotated[F4, Column("f4", "0..1", "trust in the brand")]
    usual_discount: Annotated[F4, Column("f4", "share", "discount that this customer expects, as of last_order_on")]
    ads_seen: Annotated[F4, Column("f4", "count", "noticed advertisements, fading, as of ad_on")]
    ad_on: Annotated[I2, Column("i2", "day", "day of the last noticed advertisement")]


class Story(NamedTuple):
    """How the brand and this customer met."""

    aware_on: Annotated[I2, Column("i2", "day", "first contact", NEVER)]
    route: Annotated[U1, Column("u1", "code", "route of the first contact", holds=("routes",))]
    told_by: Annotated[
        I4, Column("i4", "customer", "who told or invited this customer last", NEVER, holds=("customers",))
    ]
    told_on: Annotated[I2, Column("i2", "day", "when that was", NEVER)]
    last_touch: Annotated[U1, Column("u1", "code", "route of the last contact", holds=("routes",))]
    place: Annotated[
        U1, Column("u1", "code + 1", "newest pool held, else the place last met, else 0 (outside)", holds=("places",))
    ]


class Bought(NamedTuple):
    """Offer in hand and purchase history."""

    offer: Annotated[U1, Column("u1", "code + 1", "whose posts made the offer in hand, 0 for none", holds=("posts",))]
    offer_until: Annotated[I2, Column("i2", "day", "first day on which it no longer holds", NEVER)]
    stock: Annotated[U1, Column("u1", "1/100 order", "later orders that were had already, at a deal", holds=("stops",))]
    orders: Annotated[U4, Column("u4", "count", "orders ever", holds=("wide",))]
    first_order_on: Annotated[I2, Column("i2", "day", "first order", NEVER)]
    last_order_on: Annotated[I2, Column("i2", "day", "last order", NEVER)]
    spend: Annotated[I8, Column("i8", "cents", "paid in the run", holds=("wide",))]


class Member(NamedTuple):
    """Membership, shape `(pools, customers)`."""

    joined_on: Annotated[I2, Column("i2", "day", "first joined; stays after quitting", NEVER)]
    hook: Annotated[U1, Column("u1", "code + 1", "hook by which the customer joined, 0 for none", holds=("hooks",))]
    unit: Annotated[I2, Column("i2", "code", "group, or staff member", NEVER, holds=("units",))]
    asked: Annotated[U1, Column("u1", "count", "times asked and declined", holds=("stops",))]
    read: Annotated[U1, Column("u1", "count", "posts read today", holds=("stops",))]
    status: Annotated[
        U1,
        Column(
            "u1",
            "code",
            "0 never in, 1 in, 2 quit, 3 in again, 4 quit for good (asked once more, or quit again);"
            " 8 more for a member who silenced the pool",
            holds=("states",),
        ),
    ]


class Today(NamedTuple):
    """What happened to a customer today, or since the last asking."""

    met: Annotated[
        U1,
        Column(
            "u1",
            "bit per place",
            "places that met the customer with the brand since hooks last asked",
            by_eight_places=True,
            holds=("places",),
        ),
    ]
    invited: Annotated[
        U1, Column("u1", "code + 1", "hook to which an acquaintance invited since the last asking", holds=("hooks",))
    ]
    request: Annotated[
        U1,
        Column("u1", "code + 1", "hook taken, until joining; slot wanted, until seating", holds=("hooks", "slots")),
    ]
    served: Annotated[U1, Column("u1", "code + 1", "place of an order since hooks last asked", holds=("places",))]


class Units(NamedTuple):
    """What customers share: units of a pool (a group, or one of the staff), and limits by the day.

    Units have shape `(pools, units)`. Limits are the adds of each pool, the seats of each slot and branch, then the
    time for each kind of care; their shape is `(limits, 2 + rows)`: the demand so far by two kinds of people (of care,
    its members while they are counted, and when they are), then what is used up in each window that is open (see
    `calendar.windows`).
    """

    belonging: Annotated[F4, Column("f4", "0..1", "warmth of a talking group, follows its active share")]
    used: Annotated[I8, Column("i8", "count", "demand so far, and what is used up in a window", holds=("wide",))]


class Pushed(NamedTuple):
    """Posts that were pushed to a customer: kept in worlds that aim or cap them, of no rows in all others."""

    sent: Annotated[U1, Column("u1", "count", "posts pushed today, shape `(pools, customers)`", holds=("stops",))]
    sent_in_week: Annotated[
        U1, Column("u1", "count", "posts pushed in this week by all pools, shape `(1, customers)`", holds=("stops",))
    ]


Sizes = NDArray[np.int64]
"""Members of each unit, shape `(pools, units)`: counted from the columns when a run begins, and kept up to date."""


class Columns(NamedTuple):
    """All columns of a population, and those of its units."""

    traits: Traits
    roll: Roll
    mind: Mind
    story: Story
    bought: Bought
    member: Member
    today: Today
    units: Units
    pushed: Pushed
    stored: tuple[Any, ...]
    """What kernels take, group by group: an array of rows, or the group itself where it is stored by columns."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as what is stored, over which the columns are views."""
        return (_over_copies, (self.stored,)) if self.stored else (Columns._make, (tuple(self),))


GROUPS: dict[str, type[tuple[Any, ...]]] = {
    "traits": Traits,
    "roll": Roll,
    "mind": Mind,
    "story": Story,
    "bought": Bought,
    "member": Member,
    "today": Today,
    "units": Units,
    "pushed": Pushed,
}
SWEPT = (Roll, Member, Today, Units, Pushed)
"""Groups that are stored column by column."""
BY_ARM = ("units", "pushed")
"""Groups whose shape is a matter of an arm's settings: the last ones, which a world makes anew (see `with_units`)."""


@cache
def described(group: type[tuple[Any, ...]]) -> dict[str, Column]:
    """The columns of a group, by name."""
    return {name: get_args(hint)[1] for name, hint in get_type_hints(group, include_extras=True).items()}


def bytes_of(group: type[tuple[Any, ...]]) -> int:
    """Bytes that a group takes for one customer (and one pool)."""
    return row_of(group).itemsize


def most(of: str) -> int:
    """So many of these (hooks, segments, slots ...) have codes of their own in every column that holds them."""
    columns = [c for group in GROUPS.values() for c in described(group).values() if of in c.holds]
    return min(_codes(c) for c in columns if not c.by_eight_places)


def _codes(column: Column) -> int:
    """How many codes a column tells apart; `code + 1` leaves 0 for none."""
    dtype = np.dtype(column.dtype)
    if column.unit.startswith("bit"):
        return EIGHT * dtype.itemsize
    return int(np.iinfo(dtype).max) + (column.unit != "code + 1")


def rows_of(places: int) -> int:
    """Rows of a column that has a bit for each place."""
    return -(-places // EIGHT)


def empty(customers: int, pools: int, units: int = 0, places: int = EIGHT) -> Columns:
    """Columns of customers to whom nothing has happened; `member` has shape `(pools, customers)`, `units` its own."""
    shapes = {Member: (pools, customers), Units: (pools, units), Pushed: (0, customers)}
    return _columns(_empty_group(cls, shapes.get(cls, (customers,)), places) for cls in GROUPS.values())


def is_inside(status: U1) -> NDArray[np.bool_]:
    """Whether customers are in a pool now, from their `status` there, of any shape."""
    inside: NDArray[np.bool_] = status % 2 == 1
    return inside


@rule
def own_unit(unit: int, units: int) -> int:
    """The row of a member's unit; members from before the start, who were given none, share the last."""
    return unit if unit >= 0 else units - 1


def with_units(columns: Columns, units: int, used: tuple[int, int], *, pushes: bool = False) -> Columns:
    """The same columns with room for so many units in each pool, for what is used up of limits, and for pushes."""
    pools, customers = columns.member.joined_on.shape
    shared = Units(np.zeros((pools, units), np.float32), np.zeros(used, np.int64))
    rows = (pools, 1) if pushes else (0, 0)
    pushed = Pushed(*(np.zeros((deep, customers), np.uint8) for deep in rows))
    return _columns([*columns.stored[: -len(BY_ARM)], shared, pushed])


def copied(columns: Columns) -> Columns:
    """The same columns in memory of their own."""
    return _over_copies(columns.stored)


def _over_copies(stored: Iterable[Any]) -> Columns:
    return _columns(
        _copied_rows(s) if isinstance(s, np.ndarray) else type(s)(*(array.copy() for array in s)) for s in stored
    )


def part(columns: Columns, first: int, last: int) -> Columns:
    """The columns of customers first..last, to look at and write into; kernels can't take them."""

    def some(group: Any) -> Any:  # each group is a class of its own
        return type(group)(*(array[..., first:last] for array in group))

    return Columns._make([*(some(group) for group in columns[:-1]), ()])


def row_of(group: type[tuple[Any, ...]]) -> np.dtype[Any]:
    """One customer's columns side by side, the widest first, so that each lies where its width divides the offset."""
    columns = sorted(described(group).items(), key=lambda item: -np.dtype(item[1].dtype).itemsize)
    return np.dtype([(name, column.dtype) for name, column in columns])


def _empty_group(group: type[tuple[Any, ...]], shape: tuple[int, ...], places: int) -> Any:
    if group in SWEPT:
        deep = (rows_of(places), *shape)
        return group(
            *(np.full(deep if c.by_eight_places else shape, c.empty, c.dtype) for c in described(group).values())
        )
    rows = _on_lines(shape, row_of(group))
    for name, column in described(group).items():
        rows[name] = column.empty
    return rows


def _on_lines(shape: tuple[int, ...], row: np.dtype[Any]) -> Any:
    """Rows that begin where a line of the processor's memory begins, so that as few as possible lie on two lines."""
    size = math.prod(shape) * row.itemsize
    raw = np.empty(size + LINE, np.uint8)
    first = -raw.ctypes.data % LINE
    return raw[first : first + size].view(row).reshape(shape).view(np.recarray)


def _copied_rows(rows: Any) -> Any:
    twin = _on_lines(rows.shape, rows.dtype)
    twin[...] = rows
    return twin


def _columns(stored: Iterable[Any]) -> Columns:
    """Columns to look at, over what is stored."""
    kept = tuple(stored)

    def group(cls: Any, held: Any) -> Any:
        return held if cls in SWEPT else cls(*(np.asarray(held[name]) for name in described(cls)))

    groups: list[Any] = [group(cls, held) for cls, held in zip(GROUPS.values(), kept, strict=True)]
    return Columns._make([*groups, kept])
