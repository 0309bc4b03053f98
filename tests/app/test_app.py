"""The page of the dashboard, headless: what it shows, what it answers to a lever, and what it says of mistakes."""

import socket
import subprocess
from importlib.util import find_spec

import pytest

from comparisons import SHOP
from trafficsim.app import start
from trafficsim.plots import NoFontError
from trafficsim.results import Result
from trafficsim.scenario import load, load_text

pytestmark = pytest.mark.skipif(find_spec("streamlit") is None, reason="Streamlit is not installed (the extra [app])")

PATIENCE = 300
"""Seconds for one run of the page, compilation included."""
VIEWS = ("arms", "growth", "flow", "days", "money", "why", "unknown", "plan", "tested", "customer", "take")


@pytest.fixture
def case(tmp_path):
    path = tmp_path / "shop.yaml"
    path.write_text(SHOP.replace("count: 2000", "count: 200"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def server():
    """The port of a server that runs, with an empty page of its own."""
    port = start.free_port(None)
    with subprocess.Popen(start.command("nowhere.yaml", port)) as running:
        assert start._answers(running, f"http://{start.HOST}:{port}")
        yield port
        start._ended(running)


def opened(case, **state):
    """The page as it first stands, or with choices made before."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415 - takes a second, of which other workers have no use

    page = AppTest.from_string(f"from trafficsim.app.page import show\nshow({str(case)!r})", default_timeout=PATIENCE)
    for name, value in state.items():
        page.session_state[name] = value
    return fine(page.run())


def fine(page):
    assert not page.exception, page.exception[0].stack_trace
    return page


def slider(page, label):
    return next(one for one in page.slider if one.label == label)


def said(page):
    """All HTML of the page."""
    return " ".join(element.proto.body for element in page.main if element.type == "html")


def test_the_page_answers_a_lever_and_tells_what_it_changed(case):
    page = opened(case)
    assert "<h1>A shop that is known from advertisements, or from its pool</h1>" in said(page)
    assert "The options spend unequal sums: “nothing” CNY 0" in said(page)
    assert "Your changes" not in said(page)
    fine(slider(page, "gift: worth of the hook (CNY)").set_value(20.0).run())
    assert "Your changes move contribution profit" in said(page)
    page.button[0].click()
    fine(page.run())
    assert slider(page, "gift: worth of the hook (CNY)").value == 10.0
    assert "Your changes" not in said(page)


def test_plausible_worlds_are_run_when_they_are_asked_for(case, monkeypatch):
    monkeypatch.setattr("trafficsim.app.weighing.WORLDS", (16,))
    case.write_text(case.read_text(encoding="utf-8").replace("days: 60", "days: 10"), encoding="utf-8")
    page = opened(case, view="unknown")
    assert "plausible worlds" not in said(page)
    next(button for button in page.button if button.label.startswith("Run them")).click()
    page = fine(page.run())
    assert "of 16 plausible worlds" in said(page)
    fine(slider(page, "gift: worth of the hook (CNY)").set_value(20.0).run())
    assert "of 16 plausible worlds" not in said(page)  # another question


LABELLED = """
facts:
  many_orders: {says: "The shop sold 40 times in ten days", source: its book, observed: 40,
                expect: {metric: orders, arm: nothing, between: [30, 50]}}
labels: {nothing: do nothing, private: the club, club: the group}
translations:
  zh: {title: 一家小店, labels: {nothing: 不做, private: 会员群, club: 微信群}, says: {many_orders: 十天卖出 40 单}}
"""


@pytest.fixture
def told(case):
    """A small case that names its arms and a fact in two languages."""
    case.write_text(case.read_text(encoding="utf-8").replace("days: 60", "days: 10") + LABELLED, encoding="utf-8")
    return case


def press(page, label):
    next(button for button in page.button if button.label.startswith(label)).click()
    return fine(page.run())


@pytest.mark.usefixtures("chinese_font")
def test_a_difference_is_explained_as_in_the_report(told):
    page = opened(told, view="why", language="zh", replicates=4)
    assert "Shapley" not in said(page)
    page = press(page, "拆解差异")
    assert "差在哪里</h2>" in said(page)
    assert "Shapley" in said(page)
    assert "“会员群”" in said(page)
    assert "the club" not in said(page)
    assert 'src="data:image/svg+xml;base64,' in said(page)
    assert "<svg" not in said(page)  # Streamlit would strip it of its letters


@pytest.mark.slow
def test_a_budget_is_planned_when_it_is_asked_for(told, monkeypatch):
    monkeypatch.setattr("trafficsim.app.planning.WORLDS", (16,))
    monkeypatch.setattr("trafficsim.app.planning.ROUNDS", 0)
    page = opened(told, view="plan", replicates=4)
    assert not any(button.label.startswith("Look for a plan") for button in page.button)
    levers = next(one for one in page.multiselect if one.label == "Levers to decide")
    levers.set_value(["posts.club.per_week"])
    page = press(fine(page.run()), "Look for a plan")
    assert "the club" in said(page)
    assert "data:image/svg+xml" in said(page)


@pytest.mark.usefixtures("chinese_font")
def test_facts_are_shown_with_what_came_out(told):
    page = opened(told, view="tested", language="zh", replicates=4)
    assert "十天卖出 40 单" in said(page)
    assert "data:image/svg+xml" in said(page)


def test_labels_are_those_of_the_language_and_lead_to_their_arms(told):
    page = opened(told, view="customer", replicates=4)
    assert "the club" in said(page)
    page = opened(told, view="customer", language="zh", replicates=4)
    assert "<h1>一家小店</h1>" in said(page)
    assert "会员群" in said(page)


def test_another_language_simulates_nothing_again(told, monkeypatch):
    page = press(opened(told, view="why", replicates=4), "Explain the difference")
    assert "the club" in said(page)
    before = said(page)
    for simulated in ("question.compare", "explaining.explain"):
        monkeypatch.setattr(f"trafficsim.app.{simulated}", None)
    page.session_state["language"] = "zh"
    fine(page.run())
    assert "<h1>一家小店</h1>" in said(page)
    assert "“会员群”" in said(page)
    assert "the club" not in said(page)
    page.session_state["language"] = "en"
    fine(page.run())
    assert said(page) == before


def test_a_bad_value_has_the_message_of_the_command_line(case):
    page = opened(case)
    page.text_area[0].set_value("hooks.gift.wroth=20\nproduct.price=-1")
    fine(page.run())
    assert "--set:1:1: hooks.gift.wroth: no such setting; did you mean 'hooks.gift.worth'?" in page.code[0].value
    page.text_area[0].set_value("product.price=-1")
    fine(page.run())
    with pytest.raises(ValueError, match=r"product\.price") as error:
        load(case).replace({"product.price": -1})
    assert page.code[0].value == str(error.value)


def test_without_a_chinese_font_the_page_says_what_to_install(case, monkeypatch):
    def lacking(language):
        raise NoFontError(f"no font for {language}")

    import streamlit  # noqa: PLC0415 - as above

    streamlit.cache_data.clear()
    monkeypatch.setattr("trafficsim.plots.style.require_fonts", lacking)
    page = opened(case, view="growth", language="zh")
    assert {warning.value for warning in page.warning} == {"no font for zh"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_in_every_language(case, view, language):
    opened(case, view=view, language=language)


@pytest.mark.slow
def test_one_arm_has_nothing_to_be_compared_with(case, tmp_path):
    alone = tmp_path / "alone.yaml"
    alone.write_text(case.read_text(encoding="utf-8").partition("baseline:")[0], encoding="utf-8")
    for view in VIEWS:
        opened(alone, view=view)


def test_a_file_with_mistakes_is_told_line_by_line(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(SHOP.replace("count: 2000", "count: many"), encoding="utf-8")
    page = opened(path)
    assert "bad.yaml:7:10: customers.count" in page.code[0].value


def test_tables_and_data_can_be_taken_along(tmp_path):
    from trafficsim import compare  # noqa: PLC0415
    from trafficsim.app import taking  # noqa: PLC0415 - needs Streamlit

    result = compare(load_text(SHOP, "shop").replace({"customers.count": 100, "days": 5}), 2, 1)
    assert taking.tables(result).startswith(b"PK")
    (tmp_path / "results.nc").write_bytes(taking.data(result))
    assert Result.load(tmp_path).arms == result.arms


def test_title_and_question_are_shown_as_they_are(case):
    """As Markdown an image in them would be fetched from outside, and as HTML anything could be in them."""
    image, script = "![x](https://example.org/seen.png)", "<img src=https://example.org/seen.png>"
    titled = (
        case.read_text(encoding="utf-8").partition("title:")[0]
        + f'title: "{image} {script}"\nabout: "{image} {script}"'
    )
    case.write_text(titled + "\n" + case.read_text(encoding="utf-8").partition("title:")[2].partition("\n")[2])
    page = opened(case)
    shown = f"{image} {script.replace('<', '&lt;').replace('>', '&gt;')}"
    assert f"<h1>{shown}</h1>" in said(page)
    assert f'<p class="ts-about">{shown}</p>' in said(page)
    for element in page:
        assert element.type == "html" or "example.org" not in str(getattr(element, "value", ""))


def test_a_file_that_is_handed_over_names_no_others(tmp_path, monkeypatch):
    from trafficsim.app.answering import case_of_text  # noqa: PLC0415 - needs Streamlit

    monkeypatch.chdir(tmp_path)
    (tmp_path / "ties.csv").write_text("a,b\n0,1\n")
    text = SHOP.replace("ties: {mean: 4}", "ties: {kind: file, file: ties.csv}")
    assert load_text(text, "shop").ties_file.name == "ties.csv"
    with pytest.raises(ValueError, match="can't name files"):
        case_of_text(text, "shop")


@pytest.mark.parametrize(
    ("host", "answer"),
    [
        ("localhost:{port}", b"101"),
        ("127.0.0.1:{port}", b"101"),
        ("[::1]:{port}", b"101"),
        ("example.org:{port}", b"403"),
        ("example.org", b"403"),
        ("localhost.example.org:{port}", b"403"),
    ],
)
def test_only_names_of_this_machine_are_answered(server, host, answer):
    """A page of somebody else's whose name is made to lead here speaks in its own name, as Host and as Origin."""
    host = host.format(port=server)
    lines = [
        "GET /_stcore/stream HTTP/1.1", f"Host: {host}", f"Origin: http://{host}", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "", "",
    ]  # fmt: skip
    with socket.create_connection((start.HOST, server), timeout=30) as asking:
        asking.sendall("\r\n".join(lines).encode())
        assert asking.recv(100).split()[1] == answer


def test_the_server_speaks_to_this_machine_alone_and_tells_nobody():
    command = start.command("my case.yaml", 8600)
    assert command[-2:] == ["--", "my case.yaml"]
    for option in ("server.address=localhost", "browser.gatherUsageStats=false", "server.port=8600"):
        assert f"--{option}" in command


def test_streamlit_knows_all_options():
    from streamlit import config  # noqa: PLC0415

    assert set(start.OPTIONS) <= set(config.get_config_options())


def test_without_streamlit_one_line_says_how_to_get_it(monkeypatch):
    monkeypatch.setattr(start, "installed", lambda: False)
    with pytest.raises(start.CannotStartError, match=r"pip install 'trafficsim\[app\]'"):
        start.serve(None, None, browser=False, tell=print)


def test_a_port_that_is_taken_is_refused_or_passed_over():
    with socket.create_server((start.HOST, 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(start.CannotStartError, match=f"port {port} is taken"):
            start.free_port(port)
    assert start.free_port(None) >= start.FIRST_PORT
