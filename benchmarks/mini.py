"""The mini model in words, its numbers, and trafficsim's way to run it.

Each customer has an own need rate (exponential, once in ten days on average), an own propensity to open posts
(exponential, mean 1), a fit (0.45 to 0.75, evenly), a taste for the hook (0 to 1, evenly), a fast memory of the brand
(salience, 0 at the start, half gone after ten days), trust (0.3 at the start) and about ten acquaintances in a small
world. A fifth are members of the pool from the start. On each day, for each customer:

1. **visits**: comes to the platform with a chance of 30 %; of those who come, a tenth meet the brand's post there,
   which closes 15 % of the gap of salience to 1.
2. **posts**: on every second day the pool posts; a member reads with a chance of 0.35 times the own propensity to open,
   which closes 35 % of the gap of salience to 1.
3. **hooks**: who met the post on the platform and is no member is asked to join, and does so if the own taste is below
   a logit of trust and fit.
4. **purchasing**: needs arise (Poisson). For each, the brand comes to mind with the chance that salience gives, and is
   chosen with a logit of fit and trust. An order sets salience to 1 and closes 8 % of the gap between trust and
   satisfaction, which is quality x (0.4 + 0.8 fit), at most 1.
5. **word of mouth**, once all have bought: each buyer of the day tells each acquaintance with a chance of
   0.15 x 2 x (satisfaction - 0.5), if that is positive, which closes half of the listener's gap of salience to 1.

Public posts, reading and telling close shares of one gap, so that their order on a day does not matter.
"""

import math
from pathlib import Path
from typing import NamedTuple, Protocol

from trafficsim.engine.world import World, gather, start
from trafficsim.population.ties import Ties
from trafficsim.scenario import Scenario, load

FILE = Path(__file__).with_name("mini.yaml")
ARM = "base"


class Numbers(NamedTuple):
    """The numbers of the mini model, read from its scenario, so that there is one source of them."""

    visit: float
    reach: float
    seen: float
    members_at_start: float
    open_rate: float
    read: float
    days_between_needs: float
    fit: float
    fit_spread: float
    quality: float
    daily_memory: float
    trust: float
    hook: float
    hook_per_trust: float
    hook_per_fit: float
    choice: float
    choice_per_trust: float
    choice_per_fit: float
    trust_step: float
    tell: float
    told: float

    def satisfaction(self, fit: float) -> float:
        """How good the product is to a customer of this fit."""
        return min(1.0, self.quality * (0.4 + 0.8 * fit))


class Outcome(NamedTuple):
    """What the engines must agree on, after the last day: a count each."""

    members: int
    orders: int
    told: int


class Model(Protocol):
    """An engine's mini model; built with all customers, then run."""

    def run(self, days: int) -> object:
        """Let so many days pass."""

    def outcome(self) -> Outcome:
        """What has happened so far."""


def scenario(customers: int, days: int = 365) -> Scenario:
    """The mini model as a scenario."""
    return load(FILE).replace({"customers.count": customers, "days": days})


def numbers() -> Numbers:
    """The numbers that the other engines use."""
    plan = load(FILE).plan(ARM)
    segment, memory = plan.customers.segments["everybody"], plan.customers.memory
    platform, pool = plan.places["platform"], plan.places["pool"]
    posts, hooks, purchasing, talk = plan.posts, plan.hooks, plan.purchasing, plan.word_of_mouth
    assert platform.kind == "public"
    assert pool.kind == "pool"
    assert posts != "off"
    assert hooks != "off"
    assert purchasing != "off"
    assert talk != "off"
    hook = hooks["card"]
    return Numbers(
        visit=-math.expm1(-platform.visits_per_week / 7.0),
        reach=posts["platform"].reach,
        seen=posts["platform"].salience_public,
        members_at_start=plan.customers.at_start.members["pool"],
        open_rate=pool.open_rate,
        read=posts["pool"].salience,
        days_between_needs=segment.days_between_needs,
        fit=segment.fit,
        fit_spread=segment.fit_spread,
        quality=plan.product.quality,
        daily_memory=0.5 ** (1.0 / memory.salience_half_life_days),
        trust=memory.trust_at_start,
        hook=hook.intercept + hook.strength + hook.per_clear,
        hook_per_trust=hook.per_trust,
        hook_per_fit=hook.per_fit,
        choice=purchasing.intercept,
        choice_per_trust=purchasing.per_trust,
        choice_per_fit=purchasing.per_fit,
        trust_step=purchasing.trust_step,
        tell=talk.tell,
        told=talk.salience,
    )


def acquaintances(customers: int, seed: int) -> Ties:
    """Who knows whom: the same kind of graph for all engines, built by trafficsim, which needs least time for it."""
    return gather(scenario(customers), seed).ties


def posts_today(day: int) -> bool:
    """Whether the pool posts: every second day, as 3.5 posts a week fall."""
    return day % 2 == 1


class MiniTrafficsim:
    """The mini model in trafficsim."""

    def __init__(self, customers: int, days: int, seed: int, threads: int = 1) -> None:
        self.world: World = start(scenario(customers, days), ARM, seed)
        self.threads = threads

    def run(self, days: int) -> None:
        """Let so many days pass."""
        self.world.run(self.world.day + days, self.threads)

    def outcome(self) -> Outcome:
        """What has happened so far."""
        orders, told = (int(self.world.counted(name).sum()) for name in ("orders", "told"))
        return Outcome(self.world.count_members(0), orders, told)
