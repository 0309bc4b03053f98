"""Plausible worlds of a file: rows with weights, as `calibrate` writes them and a scenario names them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.data.cells import number
from trafficsim.data.errors import DataError
from trafficsim.data.tables import rows_of
from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.errors import Where
from trafficsim.study.matching import resampled
from trafficsim.study.uncertain import Number

Array = NDArray[np.float64]
WEIGHT = "weight"
"""The head of the first column."""
FINE = 1025
"""Shares at which quantiles are looked up to find which share a value is."""


@dataclass(frozen=True)
class Plausible:
    """Rows of a file: `at` are the places of its numbers among those of the scenario, `values` a row each."""

    at: NDArray[np.int64]
    weights: Array
    values: Array

    def laid_over(self, values: Array, rng: np.random.Generator) -> Array:
        """Worlds, `(worlds, numbers)`, with the numbers of the file from its rows, drawn by their weights."""
        chosen = rng.permutation(resampled(self.weights, len(values), rng))
        laid = values.copy()
        laid[:, self.at] = self.values[chosen]
        return laid


def read_plausible(scenario: Scenario, drawn: Sequence[Number]) -> Plausible | None:
    """The rows of the scenario's file of plausible worlds; None if it names none.

    Raises:
        ScenarioError: for a file that is no such table, or is about numbers that aren't uncertain here. What stands in
            it is not repeated.
    """
    if scenario.plausible_file is None:
        return None
    name = scenario.plausible_file.name
    try:
        heads, *rows = rows_of(scenario.plausible_file, name)
    except DataError as error:
        fault = error.faults[0]
        raise _wrong(name, fault.row, 0, fault.says) from None
    if not rows or str(heads.cells[0]).strip() != WEIGHT:
        raise _wrong(name, heads.number, 1, f"the first column must be {WEIGHT}, with a row for each world below")
    paths, places = {path: k for k, n in enumerate(drawn) for path in (n.path, *n.paths)}, []
    for column, head in enumerate(heads.cells[1:], 2):
        if head not in paths:
            raise _wrong(name, heads.number, column, "no uncertain number of this scenario")
        places.append(paths[head])
    table = np.array([[_value(name, row.number, k, row.cells) for k in range(len(heads.cells))] for row in rows])
    if (table[:, 0] < 0).any() or not table[:, 0].sum() > 0:
        raise _wrong(name, heads.number, 1, "weights must be 0 or more, and not all 0")
    return Plausible(np.array(places, np.int64), table[:, 0] / table[:, 0].sum(), table[:, 1:])


def shares_of(drawn: Sequence[Number], values: Array) -> Array:
    """Which share of what is plausible lies below values, of the same shape `(worlds, numbers)`."""
    shares = np.linspace(0.0, 1.0, FINE)
    found = [np.interp(of, n.quantile(shares), shares) for n, of in zip(drawn, values.T, strict=True)]
    return np.stack(found, axis=1)


def _value(name: str, row: int, column: int, cells: Sequence[object]) -> float:
    value = number(cells[column]) if column < len(cells) else None
    if value is None or np.isnan(value):
        raise _wrong(name, row, column + 1, "must be a number")
    return value


def _wrong(name: str, row: int, column: int, says: str) -> ScenarioError:
    return ScenarioError([Mistake(Where(name, row, column), "plausible", says)])
