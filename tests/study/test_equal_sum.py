"""A sum that arms are to spend: all of them are scaled to it, and it is a part of the scenario."""

import pytest

from comparisons import SHOP
from trafficsim import compare
from trafficsim.report import answer
from trafficsim.scenario import ScenarioError, load_text
from trafficsim.study.equal_money import CLOSE, CannotEqualiseError

SMALL = SHOP.replace("days: 60", "days: 30").replace("count: 2000", "count: 400")
EQUAL = "arms:\n  ads: {hooks: off, posts: off, staff: off, places: {club: off}}\n  both: {}\nbaseline: ads\n"
CASE = SMALL[: SMALL.index("baseline:")] + EQUAL


def case(extra):
    return load_text(CASE + extra, "shop")


def test_both_arms_spend_the_sum_and_are_compared_for_it():
    free = compare(case(""), 2)
    spend = {arm: free.estimate("spend", arm).interval().middle for arm in free.arms}
    asked = round(1.5 * max(spend.values()))
    result = compare(case("equal_budget: [ads, both]\n").replace({"equal_sum": asked}), 4)
    assert set(result.about.equal_budget.factors) == {"ads", "both"}
    pilots = {arm: cents / 100 for arm, cents in result.about.equal_budget.spend.items()}
    assert pilots == {arm: pytest.approx(asked, rel=CLOSE) for arm in pilots}
    assert "for the same money" in answer(result)[0].casefold()


def test_it_is_written_and_read_again_and_makes_another_scenario():
    given = case("equal_budget: [ads, both]\nequal_sum: 3000\n")
    assert (given.equal_sum, load_text(given.text, "shop").equal_sum) == (3000, 3000)
    assert given.digest != case("equal_budget: [ads, both]\n").digest


@pytest.mark.parametrize(
    ("extra", "says"),
    [("equal_sum: 3000\n", "of which arms"), ("equal_budget: [ads, both]\nequal_sum: 0\n", "must be > 0 (got 0)")],
)
def test_a_sum_of_nobody_or_of_nothing_is_refused(extra, says):
    with pytest.raises(ScenarioError) as error:
        case(extra)
    assert says in str(error.value)


def test_a_sum_below_what_an_arm_costs_anyway_is_told():
    with pytest.raises(CannotEqualiseError, match="arm 'both' can't spend CNY 1: even without advertising it spends"):
        compare(case("equal_budget: [both, ads]\nequal_sum: 1\n"), 1)
