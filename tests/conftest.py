"""Shared by all tests."""

import numba
import numpy as np
import pytest

from trafficsim.day import run_steps


@pytest.fixture(autouse=True)
def _wrapping_integers():
    """Uncompiled, the generator's integers wrap around as NumPy scalars, which warns; compiled they wrap silently."""
    with np.errstate(over="ignore"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _engine_compiled_once():
    """A test that hands the engine an array of another type has all of it compiled anew, half a minute each time."""
    yield
    assert numba.config.DISABLE_JIT or len(run_steps.signatures) <= 1


@pytest.fixture
def without_pictures(monkeypatch):
    """Pictures take four fifths of a report's time; this leaves them out where a test is about something else."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, and few tests need it

    monkeypatch.setattr("trafficsim.report.page.drawings", lambda *_: ([], []))
    monkeypatch.setattr("trafficsim.plots.overview", lambda *_, **__: Figure())
