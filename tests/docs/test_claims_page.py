"""docs/claims.md is made of what `trafficsim claims --robust --json` says."""

import json
import sys
from pathlib import Path

import pytest

from cases import read
from trafficsim.scenario import shipped

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture
def generator(monkeypatch):
    """The generator, which stands beside the page."""
    monkeypatch.setattr(sys, "path", [str(DOCS), *sys.path])
    import generate_claims  # noqa: PLC0415 - found in the folder of the page

    return generate_claims


def claim(**changes):
    turned = {"path": "product.price", "value": 10.0, "here": 200, "verdict": "holds"}
    found = {"status": "fragile", "turned_by": [turned], "trials": 8, "undecided": 1, "no_value": 0}
    plain = {
        "name": "pays",
        "says": "It pays",
        "source": "article 000",
        "expected": "profit of a more than b",
        "measured": -1234.5,
        "low": -2000.0,
        "high": -1000.0,
        "what": "difference",
        "verdict": "contradicted",
        "robustness": found,
    }
    return plain | changes


def leave(folder, name, **changes):
    """Leave verdicts in a folder, as `trafficsim claims --robust --out` does."""
    of_it = {"scenario": name, "digest": read(name).digest, "small": False, "not_tried": [], "title": "A shop"}
    path = folder / name / "claims.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(of_it | {"facts": [], "claims": [claim()]} | changes), "utf-8")


def a_test(*claims):
    return {"scenario": "shop", "title": "A shop", "facts": [], "claims": list(claims), "not_tried": []}


def test_a_row_says_what_was_measured_and_what_turns_it(generator):
    assert generator.row("shop", claim()) == (
        "| [shop](../scenarios/shop.yaml) | “It pays” (article 000) | profit of a more than b"
        " | difference -1,234 (-2,000 to -1,000) | **contradicted**"
        " | fragile: `product.price` = 10 (here 200): holds; 1 of 8 trials undecided |"
    )


def test_days_that_never_come_and_values_that_are_not_there(generator):
    assert (
        generator.measured(claim(what="day", measured="never", low=142.5, high="never")) == "day never (142.5 to never)"
    )
    assert generator.measured(claim(what="", measured=0.5, low=None, high=None)) == "0.500 (– to –)"


def test_a_fact_is_told_with_what_was_observed_and_why_it_is_missed(generator):
    fact = claim(
        what="", observed=14418000, expected="members: 800 to 2,000", verdict="missed", unreached="too few come"
    )
    page = generator.page([{**a_test(claim()), "facts": [fact]}])
    assert "1 facts: 1 missed." in page
    assert "| 14,418,000 | members: 800 to 2,000 | -1,234 (-2,000 to -1,000) | **missed** | too few come |" in page


def test_words_follow_whatever_is_contradicted_or_fragile(generator, monkeypatch):
    monkeypatch.setitem(generator.WORDS, "shop.pays", "The pool is too dear.")
    robust = {"status": "robust", "turned_by": [], "trials": 8, "undecided": 0, "no_value": 0}
    fine = claim(name="fine", says="It is fine", verdict="holds", robustness=robust)
    fragile = claim(name="frail", says="It is frail", verdict="holds")
    page = generator.page([a_test(claim(), fine, fragile)])
    assert "3 claims: 2 holds, 1 contradicted, 1 robust, 2 fragile." in page
    words = page.partition("## In plain words")[2]
    assert "**It pays**: contradicted. The pool is too dear." in words
    assert f"**It is frail**: holds. {generator.NO_WORDS}" in words
    assert "It is fine" not in words


def test_the_page_of_a_real_test_which_goes_on_where_it_was(generator, tmp_path):
    options = ("--small", "--replicates", "2")
    found = generator.verdicts_on(["teaching_bass"], tmp_path / "kept", options)
    assert [each["name"] for each in found[0]["claims"]] == list(read("teaching_bass").claims)
    page = generator.page(found)
    told = len(found[0]["facts"]) + len(found[0]["claims"])
    assert page.count("| [teaching_bass](../scenarios/teaching_bass.yaml) | ") == told
    assert generator.verdicts_on(["teaching_bass"], tmp_path / "kept", options) == found


def test_words_are_about_claims_that_exist(generator):
    told = {
        f"{name}.{claim}" for name in {key.partition(".")[0] for key in generator.WORDS} for claim in read(name).claims
    }
    assert set(generator.WORDS) <= told


def test_verdicts_that_were_left_in_folders(generator, tmp_path):
    leave(tmp_path / "first", "yonghui")
    leave(tmp_path / "second", "cadence")
    found = generator.verdicts_in([tmp_path / "first", tmp_path / "second"])
    assert [one["scenario"] for one in found] == ["cadence", "yonghui"]
    missing = generator.untested(found)
    assert len(missing) == sum(bool(read(name).tested) for name in shipped()) - 2
    assert "Not tested for this page: " in generator.page(found, missing)
    assert "Not tested for this page: " not in generator.page(found)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"digest": "of another text"}, "cadence was changed since"),
        ({"small": True}, "a small sample"),
        ({"scenario": "cadenza"}, "cadenza is no shipped scenario"),
    ],
)
def test_verdicts_that_do_not_belong_on_the_page(generator, tmp_path, changes, problem):
    leave(tmp_path, "cadence", **changes)
    with pytest.raises(generator.UnfitError, match=problem):
        generator.verdicts_in([tmp_path])


def test_scenarios_whose_assumed_numbers_were_not_moved_are_named(generator, tmp_path):
    leave(tmp_path, "cadence", claims=[claim(robustness=None)])
    leave(tmp_path, "yonghui")
    found = generator.verdicts_in([tmp_path])
    assert generator.without_trials(found) == ["cadence"]
    assert "Assumed numbers not moved: `cadence`.\n" in generator.page(found)


def test_a_scenario_in_two_folders_or_in_none(generator, tmp_path):
    leave(tmp_path / "first", "cadence")
    leave(tmp_path / "second", "cadence")
    with pytest.raises(generator.UnfitError, match="cadence: found more than once"):
        generator.verdicts_in([tmp_path / "first", tmp_path / "second"])
    with pytest.raises(generator.UnfitError, match=r"no claims\.json"):
        generator.verdicts_in([tmp_path])


def test_the_page_has_every_claim_and_explains_what_needs_it(generator):
    page = (DOCS / "claims.md").read_text("utf-8")
    missing = [line for line in page.splitlines() if line.startswith("Not tested for this page: ")]
    tested = [name for name in shipped() if not any(f"`{name}`" in line for line in missing)]
    rows = {
        f"| [{name}](../scenarios/{name}.yaml) | “{claim.says}” ({claim.source}) |"
        for name in tested
        for claim in read(name).tested.values()
    }
    assert rows
    assert not [row for row in rows if row not in page]
    assert generator.NO_WORDS not in page
    assert not [line for line in page.splitlines() if line.endswith("| **missed** |  |")], "without a reason"
