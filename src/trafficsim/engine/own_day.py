"""The day of a mechanism of one's own: what its step may look at, draw, change and count."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trafficsim.books.counters import AWARE, LEFT
from trafficsim.books.routes import ROUTES
from trafficsim.engine.settings import Names, entries
from trafficsim.kernel import rng
from trafficsim.kernel.columns import BACK, FOLDED, GONE, NEVER, QUIT, Columns, Member, is_inside
from trafficsim.market.currencies import minor_units
from trafficsim.mechanisms.shared.memory import DEBT_PARTS
from trafficsim.mechanisms.shared.own import Mechanism
from trafficsim.scenario.schema import Plan
from trafficsim.words.asked import one_of

Arrays = dict[str, NDArray[Any]]


class Ground(Protocol):
    """What a step of one's own needs of a world."""

    columns: Columns
    names: Names
    tallies: NDArray[np.int64]
    day: int
    days: int

    @property
    def customers(self) -> int:
        """How many customers there are."""
        ...


class OwnStep:
    """A mechanism of one's own at work in one world.

    Args:
        mechanism: which.
        periods: the arm's plans, each with its first day.
        stream: random seed and number of the replicate.
        customers: how many there are.

    Attributes:
        columns: its own, by name, each of shape `(customers,)`.
        members_left: whether any member left a pool by it since somebody who looked set this to False.
    """

    def __init__(
        self, mechanism: Mechanism, periods: Sequence[tuple[int, Plan]], stream: tuple[int, int], customers: int
    ) -> None:
        self.mechanism, self.periods, self.stream = mechanism, periods, stream
        self.members_left = False
        self._guarded: tuple[Columns, Columns] | None = None
        described = mechanism.columns.items()
        self.columns: Arrays = {name: np.full(customers, c.empty, c.dtype) for name, c in described}

    def fork(self) -> "OwnStep":
        """The same with columns of its own."""
        twin = OwnStep(self.mechanism, self.periods, self.stream, 0)
        twin.columns = {name: column.copy() for name, column in self.columns.items()}
        return twin

    def guarded(self, columns: Columns) -> Columns:
        """The same columns, membership to be read only: who left uncounted would be lost to the books."""
        if self._guarded is None or self._guarded[0] is not columns:
            member = Member._make(array.view() for array in columns.member)
            for array in member:
                array.flags.writeable = False
            self._guarded = columns, columns._replace(member=member)
        return self._guarded[1]

    def release(self) -> None:
        """Free the columns."""
        self.columns, self._guarded = {}, None

    def plan(self, day: int) -> Plan:
        """The arm's settings on a day."""
        return [plan for first, plan in self.periods if first <= day][-1]

    def run(self, world: Ground) -> None:
        """Its step of the world's day, if it is on."""
        plan = self.plan(world.day)
        if getattr(plan, self.mechanism.name) == "off":
            return
        try:
            self.mechanism.step(Today(self, plan, world))
        except Exception as error:
            error.add_note(f"in the step of mechanism '{self.mechanism.name}', on day {world.day}")
            raise


class Today:
    """One day of one world, as the step of a mechanism of one's own meets it.

    Attributes:
        day: counted from 0.
        customers: how many there are.
        settings: the mechanism's own, as the scenario has them (money in currency units).
        plan: all settings of the arm today: `plan.product.price`, `plan.customers.memory` ...
        columns: what the model keeps of customers, in groups (see `trafficsim.kernel.columns`): `columns.mind.trust`
            and so on, arrays of shape `(customers,)` to be read and written in place; membership is only read (see
            `leave`).
        own: what the mechanism keeps of customers, by the names of its columns; written in place.
        names: places, pools, hooks and so on in the order of their codes.
    """

    def __init__(self, step: OwnStep, plan: Plan, world: Ground) -> None:
        self.day, self.plan, self.customers = world.day, plan, world.customers
        self.settings: Any = getattr(plan, step.mechanism.name)
        self.columns: Columns = step.guarded(world.columns)
        self._member = world.columns.member
        self.own: Any = SimpleNamespace(**step.columns)
        self.names: Names = world.names
        self._step, self._tally, self._days = step, world.tallies[world.day], world.days

    @property
    def date(self) -> dt.date:
        """The date of the day."""
        return self.plan.start + dt.timedelta(days=self.day)

    @property
    def each_stands_for(self) -> int:
        """Real customers for whom each simulated one stands."""
        return self.plan.customers.each_stands_for

    def key(self, draw: str, *, lasting: bool = False) -> np.uint64:
        """The key of today's draws of a name, for the functions of `trafficsim.kernel.rng`.

        What is drawn hangs on seed, replicate, mechanism, name, day and customer alone; `lasting` draws, such as
        tastes, are the same on all days.
        """
        key = rng.stream(*self._step.stream, "own", self._step.mechanism.name, draw)
        return key if lasting else np.uint64(rng.word(key, self.day))

    def draws(self, draw: str, *, lasting: bool = False) -> NDArray[np.float64]:
        """Uniform draws strictly inside (0, 1), one for each customer, `(customers,)` (see `key`)."""
        return np.asarray(rng.uniforms(self.key(draw, lasting=lasting), 0, self.customers))

    def cents(self, amount: ArrayLike) -> Any:
        """Currency units as whole smallest units, half of one rounded up: int64, or an array of them."""
        found = np.floor(np.multiply(amount, minor_units(self.plan.currency)) + 0.5).astype(np.int64)
        return found if found.ndim else int(found)

    def contact(self, who: NDArray[np.bool_], share: float, route: str = "organic") -> None:
        """The brand meets these customers: they remember it, and those who had never met it know it by this route.

        Args:
            who: a mask of all customers, `(customers,)`.
            share: how much of its gap to 1 salience closes, as by a post or an advertisement (0 to 1).
            route: of `routes.ROUTES`.
        """
        memory, mind, story = self.plan.customers.memory, self.columns.mind, self.columns.story
        code = ROUTES.index(one_of("route", route, ROUTES))
        them: NDArray[np.intp] = np.flatnonzero(who)
        new = them[story.aware_on[them] == NEVER]
        story.aware_on[new], story.route[new], story.last_touch[them] = self.day, code, code
        self._tally[AWARE, code] += new.size
        days = np.maximum(self.day - mind.memory_on[them].astype(float), 0.0)
        fast = mind.salience[them] * 0.5 ** (days / memory.salience_half_life_days)
        slow = mind.acquaintance[them] * 0.5 ** (days / memory.acquaintance_half_life_days)
        mind.salience[them] = fast + share * (1.0 - fast)
        mind.acquaintance[them] = slow + share * memory.acquaintance_per_contact * (1.0 - slow)
        mind.memory_on[them] = self.day

    def open_needs(self, who: NDArray[np.bool_], repaid: float) -> None:
        """Each of these customers needs something that is decided today; before `purchasing`.

        A share `repaid` of it is taken from needs that would have arisen later, as by an offer.
        """
        roll = self.columns.roll
        roll.open_needs[who] = np.minimum(roll.open_needs[who].astype(int) + 1, 255)
        roll.decide_on[who] = self.day
        debt = roll.need_debt[who].astype(float) + DEBT_PARTS * repaid
        roll.need_debt[who] = np.minimum(np.floor(debt + 0.5), 65_535)

    def take_needs(self, who: NDArray[np.bool_]) -> int:
        """All open needs of these customers are met elsewhere; returns how many that were. Before `purchasing`."""
        taken = int(self.columns.roll.open_needs[who].sum())
        self.columns.roll.open_needs[who] = 0
        return taken

    def leave(self, pool: str, who: NDArray[np.bool_]) -> int:
        """Those of these customers who are members quit a pool; returns how many, who also count as `left`."""
        member, row = self._member, self.names.pools.index(one_of("pool", pool, self.names.pools))
        gone = who & is_inside(member.status[row])
        self._step.members_left |= bool(gone.any())
        member.status[row, gone] = np.where(member.status[row, gone] % FOLDED == BACK, GONE, QUIT)
        self.columns.story.place[gone] = self._newest_pools(gone)
        self._tally[LEFT, self.names.places.index(pool)] += np.count_nonzero(gone)
        return int(np.count_nonzero(gone))

    def _newest_pools(self, who: NDArray[np.bool_]) -> NDArray[np.uint8]:
        """The place of the pool that each joined last and still holds, as the column `place` tells it; 0 for none."""
        newest, since = np.zeros(np.count_nonzero(who), np.uint8), np.full(np.count_nonzero(who), -(2**15))
        for row, pool in enumerate(self.names.pools):
            joined = self.columns.member.joined_on[row, who]
            later = is_inside(self.columns.member.status[row, who]) & (joined > since)
            newest[later], since[later] = self.names.places.index(pool) + 1, joined[later]
        return newest

    def members(self, pools: Sequence[str] | None = None) -> NDArray[np.bool_]:
        """Who is in any of these pools now, or in any at all, `(customers,)`."""
        rows = [self.names.pools.index(one_of("pool", pool, self.names.pools)) for pool in pools or self.names.pools]
        return np.asarray(is_inside(self.columns.member.status[rows]).any(axis=0))

    def count(self, counter: str, amount: ArrayLike, entry: str = "") -> None:
        """Add to one of the mechanism's counters.

        Args:
            counter: as the class declares it.
            amount: whole numbers: one, or one for each entry of what the counter is broken down by, in the order of
                their codes.
            entry: the name of the only entry that is meant.

        Raises:
            KeyError: if there is no such counter or entry.
            TypeError: for an amount that is no whole number.
        """
        row, by = self._rows[one_of("counter", counter, self._rows)]
        whole = np.asarray(amount)
        if whole.dtype.kind not in "iub":
            raise TypeError(f"counter '{counter}' adds up whole numbers, not {whole.dtype}; round them, or use cents()")
        names = entries(self.names, self._days, by) if by else ("",)
        if entry:
            self._tally[row, names.index(one_of("entry", entry, dict.fromkeys(names)))] += int(whole)
        elif whole.ndim or not by:
            self._tally[row, : len(names)] += whole
        else:
            raise KeyError(f"counter '{counter}' is broken down by {by}: name an entry, or give an amount for each")

    def counted(self, counter: str) -> NDArray[np.int64]:
        """What one of the model's own counters counted today so far, by entry (see `trafficsim.books.metrics`)."""
        rows = {c.name: row for row, c in enumerate(self.names.counters)}
        row = rows[one_of("counter", counter, rows)]
        by = self.names.counters[row].by
        return np.array(self._tally[row, : len(entries(self.names, self._days, by)) if by else 1])

    @cached_property
    def _rows(self) -> Mapping[str, tuple[int, str]]:
        """Row and dimension of the mechanism's counters, by the names that its class gives them."""
        own = {c.name for c in self._step.mechanism.counters}
        cut = len(self._step.mechanism.name) + 1
        return {c.name[cut:]: (row, c.by) for row, c in enumerate(self.names.counters) if c.name in own}
