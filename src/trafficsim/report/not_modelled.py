"""What a comparison leaves out: mechanisms that its scenario doesn't use, and what the model has no idea of at all."""

from collections.abc import Callable, Iterable

from trafficsim.market.places import Pool, Store
from trafficsim.report.voice import Voice
from trafficsim.scenario.schema import Plan
from trafficsim.words.language import Words


def left_out(plans: Iterable[Plan], voice: Voice) -> list[str]:
    """What no arm of this scenario holds at any time, a sentence each."""
    every = list(plans)
    pool = any(_any_place(plan, lambda place: isinstance(place, Pool)) for plan in every)
    rows = (*_UNUSED, *(_UNUSED_BY_POOLS if pool else ()))
    return [say_so(voice.say) for used, say_so in rows if not any(used(plan) for plan in every)]


def limits(voice: Voice) -> list[str]:
    """What no scenario of this model can hold, a sentence each."""
    say = voice.say
    return [
        say("One product at one list price: no assortment, no stock that runs out, no second brand of the same firm."),
        say(
            "The same people from the first day to the last: nobody moves in or away, and nobody makes new "
            "acquaintances."
        ),
        say("Rivals are a constant pull on the choice: they don't answer what the brand does."),
        say(
            "Platforms are visits, reach and prices: their ranking rules, bans and changes of policy come only as "
            "dated changes of settings."
        ),
        say("Content is a number for quality, not an idea: what a good post or a scandal does can't be foreseen."),
        say(
            "Contribution profit comes before overheads, tax and interest; setting up a shop or a team costs "
            "nothing, apart from set-up costs that the file gives."
        ),
    ]


def _any_place(plan: Plan, holds: Callable[[object], bool]) -> bool:
    return any(holds(place) for place in plan.places.values())


def _is_walked_into(place: object) -> bool:
    """Whether a place has room for so many: a store, not an online shop, which pays commission or delivers."""
    return isinstance(place, Store) and not (place.commission or place.delivery_cost)


Row = tuple[Callable[[Plan], bool], Callable[[Words], str]]
"""Whether a plan uses something, and what to say where no plan does."""
_UNUSED: tuple[Row, ...] = (
    (lambda plan: bool(plan.advertising) and plan.advertising != "off", lambda say: say("Nobody buys advertising.")),
    (
        lambda plan: _any_place(plan, lambda place: isinstance(place, Pool)),
        lambda say: say("There is no private pool."),
    ),
    (lambda plan: plan.word_of_mouth != "off", lambda say: say("Customers don't talk to each other about the brand.")),
    (
        lambda plan: plan.word_of_mouth != "off" and bool(plan.word_of_mouth.koc or plan.word_of_mouth.kol),
        lambda say: say("There are no KOC and no KOL."),
    ),
    (
        lambda plan: plan.word_of_mouth != "off" and plan.word_of_mouth.partners is not None,
        lambda say: say("No buyer becomes a partner who earns from referring others."),
    ),
    (
        lambda plan: (
            not _any_place(plan, _is_walked_into)
            or (
                plan.seating != "off" and _any_place(plan, lambda place: isinstance(place, Store) and bool(place.slots))
            )
        ),
        lambda say: say("Stores serve however many come: capacity is no limit and costs nothing."),
    ),
    (
        lambda plan: bool(
            plan.calendar.months or plan.calendar.weekdays or plan.calendar.festivals or plan.demand != 1.0
        ),
        lambda say: say("Every day is alike: no seasons, weekends or festivals."),
    ),
    (
        lambda plan: plan.product.discount_rate_per_year > 0,
        lambda say: say("Money counts alike whenever it comes: nothing is discounted to the present."),
    ),
)
_UNUSED_BY_POOLS: tuple[Row, ...] = (
    (
        lambda plan: plan.hooks != "off" and any(hook.invite for hook in plan.hooks.values()),
        lambda say: say("Members don't invite acquaintances (no fission)."),
    ),
    (lambda plan: plan.win_back != "off", lambda say: say("Nobody who left a pool is asked to come back.")),
    (
        lambda plan: _any_place(plan, lambda place: isinstance(place, Pool) and place.members_talk),
        lambda say: say("Members don't talk to each other in the pool: no belonging grows there."),
    ),
    (
        lambda plan: plan.leaving != "off" and plan.leaving.poaching > 0,
        lambda say: say("Rivals don't poach members of pools."),
    ),
)
