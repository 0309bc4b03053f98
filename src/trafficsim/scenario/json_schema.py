"""The JSON Schema of a scenario file, for editors: completion, meanings, ranges."""

import copy
from typing import Any

from trafficsim.market.quantities import Parameters
from trafficsim.scenario.arms import ENTRY_SECTIONS, SHARED_KEYS
from trafficsim.scenario.schema import Frame, plan_type
from trafficsim.scenario.shapes import Shape, is_day, is_fixed, shape_of

_DATE = {"type": "string", "format": "date"}
_PARTIAL = "PartOf"
_MARKS = ("fixed", "label", "phrase", "sampled", "slider", "source")
"""What settings carry for this package's own use, and an editor has no use for."""
Json = dict[str, Any]
_GIVEN: Json = {
    "type": "object",
    "description": "values by date: a CSV or Excel file beside the scenario, and the head of a column",
    "properties": {
        "file": {"type": "string"},
        "column": {"type": "string"},
        "total": {"type": "boolean", "description": "a row holds the total of its days (settings per day or per week)"},
    },
    "required": ["file", "column"],
    "additionalProperties": False,
}


def json_schema() -> Json:
    """The schema of a whole file: the settings of `Plan`, and in arms any part of them."""
    plan = plan_type().model_json_schema()
    frame = Frame.model_json_schema()
    definitions: Json = plan.pop("$defs") | frame.pop("$defs")
    _allow_dates(definitions)
    _allow_files(definitions)
    part = _part(plan, definitions)
    events = _nothing_required(frame["properties"]["events"])
    events["additionalProperties"] = {"anyOf": [events["additionalProperties"], {"const": "off"}]}
    part["properties"]["events"] = events
    for overriding in ("arms", "against"):
        frame["properties"][overriding]["additionalProperties"] = part
    whole: Json = plan | {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "trafficsim scenario",
        "properties": plan["properties"] | frame["properties"],
        "$defs": definitions,
    }
    return dict(_without_own_marks(whole))


def _allow_dates(definitions: Json) -> None:
    """Days may be written as dates."""
    models: list[type[Parameters]] = [*_models(plan_type()), *_models(Frame)]
    for model in models:
        for name, field in model.model_fields.items():
            if is_day(field) and model.__name__ in definitions:
                setting = definitions[model.__name__]["properties"][name]
                kept = {key: setting.pop(key) for key in ("title", "description", "default") if key in setting}
                choices = [_items_dated(choice) for choice in setting.get("anyOf", [dict(setting)])]
                dated = [] if any("prefixItems" in choice for choice in choices) else [_DATE]
                definitions[model.__name__]["properties"][name] = kept | {"anyOf": [*choices, *dated]}


def _allow_files(definitions: Json) -> None:
    """A file may give numbers by date (see `history`)."""
    definitions["GivenByFile"] = _GIVEN
    for model in dict.fromkeys(_models(plan_type())):
        settings = definitions.get(model.__name__, {}).get("properties", {})
        for name, field in model.model_fields.items():
            number = settings.get(name, {})
            if number.get("type") in {"number", "integer"} and not is_fixed(field):
                said = {key: number.pop(key) for key in ("title", "description", "default") if key in number}
                settings[name] = said | {"anyOf": [number, {"$ref": "#/$defs/GivenByFile"}]}


def _items_dated(choice: Json) -> Json:
    """A list of days may hold dates."""
    items = choice.get("prefixItems")
    return choice | {"prefixItems": [{"anyOf": [item, _DATE]} for item in items]} if items else choice


def _part(plan: Json, definitions: Json) -> Json:
    """Any part of the settings, with entries that can be switched off; adds the partial definitions."""
    for name in list(definitions):
        definitions[_PARTIAL + name] = _nothing_required(definitions[name])
    part = _nothing_required(plan)
    properties = {name: setting for name, setting in part["properties"].items() if name not in SHARED_KEYS}
    for name in ENTRY_SECTIONS:
        for choice in properties[name].get("anyOf", [properties[name]]):
            if "additionalProperties" in choice:
                choice["additionalProperties"] = {"anyOf": [choice["additionalProperties"], {"const": "off"}]}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _nothing_required(schema: Any) -> Any:
    """A copy in which nothing is required, pointing to the partial definitions."""
    if isinstance(schema, list):
        return [_nothing_required(item) for item in schema]
    if not isinstance(schema, dict):
        return copy.copy(schema)
    found = {key: _nothing_required(value) for key, value in schema.items() if key not in {"required", "discriminator"}}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/$defs/", f"#/$defs/{_PARTIAL}")
    if "oneOf" in found:
        # Without its kind, a part of a place may fit several kinds.
        found["anyOf"] = found.pop("oneOf")
    return found


def _without_own_marks(schema: Any) -> Any:
    """Leave out the marks; settings that happen to be named like one stay."""
    if isinstance(schema, list):
        return [_without_own_marks(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    is_setting = "fixed" in schema and isinstance(schema["fixed"], bool)
    kept = {key: value for key, value in schema.items() if not (is_setting and key in _MARKS)}
    return {key: _without_own_marks(value) for key, value in kept.items()}


def _models(model: type[Parameters]) -> list[type[Parameters]]:
    found = [model]
    for field in model.model_fields.values():
        found += [inner for below in _below(shape_of(field.annotation)) for inner in _models(below)]
    return found


def _below(shape: Shape) -> list[type[Parameters]]:
    inner = _below(shape.entries) if shape.entries else []
    return [*([shape.model] if shape.model else []), *(model for _, model in shape.kinds), *inner]
