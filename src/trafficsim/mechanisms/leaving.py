"""Leaving: each post read is a hazard to quit its pool; it rises with fatigue and falls with the value of staying.

Where members may talk to each other, rivals may poach them too, the less the warmer the group.
"""

import math

import numpy as np

from trafficsim.blocks import BLOCK, Scratch, select
from trafficsim.columns import BACK, GONE, QUIT, Member, Mind, Roll, Sizes, Story, Traits, Units, own_unit
from trafficsim.compiled import add_shared, fetch_ahead, number_at, part, rule
from trafficsim.mechanisms.talking import belonging_of
from trafficsim.memory import closer, flag_readers, is_member
from trafficsim.places import POOL_KIND
from trafficsim.quantities import Parameters, Score, Strength, setting
from trafficsim.records import Records
from trafficsim.rng import chance_of_any, day_key, normal, uniform, word
from trafficsim.tally import LEFT, POACHED, Tally

QUITTING, RESERVATION, POACHING = 0, 1, 2


class Leaving(Parameters):
    """The hazard to quit, per post read."""

    per_belonging: Strength = setting("weight of belonging in the value of staying", default=2.0)
    poaching: Strength = setting(
        "hazard to be poached per post read in a talking group, at no belonging and no pull", default=0.0
    )
    poached_trust: Score = setting("share of trust in the brand lost by being poached", default=0.3)
    hazard: Strength = setting("hazard of a reader without fatigue, trust, perk or deal proneness", default=0.2)
    per_fatigue: Strength = setting("weight of fatigue in the log hazard", default=0.35)
    per_trust: Strength = setting("weight of trust in the value of staying", default=5.0)
    per_perk: Strength = setting("weight of perk x fit in the value of staying", default=2.0)
    per_deal: Strength = setting("weight of deal proneness in the log hazard", default=2.5)
    spread: Strength = setting(
        "spread of customers' own reservations (standard deviation in the log hazard)", default=0.7
    )


@rule
def hazard_to_quit(
    fatigue: float,
    trust: float,
    match: float,
    perk: float,
    belonging: float,
    deal_prone: float,
    reservation: float,
    p: Records,
) -> float:
    """The hazard to quit on reading a post.

    Args:
        fatigue: pushes felt as too many.
        trust, match, perk, belonging, deal_prone: 0 to 1; match is the customer's fit.
        reservation: the customer's own standard normal draw for this pool, the same every day. It makes retention rise
            with tenure, since those with the least reservation stay (Fader and Hardie 2007).
        p: weights.
    """
    value = p.per_trust * trust + p.per_perk * perk * match + p.per_belonging * belonging
    return p.hazard * math.exp(p.per_fatigue * fatigue - value + p.per_deal * deal_prone + p.spread * reservation)


@rule
def hazard_to_be_poached(belonging: float, pull: float, poaching: float) -> float:
    """The hazard that rivals of this pull (in logits) poach a reader who feels this much belonging, 0 to 1."""
    return poaching * math.exp(pull) * (1.0 - belonging)


@part
def leave(
    day: int, first: int, last: int, leaving: Records, rivals: Records, places: Records,
    traits: Traits, roll: Roll, mind: Mind, story: Story, member: Member, sizes: Sizes, units: Units,
    scratch: Scratch, tally: Tally,
) -> None:  # fmt: skip
    """Those of customers first..last who read a post in a pool today may quit it, or be poached there.

    Args:
        leaving, rivals, places: settings of the day's period.
        mind, story, member, sizes, tally: written.
    """
    if not leaving.on:
        return
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(leaving.key, p.key)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_readers(scratch.flags, int(p.pool), member, lo, hi)
                n = select(scratch.chosen, scratch.flags, lo, hi)
                for k in range(n):
                    fetch_ahead(scratch.chosen, k, n, mind)
                    fetch_ahead(scratch.chosen, k, n, traits)
                    consider(
                        number_at(scratch.chosen, k), day, place, key, leaving, rivals.pull, places,
                        traits, roll, mind, story, member, sizes, units, tally,
                    )  # fmt: skip


@part
def consider(
    i: int, day: int, place: int, key: np.uint64, leaving: Records, pull: float, places: Records,
    traits: Traits, roll: Roll, mind: Mind, story: Story, member: Member, sizes: Sizes, units: Units, tally: Tally,
) -> None:  # fmt: skip
    """Customer i, who read here today, quits, is poached, or stays: once a day, by the hazard of all posts read."""
    p = places[place]
    belonging = belonging_of(i, p, member, units)
    hazard = hazard_to_quit(
        np.float64(roll.fatigue[i]),
        np.float64(mind.trust[i]),
        np.float64(traits.fit[i]),
        p.perk,
        belonging,
        np.float64(traits.deal_prone[i]),
        normal(word(key, RESERVATION), i),
        leaving,
    )
    posts = float(member.read[int(p.pool), i])
    if uniform(day_key(key, day, QUITTING), i) < chance_of_any(posts * hazard):
        depart(i, place, places, story, member, sizes, tally)
    elif p.members_talk:
        poached = chance_of_any(posts * hazard_to_be_poached(belonging, pull, leaving.poaching))
        if uniform(day_key(key, day, POACHING), i) < poached:
            depart(i, place, places, story, member, sizes, tally)
            mind.trust[i] = closer(np.float64(mind.trust[i]), 0.0, leaving.poached_trust)
            tally[POACHED, place] += 1


@part
def depart(i: int, place: int, places: Records, story: Story, member: Member, sizes: Sizes, tally: Tally) -> None:
    """Customer i quits this pool; whoever was won back before quits for good."""
    pool = int(places[place].pool)
    add_shared(sizes, pool, own_unit(int(member.unit[pool, i]), sizes.shape[1]), -1)
    member.status[pool, i] = GONE if member.status[pool, i] == BACK else QUIT
    story.place[i] = np.uint8(newest_pool(i, places, member) + 1)
    tally[LEFT, place] += 1


@part
def newest_pool(i: int, places: Records, member: Member) -> int:
    """The place code of the pool that customer i joined last and still holds; -1 if there is none."""
    newest, since = -1, 0
    for place in range(places.size):
        if places[place].kind == POOL_KIND:
            pool = int(places[place].pool)
            joined = int(member.joined_on[pool, i])
            if is_member(i, pool, member) and (newest < 0 or joined > since):
                newest, since = place, joined
    return newest
