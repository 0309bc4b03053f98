"""Mechanisms of one's own where they are shown: commands, report, tables, journeys, levers."""

import json
import sys
from pathlib import Path

import pytest

from comparisons import LIVELY_ARMS, lively
from trafficsim import cli, compare, journey
from trafficsim.app.levers import find
from trafficsim.app.start import command
from trafficsim.engine.extending import load_mechanisms
from trafficsim.mechanisms.shared import own
from trafficsim.plots.money import differences
from trafficsim.report import to_csv
from trafficsim.report.differences import differing_settings, strategies
from trafficsim.report.export import to_json
from trafficsim.report.page import html
from trafficsim.report.sheets import tables
from trafficsim.report.voice import Voice
from trafficsim.results.labelled import labelled
from trafficsim.words.language import words
from worlds import LIVELY

FILE = Path(__file__).parents[1] / "own_applause.py"


@pytest.fixture(autouse=True)
def applause():
    before = dict(own._known)
    load_mechanisms([str(FILE)])
    yield own._known["applause"]
    own._known.clear()
    own._known.update(before)


@pytest.fixture(scope="module")
def result():
    load_mechanisms([str(FILE)])
    found = compare(lively({"both:applause": {"step": 0.3, "costs": 1.5, "picture": 1}, "days": 35}), replicates=3)
    own.forget("applause")  # nothing that is shown needs it
    return found


@pytest.fixture
def here(tmp_path, monkeypatch, capsys):
    (tmp_path / "lively.yaml").write_text(LIVELY + LIVELY_ARMS, encoding="utf-8")
    (tmp_path / "applause.py").write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    own.forget("applause")

    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["trafficsim", *map(str, arguments)])
        status = 0
        try:
            cli.main()
        except SystemExit as end:
            status = end.code or 0
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


SMALL = ("--set", "customers.count=100", "--set", "days=21", "--set", "both:applause={step: 0.2}")


def test_the_table_of_what_was_counted(result):
    table = result.by_own().set_index(["counter", "arm"])
    thanks, paid = table.loc[("applause_thanks", "both")], table.loc[("applause_paid", "both")]
    assert thanks["total"] == result.data["applause_thanks"].sel(arm="both").sum("day").mean()
    assert paid["total"] == pytest.approx(1.5 * thanks["total"])
    assert paid["difference_low"] < paid["difference"] == paid["total"] < paid["difference_high"]
    assert table.loc[("applause_paid", "paid")].isna()["difference"]  # the baseline


def test_it_is_in_csv_json_and_workbook(result, tmp_path):
    assert tmp_path / "own.csv" in to_csv(result, tmp_path)
    assert "applause_paid,money,both" in (tmp_path / "own.csv").read_text(encoding="utf-8-sig")
    assert {row["counter"] for row in to_json(result)["own"]} == {"applause_thanks", "applause_paid", "applause_sold"}
    json.dumps(to_json(result), allow_nan=False)
    (sheet,) = [table for table in tables(result, language="zh") if table.name == "自定义机制"]
    assert "感谢的花费" in sheet.columns[0].cells
    plain = compare(lively({"days": 21}), replicates=1)
    assert tmp_path / "own.csv" not in to_csv(plain, tmp_path)
    assert "own" not in to_json(plain)


def test_arms_differ_by_it_in_both_languages(result):
    found = strategies(result, Voice("en", "CNY"))
    says = "Thanks for buyers, which make them trust the brand: step 0.3, costs 1.5, picture 1."
    assert [arms for arms, sentences in found.has.items() if says in sentences] == [("both",)]
    assert "no “applause”" in found.lacks["paid"].lower()
    assert "applause" not in found.lacks["both"]
    chinese = strategies(result, Voice("zh", "CNY"))
    assert any(sentence.startswith("掌声：step 0.3") for sentence in chinese.has["both",])
    assert ("applause.costs", {"both": 1.5}) in differing_settings(result)


def test_what_all_arms_have_alike_is_no_difference():
    result = compare(lively({"applause": {}, "days": 21}), replicates=1)
    found = strategies(result, Voice("en", "CNY"))
    assert any("Thanks for buyers" in sentence for sentence in found.shared)
    assert not any("Thanks for buyers" in sentence for sentences in found.has.values() for sentence in sentences)


@pytest.mark.usefixtures("without_pictures")
def test_the_report_tells_it(result):
    english, chinese = html(labelled(result)), html(labelled(result), language="zh")
    assert "What own mechanisms counted" in english
    assert "what thanking cost (CNY)" in english
    assert "受到感谢的顾客" in chinese
    assert "What own mechanisms counted" not in html(compare(lively({"days": 21}), replicates=1))


def test_its_money_is_a_line_of_the_difference(result):
    found = differences(result, "both", "paid")
    assert found["applause_paid"].middle < 0 < found["applause_sold"].middle
    assert found["profit"].middle == pytest.approx(sum(i.middle for name, i in found.items() if name != "profit"))
    result.pictures.money_change(("both", "paid"))


def test_a_journey_shows_what_its_columns_became():
    scenario = lively({"both:applause": {"step": 0.3}, "days": 30})
    story = journey(scenario, "invited", ("paid", "both"))
    events = [event for event in story.events("both") if event.kind == "own"]
    assert events[0].detail == "applause.thanked: 0 → 1"
    assert "applause.thanked: 0 → 1" in story.text()
    assert not [event for event in story.events("paid") if event.kind == "own"]


def test_its_numbers_are_levers_of_the_dashboard():
    levers = {lever.path: lever for lever in find(lively({"both:applause": {"step": 0.3}}))}
    lever = levers["applause.step"]
    assert (lever.keys, lever.value) == (("both:applause.step",), 0.3)
    assert lever.label(words("en"), "CNY").startswith("applause: step")
    costs = levers["applause.costs"]
    assert costs.label(words("en"), "CNY") == "applause: cost of thanks (CNY)"
    assert costs.label(words("zh"), "元") == "applause：感谢的成本 (元)"
    assert (costs.low, costs.high) == (0.0, 5.0)
    assert command("a.yaml", 8600, ["mine.py"])[-2:] == ["a.yaml", "mine.py"]


@pytest.mark.usefixtures("without_pictures")
def test_commands_load_it_and_scenarios_alone_do_not(here, tmp_path):
    status, _, err = here("compare", "lively.yaml", *SMALL, "--replicates", 2, "--out", "out")
    assert status == 2
    assert "applause" in err
    status, _, err = here(
        "compare", "lively.yaml", *SMALL, "--replicates", 2, "--out", "out", "--mechanism", "applause.py"
    )
    assert (status, err) == (0, "")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    (told,) = manifest["mechanisms"]
    assert (told["name"], told["source"]) == ("applause", "applause.py")
    assert len(told["digest"]) == 64
    assert (tmp_path / "out" / "own.csv").is_file()


def test_other_commands_take_it(here, tmp_path):
    own_file = ("--mechanism", "applause.py")
    (tmp_path / "on.yaml").write_text(LIVELY + "applause: {}\n", encoding="utf-8")
    status, _, err = here("check", "on.yaml")
    assert status == 2
    line = LIVELY.count("\n") + 1
    assert (
        err
        == f"on.yaml:{line}:1: applause: unknown key; if it is a mechanism of your own, load it: --mechanism FILE.py\n"
    )
    assert here("check", "on.yaml", *own_file)[0] == 0
    (tmp_path / "short.yaml").write_text(LIVELY.partition("events:")[0] + "applause: {}\n", encoding="utf-8")
    few = ("--set", "days=3", "--set", "customers.count=50")
    status, out, _ = here("run", "short.yaml", "--arm", "base", "--profile", *few, *own_file)
    assert status == 0
    assert "\napplause " in out
    status, out, _ = here("schema", *own_file)
    assert "applause" in json.loads(out)["properties"]


@pytest.mark.parametrize(
    ("given", "says"),
    [("nowhere.py", "nowhere.py: no such file"), ("loyalti", "loyalti: must be a file.py, a module, or one of")],
)
def test_a_mechanism_that_is_not_there_is_told_in_a_line(here, given, says):
    status, _, err = here("check", "lively.yaml", "--mechanism", given)
    assert status == 2
    assert err.startswith(says)
    assert err.count("\n") == 1
