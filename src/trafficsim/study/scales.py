"""Scales on which weekly numbers are compared: roots of counts and money, whose luck is alike whatever they are."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.study.observing import BELOW_ZERO

Array = NDArray[np.float64]


def transformed(name: str, values: Array) -> Array:
    """Numbers of a series on their scale."""
    return values if _below_zero(name) else np.sqrt(np.maximum(values, 0.0))


def back(name: str, values: Array) -> Array:
    """What `transformed` made of numbers, turned back."""
    return values if _below_zero(name) else np.square(np.maximum(values, 0.0))


def slopes(name: str, values: Array) -> Array:
    """How much each number changes on its scale if it is larger by its whole, or by what is usual in the series."""
    usual = np.maximum(np.abs(values), np.abs(values).mean())
    return np.asarray(usual if _below_zero(name) else np.sqrt(usual) / 2.0)


def _below_zero(name: str) -> bool:
    return name.partition(".")[0] in BELOW_ZERO
