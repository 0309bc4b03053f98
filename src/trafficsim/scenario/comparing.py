"""What tells the arms of a scenario apart, and what a reader should know before comparing them."""

from collections.abc import Mapping
from itertools import combinations, permutations
from typing import Any

from trafficsim.language import Sentence
from trafficsim.places import Pool
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import Setting, settings

Change = tuple[str, Any, Any]
Periods = tuple[tuple[int, Plan], ...]
OFF = ("off", None, 0)
"""What a setting may be where what it belongs to is switched off."""


def changes(baseline: Mapping[str, Setting], arm: Mapping[str, Setting]) -> list[Change]:
    """Settings in which an arm differs: path, value in the baseline, value in the arm.

    A section or entry that only one of them has is one line, with the words "off" and "on".
    """
    found: list[Change] = []
    for path in {**baseline, **arm}:
        before, after = _state(path, baseline), _state(path, arm)
        above_listed = any(path.startswith(f"{listed}.") for listed, _, _ in found)
        if before != after and not above_listed:
            found.append((path, before, after))
    return found


def routes_off(periods: Mapping[str, Periods]) -> dict[str, list[tuple[str, str]]]:
    """By route, pairs of arms, the first with it and the second without, that are alike in all else at all times.

    Routes are those that cost money: paid (advertising), told (word of mouth with KOC, KOL and partners) and invited
    (hooks with invitations).
    """
    known = {arm: [(day, plan, settings(plan)) for day, plan in dated] for arm, dated in periods.items()}
    found: dict[str, list[tuple[str, str]]] = {}
    for a, b in permutations(known, 2):
        days = {day for arm in (a, b) for day, _, _ in known[arm]}
        routes = set().union(*(_given_up(_on(day, known[a]), _on(day, known[b])) for day in days))
        if len(routes) == 1 and "" not in routes:
            found.setdefault(routes.pop(), []).append((a, b))
    return found


_Known = tuple[int, Plan, dict[str, Setting]]


def _on(day: int, arm: list[_Known]) -> _Known:
    return [known for known in arm if known[0] <= day][-1]


def _given_up(a: _Known, b: _Known) -> set[str]:
    """The routes that settings in which b differs from a switch off; with "" for a setting that does something else."""
    _, plan, ours = a
    return {_route_of(path, plan) if gone in OFF else "" for path, gone, _ in changes(b[2], ours)}


def _route_of(path: str, plan: Plan) -> str:
    section, _, rest = path.partition(".")
    if section == "hooks" and isinstance(plan.hooks, dict):
        invites = [name for name, hook in plan.hooks.items() if hook.invite]
        return "invited" if rest.partition(".")[0] in invites or (not rest and len(invites) == len(plan.hooks)) else ""
    return {"advertising": "paid", "word_of_mouth": "told"}.get(section, "")


def notes(periods: Mapping[str, Periods]) -> list[Sentence]:
    """Plain sentences on arms that look better than they are, or don't differ, and on settings without effect."""
    return [*_free_pools(periods), *_alike(periods), *_idle_ties(periods)]


def _state(path: str, known: Mapping[str, Setting]) -> Any:
    setting = known.get(path)
    if setting is None or setting.value == {}:
        return "off"
    return "on" if setting.is_section else setting.value


def _free_pools(periods: Mapping[str, Periods]) -> list[Sentence]:
    where: dict[str, list[str]] = {}
    for arm, plans in periods.items():
        for pool in {name: None for _, plan in plans for name in _unpaid(plan)}:
            where.setdefault(pool, []).append(arm)
    return [
        Sentence.say(
            "Pool '{pool}' has posts or hooks but neither staff nor tool cost in {arms}: its work counts as free.",
            pool=pool,
            arms=_named(arms),
        )
        for pool, arms in where.items()
    ]


def _unpaid(plan: Plan) -> list[str]:
    hooks = plan.hooks.values() if isinstance(plan.hooks, dict) else ()
    staff = plan.staff.values() if isinstance(plan.staff, dict) else ()
    worked = {*(plan.posts if isinstance(plan.posts, dict) else ()), *(hook.into for hook in hooks)}
    paid = {people.serves for people in staff if people.count}
    return [
        name
        for name, place in plan.places.items()
        if isinstance(place, Pool) and name in worked and name not in paid and not place.tool_cost_per_day
    ]


def _alike(periods: Mapping[str, Periods]) -> list[Sentence]:
    pairs = [(a, b) for a, b in combinations(periods, 2) if periods[a] == periods[b]]
    return [Sentence.say("Arms '{a}' and '{b}' differ in nothing.", a=a, b=b) for a, b in pairs]


def _idle_ties(periods: Mapping[str, Periods]) -> list[Sentence]:
    """Ties are the same in every arm."""
    ties = next(iter(periods.values()))[0][1].customers.ties
    if ties.kind not in ("mixed", "file") or "alike" not in ties.model_fields_set:
        return []
    return [
        Sentence.say("customers.ties.alike does nothing: ties of kind '{kind}' are not made by likeness.", kind=ties.kind)
    ]


def _named(arms: list[str]) -> str:
    return ", ".join(f"'{arm}'" for arm in arms)
