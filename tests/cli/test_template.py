"""The command `template`."""

import pytest

from cases import RESTAURANT


@pytest.fixture
def run(tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    return command


def test_a_sheet_is_written_and_not_overwritten(run, tmp_path):
    status, said = run("template", str(RESTAURANT), "--by", "week", "--language", "zh")
    assert (status, said.err) == (0, "")
    text = (tmp_path / "restaurant_counts.csv").read_text("utf-8-sig")
    assert "members.vip_group: 当日结束时的成员数" in text
    assert text.splitlines()[-1] == "2024-12-30,,,,,,"
    status, said = run("template", str(RESTAURANT))
    assert status == 2
    assert "--force" in said.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["restaurant", "--by", "year"], "day, week, month"),
        (["restaurant", "--arm", "pad"], "--arm: pad: no such arm; did you mean 'paid'?"),
    ],
)
def test_bad_input_is_told_with_status_2(arguments, said, run, tmp_path):
    status, told = run("template", *arguments)
    assert status == 2
    assert said in " ".join(told.err.replace("│", " ").split())
    assert not list(tmp_path.iterdir())
