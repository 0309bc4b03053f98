"""Choices that several views ask for."""

import streamlit as st

from trafficsim.language import Words
from trafficsim.results import Result


def two_arms(result: Result, say: Words) -> tuple[str, str]:
    """The arms that the reader wants to compare, at first the best one and what it is compared with."""
    a, b = result.headline_pair() or result.arms[:2]
    left, right = st.columns(2)
    return (
        left.selectbox(say("Arm"), result.arms, index=result.arms.index(a), key="arm"),
        right.selectbox(say("Compared with"), result.arms, index=result.arms.index(b), key="against"),
    )


def one_arm(result: Result, say: Words) -> str:
    """The arm that the reader wants to look at, at first the best one."""
    best, *_ = result.ranking()
    return st.selectbox(say("Arm"), result.arms, index=result.arms.index(best), key="arm")
