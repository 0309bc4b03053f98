"""Values of information by regression against nested simulation, for docs/uncertainty.md.

What knowing a number is worth by regression on one sample (`study/hinging.py`) is compared with what it comes to when
each of its values is simulated in many worlds of all other numbers. All numbers of a scenario are uncertain throughout;
numbers compared are those at some ranks of influence, so that there are some with and some without.

    python docs/generate_information.py FOLDER [SCENARIO...]

Finished worlds are kept in FOLDER. Without scenarios all of them are run, and the table of the page is written.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import kendalltau, norm

from trafficsim.engine.running import Running
from trafficsim.files.whole import write_whole
from trafficsim.scenario import ScenarioError, load
from trafficsim.study import hinging
from trafficsim.study.evaluating import Asked, Design, run_design
from trafficsim.study.examine import sampled
from trafficsim.study.uncertain import Changes, Number
from trafficsim.study.worlds import Worlds, plausible_worlds

PAGE = Path(__file__).with_name("uncertainty.md")
BEGIN, END = "<!-- information: written by docs/generate_information.py -->", "<!-- end of information -->"
SCENARIOS = ("yonghui", "content_matrix")
"""Shipped ones with a contest: in about half of the worlds another arm earns most."""
CUSTOMERS = 1000
SAMPLES = (256, 2048)
"""Worlds of the regression: as many as `--uncertain` has unless asked otherwise, and many more."""
OUTER, INNER, FOLDS = 8, 128, 16
"""Values of a number, at the middles of equal shares of what is plausible; worlds of all other numbers at each; and
parts of these, each of which pays for what the others choose."""
RANKS = (1, 2, 4, 8, 16, 24, 32)
"""Of the numbers that are compared, by how much of the variance they explain in the smaller sample."""
REPLICATES, SEED = 1, 1
"""Worlds share their random numbers, those of both methods too, so that one replicate of more worlds tells more."""
ONE_SIDED = float(norm.ppf(0.95))
Array = NDArray[np.float64]
Row = tuple[str, list[float], float, float]
"""A number's path, its worth by regression on each sample, and by nested simulation with its standard error; a worth
that can't be told from chance (95 %) is 0."""


def profits(worlds: Worlds, points: Sequence[dict[str, object]], folder: Path) -> Array:
    """Profit of each arm at each point, `(points, arms, replicates)`; finished ones are kept."""
    design = Design(worlds.scenario, points, Asked(("profit",)), REPLICATES, SEED, worlds.how)
    folder.mkdir(parents=True, exist_ok=True)
    return np.stack([each.by_replicate[0] for each in run_design(design, Running(folder=folder))])


def regressed(worlds: Worlds, column: int, found: Array) -> list[float]:
    """What knowing a number is worth by regression, on each sample."""
    told = []
    for many in SAMPLES:
        scaled = worlds.numbers[column].scaled(worlds.values[:many, column])
        worth, chance = hinging.partial_information(found[:many].mean(axis=2), scaled, SEED)
        told.append(worth if worth > chance else 0.0)
    return told


def nested(worlds: Worlds, number: Number, folder: Path) -> tuple[float, float]:
    """What knowing a number is worth, simulated: each of its values in the same worlds of all other numbers."""
    column, changes = worlds.numbers.index(number), Changes(worlds.scenario, worlds.numbers)
    points = [[changes(_with(values, column, at)) for at in _middles(number)] for values in worlds.values[:INNER]]
    held = [row for row in points if all(_is_scenario(worlds, point) for point in row)]
    found = profits(worlds, [point for row in held for point in row], folder).mean(axis=2)
    of_each = found.reshape(len(held), OUTER, -1)
    parts = np.arange(len(held)) % FOLDS
    paid = [_paid(of_each[parts != out].mean(axis=0), of_each[parts == out].mean(axis=0)) for out in range(FOLDS)]
    worth, error = float(np.mean(paid)), float(np.std(paid, ddof=1) / np.sqrt(FOLDS))
    return (worth if worth > ONE_SIDED * error else 0.0), error


def _paid(choose: Array, pay: Array) -> float:
    """What choosing at each value pays over choosing once, from profits `(values, arms)` of two sets of worlds."""
    return float(pay[np.arange(OUTER), choose.argmax(axis=1)].mean() - pay[:, choose.mean(axis=0).argmax()].mean())


def _middles(number: Number) -> Array:
    return number.quantile((np.arange(OUTER) + 0.5) / OUTER)


def _with(values: Array, column: int, value: float) -> list[float]:
    changed = values.tolist()
    changed[column] = value
    return list(changed)


def _is_scenario(worlds: Worlds, point: dict[str, object]) -> bool:
    try:
        worlds.scenario.moved(worlds.how, point)
    except ScenarioError:
        return False
    return True


def rows(name: str, folder: Path) -> list[Row]:
    """The numbers of a scenario that are compared."""
    scenario = sampled(load(name), CUSTOMERS)
    sample, others = (plausible_worlds(scenario, max(SAMPLES), seed) for seed in (SEED, SEED + 1))
    found = profits(sample, sample.points, folder)
    lead = _lead(found[: SAMPLES[0]].mean(axis=2))
    scaled = [number.scaled(values) for number, values in zip(sample.numbers, sample.values.T, strict=True)]
    total = hinging.indices(lead, np.stack(scaled, axis=1)[: SAMPLES[0]], SEED).total
    order = sorted(range(len(sample.numbers)), key=lambda n: -total[n][0])
    told = []
    for column in (order[rank - 1] for rank in RANKS if rank <= len(order)):
        number = sample.numbers[column]
        worth, error = nested(others, others.numbers[column], folder)
        told.append((number.path, regressed(sample, column, found), worth, error))
        sys.stderr.write(f"{name} {told[-1]}\n")
    return told


def _lead(mean: Array) -> Array:
    """Of the arm that earns most on average over the next, `(worlds,)` from profits `(worlds, arms)`."""
    first, second = np.argsort(-mean.mean(axis=0))[:2]
    return np.asarray(mean[:, first] - mean[:, second])


def table(name: str, found: Sequence[Row]) -> str:
    """A scenario's part of the page."""
    taus = [kendalltau([row[1][n] for row in found], [row[2] for row in found]).statistic for n in range(len(SAMPLES))]
    told = " and ".join(f"{tau:.2f} on {many:,} worlds" for many, tau in zip(SAMPLES, taus, strict=True))
    heads = [f"regression on {many:,} worlds" for many in SAMPLES]
    lines = [
        f"`{name}`: Kendall's tau {told}.",
        "",
        f"| number | {' | '.join(heads)} | nested (standard error) |",
        f"| --- | {'--- | ' * len(heads)}--- |",
        *(
            f"| `{path}` | {' | '.join(f'{worth:,.0f}' for worth in worths)} | {simulated:,.0f} ({error:,.0f}) |"
            for path, worths, simulated, error in sorted(found, key=lambda row: (-row[2], -row[1][-1]))
        ),
    ]
    return "\n".join(lines)


def main() -> None:
    """Print the tables, or write all of them into the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("scenarios", nargs="*")
    given = parser.parse_args()
    told = "\n\n".join(table(name, rows(name, given.folder / name)) for name in given.scenarios or SCENARIOS)
    if given.scenarios:
        print(told)  # noqa: T201 - a program
        return
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    write_whole(PAGE, f"{before}{BEGIN}\n\n{told}\n\n{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main()
