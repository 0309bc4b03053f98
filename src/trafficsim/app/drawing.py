"""Pictures on the page: drawn once for a question and a language, and sharp at any size."""

from collections.abc import Callable

import streamlit as st
from matplotlib.axes import Axes

from trafficsim import plots
from trafficsim.app.shown import Shown

KEPT = 64
WIDTH = 760
"""Pixels of a picture: 6.8 inches in which its smallest text is as large as the page's."""


def picture(shown: Shown, name: str, draw: Callable[[], Axes]) -> None:
    """Show what `draw` draws, or which font it lacks; `name` tells the pictures of one answer apart."""
    try:
        drawn = _drawn((*shown.question.identity, name, shown.language), draw)
    except plots.NoFontError as error:
        st.warning(str(error))
        return
    st.image(drawn, width=WIDTH, alt=name)


@st.cache_data(max_entries=KEPT, show_spinner=False)
def _drawn(identity: tuple[object, ...], _draw: Callable[[], Axes]) -> str:
    del identity  # what Streamlit tells pictures apart by
    return plots.svg(_draw())
