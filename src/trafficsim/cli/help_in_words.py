"""Help in the reader's language: English stands in the code and is laid out by typer, other languages by us.

Typer's tables cut a line where it has no blanks, and Chinese has none.
"""

import inspect
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from trafficsim.cli.options import asked_language
from trafficsim.cli.terminal import COLUMNS, console
from trafficsim.words.folding import folded
from trafficsim.words.language import Language, catalogue

WIDEST_NAME = 32
"""Columns of the names of options: what is longer goes on below."""


class SpokenCommand(TyperCommand):
    """A command whose help is in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        if not _translated(self, ctx):
            super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """All commands, listed in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        if not _translated(self, ctx):
            super().format_help(ctx, formatter)


def _translated(command: TyperCommand | TyperGroup, ctx: Any) -> bool:
    """Write the help in the reader's language; False where that is English, which typer writes."""
    language = help_language(sys.argv[1:])
    if language != "en":
        _show(command, ctx, catalogue(language))
    return language != "en"


def help_language(arguments: Sequence[str]) -> Language:
    """The language of help: what is asked for anywhere on the line, else what is set for good, else the system's."""
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return asked_language(arguments, system or "")


def _show(command: TyperCommand | TyperGroup, ctx: Any, known: Mapping[str, str]) -> None:
    """Write the help of a command by what the catalogue of a language knows; KeyError for what it lacks."""
    screen = console()
    wide = screen.width or COLUMNS
    arguments = [param for param in command.params if param.param_type_name == "argument"]
    options = [param for param in command.get_params(ctx) if param.param_type_name == "option"]
    below: Mapping[str, Any] = getattr(command, "commands", {})
    usage = [ctx.command_path, known["[OPTIONS]"], *(f"{each.metavar}" for each in arguments)]
    usage += [known["COMMAND"]] if below else []
    screen.print(known["Usage:"] + " ".join(filter(None, usage)), markup=False, style="bold")
    for paragraph in inspect.cleandoc(known[inspect.cleandoc(command.help or "")]).split("\n\n"):
        screen.print("\n" + folded(paragraph, wide), markup=False)
    _section(screen, known["Arguments"], ((f"{each.metavar}", _help_of(each, known)) for each in arguments))
    _section(screen, known["Options"], ((_flags(each), _help_of(each, known)) for each in options))
    said = ((name, known[inspect.cleandoc(each.help or "")].split("\n")[0]) for name, each in below.items())
    _section(screen, known["Commands"], said)


def _section(screen: Any, heading: str, rows: Iterable[tuple[str, str]]) -> None:
    from rich.table import Table

    told = [*rows]
    if not told:
        return
    names = min(max(len(name) for name, _ in told), WIDEST_NAME)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(width=names, overflow="fold")
    table.add_column()
    for name, help_ in told:
        table.add_row(name, folded(help_, screen.width - names - 4))
    screen.print(f"\n{heading}", style="bold", markup=False)
    screen.print(table, markup=False)


def _flags(option: Any) -> str:
    names = ", ".join((*option.opts, *option.secondary_opts))
    return names if option.metavar is None else f"{names} {option.metavar}"


def _help_of(param: Any, known: Mapping[str, str]) -> str:
    help_ = known[param.help]
    if param.required:
        return help_ + known["[required]"]
    usual = None if callable(param.default) or param.default in (None, False, ()) else param.default
    if usual is None or "默认" in help_:  # the text says it
        return help_
    return help_ + known["[default: {}]"].format(" ".join(usual) if isinstance(usual, list | tuple) else usual)
