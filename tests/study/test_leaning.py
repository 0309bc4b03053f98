"""What an answer leans on: each assumed number at both ends of its range, against the same replicates."""

from types import SimpleNamespace

import numpy as np
import pytest

from synthetic import zeros
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.scenario import load_text
from trafficsim.study import compare, lean
from trafficsim.study.leaning import _watched, planned
from trafficsim.study.robust import REPLICATES
from trafficsim.study.uncertain import numbers
from worlds import QUIET

STAFF = """
staff: {host: {count: 1, serves: desk, wage_per_day: 5}}
baseline: paid
arms: {paid: {staff: off}, private: {}}
sources:
  staff.host.wage_per_day: {assumed: true, range: [3, 9]}
"""


@pytest.fixture(scope="module")
def small():
    """A shop with few mechanisms, and so with few assumed numbers: each takes twelve replicates."""
    some = {"days": 20, "customers.count": 60, "customers.at_start.aware": 0.5}
    return load_text(QUIET.replace("purchasing: off\n", "") + STAFF, "small").replace(some)


def test_every_number_is_moved_to_both_ends_and_the_wage_moves_the_lead(small):
    result = compare(small, REPLICATES, 1)
    told = []
    leaning = lean(small, result, workers=1, done=told.append).about.leaning
    assert {number.path for number in leaning.numbers} == {number.path for number in numbers(small)}
    assert len(told) == planned(small)
    best, other = result.headline_pair()
    assert leaning.best == best
    for arm, lead in leaning.leads.items():
        assert lead == pytest.approx(result.difference("profit", best, arm).amount.middle)
    assert next(iter(leaning.leads)) == other
    wage = next(number for number in leaning.numbers if number.path.endswith("wage_per_day"))
    ends = [end.leads[other][0] for end in wage.ends]
    assert ends[0] != ends[1]
    assert result.about.leaning is None


def test_too_few_replicates_or_arms_are_refused(small):
    with pytest.raises(ValueError, match="takes 6 replicates or more"):
        lean(small, compare(small, 2, 1))


def verdicts(**leads):
    return tuple(SimpleNamespace(name=arm, measured=Interval(lead, lead - 1, lead + 1)) for arm, lead in leads.items())


def test_every_arm_that_could_win_is_watched():
    """`close` can't be told from the best, `risen` gets ahead at an end, `behind` never does."""
    data = zeros(("best", "other", "close", "risen", "behind"), replicates=8, days=1)
    luck = np.array([-3, -2, -1, 0, 0, 1, 2, 3])
    for arm, profit in (("best", 100), ("other", 90), ("close", 99 + luck), ("risen", 60), ("behind", 50)):
        data["gross_sales"].loc[{"arm": arm, "place": "dining_room", "day": 0}] = 100 * np.asarray(profit)
    trials = [
        SimpleNamespace(verdicts=verdicts(other=9, close=1, risen=5, behind=30)),
        SimpleNamespace(verdicts=verdicts(other=8, close=2, risen=-2, behind=20)),
    ]
    assert _watched(Result(data), ("best", "other"), trials) == ["other", "close", "risen"]
