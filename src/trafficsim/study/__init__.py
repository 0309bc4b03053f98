"""Studies: questions asked of a scenario, each a function."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trafficsim.study.attributing import Channels, channels
    from trafficsim.study.calibrating import calibrate
    from trafficsim.study.comparison import compare
    from trafficsim.study.evaluating import evaluate
    from trafficsim.study.explaining import Explanation, explain
    from trafficsim.study.exporting import ExportedData, Observation, export_data
    from trafficsim.study.facing import Facing, against
    from trafficsim.study.leaning import lean
    from trafficsim.study.meeting_facts import meet_facts
    from trafficsim.study.planned import Limit, Plan
    from trafficsim.study.planning import plan
    from trafficsim.study.powered import Power
    from trafficsim.study.powering import power
    from trafficsim.study.replaying import Replay, replay
    from trafficsim.study.solving import Solution, solve
    from trafficsim.study.sweeping import sweep
    from trafficsim.study.swept import SweepResult
    from trafficsim.study.weighing import Sensitivity, sensitivity

_HOMES = {
    "ExportedData": "exporting",
    "Observation": "exporting",
    "export_data": "exporting",
    "Channels": "attributing",
    "channels": "attributing",
    "Explanation": "explaining",
    "Facing": "facing",
    "Limit": "planned",
    "Plan": "planned",
    "Power": "powered",
    "Replay": "replaying",
    "Sensitivity": "weighing",
    "Solution": "solving",
    "SweepResult": "swept",
    "against": "facing",
    "calibrate": "calibrating",
    "compare": "comparison",
    "evaluate": "evaluating",
    "explain": "explaining",
    "lean": "leaning",
    "meet_facts": "meeting_facts",
    "plan": "planning",
    "power": "powering",
    "replay": "replaying",
    "sensitivity": "weighing",
    "solve": "solving",
    "sweep": "sweeping",
}
"""Where the public names live; each is imported on first use, since replicates can run while the rest loads."""

__all__ = [
    "Channels",
    "Explanation",
    "ExportedData",
    "Facing",
    "Limit",
    "Observation",
    "Plan",
    "Power",
    "Replay",
    "Sensitivity",
    "Solution",
    "SweepResult",
    "against",
    "calibrate",
    "channels",
    "compare",
    "evaluate",
    "explain",
    "export_data",
    "lean",
    "meet_facts",
    "plan",
    "power",
    "replay",
    "sensitivity",
    "solve",
    "sweep",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
