"""The settings of one arm as the kernels read them: records by period, with the keys of all streams."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import COUNTERS, Counter
from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.kernel import rng
from trafficsim.kernel.columns import most
from trafficsim.kernel.records import Codes, Records, layout, records
from trafficsim.market.calendar import Windows, windows
from trafficsim.market.currencies import minor_units
from trafficsim.market.customers import MAX_REGIONS, Memory
from trafficsim.market.places import (
    HOMES,
    KINDS,
    MAX_UNITS,
    Paid,
    Pool,
    Public,
    Slot,
    Staff,
    Store,
    sells,
    share_delivered,
)
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.care import Care
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.joining import Joining
from trafficsim.mechanisms.leaving import Leaving
from trafficsim.mechanisms.posts import WEEKDAYS, Posts
from trafficsim.mechanisms.purchasing import ANYWHERE, Purchasing
from trafficsim.mechanisms.seating import Seating
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.mechanisms.shared.memory import DRIFT_CLASSES, FADING, TABLE_DAYS, keep_tables
from trafficsim.mechanisms.talking import Talking
from trafficsim.mechanisms.tiers import Tier
from trafficsim.mechanisms.visits import Visits
from trafficsim.mechanisms.win_back import WinBack
from trafficsim.mechanisms.word_of_mouth import Koc, Kol, Partners, WordOfMouth
from trafficsim.population.gamma import gamma_of_mean_one
from trafficsim.scenario.schema import Plan, Product, Rivals
from trafficsim.scenario.stages import demand_by_day, stages


class Settings(NamedTuple):
    """Records of shape `(periods, entries)`; sections with a single entry have `entries` = 1."""

    each_stands_for: float
    """People of the market for each simulated customer."""
    period: NDArray[np.int64]
    """Period of each day, shape `(days,)`."""
    mean_ties: float
    """Acquaintances of each customer where everybody meets everybody (ties of kind mixed), else NaN."""
    demand: NDArray[np.float64]
    """Needs and visits of each day as a multiple of ordinary days, shape `(days,)`."""
    windows: Windows
    """Days that share what can be had in a day, shape `(days,)`; see `calendar.windows`."""
    slots: Records
    """Times of day of all stores; `store` is the code of the place."""
    regions: Records
    """Where customers live; `ends` is the first home beyond each."""
    audiences: Records
    memory: Records
    product: Records
    rivals: Records
    places: Records
    staff: Records
    visits: Records
    advertising: Records
    posts: Records
    talking: Records
    hooks: Records
    joining: Records
    purchasing: Records
    seating: Records
    word_of_mouth: Records
    koc: Records
    kol: Records
    partners: Records
    leaving: Records
    win_back: Records
    tiers: Records
    care: Records


LOTS = "audiences"
"""The stream of the lots that customers draw."""
TABLES = {
    "places": layout(Public, Paid, Store, Pool, pool="i8", exists="u1", opens_on="i8", sells="u1", has_slots="u1"),
    "slots": layout(Slot, store="i8", name="i8", first="i8", branches="i8"),
    "regions": layout(ends="i8"),
    "audiences": layout(
        Audience,
        in_segment=f"({most('segments')},)u1",
        in_region=f"({MAX_REGIONS},)u1",
        by_hook=f"({most('hooks') + 1},)u1",
        by_region="u1",
        by_lot="u1",
        by_membership="u1",
    ),
    "staff": layout(Staff),
    "advertising": layout(Advertising, place="i8", in_region=f"({MAX_REGIONS},)u1", reached="f8"),
    "posts": layout(Posts, place="i8", weekday_bits="i8", slot="i8", offer_share="f8", care_share="f8"),
    "hooks": layout(Hook),
    "tiers": layout(Tier),
    "care": layout(Care, limit="i8"),
}
"""The fields of sections with several entries."""
ROWS = {
    "memory": layout(
        Memory, drift_rates=f"({DRIFT_CLASSES},)f8", **{f"{name}_kept": f"({TABLE_DAYS},)f8" for name in FADING}
    ),
    "product": layout(Product),
    "rivals": layout(Rivals),
    "visits": layout(Visits),
    "talking": layout(Talking),
    "joining": layout(Joining),
    "purchasing": layout(Purchasing),
    "seating": layout(Seating),
    "word_of_mouth": layout(WordOfMouth),
    "koc": layout(Koc),
    "kol": layout(Kol),
    "partners": layout(Partners),
    "leaving": layout(Leaving),
    "win_back": layout(WinBack),
}
"""The fields of sections with a single entry."""


class Names(NamedTuple):
    """The names of all arms together in the order of their codes, which is by name: an arm renumbers nothing."""

    places: tuple[str, ...]
    pools: tuple[str, ...]
    staff: tuple[str, ...]
    advertising: tuple[str, ...]
    posts: tuple[str, ...]
    hooks: tuple[str, ...]
    slots: tuple[str, ...]
    """Slots as `store.slot`."""
    audiences: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    """In the order in which they lie, which is that of the file."""
    tiers: tuple[str, ...] = ()
    care: tuple[str, ...] = ()
    counters: tuple[Counter, ...] = COUNTERS
    """What is counted, in the order of a tally's rows: ours, then those of mechanisms of one's own."""


Periods = Sequence[tuple[int, Plan]]


def build(periods: Periods, names: Names, seed: int, replicate: int) -> Settings:
    """The settings of one arm, from its dated plans, the first of which starts on day 0."""
    plans = list({id(plan): plan for _, plan in periods}.values())  # those that come again are laid out once
    scale, minor = plans[0].customers.each_stands_for, minor_units(plans[0].currency)
    codes = {
        of: {name: code for code, name in enumerate(getattr(names, of))} for of in ("places", "audiences", "staff")
    }

    def several(section: str, entries: Sequence[str]) -> Records:
        table = records(TABLES[section], [_section(p, section) for p in plans], entries, codes, scale, minor)
        for row, name in enumerate(entries):
            table["key"][:, row] = rng.stream(seed, replicate, section, name)
        return table

    def single(section: str) -> Records:
        entries = [_single(getattr(p, section)) for p in plans]
        table = records(ROWS[section], entries, [""], codes, scale, minor)
        table["key"] = rng.stream(seed, replicate, section)
        return table

    def within(section: str, name: str) -> Records:
        entries = [getattr(getattr(p, section), name, None) for p in plans]
        table = records(ROWS[name], [{"": e} if e else {} for e in entries], [""], codes, scale, minor)
        table["key"] = rng.stream(seed, replicate, section, name)
        return table

    memory = records(ROWS["memory"], [{"": p.customers.memory} for p in plans], [""], codes)
    keep_tables(memory)
    memory["key"] = rng.stream(seed, replicate, "memory")
    memory["drift_rates"][:, 0] = [_drift_rates(p.customers.memory) for p in plans]
    places = several("places", names.places)
    advertising, posts = several("advertising", names.advertising), several("posts", names.posts)
    _complete_places(places, plans, names)
    _complete_posts(posts, plans, names)
    _complete_advertising(advertising, plans, names)
    for table, entries in ((advertising, names.advertising), (posts, names.posts)):
        table["place"] = [codes["places"][name] for name in entries]
    audiences = several("audiences", names.audiences)
    audiences["key"] = rng.stream(seed, replicate, LOTS)  # one for all, so that a test and its control don't overlap
    _complete_audiences(audiences, plans, names)
    ties = plans[0].customers.ties
    by_day = demand_by_day(periods)
    laid_out = Settings(
        each_stands_for=float(scale),
        period=_period_of_days(periods),
        mean_ties=ties.mean if ties.kind == "mixed" else float("nan"),
        demand=by_day,
        windows=windows(by_day, stages(periods), scale),
        slots=_slots(plans, names, codes, scale, seed, replicate),
        regions=_regions(plans),
        audiences=audiences,
        memory=memory,
        product=single("product"),
        rivals=single("rivals"),
        places=places,
        staff=several("staff", names.staff),
        visits=single("visits"),
        advertising=advertising,
        posts=posts,
        talking=single("talking"),
        hooks=several("hooks", names.hooks),
        joining=single("joining"),
        purchasing=single("purchasing"),
        seating=single("seating"),
        word_of_mouth=single("word_of_mouth"),
        koc=within("word_of_mouth", "koc"),
        kol=within("word_of_mouth", "kol"),
        partners=within("word_of_mouth", "partners"),
        leaving=single("leaving"),
        win_back=single("win_back"),
        tiers=several("tiers", names.tiers),
        care=several("care", names.care),
    )
    laid_out.care["limit"] = _limits_of_places(laid_out.slots, names) + np.arange(len(names.care))
    return _by_period(laid_out, periods, plans)


def _by_period(laid_out: Settings, periods: Periods, plans: Sequence[Plan]) -> Settings:
    """Settings with a row for each period, from those with a row for each plan."""
    row = {id(plan): number for number, plan in enumerate(plans)}
    rows = [row[id(plan)] for _, plan in periods]
    tables = {name: getattr(laid_out, name)[rows] for name in (*TABLES, *ROWS)}
    tables["places"]["opens_on"] = _opens_on(tables["places"]["exists"], [day for day, _ in periods])
    return laid_out._replace(**tables)


def entries(names: Names, days: int, by: str) -> tuple[str, ...]:
    """What a counter is broken down by: the names along place, hook, staff, route, touch, slot, cohort or region."""
    named = {
        "place": names.places,
        "hook": names.hooks,
        "staff": names.staff,
        "route": ROUTES,
        "touch": TOUCHES,
        "slot": names.slots,
        "region": names.regions,
    }
    return named[by] if by in named else tuple(f"day {k * COHORT_DAYS}" for k in range(cohorts(days)))


def widths(names: Names, days: int) -> tuple[int, ...]:
    """How many entries of each counter's row of a tally are in use, in the order of `names.counters`."""
    return tuple(len(entries(names, days, c.by)) if c.by else 1 for c in names.counters)


def packed(tallies: NDArray[np.int64], widths: Sequence[int]) -> NDArray[np.int64]:
    """What is in use of tallies `(days, counters, width)`, the counters side by side: `(days, sum of widths)`.

    Rows are as wide as the widest counter needs, which is ten times as much in a run of three years.
    """
    return np.concatenate([tallies[:, row, :width] for row, width in enumerate(widths)], axis=1)


def most_units(plans: Sequence[Plan]) -> int:
    """Units that any pool may come to have: groups, or people of the staff, and one for members who were given none."""
    customers = plans[0].customers.count
    market = customers * plans[0].customers.each_stands_for
    pools = [p for plan in plans for p in plan.places.values() if isinstance(p, Pool)]
    groups = [min(p.groups, 1 + market // p.group_size) for p in pools]
    staff = [sum(s.count for s in _section(plan, "staff").values() if isinstance(s, Staff)) for plan in plans]
    return 1 + min(max(groups + staff, default=0), MAX_UNITS)


def limits(settings: Settings, names: Names) -> tuple[int, int]:
    """The shape of what is used up (see `columns.Units`)."""
    return _limits_of_places(settings.slots, names) + len(names.care), 3 + int(settings.windows.row.max())


def _limits_of_places(slots: Records, names: Names) -> int:
    """Limits before those of care: the adds of each pool, and the seats of each slot and branch."""
    return max(len(names.pools), int((slots["first"] + slots["branches"]).max(initial=0)))


def cohorts(days: int) -> int:
    """Cohorts of customers by the four weeks of their first order."""
    return -(-days // COHORT_DAYS)


def empty_tally(names: Names, days: int) -> NDArray[np.int64]:
    """A tally of zeros, shape `(counters, width)`: wide enough for the longest of its dimensions."""
    return np.zeros((len(names.counters), max(widths(names, days))), np.int64)


def _drift_rates(memory: Memory) -> NDArray[np.float64]:
    """The rate a day at which each class of customers drifts away (see `has_drifted`): the middle of its quantiles."""
    middles = (np.arange(DRIFT_CLASSES) + 0.5) / DRIFT_CLASSES
    return gamma_of_mean_one(middles, memory.drift_shape) / memory.days_to_drift


def _slots(plans: Sequence[Plan], names: Names, codes: Codes, scale: float, seed: int, replicate: int) -> Records:
    table = records(TABLES["slots"], [_slot_entries(p) for p in plans], names.slots, codes, scale)
    for row, name in enumerate(names.slots):
        table["key"][:, row] = rng.stream(seed, replicate, "slots", name)
        table["store"][:, row] = codes["places"][name.split(".")[0]]
        table["name"][:, row] = _slot_names(names).index(name.split(".")[1])
        table["branches"][:, row] = max(_branches(plan, name.split(".")[0]) for plan in plans)
    table["first"] = len(names.pools) + np.cumsum(table["branches"], axis=1) - table["branches"]
    return table


def _branches(plan: Plan, place: str) -> int:
    store = plan.places.get(place)
    return store.branches if isinstance(store, Store) else 0


def _slot_names(names: Names) -> list[str]:
    """The names by which offers know slots, whatever the store."""
    return sorted({slot.split(".")[1] for slot in names.slots})


def _slot_entries(plan: Plan) -> dict[str, Parameters]:
    stores = {name: place for name, place in plan.places.items() if isinstance(place, Store)}
    return {f"{name}.{slot}": entry for name, store in stores.items() for slot, entry in store.slots.items()}


def _section(plan: Plan, section: str) -> Mapping[str, Parameters]:
    entries = getattr(plan, section)
    return {} if entries == "off" else entries


def _single(entry: Any) -> dict[str, Parameters]:
    return {} if entry == "off" else {"": entry}


def _period_of_days(periods: Periods) -> NDArray[np.int64]:
    first_days = [day for day, _ in periods]
    return np.searchsorted(first_days, np.arange(periods[0][1].days), side="right") - 1


def _opens_on(exists: NDArray[np.uint8], first_days: Sequence[int]) -> NDArray[np.int64]:
    """The day on which each place opened last, `(periods, places)`: that of a period which it wasn't there before."""
    before = np.vstack([np.zeros_like(exists[:1]), exists[:-1]])
    opened = np.where((exists == 1) & (before == 0), np.asarray(first_days)[:, None], -1)
    return np.asarray(np.maximum.accumulate(opened, axis=0), np.int64)


def _complete_places(places: Records, plans: Sequence[Plan], names: Names) -> None:
    places["commission"] = np.nan_to_num(places["commission"], nan=0.0)
    places["exists"] = places["on"]
    places["on"][places["shut"] == 1] = 0
    for code, name in enumerate(names.places):
        places["pool"][:, code] = names.pools.index(name) if name in names.pools else -1
        for t, plan in enumerate(plans):
            if name in plan.places:
                places["kind"][t, code] = KINDS.index(plan.places[name].kind)
                place = plan.places[name]
                places["sells"][t, code] = sells(place)
                places["delivers"][t, code] = share_delivered(place)
                places["has_slots"][t, code] = isinstance(place, Store) and bool(place.slots) and plan.seating != "off"


def _complete_audiences(audiences: Records, plans: Sequence[Plan], names: Names) -> None:
    for t, plan in enumerate(plans):
        for row, name in enumerate(names.audiences):
            if name in plan.audiences:
                its = plan.audiences[name]
                segments = [code for code, s in enumerate(plan.customers.by_code) if s in its.segments]
                audiences["in_segment"][t, row, segments if its.segments else slice(None)] = 1
                audiences["in_region"][t, row, [names.regions.index(region) for region in its.regions]] = 1
                audiences["by_region"][t, row] = bool(its.regions)
                audiences["by_lot"][t, row] = its.least_lot is not None or its.most_lot is not None
                there = [hook for hook in its.hooks if hook in names.hooks]  # others are switched off by hand
                hooks = [1 + names.hooks.index(hook) for hook in there]  # as in the column, where 0 is none
                audiences["by_hook"][t, row, hooks if its.hooks else slice(None)] = 1
                by_days = its.least_days_in_pool is not None or its.most_days_in_pool is not None
                audiences["by_membership"][t, row] = bool(its.hooks) or by_days


def _regions(plans: Sequence[Plan]) -> Records:
    ends = list(plans[0].customers.region_ends.values())
    table = np.zeros((len(plans), len(ends)), TABLES["regions"]).view(np.recarray)
    table["on"], table["ends"] = 1, ends
    return table


def _complete_advertising(advertising: Records, plans: Sequence[Plan], names: Names) -> None:
    """Where campaigns are shown, and the share of people whom they can reach there."""
    advertising["reached"] = 1.0
    ends = list(plans[0].customers.region_ends.values())
    shares = np.diff(ends, prepend=0) / HOMES
    for t, plan in enumerate(plans):
        for row, name in enumerate(names.advertising):
            entry = _section(plan, "advertising").get(name)
            if isinstance(entry, Advertising) and entry.regions:
                codes = [names.regions.index(region) for region in dict.fromkeys(entry.regions)]
                advertising["in_region"][t, row, codes] = 1
                advertising["reached"][t, row] = shares[codes].sum()


def _complete_posts(posts: Records, plans: Sequence[Plan], names: Names) -> None:
    posts["slot"] = ANYWHERE
    for t, plan in enumerate(plans):
        for row, name in enumerate(names.posts):
            entry = _section(plan, "posts").get(name)
            if isinstance(entry, Posts):
                days = [(WEEKDAYS.index(w) - plan.start.weekday()) % 7 for w in entry.weekdays]
                posts["weekday_bits"][t, row] = sum(1 << d for d in days)
                if entry.offer_slot is not None:
                    posts["slot"][t, row] = _slot_names(names).index(entry.offer_slot)
                a_week = entry.per_week or len(days)
                others = a_week - entry.offers_per_week
                posts["offer_share"][t, row] = entry.offers_per_week / a_week if a_week else 0.0
                posts["care_share"][t, row] = min(entry.care_per_week / others, 1.0) if others > 0 else 0.0
