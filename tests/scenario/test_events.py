# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
import pytest
from scenario_texts import full, lines_of, loaded, refused

from trafficsim.scenario import load_text

EVENT = "dearer: {day: 200, set: {advertising.review_site.cpm: 75}}"


def cpms(scenario, arm):
    return [(day, plan.advertising["review_site"].cpm) for day, plan in scenario.periods(arm)]


def test_an_event_divides_the_days_in_every_arm_that_has_the_setting():
    scenario = loaded()
    assert cpms(scenario, "paid") == [(0, 60), (200, 75)]
    (_, before), (day, after) = scenario.periods("private")
    assert (day, before, after.advertising) == (200, after, "off")
    assert scenario.plan("paid").advertising["review_site"].cpm == 60


def test_events_add_up_in_order_of_their_days_and_take_dates():
    events = "b: {day: 2024-07-19, set: {advertising.review_site.cpm: 75}}\n  a: {day: 9, set: {advertising.review_site: {cpm: 70, notice: 0.1}}}"
    scenario = loaded((EVENT, events))
    assert cpms(scenario, "both") == [(0, 60), (9, 70), (200, 75)]
    assert scenario.periods("both")[2][1].advertising["review_site"].notice == 0.1


def test_events_of_one_day_make_one_period_and_day_0_changes_the_first():
    events = "a: {day: 0, set: {product.price: 80}}\n  b: {day: 5, set: {product.price: 81}}\n  c: {day: 5, set: {product.quality: 0.1}}"
    periods = loaded((EVENT, events)).periods("both")
    assert [(day, plan.product.price, plan.product.quality) for day, plan in periods] == [(0, 80, 0.7), (5, 81, 0.1)]


def test_sections_and_entries_can_be_switched_off_from_a_day_on():
    scenario = loaded((EVENT, "a: {day: 5, set: {hooks.side_dish: off, word_of_mouth: off, rivals.pull: 1}}"))
    plan = scenario.periods("both")[1][1]
    assert (plan.hooks, plan.word_of_mouth, plan.rivals.pull) == ({}, "off", 1)
    assert scenario.names("hooks") == ("side_dish",)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("{day: 365, set: {product.price: 1}}", "31:12: events.x.day: must be < days, 365 (got 365)"),
        ("{day: 2024-12-31, set: {product.price: 1}}", "31:12: events.x.day: must be < days, 365 (got 365)"),
        ("{day: 2023-12-31, set: {product.price: 1}}", "31:12: events.x.day: must be on or after the start, 2024-01-01 (got 2023-12-31)"),
        ("{day: -1, set: {product.price: 1}}", "31:12: events.x.day: must be >= 0 (got -1)"),
        ("{set: {product.price: 1}}", "31:3: events.x: must begin on a day, or recur: give either day, or every and on"),
        ("{day: 1}", "31:3: events.x: must change something: give set (new values) or times (factors)"),
        ("{day: 1, set: 5}", "31:20: events.x.set: must be a mapping (got 5)"),
        ("{day: 1, set: {}}", "31:20: events.x.set: must be a mapping of at least 1 entry (got an empty mapping)"),
        ("5", "31:6: events.x: must be a mapping (got 5)"),
        ("{dy: 1, set: {product.price: 1}}", "31:7: events.x.dy: unknown key; did you mean 'day'?"),
        ("{day: 1, set: {product.price: -1}}", "31:36: events.x.set.product.price: must be > 0 (got -1)"),
        ("{day: 1, set: {product: {prise: 1}}}", "31:31: events.x.set.product.prise: unknown key; did you mean 'price'?"),
        ("{day: 1, set: {product.prise: 1}}", "31:21: events.x.set.product.prise: no such setting; did you mean 'product.price'?"),
        ("{day: 1, set: {customers.count: 1}}", "31:21: events.x.set.customers.count: can't be changed by an event"),
        ("{day: 1, set: {days: 1}}", "31:21: events.x.set.days: can't be changed by an event"),
        ("{day: 1, set: {hooks.side_dish.at: review_site}}", "31:21: events.x.set.hooks.side_dish.at: can't be changed by an event"),
        ("{day: 1, set: {hooks.side_dish: {at: review_site}}}", "31:39: events.x.set.hooks.side_dish.at: can't be changed by an event"),
        ("{day: 1, set: {places.vip_group: off}}", "31:21: events.x.set.places.vip_group: a place can't vanish; set its shut: true, for a time or for good"),
        ("{day: 1, set: {posts.vip_group.offers_per_week: 4}}", "31:21: events.x.set.posts.vip_group: offers_per_week and care_per_week together can't exceed the posts of a week"),
    ],
)  # fmt: skip
def test_mistakes_in_events_have_positions(event, expected):
    assert lines_of(full((EVENT, f"x: {event}"))) == [f"f.yaml:{expected}"]


def test_a_setting_that_no_arm_has_is_a_mistake_unless_it_was_switched_off_by_hand():
    text = full(
        ("word_of_mouth: {tell: 0.03, trust_passed: 0.15}\n", ""),
        ("{advertising.review_site.cpm: 75}", "{word_of_mouth.tell: 1}"),
    )
    assert lines_of(text) == ["f.yaml:30:28: events.dearer.set.word_of_mouth.tell: word_of_mouth is off in every arm"]
    assert refused(loaded(), {"advertising": "off"}) == []
    assert refused(loaded(), {"paid:advertising": "off", "both:advertising": "off"}) == []


def test_shortened_by_hand_later_events_never_come_and_a_note_says_so():
    scenario = loaded().replace({"days": 90})
    assert len(scenario.periods("paid")) == 1
    assert scenario.notes() == ["Event 'dearer' on day 200 lies beyond the 90 days and never comes."]
    assert load_text(scenario.text, "f").days == 90
    assert refused(loaded(), {"events.dearer.day": 400}) == [
        "--set:1:19: events.dearer.day: must be < days, 365 (got 400)"
    ]
