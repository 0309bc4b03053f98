"""Answers of other commands in the report of a comparison."""

import html
import re
from dataclasses import asdict, replace

import pytest

import trafficsim as ts
from comparisons import shop
from trafficsim.report.beside import of_explanation, of_facing, of_plan, of_power, read_answer, with_answers
from trafficsim.report.explained import explained

FEW = {"days": 15, "customers.count": 300}
REPORT = """<body><p>The answer</p><!-- beside-box --><!-- end of beside-box --></div>
<!-- beside-sections --><!-- end of beside-sections --></body>"""


@pytest.fixture(scope="module")
def case():
    return shop(FEW, "both: {}").adding({"against": {"cheap": {"rivals": {"pull": 3.0}}}})


@pytest.fixture(scope="module")
def explanation(case):
    return ts.explain(case, "nothing", "private", replicates=2, groups={"the pool": ["places.club", "posts", "hooks"]})


def checked(told, language):
    text = with_answers(REPORT, told)
    for each in told:
        assert text.count(f'<a href="#answer-{each.key}">') == text.count(f'<section id="answer-{each.key}">') == 1
        assert html.escape(each.title) in text
        assert "<svg" in each.section
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    if language == "zh":
        assert not any(re.search(r"[a-z]{3,} [a-z]{3,} [a-z]{3,}", each.told + each.title) for each in told)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_answer_stands_in_the_box_and_has_a_section_with_its_picture(case, explanation, language):
    facing = ts.against(case, replicates=2)
    checked([of_explanation(explanation, [], language), of_facing(facing, language)], language)


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_so_do_plans_and_tests(case, language):
    levers = {"posts.club.per_week": (0.0, 7.0), "advertising.feed.budget_per_day": (0.0, 200.0)}
    found = ts.plan(case, 1500.0, levers, uncertain=None, replicates=2, rounds=0)
    power = ts.power(case, "nothing", "private", tests=3)
    checked([of_plan(found, language), of_power(power, language)], language)


def test_a_later_answer_takes_the_place_of_an_earlier_one(explanation):
    first = of_explanation(explanation, [], "en")
    once = with_answers(REPORT, [first])
    assert html.escape(explained(explanation, "en")[0]) in once
    assert with_answers(once, [first]) == once
    again = with_answers(once, [replace(first, told="Another one.")])
    assert "Another one." in again
    assert html.escape(first.told) not in again
    assert with_answers(once, []) == with_answers(REPORT, [])


def test_what_another_version_kept_is_left_out(explanation):
    kept = asdict(of_explanation(explanation, [], "en"))
    assert read_answer(kept) == read_answer({**kept, "more": "x"}) == of_explanation(explanation, [], "en")
    assert read_answer({name: text for name, text in kept.items() if name != "told"}) is None
    assert read_answer({**kept, "key": "forecast"}) is None
    assert read_answer({}) is None


@pytest.mark.slow
def test_commands_add_to_the_report_of_a_comparison(command, case, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.yaml").write_text(case.yaml, "utf-8")
    ended, told = command("against", "shop.yaml", "--replicates", "2", "--report", "results/shop")
    assert ended == 2
    assert "results/shop: no such folder" in told.err
    assert command("compare", "shop.yaml", "--replicates", "2")[0] == 0
    ended, told = command("against", "shop.yaml", "--replicates", "2", "--report", "results/shop")
    assert ended == 0, told.err
    report = tmp_path / "results" / "shop" / "report.html"
    assert "answer-against" in report.read_text("utf-8")
    assert command("compare", "shop.yaml", "--replicates", "2", "--resume")[0] == 0
    assert "answer-against" in report.read_text("utf-8")  # it is of the same settings still
    more = ("--set", "product.price=90", "--report", "results/shop")
    ended, told = command("explain", "shop.yaml", "nothing", "paid", *more)
    assert ended == 2
    assert "compares other settings" in told.err
