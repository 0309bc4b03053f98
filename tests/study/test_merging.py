"""Parts of one comparison: what they come to together, and what is refused."""

import json

import pytest

import trafficsim as ts
from answers import conforming
from comparisons import shop
from trafficsim import cli
from trafficsim.results.merging import MergeError, merge

FEW = {"days": 8, "customers.count": 200}
CASE = shop(FEW)


@pytest.fixture(scope="module")
def whole():
    return ts.compare(CASE, 5)


@pytest.fixture(scope="module")
def parts():
    return [ts.compare(CASE, some) for some in (range(2), range(2, 3), range(3, 5))]


def same_bits(a, b):
    assert list(a.data.variables) == list(b.data.variables)
    for name in a.data.variables:
        x, y = a.data[name], b.data[name]
        assert (x.dims, x.dtype, x.attrs) == (y.dims, y.dtype, y.attrs)
        assert x.to_numpy().tobytes() == y.to_numpy().tobytes()
    differing = {key for key in a.data.attrs if a.data.attrs[key] != b.data.attrs[key]}
    assert differing <= {"repeat"}


def test_parts_are_numbered_and_hold_the_replicates_of_the_whole(whole, parts):
    assert parts[2].data["replicate"].to_numpy().tolist() == [3, 4]
    assert parts[1].data["orders"].equals(whole.data["orders"].sel(replicate=[2]))
    assert "--replicates 3:5" in parts[2].about.repeat


def test_merged_they_are_the_whole_to_the_bit_in_any_order(whole, parts, tmp_path):
    merged = merge([parts[2], parts[0], parts[1]])
    same_bits(merged, whole)
    assert merged.about.repeat.splitlines() == [part.about.repeat for part in parts]
    folders = [tmp_path / str(n) for n in range(3)]
    for part, folder in zip(parts, folders, strict=True):
        part.save(folder)
    same_bits(merge(folders), whole)
    same_bits(merge([merge(parts[:2]), parts[2]]), whole)


def test_equal_money_is_found_alike_in_each_part():
    case = CASE.replace({"equal_budget": ["paid", "private"]})
    same_bits(merge([ts.compare(case, range(1)), ts.compare(case, range(1, 2))]), ts.compare(case, 2))


def test_what_does_not_belong_together_is_refused(parts):
    other = ts.compare(shop({**FEW, "days": 9}), range(2, 3))
    seed = ts.compare(CASE, range(2, 3), seed=2)
    until = ts.compare(CASE, 2, enough=lambda _: True)
    newer = parts[1].saying(rules="another")
    for strange, says in (
        (other, r"result 1 and result 2 differ in the settings of the scenario \(\w+ and \w+\)"),
        (seed, r"differ in the seed \(1 and 2\)"),
        (newer, "differ in the version of the rules"),
        (parts[1].saying(digest=""), "result 2: made by an earlier version"),
        (parts[0], r"replicates 0:2 are in result 1 \(0:2\) and in result 2"),
        (parts[2], r"replicates 2:3 are missing between result 1 \(0:2\) and result 2 \(3:5\)"),
        (until, "result 2: replicates were added until the answer pleased"),
    ):
        with pytest.raises(MergeError, match=says):
            merge([parts[0], strange])
    with pytest.raises(MergeError, match="two results or more"):
        merge(parts[:1])
    more = shop(FEW, "both: {product: {price: 79}}")
    with pytest.raises(MergeError, match="without arms without their pools"):
        merge([ts.compare(more, range(1)), ts.compare(more, range(1, 2), without_pools=False)])


@pytest.mark.parametrize("replicates", [range(0), range(3, 3), range(0, 4, 2), range(-1, 2), range(2, 10**6 + 1)])
def test_other_numbers_are_refused(replicates):
    with pytest.raises(ValueError, match=r"replicates must be consecutive numbers from 0 to 999,999, such as range"):
        ts.compare(CASE, replicates)


@pytest.mark.parametrize(
    ("asked", "says"), [({"enough": lambda _: True}, "enough is"), ({"uncertain": 16}, "uncertain is")]
)
def test_what_is_about_the_whole_can_not_be_asked_of_a_part(asked, says):
    with pytest.raises(ValueError, match=f"{says} about all replicates of a comparison"):
        ts.compare(CASE, range(2), **asked)


def run(monkeypatch, *arguments):
    monkeypatch.setattr("sys.argv", ["trafficsim", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


@pytest.mark.usefixtures("data_alone")
@pytest.mark.usefixtures("data_alone")
def test_the_commands_of_a_job_array(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("trafficsim.cli.compare.print_answer", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(CASE.yaml, "utf-8")
    few = "--workers", 1, "--language", "en"
    assert run(monkeypatch, "compare", "shop.yaml", "--replicates", "0:1", "--out", "a", *few) == 0
    assert run(monkeypatch, "compare", "shop.yaml", "--replicates", "1:2", "--out", "b", *few) == 0
    assert run(monkeypatch, "merge", "b", "a", "--out", "whole", "--json") == 0
    written = capsys.readouterr().out
    assert conforming(written[written.index("{") :])["replicates"] == 2
    same_bits(ts.Result.load("whole"), ts.compare("shop.yaml", 2))
    manifest = json.loads((tmp_path / "whole" / "manifest.json").read_text("utf-8"))
    assert manifest["replicates"] == 2
    assert manifest["scenario_text"] == json.loads(CASE.text)
    before = (tmp_path / "a" / "results.nc").read_bytes()
    for arguments, says in (
        (("a", "b", "--out", "a"), "a holds another run"),
        (("a", "c", "--out", "d"), "c: no such folder"),
        (("a", "a", "--out", "d"), "replicates 0:1 are in a (0:1) and in a (0:1)"),
    ):
        assert run(monkeypatch, "merge", *arguments) == 2
        assert says in capsys.readouterr().err
    (tmp_path / "b" / "results.nc").unlink()
    assert run(monkeypatch, "merge", "a", "b", "--out", "d") == 2
    assert "b: holds no finished comparison; if it was interrupted, run it with --resume" in capsys.readouterr().err
    assert not (tmp_path / "d").exists()
    assert (tmp_path / "a" / "results.nc").read_bytes() == before


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("5:5",), "must be a number from 1 to"),
        (("7:1000001",), "must be a number from 1 to"),
        (("1000001",), "must be a number from 1 to"),
        (("x",), "must be a number"),
        (("-1:3",), "must be a number"),
        (("1:3", "--until-decided"), "is about all replicates"),
    ],
)
def test_replicates_that_can_not_be_are_refused(monkeypatch, capsys, given, says):
    assert run(monkeypatch, "compare", "cadence", "--replicates", *given) == 2
    assert says in " ".join(capsys.readouterr().err.split())
