"""The views below the answer, one at a time: only what is looked at is drawn."""

import io
import math
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from matplotlib.figure import Figure

from trafficsim import plots, report, rounding
from trafficsim.app import markup
from trafficsim.app.question import Question
from trafficsim.language import Language, Words
from trafficsim.metrics import METRICS, metric
from trafficsim.report.answer import LUCK_ONLY, caveats
from trafficsim.report.differences import differences
from trafficsim.report.page import html
from trafficsim.report.tables import blocks
from trafficsim.results import Result

IN_TABLE = ("profit", "spend", "new_customers", "members", "orders", "cac", "clv")


def show(question: Question, result: Result, say: Words, language: Language) -> None:
    """Let the reader choose a view, and draw it."""
    views: dict[str, tuple[str, Callable[[], None]]] = {
        "arms": (say("Arms"), lambda: _arms(result, say)),
        "growth": (say("Growth"), lambda: _growth(question, result, say)),
        "take": (say("Take it along"), lambda: _take_along(question, result, say)),
    }
    chosen = st.segmented_control(
        say("View"),
        list(views),
        default="arms",
        required=True,
        format_func=lambda name: views[name][0],
        key="view",
        label_visibility="collapsed",
    )
    views[chosen or "arms"][1]()
