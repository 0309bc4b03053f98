"""The command `check`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from trafficsim.cli.errors import BAD_INPUT
from trafficsim.cli.options import (
    ArmsOption,
    LanguageOption,
    MechanismOption,
    WorkersOption,
    help_language,
    language_of,
    load_own,
    needs_of,
    scenario_of,
)
from trafficsim.cli.terminal import print_json_answer

if TYPE_CHECKING:
    from trafficsim.scenario import Scenario, ScenarioError
    from trafficsim.scenario.needs import Needs
    from trafficsim.words.language import Language

    Found = tuple[Scenario, Needs, Needs | None]
    """A scenario without mistakes, what it takes, and what plausible worlds take if they were asked for."""


def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files or shipped cases.")],
    replicates: Annotated[int, typer.Option(min=1, help="Replicates assumed for the memory and time estimate.")] = 16,
    workers: WorkersOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
    uncertain: Annotated[
        int | None, typer.Option(metavar="N", help="Also foresee N plausible worlds (compare --uncertain N).")
    ] = None,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON, all numbers included.")] = False,
) -> None:
    """Check scenarios without running them: mistakes, settings without effect, memory and time needed."""
    from trafficsim.scenario import ScenarioError

    load_own(mechanism)
    asked, told = language_of(language), list["tuple[str, Found | ScenarioError]"]()
    for name in scenarios:
        found: Found | ScenarioError
        try:
            found = _found(scenario_of(name, arms=add_arms, language=language), replicates, uncertain, workers)
        except ScenarioError as error:
            found = error
        told.append((name, found))
        if as_json:
            continue
        if isinstance(found, ScenarioError):
            print(found.in_language(asked or help_language(sys.argv)), file=sys.stderr)
        else:
            _print(name, found, (replicates, uncertain), asked or found[0].language)
    if as_json:
        _print_json(told, asked)
    if any(isinstance(found, ScenarioError) for _, found in told):
        raise typer.Exit(BAD_INPUT)


def _found(case: "Scenario", replicates: int, uncertain: int | None, workers: int | None) -> "Found":
    if len(case.rival_arms) > 1:
        case.facing()  # arms of rivals are read only where they are laid over others
    needs = needs_of(case, replicates, workers)
    return case, needs, None if uncertain is None else _of_worlds(case, uncertain, workers)


def _of_worlds(case: "Scenario", worlds: int, workers: int | None) -> "Needs":
    """What plausible worlds would take.

    Raises:
        UncertainError: if they can't be drawn.
    """
    from trafficsim.study.weighing import foreseen

    return foreseen(case, worlds, workers)


def _print_json(told: "list[tuple[str, Found | ScenarioError]]", language: "Language | None") -> None:
    from trafficsim.report.checked import as_plain, mistaken  # which loads slowly

    found = [as_plain(name, *of, language) if isinstance(of, tuple) else mistaken(name, of) for name, of in told]
    print_json_answer("check", {"scenarios": found})


def _print(name: str, found: "Found", sizes: tuple[int, int | None], reader: "Language") -> None:
    from trafficsim.words.language import words

    (case, needs, worlds), (replicates, many) = found, sizes
    print(f"{name}: {_foreseen(case, replicates, needs, reader)}")
    if worlds is not None:
        text = "{worlds} plausible worlds besides: about {memory} GB of memory, {time} s."
        print(f"{name}: {words(reader)(text, worlds=f'{many:,}', **_taken(worlds, reader))}")
    for where, note in case.notes_at(reader):
        print(f"{where}: {note}")


def _foreseen(case: "Scenario", replicates: int, needs: "Needs", reader: "Language") -> str:
    """What a comparison would take."""
    from trafficsim.words.language import words

    return words(reader)(
        "fine. {arms} arms x {replicates} replicates x {days} days: about {memory} GB of memory, {time} s, once "
        "compiled.",
        arms=len(case.arms),
        replicates=f"{replicates:,}",
        days=f"{case.days:,}",
        **_taken(needs, reader),
    )


def _taken(needs: "Needs", reader: "Language") -> dict[str, str]:
    from trafficsim.words.language import words

    low, high = (f"{seconds:,.0f}" for seconds in (needs.seconds_low, needs.seconds_high))
    time = low if low == high else words(reader)("{low} to {high}", low=low, high=high)
    return {"memory": f"{needs.memory_bytes / 1e9:.1f}", "time": time}
