"""How well `plan` does: `python -m benchmarks.plan --seeds 1-10`: whether it wins over equal parts in fresh worlds.

Each seed is a line: minutes, the plan's spend and profit, and how much better it is than equal parts, with interval.
"""

import argparse
import time

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


def measured(seed: int, worlds: int, rounds: int) -> str:
    """A line about one seed."""
    begun = time.monotonic()
    found = ts.plan("restaurant", BUDGET, LEVERS, uncertain=worlds, rounds=rounds, seed=seed)
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
    asked.add_argument("--rounds", type=int, default=10)
    given = asked.parse_args()
    first, _, last = given.seeds.partition("-")
    for seed in range(int(first), int(last or first) + 1):
        print(measured(seed, given.worlds, given.rounds), flush=True)


if __name__ == "__main__":
    main()
