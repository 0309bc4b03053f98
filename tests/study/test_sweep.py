"""Sweeps: designs, what is refused before anything runs, going on after a kill, solving for a tie."""

import itertools
import json
import math
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import astuple

import numpy as np
import pandas as pd
import pytest

from comparisons import SHOP, shop
from synthetic import swept
from trafficsim import cli, solve, sweep
from trafficsim.engine.ensemble import run_replicate
from trafficsim.report import sweep_answer
from trafficsim.results.estimates import Estimate
from trafficsim.scenario import ScenarioError, load_text
from trafficsim.study import compare, evaluating, sweeping
from trafficsim.study.designs import design_points
from trafficsim.study.solving import SCAN, break_evens, solution_table
from trafficsim.study.swept import SweepResult
from trafficsim.study.uncertain import Changes, numbers
from trafficsim.study.varying import (
    Span,
    SweepError,
    parse_vary,
    parse_with,
    points_of,
    varied,
)

SMALL = shop({"customers.count": 100, "days": 8})
PAIR = ("private", "nothing")
PRICE = "product.price"


def axes(*vary):
    return varied(SMALL, dict(map(parse_vary, vary)), {})[0]


# What varies


def test_levels_are_read_as_in_a_scenario_and_spans_as_numbers():
    assert parse_vary("a.b=1,2.5,off") == ("a.b", [1, 2.5, "off"])
    assert parse_vary("a.b=10:1000") == ("a.b", Span(10, 1000))
    assert parse_vary("arm:a.b=-1:1:3") == ("arm:a.b", Span(-1, 1, 3))
    assert parse_vary("a=10:1000:3:log") == ("a", Span(10, 1000, 3, log=True))
    assert parse_vary("a=10:1000:log") == ("a", Span(10, 1000, log=True))


def test_a_span_has_its_ends_exactly_and_equal_steps_or_ratios():
    assert Span(10, 1000, 3, log=True).levels() == [10, pytest.approx(100, rel=1e-12), 1000]
    assert Span(0, 3, 4).levels() == [0, 1, 2, 3]
    assert Span(7, 9, 1).levels() == [7]


def test_a_star_moves_every_setting_of_that_name_together():
    ((axis,), _) = varied(SMALL, {"places.*.kind": ["pool"]}, {})
    assert axis.paths == ("places.feed.kind", "places.shop.kind", "places.club.kind")
    (axis,) = axes("customers.segments.*.days_between_needs=5:50:2")
    assert axis.unit == "days"
    assert points_of(SMALL, [axis], [], [{axis.name: 5.0}]) == [dict.fromkeys(axis.paths, 5.0)]


def test_whole_numbers_stay_whole_and_are_not_repeated():
    (axis,) = axes("customers.count=10:12:8")
    assert axis.levels == (10, 11, 12)
    assert all(isinstance(level, int) for level in axis.levels)


def test_what_moves_with_another_setting_follows_it_at_every_point():
    rules = dict(map(parse_with, ["product.unit_cost=0.5*product.price"]))
    prices, followers = varied(SMALL, {PRICE: [10, 200]}, rules)
    found = points_of(SMALL, prices, followers, [{PRICE: 10}, {PRICE: 200}])
    assert [point["product.unit_cost"] for point in found] == [5.0, 100.0]


RANGED = load_text(
    SHOP
    + """
sources:
  product.price: {assumed: true, range: [40, 160], takes_along: [product.unit_cost]}
  places.club.open_rate: {assumed: true, range: [0.2, 0.7]}
""",
    "ranged",
)


def test_a_number_without_values_takes_its_plausible_range_and_what_goes_with_it():
    (price, rate), (cost,) = varied(RANGED, {PRICE: None, "places.club.open_rate": None}, {})
    assert (price.span, price.paths) == (Span(40, 160, log=True), (PRICE,))
    assert rate.span == Span(0.2, 0.7)
    assert str(cost) == "product.unit_cost = 0.375 × product.price"
    (point,) = points_of(RANGED, [price], [cost], [{PRICE: 40.0}])
    assert point == {PRICE: 40.0, "product.unit_cost": 15.0}
    _, (own,) = varied(RANGED, {PRICE: None}, {"product.unit_cost": "0.5*product.price"})
    assert own.factor == 0.5
    assert varied(RANGED, {PRICE: np.array([45.0])}, {})[1] == ()


def test_a_default_without_values_is_moved_as_plausible_worlds_move_it():
    ((axis,), _) = varied(SMALL, {"hooks.*.intercept": None}, {})
    assert axis.span == Span(-4.2, -2.2)
    (number,) = (n for n in numbers(SMALL) if n.path == axis.name)
    assert points_of(SMALL, [axis], [], [{axis.name: -3.0}]) == [Changes(SMALL, [number])([-3.0])]
    assert varied(SMALL, {"hooks.gift.intercept": None}, {})[0][0].paths == axis.paths


@pytest.mark.parametrize(
    ("vary", "with_", "said"),
    [
        (["product.price=-1,0,5"], [], ["product.price: must be > 0 (got -1)", "product.price: must be > 0 (got 0)"]),
        (["product.prise=1:2"], [], ["--vary: product.prise: no such setting; did you mean 'product.price'?"]),
        (["product.price=5:2"], [], ["--vary: product.price: a span must rise (got 5 to 2)"]),
        (["product.price=0:2:log"], [], ["--vary: product.price: a span of equal ratios must begin above 0 (got 0)"]),
        (["product.price="], [], ["must look like path=1,2,5 or path=low:high[:n][:log], or be a path alone"]),
        (["product.price"], [], ["--vary: product.price: has no plausible range: give product.price=low:high or"]),
        (["purchasing.per_trst"], [], ["a range under sources; did you mean 'purchasing.per_trust'?"]),
        (["hooks.*.wroth=1:2"], [], ["--vary: hooks.*.wroth: no setting is named like this"]),
        (["hooks.gift.reason=1:2"], [], ["--vary: hooks.gift.reason: is no number; list its values"]),
        (["currency=1:2"], [], ["--vary: currency: is only shown: it changes no number"]),
        (["privat:product.price=1:2"], [], ["no arm 'privat'; this scenario has nothing, paid, private"]),
        (["product.price=1:2", "product.*=1:2"], [], ["--vary: product.price: is varied twice"]),
        (["product.price=1:2"], ["product.unit_cost=product.price"], ["must look like path=0.4*path"]),
        (["product.price=1:2"], ["product.unit_cost=.4*product.prise"], ["--with: product.prise: no such number"]),
        (["product.price=1"], ["product.unit_cost=-1*product.price"], ["--with: product.unit_cost: must be >= 0"]),
    ],
)
def test_every_point_is_checked_before_anything_runs(vary, with_, said, monkeypatch):
    monkeypatch.setattr(sweeping, "run_design", None)  # to run anything would raise TypeError
    with pytest.raises(ScenarioError) as error:
        sweep(SMALL, dict(map(parse_vary, vary)), with_=dict(map(parse_with, with_)), arms=PAIR)
    lines = str(error.value).splitlines()
    assert len(lines) == len(said)
    for expected in said:
        assert any(expected in line for line in lines)


# Designs


def test_a_grid_holds_every_combination_once():
    found = design_points(axes("product.price=1,2,3", "product.quality=0.1,0.9"), "grid", None, 1)
    assert {tuple(point.values()) for point in found} == set(itertools.product((1, 2, 3), (0.1, 0.9)))
    assert len(found) == 6


@pytest.mark.parametrize(("design", "points_"), [("latin", 10), ("sobol", 16)])
def test_each_stretch_of_each_setting_holds_one_point(design, points_):
    found = design_points(axes("product.price=1:1000:log", "product.quality=0:1"), design, points_, 1)
    shares = np.array([(math.log(p[PRICE]) / math.log(1000), p["product.quality"]) for p in found])
    assert [sorted((column * points_).astype(int)) for column in shares.T] == [list(range(points_))] * 2
    assert found == design_points(axes("product.price=1:1000:log", "product.quality=0:1"), design, points_, 1)
    assert found != design_points(axes("product.price=1:1000:log", "product.quality=0:1"), design, points_, 2)


@pytest.mark.parametrize(
    ("design", "points_", "said"),
    [
        ("grit", 3, "no design 'grit'"),
        ("latin", None, "design latin: give points"),
        ("grid", 3, "a grid has no points"),
        ("sobol", 12, "a power of two"),
    ],
)
def test_designs_that_can_not_be(design, points_, said):
    with pytest.raises(SweepError, match=said):
        design_points(axes("product.price=1:2"), design, points_, 1)


def test_arms_and_metrics_are_checked():
    with pytest.raises(SweepError, match="name two arms"):
        sweep(SMALL, {PRICE: [80]})
    with pytest.raises(SweepError, match="no arm 'privat'"):
        sweep(SMALL, {PRICE: [80]}, arms=("privat", "nothing"))
    with pytest.raises(SweepError, match="no metric 'profits'"):
        sweep(SMALL, {PRICE: [80]}, arms=PAIR, metric="profits")


# What is found


@pytest.fixture(scope="module")
def found():
    return sweep(SMALL, {PRICE: [50, 80]}, arms=PAIR, replicates=3, seed=4)


def test_a_point_is_the_comparison_of_its_scenario(found):
    at_80 = compare(SMALL, 3, 4)
    for name in ("profit", "spend", "members", "cac", "true_cac", "clv"):
        expected = at_80.values(name).to_numpy()
        here = found.data.sel(metric=name).isel(point=1)
        each = np.where(here["per"] > 0, here["amount"] / here["per"], np.nan)
        np.testing.assert_allclose(each, expected, rtol=1e-12)  # cents are divided before and after
        for arm in found.arms:
            told, known = found.estimates(name, arm)[1].interval(), at_80.estimate(name, arm).interval()
            assert astuple(told) == pytest.approx(astuple(known), nan_ok=True)
    row, expected = found.table().iloc[1], at_80.difference("profit", *PAIR).amount
    interval = [row["difference"], row["difference_low"], row["difference_high"]]
    # Cents are divided before the subtraction instead of after it, which rounds otherwise in the last digits.
    assert interval == pytest.approx([expected.middle, expected.low, expected.high], rel=1e-9)


def test_saved_and_loaded_it_is_the_same(found, tmp_path):
    found.save(tmp_path)
    again = SweepResult.load(tmp_path)
    pd.testing.assert_frame_equal(again.table(), found.table())
    assert (again.axes, again.pair) == (found.axes, PAIR)


def test_the_break_even_lies_between_neighbours_of_different_sign():
    along_price = swept({PRICE: Span(10, 1000, 3, log=True)}, lambda price: price - 10**1.5 if price < 99 else price)
    rows = along_price.break_even().to_dict("records")
    assert [row["leads_above"] for row in rows] == ["private"]
    share = (10**1.5 - 10) / (10**1.5 - 10 + 100)  # by hand: the differences are 10 - 10**1.5 and 100
    assert rows[0][PRICE] == pytest.approx(10 * 10**share, rel=1e-9)


def test_a_map_has_its_break_even_on_the_lines_of_the_grid():
    plane = swept({"x": Span(0, 2, 3), "y": Span(0, 2, 3)}, lambda x, y: x + y - 1.5)
    rows = {(row["x"], row["y"], row["along"]) for row in plane.break_even().to_dict("records")}
    assert rows == {(0, 1.5, "y"), (1, 0.5, "y"), (1.5, 0, "x"), (0.5, 1, "x")}


# Going on


def test_points_that_are_there_are_read_and_nothing_else_is_trusted(found, tmp_path, monkeypatch):
    runs = []

    def counted(scenario, *which, **how):
        runs.append(which)
        return run_replicate(scenario, *which, **how)

    monkeypatch.setattr(evaluating, "run_replicate", counted)
    same = {"arms": PAIR, "replicates": 3, "seed": 4, "folder": tmp_path}
    first = sweep(SMALL, {PRICE: [50, 80]}, **same)
    assert len(runs) == 6
    damaged = min(tmp_path.iterdir())
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"?")
    told = []
    again = sweep(SMALL, {PRICE: [50, 80]}, **same, done=told.append)
    assert len(runs) == 9
    assert told == [1, 2]
    for one in (first, again):
        assert one.data["amount"].to_numpy().tobytes() == found.data["amount"].to_numpy().tobytes()
        assert one.data["per"].to_numpy().tobytes() == found.data["per"].to_numpy().tobytes()
    sweep(SMALL, {PRICE: [50, 80]}, **{**same, "seed": 5})
    assert len(runs) == 15


def command(*more):
    vary = ("--vary", "product.price=40:400:4:log", "--arms", "private", "nothing", "--replicates", "2")
    small = ("--set", "customers.count=4000", "--set", "days=300", "--workers", "1")
    return [sys.executable, "-m", "trafficsim", "sweep", "shop.yaml", *vary, *small, *more]


def test_a_killed_sweep_goes_on_to_the_same_bits(tmp_path, monkeypatch):
    def ran_here(*more):
        monkeypatch.setattr(sys, "argv", command(*more)[2:])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return not end.value.code

    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert ran_here("--out", str(whole))
    running = subprocess.Popen(command("--out", str(cut)), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 120
    while not list(cut.glob("points/*.point")) and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.communicate()
    kept = {path: path.stat().st_mtime_ns for path in cut.glob("points/*.point")}
    assert kept
    assert not (cut / "manifest.json").exists()
    assert ran_here("--out", str(cut), "--resume")
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    assert not list(cut.rglob("*.part"))
    for name in ("sweep.csv", "break_even.csv", "line.png", *(f"points/{p.name}" for p in whole.glob("points/*"))):
        assert (whole / name).read_bytes() == (cut / name).read_bytes(), name
    assert len(list(whole.glob("points/*"))) == 4


@pytest.fixture
def trafficsim(tmp_path, monkeypatch, capsys):
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["trafficsim", "sweep", "shop.yaml", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code or 0, *capsys.readouterr()

    return run


TINY = ("--arms", "private", "nothing", "--replicates", "2", "--set", "customers.count=100", "--set", "days=6")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to do: give --vary"),
        (["--vary", "product.price=0,5", *TINY], "--vary: product.price: must be > 0 (got 0)"),
        (["--vary", "product.price=1:5"], "name two arms to compare"),
        (["--vary", "product.price=1:5", "--vary", "product.price=2:3", *TINY], "product.price: is given twice"),
        (["--vary", "product.price=1:5", "--design", "sobol", "--points", "6", *TINY], "must be a power of two"),
        (["--solve", "customers.count=10:50", *TINY], "--solve: customers.count: only a number that may have decimals"),
        (["--solve", "product.price=10", *TINY], "--solve: product.price=10: must look like path=low:high"),
        (["--vary", "product.price=1:5", "--resume", *TINY], "holds no run that could be resumed"),
        (["--vary", "customers.count=10,200000000", "--arms", "private", "nothing"], "GB of memory"),
    ],
)
def test_bad_input_is_one_line_with_status_2_and_leaves_nothing(arguments, said, trafficsim, tmp_path):
    status, out, err = trafficsim(*arguments)
    assert (status, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["shop.yaml"]


def test_the_command_writes_a_map_and_tells_who_leads(trafficsim, tmp_path):
    status, out, _ = trafficsim("--vary", "product.price=40,400", "--vary", "product.quality=0.5:0.9:2", *TINY)
    assert status == 0
    assert "“private” leads “nothing” at" in " ".join(out.split())
    assert "400" in out
    folder = tmp_path / "results" / "shop_sweep"
    files = set(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"])
    assert files == {"map.png", "sweep.nc", "sweep.csv", "break_even.csv", "manifest.json"}
    assert files | {"run.json", "points"} == {path.name for path in folder.iterdir()}
    assert len(pd.read_csv(folder / "sweep.csv")) == 4
    status, _, err = trafficsim("--vary", "product.price=40, 500", "--vary", "product.quality=0.5:0.9:2", *TINY)
    assert (status, "holds another run (a sweep, scenario shop" in err) == (2, True)
    shutil.rmtree(folder)


# Solving


def line(slope, zero, spread=1.0):
    """Paired differences of five replicates on parallel lines, whose mean goes through `zero`."""
    noise = spread * np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    return lambda values: [Estimate(slope * (value - zero) + noise) for value in values]


@pytest.mark.parametrize("slope", [1.0, -1.0])
def test_a_known_tie_is_found_with_its_interval(slope):
    (one,), _ = break_evens(line(slope, 61.8), Span(0, 100))
    half = 2.776445 * math.sqrt(2.5) / math.sqrt(5)  # Student's t with 4 degrees, of noise with variance 2.5
    assert one.value == pytest.approx(61.8, abs=0.2)  # CLOSE x 100
    assert (one.low, one.high) == (pytest.approx(61.8 - half, abs=0.2), pytest.approx(61.8 + half, abs=0.2))
    assert one.rising == (slope > 0)


def test_a_tie_is_found_by_ratio():
    def evaluate(values):
        return [Estimate(np.full(3, math.log(value / 250))) for value in values]

    (one,), _ = break_evens(evaluate, Span(10, 5000, log=True))
    assert one.value == pytest.approx(250, rel=0.002 * math.log(500))
    assert one.low == pytest.approx(one.high, rel=0.03)


def test_an_interval_beyond_the_span_is_open():
    (one,), _ = break_evens(line(1.0, 50.0, spread=25.0), Span(30, 200))
    assert one.low == -math.inf
    assert math.isfinite(one.high)


def test_without_a_tie_the_leader_is_told_and_with_two_both_are_found():
    assert break_evens(line(1.0, -5.0), Span(0, 100)) == ([], 1.0)
    assert break_evens(line(-1.0, -5.0), Span(0, 100))[1] == -1.0
    assert math.isnan(break_evens(line(1e-9, -5.0, spread=25.0), Span(0, 100))[1]), "luck may put either ahead"
    twice, _ = break_evens(lambda values: [Estimate(np.array([(v - 20.0) * (v - 70.0)])) for v in values], Span(0, 100))
    assert [(round(one.value), one.rising) for one in twice] == [(20, False), (70, True)]
    assert all(math.isnan(one.low) for one in twice)  # one replicate has no interval


def test_no_value_is_run_twice():
    asked = []
    break_evens(lambda values: asked.extend(values) or line(1.0, 61.8)(values), Span(0, 100))
    assert len(asked) == len(set(asked)) < SCAN + 40


def wages():
    """Two arms between which the wage of one clerk is all the difference; one pays 30 a day."""
    clerk = "{hooks: off, staff: {clerk: {count: 1, serves: feed, wage_per_day: 30}}}"
    return shop({"customers.count": 50, "days": 4}, f"one: {clerk}", f"two: {clerk}")


def test_solving_a_scenario_whose_tie_is_known(tmp_path):
    same = {"arms": ("two", "one"), "replicates": 2, "seed": 1, "folder": tmp_path}
    rows = solution_table(solve(wages(), "two:staff.clerk.wage_per_day", (1, 101), vary={PRICE: [50, 80]}, **same))
    assert rows[PRICE].tolist() == [50, 80]
    for column in ("two:staff.clerk.wage_per_day", "low", "high"):
        assert rows[column].to_numpy() == pytest.approx(30, abs=0.2)
    assert rows["leads_above"].tolist() == ["one", "one"]
    assert rows["leads_below"].tolist() == ["two", "two"]


def test_that_there_is_no_tie_is_said_with_who_leads():
    (none,) = solve(wages(), "two:staff.clerk.wage_per_day", (1, 29), arms=("two", "one"), replicates=2)
    assert (none.found, none.leads) == ((), "two")
    (said,) = none.sentences()
    assert said.endswith(
        "don't tie in contribution profit for “clerk: wage a day (two)” within 1 to 29; “two” leads throughout."
    )


def test_the_command_tells_where_arms_tie(trafficsim, tmp_path):
    status, out, _ = trafficsim("--solve", "nothing:places.shop.fixed_cost_per_day=0:1000", *TINY)
    assert status == 0
    assert "“private” and “nothing” tie in contribution profit at" in " ".join(out.split())
    assert len(pd.read_csv(tmp_path / "results" / "shop_sweep" / "break_even.csv")) == 1


def test_what_is_no_sweep_is_refused_with_a_sentence(tmp_path):
    path = compare(shop({"customers.count": 40, "days": 3}), 1).save(tmp_path)
    with pytest.raises(ValueError, match="not the data of a sweep"):
        SweepResult.load(path)


@pytest.mark.parametrize(("metric", "leads"), [("cac", "cheap"), ("spend", "dear")])
def test_where_less_is_better_the_arm_with_less_leads(metric, leads):
    """Of two arms that differ by a wage alone the one that pays more has the larger CAC, and does not lead."""
    clerk = "{{hooks: off, staff: {{clerk: {{count: 1, serves: feed, wage_per_day: {wage}}}}}}}"
    arms = (f"dear: {clerk.format(wage=30)}", f"cheap: {clerk.format(wage=5)}")
    of = shop({"customers.count": 1000, "days": 40}, *arms)
    asked = {"arms": ("dear", "cheap"), "metric": metric, "replicates": 4}
    (found,) = solve(of, "dear:staff.clerk.wage_per_day", (20, 40), **asked)
    assert (found.found, found.leads, found.undecided) == ((), leads, False)


def test_the_best_level_is_told_with_those_that_cannot_be_told_from_it():
    """Profit of the second arm is 0, 90, 100, 20 at four prices; luck of 6 to both sides hides a difference of 10."""
    earned = {1: 0.0, 2: 90.0, 3: 100.0, 4: 20.0}
    found = swept({"a.price": Span(1, 4, 4)}, lambda price: earned[round(price)], replicates=4)
    luck = np.array([[6, -6, 6, -6], [-6, 6, 6, -6], [6, 6, -6, -6], [6, -6, -6, 6]])[:, None, None, :]
    noisy = SweepResult(found.data.assign(amount=found.data["amount"] + luck * [[[0], [1]]]))
    assert noisy.best("private", "profit") == (2, [1, 2])
    said = " ".join(sweep_answer(noisy))
    assert "“private” does best in contribution profit with a.price = 3; 2 can't be told from it." in said
    assert "“nothing”: no level of a.price is told from another in contribution profit." in said
    assert found.best("private") == (2, [2])
