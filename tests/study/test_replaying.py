"""replay: a result run again from its folder, bit by bit."""

import json
import shutil

import numpy as np
import pytest

import trafficsim as ts
from answers import conforming
from comparisons import shop
from trafficsim.report.replayed import as_plain, replayed
from trafficsim.scenario import load_text
from trafficsim.study.replaying import INPUTS, RULES, ReplayError

FEW = {"days": 12, "customers.count": 300}


@pytest.fixture(scope="module")
def case():
    return shop(FEW)


@pytest.fixture(scope="module")
def original(case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("original")
    ts.compare(case, range(3, 5), seed=7).save(folder)
    return folder


@pytest.fixture
def saved(original, tmp_path):
    """A folder of one's own with a result that was saved once."""
    return shutil.copytree(original, tmp_path, dirs_exist_ok=True)


def rewritten(folder, **changes):
    """The saved result with another variable or attributes, as if somebody else had run it."""
    result = ts.Result.load(folder)
    data = result.data.load()
    attributes = {name: value for name, value in changes.items() if name not in data}
    variables = {name: (data[name].dims, value, data[name].attrs) for name, value in changes.items() if name in data}
    ts.Result(data.assign(variables).assign_attrs(attributes)).save(folder)


def test_all_bits_agree_whatever_the_workers(saved):
    found = ts.replay(saved, workers=1)
    assert found.agrees
    assert not found.versions
    assert found.numbers > 10_000
    assert list(found.again.data["replicate"]) == [3, 4]
    assert (found.table()["apart"] == 0.0).all()
    assert replayed(found)[0] == f"All {found.numbers:,} numbers agree, bit for bit."
    assert "逐位一致" in replayed(found, "zh")[0]


def test_one_bit_is_seen(saved):
    orders = ts.Result.load(saved).data["orders"].to_numpy().copy()
    orders[-1, 0, 3, 0] += 1
    rewritten(saved, orders=orders)
    found = ts.replay(saved)
    assert [(each.name, each.differ) for each in found.differing] == [("orders", 1)]
    assert not found.agrees
    moved = found.table().query("apart != 0")
    assert {"orders"} <= set(moved["metric"])
    assert set(moved["arm"]) == {"private"}
    assert moved.set_index("metric").loc["orders", "apart"] == -0.5  # one order less, in one of two replicates
    assert "the file was changed, or this machine computes otherwise" in " ".join(replayed(found))


def test_other_versions_are_named_and_numbers_told_against_their_intervals(saved):
    about = ts.Result.load(saved).about
    price = json.loads(about.scenario_text)["product"]["price"]
    text = about.scenario_text.replace(f'"price": {price}', f'"price": {price + 1}', 1)
    rewritten(saved, versions=json.dumps({**about.versions, "numpy": "1.0"}), rules="x", scenario_text=text)
    found = ts.replay(saved)
    assert set(found.versions) == {"numpy", RULES}
    assert not found.same_settings
    told = " ".join(replayed(found))
    for part in ("numpy 1.0, now", "code of the model", "other settings", "Furthest apart", "times half its 95%"):
        assert part in told
    plain = as_plain(found)
    assert json.loads(json.dumps(plain, allow_nan=False))["apart"]
    assert "版本不同" in replayed(found, "zh")[-1]


def test_a_changed_scenario_by_the_same_versions_is_refused(saved):
    text = ts.Result.load(saved).about.scenario_text.replace('"days": 12', '"days": 11')
    rewritten(saved, scenario_text=text)
    with pytest.raises(ReplayError, match="was changed"):
        ts.replay(saved)


def test_a_sweep_agrees_too(case, tmp_path):
    swept = ts.sweep(case, {"product.price": [70, 90]}, arms=("private", "paid"), replicates=2)
    swept.save(tmp_path)
    found = ts.replay(tmp_path)
    assert found.agrees
    assert found.again.table().equals(swept.table())
    amount = swept.data["amount"].to_numpy().copy()
    amount[1, 0, 0, 0] = np.nextafter(amount[1, 0, 0, 0], np.inf)
    ts.SweepResult(swept.data.assign(amount=(swept.data["amount"].dims, amount))).save(tmp_path)
    assert [(each.name, each.differ) for each in ts.replay(tmp_path).differing] == [("amount", 1)]


def test_what_holds_no_result_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="no such folder"):
        ts.replay(tmp_path / "none")
    with pytest.raises(ReplayError, match=r"holds no results\.nc"):
        ts.replay(tmp_path)


def test_the_command_answers_by_its_status(command, case, tmp_path, without_pictures):  # noqa: ARG001
    file, folder = tmp_path / "shop.yaml", tmp_path / "out"
    tie = tmp_path / "ties.csv"
    tie.write_text("a,b\n0,1\n1,2\n", "utf-8")
    with_ties = case.yaml.replace("mean: 4", "kind: file, file: ties.csv")
    file.write_text(with_ties, "utf-8")
    assert load_text(with_ties, "shop", tmp_path).ties_file == tie
    assert command("compare", file, "--replicates", "2", "--out", folder)[0] == 0
    assert (folder / INPUTS / "ties.csv").read_bytes() == tie.read_bytes()
    tie.unlink()
    status, told = command("replay", folder, "--out", tmp_path / "today")
    assert status == 0, told.err
    assert "bit for bit" in told.out
    assert (tmp_path / "today" / "results.nc").is_file()
    rewritten(folder, members=ts.Result.load(folder).data["members"].to_numpy() + 1)
    status, told = command("replay", folder, "--json")
    assert status == 1
    assert conforming(told.out)["differing"][0]["name"] == "members"
    (folder / INPUTS / "ties.csv").unlink()
    status, told = command("replay", folder)
    assert status == 2
    assert "put it there" in told.err
    status, told = command("replay", folder, "--resume")
    assert (status, "needs --out" in told.err) == (2, True)


def test_what_went_on_from_a_past_needs_it(command, case, tmp_path):
    past, other = tmp_path / "past", tmp_path / "other"
    ts.save_past(case, "paid", 5, past)
    ts.save_past(case, "paid", 6, other)
    ts.compare(case, 2, past=past).save(tmp_path)
    assert ts.replay(tmp_path, past=past).agrees
    status, told = command("replay", tmp_path, "--from", other)
    assert (status, "not the past" in told.err) == (2, True)
    with pytest.raises(ReplayError, match="--from FILE"):
        ts.replay(tmp_path)
