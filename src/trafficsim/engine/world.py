"""World: customers, ties and settings of one arm, and the days that pass over them. No Mesa.

A world can run to any day, be copied, saved and restored; the bits are the same however the days are split and however
many threads share the work.
"""

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

import numba
import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS
from trafficsim.compiled import is_warm
from trafficsim.engine.day import (
    CLOSING,
    STEPS,
    Line,
    begin_compiling,
    needed,
    program,
    run_days,
    run_in_python,
)
from trafficsim.engine.frames import frame
from trafficsim.engine.own_day import OwnStep
from trafficsim.engine.settings import Names, Settings, empty_tally, entries, limits, most_units
from trafficsim.engine.settings import build as build_settings
from trafficsim.kernel import rng
from trafficsim.kernel.barrier import BARRIER, give_up
from trafficsim.kernel.blocks import BLOCK, Masks, no_masks
from trafficsim.kernel.columns import (
    GROUPS,
    Columns,
    Sizes,
    copied,
    empty,
    is_inside,
    with_units,
)
from trafficsim.kernel.frame import Frame
from trafficsim.market.customers import Customers
from trafficsim.mechanisms.joining import count_units
from trafficsim.mechanisms.posts import counts_pushes
from trafficsim.mechanisms.purchasing import Purchasing
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.population import making, ties
from trafficsim.population.past_orders import PastOrder, past_order
from trafficsim.population.ties import Ties
from trafficsim.scenario import Scenario
from trafficsim.scenario.needs import refuse_world_beyond_memory
from trafficsim.scenario.schema import Plan
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED


class Crowd(NamedTuple):
    """What all arms of a replicate share: who the customers are, and whom they know."""

    columns: Columns
    ties: Ties


def names_of(scenario: Scenario) -> Names:
    """The names of all arms of a scenario together, sorted, so that the order of a file's rows decides nothing."""
    places = sorted(scenario.names("places"))
    return Names(
        places=tuple(places),
        pools=tuple(p for p in places if scenario.kind(p) == "pool"),
        staff=tuple(sorted(scenario.names("staff"))),
        advertising=tuple(sorted(scenario.names("advertising"))),
        posts=tuple(sorted(scenario.names("posts"))),
        hooks=tuple(sorted(scenario.names("hooks"))),
        slots=tuple(sorted(scenario.slots())),
        audiences=tuple(sorted(scenario.names("audiences"))),
        regions=tuple(scenario.base.customers.regions),
        tiers=tuple(sorted(scenario.names("tiers"))),
        care=tuple(sorted(scenario.names("care"))),
        counters=(*COUNTERS, *counters_of(scenario.own)),
    )


def gather(scenario: Scenario, seed: int = DEFAULT_SEED, replicate: int = 0) -> Crowd:
    """The customers on day 0 and their ties: a matter of seed, replicate and base settings, not of the arm."""
    customers, names = scenario.plan(scenario.baseline).customers, names_of(scenario)
    if not is_warm():  # the steps, while this process compiles what makes ties and customers
        begin_compiling(needed(*[build_settings(scenario.periods(arm), names, 0, 0) for arm in scenario.arms]))
    with np.errstate(over="ignore"):  # uncompiled, the generator's wrap-around would warn
        who_knows_whom = _ties(scenario, customers, seed, replicate)  # first, since making ties takes memory
        pools = {name: names.places.index(name) for name in names.pools}
        order = _past_order(scenario.base)
        return Crowd(making.build(customers, pools, len(names.places), seed, replicate, order), who_knows_whom)


def _past_order(base: Plan) -> PastOrder:
    """The orders before the start, which no arm decides about; where nobody buys in the run, by the defaults."""
    return past_order(base.product.quality, Purchasing() if base.purchasing == "off" else base.purchasing)


def _ties(scenario: Scenario, customers: Customers, seed: int, replicate: int) -> Ties:
    t = customers.ties
    if t.kind == "file":
        return ties.read_edges(cast("Path", scenario.ties_file), customers.count)
    key, segments = rng.stream(seed, replicate, "ties"), making.segments(customers, seed, replicate)
    classes = making.likeness(customers.count, seed, replicate) if t.alike else None
    return ties.build(t.kind, segments, t.mean, t.rewired, t.homophily, key, classes, t.alike)


def start(
    scenario: Scenario,
    arm: str,
    seed: int = DEFAULT_SEED,
    replicate: int = 0,
    crowd: Crowd | None = None,
    *,
    keep: bool = True,
) -> "World":
    """One arm's world before day 0.

    Args:
        scenario: the scenario.
        arm: one of its arms.
        seed, replicate: together with names and numbers, they decide every draw.
        crowd: what `gather` gave for the same scenario, seed and replicate.
        keep: leave the crowd as it is, for another arm; else the world works on its columns.

    Raises:
        KeyError: if there is no such arm.
        ValueError: for a seed or replicate that can't be.
        ScenarioError: if the machine can't hold it, unless there is a crowd already.
    """
    asked.one_of("arm", arm, scenario.arms)
    if crowd is None:
        refuse_world_beyond_memory(scenario)
    seed, replicate = asked.seed(seed), asked.whole("replicate", replicate, 0)
    return start_plans(scenario, scenario.periods(arm), seed, replicate, crowd, keep=keep)


def start_plans(
    scenario: Scenario,
    periods: tuple[tuple[int, Plan], ...],
    seed: int = 0,
    replicate: int = 0,
    crowd: Crowd | None = None,
    *,
    keep: bool = True,
) -> "World":
    """A world of other plans than an arm's: those of one of `scenario.counterfactuals()`; the rest is as in `start`."""
    columns, who_knows_whom = crowd or gather(scenario, seed, replicate)
    names = names_of(scenario)
    settings = build_settings(periods, names, seed, replicate)
    own = copied(columns) if crowd and keep else columns
    held = 2 + int(
        own.member.unit.max(initial=-1)
    )  # a past may come from an arm with more; the last is for members of none
    plans = [plan for _, plan in periods]
    pushes = any(counts_pushes(plan.posts) for plan in plans)
    own = with_units(own, max(held, most_units(plans)), limits(settings, names), pushes=pushes)
    count = own.traits.fit.size
    steps = [OwnStep(mechanism, periods, (seed, replicate), count) for mechanism in scenario.own]
    return World(own, who_knows_whom, settings, names, steps)


IN_PYTHON = bool(numba.config.DISABLE_JIT or numba.config.BOUNDSCHECK)
"""Whether Python calls the steps: uncompiled, or so that an index out of bounds is told."""


EVERYTHING = (*STEPS, CLOSING)
"""Names of all steps of a day, in their order."""


class World:
    """One arm's world.

    Args:
        columns: the population on day 0; the world works on it in place.
        ties: who knows whom.
        settings: of the arm.
        names: in the order of their codes.
        own: steps of mechanisms of one's own.

    Attributes:
        day: days that have passed.
        own: steps of mechanisms of one's own, by name.
        tallies: int64, shape `(days, counters, width)`; see `tally.py`.
        members: int64, shape `(days + 1, places)`: members before day 0 and at the end of each day.
    """

    def __init__(
        self, columns: Columns, ties: Ties, settings: Settings, names: Names, own: Iterable[OwnStep] = ()
    ) -> None:
        self.columns, self.ties, self.settings, self.names = columns, ties, settings, names
        self.own = {step.mechanism.name: step for step in own}
        self.day = 0
        self._framed: tuple[Frame, tuple[Any, ...]] | None = None
        self.days = settings.period.size
        self.tallies = np.stack([empty_tally(names, self.days)] * self.days)
        self.members = np.zeros((self.days + 1, len(names.places)), np.int64)
        for pool, name in enumerate(names.pools):
            self.members[0, names.places.index(name)] = self.count_members(pool)

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return int(self.columns.traits.fit.size)

    def count_members(self, pool: int) -> int:
        """Members of a pool now, counted from the columns."""
        return int(np.sum(is_inside(self.columns.member.status[pool])))

    def run(self, until: int | None = None, threads: int = 1) -> "World":
        """Let the days pass until a day (excluded; the last one by default); returns the world itself.

        `threads` shares one world's work; many worlds run faster in parallel, one thread each.

        Raises:
            ValueError: for a day or threads that can't be.
        """
        asked.whole("threads", threads, 1)
        last = self.days if until is None else min(asked.whole("until", until, 0), self.days)
        if self.day < last:
            with np.errstate(over="ignore"):  # uncompiled, the generator's wrap-around would warn
                if self.own:
                    self._run_with_own(last, threads)
                else:
                    self._run_shared(last, EVERYTHING, threads)
            self.day = last
        return self

    def _run_with_own(self, last: int, threads: int) -> None:
        """The same day by day, each interrupted for the steps of mechanisms of one's own."""
        cuts = sorted({STEPS.index(step.mechanism.after) + 1 for step in self.own.values()})
        parts = [EVERYTHING[first:until] for first, until in pairwise((0, *cuts, len(EVERYTHING)))]
        prepared = self._prepared(parts) if threads == 1 and not IN_PYTHON else None
        following = [self.own_after(names[-1]) for names in parts]
        while self.day < last:
            for number, steps in enumerate(following):
                if prepared:
                    prepared(number)
                else:
                    self._run_shared(self.day + 1, parts[number], threads)
                for step in steps:
                    step.run(self)
            self.day += 1

    def _prepared(self, parts: Sequence[Collection[str]]) -> Callable[[int], None]:
        """What lets a part of today pass, by its number: many small runs, for which nothing is looked up again.

        Units are counted when members left by a step of one's own, which can't change membership otherwise; the first
        part of a day follows none.
        """
        here, barrier, everybody = self._frame(), np.zeros(BARRIER, np.int64), (0, self.customers)
        programs = [program(self.lines(names), here) for names in parts]
        here.held("masks").fill(0)
        count_units(here)

        def run(number: int) -> None:
            if number and any(step.members_left for step in self.own.values()):
                count_units(here)
                for step in self.own.values():
                    step.members_left = False
            barrier.fill(0)
            run_days(programs[number], (self.day, self.day + 1), everybody, barrier, 0, 1)

        return run

    def own_after(self, step: str) -> list[OwnStep]:
        """The steps of mechanisms of one's own that come after a step of the day, in their order."""
        return [own for own in self.own.values() if own.mechanism.after == step]

    def _run_shared(self, last: int, names: Collection[str], threads: int) -> None:
        """Steps of these names on the days until `last`, their work shared by threads."""
        if threads == 1 or IN_PYTHON:
            self._run(last, names)
            return
        self._run_threads(last, threads, [name for name in names if name != CLOSING])
        if CLOSING in names:
            self._run(last, (CLOSING,))

    def profiled(self) -> dict[str, float]:
        """Let the remaining days pass, step by step on one thread; seconds of work that each step took, by its name.

        The same happens as in `run`; calling the steps one by one costs some microseconds each.
        """
        taken = dict.fromkeys((*STEPS, *self.own), 0.0)
        with np.errstate(over="ignore"):
            while self.day < self.days:
                for name in STEPS:
                    began = time.thread_time()
                    self._run(self.day + 1, (name,))
                    taken[name] += time.thread_time() - began
                    for own in self.own_after(name):
                        began = time.thread_time()
                        own.run(self)
                        taken[own.mechanism.name] += time.thread_time() - began
                self._run(self.day + 1, (CLOSING,))
                self.day += 1
        return taken

    def watch(self, customer: int) -> Iterator[tuple[str, NDArray[np.int64]]]:
        """Let the remaining days pass, step by step; yields each step's name and what it counted of one customer.

        A step that may treat ranges of customers side by side treats the watched one as a range of its own, which
        changes no bit of what happens, and so tells what it counted of this customer alone, shape `(counters, width)`.
        Of what a step does to all at once, and of one's own, that is all 0: what it did to the customer stands in the
        columns. While a step is looked at, `day` is the day to which it belongs; iterate to the end, or the world stays
        in the middle of a day.
        """
        while self.day < self.days:
            for name in STEPS:
                yield name, self._run_apart(name, customer)
                for own in self.own_after(name):
                    with np.errstate(over="ignore"):
                        own.run(self)
                    yield own.mechanism.name, np.zeros_like(self.tallies[self.day])
            with np.errstate(over="ignore"):
                self._run(self.day + 1, (CLOSING,))
            self.day += 1

    def counted(self, counter: str) -> NDArray[np.int64]:
        """A counter's daily numbers so far, shape `(days,)`, or `(days, entries)` if it is broken down."""
        row = [c.name for c in self.names.counters].index(counter)
        numbers = self.tallies[: self.day, row]
        by = self.names.counters[row].by
        return numbers[:, : len(self.entries(by))] if by else numbers[:, 0]

    def entries(self, by: str) -> tuple[str, ...]:
        """The names along one dimension: `by` is "place", "hook", "staff" or "route"."""
        return entries(self.names, self.days, by)

    def fork(self) -> "World":
        """A copy that goes its own way from here; ties and settings, which never change, are shared."""
        own = [step.fork() for step in self.own.values()]
        twin = World(copied(self.columns), self.ties, self.settings, self.names, own)
        twin.day, twin.tallies, twin.members = self.day, self.tallies.copy(), self.members.copy()
        return twin

    def release(self) -> None:
        """Free the columns, which take most of the memory; what was counted stays."""
        self.columns, self._framed = empty(0, len(self.names.pools)), None
        for step in self.own.values():
            step.release()

    def save(self, path: str | Path) -> None:
        """Write what has happened so far to `path`, to be restored into a world of the same scenario, arm and seed."""
        with Path(path).open("wb") as file:
            columns: dict[str, Any] = dict(self.named_columns())
            held = {"tallies": self.tallies, "members": self.members, **columns}
            np.savez(file, stream=np.uint64(self._stream), day=self.day, own=self._sources, **held)

    def restore(self, path: str | Path) -> "World":
        """Go on from what was saved to `path`; returns the world itself.

        Raises:
            ValueError: if the file is of a world of other shape, of another seed or replicate, or of other mechanisms
                of one's own.
        """
        here = {"tallies": self.tallies, "members": self.members, **dict(self.named_columns())}
        with np.load(path) as file:
            if (str(file["own"]) if "own" in file else "") != self._sources:
                raise ValueError(f"{path}: saved from a world of other mechanisms of one's own")
            saved = {name: file[name] for name in here}
            day, stream = int(file["day"]), int(file["stream"]) if "stream" in file else None
        if stream != self._stream:
            raise ValueError(f"{path}: saved from a world of another seed or replicate")
        for name, array in here.items():
            if saved[name].shape != array.shape:
                raise ValueError(f"{path}: saved from another world ({name}: {saved[name].shape}, here {array.shape})")
        for name, array in here.items():
            array[...] = saved[name]
        self.day = day
        return self

    @property
    def _stream(self) -> int:
        """Equal for worlds of the same seed and replicate."""
        return int(self.settings.visits["key"].flat[0])

    def named_columns(self) -> Iterable[tuple[str, NDArray[Any]]]:
        """All columns, those of mechanisms of one's own included, as `group.name`.

        Most are `(customers,)`, some have a dimension of places as well.
        """
        for group in GROUPS:
            columns = getattr(self.columns, group)
            yield from ((f"{group}.{name}", getattr(columns, name)) for name in columns._fields)
        for name, step in self.own.items():
            yield from ((f"own.{name}.{column}", array) for column, array in step.columns.items())

    @property
    def _sources(self) -> str:
        """Equal for worlds with the same mechanisms of one's own."""
        return " ".join(f"{name}:{step.mechanism.digest}" for name, step in self.own.items())

    def lines(self, names: Collection[str]) -> list[Line]:
        """The lines of the day of these names that do anything in this world."""
        return [line for line in needed(self.settings) if line.name in names]

    def _frame(self) -> Frame:
        """The frame of runs on one thread, made once for what the world holds."""
        holds = self.settings, self.columns, self.ties, self.tallies, self.members
        if self._framed is None or any(now is not then for now, then in zip(holds, self._framed[1], strict=True)):
            self._framed = self._new_frame(*self._shared(), self.tallies, self.members, 0), holds
        return self._framed[0]

    def __getstate__(self) -> dict[str, Any]:
        """All but the frame, which holds addresses."""
        return {**vars(self), "_framed": None}

    def _shared(self) -> tuple[Sizes, Masks]:
        """Room for the sizes of all units, and for masks, which a run counts and makes itself."""
        return np.zeros(self.columns.units.belonging.shape, np.int64), no_masks(self.customers)

    def _new_frame(self, sizes: Sizes, masks: Masks, *counted: Any) -> Frame:
        return frame(self.settings, self.columns, self.ties, sizes, masks, *counted)

    def _run_threads(self, last: int, threads: int, names: Collection[str]) -> None:
        """Threads share the customers; they meet before and after steps that treat all at once."""
        sharing = min(threads, -(-self.customers // BLOCK))
        parts = np.zeros((sharing, *self.tallies[self.day : last].shape), np.int64)
        nobody = np.zeros((last - self.day + 1, len(self.names.places)), np.int64)
        barrier, shared = np.zeros(BARRIER, np.int64), self._shared()
        lines = self.lines(names)
        frames = [self._new_frame(*shared, counted, nobody, self.day) for counted in parts]
        count_units(frames[0])

        def share(rank: int) -> None:
            try:
                everybody = (0, self.customers)
                run_days(program(lines, frames[rank]), (self.day, last), everybody, barrier, rank, sharing)
            except BaseException:
                give_up(barrier)  # or the others would wait for ever
                raise

        with ThreadPoolExecutor(sharing) as pool:
            for done in [pool.submit(share, rank) for rank in range(sharing)]:
                done.result()
        self.tallies[self.day : last] += parts.sum(axis=0)

    def _run_apart(self, name: str, customer: int) -> NDArray[np.int64]:
        """One step of today, on everybody; returns what it counted of one customer alone, `(counters, width)`."""
        own: NDArray[np.int64] = np.zeros_like(self.tallies[self.day])
        lines = self.lines((name,))
        serial = 1 + max((number for number, line in enumerate(lines) if line.shares), default=-1)
        with np.errstate(over="ignore"):
            self.run_lines(self.day + 1, lines[:serial])
            for first, last in ((0, customer), (customer + 1, self.customers)):
                self.run_lines(self.day + 1, lines[serial:], (first, last))
            self.run_lines(self.day + 1, lines[serial:], (customer, customer + 1), own[np.newaxis])
        self.tallies[self.day] += own
        return own

    def _run(
        self, last: int, names: Collection[str], who: tuple[int, int] | None = None,
        tallies: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        """Steps of these names on the days until `last`, on everybody or a range of customers."""
        self.run_lines(last, self.lines(names), who, tallies)

    def run_lines(
        self, last: int, lines: Sequence[Line], who: tuple[int, int] | None = None,
        tallies: NDArray[np.int64] | None = None,
    ) -> None:  # fmt: skip
        """Run some `lines` of the day on the days until `last`, on everybody or, from first to last, on those of `who`.

        Counts go into `tallies`, int64 `(days, counters, width)`, instead of the world's own if given.
        """
        here = self._frame()
        here.held("masks").fill(0)  # steps that are left out mark nobody
        if tallies is not None:
            here.bind("tally", tallies, self.day)
        count_units(here)
        customers = who or (0, self.customers)
        try:
            if IN_PYTHON:
                run_in_python(lines, here, (self.day, last), customers)
            else:
                run_days(program(lines, here), (self.day, last), customers, np.zeros(BARRIER, np.int64), 0, 1)
        finally:  # or a run after an interruption would count elsewhere
            if tallies is not None:
                here.bind("tally", self.tallies)
