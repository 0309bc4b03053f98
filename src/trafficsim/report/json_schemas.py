"""The JSON Schema of what `--json` prints: every answer names its own, with a version that goes up with any change."""

import json
from collections.abc import Mapping
from typing import Any, get_args

from trafficsim.report import json_shapes
from trafficsim.report.json_shapes import Answer
from trafficsim.words.asked import one_of


def _name(model: type[Answer]) -> str:
    """The name of an answer's schema, such as trafficsim/compare/1."""
    (name,) = get_args(model.model_fields["schema_"].annotation)
    return str(name)


ANSWERS: dict[str, type[Answer]] = {
    _name(model).split("/")[1]: model
    for model in vars(json_shapes).values()
    if Answer in getattr(model, "__bases__", ())
}
"""The models of all answers, each under the name of its command."""
SAME = {"merge": "compare"}
"""Commands that answer as another does."""


def schema_name(answer: str) -> str:
    """What an answer is marked with, such as trafficsim/compare/1."""
    return _name(ANSWERS[answer])


def tagged(answer: str, plain: Mapping[str, Any]) -> dict[str, Any]:
    """An answer behind the name of its schema."""
    return {"schema": schema_name(answer), **plain}


def json_answer(answer: str, plain: Mapping[str, Any]) -> str:
    """The same as text, names in their own script; ValueError for what JSON has no word for, such as NaN."""
    return json.dumps(tagged(answer, plain), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def answer_schema(answer: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what `--json` of a command prints.

    `answer` is the command's name; `sweep --solve` has "sweep-solve", `calibrate` without counts "calibrate-facts".

    Raises:
        KeyError: for another name, with those that there are.
    """
    model = ANSWERS[one_of("answer", SAME.get(answer, answer), ANSWERS)]
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, **model.model_json_schema(), "title": _name(model)}
