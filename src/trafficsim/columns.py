"""The columns: everything that the model knows about each customer, as arrays of shape `(customers,)`.

Columns come in groups; a mechanism's kernel takes the groups that it works on. Membership has shape
`(pools, customers)`.
"""

from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple, get_args, get_type_hints

import numpy as np
from numpy.typing import NDArray

NEVER = -1
"""In columns that hold a day: it has not happened."""
BEFORE_START = -2
"""In columns that hold a day: it happened before day 0."""


@dataclass(frozen=True)
class Column:
    """What a column holds: dtype, unit or range, meaning, and its value before anything happens."""

    dtype: str
    unit: str
    meaning: str
    empty: float = 0


F4 = NDArray[np.float32]
I2 = NDArray[np.int16]
I4 = NDArray[np.int32]
U1 = NDArray[np.uint8]
U2 = NDArray[np.uint16]
U4 = NDArray[np.uint32]


class Traits(NamedTuple):
    """What a customer is; never changes."""

    segment: Annotated[U1, Column("u1", "code", "segment")]
    need_rate: Annotated[F4, Column("f4", "1/day", "own occasion rate, gamma within the segment")]
    fit: Annotated[F4, Column("f4", "0..1", "taste for the product")]
    deal_prone: Annotated[F4, Column("f4", "0..1", "weight on deals")]
    basket: Annotated[F4, Column("f4", "x", "spend per order as a multiple of the price")]
    opens: Annotated[F4, Column("f4", ">= 0", "own propensity to open posts, mean 1")]
    home: Annotated[U2, Column("u2", "0..65535", "where the customer lives: share of 65,536 along a store's branches")]


class Mind(NamedTuple):
    """What a customer remembers and feels. A fading value is as of the day that stands beside it."""

    salience: Annotated[F4, Column("f4", "0..1", "fast memory, as of memory_on")]
    acquaintance: Annotated[F4, Column("f4", "0..1", "slow memory, as of memory_on")]
    memory_on: Annotated[I2, Column("i2", "day", "day to which both memories are brought")]
    trust: Annotated[F4, Column("f4", "0..1", "trust in the brand")]
    usual_discount: Annotated[F4, Column("f4", "share", "discount that this customer expects, as of discount_on")]
    discount_on: Annotated[I2, Column("i2", "day", "day of the last change of usual_discount")]
    fatigue: Annotated[F4, Column("f4", ">= 0", "pushes felt as too many, as of fatigue_on")]
    fatigue_on: Annotated[I2, Column("i2", "day", "day of the last push")]
    ads_seen: Annotated[F4, Column("f4", "count", "noticed advertisements, fading, as of ad_on")]
    ad_on: Annotated[I2, Column("i2", "day", "day of the last noticed advertisement")]


class Story(NamedTuple):
    """How the brand and this customer met."""

    aware_on: Annotated[I2, Column("i2", "day", "first contact", NEVER)]
    route: Annotated[U1, Column("u1", "code", "route of the first contact")]
    told_by: Annotated[I4, Column("i4", "customer", "who told this customer last", NEVER)]
    told_on: Annotated[I2, Column("i2", "day", "when that was", NEVER)]
    inviter: Annotated[I4, Column("i4", "customer", "who invited this customer last", NEVER)]
    invited_on: Annotated[I2, Column("i2", "day", "when that was", NEVER)]
    role: Annotated[U1, Column("u1", "bits", "KOC, KOL, partner (see roles)")]
    last_touch: Annotated[U1, Column("u1", "code", "route of the last contact")]
    place: Annotated[U1, Column("u1", "code + 1", "newest pool held, else the place last met, else 0 (outside)")]


class Bought(NamedTuple):
    """Open needs and purchase history."""

    need_debt: Annotated[F4, Column("f4", "occasions", "later need already used up by offers")]
    decide_on: Annotated[I2, Column("i2", "day", "when the open needs are decided", NEVER)]
    open_needs: Annotated[U1, Column("u1", "count", "open needs")]
    offer: Annotated[U1, Column("u1", "code + 1", "whose posts made the offer in hand, 0 for none")]
    offer_until: Annotated[I2, Column("i2", "day", "first day on which it no longer holds", NEVER)]
    orders: Annotated[U2, Column("u2", "count", "orders ever")]
    first_order_on: Annotated[I2, Column("i2", "day", "first order", NEVER)]
    last_order_on: Annotated[I2, Column("i2", "day", "last order", NEVER)]
    spend: Annotated[I4, Column("i4", "cents", "paid in the run")]


class Member(NamedTuple):
    """Membership, shape `(pools, customers)`."""

    joined_on: Annotated[I2, Column("i2", "day", "first joined; stays after quitting and coming back", NEVER)]
    hook: Annotated[U1, Column("u1", "code + 1", "hook by which the customer joined, 0 for none")]
    unit: Annotated[I2, Column("i2", "code", "group, or staff member", NEVER)]
    asked: Annotated[U1, Column("u1", "count", "times asked and declined")]
    left: Annotated[
        U1, Column("u1", "code", "0 in or never in, 1 quit, 2 quit for good (asked once more, or quit again)")
    ]
    back_on: Annotated[I2, Column("i2", "day", "day of coming back after quitting", NEVER)]


class Today(NamedTuple):
    """What happened to a customer since the last asking; empty between days but for purchases."""

    visited: Annotated[U4, Column("u4", "bit per place", "platforms opened today")]
    met: Annotated[
        U4, Column("u4", "bit per place", "places that met the customer with the brand since hooks last asked")
    ]
    read: Annotated[U1, Column("u1", "bit per pool", "pools in which a post was read today")]
    invited: Annotated[U1, Column("u1", "code + 1", "hook to which an acquaintance invited since the last asking")]
    wish: Annotated[U1, Column("u1", "code + 1", "hook taken today, waiting for a place")]
    served: Annotated[U1, Column("u1", "code + 1", "place of an order since hooks last asked")]
    seat: Annotated[U1, Column("u1", "code + 1", "slot in which a seat is wanted today")]
    seats: Annotated[U1, Column("u1", "count", "orders of today that want a seat in that slot")]


class Units(NamedTuple):
    """What a pool's units share, shape `(pools, units)`; a unit is a group, or one of the staff."""

    belonging: Annotated[F4, Column("f4", "0..1", "warmth of a talking group, follows its active share")]


class Columns(NamedTuple):
    """All columns of a population, and those of its units."""

    traits: Traits
    mind: Mind
    story: Story
    bought: Bought
    member: Member
    today: Today
    units: Units


GROUPS: dict[str, type[tuple[Any, ...]]] = {
    "traits": Traits,
    "mind": Mind,
    "story": Story,
    "bought": Bought,
    "member": Member,
    "today": Today,
    "units": Units,
}


def described(group: type[tuple[Any, ...]]) -> dict[str, Column]:
    """The columns of a group, by name."""
    return {name: get_args(hint)[1] for name, hint in get_type_hints(group, include_extras=True).items()}


def empty(customers: int, pools: int, units: int = 0) -> Columns:
    """Columns of customers to whom nothing has happened; `member` has shape `(pools, customers)`, `units` its own."""
    shapes = {Member: (pools, customers), Units: (pools, units)}

    def group(cls: type[tuple[Any, ...]]) -> Any:
        shape = shapes.get(cls, (customers,))
        return cls(*(np.full(shape, c.empty, c.dtype) for c in described(cls).values()))

    return Columns(*(group(cls) for cls in GROUPS.values()))


def with_units(columns: Columns, units: int) -> Columns:
    """The same columns with room for so many units in each pool."""
    pools = columns.member.joined_on.shape[0]
    return columns._replace(units=empty(0, pools, units).units)


def copied(columns: Columns) -> Columns:
    """The same columns in memory of their own."""

    def copies(group: Any) -> Any:  # each group is a class of its own
        return type(group)(*(array.copy() for array in group))

    return Columns(*(copies(group) for group in columns))
