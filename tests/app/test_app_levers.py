"""Levers: found in any scenario, moved within what the scenario allows, and applied to every arm that has them."""

import pytest

from cases import read
from comparisons import shop
from trafficsim.app.levers import changes, find, foremost, nice
from trafficsim.app.question import Question, asked, gain, given
from trafficsim.results.intervals import UNKNOWN
from trafficsim.scenario import ScenarioError, load_text, shipped
from trafficsim.study.examine import sampled
from trafficsim.words.language import words

EVENT_FORBIDS = {("lin_qingxuan", "posts.malls.offers_per_week")}
"""An event stops these posts later on, which no range of day 0 can know; the reader gets the file's message."""


def lever(scenario, path, arms=None):
    found = [one for one in find(scenario) if one.path == path and arms in {None, one.arms}]
    assert len(found) == 1, [one.arms for one in found]
    return found[0]


FEW = ("restaurant", "koc_kol")
SHIPPED = [name if name in FEW else pytest.param(name, marks=pytest.mark.slow) for name in shipped()]


@pytest.mark.parametrize("name", SHIPPED)
def test_both_ends_of_every_lever_are_valid_settings(name):
    scenario = read(name)
    levers = [one for one in find(scenario) if (name, one.path) not in EVENT_FORBIDS]
    assert levers
    for one in levers:
        assert one.low <= one.value <= one.high
        assert one.low < one.high
        for end in (one.low, one.high):
            moved = scenario.replace(changes({one: end}))
            assert all(moved.settings(arm)[one.path].value == end for arm in one.arms)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_lever_moves_the_arms_that_share_its_value_and_no_other(name):
    scenario = read(name)
    for one in [one for one in find(scenario) if (name, one.path) not in EVENT_FORBIDS]:
        moved = scenario.replace(changes({one: one.low if one.value != one.low else (one.low + one.high) / 2}))
        touched = {arm for arm in scenario.arms if scenario.plan(arm) != moved.plan(arm)}
        assert touched == set(one.arms)


@pytest.mark.parametrize("name", shipped())
def test_few_levers_stand_in_front_one_of_a_kind(name):
    few = foremost(find(read(name)))
    assert 1 <= len(few) <= 6
    assert len({one.pattern for one in few}) == len(few)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_lever_of_a_case_has_a_name_of_its_own(language):
    for name in shipped():
        labels = [one.label(words(language), "CNY") for one in find(read(name))]
        assert len(set(labels)) == len(labels)


def test_the_levers_that_the_case_has_in_front():
    paths = [one.path for one in foremost(find(read("restaurant")))]
    assert paths == [
        "hooks.side_dish.worth",
        "posts.contacts.per_week",
        "advertising.review_site.budget_per_day",
        "advertising.review_site.cpm_growth_per_year",
        "word_of_mouth.tell",
        "places.vip_group.perk",
    ]


def test_where_arms_agree_the_base_is_changed():
    assert lever(shop(), "hooks.gift.worth").keys == ("hooks.gift.worth",)


def test_where_an_arm_overrides_the_arms_are_changed():
    scenario = shop({}, "dear: {hooks: off, posts: off, places: {club: off}, advertising: {feed: {cpm: 90}}}")
    assert lever(scenario, "advertising.feed.cpm", ("dear",)).keys == ("dear:advertising.feed.cpm",)
    assert lever(scenario, "advertising.feed.cpm", ("paid",)).keys == ("paid:advertising.feed.cpm",)
    assert lever(scenario, "advertising.feed.budget_per_day").keys == ("advertising.feed.budget_per_day",)


def test_a_narrow_setting_moves_over_all_that_it_may_be():
    talk = lever(shop(), "word_of_mouth.tell")
    assert (talk.low, talk.high, talk.step) == (0.0, 1.0, 0.01)


def test_a_small_share_can_be_moved_finely():
    talk = lever(shop({"word_of_mouth.tell": 0.0007}), "word_of_mouth.tell")
    assert (talk.low, talk.high, talk.step) == (0.0, 0.01, 0.0001)


def test_a_sum_moves_from_nothing_to_three_times_its_value():
    budget = lever(shop(), "advertising.feed.budget_per_day")
    assert (budget.low, budget.high) == (0.0, 300.0)


def test_a_price_is_never_nothing():
    assert lever(shop(), "product.price").low > 0


def test_posts_leave_room_for_offers_and_care():
    scenario = shop({"posts.club.offers_per_week": 1, "posts.club.care_per_week": 0.5})
    assert lever(scenario, "posts.club.per_week").low == 1.5
    assert lever(scenario, "posts.club.offers_per_week").high == 2.5


def test_a_cadence_by_weekdays_is_no_lever():
    scenario = shop({"posts.club.per_week": 0, "posts.club.weekdays": ["mon"]})
    assert "posts.club.per_week" not in {one.path for one in find(scenario)}


def test_reach_is_a_lever_of_public_places_alone():
    assert "posts.club.reach" not in {one.path for one in find(shop())}


def test_a_lever_where_the_file_has_it_changes_nothing():
    scenario = shop()
    assert changes({one: one.value for one in find(scenario)}) == {}


@pytest.mark.parametrize(("value", "shown"), [(20, "%.0f"), (12.25, "%.2f")])
def test_a_slider_shows_the_decimals_that_the_number_needs(value, shown):
    assert lever(shop({"hooks.gift.worth": value, "product.price": 1000}), "hooks.gift.worth").shown == shown


@pytest.mark.parametrize(("value", "up"), [(0.011, 0.02), (1, 1), (3, 5), (70, 100), (0, 1)])
def test_nice_numbers(value, up):
    assert nice(value) == pytest.approx(up)


def test_settings_by_hand_come_after_levers_and_may_not_contradict_them():
    scenario = shop()
    levers, by_hand = given({lever(scenario, "hooks.gift.worth"): 20.0}, "\nprivate:hooks.gift.worth=5\n\n")
    assert asked(scenario, levers, by_hand).plan("private").hooks["gift"].worth == 5


def test_a_setting_by_hand_has_the_message_of_the_command_line():
    with pytest.raises(ScenarioError, match=r"--set:1:1: hooks\.gift\.wroth: no such setting; did you mean"):
        asked(shop(), *given({}, "hooks.gift.wroth=5"))


def test_the_same_setting_twice_is_refused():
    with pytest.raises(ScenarioError, match="--set:1 sets days already"):
        given({}, "days=5\ndays=6")


def test_the_command_repeats_the_question():
    scenario = shop({"customers.count": 500})
    changed = scenario.replace({"hooks.gift.worth": 20.0, "posts.club.weekdays": [], "visits": "off"})
    question = Question(scenario, changed, 4, customers=200)
    assert question.command == (
        "trafficsim compare shop.yaml --replicates 4 --seed 1 --set customers.count=167"
        " --set hooks.gift.worth=20 --set 'posts.club.weekdays=[]' --set 'visits=\"off\"'"
        " --set customers.each_stands_for=3"
    )


def test_a_sample_keeps_the_size_of_the_market():
    people = sampled(read("restaurant"), 20_000).plan("both").customers
    assert (people.count, people.each_stands_for) == (15_000, 2)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_scenario_as_yaml_is_the_same_scenario(name):
    scenario = read(name)
    assert load_text(scenario.yaml, name, scenario.path.parent).digest == scenario.digest


def test_what_levers_gain_is_paired_with_the_case_as_it_was():
    scenario = shop({"customers.count": 200, "days": 10})
    before = Question(scenario, scenario, 3)
    dearer = scenario.replace({"places.shop.fixed_cost_per_day": 25})
    now = Question(scenario, dearer, 3)
    assert now.is_changed
    assert not before.is_changed
    assert now.before.identity == before.identity
    found = gain(now.answer(), before.answer(), "profit", "paid")
    assert (found.middle, found.low, found.high) == pytest.approx((-50, -50, -50))
    assert gain(now.answer(), before.answer(), "profit", "nobody") == UNKNOWN
