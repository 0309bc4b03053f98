"""Leaving: each post that a member is sent may be one too many. Then they quit the pool, or silence it and stay.

Whoever is tired, distrusts or came for deals has it sooner; whoever likes to read what comes, trusts, or gets a perk
that fits, later. Where members may talk to each other, rivals may poach readers too, the less the warmer the group.
"""

import math

import numpy as np

from trafficsim.books.counters import FOLDED_POOL, LEFT, POACHED, REMOVED, UNFOLDED
from trafficsim.compiled import part, rule
from trafficsim.kernel.barrier import add_shared
from trafficsim.kernel.blocks import BLOCK, keep_chosen, select
from trafficsim.kernel.columns import BACK, FOLDED, GONE, QUIT, own_unit
from trafficsim.kernel.draws import FOLDING, POACHING, QUITTING, RESERVATION, TAKING, UNFOLDING
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import chance_of_any, day_key, normal, threshold_above, uniform, word
from trafficsim.market.places import APP_FORM, CONTACT_FORM, GROUP_FORM, PHONE_FORM, POOL_KIND, SMS_FORM
from trafficsim.market.quantities import Days, Parameters, Score, Share, Strength, setting
from trafficsim.mechanisms.hooks import CASH, COUPON, GIFT, SERVICE
from trafficsim.mechanisms.posts import pushed_today
from trafficsim.mechanisms.shared.audiences import EVERYBODY, belongs_to
from trafficsim.mechanisms.shared.memory import closer, flag_members, flag_reached, flag_readers, is_member
from trafficsim.mechanisms.talking import belonging_of
from trafficsim.mechanisms.tiers import perk_in

MOST_TIMES = 16.0
"""Nobody's hazard is more times `hazard`, so that one draw tells nearly all for whom a post is none too many (assumed;
by default it takes a tired, distrusting deal hunter with the reservations of one in a hundred to come so far)."""


class Leaving(Parameters):
    """The hazard that a post is one too many, and what follows."""

    per_belonging: Strength = setting("weight of belonging in the value of staying", default=2.0)
    poaching: Strength = setting(
        "hazard to be poached per post read in a talking group, at no belonging and no pull", default=0.0
    )
    poached_trust: Score = setting("share of trust in the brand lost by being poached", default=0.3)
    hazard: Strength = setting(
        "hazard that a post is one too many to a member who is sent it, without fatigue, trust, perk, interest or deal"
        " proneness",
        default=0.008,
        source="calibrated: .08 % of an account's followers leave a day, .1 to .5 % for each mail (Newrank 2017;"
        " vendors' benchmarks)",
    )
    group_times: Strength = setting(
        "how many times as much a post in a group disturbs as one of an account",
        default=1.0,
        source="assumed: nothing published tells groups, contacts, apps and accounts apart",
    )
    contact_times: Strength = setting("the same of a contact", default=1.0, source="assumed, as of a group")
    app_times: Strength = setting("the same of an app", default=1.0, source="assumed, as of a group")
    sms_times: Strength = setting(
        "the same of a text message, whose receivers refuse for good",
        default=8.0,
        source="vendors count 1 to 4 refusals in 100 messages (Burst SMS, Tatango), of mail .1 to .5",
    )
    phone_times: Strength = setting("the same of a call", default=20.0, source="assumed: more than a text message")
    per_fatigue: Strength = setting("weight of fatigue in the log hazard", default=0.25)
    per_trust: Strength = setting("weight of trust in the value of staying", default=5.0)
    per_perk: Strength = setting("weight of perk x fit in the value of staying", default=2.0)
    per_interest: Strength = setting(
        "weight in the value of staying of how much a member likes to open posts (0 to 1, one half on average)",
        default=2.5,
        source="assumed: so large that who opens more stays longer, as in vendors' counts of apps",
    )
    per_deal: Strength = setting("weight of deal proneness in the log hazard", default=1.5)
    spread: Strength = setting(
        "spread of customers' own reservations (standard deviation in the log hazard)",
        default=0.5,
        source="calibrated, with per_deal and folds: retention of two cohorts over seven years (Fader and Hardie 2007)",
    )
    after_cash: Share = setting(
        "share of the fully deal-prone who leave as soon as a hook gave them cash",
        default=0.5,
        source="assumed: cash is as good outside; 15 % gone within a week alarms practitioners",
    )
    after_coupon: Share = setting("the same of a coupon", default=0.25, source="assumed: half of that of cash")
    after_gift: Share = setting("the same of a gift", default=0.25, source="assumed: half of that of cash")
    after_service: Share = setting("the same of a service", default=0.05, source="assumed: a service is given inside")
    after_know_how: Share = setting("the same of know-how", default=0.05, source="assumed: more of it is to come")
    folds: Share = setting(
        "share of those to whom a post is one too many who silence the pool and stay in it, unseeing", default=0.5
    )
    folded_days: Days = setting("mean days until somebody who silenced a pool looks at it again", default=180.0)


@rule
def interest(opens: float) -> float:
    """How much a member likes to open posts, 0 to 1: one half at the average propensity, 1."""
    return opens / (1.0 + opens)


@rule
def value_of_staying(trust: float, match: float, perk: float, belonging: float, liking: float, p: Records) -> float:
    """What a pool is worth to a member, in units of the log hazard.

    Args:
        trust, match, perk, belonging, liking: 0 to 1; match is the customer's fit, liking the interest in posts.
        p: weights.
    """
    return p.per_trust * trust + p.per_perk * perk * match + p.per_belonging * belonging + p.per_interest * liking


@rule
def hazard_of_post(fatigue: float, value: float, deal_prone: float, reservation: float, p: Records) -> float:
    """The hazard that a post is one too many to who is sent it.

    Args:
        fatigue: pushes felt as too many.
        value: of staying.
        deal_prone: 0 to 1.
        reservation: the customer's own standard normal draw for this pool, the same every day. It makes retention rise
            with tenure, since those with the least reservation stay (Fader and Hardie 2007).
        p: weights.
    """
    log_times = p.per_fatigue * fatigue - value + p.per_deal * deal_prone + p.spread * reservation
    return p.hazard * min(math.exp(log_times), MOST_TIMES)


@rule
def hazard_to_be_poached(belonging: float, pull: float, poaching: float) -> float:
    """The hazard that rivals of this pull (in logits) poach a reader who feels this much belonging, 0 to 1."""
    return poaching * math.exp(pull) * (1.0 - belonging)


@rule
def has_enough(u: float, posts: float, hazard: float) -> bool:
    """Whether any of so many posts today is one too many, at this hazard for each; a post may count for several."""
    return u < chance_of_any(posts * hazard)


@rule
def was_sent(pushed_on: int, joined_on: int, day: int) -> bool:
    """Whether the posts of a day were pushed to a member, who was last pushed one on a day and joined on another.

    Whoever joins, or is won back, on that day does so after its posts.
    """
    return pushed_on == day and joined_on < day


@rule
def leaves_with_gift(u: float, share: float, deal_prone: float, worth: float) -> bool:
    """Whether somebody leaves a pool as soon as they have what was given for joining, if that is worth anything.

    `share` is that of the fully deal-prone who do; `deal_prone` is the customer's, 0 to 1.
    """
    return worth > 0.0 and u < share * deal_prone


@rule
def looks_again(u: float, folded_days: float) -> bool:
    """Whether somebody who silenced a pool looks at it again today: one in so many does each day."""
    return u * folded_days < 1.0


@rule
def trust_after_poaching(trust: float, lost: float) -> float:
    """Trust in the brand of someone whom a rival won over: a share of it is lost."""
    return closer(trust, 0.0, lost)


@rule
def status_after_leaving(status: int, refused: bool) -> int:
    """What someone who leaves a pool is to it: whoever was won back before is gone for good, others may be asked.

    So is who refused to be sent text messages or called, as the law of many countries has it.
    """
    return GONE if refused or status % FOLDED == BACK else QUIT


@rule
def is_refusal(form: int) -> bool:
    """Whether leaving a pool of this form is to refuse for good: a telephone number, which can't be silenced either."""
    return form in (SMS_FORM, PHONE_FORM)


@rule
def is_newer(joined: int, since: int, newest: int) -> bool:
    """Whether a pool was joined later than the newest known (-1 for none), which was joined on day `since`.

    Of pools joined on the same day the first is the newest; days before the start are below 0.
    """
    return newest < 0 or joined > since


@step
def leave(f: Frame, first: int, last: int) -> None:
    """Customers first..last may have enough of a pool that sent them posts today, or be poached there."""
    if not f.leaving.on:
        return
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND:
            key, posts = word(f.leaving.key, p.key), pushed_today(f, place) * times_of(f, p.form)
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                if f.leaving.folds > 0.0:
                    look_again(f, place, key, lo, hi)
                if posts > 0.0 and f.leaving.hazard > 0.0:
                    bear(f, place, key, posts, lo, hi)
                if p.members_talk and f.leaving.poaching > 0.0:
                    meet_rivals(f, place, key, lo, hi)


@step
def remove(f: Frame, first: int, last: int) -> None:
    """Those of customers first..last whom the brand doesn't want in a pool are removed from it, for good."""
    for place in range(f.places.size):
        p = f.places[place]
        if p.on and p.kind == POOL_KIND and p.removes != EVERYBODY:
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                flag_members(f, f.flags, p.pool, lo, hi)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.traits, f.bought):
                    if belongs_to(f, i, p.removes):
                        move_out(f, i, place, GONE)
                        f.tally[REMOVED, place] += 1


@part
def look_again(f: Frame, place: int, key: np.uint64, lo: int, hi: int) -> None:
    """Some of customers lo..hi who silenced this pool look at it again."""
    pool, chance = f.places[place].pool, day_key(key, f.day, UNFOLDING)
    for j in range(hi - lo):
        f.flags[j] = f.member.status[pool, lo + j] // FOLDED
    n = select(f.chosen, f.flags, lo, hi)
    for i in each_of(f.chosen, n):
        if looks_again(uniform(chance, i), f.leaving.folded_days):
            f.member.status[pool, i] = f.member.status[pool, i] % FOLDED
            f.tally[UNFOLDED, place] += 1


@part
def bear(f: Frame, place: int, key: np.uint64, posts: float, lo: int, hi: int) -> None:
    """Members among customers lo..hi were pushed posts that disturb like so many, at most: to some one is too many."""
    day = day_key(key, f.day, QUITTING)
    most = threshold_above(chance_of_any(posts * f.leaving.hazard * MOST_TIMES))
    flag_reached(f, f.flags, f.places[place].pool, lo, hi)
    n = keep_chosen(f.chosen, select(f.chosen, f.flags, lo, hi), day, most)
    for i in each_of(f.chosen, n, f.mind, f.traits):
        sent = sent_today(f, i, place, posts)
        if sent > 0.0 and has_enough(uniform(day, i), sent, hazard_for(f, i, place, key)):
            folds = uniform(day_key(key, f.day, FOLDING), i) < f.leaving.folds
            if folds and not is_refusal(f.places[place].form):
                fold(f, i, place)
            else:
                depart(f, i, place)


@part
def sent_today(f: Frame, i: int, place: int, posts: float) -> float:
    """Like how many the day's posts of a pool disturb that were pushed to member i: as counted, else all or none."""
    pool = f.places[place].pool
    if f.pushed.sent.shape[0] > 0:
        return f.pushed.sent[pool, i] * times_of(f, f.places[place].form)
    return posts if was_sent(f.roll.fatigue_on[i], f.member.joined_on[pool, i], f.day) else 0.0


@part
def hazard_for(f: Frame, i: int, place: int, key: np.uint64) -> float:
    """The hazard that a post of this pool is one too many to member i."""
    p = f.places[place]
    liking = interest(f.roll.opens[i])
    value = value_of_staying(
        f.mind.trust[i], f.traits.fit[i], perk_in(f, i, place), belonging_of(f, i, p), liking, f.leaving
    )
    reservation = normal(word(key, RESERVATION), i)
    return hazard_of_post(f.roll.fatigue[i], value, f.traits.deal_prone[i], reservation, f.leaving)


@part
def meet_rivals(f: Frame, place: int, key: np.uint64, lo: int, hi: int) -> None:
    """Rivals poach some of customers lo..hi who read in this group today and are still in it."""
    p, chance = f.places[place], day_key(key, f.day, POACHING)
    flag_readers(f, f.flags, p.pool, lo, hi)
    n = select(f.chosen, f.flags, lo, hi)
    for i in each_of(f.chosen, n, f.mind):
        hazard = hazard_to_be_poached(belonging_of(f, i, p), f.rivals.pull, f.leaving.poaching)
        if is_member(f, i, p.pool) and has_enough(uniform(chance, i), f.member.read[p.pool, i], hazard):
            depart(f, i, place)
            f.mind.trust[i] = trust_after_poaching(f.mind.trust[i], f.leaving.poached_trust)
            f.tally[POACHED, place] += 1


@part
def fold(f: Frame, i: int, place: int) -> None:
    """Member i silences this pool: stays in it, and sees no post until looking again."""
    f.member.status[f.places[place].pool, i] += FOLDED
    f.tally[FOLDED_POOL, place] += 1


@part
def times_of(f: Frame, form: int) -> float:
    """How many times as much a post in a pool of this form disturbs as one of an account."""
    if form == GROUP_FORM:
        return f.leaving.group_times
    if form == CONTACT_FORM:
        return f.leaving.contact_times
    if form == APP_FORM:
        return f.leaving.app_times
    if form == SMS_FORM:
        return f.leaving.sms_times
    return f.leaving.phone_times if form == PHONE_FORM else 1.0


@part
def share_after(f: Frame, gives: int) -> float:
    """The share of the fully deal-prone who leave as soon as they have what a hook gives."""
    if gives == CASH:
        return f.leaving.after_cash
    if gives == COUPON:
        return f.leaving.after_coupon
    if gives == GIFT:
        return f.leaving.after_gift
    return f.leaving.after_service if gives == SERVICE else f.leaving.after_know_how


@part
def take_and_go(f: Frame, i: int, place: int, hook: int) -> None:
    """Customer i, who has just joined by this hook, may leave at once with what it gave."""
    if f.leaving.on:
        u = uniform(day_key(word(f.leaving.key, f.places[place].key), f.day, TAKING), i)
        share = share_after(f, f.hooks[hook].gives)
        if leaves_with_gift(u, share, f.traits.deal_prone[i], f.hooks[hook].worth):
            depart(f, i, place)


@part
def depart(f: Frame, i: int, place: int) -> None:
    """Customer i quits this pool; whoever was won back before quits for good."""
    status = f.member.status[f.places[place].pool, i]
    move_out(f, i, place, status_after_leaving(status, is_refusal(f.places[place].form)))


@part
def move_out(f: Frame, i: int, place: int, status: int) -> None:
    """Customer i is no longer in this pool, and has this status there."""
    pool = f.places[place].pool
    add_shared(f.sizes, pool, own_unit(f.member.unit[pool, i], f.sizes.shape[1]), -1)
    f.member.status[pool, i] = status
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
