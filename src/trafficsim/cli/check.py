"""The command `check`."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from trafficsim.cli.errors import BAD_INPUT
from trafficsim.cli.options import MechanismOption, WorkersOption, load_own, needs_of, scenario_of

if TYPE_CHECKING:
    from trafficsim.scenario import Scenario
    from trafficsim.scenario.needs import Needs


def check(
    scenarios: Annotated[list[str], typer.Argument(metavar="SCENARIO...", help="Scenario files or shipped cases.")],
    replicates: Annotated[int, typer.Option(min=1, help="Replicates assumed for the memory and time estimate.")] = 16,
    workers: WorkersOption = None,
    mechanism: MechanismOption = None,
    uncertain: Annotated[
        int | None, typer.Option(metavar="N", help="Also foresee N plausible worlds (compare --uncertain N).")
    ] = None,
) -> None:
    """Check scenarios without running them: mistakes, settings without effect, memory and time needed."""
    from trafficsim.scenario import ScenarioError

    load_own(mechanism)
    bad = False
    for name in scenarios:
        try:
            case = scenario_of(name)
            if len(case.rival_arms) > 1:
                case.facing()  # arms of rivals are read only where they are laid over others
            needs = needs_of(case, replicates, workers)
            more = _of_worlds(case, uncertain, workers) if uncertain is not None else ""
        except ScenarioError as error:
            print(error, file=sys.stderr)
            bad = True
            continue
        print(f"{name}: {_foreseen(case, replicates, needs)}")
        if more:
            print(f"{name}: {more}")
        for where, note in case.notes_at(case.language):
            print(f"{where}: {note}")
    if bad:
        raise typer.Exit(BAD_INPUT)


def _foreseen(case: "Scenario", replicates: int, needs: "Needs") -> str:
    """What a comparison would take, in the language of the scenario."""
    from trafficsim.words.language import words

    return words(case.language)(
        "fine. {arms} arms x {replicates} replicates x {days} days: about {memory} GB of memory, {time} s, once "
        "compiled.",
        arms=len(case.arms),
        replicates=f"{replicates:,}",
        days=f"{case.days:,}",
        **_taken(case, needs),
    )


def _of_worlds(case: "Scenario", worlds: int, workers: int | None) -> str:
    """What plausible worlds would take.

    Raises:
        UncertainError: if they can't be drawn.
    """
    from trafficsim.study.weighing import foreseen
    from trafficsim.words.language import words

    text = "{worlds} plausible worlds besides: about {memory} GB of memory, {time} s."
    return words(case.language)(text, worlds=f"{worlds:,}", **_taken(case, foreseen(case, worlds, workers)))


def _taken(case: "Scenario", needs: "Needs") -> dict[str, str]:
    from trafficsim.words.language import words

    low, high = (f"{seconds:,.0f}" for seconds in (needs.seconds_low, needs.seconds_high))
    time = low if low == high else words(case.language)("{low} to {high}", low=low, high=high)
    return {"memory": f"{needs.memory_bytes / 1e9:.1f}", "time": time}
