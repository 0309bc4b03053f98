"""How a command ends that can't do its work: one plain line and an exit status."""

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from trafficsim.cli.terminal import heard

if TYPE_CHECKING:
    from trafficsim.cli.folder import RunFolder

BAD_INPUT, FAILED = 2, 1
STATUS = {
    "ScenarioError": BAD_INPUT,
    "FolderInUseError": BAD_INPUT,
    "SweepError": BAD_INPUT,
    "UncertainError": BAD_INPUT,
    "JourneyError": BAD_INPUT,
    "MergeError": BAD_INPUT,
    "CannotPlanError": BAD_INPUT,
    "NoRivalError": BAD_INPUT,
    "CannotSplitError": BAD_INPUT,
    "PastError": BAD_INPUT,
    "ReplayError": BAD_INPUT,
    "ExportError": BAD_INPUT,
    "LeversError": BAD_INPUT,
    "MechanismError": BAD_INPUT,
    "DataError": BAD_INPUT,
    "CannotEqualiseError": FAILED,  # this one and the next are found out by running
    "CannotFitError": FAILED,
    "OtherVersionError": FAILED,
    "ClusterError": FAILED,
    "NobodyError": FAILED,
    "NoFontError": FAILED,
    "MissingExcelError": FAILED,
    "CannotStartError": FAILED,
}
"""By name, since importing the errors themselves would import all that can raise them."""
KEPT = "Finished work is saved; add --resume to continue."
SHOW_CURSOR = "\x1b[?25h"
"""Progress hides it."""
Handler = Callable[[int, FrameType | None], None]


@contextmanager
def refused_as_asked() -> Iterator[None]:
    """What a study refuses becomes a mistake of the command line; our own errors are told by themselves."""
    import typer

    try:
        yield
    except (ValueError, KeyError) as error:
        if type(error) not in {ValueError, KeyError}:
            raise
        raise typer.BadParameter(str(error.args[0])) from None


@contextmanager
def mistakes_told() -> Iterator[None]:
    """Bad input is told in plain lines with exit status 2, what fails in a run with 1; anything else is a defect."""
    try:
        _refuse_undecodable(sys.argv)
        with _interruptible("Interrupted.", "SIGINT"):
            yield
    except KeyboardInterrupt:
        print(f"\n{heard('Interrupted.')}", file=sys.stderr)
        raise SystemExit(FAILED) from None
    except ValueError as error:
        status = _status(error)
        if status is None:
            raise
        print(_in_words(error), file=sys.stderr)
        raise SystemExit(status) from None
    except MemoryError:
        print(heard("The memory doesn't suffice: customers.count is what it takes most for."), file=sys.stderr)
        raise SystemExit(FAILED) from None
    except BrokenPipeError:
        raise SystemExit(FAILED) from None
    except RuntimeError as error:
        if type(error).__name__ != "BrokenProcessPool":
            raise
        says = "The system ended a process, perhaps for want of memory; --workers 1 takes least."
        print(heard(says), file=sys.stderr)
        raise SystemExit(FAILED) from None
    except OSError as error:
        print(heard(_told(error)), file=sys.stderr)
        raise SystemExit(FAILED) from None


def _refuse_undecodable(arguments: list[str]) -> None:
    """Names that are no text in this terminal's encoding could be written in no report and no manifest."""
    for argument in arguments:
        if not argument.isascii() and any("\ud800" <= character <= "\udfff" for character in argument):
            says = f"{argument!a}: is no text in the encoding {sys.getfilesystemencoding()}"
            print(heard(says), file=sys.stderr)
            raise SystemExit(BAD_INPUT)


def _told(error: OSError) -> str:
    says = error.strerror or str(error)
    return f"{os.fsdecode(error.filename)}: {says}" if isinstance(error.filename, str | bytes) else says


def _in_words(error: ValueError) -> str:
    """The lines of an error in the language of help."""
    from trafficsim.cli.options import help_language
    from trafficsim.data.errors import DataError
    from trafficsim.scenario import ScenarioError

    if isinstance(error, ScenarioError | DataError):
        return error.in_language(help_language(sys.argv))
    return "\n".join(map(heard, str(error).split("\n")))


def _status(error: ValueError) -> int | None:
    """The exit status, or None for a defect of ours."""
    from trafficsim.scenario import ScenarioError

    otherwise = BAD_INPUT if isinstance(error, ScenarioError) else None
    return STATUS.get(type(error).__name__, otherwise)


@contextmanager
def resumable(folder: "RunFolder") -> Iterator[None]:
    """Say how to go on with what is interrupted or finds no room; what fails gives an empty folder back."""
    try:
        with _interruptible(f"Interrupted. {KEPT}", "SIGINT", "SIGTERM", "SIGHUP"):
            yield
    except BaseException as error:
        if stopped := _interruption(error):
            print(f"\n{heard(f'Interrupted. {KEPT}')}", file=sys.stderr, flush=True)
            raise SystemExit(*(stopped.args or [FAILED])) from None
        if isinstance(error, Exception):
            folder.give_back()
        if isinstance(error, OSError) and folder.holds_something():
            print(heard(f"{_told(error)}. {KEPT}"), file=sys.stderr)
            raise SystemExit(FAILED) from None
        raise


def _interruption(error: BaseException | None) -> KeyboardInterrupt | None:
    """Who stopped the run, be it in the middle of writing, where closing the file then fails too."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return error


@contextmanager
def _interruptible(says: str, *names: str) -> Iterator[None]:
    """Signals interrupt in order, so that processes end and files are closed; another one ends at once, with a line.

    Afterwards all is as it was, unless there was an interruption: threads may go on for as long as a replicate takes.
    """
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]  # as nohup has it
    before = {number: signal.signal(number, _interrupt(says, heeded)) for number in heeded}
    try:
        yield
    except BaseException as error:
        if _interruption(error):
            before = {}
        raise
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(says: str, heeded: list[int]) -> Handler:
    def interrupt(number: int, _frame: FrameType | None) -> None:
        for each in heeded:
            signal.signal(each, _end_at_once(says))
        raise KeyboardInterrupt(FAILED if number == signal.SIGINT else 128 + number)

    return interrupt


def _end_at_once(says: str) -> Handler:
    def end(number: int, _frame: FrameType | None) -> None:
        shown = SHOW_CURSOR if os.isatty(2) else ""
        os.write(2, f"{shown}\n{heard(says)}\n".encode())  # printing may be what was interrupted
        os._exit(128 + number)

    return end
