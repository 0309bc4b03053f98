"""Values of information by regression against nested simulation, for docs/uncertainty.md.

What knowing a number is worth by regression on one sample (`study/hinging.py`) is compared with what it comes to when
each of its values is simulated in many worlds of all other numbers. All numbers of a scenario are uncertain throughout;
numbers compared are those at some ranks of influence, so that there are some with and some without.

    python docs/generate_information.py FOLDER [SCENARIO...]

Finished worlds are kept in FOLDER. Without scenarios all of them are run, and the table of the page is written.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

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
SCENARIOS = ("capture", "television")
"""Shipped ones with a contest: in some worlds another arm earns most, and it costs much not to know in which."""
CUSTOMERS = 1000
SAMPLES = (256, 2048)
"""Worlds of the regression: as many as `--uncertain` has unless asked otherwise, and many more."""
OUTER, INNER, BLOCKS = 16, 128, 16
"""Values of a number, at the middles of equal shares of what is plausible (eight miss a choice that turns in the last
sixteenth alone); worlds of all other numbers at each; and blocks of these, which are left out in turn to tell the
error."""
RANKS = (1, 2, 4, 8, 16, 24, 32)
"""Of the numbers that are compared, by how much of the variance they explain in the smaller sample."""
REPLICATES, SEED = 1, 1
"""Worlds share their random numbers, those of both methods too, so that one replicate of more worlds tells more."""
ONE_SIDED = float(norm.ppf(0.95))
Array = NDArray[np.float64]
Worth = tuple[float, float]
"""What knowing a number is worth, and how much that would come to by chance, at most in 95 % of cases."""


class Row(NamedTuple):
    """A number's path, its worth by regression on each sample, and by nested simulation."""

    path: str
    regressed: list[Worth]
    nested: Worth


def profits(worlds: Worlds, points: Sequence[dict[str, object]], folder: Path) -> Array:
    """Profit of each arm at each point, `(points, arms, replicates)`; finished ones are kept."""
    design = Design(worlds.scenario, points, Asked(("profit",)), REPLICATES, SEED, worlds.how)
    folder.mkdir(parents=True, exist_ok=True)
    return np.stack([each.by_replicate[0] for each in run_design(design, Running(folder=folder))])


def regressed(worlds: Worlds, column: int, found: Array) -> list[Worth]:
    """What knowing a number is worth by regression, on each sample."""
    scaled = worlds.numbers[column].scaled(worlds.values[:, column])
    return [hinging.partial_information(found[:many].mean(axis=2), scaled[:many], SEED) for many in SAMPLES]


def nested(worlds: Worlds, number: Number, folder: Path) -> Worth:
    """What knowing a number is worth, simulated: each of its values in the same worlds of all other numbers."""
    column, changes = worlds.numbers.index(number), Changes(worlds.scenario, worlds.numbers)
    points = [[changes(_with(values, column, at)) for at in _middles(number)] for values in worlds.values[:INNER]]
    held = [row for row in points if all(_is_scenario(worlds, point) for point in row)]
    found = profits(worlds, [point for row in held for point in row], folder).mean(axis=2)
    of_each, block = found.reshape(len(held), OUTER, -1), np.arange(len(held)) % BLOCKS
    without = [_worth(of_each[block != out]) for out in range(BLOCKS)]
    error = np.sqrt((BLOCKS - 1) * np.var(without))  # the jackknife's (Tukey 1958)
    return _worth(of_each), ONE_SIDED * float(error)


def _worth(found: Array) -> float:
    """The best arm's profit at each value less that of the best over all values, from `(worlds, values, arms)`."""
    mean = found.mean(axis=0)
    return float(mean.max(axis=1).mean() - mean.mean(axis=0).max())


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
        simulated = nested(others, others.numbers[column], folder)
        told.append(Row(number.path, regressed(sample, column, found), simulated))
        sys.stderr.write(f"{name} {told[-1]}\n")
    return told


def _lead(mean: Array) -> Array:
    """Of the arm that earns most on average over the next, `(worlds,)` from profits `(worlds, arms)`."""
    first, second = np.argsort(-mean.mean(axis=0))[:2]
    return np.asarray(mean[:, first] - mean[:, second])


def table(name: str, found: Sequence[Row]) -> str:
    """A scenario's part of the page."""
    taus = [
        f"{_tau(found, n, _told):.2f} on {many:,} worlds ({_tau(found, n, _estimate):.2f} by the estimates alone)"
        for n, many in enumerate(SAMPLES)
    ]
    heads = [*(f"regression on {many:,} worlds" for many in SAMPLES), "nested"]
    ordered = sorted(found, key=lambda row: (-row.nested[0], -row.regressed[-1][0]))
    lines = [
        f"`{name}`: Kendall's tau {', '.join(taus)}.",
        "",
        f"| number | {' | '.join(heads)} |",
        f"| --- | {' | '.join('---' for _ in heads)} |",
        *(f"| `{row.path}` | {' | '.join(_cell(each) for each in (*row.regressed, row.nested))} |" for row in ordered),
    ]
    return "\n".join(lines)


def _tau(found: Sequence[Row], sample: int, of: Callable[[Worth], float]) -> float:
    return float(kendalltau([of(row.regressed[sample]) for row in found], [of(row.nested) for row in found]).statistic)


def _told(worth: Worth) -> float:
    """A worth, or 0 where it can't be told from chance."""
    return worth[0] if worth[0] > worth[1] else 0.0


def _estimate(worth: Worth) -> float:
    return worth[0]


def _cell(worth: Worth) -> str:
    shown = f"{round(worth[0]) + 0:,}"  # never "-0"
    return shown if _told(worth) else f"({shown})"


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
