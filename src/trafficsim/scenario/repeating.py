"""The command that repeats what was done with a scenario."""

import json
import shlex
from typing import Any

from trafficsim.scenario.loading import shipped
from trafficsim.scenario.scenario import Scenario


def command(name: str, scenario: Scenario, **options: int | str) -> str:
    """A command of trafficsim on a scenario, with the settings that were replaced since its file was read.

    A scenario that was made from a text has no file: its command names the file in which it would have to be saved.
    """
    case = scenario.name if shipped().get(scenario.name) == scenario.path else str(scenario.path)
    words = ["trafficsim", name, case]
    words += [word for option, value in options.items() for word in (f"--{option}", str(value))]
    replaced = dict(scenario.replacements)
    words += [word for m in scenario.own if m.origin for word in ("--mechanism", m.origin)]
    words += [word for path, value in replaced.items() for word in ("--set", f"{path}={_written(value)}")]
    return shlex.join(words)


def _written(value: Any) -> str:
    """A value as YAML would have it on one line."""
    return f"{value:.10g}" if isinstance(value, float) else json.dumps(value, ensure_ascii=False, default=str)
