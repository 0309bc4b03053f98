"""Robust or fragile: whether a verdict turns when one assumed number is moved to either end of its range.

One number at a time, all else as it is. One run of a setting serves all claims of the scenario. Numbers that only turn
a verdict together are not found this way.
"""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import nullcontext
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import partial
from typing import Any

from trafficsim.engine.running import ALL_AT_HAND, Running, usable
from trafficsim.scenario import Mistake, Scenario, ScenarioError
from trafficsim.scenario.claim_checks import against_no_pools
from trafficsim.scenario.claims import Claim
from trafficsim.scenario.errors import Where
from trafficsim.scenario.provenance import named
from trafficsim.study.claims import LEAST_FOR_A_MEDIAN, Status, Verdict, judge_claims, none_open
from trafficsim.study.comparison import compare
from trafficsim.study.equal_money import CannotEqualiseError

REPLICATES = LEAST_FOR_A_MEDIAN
"""Of each setting: the fewest that allow a verdict on a crossover."""
SHARED = {
    "hooks.*.intercept": (-4.2, -2.2),
    "purchasing.per_trust": (0.75, 2.5),
    "purchasing.per_fit": (1.0, 3.0),
    "purchasing.channel_variety": (0.0, 1.0),
    "customers.memory.trust_at_start": (0.15, 0.45),
    "customers.memory.acquaintance_half_life_days": (65.0, 90.0),
}
"""Shared defaults that decide most, with their ranges: the half-life's from fits to repeat orders (65 to 90 days), the
others assumed, about half the default to one and a half times it, for the hooks' logit one unit to either side, for a
further channel all from nothing to a nested logit in full."""


@dataclass(frozen=True)
class Number:
    """An assumed number: its path (with * where one default serves several entries), value and plausible range.

    `takes_along` names the numbers that keep their proportion to it when it moves (`takes_along` of its source).
    """

    path: str
    paths: tuple[str, ...]
    value: float
    low: float
    high: float
    takes_along: tuple[str, ...] = ()

    @property
    def ends(self) -> tuple[float, ...]:
        """The ends of the range that differ from the value, as whole numbers where the value is one."""
        whole = isinstance(self.value, int) and self.low == int(self.low) and self.high == int(self.high)
        ends = (int(self.low), int(self.high)) if whole else (self.low, self.high)
        return tuple(end for end in ends if end != self.value)


@dataclass(frozen=True)
class Trial:
    """A number at one end of its range: the verdicts there, or the problem because of which it could not be run."""

    number: Number
    value: float
    verdicts: tuple[Verdict, ...] = ()
    problem: str = ""
    replicates: int = 0


@dataclass(frozen=True)
class Robustness:
    """What the trials did to one claim: which turned its verdict, in how many it became undecided or had no value.

    `status` is fragile if any trial turned the verdict, and robust if all trials decided and none turned it. It is
    unclear if none turned it, but chance or a missing value left some trial open. It is "" where there was no verdict.
    """

    status: str
    turned_by: tuple[tuple[Trial, Status], ...]
    undecided: int
    no_value: int
    trials: int


def numbers(scenario: Scenario) -> list[Number]:
    """Numbers with a plausible range: those of the scenario's `sources`, and shared defaults that it leaves alone."""
    ranged = [(p, p.range) for p in scenario.provenance() if p.range is not None]
    given = [Number(p.path, (p.path,), p.value, *ends, p.takes_along) for p, ends in ranged]
    found = {number.path for number in given}
    left = [p for p in scenario.defaults() if p.path not in found]
    for pattern, (low, high) in SHARED.items():
        several = [p for p in left if fnmatch(p.path, pattern)]
        if several:
            given.append(Number(pattern, tuple(p.path for p in several), several[0].value, low, high))
    return given


def try_out(
    scenario: Scenario,
    seed: int,
    *,
    replicates: int = REPLICATES,
    max_replicates: int = REPLICATES,
    claims: Mapping[str, Claim] | None = None,
    guess: Mapping[str, float] | None = None,
    running: Running = ALL_AT_HAND,
) -> list[Trial]:
    """Judge all claims of a scenario with each number at each end of its range, settings in parallel.

    Args:
        scenario: with claims.
        seed: as in the run whose verdicts are tried, so that the random numbers are the same.
        replicates: of each setting, to begin with.
        max_replicates: the most that are added to while a claim is undecided.
        claims: what to judge instead of the scenario's own claims.
        guess: factors of advertising that made arms spend the same in the run whose verdicts are tried, by arm.
        running: how, so many settings at a time. Much of a short trial is Python, so that `processes` use several
            processors better than threads. Its folder gets one for each setting; replicates that they hold are not run
            again. `done` is called once for each replicate that is there; with an executor, when its trial has ended.
    """
    executor = usable(running.executor, [scenario])
    wanted = [(number, end) for number in numbers(scenario) for end in number.ends]
    stopped = threading.Event()

    def tell(replicate: int) -> None:
        if stopped.is_set():
            raise InterruptedError
        running.tell(replicate)

    trial = partial(
        _trial,
        scenario,
        seed,
        (replicates, max_replicates),
        claims,
        guess,
        Running(1, None, running.folder, None if executor else tell),  # what runs elsewhere can't call back
    )
    with nullcontext(executor) if executor else ThreadPoolExecutor(running.many) as pool:
        jobs = [pool.submit(trial, number, end) for number, end in wanted]
        try:
            for job in as_completed(jobs):
                ended = job.result()
                for replicate in range(ended.replicates if executor else 0):
                    tell(replicate)
        except BaseException:
            stopped.set()
            for job in jobs:
                job.cancel()
            raise
        return [job.result() for job in jobs]


def robustness(verdict: Verdict, trials: Sequence[Trial]) -> Robustness:
    """What all trials did to the verdict on one claim."""
    found = [(t, v.status) for t in trials for v in t.verdicts if v.name == verdict.name]
    side = _side(verdict.status)
    turned = tuple((t, s) for t, s in found if side is not None and _side(s) is (not side))
    statuses = [s for _, s in found]
    undecided, no_value = statuses.count("undecided"), statuses.count("no_value")
    untouched = "unclear" if undecided or no_value else "robust"
    status = "" if side is None or not found else "fragile" if turned else untouched
    return Robustness(status, turned, undecided, no_value, len(found))


def _side(status: Status) -> bool | None:
    """Whether a claim comes out true; None where that is open."""
    return {"holds": True, "by_construction": True, "contradicted": False}.get(status)


def _trial(
    scenario: Scenario,
    seed: int,
    replicates: tuple[int, int],
    claims: Mapping[str, Claim] | None,
    guess: Mapping[str, float] | None,
    running: Running,
    number: Number,
    end: float,
) -> Trial:
    try:
        changed = moved(scenario, number, end)
        asked = changed.claims if claims is None else claims
        kept = running.folder / changed.digest[:16] if running.folder else None
        result = compare(
            changed,
            replicates[0],
            seed,
            **replace(running, folder=kept).options,
            enough=none_open(asked),
            max_replicates=replicates[1],
            guess=guess,
            without_pools=against_no_pools(asked.values()),
        )
    except (ScenarioError, CannotEqualiseError) as error:
        return Trial(number, end, problem=str(error).splitlines()[0])
    return Trial(number, end, tuple(judge_claims(asked, result)), replicates=result.replicates)


def moved(scenario: Scenario, number: Number, end: float) -> Scenario:
    """The scenario with a number at an end of its range, and what it takes along in proportion.

    Raises:
        ScenarioError: if that is no scenario, or the number is 0, to which nothing has a proportion.
    """
    changed = scenario
    for path in number.paths:
        changed = _replaced(changed, path, end)
    for path, value in _company(scenario, number):
        in_proportion = value * end / number.value
        changed = _replaced(changed, path, round(in_proportion) if _is_count(scenario, path) else in_proportion)
    return changed


def _company(scenario: Scenario, number: Number) -> list[tuple[str, float]]:
    if not number.takes_along:
        return []
    if number.value == 0:
        says = f"is 0, to which {', '.join(number.takes_along)} has no proportion"
        raise ScenarioError([Mistake(Where("sources"), number.path, says)])
    values = {p.path: p.value for p in scenario.provenance()}
    found = dict.fromkeys(path for name in number.takes_along for path in named(name, values))
    return [(path, values[path]) for path in found]


def _is_count(scenario: Scenario, path: str) -> bool:
    arm, own = path.split(".", 2)[1:] if path.startswith("arms.") else (None, path)
    setting = scenario.settings(arm).get(own)
    return setting is not None and isinstance(setting.value, int)


def _replaced(scenario: Scenario, path: str, value: float) -> Scenario:
    """A number moved where it stands: in one arm, or in the base and so in every arm that doesn't set its own."""
    section, _, below = path.partition(".")
    if section == "arms":
        arm, _, own = below.partition(".")
        return scenario.replace({f"{arm}:{own}": value})
    try:
        return scenario.replace({path: value})
    except ScenarioError as error:
        alike: dict[str, Any] = {f"{arm}:{path}": value for arm in _following(scenario, path)}
        if not alike:
            raise
        try:
            return scenario.replace(alike)
        except ScenarioError:
            raise error from None


def _following(scenario: Scenario, path: str) -> list[str]:
    """Arms that have a setting without giving it themselves."""
    return [arm for arm in scenario.arms if scenario.has(arm, path) and scenario.node(f"arms.{arm}.{path}") is None]
