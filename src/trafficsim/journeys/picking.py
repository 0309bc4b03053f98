"""Picking a telling customer: one whose two worlds differ, found from how both worlds end."""

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.routes import ROUTES
from trafficsim.engine.world import World
from trafficsim.kernel.columns import BACK, FOLDED, QUIT, Columns, is_inside

Pick = Literal["apart", "joiner", "buyer", "told", "invited", "lost", "won_back"]
PICKS: tuple[Pick, ...] = get_args(Pick)
"""apart: anybody; joiner: joined a pool; buyer: ordered in the run; told: first heard of the brand from an
acquaintance; invited: first heard of it by an invitation; lost: quit a pool and stayed away; won_back: quit and came
back."""

Booleans = NDArray[np.bool_]


class NobodyError(ValueError):
    """No customer fits."""


def pick(which: Pick, one: World, other: World) -> int:
    """The customer of this kind whose orders differ most between two worlds at their end, and then what they paid.

    Those to whom it happened in one of the worlds only come first. Of equals the one with the lowest number.

    Raises:
        NobodyError: if it happened to nobody in either world.
    """
    a, b = (is_one(which, world.columns) for world in (one, other))
    candidates = np.flatnonzero(a != b if (a != b).any() else a | b)
    if which == "apart":
        candidates = np.arange(one.customers)
    if not candidates.size:
        raise NobodyError(f"nobody to pick: in neither arm is there a customer who is {which!r}")
    apart = [_apart(one, other, name)[candidates] for name in ("spend", "orders")]
    return int(candidates[np.lexsort((candidates, *(-difference for difference in apart)))[0]])


def is_one(which: Pick, columns: Columns) -> Booleans:
    """To which customers it has happened by the end of a world, shape `(customers,)`."""
    return _KINDS[which](columns)


def _apart(one: World, other: World, name: str) -> NDArray[np.int64]:
    a, b = (getattr(world.columns.bought, name).astype(np.int64) for world in (one, other))
    return np.asarray(np.abs(a - b))


def _joiner(columns: Columns) -> Booleans:
    return np.asarray((columns.member.joined_on >= 0).any(axis=0))


def _lost(columns: Columns) -> Booleans:
    status = columns.member.status
    return np.asarray(((status >= QUIT) & ~is_inside(status)).any(axis=0))


_KINDS: dict[Pick, Callable[[Columns], Booleans]] = {
    "apart": lambda columns: np.zeros(columns.traits.fit.size, bool),
    "joiner": _joiner,
    "buyer": lambda columns: np.asarray(columns.bought.spend > 0),
    "told": lambda columns: np.asarray((columns.story.aware_on >= 0) & (columns.story.route == ROUTES.index("told"))),
    "invited": lambda columns: np.asarray(columns.story.route == ROUTES.index("invited")),
    "lost": _lost,
    "won_back": lambda columns: np.asarray((columns.member.status % FOLDED == BACK).any(axis=0)),
}
