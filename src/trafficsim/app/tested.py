"""What was observed and what sources claim, each beside what came out here."""

import streamlit as st

from trafficsim.app import markup
from trafficsim.app.shown import Shown
from trafficsim.plots import NoFontError
from trafficsim.report.tested import tested


def show(shown: Shown) -> None:
    """Facts with a picture, then claims, as the report has them."""
    try:
        found = tested(shown.result, 0.95, shown.voice)
    except NoFontError as error:
        st.warning(str(error))
        return
    if found.strip():
        st.html(markup.of_report(found, shown.say("Facts and claims")))
    else:
        st.info(shown.say("This case names nothing that was observed, and no claims."))
