"""How a command ends that can't do its work: one plain line and an exit status."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trafficsim.folder import RunFolder

BAD_INPUT, FAILED = 2, 1
STATUS = {
    "ScenarioError": BAD_INPUT,
    "FolderInUseError": BAD_INPUT,
    "SweepError": BAD_INPUT,
    "JourneyError": BAD_INPUT,
    "CannotEqualiseError": FAILED,  # this one and the next are found out by running
    "NobodyError": FAILED,
    "NoFontError": FAILED,
    "MissingExcelError": FAILED,
    "CannotStartError": FAILED,
}
"""By name, since importing the errors themselves would import all that can raise them."""


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Bad input is told in plain lines with exit status 2, what fails in a run with 1; anything else is a defect."""
    try:
        yield
    except ValueError as error:
        status = _status(error)
        if status is None:
            raise
        print(error, file=sys.stderr)
        raise SystemExit(status) from None
    except MemoryError:
        print("The memory doesn't suffice: customers.count is what it takes most for.", file=sys.stderr)
        raise SystemExit(FAILED) from None
    except BrokenPipeError:
        raise SystemExit(FAILED) from None
    except RuntimeError as error:
        if type(error).__name__ != "BrokenProcessPool":
            raise
        print("The system ended a process, perhaps for want of memory; --workers 1 takes least.", file=sys.stderr)
        raise SystemExit(FAILED) from None
    except OSError as error:
        print(f"{error.filename}: {error.strerror}" if error.filename else error, file=sys.stderr)
        raise SystemExit(FAILED) from None


def _status(error: ValueError) -> int | None:
    """The exit status, or None for a defect of ours."""
    from trafficsim.scenario import ScenarioError

    otherwise = BAD_INPUT if isinstance(error, ScenarioError) else None
    return STATUS.get(type(error).__name__, otherwise)


@contextmanager
def resumable(folder: "RunFolder") -> Iterator[None]:
    """Say how to go on with what is interrupted; what fails gives an empty folder back."""
    try:
        yield
    except BaseException as error:
        if _is_interrupted(error):
            print("\nInterrupted. What is finished is kept; add --resume to go on.", file=sys.stderr)
            raise SystemExit(FAILED) from None
        if isinstance(error, Exception):
            folder.give_back()
        raise


def _is_interrupted(error: BaseException | None) -> bool:
    """Whether somebody stopped the run, be it in the middle of writing, where closing the file then fails too."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error is not None
