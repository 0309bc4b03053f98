"""How well `plan` does: `python -m benchmarks.plan --seeds 1-10`: whether it wins over equal parts in fresh worlds.

Each seed is a line: minutes, the plan's spend and profit, and how much better it is than equal parts, with interval.
With `--folder` plans are kept as they are tried, to go on after an interruption; minutes then count what was left.
"""

import argparse
import time
from pathlib import Path
from typing import Any

import trafficsim as ts

BUDGET = 150_000.0
LEVERS = {
    "advertising.review_site.budget_per_day": (0.0, 600.0),
    "hooks.side_dish.worth": (0.0, 30.0),
    "posts.contacts.per_week": (0.0, 5.0),
    "posts.vip_group.per_week": (0.0, 7.0),
    "posts.vip_group.offers_per_week": (0.0, 3.0),
    "staff.manager.adds_per_day": (5, 60),
}
"""Of the restaurant: what it may spend in a year, and six things that it decides."""


def measured(seed: int, folder: Path | None, how: dict[str, Any]) -> str:
    """A line about one seed; `how` are options of `plan`."""
    begun = time.monotonic()
    found = ts.plan("restaurant", BUDGET, LEVERS, seed=seed, folder=folder, **how)
    minutes, equal = (time.monotonic() - begun) / 60.0, next(r for r in found.rivals if r.kind == "equal")
    ahead = equal.behind
    won = "wins" if ahead.low > 0 else "loses" if ahead.high < 0 else "open"
    return (
        f"seed {seed}: {minutes:.1f} minutes, spends {found.best.spend.middle:,.0f}, "
        f"earns {found.best.aim.middle:,.0f}, "
        f"equal parts less {ahead.middle:,.0f} ({ahead.low:,.0f} to {ahead.high:,.0f}): {won}"
    )


def main() -> None:
    """Measure some seeds."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", default="1-10")
    asked.add_argument("--worlds", type=int, default=64)
    asked.add_argument("--customers", type=int, default=10_000)
    asked.add_argument("--rounds", type=int, default=10)
    asked.add_argument("--workers", type=int, default=None)
    asked.add_argument("--folder", type=Path, default=None)
    given = asked.parse_args()
    how = {"uncertain": given.worlds, "customers": given.customers, "rounds": given.rounds, "workers": given.workers}
    first, _, last = given.seeds.partition("-")
    for seed in range(int(first), int(last or first) + 1):
        folder = given.folder / str(seed) if given.folder else None
        print(measured(seed, folder, how), flush=True)


if __name__ == "__main__":
    main()
