"""Shared by all tests."""

import gc
import os
import signal

# Tests run in parallel, and threads of linear algebra that wait for a processor burn the time of the others. It is read
# when NumPy is imported; another number in the environment holds.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numba
import numpy as np
import pytest

from trafficsim.engine.day import DAY, prepare, run_days

gc.set_threshold(10_000)  # as commands have it; by default Python looks for garbage after every 700 objects, or 2000

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # What a shell begins in the background ignores Ctrl-C, and so would every command that a test interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_sessionstart(session):
    """Compile once what several workers would otherwise compile at the same time."""
    if getattr(session.config.option, "numprocesses", None) and not numba.config.DISABLE_JIT:
        prepare()


def pytest_collection_finish():
    """Leave the half million objects that stay until the end out of each search for garbage: 0.3 s of every one."""
    gc.collect()
    gc.freeze()


def _skipping_without_a_font(item):  # noqa: ARG001 - pytest hands it over by this name
    """Skip a test that draws Chinese where no installed font can, as on a bare machine; CI installs one."""
    try:
        return (yield)
    except ValueError as error:
        if type(error).__name__ == "NoFontError":  # by name, since plots is slow to import
            pytest.skip(str(error))
        raise


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(_skipping_without_a_font)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(_skipping_without_a_font)


@pytest.fixture
def chinese_font():
    """Skip a test whose program says that it can't draw Chinese here, or whose page does without pictures."""
    from trafficsim.plots import style  # noqa: PLC0415 - slow to import

    if not style.can_draw("私域"):
        pytest.skip("no font with Chinese characters is installed")


@pytest.fixture(autouse=True)
def _wrapping_integers():
    """Uncompiled, the generator's integers wrap around as NumPy scalars, which warns; compiled they wrap silently."""
    with np.errstate(over="ignore"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _engine_compiled_once():
    """A test that hands the engine an array of another type has all of it compiled anew."""
    yield
    if not numba.config.DISABLE_JIT:
        assert all(len(entry.signatures) <= 1 for entry in (run_days.entry, *(line.step.entry for line in DAY)))


@pytest.fixture
def without_pictures(monkeypatch):
    """Pictures take four fifths of a report's time; this leaves them out where a test is about something else."""
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, and few tests need it

    monkeypatch.setattr("trafficsim.report.page.drawings", lambda *_: ([], []))
    monkeypatch.setattr("trafficsim.plots.overview", lambda *_, **__: Figure())


@pytest.fixture
def data_alone(monkeypatch):
    """A comparison writes its data and manifest, and neither report nor tables, which take longer than it does."""
    from trafficsim.cli.folder import RunFolder  # noqa: PLC0415 - few tests need it

    def write(self, result, command, **_):
        result.save(self.path)
        self._end(result.replicates, command, [])
        return []

    monkeypatch.setattr(RunFolder, "write", write)


@pytest.fixture
def command(monkeypatch, capsys):
    """The command line as a function of its arguments: exit status, and what was printed (`out` and `err`)."""
    from trafficsim import cli  # noqa: PLC0415 - few tests need it

    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["trafficsim", *map(str, arguments)])
        try:
            cli.main()
        except SystemExit as ended:
            return ended.code or 0, capsys.readouterr()
        return 0, capsys.readouterr()

    return run
