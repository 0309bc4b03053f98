"""docs/commands.md and docs/variables.md are as their generator makes them now."""

import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

DOCS = Path(__file__).parents[2] / "docs"


def test_the_pages_are_up_to_date(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import generate_reference  # noqa: PLC0415 - found in the folder of the pages

    for name, text in generate_reference.pages().items():
        if (DOCS / name).read_text("utf-8") != text:
            pytest.fail(f"docs/{name} is out of date: run python docs/generate_reference.py")


def test_what_to_cite_is_what_is_installed():
    project = tomllib.loads((DOCS.parent / "pyproject.toml").read_text("utf-8"))["project"]
    cited = YAML(typ="safe").load((DOCS.parent / "CITATION.cff").read_text("utf-8"))
    assert cited["version"] == project["version"]
    assert [each["name"] for each in cited["authors"]] == [each["name"] for each in project["authors"]]
    assert (cited["license"], cited["keywords"]) == (project["license"], project["keywords"])


def test_the_picture_of_the_day_has_words_for_every_step(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import draw_day  # noqa: PLC0415 - found in the folder of the picture

    steps = draw_day.steps()
    assert [step.name for step in steps] == list(draw_day.SAID)
    assert {what for step in steps for what in step.shares} == set(draw_day.SHARED)
