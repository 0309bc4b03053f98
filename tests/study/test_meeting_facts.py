"""Bringing a small shop near what was observed in it."""

from pathlib import Path

import pytest

import trafficsim as ts
from answers import conforming
from trafficsim.report.fact_words import facts_answer
from trafficsim.scenario import ScenarioError, load_text

SHOP = (Path(__file__).parents[1] / "data" / "cases" / "small_shop.yaml").read_text(encoding="utf-8")
SOURCES = """sources:
  places.feed.visits_per_week: {assumed: true, range: [0.5, 10]}
  places.shop.visits_per_week: {assumed: true, range: [0.02, 0.3]}
  hooks.gift.worth: {assumed: true, range: [1, 30]}
"""
JOINED = "{metric: joined.club, arm: private, day: 59, between: [%s]}"


def shop(observed, limits, more=""):
    fact = f"  came: {{says: So many came, source: the shop, observed: {observed}, expect: {JOINED % limits}}}\n"
    return load_text(f"{SHOP}facts:\n{fact}{more}{SOURCES}", "shop")


@pytest.fixture(scope="module")
def found():
    """One fact that can be met, and one that no value reaches."""
    much = "{metric: orders, arm: private, day: 59, at_least: 900000}"
    more = f"  sold: {{says: So much was sold, source: the shop, observed: 1000000, expect: {much}}}\n"
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("trafficsim.study.meeting_facts.design_size", lambda _: 16)
        patched.setattr("trafficsim.study.meeting_facts.LAST", 4)
        patched.setattr("trafficsim.study.meeting_facts.JUDGED", 8)
        return ts.meet_facts(shop(160, "140, 180", more), waves=1)


def test_a_fact_is_met_by_moving_what_matters_to_it(found):
    assert [each.status for each in found.before] == ["contradicted", "contradicted"]
    assert [each.status for each in found.after] == ["holds", "contradicted"]
    assert found.moved.keys() <= {f"{p}.visits_per_week" for p in ("places.feed", "places.shop")} | {"hooks.gift.worth"}
    again = load_text(found.text, "again")
    there = found.scenario.replace(found.moved)
    assert [again.plan(arm) for arm in again.arms] == [there.plan(arm) for arm in there.arms]
    assert {p.source for p in again.provenance() if p.path in found.moved} == {"fitted to the facts of this file"}


def test_a_fact_that_no_value_reaches_is_told_with_how_far_it_went(found):
    low, high = found.reached["sold"]
    assert low < high < 900_000
    told = facts_answer(found, "en")
    assert told[0] == "Checked against what was observed: 1 of 2 facts are met, 1 missed."
    assert told[1].startswith("sold: within the ranges it went from ")
    assert facts_answer(found, "zh")[1].startswith("sold：在给定范围内从")


@pytest.fixture
def _few_points(monkeypatch):
    monkeypatch.setattr("trafficsim.study.meeting_facts.design_size", lambda _: 8)
    monkeypatch.setattr("trafficsim.study.meeting_facts.LAST", 2)
    monkeypatch.setattr("trafficsim.study.meeting_facts.JUDGED", 4)


@pytest.mark.usefixtures("_few_points")
def test_where_nothing_has_to_be_moved_nothing_is():
    found = ts.meet_facts(shop(60, "1, 600"), waves=1)
    assert found.moved == {}
    assert [each.status for each in found.after] == ["holds"]


@pytest.mark.usefixtures("_few_points")
def test_numbers_of_arms_that_no_fact_speaks_of_stay_as_they_are():
    """`paid` is not run for the fact, so that a number of it says nothing of the fact and can't be moved."""
    case = load_text(shop(60, "1, 600").yaml.replace("  paid: {", "  paid: {product: {price: 70}, "), "shop")
    text = case.yaml + "  arms.paid.product.price: {assumed: true, range: [50, 90]}\n"
    found = ts.meet_facts(load_text(text, "shop"), waves=1)
    assert "arms.paid.product.price" not in [number.path for number in found.numbers]
    assert [each.status for each in found.after] == ["holds"]


@pytest.mark.parametrize(
    ("text", "options", "says"),
    [
        (SHOP, {}, "facts: there are none to meet"),
        (None, {"fit": ["places.feed.visits"]}, "places.feed.visits: no number with a range; did you mean"),
    ],
)
def test_what_can_not_be_met(text, options, says):
    case = load_text(text, "shop") if text else shop(60, "1, 600")
    with pytest.raises(ScenarioError, match=says):
        ts.meet_facts(case, **options)


@pytest.mark.usefixtures("_few_points")
def test_the_command_writes_a_scenario_and_tells_of_each_fact(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my.yaml").write_text(shop(160, "140, 180").yaml, encoding="utf-8")
    status, told = command("calibrate", "my.yaml", "--waves", "1", "--json", "--fit", "hooks.gift.worth")
    assert status == 0
    (fact,) = conforming(told.out)["facts"]
    assert (fact["name"], fact["observed"]) == ("came", 160)
    assert load_text((tmp_path / "results/my_calibrated/calibrated.yaml").read_text("utf-8"), "f").facts
    assert {path.name for path in (tmp_path / "results/my_calibrated").glob("*.*")} >= {"manifest.json"}
    status, told = command("calibrate", "my.yaml", "--waves", "2", "--fit", "hooks.gift.worth")
    assert (status, "holds another run" in told.err) == (2, True)
    status, told = command("calibrate", "my.yaml", "--by", "week")
    assert (status, "is about counts" in told.err) == (2, True)
