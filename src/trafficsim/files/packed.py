"""Data of many runs, packed in memory: each run's arrays compressed, and unpacked whenever they are looked at.

Counts of days are mostly zeros and small numbers: a twentieth of their size is enough for them.
"""

import zlib
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray
from xarray.backends import BackendArray
from xarray.core import indexing

from trafficsim.files import HELD_BYTES

QUICKLY = 1
"""How hard deflate tries: more takes several times as long, and leaves a fifth less."""


class PackedArray(BackendArray):
    """An array as parts that lie along one of its dimensions, a step each; reading unpacks those that are asked for.

    Args:
        parts: each compressed, all of one shape.
        shape: of one part.
        dtype: of all.
        axis: the dimension along which they lie.
    """

    def __init__(self, parts: Sequence[bytes], shape: tuple[int, ...], dtype: np.dtype[Any], axis: int) -> None:
        self.parts, self.axis, self.one = tuple(parts), axis, shape
        self.dtype, self.shape = dtype, (*shape[:axis], len(self.parts), *shape[axis:])

    def __getitem__(self, key: Any) -> Any:
        return indexing.explicit_indexing_adapter(key, self.shape, indexing.IndexingSupport.BASIC, self._read)

    def _read(self, key: tuple[int | slice, ...]) -> NDArray[Any]:
        """What whole numbers and slices pick."""
        of, rest = key[self.axis], (*key[: self.axis], *key[self.axis + 1 :])
        if not isinstance(of, slice):
            return np.asarray(self._part(int(of))[rest])
        numbers = range(len(self.parts))[of]
        before = sum(isinstance(each, slice) for each in key[: self.axis])
        some = np.empty(self.one, np.bool_)[rest].shape
        found = np.empty((*some[:before], len(numbers), *some[before:]), self.dtype)
        for at, number in enumerate(numbers):
            found[(slice(None),) * before + (at,)] = self._part(number)[rest]
        return found

    def _part(self, number: int) -> NDArray[Any]:
        return np.frombuffer(zlib.decompress(self.parts[number]), self.dtype).reshape(self.one)


class Packing:
    """Datasets of one step each along a dimension, packed as they come, to be put together in the end."""

    def __init__(self, dimension: str) -> None:
        self.dimension = dimension
        self._parts: dict[int, dict[str, bytes]] = {}
        self._first: xr.Dataset | None = None

    def put(self, number: int, one: xr.Dataset) -> None:
        """Pack a dataset of one step, which gets this number."""
        if self._first is None:
            self._first = one
        arrays = {str(name): one.variables[name].to_numpy() for name in one.data_vars}
        self._parts[number] = {name: zlib.compress(array.tobytes(), QUICKLY) for name, array in arrays.items()}

    def put_all(self, data: xr.Dataset) -> None:
        """Pack each step of a dataset, numbered by its coordinate, variable after variable."""
        numbers = [int(number) for number in data[self.dimension].to_numpy()]
        if self._first is None:
            self._first = data.isel({self.dimension: [0]}).load()
        for name, variable in data.data_vars.items():
            steps = np.moveaxis(variable.to_numpy(), variable.dims.index(self.dimension), 0)
            for number, step in zip(numbers, steps, strict=True):
                self._parts.setdefault(number, {})[str(name)] = zlib.compress(step.tobytes(), QUICKLY)

    def together(self, numbers: Iterable[int]) -> xr.Dataset:
        """The data of some steps in this order, which stay packed unless they are few; attributes are the first's.

        Variables of all steps alike must have the dimension.
        """
        if self._first is None:
            raise ValueError("nothing was packed")
        kept, first = list(numbers), self._first
        variables = {}
        for name in first.data_vars:
            variable = first.variables[name]
            axis = variable.dims.index(self.dimension)
            shape = (*variable.shape[:axis], *variable.shape[axis + 1 :])
            array = PackedArray([self._parts[n][str(name)] for n in kept], shape, variable.dtype, axis)
            variables[name] = xr.Variable(variable.dims, indexing.LazilyIndexedArray(array), variable.attrs)
        found = xr.Dataset(variables, first.drop_vars(self.dimension).coords, first.attrs)
        found = found.assign_coords({self.dimension: np.array(kept)})
        return found.load() if found.nbytes <= HELD_BYTES else found


def packed(data: xr.Dataset, dimension: str) -> xr.Dataset:
    """The same data, each step of a dimension packed, unless it is little."""
    if data.nbytes <= HELD_BYTES or dimension not in data.coords:
        return data.load()
    packing = Packing(dimension)
    packing.put_all(data)
    return packing.together(data[dimension].to_numpy().tolist())


def by_steps(data: xr.DataArray, dimension: str, function: Callable[[xr.DataArray], xr.DataArray]) -> xr.DataArray:
    """What a function makes of an array that treats the steps of a dimension alike; of a large one, a few at a time."""
    several = max(1, HELD_BYTES // 4 * data.sizes[dimension] // max(1, data.nbytes))
    if several >= data.sizes[dimension]:
        return function(data)
    firsts = range(0, data.sizes[dimension], several)
    return xr.concat([function(data.isel({dimension: slice(n, n + several)})) for n in firsts], dimension)
