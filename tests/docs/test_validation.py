"""docs/validation.md says what its checks give: the quick ones are run again."""

import re
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from trafficsim.kernel.columns import BACK, GONE, IN, OUTSIDE, QUIT
from worlds import QUIET, world_of

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def validation(monkeypatch):
    """The generator, which stands beside the page."""
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import generate_validation  # noqa: PLC0415 - found in the folder of the page

    return generate_validation


def page_rows():
    """Cells of the table of the page, by the name in its first column."""
    lines = (DOCS / "validation.md").read_text("utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return {row[0]: row[1:] for row in cells}


def numbers(text):
    """Numbers in a cell such as `0.98 % (0.96 to 1.00)`: the estimate and the limits of its interval."""
    return [float(n.replace(",", "")) for n in re.findall(r"-?\d[\d,]*\.?\d*", text)]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["account", "coupons", "spenders"])
def test_the_page_says_what_the_check_gives(validation, name):
    """The estimate lies within the interval that the page states, with the page's verdict."""
    with ThreadPoolExecutor(2) as pool:
        found = validation.estimated(name, validation.summed(name, pool))
    targets = [t for t in validation.TARGETS if t.key in found]
    assert targets
    for target in targets:
        _, measured, _, verdict, _ = page_rows()[target.name]
        _, low, high = numbers(measured)
        assert low - 0.01 <= found[target.key].middle <= high + 0.01, target.key
        assert verdict == validation.verdict(target, found[target.key])


def test_who_is_in_the_pool_and_who_has_quit_a_year_later_is_seen(validation):
    """Whoever came back has quit too."""
    w = world_of(QUIET, {"customers.count": 10})
    w.columns.member.status[0] = [OUTSIDE, IN, QUIT, BACK, GONE] * 2
    since = np.repeat([5, 6], 5)
    in_pool, quit_by = np.zeros((2, 10), bool)
    validation.watch(w, 5, since, in_pool, quit_by)
    assert (in_pool.nonzero()[0].tolist(), quit_by.any()) == ([1], False)
    validation.watch(w, 5 + 365, since, in_pool, quit_by)
    assert (in_pool.nonzero()[0].tolist(), quit_by.nonzero()[0].tolist()) == ([1], [2, 3, 4])


def test_targets_are_told_apart_and_words_belong_to_them(validation):
    """Keys and names are unique, bands have an inside, and no reason or note is of a target that is gone."""
    keys, names = ([getattr(target, what) for target in validation.TARGETS] for what in ("key", "name"))
    assert (len(set(keys)), len(set(names))) == (len(keys), len(keys))
    assert all(target.low < target.high and target.published and target.source for target in validation.TARGETS)
    assert {*validation.REASONS, *validation.NOTES} <= set(keys)


@pytest.mark.usefixtures("validation")
def test_the_heaviest_fifth_is_of_buyers_and_equal_ones_are_told_apart_by_chance():
    """Ties would follow the order of customers else, and the same ones would be heavy in every year."""
    from validation_held_out import top_fifth  # noqa: PLC0415 - as above

    orders = np.repeat([0, 1, 9], [50, 40, 10])
    marks = top_fifth(orders, np.random.default_rng(0))
    assert (marks.sum(), marks[90:].all(), marks[:50].any()) == (10, True, False)
    equal = np.ones(100, np.int64)
    first, second = (top_fifth(equal, np.random.default_rng(seed)) for seed in (0, 1))
    assert first.sum() == second.sum() == 20
    assert (first & second).sum() < 20


@pytest.mark.slow
def test_the_page_has_every_target(validation):
    """None was dropped after its run."""
    rows = page_rows()
    assert all(rows[target.name][0] == target.published for target in validation.TARGETS)
