"""Leaving: a reader quits a pool with a hazard that rises with fatigue and falls with the value of staying."""

import math

import numpy as np

from trafficsim.blocks import BLOCK, select
from trafficsim.columns import NEVER, U1, Member, Mind, Story, Today, Traits
from trafficsim.compiled import part, rule
from trafficsim.mechanism import Records
from trafficsim.places import POOL_KIND
from trafficsim.quantities import Days, Money, Parameters, Strength, Weight, setting
from trafficsim.rng import chance_of_any, day_key, normal, uniform, word
from trafficsim.tally import LEFT, Tally

QUIT, RESERVATION = 0, 1


class WinBack(Parameters):
    """Asking those who left once more."""

    after_days: Days = setting("mean days from leaving to being asked")
    worth: Money = setting("what it is worth to the customer", default=0.0)
    cost: Money = setting("what asking costs the brand, whatever the answer", default=0.0)
    intercept: Weight = setting("appeal of coming back", default=-3.2)
    per_trust: Weight = setting("appeal per unit of trust", default=2.5)
    per_worth: Weight = setting("appeal of worth far above the price, per unit of deal proneness", default=2.0)
    worth_half: Strength = setting("worth, as a share of the price, with half of that appeal", default=0.2)


class Leaving(Parameters):
    """The hazard to quit, per post read."""

    win_back: WinBack | None = setting("asking those who left once more; nobody is asked unless given", default=None)
    per_belonging: Strength = setting("weight of belonging in the value of staying", default=2.0)
    poaching: Strength = setting(
        "hazard to be poached per post read in a talking group, at no belonging and no pull", default=0.0
    )

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
    fatigue: float, trust: float, match: float, perk: float, deal_prone: float, reservation: float, p: Records
) -> float:
    """The hazard to quit on reading a post.

    Args:
        fatigue: pushes felt as too many.
        trust, match, perk, deal_prone: 0 to 1; match is the customer's fit.
        reservation: the customer's own standard normal draw for this pool, the same every day. It makes retention rise
            with tenure, since those with the least reservation stay (Fader and Hardie 2007).
        p: weights.
    """
    value = p.per_trust * trust + p.per_perk * perk * match
    return p.hazard * math.exp(p.per_fatigue * fatigue - value + p.per_deal * deal_prone + p.spread * reservation)


@part
def leave(
    day: int, first: int, last: int, leaving: Records, places: Records,
    traits: Traits, mind: Mind, story: Story, member: Member, today: Today, tally: Tally,
) -> None:  # fmt: skip
    """Those of customers first..last who read a post in a pool today may quit it.

    Args:
        leaving, places: settings of the day's period.
        story, member, tally: written.
    """
    if not leaving.on:
        return
    flags, chosen = np.empty(BLOCK, np.uint8), np.empty(BLOCK, np.int64)
    for place in range(places.size):
        p = places[place]
        if p.on and p.kind == POOL_KIND:
            key = word(leaving.key, p.key)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                read_here(flags[: hi - lo], today.read[lo:hi], int(p.pool))
                n = select(chosen, flags[: hi - lo])
                for k in range(n):
                    consider(lo + chosen[k], day, place, key, leaving, places, traits, mind, story, member, tally)


@part
def read_here(flags: U1, read: U1, pool: int) -> None:
    """Flag those who read a post in this pool today, both of shape `(block,)`."""
    for j in range(flags.size):
        flags[j] = (read[j] >> np.uint8(pool)) & np.uint8(1)


@part
def consider(
    i: int, day: int, place: int, key: np.uint64, leaving: Records, places: Records,
    traits: Traits, mind: Mind, story: Story, member: Member, tally: Tally,
) -> None:  # fmt: skip
    """Customer i, who read a post here today, quits or stays."""
    p = places[place]
    pool = int(p.pool)
    hazard = hazard_to_quit(
        float(mind.fatigue[i]),
        float(mind.trust[i]),
        float(traits.fit[i]),
        p.perk,
        float(traits.deal_prone[i]),
        normal(word(key, RESERVATION), i),
        leaving,
    )
    if uniform(day_key(key, day, QUIT), i) < chance_of_any(hazard):
        member.left[pool, i] = 1
        story.place[i] = np.uint8(newest_pool(i, places, member) + 1)
        tally[LEFT, place] += 1


@part
def newest_pool(i: int, places: Records, member: Member) -> int:
    """The place code of the pool that customer i joined last and still holds, -1 if there is none."""
    newest, since = -1, NEVER
    for place in range(places.size):
        if places[place].kind == POOL_KIND:
            pool = int(places[place].pool)
            joined = int(member.joined_on[pool, i])
            if joined != NEVER and not member.left[pool, i] and (newest < 0 or joined > since):
                newest, since = place, joined
    return newest
