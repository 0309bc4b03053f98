"""Every shipped scenario loads, runs small and writes all its files; no exclusions."""

from pathlib import Path
from typing import get_args

import pytest

from cases import TABLES, read
from trafficsim.results import Result
from trafficsim.scenario import shipped
from trafficsim.study.claims import Status
from trafficsim.study.examine import examine, sampled

FOLDER = Path(__file__).parents[2] / "scenarios"
CASES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
DRAWN = ("restaurant", "teaching_bass", "yonghui")
"""The others are told and drawn in the slow tests; here their claims are put to the test, which runs them too."""
PEOPLE = 500
DAYS = 45
RARE = ("toilet_seat", "teaching_bass")
"""What is needed every five years, or is hardly known yet: some 500 people order none in so short a run."""
FILES = {"report.html", "overview.png", "results.nc", "manifest.json", "run.json"}


def small(case):
    """A sample of some 500 people, budgets and staff keeping their size for each, over a third of the days."""
    people = case.plan(case.baseline).customers
    count = min(PEOPLE, people.count)
    stands_for = max(1, round(people.count * people.each_stands_for / count))
    return {
        "customers.count": count,
        "customers.each_stands_for": stands_for,
        "days": min(max(DAYS, case.days // 3), case.days),
    }


def test_the_cases_are_those_that_can_be_called_by_name():
    assert CASES
    assert sorted(shipped()) == CASES


@pytest.mark.parametrize(
    "name", [name if name in DRAWN else pytest.param(name, marks=pytest.mark.slow) for name in CASES]
)
def test_runs_small_and_writes_all_its_files(name, command, tmp_path):
    case = read(name)
    changes = small(case)
    settings = [word for path, value in changes.items() for word in ("--set", f"{path}={value}")]
    status, told = command("compare", name, "--replicates", "2", "--out", tmp_path / "out", *settings)
    assert status == 0
    assert case.title in " ".join(told.out.split())
    written = {path.name for path in (tmp_path / "out").iterdir()}
    regions = {"regions.csv"} if case.plan(case.baseline).customers.regions else set()
    assert written == FILES | TABLES | regions | {"replicates"}
    assert all((tmp_path / "out" / file).stat().st_size for file in written)
    result = Result.load(tmp_path / "out")
    assert (result.arms, result.replicates, result.days) == (case.arms, 2, changes["days"])
    for counter in ("aware", "needs") if name in RARE else ("aware", "needs", "orders"):
        assert int(result.data[counter].sum()) > 0
    assert (tmp_path / "out/report.html").read_text("utf-8").count(' role="img"') >= 4


@pytest.mark.parametrize("name", CASES)
def test_says_what_it_is_about_and_where_its_numbers_come_from(name):
    case = read(name)
    assert case.title
    assert case.about
    assert len(case.arms) > 1
    assert any(p.source for p in case.provenance())


@pytest.mark.parametrize("name", CASES)
def test_every_claim_is_put_to_the_test_on_a_small_sample(name):
    """Whether a claim holds is no matter of this test, nor can a small sample tell."""
    case = sampled(read(name), PEOPLE)
    verdicts = examine(case, replicates=2, seed=1, small=True).verdicts
    assert [verdict.name for verdict in verdicts] == list(case.tested) != []
    assert all(verdict.status in get_args(Status) for verdict in verdicts)
