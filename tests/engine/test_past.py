"""A past that was saved: arms go on from it as if nothing had been, its books stay apart, and nothing else goes on."""

import json
from itertools import combinations

import numpy as np
import pytest

import trafficsim as ts
from comparisons import lively, shop
from trafficsim import cli
from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import LAST_COUNTS
from trafficsim.cli.folder import RunFolder
from trafficsim.engine.ensemble import run_replicate
from trafficsim.engine.moves import WINDOW_DAYS
from trafficsim.engine.past import PastError, read_past, save_past
from trafficsim.engine.settings import widths
from trafficsim.engine.world import names_of, start

DAY, DAYS, SEED = 40, 70, 3
CASE = lively({"days": DAYS})
OF_NEW = ("margin_of_new", "orders_of_cohort", "margin_of_cohort")
"""What is counted of customers who are new since the books began."""


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("past") / "both.past"
    save_past(CASE, "both", DAY, path, SEED)
    return path


def test_the_same_arm_goes_on_as_if_nothing_had_been_and_counts_nothing_of_before(file):
    whole = start(CASE, "both", SEED).run()
    found = run_replicate(CASE, SEED, 0, past=read_past(file))
    at, first, same = CASE.arms.index("both"), 0, 0
    for row, (counter, width) in enumerate(zip(COUNTERS, widths(names_of(CASE), DAYS), strict=True)):
        here = found.tallies[at, :, first : first + width]
        first += width
        assert not here[:DAY].any()
        if counter.name not in OF_NEW:
            assert np.array_equal(here[DAY:], whole.tallies[DAY:, row, :width]), counter.name
            same += int(here.any())
    assert same > 20  # so much happens in these days
    assert np.array_equal(found.members[at, DAY:], whole.members[DAY + 1 :])
    assert np.array_equal(found.members[at, :DAY], [whole.members[DAY]] * DAY)
    assert len(found.moved[at]) == -(-DAYS // WINDOW_DAYS)
    assert not found.moved[at, : DAY // WINDOW_DAYS].any()


def test_what_was_before_counts_as_before_the_start(file):
    past = start(CASE, "both", SEED).run(until=DAY)
    found = run_replicate(CASE, SEED, 0, past=read_past(file))
    assert set(found.aware_at_start) == {np.count_nonzero(past.columns.story.aware_on != -1)}
    whole = run_replicate(CASE, SEED, 0)
    at = CASE.arms.index("both")
    assert 0 < found.joiners[at] < whole.joiners[at]
    paid = [
        each.last_counts[at, [c.name for c in LAST_COUNTS].index("revenue_of_segment")].sum() for each in (found, whole)
    ]
    assert paid[0] == paid[1] - past.columns.bought.spend.sum()


def test_arms_part_from_it_and_replicates_differ_in_what_follows(file):
    result = ts.compare(CASE, 2, SEED, past=file)
    orders = result.data["orders"].sum("place")
    assert not orders.isel(day=slice(DAY)).any()
    ends = (
        result.data["impressions"].sum(["place", "day"]),
        result.data["joined"].sum(["place", "day"]),
        orders.sum("day"),
    )
    whole = np.stack([each.to_numpy() for each in ends])
    for a, b in combinations(np.moveaxis(whole, 0, -1).reshape(-1, 3).tolist(), 2):
        assert a != b
    assert result.data["members"].isel(day=0).sum("place").to_numpy().min() > 0
    assert result.about.warnings["en"][0].startswith("All arms go on from what “both” had come to by day 40 (")
    assert result.about.warnings["zh"][0].startswith("所有方案都从“both”到第 40 天")
    part = ts.compare(CASE, range(1, 2), SEED, past=file)
    assert f" --replicates 1:2 --seed 3 --from {file} " in part.about.repeat
    assert ts.merge([ts.compare(CASE, range(1), SEED, past=file), part]).data["orders"].equals(result.data["orders"])
    with pytest.raises(ValueError, match="differ in the settings"):
        ts.merge([ts.compare(CASE, range(1), SEED), part])


OTHERS = {
    "population": (CASE.replace({"customers.count": 100}), SEED, "has another population than the scenario"),
    "seed": (CASE, 4, r"was saved with seed 3; give the same \(got 4\)"),
    "names": (
        lively({"days": DAYS}, "more: {places: {elsewhere: {kind: public}}}"),
        SEED,
        "has other places, hooks, staff",
    ),
    "start": (CASE.replace({"start": "2025-02-03"}), SEED, "begins on another date"),
    "days": (CASE.replace({"days": DAY}), SEED, "is of day 40, the scenario ends after 40 days"),
    "money": (CASE.replace({"equal_budget": ["both", "paid"]}), SEED, "can't be made to spend the same from a past"),
}


@pytest.mark.parametrize("other", OTHERS)
def test_what_can_not_go_on_from_it_is_refused_with_a_sentence(file, other):
    case, seed, says = OTHERS[other]
    with pytest.raises(PastError, match=says):
        ts.compare(case, 1, seed, past=file)


def test_files_that_hold_none_are_refused(file, tmp_path, monkeypatch):
    (tmp_path / "cut.past").write_bytes(file.read_bytes()[:-1])
    (tmp_path / "text.past").write_text("no")
    for name, says in (("cut.past", "is damaged"), ("text.past", "is damaged"), ("none.past", "no such file")):
        with pytest.raises(PastError, match=f"{name}: {says}"):
            read_past(tmp_path / name)
    found = read_past(file)
    monkeypatch.setattr("trafficsim.engine.past.code_version", lambda: "newer")
    with pytest.raises(PastError, match="was saved by another version of the rules"):
        ts.compare(CASE, 1, SEED, past=file)
    moved = tmp_path / "moved.past"
    save_past(CASE, "both", DAY - 1, moved, SEED)
    with pytest.raises(PastError, match="has changed since"):
        type(found)(**(vars(found) | {"path": str(moved)})).crowd(CASE)


@pytest.mark.parametrize("day", [0, DAYS])
def test_a_day_that_leaves_nothing_is_refused(tmp_path, day):
    with pytest.raises(ValueError, match="day must be a whole number from 1 to 69"):
        save_past(CASE, "both", day, tmp_path / "it")
    assert not list(tmp_path.iterdir())


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["trafficsim", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


def test_commands_save_and_go_on(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(RunFolder, "write", lambda *_, **_named: [])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(shop({"days": 12, "customers.count": 200}).yaml, "utf-8")
    saving = "run", "shop.yaml", "--arm", "paid", "--until", 6, "--save-state"
    assert run(monkeypatch, *saving, "paid.past") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2 + 6  # a heading of two lines, then days
    assert run(monkeypatch, *saving[:4], "--save-state", "no.past") == 2
    assert run(monkeypatch, *saving[:4], "--until", 12, "--save-state", "no.past") == 2
    assert not (tmp_path / "no.past").exists()
    capsys.readouterr()
    asked = "compare", "shop.yaml", "--replicates", 1, "--workers", 1, "--from", "paid.past", "--out", "out"
    assert run(monkeypatch, *asked, "--seed", 2) == 2
    assert capsys.readouterr().err == "paid.past: was saved with seed 1; give the same (got 2)\n"
    assert run(monkeypatch, *asked, "--uncertain", 16) == 2
    assert not (tmp_path / "out").exists()
    capsys.readouterr()
    assert run(monkeypatch, *asked, "--json") == 0
    assert "go on from what “paid” had come to by day 6" in " ".join(json.loads(capsys.readouterr().out)["answer"])
    assert run(monkeypatch, *asked[:-4], "--out", "out") == 2
    assert "out holds another run" in capsys.readouterr().err


def test_what_was_paid_before_and_what_cash_there_is_are_told(tmp_path):
    case = shop({"days": 12, "customers.count": 200, "cash_at_start": 500, "places.club.set_up_cost": 90})
    save_past(case, "paid", 6, tmp_path / "it")
    result = ts.compare(case, 1, past=tmp_path / "it")
    assert "cash_at_start is what there is when the arms go on" in " ".join(result.about.warnings["en"])
    assert int(result.data["set_up"].sum()) == 0
    assert result.series("cash").isel(day=5).to_numpy().tolist() == [[500.0]] * len(result.arms)
