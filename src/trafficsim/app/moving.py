"""People who move between platforms, stores and pools: as a map of a span of days, and day by day."""

import streamlit as st

from trafficsim import plots
from trafficsim.app.choosing import one_arm, with_pool
from trafficsim.app.drawing import picture
from trafficsim.app.shown import Shown
from trafficsim.engine.moves import first_days

KEPT = 16


def map_of_flows(shown: Shown) -> None:
    """Ribbons as wide as the people who moved, over the run or in four weeks of it, of an arm or against another."""
    say, result = shown.say, shown.result
    left, right = st.columns(2)
    with left:
        arm = one_arm(result, say)
    others = ["", *(name for name in result.arms if name != arm)]
    against = right.selectbox(
        say("Subtract the moves of"), others, format_func=lambda name: name or say("no other arm"), key="less"
    )
    starts = [None, *first_days(result.days)]
    window = st.select_slider(
        say("When"), starts, format_func=lambda day: say("whole run") if day is None else _span(shown, day), key="when"
    )
    picture(
        shown,
        f"flow {arm} {against} {window}",
        lambda: plots.flow_map(result, arm, window, against=against or None, language=shown.language),
    )


def _span(shown: Shown, first: int) -> str:
    starts = list(first_days(shown.result.days))
    after = starts[starts.index(first) + 1] if first != starts[-1] else shown.result.days
    return shown.say("days {first} to {last}", first=first, last=after - 1)


def days(shown: Shown) -> None:
    """The run played: dots are people, arms side by side."""
    say, result = shown.say, shown.result
    first = {with_pool(result): None, result.baseline: None}  # one, if that is the baseline
    chosen = st.multiselect(
        say("Arms to show (one or two)"), result.arms, default=list(first), key="played", max_selections=2
    )
    if not chosen:
        st.info(say("Choose one or two arms."))
        return
    st.iframe(_player((*shown.question.identity, *chosen, shown.language), chosen, shown))


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _player(identity: tuple[object, ...], _arms: list[str], _shown: Shown) -> str:
    del identity  # what Streamlit tells players apart by
    return plots.flow_player(_shown.result, _arms, language=_shown.language)
