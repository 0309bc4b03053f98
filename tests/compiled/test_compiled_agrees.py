"""Compiled rules and worlds give the same bits as the Python that people read."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from bits import DRAWS, all_bits, rules
from trafficsim.compiled import rule

BITS = Path(__file__).parents[1] / "bits.py"


@pytest.fixture(scope="module")
def compiled():
    if numba.config.DISABLE_JIT:
        pytest.skip("nothing is compiled here")
    return all_bits()


@pytest.fixture(scope="module")
def uncompiled():
    found = subprocess.run(
        [sys.executable, "-W", "error", str(BITS)],
        env={**os.environ, "NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


@pytest.mark.parametrize("name", [f"{module}.{name}" for module, name in rules()])
def test_a_rule_gives_the_same_bits(name, compiled, uncompiled):
    assert len(compiled["rules"][name]) == DRAWS
    assert compiled["rules"][name] == uncompiled["rules"][name]


@pytest.mark.parametrize("which", ["lively", "mixed"])
def test_a_world_gives_the_same_bits(which, compiled, uncompiled):
    a, b = compiled["worlds"][which], uncompiled["worlds"][which]
    assert [name for name in a if a[name] != b[name]] == []
    assert a.keys() == b.keys()
    assert len(a) > 30


@pytest.mark.nojit
def test_the_rules_of_the_day_are_among_those_compared():
    names = {name for _, name in rules()}
    assert {"takes", "appeal", "hazard_of_post", "chosen_over_rivals", "trust_after", "poisson", "cents"} <= names


def test_what_is_compared_is_compiled(compiled):
    assert hasattr(rule(lambda x: x), "py_func")
    assert compiled
