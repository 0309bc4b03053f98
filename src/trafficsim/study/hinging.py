"""What a choice hinges on, found from one sample of worlds: variance, value of information, and where it turns.

All of it is regression on the sample ("given data"): no further runs are needed. Numbers are described by cubic
polynomials, made orthonormal over the sample.

- **Indices** (Sobol' 1993): a polynomial chaos of the lead, each number alone to the third power and all pairs of
  numbers linearly, from whose coefficients the indices follow (Sudret 2008). It is fitted as a Gaussian process with
  these functions, whose variances are in proportion to what the numbers explain alone, a pair's to that of both (weak
  heredity: Hamada and Wu 1992), and more for a pair that stands out of what is left (beyond the universal threshold of
  Donoho and Johnstone 1994). Signal, noise and the weight of pairs are chosen by evidence (MacKay 1992). Intervals are
  those of draws from its posterior, and so include the emulator's error.
- **Value of information** (Raiffa and Schlaifer 1961): of one number (EVPPI) by regressing each arm's profit on it
  (Strong, Oakley and Brennan 2014). The mean of a maximum of estimates is too high by chance; so the same is done for
  permuted worlds, whose mean is taken off, and whose 95th percentile is shown beside it.
- **Where it turns**: a shallow tree grown on half of the worlds, its leaves told by the other half.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trafficsim.results.uncertain import CONFIDENCE, Limits

POWERS = 3
"""Of a number alone."""
PERMUTATIONS = 200
DRAWS = 400
"""From the posterior of the coefficients."""
PAIRS = (0.0, 0.03, 0.1, 0.3, 1.0)
"""Prior variance of a pair's coefficient, as a multiple of the mean of its numbers' own; tried in turn."""
SIGNALS = np.logspace(-3, 5, 33)
"""Prior variance of all functions as a multiple of the noise's; tried in turn."""
LEAST_SHARE = 0.002
"""Of variance, by which a number counts at least before it is fitted: none is ruled out by chance."""
ROUNDING = 1e-9
"""Sums of money that differ by no larger share are the same."""
FOLDS = 4
DEPTH = 3
"""Conditions of a rule at most: what a reader keeps in mind."""
LEAF = 0.05
"""Share of the worlds that a leaf of the tree holds at least."""
Array = NDArray[np.float64]


def orthonormal(values: Array) -> Array:
    """Powers of a number as functions of mean 0 and variance 1 that don't correlate, `(worlds, powers)`.

    Fewer than `POWERS` where a number has few values; none if it has one.
    """
    spread = np.ptp(values)
    if spread == 0.0:
        return np.empty((values.size, 0))
    scaled = 2.0 * (values - values.min()) / spread - 1.0
    powers = min(POWERS, np.unique(values).size - 1)
    q, _ = np.linalg.qr(np.polynomial.legendre.legvander(scaled, powers))
    return np.asarray(q[:, 1:] * np.sqrt(values.size))


def best_in(profits: Array) -> Array:
    """How far each arm is the best of each world, from profits `(worlds, arms)`: arms that earn the same share it."""
    best = (profits == profits.max(axis=1, keepdims=True)).astype(np.float64)
    return np.asarray(best / best.sum(axis=1, keepdims=True))


# Value of information


def perfect_information(profits: Array) -> float:
    """What knowing everything is worth (EVPI), from profits `(worlds, arms, replicates)`; never below 0.

    With two replicates or more an arm is chosen by all but one of them and paid by that one: the maximum over noisy
    means would pay for luck that nobody can know.
    """
    replicates = profits.shape[2]
    expected = profits.mean(axis=(0, 2))
    if replicates == 1:
        return _gain(float(profits[:, :, 0].max(axis=1).mean()), expected)
    paid = []
    for out in range(replicates):
        chosen = np.delete(profits, out, axis=2).mean(axis=2).argmax(axis=1)
        paid.append(profits[np.arange(len(profits)), chosen, out].mean())
    return max(0.0, _gain(float(np.mean(paid)), expected))


def expected_given(profits: Array, values: Array) -> Array:
    """What each arm earns on average given a number, in each world: profits `(worlds, arms)` regressed on its values.

    Args:
        profits: of each arm in each world.
        values: of the number, `(worlds,)`, on the scale on which it is thought of.
    """
    expected = profits.mean(axis=0)
    return _known(orthonormal(values) / np.sqrt(len(values)), profits - expected, expected)


def partial_information(profits: Array, values: Array, seed: int) -> tuple[float, float]:
    """What knowing one number is worth (EVPPI) and what chance alone would come to in 95 % of cases.

    Args:
        profits: of each arm in each world, `(worlds, arms)`.
        values: of the number, `(worlds,)`.
        seed: of the permutations.
    """
    basis, centred = orthonormal(values) / np.sqrt(len(values)), profits - profits.mean(axis=0)
    expected = profits.mean(axis=0)
    random = np.random.default_rng(seed)
    found = _worth(basis, centred, expected)
    by_chance = [_worth(basis, centred[random.permutation(len(centred))], expected) for _ in range(PERMUTATIONS)]
    return max(0.0, found - float(np.mean(by_chance))), float(np.quantile(by_chance, 0.95) - np.mean(by_chance))


def _worth(basis: Array, centred: Array, expected: Array) -> float:
    return _gain(float(_known(basis, centred, expected).max(axis=1).mean()), expected)


def _known(basis: Array, centred: Array, expected: Array) -> Array:
    return np.asarray(expected + basis @ (basis.T @ centred))


def _gain(paid: float, expected: Array) -> float:
    """By how much a choice that knows more is paid better; nothing where sums differ by rounding alone."""
    gain = paid - float(expected.max())
    return gain if abs(gain) > ROUNDING * float(np.abs(expected).max()) else 0.0


# Variance


@dataclass(frozen=True)
class Indices:
    """Sobol indices of each number with intervals, and the share of variance foretold in unseen worlds."""

    first: tuple[Limits, ...]
    total: tuple[Limits, ...]
    fit: float


def indices(lead: Array, values: Array, seed: int) -> Indices:
    """Sobol indices of a lead `(worlds,)` over numbers `(worlds, numbers)`, of the variance between worlds."""
    chaos = _Chaos(lead, values)
    fits = [_Fit.of(lead, chaos.features(share)) for share in PAIRS]
    best = max(range(len(PAIRS)), key=lambda n: fits[n].evidence)
    draws = fits[best].draws(np.random.default_rng(seed))
    first, total = chaos.indices(draws, PAIRS[best])
    return Indices(_limits(first), _limits(total), _foretold(lead, values, PAIRS[best]))


@dataclass(frozen=True)
class _Fit:
    """A linear model with independent normal coefficients of one variance, at the variances of most evidence."""

    lead: Array
    features: Array
    signal: float
    """Variance of a coefficient, as a multiple of the noise's."""
    noise: float
    evidence: float

    @classmethod
    def of(cls, lead: Array, features: Array) -> "_Fit":
        """With the signal and noise that make the data most probable."""
        centred = lead - lead.mean()
        eigen, vectors = np.linalg.eigh(features @ features.T)
        turned = (vectors.T @ centred) ** 2
        found = []
        for signal in SIGNALS:
            spread = 1.0 + signal * np.clip(eigen, 0.0, None)
            noise = max(float(np.mean(turned / spread)), np.finfo(float).tiny)
            found.append((-0.5 * (len(lead) * np.log(noise) + float(np.log(spread).sum())), signal, noise))
        evidence, signal, noise = max(found)
        return cls(centred, features, float(signal), noise, float(evidence))

    def weights(self, leads: Array) -> Array:
        """Most probable coefficients for leads `(worlds,)` or `(worlds, several)`."""
        inner = np.eye(len(self.lead)) + self.signal * self.features @ self.features.T
        return np.asarray(self.signal * self.features.T @ np.linalg.solve(inner, leads))

    def draws(self, random: np.random.Generator) -> Array:
        """Coefficients from the posterior, `(draws, coefficients)`, by correcting draws from the prior (Matheron)."""
        spread = np.sqrt(self.noise)
        prior = random.normal(0.0, spread * np.sqrt(self.signal), (self.features.shape[1], DRAWS))
        seen = self.features @ prior + random.normal(0.0, spread, (len(self.lead), DRAWS))
        return np.asarray((prior + self.weights(self.lead[:, None] - seen)).T)


class _Chaos:
    """The functions of a polynomial chaos, scaled by what each number explains alone."""

    def __init__(self, lead: Array, values: Array) -> None:
        self.count = values.shape[1]
        bases = [orthonormal(column) for column in values.T]
        self.main = np.hstack(bases)
        self.of = np.repeat(np.arange(self.count), [basis.shape[1] for basis in bases])
        self.left, self.right = np.triu_indices(self.count, 1)
        linear = np.stack([basis[:, 0] if basis.size else np.zeros(len(lead)) for basis in bases], axis=1)
        self.pairs = linear[:, self.left] * linear[:, self.right]
        shares = np.array([_explained(lead, basis) for basis in bases])
        self.alone = np.sqrt(shares[self.of])
        self.heredity = (shares[self.left] + shares[self.right]) / 2.0
        self.seen = self._standing_out(lead)

    def features(self, share: float) -> Array:
        return np.hstack([self.main * self.alone, self.pairs * self._paired(share)])

    def _paired(self, share: float) -> Array:
        return np.asarray(np.sqrt(share * self.heredity + self.seen))

    def _standing_out(self, lead: Array) -> Array:
        """The share of variance that each pair explains of what numbers alone leave, beyond what any may by chance."""
        if not self.pairs.size:
            return np.empty(0)
        alone = self.main * self.alone
        fit = _Fit.of(lead, alone)
        left, worlds = fit.lead - alone @ fit.weights(fit.lead), len(lead)
        share = (self.pairs.T @ left) ** 2 / worlds - 2.0 * np.log(self.pairs.shape[1]) * left.var()
        whole = max(float(fit.lead @ fit.lead), np.finfo(float).tiny)
        return np.asarray(np.clip(share / whole, 0.0, None))

    def indices(self, coefficients: Array, share: float) -> tuple[Array, Array]:
        """First and total indices for draws of the coefficients, each `(draws, numbers)`."""
        alone = (coefficients[:, : self.of.size] * self.alone) ** 2
        paired = (coefficients[:, self.of.size :] * self._paired(share)) ** 2
        first, more = np.zeros((len(coefficients), self.count)), np.zeros((len(coefficients), self.count))
        np.add.at(first.T, self.of, alone.T)
        np.add.at(more.T, self.left, paired.T)
        np.add.at(more.T, self.right, paired.T)
        whole = np.maximum(alone.sum(axis=1) + paired.sum(axis=1), np.finfo(float).tiny)[:, None]
        return first / whole, (first + more) / whole


def _explained(lead: Array, basis: Array) -> float:
    """The share of variance that a number explains alone, less what chance would, but never nothing."""
    centred = lead - lead.mean()
    whole, terms = float(centred @ centred), basis.shape[1]
    if whole == 0.0 or not terms:
        return LEAST_SHARE
    share = float(np.sum((basis.T @ centred) ** 2)) / len(lead) / whole
    return float(max(LEAST_SHARE, 1.0 - (1.0 - share) * (len(lead) - 1) / (len(lead) - 1 - terms)))


def _foretold(lead: Array, values: Array, share: float) -> float:
    """The share of variance that the emulator foretells in worlds that it has not seen, over parts left out in turn."""
    missed = 0.0
    part = np.random.default_rng(0).permutation(len(lead)) % FOLDS
    for out in range(FOLDS):
        seen = part != out
        features = _Chaos(np.where(seen, lead, lead[seen].mean()), values).features(share)
        fit = _Fit.of(lead[seen], features[seen])
        missed += float(np.sum((lead[~seen] - lead[seen].mean() - features[~seen] @ fit.weights(fit.lead)) ** 2))
    return float(1.0 - missed / max(float(np.sum((lead - lead.mean()) ** 2)), np.finfo(float).tiny))


def _limits(draws: Array) -> tuple[Limits, ...]:
    low, middle, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, 0.5, (1 + CONFIDENCE) / 2], axis=0)
    return tuple((float(m), float(a), float(b)) for m, a, b in zip(middle, low, high, strict=True))


def at_ends(lead: Array, values: Array) -> tuple[tuple[float, float], tuple[float, float]]:
    """The values of a number below which 5 and 95 % of worlds lie, and the mean lead at each, all else as it comes."""
    ends = np.quantile(values, [0.05, 0.95])
    basis = orthonormal(values)
    curve = lead.mean() + basis @ (basis.T @ (lead - lead.mean())) / len(lead)
    order = np.argsort(values)
    low, high = np.interp(ends, values[order], curve[order])
    return (float(ends[0]), float(ends[1])), (float(low), float(high))


def luck(leads: Array) -> float:
    """The share of random variation in the variance of one run's lead, from `(worlds, replicates)`; NaN for one.

    A nested analysis of variance: replicates within worlds. All worlds share their random numbers, so that what a
    replicate adds to every world alike is no difference between worlds.
    """
    worlds, replicates = leads.shape
    if replicates == 1:
        return float("nan")
    within = float(leads.var(axis=1, ddof=1).mean())
    rest = leads - leads.mean(axis=1, keepdims=True) - leads.mean(axis=0) + leads.mean()
    apart = float(np.sum(rest**2)) / ((worlds - 1) * (replicates - 1))
    between = max(0.0, float(leads.mean(axis=1).var(ddof=1)) - apart / replicates)
    return float(within / max(within + between, np.finfo(float).tiny))


# Where the answer turns


@dataclass(frozen=True)
class Leaf:
    """A leaf of a tree: conditions as `(number, above, limit)`, and how it did in worlds that it has not seen."""

    conditions: tuple[tuple[int, bool, float], ...]
    density: float
    coverage: float
    worlds: int


def turning(turned: NDArray[np.bool_], values: Array) -> list[Leaf]:
    """In which worlds an answer turns, as conditions: those that more than double how often it does.

    Args:
        turned: whether it does, in each world.
        values: of the numbers, `(worlds, numbers)`.

    Returns:
        leaves of a tree of depth 3 grown on the first half of the worlds, told by the second (both are as even, being
        halves of a Sobol sequence), that with most of what turns first; none where fewer than a twentieth of the worlds
        turn, or don't.
    """
    from sklearn.tree import DecisionTreeClassifier  # noqa: PLC0415 - slow to import

    seen, unseen = slice(None, len(turned) // 2), slice(len(turned) // 2, None)
    rate = float(turned[unseen].mean())
    if not LEAF <= turned[seen].mean() <= 1.0 - LEAF or rate == 0.0:
        return []
    tree = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=LEAF, random_state=0, class_weight="balanced")
    tree.fit(values[seen], turned[seen])
    inside = tree.apply(values[unseen])
    leaves = [_told(tree, leaf, inside == leaf, turned[unseen]) for leaf in np.unique(inside)]
    least = min(2.0 * rate, (1.0 + rate) / 2.0)
    return sorted((leaf for leaf in leaves if leaf.density >= least), key=lambda leaf: -leaf.coverage)


def _told(tree: object, leaf: int, inside: NDArray[np.bool_], turned: NDArray[np.bool_]) -> Leaf:
    under = turned[inside]
    return Leaf(_way(tree, leaf), float(under.mean()), float(under.sum() / turned.sum()), int(inside.sum()))


def _way(tree: object, leaf: int) -> tuple[tuple[int, bool, float], ...]:
    """The conditions from the root of a tree to a leaf, one for each number and side: the narrowest."""
    grown = tree.tree_  # type: ignore[attr-defined]
    above = {int(child): (node, False) for node, child in enumerate(grown.children_left) if child >= 0}
    above |= {int(child): (node, True) for node, child in enumerate(grown.children_right) if child >= 0}
    found: dict[tuple[int, bool], float] = {}
    while leaf in above:
        node, side = above[leaf]
        key = int(grown.feature[node]), side
        found.setdefault(key, float(grown.threshold[node]))  # nearer to the leaf is narrower
        leaf = node
    return tuple((number, side, limit) for (number, side), limit in reversed(found.items()))
