"""Pages in real Chromium: nothing is wider than the window on a phone or a desktop, nor than paper.

Needs playwright (the extra [browser]) and Chromium: `pytest -m browser`; TRAFFICSIM_CHROMIUM names another one.
"""

import os
import shutil

import pytest

from synthetic import ARMS, story, with_levers
from trafficsim.app import markup
from trafficsim.report.html_page import Table
from trafficsim.report.page import html
from trafficsim.words.language import LANGUAGES

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra [browser])")

SIZES = {"desktop": 1280, "phone": 390, "paper": 680}
"""Pixels: A4 is 18 cm wide between its margins."""
WIDER = """[...document.querySelectorAll('main *:not(svg *)')].filter(
    (e) => !e.closest('figure') && (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX != 'visible'
        || e.getBoundingClientRect().right > innerWidth + 1)
).map((e) => e.tagName + ' ' + e.className)"""


@pytest.fixture(scope="module")
def browser():
    names = (os.environ.get("TRAFFICSIM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module", params=LANGUAGES)
def file(request, tmp_path_factory):
    """A report of many arms with everything folded opened."""
    written = tmp_path_factory.mktemp("page") / "report.html"
    result = with_levers(story(ARMS, 60, 4), points=64, number=3)
    text = html(result, language=request.param)
    written.write_text(text.replace("<details>", "<details open>"), encoding="utf-8")
    return written


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window_or_the_paper(browser, file, size):
    width = SIZES[size]
    page = browser.new_page(viewport={"width": width, "height": 900})
    if size == "paper":
        page.emulate_media(media="print")
    page.goto(file.as_uri())
    assert page.locator("table").count() > 6
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(WIDER) == []
    page.close()


def test_a_phone_shows_rows_of_many_cells_as_lists(browser, file):
    page = browser.new_page(viewport={"width": SIZES["phone"], "height": 900})
    page.goto(file.as_uri())
    assert not page.locator(".stacked thead").first.is_visible()
    shown = page.evaluate("getComputedStyle(document.querySelector('.stacked td'), '::before').content")
    assert shown == f'"{page.locator(".stacked td").first.get_attribute("data-label")}"'
    page.close()


def test_the_dashboard_shows_them_as_lists_too(browser):
    page = browser.new_page(viewport={"width": SIZES["phone"], "height": 900})
    table = Table("abcd", [["x", "1", "2", "3 (2 to 4)"]])
    page.set_content(markup.STYLE + markup.of_report(table.__html__(), "a table"))
    assert not page.locator(".ts-beside thead").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('td'), '::before').content") == '"b"'
    assert page.evaluate("getComputedStyle(document.querySelector('td')).display") == "grid"
    page.close()
