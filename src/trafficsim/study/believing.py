"""For which beliefs a choice holds: the same worlds, weighed anew.

The choice is the arm that earns most on average over the worlds as they were drawn. Who believes otherwise weighs them
otherwise:

- **Other odds**: worlds in which another arm earns more get more weight, in the same proportion each (Jeffrey 1965).
- **Another mean of a number**: of all weights that bring it about, those nearest to equal ones in relative entropy,
  which are exponential in the number (Csiszár 1975; for forecasts Robertson, Tallman and Whiteman 2005). What an arm
  earns given the number is the regression of the value of information (`hinging.expected_given`), so that the other
  numbers' variation does not count as an effect of this one.

Weights leave fewer worlds that count: as many equally weighted ones as the inverse of the sum of squared weights (Kong
1992). Beliefs that leave too few are out of reach of the sample, and nothing is said about them.

How far chance among finitely many worlds may have moved the mean at which the choice turns is told by a wild bootstrap:
the regression is made anew from its own values plus residuals of random sign (Wu 1986; Liu 1988), since the worlds are
a design and their residuals differ in size.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from trafficsim.results.uncertain import CONFIDENCE, Belief, Ends, Odds
from trafficsim.study.hinging import expected_given
from trafficsim.study.worlds import LEAST

STEPS = 200
"""Means that are tried, to either side."""
DRAWS = 400
"""Bootstrapped regressions of an interval."""
STEEPEST = 50.0
"""The most that weights change over a standard deviation, in logarithms: by then all lies on the value at the end."""
Array = NDArray[np.float64]


def odds(profits: Array, arms: Sequence[str]) -> Odds | None:
    """How likely it must be that another arm earns more than the choice, until it does so on average.

    Args:
        profits: of each arm in each world, `(worlds, arms)`.
        arms: their names.

    Returns:
        of the arm for which that likelihood has to rise least; None if in no world any arm earns more.
    """
    choice = int(profits.mean(axis=0).argmax())
    found = []
    for other, arm in enumerate(arms):
        lead = profits[:, choice] - profits[:, other]
        if (lead < 0.0).any():
            ahead, behind = lead[lead >= 0.0].mean(), -lead[lead < 0.0].mean()
            found.append(Odds(arm, float(np.mean(lead < 0.0)), float(ahead / (ahead + behind))))
    return min(found, key=lambda each: each.needed - each.share, default=None)


def belief(path: str, profits: Array, values: Array, scaled: Array, arms: Sequence[str], seed: int = 0) -> Belief:
    """How far the mean of a number must move until another arm than the choice earns most on average.

    Args:
        path: of the number.
        profits: of each arm in each world, `(worlds, arms)`.
        values: of the number, `(worlds,)`, not all alike.
        scaled: the same on the scale on which it is thought of.
        arms: their names.
        seed: of the interval's draws.
    """
    known, choice = expected_given(profits, scaled), int(profits.mean(axis=0).argmax())
    sides = [_side(known, values, choice, sign) for sign in (-1.0, 1.0)]
    reach = sides[0][0], sides[1][0]
    tips = [(effective, mean, arm) for _, turns in sides for effective, mean, arm in turns]
    if not tips:
        return Belief(path, float(values.mean()), reach, None, "", 0.0)
    effective, mean, arm = max(tips)
    lead, fitted = profits[:, choice] - profits[:, arm], known[:, choice] - known[:, arm]
    between = _interval(lead, fitted, values, scaled, 1.0 if mean >= values.mean() else -1.0, seed)
    return Belief(path, float(values.mean()), reach, mean, arms[arm], effective, between)


def _interval(lead: Array, fitted: Array, values: Array, scaled: Array, sign: float, seed: int) -> Ends:
    """Between which means on one side a lead turns, if it was fitted to other worlds; None beyond reach."""
    weights = _weights(values, sign)
    means = weights @ values
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], (len(lead), DRAWS))
    leads = weights @ expected_given(fitted[:, None] + signs * (lead - fitted)[:, None], scaled)
    tips = [_crossing(means, each) for each in leads.T]
    ends = np.sort([sign * np.inf if tip is None else tip for tip in tips])
    left_out = round(DRAWS * (1.0 - CONFIDENCE) / 2)
    low, high = (float(end) if np.isfinite(end) else None for end in ends[[left_out, -1 - left_out]])
    return low, high


def _crossing(means: Array, lead: Array) -> float | None:
    """The mean at which a lead is lost first, between two that were tried; None if it nowhere is."""
    turned = np.flatnonzero(lead < 0.0)
    if not turned.size:
        return None
    at = max(1, int(turned[0]))
    share = np.clip(lead[at - 1] / (lead[at - 1] - lead[at]), 0.0, 1.0)
    return float(means[at - 1] + share * (means[at] - means[at - 1]))


def _weights(values: Array, sign: float) -> Array:
    """Weights of worlds that move the mean to one side, `(steps, worlds)`, as far as enough worlds count."""
    scores = sign * (values - values.mean()) / values.std()
    return np.stack([_tilted(scores, slope) for slope in np.linspace(0.0, _steepest(scores), STEPS + 1)])


def _side(known: Array, values: Array, choice: int, sign: float) -> tuple[float, list[tuple[float, float, int]]]:
    """The last mean within reach on one side, and where the choice turns first: worlds that count, mean, arm."""
    weights = _weights(values, sign)
    means, profits = weights @ values, weights @ known
    turned = np.flatnonzero(profits.argmax(axis=1) != choice)
    if not turned.size:
        return float(means[-1]), []
    at = max(1, int(turned[0]))
    arm = int(profits[at].argmax())
    mean = _crossing(means, profits[:, choice] - profits[:, arm])
    return float(means[-1]), [] if mean is None else [(_effective(weights[at]), mean, arm)]


def _steepest(scores: Array) -> float:
    """The slope of the weights at which so few worlds count that nothing can be said any more."""
    if _effective(_tilted(scores, STEEPEST)) >= LEAST:
        return STEEPEST
    if len(scores) <= LEAST:
        return 0.0
    return float(brentq(lambda slope: _effective(_tilted(scores, slope)) - LEAST, 0.0, STEEPEST))


def _tilted(scores: Array, slope: float) -> Array:
    weights = np.exp(slope * (scores - scores.max()))
    return np.asarray(weights / weights.sum())


def _effective(weights: Array) -> float:
    return float(1.0 / np.sum(weights**2))
