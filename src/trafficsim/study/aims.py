"""What a plan aims at, from what came of it in each world: the average, the worst tenth, or the greatest regrets."""

import numpy as np
from numpy.typing import NDArray

from trafficsim.study.planned import Risk

Array = NDArray[np.float64]
WORST = 0.1
"""Share of worlds that counts as the worst."""


def scored(values: Array, risk: Risk, allowed: NDArray[np.bool_]) -> Array:
    """The aim in each world, turned so that its mean is what is aimed at; of the same shape as `values`.

    For the worst tenth (expected shortfall) it is q - max(q - value, 0) / 0.1, where q is what a tenth falls below: its
    mean is the mean of the worst tenth (Rockafellar and Uryasev 2000, "Optimization of conditional value-at-risk"), and
    its spread, world by world, is the sampling error of that mean (Manistre and Hancock 2005, "Variance of the CTE
    estimator"). Regret is how far a plan stays behind the best of the allowed ones in that world (Savage 1951), turned.

    Args:
        values: more is better, `(plans, worlds)`.
        risk: see `Risk`.
        allowed: which plans are within limits, `(plans,)`.
    """
    if risk == "average":
        return values
    if risk == "regret":
        known = values[allowed] if allowed.any() else values
        values = np.minimum(values - known.max(axis=0), 0.0)
    below = np.quantile(values, WORST, axis=1, method="inverted_cdf", keepdims=True)
    return np.asarray(below - np.maximum(below - values, 0.0) / WORST)
