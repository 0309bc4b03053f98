"""Events: what touched one customer in one world, read off the run itself, step by step.

Nothing here decides anything. What a step counted for the customer alone, and what the customer's columns held before
and after it, say what happened.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from trafficsim.books import counters
from trafficsim.books.routes import ROUTES
from trafficsim.engine.world import World
from trafficsim.kernel.columns import BEFORE_START, BY_ARM, GROUPS, NEVER, described, is_inside
from trafficsim.market.currencies import CENTS
from trafficsim.market.places import KINDS
from trafficsim.mechanisms.shared.memory import faded, has_drifted, recall
from trafficsim.mechanisms.shared.roles import KOC, KOL, PARTNER

Kind = Literal[
    "first_contact", "walked_in", "noticed", "read", "offer", "stirred", "moments",
    "took", "declined", "unheeded", "asked", "joined", "no_room", "acquaintance_joined", "came_back", "stayed_away",
    "forgot", "rival", "made_ahead", "ordered", "turned_away",
    "told", "invited", "told_others", "invited_others", "became", "ceased", "quit", "poached", "removed",
    "folded", "unfolded", "cared_for", "missed_care", "own",
]  # fmt: skip
"""What can happen to a customer, in the order of a day; `wording.py` says each in words."""

ROLES = {"koc": KOC, "kol": KOL, "partner": PARTNER}


@dataclass(frozen=True)
class Event:
    """One thing that happened to a customer.

    Attributes:
        day: on which day.
        kind: what happened.
        place: where; "" where no place has to do with it.
        hook: by which hook; "" for none.
        detail: of `first_contact` the route, of `joined` and `came_back` the unit, of `turned_away` the slot wanted, of
            `moments`, `cared_for` and `missed_care` the staff, of `became` and `ceased` the role, of `own` (a mechanism
            of one's own) its column and what that became; else "".
        others: the numbers of the other customers in it.
        count: how many times that day.
        amount: what the customer paid, in currency units.
        trust, fatigue, recall: of the customer after the step in which it happened; recall is the chance that the brand
            comes to mind. Two events are equal without them.
    """

    day: int
    kind: Kind
    place: str = ""
    hook: str = ""
    detail: str = ""
    others: tuple[int, ...] = ()
    count: int = 1
    amount: float = 0.0
    trust: float = field(default=0.0, compare=False)
    fatigue: float = field(default=0.0, compare=False)
    recall: float = field(default=0.0, compare=False)


@dataclass(frozen=True, eq=False)
class Track:
    """One customer's way through one world.

    Attributes:
        events: in the order in which they happened.
        trust, fatigue, recall: at the end of each day, float64 `(days,)`.
        inside: whether a member at the end of each day, by pool, bool `(days,)` each.
        member_at_start: pools of which the customer was a member before day 0.
    """

    events: tuple[Event, ...]
    trust: NDArray[np.float64]
    fatigue: NDArray[np.float64]
    recall: NDArray[np.float64]
    inside: dict[str, NDArray[np.bool_]]
    member_at_start: tuple[str, ...]


def follow(world: World, customer: int, minor: int = CENTS) -> Track:
    """Let all the days of a world pass while one customer is watched. The world ends as `World.run` would end it.

    `minor`: smallest units of money in one of its currency.
    """
    watched = _Watched(world, customer, minor)
    at_start = watched.pools()
    events: list[Event] = []
    moods, inside = np.zeros((world.days, 3)), np.zeros((len(world.names.pools), world.days), bool)
    for step, own in world.watch(customer):
        watched.look(own)
        happened = _own(watched, step) if step in world.own else READERS.get(step, _nothing)(watched)
        events += watched.dated(happened)
        moods[world.day], inside[:, world.day] = watched.mood(), watched.inside()  # the last step of the day stays
    trust, fatigue, recalled = moods.T.copy()
    return Track(tuple(events), trust, fatigue, recalled, dict(zip(world.names.pools, inside, strict=True)), at_start)


class _Watched:
    """A customer before and after the last step, and what that step counted."""

    def __init__(self, world: World, customer: int, minor: int) -> None:
        self.world, self.names, self.customer, self.minor = world, world.names, customer, minor
        self._columns = {
            name: getattr(getattr(world.columns, group), name)
            for group, cls in GROUPS.items()
            if group not in {"traits", *BY_ARM}
            for name in described(cls)
        }
        for mechanism, step in world.own.items():
            self._columns |= {f"{mechanism}.{name}": column for name, column in step.columns.items()}
        self.now = self._held()
        self.before, self.own = self.now, np.zeros((len(counters.COUNTERS), 0), np.int64)

    def look(self, own: NDArray[np.int64]) -> None:
        """Note what the customer has become by a step that counted this of the customer alone."""
        self.before, self.now, self.own = self.now, self._held(), own

    def dated(self, happened: Iterator[Event]) -> list[Event]:
        """What happened in the step, the first contact before everything, with the mood after it."""
        events = list(happened)
        if self.before["aware_on"] == NEVER != self.now["aware_on"]:
            events.insert(0, self.event("first_contact", detail=ROUTES[self.now["route"]]))
        if not events:
            return events
        trust, fatigue, recalled = self.mood()
        return [replace(event, trust=trust, fatigue=fatigue, recall=recalled) for event in events]

    def event(self, kind: Kind, **more: Any) -> Event:
        """An event of today."""
        return Event(self.world.day, kind, **more)

    def counted(self, counter: int, names: tuple[str, ...]) -> dict[str, int]:
        """What the step counted of the customer, by name, where it counted any."""
        return {names[k]: int(self.own[counter, k]) for k in np.flatnonzero(self.own[counter])}

    def total(self, counter: int) -> int:
        """The same in one number."""
        return int(self.own[counter].sum())

    def has_changed(self, name: str) -> bool:
        """Whether a column of the customer is another than before the step."""
        return bool(self.now[name] != self.before[name])

    def grew(self, name: str) -> int:
        """By how much."""
        return int(self.now[name] - self.before[name])

    def others(self) -> tuple[int, ...]:
        """Whom the customer told or invited today."""
        columns = self._columns
        ids = np.flatnonzero((columns["told_by"] == self.customer) & (columns["told_on"] == self.world.day))
        return tuple(ids.tolist())

    def seats_wanted(self) -> int:
        """Needs that wait for a seat, after purchasing."""
        return int(self.now["open_needs"]) if self.now["request"] else 0

    def invited_who_joined(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """Those whom the customer invited last and who joined today, by pool."""
        theirs = np.flatnonzero(self._columns["told_by"] == self.customer)
        inviting = np.append(self._settings("hooks")["invite"] > 0.0, False)  # hook 0 is the last: by none
        for row, pool in enumerate(self.names.pools):
            by_invitation = inviting[self._columns["hook"][row, theirs].astype(np.int64) - 1]
            joined = theirs[(self._columns["joined_on"][row, theirs] == self.world.day) & by_invitation]
            if joined.size:
                yield pool, tuple(joined.tolist())

    def hook_of(self, other: int) -> str:
        """The hook to which another customer has been invited today."""
        code = int(self._columns["invited"][other])
        return self.names.hooks[code - 1] if code else ""

    def into(self, hook: str) -> str:
        """The pool into which a hook leads."""
        row = self._settings("hooks")[self.names.hooks.index(hook)]
        return self.names.places[int(row["into"])]

    def kind_of(self, place: str) -> str:
        """What a place is."""
        return KINDS[int(self._settings("places")[self.names.places.index(place)]["kind"])]

    def mood(self) -> tuple[float, float, float]:
        """Trust, fatigue and recall of the customer now, the fading ones brought to today."""
        day, now, memory = self.world.day, self.now, self._settings("memory")[0]
        tired = faded(now["fatigue"], day - now["fatigue_on"], memory["fatigue_half_life_days"])
        passed = day - now["memory_on"]
        fast = faded(now["salience"], passed, memory["salience_half_life_days"])
        slow = faded(now["acquaintance"], passed, memory["acquaintance_half_life_days"])
        rates = np.array(memory["drift_rates"])
        lost = has_drifted(memory["key"], rates, memory["days_to_return"], self.customer, now["memory_on"], passed)
        return now["trust"], tired, 0.0 if lost else recall(fast, slow)

    def inside(self) -> NDArray[np.bool_]:
        """Of which pools the customer is a member now."""
        return is_inside(np.array(self.now["status"]))

    def pools(self) -> tuple[str, ...]:
        """The same by name, those from before the start."""
        held = self.now["joined_on"]
        return tuple(p for p, on in zip(self.names.pools, held, strict=True) if on == BEFORE_START)

    def _settings(self, section: str) -> Any:
        settings = self.world.settings
        return getattr(settings, section)[settings.period[self.world.day]]

    def _held(self) -> dict[str, Any]:
        return {name: array[..., self.customer].tolist() for name, array in self._columns.items()}


def _own(w: "_Watched", mechanism: str) -> Iterator[Event]:
    """What a mechanism of one's own did to the customer stands in its columns."""
    for name in w.now:
        if name.startswith(f"{mechanism}.") and w.has_changed(name):
            yield w.event("own", detail=f"{name}: {w.before[name]:.6g} → {w.now[name]:.6g}")


Reader = Callable[[_Watched], Iterator[Event]]


def _nothing(_: _Watched) -> Iterator[Event]:
    yield from ()


def _visits(w: _Watched) -> Iterator[Event]:
    """Only stores: who opens a platform and notices nothing there has not been touched."""
    for place in w.counted(counters.VISITS, w.names.places):
        if w.kind_of(place) == "store":
            yield w.event("walked_in", place=place)


def _advertising(w: _Watched) -> Iterator[Event]:
    for place in w.counted(counters.NOTICED, w.names.places):
        yield w.event("noticed", place=place)


def _posts(w: _Watched) -> Iterator[Event]:
    for place, count in w.counted(counters.READS, w.names.places).items():
        yield w.event("read", place=place, count=count)
    for staff in w.counted(counters.MOMENTS_SEEN, w.names.staff):
        yield w.event("moments", detail=staff)
    if w.now["offer"] and (w.has_changed("offer") or w.has_changed("offer_until")):
        yield w.event("offer", place=w.names.posts[w.now["offer"] - 1])
    if w.grew("open_needs") > 0:
        yield w.event("stirred", count=w.grew("open_needs"))


def _hooks(w: _Watched) -> Iterator[Event]:
    """Whoever declines is counted by pool: where several hooks asked into one, and not all alike, none can be named.

    Nor is it known of a hook that was not declined, where another was taken, whether it was heeded.
    """
    taken = w.names.hooks[w.now["request"] - 1] if w.now["request"] else ""
    asked = {hook: w.into(hook) for hook in w.counted(counters.ASKED, w.names.hooks) if hook != taken}
    for pool in dict.fromkeys(asked.values()):
        hooks, row = [hook for hook in asked if asked[hook] == pool], w.names.pools.index(pool)
        declined = w.now["asked"][row] - w.before["asked"][row]
        kind: Kind = "declined" if declined == len(hooks) else "asked" if declined or taken else "unheeded"
        for hook in hooks:
            yield w.event(kind, hook=hook, place=pool)
    if taken:
        yield w.event("took", hook=taken, place=w.into(taken))


def _joining(w: _Watched) -> Iterator[Event]:
    joined = [row for row, on in enumerate(w.now["joined_on"]) if on != w.before["joined_on"][row]]
    for row in joined:
        hook = w.names.hooks[w.now["hook"][row] - 1]
        yield w.event("joined", place=w.names.pools[row], hook=hook, detail=str(w.now["unit"][row] + 1))
        if not w.inside()[row]:  # left at once, with the gift
            yield w.event("quit", place=w.names.pools[row])
    if w.before["request"] and not joined:
        hook = w.names.hooks[w.before["request"] - 1]
        yield w.event("no_room", place=w.into(hook), hook=hook)
    for pool, others in w.invited_who_joined():
        yield w.event("acquaintance_joined", place=pool, others=others, count=len(others))


def _win_back(w: _Watched) -> Iterator[Event]:
    for row, pool in enumerate(w.names.pools):
        if w.now["status"][row] != w.before["status"][row]:
            if w.inside()[row]:
                yield w.event("came_back", place=pool, detail=str(w.now["unit"][row] + 1))
            else:
                yield w.event("stayed_away", place=pool)


def _purchasing(w: _Watched) -> Iterator[Event]:
    orders = w.counted(counters.ORDERS, w.names.places)
    recalled = w.total(counters.RECALLED)
    forgotten = w.total(counters.NEEDS) - recalled
    ahead = w.total(counters.MADE_AHEAD)
    at_rivals = recalled - sum(orders.values()) - w.seats_wanted() - ahead
    if forgotten:
        yield w.event("forgot", count=forgotten)
    if at_rivals:
        yield w.event("rival", count=at_rivals)
    if ahead:
        yield w.event("made_ahead", count=ahead)
    for place, count in orders.items():
        code = w.names.places.index(place)
        paid = int(w.own[counters.GROSS_SALES, code] - w.own[counters.DISCOUNTS, code])
        yield w.event("ordered", place=place, count=count, amount=paid / w.minor)


def _seating(w: _Watched) -> Iterator[Event]:
    if not w.before["request"]:
        return
    store, _, slot = w.names.slots[w.before["request"] - 1].rpartition(".")
    orders = w.grew("orders")
    if orders:
        yield w.event("ordered", place=store, count=orders, amount=w.grew("spend") / w.minor)
    if w.before["open_needs"] > orders:
        yield w.event("turned_away", place=store, detail=slot, count=w.before["open_needs"] - orders)


def _word_of_mouth(w: _Watched) -> Iterator[Event]:
    """Of several who told, or invited, the customer on one day, the last one is known."""
    if w.has_changed("told_on"):
        hook = w.hook_of(w.customer)
        yield w.event("invited" if hook else "told", others=(w.now["told_by"],), hook=hook)
    told = w.others()
    for hook in dict.fromkeys(map(w.hook_of, told)):
        ids = tuple(i for i in told if w.hook_of(i) == hook)
        yield w.event("invited_others" if hook else "told_others", others=ids, hook=hook, count=len(ids))
    for role, bit in ROLES.items():
        if (w.now["role"] ^ w.before["role"]) & bit:
            yield w.event("became" if w.now["role"] & bit else "ceased", detail=role)


def _care(w: _Watched) -> Iterator[Event]:
    for staff, count in w.counted(counters.CARE_GIVEN, w.names.staff).items():
        yield w.event("cared_for", detail=staff, count=count)
    for staff, count in w.counted(counters.CARE_MISSED, w.names.staff).items():
        yield w.event("missed_care", detail=staff, count=count)


def _leaving(w: _Watched) -> Iterator[Event]:
    poached, removed = (w.counted(of, w.names.places) for of in (counters.POACHED, counters.REMOVED))
    for place in w.counted(counters.LEFT, w.names.places):
        yield w.event("removed" if place in removed else "poached" if place in poached else "quit", place=place)
    for place in w.counted(counters.FOLDED_POOL, w.names.places):
        yield w.event("folded", place=place)
    for place in w.counted(counters.UNFOLDED, w.names.places):
        yield w.event("unfolded", place=place)


READERS: dict[str, Reader] = {
    "visits": _visits,
    "advertising": _advertising,
    "posts": _posts,
    "hooks": _hooks,
    "joining": _joining,
    "win_back": _win_back,
    "care": _care,
    "purchasing": _purchasing,
    "seating": _seating,
    "word_of_mouth": _word_of_mouth,
    "leaving": _leaving,
}
"""What each step of the day may have done to the customer; talking touches only what groups share."""
