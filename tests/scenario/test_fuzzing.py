"""Any file ends in a scenario or in plain lines that say where what is wrong; never in a traceback, and in no time.

`TRAFFICSIM_MUTANTS=20000 pytest tests/scenario/test_fuzzing.py` tries so many, by a seed of their own unless
`TRAFFICSIM_MUTANTS_SEED` gives one.
"""

import os
import random

import pytest

import fuzzing

pytestmark = pytest.mark.newest

PARTS = 10
FEW = 250
MUTANTS = int(os.environ.get("TRAFFICSIM_MUTANTS", FEW))
SEED = int(os.environ.get("TRAFFICSIM_MUTANTS_SEED", random.SystemRandom().randrange(1 << 32) if MUTANTS > FEW else 14))


@pytest.fixture(scope="module")
def texts():
    return fuzzing.sources()


@pytest.mark.parametrize("part", range(PARTS))
def test_a_broken_file_is_told_in_plain_lines(texts, part):
    print(f"seed {SEED}, each {PARTS}th of {MUTANTS} mutants from {part}")  # noqa: T201 - repeats what failed
    found = {number: fuzzing.problem(fuzzing.mutant(texts, SEED, number)) for number in range(part, MUTANTS, PARTS)}
    bad = [f"mutant {number} of seed {SEED}: {said}" for number, said in found.items() if said]
    assert not bad, "\n\n".join(bad)
