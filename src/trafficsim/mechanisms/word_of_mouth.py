"""Word of mouth: satisfied buyers (or everybody who is aware) tell acquaintances, and members invite them."""

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.books.counters import INVITED as INVITATIONS
from trafficsim.books.counters import TOLD_ABOUT
from trafficsim.books.routes import INVITED, TOLD
from trafficsim.compiled import allocating, part, rule
from trafficsim.kernel.blocks import (
    ANY,
    BLOCK,
    INVITERS,
    LISTENERS,
    NAMED,
    SERVED,
    clear_mask,
    draw,
    listed,
    mask_any,
    mask_flagged,
    mask_one,
    select,
)
from trafficsim.kernel.columns import NEVER, OUTSIDE
from trafficsim.kernel.draws import INVITE, INVITER, REACH, STAR, TELL, WHO
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records, running
from trafficsim.kernel.rng import below, chance_of_any, day_key, pair_key, threshold_above, uniform
from trafficsim.market.quantities import (
    Count,
    Days,
    Money,
    Parameters,
    Probability,
    Score,
    Share,
    Slider,
    Strength,
    setting,
)
from trafficsim.mechanisms.shared.memory import closer, experienced, fade, flag_readers, touch
from trafficsim.mechanisms.shared.roles import assign_roles, find_named, find_stars, times_as_often

BUYERS = 0


class Koc(Parameters):
    """Key opinion customers: loyal buyers who are given attention and small gifts, and tell more."""

    share: Share = setting("share of eligible buyers, those with most orders first, who are KOC")
    least_orders: Annotated[Count, Field(ge=1)] = setting("orders that make a buyer eligible", default=3)
    times: Strength = setting("how many times as often a KOC tells", default=3.0)
    cost_per_month: Money = setting("attention and gifts for one KOC", default=20.0)


class Kol(Parameters):
    """Key opinion leaders: customers made stars, few and dear, who reach people beyond their ties.

    They are as many as in reality even where a customer stands for several people: reach and fee are cut instead.
    """

    count: Count = setting("how many, of those with most orders")
    least_orders: Annotated[Count, Field(ge=1)] = setting("orders that make a buyer eligible", default=3)
    reach_per_day: Annotated[float, Field(ge=0, le=1e9)] = setting("people who hear of one on a day", sampled=True)
    weight: Score = setting(
        "how much hearing of one moves memory and trust, as a share of an acquaintance's word",
        default=0.3,
        source="assumed: as a post met on a public platform, which closes 0.15 of the gap of salience, to a friend's"
        " word, which closes 0.5",
    )
    cost_per_month: Money = setting("fee for one KOL", sampled=True)


class Partners(Parameters):
    """Repeat buyers who opt in, tell more, and earn a share of orders that they referred."""

    opt_in: Probability = setting("chance that an eligible buyer ever becomes a partner (one draw per customer)")
    least_orders: Annotated[Count, Field(ge=1)] = setting("orders that make a buyer eligible", default=2)
    times: Strength = setting("how many times as often a partner tells", default=3.0)
    share_of_order: Share = setting(
        "partner's share of what is paid for orders by those whom a partner told or invited last", default=0.1
    )
    within_days: Days = setting("days after telling or inviting within which an order counts as referred", default=30.0)


class WordOfMouth(Parameters):
    """Who tells whom, and what passes over."""

    koc: Koc | None = setting("key opinion customers; none unless given", default=None)
    kol: Kol | None = setting("key opinion leaders; none unless given", default=None)
    partners: Partners | None = setting("partners; none unless given", default=None)

    who: Literal["buyers", "aware"] = setting(
        "who tells: satisfied buyers of today, or all who are aware", default="buyers"
    )
    tell: Probability = setting(
        "chance per day and acquaintance that a fully satisfied teller tells",
        default=0.15,
        slider=Slider("Chance to tell an acquaintance", "向熟人推荐的概率", first=True),
    )
    salience: Score = setting("share of the gap to full salience closed by being told", default=0.5)
    acquaintance: Score = setting("share of the gap to full acquaintance closed by being told", default=0.3)
    trust_passed: Score = setting("share of the gap up to the teller's trust closed by being told", default=0.5)
    teller_trust: Score = setting(
        "share of the gap to full trust closed in the teller, on a day of telling",
        default=0.15,
        source="calibrated: who recommends spends 11 % more, and quits .37 times as often (Garnefeld et al. 2013)",
    )


@rule
def chance_to_tell(satisfaction: float, tell: float) -> float:
    """The chance that a buyer tells one acquaintance today: only what was better than middling is talked about."""
    return tell * 2.0 * max(satisfaction - 0.5, 0.0)


@rule
def trust_after(told: float, teller: float, passed: float) -> float:
    """Trust of someone who was told: drawn up toward the teller's, never above it, never down."""
    return told + passed * max(teller - told, 0.0)


@rule
def chance_to_hear(stars: float, reach_per_day: float, customers: float) -> float:
    """The chance to hear of any of so many KOL on a day; audiences overlap by chance."""
    return 1.0 - math.pow(1.0 - min(reach_per_day / customers, 1.0), stars)


@rule
def willing_to_tell(quality: float, fit: float, tell: float) -> float:
    """The chance that a buyer of this fit tells one acquaintance today about it (see `chance_to_tell`).

    `quality` is the product's, 0 to 1; `tell` the chance if it could not have been better.
    """
    return chance_to_tell(experienced(quality, fit), tell)


@rule
def knew_before(aware_on: int, day: int) -> bool:
    """Whether a customer was aware before today, so that nobody passes on what was heard today."""
    return aware_on != NEVER and aware_on < day


@rule
def hears_from_anyone(speaking: float, mean_ties: float, customers: float) -> float:
    """The chance that a customer hears today where everybody meets everybody.

    `speaking` is how many would tell (or invite) an acquaintance, each counted by the chance to; so many acquaintances
    of each are spread over all customers.
    """
    return chance_of_any(speaking * mean_ties / customers)


@rule
def weighed(share: float, weight: float) -> float:
    """What a word moves that counts for so much: 1 for an acquaintance's, less for that of a stranger such as a KOL."""
    return weight * share


@rule
def memory_after_word(memory: float, share: float) -> float:
    """A memory of the brand, fast or slow, after a word about it: a share of the gap to full memory is closed."""
    return closer(memory, 1.0, share)


@rule
def trust_of_teller(trust: float, step: float) -> float:
    """Trust of somebody who has told others today, which binds the teller."""
    return closer(trust, 1.0, step)


@rule
def invites_today(invite: float, day: float, from_day: float, until_day: float) -> bool:
    """Whether members invite by a hook today: with some chance, and in its days (the last one excluded)."""
    return invite > 0.0 and running(day, from_day, until_day)


@rule
def can_be_invited(status: int, invited_by: int) -> bool:
    """Whether an invitation reaches somebody: never a member of the pool, and without another invitation today."""
    return status == OUTSIDE and invited_by == 0


@step
def give_roles(f: Frame) -> None:
    """Who is a KOC, KOL or partner today. One serial step, since buyers are ranked against each other."""
    if f.word_of_mouth.on:
        assign_roles(f)


@step
def spread_word(f: Frame) -> None:
    """Today's tellers tell acquaintances. One serial step, since several may tell the same person."""
    if not f.word_of_mouth.on:
        return
    tellers, chances = find_tellers(f, listed(f.masks, SERVED))
    key = day_key(f.word_of_mouth.key, f.day, TELL)
    if f.mean_ties >= 0.0:
        tell_anyone(f, key, tellers, chances)
    else:
        tell_acquaintances(f, key, tellers, chances)


@allocating
def find_tellers(f: Frame, served: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Who tells today, in the order of their numbers, and with what chance each acquaintance."""
    if f.word_of_mouth.who == BUYERS:
        tellers = served
    else:  # whoever was aware before today, so that nobody passes on what was heard today
        tellers = np.empty(f.customers, np.int64)
        tellers = tellers[: find_aware(f, tellers)]
    chances = np.empty(tellers.size, np.float64)
    willing = keep_willing(f, tellers, chances)
    return tellers[:willing], chances[:willing]


@part
def find_aware(f: Frame, ids: NDArray[np.int64]) -> int:
    """Write who was aware before today; returns how many there are."""
    count = 0
    for i in range(f.customers):
        if knew_before(f.story.aware_on[i], f.day):
            ids[count] = i
            count += 1
    return count


@part
def keep_willing(f: Frame, tellers: NDArray[np.int64], chances: NDArray[np.float64]) -> int:
    """Keep who tells at all, and write the chance that each tells one acquaintance; returns how many there are."""
    count = 0
    for i in each_of(tellers, tellers.size, f.traits):
        chance = chance_of_teller(f, i)
        if chance > 0.0:
            tellers[count], chances[count] = i, chance
            count += 1
    return count


@part
def chance_of_teller(f: Frame, teller: int) -> float:
    """The chance that a teller tells one acquaintance today."""
    chance = f.word_of_mouth.tell
    if f.word_of_mouth.who == BUYERS:
        chance = willing_to_tell(f.product.quality, f.traits.fit[teller], f.word_of_mouth.tell)
    if f.koc.on or f.partners.on:
        chance *= times_as_often(f.roll.role[teller], f.koc, f.partners)
    return chance


@allocating
def tell_acquaintances(f: Frame, key: np.uint64, tellers: NDArray[np.int64], chances: NDArray[np.float64]) -> None:
    """Each teller tells each acquaintance or not, by a draw that belongs to the pair and the day."""
    by, told = drawn_pairs(f, key, tellers, chances)
    tell_pairs(f, tellers, by, told)


@part
def tell_pairs(f: Frame, tellers: NDArray[np.int64], by: NDArray[np.int64], told: NDArray[np.int64]) -> None:
    """Those drawn are told, in the order of their tellers."""
    for k, i in enumerate(each_of(told, told.size, f.mind, f.story)):
        teller = tellers[by[k]]
        hear(f, i, teller, 1.0)
        if k + 1 == told.size or by[k + 1] != by[k]:
            bind_teller(f, teller)


@allocating
def drawn_pairs(
    f: Frame, key: np.uint64, people: NDArray[np.int64], chances: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """To which acquaintances something passes from these people, each pair by a draw of its own.

    Returns the position in `people` and the acquaintance's number of each pair, in the order of `people` and ties.
    """
    ties = count_ties(f, people)
    by, to = np.empty(ties, np.int64), np.empty(ties, np.int64)
    return by, to[: draw_pairs(f, by, to, key, people, chances)]


@part
def count_ties(f: Frame, people: NDArray[np.int64]) -> int:
    """Acquaintances of these people, one by one."""
    ties = 0
    for i in each_of(people, people.size, f.indptr):
        ties += f.indptr[i + 1] - f.indptr[i]
    return ties


@part
def draw_pairs(
    f: Frame,
    by: NDArray[np.int64],
    to: NDArray[np.int64],
    key: np.uint64,
    people: NDArray[np.int64],
    chances: NDArray[np.float64],
) -> int:
    """Write the pairs (see `drawn_pairs`); returns how many there are."""
    n = 0
    for k, i in enumerate(each_of(people, people.size, f.indptr)):
        pair = pair_key(key, i)
        for tie in range(f.indptr[i], f.indptr[i + 1]):
            if uniform(pair, f.indices[tie]) < chances[k]:
                by[n], to[n] = k, f.indices[tie]
                n += 1
    return n


@part
def bind_teller(f: Frame, teller: int) -> None:
    """Who has told others trusts the brand more."""
    f.mind.trust[teller] = trust_of_teller(f.mind.trust[teller], f.word_of_mouth.teller_trust)


@allocating
def tell_anyone(f: Frame, key: np.uint64, tellers: NDArray[np.int64], chances: NDArray[np.float64]) -> None:
    """Where everybody meets everybody, each customer hears with the same hazard, from one of today's tellers."""
    if tellers.size == 0:
        return
    told_any, expected = np.zeros(tellers.size, np.int64), 0.0
    for k in range(tellers.size):
        expected += chances[k]
    chance = hears_from_anyone(expected, f.mean_ties, f.customers)
    mark_drawn(f, key, chance, 0, f.customers)
    listeners, who = listed(f.masks, LISTENERS), day_key(key, f.day, WHO)
    hear_from_any(f, key, chance, who, listeners, tellers, told_any, 1.0)
    bind_tellers(f, tellers, told_any)


@part
def bind_tellers(f: Frame, tellers: NDArray[np.int64], told_any: NDArray[np.int64]) -> None:
    """All who have told others trust the brand more."""
    for k in range(tellers.size):
        if told_any[k] == 1:
            bind_teller(f, tellers[k])


@part
def hear_from_any(
    f: Frame,
    key: np.uint64,
    chance: float,
    which: np.uint64,
    listeners: NDArray[np.int64],
    tellers: NDArray[np.int64],
    told_any: NDArray[np.int64],
    weight: float,
) -> None:
    """With the same chance each listener hears from one of the tellers, picked by `which`; `told_any` is written."""
    for i in each_of(listeners, listeners.size, f.mind, f.story):
        if uniform(key, i) < chance:
            k = below(which, i, tellers.size)
            if tellers[k] != i:
                hear(f, i, tellers[k], weight)
                told_any[k] = 1


@part
def mark_drawn(f: Frame, key: np.uint64, chance: float, first: int, last: int) -> None:
    """Mark those of customers first..last who are drawn to listen, and hardly more."""
    limit = threshold_above(chance)
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        draw(f.flags, key, lo, hi, limit)
        mask_flagged(f.masks, LISTENERS, f.flags, lo, hi)


@step
def find_speakers(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who may tell or invite others today, and who may hear of a KOL."""
    if f.word_of_mouth.on:
        mask_any(f.masks, SERVED, f.today.served, ANY, first, last)  # hooks forgot those of yesterday
        find_named(f, first, last)
        clear_mask(f.masks, LISTENERS, first, last)
        if f.kol.on:
            chance = chance_to_hear(f.most_stars, f.kol.reach_per_day, f.customers)
            mark_drawn(f, day_key(f.kol.key, f.day, REACH), chance, first, last)
    find_inviters(f, first, last)


@step
def reach_beyond_ties(f: Frame) -> None:
    """Each KOL is heard by so many people drawn from everybody; one hears from one KOL a day, audiences overlap."""
    if not (f.word_of_mouth.on and f.kol.on):
        return
    named = listed(f.masks, NAMED)
    stars = np.empty(named.size, np.int64)
    stars = stars[: find_stars(f, stars, named)]
    if stars.size > 0:
        chance = chance_to_hear(stars.size, f.kol.reach_per_day, f.customers)
        key, which = day_key(f.kol.key, f.day, REACH), day_key(f.kol.key, f.day, STAR)
        told_any = np.zeros(stars.size, np.int64)
        hear_from_any(f, key, chance, which, listed(f.masks, LISTENERS), stars, told_any, f.kol.weight)


@part
def hear(f: Frame, told: int, teller: int, weight: float) -> None:
    """One customer is told about the brand by another, whose word weighs so much (1 for an acquaintance's)."""
    touch(f, told, TOLD)
    impress(
        f,
        told,
        teller,
        weighed(f.word_of_mouth.salience, weight),
        weighed(f.word_of_mouth.acquaintance, weight),
        weighed(f.word_of_mouth.trust_passed, weight),
    )
    f.story.told_by[told] = teller
    f.story.told_on[told] = f.day
    f.tally[TOLD_ABOUT, 0] += 1


@part
def impress(f: Frame, told: int, teller: int, salience: float, acquaintance: float, trust_passed: float) -> None:
    """What an acquaintance says is remembered and trusted."""
    fade(f, told)
    f.mind.salience[told] = memory_after_word(f.mind.salience[told], salience)
    f.mind.acquaintance[told] = memory_after_word(f.mind.acquaintance[told], acquaintance)
    f.mind.trust[told] = trust_after(f.mind.trust[told], f.mind.trust[teller], trust_passed)


@part
def is_inviting(f: Frame, hook: Records) -> bool:
    """Whether members who read where this hook hangs invite today."""
    open_today = bool(hook.on) and invites_today(hook.invite, f.day, hook.from_day, hook.until_day)
    return open_today and bool(f.places[hook.at].on) and bool(f.places[hook.into].on)


@part
def find_inviters(f: Frame, first: int, last: int) -> None:
    """Mark those of customers first..last who invite any acquaintance today, or anyone where everybody meets everybody.

    Whom they invite is drawn again when they do, by the same draws.
    """
    clear_mask(f.masks, INVITERS, first, last)
    for row in range(f.hooks.size):
        hook = f.hooks[row]
        if is_inviting(f, hook):
            key, pool = day_key(hook.key, f.day, INVITE), f.places[hook.at].pool
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_readers(f, f.flags, pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                if f.mean_ties >= 0.0:
                    mark_all(f, n)
                else:
                    mark_inviters(f, key, hook.invite, n)


@part
def mark_all(f: Frame, n: int) -> None:
    """Mark the n first chosen."""
    for i in each_of(f.chosen, n):
        mask_one(f.masks, INVITERS, i)


@part
def mark_inviters(f: Frame, key: np.uint64, chance: float, n: int) -> None:
    """Mark those of the n first chosen who invite any acquaintance."""
    for i in each_of(f.chosen, n, f.indptr):
        pair, drawn = pair_key(key, i), 0
        for tie in range(f.indptr[i], f.indptr[i + 1]):
            drawn += int(uniform(pair, f.indices[tie]) < chance)
        if drawn > 0:
            mask_one(f.masks, INVITERS, i)


@step
def spread_invitations(f: Frame) -> None:
    """Members who read a post where an inviting hook hangs invite acquaintances, whom hooks ask tomorrow.

    Whoever joins reads and invites tomorrow at the earliest: one generation a day. Serial, as is all word of mouth.
    """
    inviters = listed(f.masks, INVITERS)
    for row in range(f.hooks.size):
        hook = f.hooks[row]
        if is_inviting(f, hook):
            readers = np.empty(inviters.size, np.int64)
            readers = readers[: keep_readers(f, readers, inviters, f.places[hook.at].pool)]
            if f.mean_ties >= 0.0:
                invite_anyone(f, row, hook, readers)
            else:
                invite_acquaintances(f, row, hook, readers)


@part
def keep_readers(f: Frame, readers: NDArray[np.int64], inviters: NDArray[np.int64], pool: int) -> int:
    """Write who of the inviters read a post in this pool; returns how many there are."""
    count = 0
    for k in range(inviters.size):
        readers[count] = inviters[k]
        count += int(f.member.read[pool, inviters[k]] > 0)
    return count


@allocating
def invite_acquaintances(f: Frame, row: int, hook: Records, inviters: NDArray[np.int64]) -> None:
    """Each inviter invites each acquaintance or not; the first invitation of a day counts."""
    key, pool = day_key(hook.key, f.day, INVITE), f.places[hook.into].pool
    chances = np.empty(inviters.size, np.float64)
    for k in range(inviters.size):
        chances[k] = hook.invite
    by, invited = drawn_pairs(f, key, inviters, chances)
    invite_pairs(f, row, hook, inviters, by, invited, pool)


@part
def invite_pairs(
    f: Frame,
    row: int,
    hook: Records,
    inviters: NDArray[np.int64],
    by: NDArray[np.int64],
    invited: NDArray[np.int64],
    pool: int,
) -> None:
    """Those drawn are invited, unless they were members ever or have an invitation of the day."""
    for k, i in enumerate(each_of(invited, invited.size, f.mind, f.story, f.today.invited)):
        if can_be_invited(f.member.status[pool, i], f.today.invited[i]):
            be_invited(f, i, inviters[by[k]], row, hook)


@part
def invite_anyone(f: Frame, row: int, hook: Records, inviters: NDArray[np.int64]) -> None:
    """Where everybody meets everybody, each customer is invited with the same hazard, by one of today's inviters."""
    customers, pool = f.customers, f.places[hook.into].pool
    chance = hears_from_anyone(inviters.size * hook.invite, f.mean_ties, customers)
    key, which = day_key(hook.key, f.day, INVITE), day_key(hook.key, f.day, INVITER)
    for i in range(customers if inviters.size > 0 else 0):
        invitable = can_be_invited(f.member.status[pool, i], f.today.invited[i])
        if uniform(key, i) < chance and invitable:
            inviter = inviters[below(which, i, inviters.size)]
            if inviter != i:
                be_invited(f, i, inviter, row, hook)


@part
def be_invited(f: Frame, i: int, inviter: int, row: int, hook: Records) -> None:
    """Customer i is invited by an acquaintance, which works on memory and trust as being told does."""
    touch(f, i, INVITED)
    impress(f, i, inviter, hook.invite_salience, hook.invite_acquaintance, hook.invite_trust)
    f.story.told_by[i] = inviter
    f.story.told_on[i] = f.day
    f.today.invited[i] = row + 1
    f.tally[INVITATIONS, row] += 1
