"""Memory: rules that several mechanisms share about remembering, fading and first contact."""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from trafficsim.books.counters import AWARE
from trafficsim.compiled import part, rule
from trafficsim.kernel.columns import EIGHT, FOLDED, NEVER, U1
from trafficsim.kernel.draws import DRIFT, DRIFT_RATE, RETURN
from trafficsim.kernel.frame import Frame
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import uniform, word
from trafficsim.market.places import POOL_KIND

LN2 = math.log(2.0)


@rule
def faded(value: float, days: float, half_life_days: float) -> float:
    """What is left of `value` after so many days of forgetting, by half-life."""
    if days <= 0.0 or value == 0.0:
        return value
    return value * math.exp(-LN2 * days / half_life_days)


FADING = ("salience", "acquaintance", "fatigue")
"""What fades by half-lives of `Memory`, for which there are tables."""
DEBT_PARTS = 1000.0
"""Parts of an occasion in which `need_debt` is told."""
TABLE_DAYS = 512
"""Days after which forgetting is computed anew each time; hardly anybody is left alone for so long."""

DRIFT_CLASSES = 512
"""Classes of equally many customers by how soon they drift away: so many that sums over customers don't show them."""
EARLIEST = -(2**15)
"""The first day that a column of days can hold."""


def keep_tables(memory: Records) -> None:
    """Fill in what forgetting leaves after 0, 1, 2 ... days (see `kept`), by the half-lives of each period."""
    for period in memory:
        for name in FADING:
            half_life = float(period[f"{name}_half_life_days"][0])
            period[f"{name}_kept"][0] = _table(half_life)


@lru_cache(maxsize=64)
def _table(half_life_days: float) -> tuple[float, ...]:
    """What forgetting leaves of 1 after each number of days; all arms and replicates ask for the same few."""
    return tuple(faded(1.0, float(days), half_life_days) for days in range(TABLE_DAYS))


@rule
def closer(value: float, target: float, share: float) -> float:
    """`value` after closing `share` (0 to 1) of its gap to `target`."""
    return value + share * (target - value)


@rule
def recall(salience: float, acquaintance: float) -> float:
    """The chance that the brand comes to mind: either memory suffices (MODEL: 1 - (1-s)(1-a))."""
    return 1.0 - (1.0 - salience) * (1.0 - acquaintance)


@rule
def experienced(quality: float, fit: float) -> float:
    """How good something of this quality is to a customer of this fit, 0 to 1: mismatch devalues it."""
    return min(1.0, quality * (0.4 + 0.8 * fit))


@rule
def days_until(u: float, rate: float) -> float:
    """When something comes that does so at this rate a day; `u` is drawn for it."""
    return -math.log1p(-u) / rate


@rule
def drift_class(u: float) -> int:
    """The class by rate of drifting away (see `DRIFT_CLASSES`) of a customer whose lasting draw is `u`."""
    return int(u * DRIFT_CLASSES)


@rule
def has_drifted(
    key: np.uint64, rates: NDArray[np.float64], days_to_return: float, i: int, since: int, days: int
) -> bool:
    """Whether customer i, whom the brand touched last on day `since`, so many days ago, has drifted away since then.

    The brand no longer comes to mind by itself, until a contact, or the customer's own return: either finds what was
    remembered before. Dropout is as in Pareto/NBD (Schmittlein, Morrison and Colombo 1987, "Counting your customers"):
    after a time that is exponential for each customer, at rates that are gamma over customers. The way back, which
    that model lacks, is as hidden Markov models of relationships have it (Netzer, Lattin and Srinivasan 2008).
    Both times count from the last contact, so that they may be drawn anew at any.

    Args:
        key: of memory.
        rates: of drifting away, a day, by class.
        days_to_return: on average.
    """
    rate = rates[np.uint64(drift_class(uniform(word(key, DRIFT_RATE), i)))]
    going = word(word(key, DRIFT), since - EARLIEST)
    u = uniform(going, i)
    if u >= rate * days:  # no less than the chance of having gone, and cheap
        return False
    coming, passed, back = word(going, RETURN), 0.0, 1.0 / days_to_return
    for turn in range(1, days + 2):
        passed += days_until(u, rate)
        if passed >= days:
            return False
        passed += days_until(uniform(word(coming, turn), i), back)
        if passed >= days:
            return True
        u = uniform(word(going, RETURN + turn), i)
    return u * (rate + back) < rate  # after turns that take less than a day each, it is as in the long run


@part
def kept(table: NDArray[np.float64], days: int, half_life_days: float) -> float:
    """What forgetting leaves of 1 after so many whole days: looked up, and computed only beyond the table."""
    if np.uint64(days) < np.uint64(table.size):  # a negative one is beyond it, too
        return float(table[np.uint64(days)])
    return 1.0 if days < 0 else faded(1.0, days, half_life_days)


@part
def fade(f: Frame, i: int) -> None:
    """Bring customer i's two memories to the given day."""
    days = f.day - f.mind.memory_on[i]
    if days > 0:
        f.mind.salience[i] = f.mind.salience[i] * kept(f.memory.salience_kept, days, f.memory.salience_half_life_days)
        f.mind.acquaintance[i] = f.mind.acquaintance[i] * kept(
            f.memory.acquaintance_kept, days, f.memory.acquaintance_half_life_days
        )
        f.mind.memory_on[i] = f.day


@part
def tired_now(f: Frame, i: int) -> float:
    """Fatigue of customer i today."""
    rested = kept(f.memory.fatigue_kept, f.day - f.roll.fatigue_on[i], f.memory.fatigue_half_life_days)
    return f.roll.fatigue[i] * rested


@part
def recall_now(f: Frame, i: int) -> float:
    """The chance that the brand comes to customer i's mind today, who has not drifted away (see `is_away`)."""
    days = f.day - f.mind.memory_on[i]
    fast = f.mind.salience[i] * kept(f.memory.salience_kept, days, f.memory.salience_half_life_days)
    slow = f.mind.acquaintance[i] * kept(f.memory.acquaintance_kept, days, f.memory.acquaintance_half_life_days)
    return recall(fast, slow)


@part
def is_away(f: Frame, i: int) -> bool:
    """Whether customer i has drifted away by today."""
    since = f.mind.memory_on[i]
    return has_drifted(f.memory.key, f.memory.drift_rates, f.memory.days_to_return, i, since, f.day - since)


@part
def remember(f: Frame, i: int, share: float) -> None:
    """A contact: salience closes `share` of its gap to 1, acquaintance a small part of that share."""
    fade(f, i)
    f.mind.salience[i] = closer(f.mind.salience[i], 1.0, share)
    f.mind.acquaintance[i] = closer(f.mind.acquaintance[i], 1.0, share * f.memory.acquaintance_per_contact)


@part
def touch(f: Frame, i: int, route: int) -> None:
    """A contact on some route: the first one ever makes the customer aware, every one is the last touch so far."""
    if f.story.aware_on[i] == NEVER:
        f.story.aware_on[i] = f.day
        f.story.route[i] = route
        f.tally[AWARE, route] += 1
    f.story.last_touch[i] = route


@part
def meet(f: Frame, i: int, place: int) -> None:
    """The brand meets customer i at a place: hooks there will ask, and whoever holds no pool is now found there."""
    note_met(f, i, place)
    at = f.story.place[i]
    if at == 0 or f.places[at - 1].kind != POOL_KIND:
        f.story.place[i] = place + 1


@part
def note_met(f: Frame, i: int, place: int) -> None:
    """Hooks at this place will ask customer i."""
    f.today.met[place // EIGHT, i] |= 1 << place % EIGHT


@part
def flag_met_too(f: Frame, flags: U1, place: int, lo: int, hi: int) -> None:
    """Also set `flags[j]` where customer `lo + j` was met at this place since hooks last asked."""
    row, bit = place // EIGHT, place % EIGHT
    for j in range(hi - lo):
        flags[j] |= f.today.met[row, lo + j] >> bit & 1


@part
def was_met(f: Frame, i: int, place: int) -> bool:
    """Whether customer i was met at this place since hooks last asked."""
    return bool(f.today.met[place // EIGHT, i] >> place % EIGHT & 1)


@part
def forget_met(f: Frame, lo: int, hi: int) -> None:
    """Hooks have asked customers lo..hi."""
    for row in range(f.today.met.shape[0]):
        for j in range(hi - lo):
            f.today.met[row, lo + j] = 0


@part
def open_need(f: Frame, i: int, count: int, days: int) -> None:
    """Needs of customer i open; they are decided together with needs already open, else after so many days.

    Those that wait for the end of an offer, longer than needs stay open by themselves, don't keep later ones waiting.
    """
    f.roll.open_needs[i] = min(f.roll.open_needs[i] + count, 255)
    due = f.roll.decide_on[i]
    if due < f.day or due >= f.day + f.purchasing.open_days:
        f.roll.decide_on[i] = f.day + days


@part
def debt_of(f: Frame, i: int) -> float:
    """Occasions of customer i that offers have used up already."""
    return f.roll.need_debt[i] / DEBT_PARTS


@part
def owe(f: Frame, i: int, occasions: float) -> None:
    """Customer i owes so many occasions, to the nearest part of one."""
    f.roll.need_debt[i] = min(math.floor(occasions * DEBT_PARTS + 0.5), 65_535)


@part
def is_member(f: Frame, i: int, pool: int) -> bool:
    """Whether customer i is in this pool now."""
    return bool(f.member.status[pool, i] & 1)


@part
def note_read(f: Frame, i: int, pool: int) -> None:
    """Customer i reads one more post in this pool today."""
    f.member.read[pool, i] = min(f.member.read[pool, i] + 1, 255)


@part
def flag_readers(f: Frame, flags: U1, pool: int, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` read a post in this pool today."""
    for j in range(hi - lo):
        flags[j] = f.member.read[pool, lo + j] != 0


@part
def flag_all_readers(f: Frame, flags: U1, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` read a post in any pool today."""
    for j in range(hi - lo):
        flags[j] = 0
    for pool in range(f.member.read.shape[0]):
        for j in range(hi - lo):
            flags[j] |= f.member.read[pool, lo + j] != 0


@part
def forget_reading(f: Frame, lo: int, hi: int) -> None:
    """A new day for customers lo..hi, who have read nothing yet."""
    for pool in range(f.member.read.shape[0]):
        for j in range(hi - lo):
            f.member.read[pool, lo + j] = 0


@part
def flag_members(f: Frame, flags: U1, pool: int, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` is in this pool now."""
    for j in range(hi - lo):
        flags[j] = f.member.status[pool, lo + j] & 1


@part
def is_reached(f: Frame, i: int, pool: int) -> bool:
    """Whether customer i is in this pool now and has not silenced it."""
    return bool(f.member.status[pool, i] & 1) and f.member.status[pool, i] < FOLDED


@part
def flag_reached(f: Frame, flags: U1, pool: int, lo: int, hi: int) -> None:
    """Set `flags[j]` where customer `lo + j` is in this pool now and has not silenced it."""
    for j in range(hi - lo):
        flags[j] = f.member.status[pool, lo + j] & 1 & ~(f.member.status[pool, lo + j] // FOLDED)
