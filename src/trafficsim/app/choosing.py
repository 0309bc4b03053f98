"""Choices that several views ask for."""

import streamlit as st

from trafficsim.results import Result
from trafficsim.words.language import Words


def two_arms(result: Result, say: Words) -> tuple[str, str]:
    """The arms that the reader wants to compare, at first the best one and what it is compared with."""
    a, b = result.headline_pair() or result.arms[:2]
    left, right = st.columns(2)
    return (
        left.selectbox(say("Arm"), result.arms, index=result.arms.index(a), key="arm"),
        right.selectbox(say("Compared with"), result.arms, index=result.arms.index(b), key="against"),
    )


def with_pool(result: Result) -> str:
    """The best arm that has a pool, where people move most; the best of all if none has."""
    ranking = result.ranking()
    return next((arm for arm in ranking if arm in result.with_pool), ranking[0])


def one_arm(result: Result, say: Words) -> str:
    """The arm whose people the reader wants to see move, at first one with a pool."""
    return st.selectbox(say("Arm"), result.arms, index=result.arms.index(with_pool(result)), key="arm")
