"""What `--json` prints has a schema, which doesn't change without its version.

Answers of commands that other files run are held against their schema there (`answers.conforming`).
"""

import hashlib
import inspect
import json

import pytest
from jsonschema import Draft202012Validator

from answers import conforming
from comparisons import SHOP
from trafficsim.cli.commands import COMMANDS
from trafficsim.report.json_schemas import ANSWERS, SAME, answer_schema, schema_name

SMALL = SHOP.replace("days: 60", "days: 6").replace("count: 2000", "count: 100")
KEPT = {
    "trafficsim/check/1": "d4ff82a84e3b2569",
    "trafficsim/compare/1": "5413993e689ff7a1",
    "trafficsim/diff/1": "3ddeb8a04911032b",
    "trafficsim/replay/1": "f15102c1ce405751",
    "trafficsim/sweep/1": "abd3217320f3d1b6",
    "trafficsim/sweep-solve/1": "4302838cdafa8e39",
    "trafficsim/explain/1": "1c5be032e4d0acca",
    "trafficsim/plan/1": "af3c1881be723eb2",
    "trafficsim/power/1": "b152aa65be609027",
    "trafficsim/against/1": "74b794c268a55d5b",
    "trafficsim/journey/1": "087d2c431d1a1d1e",
    "trafficsim/claims/1": "e420e21e026a51b8",
    "trafficsim/calibrate/1": "a347b0a585f3bd6b",
    "trafficsim/calibrate-facts/1": "9734e375eebb5536",
}
"""Of each schema, without its texts. What was published under a version stays: give a changed schema the next one."""


@pytest.fixture
def path(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "shop.yaml"
    file.write_text(SMALL, "utf-8")
    return file


def without_texts(schema):
    """The same without what only readers see, and what a version of pydantic may word otherwise."""
    if isinstance(schema, dict):
        return {key: without_texts(value) for key, value in schema.items() if not is_free(key, value)}
    return [without_texts(value) for value in schema] if isinstance(schema, list) else schema


def is_free(key, value):
    """Texts, and what versions of pydantic say or leave out: that anything may be there, an enum beside a const."""
    if key in {"title", "description"}:
        return isinstance(value, str)
    return (key == "additionalProperties" and value is True) or (key == "enum" and len(value) == 1)


def test_a_schema_does_not_change_without_its_version():
    found = {
        schema_name(answer): hashlib.sha256(
            json.dumps(without_texts(answer_schema(answer)), sort_keys=True).encode()
        ).hexdigest()[:16]
        for answer in ANSWERS
    }
    assert found == KEPT


def test_every_command_that_prints_json_has_a_schema():
    printing = {name for name, command in COMMANDS.items() if "as_json" in inspect.signature(command).parameters}
    assert printing == ({*ANSWERS, *SAME} - {"sweep-solve", "calibrate-facts"})


@pytest.mark.parametrize("answer", ANSWERS)
def test_schemas_are_schemas_and_let_nothing_else_in(answer):
    schema = answer_schema(answer)
    Draft202012Validator.check_schema(schema)
    assert "schema" in schema["required"]
    assert not schema["additionalProperties"]


def test_a_command_prints_the_schema_of_another(command):
    status, told = command("schema", "merge")
    assert (status, json.loads(told.out)) == (0, answer_schema("compare"))
    status, told = command("schema", "compar")
    assert status == 2
    assert "no answer 'compar'; there are check, compare" in " ".join(told.err.replace("│", " ").split())


def test_a_check_tells_of_mistakes_and_of_every_number(command, path):
    path.with_name("bad.yaml").write_text(SMALL.replace("price: 80", "price: -1"), "utf-8")
    status, told = command("check", path, path.with_name("bad.yaml"), "--json")
    good, bad = conforming(told.out)["scenarios"]
    assert (status, told.err) == (2, "")
    assert (good["arms"], good["mistakes"], good["days"]) == (["nothing", "paid", "private"], [], 6)
    assert ["product.price", 80, None] in good["assumed"]
    assert all(source for _, _, source in good["defaults"]["sourced"])
    assert "product.price" in bad["mistakes"][0]
    assert set(bad) == {"name", "mistakes"}


def test_sweeps_conform(command, path):
    few = (path, "--arms", "private", "paid", "--replicates", "2", "--workers", "1", "--json")
    _, told = command("sweep", *few, "--vary", "product.price=70,90", "--out", "swept")
    assert [point["product.price"] for point in conforming(told.out)["points"]] == [70, 90]
    _, told = command("sweep", *few, "--solve", "product.price=70:90", "--out", "solved")
    assert conforming(told.out)["schema"] == "trafficsim/sweep-solve/1"
