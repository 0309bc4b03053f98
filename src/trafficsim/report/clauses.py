"""What the parts of an arm's plan say, clause by clause: campaigns, hooks, cadences, teams, places and talk."""

from functools import singledispatch

from trafficsim.market.places import Paid, Pool, Public, Staff, Store
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.win_back import WinBack
from trafficsim.mechanisms.word_of_mouth import Koc, Kol, Partners, WordOfMouth
from trafficsim.report.voice import Voice

Clause = tuple[str, tuple[str, ...]]
"""Words, and the settings that they tell; "" where there is nothing to tell of these settings."""


@singledispatch
def clauses(its: Parameters, name: str, voice: Voice) -> list[Clause]:
    """The clauses of a part's sentence, the main one first; `name` is what the scenario calls it."""
    raise TypeError(f"no words for {type(its).__name__} {name} in {voice.language}")


@clauses.register
def _advertising(its: Advertising, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    return [
        (
            say("advertising on “{place}” for {budget} a day", place=name, budget=voice.price(its.budget_per_day)),
            ("budget_per_day",),
        ),
        (say("at {cpm} for a thousand impressions", cpm=voice.price(its.cpm)), ("cpm",)),
        (_growth(its.cpm_growth_per_year, voice), ("cpm_growth_per_year",)),
        _window(its, voice),
    ]


def _growth(share: float, voice: Voice) -> str:
    if not share:
        return ""
    rate = voice.percent(abs(share))
    if share > 0:
        return voice.say("a price that rises by {rate} a year", rate=rate)
    return voice.say("a price that falls by {rate} a year", rate=rate)


@clauses.register
def _hook(its: Hook, name: str, voice: Voice) -> list[Clause]:
    say, gift = voice.say, _gift(its, voice)
    if its.invite > 0:
        main = say(
            "hook “{name}”: members reached in “{at}” invite acquaintances into “{into}”, who get {gift}",
            name=name,
            at=its.at,
            into=its.into,
            gift=gift,
        )
    else:
        main = say(
            "hook “{name}”: whoever is met at “{at}” and joins “{into}” gets {gift}",
            name=name,
            at=its.at,
            into=its.into,
            gift=gift,
        )
    cost, reward = voice.price(its.cost), voice.price(its.reward)
    return [
        (main, ("at", "into", "gives", "worth")),
        (say("at a cost of {cost} each", cost=cost) if its.cost else "", ("cost",)),
        (say("a reward of {reward} for the inviter", reward=reward) if its.reward else "", ("reward",)),
        (say("with staff asking everybody there in person") if its.in_person else "", ("in_person",)),
        (say("but the reason to join is stated vaguely") if its.reason == "vague" else "", ("reason",)),
        _window(its, voice),
    ]


def _gift(hook: Hook, voice: Voice) -> str:
    say = voice.say
    kind = {
        "coupon": say("a coupon"),
        "know_how": say("know-how"),
        "gift": say("a gift"),
        "service": say("a service"),
        "cash": say("cash"),
    }[hook.gives]
    return say("{gift} worth {worth}", gift=kind, worth=voice.price(hook.worth)) if hook.worth else kind


@clauses.register
def _posts(its: Posts, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    count = f"{len(its.weekdays) or its.per_week:g}"
    offers, care = f"{its.offers_per_week:g}", f"{its.care_per_week:g}"
    slot = say("usable only in “{slot}”", slot=its.offer_slot) if its.offer_slot and its.offers_per_week else ""
    return [
        (say("posts in “{place}”: {count} a week", place=name, count=count), ("per_week", "weekdays")),
        (_offers(its, offers, voice), ("offers_per_week", "discount")),
        (slot, ("offer_slot",)),
        (say("{count} of them care, without an offer", count=care) if its.care_per_week else "", ("care_per_week",)),
        (say("each made for {cost}", cost=voice.price(its.cost_each)) if its.cost_each else "", ("cost_each",)),
    ]


def _offers(posts: Posts, count: str, voice: Voice) -> str:
    if not posts.offers_per_week:
        return ""
    if not posts.discount:
        return voice.say("{count} of them an offer", count=count)
    return voice.say("{count} of them an offer at {discount}", count=count, discount=voice.discount(posts.discount))


@clauses.register
def _staff(its: Staff, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    wage, moments = voice.price(its.wage_per_day), f"{its.moments_per_week:g}"
    seen = say("{count} Moments posts a week to {friends} friends each", count=moments, friends=f"{its.friends:,}")
    return [
        (
            say("“{name}”: {count} at work for “{place}”", name=name, count=f"{its.count:,}", place=its.serves),
            ("count", "serves"),
        ),
        (say("paid {wage} a day each", wage=wage) if its.wage_per_day else say("unpaid"), ("wage_per_day",)),
        (seen if its.moments_per_week and its.friends else "", ("moments_per_week", "friends")),
    ]


@clauses.register
def _pool(its: Pool, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    form = {
        "group": say("groups"),
        "contact": say("one-to-one contacts"),
        "account": say("a followed account"),
        "app": say("an app or mini-program"),
    }[its.form]
    perk, tools = voice.price(its.perk_cost_per_member_month), voice.price(its.tool_cost_per_day)
    return [
        (say("pool “{name}” ({form})", name=name, form=form), ("form", "kind")),
        (say("with a shop of its own") if its.shop else "", ("shop",)),
        (say("members seated first") if its.seats_first else "", ("seats_first",)),
        (say("members free to talk to each other") if its.members_talk else "", ("members_talk",)),
        (
            say("perks for {perk} a member and month", perk=perk) if its.perk_cost_per_member_month else "",
            ("perk_cost_per_member_month",),
        ),
        (say("tools for {tools} a day", tools=tools) if its.tool_cost_per_day else "", ("tool_cost_per_day",)),
    ]


@clauses.register
def _place(its: Public | Paid | Store, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    kind = {
        "public": say("public platform “{name}”", name=name),
        "paid": say("paid medium “{name}”", name=name),
        "store": say("store “{name}”", name=name),
    }[its.kind]
    off = getattr(its, "discount", 0.0)
    cut = say("everything there at {discount}", discount=voice.discount(off)) if off else ""
    return [(kind, ("kind",)), (cut, ("discount",))]


@clauses.register
def _word_of_mouth(its: WordOfMouth, _name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    if its.who == "buyers":
        return [(say("satisfied buyers tell their acquaintances"), ("who",))]
    return [(say("whoever knows the brand tells acquaintances"), ("who",))]


@clauses.register
def _koc(its: Koc, _name: str, voice: Voice) -> list[Clause]:
    cost = voice.price(its.cost_per_month)
    main = voice.say(
        "{share} of the loyal buyers are looked after as KOC and tell more, for {cost} each a month",
        share=voice.percent(its.share),
        cost=cost,
    )
    return [(main, ("share", "cost_per_month"))]


@clauses.register
def _kol(its: Kol, _name: str, voice: Voice) -> list[Clause]:
    say, reach, cost = voice.say, voice.short(its.reach_per_day), voice.price(its.cost_per_month)
    count = say("{count} KOL", count=f"{its.count:,}") if its.count else say("KOL, but none at first")
    return [
        (count, ("count",)),
        (say("each heard of by {reach} people a day", reach=reach), ("reach_per_day",)),
        (say("for {cost} each a month", cost=cost), ("cost_per_month",)),
    ]


@clauses.register
def _partners(its: Partners, _name: str, voice: Voice) -> list[Clause]:
    main = voice.say(
        "{opt_in} of the repeat buyers become partners, who earn {share} of the orders that they refer",
        opt_in=voice.percent(its.opt_in),
        share=voice.percent(its.share_of_order),
    )
    return [(main, ("opt_in", "share_of_order"))]


@clauses.register
def _win_back(its: WinBack, _name: str, voice: Voice) -> list[Clause]:
    main = voice.say(
        "those who left are asked once more after {days} days on average, for {cost} each",
        days=f"{its.after_days:g}",
        cost=voice.price(its.cost),
    )
    return [(main, ("after_days", "cost"))]


def _window(its: Advertising | Hook, voice: Voice) -> Clause:
    say, told = voice.say, ("from_day", "until_day")
    if its.until_day is None:
        return (say("from day {day} on", day=f"{its.from_day:,}") if its.from_day else ""), told
    last = f"{its.until_day - 1:,}"
    if not its.from_day:
        return say("until day {day}", day=last), told
    return say("from day {first} to day {last}", first=f"{its.from_day:,}", last=last), told
