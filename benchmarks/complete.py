"""The complete model: the restaurant with every mechanism on, from ten thousand to ten million customers."""

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value, population
from benchmarks.timing import Time, medians
from trafficsim.engine.world import World, start
from trafficsim.scenario import Scenario, load, load_text

FILE = Path(__file__).with_name("complete.yaml")
ARM = "base"
ARMS = """
arms:
  paid:       {hooks: off, posts: {vip_group: off}, staff: off, win_back: off}
  private:    {advertising: off}
  everything: {}
baseline: paid
"""
"""Three arms, for what compares."""
THREADS = (1, 2)
WORDS = """\
[complete.yaml](../benchmarks/complete.yaml), one replicate; building the population and its ties
stands apart. Where a year would take too long, fewer days are run; what happens on a day rises with the members."""
LINEAR_WORDS = """\
The same first {days} days at every size, one thread: whether ten times the customers take ten times as long."""


def scenario(customers: int, days: int = 365) -> Scenario:
    """The complete model with so many customers, who stand for the same people in reality."""
    return sampled(load(FILE), customers, days)


def comparison(customers: int, days: int = 365) -> Scenario:
    """The same with three arms."""
    return sampled(load_text(comparison_text(), "complete"), customers, days)


def comparison_text() -> str:
    """The file with three arms."""
    return FILE.read_text("utf-8") + ARMS


def sampled(full: Scenario, customers: int, days: int) -> Scenario:
    """A scenario with so many customers, who stand for the same people in reality."""
    plan = full.plan(full.baseline).customers
    stand_for = max(1, plan.count * plan.each_stands_for // customers)
    return full.replace({"customers.count": customers, "customers.each_stands_for": stand_for, "days": days})


def measure(sizes: Sizes) -> list[Table]:
    """The model as a whole, and how it grows with customers."""
    rows: dict[str, dict[str, Value]] = {}
    linear: dict[str, dict[str, Value]] = {}
    for customers, days in sizes.complete:
        begin = time.perf_counter()
        world = start(scenario(customers, days), ARM)
        setting_up = time.perf_counter() - begin
        rows |= _rows(customers, days, setting_up, _years(world, sizes.repeats if days == 365 else 1))
        first_days = medians({"first": partial(_forked, world, sizes.linear)}, sizes.repeats)["first"]
        linear[population(customers)] = {"ns per customer-day": first_days.wall / customers / sizes.linear * 1e9}
    base = next(iter(linear.values()))["ns per customer-day"]
    for row in linear.values():
        row["times the smallest"] = float(row["ns per customer-day"]) / float(base)
    return [
        Table("complete", "The complete model", WORDS, rows),
        Table("linear", "Growth with customers", LINEAR_WORDS.format(days=sizes.linear), linear),
    ]


def _years(world: World, repeats: int) -> dict[int, Time]:
    """All days, by the number of threads, each time from day 0."""
    world.fork().run(1)  # compiled code is loaded
    jobs = {f"{threads}": partial(_forked, world, world.days, threads) for threads in THREADS}
    return {int(threads): taken for threads, taken in medians(jobs, repeats).items()}


def _forked(world: World, until: int, threads: int = 1) -> Callable[[], object]:
    return partial(world.fork().run, until, threads)


def _rows(customers: int, days: int, setting_up: float, taken: dict[int, Time]) -> dict[str, dict[str, Value]]:
    """A row for each number of threads."""
    customer_days = customers * days
    return {
        row_name(customers, threads): {
            "days": float(days),
            "set-up, s": setting_up,
            "ns per customer-day": t.wall / customer_days * 1e9,
            "million customer-days per s": customer_days / t.wall / 1e6,
            "s per simulated year": t.wall * 365.0 / days,
            "CPU s per simulated year": t.cpu * 365.0 / days,
            "times as fast as one thread": taken[1].wall / t.wall,
        }
        for threads, t in taken.items()
    }


def row_name(customers: int, threads: int) -> str:
    """How rows are named."""
    return f"{population(customers)}, {threads} thread{'s' if threads > 1 else ''}"
