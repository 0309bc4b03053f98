"""What the command line says of input that can't be, or that hardly can be meant."""

import shutil
import sys
from pathlib import Path

import pytest

from trafficsim import cli
from trafficsim.study.varying import parse_vary

CASES = Path(__file__).parents[1] / "data" / "cases"


@pytest.fixture
def trafficsim(tmp_path, monkeypatch, capsys):
    """The command in a folder with the small cases: exit status, and the lines of output and of errors."""
    for file in CASES.iterdir():
        shutil.copy(file, tmp_path)

    def run(*arguments):
        for name in ("FORCE_COLOR", "COLUMNS"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["trafficsim", *map(str, arguments)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code or 0, *(stream.splitlines() for stream in capsys.readouterr())

    return run


def test_check_says_what_has_no_effect(trafficsim):
    status, out, err = trafficsim("check", "twin.yaml", "sells_nowhere.yaml")
    assert (status, err) == (0, [])
    assert out[0].startswith("twin.yaml: fine.")
    assert [out[1], out[3]] == [
        "twin.yaml:31:3: Arms 'nothing' and 'twin' differ in nothing.",
        "twin.yaml:15:3: Place 'street' neither sells nor shows anything.",
    ]
    assert "pays for 46.7 advertisements a week for each of 60 people" in out[2]
    assert out[5].startswith("sells_nowhere.yaml: No place sells, so that nobody buys")


@pytest.mark.usefixtures("data_alone")
def test_what_makes_an_answer_doubtful_is_the_first_of_its_sentences(trafficsim):
    _, out, _ = trafficsim("compare", "sells_nowhere.yaml", "--replicates", 2, "--out", "r")
    assert out[1].startswith("No place sells, so that nobody buys")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n9,10\n", "ties_from_one.csv:3:1: numbered from 1? customers are numbered 0 to 9 (got 10)"),
        ("a,b\n0,2\n9,10\n", "ties_from_one.csv:3:1: customers are numbered 0 to 9 (got 10)"),
        ("a;b\n1;2\n", "ties_from_one.csv:1:1: the header must be a,b (written with ;)"),
        ("a,b\n1;2\n", "ties_from_one.csv:2:1: written with ;: a comma must stand between two customer numbers"),
        ("a,b\n1,two\n", "ties_from_one.csv:2:1: must be two whole numbers, 0 or more"),
        ("root:x:0:0\n", "ties_from_one.csv:1:1: the header must be a,b"),
        ("", "ties_from_one.csv:1:1: the header must be a,b"),
    ],
)
@pytest.mark.parametrize("verb", [("check",), ("compare", "--out", "r")])
def test_the_ties_file_is_read_before_anything_runs(verb, text, said, trafficsim, tmp_path):
    (tmp_path / "ties_from_one.csv").write_text(text)
    assert trafficsim(*verb, "ties_from_one.yaml") == (2, [], [said])


def test_ids_that_may_be_shifted_are_asked_about(trafficsim, tmp_path):
    asks = "ties_from_one.yaml: ties_from_one.csv doesn't name customer 0: ids run from 0, not from 1."
    for text, asked in [("a,b\n1,2\n", True), ("a,b\n0,2\n", False)]:
        (tmp_path / "ties_from_one.csv").write_text(text)
        assert (asks in trafficsim("check", "ties_from_one.yaml")[1]) == asked


@pytest.mark.parametrize("name", ["small_shop", "smal_shop"])
def test_a_file_of_this_folder_is_suggested(name, trafficsim):
    said = f"{name}: no such file or shipped case; did you mean 'small_shop.yaml'?"
    assert trafficsim("compare", name) == (2, [], [said])


@pytest.mark.parametrize(
    ("vary", "says"),
    [
        ("currency=CNY,USD", "currency: is only shown: it changes no number"),
        ("title=a,b", "title: is only shown: it changes no number"),
        (
            "product.price=1,200",
            "product.price=1,200: is 1200 meant, or levels? Write it without commas, or '1, 200' with blanks",
        ),
        (
            "customers.count=20,000",
            "customers.count=20,000: is 20000 meant, or levels? Write it without commas, or '20, 000' with blanks",
        ),
    ],
)
def test_levels_that_hardly_can_be_meant_are_refused(vary, says, trafficsim):
    sweep = ("sweep", "small_shop.yaml", "--arms", "private", "nothing")
    assert trafficsim(*sweep, "--vary", vary) == (2, [], [f"--vary: {says}"])


@pytest.mark.parametrize(
    ("values", "levels"),
    [("50,100,200", [50, 100, 200]), ("1, 200", [1, 200]), ("1,10,100", [1, 10, 100]), ("100,200", [100, 200])],
)
def test_levels_stay_levels(values, levels):
    assert parse_vary(f"product.price={values}") == ("product.price", levels)


@pytest.mark.parametrize("seed", ["18446744073709551616", "-1"])
def test_a_seed_that_does_not_fit_is_refused_before_the_run(seed, trafficsim):
    status, out, err = trafficsim("compare", "small_shop.yaml", "--seed", seed)
    assert (status, out) == (2, [])
    assert "Invalid value for '--seed'" in " ".join(err)
