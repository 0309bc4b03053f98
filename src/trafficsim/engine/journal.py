"""One world's story as a table by day."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import signs_in_profit
from trafficsim.engine.world import World
from trafficsim.market.currencies import minor_units
from trafficsim.scenario import Scenario
from trafficsim.words.language import Language, words


def by_day(world: World, scenario: Scenario) -> dict[str, NDArray[Any]]:
    """The days that have passed, by column, each of shape `(days,)`: people that day, members at its end, money.

    Counts and money are those of the real population (see `counters.Counter.sampled`), money in currency units;
    `total_profit` adds up contribution profit from day 0.
    """
    scale = scenario.plan(scenario.baseline).customers.each_stands_for
    named, own = {c.name: c for c in world.names.counters}, world.names.counters[len(COUNTERS) :]

    def counted(name: str) -> NDArray[np.int64]:
        return _sum(world, name) * named[name].times(scale)

    gross, discounts = counted("gross_sales"), counted("discounts")
    minor = minor_units(scenario.currency)
    profit = np.sum([sign * counted(line) for line, sign in signs_in_profit(own).items()], axis=0) / minor
    return {
        "day": np.arange(world.day),
        "date": np.array([scenario.start + dt.timedelta(days=d) for d in range(world.day)], object),
        "newly_aware": counted("aware"),
        "new_customers": counted("first_orders"),
        **{name: counted(name) for name in ("orders", "joined", "left", "won_back")},
        "members": world.members[1 : world.day + 1].sum(axis=1) * scale,
        "revenue": (gross - discounts) / minor,
        "profit": profit,
        "total_profit": profit.cumsum(),
    }


HEADINGS = {
    "newly_aware": "newly aware",
    "new_customers": "first orders",
    "total_profit": "total profit",
    "won_back": "won back",
}
"""In English, of columns that are not said by their names."""


def as_text(days: Mapping[str, NDArray[Any]], language: Language = "en") -> str:
    """The table for a terminal, money in whole units; `won_back` is shown only where somebody was.

    Without it, 80 columns wide where revenue has no more than seven places.
    """
    shown = {name: values for name, values in days.items() if name != "won_back" or values.any()}
    say = words(language)
    columns = [_column(say(HEADINGS.get(name, name)), values.tolist()) for name, values in shown.items()]
    return "\n".join(" ".join(cells) for cells in zip(*columns, strict=True))


def profile_as_text(world: World) -> str:
    """Let a world's days pass, and tell what each mechanism took: seconds, nanoseconds per customer-day, and share."""
    world.fork().run(1)  # what compiles or loads is no work of a mechanism
    taken = world.profiled()
    total, customer_days = sum(taken.values()), world.customers * world.days
    rows = [*sorted(taken.items(), key=lambda item: -item[1]), ("all", total)]
    width = max(map(len, taken))
    lines = [f"{'mechanism':{width}}  seconds  ns per customer-day  share"]
    for name, seconds in rows:
        ns = seconds / customer_days * 1e9
        lines.append(f"{name:{width}}  {seconds:7.3f}  {ns:19.2f}  {seconds / total:5.0%}")
    return "\n".join(lines)


def _column(heading: str, values: list[object]) -> list[str]:
    """Cells of one width, the heading in two lines where it has a blank or a bracket."""
    from rich.cells import cell_len  # noqa: PLC0415 - loaded slowly

    above, _, below = heading.replace("（", " （").rpartition(" ")
    cells = [above, below, *(str(round(value) if isinstance(value, float) else value) for value in values)]
    width = max(map(cell_len, cells))
    return [" " * (width - cell_len(cell)) + cell for cell in cells]


def _sum(world: World, counter: str) -> NDArray[np.int64]:
    numbers = world.counted(counter)
    return numbers.sum(axis=1) if numbers.ndim == 2 else numbers
