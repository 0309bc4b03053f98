"""Word of mouth: satisfied buyers (or everybody who is aware) tell acquaintances, and members invite them."""

import math
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from trafficsim.blocks import (
    ANY,
    BLOCK,
    INVITERS,
    LISTENERS,
    NAMED,
    SERVED,
    Marks,
    Scratch,
    add_mark,
    clear_marks,
    draw,
    listed,
    mark_any,
    mark_flagged,
    select,
)
from trafficsim.columns import NEVER, OUTSIDE, Bought, Member, Mind, Roll, Story, Today, Traits
from trafficsim.compiled import AHEAD, allocating, fetch, fetch_ahead, number_at, part, rule
from trafficsim.memory import INVITED, TOLD, closer, experienced, fade, flag_readers, touch
from trafficsim.quantities import Count, Days, Money, Parameters, Probability, Score, Share, Strength, setting
from trafficsim.records import Records, running
from trafficsim.rng import below, chance_of_any, day_key, pair_key, threshold, uniform
from trafficsim.roles import assign_roles, find_named, times_as_often
from trafficsim.tally import INVITED as INVITATIONS
from trafficsim.tally import TOLD_ABOUT, Tally

TELL, WHO = 0, 1
REACH, STAR = 2, 3
INVITE, INVITER = 1, 2
"""Draws of a hook, which has draws of its own: see `hooks.TASTE`."""
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
    tell: Probability = setting("chance per day and acquaintance that a fully satisfied teller tells", default=0.15)
    salience: Score = setting("share of the gap to full salience closed by being told", default=0.5)
    acquaintance: Score = setting("share of the gap to full acquaintance closed by being told", default=0.3)
    trust_passed: Score = setting("share of the gap up to the teller's trust closed by being told", default=0.5)
    teller_trust: Score = setting(
        "share of the gap to full trust closed in the teller, on a day of telling", default=0.35
    )


@rule
def chance_to_tell(satisfaction: float, tell: float) -> float:
    """The chance that a buyer tells one acquaintance today: only what was better than middling is talked about."""
    return tell * 2.0 * max(satisfaction - 0.5, 0.0)


@rule
def trust_after(told: float, teller: float, passed: float) -> float:
    """Trust of someone who was told: drawn up toward the teller's, never above it, never down."""
    return told + passed * max(teller - told, 0.0)


@allocating
def spread_word(
    day: int, changed: int, talk: Records, koc: Records, kol: Records, partners: Records, product: Records,
    memory: Records, mean_ties: float, indptr: NDArray[np.int32], indices: NDArray[np.int32], traits: Traits,
    roll: Roll, mind: Mind, story: Story, bought: Bought, marks: Marks, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Today's tellers tell acquaintances. One serial step, since several may tell the same person.

    Args:
        changed: 1 if other settings were in force yesterday, else 0.
        talk, koc, kol, partners, product, memory: settings of the day's period.
        mean_ties: acquaintances of each customer where everybody meets everybody, NaN where ties are drawn.
        indptr, indices: ties, shapes `(customers + 1,)` and `(2 x ties,)`.
        marks: by `find_speakers`.
        roll, mind, story, tally: written.
    """
    if not talk.on:
        return
    served, listeners = listed(marks, SERVED), listed(marks, LISTENERS)
    stars = assign_roles(day, changed, served, listed(marks, NAMED), koc, kol, partners, roll, bought, tally)
    tellers, chances = find_tellers(day, served, talk, koc, partners, product, traits, roll, story)
    key = day_key(talk.key, day, TELL)
    if mean_ties >= 0.0:
        tell_anyone(day, key, tellers, chances, mean_ties, talk, memory, mind, story, marks, scratch, tally)
    else:
        tell_acquaintances(day, key, tellers, chances, talk, memory, indptr, indices, mind, story, tally)
    if kol.on:
        reach_beyond_ties(day, stars, listeners, talk, kol, memory, mind, story, tally)


@allocating
def find_tellers(
    day: int, served: NDArray[np.int64], talk: Records, koc: Records, partners: Records, product: Records,
    traits: Traits, roll: Roll, story: Story,
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:  # fmt: skip
    """Who tells today, in the order of their numbers, and with what chance each acquaintance."""
    if talk.who == BUYERS:
        tellers = served
    else:  # whoever was aware before today, so that nobody passes on what was heard today
        tellers = np.empty(story.aware_on.size, np.int64)
        tellers = tellers[: find_aware(tellers, day, story)]
    chances = np.empty(tellers.size, np.float64)
    willing = keep_willing(tellers, chances, talk, koc, partners, product, traits, roll)
    return tellers[:willing], chances[:willing]


@part
def find_aware(ids: NDArray[np.int64], day: int, story: Story) -> int:
    """Write who was aware before today; returns how many there are."""
    count = 0
    for i in range(story.aware_on.size):
        if story.aware_on[i] != NEVER and story.aware_on[i] < day:
            ids[count] = i
            count += 1
    return count


@part
def keep_willing(
    tellers: NDArray[np.int64], chances: NDArray[np.float64], talk: Records, koc: Records, partners: Records,
    product: Records, traits: Traits, roll: Roll,
) -> int:  # fmt: skip
    """Keep who tells at all, and write the chance that each tells one acquaintance; returns how many there are."""
    count = 0
    for k in range(tellers.size):
        fetch_ahead(tellers, k, tellers.size, traits)
        chance = chance_of_teller(tellers[k], talk, koc, partners, product, traits, roll)
        if chance > 0.0:
            tellers[count], chances[count] = tellers[k], chance
            count += 1
    return count


@part
def chance_of_teller(
    teller: int, talk: Records, koc: Records, partners: Records, product: Records, traits: Traits, roll: Roll
) -> float:
    """The chance that a teller tells one acquaintance today."""
    chance = talk.tell
    if talk.who == BUYERS:
        chance = chance_to_tell(experienced(product.quality, np.float64(traits.fit[teller])), talk.tell)
    if koc.on or partners.on:
        chance *= times_as_often(int(roll.role[teller]), koc, partners)
    return chance


@allocating
def tell_acquaintances(
    day: int, key: np.uint64, tellers: NDArray[np.int64], chances: NDArray[np.float64], talk: Records, memory: Records,
    indptr: NDArray[np.int32], indices: NDArray[np.int32], mind: Mind, story: Story, tally: Tally,
) -> None:  # fmt: skip
    """Each teller tells each acquaintance or not, by a draw that belongs to the pair and the day."""
    by, told = drawn_pairs(key, tellers, chances, indptr, indices)
    tell_pairs(day, tellers, by, told, talk, memory, mind, story, tally)


@part
def tell_pairs(
    day: int, tellers: NDArray[np.int64], by: NDArray[np.int64], told: NDArray[np.int64], talk: Records,
    memory: Records, mind: Mind, story: Story, tally: Tally,
) -> None:  # fmt: skip
    """Those drawn are told, in the order of their tellers."""
    for k in range(told.size):
        fetch_ahead(told, k, told.size, mind)
        fetch_ahead(told, k, told.size, story)
        teller = tellers[by[k]]
        hear(told[k], teller, day, 1.0, talk, memory, mind, story, tally)
        if k + 1 == told.size or by[k + 1] != by[k]:
            bind_teller(teller, talk, mind)


@allocating
def drawn_pairs(
    key: np.uint64, people: NDArray[np.int64], chances: NDArray[np.float64], indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """To which acquaintances something passes from these people, each pair by a draw of its own.

    Returns the position in `people` and the acquaintance's number of each pair, in the order of `people` and ties.
    """
    ties = count_ties(people, indptr)
    by, to = np.empty(ties, np.int64), np.empty(ties, np.int64)
    return by, to[: draw_pairs(by, to, key, people, chances, indptr, indices)]


@part
def count_ties(people: NDArray[np.int64], indptr: NDArray[np.int32]) -> int:
    """Acquaintances of these people, one by one."""
    ties = 0
    for k in range(people.size):
        fetch_ahead(people, k, people.size, indptr)
        ties += indptr[people[k] + 1] - indptr[people[k]]
    return ties


@part
def draw_pairs(
    by: NDArray[np.int64], to: NDArray[np.int64], key: np.uint64, people: NDArray[np.int64],
    chances: NDArray[np.float64], indptr: NDArray[np.int32], indices: NDArray[np.int32],
) -> int:  # fmt: skip
    """Write the pairs (see `drawn_pairs`); returns how many there are."""
    n = 0
    for k in range(people.size):
        fetch_ties(people, k, people.size, indptr, indices)
        pair = pair_key(key, people[k])
        for tie in range(indptr[people[k]], indptr[people[k] + 1]):
            if uniform(pair, indices[tie]) < chances[k]:
                by[n], to[n] = k, indices[tie]
                n += 1
    return n


@part
def fetch_ties(
    people: NDArray[np.int64], k: int, n: int, indptr: NDArray[np.int32], indices: NDArray[np.int32]
) -> None:
    """At the k-th of the n first people, bring the first and last tie of one who comes soon near."""
    fetch_ahead(people, k, n, indptr)
    soon = min(2 * k, k + AHEAD)
    if soon < n:
        fetch_ends(people[soon], indptr, indices)
    if k < AHEAD and soon + 1 < n:
        fetch_ends(people[soon + 1], indptr, indices)


@part
def fetch_ends(i: int, indptr: NDArray[np.int32], indices: NDArray[np.int32]) -> None:
    """Bring the first and last tie of customer i near."""
    fetch(indices, indptr[i])
    fetch(indices, indptr[i + 1] - 1)


@part
def bind_teller(teller: int, talk: Records, mind: Mind) -> None:
    """Who has told others trusts the brand more."""
    mind.trust[teller] = closer(np.float64(mind.trust[teller]), 1.0, talk.teller_trust)


@allocating
def tell_anyone(
    day: int, key: np.uint64, tellers: NDArray[np.int64], chances: NDArray[np.float64], mean_ties: float, talk: Records,
    memory: Records, mind: Mind, story: Story, marks: Marks, scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Where everybody meets everybody, each customer hears with the same hazard, from one of today's tellers."""
    if tellers.size == 0:
        return
    told_any, expected = np.zeros(tellers.size, np.int64), 0.0
    for k in range(tellers.size):
        expected += chances[k]
    chance = chance_of_any(expected * mean_ties / mind.trust.size)
    mark_drawn(key, chance, 0, mind.trust.size, marks, scratch)
    listeners, who = listed(marks, LISTENERS), day_key(key, day, WHO)
    hear_from_any(day, key, chance, who, listeners, tellers, told_any, 1.0, talk, memory, mind, story, tally)
    bind_tellers(tellers, told_any, talk, mind)


@part
def bind_tellers(tellers: NDArray[np.int64], told_any: NDArray[np.int64], talk: Records, mind: Mind) -> None:
    """All who have told others trust the brand more."""
    for k in range(tellers.size):
        if told_any[k] == 1:
            bind_teller(tellers[k], talk, mind)


@part
def hear_from_any(
    day: int, key: np.uint64, chance: float, which: np.uint64, listeners: NDArray[np.int64], tellers: NDArray[np.int64],
    told_any: NDArray[np.int64], weight: float, talk: Records, memory: Records, mind: Mind, story: Story, tally: Tally,
) -> None:  # fmt: skip
    """With the same chance each listener hears from one of the tellers, picked by `which`; `told_any` is written."""
    for j in range(listeners.size):
        fetch_ahead(listeners, j, listeners.size, mind)
        fetch_ahead(listeners, j, listeners.size, story)
        i = number_at(listeners, j)
        if uniform(key, i) < chance:
            k = below(which, i, tellers.size)
            if tellers[k] != i:
                hear(i, tellers[k], day, weight, talk, memory, mind, story, tally)
                told_any[k] = 1


@part
def mark_drawn(key: np.uint64, chance: float, first: int, last: int, marks: Marks, scratch: Scratch) -> None:
    """Mark those of customers first..last who are drawn to listen, and hardly more."""
    limit = threshold(chance) + np.uint64(1)
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        draw(scratch.flags, key, lo, hi, limit)
        mark_flagged(marks, LISTENERS, scratch.flags, lo, hi)


@rule
def chance_to_hear(stars: float, reach_per_day: float, customers: float) -> float:
    """The chance to hear of any of so many KOL on a day; audiences overlap by chance."""
    return 1.0 - math.pow(1.0 - min(reach_per_day / customers, 1.0), stars)


@part
def find_speakers(
    day: int, first: int, last: int, talk: Records, koc: Records, kol: Records, most_stars: float, hooks: Records,
    places: Records, mean_ties: float, indptr: NDArray[np.int32], indices: NDArray[np.int32], roll: Roll,
    bought: Bought, member: Member, today: Today, marks: Marks, scratch: Scratch,
) -> None:  # fmt: skip
    """Mark those of customers first..last who may tell or invite others today, and who may hear of a KOL.

    Args:
        talk, koc, kol, hooks, places: settings of the day's period.
        most_stars: KOL that there may be.
        mean_ties, indptr, indices: ties, as in `spread_word`.
        marks: written.
    """
    if talk.on:
        mark_any(marks, SERVED, today.served, ANY, first, last)  # hooks forgot those of yesterday
        find_named(day, first, last, koc, kol, roll, bought, marks)
        clear_marks(marks, LISTENERS, first, last)
        if kol.on:
            chance = chance_to_hear(most_stars, kol.reach_per_day, today.served.size)
            mark_drawn(day_key(kol.key, day, REACH), chance, first, last, marks, scratch)
    find_inviters(day, first, last, hooks, places, mean_ties, indptr, indices, member, marks, scratch)


@allocating
def reach_beyond_ties(
    day: int, stars: NDArray[np.int64], listeners: NDArray[np.int64], talk: Records, kol: Records, memory: Records,
    mind: Mind, story: Story, tally: Tally,
) -> None:  # fmt: skip
    """Each KOL is heard by so many people drawn from everybody; one hears from one KOL a day, audiences overlap."""
    if stars.size > 0:
        chance = chance_to_hear(stars.size, kol.reach_per_day, mind.trust.size)
        key, which = day_key(kol.key, day, REACH), day_key(kol.key, day, STAR)
        told_any = np.zeros(stars.size, np.int64)
        hear_from_any(
            day, key, chance, which, listeners, stars, told_any, kol.weight, talk, memory, mind, story, tally
        )  # fmt: skip


@part
def hear(
    told: int, teller: int, day: int, weight: float, talk: Records, memory: Records, mind: Mind, story: Story,
    tally: Tally,
) -> None:  # fmt: skip
    """One customer is told about the brand by another, whose word weighs so much (1 for an acquaintance's)."""
    touch(story, told, day, TOLD, tally)
    impress(
        told, teller, day, weight * talk.salience, weight * talk.acquaintance, weight * talk.trust_passed, memory, mind
    )  # fmt: skip
    story.told_by[told] = np.int32(teller)
    story.told_on[told] = np.int16(day)
    tally[TOLD_ABOUT, 0] += 1


@part
def impress(
    told: int, teller: int, day: int, salience: float, acquaintance: float, trust_passed: float,
    memory: Records, mind: Mind,
) -> None:  # fmt: skip
    """What an acquaintance says is remembered and trusted."""
    fade(mind, told, day, memory)
    mind.salience[told] = closer(np.float64(mind.salience[told]), 1.0, salience)
    mind.acquaintance[told] = closer(np.float64(mind.acquaintance[told]), 1.0, acquaintance)
    mind.trust[told] = trust_after(np.float64(mind.trust[told]), np.float64(mind.trust[teller]), trust_passed)


@part
def is_inviting(day: int, hook: Records, places: Records) -> bool:
    """Whether members who read where this hook hangs invite today."""
    open_today = bool(hook.on) and hook.invite > 0.0 and running(day, hook.from_day, hook.until_day)
    return open_today and bool(places[hook.at].on) and bool(places[hook.into].on)


@part
def find_inviters(
    day: int, first: int, last: int, hooks: Records, places: Records, mean_ties: float, indptr: NDArray[np.int32],
    indices: NDArray[np.int32], member: Member, marks: Marks, scratch: Scratch,
) -> None:  # fmt: skip
    """Mark those of customers first..last who invite any acquaintance today, or anyone where everybody meets everybody.

    Whom they invite is drawn again when they do, by the same draws.
    """
    clear_marks(marks, INVITERS, first, last)
    for row in range(hooks.size):
        hook = hooks[row]
        if is_inviting(day, hook, places):
            key, pool = day_key(hook.key, day, INVITE), int(places[hook.at].pool)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_readers(scratch.flags, pool, member, lo, hi)
                n = select(scratch.chosen, scratch.flags, lo, hi)
                if mean_ties >= 0.0:
                    mark_all(n, marks, scratch)
                else:
                    mark_inviters(key, hook.invite, n, indptr, indices, marks, scratch)


@part
def mark_all(n: int, marks: Marks, scratch: Scratch) -> None:
    """Mark the n first chosen."""
    for k in range(n):
        add_mark(marks, INVITERS, number_at(scratch.chosen, k))


@part
def mark_inviters(
    key: np.uint64, chance: float, n: int, indptr: NDArray[np.int32], indices: NDArray[np.int32], marks: Marks,
    scratch: Scratch,
) -> None:  # fmt: skip
    """Mark those of the n first chosen who invite any acquaintance."""
    for k in range(n):
        fetch_ties(scratch.chosen, k, n, indptr, indices)
        i = number_at(scratch.chosen, k)
        pair, drawn = pair_key(key, i), 0
        for tie in range(indptr[i], indptr[i + 1]):
            drawn += int(uniform(pair, indices[tie]) < chance)
        if drawn > 0:
            add_mark(marks, INVITERS, i)


@allocating
def spread_invitations(
    day: int, hooks: Records, places: Records, memory: Records, mean_ties: float,
    indptr: NDArray[np.int32], indices: NDArray[np.int32],
    mind: Mind, story: Story, member: Member, today: Today, marks: Marks, tally: Tally,
) -> None:  # fmt: skip
    """Members who read a post where an inviting hook hangs invite acquaintances, whom hooks ask tomorrow.

    Whoever joins reads and invites tomorrow at the earliest: one generation a day. Serial, as is all word of mouth.

    Args:
        hooks, places, memory: settings of the day's period.
        mean_ties, indptr, indices: ties, as in `spread_word`.
        marks: by `find_speakers`.
        mind, story, today, tally: written.
    """
    inviters = listed(marks, INVITERS)
    for row in range(hooks.size):
        hook = hooks[row]
        if is_inviting(day, hook, places):
            readers = np.empty(inviters.size, np.int64)
            readers = readers[: keep_readers(readers, inviters, int(places[hook.at].pool), member)]
            if mean_ties >= 0.0:
                invite_anyone(day, row, hook, readers, places, mean_ties, memory, mind, story, member, today, tally)
            else:
                invite_acquaintances(
                    day, row, hook, readers, places, memory, indptr, indices, mind, story, member, today, tally
                )  # fmt: skip


@part
def keep_readers(readers: NDArray[np.int64], inviters: NDArray[np.int64], pool: int, member: Member) -> int:
    """Write who of the inviters read a post in this pool; returns how many there are."""
    count = 0
    for k in range(inviters.size):
        readers[count] = inviters[k]
        count += int(member.read[pool, inviters[k]] > 0)
    return count


@allocating
def invite_acquaintances(
    day: int, row: int, hook: Records, inviters: NDArray[np.int64], places: Records, memory: Records,
    indptr: NDArray[np.int32], indices: NDArray[np.int32], mind: Mind, story: Story, member: Member, today: Today,
    tally: Tally,
) -> None:  # fmt: skip
    """Each inviter invites each acquaintance or not; the first invitation of a day counts."""
    key, pool = day_key(hook.key, day, INVITE), int(places[hook.into].pool)
    chances = np.empty(inviters.size, np.float64)
    for k in range(inviters.size):
        chances[k] = hook.invite
    by, invited = drawn_pairs(key, inviters, chances, indptr, indices)
    invite_pairs(day, row, hook, inviters, by, invited, pool, memory, mind, story, member, today, tally)


@part
def invite_pairs(
    day: int, row: int, hook: Records, inviters: NDArray[np.int64], by: NDArray[np.int64],
    invited: NDArray[np.int64], pool: int, memory: Records, mind: Mind, story: Story, member: Member, today: Today,
    tally: Tally,
) -> None:  # fmt: skip
    """Those drawn are invited, unless they were members ever or have an invitation of the day."""
    for k in range(invited.size):
        fetch_ahead(invited, k, invited.size, mind)
        fetch_ahead(invited, k, invited.size, story)
        fetch_ahead(invited, k, invited.size, today.invited)
        i = number_at(invited, k)
        if member.status[pool, i] == OUTSIDE and today.invited[i] == 0:
            be_invited(i, inviters[by[k]], day, row, hook, memory, mind, story, today, tally)


@part
def invite_anyone(
    day: int, row: int, hook: Records, inviters: NDArray[np.int64], places: Records, mean_ties: float,
    memory: Records, mind: Mind, story: Story, member: Member, today: Today, tally: Tally,
) -> None:  # fmt: skip
    """Where everybody meets everybody, each customer is invited with the same hazard, by one of today's inviters."""
    customers, pool = mind.trust.size, int(places[hook.into].pool)
    chance = chance_of_any(inviters.size * hook.invite * mean_ties / customers)
    key, which = day_key(hook.key, day, INVITE), day_key(hook.key, day, INVITER)
    for i in range(customers if inviters.size > 0 else 0):
        if uniform(key, i) < chance and member.status[pool, i] == OUTSIDE and today.invited[i] == 0:
            inviter = inviters[below(which, i, inviters.size)]
            if inviter != i:
                be_invited(i, inviter, day, row, hook, memory, mind, story, today, tally)


@part
def be_invited(
    i: int, inviter: int, day: int, row: int, hook: Records, memory: Records,
    mind: Mind, story: Story, today: Today, tally: Tally,
) -> None:  # fmt: skip
    """Customer i is invited by an acquaintance, which works on memory and trust as being told does."""
    touch(story, i, day, INVITED, tally)
    impress(
        i, inviter, day, hook.invite_salience, hook.invite_acquaintance, hook.invite_trust, memory, mind
    )  # fmt: skip
    story.told_by[i] = np.int32(inviter)
    story.told_on[i] = np.int16(day)
    today.invited[i] = np.uint8(row + 1)
    tally[INVITATIONS, row] += 1
