"""The report's levers in real Chromium: numbers as Python's, moved by hand, on a desktop and a phone, offline.

Needs playwright (the extra [browser]) and Chromium: `pytest -m browser`; TRAFFICSIM_CHROMIUM names another one.
"""

import os
import random
import shutil
from functools import partial

import numpy as np
import pytest

from synthetic import story, with_levers
from trafficsim.report.page import html
from trafficsim.words import rounding
from trafficsim.words.language import LANGUAGES

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra [browser])")

SIZES = {"desktop": (1280, 900), "phone": (360, 740)}
LAST_DIGITS = 1e-14
"""By which exponentials of two libraries and sums in another order may differ, as a share of all weights together: some
tens of the 2.2e-16 to which a number is exact."""


@pytest.fixture(scope="module")
def browser():
    names = (os.environ.get("TRAFFICSIM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def result():
    return with_levers(story(), points=512, number=6)


@pytest.fixture(params=LANGUAGES)
def page(request, browser, result, tmp_path):
    """The report opened from a file without a network, and what went wrong on it."""
    file = tmp_path / "report.html"
    file.write_text(html(result, language=request.param), encoding="utf-8")
    context = browser.new_context(offline=True, viewport={"width": 1280, "height": 900})
    opened, errors = context.new_page(), []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("request", lambda asked: errors.append(asked.url) if not asked.url.startswith("file:") else None)
    opened.goto(file.as_uri())
    yield opened
    assert errors == []
    context.close()


def test_the_page_says_what_python_says(page, result):
    found, choose = result.about.levers, random.Random(7)
    largest = max(np.abs(surface.weights).sum() for surface in found.surfaces)
    close = partial(pytest.approx, abs=LAST_DIGITS * largest)
    for trial in range(50):
        at = {lever.path: choose.uniform(lever.low, lever.high) if trial else lever.value for lever in found.levers}
        said = page.evaluate("at => levers.foretold(at).map((each) => [each.middle, each.half])", list(at.values()))
        known = found.foretold(at).values()
        assert np.ravel(said) == close([number for k in known for number in (k.middle, k.high - k.middle)])
        a, b = choose.sample(range(len(result.arms)), 2)
        lead = page.evaluate(
            "([at, a, b]) => Object.values(levers.leading(levers.foretold(at), a, b))", [list(at.values()), a, b]
        )
        one, other = sorted((a, b))
        known = found.leading(at)[result.arms[one], result.arms[other]]
        assert lead == close([known.middle * (1 if a < b else -1), known.high - known.middle])


def test_numbers_are_written_as_everywhere(page):
    language = "zh" if "zh" in page.locator("html").get_attribute("lang") else "en"
    values = [0, 1, 999, 9999, 12345, 123456.7, 1234567, -0.4, -54321, 2e9, 0.1234, 1234.6]
    assert page.evaluate("values => values.map((v) => levers.short(v))", values) == [
        rounding.short(float(value), language=language) for value in values
    ]


def test_levers_are_moved_by_hand_and_go_back(page):
    before = page.locator("#levers-answer").inner_text()
    assert before
    page.locator("#lever-0").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    assert page.locator("#lever-value-0").inner_text() == "102"
    page.locator("#lever-1").fill("1000")
    assert page.locator("#lever-value-1").inner_text() == "40"
    page.locator("#lever-2").fill("6")
    assert page.locator("#lever-value-2").inner_text() == "6"
    assert page.locator("#levers-answer").inner_text() != before
    page.locator("#levers-reset").click()
    assert page.locator("#lever-value-0").inner_text() == "90"
    assert page.locator("#levers-answer").inner_text() == before


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_window(page, size):
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_timeout(100)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("#levers-picture path").count() == len(page.evaluate("levers.data.arms"))
    boxes = page.evaluate(
        "[...document.querySelectorAll('#levers-picture text')].map((t) => t.getBoundingClientRect().right)"
    )
    assert max(boxes) <= width
