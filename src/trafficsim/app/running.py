"""Answers that take long: run when a button asks for them, with the time that is left, and kept with the page."""

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from trafficsim.app import markup
from trafficsim.app.answering import KEPT
from trafficsim.app.shown import Shown
from trafficsim.plots import NoFontError
from trafficsim.report.beside import Beside
from trafficsim.words.language import Language, Words

Found = TypeVar("Found")
Done = Callable[[int], None]
_Standing = dict[str, tuple[tuple[str, int, int], Language, Beside]]


def asked_for(kind: str, key: Hashable, at: DeltaGenerator, label: str, run: Callable[[], Found]) -> Found | None:
    """What was found for `key`, or a button that runs it: None until it was; the last ones of a `kind` are kept."""
    known: dict[Hashable, Found] = st.session_state.setdefault(f"found {kind}", {})
    if at.button(label, disabled=key in known, key=f"run {kind}"):
        known[key] = run()
        while len(known) > KEPT:
            known.pop(next(iter(known)))
    return known.get(key)


def with_bar(total: int, say: Words, run: Callable[[Done], Found]) -> Found:
    """Run what tells how many of a `total` are done, and show how far it is."""
    bar, began = st.progress(0.0, say("Running …")), time.monotonic()

    def done(many: int) -> None:
        share = min(many / total, 1.0)
        left = (time.monotonic() - began) * (1.0 / share - 1.0) if share else 0.0
        bar.progress(share, say("Running … about {seconds} s left", seconds=f"{left:,.0f}") if share else None)

    try:
        return run(done)
    finally:
        bar.empty()


def tell(shown: Shown, kind: str, key: Hashable, make: Callable[[], Beside]) -> None:
    """Show an answer as the report has it; the last of each kind goes into the report that is taken along."""
    try:
        found = _made((kind, key, shown.language), make)
    except NoFontError as error:
        st.warning(str(error))
        return
    _standing()[kind] = (shown.question.identity, shown.language, found)
    st.html(markup.of_report(found.section, found.title, heading=found.title))


def standing(shown: Shown) -> list[Beside]:
    """Answers about the question that stand on the page, in its language."""
    now = shown.question.identity, shown.language
    return [found for identity, language, found in _standing().values() if (identity, language) == now]


def _standing() -> _Standing:
    found: _Standing = st.session_state.setdefault("standing", {})
    return found


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _made(key: Hashable, _make: Callable[[], Beside]) -> Beside:
    del key  # what Streamlit tells answers apart by
    return _make()
