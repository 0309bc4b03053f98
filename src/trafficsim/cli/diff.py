"""The command `diff`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficsim.cli.options import LanguageOption, MechanismOption, language_of, load_own, scenario_of
from trafficsim.cli.terminal import console, print_json_answer, print_sentences

if TYPE_CHECKING:
    from trafficsim.report.side_by_side import Compared
    from trafficsim.report.voice import Voice
    from trafficsim.results import Result


def diff(
    first: Annotated[str, typer.Argument(metavar="A", help="A results folder, a scenario file or a shipped case.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one of the same kind.")],
    mechanism: MechanismOption = None,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Show two scenarios or two results side by side: what is set otherwise, and what became of it.

    Example: trafficsim diff results/restaurant_2 results/restaurant
    """
    load_own(mechanism)
    known = {name: _found(name, hint) for name, hint in ((first, "A"), (second, "B"))}
    a, b = known[first], known[second]
    from trafficsim.report.side_by_side import as_plain, told
    from trafficsim.report.voice import Voice
    from trafficsim.results import Result

    if isinstance(a, Result) != isinstance(b, Result):
        raise typer.BadParameter("give two results folders or two scenarios, not one of each", param_hint="B")
    if as_json:
        print_json_answer("diff", as_plain(a, b))
        return
    voice = Voice(language_of(language) or a.language, a.about.currency if isinstance(a, Result) else "")
    print_sentences("", told(a, b, (first, second), voice))
    if isinstance(a, Result) and isinstance(b, Result):
        _print_table(a, b, (first, second), voice)


def _found(name: str, hint: str) -> "Compared":
    """The result of a folder, or a scenario."""
    from trafficsim.results import Result

    if not Path(name).is_dir():
        return scenario_of(name)
    try:
        return Result.load(name)
    except (FileNotFoundError, ValueError) as error:
        raise typer.BadParameter(f"{name} holds no finished comparison ({error})", param_hint=hint) from None


def _print_table(a: "Result", b: "Result", names: tuple[str, str], voice: "Voice") -> None:
    from rich.table import Table

    from trafficsim.report.side_by_side import paired, rows

    out, table, before = console(), Table(box=None, padding=(0, 1, 0, 0), pad_edge=False), ""
    headings = ((voice.say("arm"), False), (names[0], True), (names[1], True), (voice.say("difference"), True))
    for heading, right in headings:
        table.add_column(heading, justify="right" if right else "left", overflow="fold")
    for what, *cells in rows(a, b, voice):
        if what != before:
            table.add_row(what, style="bold")
            before = what
        table.add_row(*cells)
    out.print()
    out.print(table)
    text = "Difference: B minus A, replicate by replicate, with its 95% interval over random variation."
    if not paired(a, b):
        text = "Seeds or replicates differ: differences have no interval."
    out.print(voice.say(text), style="dim", markup=False)
