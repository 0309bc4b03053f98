"""Shipped scenarios, each read once: a scenario is never changed, and reading one takes a tenth of a second."""

from functools import cache
from pathlib import Path

from trafficsim import load

RESTAURANT = Path(__file__).parent / "data" / "cases" / "restaurant.yaml"
"""A restaurant with one pool, for tests that need some scenario: the shipped one may change with what is known."""

read = cache(load)

TABLES = {
    f"{name}.csv"
    for name in (
        "summary",
        "daily",
        "crossover",
        "money_in_time",
        "uplift",
        "attribution",
        "routes",
        "hooks",
        "cohorts",
    )
}
"""The tables that a comparison writes."""
