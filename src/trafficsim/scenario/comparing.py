"""What tells the arms of a scenario apart, and what a reader should know before comparing them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from trafficsim.market.places import Pool
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import Setting, settings
from trafficsim.words.language import Sentence

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
    days = sorted({day for dated in periods.values() for day, _ in dated})
    arms = {arm: _Known.of(dated, days) for arm, dated in periods.items()}
    inviting = {hook for arm in arms.values() for hook in arm.inviting()}
    order = {arm: number for number, arm in enumerate(arms)}
    return {
        route: sorted(pairs, key=lambda pair: (order[pair[0]], order[pair[1]]))
        for route in ("paid", "told", "invited")
        if (pairs := list(_given_up(route, arms, inviting)))
    }


@dataclass(frozen=True)
class _Known:
    """An arm on the days on which any arm changes: its plans, and what they set, by path."""

    plans: tuple[Plan, ...]
    states: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, dated: Periods, days: Sequence[int]) -> "_Known":
        plans = tuple([plan for first, plan in dated if first <= day][-1] for day in days)
        states = {id(plan): _states(settings(plan)) for _, plan in dated}
        return cls(plans, tuple(states[id(plan)] for plan in plans))

    def inviting(self) -> set[str]:
        """The hooks by which members invite others, at any time."""
        return {name for plan in self.plans for name in _inviting(plan)}


def _states(known: Mapping[str, Setting]) -> dict[str, Any]:
    return {path: _state(path, known) for path in known}


def _inviting(plan: Plan) -> list[str]:
    return [name for name, hook in plan.hooks.items() if hook.invite] if isinstance(plan.hooks, dict) else []


def _given_up(route: str, arms: Mapping[str, _Known], inviting: set[str]) -> Iterator[tuple[str, str]]:
    """Pairs of arms that differ in this route alone, and in which all that the second has otherwise is off.

    Only arms that are alike in all that is no part of the route are looked at pair by pair, and only in what is.
    """
    alike: dict[str, dict[str, tuple[dict[str, Any], ...]]] = {}
    for arm, known in arms.items():
        inside = tuple({p: s for p, s in of.items() if _in_route(p, route, inviting)} for of in known.states)
        outside = [
            sorted((p, repr(s)) for p, s in of.items() if p not in own)
            for of, own in zip(known.states, inside, strict=True)
        ]
        alike.setdefault(repr(outside), {})[arm] = inside
    for together in alike.values():
        for a, b in permutations(together, 2):
            if together[a] != together[b] and _is_without(route, arms[a].plans, together[a], together[b]):
                yield a, b


def _in_route(path: str, route: str, inviting: set[str]) -> bool:
    section, _, rest = path.partition(".")
    if route == "invited":
        return section == "hooks" and (not rest or rest.partition(".")[0] in inviting)
    return section == {"paid": "advertising", "told": "word_of_mouth"}[route]


def _is_without(
    route: str, plans: Sequence[Plan], ours: Sequence[dict[str, Any]], theirs: Sequence[dict[str, Any]]
) -> bool:
    """Whether whatever an arm has otherwise than the first, which has these plans, is a part of the route, and off."""
    for plan, a, b in zip(plans, ours, theirs, strict=True):
        for path in {**b, **a}:
            before, after = b.get(path, "off"), a.get(path, "off")
            if before == after or _is_below_off(path, a, b):
                continue
            if before not in OFF or _route_of(path, plan) != route:
                return False
    return True


def _is_below_off(path: str, a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether a section above differs already, so that this says no more."""
    parts = path.split(".")
    return any(
        a.get(above, "off") != b.get(above, "off") for above in (".".join(parts[:n]) for n in range(1, len(parts)))
    )


def _route_of(path: str, plan: Plan) -> str:
    section, _, rest = path.partition(".")
    if section == "hooks" and isinstance(plan.hooks, dict):
        invites = _inviting(plan)
        return "invited" if rest.partition(".")[0] in invites or (not rest and len(invites) == len(plan.hooks)) else ""
    return {"advertising": "paid", "word_of_mouth": "told"}.get(section, "")


def notes(periods: Mapping[str, Periods]) -> list[Sentence]:
    """Plain sentences on arms that look better than they are."""
    return _free_pools(periods)


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
            arms=tuple(arms),
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
