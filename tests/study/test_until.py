"""Replicates added until an answer is decided: what looks on the way cost, and that all that is told allows for it."""

from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from scipy import stats

from synthetic import with_profit
from trafficsim.report import answer, claims_table
from trafficsim.report.claims import to_json as claims_json
from trafficsim.report.export import crossover_table, daily_table, to_csv, to_json
from trafficsim.results import Result, intervals
from trafficsim.results.stopping import Stopping
from trafficsim.scenario import load
from trafficsim.scenario.claims import Claim, Expectation, Surpassed
from trafficsim.study import compare
from trafficsim.study.claims import judge_claims
from trafficsim.study.examine import examine
from trafficsim.study.until import decided, precise

CASES = Path(__file__).parents[1] / "data" / "cases"
NEVER = 1000
"""So many replicates are never reached here."""


def profits(*each):
    """A comparison of a day, from the profit of each arm in each replicate."""
    return with_profit([np.asarray(arm)[:, None] for arm in each])


LUCK = np.array([3, -1, 2, 8, -2, 1, 4, 0, 2, 3, -3, 5, 2, 1, 6, 1])


@pytest.fixture(scope="module")
def looked():
    """A comparison that was looked at on the way, and the same replicates had they been planned."""
    result = profits(np.zeros(16), 100 * LUCK)
    return result.stopped(Stopping("decided", 1, reached=True)), result


def test_equal_arms_stop_at_once_and_are_said_to_be_equal():
    result = compare(load(CASES / "twin.yaml"), 16, 1, enough=decided)
    assert result.replicates == 16
    assert result.stopping.reached
    assert "“nothing” and “twin” earn the same in every run." in answer(result)
    assert "在每一次模拟中，“nothing”与“twin”的利润都相同。" in answer(result, language="zh")
    assert precise(0.001)(profits(LUCK, LUCK))


def test_all_that_is_told_is_wider_by_the_looks(looked):
    stopped, planned = looked
    level = intervals.at_every_look(0.95, 16)
    assert (stopped.level(), planned.level()) == (level, 0.95)
    assert stopped.level(0.9) == intervals.at_every_look(0.9, 16)
    for found, wanted in (
        (stopped.summary(), planned.summary(level)),
        (stopped.by_stage(), planned.by_stage(level)),
        (stopped.by_route(), planned.by_route(level)),
        (stopped.by_hook(), planned.by_hook(level)),
        (stopped.by_cohort(), planned.by_cohort(level)),
        (stopped.attribution(), planned.attribution(level)),
        (daily_table(stopped), daily_table(planned, level)),
        (crossover_table(stopped), crossover_table(planned, level).assign(confidence=0.95)),
    ):
        pd.testing.assert_frame_equal(found, wanted)
    assert stopped.difference("profit", "private", "nothing") == planned.difference(
        "profit", "private", "nothing", level
    )


def test_several_comparisons_share_what_may_go_wrong(looked):
    one, _ = looked
    three = one.stopped(Stopping("decided", 3))
    assert three.level() == intervals.at_every_look(1 - 0.05 / 3, 16)


def test_how_it_was_stopped_is_cached_and_told(looked, tmp_path):
    stopped, planned = looked
    stopped.save(tmp_path)
    assert Result.load(tmp_path).stopping == Stopping("decided", 1, reached=True)
    told = [
        "Replicates were added until every profit difference was decided: 16 in all.",
        "Intervals are wider for it: with 95% they hold at every look on the way.",
    ]
    assert answer(stopped)[-3:-1] == told  # what intervals cover comes last
    assert not set(told) & set(answer(planned))
    assert to_json(stopped)["stopping"] == {
        "aim": "decided", "together": 1, "share": 0.0, "reached": True,
    }  # fmt: skip
    assert to_json(planned)["stopping"] is None
    to_csv(stopped, tmp_path)
    written = pd.read_csv(tmp_path / "summary.csv")
    assert written["difference_low"].min() == pytest.approx(planned.summary(stopped.level())["difference_low"].min())


@pytest.mark.parametrize("aim", ["decided", "precise", "claims", ""])
@pytest.mark.parametrize("reached", [True, False])
def test_every_aim_has_its_sentence_in_both_languages(looked, aim, reached):
    result = looked[0].stopped(Stopping(aim, 2, 0.125, reached))
    for language in ("en", "zh"):
        aim_told, looks_told = answer(result, language=language)[-3:-1]
        assert "16" in aim_told
        assert ("12.5%" in aim_told) == (aim == "precise")
        assert "95%" in looks_told
        assert "2" in looks_told


def test_results_of_older_versions_were_planned(looked):
    data = looked[1].data.copy()
    data.attrs.pop("stopping", None)
    assert Result(data).stopping is None


def test_replicates_that_are_given_are_not_looked_at():
    case = load(CASES / "twin.yaml")
    assert compare(case, 8, 1).stopping is None
    assert compare(case, 8, 1, enough=decided, max_replicates=8).stopping is None
    own = compare(case, 8, 1, enough=lambda result: result.replicates > 8, max_replicates=NEVER)
    assert own.stopping == Stopping("", 2, reached=True)
    assert compare(case, 8, 1, enough=lambda _: False, max_replicates=12).stopping == Stopping("", 2)


def test_verdicts_on_claims_allow_for_the_looks():
    case = load("suitability").replace({"customers.count": 200})
    examined = examine(case, 8, 1, until_decided=True, max_replicates=16)
    assert (examined.stopping.aim, examined.stopping.together) == ("claims", len(case.claims))
    assert claims_json(examined)["stopping"]["together"] == len(case.claims)
    console = Console(file=StringIO(), width=200)
    console.print(claims_table(examined))
    assert "Intervals are wider for it: with 95%" in console.file.getvalue()


def test_a_verdict_is_open_that_was_clear_had_it_been_planned(looked):
    more = Expectation(metric="profit", arm="private", more_than=Surpassed(arm="nothing"))
    claims = {"more": Claim(says="more", source="here", expect=more)}
    assert [judge_claims(claims, each)[0].status for each in reversed(looked)] == ["holds", "undecided"]


@pytest.mark.slow
def test_arms_with_the_same_rules_seldom_come_out_different():
    """At any look, of 16 to 128 replicates: one run of twenty at most (docs/statistics.md has looks up to 256)."""
    runs, found = 60, 0
    for seed in range(runs):
        result = compare(
            load(CASES / "same_rules.yaml"), 16, seed, enough=decided, max_replicates=128, without_pools=False
        )
        found += result.stopping.reached
    assert found <= stats.binom.isf(0.01, runs, 0.05)
