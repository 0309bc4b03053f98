"""Leaving: each post read is a hazard to quit its pool; it rises with fatigue and falls with the value of staying.

Where members may talk to each other, rivals may poach them too, the less the warmer the group.
"""

import math

import numpy as np

from trafficsim.books.counters import LEFT, POACHED
from trafficsim.compiled import part, rule
from trafficsim.kernel.barrier import add_shared
from trafficsim.kernel.blocks import BLOCK, select
from trafficsim.kernel.columns import BACK, GONE, QUIT, own_unit
from trafficsim.kernel.draws import POACHING, QUITTING, RESERVATION
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import chance_of_any, day_key, normal, uniform, word
from trafficsim.market.places import POOL_KIND
from trafficsim.market.quantities import Parameters, Score, Strength, setting
from trafficsim.mechanisms.shared.memory import closer, flag_readers, is_member
from trafficsim.mechanisms.talking import belonging_of


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


@rule
def leaves(u: float, posts: float, hazard: float) -> bool:
    """Whether a reader of so many posts today leaves the pool, at this hazard for each."""
    return u < chance_of_any(posts * hazard)


@rule
def trust_after_poaching(trust: float, lost: float) -> float:
    """Trust in the brand of someone whom a rival won over: a share of it is lost."""
    return closer(trust, 0.0, lost)


@rule
def status_after_leaving(status: int) -> int:
    """What someone who leaves a pool is to it: whoever was won back before is gone for good, others may be asked."""
    return GONE if status == BACK else QUIT


@rule
def is_newer(joined: int, since: int, newest: int) -> bool:
    """Whether a pool was joined later than the newest known (-1 for none), which was joined on day `since`.

    Of pools joined on the same day the first is the newest; days before the start are below 0.
    """
    return newest < 0 or joined > since


@step
def leave(f: Frame, first: int, last: int) -> None:
    """Those of customers first..last who read a post in a pool today may quit it, or be poached there."""
    if not f.leaving.on:
        return
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(f.leaving.key, p.key)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_readers(f, f.flags, p.pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.mind, f.traits):
                    consider(f, i, place, key, f.rivals.pull)


@part
def consider(f: Frame, i: int, place: int, key: np.uint64, pull: float) -> None:
    """Customer i, who read here today, quits, is poached, or stays: once a day, by the hazard of all posts read."""
    p = f.places[place]
    belonging = belonging_of(f, i, p)
    hazard = hazard_to_quit(
        f.roll.fatigue[i],
        f.mind.trust[i],
        f.traits.fit[i],
        p.perk,
        belonging,
        f.traits.deal_prone[i],
        normal(word(key, RESERVATION), i),
        f.leaving,
    )
    posts = f.member.read[p.pool, i]
    if leaves(uniform(day_key(key, f.day, QUITTING), i), posts, hazard):
        depart(f, i, place)
    elif p.members_talk:
        hazard = hazard_to_be_poached(belonging, pull, f.leaving.poaching)
        if leaves(uniform(day_key(key, f.day, POACHING), i), posts, hazard):
            depart(f, i, place)
            f.mind.trust[i] = trust_after_poaching(f.mind.trust[i], f.leaving.poached_trust)
            f.tally[POACHED, place] += 1


@part
def depart(f: Frame, i: int, place: int) -> None:
    """Customer i quits this pool; whoever was won back before quits for good."""
    pool = f.places[place].pool
    add_shared(f.sizes, pool, own_unit(f.member.unit[pool, i], f.sizes.shape[1]), -1)
    f.member.status[pool, i] = status_after_leaving(f.member.status[pool, i])
    f.story.place[i] = newest_pool(f, i) + 1
    f.tally[LEFT, place] += 1


@part
def newest_pool(f: Frame, i: int) -> int:
    """The place code of the pool that customer i joined last and still holds; -1 if there is none."""
    newest, since = -1, 0
    for place in range(f.places.size):
        if f.places[place].kind == POOL_KIND:
            pool = f.places[place].pool
            joined = f.member.joined_on[pool, i]
            if is_member(f, i, pool) and is_newer(joined, since, newest):
                newest, since = place, joined
    return newest
