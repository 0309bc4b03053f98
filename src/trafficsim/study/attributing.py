"""channels: what each channel of paid media truly brings, beside what it would be credited with.

True is what would be missing: the same arm is run without the channel, and with 1 % less of it, with the same customers
and luck. Reported is what rules of attribution give it, from the contacts before each order: all of the order's revenue
to the first (first-touch) or the last contact (last-touch), or the same share to each (linear).
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.routes import INVITED, PAID, TOLD
from trafficsim.engine.ensemble import run_replicate
from trafficsim.engine.event_log import Contact, EventLog, logged
from trafficsim.engine.running import Running
from trafficsim.engine.world import start
from trafficsim.market.currencies import CENTS, minor_units
from trafficsim.results import intervals
from trafficsim.results.intervals import UNKNOWN, Interval
from trafficsim.scenario import GivenScenario, Scenario, estimate, scenario_from
from trafficsim.study.dataset import counted
from trafficsim.study.equal_money import factors_for
from trafficsim.study.notebook import progress
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

RULES = ("first_touch", "last_touch", "linear")
LOOK_BACK = 90
"""Days before an order whose contacts share in it: as GA4 counts by default ("Select attribution settings", Google)."""
LESS = 0.99
"""Of a channel's budget, for what its last hundredth brings."""
AS_IT_IS = "as_it_is"
AFTER_PURCHASING = (TOLD, INVITED)
"""Routes of contacts that come after the orders of their day."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Channel:
    """What a channel of an arm spends and brings, in currency units, and per unit of what is spent on it (ROAS).

    Attributes:
        name: the campaign, by its place.
        spend: what it costs over the run.
        revenue: what would be missing of revenue without it.
        true: `revenue` per `spend`.
        marginal: the same of its last hundredth.
        first_touch, last_touch, linear: revenue that it is credited with, per `spend`.
    """

    name: str
    spend: Interval
    revenue: Interval
    true: Interval
    marginal: Interval
    first_touch: Interval
    last_touch: Interval
    linear: Interval

    def overstated(self) -> tuple[str, ...]:
        """The rules that credit it with more than it brings, as far as intervals tell."""
        return tuple(rule for rule in RULES if getattr(self, rule).low > self.true.high)

    def understated(self) -> tuple[str, ...]:
        """The rules that credit it with less."""
        return tuple(rule for rule in RULES if getattr(self, rule).high < self.true.low)


@dataclass(frozen=True)
class Channels:
    """The channels of an arm, and what each truly brings beside what rules of attribution would report.

    Attributes:
        scenario: as it was given.
        arm: the arm asked about.
        channels: in the order of the file.
        replicates, seed: of the runs.
        look_back: days before an order whose contacts share in it.
        confidence: of all intervals.
    """

    scenario: Scenario
    arm: str
    channels: tuple[Channel, ...]
    replicates: int
    seed: int
    look_back: int = LOOK_BACK
    confidence: float = 0.95


def channels(
    scenario: GivenScenario,
    arm: str,
    *,
    replicates: int = 16,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    done: Callable[[int], None] | None = None,
) -> Channels:
    """True and marginal ROAS of each channel of an arm, beside what rules of attribution would report.

    Channels are the campaigns of `advertising`. Each replicate runs the arm twice for each of them and twice more.

    Ratios of means over replicates have the intervals of Fieller (1954).

    Args:
        scenario: as for `compare`.
        arm: one of its arms.
        replicates: two or more.
        seed, workers, executor, done: as for `compare`.

    Returns:
        True and marginal ROAS of each channel (revenue per money spent), with 95 % intervals, and what first touch,
        last touch and equal shares would credit it with.

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes.
        ValueError: for an arm without advertising.
        KeyError: for an unknown arm.
    """
    scenario = scenario_from(scenario)
    asked.one_of("arm", arm, scenario.arms)
    replicates, seed = asked.whole("replicates", replicates, 2), asked.seed(seed)
    names = campaigns(scenario, arm)
    if not names:
        raise ValueError(f"{arm} has no advertising, so that there is no channel to credit")
    made = _varied(scenario, arm, names, factors_for(scenario, seed, Running(workers, executor)).get(arm, 1.0))
    jobs = {n: (made, names, seed, n) for n in range(replicates)}
    estimate(made, replicates, Running(workers, executor).many, without_pools=False)
    found: dict[int, Array] = {}
    with progress(replicates, done, adds_up=True) as told:
        running = Running(workers, executor, None, told)
        for n, values in running.side_by_side(_replicate, jobs, [made]):
            found[n] = values
            running.tell(len(found))
    rows = np.stack([found[n] for n in range(replicates)])
    return Channels(scenario, arm, tuple(map(_channel, names, rows.transpose(1, 2, 0))), replicates, seed)


def campaigns(scenario: Scenario, arm: str) -> tuple[str, ...]:
    """The campaigns of an arm at any time, in the order of the file."""
    plans = [plan.advertising for _, plan in scenario.periods(arm) if plan.advertising != "off"]
    return tuple(name for name in scenario.names("advertising") if any(name in own for own in plans))


def _varied(scenario: Scenario, arm: str, names: Sequence[str], factor: float) -> Scenario:
    """The arm as it is, and for each channel without it and with less of it."""
    wanted = [AS_IT_IS, *(f"{what}{k}" for what in ("without", "less") for k in range(len(names)))]
    made = replace(scenario.with_arms_between(arm, arm, dict.fromkeys(wanted, ())), scaled={})
    for each in wanted:
        made = made.with_advertising(each, factor) if factor != 1.0 else made
    for k, name in enumerate(names):
        made = made.with_advertising(f"without{k}", 0.0, name).with_advertising(f"less{k}", LESS, name)
    return made


def _replicate(scenario: Scenario, names: Sequence[str], seed: int, replicate: int) -> Array:
    """Of each channel `(channels, 7)`: spend, revenue and spend of the last hundredth, what it brings, what it gets."""
    data = counted(scenario, [run_replicate(scenario, seed, replicate, without_pools=False)]).isel(replicate=0)
    revenue = ((data["gross_sales"] - data["discounts"]).sum(["day", "place"]) / CENTS).to_series()
    cost = (data["advertising"].sum("day") / CENTS).to_pandas()
    world = start(scenario, AS_IT_IS, seed, replicate)
    credit = credited(logged(world), world.names.places, minor_units(scenario.currency))
    stands_for, found = scenario.base.customers.each_stands_for, []
    for k, name in enumerate(names):
        spend = cost.loc[AS_IT_IS, name]
        brings = [revenue[AS_IT_IS] - revenue[f"{other}{k}"] for other in ("without", "less")]
        gets = [stands_for * credit[rule][name] for rule in RULES]
        found.append([spend, *brings, spend - cost.loc[f"less{k}", name], *gets])
    return np.array(found, np.float64)


def credited(
    log: EventLog, places: Sequence[str], minor: int, look_back: int = LOOK_BACK
) -> dict[str, dict[str, float]]:
    """By rule of attribution, the revenue that each paid channel is credited with, in currency units.

    Args:
        log: of a world.
        places: names by code.
        minor: smallest units of money in one of the currency.
        look_back: days before an order whose contacts share in it, its own day included.
    """
    found = {rule: dict.fromkeys(places, 0.0) for rule in RULES}
    before: dict[int, list[Contact]] = {}
    for contact in log.contacts:
        before.setdefault(contact.customer, []).append(contact)
    for order in log.orders:
        path = [c for c in before.get(order.customer, ()) if is_on_path(c, order.day, look_back)]
        if not path:
            continue
        paid = order.paid / minor
        for rule, some in (("first_touch", path[:1]), ("last_touch", path[-1:]), ("linear", path)):
            for contact in some:
                if contact.route == PAID:
                    found[rule][places[contact.place]] += paid / len(some)
    return found


def is_on_path(contact: Contact, day: int, look_back: int = LOOK_BACK) -> bool:
    """Whether a contact came before an order of this day, and not too long before."""
    if contact.day == day:
        return contact.route not in AFTER_PURCHASING
    return day - look_back < contact.day < day


def _channel(name: str, values: Array) -> Channel:
    """From what was found of a channel, `(7, replicates)`."""
    spend, revenue, of_last, spent_last, *credits_ = values
    ratios = [_ratio(above, below) for above, below in ((revenue, spend), (of_last, spent_last))]
    told = [_ratio(credit, spend) for credit in credits_]
    return Channel(name, intervals.mean(spend), intervals.mean(revenue), *ratios, *told)


def _ratio(above: Array, below: Array) -> Interval:
    return intervals.ratio(above, below) if below.any() else UNKNOWN
