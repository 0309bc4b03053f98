"""What the parts of an arm's plan say, clause by clause: campaigns, hooks, cadences, teams, places and talk."""

from functools import singledispatch
from typing import Any

from pydantic.fields import FieldInfo

from trafficsim.market.places import Paid, Pool, Public, Staff, Store
from trafficsim.market.quantities import Parameters, Phrase
from trafficsim.mechanisms.advertising import Advertising
from trafficsim.mechanisms.care import Care
from trafficsim.mechanisms.hooks import Hook
from trafficsim.mechanisms.posts import Posts
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.mechanisms.tiers import Tier
from trafficsim.mechanisms.win_back import WinBack
from trafficsim.mechanisms.word_of_mouth import Koc, Kol, Partners, WordOfMouth
from trafficsim.report.voice import Voice
from trafficsim.scenario.shapes import phrase_of, unit_of

Clause = tuple[str, tuple[str, ...]]
"""Words, and the settings that they tell; "" where there is nothing to tell of these settings."""


def clauses(its: Parameters, name: str, voice: Voice, *, passed: bool = False) -> list[Clause]:
    """The clauses of a part's sentence, the main one first; `name` is what the scenario calls it.

    Main ones are worded here, several settings together; of others each says what its declaration has (`Phrase`).
    Posts are `passed` where their place may be a street.
    """
    main = _main(its, name, voice)
    if passed and isinstance(its, Posts):
        count = f"{len(its.weekdays) or its.per_week:g}"
        main[0] = (voice.say("shown or posted at “{place}” {count} times a week", place=name, count=count), main[0][1])
    return [*main, *_declared(its, voice), *_window(its, voice)]


def _declared(its: Parameters, voice: Voice) -> list[Clause]:
    """What a part is or does, then its amounts, each in the order of the declarations."""
    fields = sorted(type(its).model_fields.items(), key=lambda named: not isinstance(getattr(its, named[0]), bool))
    return [
        (_phrase(phrase, value, unit_of(field), voice) if _is_used(value, field) else "", (name,))
        for name, field in fields
        for value in (getattr(its, name),)
        if (phrase := phrase_of(field))
    ]


def _is_used(value: Any, field: FieldInfo) -> bool:
    """Whether a setting says anything: not where it is left out, or 0, unless leaving it out is something else."""
    return value is not None and (bool(value) or field.default is None)


def _phrase(phrase: Phrase, value: Any, unit: str, voice: Voice) -> str:
    """The words for a value."""
    if isinstance(value, tuple):
        value = voice.listed(f"“{name}”" for name in value)
    write = {"money": voice.price, "share": voice.percent, "probability": voice.percent}
    write["share of the price"] = voice.discount
    written = write[unit](value) if unit in write else f"{value:g}" if isinstance(value, float) else f"{value}"
    return (phrase.zh if voice.language == "zh" else phrase.en).format(value=written)


@singledispatch
def _main(its: Parameters, name: str, voice: Voice) -> list[Clause]:
    raise TypeError(f"no words for {type(its).__name__} {name} in {voice.language}")


@_main.register
def _advertising(its: Advertising, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    return [
        (
            say("advertising on “{place}” for {budget} a day", place=name, budget=voice.price(its.budget_per_day)),
            ("budget_per_day",),
        ),
        (say("at {cpm} for a thousand impressions", cpm=voice.price(its.cpm)), ("cpm",)),
        (_growth(its.cpm_growth_per_year, voice), ("cpm_growth_per_year",)),
    ]


def _growth(share: float, voice: Voice) -> str:
    if not share:
        return ""
    rate = voice.percent(abs(share))
    if share > 0:
        return voice.say("a price that rises by {rate} a year", rate=rate)
    return voice.say("a price that falls by {rate} a year", rate=rate)


@_main.register
def _hook(its: Hook, name: str, voice: Voice) -> list[Clause]:
    say, gift = voice.say, _gift(its, voice)
    if its.invite > 0:
        main = say(
            "hook “{name}”: members reached in “{at}” invite acquaintances into “{into}”, each with a chance of "
            "{chance} a day, who get {gift}",
            name=name,
            at=its.at,
            into=its.into,
            chance=voice.percent(its.invite),
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
    return [
        (main, ("at", "into", "gives", "worth", "invite")),
        (say("but the reason to join is stated vaguely") if its.reason == "vague" else "", ("reason",)),
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


@_main.register
def _posts(its: Posts, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    count = f"{len(its.weekdays) or its.per_week:g}"
    offers = f"{its.offers_per_week:g}"
    slot = say("usable only in “{slot}”", slot=its.offer_slot) if its.offer_slot and its.offers_per_week else ""
    return [
        (say("posts in “{place}”: {count} a week", place=name, count=count), ("per_week", "weekdays")),
        (_offers(its, offers, voice), ("offers_per_week", "discount")),
        (slot, ("offer_slot",)),
    ]


def _offers(posts: Posts, count: str, voice: Voice) -> str:
    if not posts.offers_per_week:
        return ""
    weeks = 1.0 / posts.offers_per_week
    if weeks > 1.0 and weeks == round(weeks):
        often = f"{weeks:g}"
        if not posts.discount:
            return voice.say("1 every {weeks} weeks an offer", weeks=often)
        discount = voice.discount(posts.discount)
        return voice.say("1 every {weeks} weeks an offer at {discount}", weeks=often, discount=discount)
    if not posts.discount:
        return voice.say("{count} of them an offer", count=count)
    return voice.say("{count} of them an offer at {discount}", count=count, discount=voice.discount(posts.discount))


@_main.register
def _audience(its: Audience, name: str, voice: Voice) -> list[Clause]:
    del its
    return [(voice.say("audience “{name}”: customers", name=name), ())]


@_main.register
def _care(its: Care, name: str, voice: Voice) -> list[Clause]:
    main = voice.say(
        "care “{name}”: {staff} look after members of “{pool}” {count} times a week each",
        name=name,
        staff=f"“{its.by}”",
        pool=its.pool,
        count=f"{its.per_week:g}",
    )
    taking = voice.say("{minutes} minutes each time", minutes=f"{its.minutes_each:g}")
    return [(main, ("pool", "by", "per_week")), (taking, ("minutes_each",))]


@_main.register
def _tier(its: Tier, name: str, voice: Voice) -> list[Clause]:
    main = voice.say("tier “{name}” for “{to}” in “{pool}”", name=name, to=its.to, pool=its.pool)
    return [(main, ("pool", "to"))]


@_main.register
def _staff(its: Staff, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    wage, moments = voice.price(its.wage_per_day), f"{its.moments_per_week:g}"
    seen = say(
        "{count} Moments posts a week to the {friends} friends each has anyway; "
        "whoever sees one counts as met in “{place}”, member or not, and its hooks reach them",
        count=moments,
        friends=f"{its.friends:,}",
        place=its.serves,
    )
    return [
        (
            say("“{name}”: {count} at work for “{place}”", name=name, count=f"{its.count:,}", place=its.serves),
            ("count", "serves"),
        ),
        (
            say("labour at {wage} a day each", wage=wage) if its.wage_per_day else say("no labour cost"),
            ("wage_per_day",),
        ),
        (seen if its.moments_per_week and its.friends else "", ("moments_per_week", "friends")),
    ]


@_main.register
def _pool(its: Pool, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    form = {
        "group": say("groups"),
        "contact": say("one-to-one contacts"),
        "account": say("a followed account"),
        "app": say("an app or mini-program"),
        "sms": say("text messages"),
        "phone": say("telephone calls"),
    }[its.form]
    if name.lower().rstrip("s") == form.rstrip("s"):  # a group called “group”
        return [(say("pool “{name}”", name=name), ("form", "kind"))]
    return [(say("pool “{name}” ({form})", name=name, form=form), ("form", "kind"))]


@_main.register
def _place(its: Public | Paid | Store, name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    kind = {
        "public": say("public platform “{name}”", name=name),
        "paid": say("paid medium “{name}”", name=name),
        "store": say("store “{name}”", name=name),
    }[its.kind]
    if its.kind == "store" and name.lower() == say("store"):  # a store called “store”
        kind = say("store")
    return [(kind, ("kind",))]


@_main.register
def _word_of_mouth(its: WordOfMouth, _name: str, voice: Voice) -> list[Clause]:
    say = voice.say
    if its.who == "buyers":
        return [(say("satisfied buyers tell their acquaintances"), ("who",))]
    return [(say("whoever knows the brand tells acquaintances"), ("who",))]


@_main.register
def _koc(its: Koc, _name: str, voice: Voice) -> list[Clause]:
    cost = voice.price(its.cost_per_month)
    main = voice.say(
        "{share} of the loyal buyers are looked after as KOC and tell more, for {cost} each a month",
        share=voice.percent(its.share),
        cost=cost,
    )
    return [(main, ("share", "cost_per_month"))]


@_main.register
def _kol(its: Kol, _name: str, voice: Voice) -> list[Clause]:
    say, reach, cost = voice.say, voice.short(its.reach_per_day), voice.price(its.cost_per_month)
    count = say("KOL, but none at first")
    if its.count:
        text = "up to {count} KOL, picked every four weeks among those with at least {orders} orders"
        count = say(text, count=f"{its.count:,}", orders=f"{its.least_orders:,}")
    return [
        (count, ("count", "least_orders")),
        (say("each heard of by {reach} people a day", reach=reach), ("reach_per_day",)),
        (say("for {cost} each a month", cost=cost), ("cost_per_month",)),
    ]


@_main.register
def _partners(its: Partners, _name: str, voice: Voice) -> list[Clause]:
    main = voice.say(
        "{opt_in} of the repeat buyers become partners, who earn {share} of the orders that they refer",
        opt_in=voice.percent(its.opt_in),
        share=voice.percent(its.share_of_order),
    )
    return [(main, ("opt_in", "share_of_order"))]


@_main.register
def _win_back(its: WinBack, _name: str, voice: Voice) -> list[Clause]:
    main = voice.say(
        "those who left are asked once more after {days} days on average, for {cost} each",
        days=f"{its.after_days:g}",
        cost=voice.price(its.cost),
    )
    return [(main, ("after_days", "cost"))]


def _window(its: Parameters, voice: Voice) -> list[Clause]:
    if not isinstance(its, Advertising | Hook):
        return []
    return [(_days(its.from_day, its.until_day, voice), ("from_day", "until_day"))]


def _days(first: int, until: int | None, voice: Voice) -> str:
    if until is None:
        return voice.say("from {day} on", day=voice.day(first)) if first else ""
    if not first:
        return voice.say("until {day}", day=voice.day(until - 1))
    return voice.say("from {first} to {last}", first=voice.day(first), last=voice.day(until - 1))
