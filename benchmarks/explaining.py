"""explain: its time with 12 parts against a comparison's, and orders of 10 parts against all 1,024 arms between.

    python -m benchmarks.explaining [restaurant.yaml ...]

What must be reached: at most 6 times one comparison of the two arms; every share of 10 parts within its interval.
It takes some minutes.
"""

import time
from collections.abc import Callable
from typing import Any

from trafficsim.scenario import Scenario, load
from trafficsim.study import compare, explain

CHANGES: dict[str, Any] = {
    "product": {"price": 95, "quality": 0.75},
    "hooks": "off",
    "word_of_mouth": {"tell": 0.15},
    "leaving": {"hazard": 0.015},
    "purchasing": {"per_trust": 1.6, "stocked": 0.6},
    "staff": "off",
    "posts": "off",
    "places": {"vip_group": "off", "contacts": "off"},
    "advertising": "off",
}
"""What the second arm sets otherwise than the restaurant's own: 12 parts."""
FEWER = 10
"""Parts of which all arms between are run."""
REPLICATES = 16
CUSTOMERS, DAYS, EXACT_REPLICATES = 1500, 90, 16
"""Of the world with 1,024 arms between: small, since it is run so often."""


def two_arms(parts: int) -> Scenario:
    """The restaurant with two arms that differ in 12 parts, or in 10."""
    changes = dict(CHANGES)
    if parts == FEWER:
        changes["purchasing"] = {"per_trust": 1.6}
        del changes["leaving"]
    return load("restaurant").adding({"arms": {"as_is": {}, "other": changes}})


def seconds(work: Callable[[], Any]) -> tuple[float, Any]:
    """How long it takes, and what it gives."""
    before = time.perf_counter()
    found = work()
    return time.perf_counter() - before, found


def main() -> None:
    """Print both measurements."""
    case = two_arms(12)
    parts = case.parts_between("as_is", "other")
    made = case.with_arms_between("as_is", "other", {"as_is": [], "other": [p for own in parts.values() for p in own]})
    compare(made, 2)  # compiles
    one, _ = seconds(lambda: compare(made, REPLICATES))
    all_, found = seconds(lambda: explain(case, "as_is", "other", replicates=REPLICATES))
    print(f"{len(parts)} parts: {all_:.1f} s, one comparison {one:.1f} s: {all_ / one:.2f} times")
    print(f"largest gap of a sum: {abs(found.by_replicate.sum(axis=1).mean() - found.difference.middle):.2g}")
    small = two_arms(FEWER).replace({"customers.count": CUSTOMERS, "days": DAYS})
    sampled = explain(small, "as_is", "other", replicates=EXACT_REPLICATES, exact=False)
    exact = explain(small, "as_is", "other", replicates=EXACT_REPLICATES, exact=True)
    truth = {share.name: share.adds.middle for share in exact.shares}
    inside = [share.adds.low <= truth[share.name] <= share.adds.high for share in sampled.shares]
    for share, held in zip(sampled.shares, inside, strict=True):
        low, high = share.adds.low, share.adds.high
        print(f"{share.name}: {share.adds.middle:.0f} ({low:.0f} to {high:.0f}), all arms {truth[share.name]:.0f}",
              "" if held else "MISSED")  # fmt: skip
    print(f"{sum(inside)} of {len(inside)} shares within their intervals")


if __name__ == "__main__":
    main()
