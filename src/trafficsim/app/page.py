"""The page of the dashboard: the case and its levers at the side, the answer on top, one view below."""

import streamlit as st

from trafficsim.app import markup, side, views
from trafficsim.app.answering import answered
from trafficsim.app.question import Question, gain
from trafficsim.language import Words, words
from trafficsim.report.answer import answer
from trafficsim.results import Result
from trafficsim.scenario import ScenarioError
from trafficsim.study.equal_money import CannotEqualiseError


def show(case: str | None = None) -> None:
    """The whole page; `case` is the file or shipped case to begin with."""
    st.set_page_config(page_title="trafficsim", page_icon="🧭", layout="wide")
    st.html(markup.STYLE)
    say = words(side.language(case))
    try:
        question = side.question(case, say)
    except ScenarioError as error:
        _mistakes(error, say)
        return
    if question is None:
        st.info(say("Choose a file at the side: a scenario in YAML."))
        return
    _heading(question, say)
    try:
        result = answered(question, say)
        before = answered(question.before, say) if question.is_changed else None
    except CannotEqualiseError as error:
        st.error(str(error))
        return
    _answer(question, result, before, say)
    views.show(question, result, before, say)


def _mistakes(error: ScenarioError, say: Words) -> None:
    """The lines that the command line would print."""
    st.error(say("This can't be run as it stands:"))
    st.code(str(error), language=None, wrap_lines=True)


def _heading(question: Question, say: Words) -> None:
    st.title(question.asked.title, anchor=False)
    if question.asked.about:
        st.caption(question.asked.about)
    people = question.sample.plan(question.sample.baseline).customers
    notes = [
        say(
            "{customers:,} simulated customers, {days:,} days, {replicates} replicates",
            customers=people.count,
            days=question.asked.days,
            replicates=question.replicates,
        )
    ]
    if people.each_stands_for > 1:
        notes.append(say("each stands for {people:,} people", people=people.each_stands_for))
    st.caption(" · ".join(notes))


def _answer(question: Question, result: Result, before: Result | None, say: Words) -> None:
    sentences = answer(result)
    st.html(markup.answer(sentences))
    if before is not None:
        gains = {arm: gain(result, before, "profit", arm) for arm in result.arms}
        st.html(markup.gains(gains, result.currency, say))
    views.headline(result, say)
