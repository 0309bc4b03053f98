"""The report's levers as text: words, data and script of both languages; the browser's part is test_levers_browser."""

import base64
import json
import re

import numpy as np
import pytest

from synthetic import story, with_levers, zeros
from trafficsim.report.levers import label, sentences, step
from trafficsim.report.page import html
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.levers import Lever
from trafficsim.words.language import LANGUAGES


def small():
    return with_levers(Result(zeros()))


def data_of(page):
    return json.loads(re.search(r'id="levers-data">(.*?)</script>', page, re.DOTALL)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_levers_words_and_numbers(language, without_pictures):  # noqa: ARG001
    result = small()
    page = html(result, language=language)
    data, found = data_of(page), result.about.levers
    for surface, drawn in zip(found.surfaces, data["surfaces"], strict=True):
        assert np.frombuffer(base64.b64decode(drawn["weights"])).tolist() == np.ravel(surface.weights).tolist()
    assert [tuple(point) for point in data["at"]] == list(found.at)
    assert len(re.findall(r'<input type="range"', page)) == len(found.levers)
    assert ("移动滑杆" if language == "zh" else "Move the levers") in page
    assert "product.quality" in page
    for words in data["words"].values():
        assert set(re.findall(r"{(\w+)}", words)) <= {
            *("best", "other", "profit", "low", "high", "lead", "least", "most", "amount"),
        }
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_there_is_no_script_without_levers(without_pictures):  # noqa: ARG001
    assert "<script" not in html(Result(zeros()))


def test_a_name_can_not_end_the_script(without_pictures):  # noqa: ARG001
    arms = ("nothing", "</script><b>")
    page = html(with_levers(Result(zeros(arms))))
    assert page.count("</script>") == 2
    assert data_of(page)["arms"][1]["name"] == arms[1]


def test_the_fit_is_rounded_down_and_told():
    told = sentences(story_with_levers().about.levers, Voice("en", "CNY"))
    assert "98.7% of the variance of profit" in told[0]
    assert told[1] == "Left out, since profit can't be foretold to 97% with it: product.quality."


def story_with_levers():
    return with_levers(story())


def test_levers_are_called_and_moved_as_people_do():
    price, worth, posts, tell = with_levers(Result(zeros()), number=4).about.levers.levers
    assert label(price, Voice("en", "CNY")) == "price (CNY)"
    assert label(worth, Voice("zh", "CNY")) == "side_dish：价值 (元)"
    assert label(posts, Voice("en", "CNY")) == "vip_group: posts · private"
    assert label(tell, Voice("en", "CNY")) == "word_of_mouth.tell"
    assert [step(each) for each in (price, worth, posts, tell)] == [1.0, 0.5, 1.0, 0.01]
    assert step(Lever("a", 0.0, 7.0, False, False, 1.0, "", "", "", "")) == 0.1
