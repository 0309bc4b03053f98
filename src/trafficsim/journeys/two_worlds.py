"""A journey: everything that touched one customer, by day, in two arms side by side, and where they part."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any, cast

import numpy as np
import pandas as pd

from trafficsim.engine.world import World, gather, start
from trafficsim.journeys.events import Event, Track, follow
from trafficsim.journeys.picking import PICKS, Pick, pick
from trafficsim.journeys.telling import as_text
from trafficsim.journeys.wording import sentence
from trafficsim.kernel.columns import NEVER, Columns
from trafficsim.market.currencies import minor_units
from trafficsim.population.ties import Ties
from trafficsim.results.pictures import Pictured
from trafficsim.scenario import GivenScenario, Scenario, estimate, scenario_from
from trafficsim.study.equal_money import equalise
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.language import Language, words


class JourneyError(ValueError):
    """Arms or a customer that there isn't."""


@dataclass(frozen=True)
class Profile:
    """Who a customer is before day 0, the same in every arm.

    Attributes:
        segment: its name.
        fit, deal_prone: taste for the product and weight on deals, 0 to 1.
        basket: spend per order as a multiple of the price.
        days_between_needs: mean days between two occasions of need; infinite for whoever never needs anything.
        acquaintances: how many; None where everybody meets everybody (ties of kind mixed).
        knew: whether the brand was known before day 0.
        orders: before day 0.
    """

    segment: str
    fit: float
    deal_prone: float
    basket: float
    days_between_needs: float
    acquaintances: int | None
    knew: bool
    orders: int


@dataclass(frozen=True)
class Day:
    """One day on which something happened: the events of each of the two arms, and whether they are the same."""

    day: int
    date: dt.date
    events: tuple[tuple[Event, ...], tuple[Event, ...]]

    @property
    def same(self) -> bool:
        """Whether the same happened in both worlds."""
        return self.events[0] == self.events[1]


@dataclass(frozen=True, eq=False, repr=False)
class Journey:
    """One customer's way through two worlds that differ by the arm alone. Made by `trafficsim.journey`.

    Attributes:
        scenario: it is of this scenario; where that has an `equal_budget`, its budgets are those that were found.
        arms: the two arms.
        customer: the customer's number.
        seed, replicate: of the run.
        profile: who the customer is.
        tracks: the way through each arm's world.

    In methods, `arm` is one of `arms`, `language` "en" or "zh" instead of the scenario's.
    """

    scenario: Scenario
    arms: tuple[str, str]
    customer: int
    seed: int
    replicate: int
    profile: Profile
    tracks: dict[str, Track]
    pictures = Pictured()

    def events(self, arm: str) -> tuple[Event, ...]:
        """What happened to the customer in an arm, in order.

        Raises:
            KeyError: for an arm that is not one of the two.
        """
        if arm not in self.tracks:
            raise KeyError(f"no arm {arm!r} in this journey; there are {', '.join(self.arms)}")
        return self.tracks[arm].events

    @cached_property
    def parts_on(self) -> int | None:
        """The first day on which not the same happened in both worlds; None if they never part."""
        return next((day.day for day in self.days() if not day.same), None)

    def days(self) -> list[Day]:
        """The days on which anything happened in either world."""
        by_day: dict[int, tuple[list[Event], list[Event]]] = {}
        for side, arm in enumerate(self.arms):
            for event in self.events(arm):
                by_day.setdefault(event.day, ([], []))[side].append(event)
        return [Day(n, self.date(n), (tuple(a), tuple(b))) for n, (a, b) in sorted(by_day.items())]

    def date(self, day: int) -> dt.date:
        """The date of a day."""
        return self.scenario.start + dt.timedelta(days=day)

    def orders(self, arm: str) -> int:
        """Orders in the run."""
        return sum(event.count for event in self.events(arm) if event.kind == "ordered")

    def paid(self, arm: str) -> float:
        """What the customer paid in the run, in currency units."""
        minor = minor_units(self.scenario.currency)
        return sum(round(event.amount * minor) for event in self.events(arm) if event.kind == "ordered") / minor

    def pools(self, arm: str) -> tuple[str, ...]:
        """The pools of which the customer is a member at the end."""
        self.events(arm)
        return tuple(pool for pool, inside in self.tracks[arm].inside.items() if inside[-1])

    def to_frame(self, language: Language | None = None) -> pd.DataFrame:
        """One row for each event and arm, by day.

        Columns: day, date, arm, what (in words), kind, place, hook, detail, others (numbers of other customers), count,
        amount (currency units), trust, fatigue, recall (after the event), same (whether the other world has the same
        event that day) and parted (whether the two worlds had parted by that day).
        """
        return pd.DataFrame(self._all_rows(language), columns=_COLUMNS)

    def to_json(self, language: Language | None = None) -> str:
        """The same as JSON for other programs."""
        return json.dumps(self.as_plain(language), indent=1, ensure_ascii=False) + "\n"

    def as_plain(self, language: Language | None = None) -> dict[str, Any]:
        """The same in built-in types."""
        return {
            "scenario": self.scenario.name,
            "arms": list(self.arms),
            "labels": dict(self.scenario.labels),
            "customer": self.customer,
            "seed": self.seed,
            "replicate": self.replicate,
            "days": self.scenario.days,
            "profile": {**asdict(self.profile), "days_between_needs": _finite(self.profile.days_between_needs)},
            "parts_on": self.parts_on,
            "totals": {
                arm: {"orders": self.orders(arm), "paid": self.paid(arm), "pools": list(self.pools(arm))}
                for arm in self.arms
            },
            "events": [{**row, "date": row["date"].isoformat()} for row in self._all_rows(language)],
        }

    def text(self, language: Language | None = None, width: int = 80) -> str:
        """A table by day for a terminal of `width` columns, the two arms side by side."""
        return as_text(self, words(language or self.scenario.language), width)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"Journey(customer {self.customer} of {self.scenario.name!r}, arms={list(self.arms)})"

    def _repr_html_(self) -> str:
        page: Any = import_module("trafficsim.report.journey_page")  # a room above, needed by notebooks only
        return str(page.fragment(self))

    def _all_rows(self, language: Language | None) -> list[dict[str, Any]]:
        return [row for day in self.days() for row in self._rows(day, language)]

    def _rows(self, day: Day, language: Language | None) -> list[dict[str, Any]]:
        say = words(language or self.scenario.language)
        parted = self.parts_on is not None and day.day >= self.parts_on
        return [
            {
                **vars(event),
                "date": day.date,
                "arm": arm,
                "what": sentence(event, self.scenario.currency, say),
                "same": event in day.events[1 - side],
                "parted": parted,
            }
            for side, arm in enumerate(self.arms)
            for event in day.events[side]
        ]


_COLUMNS = [
    "day", "date", "arm", "what", "kind", "place", "hook", "detail", "others", "count", "amount", "trust", "fatigue",
    "recall", "same", "parted",
]  # fmt: skip


def journey(
    scenario: GivenScenario,
    customer: int | Pick = "apart",
    arms: tuple[str, str] | None = None,
    seed: int = DEFAULT_SEED,
    replicate: int = 0,
    *,
    done: Callable[[str], None] | None = None,
) -> Journey:
    """Follow one customer through two arms, which share the population and common random numbers.

    Args:
        scenario: as for `compare`. If one of the arms is among those of `equal_budget`, budgets are those that a
            comparison finds.
        customer: a number from 0; or a kind of customer to look for (`PICKS`): "apart" is the one whose orders differ
            most between the two worlds, "joiner", "buyer", "told", "invited", "lost" and "won_back" the one of these to
            whom it happened in one world only and whose orders differ most.
        arms: two of the scenario's; by default the first two of `equal_budget`, else the first two that are not the
            baseline, else the only other arm and the baseline.
        seed, replicate: those of a comparison give the worlds of that comparison.
        done: progress callback, called with the name of each arm whose world has been watched.

    Returns:
        Events, days and sums of the customer in both worlds; money in currency units.

    Raises:
        ScenarioError: if it needs more memory than the machine has.
        JourneyError: for an arm or a customer that there isn't.
        NobodyError: if there is no customer of the kind looked for.
        ValueError: for a seed or replicate that can't be.
        CannotEqualiseError: as in `compare`.
    """
    scenario, seed = scenario_from(scenario), asked.seed(seed)
    estimate(scenario, 2, 2)  # two worlds beside each other
    pair = pair_of(scenario, arms)
    _check(customer, scenario.plan(scenario.baseline).customers.count)
    if set(pair) & set(scenario.equal_budget):
        scenario = _equalised(scenario, seed)
    crowd = gather(scenario, seed, replicate)  # the same people and ties for both arms

    def world(arm: str) -> World:
        return start(scenario, arm, seed, replicate, crowd)

    number = customer if isinstance(customer, int) else pick(customer, *(world(arm).run() for arm in pair))
    tracks = {}
    for arm in pair:
        tracks[arm] = follow(world(arm), number, minor_units(scenario.currency))
        if done:
            done(arm)
    return Journey(
        scenario, pair, number, seed, replicate, _profile(scenario, crowd.columns, crowd.ties, number), tracks
    )


@lru_cache(maxsize=8)
def _equalised(scenario: Scenario, seed: int) -> Scenario:
    """Cached, because the pilots take longer than a journey, and many customers are followed in one scenario."""
    return equalise(scenario, seed).scenario


def pair_of(scenario: Scenario, arms: tuple[str, str] | None) -> tuple[str, str]:
    """The two arms to look at, see `journey`; JourneyError for arms that there aren't."""
    others = tuple(arm for arm in scenario.arms if arm != scenario.baseline)
    usual = next((some[:2] for some in (scenario.equal_budget, others) if len(some) > 1), (*others, scenario.baseline))
    pair = arms or usual
    for arm in pair:
        if arm not in scenario.arms:
            raise JourneyError(f"no arm {arm!r}; this scenario has {', '.join(scenario.arms)}")
    if len(set(pair)) != 2:
        known = ", ".join(scenario.arms)
        raise JourneyError(f"two different arms are needed (got {', '.join(pair)}); this scenario has {known}")
    return cast("tuple[str, str]", tuple(pair))


def _check(customer: int | str, count: int) -> None:
    if isinstance(customer, str):
        if customer not in PICKS:
            raise JourneyError(f"can't pick {customer!r}; there are {', '.join(PICKS)}")
    elif customer not in range(count):
        raise JourneyError(f"no customer {customer!r}; they are numbered 0 to {count - 1}")


def _profile(scenario: Scenario, columns: Columns, ties: Ties, number: int) -> Profile:
    traits, rate = columns.traits, float(columns.roll.need_rate[number])
    mixed = ties.kind == "mixed"
    return Profile(
        segment=tuple(scenario.plan(scenario.baseline).customers.by_code)[int(traits.segment[number])],
        fit=float(traits.fit[number]),
        deal_prone=float(traits.deal_prone[number]),
        basket=float(traits.basket[number]),
        days_between_needs=1.0 / rate if rate > 0.0 else float("inf"),
        acquaintances=None if mixed else int(ties.indptr[number + 1] - ties.indptr[number]),
        knew=bool(columns.story.aware_on[number] != NEVER),
        orders=int(columns.bought.orders[number]),
    )


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
