"""Hooks: whoever meets the brand where a hook hangs is asked to join a pool for a stated reason."""

import math
from typing import Literal

from trafficsim.books.counters import ASKED
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, clear, select
from trafficsim.kernel.columns import OUTSIDE, U1
from trafficsim.kernel.draws import HEED, TASTE
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records, running
from trafficsim.kernel.rng import day_key, uniform, word
from trafficsim.market.places import POOL_KIND, STORE_KIND
from trafficsim.market.quantities import (
    AudienceName,
    Day,
    Money,
    Parameters,
    Phrase,
    PlaceName,
    PoolName,
    Probability,
    Score,
    Share,
    Slider,
    Strength,
    Weight,
    setting,
)
from trafficsim.mechanisms.shared.audiences import belongs_to
from trafficsim.mechanisms.shared.memory import flag_met_too, forget_met, was_met

Gift = Literal["coupon", "know_how", "gift", "service", "cash"]
COUPON, KNOW_HOW, GIFT, SERVICE, CASH = range(5)
"""Codes of what a hook gives, which decides whom it draws (see `drawn`) and how many leave with it (see `leaving`)."""


class Hook(Parameters):
    """One hook: where it hangs, into which pool it leads, what it gives and what that costs."""

    at: PlaceName = setting("the place where customers meet it", fixed=True)
    into: PoolName = setting("the pool that it leads into", fixed=True)
    to: AudienceName | None = setting(
        "who is asked, be it where it hangs or by a member who invites; everybody unless given",
        default=None,
        phrase=Phrase("only “{value}” are asked", "只邀请“{value}”"),
    )
    gives: Gift = setting("what kind of thing it gives")
    worth: Money = setting(
        "what it is worth to the customer", default=0.0, slider=Slider("worth of the hook", "钩子价值", first=True)
    )
    cost: Money = setting(
        "what it costs the brand when somebody joins",
        default=0.0,
        slider=Slider("cost of the hook", "钩子成本"),
        phrase=Phrase("at a cost of {value} each", "每份成本 {value}"),
    )
    reason: Literal["clear", "vague"] = setting("whether the reason to join is stated clearly", default="clear")
    strength: Weight = setting("appeal beyond worth, trust and fit", default=0.5)
    invite: Probability = setting(
        "chance that a member who reads a post in the pool `at` invites an acquaintance that day, for each", default=0.0
    )
    invite_salience: Score = setting("share of the gap to full salience closed by being invited", default=0.5)
    invite_acquaintance: Score = setting("share of the gap to full acquaintance closed by being invited", default=0.3)
    invite_trust: Score = setting("share of the gap up to the inviter's trust closed by being invited", default=0.5)
    reward: Money = setting(
        "what the inviter gets when the acquaintance joins",
        default=0.0,
        slider=Slider("reward for inviting", "邀请奖励"),
        phrase=Phrase("a reward of {value} for the inviter", "邀请人得奖励 {value}"),
    )
    inviter_trust: Score = setting(
        "share of the gap to full trust closed in the inviter when somebody joins",
        default=0.15,
        source="as of who tells, see word_of_mouth.teller_trust",
    )
    unasked: Share = setting(
        "share of those served where it hangs who join by it without being asked: they leave a telephone number with"
        " their order",
        default=0.0,
        phrase=Phrase("{value} of buyers are in without being asked", "{value} 的买家无需邀请即进入"),
    )
    from_day: Day = setting("first day on which customers are asked", default=0)
    until_day: Day | None = setting("first day on which they are no longer asked", default=None)
    intercept: Weight = setting("appeal of being asked to join anything", default=-3.2)
    per_clear: Weight = setting("appeal of a clear reason", default=0.5)
    per_worth: Weight = setting(
        "appeal of worth, at a worth far above the price, per unit of deal proneness (know_how and service: of fit)",
        default=2.0,
    )
    worth_half: Strength = setting("worth, as a share of the product's price, with half of that appeal", default=0.2)
    per_trust: Weight = setting("appeal per unit of trust", default=2.5)
    per_fit: Weight = setting("appeal per unit of fit above one half", default=1.5)
    in_person: bool = setting(
        "at a store: whether staff ask everybody who is there, not only buyers",
        default=False,
        phrase=Phrase("with staff asking everybody there in person", "员工当面邀请在场的每个人"),
    )
    heeded_in_store: Probability = setting(
        "chance that someone in the store heeds the hook, unless served or asked in person",
        default=0.4,
        source="calibrated: coupons at the point of sale and the shelf are redeemed by 8.5 and 13 % (Supermarket News)",
    )
    heeded_in_public: Probability = setting(
        "chance that someone met at a public or paid place heeds the hook: attention is scarce there",
        default=0.14,
        source="a third of that in a store, as inserts, handouts and mail are redeemed: 2.1, 4.2 and 4.8 % (the same)",
    )
    wear: Weight = setting("appeal lost each time the same customer was asked before and declined", default=0.7)


@rule
def drawn(gives: int, deal_prone: float, fit: float) -> float:
    """How much what a hook gives draws a customer, 0 to 1: whoever likes deals, or whom the product fits.

    Cash is of use to everybody who takes the trouble; advice and service about a product to those who want that.
    """
    return fit if gives in (KNOW_HOW, SERVICE) else deal_prone


@rule
def appeal_of_worth(worth: float, worth_half: float, per_worth: float, deal_prone: float) -> float:
    """How much it appeals that something is worth so much, in logits, to a customer whom it draws so much (0 to 1).

    Args:
        worth: as a share of the product's price. Its appeal saturates: twice the worth is less than twice as good.
        worth_half: the worth that has half of the most that worth can appeal.
        per_worth: that most, to a fully deal-prone customer.
    """
    return per_worth * deal_prone * worth / (worth + worth_half) if worth > 0.0 else 0.0


@rule
def appeal(
    clear: float,
    worth: float,
    trust: float,
    fit: float,
    deal_prone: float,
    asked: float,
    friction: float,
    hook: Records,
) -> float:
    """How much being asked appeals, in logits.

    Args:
        clear: 1 if the reason is clear, else 0.
        worth: what it gives as a share of the product's price; its appeal saturates.
        trust, fit, deal_prone: of the customer, 0 to 1.
        asked: times that the customer was asked into this pool before and declined.
        friction: what joining this pool takes, such as installing an app, in logits.
        hook: weights.
    """
    felt = appeal_of_worth(worth, hook.worth_half, hook.per_worth, drawn(hook.gives, deal_prone, fit))
    reasons = hook.strength + hook.per_clear * clear + felt + hook.per_trust * trust + hook.per_fit * (fit - 0.5)
    return hook.intercept + reasons - hook.wear * asked - friction


@rule
def chance_to_heed(kind: int, hook: Records) -> float:
    """The chance that someone met at a place of this kind, but not served there, heeds the hook.

    Only what is heeded can be taken, or wear when declined. Members heed what they read in a pool that they chose.
    """
    if kind == STORE_KIND:
        return 1.0 if hook.in_person else hook.heeded_in_store
    return 1.0 if kind == POOL_KIND else hook.heeded_in_public


@rule
def takes(taste: float, logits: float) -> bool:
    """Whether a customer takes a hook: `taste`, in (0, 1), is the customer's own draw for this hook on all days."""
    return taste < 1.0 / (1.0 + math.exp(-logits))


@rule
def joins_unasked(taste: float, unasked: float, served: int, at: int) -> bool:
    """Whether somebody joins by a hook with an order where it hangs, without being asked (see `has_attention`).

    `taste` is the customer's own draw for this hook, the same on all days: who gives no number never does.
    """
    return served == at + 1 and taste < unasked


@rule
def liking(taste: float, logits: float) -> float:
    """How much better a hook is to a customer than none, in logits: its appeal less what their own taste asks for.

    Above 0 exactly where it is taken: a random utility (McFadden 1974, "Conditional logit analysis of qualitative
    choice behavior"), by which hooks can be compared.
    """
    return logits - math.log(taste / (1.0 - taste))


@rule
def is_in_force(on: bool, pool_on: bool, day: float, from_day: float, until_day: float) -> bool:
    """Whether a hook asks at all today: it and the pool that it leads into are there, and its days have come.

    They last from one day (included) until another (excluded).
    """
    return on and pool_on and running(day, from_day, until_day)


@rule
def how_clear(reason: int) -> float:
    """How clear the reason to join is: 1 where it is stated clearly (code 0), 0 where it is vague (code 1)."""
    return 1.0 - reason


@rule
def share_of_price(worth: float, price: float) -> float:
    """What something is worth to a customer, as a share of the product's price."""
    return worth / price


@rule
def is_asked(invite: float, invited_by: int, row: int, met: bool) -> bool:
    """Whether a hook asks a customer: one by which members invite asks those who carry its invitation, others who came.

    Args:
        invite: the chance that members invite by it, 0 if it hangs at a place.
        invited_by: the number of the hook whose invitation the customer carries, plus 1; 0 for none.
        row: the number of this hook.
        met: whether the customer was met where it hangs.
    """
    return invited_by == row + 1 if invite > 0.0 else met


@rule
def has_attention(invite: float, served: int, at: int) -> bool:
    """Whether a customer surely heeds a hook: an acquaintance's invitation, or what hangs where they are served.

    `served` is the place where the customer ordered, plus 1, or 0; `at` is where the hook hangs.
    """
    return invite > 0.0 or served == at + 1


@rule
def is_preferred(liked: float, most: float, best: int) -> bool:
    """Whether a hook is liked more than the best so far, liked `most`; any is where there is none yet (`best` -1)."""
    return best < 0 or liked > most


@rule
def asked_so_often(asked: int, declined: int) -> int:
    """Times that a customer declined to join a pool, with today's; more than 255 are not told apart."""
    return min(asked + declined, 255)


@step
def ask(f: Frame, first: int, last: int) -> None:
    """Whoever of customers first..last was met at a hook's place since the last asking is asked; takers wish to join.

    A hook by which members invite asks those who carry its invitation instead. Who is asked by several takes the one
    that they like best, whatever their order; the others that they like may be taken another day.
    """
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        flag_asked(f, f.flags, lo, hi)
        n = select(f.chosen, f.flags, lo, hi)
        for i in each_of(f.chosen, n, f.mind, f.traits):
            if f.today.request[i] == 0:
                choose(f, i)
    forget_met(f, first, last)
    clear(f.today.served, first, last)
    clear(f.today.invited, first, last)


@part
def is_asking(f: Frame, hook: Records) -> bool:
    """Whether a hook is in force today: nobody is asked at a place that is shut, nor into a pool that is."""
    there = bool(hook.on) and bool(f.places[hook.at].on)
    return is_in_force(there, bool(f.places[hook.into].on), f.day, hook.from_day, hook.until_day)


@part
def flag_asked(f: Frame, flags: U1, lo: int, hi: int) -> None:
    """Set `flags[j]` where any hook asks customer `lo + j`, who may be a member already."""
    clear(flags, 0, hi - lo)
    for row in range(f.hooks.size):
        hook = f.hooks[row]
        if is_asking(f, hook):
            if hook.invite > 0.0:
                for j in range(hi - lo):
                    flags[j] |= f.today.invited[lo + j] == row + 1
            else:
                flag_met_too(f, flags, hook.at, lo, hi)


@part
def asks(f: Frame, i: int, row: int, hook: Records) -> bool:
    """Whether this hook asks customer i today: met where it hangs, or invited by it, and never a member of its pool.

    Nor does it ask who is not of its audience.
    """
    if not is_asking(f, hook) or f.member.status[f.places[hook.into].pool, i] != OUTSIDE:
        return False
    return is_asked(hook.invite, f.today.invited[i], row, was_met(f, i, hook.at)) and belongs_to(f, i, hook.to)


@part
def heeds(f: Frame, i: int, hook: Records) -> bool:
    """Whether customer i, who is asked, heeds the hook."""
    if has_attention(hook.invite, f.today.served[i], hook.at):
        return True
    return uniform(day_key(hook.key, f.day, HEED), i) < chance_to_heed(f.places[hook.at].kind, hook)


@part
def choose(f: Frame, i: int) -> None:
    """Customer i takes the best-liked of the hooks that ask today, or none; what is declined wears its pool's hooks.

    All are seen as they were this morning.
    """
    declined = f.worths  # by place
    best, most = -1, 0.0
    for place in range(f.places.size):
        declined[place] = 0.0
    for row in range(f.hooks.size):
        hook = f.hooks[row]
        if asks(f, i, row, hook):
            f.tally[ASKED, row] += int(hook.unasked == 0.0)
            taste = uniform(word(hook.key, TASTE), i)
            if hook.unasked > 0.0:
                if best < 0 and joins_unasked(taste, hook.unasked, f.today.served[i], hook.at):
                    best = row  # liked no more than nothing: whatever else is liked comes first
            elif heeds(f, i, hook):
                logits = appeal_to(f, i, hook)
                if not takes(taste, logits):
                    declined[hook.into] += 1.0
                elif is_preferred(liking(taste, logits), most, best):
                    best, most = row, liking(taste, logits)
    if best >= 0:
        f.today.request[i] = best + 1
    note_declined(f, i)


@part
def note_declined(f: Frame, i: int) -> None:
    """Customer i has declined hooks of some pools today, so often as `worths` tells by place, and remembers it."""
    for place in range(f.places.size):
        if f.worths[place] > 0.0:
            pool = f.places[place].pool
            f.member.asked[pool, i] = asked_so_often(f.member.asked[pool, i], int(f.worths[place]))


@part
def appeal_to(f: Frame, i: int, hook: Records) -> float:
    """How much being asked by this hook appeals to customer i, in logits."""
    return appeal(
        how_clear(hook.reason),
        share_of_price(hook.worth, f.product.market_price),
        f.mind.trust[i],
        f.traits.fit[i],
        f.traits.deal_prone[i],
        f.member.asked[f.places[hook.into].pool, i],
        f.places[hook.into].friction,
        hook,
    )
