"""Who first heard of the brand on which day, and from whom: a small world watched day by day."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.routes import INVITED, TOLD
from trafficsim.engine.world import World, start
from trafficsim.kernel.columns import BEFORE_START, NEVER
from trafficsim.population.ties import Ties
from trafficsim.scenario import Scenario
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

MOST_CUSTOMERS = 500
"""More can't be told apart as points of a picture."""


@dataclass(frozen=True)
class Spread:
    """How a world came to know the brand.

    All of shape `(customers,)`. `heard_on`: the day of the first contact, -1 for never, -2 for before the start.
    `by_talk`: whether that contact was an acquaintance who told or invited. `told_on` and `told_by`: when and by whom a
    customer was first told or invited, -1 for never. `days` is how many have passed.
    """

    heard_on: NDArray[np.int64]
    by_talk: NDArray[np.bool_]
    told_on: NDArray[np.int64]
    told_by: NDArray[np.int64]
    ties: Ties
    days: int

    def known(self, day: int) -> int:
        """How many know the brand at the end of a day."""
        return int(np.count_nonzero(self.by(day)))

    def by(self, day: int) -> NDArray[np.bool_]:
        """Who knows the brand at the end of a day."""
        return np.asarray((self.heard_on != NEVER) & (self.heard_on <= day))


def watch(
    scenario: Scenario, arm: str, days: int | None = None, seed: int = DEFAULT_SEED, replicate: int = 0
) -> Spread:
    """Let one arm's world live for some days, all by default, and note who hears from whom first.

    Raises:
        KeyError: if there is no such arm.
        ValueError: if there are more than 500 customers, or no such number of days.
    """
    count = scenario.plan(scenario.baseline).customers.count
    asked.one_of("arm", arm, scenario.arms)
    if count > MOST_CUSTOMERS:
        raise ValueError(
            f"{count:,} customers can't be told apart as points; take {MOST_CUSTOMERS} or fewer: "
            f'scenario.replace({{"customers.count": {MOST_CUSTOMERS}}})'
        )
    until = scenario.days if days is None else days
    if not 1 <= until <= scenario.days:
        raise ValueError(f"no run of {until} days; the scenario has {scenario.days}")
    return _watched(start(scenario, arm, seed, replicate), until)


def _watched(world: World, until: int) -> Spread:
    story = world.columns.story
    told_on, told_by = np.full((2, world.customers), -1, np.int64)
    while world.day < until:
        today = world.day
        world.run(until=today + 1)
        first = (story.told_on == today) & (told_on == -1)  # later tellers take the first one's place in the columns
        told_on[first], told_by[first] = today, story.told_by[first]
    by_talk = (story.aware_on >= 0) & np.isin(story.route, (TOLD, INVITED))
    return Spread(story.aware_on.astype(np.int64), by_talk, told_on, told_by, world.ties, world.day)


__all__ = ["BEFORE_START", "MOST_CUSTOMERS", "NEVER", "Spread", "watch"]
