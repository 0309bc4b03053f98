"""What was promised before the first line was written, against what is measured."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks import complete, engines, mechanisms, memory, starts
from benchmarks.sizes import FULL
from benchmarks.tables import NOT_MEASURED, Table, population, shown

Tables = Mapping[str, Table]
Found = Callable[[str, str, str], float | None]
"""A number by table, row and column."""
SMALL, LARGE, LARGEST = 100_000, 1_000_000, 10_000_000


@dataclass(frozen=True)
class Target:
    """A promise: a number with a bound.

    Attributes:
        says: what is promised, in words.
        unit: of the number.
        bound: the number that must be reached (`at_least`) or kept.
        number: how it is found among the tables; None where it was not measured.
    """

    says: str
    unit: str
    bound: float
    at_least: bool
    number: Callable[[Found], float | None]

    def met(self, value: float) -> bool:
        """Whether a measured number keeps the promise."""
        return value >= self.bound if self.at_least else value <= self.bound


def _cell(table: str, row: str, column: str) -> Callable[[Found], float | None]:
    return lambda found: found(table, row, column)


def _ratio(
    over: Callable[[Found], float | None], under: Callable[[Found], float | None]
) -> Callable[..., float | None]:
    def number(found: Found) -> float | None:
        a, b = over(found), under(found)
        return None if a is None or b is None else a / b

    return number


def _dearest_unused(found: Found) -> float | None:
    rows = (mechanisms.IS_OFF, mechanisms.ELSEWHERE)
    ratios = [found("unused", row, "times that of left out") for row in rows]
    return max((r for r in ratios if r is not None), default=None)


SPEED, YEAR, FASTER = "million customer-days per s", "s per simulated year", "times as fast as one thread"
PER_DAY = "ns per customer-day"
TARGETS = (
    Target("complete model, 100,000 customers, one core", SPEED, 50, at_least=True,
           number=_cell("complete", complete.row_name(SMALL, 1), SPEED)),
    Target("complete model, 1,000,000 customers, one core", SPEED, 50, at_least=True,
           number=_cell("complete", complete.row_name(LARGE, 1), SPEED)),
    Target("two threads on 1,000,000 customers", FASTER, 1.7, at_least=True,
           number=_cell("complete", complete.row_name(LARGE, 2), FASTER)),
    Target("mini model, 1,000,000 customers, one thread", "times as fast as Mesa", 200, at_least=True,
           number=_cell("engines", engines.row_name(engines.ONE, LARGE), "times as fast as Mesa")),
    Target("mini model, 1,000,000 customers, two threads", "times as fast as Mesa", 350, at_least=True,
           number=_cell("engines", engines.row_name(engines.TWO, LARGE), "times as fast as Mesa")),
    Target("mini model, 1,000,000 customers, one thread", "times as fast as a step of Starsim's SIR", 12, at_least=True,
           number=_ratio(_cell("starsim", population(LARGE), "ns per agent and step"),
                         _cell("engines", engines.row_name(engines.ONE, LARGE), PER_DAY))),
    Target("1,000,000 customers for a year, one core", "s", 8, at_least=False,
           number=_cell("complete", complete.row_name(LARGE, 1), YEAR)),
    Target("1,000,000 customers for a year, two threads", "s", 5, at_least=False,
           number=_cell("complete", complete.row_name(LARGE, 2), YEAR)),
    Target("10,000,000 customers: peak of the process", "GB", 2, at_least=False,
           number=_cell("memory", population(LARGEST), memory.PEAK)),
    Target("10,000,000 customers: time, against 100 times that of 100,000", "times linear", 1.5, at_least=False,
           number=_ratio(_cell("linear", population(LARGEST), PER_DAY), _cell("linear", population(SMALL), PER_DAY))),
    Target("a customer with one pool, ties of mean degree 10 included", "bytes", 140, at_least=False,
           number=_cell("memory", population(LARGE), memory.STATE)),
    Target("each further pool", "bytes", 8, at_least=False, number=_cell("memory", memory.PER_POOL, memory.STATE)),
    Target("`compare`, 3 arms x 32 replicates x 30,000 customers x 365 days, warm", "s", 25, at_least=False,
           number=_cell("starts", starts.compare_row(FULL), "s")),
    Target("`trafficsim --help`", "s", 0.3, at_least=False, number=_cell("starts", starts.HELP, "s")),
    Target("warm run of the restaurant", "s", 1.5, at_least=False, number=_cell("starts", starts.WARM, "s")),
    Target("compiling everything", "s", 30, at_least=False, number=_cell("starts", starts.COMPILING, "s")),
    Target("mechanisms that are not used", "times the cost of leaving them out", 1.05, at_least=False,
           number=_dearest_unused),
)  # fmt: skip


def verdicts(tables: Tables) -> list[dict[str, str]]:
    """For each target: what is promised, what was measured, and whether it is met."""
    return [_verdict(target, target.number(lambda t, r, c: _look_up(tables, t, r, c))) for target in TARGETS]


def _look_up(tables: Tables, table: str, row: str, column: str) -> float | None:
    return tables[table].number(row, column) if table in tables else None


def _verdict(target: Target, value: float | None) -> dict[str, str]:
    return {
        "target": target.says,
        "wanted": f"{'at least' if target.at_least else 'at most'} {shown(target.bound)} {target.unit}",
        "measured": NOT_MEASURED if value is None else shown(value),
        "met": "" if value is None else "yes" if target.met(value) else "**no**",
    }


def markdown(found: list[dict[str, str]]) -> Iterator[str]:
    """The lines of the table of targets."""
    yield from ("| target | wanted | measured | met |", "| --- | --- | ---: | --- |")
    yield from (f"| {' | '.join(row.values())} |" for row in found)
    yield ""
