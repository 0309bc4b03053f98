"""The flow map in motion: one file whose numbers are those of the result. How it moves is looked at in a browser."""

import json
import re

import numpy as np
import pytest
from test_flow_map import many

from synthetic import MOVES, with_moves
from trafficsim import plots
from trafficsim.plots.flow_player import dots_of
from trafficsim.results import Result


def data_of(html):
    return json.loads(re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def test_it_holds_the_people_and_moves_of_each_window():
    data = data_of(plots.flow_player(with_moves(MOVES), ["private", "nothing"]))
    private, nothing = data["arms"]
    assert private["name"] == "private"
    assert private["there"] == [[1000, 0, 0, 0], [500, 400, 100, 0], [500, 170, 80, 250]]
    assert [move[:3] for move in private["moves"][0]] == [[0, 1, 400], [0, 2, 100]]
    assert [move[:3] for move in private["moves"][1]] == [[1, 2, 30], [1, 3, 200], [2, 3, 50]]
    assert [move[4] for move in private["moves"][1]] == [0, 1, 1]
    assert nothing["there"] == [[1000, 0, 0, 0], [700, 300, 0, 0], [700, 300, 0, 0]]
    assert [place["name"] for place in data["places"]] == [["outside"], ["review_site"], ["dining_room"], ["vip_group"]]
    assert set(data["curves"]) == {"0>1", "0>2", "1>2", "1>3", "2>3"}


def test_dots_stand_for_people_over_the_run():
    """What is less than a dot in one window waits for the next: 7, 7, 7 people make 0, 1 and 1 dots of ten."""
    moved = np.zeros((3, 2, 2))
    moved[:, 0, 1] = 7
    assert dots_of(moved, 10.0)[:, 0, 1].tolist() == [0, 1, 1]
    draws = np.random.default_rng(3).uniform(0, 30, (40, 3, 3))
    assert dots_of(draws, 2.0).sum(axis=0).tolist() == np.floor(draws.sum(axis=0) / 2).tolist()
    assert dots_of(draws, 2.0).min() >= 0


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_one_small_file_that_asks_for_nothing(tmp_path, language):
    result = many(12)
    path = result.pictures.animate_flow(tmp_path / "flow.html", language=language)
    page = path.read_text(encoding="utf-8")
    assert len(page.encode()) < 300_000
    outside = re.findall(r'(?:src|href|url|@import|fetch)\s*[=(]\s*["\']?([^"\')\s>]+)', page)
    assert [address for address in outside if not address.startswith(("data:", "#"))] == []
    assert "http" not in page.replace("http://www.w3.org/2000/svg", "")
    assert page.count("<html") == page.count("</html>") == 1
    assert f'<html lang="{language}">' in page
    assert ("播放" in page) == (language == "zh")
    assert "prefers-reduced-motion" in page
    assert 'type="range"' in page


def test_names_of_users_are_no_markup():
    result = with_moves({"private": {(0, 0, 1): 9}})
    title = "</script><script>alert(1)</script>"
    hostile = Result(result.data.assign_attrs(title=title).assign_coords(arm=["nothing", title]))
    hostile = Result(hostile.data.assign_attrs(has_pool=json.dumps({"nothing": False, title: True})))
    html = plots.flow_player(hostile, [title])
    assert "<script>alert" not in html
    assert data_of(html)["arms"][0]["name"] == title


def test_the_arms_of_the_headline_are_shown_by_default_in_their_order():
    assert [arm["name"] for arm in data_of(plots.flow_player(with_moves(MOVES)))["arms"]] == ["nothing", "private"]
    one = with_moves(MOVES, arms=("private",))
    assert [arm["name"] for arm in data_of(plots.flow_player(one))["arms"]] == ["private"]


def test_nothing_that_moves_is_no_error_and_an_unknown_arm_is():
    assert data_of(plots.flow_player(with_moves({})))["curves"] == {}
    with pytest.raises(KeyError, match="no arm 'paid'"):
        plots.flow_player(with_moves(MOVES), "paid")


def test_the_same_result_gives_the_same_bytes():
    assert plots.flow_player(with_moves(MOVES)) == plots.flow_player(with_moves(MOVES))
