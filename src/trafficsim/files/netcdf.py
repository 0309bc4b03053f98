"""Datasets as netCDF 4 files: written whole or not at all, and read with one plain sentence for what is none."""

from pathlib import Path

import xarray as xr

from trafficsim.files.packed import packed
from trafficsim.files.whole import write_whole

PACKED = {"zlib": True, "complevel": 1, "shuffle": True}
"""Daily counts of many places are mostly zeros, which the quickest compression takes to a twentieth of the size."""


def as_bytes(data: xr.Dataset) -> memoryview:
    """The content of a file; in memory, since HDF5 brings the process down where a disk is full."""
    return data.to_netcdf(engine="h5netcdf", encoding=dict.fromkeys(data.data_vars, PACKED))


def write(data: xr.Dataset, path: Path) -> Path:
    """Write a file, whole or not at all; returns its path. OSError where there is no room."""
    write_whole(path, as_bytes(data))
    return path


def read(path: Path, dimension: str | None = None) -> xr.Dataset:
    """Read what `write` wrote; if there is much of it, packed along a dimension.

    Raises:
        FileNotFoundError: if it isn't there.
        ValueError: if it is damaged, or no netCDF file.
    """
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such file")
    try:
        with xr.open_dataset(path, engine="h5netcdf") as data:
            return data.load() if dimension is None else packed(data, dimension)
    except Exception as error:  # HDF5 and what reads it raise whatever a damaged file leads to
        raise ValueError(f"{path}: can't be read; it is damaged or no netCDF file") from error
