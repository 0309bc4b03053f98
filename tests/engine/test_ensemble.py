"""Replicates: the same bits on any executor; finished ones survive, and nothing else is trusted."""

import multiprocessing
import threading
from concurrent.futures import Executor, Future, ProcessPoolExecutor

import numpy as np
import pytest

from comparisons import lively
from trafficsim.engine import ensemble
from trafficsim.engine.ensemble import run_replicates
from trafficsim.engine.running import Running
from trafficsim.engine.settings import packed, widths
from trafficsim.engine.world import start

SMALL = lively({"customers.count": 60, "days": 12})
REPLICATES = range(4)


class Serial(Executor):
    """Runs what it is given at once, as the smallest executor there is."""

    def submit(self, fn, /, *args, **kwargs):
        job = Future()
        try:
            job.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - as the executors of the standard library do
            job.set_exception(error)
        return job


def bits(replicates):
    return [{name: (a.shape, a.dtype, a.tobytes()) for name, a in r._asdict().items()} for r in replicates]


@pytest.fixture(scope="module")
def expected():
    return bits(run_replicates(SMALL, 1, REPLICATES, Running(executor=Serial())))


@pytest.fixture
def calls(monkeypatch):
    """The replicates that are run, in the order in which they begin; `stop_at` raises in place of one of them."""
    return Calls(monkeypatch)


class Calls(list):
    def __init__(self, monkeypatch):
        self.stop_at, self.error, self.real = None, None, ensemble.run_replicate
        monkeypatch.setattr(ensemble, "run_replicate", self)

    def __call__(self, scenario, seed, replicate, **asked):
        if replicate == self.stop_at:
            raise self.error
        self.append(replicate)
        return self.real(scenario, seed, replicate, **asked)

    def stop(self, replicate, error):
        self.stop_at, self.error = replicate, error


@pytest.mark.parametrize("workers", [1, 2])
def test_threads_give_the_bits_of_a_serial_executor(workers, expected):
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(workers))) == expected


def test_processes_give_the_bits_of_a_serial_executor(expected):
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        assert bits(run_replicates(SMALL, 1, REPLICATES, Running(executor=pool))) == expected
        assert pool.submit(int, "7").result() == 7  # it was left open


def test_replicates_come_in_the_order_asked_for(expected):
    assert bits(run_replicates(SMALL, 1, [3, 0, 2])) == [expected[3], expected[0], expected[2]]


def test_replicates_and_seeds_differ(expected):
    assert len({str(r) for r in expected}) == len(expected)
    (other,) = bits(run_replicates(SMALL, 2, [0]))
    assert other != expected[0]


def test_a_replicate_holds_the_story_of_each_arm_alone():
    (found,) = run_replicates(SMALL, 1, [2])
    for k, arm in enumerate(SMALL.arms):
        world = start(SMALL, arm, 1, 2).run()
        assert np.array_equal(found.tallies[k], packed(world.tallies, widths(world.names, SMALL.days)))
        assert np.array_equal(found.members[k], world.members[1:])


def test_one_thread_runs_on_another_than_the_caller_and_is_gone_afterwards(monkeypatch):
    seen = []
    real = ensemble.run_replicate
    monkeypatch.setattr(
        ensemble, "run_replicate", lambda *a, **k: (seen.append(threading.current_thread()), real(*a, **k))[1]
    )
    run_replicates(SMALL, 1, range(2), Running(workers=1))
    assert len(set(seen)) == 1
    assert seen[0] is not threading.current_thread()
    assert not seen[0].is_alive()


def test_those_that_are_kept_are_read_and_told_like_new_ones(tmp_path, calls, expected):
    told = []
    run_replicates(SMALL, 1, [0, 2], Running(folder=tmp_path, done=told.append))
    assert sorted(told) == [0, 2]
    calls.clear()
    told.clear()
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path, done=told.append))) == expected
    assert sorted(calls) == [1, 3]
    assert sorted(told) == list(REPLICATES)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("out of luck")])
def test_after_an_interruption_only_the_rest_is_run(error, tmp_path, calls, expected):
    calls.stop(2, error)
    with pytest.raises(type(error)):
        run_replicates(SMALL, 1, REPLICATES, Running(workers=1, folder=tmp_path))
    finished = {int(path.stem) for path in tmp_path.iterdir()}
    assert 2 not in finished
    calls.stop(None, None)
    calls.clear()
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))) == expected
    assert set(calls) == set(REPLICATES) - finished


def test_after_an_error_what_has_not_begun_is_dropped(tmp_path, calls):
    """The worker is a few replicates ahead of who reads the results, but does not run them all."""
    calls.stop(1, RuntimeError("out of luck"))
    with pytest.raises(RuntimeError, match="out of luck"):
        run_replicates(SMALL, 1, range(200), Running(workers=1, folder=tmp_path))
    assert len(calls) < 100


def test_an_interruption_by_who_listens_keeps_what_was_told(tmp_path, calls):
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_replicates(SMALL, 1, range(200), Running(workers=1, folder=tmp_path, done=interrupt))
    assert len(list(tmp_path.iterdir())) == 1
    assert len(calls) < 100


def _cut(content):
    return content[: len(content) // 2]


def _one_bit(content):
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :]


@pytest.mark.parametrize("damage", [_cut, _one_bit, lambda _: b"", lambda c: c + b"\0", lambda _: b"no replicate\n"])
def test_a_damaged_file_is_not_trusted_but_run_again_and_mended(damage, tmp_path, calls, expected):
    run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))
    file = sorted(tmp_path.iterdir())[1]
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    calls.clear()
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))) == expected
    assert calls == [1]
    assert file.read_bytes() == whole


def test_the_file_of_another_replicate_is_not_trusted(tmp_path, calls, expected):
    run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))
    first, second, *_ = sorted(tmp_path.iterdir())
    first.write_bytes(second.read_bytes())
    calls.clear()
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))) == expected
    assert calls == [0]


def test_a_file_that_lacks_what_is_counted_now_is_not_trusted(tmp_path, calls, expected, monkeypatch):
    """As an older version would have left it: the engine is the same, so the seal fits."""
    real = ensemble.keep
    without = lambda path, of, arrays: real(path, of, {k: a for k, a in arrays.items() if k != "moved"})  # noqa: E731
    monkeypatch.setattr(ensemble, "keep", without)
    run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))
    monkeypatch.setattr(ensemble, "keep", real)
    calls.clear()
    assert bits(run_replicates(SMALL, 1, REPLICATES, Running(folder=tmp_path))) == expected
    assert sorted(calls) == list(REPLICATES)


@pytest.mark.parametrize(("changes", "seed"), [({}, 2), ({"product.price": 90}, 1)])
def test_files_of_another_seed_or_scenario_are_not_trusted(changes, seed, tmp_path):
    run_replicates(SMALL, 1, [0], Running(folder=tmp_path))
    other = SMALL.replace(changes)
    found = run_replicates(other, seed, [0], Running(folder=tmp_path))
    assert bits(found) == bits(run_replicates(other, seed, [0]))
    assert bits(found) != bits(run_replicates(SMALL, 1, [0]))
