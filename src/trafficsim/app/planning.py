"""What to do with a budget: the reader chooses levers, and a plan is looked for when it is asked for."""

from collections.abc import Mapping
from functools import partial

import streamlit as st

from trafficsim.app.answering import levers_of
from trafficsim.app.choosing import with_pool
from trafficsim.app.levers import Lever, nice
from trafficsim.app.running import Done, asked_for, tell, with_bar
from trafficsim.app.shown import Shown
from trafficsim.report.beside import of_plan
from trafficsim.study.planned import Plan
from trafficsim.study.planning import CUSTOMERS, ROUNDS, foreseen_points, plan
from trafficsim.words.mistaken import mistake_in

WORLDS = (16, 64)
"""How many plausible worlds may be asked for: as many as a reader waits for."""


def show(shown: Shown) -> None:
    """Let the reader choose an arm, its levers and a budget; tell the plan once it was looked for."""
    say, told, case = shown.say, shown.question.told, shown.question.written.digest[:12]
    arms, first = shown.result.arms, with_pool(shown.result)
    arm = shown.name_of(st.selectbox(say("Arm"), arms, index=arms.index(first), key=f"{case} arm of a plan"))
    levers = {lever.path: lever for lever in levers_of(told.digest, told) if arm in lever.arms}
    budget_at, worlds_at = st.columns(2)
    asks_for = say("Budget for the whole run ({unit})", unit=shown.voice.unit)
    budget = budget_at.number_input(asks_for, min_value=1.0, value=_spent(shown), key=f"{case} budget")
    worlds = worlds_at.selectbox(say("Plausible worlds"), WORLDS, key="worlds of a plan")
    chosen = st.multiselect(
        say("Levers to decide"),
        list(levers),
        format_func=lambda path: levers[path].label(say, shown.voice.unit),
        key=f"{case} levers {arm}",
        placeholder=say("Which"),
    )
    if not chosen:
        st.caption(say("Choose the settings that are yours to decide: a plan gives each a value within the budget."))
        return
    label = say("Look for a plan (up to {plans} tried)", plans=foreseen_points(len(chosen), ROUNDS))
    key = shown.question.identity, arm, budget, worlds, tuple(sorted(chosen))
    wanted = {path: levers[path] for path in sorted(chosen)}
    try:
        found = asked_for("plan", key, st.container(), label, partial(_planned, shown, arm, (budget, worlds), wanted))
    except ValueError as error:  # no values keep to the budget, or worlds that can't be drawn
        st.info(mistake_in(shown.language, str(error)))
        return
    if found is not None:
        tell(shown, "plan", key, lambda: of_plan(shown.retold(found), shown.language))


def _spent(shown: Shown) -> float:
    """The most that an arm spends, as a round sum."""
    return nice(max(shown.result.estimate("spend", arm).interval().middle for arm in shown.result.arms))


def _planned(shown: Shown, arm: str, size: tuple[float, int], levers: Mapping[str, Lever]) -> Plan:
    question, (budget, worlds) = shown.question, size
    ranges = {path: (lever.low, lever.high) for path, lever in levers.items()}

    def run(done: Done) -> Plan:
        return plan(
            question.asked,
            budget,
            ranges,
            arm=arm,
            uncertain=worlds,
            rounds=ROUNDS,
            customers=min(question.customers, CUSTOMERS),
            seed=question.seed,
            done=done,
        )

    return with_bar(foreseen_points(len(levers), ROUNDS), shown.say, run)
