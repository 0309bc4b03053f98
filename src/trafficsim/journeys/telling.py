"""A journey told: sentences about the whole, and a table for a terminal."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from trafficsim.journeys.events import Event
from trafficsim.journeys.wording import sentence
from trafficsim.market.currencies import decimals
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.language import Words

if TYPE_CHECKING:
    from trafficsim.journeys.two_worlds import Journey


def who(journey: Journey, say: Words) -> str:
    """Who the customer is."""
    p = journey.profile
    parts = [
        say("segment {segment}", segment=label(journey, p.segment)),
        say("fit {fit}", fit=rounding.fixed(p.fit, 2)),
        say("deal proneness {deal}", deal=rounding.fixed(p.deal_prone, 2)),
    ]
    if math.isfinite(p.days_between_needs):
        parts.append(say("a need every {days} days", days=rounding.short(p.days_between_needs)))
    if p.acquaintances is not None:
        parts.append(say("{count} acquaintances", count=p.acquaintances))
    if p.orders:
        parts.append(say("has bought before"))
    else:
        parts.append(say("knows the brand") if p.knew else say("does not know the brand yet"))
    inside = journey.tracks[journey.arms[0]].member_at_start
    parts += [say("is a member of {pool}", pool=label(journey, pool)) for pool in inside]
    return say("Customer {number}: {what}.", number=journey.customer, what=say(", ").join(parts))


def parting(journey: Journey, say: Words) -> str:
    """Where the two worlds part."""
    a, b = (label(journey, arm) for arm in journey.arms)
    if journey.parts_on is None:
        return say("“{a}” and “{b}” never part for this customer in {days} days.", a=a, b=b, days=journey.scenario.days)
    day = journey.parts_on
    return say("“{a}” and “{b}” part on day {day} ({date}).", a=a, b=b, day=day, date=journey.date(day))


def outcome(journey: Journey, arm: str, say: Words) -> str:
    """What has come of the customer by the end in one arm."""
    count = journey.orders(arm)
    currency = journey.scenario.currency
    paid = rounding.paid(rounding.fixed(journey.paid(arm), decimals(currency)), currency, say.language)
    pools = say(", ").join(label(journey, pool) for pool in journey.pools(arm)) or say("no pool")
    shown = label(journey, arm)
    return say(
        "In “{arm}”: {count} orders for {paid}; at the end in {pools}.", arm=shown, count=count, paid=paid, pools=pools
    )


def unseen(say: Words) -> str:
    """What columns can't show."""
    return say(
        "Not listed: platforms opened, and advertisements or posts shown, without being noticed; of several "
        "acquaintances who spoke on one day, all but the last."
    )


def cells(journey: Journey, events: tuple[Event, ...], say: Words) -> list[str]:
    """What happened on one day in one world, a line each."""
    return [sentence(_labelled(event, journey), journey.scenario.currency, say) for event in events]


def label(journey: Journey, name: str) -> str:
    """What something of the scenario is called where it is shown."""
    return called(name, journey.scenario.labels)


def _labelled(event: Event, journey: Journey) -> Event:
    detail = (
        label(journey, event.detail)
        if event.kind in {"moments", "turned_away", "cared_for", "missed_care"}
        else event.detail
    )
    return replace(event, place=label(journey, event.place), hook=label(journey, event.hook), detail=detail)


def as_text(journey: Journey, say: Words, width: int) -> str:
    """Sentences and the table; on days that are the same in both worlds, what happened is told once, across both."""
    console = Console(width=width, highlight=False)
    with console.capture() as printed:
        console.print(journey.scenario.title, style="bold", markup=False)
        lines = [who(journey, say), parting(journey, say), *(outcome(journey, arm, say) for arm in journey.arms)]
        for line in lines:
            console.print(line, markup=False)
        console.print()
        console.print(_table(journey, say))
        console.print(unseen(say), markup=False)
    return printed.get()


def _table(journey: Journey, say: Words) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), show_edge=False)
    table.add_column(say("day"), justify="right", no_wrap=True)
    table.add_column(say("date"), no_wrap=True)
    for arm in journey.arms:
        table.add_column(label(journey, arm), ratio=1)
    for day in journey.days():
        if day.day == journey.parts_on:
            table.add_row("", "", *[say("——— here they part ———")] * 2)
        left, right = (cells(journey, events, say) for events in day.events)
        right = [say("the same")] if day.same else right
        table.add_row(str(day.day), day.date.isoformat(), "\n".join(left), "\n".join(right))
    return table
