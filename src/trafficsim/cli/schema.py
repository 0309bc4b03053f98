"""The command `schema`."""

from trafficsim.cli.terminal import print_json


def schema() -> None:
    """Print the JSON schema of scenario files, for editors."""
    import json

    from trafficsim.scenario import json_schema

    print_json(json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n")
