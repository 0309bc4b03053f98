"""Posts: the content cadence of a place; who reads, what a reader remembers, trusts, needs, and is tired of."""

import math
from typing import Annotated, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from trafficsim.books.counters import CONTENT, MESSAGING, MOMENTS_SEEN, POSTS, READS
from trafficsim.books.routes import ORGANIC, POOL, STAFF
from trafficsim.books.tally import added_up, cents_drawn
from trafficsim.compiled import part, rule
from trafficsim.kernel.blocks import BLOCK, draw, keep_chosen, select
from trafficsim.kernel.columns import BEFORE_START
from trafficsim.kernel.draws import FRIENDS, READ, SEEN, SENT, STIR, STIR_DELAY
from trafficsim.kernel.each_of import each_of
from trafficsim.kernel.frame import Frame, step
from trafficsim.kernel.records import Records
from trafficsim.kernel.rng import (
    below_exp,
    chance_of_any,
    day_key,
    poisson_from,
    threshold,
    threshold_above,
    uniform,
    word,
)
from trafficsim.market.places import GROUP_FORM, POOL_KIND
from trafficsim.market.quantities import (
    AudienceName,
    Discount,
    Money,
    Parameters,
    PerWeek,
    Phrase,
    Probability,
    Score,
    Share,
    Slider,
    Strength,
    Unit,
    setting,
)
from trafficsim.mechanisms.purchasing import felt_by, usual_now
from trafficsim.mechanisms.shared.audiences import belongs_to, day_of_joining
from trafficsim.mechanisms.shared.memory import (
    closer,
    debt_of,
    experienced,
    flag_reached,
    meet,
    note_met,
    note_read,
    open_need,
    owe,
    remember,
    tired_now,
    touch,
)
from trafficsim.mechanisms.visits import visit_key, visit_limit

STORY, OFFER, CARE = range(3)
"""Kinds of post. A story is told, an offer stirs a need, care (service, advice) gives rest and earns more trust."""
MOST_A_DAY = 128
"""Posts of one place in a day at the most (700 a week are allowed), for numbering their draws."""

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = get_args(Weekday)
DAYS_OF_WEEK = len(WEEKDAYS)


class Posts(Parameters):
    """The posts of one place: a pool (read by members) or a public platform (met by visitors)."""

    per_week: PerWeek = setting(
        "posts a week, evenly spread, offers included",
        default=0.0,
        slider=Slider("posts a week", "每周发布次数", usual=(0, 14), first=True),
    )
    weekdays: tuple[Weekday, ...] = setting("instead of per_week: one post on each of these days", default=())
    offers_per_week: PerWeek = setting(
        "how many of the week's posts are offers",
        default=0.0,
        slider=Slider("offers a week", "每周优惠次数", usual=(0, 7)),
    )
    care_per_week: PerWeek = setting(
        "how many of the week's posts are care: service and advice without an offer",
        default=0.0,
        phrase=Phrase("{value} of them care, without an offer", "其中 {value} 条是关怀，不带优惠"),
    )
    care_rest: Share = setting("share of fatigue that a read care post takes away", default=0.3)
    care_trust: Strength = setting("how many times as much a care post moves trust as another post", default=2.0)
    discount: Discount = setting(
        "price cut of an offer", default=0.0, slider=Slider("discount of an offer", "优惠折扣幅度")
    )
    offer_days: Annotated[int, Field(ge=1, le=365)] = setting("days for which a reader can use an offer", default=3)
    to: AudienceName | None = setting(
        "pools: who gets the posts; all members unless given",
        default=None,
        phrase=Phrase("only to “{value}”", "只发给“{value}”"),
    )
    most_per_week: Annotated[int, Field(ge=1, le=254), Unit("per week")] | None = setting(
        "pools: no post goes to a member to whom so many were pushed in these seven days (from day 0 on), by all pools "
        "together; no end unless given",
        default=None,
        phrase=Phrase("none to who had {value} pushes that week", "当周已收到 {value} 条推送者不再发"),
    )
    offers_to: AudienceName | None = setting(
        "who gets its offers; to all others the same post tells a story, without one",
        default=None,
        phrase=Phrase("offers only to “{value}”", "优惠只给“{value}”"),
    )
    offer_slot: str | None = setting(
        "the only slot, by its name in the stores, in which an offer holds; everywhere unless given", default=None
    )
    quality: Score = setting("quality of the content", default=0.6, slider=Slider("quality of posts", "内容质量"))
    persona: Score = setting("how warm and expert the one who posts appears", default=1.0)
    cost_each: Money = setting(
        "cost of making one post", default=0.0, phrase=Phrase("each made for {value}", "每条制作成本 {value}")
    )
    reach: Probability = setting(
        "public places: chance that a visitor meets the post (organic reach)",
        default=0.02,
        slider=Slider("organic reach of a post", "每次发布的自然触达率", public_only=True),
    )
    salience: Score = setting("share of the gap to full salience closed by reading a post in a pool", default=0.35)
    salience_public: Score = setting("the same for a post met on a public platform", default=0.15)
    trust_step: Score = setting(
        "share of the gap between trust and the content's worth closed by reading", default=0.02
    )
    tiring: Strength = setting("fatigue added by a read post", default=1.0)
    tiring_offer: Strength = setting("fatigue added by a read offer", default=1.5)
    tiring_unread: Strength = setting("fatigue added by a pushed post that stays unread", default=0.3)
    tired_reading: Strength = setting(
        "how strongly fatigue lowers the chance to read, per unit of fatigue",
        default=0.2,
        source="calibrated: of five mails a week .6 times as many are opened as of one (GetResponse)",
    )
    damping: Strength = setting("how strongly fatigue weakens what a read post does, per unit of fatigue", default=0.5)
    stirred_days: Strength = setting(
        "an offer brings forward need of so many days ahead, be its price no better than expected", default=7.5
    )
    stirred_days_felt: Strength = setting(
        "further days ahead for each logit that its price adds to the choice of the brand", default=5.0
    )
    repaid: Share = setting("share of a stirred need that is taken from later need", default=0.6)
    used_late: Share = setting(
        "share of those stirred by an offer who wait until it is about to end, if it holds for longer than needs stay"
        " open (`purchasing.open_days`)",
        default=0.5,
        source="assumed: coupons are redeemed more and more as they expire (Inman and McAlister 1994)",
    )

    @model_validator(mode="after")
    def _cadence_is_one_of_two(self) -> "Posts":
        if self.per_week and self.weekdays:
            raise ValueError("give per_week or weekdays, not both")
        if len(set(self.weekdays)) < len(self.weekdays):
            raise ValueError("weekdays names a day twice; more than a post a day is given as per_week")
        if self.offers_per_week + self.care_per_week > max(self.per_week, len(self.weekdays)):
            raise ValueError("offers_per_week and care_per_week together can't exceed the posts of a week")
        return self


def counts_pushes(posts: Any) -> bool:
    """Whether posts (a section of a plan) are aimed or capped, so that a world counts whom they are pushed to."""
    entries = posts.values() if isinstance(posts, dict) else ()
    return any(entry.to is not None or entry.most_per_week is not None for entry in entries)


@rule
def posted_before(day: int, per_week: float, weekdays: int) -> int:
    """Posts published before a day: evenly spread, or one on each marked day of a week that starts on day 0."""
    if weekdays == 0:
        return math.floor(day * per_week / 7.0 + 1e-9)
    count = 0
    for d in range(7):
        if (weekdays >> d) & 1:
            count += (day + 6 - d) // 7
    return count


@rule
def offers_before(day: int, per_week: float, weekdays: int, offer_share: float) -> int:
    """Offers among the posts published before a day, evenly spread over the posts."""
    return math.floor(posted_before(day, per_week, weekdays) * offer_share + 1e-9)


@rule
def care_before(day: int, per_week: float, weekdays: int, offer_share: float, care_share: float) -> int:
    """Care posts among those published before a day, evenly spread over the posts that are no offers."""
    others = posted_before(day, per_week, weekdays) - offers_before(day, per_week, weekdays, offer_share)
    return math.floor(others * care_share + 1e-9)


@rule
def kind_of_post(number: int, offers: int, care: int) -> int:
    """What today's post of this number is: offers come first, then care, then stories."""
    if number < offers:
        return OFFER
    return CARE if number < offers + care else STORY


@rule
def tired_after(fatigue: float, kind: int, entry: Records) -> float:
    """Fatigue after reading a post: care gives rest, anything else tires, offers most."""
    if kind == CARE:
        return fatigue * (1.0 - entry.care_rest)
    return fatigue + (entry.tiring_offer if kind == OFFER else entry.tiring)


@rule
def reads(u: float, open_rate: float, opens: float, fatigue: float, tired_reading: float) -> bool:
    """Whether a member with this propensity to open reads a post, tired as they are.

    Args:
        u: uniform draw in (0, 1).
        open_rate: chance that an average member reads a post of the pool.
        opens: the member's own propensity, 1 on average.
        fatigue: in posts, as settings tell what each adds.
        tired_reading: how strongly each of those lowers the chance, in its logarithm.
    """
    return below_exp(u, open_rate * opens, tired_reading * fatigue)


@rule
def interest_left(days: int, half_life: float) -> float:
    """The share of what is new about a pool that is left so many days after it was fresh; the form is assumed."""
    return math.pow(2.0, -days / half_life)


@rule
def interest(fresh: float, in_group: bool, novelty: float) -> float:
    """How many times the open rate a member reads to whom this share of what is new is left.

    In a group all interest fades: of 67 for marketing on WeCom most were alive for less than two months, and in many
    less than a fifth took part (an observer's count, 2021 to 2023). The open rates of accounts, contacts, apps and
    lists are counted over members of all ages, and last; a first mail is opened more often (vendors).
    """
    return fresh if in_group else 1.0 + novelty * fresh


@rule
def may_be_sent(sent: int, most_per_week: float) -> bool:
    """Whether a post may go to a member to whom so many were pushed this week; NaN sets no end."""
    return not sent >= most_per_week


@rule
def stirred(need_rate: float, felt: float, damp: float, days: float, days_felt: float) -> float:
    """The chance that an offer brings forward a need of the coming days, more of them the better its price is felt.

    Args:
        need_rate: the customer's needs a day.
        felt: what its price adds to the choice, in logits (see `purchasing.price_felt`); a loss stirs no less.
        damp: what fatigue leaves of it (see `left_by_fatigue`).
        days, days_felt: need of so many days ahead, and of further ones for each logit.
    """
    return -math.expm1(-damp * need_rate * (days + days_felt * max(felt, 0.0)))


@rule
def moments_missed(per_day: float, seen: float) -> float:
    """The chance to see none of one person's Moments in a day: whole posts surely appear, the rest of one by chance."""
    whole = math.floor(per_day)
    return math.pow(1.0 - seen, whole) * (1.0 - (per_day - whole) * seen)


@rule
def posts_on(day: int, per_week: float, weekdays: int) -> int:
    """Posts published on a day, offers included."""
    return posted_before(day + 1, per_week, weekdays) - posted_before(day, per_week, weekdays)


@rule
def offers_on(day: int, per_week: float, weekdays: int, offer_share: float) -> int:
    """Offers among the posts of a day."""
    after = offers_before(day + 1, per_week, weekdays, offer_share)
    return after - offers_before(day, per_week, weekdays, offer_share)


@rule
def care_on(day: int, per_week: float, weekdays: int, offer_share: float, care_share: float) -> int:
    """Care posts among the posts of a day."""
    after = care_before(day + 1, per_week, weekdays, offer_share, care_share)
    return after - care_before(day, per_week, weekdays, offer_share, care_share)


@rule
def tired_by_unread(fatigue: float, tiring_unread: float) -> float:
    """Fatigue after a post that was pushed and not read: a little more."""
    return fatigue + tiring_unread


@rule
def reads_if_rested(u: float, open_rate: float, opens: float) -> bool:
    """Whether a member with this propensity to open (1 on average) would read a post if nothing had tired them."""
    return u < open_rate * opens


@rule
def left_by_fatigue(fatigue: float, damping: float) -> float:
    """What is left of all that a read post does to someone so tired, as a share."""
    return math.exp(-damping * fatigue) if fatigue > 0.0 else 1.0


@rule
def worth_of_content(quality: float, persona: float, fit: float) -> float:
    """What a post is worth to a reader of this fit, 0 to 1: good content of one who appears warm and expert."""
    return experienced(quality * persona, fit)


@rule
def times_as_trusted(kind: int, care_trust: float) -> float:
    """How many times as much a post of this kind moves trust as a story: care does so more (or less)."""
    return care_trust if kind == CARE else 1.0


@rule
def trust_after_post(trust: float, worth: float, step: float, damp: float, times: float) -> float:
    """Trust after reading: closer to what the content was worth, up to it and no further.

    `damp` is what fatigue leaves (see `left_by_fatigue`), `times` what the kind of post does (see `times_as_trusted`).
    """
    return closer(trust, worth, min(1.0, step * damp * times))


@rule
def are_friends_reached(friends: float, missed: float) -> bool:
    """Whether anybody can see Moments at all: somebody has friends among the staff, and does not surely miss them."""
    return friends * (1.0 - missed) > 0.0


@rule
def offer_ends(day: int, offer_days: float) -> int:
    """The first day on which an offer read today can no longer be used; today is the first of its days."""
    return day + int(offer_days)


@rule
def days_to_use(u: float, offer_days: int, open_days: int, late: float) -> int:
    """After how many days somebody uses an offer that stirred a need; `u` is drawn for it.

    Within the days for which needs stay open, or within as many at the end of the offer.
    """
    if u < late:
        return max(offer_days - open_days, 0) + int(u / late * min(open_days, offer_days))
    return int((u - late) / (1.0 - late) * open_days)


@rule
def owed_after(owed: float, repaid: float) -> float:
    """Occasions that a customer owes once an offer has stirred a need, of which a share is taken from later need."""
    return owed + repaid


@rule
def friends_among_staff(staff: float, friends: float, customers: float) -> float:
    """Of how many of the staff a customer is a friend on average, if each has so many friends among all customers."""
    return staff * friends / customers


@rule
def sees_any(u: float, friends: int, missed: float) -> bool:
    """Whether a friend of so many of the staff sees the Moments of any, missing those of one with this chance."""
    return u < 1.0 - (missed if friends == 1 else math.pow(missed, friends))


@part
def posts_today(f: Frame, post: Records) -> int:
    """Posts due today, offers included."""
    return posts_on(f.day, post.per_week, post.weekday_bits)


@part
def offers_today(f: Frame, post: Records) -> int:
    """Offers among today's posts."""
    return offers_on(f.day, post.per_week, post.weekday_bits, post.offer_share)


@part
def care_today(f: Frame, post: Records) -> int:
    """Care posts among today's posts."""
    return care_on(f.day, post.per_week, post.weekday_bits, post.offer_share, post.care_share)


@part
def pushed_today(f: Frame, place: int) -> int:
    """Posts that today pushes to each member of a pool who has not silenced it."""
    pushed = 0
    for row in range(f.posts.size):
        if f.posts[row].on and f.posts[row].place == place and f.places[place].on:
            pushed += posts_today(f, f.posts[row])
    return pushed


@step
def post(f: Frame, first: int, last: int) -> None:
    """Today's posts reach customers first..last: visitors of public platforms, members of pools."""
    if f.pushed.sent.shape[0] > 0:
        forget_pushes(f, first, last)
    for row in range(f.posts.size):
        entry = f.posts[row]
        if entry.on and f.places[entry.place].on:
            offers, care = offers_today(f, entry), care_today(f, entry)
            for number in range(posts_today(f, entry)):
                key = word(entry.key, f.day * MOST_A_DAY + number)
                kind = kind_of_post(number, offers, care)
                if f.places[entry.place].kind == POOL_KIND:
                    push(f, first, last, key, row, kind)
                else:
                    came = visit_limit(f, f.places[entry.place])
                    meet_visitors(f, first, last, key, came, row, kind, entry)


@part
def forget_pushes(f: Frame, first: int, last: int) -> None:
    """Nothing has been pushed to customers first..last today, and on the first day of a week in this week."""
    for pool in range(f.pushed.sent.shape[0]):
        for i in range(first, last):
            f.pushed.sent[pool, i] = 0
    if f.day % DAYS_OF_WEEK == 0:
        for i in range(first, last):
            f.pushed.sent_in_week[0, i] = 0


@part
def meet_visitors(
    f: Frame, first: int, last: int, key: np.uint64, came: np.uint64, row: int, kind: int, entry: Records
) -> None:
    """A public post reaches today's visitors of its platform (see `visit_limit`) with its organic reach.

    An offer is in their hands as it is in a member's; a post that nobody pushed tires nobody.
    """
    rare, rare_key = threshold(entry.reach), word(key, READ)
    common, common_key = came, visit_key(f, f.places[entry.place])
    if rare > common:
        rare, rare_key, common, common_key = common, common_key, rare, rare_key
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        draw(f.flags, rare_key, lo, hi, rare)
        n = keep_chosen(f.chosen, select(f.chosen, f.flags, lo, hi), common_key, common)
        for i in each_of(f.chosen, n, f.mind, f.story, f.traits):
            touch(f, i, ORGANIC)
            remember(f, i, entry.salience_public)
            told = kind_for(f, i, kind, entry)
            trust_content(f, i, 1.0, told, entry)
            meet(f, i, entry.place)
            if told == OFFER:
                stir(f, i, key, 1.0, row, entry)
        f.tally[READS, entry.place] += n


@part
def kind_for(f: Frame, i: int, kind: int, entry: Records) -> int:
    """What a post is to customer i: an offer that is not for them tells a story."""
    return STORY if kind == OFFER and not belongs_to(f, i, entry.offers_to) else kind


@part
def trust_content(f: Frame, i: int, damp: float, kind: int, entry: Records) -> None:
    """Trust moves toward what the content is worth to this reader; care moves it more."""
    if entry.trust_step > 0.0:
        worth = worth_of_content(entry.quality, entry.persona, f.traits.fit[i])
        times = times_as_trusted(kind, entry.care_trust)
        f.mind.trust[i] = trust_after_post(f.mind.trust[i], worth, entry.trust_step, damp, times)


@part
def push(f: Frame, first: int, last: int, key: np.uint64, row: int, kind: int) -> None:
    """A post is pushed to the members of a pool who have not silenced it: some read it, the others it annoys a bit."""
    entry = f.posts[row]
    place = f.places[entry.place]
    pool = place.pool
    most = place.open_rate * interest(1.0, place.form == GROUP_FORM, f.memory.novelty)
    for lo in range(first, last, BLOCK):
        hi = min(lo + BLOCK, last)
        flag_reached(f, f.flags, pool, lo, hi)
        n = select(f.chosen, f.flags, lo, hi)
        if f.pushed.sent.shape[0] > 0:
            n = keep_addressed(f, f.chosen, n, row)
        if place.cost_per_message > 0.0:
            f.tally[MESSAGING, entry.place] += cents_drawn(uniform(word(key, SENT), lo), n * place.cost_per_message)
        n = find_candidates(f, f.chosen, f.number, n, word(key, READ), most, entry)
        for k, i in enumerate(each_of(f.chosen, n, f.mind, f.story, f.traits)):
            u, fatigue = uniform(word(key, READ), i), f.number[k]
            rate = place.open_rate * interest_of(f, i, entry.place)
            if reads(u, rate, f.roll.opens[i], fatigue, entry.tired_reading):
                read_post(f, i, fatigue, key, row, kind_for(f, i, kind, entry))
                touch(f, i, POOL)
                f.tally[READS, entry.place] += 1


@part
def interest_of(f: Frame, i: int, place: int) -> float:
    """How many times the open rate member i reads: it is fresh on joining, in a group also with every order."""
    in_group = f.places[place].form == GROUP_FORM
    since = day_of_joining(f.member.joined_on[f.places[place].pool, i])
    if since == BEFORE_START and not in_group:  # in it from the start, for how long is not known
        return 1.0
    if in_group and f.bought.orders[i] > 0:
        since = max(since, f.bought.last_order_on[i])
    half_life = f.memory.interest_half_life_days
    return interest(interest_left(f.day - since, half_life), in_group, f.memory.novelty)


@part
def keep_addressed(f: Frame, chosen: NDArray[np.int64], n: int, row: int) -> int:
    """Of the n first `chosen` keep those to whom the post goes, and count it; returns how many."""
    entry, left = f.posts[row], 0
    pool = f.places[entry.place].pool
    for i in each_of(chosen, n, f.traits, f.bought):
        sent = f.pushed.sent_in_week[0, i]
        if may_be_sent(sent, entry.most_per_week) and belongs_to(f, i, entry.to):
            f.pushed.sent_in_week[0, i] = min(sent + 1, 255)
            f.pushed.sent[pool, i] = min(f.pushed.sent[pool, i] + 1, 255)
            chosen[left] = i
            left += 1
    return left


@part
def find_candidates(
    f: Frame,
    chosen: NDArray[np.int64],
    fatigue: NDArray[np.float64],
    n: int,
    key: np.uint64,
    rate: float,
    entry: Records,
) -> int:
    """Of the n first `chosen` keep those who would read a post at this open rate if rested; returns how many.

    All are as tired as the post makes who doesn't read it; `fatigue`, written, is what it was for those who are kept.
    """
    left = 0
    for i in each_of(chosen, n):  # without a branch, since nobody foresees who reads
        tired = tired_now(f, i)
        tire(f, i, tired_by_unread(tired, entry.tiring_unread))
        chosen[left], fatigue[left] = i, tired
        left += int(reads_if_rested(uniform(key, i), rate, f.roll.opens[i]))
    return left


@part
def tire(f: Frame, i: int, fatigue: float) -> None:
    """Note how tired customer i is today."""
    f.roll.fatigue[i] = fatigue
    f.roll.fatigue_on[i] = f.day


@part
def read_post(f: Frame, i: int, fatigue: float, key: np.uint64, row: int, kind: int) -> None:
    """Member i reads a post: it is remembered, moves trust and may stir a need, all damped by fatigue."""
    entry = f.posts[row]
    damp = left_by_fatigue(fatigue, entry.damping)
    tire(f, i, tired_after(fatigue, kind, entry))
    remember(f, i, entry.salience * damp)
    trust_content(f, i, damp, kind, entry)
    meet(f, i, entry.place)
    note_read(f, i, f.places[entry.place].pool)
    if kind == OFFER:
        stir(f, i, key, damp, row, entry)


@part
def stir(f: Frame, i: int, key: np.uint64, damp: float, row: int, entry: Records) -> None:
    """An offer is in customer i's hand, and may open a need that is partly taken from later."""
    f.bought.offer[i] = row + 1
    f.bought.offer_until[i] = offer_ends(f.day, entry.offer_days)
    felt = felt_by(f, i, entry.discount, usual_now(f, i)) if f.purchasing.on else 0.0  # else no price has a weight
    chance = stirred(f.roll.need_rate[i], felt, damp, entry.stirred_days, entry.stirred_days_felt)
    if uniform(word(key, STIR), i) < chance:
        delay = uniform(word(key, STIR_DELAY), i)
        open_need(f, i, 1, days_to_use(delay, entry.offer_days, f.purchasing.open_days, entry.used_late))
        owe(f, i, owed_after(debt_of(f, i), entry.repaid))


@step
def pay_for_posts(f: Frame) -> None:
    """Pay for making today's posts."""
    for row in range(f.posts.size):
        entry = f.posts[row]
        if entry.on and f.places[entry.place].on:
            weekdays = entry.weekday_bits
            before = posted_before(f.day, entry.per_week, weekdays)
            after = posted_before(f.day + 1, entry.per_week, weekdays)
            f.tally[POSTS, entry.place] += after - before
            f.tally[CONTENT, entry.place] += added_up(entry.cost_each, before, after)


@step
def show_moments(f: Frame, first: int, last: int) -> None:
    """Staff Moments reach friends among customers first..last, members or not, and annoy nobody.

    They belong to the staff, who post as themselves: `posts: off` doesn't stop them, `moments_per_week: 0` does.

    Friend lists are drawn independently, so that they overlap: of how many of the staff a customer is a friend is one
    Poisson draw for all days, with mean staff x friends / customers. Of all customers 1 - exp(-mean (1 - missed)) see a
    post of somebody on a day.
    """
    for row in range(f.staff.size):
        person = f.staff[row]
        mean = friends_among_staff(person.count, person.friends, f.customers)
        missed = moments_missed(person.moments_per_week / 7.0, person.moments_seen)
        if person.on and f.places[person.serves].on and are_friends_reached(mean, missed):
            own, chance = word(person.key, FRIENDS), day_key(person.key, f.day, SEEN)
            some, none = chance_of_any(mean), math.exp(-mean)
            limit = threshold_above(some)  # those with a friend among the staff
            for lo in range(first, last, BLOCK):
                hi = min(lo + BLOCK, last)
                draw(f.flags, own, lo, hi, limit)
                n = select(f.chosen, f.flags, lo, hi)
                for i in each_of(f.chosen, n, f.mind):
                    friends = poisson_from(uniform(own, i), mean, some, none)
                    if sees_any(uniform(chance, i), friends, missed):
                        see_moments(f, i, person)
                        touch(f, i, STAFF)
                        f.tally[MOMENTS_SEEN, row] += 1


@part
def see_moments(f: Frame, i: int, person: Records) -> None:
    """Customer i sees a post of one of the staff: it is remembered, and hooks where the staff serve will ask."""
    remember(f, i, person.moments_salience)
    if f.places[person.serves].kind == POOL_KIND:  # a friend of its staff is no member yet, so is not found in the pool
        note_met(f, i, person.serves)
    else:
        meet(f, i, person.serves)
