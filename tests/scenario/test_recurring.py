# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
"""Events that end or recur: on which days they are in force, what they change then, and that all is as before afterwards."""

import datetime as dt

import pytest
from scenario_texts import full, lines_of, loaded, refused

from trafficsim.scenario import load_text
from trafficsim.scenario.json_schema import json_schema
from trafficsim.scenario.source import parse
from trafficsim.study.uncertain import Changes, numbers

EVENT = "dearer: {day: 200, set: {advertising.review_site.cpm: 75}}"
ARMS = "arms:\n"


def with_events(*events, days=365, arms=""):
    return loaded((EVENT, "\n  ".join(events)), ("days: 365", f"days: {days}"), (ARMS, f"{ARMS}{arms}"))


def prices(scenario, arm="both"):
    return [(day, plan.product.price) for day, plan in scenario.periods(arm)]


def dates(scenario, changed=lambda plan: plan.product.price != 90):
    """The dates on which something is changed."""
    found, periods = [], scenario.periods("both")
    for (day, plan), (end, _) in zip(periods, [*periods[1:], (scenario.days, None)], strict=True):
        found += [scenario.start + dt.timedelta(days=d) for d in range(day, end)] if changed(plan) else []
    return [f"{date:%m-%d}" if date.year == scenario.start.year else str(date) for date in found]


@pytest.mark.parametrize(
    ("when", "days", "expected"),
    [
        ("day: 5, days: 2", 30, ["01-06", "01-07"]),
        ("day: 28, days: 9", 30, ["01-29", "01-30"]),
        ("every: year, on: 06-18", 731, ["06-18", "2025-06-18"]),
        ("every: year, on: 02-29", 800, ["02-29", "2025-02-28", "2026-02-28"]),
        ("every: year, on: 12-31, days: 3", 400, ["01-01", "01-02", "12-31", "2025-01-01", "2025-01-02"]),
        ("every: month, on: 31", 121, ["01-31", "02-29", "03-31", "04-30"]),
        ("every: month, on: 30, days: 3", 61, ["01-01", "01-30", "01-31", "02-01", "02-29", "03-01"]),
        ("every: week, on: sun", 15, ["01-07", "01-14"]),
        ("every: week, on: sun, days: 3", 10, ["01-01", "01-02", "01-07", "01-08", "01-09"]),
        ("every: year, on: 12-31", 300, []),
    ],
)  # fmt: skip
def test_an_event_is_in_force_on_its_dates_alone(when, days, expected):
    scenario = with_events(f"x: {{{when}, set: {{product.price: 80}}}}", days=days)
    assert dates(scenario) == expected
    assert load_text(scenario.text, "f").periods("both") == scenario.periods("both")


def test_february_of_a_common_year_ends_sooner_than_the_days_of_a_monthly_event():
    """Of 30 days and 3, the last day of February is the first of its three."""
    scenario = with_events("x: {every: month, on: 30, days: 3, set: {product.price: 80}}", days=70)
    assert dates(scenario)[3:] == ["02-01", "02-29", "03-01", "03-02"]


def test_factors_multiply_what_holds_else_and_values_follow_who_began_last():
    scenario = with_events(
        "dear: {day: 10, set: {product.price: 100}}",
        "sale: {day: 5, days: 20, times: {product.price: 0.9, places.dining_room.fixed_cost_per_day: 2}}",
        "club: {day: 15, days: 2, times: {product.price: 1.1}, set: {product.quality: 0.9}}",
        "gift: {day: 20, days: 10, set: {product.price: 50}}",
    )
    assert prices(scenario) == [(0, 90), (5, 81), (10, 90), (15, 99), (17, 90), (20, 45), (25, 50), (30, 100)]
    costs = [plan.places["dining_room"].fixed_cost_per_day for _, plan in scenario.periods("both")]
    assert costs == [900, 1800, 1800, 1800, 1800, 1800, 900, 900]


def test_a_factor_of_a_setting_that_the_file_leaves_to_its_default_multiplies_the_default():
    scenario = with_events("x: {day: 1, times: {rivals.pull: 2, demand: 1.5, places.vip_group.group_size: 0.5}}")
    (_, before), (_, after) = scenario.periods("both")
    assert (before.demand, after.demand, after.places["vip_group"].group_size) == (1.0, 1.5, 250)


def test_what_an_event_switches_off_is_not_multiplied_and_comes_back():
    scenario = with_events(
        "ban: {day: 3, days: 4, set: {hooks.side_dish: off, posts: off}}",
        "sale: {day: 1, days: 9, times: {hooks.side_dish.worth: 2, posts.vip_group.per_week: 2}}",
    )
    found = [
        (day, plan.hooks and plan.hooks["side_dish"].worth, plan.posts != "off" and plan.posts["vip_group"].per_week)
        for day, plan in scenario.periods("both")
    ]
    assert found == [(0, 12, 3), (1, 24, 6), (3, {}, False), (7, 24, 6), (10, 12, 3)]


def test_an_arm_changes_an_event_adds_one_and_stays_out_of_one():
    own = (
        "  other: {events: {sale: {times: {product.price: 0.5}}, ban: off, own: {day: 30, set: {product.price: 10}}}}\n"
    )
    events = (
        "sale: {day: 5, days: 2, times: {product.price: 0.9, demand: 2}}",
        "ban: {day: 9, days: 1, set: {posts: off}}",
    )
    scenario = with_events(*events, arms=own)
    assert prices(scenario, "other") == [(0, 90), (5, 45), (7, 90), (30, 10)]
    assert [plan.demand for _, plan in scenario.periods("other")] == [1, 2, 1, 1]
    assert prices(scenario) == [(0, 90), (5, 81), (7, 90), (9, 90), (10, 90)]
    again = load_text(scenario.text, "f")
    assert [again.periods(arm) for arm in again.arms] == [scenario.periods(arm) for arm in scenario.arms]
    assert again.digest == scenario.digest
    moved = scenario.replace({"events.sale.times.demand": 3, "other:events.sale.times.product.price": 0.8})
    assert (prices(moved, "other")[1], moved.periods("both")[1][1].demand) == ((5, 72), 3)
    assert moved.provenance()[-1].path.startswith("events.")
    assert refused(scenario, {"events.sale.times.product.price": 0.8}) == [
        "--set:1:1: events.sale.times.product.price: arm 'other' overrides events.sale.times.product.price; give other:events.sale.times.product.price or change the arm"
    ]


def test_a_number_of_an_event_has_a_source_with_a_range_and_moves():
    scenario = loaded(
        (EVENT, "sale: {every: month, on: 8, times: {demand: 1.5}}"),
        ("sources:", "sources:\n  events.sale.times.demand: {assumed: true, range: [1.2, 2]}"),
    )
    assert {p.path: p.range for p in scenario.provenance()}["events.sale.times.demand"] == (1.2, 2)
    assert scenario.replace({"events.sale.times.demand": 2}).periods("both")[1][1].demand == 2


def test_check_tells_the_dates():
    scenario = with_events(
        "ban: {day: 5, days: 2, set: {product.price: 80}}",
        "club: {every: month, on: 31, set: {product.price: 70}}",
        "never: {every: year, on: 12-31, set: {product.price: 60}}",
        days=182,
        arms="  other: {events: {ban: {days: 1}}}\n",
    )
    (told, own) = [note for _, note in scenario.notes_at() if "ban" in note]
    assert told == "Event 'ban' is in force 1 x: 2024-01-06 – 2024-01-07."
    assert own == "In 'other': Event 'ban' is in force 1 x: 2024-01-06."
    assert (
        "Event 'club' is in force 6 x: 2024-01-31, 2024-02-29, 2024-03-31, 2024-04-30, …, 2024-06-30."
        in scenario.notes()
    )
    assert "事件“never”在模拟的 182 天内不会发生。" in scenario.notes("zh")
    assert {where.line for where, note in scenario.notes_at() if "ban" in note} == {31, 36}


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("{every: year, on: 6-18, set: {product.price: 1}}", "31:24: events.x.on: must be a month and a day such as 06-18 (got text '6-18')"),
        ("{every: year, on: 02-30, set: {product.price: 1}}", "31:24: events.x.on: must be a month and a day such as 06-18 (got text '02-30')"),
        ("{every: year, on: 18, set: {product.price: 1}}", "31:24: events.x.on: must be a month and a day such as 06-18 (got 18)"),
        ("{every: month, on: 32, set: {product.price: 1}}", "31:25: events.x.on: must be a day of the month, 1 to 31 (got 32)"),
        ("{every: month, on: true, set: {product.price: 1}}", "31:25: events.x.on: must be a day of the month, 1 to 31 (got true)"),
        ("{every: week, on: Wednesday, set: {product.price: 1}}", "31:24: events.x.on: must be a weekday, mon, tue, wed, thu, fri, sat, sun (got text 'Wednesday'); did you mean 'wed'?"),
        ("{every: week, on: [wed], set: {product.price: 1}}", "31:24: events.x.on: must be a weekday, mon, tue, wed, thu, fri, sat, sun (got a list)"),
        ("{every: week, set: {product.price: 1}}", "31:3: events.x: every and on go together, such as every: month, on: 8"),
        ("{day: 3, on: 8, set: {product.price: 1}}", "31:3: events.x: every and on go together, such as every: month, on: 8"),
        ("{day: 3, every: week, on: wed, set: {product.price: 1}}", "31:3: events.x: must begin on a day, or recur: give either day, or every and on"),
        ("{every: month, on: 8, days: 29, set: {product.price: 1}}", "31:3: events.x: must be over before it begins again: days at most 28 every month (got 29)"),
        ("{every: day, on: 8, set: {product.price: 1}}", "31:14: events.x.every: must be 'year', 'month' or 'week' (got text 'day')"),
        ("{day: 3, days: 0, set: {product.price: 1}}", "31:21: events.x.days: must be >= 1 (got 0)"),
        ("{day: 3, times: {product.price: -1}}", "31:38: events.x.times.product.price: must be >= 0 (got -1)"),
        ("{day: 3, times: {product.price: x2}}", "31:38: events.x.times.product.price: must be a number (got text 'x2')"),
        ("{day: 3, times: {product.price: 0}}", "31:38: events.x.times.product.price: must be > 0 (got 0)"),
        ("{day: 3, times: {product.prise: 2}}", "31:23: events.x.times.product.prise: no such setting; did you mean 'product.price'?"),
        ("{day: 3, times: {customers.count: 2}}", "31:23: events.x.times.customers.count: can't be changed by an event"),
        ("{day: 3, times: {posts.vip_group: 2}}", "31:23: events.x.times.posts.vip_group: is no number to be multiplied; give a new value under set"),
        ("{day: 3, times: {places.vip_group.group_size: 1.001}}", "31:52: events.x.times.places.vip_group.group_size: must be a whole number (got 500.5)"),
    ],
)  # fmt: skip
def test_mistakes_have_positions(event, expected):
    assert lines_of(full((EVENT, f"x: {event}"))) == [f"f.yaml:{expected}"]


def test_two_values_that_begin_on_one_day_are_refused_once_and_later_ones_win():
    both = (
        "a: {every: month, on: 8, set: {product.price: 80}}",
        "b: {every: week, on: mon, days: 2, set: {product.price: 70}}",
    )
    (line,) = lines_of(full((EVENT, "\n  ".join(both))))
    assert line == "f.yaml:32:44: events.b.set.product.price: event 'a' sets product.price on day 7 already"
    later = with_events(both[0], "b: {every: year, on: 01-07, days: 4, set: {product.price: 70}}", days=20)
    assert prices(later) == [(0, 90), (6, 70), (7, 80), (8, 70), (10, 90)]


def test_an_arm_can_only_switch_off_events_that_there_are():
    (line,) = lines_of(full((ARMS, f"{ARMS}  other: {{events: {{deerer: off}}}}\n")))
    assert line == "f.yaml:34:20: arms.other.events.deerer: nothing of this name to switch off; did you mean 'dearer'?"
    (line,) = lines_of(full((ARMS, f"{ARMS}  other: {{events: 5}}\n")))
    assert line == "f.yaml:34:19: arms.other.events: must be a mapping (got 5)"


def test_a_factor_of_an_event_moves_in_plausible_worlds_where_arms_have_it():
    """An arm with a factor of its own keeps it; one that stays out of the event stays out."""
    own = "  own: {events: {sale: {times: {demand: 3}}}}\n  out: {events: {sale: off}}\n"
    scenario = loaded(
        (EVENT, "sale: {every: month, on: 8, times: {demand: 1.5}}"),
        (ARMS, f"{ARMS}{own}"),
        ("sources:", "sources:\n  events.sale.times.demand: {assumed: true, range: [1.2, 2]}"),
    )
    (moved,) = [number for number in numbers(scenario) if number.path == "events.sale.times.demand"]
    assert (moved.low, moved.high, moved.whole, moved.log) == (1.2, 2, False, False)
    world = scenario.replace(Changes(scenario, [moved])([1.8]))
    found = {arm: {plan.demand for _, plan in world.periods(arm)} for arm in ("own", "out", "both")}
    assert found == {"own": {1, 3}, "out": {1}, "both": {1, 1.8}}


def test_a_factor_of_one_changes_no_digit():
    scenario = with_events("x: {day: 1, days: 2, times: {product.price: 1}}").replace({"product.price": 90 / 7})
    assert {plan.product.price for _, plan in scenario.periods("both")} == {90 / 7}


def test_editors_know_events_and_those_of_arms():
    jsonschema = pytest.importorskip("jsonschema")
    own = "  other: {events: {sale: {times: {demand: 2}}, dearer: off, own: {day: 3, days: 2, set: {demand: 2}}}}\n"
    text = full((EVENT, f"{EVENT}\n  sale: {{every: week, on: wed, times: {{demand: 3}}}}"), (ARMS, f"{ARMS}{own}"))
    validator = jsonschema.Draft202012Validator(json_schema())
    assert list(validator.iter_errors(parse(text, "f").plain())) == []
    bad = parse(text.replace("every: week", "every: weak").replace("days: 2", "days: 0"), "f").plain()
    assert [error.json_path for error in validator.iter_errors(bad)] != []
