"""One world's story as a table by day."""

import datetime as dt

import numpy as np
import pandas as pd

from trafficsim.mechanism import CENTS
from trafficsim.metrics import COST_LINES
from trafficsim.scenario import Scenario
from trafficsim.world import World


def by_day(world: World, scenario: Scenario) -> pd.DataFrame:
    """The days that have passed, one row each: people that day, members at its end, money in currency units.

    Counts and money are those of the real population (simulated ones times `each_stands_for`); `total_profit` adds up
    contribution profit from day 0.
    """
    scale = scenario.plan(scenario.baseline).customers.each_stands_for
    counted = {
        name: _sum(world, name) * scale for name in ("aware", "first_orders", "orders", "joined", "left", "won_back")
    }
    gross, discounts = _sum(world, "gross_sales"), _sum(world, "discounts")
    profit = (gross - np.sum([_sum(world, line) for line in COST_LINES], axis=0)) * scale / CENTS
    dates = [scenario.start + dt.timedelta(days=d) for d in range(world.day)]
    members = world.members[1 : world.day + 1].sum(axis=1) * scale
    money = {"revenue": (gross - discounts) * scale / CENTS, "profit": profit, "total_profit": profit.cumsum()}
    table = pd.DataFrame({"date": dates, **counted, "members": members, **money})
    return table.rename(columns={"aware": "newly_aware", "first_orders": "new_customers"}).rename_axis("day")


HEADINGS = {
    "newly_aware": "newly aware",
    "new_customers": "first orders",
    "total_profit": "total profit",
    "won_back": "won back",
}


def as_text(days: pd.DataFrame) -> str:
    """The table for a terminal, money in whole units; `won_back` is shown only where somebody was.

    Without it, 80 columns wide where revenue has no more than seven places.
    """
    table = days.reset_index()
    if not table["won_back"].any():
        table = table.drop(columns="won_back")
    columns = [_column(HEADINGS.get(name, name), table[name].tolist()) for name in table.columns]
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
    """Cells of one width, the heading in two lines."""
    above, _, below = heading.rpartition(" ")
    cells = [above, below, *(str(round(value) if isinstance(value, float) else value) for value in values)]
    width = max(len(cell) for cell in cells)
    return [cell.rjust(width) for cell in cells]


def _sum(world: World, counter: str) -> np.ndarray:
    numbers = world.counted(counter)
    return numbers.sum(axis=1) if numbers.ndim == 2 else numbers
