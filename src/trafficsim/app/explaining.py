"""Why two arms differ: what each thing that they set otherwise adds, run when it is asked for."""

from functools import partial

import streamlit as st

from trafficsim.app.choosing import two_arms
from trafficsim.app.running import Done, asked_for, tell, with_bar
from trafficsim.app.shown import Shown
from trafficsim.report.beside import of_explanation
from trafficsim.study.explaining import Explanation, explain


def show(shown: Shown) -> None:
    """Let the reader choose two arms; explain the difference in profit when a button asks for it."""
    say, result = shown.say, shown.result
    if len(result.arms) < 2:
        st.info(say("This case has one arm only: there is nothing to compare it with."))
        return
    second, first = (shown.name_of(arm) for arm in two_arms(result, say))
    parts = shown.question.sample.parts_between(first, second)
    if first == second or not parts:
        st.info(say("Choose two different arms."))
        return
    key = shown.question.identity, first, second
    label = say("Explain the difference ({parts} parts)", parts=len(parts))
    found = asked_for("explain", key, st.container(), label, partial(_explained, shown, first, second))
    if found is None:
        st.caption(say("What the arms set otherwise is changed one by one, in many orders."))
    else:
        tell(shown, "explain", key, lambda: of_explanation(shown.retold(found), (), shown.language))


def _explained(shown: Shown, first: str, second: str) -> Explanation:
    question = shown.question

    def run(done: Done) -> Explanation:
        return explain(question.sample, first, second, replicates=question.replicates, seed=question.seed, done=done)

    return with_bar(question.replicates, shown.say, run)
