"""The command `schema`."""

from typing import Annotated, Any

import typer

from trafficsim.cli.options import MechanismOption, load_own
from trafficsim.cli.terminal import print_json


def schema(
    answer: Annotated[
        str | None,
        typer.Argument(metavar="[COMMAND]", help="Print the schema of what --json of this command prints instead."),
    ] = None,
    mechanism: MechanismOption = None,
) -> None:
    """Print the JSON Schema of scenario files, for editors; or that of a command's answers, for programs.

    Example: trafficsim schema compare
    """
    import json

    from trafficsim.scenario import json_schema

    load_own(mechanism)
    made = json_schema() if answer is None else _of_answer(answer)
    print_json(json.dumps(made, indent=1, ensure_ascii=False) + "\n")


def _of_answer(answer: str) -> dict[str, Any]:
    from trafficsim.report.json_schemas import answer_schema

    try:
        return answer_schema(answer)
    except KeyError as error:
        raise typer.BadParameter(str(error.args[0]), param_hint="COMMAND") from None
