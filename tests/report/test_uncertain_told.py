"""What is told of plausible worlds, in both languages."""

import math
from dataclasses import asdict

import pytest

from synthetic import hinge, story, uncertain, unwrapped
from trafficsim import report
from trafficsim.report import beliefs
from trafficsim.report.export import to_json
from trafficsim.report.page import html
from trafficsim.report.voice import Voice
from trafficsim.results.labelled import labelled
from trafficsim.results.uncertain import Belief, OfArm


def said(language="en", **changes):
    result = story(days=60, replicates=4).saying(uncertain=uncertain(**changes))
    return result, report.answer(result, language=language)


def test_the_answer_tells_how_often_how_much_where_it_turns_and_what_to_measure():
    _, sentences = said()
    text = " ".join(sentences)
    assert "In 80% of 256 plausible worlds “private” earns most." in text
    assert "90% interval over random variation and assumptions: -900 to +4,000; over random variation" in text
    assert "alone: +800 to +1,200." in text
    assert (
        "where “Price of the product” > 120 and open_rate ≤ 0.151: there another arm earns more in 90% of worlds"
        in text
    )
    assert "Measure “Price of the product” first: knowing it before choosing is worth" in text


def test_without_a_number_worth_measuring_and_without_a_rule_the_answer_says_so():
    _, sentences = said(hinges=(hinge("leaving.hazard"),), rules=())
    text = " ".join(sentences)
    assert "No single number is worth measuring before choosing" in text
    assert "turns above all" not in text


def test_where_one_arm_always_earns_most_nothing_has_to_be_measured():
    for language, told in (
        ("en", "Nothing has to be measured before choosing: “private”"),
        ("zh", "选择之前无需再测量"),
    ):
        _, sentences = said(
            language,
            hinges=(hinge("leaving.hazard"),),
            rules=(),
            arms=(OfArm("private", 1.0, (0, 0, 0), 0.0, 0.0, 0.0, 0.0),),
        )
        assert told in " ".join(sentences)


def test_beliefs_for_which_another_arm_is_the_one_to_choose_are_told():
    text = " ".join(said()[1])
    told = (
        "“private” stays the arm to choose unless “Price of the product” is believed to be 120 or more (113 to 131) on "
        "average (as drawn 93)"
    )
    assert f"{told}: from there on “paid” earns more." in text
    text = " ".join(said(beliefs=(Belief("leaving.hazard", 0.2, (0.12, 0.28), None, "", 0.0),))[1])
    assert "unless worlds in which “paid” earns more are believed to be at least 57% of all (as drawn 20%)." in text
    assert "stays the arm to choose" not in " ".join(said(odds=None)[1])
    assert "除非认为 “产品售价” 的平均值为 120 或更高（113 至 131）（抽样中为 93）" in "".join(said("zh")[1])


@pytest.mark.usefixtures("without_pictures")
def test_the_report_tells_what_holds_without_beliefs_and_for_which():
    assert "可判断的范围内没有" in html(said()[0], language="zh")
    page = html(said()[0])
    assert "nowhere within reach" in page
    assert "“nothing” has the best worst world (profit" in page  # it earns nothing in any
    assert "“private” is never further than CNY 5,000 behind the best arm of a world" in unwrapped(page)
    assert beliefs.rows(uncertain(odds=None), Voice("en", "CNY")) == []


def test_another_arm_that_would_be_chosen_now_is_named():
    arms = (
        OfArm("private", 0.3, (0, 0, 0), 900.0, 0.0, 0.0, 0.0),
        OfArm("paid", 0.7, (0, 0, 0), 200.0, 0.0, 0.0, 0.0),
    )
    text = " ".join(said(arms=arms)[1])
    assert "More often it is “paid” (70%)" in text
    assert "loses least on average with “paid”" in text


@pytest.mark.usefixtures("without_pictures")
def test_both_languages_say_it_and_the_first_screen_shows_both_intervals():
    for language, covers in (("en", "random variation alone, as assumed"), ("zh", "仅随机波动（按现有假设）")):
        result, _ = said(language, impossible=3, because="x", failed=2)
        page = html(result, language=language)
        first_screen = page.partition("<h2>")[2].partition("<section>")[0]
        assert covers in first_screen
        assert "+800" in first_screen
        assert "4,000" in first_screen
        assert {"en": "Price of the product", "zh": "产品售价"}[language] in page


def test_json_holds_all_of_it_and_null_for_what_has_no_value():
    result, _ = said(luck=math.nan)
    told = to_json(result)["uncertain"]
    assert told["luck"] is None
    assert told["leads"][0]["worlds"] == [1100.0, -900.0, 4000.0]
    assert set(told) == set(asdict(uncertain()))


def test_labels_are_shown_instead_of_names():
    result, _ = said()
    shown = report.answer(labelled(result.saying(labels={"private": "VIP group"})))
    assert "In 80% of 256 plausible worlds “VIP group” earns most." in " ".join(shown)
    shown = report.answer(labelled(result.saying(labels={"private": "VIP group", "paid": "Advertisements"})))
    assert "“VIP group” stays the arm to choose unless “Price of the product”" in " ".join(shown)
    assert "from there on “Advertisements” earns more." in " ".join(shown)
