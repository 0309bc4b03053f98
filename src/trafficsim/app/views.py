"""The views below the answer, one at a time: only what is looked at is drawn."""

import math
from collections.abc import Callable

import pandas as pd
import streamlit as st

from trafficsim import plots
from trafficsim.app import explaining, following, markup, moving, planning, taking, tested, weighing
from trafficsim.app.choosing import two_arms
from trafficsim.app.drawing import picture
from trafficsim.app.markup import Card, Tone
from trafficsim.app.shown import Shown
from trafficsim.books.metrics import Metric, MetricName, metric
from trafficsim.plots.lines import lie_together
from trafficsim.plots.sheet import capital
from trafficsim.report.answer import caveats
from trafficsim.report.differences import strategies
from trafficsim.report.drawings import lead_over_time, money_of_lead
from trafficsim.report.own_tables import own_rows
from trafficsim.report.tables import blocks
from trafficsim.results.crossover import Crossover
from trafficsim.results.intervals import Interval

IN_CARDS: tuple[MetricName, ...] = ("profit", "spend", "new_customers")
IN_TABLE = ("profit", "spend", "new_customers", "members", "orders", "cac", "clv")


def show(shown: Shown) -> None:
    """Let the reader choose a view, and draw it."""
    say = shown.say
    views: dict[str, tuple[str, Callable[[Shown], None]]] = {
        "arms": (say("Arms"), _arms),
        "growth": (say("Growth"), _growth),
        "flow": (say("Flow map"), moving.map_of_flows),
        "days": (say("People moving"), moving.days),
        "money": (say("Money"), _money),
        "why": (say("Why they differ"), explaining.show),
        "unknown": (say("What is not known"), weighing.show),
        "plan": (say("Plan a budget"), planning.show),
        "tested": (say("Facts and claims"), tested.show),
        "customer": (say("One customer"), following.show),
        "take": (say("Export"), taking.show),
    }
    chosen = st.segmented_control(
        say("View"),
        list(views),
        default="arms",
        required=True,
        format_func=lambda name: views[name][0],
        key="view",
        label_visibility="collapsed",
    )
    views[chosen or "arms"][1](shown)


def headline(shown: Shown) -> None:
    """The best arm in four numbers, each beside the arm that it is compared with."""
    pair = shown.result.headline_pair()
    cards = [_card(shown, name) for name in IN_CARDS]
    if pair:
        cards.append(_crossover_card(shown, shown.result.crossover("profit", *pair)))
    st.html(markup.cards(cards))


def _crossover_card(shown: Shown, found: Crossover) -> Card:
    say = shown.say
    if found.undecided:
        return Card(say("Ahead of {arm} for good", arm=found.b), say("undecided"), "")
    day = found.on(found.day, shown.language)
    limits = ""
    if not math.isnan(found.low):
        low, high = (found.on(limit, shown.language) for limit in (found.low, found.high))
        limits = say("95% interval {low} to {high}", low=low, high=high)
    return Card(say("Ahead of {arm} in the median run from", arm=found.b), day, limits)


def _card(shown: Shown, name: MetricName) -> Card:
    result, entry, voice = shown.result, metric(name), shown.voice
    pair = result.headline_pair()
    best = pair[0] if pair else result.arms[0]
    amount = result.estimate(name, best).interval().middle
    value = voice.money(amount) if entry.unit == "money" else voice.short(amount)
    label = f"{capital(voice.say(entry.label))} · {best}"
    if not pair:
        return Card(label, value)
    apart = result.difference(name, *pair).amount
    told = voice.say("{amount} against {arm}", amount=voice.signed(apart), arm=pair[1])
    return Card(label, value, told, _tone(entry, apart))


def _tone(entry: Metric, apart: Interval) -> Tone:
    """Whether a difference is good or bad news; neither where its interval holds nothing at all."""
    if entry.better == "neither" or not (apart.low > 0 or apart.high < 0):
        return "quiet"
    return "good" if (apart.middle > 0) == (entry.better == "more") else "bad"


def _arms(shown: Shown) -> None:
    result, say = shown.result, shown.say
    told = {block.name: block for block in blocks(result, language=shown.language)}
    st.html(markup.table_of_arms([told[name] for name in IN_TABLE], result, say))
    st.caption(
        say("Mean and half-width of its 95% interval; below it the difference to the baseline. Random variation only.")
    )
    draw = plots.ahead_of_baseline if lie_together(result) else plots.profit
    picture(shown, "profit", lambda: draw(result, language=shown.language))
    for warning in caveats(result, shown.language):
        st.caption(f"⚠︎ {warning}")
    with st.expander(say("What differs between the arms")):
        _differences(shown)
    if own := own_rows(result, 0.95, shown.voice):
        with st.expander(say("What own mechanisms counted")):
            headings = [say("counted"), say("arm"), say("over the run"), say("difference to the baseline")]
            st.dataframe(pd.DataFrame(own, columns=headings), hide_index=True)


def _differences(shown: Shown) -> None:
    found = strategies(shown.result, shown.voice)
    for arms, sentences in found.has.items():
        st.html(markup.told(shown.voice.listed(arms), sentences))
    for arm, lacking in found.lacks.items():
        if lacking:
            st.html(markup.told(arm, [lacking]))
    if found.changes:
        st.html(markup.told(shown.say("Dated changes"), found.changes))


def _growth(shown: Shown) -> None:
    result = shown.result
    picture(shown, "new_customers", lambda: plots.growth(result, "new_customers", language=shown.language))
    if result.with_pool:
        picture(shown, "members", lambda: plots.growth(result, "members", language=shown.language))
    if result.headline_pair():
        picture(shown, "difference", lambda: lead_over_time(result, shown.voice))


def _money(shown: Shown) -> None:
    result, say = shown.result, shown.say
    if len(result.arms) < 2:
        st.info(say("This case has one arm only: there is nothing to compare it with."))
        return
    a, b = two_arms(shown.result, say)
    if a == b:
        st.info(say("Choose two different arms."))
        return
    picture(shown, f"money {a} {b}", lambda: money_of_lead(result, shown.voice, (a, b)))
