"""A result as it is shown: arms, places, hooks, staff, segments, regions and slots by their labels, not their names.

Names are what random numbers and settings are keyed by; labels are for readers, and change no number. Whatever shows a
result to people shows `labelled(result)`; what is stored, and what programs read, has the names.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from trafficsim.books.metrics import quantities
from trafficsim.results import Result
from trafficsim.results.about import EqualBudget, Leaning
from trafficsim.results.levers import Levers
from trafficsim.results.uncertain import Uncertain
from trafficsim.words.called import called, called_setting

_NAMED = ("arm", "against", "place", "from_place", "to_place", "hook", "staff", "segment", "region", "slot")
"""Coordinates that hold names of the scenario."""
_BROKEN_DOWN_BY = ("place", "pool", "hook", "staff", "segment", "region", "slot")
"""What metrics are broken down by that has names of the scenario; routes and the like have their own words."""
_SECTIONS = ("places", "hooks", "staff", "posts", "advertising", "audiences", "tiers", "care")
_REFERRING = ("at", "into", "serves", "pool", "by", "offer_slot", "to", "offers_to", "removes")
_LISTING = ("segments", "regions", "hooks")
Label = Callable[[str], str]


@dataclass(frozen=True)
class _Labels:
    """What names are called, and paths that hold names."""

    labels: Mapping[str, str]

    def __call__(self, name: str) -> str:
        return called(name, self.labels)

    def setting(self, path: str) -> str:
        return called_setting(path, self.labels)


def labelled(result: Result) -> Result:
    """The same result under its labels; the result itself where the scenario gives none."""
    if not result.about.labels:
        return result

    label, data = _Labels(result.about.labels), result.data
    coords = {
        name: (data[name].dims, [label(str(value)) for value in data[name].values], data[name].attrs)
        for name in _NAMED
        if name in data.coords and data[name].dtype.kind in "UO"
    }
    shown = {name: show(getattr(result.about, name), label) for name, show in _SHOWN.items()}
    return Result(data.assign_coords(coords)).saying(**shown, baseline=label(result.baseline), labels={})


def _keys(found: Mapping[str, Any], label: Label) -> dict[str, Any]:
    return {label(name): value for name, value in found.items()}


def _of_arm(path: str, label: Label) -> str:
    arm, colon, rest = path.rpartition(":")
    return f"{label(arm)}{colon}{rest}" if colon else path


def _arms(found: Mapping[str, str], label: Label) -> dict[str, str]:
    return {label(arm): label(other) for arm, other in found.items()}


def _pairs(found: Mapping[str, Any], label: Label) -> dict[str, Any]:
    return {route: [[label(arm) for arm in pair] for pair in pairs] for route, pairs in found.items()}


def labelled_claims(found: Mapping[str, Any], label: Label) -> dict[str, Any]:
    """Facts or claims, as a scenario gives them, about the same under its labels."""
    return {label(name): {**claim, "expect": _expected(claim["expect"], label)} for name, claim in found.items()}


def _expected(expect: Mapping[str, Any], label: Label) -> dict[str, Any]:
    """What a claim expects, or a quantity in it, about the same under its labels."""
    return {key: _EXPECTED[key](value, label) if key in _EXPECTED else value for key, value in expect.items()}


def _metric(text: str, label: Label) -> str:
    name, dot, entry = text.partition(".")
    known = quantities().get(name)  # of ours; what is counted by a mechanism of one's own is told as it is written
    return f"{name}.{label(entry)}" if dot and known and known.by in _BROKEN_DOWN_BY else text


def _listed(names: Iterable[str], label: Label) -> list[str]:
    return [label(name) for name in names]


def _named(name: str, label: Label) -> str:
    return label(name)


_EXPECTED: dict[str, Callable[[Any, Label], Any]] = {
    "arm": _named,
    "over": _named,
    "order": _listed,
    "interior_optimum": _listed,
    "metric": _metric,
    "per": _metric,
    "ratio_to": _expected,
    "more_than": _expected,
    "crossover": _expected,
}


def _equalised(found: EqualBudget | None, label: Label) -> EqualBudget | None:
    if found is None:
        return None
    return EqualBudget(tuple(_listed(found.arms, label)), _keys(found.factors, label), _keys(found.spend, label))


def _leaning(found: Leaning | None, label: _Labels) -> Leaning | None:
    if found is None:
        return None
    numbers = [
        replace(
            number,
            path=label.setting(number.path),
            ends=tuple(replace(end, leads=_keys(end.leads, label)) for end in number.ends),
        )
        for number in found.numbers
    ]
    return Leaning(label(found.best), found.replicates, _keys(found.leads, label), tuple(numbers))


def _uncertain(found: Uncertain | None, label: _Labels) -> Uncertain | None:
    if found is None:
        return None
    arms = tuple(replace(arm, arm=label(arm.arm)) for arm in found.arms)
    leads = tuple(replace(lead, over=label(lead.over)) for lead in found.leads)
    beliefs = tuple(replace(each, arm=label(each.arm), path=label.setting(each.path)) for each in found.beliefs)
    hinges = tuple(replace(hinge, path=label.setting(hinge.path)) for hinge in found.hinges)
    rules = tuple(
        replace(rule, conditions=tuple(replace(each, path=label.setting(each.path)) for each in rule.conditions))
        for rule in found.rules
    )
    odds = found.odds and replace(found.odds, arm=label(found.odds.arm))
    shown = replace(found, best=label(found.best), other=label(found.other), arms=arms, leads=leads)
    return replace(shown, odds=odds, beliefs=beliefs, hinges=hinges, rules=rules)


def _levers(found: Levers | None, label: Label) -> Levers | None:
    if found is None:
        return None
    levers = tuple(replace(lever, entry=label(lever.entry), path=_of_arm(lever.path, label)) for lever in found.levers)
    surfaces = tuple(replace(each, arm=label(each.arm)) for each in found.surfaces)
    leads = tuple(replace(each, arm=label(each.arm), over=label(each.over)) for each in found.leads)
    return replace(found, levers=levers, surfaces=surfaces, leads=leads)


def _plans(found: Mapping[str, Any], label: Label) -> dict[str, Any]:
    return {label(arm): [[day, _plan(plan, label)] for day, plan in dated] for arm, dated in found.items()}


def _plan(plan: Mapping[str, Any], label: Label) -> dict[str, Any]:
    sections = {
        name: {label(key): _entry(entry, label) for key, entry in plan[name].items()}
        for name in _SECTIONS
        if isinstance(plan[name], dict)
    }
    alone = {"win_back": _entry(plan["win_back"], label)} if isinstance(plan["win_back"], dict) else {}
    customers = plan["customers"]
    at_start = {**customers["at_start"], "members": _keys(customers["at_start"]["members"], label)}
    named = {key: _keys(customers[key], label) for key in ("segments", "regions")}
    people = {**customers, **named, "at_start": at_start}
    return {**plan, **sections, **alone, "customers": people}


def _entry(entry: Mapping[str, Any], label: Label) -> dict[str, Any]:
    named = {key: label(entry[key]) for key in _REFERRING if isinstance(entry.get(key), str)}
    several = {key: _listed(entry[key], label) for key in _LISTING if key in entry}
    slots = {"slots": _keys(entry["slots"], label)} if entry.get("slots") else {}
    return {**entry, **named, **several, **slots}


def _numbers(found: Iterable[Any], label: _Labels) -> list[Any]:
    return [number._replace(path=label.setting(number.path)) for number in found]


_SHOWN: dict[str, Callable[[Any, _Labels], Any]] = {
    "plans": _plans,
    "changes": _keys,
    "routes_off": _pairs,
    "discount_rates": _keys,
    "cash_at_start": _keys,
    "kinds": _keys,
    "has_pool": _keys,
    "without_pools": _arms,
    "facts": labelled_claims,
    "claims": labelled_claims,
    "equal_budget": _equalised,
    "leaning": _leaning,
    "uncertain": _uncertain,
    "levers": _levers,
    "assumed": _numbers,
    "sourced": _numbers,
}
"""What a result says about its arms, and how it is said with labels."""
