"""The model as Mesa knows models: a thin adapter over World, and the only file that imports Mesa."""

import warnings
from collections.abc import Mapping
from operator import attrgetter
from typing import Any

import numpy as np

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import counter, signs_in_profit
from trafficsim.engine.customer_set import CustomerSet
from trafficsim.engine.world import World, start
from trafficsim.kernel.columns import NEVER
from trafficsim.kernel.rng import stream
from trafficsim.market.currencies import minor_units
from trafficsim.scenario import GivenScenario, scenario_from
from trafficsim.words import asked

with warnings.catch_warnings():
    # Mesa loads a progress bar, not used here, which complains in a notebook without widgets.
    warnings.filterwarnings("ignore", "IProgress not found")
    import mesa

MODEL_REPORTERS = ("day", "aware", "new_customers", "members", "orders", "revenue", "profit")
PLACE_REPORTERS = ("name", "members", "visits", "reads", "orders", "revenue")


def _last_day(name: str) -> property:
    return property(lambda place: place.last_day(name), doc=f"On the last day that passed: {counter(name).meaning}.")


class Place(mesa.Agent):
    """A place, as a Mesa agent: what it holds now and what happened there on the last day that passed.

    Counts are those of the real population (see `TrafficModel`), money is in currency units.

    Attributes:
        name: in the scenario.
        kind: public, paid, store or pool.
    """

    model: "TrafficModel"

    def __init__(self, model: "TrafficModel", name: str, kind: str) -> None:
        super().__init__(model)
        self.name, self.kind = name, kind

    visits = _last_day("visits")
    impressions = _last_day("impressions")
    noticed = _last_day("noticed")
    posts = _last_day("posts")
    reads = _last_day("reads")
    joined = _last_day("joined")
    left = _last_day("left")
    orders = _last_day("orders")

    @property
    def members(self) -> int:
        """Members now; 0 if the place is no pool."""
        return self.model.count_members(self.name)

    @property
    def revenue(self) -> float:
        """Gross sales less discounts on the last day, in currency units."""
        return (self.last_day("gross_sales") - self.last_day("discounts")) / minor_units(self.model.case.currency)

    def last_day(self, name: str) -> int:
        """Any counter by place (see `trafficsim.books.metrics`) on the last day; KeyError if it is not by place."""
        if counter(name).by != "place":
            raise KeyError(f"{name} is not counted by place")
        world = self.model.world
        return self.model.last_day(name, world.names.places.index(self.name))

    def __repr__(self) -> str:
        return f"Place({self.name!r}, kind={self.kind!r}, members={self.members:,})"


class TrafficModel(mesa.Model):
    """One arm of a scenario as a Mesa model; a step is a day.

    The days are those of `World`, bit for bit. Places are the model's agents. Customers are not: `customers` gives the
    habits of an AgentSet over columns. Between days, columns may be changed (`model.customers.trust[:] *= 0.9`); the
    following days go on from there. The model's `rng` and `random` are Mesa's, for your own use and for shuffling
    agents; the simulation doesn't draw from them.

    Counts and money are those of the real population, as in a `Result` (see `counters.Counter.sampled`). The
    customers themselves are the simulated ones. A scenario's `equal_budget` is what `compare` adjusts; here the arm
    runs as the file has it.

    `datacollector` holds a row for the start and one for each day that passed, so that a row's number is the number of
    days: `day`; `aware` and `members` at that time; `new_customers`, `orders`, `revenue` and `profit` of the last day
    (add them up with `cumsum()`); and for each place its name, members, visits, reads, orders and revenue.

    Args:
        scenario: a scenario, the path of its file, or the name of a shipped case.
        arm: one of its arms.
        seed, replicate: together with names and numbers, they decide every draw. No seed, as everywhere in Mesa, means
            a fresh one, so that the iterations of `mesa.batch_run` are independent; attribute `seed` tells which.
        rng: instead of a seed, what Mesa takes by this name: a whole number, or a generator or seed sequence of NumPy
            from which the seed is drawn.
        model_reporters, agent_reporters: more of what Mesa's DataCollector takes, by name, of the model and of each
            place. They are asked for the first time when the model has been built.

    Attributes:
        case: the scenario (Mesa keeps the name `scenario` for its own).
        arm: the name of the arm.
        seed: with it, the same days can be run again.
        world: the world that the days pass over.
        places: the arm's places by name.

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes.
        ValueError: if the scenario has no such arm, or for a seed that is no whole number of 64 bits.
    """

    def __init__(
        self,
        scenario: GivenScenario,
        arm: str = "private",
        seed: int | None = None,
        replicate: int = 0,
        *,
        rng: int | np.random.Generator | np.random.SeedSequence | None = None,
        model_reporters: Mapping[str, Any] | None = None,
        agent_reporters: Mapping[str, Any] | None = None,
    ) -> None:
        self.seed, replicate = _seed(seed, rng), asked.whole("replicate", replicate, 0)
        super().__init__(rng=int(stream(self.seed, replicate, "mesa")))
        self.case = scenario_from(scenario)
        self.arm = arm
        if arm not in self.case.arms:
            raise ValueError(f"{self.case.name} has no arm {arm!r}; there are {', '.join(self.case.arms)}")
        self.world: World = start(self.case, arm, self.seed, replicate)
        self.places = {name: Place(self, name, self.case.kind(name)) for name in self._places_of_arm()}
        self.datacollector = mesa.DataCollector(
            model_reporters={name: name for name in MODEL_REPORTERS} | dict(model_reporters or {}),
            agent_reporters={name: attrgetter(name) for name in PLACE_REPORTERS} | dict(agent_reporters or {}),
        )
        self.datacollector.collect(self)
        # Mesa counts a step before it is taken, and newer versions take no other after one that failed: ask first.
        self._counted_step = self.step
        self.step = self._allowed_step  # type: ignore[method-assign]

    def step(self) -> None:
        """Let one day pass and collect its data; `running` is False after the last day.

        Raises:
            RuntimeError: if there is no day left.
        """
        self._need_a_day()
        self._recount_members()
        self.world.run(until=self.day + 1)
        self.running = self.day < self.days
        self.datacollector.collect(self)

    def run(self, days: int | None = None) -> "TrafficModel":
        """Let so many days pass, all that are left if that is fewer or none is said; returns the model itself.

        Raises:
            ValueError: unless that is a whole number of 0 or more.
        """
        left = self.days - self.day
        if days is not None:
            asked.whole("days", days, 0)
        for _ in range(left if days is None else min(days, left)):
            self.step()
        return self

    @property
    def customers(self) -> CustomerSet:
        """All customers: their columns, in place."""
        return CustomerSet(self.world.columns, self.world.names, self.case.plan(self.arm).customers.by_code)

    @property
    def day(self) -> int:
        """Days that have passed; also the number of the day that comes next, counted from 0."""
        return self.world.day

    @property
    def days(self) -> int:
        """Days of the whole run."""
        return self.world.days

    @property
    def each_stands_for(self) -> int:
        """Real customers for whom each simulated one stands."""
        return self.case.plan(self.arm).customers.each_stands_for

    @property
    def aware(self) -> int:
        """Customers who know the brand now."""
        return self.each_stands_for * int(np.count_nonzero(self.world.columns.story.aware_on != NEVER))

    @property
    def members(self) -> int:
        """Members of all pools now; one person in two pools counts twice."""
        return sum(self.count_members(pool) for pool in self.world.names.pools)

    @property
    def new_customers(self) -> int:
        """First orders ever of a customer, on the last day that passed."""
        return self.last_day("first_orders")

    @property
    def orders(self) -> int:
        """Orders on the last day that passed."""
        return self.last_day("orders")

    @property
    def revenue(self) -> float:
        """Gross sales less discounts on the last day that passed, in currency units."""
        return (self.last_day("gross_sales") - self.last_day("discounts")) / minor_units(self.case.currency)

    @property
    def profit(self) -> float:
        """Contribution profit of the last day that passed, in currency units."""
        lines = signs_in_profit(self.world.names.counters[len(COUNTERS) :])
        return sum(sign * self.last_day(line) for line, sign in lines.items()) / minor_units(self.case.currency)

    def count_members(self, place: str) -> int:
        """Members of a place now; 0 if it is no pool."""
        pools = self.world.names.pools
        return self.each_stands_for * self.world.count_members(pools.index(place)) if place in pools else 0

    def last_day(self, name: str, entry: int | None = None) -> int:
        """A counter (of `counters.COUNTERS`) on the last day that passed, in people or cents; 0 before the first.

        Args:
            name: of the counter.
            entry: the code of one place, hook, staff or route; the sum over all of them if left out.

        Raises:
            KeyError: if there is no such counter.
        """
        counters = {c.name: row for row, c in enumerate(self.world.names.counters)}
        row = counters[asked.one_of("counter", name, counters)]
        numbers = self.world.tallies[self.day - 1, row] if self.day else np.zeros(1, np.int64)
        times = self.world.names.counters[row].times(self.each_stands_for)
        return times * int(numbers.sum() if entry is None or not self.day else numbers[entry])

    def __repr__(self) -> str:
        return f"TrafficModel({self.case.name!r}, arm={self.arm!r}, day {self.day:,} of {self.days:,})"

    def _places_of_arm(self) -> list[str]:
        """Places that this arm has at any time, in the order of the file; codes run over the places of all arms."""
        ever_on = dict(zip(self.world.names.places, np.any(self.world.settings.places["on"], axis=0), strict=True))
        return [name for name in self.case.names("places") if ever_on[name]]

    def _recount_members(self) -> None:
        """The ledger goes on from yesterday's members; somebody may have changed the columns since."""
        for row, pool in enumerate(self.world.names.pools):
            self.world.members[self.day, self.world.names.places.index(pool)] = self.world.count_members(row)

    def _allowed_step(self) -> None:
        self._need_a_day()
        self._counted_step()

    def _need_a_day(self) -> None:
        if self.day >= self.days:
            raise RuntimeError(f"all {self.days:,} days have passed; for a longer run, replace the scenario's days")


def _seed(seed: int | None, given: int | np.random.Generator | np.random.SeedSequence | None) -> int:
    """The seed that was given, or one that was drawn from what was; a fresh one if nothing was given."""
    if seed is not None and given is not None:
        raise ValueError("give seed or rng, not both")
    chosen = given if seed is None else seed
    if chosen is None or isinstance(chosen, np.random.Generator | np.random.SeedSequence):
        return int(np.random.default_rng(chosen).integers(2**63))
    return asked.seed(chosen)


__all__ = ["MODEL_REPORTERS", "PLACE_REPORTERS", "Place", "TrafficModel"]
