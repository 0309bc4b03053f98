"""What each tool does: a question, checked and limited in size, then its answer as `--json` of the command has it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from trafficsim.books.metrics import METRICS, named
from trafficsim.report import checked, explained, export, planned
from trafficsim.report.json_schemas import tagged
from trafficsim.scenario import Scenario, ScenarioError, estimate, load, parse_settings
from trafficsim.scenario.needs import processors, seconds_at_least
from trafficsim.study.comparison import compare
from trafficsim.study.explaining import EXACT_BY_ITSELF, explain
from trafficsim.study.plan_asked import parse_levers, parse_limit
from trafficsim.study.planning import CUSTOMERS, foreseen_points, plan
from trafficsim.study.planning import checked as checked_plan
from trafficsim.words import asked
from trafficsim.words.language import Language

Plain = dict[str, Any]
Tell = Callable[[int, int], None]
"""Called with how much is done, and how much there is to do."""
SHOWN = ("profit", "revenue", "spend", "orders", "new_customers", "members", "cac", "clv")
"""Metrics that are told of a comparison unless others are asked for: all are too much for a model to read."""


class TooLargeError(ValueError):
    """A question that would take longer than the server allows."""


@dataclass(frozen=True)
class Sizes:
    """The most that a call may ask for: replicates, and seconds that it is foreseen to take.

    `workers` is how many processors it uses, all unless given; it changes no number.
    """

    replicates: int = 64
    seconds: float = 300.0
    workers: int | None = None

    def allow(self, case: Scenario, replicates: int, customer_days: float | None = None) -> None:
        """Let pass what is not too much: so many replicates of a comparison, or of so many days of customers in all.

        Raises:
            TooLargeError: for what is too much.
            ScenarioError: for more memory than there is.
            ValueError: for what is no number of replicates.
        """
        if asked.whole("replicates", replicates, 1) > self.replicates:
            says = f"replicates and worlds must be {self.replicates} at most, which is this server's limit"
            raise TooLargeError(f"{says} (got {replicates}); --max-replicates sets another one")
        workers = self.workers or processors()
        seconds = estimate(case, replicates, workers).seconds_low
        if customer_days is not None:
            seconds = seconds_at_least(customer_days, workers)
        if seconds > self.seconds:
            says = f"this would take {math.ceil(seconds):,} s or more, and this server allows {self.seconds:,.0f}"
            raise TooLargeError(f"{says} (--max-seconds): ask for fewer replicates, days or customers")


@dataclass(frozen=True)
class Asked:
    """What every call is about."""

    case: Scenario
    sizes: Sizes
    seed: int = 1
    language: Language | None = None
    tell: Tell = lambda _done, _total: None

    @property
    def reader(self) -> Language:
        """The language of sentences."""
        return self.language or self.case.language


def scenario_of(scenario: str, settings: Sequence[str]) -> Scenario:
    """A shipped case, a file or a text, with settings as `--set` has them; ScenarioError for all mistakes."""
    case = load(scenario)
    return case.replace(parse_settings(settings)) if settings else case


def check_answer(scenario: str, settings: Sequence[str], replicates: int, sizes: Sizes) -> Plain:
    """The answer of `check`; a scenario's mistakes are part of it."""
    name = "scenario" if "\n" in scenario else scenario
    try:
        case = scenario_of(scenario, settings)
        if len(case.rival_arms) > 1:
            case.facing()  # arms of rivals are read only where they are laid over others
        needs = estimate(case, asked.whole("replicates", replicates, 1), sizes.workers or processors())
    except ScenarioError as error:
        return tagged("check", {"scenarios": [checked.mistaken(name, error)]})
    return tagged("check", {"scenarios": [checked.as_plain(name, case, needs)]})


def compare_answer(about: Asked, replicates: int, metrics: Sequence[str]) -> Plain:
    """The answer of `compare`, of these metrics; all if there are none."""
    shown = [asked.one_of("metric", name, [m.name for m in METRICS]) for name in metrics]
    about.sizes.allow(about.case, replicates)
    finished = count(1)
    result = compare(
        about.case,
        replicates,
        about.seed,
        workers=about.sizes.workers,
        done=lambda _: about.tell(next(finished), replicates),
    )
    plain: Plain = export.to_json(result, language=about.reader)
    if shown:
        plain["summary"] = [row for row in plain["summary"] if row["metric"] in shown]
    return tagged("compare", plain)


def explain_answer(about: Asked, arms: tuple[str, str], metric: str, replicates: int) -> Plain:
    """The answer of `explain`."""
    case = about.case
    for arm in arms:
        asked.one_of("arm", arm, case.arms)
    parts = len(case.parts_between(*arms, None))
    between = 2**parts if parts <= EXACT_BY_ITSELF else parts + 1
    days = case.plan(case.baseline).customers.count * case.days
    about.sizes.allow(case, replicates, float(days * between * replicates))
    found = explain(
        case,
        *arms,
        name=named(metric),
        replicates=replicates,
        seed=about.seed,
        workers=about.sizes.workers,
        done=lambda done: about.tell(done, replicates),
    )
    return tagged("explain", explained.as_plain(found, about.reader))


@dataclass(frozen=True)
class PlanAsked:
    """What a plan is asked for, in the words of the command."""

    budget: float
    levers: Sequence[str]
    limits: Sequence[str]
    aim: str
    arm: str | None
    worlds: int
    replicates: int
    rounds: int


def plan_answer(about: Asked, wanted: PlanAsked) -> Plain:
    """The answer of `plan`."""
    case, levers = about.case, parse_levers(wanted.levers)
    question: Plain = {
        "budget": wanted.budget,
        "levers": levers,
        "limits": [parse_limit(each, case) for each in wanted.limits],
        "aim": wanted.aim,
        "arm": wanted.arm,
    }
    checked_plan(case, **question)
    rounds = asked.whole("rounds", wanted.rounds, 0)
    points = foreseen_points(len(levers), rounds)
    crowd, runs = min(case.plan(case.baseline).customers.count, CUSTOMERS), wanted.worlds or wanted.replicates
    about.sizes.allow(case, runs, float(points * runs * crowd * case.days))
    found = plan(
        case,
        **question,
        uncertain=wanted.worlds or None,
        replicates=wanted.replicates,
        rounds=rounds,
        seed=about.seed,
        workers=about.sizes.workers,
        done=lambda done: about.tell(done, points),
    )
    return tagged("plan", planned.as_plain(found, about.reader))
