"""Who moved from where to where: counted from columns, balancing with who is there."""

import numpy as np
import pytest

from comparisons import lively
from trafficsim.engine import moves as flows
from trafficsim.engine.moves import OUTSIDE, first_days, moves, run_counting_moves
from trafficsim.study import compare
from worlds import LIVELY, after, code, different, world_of

SMALL = {"customers.count": 60, "days": 31}


@pytest.mark.nojit
@pytest.mark.parametrize("at_once", [1, 2, 5, 100])
def test_moves_are_pairs_of_before_and_now(at_once, monkeypatch):
    monkeypatch.setattr(flows, "AT_ONCE", at_once)
    before, now = np.array([0, 0, 1, 2, 2], np.uint8), np.array([0, 2, 1, 0, 1], np.uint8)
    assert moves(before, now, 2).tolist() == [[0, 0, 1], [0, 0, 0], [1, 1, 0]]
    assert before.tolist() == now.tolist()


@pytest.mark.nojit
def test_windows_are_of_28_days_and_the_last_one_is_what_is_left():
    assert list(first_days(28)) == [0]
    assert list(first_days(29)) == [0, 28]
    assert run_counting_moves(world_of(LIVELY, SMALL)).shape == (2, 6, 6)


@pytest.mark.nojit
def test_counting_changes_nothing():
    counting = world_of(LIVELY, SMALL)
    run_counting_moves(counting)
    assert different(counting, after(LIVELY, SMALL)) == []


@pytest.mark.nojit
def test_everybody_is_somewhere_and_nobody_is_lost():
    """All 60 at both ends of a window; who is there after one is who is there before the next; the columns agree."""
    w = world_of(LIVELY, SMALL)
    at_start = np.bincount(w.columns.story.place, minlength=6)
    moved = run_counting_moves(w)
    assert moved.sum(axis=(1, 2)).tolist() == [60, 60]
    assert moved[0].sum(axis=1).tolist() == at_start.tolist()
    assert moved[0].sum(axis=0).tolist() == moved[1].sum(axis=1).tolist()
    assert moved[1].sum(axis=0).tolist() == np.bincount(w.columns.story.place, minlength=6).tolist()
    assert moved[0].sum() > np.trace(moved[0])


@pytest.mark.nojit
@pytest.mark.parametrize("day", [0, 3, 31])
def test_members_are_at_a_pool_and_nobody_else_is(day):
    w = world_of(LIVELY, SMALL).run(until=day)
    member = w.columns.member
    inside = member.status % 2 == 1
    pools = [code(w, pool) + 1 for pool in w.names.pools]
    at = w.columns.story.place
    assert np.array_equal(np.isin(at, pools), inside.any(axis=0))
    assert all(inside[pools.index(at[i]), i] for i in np.flatnonzero(inside.any(axis=0)))
    assert inside.any()


def test_a_comparison_holds_them_scaled_and_conserved():
    data = compare(lively({"customers.each_stands_for": 3, "days": 40}), replicates=2, seed=1).data
    moved = data["moved"]
    assert moved.dims == ("arm", "replicate", "window", "from_place", "to_place")
    assert moved["window"].to_numpy().tolist() == [0, 28]
    assert moved["from_place"].to_numpy().tolist() == [OUTSIDE, *data["place"].to_numpy()]
    assert (moved.sum(["from_place", "to_place"]) == 900).all()
    assert (moved % 3 == 0).all()
    after_first = moved.isel(window=0).sum("from_place").to_numpy()
    assert (after_first == moved.isel(window=1).sum("to_place").to_numpy()).all()
    at_end = moved.isel(window=-1).sum("from_place")
    pools = ["vip_group", "manager"]
    members = data["members"].isel(day=-1).sel(place=pools)
    in_pools = at_end.sel(to_place=pools)
    assert (in_pools.sum("to_place") <= members.sum("place")).all()
    assert (in_pools.sum("to_place") >= members.max("place")).all()
