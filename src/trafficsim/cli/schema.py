"""The command `schema`."""

from trafficsim.cli.options import MechanismOption, load_own
from trafficsim.cli.terminal import print_json


def schema(mechanism: MechanismOption = None) -> None:
    """Print the JSON schema of scenario files, for editors."""
    import json

    from trafficsim.scenario import json_schema

    load_own(mechanism)

    print_json(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n")
