"""What is not known: the answer over plausible worlds, run when they are asked for."""

from functools import partial

import pandas as pd
import streamlit as st

from trafficsim import plots
from trafficsim.app import markup
from trafficsim.app.answering import answered
from trafficsim.app.drawing import picture
from trafficsim.app.running import Done, asked_for, with_bar
from trafficsim.app.shown import Shown
from trafficsim.report import beliefs, uncertain
from trafficsim.report.naming import in_words_of
from trafficsim.results.labelled import labelled
from trafficsim.results.uncertain import Uncertain
from trafficsim.study.weighing import UncertainError, foreseen, sensitivity
from trafficsim.words.mistaken import mistake_in

WORLDS = (64, 128, 256, 512)
"""How many may be asked for: as many as a reader waits for."""


def show(shown: Shown) -> None:
    """What plausible worlds came to, or a button that runs them; the last ones are kept for as long as the page is."""
    say = shown.say
    if len(shown.result.arms) < 2:
        st.info(say("This case has one arm only: there is nothing to compare it with."))
        return
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    worlds = left.selectbox(say("Plausible worlds"), WORLDS, key="worlds")
    key = shown.question.identity, worlds
    try:
        needs = foreseen(shown.question.sample, worlds)
    except UncertainError as error:
        st.info(mistake_in(shown.language, str(error)))
        return
    low, high = (f"{seconds:,.0f}" for seconds in (needs.seconds_low, needs.seconds_high))
    label = say("Run them ({low} to {high} s)", low=low, high=high)
    found = asked_for("unknown", key, right, label, partial(_run, shown, worlds))
    if found is not None:
        _tell(shown, found, worlds)
    else:
        st.caption(say("All assumed numbers move at once, each within its plausible range."))


def _run(shown: Shown, worlds: int) -> Uncertain:
    question = shown.question
    result = answered(question, shown.say)

    def run(done: Done) -> Uncertain:
        return sensitivity(question.sample, worlds, seed=question.seed, result=result, done=done).found

    return with_bar(worlds, shown.say, run)


def _tell(shown: Shown, found: Uncertain, worlds: int) -> None:
    say, voice = shown.say, shown.voice
    result = labelled(answered(shown.question, say).saying(uncertain=found))
    found = in_words_of(result.uncertain or found, voice)
    st.html(markup.told("", uncertain.sentences(found, voice)))
    heads = [say("interval over"), say("mean"), say("lower to upper limit")]
    of = {"best": found.best, "other": found.other, "unit": voice.unit}
    st.html(markup.told(say("Lead of “{best}” over “{other}”, {unit}, 90% intervals", **of), []))
    st.dataframe(pd.DataFrame(uncertain.beside(found, voice)).set_axis(heads, axis=1), hide_index=True)
    arms = [say("arm"), say("earns most in"), say("mean profit ({unit})", unit=voice.unit)]
    arms += [say("in its worst world ({unit})", unit=voice.unit), say("in its best world ({unit})", unit=voice.unit)]
    arms += [say("behind the best on average ({unit})", unit=voice.unit)]
    arms += [say("behind the best at most ({unit})", unit=voice.unit)]
    st.dataframe(pd.DataFrame(uncertain.arms(found, voice), columns=arms), hide_index=True)
    picture(shown, f"hinges {worlds}", lambda: plots.hinges(result, language=shown.language))
    with st.expander(say("How these worlds were made")):
        st.html(markup.told("", uncertain.notes(found, voice)))
    if rows := beliefs.rows(found, voice):
        heads = [say("uncertain number"), say("mean as drawn"), say("means within reach")]
        heads += [say("mean at which another arm earns most"), say("worlds that count there")]
        with st.expander(say("For which beliefs “{choice}” is the arm to choose", choice=found.choice.arm)):
            st.dataframe(pd.DataFrame(rows, columns=heads), hide_index=True)
