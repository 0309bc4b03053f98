"""Datasets as netCDF 4 files: written whole or not at all, and read with one plain sentence for what is none."""

from io import BytesIO
from pathlib import Path

import h5netcdf
import xarray as xr

from trafficsim.files.packed import packed
from trafficsim.files.whole import write_whole

PACKED = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
"""Daily counts of many places are mostly zeros, which the quickest compression takes to a twentieth of the size."""
AT_A_TIME = 16_000_000
"""Bytes that are unpacked at a time to be written, about (assumed)."""


def as_bytes(data: xr.Dataset, dimension: str | None = None) -> bytes:
    """The content of a file; in memory, since HDF5 brings the process down where a disk is full.

    Of large variables a few steps of `dimension` are held and written at a time, where one is given: what is packed
    need not be in memory as a whole, which xarray's own writing would take.
    """
    numbers = [name for name, variable in data.data_vars.items() if variable.dtype.kind in "iuf"]
    image = BytesIO(bytes(data.drop_vars(numbers).to_netcdf(engine="h5netcdf")))
    with h5netcdf.File(image, "r+") as file:
        for name, size in data.sizes.items():
            if name not in file.dimensions:
                file.dimensions[name] = size
        for name in numbers:
            _write(file, str(name), data[name], dimension)
    return image.getvalue()


def _write(file: h5netcdf.File, name: str, variable: xr.DataArray, dimension: str | None) -> None:
    beside = [c for c in variable.coords if c not in variable.dims]
    said = {**variable.attrs, **({"coordinates": " ".join(map(str, beside))} if beside else {})}
    large = variable.nbytes > AT_A_TIME and dimension in variable.dims
    axis = variable.dims.index(dimension) if large else 0
    chunks = (*variable.shape[:axis], 1, *variable.shape[axis + 1 :]) if large else None
    how = {**PACKED, "chunks": chunks} if variable.size and variable.dims else {}
    target = file.create_variable(name, variable.dims, variable.dtype, **how)
    target.attrs.update(said)
    if not large:
        target[...] = variable.to_numpy()
        return
    steps = max(1, AT_A_TIME * variable.shape[axis] // variable.nbytes)
    for first in range(0, variable.shape[axis], steps):
        part = slice(first, first + steps)
        target[(slice(None),) * axis + (part,)] = variable[(slice(None),) * axis + (part,)].to_numpy()


def write(data: xr.Dataset, path: Path, dimension: str | None = None) -> Path:
    """Write a file, whole or not at all (`dimension`: see `as_bytes`); returns its path. OSError for no room."""
    write_whole(path, as_bytes(data, dimension))
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
