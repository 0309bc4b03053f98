"""The settings of one arm as the kernels read them: records by period, with the keys of all streams."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from trafficsim import rng
from trafficsim.customers import Memory
from trafficsim.mechanism import Records, records
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.joining import Joining
from trafficsim.mechanisms.leaving import Leaving
from trafficsim.mechanisms.posts import WEEKDAYS, Posts
from trafficsim.mechanisms.purchasing import Purchasing
from trafficsim.mechanisms.visits import Visits
from trafficsim.mechanisms.word_of_mouth import WordOfMouth
from trafficsim.places import KINDS, Paid, Pool, Public, Staff, Store, sells
from trafficsim.quantities import Parameters
from trafficsim.scenario.schema import Plan, Product, Rivals
from trafficsim.tally import COUNTERS


class Settings(NamedTuple):
    """Records of shape `(periods, entries)`; sections with a single entry have `entries` = 1."""

    period: NDArray[np.int64]
    """Period of each day, shape `(days,)`."""
    mean_ties: float
    """Acquaintances of each customer where everybody meets everybody (ties of kind mixed), else NaN."""
    memory: Records
    product: Records
    rivals: Records
    places: Records
    staff: Records
    visits: Records
    advertising: Records
    posts: Records
    hooks: Records
    joining: Records
    purchasing: Records
    word_of_mouth: Records
    leaving: Records


class Names(NamedTuple):
    """The names of all arms together, in the order of their codes, so that an arm renumbers nothing."""

    places: tuple[str, ...]
    pools: tuple[str, ...]
    staff: tuple[str, ...]
    advertising: tuple[str, ...]
    posts: tuple[str, ...]
    hooks: tuple[str, ...]


Periods = Sequence[tuple[int, Plan]]


def build(periods: Periods, names: Names, seed: int, replicate: int) -> Settings:
    """The settings of one arm, from its dated plans, the first of which starts on day 0."""
    plans = [plan for _, plan in periods]
    scale = plans[0].customers.each_stands_for
    codes = {"places": {name: code for code, name in enumerate(names.places)}}

    def several(section: str, classes: Sequence[type[Parameters]], entries: Sequence[str], **extra: str) -> Records:
        table = records(classes, [_section(p, section) for p in plans], entries, codes, scale, extra)
        for row, name in enumerate(entries):
            table["key"][:, row] = rng.stream(seed, replicate, section, name)
        return table

    def single(section: str, cls: type[Parameters]) -> Records:
        entries = [_single(getattr(p, section)) for p in plans]
        table = records([cls], entries, [""], codes, scale)
        table["key"] = rng.stream(seed, replicate, section)
        return table

    memory = records([Memory], [{"": p.customers.memory} for p in plans], [""], codes)
    places = several("places", (Public, Paid, Store, Pool), names.places, pool="i8", sells="u1")
    advertising = several("advertising", (Advertising,), names.advertising, place="i8")
    posts = several("posts", (Posts,), names.posts, place="i8", weekday_bits="i8", offer_share="f8")
    _complete_places(places, plans, names)
    _complete_posts(posts, plans, names)
    for table, entries in ((advertising, names.advertising), (posts, names.posts)):
        table["place"] = [codes["places"][name] for name in entries]
    ties = plans[0].customers.ties
    return Settings(
        period=_period_of_days(periods),
        mean_ties=ties.mean if ties.kind == "mixed" else float("nan"),
        memory=memory,
        product=single("product", Product),
        rivals=single("rivals", Rivals),
        places=places,
        staff=several("staff", (Staff,), names.staff),
        visits=single("visits", Visits),
        advertising=advertising,
        posts=posts,
        hooks=several("hooks", (Hook,), names.hooks),
        joining=single("joining", Joining),
        purchasing=single("purchasing", Purchasing),
        word_of_mouth=single("word_of_mouth", WordOfMouth),
        leaving=single("leaving", Leaving),
    )


def tally_width(names: Names, routes: int) -> int:
    """Numbers in a row of the tally: enough for the longest of its dimensions."""
    return max(len(names.places), len(names.staff), len(names.hooks), routes)


def empty_tally(names: Names, routes: int) -> NDArray[np.int64]:
    """A tally of zeros, shape `(counters, width)`."""
    return np.zeros((COUNTERS, tally_width(names, routes)), np.int64)


def _section(plan: Plan, section: str) -> Mapping[str, Parameters]:
    entries = getattr(plan, section)
    return {} if entries == "off" else entries


def _single(entry: Any) -> dict[str, Parameters]:
    return {} if entry == "off" else {"": entry}


def _period_of_days(periods: Periods) -> NDArray[np.int64]:
    first_days = [day for day, _ in periods]
    return np.searchsorted(first_days, np.arange(periods[0][1].days), side="right") - 1


def _complete_places(places: Records, plans: Sequence[Plan], names: Names) -> None:
    places["commission"] = np.nan_to_num(places["commission"], nan=0.0)
    for code, name in enumerate(names.places):
        places["pool"][:, code] = names.pools.index(name) if name in names.pools else -1
        for t, plan in enumerate(plans):
            if name in plan.places:
                places["kind"][t, code] = KINDS.index(plan.places[name].kind)
                places["sells"][t, code] = sells(plan.places[name])


def _complete_posts(posts: Records, plans: Sequence[Plan], names: Names) -> None:
    for t, plan in enumerate(plans):
        for row, name in enumerate(names.posts):
            entry = _section(plan, "posts").get(name)
            if isinstance(entry, Posts):
                days = [(WEEKDAYS.index(w) - plan.start.weekday()) % 7 for w in entry.weekdays]
                posts["weekday_bits"][t, row] = sum(1 << d for d in days)
                a_week = entry.per_week or len(days)
                posts["offer_share"][t, row] = entry.offers_per_week / a_week if a_week else 0.0
