"""All commands, in the order in which the help names them, and the entry point."""

import atexit
import gc
import os
from collections.abc import Callable
from typing import Annotated

import typer

from trafficsim.cli.against import against
from trafficsim.cli.app import dashboard
from trafficsim.cli.calibrate import calibrate
from trafficsim.cli.check import check
from trafficsim.cli.claims import claims
from trafficsim.cli.compare import compare
from trafficsim.cli.data import data
from trafficsim.cli.diff import diff
from trafficsim.cli.errors import mistakes_told
from trafficsim.cli.explain import explain
from trafficsim.cli.help_in_words import SpokenCommand, SpokenGroup
from trafficsim.cli.journey import journey
from trafficsim.cli.mcp import mcp
from trafficsim.cli.merge import merge
from trafficsim.cli.new import new
from trafficsim.cli.options import LANGUAGE_FLAGS, LANGUAGE_SET, language_of
from trafficsim.cli.plan import plan
from trafficsim.cli.power import power
from trafficsim.cli.replay import replay
from trafficsim.cli.run import run
from trafficsim.cli.schema import schema
from trafficsim.cli.sweep import sweep
from trafficsim.cli.template import template
from trafficsim.cli.terminal import open_closed_streams, speak_anywhere, warn_plainly

COMMANDS: dict[str, Callable[..., None]] = {
    "compare": compare,
    "merge": merge,
    "replay": replay,
    "diff": diff,
    "sweep": sweep,
    "explain": explain,
    "plan": plan,
    "power": power,
    "against": against,
    "run": run,
    "data": data,
    "journey": journey,
    "check": check,
    "claims": claims,
    "app": dashboard,
    "new": new,
    "calibrate": calibrate,
    "template": template,
    "schema": schema,
    "mcp": mcp,
}
OBJECTS_UNSEEN = 10_000
"""Objects between two searches for garbage that refers to itself; by default Python looks after every 700."""


def main() -> None:
    """Run the command line; the entry point of the command `trafficsim`."""
    gc.set_threshold(OBJECTS_UNSEEN)  # nearly all that a command makes or imports, it needs until its end
    atexit.register(gc.freeze)  # memory goes back to the system, without being searched for garbage a last time
    open_closed_streams()
    speak_anywhere()
    warn_plainly()
    os.environ["MPLBACKEND"] = "agg"  # no command opens windows, whatever notebooks and other programs need
    with mistakes_told():
        all_commands()()


def all_commands() -> typer.Typer:
    """The command line: all commands and what they share."""
    all_commands = typer.Typer(
        name="trafficsim",
        cls=SpokenGroup,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    all_commands.callback()(_options)
    for name, command in COMMANDS.items():
        all_commands.command(name, cls=SpokenCommand)(command)
    return all_commands


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"trafficsim {version('trafficsim')}")
        raise typer.Exit


def _options(
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    language: Annotated[
        str | None,
        typer.Option(
            *LANGUAGE_FLAGS,
            metavar="en|zh",
            help="Language of help and answers: en or zh (default: the scenario's; TRAFFICSIM_LANG sets it for good).",
        ),
    ] = None,
) -> None:
    """Simulate how customers move between public platforms, stores and private pools."""
    if asked := language_of(language):
        os.environ[LANGUAGE_SET] = asked  # for the command that follows
