"""Data of many runs, packed: whatever is asked of it is the same to the bit as of arrays that are held as they are."""

import pickle

import numpy as np
import pytest
import xarray as xr

from trafficsim.files import netcdf, packed
from trafficsim.files.packed import Packing, by_steps

SHAPE = {"arm": 2, "replicate": 5, "day": 4, "route": 3}


@pytest.fixture
def plain():
    draw = np.random.default_rng(1)
    counts = draw.integers(-9, 10**12, tuple(SHAPE.values()))
    shares = np.where(draw.random((2, 5)) < 0.3, np.nan, draw.random((2, 5)))
    variables = {
        "orders": (tuple(SHAPE), counts, {"units": "orders"}),
        "shares": (("arm", "replicate"), shares),
        "nothing": (("arm", "replicate", "hook"), np.empty((2, 5, 0), np.int64)),
    }
    return xr.Dataset(variables, {"arm": ["a", "b"], "replicate": np.arange(5) + 7}, {"title": "it"})


@pytest.fixture
def tight(plain, monkeypatch):
    """The same, packed however little it is."""
    monkeypatch.setattr(packed, "HELD_BYTES", 0)
    packing = Packing("replicate")
    for n in (3, 0, 4, 1, 2):  # as they happen to end
        packing.put(n + 7, plain.isel(replicate=[n]))
    return packing.together(range(7, 12))


def same(a, b):
    assert (a.dims, a.dtype, a.attrs) == (b.dims, b.dtype, b.attrs)
    assert a.to_numpy().tobytes() == b.to_numpy().tobytes()
    return True


def test_it_is_the_same_and_stays_packed(plain, tight):
    assert tight.identical(plain)
    assert all(same(tight[name], plain[name]) for name in plain.variables)
    assert not isinstance(tight["orders"].variable._data, np.ndarray)
    assert not isinstance(pickle.loads(pickle.dumps(tight))["orders"].variable._data, np.ndarray)


@pytest.mark.parametrize(
    "pick",
    [
        {"replicate": 3},
        {"replicate": -1, "arm": 1},
        {"arm": 0, "day": slice(None, None, -2)},
        {"replicate": slice(1, 4), "route": [2, 0]},
        {"replicate": [4, 0, 4], "day": 2},
        {"replicate": slice(0, 0)},
        {"arm": xr.DataArray([0, 1, 1], dims="x"), "replicate": xr.DataArray([4, 2, 0], dims="x")},
    ],
)
def test_whatever_is_picked_is_the_same(plain, tight, pick):
    assert same(tight["orders"].isel(pick), plain["orders"].isel(pick))


def test_sums_and_files_are_the_same(plain, tight, tmp_path, monkeypatch):
    assert same(tight["orders"].sum(["day", "route"]), plain["orders"].sum(["day", "route"]))
    monkeypatch.setattr(netcdf, "AT_A_TIME", plain["orders"].nbytes // 2)  # two steps of five
    netcdf.write(tight, tmp_path / "it.nc", "replicate")
    assert netcdf.read(tmp_path / "it.nc").identical(plain)
    again = netcdf.read(tmp_path / "it.nc", "replicate")
    assert again.identical(plain)
    assert not isinstance(again["orders"].variable._data, np.ndarray)


def test_a_function_of_each_step_sees_a_few_at_a_time(plain, tight, monkeypatch):
    monkeypatch.setattr(packed, "HELD_BYTES", 4 * 2 * plain["orders"].nbytes // 5)  # a quarter of it: two steps
    seen = []

    def last(part):
        seen.append(part.sizes["replicate"])
        return part.isel(day=-1)

    assert same(by_steps(tight["orders"], "replicate", last), plain["orders"].isel(day=-1))
    assert seen == [2, 2, 1]
    monkeypatch.undo()
    seen.clear()
    by_steps(plain["orders"], "replicate", last)
    assert seen == [5]


def test_what_is_little_is_held_as_it_is(plain):
    packing = Packing("replicate")
    packing.put_all(plain)
    assert isinstance(packing.together(range(7, 12))["orders"].variable._data, np.ndarray)
