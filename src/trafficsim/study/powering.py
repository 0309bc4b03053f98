"""power: a split test inside the simulated business, again and again: what it would show, and how often it finds it.

In the world of a test what the treated arm has besides is aimed at a test group, what only the control arm has at the
others. Groups are customers by lot or whole regions; they know each other, so that what is told spills over.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import spend_lines
from trafficsim.compiled import code_version
from trafficsim.engine.running import Running
from trafficsim.engine.settings import LOTS
from trafficsim.engine.world import World, gather, start
from trafficsim.files.sealed import keep, kept
from trafficsim.kernel import rng
from trafficsim.market.currencies import minor_units
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.results import intervals
from trafficsim.scenario import GivenScenario, Scenario, estimate, scenario_from
from trafficsim.study.notebook import progress
from trafficsim.study.powered import BYS, OUTCOMES, SHARES, After, By, Outcome, Power, Sized, power_of
from trafficsim.study.weighing import refuse, sensitivity
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

TESTS, PAIRS = 300, 30
"""Simulated tests: a share of one half is then known to 6 points; how many of them are also run with nobody and with
all treated, which tells the spread of units and what spills over."""
LENGTHS = (0.25, 0.5, 1.0)
"""Lengths of a test, as shares of the days (assumed)."""
TEST, CONTROL, SPLIT = "test_group", "control_group", "split"
AIMED = ("hooks", "posts", "care")
NEUTRAL = ("places", "staff", "audiences")
"""What does nothing to customers by itself: hooks lead into places, posts and care come from there."""
Array = NDArray[np.float64]


class CannotSplitError(ValueError):
    """What two arms differ in can't be given to some customers only."""


def power(
    scenario: GivenScenario,
    control: str,
    treated: str,
    *,
    by: By = "customers",
    share: float = 0.5,
    outcome: Outcome = "orders",
    tests: int = TESTS,
    wanted: float = 0.8,
    alpha: float = 0.05,
    uncertain: int | None = None,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Power:
    """Simulate a test in which some get what an arm has besides another, the others not, and tell how often it decides.

    Each simulated test is judged by Welch's t test (Welch 1947); how many it would take is foretold by the noncentral t
    distribution (Cohen 1988).

    Args:
        scenario: as for `compare`; each of its customers must stand for one.
        control, treated: arms that differ in hooks, posts, care and the pools and staff these need; between regions
            in advertising too.
        by: "customers", by lot, or "regions" of `customers.regions`, drawn anew for each test.
        share: of customers, or of regions, that are treated.
        outcome: "orders" or "revenue" of a customer since day 0.
        tests: how many are simulated, each with customers and luck of its own; Welch's t test judges each.
        wanted: the power that settles a question.
        alpha: the chance of a false alarm that a test may have.
        uncertain: also weigh the two arms in so many plausible worlds, to tell what knowing all would be worth.
        seed: random seed.
        workers, executor: as for `compare`.
        folder: where tests are saved as they are finished, to resume after an interruption.
        done: progress callback, called with how many tests are done.

    Returns:
        How often the test decides, what it shows and what is truly there, with 95 % intervals.

    Raises:
        ScenarioError: if there is no such scenario or it has mistakes.
        CannotSplitError: for arms that differ in what can't be split, and regions that are too few.
        ValueError: for numbers that can't be.
        KeyError: for an unknown arm, way to split or outcome.
    """
    scenario, seed = scenario_from(scenario), asked.seed(seed)
    case = checked(
        scenario,
        control,
        treated,
        by=by,
        share=share,
        outcome=outcome,
        tests=tests,
        wanted=wanted,
        alpha=alpha,
        uncertain=uncertain,
    )
    ends = sorted({max(1, round(length * case.days)) for length in LENGTHS})
    running = Running(workers, executor)
    estimate(case, running.many, running.many, without_pools=False)  # refused before anything is run
    asked_for = _Test(case, control, treated, by, share, outcome, tuple(ends), seed)
    with progress(tests, done, "tests", adds_up=True) as told:
        running = Running(workers, executor, folder, told)
        found = {n: one for n in range(tests) if (one := asked_for.kept(folder, n)) is not None}
        jobs = {n: (asked_for, n) for n in range(tests) if n not in found}
        for n, one in running.side_by_side(_tested, jobs, [case]):
            found[n] = one
            asked_for.keep(folder, n, one)
            running.tell(len(found))
    rows = [found[n] for n in range(tests)]
    after = tuple(_after(rows, k, days, alpha) for k, days in enumerate(ends))
    sizes = tuple(_sizes(rows, after, asked_for, alpha))
    worth = _worth(scenario, control, treated, uncertain, seed, running) if uncertain is not None else float("nan")
    units = tuple(int(count) for count in rows[0].counts[0])
    return Power(
        case,
        control,
        treated,
        by,
        outcome,
        share,
        (units[0], units[1]),
        after,
        sizes,
        wanted,
        alpha,
        tests,
        min(PAIRS, tests),
        worth,
        seed,
    )


def checked(
    scenario: Scenario,
    control: str,
    treated: str,
    *,
    by: By,
    share: float,
    outcome: Outcome,
    tests: int,
    wanted: float,
    alpha: float,
    uncertain: int | None,
) -> Scenario:
    """Refuse what can't be tested before anything runs, see `power`; the scenario with the test between both arms."""
    asked.one_of("way to split", by, BYS)
    asked.one_of("outcome", outcome, OUTCOMES)
    for name, value in (("share", share), ("wanted", wanted), ("alpha", alpha)):
        if not 0.0 < value < 1.0:
            raise ValueError(f"{name} must lie between 0 and 1 (got {value!r})")
    asked.whole("tests", tests, 2)
    case = split(scenario, control, treated, by, share)
    if uncertain is not None:
        refuse(_both(scenario, control, treated), uncertain)
    return case


def split(scenario: Scenario, control: str, treated: str, by: By, share: float) -> Scenario:
    """The scenario with both arms and the world of a test between them.

    Raises:
        CannotSplitError: if what they differ in can't be split.
    """
    for arm in (control, treated):
        asked.one_of("arm", arm, scenario.arms)
    parts = scenario.parts_between(control, treated)
    if not parts:
        raise CannotSplitError(f"{control} and {treated} differ in nothing")
    each = scenario.base.customers.each_stands_for
    if each != 1:
        raise CannotSplitError(f"each customer stands for {each}, so that a test would find less: give them all")
    paths = [path for own in parts.values() for path in own]
    gained = [path for path in paths if _has(scenario, treated, path)]
    case = scenario.with_arms_between(control, treated, {control: [], treated: paths, SPLIT: gained})
    return case.adding(
        {"audiences": _groups(scenario, by, share), "arms": {SPLIT: _aimed(scenario, (control, treated), paths, by)}}
    )


def _has(scenario: Scenario, arm: str, path: str) -> bool:
    """Whether an arm has an entry or a section on."""
    known = scenario.settings(arm)
    return path in known and known[path].value not in ("off", None, {})


def _groups(scenario: Scenario, by: By, share: float) -> dict[str, Any]:
    if by == "customers":
        return {TEST: {"most_lot": share}, CONTROL: {"least_lot": share}}
    regions = list(scenario.base.customers.regions)
    if len(regions) < 4:
        raise CannotSplitError(f"a test by regions needs 4 or more under customers.regions (has {len(regions)})")
    many = min(max(2, round(share * len(regions))), len(regions) - 2)
    return {TEST: {"regions": regions[:many]}, CONTROL: {"regions": regions[many:]}}


def _aimed(scenario: Scenario, arms: tuple[str, str], paths: Sequence[str], by: By) -> dict[str, dict[str, Any]]:
    """What the arm of the test has otherwise: each entry that one arm has alone is aimed at its group."""
    found: dict[str, dict[str, Any]] = {}
    known = {arm: scenario.settings(arm) for arm in arms}
    for path in paths:
        section, _, name = path.partition(".")
        names = (
            [name]
            if name
            else sorted({p.split(".")[1] for arm in arms for p in known[arm] if p.startswith(f"{path}.")})
        )
        for entry in names:
            there = [_has(scenario, arm, f"{section}.{entry}") for arm in arms]
            if section in NEUTRAL:
                continue
            if section not in (*AIMED, *(["advertising"] if by == "regions" else [])):
                raise CannotSplitError(
                    f"{path} can't be given to some {by} only: arms of a test may differ in {', '.join(AIMED)}, the "
                    "places and staff that these need, and between regions in advertising"
                )
            if there[0] and there[1]:
                raise CannotSplitError(
                    f"{section}.{entry}: both arms have it; in a test one of them must have it alone"
                )
            key, group = ("regions" if section == "advertising" else "to"), (TEST if there[1] else CONTROL)
            arm = arms[1] if there[1] else arms[0]
            if known[arm][f"{section}.{entry}.{key}"].value:
                raise CannotSplitError(f"{section}.{entry}.{key} is given already, so that it can't be split")
            value: Any = group
            if section == "advertising":
                value = list(_groups(scenario, by, 0.5)[group]["regions"])
            found.setdefault(section, {})[entry] = {key: value}
    if not found:
        raise CannotSplitError("nothing that the arms differ in reaches customers")
    return found


@dataclass(frozen=True)
class _Test:
    """What is run of each test."""

    case: Scenario
    control: str
    treated: str
    by: By
    share: float
    outcome: Outcome
    ends: tuple[int, ...]
    seed: int

    def kept(self, folder: Path | None, n: int) -> "_Found | None":
        """A test that was finished before; None if it wasn't."""
        if folder is None:
            return None
        ends = len(self.ends)
        shapes = {name: (ends, 3) if name in ("nobody", "all_") else (ends, 2) for name in _Found._fields[:5]}
        arrays = kept(*self._file(folder, n), shapes | {"spread": (ends,), "spend": (ends,)})
        return None if arrays is None else _Found(**arrays)

    def keep(self, folder: Path | None, n: int, found: "_Found") -> None:
        """Save a test that is finished."""
        if folder is not None:
            keep(*self._file(folder, n), found._asdict())

    def _file(self, folder: Path, n: int) -> tuple[Path, str]:
        """Where a test is saved, and what it is the outcome of."""
        asked_for = [self.control, self.treated, self.by, self.share, self.outcome, self.ends, self.seed, n]
        whole = f"{self.case.digest} {code_version()} {asked_for}"
        return folder / f"{hashlib.sha256(whole.encode()).hexdigest()[:24]}.test", whole


class _Found(NamedTuple):
    """What came of a test at each end: of both groups (treated first) how many units, mean and variance of them.

    `counts`, `means`, `variances` are `(ends, 2)`. `nobody` and `all_` hold the means of the same groups, and of
    everybody third, in the worlds in which nobody and all are treated, `(ends, 3)`; `spread` is the variance of units
    in the former, `spend` what the test spends more. NaN where these were not run.
    """

    counts: Array
    means: Array
    variances: Array
    nobody: Array
    all_: Array
    spread: Array
    spend: Array


def _tested(test: _Test, n: int) -> _Found:
    """One test, with customers and luck of its own; the first ones also with nobody and with all treated."""
    case, groups, paired = test.case, None, n < PAIRS
    if test.by == "regions":
        case, groups = _drawn(test, n)
    crowd = gather(case, test.seed, n)
    at = _unit_of(case, crowd.columns.traits.home) if test.by == "regions" else None
    if groups is None:
        lots = rng.uniforms(rng.stream(test.seed, n, LOTS), 0, crowd.columns.traits.home.size)
        groups = lots <= test.share
    arms = (SPLIT, test.control, test.treated) if paired else (SPLIT,)
    kept = {arm: _lived(start(case, arm, test.seed, n, crowd), test, case) for arm in arms}
    ends, unknown = len(test.ends), np.full((len(test.ends), 3), np.nan)
    units = {arm: [_units(values, at) for values in outcomes] for arm, (outcomes, _) in kept.items()}
    inside = [[each[groups], each[~groups]] for each in units[SPLIT]]
    spend = kept[SPLIT][1] - kept[test.control][1] if paired else np.full(ends, np.nan)

    def means(arm: str) -> Array:
        if arm not in units:
            return unknown
        return np.array([[each[groups].mean(), each[~groups].mean(), each.mean()] for each in units[arm]])

    return _Found(
        np.array([[len(group) for group in both] for both in inside], np.float64),
        np.array([[group.mean() for group in both] for both in inside]),
        np.array([[group.var(ddof=1) for group in both] for both in inside]),
        means(test.control),
        means(test.treated),
        np.array([each.var(ddof=1) for each in units[test.control]]) if paired else np.full(ends, np.nan),
        spend,
    )


def _drawn(test: _Test, n: int) -> tuple[Scenario, NDArray[np.bool_]]:
    """The scenario with the regions of this test, and which they are."""
    regions = list(test.case.base.customers.regions)
    many = len(test.case.base.audiences[TEST].regions)
    order = np.random.default_rng([test.seed, n]).permutation(len(regions))
    treated = np.isin(np.arange(len(regions)), order[:many])
    of = {TEST: [r for r, t in zip(regions, treated, strict=True) if t]}
    of[CONTROL] = [r for r in regions if r not in of[TEST]]
    changes: dict[str, Any] = {f"audiences.{group}.regions": names for group, names in of.items()}
    campaigns = test.case.plan(SPLIT).advertising
    for name, campaign in campaigns.items() if campaigns != "off" else ():
        if campaign.regions:
            group = TEST if set(campaign.regions) == set(test.case.base.audiences[TEST].regions) else CONTROL
            changes[f"{SPLIT}:advertising.{name}.regions"] = of[group]
    return test.case.replace(changes), treated


def _unit_of(case: Scenario, home: NDArray[Any]) -> NDArray[np.int64]:
    """The region of each customer."""
    ends = list(case.base.customers.region_ends.values())
    return np.asarray(np.searchsorted(ends, home, side="right"), np.int64)


def _units(values: Array, at: NDArray[np.int64] | None) -> Array:
    """Values of customers, or means by region."""
    if at is None:
        return values
    return np.asarray(np.bincount(at, values) / np.maximum(np.bincount(at), 1))


def _lived(world: World, test: _Test, case: Scenario) -> tuple[list[Array], Array]:
    """At each end what customers ordered or paid since day 0, `(customers,)`, and what was spent by then."""
    bought, minor = world.columns.bought, float(minor_units(case.currency))
    own = counters_of(case.own)
    names = [counter.name for counter in (*COUNTERS, *own)]
    rows = [names.index(line) for line in spend_lines(own)]

    def now() -> Array:
        return np.asarray(bought.orders, np.float64) if test.outcome == "orders" else bought.spend / minor

    before, outcomes, spent = now(), [], []
    for end in test.ends:
        world.run(until=end)
        outcomes.append(now() - before)
        spent.append(float(world.tallies[:end, rows].sum()) / minor)
    world.release()
    return outcomes, np.array(spent)


def _after(rows: Sequence[_Found], k: int, days: int, alpha: float) -> After:
    """What tests show at one end."""
    paired = [row for row in rows if not np.isnan(row.spend[k])]
    means = np.array([row.means[k] for row in rows])
    nobody, all_ = (np.array([getattr(row, name)[k] for row in paired]) for name in ("nobody", "all_"))
    own = np.array([row.means[k] for row in paired])
    spread = float(np.sqrt(np.mean([row.spread[k] for row in paired])))
    rollout, contrast = intervals.mean(all_[:, 2] - nobody[:, 2]), intervals.mean(means[:, 0] - means[:, 1])
    treated, control = (float(count) for count in np.mean([row.counts[k] for row in rows], axis=0))
    rejected = sum(_rejects(row, k, alpha) for row in rows)
    return After(
        days,
        rollout,
        contrast,
        intervals.mean(own[:, 1] - nobody[:, 1]),
        intervals.mean(own[:, 0] - all_[:, 0]),
        spread,
        power_of(rollout.middle, spread, treated, control, alpha),
        power_of(contrast.middle, spread, treated, control, alpha),
        intervals.share(rejected, len(rows)),
        intervals.mean(np.array([row.spend[k] for row in paired])),
    )


def _rejects(row: _Found, k: int, alpha: float) -> bool:
    """Whether the test finds a difference, by Welch (1947)."""
    from scipy import stats  # noqa: PLC0415 - slow to import

    (treated, control), deviations = row.means[k], np.sqrt(row.variances[k])
    if not deviations.any():
        return bool(treated != control)
    n = row.counts[k]
    found = stats.ttest_ind_from_stats(treated, deviations[0], n[0], control, deviations[1], n[1], equal_var=False)
    return bool(found.pvalue < alpha)


def _sizes(rows: Sequence[_Found], after: Sequence[After], test: _Test, alpha: float) -> list[Sized]:
    """Other shares, by the formula: the contrast and spread of the tests simulated, spend in proportion."""
    total = float(rows[0].counts[0].sum())
    if test.by == "customers":
        shares = [share for share in SHARES if 2.0 <= share * total <= total - 2.0]
    else:
        shares = [many / total for many in range(2, int(total) // 2 + 1)]
    return [
        Sized(
            each.days,
            share,
            power_of(each.contrast.middle, each.spread, share * total, (1.0 - share) * total, alpha),
            each.spend.middle * share / test.share,
        )
        for each in after
        for share in shares
    ]


def _worth(scenario: Scenario, control: str, treated: str, worlds: int, seed: int, running: Running) -> float:
    """What perfect information is worth to whoever chooses between the two arms, in currency units."""
    more: Mapping[str, Any] = replace(running, done=None).options
    return sensitivity(_both(scenario, control, treated), worlds, seed=seed, **more).found.evpi


def _both(scenario: Scenario, control: str, treated: str) -> Scenario:
    """The two arms alone, as between whom a test decides."""
    paths = [path for own in scenario.parts_between(control, treated).values() for path in own]
    return scenario.with_arms_between(control, treated, {control: [], treated: paths})
