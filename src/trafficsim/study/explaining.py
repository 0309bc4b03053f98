"""explain: what makes the difference between two arms, shared out among what they set otherwise.

Shares are Shapley values (Shapley 1953): what a part adds when it is changed, on average over all orders in which the
parts could be changed from the first arm to the second. They add up to the difference in every replicate, since all
arms between the two meet the same customers and luck.

With few parts all arms between are run. With more, each replicate changes the parts in an order of its own, one after
another: rotations of one that was drawn, so that each part comes at each place, each followed by its opposite in the
next replicate (antithetic permutations: Mitchell, Cooper, Frank and Holmes 2022, "Sampling permutations for Shapley
value estimation", JMLR 23). Two opposite orders count as one sample, so that the error of sampling is part of the
interval.
"""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.metrics import MetricName, metric
from trafficsim.engine.running import Running
from trafficsim.results import intervals
from trafficsim.results.intervals import Interval
from trafficsim.scenario import GivenScenario, Scenario, estimate, scenario_from
from trafficsim.scenario.comparing import OFF
from trafficsim.study.equal_money import factors_for
from trafficsim.study.evaluating import Asked, Design, total_of
from trafficsim.study.notebook import progress
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.called import called
from trafficsim.words.language import Words

EXACT_BY_ITSELF, MOST_EXACT = 5, 10
"""Parts up to which all arms between two are run without being asked, and at all: 2^10 arms."""
ADVERTISING = "advertising"
SECTIONS = {
    "places": "places",
    "staff": "staff",
    "advertising": "advertising",
    "posts": "posts",
    "hooks": "hooks",
    "audiences": "audiences",
    "word_of_mouth": "word of mouth",
    "win_back": "win-back",
    "care": "care",
    "tiers": "tiers",
    "product": "product",
    "rivals": "rivals",
    "leaving": "leaving",
    "joining": "joining",
    "talking": "talking",
}
"""What sections of a scenario are called in sentences."""
Array = NDArray[np.float64]
Some = frozenset[str]
Turns = Literal["", "on", "off"]


@dataclass(frozen=True)
class Share:
    """What a part adds to the difference: its name, its paths, and the interval over replicates.

    `turns` tells whether the second arm has it and the first has not ("on"), the other way round ("off"), or neither.
    """

    name: str
    paths: tuple[str, ...]
    turns: Turns
    adds: Interval


@dataclass(frozen=True)
class Explanation:
    """The difference between two arms in a metric, `second` less `first`, and what each part adds to it.

    Attributes:
        scenario: name of the scenario.
        first, second: arms.
        metric: its name.
        ends: the metric of both arms.
        difference: of the two.
        shares: of all parts, that which adds most, whatever its sign, first.
        by_replicate: what each part adds, `(replicates, parts)` in the order of `shares`; rows sum to the difference.
        exact: whether all arms between the two were run; else orders of the parts were drawn.
        seed, confidence: of the replicates and of all intervals.
    """

    scenario: Scenario
    first: str
    second: str
    metric: MetricName
    ends: tuple[Interval, Interval]
    difference: Interval
    shares: tuple[Share, ...]
    by_replicate: Array
    exact: bool
    seed: int
    confidence: float = 0.95

    @property
    def labels(self) -> Mapping[str, str]:
        """What arms are called where they are shown."""
        return self.scenario.labels

    def called(self, share: Share, say: Words) -> str:
        """What the part of a `share` is called: its label or name, and whether the second arm switches it on or off.

        `say` are the words of a language (`trafficsim.words.language.words`).
        """
        name = self.labels.get(share.name) or self._in_words(share, say)
        if not share.turns:
            return name
        return say("{part} off", part=name) if share.turns == "off" else say("{part} on", part=name)

    def _in_words(self, share: Share, say: Words) -> str:
        """A part that is a path in words, “posts: VIP group”; groups and paths without words as they are."""
        section, *below = share.name.split(".")
        if share.name not in share.paths or section not in SECTIONS:
            return share.name
        own = say(SECTIONS[section])
        if not below:
            return own
        known = self.scenario.settings(self.first) | self.scenario.settings(self.second)
        slider = known[share.name].slider if share.name in known else None
        if slider is not None:
            return slider.zh if say.language == "zh" and slider.zh else slider.label
        return say("{name}: {label}", name=own, label=called(".".join(below), self.labels))

    @property
    def replicates(self) -> int:
        """How many."""
        return len(self.by_replicate)


def explain(
    scenario: GivenScenario,
    first: str,
    second: str,
    *,
    name: MetricName = "profit",
    replicates: int = 16,
    seed: int = DEFAULT_SEED,
    groups: Mapping[str, Sequence[str]] | None = None,
    exact: bool | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    done: Callable[[int], None] | None = None,
) -> Explanation:
    """What makes the difference between two arms: Shapley values of all that they set otherwise.

    Shares are Shapley values (Shapley 1953); where orders of the parts are drawn, by antithetic permutations (Mitchell
    et al. 2022).

    Args:
        scenario: as for `compare`.
        first, second: arms; the difference is that of the second to the first.
        name: of a metric of the whole run that adds up (`profit`, `orders`, `members`), no ratio.
        replicates: two or more; where orders of the parts are drawn, an even number, 16 rather than 4.
        seed: random seed, as for `compare`.
        groups: parts that count as one, by a name of one's own: `{"the group": ["places.club", "posts.club"]}`.
        exact: run all arms between the two, 2 to the power of the parts (10 at most); by default up to 5 parts.
        workers, executor, done: as for `compare`.

    Returns:
        What each part adds, with 95 % intervals over replicates, the greatest first; money in currency units.

    Raises:
        ScenarioError: if there is no such scenario, it has mistakes, or `groups` has.
        ValueError: for arms that differ in nothing, a ratio, and more parts than can be exact.
        KeyError: for an unknown arm or metric.
    """
    scenario = scenario_from(scenario)
    for arm in (first, second):
        asked.one_of("arm", arm, scenario.arms)
    if metric(name).ratio is not None:
        raise ValueError(f"{name} is a ratio, which no shares add up to; ask for a sum such as profit")
    replicates, seed = asked.whole("replicates", replicates, 2), asked.seed(seed)
    parts = scenario.parts_between(first, second, groups)
    if not parts:
        raise ValueError(f"{first} and {second} differ in nothing")
    running = Running(workers, executor)
    factors = factors_for(scenario, seed, running)
    paid = any(_is_advertising(path) for paths in parts.values() for path in paths)
    if not paid and factors.get(first, 1.0) != factors.get(second, 1.0):
        parts[ADVERTISING] = (ADVERTISING,)  # by which arms are made to spend the same
    exact = len(parts) <= EXACT_BY_ITSELF if exact is None else exact
    if exact and len(parts) > MOST_EXACT:
        raise ValueError(f"{len(parts)} parts have {2 ** len(parts):,} arms between; exact takes {MOST_EXACT} at most")
    replicates += 0 if exact else replicates % 2
    orders = _orders(len(parts), replicates, seed)
    jobs = {}
    for n in range(replicates):
        arms = _all_between(parts) if exact else _along(parts, orders[n])
        jobs[n] = _between(scenario, (first, second), parts, arms, factors), name, seed, n
    estimate(jobs[0][0], replicates, running.many, without_pools=False)
    with progress(replicates, done, adds_up=True) as told:
        running = Running(workers, executor, None, told)
        found: dict[int, Array] = {}
        for n, totals in running.side_by_side(_totals, jobs, [jobs[0][0]]):
            found[n] = totals
            running.tell(len(found))
    rows = [found[n] for n in range(replicates)]
    adds = np.stack([_shapley(row, len(parts)) if exact else _steps(row, orders[n]) for n, row in enumerate(rows)])
    samples = adds if exact else adds.reshape(-1, 2, len(parts)).mean(axis=1)
    shares = [
        Share(part, own, _turns(scenario, first, second, own), intervals.mean(samples[:, k]))
        for k, (part, own) in enumerate(parts.items())
    ]
    most_first = sorted(range(len(shares)), key=lambda k: -abs(shares[k].adds.middle))
    before, after = (np.array([row[end] for row in rows]) for end in (0, -1))
    return Explanation(
        scenario,
        first,
        second,
        name,
        (intervals.mean(before), intervals.mean(after)),
        intervals.mean(after - before),
        tuple(shares[k] for k in most_first),
        adds[:, most_first],
        exact,
        seed,
    )


def _turns(scenario: Scenario, first: str, second: str, paths: Sequence[str]) -> Turns:
    known = (scenario.settings(arm) for arm in (first, second))
    before, after = (any(path in own and own[path].value not in OFF for path in paths) for own in known)
    return "" if before == after else "on" if after else "off"


def _is_advertising(path: str) -> bool:
    return path.partition(".")[0] == ADVERTISING


def _orders(parts: int, replicates: int, seed: int) -> list[list[int]]:
    """Orders of the parts, one for each replicate: rotations of one that was drawn, each followed by its opposite."""
    random, found = np.random.default_rng([seed, parts]), list[list[int]]()
    while len(found) < replicates:
        order = random.permutation(parts)
        for shift in range(parts):  # each part comes once at each place
            forward = np.roll(order, shift).tolist()
            found += [forward, forward[::-1]]
    return found[:replicates]


def _all_between(parts: Mapping[str, tuple[str, ...]]) -> list[Some]:
    """All sets of parts, in the order of the binary numbers that have their bits."""
    names = list(parts)
    return [frozenset(name for k, name in enumerate(names) if bits >> k & 1) for bits in range(2 ** len(names))]


def _along(parts: Mapping[str, tuple[str, ...]], order: Sequence[int]) -> list[Some]:
    """The sets of parts as they are changed one after another."""
    names = list(parts)
    return [frozenset(names[k] for k in order[:changed]) for changed in range(len(order) + 1)]


def _between(
    scenario: Scenario,
    ends: tuple[str, str],
    parts: Mapping[str, tuple[str, ...]],
    arms: Sequence[Some],
    factors: Mapping[str, float],
) -> Scenario:
    """The scenario with an arm for each set of parts that are as the second arm has them."""
    paths = {f"arm{n}": [path for name in some for path in parts[name]] for n, some in enumerate(arms)}
    made = scenario.with_arms_between(*ends, paths)
    for arm, own in paths.items():
        one, other = (factors.get(end, 1.0) for end in ends)
        factor = other if any(map(_is_advertising, own)) else one
        if factor != 1.0:
            made = made.with_advertising(arm, factor)
    return made


def _totals(scenario: Scenario, name: str, seed: int, replicate: int) -> Array:
    """The metric of all arms of a replicate."""
    design = Design(scenario, (), Asked((name,)), 1, seed)
    return total_of(design, replicate)


def _steps(totals: Array, order: Sequence[int]) -> Array:
    """What each part added when it was changed."""
    adds = np.empty(len(order))
    adds[list(order)] = np.diff(totals)
    return adds


def _shapley(totals: Array, parts: int) -> Array:
    """Shapley values of all parts, from the totals of all sets (see `_all_between`)."""
    adds = np.zeros(parts)
    for part in range(parts):
        others = [k for k in range(parts) if k != part]
        for size in range(parts):
            weight = factorial(size) * factorial(parts - size - 1) / factorial(parts)
            for some in combinations(others, size):
                bits = sum(1 << k for k in some)
                adds[part] += weight * (totals[bits | 1 << part] - totals[bits])
    return adds
