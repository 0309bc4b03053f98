"""What an answer leans on: each assumed number at both ends of its range, against the same replicates."""

import pytest

from trafficsim.scenario import load
from trafficsim.study import compare, lean
from trafficsim.study.leaning import planned
from trafficsim.study.robust import REPLICATES, numbers


@pytest.fixture(scope="module")
def small():
    return load("dearer_ads").replace(
        {
            "customers.count": 60,
            "customers.each_stands_for": 330,
            "customers.ties.kind": "mixed",
            "days": 20,
            "equal_budget": [],
        }
    )


def test_every_number_is_moved_to_both_ends_and_the_wage_moves_the_lead(small):
    result = compare(small, REPLICATES, 1)
    told = []
    leaning = lean(small, result, workers=1, done=told.append).about("leaning")
    assert {number["path"] for number in leaning["numbers"]} == {number.path for number in numbers(small)}
    assert len(told) == planned(small)
    lead = result.difference("profit", *result.headline_pair()).amount.middle
    assert leaning["lead"] == pytest.approx(lead)
    wage = next(number for number in leaning["numbers"] if number["path"].endswith("wage_per_day"))
    ends = [end["lead"][0] for end in wage["ends"]]
    assert ends[0] != ends[1]
    assert result.about("leaning") is None


def test_too_few_replicates_or_arms_are_refused(small):
    with pytest.raises(ValueError, match="takes 6 replicates or more"):
        lean(small, compare(small, 2, 1))
