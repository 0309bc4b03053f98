"""The side of the page: the language, the case, its levers, any other setting, and how carefully to run."""

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from trafficsim.app import question as asking
from trafficsim.app.answering import case_of, case_of_text, levers_of, written_on
from trafficsim.app.levers import Lever, foremost
from trafficsim.app.question import Question
from trafficsim.scenario import Scenario, ScenarioError, shipped
from trafficsim.words.language import LANGUAGES, Language, Words, words
from trafficsim.words.rounding import unit

NAMES: dict[Language, str] = {"en": "English", "zh": "中文"}
OWN_FILE = ""
"""Stands in the list of cases for a file that is handed over."""
REPLICATES = (4, 8, 16, 32)
CUSTOMERS = (5_000, 20_000, 100_000, 1_000_000)


def language(case: str | None) -> Language:
    """The language that the reader chose, at first that of the case."""
    with st.sidebar:
        return st.segmented_control(
            "Language / 语言",
            LANGUAGES,
            default=_own_language(case),
            required=True,
            format_func=lambda name: NAMES[name],
            key="language",
            label_visibility="collapsed",
        )


def _own_language(case: str | None) -> Language:
    try:
        return case_of(case, written_on(case)).language if case else "en"
    except ScenarioError:
        return "en"


def question(case: str | None, language: Language) -> Question | None:
    """What is asked, from all that stands at the side; None until a file is chosen.

    Raises:
        ScenarioError: for a case, a lever or a setting that can't be used.
    """
    say = words(language)
    with st.sidebar:
        read = _case(case, say)  # whose widgets keep their values when the language changes
        if read is None:
            return None
        written = read.in_language(language)
        st.subheader(say("Levers"), anchor=False)
        levers = _Levers(read, levers_of(written.digest, written), say, unit(written.currency, language))
        few = foremost(levers.all)
        moved = {lever: levers.slider(lever) for lever in few}
        with st.expander(say("More levers")):
            moved |= levers.asked_for([lever for lever in levers.all if lever not in few])
        with st.expander(say("Change any setting")):
            by_hand = _by_hand(read, say)
        st.button(say("Reset to the file"), on_click=_reset, args=(read, levers.all), width="stretch")
        with st.expander(say("Precision")):
            replicates, customers = _care(say)
    from_levers, settings = asking.given(moved, by_hand)
    return Question(read, asking.asked(read, from_levers, settings), replicates, customers, language=language)


def _case(first: str | None, say: Words) -> Scenario | None:
    cases = [*([first] if first and first not in shipped() else []), *shipped(), OWN_FILE]
    chosen = st.selectbox(
        say("Case"),
        cases,
        index=cases.index(first) if first else cases.index("restaurant") if "restaurant" in cases else 0,
        format_func=lambda name: Path(name).stem if name else say("A file of your own …"),
        key="case",
    )
    if chosen != OWN_FILE:
        return case_of(chosen, written_on(chosen))
    file = st.file_uploader(say("Scenario file"), ["yaml", "yml", "json"], key="file", label_visibility="collapsed")
    return None if file is None else _handed_over(file.name, file.getvalue())


def _handed_over(name: str, content: bytes) -> Scenario:
    return case_of_text(content.decode("utf-8", errors="replace"), Path(name).stem)


@dataclass(frozen=True)
class _Levers:
    """All levers of a case, as the reader sees them: `unit` is that of money."""

    written: Scenario
    all: list[Lever]
    say: Words
    unit: str

    def slider(self, lever: Lever) -> float:
        """One slider; gives back the very value of the file while it is not moved."""
        number = int if lever.is_whole else float
        found = st.slider(
            lever.label(self.say, self.unit),
            number(lever.low),
            number(lever.high),
            number(lever.value),
            number(lever.step),
            format=lever.shown,
            key=_key(self.written, lever.keys[0]),
            help=f"`{lever.path}`",
        )
        return lever.value if found == number(lever.value) else found

    def asked_for(self, several: list[Lever]) -> dict[Lever, float]:
        """The levers that the reader asks for by name."""
        by_key = {lever.keys[0]: lever for lever in several}
        chosen = st.multiselect(
            self.say("Which"),
            list(by_key),
            format_func=lambda key: by_key[key].label(self.say, self.unit),
            key=_key(self.written, "more"),
            placeholder=self.say("{number} more", number=len(by_key)),
            label_visibility="collapsed",
        )
        return {by_key[key]: self.slider(by_key[key]) for key in chosen}


def _by_hand(written: Scenario, say: Words) -> str:
    return st.text_area(
        say("One line for each: path=value, or arm:path=value"),
        placeholder=f"product.quality=0.8\n{written.arms[-1]}:product.price=80",
        key=_key(written, "by hand"),
    )


def _care(say: Words) -> tuple[int, int]:
    replicates = st.select_slider(say("Replicates"), REPLICATES, asking.REPLICATES, key="replicates")
    customers = st.select_slider(
        say("Customers simulated at most"),
        CUSTOMERS,
        asking.CUSTOMERS,
        format_func=lambda number: f"{number:,}",
        key="customers",
        help=say("Of more, a sample is simulated, in which each stands for several people."),
    )
    return replicates, customers


def _key(written: Scenario, name: str) -> str:
    """A widget's name, of this case alone."""
    return f"{written.digest[:12]} {name}"


def _reset(written: Scenario, levers: list[Lever]) -> None:
    for lever in levers:
        st.session_state.pop(_key(written, lever.keys[0]), None)
    st.session_state[_key(written, "more")] = []
    st.session_state[_key(written, "by hand")] = ""
