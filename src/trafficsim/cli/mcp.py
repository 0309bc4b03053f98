"""The command `mcp`."""

from typing import Annotated

import typer

from trafficsim.cli.options import MechanismOption, WorkersOption, load_own

MISSING = 'needs the extra "mcp": pip install "trafficsim[mcp]"'


def mcp(
    max_replicates: Annotated[
        int, typer.Option(min=1, help="Most replicates, or worlds, that a call may ask for.")
    ] = 64,
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Refuse calls that are foreseen to take longer than so many seconds.")
    ] = 300.0,
    workers: WorkersOption = None,
    mechanism: MechanismOption = None,
) -> None:
    """Serve check, compare, explain and plan to language models (Model Context Protocol) on standard input and output.

    Needs the optional extra "mcp"; makes no network requests.
    """
    from importlib.util import find_spec

    if find_spec("mcp") is None:
        raise typer.BadParameter(MISSING, param_hint="mcp")
    load_own(mechanism)
    from trafficsim.mcp.questions import Sizes
    from trafficsim.mcp.server import server

    server(Sizes(max_replicates, max_seconds, workers)).run("stdio")
