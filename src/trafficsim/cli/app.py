"""The command `app`."""

from functools import partial
from typing import Annotated

import typer

from trafficsim.cli.options import MechanismOption, load_own, scenario_of


def dashboard(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="A scenario file or shipped case to begin with.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Of the server; the first free one from 8501 unless given.")
    ] = None,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Only print the address.")] = False,
    mechanism: MechanismOption = None,
) -> None:
    """Open the dashboard: move levers and see what comes of it. It needs the extra [app] and no network."""
    from trafficsim.app import start

    load_own(mechanism)
    if scenario is not None:
        scenario_of(scenario)
    raise typer.Exit(
        start.serve(scenario, port, mechanism or [], browser=not no_browser, tell=partial(print, flush=True))
    )
