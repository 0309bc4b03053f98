"""A marketing-mix model as other tools fit it: geometric adstock, saturation, a base by town and half-year.

The revenue of a town's week is a base, which differs by town and moves from one half-year to the next, and of each
channel `beta a / (a + kappa)`, where `a` is its spend with geometric adstock: `a[t] = (1 - theta) spend[t] + theta
a[t - 1]` (Jin et al. 2017, "Bayesian methods for media mix modeling with carryover and shape effects", here with a Hill
exponent of 1). Least squares; what is linear is solved for each trial of theta and kappa (Golub and Pereyra 1973). Its
ROAS is what a channel adds by the fit, by what was spent on it.
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import least_squares

Array = NDArray[np.float64]
KNOTS = 26
"""Weeks between knots of the base: half a year, over which it moves evenly."""
BEGINS = ((0.3, 0.7), (1.0, 8.0))
"""Theta and kappa (of a channel's mean spend) from which the fit begins; the best end counts."""
LOWEST, HIGHEST = (0.0, 0.1), (0.95, 50.0)
"""Ends of theta and kappa."""


def fitted_roas(media: pd.DataFrame, channels: Sequence[str], burn_in: int = 8) -> dict[str, float]:
    """ROAS of each channel by the fit, from media in Meridian's columns.

    Args:
        media: with the same weeks of each geo.
        channels: their names.
        burn_in: weeks at the beginning that are not fitted, whose adstock comes from spend before the data.
    """
    sales = (media["conversions"] * media["revenue_per_conversion"]).rename("revenue")
    wide = media.assign(revenue=sales).pivot_table(index="geo", columns="time", sort=False)
    revenue, scale = wide["revenue"].to_numpy(), sales.mean()
    spend = np.stack([wide[f"{name}_spend"].to_numpy() for name in channels])
    relative = spend / spend.mean(axis=(1, 2), keepdims=True)
    base, wanted = _base(*revenue.shape)[:, burn_in:], (revenue[:, burn_in:] / scale).ravel()

    def design(at: Array) -> Array:
        saturated = [
            _saturated(x, *each)[:, burn_in:, None] for x, each in zip(relative, at.reshape(-1, 2), strict=True)
        ]
        return np.concatenate([base, *saturated], axis=2).reshape(len(wanted), -1)

    def solved(at: Array) -> Array:
        return np.asarray(np.linalg.lstsq(design(at), wanted)[0])

    ends = np.tile(LOWEST, len(channels)), np.tile(HIGHEST, len(channels))
    fits = [
        least_squares(lambda at: design(at) @ solved(at) - wanted, np.tile(begin, len(channels)), bounds=ends)
        for begin in product(*BEGINS)
    ]
    best = min(fits, key=lambda fit: float(fit.cost)).x
    adds = (design(best) * solved(best))[:, -len(channels) :].sum(axis=0) * scale
    return dict(zip(channels, (adds / spend[:, :, burn_in:].sum(axis=(1, 2))).tolist(), strict=True))


def _saturated(spend: Array, theta: float, kappa: float) -> Array:
    """Spend `(towns, weeks)` with adstock and saturation, 0 to 1."""
    adstock, so_far = np.empty_like(spend), np.zeros(len(spend))
    for week in range(spend.shape[1]):
        so_far = (1.0 - theta) * spend[:, week] + theta * so_far
        adstock[:, week] = so_far
    return adstock / (adstock + kappa)


def _base(towns: int, weeks: int) -> Array:
    """Columns of the base, `(towns, weeks, columns)`: hats over knots, and all towns but the first."""
    knots = np.arange(0, weeks + KNOTS - 1, KNOTS)
    hats = np.stack([np.interp(np.arange(weeks), knots, each) for each in np.eye(len(knots))], axis=1)
    own = np.broadcast_to(np.eye(towns)[:, None, 1:], (towns, weeks, towns - 1))
    return np.concatenate([np.broadcast_to(hats, (towns, *hats.shape)), own], axis=2)
