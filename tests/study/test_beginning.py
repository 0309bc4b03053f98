"""Members on day 0, as own counts tell them."""

import pandas as pd
import pytest

from cases import RESTAURANT
from trafficsim.scenario.loading import load_text
from trafficsim.study.beginning import members_at_start
from trafficsim.study.observing import observe

RISING = [1_000 + 10 * day for day in range(42)]


def restaurant(members="", everywhere=True):
    text = RESTAURANT.read_text("utf-8").replace("bought: 0.08", "bought: 0.08" + members)
    return load_text(text.replace(", places: {vip_group: off}", "") if everywhere else text, "my")


def told(tmp_path, case=None, first="2024-01-01", **columns):
    case = case or restaurant()
    dates = pd.date_range(first, periods=42).strftime("%Y-%m-%d")
    pd.DataFrame({"date": dates, **columns}).to_csv(tmp_path / "counts.csv", index=False)
    return members_at_start(case, "both", observe(case, "both", tmp_path / "counts.csv"))


def test_members_are_those_before_the_first_week_was_added(tmp_path):
    """1,060 at its end; 70 were added in the second week, and so in the first."""
    ((found,), notes) = told(tmp_path, **{"members.vip_group": RISING})
    assert notes == ()
    assert (found.path, found.people) == ("customers.at_start.members.vip_group", 990)
    assert found.share == pytest.approx(990 / 30_000)


def test_who_joined_and_left_in_the_first_week_is_taken_as_counted(tmp_path):
    flows = {"joined.vip_group": [30] * 7 + [12] * 35, "left.vip_group": [2] * 42}
    ((found,), _) = told(tmp_path, **{"members.vip_group": RISING}, **flows)
    assert found.people == 1_060 - 7 * (30 - 2)


def test_a_pool_that_has_just_opened_had_none(tmp_path):
    assert told(tmp_path, **{"members.vip_group": [12 * (day + 1) for day in range(42)]}) == ((), ())


def test_what_the_scenario_says_holds_and_later_counts_tell_nothing(tmp_path):
    assert told(tmp_path, restaurant(", members: {vip_group: 0.01}"), **{"members.vip_group": RISING}) == ((), ())
    assert told(tmp_path, first="2024-02-01", **{"members.vip_group": RISING}) == ((), ())


def test_members_of_a_pool_that_an_arm_lacks_are_told_and_left_out(tmp_path):
    found, (note,) = told(tmp_path, restaurant(everywhere=False), **{"members.vip_group": RISING})
    assert found == ()
    assert "arms nothing, paid have no pool 'vip_group'" in note.said("en")
    assert note.said("zh") != note.said("en")
