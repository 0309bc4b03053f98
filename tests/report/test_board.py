"""Pages for a board and slides: texts can be read, the answer is the largest, the same result gives the same page."""

from dataclasses import replace

import pytest

from looks import check_texts
from synthetic import ARMS, story
from trafficsim.plots import style
from trafficsim.report import slides
from trafficsim.report.answer import answered
from trafficsim.report.board import board, pdf

LANGUAGES = [
    "en",
    pytest.param("zh", marks=pytest.mark.skipif(not style.can_draw("私域"), reason="no font with Chinese characters")),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("arms", [ARMS[:4], ARMS[:1]])
def test_a_page_can_be_read_and_its_answer_is_the_largest_text(language, arms):
    figure = board(story(arms, 90, 3), language=language)
    texts = check_texts(figure)
    sizes = {text.get_text(): text.get_size() for text in figure.texts}
    headline = max(sizes, key=sizes.get)
    assert headline in texts
    assert "CNY" in headline or "元" in headline


@pytest.mark.parametrize("many", [4, 6, 8])
def test_texts_get_smaller_where_they_are_long_until_pictures_have_their_height(many, monkeypatch):
    long = [
        f"What to do, if the assumptions hold {i}: " + "choose what earns most, and look again. " * 5
        for i in range(many)
    ]
    monkeypatch.setattr("trafficsim.report.board.answered", lambda *args: replace(answered(*args), said=long))
    figure = board(story(ARMS[:3], 60, 3))
    check_texts(figure)
    assert len(figure.axes) == (1 if many == 8 else 2)


def test_a_slide_of_long_text_is_not_cut(monkeypatch):
    long = ["What to do, if the assumptions hold: " + "choose what earns most, and look again. " * 5] * 4
    monkeypatch.setattr("trafficsim.report.slides.answered", lambda *args: replace(answered(*args), said=long))
    check_texts(slides.slides(story(ARMS[:3], 60, 3))[0])


def test_the_same_result_gives_the_same_page():
    one, other = (pdf(board(story(ARMS[:2], 30, 2))) for _ in range(2))
    assert one == other
    assert one.startswith(b"%PDF")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("arms", "pages"), [(ARMS[:3], 5), (ARMS[:1], 3)])
def test_slides_can_be_read_and_begin_with_the_answer(language, arms, pages):
    figures = slides.slides(story(arms, 60, 3), language=language)
    assert len(figures) == pages
    for figure in figures:
        check_texts(figure)
        assert figure.get_size_inches()[0] / figure.get_size_inches()[1] == pytest.approx(16 / 9)
    sizes = {text.get_text(): text.get_size() for text in figures[0].texts}
    headline = max(sizes, key=sizes.get)
    assert "CNY" in headline or "元" in headline


def test_the_same_result_gives_the_same_slides():
    one, other = (slides.pdf(slides.slides(story(ARMS[:1], 30, 2))) for _ in range(2))
    assert one == other
    assert one.count(b"/Type /Page ") == 3
