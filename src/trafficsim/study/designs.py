"""Designs: at which points of a few settings to look."""

import itertools
import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from trafficsim.scenario.needs import sweep_beyond_memory
from trafficsim.study.varying import Axis, Point, SweepError

Design = Literal["grid", "latin", "sobol"]
DESIGNS: tuple[Design, ...] = ("grid", "latin", "sobol")


def design_points(axes: Sequence[Axis], design: Design, points: int | None, seed: int) -> list[Point]:
    """The points of a design.

    Args:
        axes: what varies.
        design: "grid" for all combinations of levels; "latin" for a Latin hypercube (McKay et al. 1979), "sobol" for a
            scrambled Sobol sequence (Sobol' 1967, Owen 1998), whose balance needs a power of two.
        points: how many, for a design that is no grid.
        seed: of the design; the same points for the same seed.

    Raises:
        SweepError: for another design, a number of points that doesn't go with it or more than fit into memory.
    """
    if design not in DESIGNS:
        raise SweepError(f"no design {design!r}; there are {', '.join(DESIGNS)}")
    if (points is None) != (design == "grid"):
        raise SweepError(f"design {design}: give points" if points is None else "a grid has no points of its own")
    many = math.prod(len(axis.levels) for axis in axes) if points is None else points
    if too_many := sweep_beyond_memory(many, 1):
        raise SweepError(too_many)
    if points is None:
        return [dict(zip(_names(axes), values, strict=True)) for values in itertools.product(*(a.levels for a in axes))]
    if points < 1 or (design == "sobol" and points & (points - 1)):
        raise SweepError(f"design {design}: points must be {'a power of two' if design == 'sobol' else 'at least 1'}")
    return [
        {axis.name: axis.at(float(u)) for axis, u in zip(axes, row, strict=True)}
        for row in _shares(axes, design, points, seed)
    ]


def _names(axes: Sequence[Axis]) -> list[str]:
    return [axis.name for axis in axes]


def _shares(axes: Sequence[Axis], design: Design, points: int, seed: int) -> NDArray[np.float64]:
    """Shares of the way along each axis, shape `(points, axes)`, each from 0 to below 1."""
    engine = (qmc.LatinHypercube if design == "latin" else qmc.Sobol)(d=len(axes), seed=np.random.default_rng(seed))
    return np.asarray(engine.random(points))
