"""Values of information against nested simulation: `python docs/check_information.py` prints the tables of a page.

What knowing a number is worth by regression on one sample (`study/hinging.py`) is compared with what it comes to when
each of its values is simulated over many worlds of all other numbers: two scenarios, few customers, those numbers that
matter most.
"""

import sys
from collections.abc import Sequence

import numpy as np
from scipy.stats import kendalltau

from trafficsim.results.uncertain import Uncertain
from trafficsim.scenario import load
from trafficsim.study.evaluating import Asked, Design, run_design
from trafficsim.study.examine import sampled
from trafficsim.study.uncertain import Changes, Number
from trafficsim.study.weighing import sensitivity
from trafficsim.study.worlds import Worlds, plausible_worlds

SCENARIOS = ("dearer_ads", "screening")
CUSTOMERS = 1000
WORLDS = 256
OUTER, INNER = 12, 64
"""Values of a number, at the middles of equal shares of what is plausible; and worlds of all others at each."""
NUMBERS = 8
SEED = 1
Row = tuple[str, float, float, float]


def nested(worlds: Worlds, number: Number) -> float:
    """What knowing a number is worth, simulated: each of its values in the same worlds of all other numbers."""
    column, drawn = worlds.numbers.index(number), np.repeat(worlds.values[np.newaxis, :INNER], OUTER, axis=0)
    drawn[:, :, column] = number.quantile((np.arange(OUTER) + 0.5) / OUTER)[:, None]
    changes = Changes(worlds.scenario, worlds.numbers)
    points = [changes(values) for values in drawn.reshape(-1, drawn.shape[-1])]
    found = run_design(Design(worlds.scenario, points, Asked(("profit",)), 1, SEED, worlds.how))
    profits = np.stack([each.metrics[0, :, 0] for each in found]).reshape(OUTER, INNER, -1).mean(axis=1)
    return float(np.nanmean(profits.max(axis=1)) - np.nanmax(profits.mean(axis=0)))


def rows(name: str) -> tuple[list[Row], Uncertain]:
    """By number: its path, its worth by regression, by chance, and by nested simulation."""
    found = sensitivity(name, WORLDS, 2, SEED, customers=CUSTOMERS)
    worlds = plausible_worlds(sampled(load(name), CUSTOMERS), WORLDS, SEED)
    known = {number.path: number for number in worlds.numbers}
    most = sorted(found.found.hinges, key=lambda hinge: -hinge.total[0])[:NUMBERS]
    return [(hinge.path, hinge.worth, hinge.chance, nested(worlds, known[hinge.path])) for hinge in most], found.found


def say(line: str) -> None:
    """A line of the page."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(names: Sequence[str]) -> None:
    """Print a table for each scenario."""
    for name in names:
        table, found = rows(name)
        tau = kendalltau([row[1] for row in table], [row[3] for row in table]).statistic
        say(f"\n**{name}** ({found.best} against {found.other}; EVPI {found.evpi:,.0f}; Kendall's tau {tau:.2f})\n")
        say("| number | regression | chance (95 %) | nested |\n| --- | --- | --- | --- |")
        for path, worth, chance, simulated in table:
            say(f"| `{path}` | {worth:,.0f} | {chance:,.0f} | {simulated:,.0f} |")


if __name__ == "__main__":
    main(sys.argv[1:] or SCENARIOS)
