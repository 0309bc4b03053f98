"""The workbook: a sheet for each table, headings with units, numbers as numbers, the same bytes."""

import builtins
import json
import math

import openpyxl
import pytest

from synthetic import ARMS, story, uncertain
from trafficsim.report import MissingExcelError, write_workbook

SHEETS = [
    "answer",
    "arms",
    "daily",
    "crossover",
    "money in time",
    "uplift",
    "routes",
    "attribution",
    "hooks",
    "cohorts",
    "funnel",
    "differences",
    "assumed",
    "sources",
]


@pytest.fixture(scope="module")
def result():
    return story(ARMS[:4], 60, 8)


@pytest.fixture
def book(result, tmp_path):
    write_workbook(result, tmp_path / "tables.xlsx")
    return openpyxl.load_workbook(tmp_path / "tables.xlsx")


def rows(sheet):
    head, *others = sheet.iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in others]


def test_a_sheet_for_each_table_with_its_heading_frozen(book):
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert all(cell.value and cell.font.bold for cell in sheet[1])
        assert all(sheet.column_dimensions[cell.column_letter].width >= 9 for cell in sheet[1])


def test_numbers_are_those_of_the_tables(book, result):
    summary = result.summary()
    first = rows(book["arms"])[0]
    assert first["metric"] == "spend"
    assert first["unit"] == "CNY"
    assert first["mean"] == pytest.approx(summary["mean"][0])
    daily = rows(book["daily"])
    assert len(daily) == 4 * 60
    earned = sum(row["contribution profit (CNY)"] for row in daily if row["arm"] == "paid")
    assert earned == pytest.approx(float(result.values("profit").sel(arm="paid").mean()))
    assert {"contribution profit (CNY), lower limit (95%)", "orders"} <= set(daily[0])


def test_numbers_have_formats(book):
    sheet = book["routes"]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    assert sheet[f"{heads['cost lines of the route (CNY per customer)']}2"].number_format == "#,##0.00"
    share = next(cell for cell in book["funnel"][1] if cell.value == "share")
    assert book["funnel"][f"{share.column_letter}2"].number_format == "0.0%"


def test_the_table_of_arms_has_money_counts_and_ratios_in_their_own_formats(book):
    """All stand in one column; JPY, without decimals, would make whole numbers of ratios."""
    sheet = book["arms"]
    heads = {cell.value: cell.column_letter for cell in sheet[1]}
    formats = {
        (name.value, heading): sheet[f"{heads[heading]}{name.row}"].number_format
        for name in sheet["A"][1:]
        for heading in ("mean", "difference to the baseline, upper limit (95%)")
    }
    for heading in ("mean", "difference to the baseline, upper limit (95%)"):
        assert [formats[name, heading] for name in ("spend", "CAC", "orders", "members", "true return on spend")] == [
            "#,##0.00",
            "#,##0.00",
            "#,##0.0",
            "#,##0.0",
            "#,##0.00",
        ]


def test_a_ratio_keeps_its_decimals_where_the_currency_has_none(tmp_path):
    write_workbook(story(ARMS[:2], 9, 2, currency="JPY"), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["arms"]
    mean = next(cell.column_letter for cell in sheet[1] if cell.value == "mean")
    formats = {name.value: sheet[f"{mean}{name.row}"].number_format for name in sheet["A"][1:]}
    assert (formats["spend"], formats["orders"], formats["ROAS, as reported"]) == ("#,##0", "#,##0.0", "#,##0.00")


def test_what_has_no_value_is_empty_and_what_never_comes_is_infinite(book, result):
    found = rows(book["crossover"])
    assert {row["day"] for row in found if row["share of replicates in which it never comes"] == 1} <= {"∞"}
    cost = [row["cost lines of the route (CNY per customer)"] for row in rows(book["routes"])]
    assert [value is None for value in cost] == [math.isnan(value) for value in result.by_route()["route_cost"]]


def test_differences_hold_every_setting_in_which_arms_differ(book):
    found = {row["setting"]: row for row in rows(book["differences"])}
    assert found["hooks.side_dish.worth"]["private"] == 12
    assert not found["hooks.side_dish.worth"]["paid"]
    assert "product.price" not in found


def test_the_workbook_speaks_chinese(result, tmp_path):
    write_workbook(result, tmp_path / "t.xlsx", language="zh")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert book.sheetnames[:2] == ["结论", "方案"]
    assert "贡献利润（元）" in [cell.value for cell in book["每日"][1]]


def test_what_answers_lean_on_has_a_sheet_once_it_was_measured(tmp_path):
    end = {"value": 0, "leads": {"nothing": [9.0, 8.0, 10.0]}, "problem": ""}
    number = {"path": "a.b", "value": 1, "range": [0, 1], "ends": [end]}
    leaning = {"best": "paid", "replicates": 6, "leads": {"nothing": 1.0}, "numbers": [number]}
    write_workbook(story(ARMS[:2], 9, 2, leaning=json.dumps(leaning)), tmp_path / "t.xlsx")
    (row,) = rows(openpyxl.load_workbook(tmp_path / "t.xlsx")["leans on"])
    assert (row["assumed number"], row["tried value"], row["lead (CNY)"]) == ("a.b", 0, 9)


def test_the_same_result_gives_the_same_bytes(result, tmp_path):
    for name in ("a", "b"):
        write_workbook(result, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_text_that_looks_like_a_formula_is_none(tmp_path):
    sourced = json.dumps([["a.b", 1, "=HYPERLINK(1)"]])
    write_workbook(story(ARMS[:2], 9, 2, sourced=sourced), tmp_path / "t.xlsx")
    cell = openpyxl.load_workbook(tmp_path / "t.xlsx")["sources"]["C2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_without_openpyxl_the_message_says_what_to_install(result, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("openpyxl"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExcelError, match=r"pip install 'trafficsim\[excel\]'"):
        write_workbook(result, tmp_path / "t.xlsx")
    assert list(tmp_path.iterdir()) == []


def test_plausible_worlds_have_a_sheet_of_arms_and_one_of_numbers(result, tmp_path):
    for language, names in (("en", ["plausible worlds", "uncertain numbers"]), ("zh", ["可能世界", "不确定数字"])):
        write_workbook(result.saying(uncertain=uncertain()), tmp_path / "worlds.xlsx", language=language)
        book = openpyxl.load_workbook(tmp_path / "worlds.xlsx")
        assert [name for name in book.sheetnames if name in names] == names
    write_workbook(result.saying(uncertain=uncertain()), tmp_path / "worlds.xlsx")
    book = openpyxl.load_workbook(tmp_path / "worlds.xlsx")
    private = rows(book["plausible worlds"])[2]
    assert (private["arm"], private["earns most in"]) == ("private", 0.8)
    assert private["behind the best at most (CNY)"] == 5000
    price, leaving = rows(book["uncertain numbers"])
    assert (price["uncertain number"], price["worth knowing (CNY)"]) == ("Price of the product", 120)
    assert (price["mean at which another arm earns most"], price["that arm"]) == (120.4, "paid")
    assert leaving["mean at which another arm earns most"] is None
