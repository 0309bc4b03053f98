"""Everything that runs worlds takes any executor: the same bits, from functions and arguments that can be sent away."""

import operator
import pickle
from concurrent.futures import Executor, Future

import numpy as np
import pytest

import trafficsim as ts
from comparisons import SHOP, shop
from trafficsim.engine import running
from trafficsim.engine.running import OtherVersionError, Running
from trafficsim.scenario import load_text
from trafficsim.study import robust
from trafficsim.study.calibrating import calibrate
from trafficsim.study.examine import examine
from trafficsim.study.leaning import lean
from trafficsim.study.uncertain import numbers

CLAIMS = """
claims:
  pool_pays: {says: The pool pays., source: test, expect: {metric: profit, arm: private, more_than: {arm: paid}}}
sources:
  product.price: {assumed: true, range: [60, 100]}
  word_of_mouth.tell: {assumed: true, range: [0.05, 0.2]}
"""
FEW_DAYS = SHOP.replace("days: 60", "days: 9").replace("count: 2000", "count: 200") + CLAIMS
CASE = load_text(FEW_DAYS, "shop")
EQUAL = CASE.replace({"equal_budget": ["paid", "private"], "advertising.feed.budget_per_day": 60})
PAIR, PRICES = ("private", "paid"), {"product.price": [70, 90]}
MOST = 100_000
"""Bytes of a job: a scheduler that holds thousands of them must not need gigabytes."""


class Elsewhere(Executor):
    """Runs what it is given at once, but on copies that were pickled, as another machine would."""

    def __init__(self):
        self.jobs = 0

    def submit(self, function, /, *arguments):
        sent = pickle.dumps((function, arguments))
        assert len(sent) < MOST
        self.jobs += 1
        job = Future()
        function, arguments = pickle.loads(sent)
        job.set_result(pickle.loads(pickle.dumps(function(*arguments))))
        return job


def same(a, b):
    return all(a[name].dtype == b[name].dtype and a[name].equals(b[name]) for name in {*a.data_vars, *b.data_vars})


def run_calibration(folder, **how):
    text = "".join(f"2024-01-{day:02},{10 + day % 3}\n" for day in range(1, 29))
    (folder / "counts.csv").write_text("date,orders\n" + text)
    return calibrate(CASE, folder / "counts.csv", arm="paid", fit=["word_of_mouth.tell"], waves=1, held_out=0.0, **how)


STUDIES = {  # by name: how it is run, when two answers are the same, and jobs at least
    "compare": (lambda _, **how: ts.compare(CASE, 2, **how).data, same, 2),
    "compare, equal money": (lambda _, **how: ts.compare(EQUAL, 2, **how).data, same, 10),
    "sweep": (
        lambda _, **how: ts.sweep(CASE, PRICES, arms=PAIR, replicates=2, **how).data,
        same,
        2,
    ),
    "evaluate": (lambda _, **how: ts.evaluate(CASE, [{"product.price": 70}], ["profit"], **how), same, 1),
    "sensitivity": (lambda _, **how: ts.sensitivity(CASE, 16, **how).data, same, 16),
    "leans": (lambda _, **how: lean(CASE, ts.compare(CASE, 6), **how).about.leaning, operator.eq, 4),
    "claims": (lambda _, **how: examine(CASE, 6, robust=True, **how), operator.eq, 10),
    "calibrate": (run_calibration, lambda a, b: np.array_equal(a.fit.points, b.fit.points), 10),
}


@pytest.mark.parametrize(
    "study", [pytest.param(name, marks=[pytest.mark.slow] * (name in {"sensitivity", "calibrate"})) for name in STUDIES]
)
def test_another_executor_gives_the_same_bits(study, tmp_path, monkeypatch):
    monkeypatch.setattr(robust, "numbers", lambda case: numbers(case)[:2])  # others would only take time
    run, alike, least = STUDIES[study]
    executor = Elsewhere()
    there = run(tmp_path, executor=executor)
    assert executor.jobs >= least
    assert alike(there, run(tmp_path, workers=2))


def test_jobs_are_handed_over_a_few_at_a_time_and_none_is_lost(monkeypatch):
    monkeypatch.setattr(running, "AHEAD", 2)
    found = dict(Running(executor=Elsewhere()).side_by_side(divmod, {n: (n, 3) for n in range(7)}, []))
    assert found == {n: divmod(n, 3) for n in range(7)}


def test_a_worker_of_another_version_is_refused(monkeypatch):
    versions = iter(["here", "there"])
    monkeypatch.setattr(running, "code_version", lambda: next(versions))
    with pytest.raises(OtherVersionError, match="install the same versions"):
        list(Running(executor=Elsewhere()).side_by_side(divmod, {0: (5, 3)}, []))


def test_a_threads_worker_count_decides_nothing():
    assert same(ts.compare(shop({"days": 5}), 2, workers=1).data, ts.compare(shop({"days": 5}), 2, workers=3).data)
