"""The mini model in four engines: the same rules, outcomes that agree (tests/docs), very unlike speed."""

import time
from collections.abc import Callable, Iterator
from functools import partial

from benchmarks.mini import MiniTrafficsim, Model, Outcome, acquaintances, numbers
from benchmarks.mini_mesa import MiniMesa
from benchmarks.mini_numpy import MiniNumpy
from benchmarks.sizes import Sizes
from benchmarks.tables import Table, Value, population
from benchmarks.timing import Prepare, Time, measured, middle

WORDS = """\
The rules are told in [mini.py](../benchmarks/mini.py). Mesa: one object per customer, activated in random order each
day (`shuffle_do`), or always in the same order (`do`), which these rules would allow. NumPy: single precision, indices
of those concerned. All engines run the same days, from the first one, on ties that are given; a year of Mesa is
projected from these days. NumPy and trafficsim are measured before, between and after Mesa's runs. Members, orders and
times told after the last of them differ by chance only."""
MESA, MESA_IN_ORDER, NUMPY, ONE, TWO = (
    "Mesa, shuffle_do",
    "Mesa, do",
    "NumPy",
    "trafficsim, 1 thread",
    "trafficsim, 2 threads",
)
ENGINES = (MESA, MESA_IN_ORDER, NUMPY, ONE, TWO)
SEED = 1


def measure(sizes: Sizes) -> list[Table]:
    """A row for each engine and number of customers."""
    rows: dict[str, dict[str, Value]] = {}
    for customers, days in sizes.mini:
        rows |= _race(customers, days, sizes)
    return [Table("engines", "The same mini model in other engines", WORDS, rows)]


def _race(customers: int, days: int, sizes: Sizes) -> dict[str, dict[str, Value]]:
    setting_up: dict[str, float] = {}
    makers = _makers(customers, days)
    makers[ONE]().run(1)  # compiled code is loaded
    models: dict[str, Model] = {}
    jobs: dict[str, Prepare] = {
        name: partial(_prepared, name, make, days, models, setting_up) for name, make in makers.items()
    }
    times: dict[str, list[Time]] = {name: [] for name in jobs}
    outcomes: dict[str, Outcome] = {}
    for names, repeats in _heats(sizes):
        for name, found in measured({name: jobs[name] for name in names}, repeats).items():
            times[name] += found
        outcomes |= {name: models.pop(name).outcome() for name in names}
    taken = {name: middle(found) for name, found in times.items()}
    return {
        row_name(name, customers): {
            "set-up, s": setting_up[name],
            "ns per customer-day": taken[name].wall / customers / days * 1e9,
            "CPU ns per customer-day": taken[name].cpu / customers / days * 1e9,
            "s per simulated year": taken[name].wall * 365.0 / days,
            "times as fast as Mesa": taken[MESA].wall / taken[name].wall,
            **{count: float(number) for count, number in outcomes[name]._asdict().items()},
        }
        for name in ENGINES
    }


def _makers(customers: int, days: int) -> dict[str, Callable[[], Model]]:
    ties, p = acquaintances(customers, SEED), numbers()
    return {
        MESA: lambda: MiniMesa(ties, p, SEED),
        MESA_IN_ORDER: lambda: MiniMesa(ties, p, SEED, "do"),
        NUMPY: lambda: MiniNumpy(ties, p, SEED),
        ONE: lambda: MiniTrafficsim(customers, days, SEED),
        TWO: lambda: MiniTrafficsim(customers, days, SEED, threads=2),
    }


def _heats(sizes: Sizes) -> Iterator[tuple[tuple[str, ...], int]]:
    """Engines that are measured in turns, and how often.

    Mesa's objects would slow down others. Its runs take so long that the machine may change its pace meanwhile: the
    others are measured before, between and after them.
    """
    others = (NUMPY, ONE, TWO), sizes.repeats
    yield from (others, ((MESA,), sizes.mesa_repeats), others, ((MESA_IN_ORDER,), sizes.mesa_repeats), others)


def _prepared(
    name: str, make: Callable[[], Model], days: int, models: dict[str, Model], setting_up: dict[str, float]
) -> Callable[[], object]:
    """A new model, whose set-up is noted, ready to run."""
    models.pop(name, None)
    begin = time.perf_counter()
    models[name] = make()
    setting_up[name] = time.perf_counter() - begin
    return partial(models[name].run, days)


def row_name(engine: str, customers: int) -> str:
    """How rows are named."""
    return f"{engine}, {population(customers)}"
