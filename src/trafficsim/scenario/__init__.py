"""The scenario file: its format, loading with line numbers, arms, dated events, provenance."""

from trafficsim.scenario.errors import Mistake, ScenarioError
from trafficsim.scenario.json_schema import json_schema
from trafficsim.scenario.loading import GivenScenario, check_file, load, load_text, scenario_from, shipped, with_arms_of
from trafficsim.scenario.needs import Needs, estimate
from trafficsim.scenario.provenance import Provenance
from trafficsim.scenario.replacing import parse_setting, parse_settings, parse_value
from trafficsim.scenario.scenario import Scenario

__all__ = [
    "GivenScenario",
    "Mistake",
    "Needs",
    "Provenance",
    "Scenario",
    "ScenarioError",
    "check_file",
    "estimate",
    "json_schema",
    "load",
    "load_text",
    "parse_setting",
    "parse_settings",
    "parse_value",
    "scenario_from",
    "shipped",
    "with_arms_of",
]
