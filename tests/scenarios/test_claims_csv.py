"""scenarios/claims.csv: where every sentence of the articles is tested, or why it can't be."""

import csv
import re
from pathlib import Path

import pytest

from cases import read
from trafficsim.scenario import shipped

ROOT = Path(__file__).parents[2]
CASES = """
acquisition_cost branch_content cadence capture community content_matrix dearer_ads five_onlines hooks koc_kol
lin_qingxuan new_brand partners perfect_diary persona product_mismatch restaurant screening service sms staff_moments
suitability super_users teaching_bass television toilet_seat word_of_mouth yonghui
"""
SENTENCES = {"000": 7, "001": 11, "002": 7, "003": 8, "004": 9}
"""How many sentences each article contributes."""


def rows():
    with (ROOT / "scenarios/claims.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def called(row):
    return f"{row['seed_file_prefix']}-{row['claim'][:30]}-{row['scenario']}"


def test_every_sentence_of_the_articles_is_there():
    sentences = {(row["seed_file_prefix"], row["claim"]) for row in rows()}
    assert {a: sum(article == a for article, _ in sentences) for a in SENTENCES} == SENTENCES


@pytest.mark.parametrize("row", rows(), ids=called)
def test_a_row_names_claims_of_a_scenario_or_a_reason(row):
    assert bool(row["tested_by"]) != bool(row["reason"])
    assert not row["scenario"] or row["scenario"] in shipped()
    if row["tested_by"]:
        assert set(row["tested_by"].split("; ")) <= set(read(row["scenario"]).tested)


@pytest.mark.parametrize("row", [row for row in rows() if row["reason"]], ids=called)
def test_the_rows_of_the_showcase_that_a_reason_names_exist(row):
    page = (ROOT / "docs/mechanisms.md").read_text("utf-8")
    assert all(
        re.search(rf"^\| \d+ \| {re.escape(name)} \|", page, re.MULTILINE)
        for name in re.findall("'(.*?)'", row["reason"])
    )


@pytest.mark.parametrize("name", CASES.split())
def test_every_case_is_shipped_with_claims_and_has_a_row(name):
    assert read(name).claims
    assert name in {row["scenario"] for row in rows()}


def test_nothing_else_is_shipped():
    assert sorted(shipped()) == sorted(CASES.split())
