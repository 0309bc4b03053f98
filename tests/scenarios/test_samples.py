"""Every shipped scenario has the same expectations at three samples of its market, counter by counter."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.special import stdtr

from cases import read
from trafficsim.books.counters import COUNTERS
from trafficsim.engine.ensemble import run_replicates
from trafficsim.engine.settings import widths
from trafficsim.engine.world import names_of
from trafficsim.scenario import shipped

CUSTOMERS, COARSER, REPLICATES, DAYS = 3600, (1, 3, 6), (16, 48, 96), 60
NAMES = [*(c.name for c in COUNTERS), "member-days"]
FALSE_ALARMS = 0.01
"""In how many runs of all these tests one fails though nothing is wrong (Bonferroni; sums as if normal)."""

TOO_FEW = {("small", "perks"), ("small", "member-days")}
"""In `acquisition_cost`: a full pool of 1,000 people is two of the coarsest customers. A place that one of them leaves
is empty until another comes, for more days than a place of the market, so that the pool holds 8 % fewer. The scenario
says so."""


def sample(case, coarser):
    """A market of about 3,600 customers, or of a third or sixth of them who stand for three or six times as many."""
    people = case.plan(case.baseline).customers
    each = max(1, round(people.count * people.each_stands_for / CUSTOMERS))
    most = people.count * people.each_stands_for // (COARSER[-1] * each)
    changes = {"customers.count": most * COARSER[-1] // coarser, "customers.each_stands_for": each * coarser}
    return case.replace({**changes, "days": min(case.days, DAYS)})


def totals(case, replicates, seed):
    """What each arm counts over the run, of the market, shape `(replicates, arms, counters + 1)`."""
    each, found = case.plan(case.baseline).customers.each_stands_for, run_replicates(case, seed, range(replicates))
    ends = pairwise(np.cumsum([0, *widths(names_of(case), case.days)]))  # counters lie side by side
    rows = [np.stack([r.tallies[:, :, first:last].sum(axis=(1, 2)) for r in found]) for first, last in ends]
    counted = np.stack(rows, axis=2) * [c.times(each) for c in COUNTERS]
    members = np.stack([r.members.sum(axis=(1, 2)) for r in found]) * each
    return np.concatenate([counted, members[:, :, None]], axis=2).astype(float)


def chance(a, b):
    """How likely means differ as much or more by chance (Welch), `(arms, counters + 1)`; 1 where all are equal."""
    of_a, of_b = (np.var(x, axis=0, ddof=1) / len(x) for x in (a, b))
    error, gap = of_a + of_b, np.abs(a.mean(axis=0) - b.mean(axis=0))
    with np.errstate(divide="ignore", invalid="ignore"):
        df = error**2 / (of_a**2 / (len(a) - 1) + of_b**2 / (len(b) - 1))
        found = 2 * stdtr(df, -gap / np.sqrt(error))
    return np.where(error > 0, found, (gap == 0).astype(float))


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_market_has_the_same_expectations_at_any_sample(name):
    """A third and a sixth of the customers, each standing for so many more, count as much: people, cents, posts."""
    cases = [sample(read(name), coarser) for coarser in COARSER]
    finest, *others = [totals(c, n, seed) for seed, (c, n) in enumerate(zip(cases, REPLICATES, strict=True))]
    comparisons = len(shipped()) * len(others) * len(cases[0].arms) * len(NAMES)
    for other in others:
        unlikely = np.argwhere(chance(finest, other) < FALSE_ALARMS / comparisons)
        told = [(cases[0].arms[a], NAMES[c], finest[:, a, c].mean(), other[:, a, c].mean()) for a, c in unlikely]
        few = TOO_FEW if name == "acquisition_cost" else set()
        assert not few or any(
            "In 'ads and a small pool'" in note and "members" in note for note in cases[-1].warnings()
        )
        assert [each for each in told if each[:2] not in few] == []
