"""Cached answers: moving a lever back, or changing the view, needs no new run."""

import os
from pathlib import Path

import streamlit as st

from trafficsim.app.levers import Lever, find
from trafficsim.app.question import Question
from trafficsim.compiled import is_warm
from trafficsim.results import Result
from trafficsim.scenario import Scenario, load, load_text
from trafficsim.study.retelling import retold
from trafficsim.words.language import Language, Words

KEPT = 16


def answered(question: Question, say: Words) -> Result:
    """The answer to a question; the same object for the same question, which nobody may change.

    Raises:
        CannotEqualiseError: if arms can't be made to spend the same.
    """
    waiting = say("Running …") if is_warm() else say("Compiling the rules once for this machine: about half a minute …")
    with st.spinner(waiting, show_time=True):
        return _told(question.identity, question.language, question)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _told(identity: tuple[str, int, int], language: Language | None, _question: Question) -> Result:
    del language  # by which Streamlit tells answers apart, too
    return retold(_answered(identity, _question), _question.told)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _answered(identity: tuple[str, int, int], _question: Question) -> Result:
    del identity  # what Streamlit tells questions apart by
    return _question.answer()


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def case_of(name_or_path: str, changed_on: float) -> Scenario:
    """A file or shipped case, read again once it was written to.

    Raises:
        ScenarioError: with every mistake of the file.
    """
    del changed_on
    return load(name_or_path)


def written_on(name_or_path: str) -> float:
    """When a file was last written to; 0 for a shipped case."""
    path = Path(name_or_path)
    return path.stat().st_mtime if path.is_file() else 0.0


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def case_of_text(text: str, name: str) -> Scenario:
    """A file that was handed over, which lies in no folder whose files it could name.

    Raises:
        ScenarioError: with every mistake of the text.
    """
    return load_text(text, name, folder=os.devnull)


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def levers_of(digest: str, _scenario: Scenario) -> list[Lever]:
    """All levers of a case."""
    del digest
    return find(_scenario)
