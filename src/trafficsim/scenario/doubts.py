"""What a scenario says that can't have the effect meant: what never begins, sells nothing, or changes no number.

Each check looks at the plans of one arm, one for each stretch between events, and yields sentences without the arm's
name: those that hold for some arms only are told of these.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic.fields import FieldInfo

from trafficsim.market.customers import Customers
from trafficsim.market.places import Pool, Staff, Store, sells
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.scenario.coarse import too_coarse
from trafficsim.scenario.schema import Plan
from trafficsim.scenario.settings import Setting, settings
from trafficsim.scenario.shapes import refers_to
from trafficsim.scenario.sizes import unusual_sizes
from trafficsim.scenario.stages import Periods
from trafficsim.scenario.tree import Node
from trafficsim.scenario.wording import OFF
from trafficsim.words.language import Sentence

Plans = Sequence[Plan]
T = TypeVar("T")
Said = Iterator[Sentence]
STEEP = 0.5
"""Discounts above are asked about (assumed): a price cut to a tenth is rare, and 九折, nine tenths of it, is 0.1."""
_COMMENTED = re.compile(r"\s＃")
TIES_MADE_BY = {
    "small_world": ("mean", "rewired", "homophily", "alike"),
    "random": ("mean", "homophily", "alike"),
    "scale_free": ("mean", "homophily", "alike"),
    "mixed": ("mean",),
    "file": (),
}
"""The settings of `customers.ties` that each kind looks at."""


def warnings(periods: Mapping[str, Periods]) -> list[Sentence]:
    """What belongs before any answer: nothing is sold, every sale loses, a sample is too coarse, arms are alike."""
    plans = _plans(periods)
    return [
        *_in_arms(plans, (_no_sale, _loss)),
        *_in_arms(periods, (too_coarse,)),
        *_alike(periods),
        *_in_arms(plans, (_steep_discounts,)),
    ]


def doubts(periods: Mapping[str, Periods]) -> list[Sentence]:
    """What has no effect, or is had for nothing."""
    customers = next(iter(periods.values()))[0][1].customers
    plans = [plan for dated in periods.values() for _, plan in dated]
    of_arms = _in_arms(
        _plans(periods),
        (unusual_sizes, _free_staff, _late, _idle_campaigns, _spare_room, _without_effect, _full_pools, _shut_pools),
    )
    return [*of_arms, *_idle_audiences(plans), *_closed_pools(plans), *_idle_places(plans), *_idle_ties(customers)]


def labels_given(paths: Iterable[str], known: Mapping[str, Setting]) -> list[Sentence]:
    """Labels that an event or a setting by hand changes: none changes a number."""
    return [
        Sentence.say("{path} is only shown: it changes no number.", path=path).at(path)
        for path in paths
        if path in known and known[path].label
    ]


def no_comments(leaves: Iterable[tuple[tuple[str, ...], Node]]) -> list[Sentence]:
    """Texts in one line that hold a full-width # behind a blank, as a comment would begin."""
    paths = [
        ".".join(path)
        for path, leaf in leaves
        if path[:1] != ("about",) and isinstance(leaf.value, str) and _COMMENTED.search(leaf.value)
    ]
    return [
        Sentence.say("{path}: '＃' begins no comment, so that it is part of the text. Write #.", path=path).at(path)
        for path in paths
    ]


def _plans(periods: Mapping[str, Periods]) -> dict[str, Plans]:
    return {arm: [plan for _, plan in dated] for arm, dated in periods.items()}


def _in_arms(arms: Mapping[str, T], checks: Sequence[Callable[[T], Said]]) -> list[Sentence]:
    """What the checks find, each once: of all arms, or with the names of those of which it is true."""
    found: dict[tuple[str, str], tuple[Sentence, list[str]]] = {}
    for check in checks:
        for arm, what in arms.items():
            for sentence in check(what):
                told = found.setdefault((sentence.text, repr(sentence.put_in)), (sentence, []))[1]
                told += [arm] * (arm not in told)
    return [
        sentence
        if len(told) == len(arms)
        else Sentence.say("In {arms}: {says}", arms=tuple(told), says=sentence).at(f"arms.{told[0]}.{sentence.about}")
        for sentence, told in found.values()
    ]


def _entries(plan: Plan, section: str) -> Mapping[str, Any]:
    entries = getattr(plan, section)
    return entries if isinstance(entries, dict) else {}


def _hooks(plan: Plan) -> list[Hook]:
    return list(plan.hooks.values()) if isinstance(plan.hooks, dict) else []


def _no_sale(plans: Plans) -> Said:
    if not any(plan.purchasing != "off" and any(map(sells, plan.places.values())) for plan in plans):
        yield Sentence.say(
            "No place sells, so that nobody buys: a store does, a public place with a commission, a pool with shop."
        )


def _loss(plans: Plans) -> Said:
    for plan in plans:
        price, cost = plan.product.price, plan.product.unit_cost
        if cost > price:
            yield Sentence.say(
                "Every sale loses money: unit_cost, {cost}, is above the price, {price}.",
                cost=f"{cost:g}",
                price=f"{price:g}",
            ).at("product.unit_cost")


def _steep_discounts(plans: Plans) -> Said:
    for plan in plans:
        for path, setting in settings(plan).items():
            if setting.unit == OFF and setting.is_number and setting.value > STEEP:
                yield Sentence.say(
                    "{path}: {off} % off? A price cut to {off} % is written {left}.",
                    path=path,
                    off=f"{100 * setting.value:g}",
                    left=f"{1 - setting.value:.2g}",
                ).at(path)


def _alike(periods: Mapping[str, Periods]) -> list[Sentence]:
    first: dict[str, str] = {}
    found = []
    for arm, dated in periods.items():
        numbers = repr([(day, _numbers(plan)) for day, plan in dated])
        other = first.setdefault(numbers, arm)
        if other == arm:
            continue
        if dated == periods[other]:
            found.append(Sentence.say("Arms '{a}' and '{b}' differ in nothing.", a=other, b=arm))
        else:
            found.append(Sentence.say("Arms '{a}' and '{b}' differ in what is shown, in no number.", a=other, b=arm))
        found[-1] = found[-1].at(f"arms.{arm}")
    return found


def _numbers(plan: Plan) -> list[tuple[str, object]]:
    """All settings that can change a number."""
    return [(path, each.value) for path, each in settings(plan).items() if not (each.is_section or each.label)]


def _free_staff(plans: Plans) -> Said:
    for name in _always(plans, "staff", lambda people, _: people.count and not people.wage_per_day):
        yield Sentence.say("Staff '{name}' have no wage: their work counts as free.", name=name).at(f"staff.{name}")


def _shut_pools(plans: Plans) -> Said:
    for name, place in plans[-1].places.items():
        if isinstance(place, Pool) and place.shut:
            yield Sentence.say(
                "Pool '{pool}' is shut on the last day: its members are still counted, though they see nothing.",
                pool=name,
            ).at(f"places.{name}.shut")


def _late(plans: Plans) -> Said:
    days = plans[0].days
    for section in ("advertising", "hooks"):
        for name in _always(plans, section, lambda entry, _: entry.from_day >= days):
            path = f"{section}.{name}.from_day"
            yield Sentence.say("{path} lies beyond the {days} days and never begins.", path=path, days=days).at(path)
    for name, festival in plans[0].calendar.festivals.items():
        if festival.day >= days:
            path = f"calendar.festivals.{name}.day"
            yield Sentence.say("{path} lies beyond the {days} days and never begins.", path=path, days=days).at(path)


def _idle_audiences(plans: Plans) -> Said:
    """Audiences at whom nothing is aimed in any arm."""
    for name in _always(plans, "audiences", lambda entry, plan: not _is_aimed_at(entry, plan)):
        yield Sentence.say("Nothing is aimed at audience '{name}'.", name=name).at(f"audiences.{name}")


def _is_aimed_at(audience: Audience, plan: Plan) -> bool:
    """Whether any setting of a plan names an audience."""
    names = {name for name, each in plan.audiences.items() if each is audience}
    return any(refers_to(field) == "audiences" and getattr(of, key) in names for of, key, field in _fields(plan))


def _fields(of: Any) -> Iterator[tuple[Any, str, FieldInfo]]:
    """Every setting of a plan with what it is a setting of."""
    if isinstance(of, Parameters):
        for key, field in type(of).model_fields.items():
            yield of, key, field
            yield from _fields(getattr(of, key))
    elif isinstance(of, dict):
        for entry in of.values():
            yield from _fields(entry)


def _idle_campaigns(plans: Plans) -> Said:
    for name in _always(plans, "posts", lambda entry, _: not (entry.per_week or entry.weekdays)):
        path = f"posts.{name}"
        yield Sentence.say("{path} does nothing: {key} is 0.", path=path, key="per_week").at(path)
    for name in _always(plans, "advertising", lambda entry, _: not entry.budget_per_day):
        path = f"advertising.{name}"
        yield Sentence.say("{path} does nothing: {key} is 0.", path=path, key="budget_per_day").at(path)


def _closed_pools(plans: Plans) -> Said:
    """Pools that nobody can join in any arm: no hook leads into them."""
    members = plans[0].customers.at_start.members
    for name in _always(plans, "places", lambda place, _: isinstance(place, Pool)):
        if not members.get(name) and not _is_led_into(plans, name):
            yield Sentence.say("Nobody can join pool '{pool}': no hook leads into it.", pool=name).at(f"places.{name}")


def _is_led_into(plans: Plans, pool: str) -> bool:
    return any(hook.into == pool for plan in plans if pool in plan.places for hook in _hooks(plan))


def _full_pools(plans: Plans) -> Said:
    """Pools into which hooks lead and that have no room for anybody on any day."""
    members, everybody = plans[0].customers.at_start.members, _people(plans[0])
    for name in _always(plans, "places", lambda place, _: isinstance(place, Pool)):
        full = all(_room(plan, name) <= members.get(name, 0.0) * everybody for plan in plans if name in plan.places)
        if full and _is_led_into(plans, name):
            yield Sentence.say(
                "Pool '{pool}' is full from the start: nobody can join. Give it room for more than its {members} "
                "members, or take its hooks out.",
                pool=name,
                members=f"{members.get(name, 0.0) * everybody:,.0f}",
            ).at(f"places.{name}")


def _spare_room(plans: Plans) -> Said:
    """Room that is given, and more than all customers could fill."""
    everybody = _people(plans[0])
    for name, place in plans[0].places.items():
        slots = place.slots if isinstance(place, Store) else {}
        for slot in (slot for slot, its in slots.items() if its.seats >= everybody):
            yield _never_full(f"places.{name}.slots.{slot}.seats", everybody)
        given = place.model_fields_set & {"groups", "group_size"}
        if isinstance(place, Pool) and given and place.form != "contact" and _room(plans[0], name) >= everybody:
            yield _never_full(f"places.{name}.{min(given)}", everybody)
    for name, people in _entries(plans[0], "staff").items():
        for key in ("contacts", "adds_per_day"):
            if key in people.model_fields_set and people.count * getattr(people, key) >= everybody:
                yield _never_full(f"staff.{name}.{key}", everybody)


def _without_effect(plans: Plans) -> Said:
    """Settings that are written where they can do nothing."""
    for section, key, needed, holds in _NEEDED:
        for name in _always(plans, section, lambda entry, plan, key=key, holds=holds: _idle(entry, key, plan, holds)):
            yield Sentence.say(
                "{path} does nothing: {needed}. Leave it out.", path=f"{section}.{name}.{key}", needed=needed
            ).at(f"{section}.{name}.{key}")


def _idle(entry: Any, key: str, plan: Plan, holds: Callable[[Any, Plan], bool]) -> bool:
    """Whether a setting is written, asks for something, and what it needs is missing."""
    return key in entry.model_fields_set and bool(getattr(entry, key)) and not holds(entry, plan)


def _kind_at(hook: Hook, plan: Plan) -> str:
    place = plan.places.get(hook.at)
    return place.kind if place else ""


def _is_pool(posts: Posts, plan: Plan) -> bool:
    return any(
        isinstance(plan.places.get(name), Pool) for name, each in _entries(plan, "posts").items() if each is posts
    )


def _served(people: Staff, plan: Plan) -> Pool | None:
    place = plan.places.get(people.serves)
    return place if isinstance(place, Pool) else None


_NEEDED: tuple[tuple[str, str, Sentence, Callable[[Any, Plan], bool]], ...] = (
    ("hooks", "in_person", Sentence.say("the hook hangs at no store"), lambda h, p: _kind_at(h, p) in {"store", ""}),
    (
        "hooks",
        "heeded_in_store",
        Sentence.say("the hook hangs at no store"),
        lambda h, p: _kind_at(h, p) in {"store", ""},
    ),
    (
        "hooks",
        "heeded_in_public",
        Sentence.say("the hook hangs at no public or paid place"),
        lambda h, p: _kind_at(h, p) in {"public", "paid", ""},
    ),
    ("hooks", "reward", Sentence.say("nobody invites, since invite is 0"), lambda h, _: h.invite > 0.0),
    ("posts", "to", Sentence.say("it is no pool"), _is_pool),
    ("posts", "most_per_week", Sentence.say("it is no pool"), _is_pool),
    ("posts", "offers_to", Sentence.say("it has no offers"), lambda p, _: p.offers_per_week > 0.0),
    (
        "staff",
        "hours_per_day",
        Sentence.say("they give no care"),
        lambda s, p: any(p.staff[care.by] is s for care in _entries(p, "care").values()),
    ),
    ("staff", "adds_per_day", Sentence.say("they serve no pool"), lambda s, p: _served(s, p) is not None),
    (
        "staff",
        "contacts",
        Sentence.say("they serve no pool of form contact"),
        lambda s, p: (pool := _served(s, p)) is not None and pool.form == "contact",
    ),
    (
        "places",
        "seats_first",
        Sentence.say("no store has slots"),
        lambda _, p: any(isinstance(place, Store) and place.slots for place in p.places.values()),
    ),
)
"""By section and setting: what is missing where it does nothing, and whether what it needs is there."""


def _never_full(path: str, everybody: int) -> Sentence:
    return Sentence.say(
        "{path} is never reached: there are {customers} customers in all.", path=path, customers=f"{everybody:,}"
    ).at(path)


def _idle_places(plans: Plans) -> list[Sentence]:
    names = dict.fromkeys(name for plan in plans for name in plan.places)
    return [
        Sentence.say("Place '{place}' neither sells nor shows anything.", place=name).at(f"places.{name}")
        for name in names
        if not any(name in plan.places and _does_something(plan, name) for plan in plans)
    ]


def _does_something(plan: Plan, name: str) -> bool:
    shown = {*_entries(plan, "posts"), *_entries(plan, "advertising")}
    led = any(name in (hook.at, hook.into) for hook in _hooks(plan))
    return sells(plan.places[name]) or name in shown or led or name in plan.customers.at_start.members


def _idle_ties(customers: Customers) -> list[Sentence]:
    ties = customers.ties
    idle = ties.model_fields_set - {"kind", "file", *TIES_MADE_BY[ties.kind]}
    return [
        Sentence.say("customers.ties.{key} does nothing for ties of kind '{kind}'.", key=key, kind=ties.kind).at(
            f"customers.ties.{key}"
        )
        for key in type(ties).model_fields
        if key in idle
    ]


def _always(plans: Plans, section: str, holds: Callable[..., object]) -> list[str]:
    """The entries of a section of which something holds whenever they are there."""
    names = dict.fromkeys(name for plan in plans for name in _entries(plan, section))
    return [
        name
        for name in names
        if all(holds(_entries(plan, section)[name], plan) for plan in plans if name in _entries(plan, section))
    ]


def _people(plan: Plan) -> int:
    return plan.customers.count * plan.customers.each_stands_for


def _room(plan: Plan, pool: str) -> float:
    """Members that a pool can hold."""
    place = plan.places.get(pool)
    if not isinstance(place, Pool):
        return 0.0
    if place.form != "contact":
        return place.groups * place.group_size
    serving = [people for people in _entries(plan, "staff").values() if people.serves == pool]
    return sum(people.count * people.contacts for people in serving) if serving else float("inf")
