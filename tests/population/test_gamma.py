"""Gamma quantiles against SciPy's, which inverts the same function another way."""

import numpy as np
import pytest
from scipy.special import gammaincinv

from trafficsim.population.gamma import gamma_of_mean_one

EPSILON = 2.0**-53
"""Draws are at least this far from 0 and from 1."""


def draws():
    """Some everywhere, many near both ends, and the very ends."""
    near = 2.0 ** -np.linspace(1, 53, 2_000)
    return np.concatenate([np.linspace(0, 1, 5_001)[1:-1], near, 1 - near])


@pytest.mark.parametrize("shape", [0.05, 0.13, 0.4, 0.8, 0.999, 1.001, 1.7, 4.0, 25.0, 180.0, 1000.0])
def test_they_are_those_of_scipy(shape):
    """Closer than the eleven digits that are promised; what is next to nothing is next to nothing in both."""
    exact = gammaincinv(shape, draws()) / shape
    assert gamma_of_mean_one(draws(), shape) == pytest.approx(exact, rel=1e-11, abs=1e-290)


def test_those_of_shape_one_are_exponential():
    assert np.array_equal(gamma_of_mean_one(draws(), 1.0), -np.log1p(-draws()))


@pytest.mark.parametrize("shape", [0.05, 0.8, 1000.0])
def test_a_higher_draw_never_gives_less(shape):
    """Over neighbouring draws too, at a node (log-odds 0) and beside it."""
    close = 0.5 + np.arange(-500, 500) * EPSILON
    assert np.all(np.diff(gamma_of_mean_one(np.sort(draws()), shape)) >= 0)
    assert gamma_of_mean_one(close, shape) == pytest.approx(gammaincinv(shape, close) / shape, rel=1e-11)


def test_they_do_not_depend_on_who_else_is_asked_for():
    some = draws()
    assert np.array_equal(gamma_of_mean_one(np.tile(some, 4), 0.8), np.tile(gamma_of_mean_one(some, 0.8), 4))
    assert gamma_of_mean_one(np.empty(0), 0.8).size == 0
