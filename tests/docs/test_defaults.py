"""docs/validation.md tells how the defaults stand in the fit of `calibrate` to the results that were used."""

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def defaults(monkeypatch):
    """The generator, which stands beside the page."""
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import generate_defaults  # noqa: PLC0415 - found in the folder of the page

    return generate_defaults


@pytest.mark.parametrize(
    ("band", "value", "apart"),
    [
        ((1.0, 3.0), 2.0, 0.0),
        ((1.0, 3.0), 3.0, 3 * math.tanh(1 / 3)),
        ((1.0, 3.0), -1000.0, -3.0),
        ((1.0, math.inf), 7.0, 0.0),
        ((1.0, math.inf), 0.95, -3 * math.tanh(1 / 3)),
        ((1.0, 3.0), math.nan, 3.0),
    ],
)
def test_a_result_counts_by_half_widths_of_its_band(defaults, band, value, apart):
    """The middle is 0, an end nearly 1, nothing counts as more than 3; of a direction only the wrong side counts."""
    target = replace(defaults.USED[0], low=band[0], high=band[1], whole=False)
    assert defaults.off(target, value) == pytest.approx(apart)
    below = replace(target, low=0.0, high=1.0, whole=True)
    assert (defaults.off(below, 0.2), defaults.off(below, 1.05)) == (0.0, pytest.approx(3 * math.tanh(1 / 3)))


def test_checks_run_with_the_defaults_that_are_tried(defaults):
    """Where a check gives a number itself, it keeps it; afterwards the shipped ones hold again."""
    worlds = defaults.validation_worlds
    with defaults.tried({"leaving.hazard": 0.019, "customers.memory.usual_discount": 0.08}):
        memory = worlds.mature(customers__memory__usual_discount=0.2).plan("base").customers.memory
        assert memory.usual_discount == 0.2
        assert worlds.mature().plan("base").customers.memory.usual_discount == 0.08
    assert (
        worlds.mature().plan("base").customers.memory.usual_discount
        == defaults.shipped()["customers.memory.usual_discount"]
    )


def test_the_page_has_what_the_fit_found(defaults):
    """The section is made from defaults_fit.json, of the defaults that are shipped."""
    import defaults_words  # noqa: PLC0415 - found in the folder of the page

    found = json.loads(defaults_words.FITTED.read_text("utf-8"))
    assert {path: of["now"] for path, of in found["numbers"].items()} == defaults.shipped()
    section = defaults_words.section({target.key: target.name for target in defaults.TARGETS})
    assert section.strip() in (DOCS / "validation.md").read_text("utf-8")
