"""What customers and members cost and earn by where they came from, as rows of text for the report."""

import math
from typing import Any

from trafficsim.books.metrics import label, metric
from trafficsim.plots.routes import route_words
from trafficsim.report.html_page import Table
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.words import rounding

_OF_REGIONS = ("members", "orders", "store_orders", "revenue", "margin")


def origins(result: Result, confidence: float, voice: Voice) -> list[Table]:
    """The tables by route and by hook that have anybody in them, and that of routes that cost money."""
    say = voice.say
    clv = say(label(metric("clv"), discounted=result.discounted))
    each = say("order margin per joiner, discounted to day 0" if result.discounted else "order margin per joiner")
    clv, each, route, hook = (
        _per_customer(name, voice) for name in (clv, each, say("cost lines of the route"), say("hook and reward"))
    )
    ends = say(", with {confidence} intervals", confidence=f"{confidence * 100:g}%")
    routes, hooks = result.by_route(confidence), result.by_hook(confidence)
    found = [
        Table(
            (say("arm"), say("route"), say("new customers"), route, clv),
            _rows(_in_words(routes, result, voice), "route", "new_customers", "route_cost", voice),
            say("Customers by the route of their first contact") + ends,
        ),
        Table(
            (say("arm"), say("hook"), say("joined"), hook, each),
            _rows(hooks, "hook", "joined", "joiner_cost", voice),
            say("Members by the hook by which they joined")
            + ends
            + say(
                "; margins since joining, hooks not deducted, of all joiners, buyers or not: not to be compared with "
                "the CLV of new customers"
            ),
        ),
        _regions(result, confidence, voice),
        _attribution(result, confidence, voice),
    ]
    return [table for table in found if table.rows]


def _regions(result: Result, confidence: float, voice: Voice) -> Table:
    """Orders and money of the people of each region."""
    say = voice.say
    caption = say(
        "Customers by the region in which they live, with {confidence} intervals",
        confidence=f"{confidence * 100:g}%",
    )
    headings = (
        say("members of the region"),
        say("orders"),
        say("orders at stores"),
        *(voice.heading(say(name), voice.unit) for name in ("revenue", "order margin")),
    )
    rows = [
        (row["arm"], row["region"], *(_number(row, name, voice, 0) for name in _OF_REGIONS))
        for _, row in result.by_region(confidence).iterrows()
    ]
    return Table((say("arm"), say("region"), *headings), rows, caption)


def _attribution(result: Result, confidence: float, voice: Voice) -> Table:
    say, found = voice.say, _in_words(result.attribution(confidence), result, voice)
    caption = say(
        "Routes that cost money: cost per new customer as attributed and in truth, and what extra spend brings, "
        "against the arm without the route (not the baseline), with {confidence} intervals",
        confidence=f"{confidence * 100:g}%",
    )
    names = say("cost by first touch"), say("cost by last touch"), say("the route's true CAC")
    costs = [voice.heading(name, voice.unit) for name in names]
    returns = say("the route's true return on spend"), say("extra margin per extra spend")
    headings = (say("arm"), say("route"), say("arm without the route"), *costs, *returns)
    return Table(headings, [_attributed(row, voice) for _, row in found.iterrows()], caption)


def _attributed(row: Any, voice: Voice) -> tuple[str, ...]:
    money = (_number(row, name, voice, 0) for name in ("first_touch", "last_touch", "true_cac"))
    returns = (_number(row, name, voice, 2) for name in ("true_roas", "true_margin"))
    return (row["arm"], row["route"], row["without"] or rounding.UNDEFINED, *money, *returns)


def _in_words(frame: Any, result: Result, voice: Voice) -> Any:  # pandas has no types here
    return frame.assign(route=frame["route"].map(route_words(voice.say, result)))


def _rows(frame: Any, by: str, counted: str, cost: str, voice: Voice) -> list[tuple[str, ...]]:
    some = frame[frame[counted] > 0]
    return [
        (row["arm"], row[by], count, _number(row, cost, voice, 0), _number(row, "clv", voice, 0))
        for (_, row), count in zip(some.iterrows(), voice.counts(some[counted]), strict=True)
    ]


def _per_customer(name: str, voice: Voice) -> str:
    return voice.heading(name, voice.say("{currency} per customer", currency=voice.unit))


def _number(row: Any, name: str, voice: Voice, places: int) -> str:
    """A number with its interval, alone where that has no width; a dash where there is no number.

    It has so many decimals, or more where it would have less than three digits: 1,939, but 3.60.
    """
    told = [float(row[f"{name}{end}"]) for end in ("", "_low", "_high")]
    if math.isnan(told[0]):
        return rounding.UNDEFINED
    middle, low, high = (rounding.fixed(value, max(places, rounding.decimals(told[:1]))) for value in told)
    if low in {rounding.UNDEFINED, middle} and high in {rounding.UNDEFINED, middle}:
        return middle
    return voice.say("{mean} ({low} to {high})", mean=middle, low=low, high=high)
