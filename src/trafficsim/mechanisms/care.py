"""Care: likes, comments and words from one to one, tastings and bookings, for which the staff have so many hours a day.

It is labour: the wage of the staff pays for it, and whose turn comes when there are no hours left goes without.
"""

from typing import Annotated

from pydantic import Field

from trafficsim.books.counters import CARE_GIVEN, CARE_MISSED, PERKS
from trafficsim.books.routes import STAFF
from trafficsim.books.tally import cents_drawn
from trafficsim.compiled import part, rule
from trafficsim.kernel.barrier import add_shared
from trafficsim.kernel.blocks import BLOCK, draw, select
from trafficsim.kernel.draws import CARE_ANSWER, CARE_COST, CARE_TURN
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.rng import day_key, threshold, uniform
from trafficsim.market.quantities import (
    AudienceName,
    Money,
    Parameters,
    Phrase,
    PoolName,
    Score,
    Slider,
    StaffName,
    Unit,
    setting,
)
from trafficsim.mechanisms.shared.audiences import belongs_to
from trafficsim.mechanisms.shared.memory import closer, flag_reached, is_reached, meet, remember, touch

DAYS_OF_WEEK = 7.0
MINUTES_OF_HOUR = 60.0
NEW, OF_TODAY = range(2)
"""Columns of `Units.used` for a limit of care: members counted so far, and those of today once all are counted."""


class Care(Parameters):
    """One kind of care: for whom it is, how often their turn comes, and what it takes and does."""

    pool: PoolName = setting("the pool whose members it is for", fixed=True)
    by: StaffName = setting("the staff who give it, beside what they serve; their wage is what it costs", fixed=True)
    to: AudienceName | None = setting(
        "which members; all who have not silenced the pool unless given",
        default=None,
        phrase=Phrase("only for “{value}”", "只面向“{value}”"),
    )
    per_week: Annotated[float, Field(ge=0.0, le=7.0), Unit("per week")] = setting(
        "how often each of them writes, or is to be written to",
        slider=Slider("care a week", "每周关怀次数", first=True),
    )
    minutes_each: Annotated[float, Field(gt=0.0, le=1440.0), Unit("minutes")] = setting(
        "working time of one of the staff for one of them", default=2.0
    )
    cost_each: Money = setting(
        "what one costs besides time, such as a tasting; counts as perks",
        default=0.0,
        phrase=Phrase("each for {value} besides time", "每次另花 {value}"),
    )
    trust_step: Score = setting(
        "share of the gap to full trust closed by it",
        default=0.05,
        source="assumed: a little more than by a care post, which closes .04 of the gap to what it is worth",
    )
    salience: Score = setting(
        "share of the gap to full salience closed by it", default=0.35, source="assumed: as by reading a post in a pool"
    )


@rule
def share_answered(minutes: float, wanted: float) -> float:
    """The share of all turns of a day for which the staff have time, of so many minutes that are wanted.

    What comes is taken at its mean: on a busy day people work a little faster, on the average of days they can't.
    """
    return 1.0 if wanted <= minutes else minutes / wanted


@rule
def minutes_of_staff(people: float, hours_per_day: float) -> float:
    """Minutes a day that so many people have for care."""
    return people * hours_per_day * MINUTES_OF_HOUR


@rule
def minutes_wanted(members: float, per_week: float, minutes_each: float) -> float:
    """Minutes a day that care for so many members would take, on average."""
    return members * per_week / DAYS_OF_WEEK * minutes_each


@rule
def trust_after_care(trust: float, step: float) -> float:
    """Trust of somebody who was looked after: a share of the gap to full trust is closed."""
    return closer(trust, 1.0, step)


@step
def count_members_cared_for(f: Frame, first: int, last: int) -> None:
    """Count those of customers first..last for whom each kind of care is: whose turn it is depends on no other."""
    for row in range(f.care.size):
        pool = f.places[f.care[row].pool].pool
        if is_given(f, row):
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_reached(f, f.flags, pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                found = 0
                for i in each_of(f.chosen, n, f.traits, f.bought):
                    found += int(belongs_to(f, i, f.care[row].to))
                add_shared(f.units.used, f.care[row].limit, NEW, found)


@step
def allot(f: Frame) -> None:
    """All are counted: these are today's members for whom care is."""
    for row in range(f.care.size):
        limit = f.care[row].limit
        f.units.used[limit, OF_TODAY] = f.units.used[limit, NEW]
        f.units.used[limit, NEW] = 0


@step
def give_care(f: Frame, first: int, last: int) -> None:
    """Those of customers first..last whose turn it is are looked after, or the staff have no time for them."""
    for row in range(f.care.size):
        entry = f.care[row]
        if is_given(f, row):
            turn, answer = day_key(entry.key, f.day, CARE_TURN), day_key(entry.key, f.day, CARE_ANSWER)
            limit, share = threshold(entry.per_week / DAYS_OF_WEEK), share_of(f, entry.by)
            pool = f.places[entry.pool].pool
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(f.flags, turn, lo, hi, limit)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.traits, f.bought):
                    if is_reached(f, i, pool) and belongs_to(f, i, entry.to):
                        if uniform(answer, i) < share:
                            look_after(f, i, row)
                        else:
                            f.tally[CARE_MISSED, entry.by] += 1


@part
def is_given(f: Frame, row: int) -> bool:
    """Whether a kind of care is given at all today."""
    return f.care[row].on > 0 and f.places[f.care[row].pool].on > 0


@part
def share_of(f: Frame, staff: int) -> float:
    """The share of today's turns for which these staff have time, all their kinds of care together."""
    wanted, person = 0.0, f.staff[staff]
    for row in range(f.care.size):
        entry = f.care[row]
        if entry.by == staff and is_given(f, row):
            wanted += minutes_wanted(f.units.used[entry.limit, OF_TODAY], entry.per_week, entry.minutes_each)
    return share_answered(minutes_of_staff(person.count, person.hours_per_day) if person.on else 0.0, wanted)


@part
def look_after(f: Frame, i: int, row: int) -> None:
    """Member i is looked after: remembers, trusts more, and is met in the pool."""
    entry = f.care[row]
    touch(f, i, STAFF)
    remember(f, i, entry.salience)
    f.mind.trust[i] = trust_after_care(f.mind.trust[i], entry.trust_step)
    meet(f, i, entry.pool)
    f.tally[CARE_GIVEN, entry.by] += 1
    cost = uniform(day_key(entry.key, f.day, CARE_COST), i)
    f.tally[PERKS, entry.pool] += cents_drawn(cost, entry.cost_each)
