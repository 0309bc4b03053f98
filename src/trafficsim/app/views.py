"""The views below the answer, one at a time: only what is looked at is drawn."""

import math
from collections.abc import Callable

import streamlit as st
from matplotlib.axes import Axes
from streamlit.delta_generator import DeltaGenerator

from trafficsim import plots, rounding
from trafficsim.app import markup, taking
from trafficsim.app.shown import Shown
from trafficsim.crossover import Crossover, when
from trafficsim.metrics import metric
from trafficsim.plots.sheet import capital
from trafficsim.report.answer import caveats
from trafficsim.report.differences import strategies
from trafficsim.report.tables import blocks
from trafficsim.report.voice import Voice

IN_CARDS = ("profit", "spend", "new_customers")
IN_TABLE = ("profit", "spend", "new_customers", "members", "orders", "cac", "clv")
PICTURES_KEPT = 64
WIDTH = 760
"""Pixels of a picture: 6.8 inches in which its smallest text is as large as the page's."""


def show(shown: Shown) -> None:
    """Let the reader choose a view, and draw it."""
    say = shown.say
    views: dict[str, tuple[str, Callable[[Shown], None]]] = {
        "arms": (say("Arms"), _arms),
        "growth": (say("Growth"), _growth),
        "money": (say("Money"), _money),
        "take": (say("Take it along"), taking.show),
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
    result, pair = shown.result, shown.result.headline_pair()
    columns = st.columns(4)
    for column, name in zip(columns, IN_CARDS, strict=False):
        _card(column, shown, name)
    if pair:
        _crossover_card(columns[3], shown, result.crossover("profit", *pair))


def _crossover_card(column: DeltaGenerator, shown: Shown, found: Crossover) -> None:
    say = shown.say
    day = say("never") if math.isinf(found.day) else say("day {day}", day=when(found.day))
    limits = None
    if not math.isnan(found.low):
        low, high = (say("never") if math.isinf(limit) else when(limit) for limit in (found.low, found.high))
        limits = say("95 % interval {low} to {high}", low=low, high=high)
    label = say("Ahead of {arm} for good", arm=found.b)
    column.metric(label, day, limits, delta_color="off", delta_arrow="off", border=True)


def _card(column: DeltaGenerator, shown: Shown, name: str) -> None:
    result, entry, say = shown.result, metric(name), shown.say
    best, *_ = result.ranking()
    pair = result.headline_pair()
    amount = float(result.values(name).sel(arm=best).mean())
    voice = shown.voice
    told = voice.money(amount) if entry.unit == "money" else voice.short(amount)
    delta, colour = None, "normal"
    if pair:
        apart = result.difference(name, *pair).amount.middle
        delta = say("{amount} against {arm}", amount=rounding.short(apart, sign=True, language=shown.language), arm=pair[1])
        colour = {"more": "normal", "less": "inverse", "neither": "off"}[entry.better]
    column.metric(f"{capital(say(entry.label))} · {best}", told, delta, delta_color=colour, border=True)  # type: ignore[arg-type]


def _arms(shown: Shown) -> None:
    result, say = shown.result, shown.say
    told = {block.name: block for block in blocks(result, language=shown.language)}
    st.html(markup.table_of_arms([told[name] for name in IN_TABLE], result, say))
    st.caption(
        say("Mean ± half of the 95 % interval; below it the difference to the baseline. Luck of the draw only.")
    )
    _picture(shown, "profit", lambda: plots.profit(result, language=shown.language))
    for warning in caveats(result, shown.language):
        st.caption(f"⚠︎ {warning}")
    with st.expander(say("What differs between the arms")):
        _differences(shown)


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
    _picture(shown, "new_customers", lambda: plots.growth(result, "new_customers", language=shown.language))
    if result.uplifts():
        _picture(shown, "members", lambda: plots.growth(result, "members", language=shown.language))
    if result.headline_pair():
        _picture(shown, "difference", lambda: plots.paired_difference(result, language=shown.language))


def _money(shown: Shown) -> None:
    result, say = shown.result, shown.say
    if len(result.arms) < 2:
        st.info(say("This case has one arm only: there is nothing to compare it with."))
        return
    a, b = _two_arms(shown)
    if a == b:
        st.info(say("Choose two different arms."))
        return
    _picture(shown, f"money {a} {b}", lambda: plots.money_change(result, (a, b), language=shown.language))


def _two_arms(shown: Shown) -> tuple[str, str]:
    """The arms that the reader wants to compare, at first the best one and the baseline."""
    result, say = shown.result, shown.say
    a, b = result.headline_pair() or result.arms[:2]
    left, right = st.columns(2)
    return (
        left.selectbox(say("Arm"), result.arms, index=result.arms.index(a), key="arm"),
        right.selectbox(say("Compared with"), result.arms, index=result.arms.index(b), key="against"),
    )


def _picture(shown: Shown, name: str, draw: Callable[[], Axes]) -> None:
    st.image(_drawn((*shown.question.identity, name, shown.language), draw), width=WIDTH, alt=name)


@st.cache_data(max_entries=PICTURES_KEPT, show_spinner=False)
def _drawn(identity: tuple[object, ...], _draw: Callable[[], Axes]) -> str:
    del identity  # what Streamlit tells pictures apart by
    return plots.svg(_draw())
