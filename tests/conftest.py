"""Shared by all tests."""

import numpy as np
import pytest


@pytest.fixture(autouse=True)
def _wrapping_integers():
    """Uncompiled, the generator's integers wrap around as NumPy scalars, which warns; compiled they wrap silently."""
    with np.errstate(over="ignore"):
        yield
