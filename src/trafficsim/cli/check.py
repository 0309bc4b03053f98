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
    language_of,
    load_own,
    needs_of,
    scenario_of,
)

if TYPE_CHECKING:
    from trafficsim.scenario import Scenario
    from trafficsim.scenario.needs import Needs
    from trafficsim.words.language import Language


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
) -> None:
    """Check scenarios without running them: mistakes, settings without effect, memory and time needed."""
    from trafficsim.scenario import ScenarioError

    load_own(mechanism)
    bad = False
    for name in scenarios:
        try:
            case = scenario_of(name, arms=add_arms)
            if len(case.rival_arms) > 1:
                case.facing()  # arms of rivals are read only where they are laid over others
            needs = needs_of(case, replicates, workers)
            reader = language_of(language) or case.language
            more = _of_worlds(case, uncertain, workers, reader) if uncertain is not None else ""
        except ScenarioError as error:
            print(error, file=sys.stderr)
            bad = True
            continue
        print(f"{name}: {_foreseen(case, replicates, needs, reader)}")
        if more:
            print(f"{name}: {more}")
        for where, note in case.notes_at(reader):
            print(f"{where}: {note}")
    if bad:
        raise typer.Exit(BAD_INPUT)


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


def _of_worlds(case: "Scenario", worlds: int, workers: int | None, reader: "Language") -> str:
    """What plausible worlds would take.

    Raises:
        UncertainError: if they can't be drawn.
    """
    from trafficsim.study.weighing import foreseen
    from trafficsim.words.language import words

    text = "{worlds} plausible worlds besides: about {memory} GB of memory, {time} s."
    return words(reader)(text, worlds=f"{worlds:,}", **_taken(foreseen(case, worlds, workers), reader))


def _taken(needs: "Needs", reader: "Language") -> dict[str, str]:
    from trafficsim.words.language import words

    low, high = (f"{seconds:,.0f}" for seconds in (needs.seconds_low, needs.seconds_high))
    time = low if low == high else words(reader)("{low} to {high}", low=low, high=high)
    return {"memory": f"{needs.memory_bytes / 1e9:.1f}", "time": time}
