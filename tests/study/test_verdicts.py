# ruff: noqa: E501 - an expectation and its words are one row of a table
"""Verdicts on claims, from comparisons made by hand: every number is known before the code under test sees it."""

import io
import json
import math
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from synthetic import zeros
from trafficsim import report
from trafficsim.results import Result
from trafficsim.results.intervals import Interval
from trafficsim.scenario.claims import Claim, Fact
from trafficsim.scenario.reading import Reader
from trafficsim.scenario.source import parse
from trafficsim.study import claims as judging
from trafficsim.study.claims import judge, none_open, placed
from trafficsim.study.examine import Examined
from trafficsim.study.measuring import Measures

ARMS = ("nothing", "paid", "private", "both")
LUCK = np.array([-3.0, -2.0, -1.0, 0.0, 0.0, 1.0, 2.0, 3.0])
"""Of eight replicates: mean 0, standard deviation 2, so that a mean is known within 2.3646 x 2 / sqrt(8) = 1.672."""
HALF = 1.672


def claim(expect, extra=""):
    reader = Reader(None)
    made = reader.model(Claim, parse(f"says: It works\nsource: '001'\n{extra}\nexpect: {{{expect}}}", "f"))
    assert reader.mistakes == []
    return made


def verdict(data, expect, extra=""):
    (found,) = judge(SimpleNamespace(tested={"c": claim(expect, extra)}), Result(data))
    return found


def blank(replicates=8, days=60):
    return zeros(ARMS, replicates, days)


def earning(**means):
    """Each arm's profit of the last day in CNY: its mean and the noise that all share, replicate by replicate."""
    data = blank()
    for arm, mean in means.items():
        own = np.array(mean) if np.ndim(mean) else mean + LUCK
        data["gross_sales"].loc[{"arm": arm, "place": "dining_room", "day": 59}] = np.round(own * 100).astype(int)
    return data


# Where an interval lies


@pytest.mark.parametrize(
    ("low", "high", "strictly", "expected"),
    [
        (10, 12, False, "holds"),
        (10, 12, True, "undecided"),
        (10.1, 12, True, "holds"),
        (9.9, 12, False, "undecided"),
        (5, 9.9, False, "contradicted"),
        (5, 10, False, "undecided"),
        (5, 10, True, "contradicted"),
        (10, 10, False, "holds"),
        (10, 10, True, "contradicted"),
        (10, 20, False, "holds"),
        (10, 20.1, False, "undecided"),
        (20.1, 30, False, "contradicted"),
        (5, 30, False, "undecided"),
        (math.nan, math.nan, False, "undecided"),
    ],
)
def test_an_interval_lies_inside_outside_or_across(low, high, strictly, expected):
    assert placed(Interval((low + high) / 2, low, high), 10, 20, strictly=strictly) == expected


def test_a_day_that_never_comes_lies_beyond_all_days():
    never = Interval(math.inf, math.inf, math.inf)
    assert placed(never, math.inf, math.inf) == "holds"
    assert placed(never, 0, 300) == "contradicted"
    assert placed(Interval(math.inf, 200, math.inf), math.inf, math.inf) == "undecided"
    assert placed(Interval(200, 100, 300), math.inf, math.inf) == "contradicted"


# Comparisons


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("at_least: 98", "holds"),
        ("at_least: 99", "undecided"),
        ("at_least: 101", "undecided"),
        ("at_least: 102", "contradicted"),
        ("at_most: 102", "holds"),
        ("at_most: 101", "undecided"),
        ("at_most: 98", "contradicted"),
        ("between: [98, 102]", "holds"),
        ("between: [99, 102]", "undecided"),
        ("between: [102, 110]", "contradicted"),
        ("between: [90, 98]", "contradicted"),
    ],
)
def test_a_level_or_sum_against_limits(comparison, expected):
    found = verdict(earning(private=100), f"metric: profit, arm: private, {comparison}")
    assert found.status == expected
    assert (found.measured.middle, found.measured.high) == (100, pytest.approx(100 + HALF, abs=0.001))


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("ratio_to: {arm: paid}, at_least: 1.9", "holds"),
        ("ratio_to: {arm: paid}, at_least: 2", "undecided"),
        ("ratio_to: {arm: paid}, at_most: 1.9", "contradicted"),
        ("ratio_to: {arm: paid}, between: [1.9, 2.1]", "holds"),
    ],
)
def test_a_ratio_is_that_of_means(comparison, expected):
    """Fieller's interval by hand: what (200 - 100 r)^2 <= HALF^2 (1 - r)^2 leaves of r."""
    data = earning(paid=100, private=200)
    found = verdict(data, f"metric: profit, arm: private, {comparison}")
    assert (found.status, found.what) == (expected, "ratio")
    assert found.measured.middle == 2
    ends = ((200 + HALF) / (100 + HALF), (200 - HALF) / (100 - HALF))
    assert (found.measured.low, found.measured.high) == pytest.approx(ends, abs=1e-5)


@pytest.mark.parametrize(
    ("than", "expected"),
    [
        ("{arm: paid}", "holds"),
        ("{arm: paid, by: 0.49}", "holds"),
        ("{arm: paid, by: 0.5}", "contradicted"),
        ("{arm: both}", "contradicted"),
        ("{arm: nothing}", "undecided"),
    ],
)
def test_a_difference_is_taken_under_common_luck(than, expected):
    """Half a CNY counts where both arms meet the same random numbers, though each alone is known within 1.67 only."""
    data = earning(paid=100, private=100.5, both=100.5, nothing=100.5 + LUCK[::-1])
    found = verdict(data, f"metric: profit, arm: private, more_than: {than}")
    assert (found.status, found.what) == (expected, "difference")


def test_groups_are_compared_by_their_names():
    data = blank()
    data["orders_of_segment"].loc[{"arm": "both"}] = [30, 20]
    data["customers_of_segment"].loc[{"arm": "both"}] = [10, 5]
    each = "metric: orders_of_segment.{}, per: customers_of_segment.{}, arm: both"
    more = "more_than: {{metric: orders_of_segment.{}, per: customers_of_segment.{}}}"
    hosts, neighbours = ["hosts"] * 2, ["neighbours"] * 2
    assert verdict(data, f"{each.format(*hosts)}, {more.format(*neighbours)}").status == "holds"
    assert verdict(data, f"{each.format(*neighbours)}, {more.format(*hosts)}").status == "contradicted"


@pytest.mark.parametrize(
    ("order", "expected", "what"),
    [
        ("[both, private, paid]", "holds", "private minus paid"),
        ("[both, paid, private]", "contradicted", "paid minus private"),
        ("[both, private, nothing]", "undecided", "private minus nothing"),
        ("[paid, both, nothing]", "contradicted", "paid minus both"),
    ],
)
def test_arms_in_order_are_judged_by_the_gravest_difference(order, expected, what):
    data = earning(both=130, private=120, paid=115, nothing=120 + LUCK[::-1])
    found = verdict(data, f"metric: profit, order: {order}")
    assert (found.status, found.what) == (expected, what)


def test_several_differences_share_the_confidence():
    """0.9 above paid is significant at 95 % alone, not where three differences decide."""
    slack = np.array([-1.0, 1, -1, 1, -1, 1, -1, 1])  # sd 1.069, so 95 %: 0.894, 98.3 %: 1.18
    data = earning(both=200, private=150.9 + slack, paid=np.full(8, 150.0), nothing=np.full(8, 100.0))
    assert verdict(data, "metric: profit, order: [private, paid]").status == "holds"
    assert verdict(data, "metric: profit, order: [both, private, paid, nothing]").status == "undecided"


@pytest.mark.parametrize(
    ("means", "expected"),
    [
        ({"nothing": 90, "paid": 100, "private": 110, "both": 95}, "holds"),
        ({"nothing": 90, "paid": 110, "private": 100, "both": 95}, "holds"),
        ({"nothing": 120, "paid": 100, "private": 110, "both": 95}, "contradicted"),
        ({"nothing": 90, "paid": 100, "private": 110, "both": 115}, "contradicted"),
        ({"nothing": 90, "paid": 100, "private": 110, "both": 110 + LUCK[::-1]}, "undecided"),
        ({"nothing": 120, "paid": 100, "private": 130 + LUCK * 40, "both": 125}, "undecided"),
    ],
)
def test_an_optimum_lies_inside_or_at_an_end(means, expected):
    found = verdict(earning(**means), "metric: profit, interior_optimum: [nothing, paid, private, both]")
    assert found.status == expected


@pytest.mark.parametrize(("costs", "expected"), [([30, 20, 40], "holds"), ([30, 20, 10], "contradicted")])
def test_the_best_cost_is_the_lowest(costs, expected):
    data = blank()
    for arm, cost in zip(("nothing", "paid", "both"), costs, strict=True):
        data["advertising"].loc[{"arm": arm, "place": "review_site", "day": 3}] = cost * 100 + LUCK.astype(int)
    data["first_orders"].loc[{"route": "paid", "day": 3}] = 1
    assert verdict(data, "metric: cac, interior_optimum: [nothing, paid, both]").status == expected


def overtaking(days):
    """By replicate, the day from which on `private` stays ahead of `paid` in profit; None for never."""
    data = blank(len(days))
    data["gross_sales"].loc[{"arm": "paid", "place": "dining_room", "day": 0}] = 500
    for replicate, day in enumerate(days):
        if day is not None:
            data["gross_sales"].loc[{"arm": "private", "place": "dining_room", "day": day, "replicate": replicate}] = (
                501
            )
    return data


@pytest.mark.parametrize(
    ("days", "when", "expected"),
    [
        ([20] * 8, "before: 21", "holds"),
        ([20] * 8, "before: 20", "contradicted"),
        ([20] * 8, "after: 20", "holds"),
        ([20] * 8, "after: 21", "contradicted"),
        ([20] * 8, "after: 10, before: 30", "holds"),
        ([20] * 8, "never: true", "contradicted"),
        ([None] * 8, "never: true", "holds"),
        ([None] * 8, "before: 59", "contradicted"),
        ([None] * 8, "after: 10", "contradicted"),
        ([10, 10, 10, 20, 20, 30, 30, None], "before: 25", "undecided"),
        ([10, 10, 10, 20, 20, 30, 30, None], "never: true", "undecided"),
        ([20] * 5, "before: 21", "undecided"),
    ],
)
def test_the_day_of_a_crossover(days, when, expected):
    found = verdict(overtaking(days), f"metric: profit, arm: private, crossover: {{over: paid, {when}}}")
    assert (found.status, found.what) == (expected, "day")
    assert ("no interval from" in found.note) == (len(days) < 6)


def test_levels_cross_too():
    data = blank()
    data["members"].loc[{"arm": "both", "place": "vip_group", "day": slice(30, None)}] = 7
    expect = "metric: members.vip_group, arm: both, crossover: {{over: private, {}}}"
    assert verdict(data, expect.format("after: 30, before: 31")).status == "holds"
    assert verdict(data, expect.format("before: 30")).status == "contradicted"


# No verdict, and rules that are wrong


def test_one_replicate_decides_nothing():
    found = verdict(blank(1), "metric: profit, arm: private, at_least: -5")
    assert (found.status, found.note) == ("undecided", "one replicate has no interval")


def test_a_metric_without_a_value_is_no_verdict():
    found = verdict(blank(), "metric: cac, arm: private, at_most: 400")
    assert (found.status, found.note) == ("no_value", "there is no value in any replicate")
    data = blank()
    data["first_orders"].loc[{"arm": "private", "route": "paid", "day": 3, "replicate": slice(2, None)}] = 1
    found = verdict(data, "metric: cac, arm: private, at_most: 400")
    assert (found.status, found.note) == ("no_value", "there is no value in any replicate")  # nothing was spent
    data["tools"].loc[{"arm": "private", "place": "vip_group", "day": 3}] = 100
    found = verdict(data, "metric: cac, arm: private, at_most: 400")
    assert (found.status, round(found.measured.middle, 9)) == ("holds", round(8 / 6, 9))
    data["first_orders"].loc[{"arm": "private", "route": "paid", "day": 3, "replicate": slice(1, None)}] = 0
    found = verdict(data, "metric: cac, arm: private, at_most: 400")
    assert (found.status, found.note) == ("no_value", "there is no value in any replicate")
    data["first_orders"].loc[{"arm": "private", "route": "paid", "day": 3, "replicate": 0}] = 1
    found = verdict(data, "metric: cac, arm: private, at_most: 400")
    told = "what it is divided by can't be told from 0 in 8 replicates"
    assert (found.status, found.note, math.isnan(found.measured.middle)) == ("undecided", told, True)


def test_nothing_is_not_compared_with_nothing():
    """That no member is more than no member would be contradicted by a world in which nobody joins."""
    found = verdict(blank(), "metric: members, arm: private, more_than: {arm: both}")
    assert (found.status, found.note) == ("no_value", "both are 0 in every replicate: nothing to compare")


def test_a_ratio_to_less_than_nothing_has_no_value():
    data = earning(private=100)
    data["tools"].loc[{"arm": "paid", "place": "vip_group", "day": 1}] = 9000
    found = verdict(data, "metric: profit, arm: private, ratio_to: {arm: paid}, at_most: 5")
    assert found.status == "no_value"


@pytest.mark.parametrize(
    ("level", "status", "note"),
    [
        (100, "by_construction", "more is more"),
        (50, "contradicted", "A RULE IS WRONG: this should hold by construction (more is more)"),
        (99, "undecided", ""),
    ],
)
def test_by_construction_is_no_evidence_and_its_failure_is_loud(level, status, note):
    extra = "by_construction: true\nbecause: more is more"
    found = verdict(earning(private=level), "metric: profit, arm: private, at_least: 98", extra)
    assert (found.status, found.note) == (status, note)


def test_claims_are_decided_when_none_is_open():
    claims = {
        "good": claim("metric: profit, arm: private, at_least: 98"),
        "bad": claim("metric: profit, arm: private, at_least: 102"),
    }
    assert none_open(claims)(Result(earning(private=100)))
    assert not none_open(claims)(Result(earning(private=98.5)))


# Quantities


def value(data, metric, **of):
    wanted = judging.measured(claim(f"metric: {metric}, arm: private, at_least: 0").expect).model_copy(update=of)
    return Measures(Result(data)).of(wanted).interval().middle


def test_what_adds_up_and_what_is_a_level():
    data = blank(1)
    data["orders"].loc[{"arm": "private", "place": "dining_room"}] = np.arange(60)
    data["orders"].loc[{"arm": "private", "place": "vip_group"}] = 1
    data["members"].loc[{"arm": "private", "place": "vip_group"}] = np.arange(60) * 2
    assert value(data, "orders") == sum(range(60)) + 60
    assert value(data, "orders.dining_room", day=3) == 0 + 1 + 2 + 3
    assert value(data, "orders.dining_room", window=(3, 5)) == 3 + 4
    assert value(data, "members.vip_group") == value(data, "members") == 118
    assert value(data, "members.vip_group", day=10) == 20
    assert value(data, "members.vip_group", window=(10, 20)) == 38 - 18
    assert value(data, "orders.dining_room", window=(3, 5), per="days") == 3.5
    assert value(data, "customers", window=(3, 5)) == 1000
    assert value(data, "members", day=10, per="customers") == 0.02


def test_money_is_in_currency_units():
    data = blank(1)
    data["gross_sales"].loc[{"arm": "private", "place": "dining_room", "day": 5}] = 10_000
    data["discounts"].loc[{"arm": "private", "place": "dining_room", "day": 5}] = 1_000
    data["advertising"].loc[{"arm": "private", "place": "review_site", "day": 5}] = 6_000
    data["margin_of_new"].loc[{"arm": "private", "route": "told", "day": 5}] = 8_000
    data["first_orders"].loc[{"arm": "private", "route": "told", "day": 5}] = 2
    expected = {
        "gross_sales.dining_room": 100,
        "revenue": 90,
        "profit": 30,
        "profit_last_30": 0,
        "present_value": 30,
        "spend": 60,
        "acquisition": 60,
        "cac": 30,
        "clv": 40,
        "margin_of_new.told": 80,
        "first_orders.told": 2,
        "new_customers": 2,
    }
    assert {name: value(data, name) for name in expected} == expected
    assert math.isnan(value(data, "cac", window=(6, 9)))
    assert value(data, "cac", window=(5, 6)) == 30


def test_entries_of_every_dimension():
    data = blank(1)
    at = {"arm": "private", "day": 30}
    data["joined_by"].loc[at | {"hook": "side_dish"}] = 4
    data["orders_of_cohort"].loc[at | {"cohort": "day 28"}] = 5
    data["stayed_by_hook"].loc[{"arm": "private", "hook": "side_dish"}] = 3
    data["revenue_of_segment"].loc[{"arm": "private", "segment": "hosts"}] = 700
    assert value(data, "joined_by.side_dish") == value(data, "joined_by") == 4
    assert (value(data, "orders_of_cohort.28"), value(data, "orders_of_cohort.0")) == (5, 0)
    assert value(data, "stayed_by_hook.side_dish", per="joined_by.side_dish") == 0.75
    assert value(data, "revenue_of_segment.hosts") == value(data, "revenue_of_segment") == 7


def test_uplift_by_comparison_with_others_and_with_the_same_people():
    data = blank(1)
    data["joiners"].loc[{"arm": "private"}] = 100
    data["joiner_orders"].loc[{"arm": "private"}] = 300
    data["others"].loc[{"arm": "private"}] = 900
    data["other_orders"].loc[{"arm": "private"}] = 1800
    data["joiner_orders_without"].loc[{"arm": "private"}] = 200
    names = ("naive_uplift", "naive_uplift_share", "causal_uplift", "causal_uplift_share")
    assert [value(data, name) for name in names] == pytest.approx([3 - 2, 0.5, 3 - 2, 0.5])
    data["joiner_orders_without"].loc[{"arm": "private"}] = 240
    assert [value(data, name) for name in names] == pytest.approx([1, 0.5, 0.6, 0.25])
    assert value(data, "joiner_orders", per="joiners") == 3


def test_the_top_against_the_rest():
    data = blank(1)
    data["buyers_of_segment"].loc[{"arm": "private"}] = [60, 40]
    data["revenue_of_segment"].loc[{"arm": "private"}] = [60_000, 40_000]
    data["buyers_of_top"].loc[{"arm": "private"}] = [20, 10]
    data["revenue_of_top"].loc[{"arm": "private"}] = [60_000, 40_000]
    assert value(data, "top_over_rest.fifth") == pytest.approx((600 / 20) / (400 / 80))
    assert value(data, "top_over_rest.tenth") == pytest.approx((400 / 10) / (600 / 90))
    assert math.isnan(value(blank(1), "top_over_rest.fifth"))


# Told


@pytest.mark.parametrize(
    ("expect", "words"),
    [
        ("metric: members.vip_group, arm: private, day: 60, at_least: 1000", "members.vip_group of private by day 60: at least 1,000"),
        ("metric: cac, arm: paid, window: [3, 9], at_most: 0.5", "cac of paid in days 3 to 8: at most 0.5"),
        ("metric: profit, arm: paid, per: members, between: [1, 2]", "profit per members of paid: 1 to 2"),
        ("metric: profit, arm: paid, ratio_to: {arm: both, day: 3}, at_least: 2", "profit of paid / both by day 3: at least 2"),
        ("metric: profit, arm: paid, more_than: {arm: both, by: 5}", "profit of paid more than both by 5"),
        ("metric: told, arm: paid, more_than: {metric: needs}", "told of paid more than needs"),
        ("metric: profit, order: [both, paid]", "profit: both > paid"),
        ("metric: profit, interior_optimum: [nothing, both, paid]", "profit: best between nothing and paid (nothing, both, paid)"),
        ("metric: profit, arm: both, crossover: {over: paid, before: 9}", "profit of both stays ahead of paid from a day before day 9"),
        ("metric: profit, arm: both, crossover: {over: paid, after: 3, before: 9}", "profit of both stays ahead of paid from day 3 or later before day 9"),
        ("metric: profit, arm: both, crossover: {over: paid, never: true}", "profit of both never stays ahead of paid"),
    ],
)  # fmt: skip
def test_an_expectation_in_words(expect, words):
    assert report.claims.expected(claim(expect).expect) == words


def test_json_has_no_nan_and_no_infinity():
    scenario = SimpleNamespace(
        name="s",
        title="S",
        digest="d",
        labels={},
        language="en",
        tested={
            "day": claim("metric: profit, arm: private, crossover: {over: paid, never: true}"),
            "none": claim("metric: cac, arm: private, at_most: 1"),
        },
    )
    examined = Examined(scenario, tuple(judge(scenario, Result(overtaking([None] * 8)))), 8, 1)
    day, none = json.loads(json.dumps(report.claims_json(examined), allow_nan=False))["claims"]
    assert (day["verdict"], day["measured"], day["low"], day["what"]) == ("holds", "never", "never", "day")
    assert (none["verdict"], none["measured"]) == ("no_value", None)
    assert not examined.evaluated
    assert report.summed_up([examined]) == "2 claims in 1 scenario: 1 supported, 1 no value."


# Facts


def fact(observed, expect, extra=""):
    reader = Reader(None)
    text = f"says: So many came\nsource: a paper\nobserved: {observed}\n{extra}\nexpect: {{{expect}}}"
    return reader.model(Fact, parse(text, "f")), [mistake.says for mistake in reader.mistakes]


def printed(found):
    page = Console(width=200, record=True, file=io.StringIO())
    page.print(report.claims_table(found))
    return page.export_text()


def examined(data, **tested):
    verdicts = tuple(judge(SimpleNamespace(tested=tested), Result(data)))
    labels = {"seen": "Seen", "far": "Far"}
    case = SimpleNamespace(
        title="A case", name="case", digest="", labels=labels, language="en", currency="", start=None
    )
    return Examined(case, verdicts, 8, 1)


@pytest.mark.parametrize(
    ("observed", "expect", "says"),
    [
        (90, "metric: profit, at_least: 100", "observed (90) must lie within what is expected, 100 to inf"),
        (90, "metric: profit, more_than: {arm: paid}", "expect must hold at_least, at_most, between (got more_than)"),
    ],
)
def test_a_fact_lies_within_its_own_limits(observed, expect, says):
    assert fact(observed, expect)[1] == [says]


def test_claims_of_a_world_that_misses_a_fact_are_marked():
    near, far = "metric: profit, arm: paid, between: [90, 120]", "metric: profit, arm: paid, at_least: 200"
    found = examined(
        earning(paid=100, private=150),
        seen=fact(100, near)[0],
        far=fact(250, far, "unreached: nobody knows")[0],
        wins=claim("metric: profit, arm: private, more_than: {arm: paid}"),
    )
    assert [(v.name, v.status, v.is_fact) for v in found.verdicts] == [
        ("seen", "holds", True), ("far", "contradicted", True), ("wins", "holds", False)
    ]  # fmt: skip
    assert judging.missed(found.verdicts) == ["far"]
    told = printed(found)
    assert "Checked against what was observed: 1 of 2 facts are met, 1 missed." in told
    assert told.count("told of a world that misses what was observed: Far") == 1
    assert "observed: 250; measured: 100" in told
    assert "why not: nobody knows" in told
    written = report.claims_json(found)
    assert [(each["name"], each["verdict"], each["observed"]) for each in written["facts"]] == [
        ("seen", "met", 100), ("far", "missed", 250)
    ]  # fmt: skip
    assert written["facts_missed"] == ["far"]
    assert [each["name"] for each in written["claims"]] == ["wins"]


def test_claims_of_a_world_that_meets_its_facts_are_not_marked():
    found = examined(
        earning(paid=100, private=150),
        seen=fact(100, "metric: profit, arm: paid, between: [90, 120]")[0],
        wins=claim("metric: profit, arm: private, more_than: {arm: paid}"),
    )
    assert "told of a world" not in printed(found)
    assert "1 claims in 1 scenario: 1 supported" in report.summed_up([found])
    assert report.summed_up([found]).startswith("Checked against what was observed: 1 of 1 facts are met.")
