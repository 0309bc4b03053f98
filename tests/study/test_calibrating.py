"""A small restaurant fitted to counts that another one of its kind brought about."""

import json
import re
from functools import partial

import pandas as pd
import pytest

import trafficsim as ts
from answers import conforming
from cases import RESTAURANT
from trafficsim.data.errors import DataError
from trafficsim.engine import world
from trafficsim.plots import png
from trafficsim.plots.fits import fits, numbers
from trafficsim.report.calibration_page import calibration_page
from trafficsim.report.calibration_words import calibration_answer
from trafficsim.scenario import ScenarioError, load
from trafficsim.study.rewriting import rewritten
from trafficsim.study.tracking import Tracker
from trafficsim.study.worlds import plausible_worlds

FIT = ("purchasing.intercept", "places.vip_group.open_rate", "hooks.*.intercept")
DAYS, TRUE = 84, {"purchasing.intercept": -2.5, "hooks.side_dish.intercept": -2.4}
FIT_ORDER = ["places.vip_group.open_rate", "hooks.*.intercept", "purchasing.intercept"]
PATHS = ["places.vip_group.open_rate", "hooks.side_dish.intercept", "purchasing.intercept"]
"""In the order of the scenario's numbers: a default of all hooks is that of the one there is."""
SERIES = ("orders", "new_customers", "members.vip_group")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A scenario, and the counts of a world whose truth is known."""
    path = tmp_path_factory.mktemp("calibration")
    text = RESTAURANT.read_text("utf-8").replace("days: 365", f"days: {DAYS}")
    text = text.replace("count: 30000", "count: 8000")
    text = text.replace("budget_per_day: 150", "budget_per_day: {file: spend.csv, column: ads}")
    (path / "my.yaml").write_text(text, encoding="utf-8")
    (path / "spend.csv").write_text("date,ads\n2024-01-01,100\n2024-02-01,200\n", encoding="utf-8")
    true = load(path / "my.yaml").replace(TRUE)
    lived, tracker = world.start(true, "both", 78, 5).run(), Tracker(true)
    dates = pd.date_range("2024-01-01", periods=DAYS).strftime("%Y-%m-%d")
    table = pd.DataFrame({"date": dates, **{name: tracker.daily(lived, name) for name in SERIES}})
    table.to_csv(path / "counts.csv", index=False)
    return path


@pytest.fixture(scope="module")
def points(tmp_path_factory):
    """Where the points of `found` are kept."""
    return tmp_path_factory.mktemp("points")


@pytest.fixture(scope="module")
def found(folder, points):
    return ts.calibrate(folder / "my.yaml", folder / "counts.csv", fit=FIT, waves=2, seed=3, folder=points)


def test_what_the_counts_tell_is_found_and_what_they_do_not_is_said(found):
    told = {each.path: each for each in found.told}
    for path, at in (
        ("purchasing.intercept", "purchasing.intercept"),
        ("hooks.*.intercept", "hooks.side_dish.intercept"),
    ):
        drawn = found.plausible()[PATHS[FIT_ORDER.index(path)]]
        assert told[path].verdict == "told"
        assert drawn.min() < TRUE[at] < drawn.max()
    assert told["places.vip_group.open_rate"].verdict != "told"
    assert found.weights.sum() == pytest.approx(1.0)
    assert 1 <= found.fit.effective <= len(found.weights)


def test_bands_hold_the_counts_and_what_was_held_out_is_scored(found):
    bands = found.bands
    assert list(bands["series"].unique()) == list(SERIES)
    assert (~bands["fitted"]).sum() == 3 * 3
    inside = ((bands["low"] <= bands["data"]) & (bands["data"] <= bands["high"])).mean()
    assert inside > 0.7  # of 36, which are not independent of each other, in bands of 90 %
    assert [each.weeks for each in found.foretold] == [3] * 3
    assert not found.unreached


@pytest.mark.slow
def test_bands_of_a_sample_are_the_market_s(folder, found):
    """A quarter of the customers, each for four: what is counted is of all."""
    quarter = load(folder / "my.yaml").replace({"customers.count": 2000, "customers.each_stands_for": 4})
    sampled = ts.calibrate(quarter, folder / "counts.csv", fit=FIT, waves=2, seed=3).bands
    whole = found.bands
    assert sampled["data"].equals(whole["data"])
    of_orders = sampled["series"] == "orders"
    middles = [bands.loc[of_orders, ["low", "high"]].to_numpy().mean() for bands in (sampled, whole)]
    assert middles[0] == pytest.approx(middles[1], rel=0.1)
    held = sampled[~sampled["fitted"]]
    assert ((held["low"] <= held["data"]) & (held["data"] <= held["high"])).mean() >= 0.8


@pytest.mark.slow
def test_a_run_goes_on_from_its_folder_and_comes_to_the_same(folder, found, points):
    names = sorted(path.name for path in points.glob("*.point"))
    assert len(names) == found.fit.worlds / 2
    for name in names[::2]:  # as if it had been interrupted
        (points / name).unlink()
    before = {name: (points / name).stat().st_mtime_ns for name in names[1::2]}
    told = []
    same = {"fit": FIT, "waves": 2, "seed": 3, "folder": points}
    again = ts.calibrate(folder / "my.yaml", folder / "counts.csv", **same, workers=1, done=told.append)
    pd.testing.assert_frame_equal(again.plausible(), found.plausible())
    assert sorted(path.name for path in points.glob("*.point")) == names
    assert {name: (points / name).stat().st_mtime_ns for name in before} == before
    assert told[-1] == len(names)


def test_a_calibrated_scenario_says_where_its_numbers_come_from(folder, found):
    text = rewritten(load(folder / "my.yaml"), found)
    (folder / "calibrated.yaml").write_text(text, encoding="utf-8")
    case = load(folder / "calibrated.yaml")
    drawn = dict(zip([n.path for n in found.numbers], found.draws[found.most_plausible], strict=True))
    plan = case.plan("both")
    assert plan.purchasing.intercept == pytest.approx(drawn["purchasing.intercept"], rel=1e-3)
    assert plan.hooks["side_dish"].intercept == pytest.approx(drawn["hooks.*.intercept"], rel=1e-3)
    origin = {p.path: p for p in (*case.provenance(), *case.defaults())}
    buying, opened = origin["purchasing.intercept"], origin["places.vip_group.open_rate"]
    assert buying.source == opened.source == "fitted to counts.csv, 2024-01-01 to 2024-03-24"
    assert not buying.assumed
    assert opened.assumed == (found.told[0].verdict == "not told")
    assert "# the shop front, seen in passing" in text
    assert re.search(r"  purchasing.intercept: \{fitted: .counts.csv, .*, range: \[.*\], can_tell: true\}", text)


def test_plausible_worlds_are_a_row_each_with_a_weight(found):
    table = found.plausible()
    assert list(table.columns) == ["weight", *PATHS]
    assert len(table) == len(found.draws)
    for number, path in zip(found.numbers, PATHS, strict=True):
        assert table[path].between(number.low, number.high).all()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_in_both_languages(found, language, folder):
    said = " ".join(calibration_answer(found, language))
    assert {
        "en": "readiness to buy",
        "zh": "选择本品牌的倾向",
    }[language] in said
    assert "purchasing.intercept" not in said
    assert ("Held out" in said) == (language == "en")
    page = calibration_page(load(folder / "my.yaml"), found, "en")
    assert page.count("<tr>") == 1 + len(found.numbers)
    assert page.count("<svg") == 2 * 2  # wide and narrow
    assert all(png(draw(found, "en")).startswith(b"\x89PNG") for draw in (fits, numbers))


@pytest.fixture
def run(folder, monkeypatch, command):
    monkeypatch.chdir(folder)
    return partial(command, "calibrate")


def test_the_command_writes_a_scenario_that_runs_where_it_lies(run, tmp_path):
    out = tmp_path / "out"
    options = ["--fit", ",".join(FIT[:2]), "--fit", FIT[2], "--waves", "1", "--out", str(out)]
    status, said = run("my.yaml", "counts.csv", *options)
    assert status == 0
    assert "Held out" in said.out
    assert all(len(line) <= 80 for line in said.out.splitlines())
    case = load(out / "calibrated.yaml")
    assert case.plausible_file == out / "plausible.csv"
    assert case.history_files == (out / "spend.csv",)
    worlds = plausible_worlds(case, 16, seed=1)
    drawn = [point["hooks.side_dish.intercept"] for point in worlds.points]
    rows = pd.read_csv(out / "plausible.csv")["hooks.side_dish.intercept"]
    assert {round(value, 9) for value in drawn} <= set(rows.round(9))
    manifest = json.loads((out / "manifest.json").read_text())
    assert all((out / name).is_file() for name in manifest["files"])
    status, said = run("my.yaml", "counts.csv", *options, "--resume", "--json")
    rows = conforming(said.out)["numbers"]
    assert (status, [row["path"] for row in rows]) == (0, FIT_ORDER)
    status, said = run("my.yaml", "counts.csv", *options, "--seed", "2")
    assert (status, "holds another run" in said.err) == (2, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["counts.csv", "--fit", "purchasing.intercep"], "did you mean 'purchasing.intercept'?"),
        (["counts.csv", "--fit", "product.quality"], "--fit: product.quality: no number with a range"),
        (["nothing.csv"], "nothing.csv: no such file"),
        (["counts.csv", "--arm", "bot"], "no such arm"),
        (["counts.csv", "--map", "orders"], "must look like"),
        (["counts.csv", "--by", "year"], "day, week, month"),
        (["counts.csv", "--held-out", "0.9"], "0.6"),
    ],
)
def test_bad_input_is_told_with_status_2_and_leaves_nothing(arguments, said, run, folder):
    status, told = run("my.yaml", *arguments)
    assert status == 2
    assert said in " ".join(told.err.replace("│", " ").split())
    assert not (folder / "results").exists()


def test_arguments_of_python_are_checked(folder):
    with pytest.raises(ValueError, match="held_out must lie from 0 to"):
        ts.calibrate(folder / "my.yaml", folder / "counts.csv", held_out=0.7)
    with pytest.raises(ScenarioError):
        ts.calibrate(folder / "my.yaml", folder / "counts.csv", fit=["nothing"])
    text = "week,orders\n" + "\n".join(f"2024-W0{k},{k}" for k in (1, 7, 8, 9))
    (folder / "short.csv").write_text(text + "\n", encoding="utf-8")
    with pytest.raises(DataError, match="too few rows"):
        ts.calibrate(folder / "my.yaml", folder / "short.csv", held_out=0.5, fit=FIT)
