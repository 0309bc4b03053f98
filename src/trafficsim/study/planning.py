"""plan: the best values of a few levers under a budget, over plausible worlds, and how they do in fresh ones.

Each point is run in all worlds, each world with customers and luck of its own that are the same at every point, so that
differences between plans are smooth; where to look next says `optimising`. What is told of the plan, of simpler ways to
spend, of margins and of the frontier comes from worlds that the search never saw.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from trafficsim.engine.running import Running
from trafficsim.scenario import GivenScenario, Mistake, Scenario, ScenarioError, estimate, scenario_from
from trafficsim.scenario.errors import Where
from trafficsim.study.evaluating import quantity_of
from trafficsim.study.examine import sampled
from trafficsim.study.looking import (
    CannotPlanError,
    Count,
    Looked,
    Measures,
    is_number,
    name_of,
    space_of,
    today_in,
    values_of,
    worlds_of,
)
from trafficsim.study.notebook import progress
from trafficsim.study.optimising import NothingAllowedError, optimise, planned_points
from trafficsim.study.plan_search import Search, Wanted
from trafficsim.study.plan_told import BUDGETS, LEVELS, Told
from trafficsim.study.planned import AIMS, RISKS, Limit, Plan, Risk
from trafficsim.study.varying import VARY_LABEL, Axis, Values, varied
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED

WORLDS, REPLICATES, CUSTOMERS, ROUNDS = 64, 16, 10_000, 10
"""Plausible worlds, or replicates of the one that the file gives; customers simulated in each at most; rounds of the
search, four points each."""
JUDGED = 4
"""Times as many fresh worlds as were planned in, in which the plan is compared with other ways (assumed): in a few of
them a way that spends more is far ahead, and among 64 worlds one such could decide whether a lead is told."""
MOST_WAYS = 6
"""The plan, today, the baseline and three simple rules."""
LEVER_LABEL = "--lever"


def plan(
    scenario: GivenScenario,
    budget: float,
    levers: Mapping[str, Values],
    *,
    aim: str = "profit",
    risk: Risk = "average",
    limits: Sequence[Limit] = (),
    arm: str | None = None,
    days: int | None = None,
    uncertain: int | None = WORLDS,
    replicates: int = REPLICATES,
    rounds: int = ROUNDS,
    customers: int = CUSTOMERS,
    seed: int = DEFAULT_SEED,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Plan:
    """Find the values of levers that serve an aim best under a budget, and try them in fresh worlds.

    The search is Bayesian optimisation (Snoek, Larochelle and Adams 2012) under limits (Gardner et al. 2014); the worst
    tenth is judged by conditional value at risk (Rockafellar and Uryasev 2000).

    Args:
        scenario: as for `compare`.
        budget: the most that the arm may spend up to the last day, on average over worlds, in currency units: all that
            the ledger counts as spend, advertising, hooks, staff, content, tools and so on.
        levers: by path, `(low, high)` or a list of choices: `{"posts.club.per_week": (0, 7), "hooks.card.gives":
            ["gift", "coupon"]}`; `*` matches any name.
        aim: a metric, of which more is better (see `AIMS`), or `payback_day`: the day from which contribution profit
            added up stays above 0, as early as possible, where never until the last day counts as that day.
        risk: "average" of the aim over worlds; "worst", the mean of the worst tenth; "regret", as small as possible a
            mean of the greatest tenth of regrets, which are how far one is behind the best plan that is known for a
            world.
        limits: further ones besides the budget.
        arm: whose levers they are; by default the first that has them all, the baseline last.
        days: plan up to this day (excluded) instead of the scenario's last.
        uncertain: in how many plausible worlds, a power of two; None for the world that the file gives alone.
        replicates: of that world, then.
        rounds: of the search, four points each.
        customers: simulated in a world at most; each then stands for several.
        seed: random seed, of worlds, luck and search.
        workers, executor: as for `compare`.
        folder: where points are saved as they are finished, to resume after an interruption.
        done: progress callback, called with how many points are done.

    Returns:
        Values of the levers, what they come to in fresh worlds with 95 % intervals, beside simpler ways to spend; money
        in currency units.

    Raises:
        ScenarioError: if there is no such scenario, it has mistakes, or a lever has.
        CannotPlanError: if no values of the levers keep to the limits.
        ValueError: for a budget, aim, risk or number that can't be.
        KeyError: for an unknown arm, aim or limit.
    """
    wanted = checked(
        scenario, budget, levers, aim=aim, risk=risk, limits=limits, arm=arm, days=days, customers=customers
    )
    replicates, seed = asked.whole("replicates", replicates, 2), asked.seed(seed)
    rounds = asked.whole("rounds", rounds, 0)
    case, arm, axes, space = wanted.case, wanted.arm, wanted.axes, space_of(wanted.axes)
    looked = Looked(case, arm, axes, Measures.of(case, aim, wanted.growth, wanted.limits), seed)
    decided = [path.rpartition(":")[2] for axis in axes for path in axis.paths]
    search = looked.in_worlds(worlds_of(case, uncertain, replicates, seed, decided, fresh=False))
    worlds = uncertain and JUDGED * uncertain
    fresh = looked.in_worlds(worlds_of(case, worlds, JUDGED * replicates, seed, decided, fresh=True))
    first = today_in(space, axes, wanted.today)
    with progress(foreseen_points(len(axes), rounds), done, "plans", adds_up=True) as told:
        running = Running(workers, executor, folder, told)
        estimate(case, running.many, running.many, without_pools=False)
        count = Count(running)
        found = Search(search, space, wanted.limits, aim, risk, count)
        try:
            learned = optimise(space, found.look, first, rounds, seed, search.possible)
            best = learned.best
        except NothingAllowedError:
            raise CannotPlanError(found.refusal(case.currency)) from None
        return Told(found, fresh, learned, best, wanted).plan(seed, uncertain)


def foreseen_points(levers: int, rounds: int) -> int:
    """How many plans `plan` tries at most, each in all worlds."""
    return planned_points(levers, 1, rounds) + MOST_WAYS + levers * (1 + LEVELS) + len(BUDGETS)


def checked(
    scenario: GivenScenario,
    budget: float,
    levers: Mapping[str, Values],
    *,
    aim: str = "profit",
    risk: Risk = "average",
    limits: Sequence[Limit] = (),
    arm: str | None = None,
    days: int | None = None,
    customers: int = CUSTOMERS,
) -> Wanted:
    """Refuse what can't be planned before anything runs; see `plan`."""
    scenario, budget = scenario_from(scenario), _positive("budget", budget)
    asked.one_of("aim", aim, AIMS)
    asked.one_of("risk", risk, RISKS)
    if days is not None:
        scenario = scenario.replace({"days": asked.whole("days", days, 1, scenario.days)})
    case, arm, baseline, axes, today = _prepared(scenario, arm, levers)
    pool = arm in case.counterfactuals().of
    if aim == "members" and not pool:
        raise CannotPlanError(f"arm {arm!r} has no pool, and so no members to aim at")
    case = sampled(case, asked.whole("customers", customers, 1))
    for limit in limits:
        quantity_of(case, limit.name)
        if limit.day is not None:
            asked.whole(f"day of the limit of {limit.name}", limit.day, 0, case.days - 1)
    growth, kept_to = "members" if pool else "new_customers", (Limit("spend", budget), *limits)
    return Wanted(case, arm, baseline, axes, today, aim, risk, growth, kept_to)


def _positive(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0.0 < value < math.inf:
        raise ValueError(f"{name} must be a sum above 0 (got {value!r})")
    return float(value)


def _prepared(
    scenario: Scenario, arm: str | None, levers: Mapping[str, Values]
) -> tuple[Scenario, str, str, tuple[Axis, ...], dict[str, Any]]:
    """The scenario with the arm alone, and the baseline if that is another one; that one, levers as axes, and today."""
    if not levers:
        raise CannotPlanError("nothing to decide: give levers, such as posts.club.per_week=0:7")
    arm = _arm_of(scenario, arm, levers)
    baseline = "" if arm == scenario.baseline else scenario.baseline
    wanted: dict[str, list[str]] = {arm: []}
    if baseline:
        wanted[baseline] = [p for own in scenario.parts_between(arm, baseline).values() for p in own]
    case = scenario.with_arms_between(arm, baseline or arm, wanted)
    try:
        axes, _ = varied(case, {f"{arm}:{path}": values for path, values in levers.items()}, {})
    except ScenarioError as error:
        raise _relabelled(error) from None
    known = case.settings(arm)
    today = {axis.name: known[path].value for axis in axes if (path := axis.paths[0].rpartition(":")[2]) in known}
    written = {path: today[axis.name] for axis in axes for path in axis.paths if is_number(today.get(axis.name))}
    case = case.replace({path: known[path.rpartition(":")[2]].value for path in written})
    for axis in axes:
        for end in (0, -1):
            _refuse_impossible(case, axis, values_of(axis)[end])
    return case, arm, baseline, axes, today


def _refuse_impossible(case: Scenario, axis: Axis, value: Any) -> None:
    """Refuse an end of a lever that no scenario may have, whatever stands beside it."""
    try:
        case.replace(dict.fromkeys(axis.paths, value))
    except ScenarioError as error:
        own = {f"arms.{path.replace(':', '.', 1)}" for path in axis.paths}
        mistakes = [m for m in error.mistakes if m.path in own or m.path in axis.paths]
        if mistakes:
            raise ScenarioError([Mistake(Where(LEVER_LABEL), name_of(axis), m.says) for m in mistakes[:1]]) from None


def _arm_of(scenario: Scenario, arm: str | None, levers: Mapping[str, Values]) -> str:
    if arm is not None:
        return asked.one_of("arm", arm, scenario.arms)
    plain = [path for path in levers if "*" not in path]
    others = sorted(scenario.arms, key=lambda each: each == scenario.baseline)  # what is planned is seldom that
    return next((each for each in others if all(scenario.has(each, path) for path in plain)), others[0])


def _relabelled(error: ScenarioError) -> ScenarioError:
    """Mistakes told of the option that gave the levers."""
    return ScenarioError(
        [Mistake(Where(LEVER_LABEL), m.path, m.says) if m.where.file == VARY_LABEL else m for m in error.mistakes]
    )
