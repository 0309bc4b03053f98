"""What a result says about itself besides what was counted: its scenario, its notes, and how it was made.

Each field is an attribute of the data under the same name, in memory and in files: texts and numbers as they are, all
else as JSON.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from functools import cache
from typing import Any, NamedTuple, get_type_hints

import numpy as np
from pydantic import TypeAdapter

from trafficsim.books.counters import Counter
from trafficsim.results.levers import Levers
from trafficsim.results.stopping import Stopping
from trafficsim.results.uncertain import Uncertain
from trafficsim.words.language import Language


class Assumed(NamedTuple):
    """A number of the scenario that nobody has measured.

    `range` holds the lowest and the highest plausible value, None where the file gives none. `note` is why it was
    chosen, "" where the file doesn't say.
    """

    path: str
    value: Any
    range: tuple[Any, Any] | None
    note: str = ""


class Sourced(NamedTuple):
    """A number of the scenario that has a source."""

    path: str
    value: Any
    source: str


@dataclass(frozen=True)
class EqualBudget:
    """That `arms` were made to spend the same, by scaling advertising.

    `factors` are what budgets were multiplied by, for all arms but the one that the others follow; `spend` is what arms
    spent in the pilots that the factors were found by, in cents.
    """

    arms: tuple[str, ...]
    factors: dict[str, float]
    spend: dict[str, float]


@dataclass(frozen=True)
class End:
    """An assumed number at one end of its range, all else as assumed.

    `leads` holds the lead over each watched arm in currency units, with the limits of its interval: middle, low, high.
    It lacks arms over which there is none. `problem` says why the trial could not be run; empty where it could.
    """

    value: int | float
    leads: dict[str, tuple[float, float, float]]
    problem: str


@dataclass(frozen=True)
class Influence:
    """An assumed number that was moved to both ends of its range."""

    path: str
    value: int | float
    range: tuple[int | float, int | float]
    ends: tuple[End, ...]


@dataclass(frozen=True)
class Leaning:
    """What the answer leans on: how far arm `best` leads others in contribution profit, as assumed and otherwise.

    `leads` holds the lead as assumed over each watched arm, in currency units, in the first `replicates` replicates.
    """

    best: str
    replicates: int
    leads: dict[str, float]
    numbers: tuple[Influence, ...]


@dataclass(frozen=True)
class OwnMechanism:
    """A mechanism of one's own: enough to read a result without it.

    `about` and `zh` say what it is for, in English and Chinese; `after` is the step of the day that it follows;
    `digest` the hash of its source, `source` the name of that file.
    """

    name: str
    about: str
    zh: str
    after: str
    digest: str
    source: str
    counters: tuple[Counter, ...]


Dated = list[tuple[int, dict[str, Any]]]
"""The plans of an arm as a scenario file has them, each behind the day from which on it is in force."""


@dataclass(frozen=True)
class About:
    """What a result says about itself besides what was counted."""

    title: str
    """The scenario's title."""
    baseline: str
    """The arm that the others are compared with."""
    currency: str
    """Currency code of all money, such as CNY."""
    language: Language
    """The language of pictures and the report, unless another one is asked for."""
    scenario: str
    """The scenario's name: that of its file, without the ending."""
    about: str
    """What the scenario is about, in its author's words; may be empty."""
    start: dt.date
    """The date of day 0."""
    days: int
    """Days of the run."""
    seed: int
    """Random seed, 0 to 2**64 - 1."""
    each_stands_for: int
    """How many customers of the market each simulated one stands for."""
    customers: int
    """Customers of the market."""
    notes: dict[Language, list[str]]
    """Sentences that belong beside the result, `warnings` included, in each language."""
    warnings: dict[Language, list[str]]
    """Sentences that belong before the answer, in each language."""
    plans: dict[str, Dated]
    """What each arm does."""
    claims: dict[str, dict[str, Any]]
    """The scenario's claims by name, as its file has them."""
    changes: dict[str, list[tuple[str, Any, Any]]]
    """For each arm but the baseline, settings of day 0 in which it differs: path, the baseline's value, its own."""
    routes_off: dict[str, list[tuple[str, str]]]
    """By route, pairs of arms that are alike but for it: with it, and without."""
    assumed: list[Assumed]
    """Numbers without a source, in the scenario's order."""
    sourced: list[Sourced]
    """Numbers with a source, in the scenario's order."""
    kinds: dict[str, str]
    """The kind of each place: public, paid, store or pool."""
    has_pool: dict[str, bool]
    """For each arm, whether anybody can be in a pool."""
    without_pools: dict[str, str]
    """For each arm with a pool, the arm that is the same without; empty where that was run, but is no arm."""
    versions: dict[str, str]
    """Versions of what the numbers depend on."""
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was observed in the real case by name, as the scenario's file has it."""
    fitted: list[str] = field(default_factory=list)
    """Numbers that were chosen so that what was observed comes out, by path: agreeing with it proves less then."""
    labels: dict[str, str] = field(default_factory=dict)
    """What names of arms, places, hooks and so on are shown as; empty where they are shown as they are."""
    asks: str = "profit"
    """The metric that the scenario's question is about."""
    discount_rates: dict[str, float] = field(default_factory=dict)
    """The discount rate a year of each arm, as a share; 0 for an arm that is not in it."""
    cash_at_start: dict[str, float] = field(default_factory=dict)
    """What each arm has before day 0, in currency units; 0 for an arm that is not in it."""
    equal_budget: EqualBudget | None = None
    """How arms were made to spend the same; None where they weren't."""
    leaning: Leaning | None = None
    """What the answer leans on; None where it was not measured."""
    uncertain: Uncertain | None = None
    """What the answer is worth over plausible worlds; None where these were not run."""
    levers: Levers | None = None
    """What arms come to where settings are moved; None where that was not learned."""
    own: tuple[OwnMechanism, ...] = ()
    """Mechanisms of one's own that the scenario has."""
    stopping: Stopping | None = None
    """How the number of replicates was found; None where it was given."""
    repeat: str = ""
    """The command that repeats the comparison; of merged parts, one a line."""
    scenario_text: str = ""
    """The scenario with all defaults written out, as JSON that can be loaded again (see `replay`)."""
    digest: str = ""
    """Hash of the settings that were run (see `Scenario.digest`), with advertising as it was scaled."""
    rules: str = ""
    """Name of the code that ran it and of the kind of machine (see `code_version`)."""

    @classmethod
    def of(cls, attributes: Mapping[Any, Any]) -> "About":
        """What the attributes of a dataset say; ValueError if one is missing or something else."""
        if missing := lacking(attributes):
            raise ValueError(f"not the data of a comparison: it lacks {', '.join(missing)}")
        return cls(**{each.name: read(attributes, each.name) for each in fields(cls)})

    def attributes(self) -> dict[str, str | int]:
        """The same as attributes of a dataset."""
        return written(**{each.name: getattr(self, each.name) for each in fields(self)})


_PLAIN = (str, int, dt.date, Language)


def lacking(attributes: Mapping[Any, Any]) -> list[str]:
    """The attributes that the data of a comparison needs and these lack."""
    needed = (each.name for each in fields(About) if each.default is MISSING and each.default_factory is MISSING)
    return [name for name in needed if name not in attributes]


def read(attributes: Mapping[Any, Any], name: str) -> Any:
    """One field of `About` from the attributes of a dataset; its default if it isn't there.

    ValueError if it is something else, KeyError if it isn't there and has no default.
    """
    hint, default = _declared()[name]
    if name not in attributes and default is not MISSING:
        return default
    value = attributes[name]
    if hint in _PLAIN:
        return _adapter(name).validate_python(value.item() if isinstance(value, np.generic) else value)
    return _adapter(name).validate_python(json.loads(value))


def written(**values: Any) -> dict[str, str | int]:
    """Some fields of `About` as attributes of a dataset."""
    return {name: _written(_declared()[name][0], value) for name, value in values.items()}


def _written(hint: Any, value: Any) -> str | int:
    if hint in _PLAIN:
        return value if isinstance(value, int) else str(value)
    return json.dumps(value, ensure_ascii=False, default=_as_json)


def _as_json(value: Any) -> Any:
    return {each.name: getattr(value, each.name) for each in fields(value)} if is_dataclass(value) else str(value)


@cache
def _declared() -> dict[str, tuple[Any, Any]]:
    """Type and default of each field."""
    hints = get_type_hints(About)
    defaults = {
        each.name: each.default if each.default_factory is MISSING else each.default_factory() for each in fields(About)
    }
    return {name: (hints[name], default) for name, default in defaults.items()}


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter(_declared()[name][0])
