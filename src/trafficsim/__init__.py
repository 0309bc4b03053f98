"""trafficsim: agent-based simulation of public-to-private traffic.

Customers move between public platforms, stores and private pools according to hooks, content cadence and word of mouth.
A scenario file compares private growth with paid acquisition over time:

    import trafficsim as ts

    result = ts.compare(ts.load("restaurant"), replicates=16, seed=1)
    result.summary()
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trafficsim.engine.extending import mechanism
    from trafficsim.engine.mesa_model import TrafficModel
    from trafficsim.engine.past import save_past
    from trafficsim.engine.world import World
    from trafficsim.journeys import Journey, journey
    from trafficsim.mechanisms.shared.own import column, counter
    from trafficsim.new import new_scenario
    from trafficsim.report import write_report, write_workbook
    from trafficsim.results import Result
    from trafficsim.results.merging import merge
    from trafficsim.scenario import Scenario, ScenarioError, load
    from trafficsim.study import (
        Channels,
        Explanation,
        ExportedData,
        Facing,
        Limit,
        Observation,
        Plan,
        Power,
        Replay,
        Sensitivity,
        Solution,
        SweepResult,
        against,
        calibrate,
        channels,
        compare,
        evaluate,
        explain,
        export_data,
        lean,
        meet_facts,
        plan,
        power,
        replay,
        sensitivity,
        solve,
        sweep,
    )

_HOMES = {
    "ExportedData": "trafficsim.study",
    "Observation": "trafficsim.study",
    "export_data": "trafficsim.study",
    "Channels": "trafficsim.study",
    "channels": "trafficsim.study",
    "Explanation": "trafficsim.study",
    "Facing": "trafficsim.study",
    "Journey": "trafficsim.journeys",
    "Limit": "trafficsim.study",
    "Plan": "trafficsim.study",
    "Power": "trafficsim.study",
    "Replay": "trafficsim.study",
    "Result": "trafficsim.results.result",
    "Scenario": "trafficsim.scenario",
    "ScenarioError": "trafficsim.scenario",
    "Sensitivity": "trafficsim.study",
    "Solution": "trafficsim.study",
    "SweepResult": "trafficsim.study",
    "TrafficModel": "trafficsim.engine.mesa_model",
    "World": "trafficsim.engine.world",
    "against": "trafficsim.study",
    "calibrate": "trafficsim.study",
    "column": "trafficsim.mechanisms.shared.own",
    "compare": "trafficsim.study",
    "counter": "trafficsim.mechanisms.shared.own",
    "evaluate": "trafficsim.study",
    "explain": "trafficsim.study",
    "journey": "trafficsim.journeys",
    "lean": "trafficsim.study",
    "load": "trafficsim.scenario",
    "mechanism": "trafficsim.engine.extending",
    "meet_facts": "trafficsim.study",
    "merge": "trafficsim.results.merging",
    "new_scenario": "trafficsim.new",
    "plan": "trafficsim.study",
    "power": "trafficsim.study",
    "replay": "trafficsim.study",
    "save_past": "trafficsim.engine.past",
    "sensitivity": "trafficsim.study",
    "solve": "trafficsim.study",
    "sweep": "trafficsim.study",
    "write_report": "trafficsim.report",
    "write_workbook": "trafficsim.report",
}
"""Where the public names live; each is imported on first use, so that what isn't needed costs no time."""

__all__ = [
    "Channels",
    "Explanation",
    "ExportedData",
    "Facing",
    "Journey",
    "Limit",
    "Observation",
    "Plan",
    "Power",
    "Replay",
    "Result",
    "Scenario",
    "ScenarioError",
    "Sensitivity",
    "Solution",
    "SweepResult",
    "TrafficModel",
    "World",
    "against",
    "calibrate",
    "channels",
    "column",
    "compare",
    "counter",
    "evaluate",
    "explain",
    "export_data",
    "journey",
    "lean",
    "load",
    "mechanism",
    "meet_facts",
    "merge",
    "new_scenario",
    "plan",
    "power",
    "replay",
    "save_past",
    "sensitivity",
    "solve",
    "sweep",
    "write_report",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return __all__
