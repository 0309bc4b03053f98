"""Plausible worlds: all uncertain numbers drawn at once, evenly over what is plausible."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.stats import qmc

from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.moving import Moving
from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.study.plausible import read_plausible, shares_of
from trafficsim.study.uncertain import Changes, Number, copula, numbers
from trafficsim.words import asked

LEAST = 16
"""Fewer worlds say nothing about 20 numbers or more (assumed)."""
TRIES = 2
"""So many times as many worlds are drawn, at most, as are asked for: some ranges hold what can't be together."""
PROBED = (0.37, 0.63, 0.21, 0.79)
"""Where all numbers are moved to for a first time, as shares of what is plausible: to values that they don't have."""
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Worlds:
    """Worlds drawn from what is plausible about a scenario.

    `values` holds those of `numbers` in each world, shape `(worlds, numbers)`, and `shares` which quantile each is, 0
    to 1. `points` are the same as `Scenario.replace` takes them, `how` what `Scenario.moved` takes beside them.
    `impossible` worlds were drawn besides, and left out since no scenario has such numbers together; `because` tells
    why, of one of them.
    """

    scenario: Scenario
    numbers: tuple[Number, ...]
    values: Array
    shares: Array
    points: tuple[dict[str, Any], ...]
    how: Moving | None
    impossible: int = 0
    because: str = ""

    def __len__(self) -> int:
        return len(self.points)

    def scenario_of(self, world: int) -> Scenario:
        """The scenario of a world, by its number, with texts and sources that go with it."""
        return self.scenario.replace(self.points[world])


def plausible_worlds(scenario: Scenario, many: int, seed: int, decided: Collection[str] = ()) -> Worlds:
    """Draw worlds by a scrambled Sobol sequence (Sobol' 1967, Owen 1998); the same for the same seed.

    Numbers of the scenario's file of plausible worlds, if it names one, come from its rows, drawn by their weights.

    Args:
        scenario: with uncertain numbers (see `uncertain.numbers`).
        many: how many worlds, a power of two.
        seed: of the sequence's scrambling.
        decided: paths of settings that are no unknowns here, whatever their range.

    Raises:
        ValueError: for a number of worlds that can't be, or ranges that hardly ever go together.
        ScenarioError: for correlations that can't be.
    """
    many, drawn, together = to_draw(scenario, many, decided)
    changes = Changes(scenario, drawn)
    how = how_to_move(scenario, changes)
    sequence = qmc.Sobol(d=len(drawn), seed=np.random.default_rng(seed))
    rows, rng = read_plausible(scenario, drawn), np.random.default_rng([seed, 1])
    kept: list[tuple[Array, Array, dict[str, Any]]] = []
    impossible, because, wanted = 0, "", many
    while wanted and impossible < TRIES * many:
        some = going_together(sequence.random(wanted), together)
        of = np.stack([number.quantile(share) for number, share in zip(drawn, some.T, strict=True)], axis=1)
        if rows is not None:
            of = rows.laid_over(of, rng)
            some = shares_of(drawn, of)
        for shares, values in zip(some, of, strict=True):
            point = changes(values.tolist())
            try:
                scenario.moved(how, point)
            except ScenarioError as error:
                first = error.mistakes[0]  # told without its place: a world stands in no file
                impossible, because = impossible + 1, f"{first.path}: {first.says}"
            else:
                kept.append((values, shares, point))
        wanted = many - len(kept)
    if wanted:
        raise ValueError(f"the ranges hardly ever go together; in {impossible:,} worlds they don't: {because}")
    values, shares, points = zip(*kept, strict=True)
    return Worlds(scenario, tuple(drawn), np.array(values), np.array(shares), points, how, impossible, because)


def to_draw(scenario: Scenario, many: int, decided: Collection[str] = ()) -> tuple[int, list[Number], Array | None]:
    """How many worlds, of which numbers but those `decided`, and their normal correlations if there are any.

    Raises:
        ValueError: for a number of worlds that can't be, or no uncertain numbers.
        ScenarioError: for correlations that can't be.
    """
    many, drawn = _power_of_two(many), [n for n in numbers(scenario) if n.path not in decided]
    if too_many := sweep_beyond_memory(many, 1):
        raise ValueError(f"uncertain: {too_many}")
    if not drawn:
        raise ValueError("no number of this scenario is uncertain: give plausible ranges under sources")
    return many, drawn, copula(drawn)


def _power_of_two(many: int) -> int:
    many = asked.whole("uncertain", many, LEAST)
    if many & (many - 1):
        below = 1 << (many.bit_length() - 1)
        raise ValueError(
            f"uncertain must be a power of two, which cover what is plausible evenly: {below:,} or {2 * below:,} (got "
            f"{many:,})"
        )
    return many


def how_to_move(scenario: Scenario, changes: Changes) -> Moving | None:
    """What `Scenario.moved` takes, for all numbers together; None where the file has to be read for each world."""
    for first in range(len(PROBED)):
        shares = np.array([*PROBED[first:], *PROBED[:first]])
        others = [[value for value in n.quantile(shares) if value != n.value] or [n.value] for n in changes.numbers]
        try:
            return scenario.moving(changes(float(values[0]) for values in others))
        except ScenarioError:  # what can't be together there
            continue
    return None


def going_together(shares: Array, normal: Array | None) -> Array:
    """Shares, uniform each, that go together as a normal copula of these correlations has them."""
    if normal is None:
        return shares
    inside = np.clip(shares, np.finfo(float).eps, 1.0 - np.finfo(float).eps)
    return np.asarray(stats.norm.cdf(stats.norm.ppf(inside) @ np.linalg.cholesky(normal).T))
