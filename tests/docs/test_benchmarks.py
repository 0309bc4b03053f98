"""The benchmarks run and have every row, and the engines that they compare do the same; nothing here looks at times."""

import json
import re
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from benchmarks import machine, mechanisms, page, targets
from benchmarks.__main__ import main, measure, parts
from benchmarks.complete import ARM
from benchmarks.complete import scenario as complete_scenario
from benchmarks.engines import ENGINES
from benchmarks.memory import state_bytes, with_pools
from benchmarks.mini import MiniTrafficsim, Outcome, acquaintances, numbers
from benchmarks.mini_mesa import MiniMesa
from benchmarks.mini_numpy import MiniNumpy
from benchmarks.sizes import FULL, QUICK
from benchmarks.starsim_sir import NOT_INSTALLED
from benchmarks.tables import NOT_MEASURED, Table
from trafficsim.books.counters import COUNTERS
from trafficsim.engine.day import STEPS
from trafficsim.engine.world import start

pytestmark = pytest.mark.mesa

NO_SEARCH = SimpleNamespace(collect=int)
"""In place of searches for garbage before each measurement, which take most of the time and mend times alone."""
IN_THIS_PROCESS = ("floor", "complete", "engines", "starsim", "mechanisms", "growth")
CUSTOMERS, DAYS, SEEDS = 2000, 60, 20
PROBABILITY = 0.001 / (3 * len(Outcome._fields))
"""One in a thousand for all comparisons of three engines together (Bonferroni), decided before they were run."""


def outcomes(make):
    """Shape `(seeds, outcomes)`."""
    found = []
    for seed in range(SEEDS):
        model = make(seed)
        model.run(DAYS)
        found.append(model.outcome())
    return np.array(found, float)


def in_numpy(p):
    return outcomes(lambda seed: MiniNumpy(acquaintances(CUSTOMERS, seed), p, 1000 + seed))


@pytest.fixture(scope="module")
def engines():
    return {
        "trafficsim": outcomes(lambda seed: MiniTrafficsim(CUSTOMERS, DAYS, seed)),
        "NumPy": in_numpy(numbers()),
        "Mesa": outcomes(lambda seed: MiniMesa(acquaintances(CUSTOMERS, seed), numbers(), 2000 + seed)),
    }


def p_values(a, b):
    """Welch's test of each outcome's mean over seeds."""
    return dict(zip(Outcome._fields, stats.ttest_ind(a, b, equal_var=False).pvalue, strict=True))


@pytest.mark.parametrize(("one", "other"), [("trafficsim", "NumPy"), ("trafficsim", "Mesa"), ("NumPy", "Mesa")])
def test_engines_agree(one, other, engines):
    for outcome, p in p_values(engines[one], engines[other]).items():
        assert p > PROBABILITY, (outcome, engines[one].mean(axis=0), engines[other].mean(axis=0))


@pytest.mark.parametrize(
    ("outcome", "wrong"),
    [
        ("members", {"hook": numbers().hook + 0.25}),
        ("orders", {"choice": numbers().choice + 0.25}),
        ("told", {"tell": 0.75 * numbers().tell}),
        ("orders", {"read": 0.2}),
        ("orders", {"daily_memory": 0.5 ** (1 / 6)}),
    ],
)
def test_a_wrong_rule_would_be_noticed(outcome, wrong, engines):
    assert p_values(engines["trafficsim"], in_numpy(numbers()._replace(**wrong)))[outcome] < PROBABILITY


@pytest.fixture(scope="module")
def quick():
    every = parts()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("benchmarks.timing.gc", NO_SEARCH)
        return measure([every[name] for name in IN_THIS_PROCESS], QUICK)


def test_every_row_is_there(quick):
    assert set(quick["floor"].rows) == {
        "copy bandwidth", "draw a flag", "select into a list",
    }  # fmt: skip
    assert len(quick["complete"].rows) == 2 * len(QUICK.complete)
    assert len(quick["linear"].rows) == len(QUICK.complete)
    assert len(quick["engines"].rows) == len(ENGINES) * len(QUICK.mini)
    assert set(quick["steps"].rows) == {*STEPS, "all"}
    assert len(quick["switched"].rows) == 1 + len(mechanisms.OFF)
    assert len(quick["unused"].rows) == 3
    assert set(quick["own"].rows) == {"none on", "idle on"}
    assert {row.rsplit(" ", 1)[0] for row in quick["growth"].rows} == {
        "mean ties", "places", "posts a week", "pools", "arms", "replicates",
    }  # fmt: skip


def test_every_cell_is_a_number_or_says_why_not(quick):
    for table in quick.values():
        for row in table.rows.values():
            for value in row.values():
                assert isinstance(value, float) or value in {NOT_INSTALLED, NOT_MEASURED, row.get("version")}


def test_everything_is_on_in_the_complete_model():
    world = start(complete_scenario(20_000), ARM, seed=1).run()
    unused = ["unspent"]  # no budget is beyond what its place can show
    unused += [
        "removed",
        "in_tiers",
        "care_given",
        "care_missed",
    ]  # of audiences, later than what times are compared with
    assert [c.name for c in COUNTERS if not world.counted(c.name).any()] == unused


def test_a_customer_takes_no_more_than_the_target_nor_does_a_further_pool():
    """With ties of mean degree 10; further pools are further places too, beyond eight of them.

    140 bytes were wanted; orders and sums that can't wrap take six more, what was had ahead at deals one.
    Groups are as many as in reality, however few customers are simulated, so that a customer's part is what one more
    adds.
    """

    def added(pools):
        few, many = (state_bytes(start(with_pools(customers, pools), ARM)) for customers in (20_000, 40_000))
        return (many - few) / 20_000

    per_customer = {pools: added(pools) for pools in (1, 2, 5, 8)}
    assert per_customer[1] <= 147
    for pools in (2, 5, 8):
        assert per_customer[pools] - per_customer[1] <= 8.2 * (pools - 1)  # a byte more for the ninth place


def test_the_page_holds_targets_machine_and_tables(quick):
    text = page.markdown(quick, QUICK)
    for target in targets.TARGETS:
        assert target.says in text
    for table in quick.values():
        assert f"## {table.title}" in text
    assert all(value in text for value in machine.described().values())
    assert "quick run" in text
    assert "quick run" not in page.markdown(quick, FULL)


def test_a_target_is_met_missed_or_not_measured():
    rows = {"1,000,000 customers, 1 thread": {targets.SPEED: 49.0, targets.YEAR: 7.4}}
    found = {v["target"]: v for v in targets.verdicts({"complete": Table("complete", "", "", rows)})}
    assert found["complete model, 1,000,000 customers, one core"]["met"] == "**no**"
    assert found["1,000,000 customers for a year, one core"]["met"] == "yes"
    assert found["complete model, 100,000 customers, one core"]["measured"] == NOT_MEASURED


def test_a_page_of_some_parts_is_refused(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["--only", "floor", "--write", str(tmp_path / "page.md")])
    assert "not both" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_the_whole_page_whose_targets_look_at_rows_and_columns_that_are_measured(tmp_path, monkeypatch):
    """Rows are named by sizes, which differ in a quick run; starsim needs an environment of its own."""
    monkeypatch.setattr("benchmarks.timing.gc", NO_SEARCH)
    main(["--quick", "--write", str(tmp_path / "performance.md")])
    assert (tmp_path / "performance.md").read_text("utf-8").startswith("# Performance")
    written = json.loads((tmp_path / "performance.json").read_text("utf-8"))
    assert written["targets"]
    seen = {
        (name, sizeless(row), column)
        for name, rows in written["tables"].items()
        for row in rows
        for column in rows[row]
    }
    asked = []
    for target in targets.TARGETS:
        target.number(lambda *cell: asked.append(cell) or 1.0)
    assert {(table, sizeless(row), column) for table, row, column in asked} <= seen


def sizeless(row):
    return re.sub(r"\d[\d,]*", "N", row)


@pytest.mark.parametrize(("cpu", "busy"), [(1.0, False), (0.95, False), (0.5, True)])
def test_a_busy_machine_is_told(cpu, busy):
    row = {"s per simulated year": 1.0, "CPU s per simulated year": cpu}
    found = {"complete": Table("complete", "", "", {"10 customers, 1 thread": row})}
    assert ("The machine was busy" in page.markdown(found, FULL)) == busy
