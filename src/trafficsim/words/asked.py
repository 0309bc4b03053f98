"""What callers ask of the library, checked before anything runs: one sentence instead of a fault deep inside."""

import math
import operator
from collections.abc import Iterable
from typing import Any

DEFAULT_SEED = 1
"""The seed wherever none is given, so that two calls that name none are about the same random numbers."""
MOST = 2**64 - 1
"""The largest seed: it is stored and compared as 64 bits."""


def whole(name: str, value: Any, least: int, most: int | None = None) -> int:
    """A whole number within bounds, NumPy's too.

    Raises:
        ValueError: with what was given and what is allowed.
    """
    span = f"from {least:,} to {most:,}" if most is not None else f"of {least:,} or more"
    try:
        number = operator.index(value)
    except TypeError:
        number = None
    if number is None or isinstance(value, bool) or number < least or (most is not None and number > most):
        raise ValueError(f"{name} must be a whole number {span} (got {value!r})")
    return number


def numbered(name: str, value: Any, below: int) -> range:
    """So many, numbered from 0; or those with consecutive numbers, as a range.

    Raises:
        ValueError: with what was given and what is allowed.
    """
    numbers = value if isinstance(value, range) else range(whole(name, value, 1))
    if numbers.step != 1 or not 0 <= numbers.start < numbers.stop <= below:
        raise ValueError(
            f"{name} must be consecutive numbers from 0 to {below - 1:,}, such as range(100, 200) (got {value!r})"
        )
    return numbers


def seed(value: Any) -> int:
    """A seed.

    Raises:
        ValueError: unless it is a whole number that 64 bits hold.
    """
    return whole("seed", value, 0, MOST)


def confidence(value: Any) -> float:
    """How sure an interval is.

    Raises:
        ValueError: unless it lies between 0 and 1, such as 0.95.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value < 1.0 or math.isnan(value):
        raise ValueError(f"confidence must lie between 0 and 1, such as 0.95 (got {value!r})")
    return float(value)


def one_of(what: str, name: Any, known: Iterable[str]) -> str:
    """A name that exists.

    Raises:
        KeyError: with the names that there are.
    """
    names = list(known)
    if name not in names:
        raise KeyError(f"no {what} {name!r}; there are {', '.join(names) or 'none'}")
    return str(name)
