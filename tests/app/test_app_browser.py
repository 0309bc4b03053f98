"""The dashboard in real Chromium: random levers, every view in both languages, nothing asked of the network.

Needs playwright (the extra [browser]) and Chromium: `pytest -m browser`; TRAFFICSIM_CHROMIUM names another one.
"""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

from comparisons import SHOP

pytestmark = pytest.mark.browser
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (the extra [browser])")

CHANGES = 20
PATIENCE = 240_000
"""Milliseconds for one answer, compilation included."""
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
IDLE = "() => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'"
NEW = "before => ![null, before].includes(document.querySelector('.ts-answer')?.dataset.question ?? null)"
ANSWERED = "() => document.querySelector('.ts-answer, [data-testid=stAlert], [data-testid=stException]')"
VIEWS = {
    "en": (
        "Growth",
        "Flow map",
        "People moving",
        "Money",
        "Why they differ",
        "Plan a budget",
        "Facts and claims",
        "One customer",
        "Export",
        "Arms",
    ),
    "zh": (
        "增长",
        "流向图",
        "人群流动",
        "利润构成",
        "为何不同",
        "预算规划",
        "对照实际",
        "一位顾客",
        "导出",
        "方案对比",
    ),
}


def chromium():
    names = (os.environ.get("TRAFFICSIM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@dataclass
class Dashboard:
    """The page in a browser, and all that went wrong on it or was asked of the outside."""

    page: object
    outside: list = field(default_factory=list)
    errors: list = field(default_factory=list)

    @property
    def question(self):
        """What the page answers at present."""
        return self.page.locator(".ts-answer").get_attribute("data-question")

    def settled(self):
        """Wait until the page has answered; fails where it shows an exception."""
        self.page.wait_for_timeout(400)  # a slider waits a moment before it tells that it was moved
        self.page.wait_for_function(IDLE, timeout=PATIENCE)
        self.page.wait_for_function(ANSWERED, timeout=PATIENCE)
        assert self.page.locator("[data-testid=stException]").count() == 0
        assert not self.errors
        return self


@pytest.fixture
def address(tmp_path):
    """A server of the dashboard with a small case; ended as by Ctrl-C."""
    (tmp_path / "shop.yaml").write_text(SHOP, encoding="utf-8")
    command = [sys.executable, "-m", "trafficsim", "app", "shop.yaml", "--no-browser"]
    # A test run in the background ignores interruptions, and so would what it starts.
    server = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509 - no threads yet
    )
    try:
        yield re.search(r"http://\S+(?=;)", server.stdout.readline())[0]
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(timeout=20) == 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
        server.stdout.close()


@pytest.fixture
def dashboard(address):
    path = chromium()
    if path is None:
        pytest.skip("no Chromium here; TRAFFICSIM_CHROMIUM names one")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=QUIET)
        found = Dashboard(browser.new_page(viewport={"width": 1280, "height": 1400}))
        own = (address, address.replace("http", "ws", 1), "data:", "blob:", "about:")
        found.page.on("request", lambda asked: None if asked.url.startswith(own) else found.outside.append(asked.url))
        found.page.on("pageerror", lambda error: found.errors.append(str(error)))
        found.page.goto(address)
        yield found.settled()
        browser.close()


def test_twenty_random_levers_without_an_error(dashboard):
    luck = random.Random(6)
    answered, answers = 0, set()
    for _ in range(CHANGES):
        sliders = dashboard.page.locator("[data-testid=stSlider]:visible input[type=range]")
        thumb = sliders.nth(luck.randrange(sliders.count()))
        before, question = thumb.input_value(), dashboard.question
        thumb.focus()
        thumb.press(luck.choice(["ArrowRight", "ArrowLeft", "PageUp", "PageDown", "End", "Home"]))
        if thumb.input_value() != before:
            dashboard.page.wait_for_function(NEW, arg=question, timeout=PATIENCE)
            answered += 1
        dashboard.settled()
        answers.add(dashboard.page.locator("[data-testid=stMain]").inner_text())
    assert answered > CHANGES / 2  # some were at their end already
    assert len(answers) > CHANGES / 4
    assert not dashboard.outside


def test_every_view_in_both_languages_asks_nothing_of_the_network(dashboard):
    for language, views in VIEWS.items():
        dashboard.page.get_by_text({"en": "English", "zh": "中文"}[language], exact=True).click()
        dashboard.settled()
        for view in views:
            dashboard.page.locator("[data-testid=stMain]").get_by_text(view, exact=True).first.click()
            dashboard.settled()
    assert not dashboard.outside


def test_a_bad_value_is_told_as_on_the_command_line(dashboard):
    dashboard.page.get_by_text("Change any setting", exact=True).click()
    box = dashboard.page.locator("[data-testid=stSidebar] textarea")
    box.fill("hooks.gift.wroth=20")
    box.press("Control+Enter")
    dashboard.settled()
    told = "--set:1:1: hooks.gift.wroth: no such setting; did you mean 'hooks.gift.worth'?"
    dashboard.page.locator("[data-testid=stMain]").get_by_text(told).wait_for(timeout=PATIENCE)
