"""What commands print as JSON, held against its schema."""

import json

from jsonschema import Draft202012Validator

from trafficsim.report.json_schemas import answer_schema


def conforming(text):
    """The answer in `text`; fails with all places in which it is not what the schema that it names says."""
    answer = json.loads(text, parse_constant=lambda name: _refuse(f"{name} is no JSON"))
    validator = Draft202012Validator(answer_schema(answer["schema"].split("/")[1]))
    wrong = [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(answer)]
    assert not wrong, "\n".join(wrong)
    return answer


def _refuse(says):
    raise AssertionError(says)
