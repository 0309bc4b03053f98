"""Replicates put together as one dataset, scaled back to the real population."""

import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from trafficsim.books.counters import COUNTERS, Counter
from trafficsim.books.metrics import LAST_COUNTS, TOPS, quantities
from trafficsim.compiled import code_version
from trafficsim.engine.ensemble import NOT_RUN, Replicate
from trafficsim.engine.moves import OUTSIDE, first_days
from trafficsim.engine.settings import Names, entries, widths
from trafficsim.engine.world import names_of
from trafficsim.market.currencies import CENTS, minor_units
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.results.about import About, Assumed, Dated, OwnMechanism, Sourced, written
from trafficsim.results.measures import counters_of_series
from trafficsim.scenario import Scenario
from trafficsim.scenario.claims import Tested
from trafficsim.words.language import LANGUAGES

OTHERS = {
    "moved": ("customers", "where customers were four weeks before and are now; those who stayed are on the diagonal"),
    "joiner_orders_without": ("orders", "orders of the same joiners in the same arm without its pools"),
    "orders_without": ("orders", "orders of everybody in the same arm without its pools"),
}
"""What is no quantity for a claim: unit and meaning."""
LAST_YEAR_OF_NANOSECONDS = 2200
"""Dates of later runs are text: 64 bits of nanoseconds, in which files hold dates, end in 2262."""
PEOPLE = ("joiners", "joiner_orders", "others", "other_orders")
WITHOUT_POOLS = ("joiner_orders_without", "orders_without")
"""NaN where the arm has no pool, or was not run without it."""
PACKAGES = ("trafficsim", "numpy", "numba", "scipy", "xarray")


def counted(scenario: Scenario, replicates: Sequence[Replicate]) -> xr.Dataset:
    """The data of a comparison: counters by arm, replicate, day (and place, hook, staff or route), and attributes.

    `moved` counts people by arm, replicate, window (named by the first of its 28 days), from_place and to_place; those
    who stayed are on its diagonal.

    Every variable has `units` and a `long_name`, and `date` stands beside `day`.

    Counts and cents are those of the real population (see `counters.Counter.sampled`). Cents are hundredths of a unit
    of any currency: whole hundreds where it has no smaller unit, with a decimal where it has thousandths. Attributes
    are those alone that series are made by (all: `described`): much less work, where a run is one of many.
    """
    return _variables(scenario, replicates).assign_attrs(_attributes(scenario))


def totalled(scenario: Scenario, replicates: Sequence[Replicate]) -> xr.Dataset:
    """What `measures.daily` needs and no more: counters of each day whatever they are broken down by, and levels."""
    names, own = names_of(scenario), counters_of(scenario.own)
    scale = scenario.plan(scenario.baseline).customers.each_stands_for
    money, first = minor_units(scenario.currency), np.cumsum((0, *widths(names, scenario.days)))
    needed = counters_of_series(own)
    variables: dict[str, Any] = {}
    for row, counter in enumerate(names.counters):
        if counter.name in needed or counter.name == "aware":
            of_days = [r.tallies[:, :, first[row] : first[row + 1]].sum(axis=-1) for r in replicates]
            counts = np.stack(of_days, axis=1) * counter.times(scale)
            variables[counter.name] = ("arm", "replicate", "day"), _in_cents(counts, counter.unit, money)
    aware = _aware(variables.pop("aware")[1][..., None], replicates, scale)
    members = scale * np.stack([r.members for r in replicates], axis=1)
    variables |= {"members": (("arm", "replicate", "day", "place"), members), "customers_aware": aware}
    coords = {"arm": list(scenario.arms), "replicate": np.arange(len(replicates)), "day": np.arange(scenario.days)}
    return xr.Dataset(variables, coords, _attributes(scenario))


def _attributes(scenario: Scenario) -> dict[str, str | int]:
    """What series are made by."""
    customers = scenario.plan(scenario.baseline).customers
    return written(
        own=own_mechanisms(scenario),
        discount_rates=_discount_rates(scenario),
        cash_at_start={arm: scenario.plan(arm).cash_at_start for arm in scenario.arms},
        customers=customers.count * customers.each_stands_for,
    )


def _variables(scenario: Scenario, replicates: Sequence[Replicate]) -> xr.Dataset:
    names = names_of(scenario)
    scale = scenario.plan(scenario.baseline).customers.each_stands_for
    money, in_use, shown = minor_units(scenario.currency), widths(names, scenario.days), _as_shown(scenario, names)
    first = np.cumsum((0, *in_use))
    variables = {
        c.name: _counter(replicates, slice(*first[row : row + 2]), c, shown, scale, money)
        for row, c in enumerate(names.counters)
    }
    members = scale * np.stack([r.members[..., shown["place"].codes] for r in replicates], axis=1)
    variables["members"] = (("arm", "replicate", "day", "place"), members)
    around = np.array([0, *(1 + code for code in shown["place"].codes)])
    moved = scale * np.stack([r.moved for r in replicates], axis=1)[..., around[:, None], around]
    variables["moved"] = (("arm", "replicate", "window", "from_place", "to_place"), moved)
    variables["customers_aware"] = _aware(variables["aware"][1], replicates, scale)
    variables |= _people(replicates, scale) | _last_counts(replicates, scale, shown, money)
    coords = {
        "arm": list(scenario.arms),
        "replicate": np.arange(len(replicates)),
        "day": np.arange(scenario.days),
        **{by: list(some.names) for by, some in shown.items()},
        "window": list(first_days(scenario.days)),
        "from_place": [OUTSIDE, *shown["place"].names],
        "to_place": [OUTSIDE, *shown["place"].names],
    }
    return _with_units(xr.Dataset(variables, coords), scenario)


def _with_units(data: xr.Dataset, scenario: Scenario) -> xr.Dataset:
    cent = f"{1 / CENTS:g} {scenario.currency}"
    own = counters_of(scenario.own)
    said = {name: (quantity.unit, quantity.meaning) for name, quantity in quantities(own).items()} | OTHERS
    cents = {c.name for c in (*COUNTERS, *own) if c.unit == "cents"}
    cents |= {c.name for c in LAST_COUNTS if c.unit == "cents"}
    for name in data.data_vars:
        unit, meaning = said[str(name)]
        data.variables[name].attrs = {"units": cent if name in cents else unit, "long_name": meaning}
    data["day"].attrs = {"units": "days", "long_name": "days since the start of the run"}
    dates = np.datetime64(scenario.start.isoformat(), "D") + np.arange(scenario.days)
    held = dates.astype("datetime64[ns]") if scenario.start.year < LAST_YEAR_OF_NANOSECONDS else dates.astype(str)
    return data.assign_coords(date=("day", held, {"long_name": "date of the day"}))


def versions() -> dict[str, str]:
    """The versions on which the numbers of a result depend."""
    return dict(_versions())


@cache
def _versions() -> dict[str, str]:
    """Read from files, and the same as long as the process lasts."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def named_entries(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """The names along each dimension that counters are broken down by, as the data shows them."""
    return {by: some.names for by, some in _as_shown(scenario, names_of(scenario)).items()}


class _Shown(NamedTuple):
    """What lies along a dimension: names in the order of the file, and the code of each."""

    names: tuple[str, ...]
    codes: Any
    """Positions among the codes; a slice where both have one order by themselves."""


def _as_shown(scenario: Scenario, names: Names) -> dict[str, _Shown]:
    """The dimensions of counters, as they are shown: named by the file's rows, whose codes are by name."""
    customers = scenario.plan(scenario.baseline).customers
    in_file = {
        "place": (scenario.names("places"), names.places),
        "hook": (scenario.names("hooks"), names.hooks),
        "staff": (scenario.names("staff"), names.staff),
        "slot": (scenario.slots(), names.slots),
        "segment": (tuple(customers.segments), tuple(customers.by_code)),
        "region": (tuple(customers.regions), names.regions),
    }
    fixed = {by: entries(names, scenario.days, by) for by in ("route", "touch", "cohort")} | {"top": tuple(TOPS)}
    return {by: _Shown(some, slice(len(some))) for by, some in fixed.items()} | {
        by: _Shown(some, np.array([codes.index(name) for name in some], np.intp))
        for by, (some, codes) in in_file.items()
    }


def _counter(
    replicates: Sequence[Replicate],
    where: slice,
    counter: Counter,
    shown: Mapping[str, _Shown],
    scale: int,
    money: int,
) -> tuple[tuple[str, ...], np.ndarray]:
    """One counter of all replicates, put where it stays: there may be gigabytes of them."""
    codes = shown[counter.by].codes if counter.by else slice(1)
    some = replicates[0].tallies[:, :, where][..., codes].shape
    found = np.empty((some[0], len(replicates), *some[1:]), np.int64)
    for n, replicate in enumerate(replicates):
        np.multiply(replicate.tallies[:, :, where][..., codes], counter.times(scale), out=found[:, n])
    found = _in_cents(found, counter.unit, money)
    dimensions = ("arm", "replicate", "day")
    return ((*dimensions, counter.by), found) if counter.by else (dimensions, found[..., 0])


def _in_cents(counted: np.ndarray, unit: str, minor: int) -> np.ndarray:
    """Money as hundredths, integers as long as a hundredth is no less than the smallest unit; else as it is."""
    if unit != "cents" or minor == CENTS:
        return counted
    return counted * (CENTS // minor) if minor < CENTS else counted / (minor // CENTS)


def _aware(since: np.ndarray, replicates: Sequence[Replicate], scale: int) -> tuple[tuple[str, ...], np.ndarray]:
    before = scale * np.stack([r.aware_at_start for r in replicates], axis=1)
    return ("arm", "replicate", "day"), before[:, :, None] + since.sum(axis=-1).cumsum(axis=-1)


def _people(replicates: Sequence[Replicate], scale: int) -> dict[str, Any]:
    counts = {name: np.stack([getattr(r, name) for r in replicates], axis=1) for name in (*PEOPLE, *WITHOUT_POOLS)}
    found = {name: scale * counts[name] for name in PEOPLE}
    found |= {name: np.where(counts[name] == NOT_RUN, np.nan, scale * counts[name]) for name in WITHOUT_POOLS}
    return {name: (("arm", "replicate"), values) for name, values in found.items()}


def _last_counts(
    replicates: Sequence[Replicate], scale: int, shown: Mapping[str, _Shown], money: int
) -> dict[str, Any]:
    counts = scale * np.stack([r.last_counts for r in replicates], axis=1)
    return {
        c.name: (("arm", "replicate", c.by), _in_cents(counts[:, :, row][..., shown[c.by].codes], c.unit, money))
        for row, c in enumerate(LAST_COUNTS)
    }


def described(scenario: Scenario, seed: int) -> About:
    """What the data of a comparison says about itself."""
    customers = scenario.plan(scenario.baseline).customers
    provenance, against = scenario.provenance(), scenario.counterfactuals().of
    return About(
        title=scenario.title,
        about=scenario.about,
        currency=scenario.currency,
        language=scenario.language,
        start=scenario.start,
        days=scenario.days,
        baseline=scenario.baseline,
        seed=seed,
        scenario=scenario.name,
        each_stands_for=customers.each_stands_for,
        customers=customers.count * customers.each_stands_for,
        notes={language: scenario.notes(language) for language in LANGUAGES},
        warnings={language: scenario.warnings(language) for language in LANGUAGES},
        labels=dict(scenario.labels),
        asks=scenario.asks,
        plans={arm: _dated(scenario, arm) for arm in scenario.arms},
        facts={name: _plain(fact) for name, fact in scenario.facts.items()},
        claims={name: _plain(claim) for name, claim in scenario.claims.items()},
        changes=scenario.changes(),
        routes_off=scenario.routes_off(),
        assumed=[Assumed(p.path, p.value, p.range, p.source or "") for p in provenance if p.assumed],
        sourced=[Sourced(p.path, p.value, p.source) for p in provenance if p.source and not p.assumed],
        fitted=[p.path for p in provenance if p.fitted],
        discount_rates=_discount_rates(scenario),
        cash_at_start={arm: scenario.plan(arm).cash_at_start for arm in scenario.arms},
        kinds={place: scenario.kind(place) for place in scenario.names("places")},
        has_pool={arm: arm in against for arm in scenario.arms},
        without_pools={arm: "".join(scenario.arms[n : n + 1]) for arm, n in against.items()},
        versions=versions(),
        own=own_mechanisms(scenario),
        scenario_text=scenario.text,
        digest=scenario.digest,
        rules=code_version(),
    )


def _discount_rates(scenario: Scenario) -> dict[str, float]:
    return {arm: scenario.plan(arm).product.discount_rate_per_year for arm in scenario.arms}


def own_mechanisms(scenario: Scenario) -> tuple[OwnMechanism, ...]:
    """What is said of the mechanisms of one's own: enough to read a result without them."""
    return tuple(
        OwnMechanism(m.name, m.about, m.zh, m.after, m.digest, Path(m.origin).name, m.counters) for m in scenario.own
    )


def _dated(scenario: Scenario, arm: str) -> Dated:
    return [(day, plan.as_json()) for day, plan in scenario.periods(arm)]


def _plain(claim: Tested) -> dict[str, Any]:
    return claim.model_dump(mode="json", exclude_none=True)
