"""Help and mistakes of the command line in the reader's language: English is laid out by typer, others by us.

Typer's tables cut a line where it has no blanks, and Chinese has none.
"""

import inspect
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from trafficsim.cli.options import help_language
from trafficsim.cli.terminal import COLUMNS, console
from trafficsim.words.folding import folded
from trafficsim.words.language import Language, catalogue
from trafficsim.words.mistaken import mistake_in

WIDEST_NAME = 32
"""Columns of the names of options: what is longer goes on below."""


USAGE_ERROR: type[Any] = typer.BadParameter.__mro__[1]
"""What is wrong with a command line; click's, or in later versions typer's own."""


class SpokenCommand(TyperCommand):
    """A command whose help is in the reader's language."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        if not _translated(self, ctx):
            super().format_help(ctx, formatter)


class SpokenGroup(TyperGroup):
    """All commands, listed in the reader's language, in which mistakes are told as well."""

    def main(self, *args: Any, **named: Any) -> Any:
        """Run the command that is asked for."""
        language = help_language(sys.argv[1:])
        if language == "en":
            return super().main(*args, **named)
        try:
            status = super().main(*args, **{**named, "standalone_mode": False})
        except USAGE_ERROR as error:
            _tell(error, language)
            raise SystemExit(error.exit_code) from None
        except typer.Abort:
            print(mistake_in(language, "Interrupted."), file=sys.stderr)
            raise SystemExit(1) from None
        raise SystemExit(status or 0)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the help."""
        if not _translated(self, ctx):
            super().format_help(ctx, formatter)


def _tell(error: Any, language: Language) -> None:
    """Say what is wrong with a command line, below how it is used; help, shown where nothing is asked, says nothing."""
    says, known = error.format_message(), catalogue(language)
    if not says.strip():
        return
    if error.ctx is not None:
        command, path = error.ctx.command, error.ctx.command_path
        print(_usage(command, error.ctx, known), file=sys.stderr)
        print(known["Try '{command} --help'."].format(command=path), file=sys.stderr)
    name, message = "", " ".join(says.split())
    if isinstance(error, typer.BadParameter) and error.message and message.endswith(f": {error.message}"):
        name, message = message.removesuffix(f": {error.message}"), error.message
    told = mistake_in(language, message)
    print(f"{mistake_in(language, name)}：{told}" if name else told, file=sys.stderr)


def _translated(command: TyperCommand | TyperGroup, ctx: Any) -> bool:
    """Write the help in the reader's language; False where that is English, which typer writes."""
    language = help_language(sys.argv[1:])
    if language != "en":
        _show(command, ctx, catalogue(language))
    return language != "en"


def _show(command: TyperCommand | TyperGroup, ctx: Any, known: Mapping[str, str]) -> None:
    """Write the help of a command by what the catalogue of a language knows; KeyError for what it lacks."""
    screen = console()
    wide = screen.width or COLUMNS
    arguments = _arguments(command)
    options = [param for param in command.get_params(ctx) if param.param_type_name == "option"]
    below: Mapping[str, Any] = getattr(command, "commands", {})
    screen.print(_usage(command, ctx, known), markup=False, style="bold")
    for paragraph in inspect.cleandoc(known[inspect.cleandoc(command.help or "")]).split("\n\n"):
        screen.print("\n" + folded(paragraph, wide), markup=False)
    _section(screen, known["Arguments"], ((f"{each.metavar}", _help_of(each, known)) for each in arguments))
    _section(screen, known["Options"], ((_flags(each), _help_of(each, known)) for each in options))
    said = ((name, known[inspect.cleandoc(each.help or "")].split("\n")[0]) for name, each in below.items())
    _section(screen, known["Commands"], said)


def _arguments(command: TyperCommand | TyperGroup) -> list[Any]:
    return [param for param in command.params if param.param_type_name == "argument"]


def _usage(command: TyperCommand | TyperGroup, ctx: Any, known: Mapping[str, str]) -> str:
    words = [ctx.command_path, known["[OPTIONS]"], *(f"{each.metavar}" for each in _arguments(command))]
    words += [known["COMMAND"]] if getattr(command, "commands", {}) else []
    return known["Usage:"] + " ".join(filter(None, words))


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
