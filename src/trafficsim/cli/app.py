"""The command `app`."""

from typing import Annotated

import typer

from trafficsim.cli.options import MechanismOption, load_own, scenario_of
from trafficsim.cli.terminal import heard


def dashboard(
    scenario: Annotated[
        str | None, typer.Argument(metavar="[SCENARIO]", help="Scenario file or shipped case to open first.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65_535, help="Server port (default: first free one from 8501).")
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--no-browser", help="Print the address without opening a browser.")
    ] = False,
    mechanism: MechanismOption = None,
) -> None:
    """Open the dashboard in a browser. Needs the optional extra "app"; makes no network requests."""
    from trafficsim.app import start

    load_own(mechanism)
    if scenario is not None:
        scenario_of(scenario)
    raise typer.Exit(start.serve(scenario, port, mechanism or [], browser=not no_browser, tell=_tell))


def _tell(says: str) -> None:
    print(heard(says), flush=True)
