"""One customer in two worlds: whom to follow, and everything that touched them, side by side."""

import streamlit as st

from trafficsim.app.choosing import two_arms
from trafficsim.app.shown import Shown
from trafficsim.journeys import Journey, NobodyError, Pick, journey
from trafficsim.report.journey_page import fragment
from trafficsim.words.language import Words
from trafficsim.words.mistaken import mistake_in

KEPT = 32


def show(shown: Shown) -> None:
    """Let the reader choose two arms and a customer, and tell the two lives."""
    say, result = shown.say, shown.result
    if len(result.arms) < 2:
        st.info(say("This case has one arm only: there is nothing to compare it with."))
        return
    left, right = (shown.name_of(arm) for arm in two_arms(result, say))
    who = _whom(shown)
    if left == right:
        st.info(say("Choose two different arms."))
        return
    with st.spinner(say("Following …")):
        try:
            found = _followed(shown.question.identity, who, (left, right), shown)
        except NobodyError as error:
            st.info(mistake_in(shown.language, str(error)))
            return
    st.html(fragment(shown.retold(found), shown.language))


def _whom(shown: Shown) -> int | Pick:
    say, people = shown.say, shown.question.sample.plan(shown.question.sample.baseline).customers
    kinds = _kinds(say)
    kind_of, number_of = st.columns([3, 1])
    kind = kind_of.selectbox(
        say("Whom to follow"), list(kinds), index=1, format_func=lambda pick: kinds[pick], key="whom"
    )
    number = number_of.number_input(say("Number"), 0, people.count - 1, 0, key="number", disabled=kind is not None)
    return int(number) if kind is None else kind


def _kinds(say: Words) -> dict[Pick | None, str]:
    """What may be looked for, in words; None stands for a number."""
    return {
        None: say("by number"),
        "apart": say("whose orders differ most between the two worlds"),
        "joiner": say("someone who joined a pool"),
        "buyer": say("someone who ordered"),
        "told": say("someone who first heard of the brand from an acquaintance"),
        "invited": say("someone who first heard of the brand by an invitation"),
        "lost": say("someone who left a pool for good"),
        "won_back": say("someone who left a pool and came back"),
    }


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _followed(identity: tuple[str, int, int], who: int | Pick, arms: tuple[str, str], _shown: Shown) -> Journey:
    del identity  # what Streamlit tells questions apart by
    return journey(_shown.question.sample, who, arms, _shown.question.seed)
