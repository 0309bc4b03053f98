"""What an answer is worth over all that is assumed: found in many plausible worlds, told by the report."""

from dataclasses import dataclass

Limits = tuple[float, float, float]
"""Middle, lower and upper limit of an interval."""
Ends = tuple[float | None, float | None]
"""Lower and upper limit, None where there is none within reach."""
CONFIDENCE = 0.9
"""Of all these intervals."""


@dataclass(frozen=True)
class OfArm:
    """An arm over the worlds: in what share of them it earns most, its profit (mean and 90 % of worlds), its regret.

    The regret is by how much it falls behind the best arm of each world, on average, `most_regret` at most; `least` and
    `most` are its profit in its worst and its best world; all in currency units.
    """

    arm: str
    best: float
    profit: Limits
    regret: float
    least: float
    most: float
    most_regret: float


@dataclass(frozen=True)
class Lead:
    """How far `best` leads another arm in contribution profit, in currency units.

    `worlds` holds the mean over worlds and the interval in which 90 % of worlds lie, assumptions and random variation
    together; `as_assumed` that of the scenario as it stands, random variation alone (None where that was not run).
    `ahead` is the share of worlds in which it leads, `least` and `most` the lead in the worst and the best world.
    """

    over: str
    worlds: Limits
    as_assumed: Limits | None
    ahead: float
    least: float
    most: float


@dataclass(frozen=True)
class Hinge:
    """An uncertain number, and what the lead over the other arm hinges on it.

    `first` is the share of the variance between worlds that the number explains alone (a Sobol index), `total` that
    together with all other numbers, each with an interval that includes the emulator's error. `ends` are the values at
    which 5 and 95 % of what is plausible lie, `leads` the mean lead at each. `worth` is what knowing the number exactly
    before choosing would be worth on average (EVPPI), in currency units; `chance` how much that would come to by chance
    for a number without influence, at most in 95 % of cases.
    """

    path: str
    value: float
    range: tuple[float, float]
    first: Limits
    total: Limits
    ends: tuple[float, float]
    leads: tuple[float, float]
    worth: float
    chance: float

    @property
    def told_worth(self) -> float:
        """What knowing it is worth; 0 where that can't be told from chance."""
        return self.worth if self.worth > self.chance else 0.0


@dataclass(frozen=True)
class Odds:
    """For which odds the choice holds: `arm` earns more in this `share` of worlds, and on average from `needed` on.

    Both are shares, 0 to 1, of what is believed; among worlds in which it earns more, and among the others, all are
    weighed alike.
    """

    arm: str
    share: float
    needed: float


@dataclass(frozen=True)
class Belief:
    """For which beliefs about a number the choice holds.

    `mean` is that of the worlds as drawn. At the mean `tips` and beyond, `arm` earns most on average, with weights of
    the worlds that count as `effective` equal ones; None, "" and 0 where no arm does within `reach`, the means for
    which enough worlds count. `between` is the 90 % interval of `tips` over chance among the worlds; an end is None
    where the choice may not turn within reach at all.
    """

    path: str
    mean: float
    reach: tuple[float, float]
    tips: float | None
    arm: str
    effective: float
    between: Ends = (None, None)


@dataclass(frozen=True)
class Condition:
    """That a number lies above a limit, or at most there."""

    path: str
    above: bool
    limit: float


@dataclass(frozen=True)
class Rule:
    """Where the answer turns: conditions that hold together, and what they were worth in worlds not used to find them.

    `density` is the share of the worlds under the rule in which the answer turns, `coverage` the share of the worlds in
    which it turns that are under the rule, `worlds` how many were under it.
    """

    conditions: tuple[Condition, ...]
    density: float
    coverage: float
    worlds: int


@dataclass(frozen=True)
class Uncertain:
    """The answer over plausible worlds: arm `best` against `other`, the nearest.

    `luck` is the share of random variation in the variance of one run's lead, the rest being assumptions. `evpi` is
    what knowing everything before choosing would be worth on average, in currency units. `fit` is the share of the
    variance between worlds that the emulator foretells in worlds that it has not seen. Of `impossible` worlds, drawn
    besides, `because` tells what can't be together; in `failed` worlds arms could not be made to spend the same.
    `stands_for` is how many people each simulated customer stood for. `odds` (None where no arm earns more than
    `choice` in any world) and `beliefs`, about the numbers worth most to know, tell for whom `choice` holds.
    """

    best: str
    other: str
    worlds: int
    replicates: int
    seed: int
    stands_for: int
    arms: tuple[OfArm, ...]
    leads: tuple[Lead, ...]
    luck: float
    evpi: float
    fit: float
    hinges: tuple[Hinge, ...]
    rules: tuple[Rule, ...]
    odds: Odds | None = None
    beliefs: tuple[Belief, ...] = ()
    impossible: int = 0
    because: str = ""
    failed: int = 0

    @property
    def lead(self) -> Lead:
        """The lead over `other`."""
        return next(lead for lead in self.leads if lead.over == self.other)

    @property
    def turned(self) -> float:
        """The share of worlds in which another arm than `best` earns most."""
        return 1.0 - next(arm.best for arm in self.arms if arm.arm == self.best)

    @property
    def choice(self) -> OfArm:
        """The arm that earns most on average over the worlds, and so has the least regret."""
        return min(self.arms, key=lambda arm: arm.regret)

    @property
    def by_worth(self) -> list[Hinge]:
        """The numbers, that first whose value is worth most to know, then by how much they explain in all."""
        return sorted(self.hinges, key=lambda hinge: (-hinge.told_worth, -hinge.total[0]))

    @property
    def measure_first(self) -> Hinge | None:
        """The number whose value is worth most to know; None if no worth can be told from chance."""
        return next((hinge for hinge in self.by_worth if hinge.told_worth), None)
