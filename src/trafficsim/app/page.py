"""The page of the dashboard: the case and its levers at the side, the answer on top, one view below."""

import streamlit as st

from trafficsim.app import markup, side, views
from trafficsim.app.answering import answered
from trafficsim.app.question import Question, gain
from trafficsim.app.shown import Shown
from trafficsim.report.answer import answered as told
from trafficsim.results.labelled import labelled
from trafficsim.scenario import ScenarioError
from trafficsim.study.equal_money import CannotEqualiseError
from trafficsim.words.language import Language, Words, words
from trafficsim.words.mistaken import mistake_in


def show(case: str | None = None) -> None:
    """The whole page; `case` is the file or shipped case to begin with."""
    st.set_page_config(page_title="trafficsim", page_icon=markup.ICON, layout="wide")
    st.html(markup.STYLE)
    language = side.language(case)
    say = words(language)
    try:
        question = side.question(case, language)
    except ScenarioError as error:
        _mistakes(error, language)
        return
    if question is None:
        st.info(say("Choose a file at the side: a scenario in YAML."))
        return
    _heading(question)
    try:
        result = labelled(answered(question, say))
        before = labelled(answered(question.before, say)) if question.is_changed else None
    except CannotEqualiseError as error:
        st.error(mistake_in(language, str(error)))
        return
    shown = Shown(question, result, before, language)
    _answer(shown)
    views.show(shown)


def _mistakes(error: ScenarioError, language: Language) -> None:
    """The lines that the command line would print."""
    st.error(words(language)("This can't be run as it stands:"))
    st.code(error.in_language(language), language=None, wrap_lines=True)


def _heading(question: Question) -> None:
    st.html(markup.heading(question.told.title, question.told.about))


def _answer(shown: Shown) -> None:
    st.html(markup.answer(told(shown.result, language=shown.language), shown.voice, shown.question.asked.digest))
    if shown.before is not None:
        gains = {arm: gain(shown.result, shown.before, "profit", arm) for arm in shown.result.arms}
        st.html(markup.gains(gains, shown.voice))
    views.headline(shown)
    st.caption(" · ".join(_how_run(shown.question, shown.say)))


def _how_run(question: Question, say: Words) -> list[str]:
    people = question.sample.plan(question.sample.baseline).customers
    said = [
        say("{customers} customers simulated", customers=f"{people.count:,}"),
        say("{days} days", days=f"{question.asked.days:,}"),
        say("{replicates} replicates", replicates=question.replicates),
    ]
    if people.each_stands_for > 1:
        said.insert(1, say("each stands for {people} people", people=f"{people.each_stands_for:,}"))
    return said
