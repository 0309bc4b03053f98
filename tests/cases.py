"""Shipped scenarios, each read once: a scenario is never changed, and reading one takes a tenth of a second."""

from functools import cache

from trafficsim import load

read = cache(load)
