"""What the command line says of input that can't be, or that hardly can be meant."""

import shutil
import sys
from pathlib import Path

import pytest

from trafficsim import cli

CASES = Path(__file__).parent / "data" / "cases"


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
    assert out[1:3] == [
        "twin.yaml: Arms 'nothing' and 'twin' differ in nothing.",
        "twin.yaml: Place 'street' neither sells nor shows anything.",
    ]
    assert out[4].startswith("sells_nowhere.yaml: No place sells, so that nobody buys")


def test_what_makes_an_answer_doubtful_is_the_first_of_its_sentences(trafficsim):
    _, out, _ = trafficsim("compare", "sells_nowhere.yaml", "--replicates", 2, "--out", "r")
    assert out[1].startswith("No place sells, so that nobody buys")
