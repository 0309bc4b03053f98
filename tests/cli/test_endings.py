"""Commands from which something is taken away: time, a stream, room on the disk, or the folder that they knew."""

import os
import resource
import shlex
import signal
import subprocess
import sys
import time
import uuid

import numpy as np
import pytest

from comparisons import SHOP
from quick_command import NOTHING_MORE, WITHOUT_PICTURES
from trafficsim import compare
from trafficsim.cli.folder import FolderInUseError, claim
from trafficsim.engine.ensemble import Replicate, run_replicates
from trafficsim.engine.running import Running
from trafficsim.files.sealed import keep, sealed
from trafficsim.results import Result
from trafficsim.scenario import load
from trafficsim.study.swept import SweepResult

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and closed streams are of POSIX")

SMALL = ("--set", "customers.count=100", "--set", "days=6")
KEPT = "Finished work is saved; add --resume to continue."


@pytest.fixture
def here(tmp_path):
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    return tmp_path


def begun(here, *arguments, redirected="", start=("-c", WITHOUT_PICTURES), **options):
    """A command as a process; `redirected` is what the shell does to its streams."""
    python = shlex.join([sys.executable, *start, *map(str, arguments)])
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen(f"exec {python} {redirected}", shell=True, cwd=here, text=True, **pipes, **options)


def ended(running):
    """Exit status, standard output and standard error, but for what is said of compiling."""
    out, err = running.communicate(timeout=300)
    said = [line for line in err.splitlines(keepends=True) if not line.startswith("Compiling the rules")]
    return running.returncode, out, "".join(said)


def endless(here, *more):
    """A comparison that goes on until it is stopped, with a replicate done."""
    running = begun(here, "compare", "shop.yaml", "--replicates", 1000, "--out", "out", *more)
    deadline = time.monotonic() + 300  # what is not compiled yet takes its time
    while not list((here / "out").glob("replicates/*.replicate")):
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.usefixtures("without_pictures")
def test_whoever_ends_a_run_is_told_how_to_go_on(here, number, command, monkeypatch):
    running = endless(here)
    running.send_signal(number)
    assert ended(running) == (128 + number, "", f"\nInterrupted. {KEPT}\n")
    monkeypatch.chdir(here)
    status, told = command("compare", "shop.yaml", "--replicates", 2, "--out", "out", "--resume")
    assert (status, told.err) == (0, "")
    assert "Written to out" in told.out


def test_a_second_interruption_ends_at_once(here):
    running = endless(here, "--set", "customers.count=300000", "--workers", 1)  # a replicate takes more than a second
    running.send_signal(signal.SIGINT)
    said = running.stderr.readline()
    while said and not said.startswith("Interrupted."):
        said = running.stderr.readline()
    assert said
    assert running.poll() is None
    running.send_signal(signal.SIGINT)
    assert ended(running) == (128 + signal.SIGINT, "", f"\nInterrupted. {KEPT}\n")


def test_a_closed_terminal_does_not_end_what_was_told_to_outlive_it(here):
    ignoring = {"preexec_fn": lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)}
    running = begun(here, "compare", "shop.yaml", "--replicates", 40, "--out", "out", **ignoring)
    while running.poll() is None:
        running.send_signal(signal.SIGHUP)
        time.sleep(0.05)
    assert ended(running)[0] == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&-", "<&- >&- 2>&-"])
def test_a_closed_stream_ends_no_comparison(here, closed):
    status, _, err = ended(begun(here, "compare", "shop.yaml", "--replicates", 2, *SMALL, redirected=closed))
    assert (status, err) == (0, "")
    assert Result.load(here / "results" / "shop").replicates == 2


def test_without_standard_input_nothing_can_be_asked(here):
    status, _, err = ended(begun(here, "new", redirected="<&-", start=("-m", "trafficsim")))
    assert status == 2
    assert err.startswith("new: nothing can be asked here; give FILE")


def test_a_full_device_in_place_of_standard_output_is_told(here):
    running = begun(here, "compare", "shop.yaml", "--replicates", 2, *SMALL, redirected=">/dev/full")
    assert ended(running) == (1, "", f"No space left on device. {KEPT}\n")


def test_the_backend_of_other_programs_is_no_matter(here):
    environment = {**os.environ, "MPLBACKEND": "no_such_backend"}
    running = begun(
        here, "compare", "shop.yaml", "--replicates", 2, *SMALL, env=environment, start=("-c", NOTHING_MORE)
    )
    assert ended(running)[::2] == (0, "")


@pytest.mark.parametrize("option", ["--out", "--set"])
def test_an_argument_that_is_no_text_is_refused_before_anything_runs(here, option):
    text = os.fsdecode(b"a\xff")
    running = begun(here, "compare", "shop.yaml", option, text, errors="surrogateescape", start=("-m", "trafficsim"))
    assert ended(running) == (2, "", "'a\\udcff': is no text in the encoding utf-8\n")
    assert [path.name for path in here.iterdir()] == ["shop.yaml"]


@pytest.mark.usefixtures("without_pictures")
def test_a_full_disk_is_one_line_and_the_run_goes_on_once_there_is_room(here, command, monkeypatch):
    whole = compare(load(here / "shop.yaml"), 2, seed=1, folder=here / "whole")
    size = whole.save(here / "whole").stat().st_size
    room = size // 2
    assert max(path.stat().st_size for path in (here / "whole").glob("*.replicate")) < room
    arguments = ("compare", "shop.yaml", "--replicates", 2, "--out", "out")
    limited = begun(here, *arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room)))
    status, out, err = ended(limited)
    assert (status, err) == (1, f"out/results.nc: File too large. {KEPT}\n")
    assert "In brackets" in out  # the answer is told before it is written
    assert {path.name for path in (here / "out").iterdir()} == {"run.json", "replicates"}
    monkeypatch.chdir(here)
    assert command(*arguments, "--resume")[0] == 0
    assert Result.load(here / "out").data.drop_attrs().equals(whole.data.drop_attrs())


def test_no_room_for_the_first_replicate_leaves_nothing(here):
    tiny = 1000
    limited = begun(
        here, "compare", "shop.yaml", "--out", "out",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (tiny, tiny)),
    )  # fmt: skip
    status, _, err = ended(limited)
    assert status == 1
    assert err.startswith("out/replicates/0000")
    assert err.endswith(".replicate: File too large\n")
    assert not (here / "out").exists()


def test_what_a_killed_run_left_half_written_is_removed(here):
    shop, leftover = load(here / "shop.yaml"), f".{uuid.uuid4().hex}.part"
    folder = claim(here / "out", shop, 1, resume=False)
    folder.kept.mkdir()
    for path in (folder.path, folder.kept):
        for name in (leftover, "mine.part"):
            (path / name).write_text("half")
    claim(here / "out", shop, 1, resume=True)
    assert {path.name for path in (here / "out").rglob("*.part")} == {"mine.part"}


# Folders with things of another kind in them


@pytest.mark.parametrize("written", ["[" * 200_000, "{}" * 2, "3", "\0", '{"scenario": ' * 50_000])
def test_any_run_json_is_refused_in_one_line(here, written):
    (here / "run.json").write_text(written)
    with pytest.raises(FolderInUseError, match=r"run\.json can't be read"):
        claim(here, load(here / "shop.yaml"), 1, resume=True)


@pytest.fixture
def scenario(here):
    return load(here / "shop.yaml").replace({"customers.count": 100, "days": 6})


@pytest.mark.parametrize(
    "other",
    [
        lambda array: array[:1],
        lambda array: array[..., None],
        lambda _: np.int64(3),
        lambda array: array.astype(str),
        lambda array: array.astype("datetime64[s]"),
    ],
)
@pytest.mark.parametrize("name", Replicate._fields)
def test_a_sealed_replicate_of_another_kind_is_run_again(here, scenario, name, other, monkeypatch):
    sealed_as = []
    monkeypatch.setattr(
        "trafficsim.engine.ensemble.keep", lambda path, of, arrays: sealed_as.append((path, of, arrays))
    )
    (found,) = run_replicates(scenario, 1, [0], Running(folder=here))
    ((path, of, arrays),) = sealed_as
    keep(path, of, arrays)
    assert run_replicates(scenario, 1, [0], Running(folder=here))[0].tallies.tobytes() == found.tallies.tobytes()
    assert len(sealed_as) == 1  # as it stands it is taken
    keep(path, of, {**arrays, name: other(np.asarray(arrays[name]))})
    (again,) = run_replicates(scenario, 1, [0], Running(folder=here))
    assert len(sealed_as) == 2
    assert getattr(again, name).tobytes() == getattr(found, name).tobytes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04damaged", b"no archive"])
def test_a_seal_around_something_else_is_no_replicate(here, scenario, content, monkeypatch):
    sealed_as = []
    monkeypatch.setattr("trafficsim.engine.ensemble.keep", lambda path, of, _: sealed_as.append((path, of)))
    run_replicates(scenario, 1, [0], Running(folder=here))
    path, of = sealed_as[0]
    path.write_bytes(sealed(of, content))
    run_replicates(scenario, 1, [0], Running(folder=here))
    assert len(sealed_as) == 2


@pytest.mark.parametrize("kind", [Result, SweepResult])
@pytest.mark.parametrize("damage", ["empty", "text", "cut", "folder"])
def test_a_damaged_result_is_one_sentence(here, scenario, kind, damage):
    path = compare(scenario, 1).save(here)
    content = path.read_bytes()
    path.unlink()
    if damage == "folder":
        path.mkdir()
        for name in ("results.nc", "sweep.nc"):
            (path / name).mkdir()
    else:
        path.write_bytes({"empty": b"", "text": b"no data", "cut": content[: len(content) // 2]}[damage])
    with pytest.raises(ValueError, match="can't be read; it is damaged or no netCDF file"):
        kind.load(path)


def test_data_of_something_else_are_no_result(scenario):
    result = compare(scenario, 1)
    with pytest.raises(ValueError, match="lacks title, currency"):
        Result(result.data.drop_attrs().assign_attrs(baseline="nothing", language="en"))
