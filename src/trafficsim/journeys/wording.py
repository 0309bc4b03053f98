"""What happened, in words."""

from trafficsim.journeys.events import Event
from trafficsim.market.currencies import decimals
from trafficsim.words import rounding
from trafficsim.words.language import Words

MOST_NAMED = 3
"""Other customers who are named by their numbers; of more, only how many there are is said."""


def sentence(event: Event, currency: str, say: Words) -> str:  # noqa: C901, PLR0911, PLR0912 - a list, one line a kind
    """One event in words."""
    place, hook, count, others = event.place, event.hook, event.count, people(event.others, say)
    times = say(" ({count} times)", count=count) if count > 1 else ""
    match event.kind:
        case "first_contact":
            return say("meets the brand for the first time: {route}", route=route(event.detail, say))
        case "walked_in":
            return say("walks into {place}", place=place)
        case "noticed":
            return say("notices an advertisement: {place}", place=place)
        case "read":
            return say("reads a post: {place}", place=place) + times
        case "offer":
            return say("has an offer in hand: {place}", place=place)
        case "stirred":
            return say("an offer stirs a need") + times
        case "moments":
            return say("sees Moments of {staff}", staff=event.detail)
        case "took":
            return say("takes the hook {hook}", hook=hook)
        case "declined":
            return say("is asked by {hook}, declines", hook=hook)
        case "unheeded":
            return say("is asked by {hook}, does not heed it", hook=hook)
        case "asked":
            return say("is asked by {hook}", hook=hook)
        case "joined":
            return say("joins {place} (unit {unit}) by {hook}", place=place, unit=event.detail, hook=hook)
        case "no_room":
            return say("finds no room: {place}", place=place)
        case "acquaintance_joined":
            return say("own invitation is taken: {others}, {place}", others=others, place=place)
        case "came_back":
            return say("is won back: {place}", place=place)
        case "stayed_away":
            return say("is asked to come back to {place}, declines", place=place)
        case "forgot":
            return say("has a need, does not think of the brand") + times
        case "rival":
            return say("has a need, goes to a rival") + times
        case "made_ahead":
            return say("has a need, still has what was bought at a deal") + times
        case "ordered":
            paid = rounding.paid(rounding.fixed(event.amount, decimals(currency)), currency, say.language)
            return say("orders at {place} for {paid}", place=place, paid=paid) + times
        case "turned_away":
            return say("finds no seat at {place} ({slot})", place=place, slot=event.detail) + times
        case "told":
            return say("hears of the brand from {others}", others=others)
        case "invited":
            return say("is invited by {others} ({hook})", others=others, hook=hook)
        case "told_others":
            return say("tells {others}", others=others)
        case "invited_others":
            return say("invites {others} ({hook})", others=others, hook=hook)
        case "became":
            return say("becomes {role}", role=role(event.detail, say))
        case "ceased":
            return say("is no longer {role}", role=role(event.detail, say))
        case "quit":
            return say("leaves {place}", place=place)
        case "cared_for":
            return say("is looked after by {staff}", staff=event.detail) + times
        case "missed_care":
            return say("waits in vain for {staff}", staff=event.detail) + times
        case "removed":
            return say("is removed from {place}", place=place)
        case "folded":
            return say("silences {place} and stays in it", place=place)
        case "unfolded":
            return say("looks at {place} again", place=place)
        case "own":
            return event.detail
        case "poached":
            return say("is poached by a rival in {place}", place=place)


def people(numbers: tuple[int, ...], say: Words) -> str:
    """Other customers by their numbers, or how many they are."""
    if len(numbers) > MOST_NAMED:
        return say("{count} acquaintances", count=len(numbers))
    separator = say(", ")
    return say("customer {number}", number=separator.join(map(str, numbers)))


def route(name: str, say: Words) -> str:
    """A route of the first contact."""
    return {
        "organic": say("organic reach"),
        "paid": say("an advertisement"),
        "store": say("a store"),
        "told": say("word of mouth"),
        "invited": say("an invitation"),
        "staff": say("Moments of the staff"),
        "start": say("before the start"),
    }[name]


def role(name: str, say: Words) -> str:
    """A role."""
    return {"koc": say("a KOC"), "kol": say("a KOL"), "partner": say("a partner")}[name]
