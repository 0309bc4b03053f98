"""Help in Chinese: where it is asked for, by whichever way, and without a word of English left."""

import re
import sys

import pytest
from rich.cells import cell_len
from typer.main import get_command

from trafficsim import cli
from trafficsim.cli.commands import COMMANDS, all_commands
from trafficsim.cli.options import help_language
from trafficsim.cli.terminal import COLUMNS

WAYS = [
    (["--lang", "zh", "compare", "--help"], {}),
    (["compare", "--lang", "zh", "--help"], {}),
    (["compare", "--help", "--language=zh"], {}),
    (["compare", "--help"], {"TRAFFICSIM_LANG": "zh"}),
    (["compare", "--help"], {"LC_ALL": "zh_CN.UTF-8"}),
    (["compare", "--help"], {"LANG": "zh_CN.UTF-8"}),
]


@pytest.fixture(autouse=True)
def plain(monkeypatch):
    """No language is set."""
    for name in ("TRAFFICSIM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, "")  # so that what a command sets is taken back as well
        monkeypatch.delenv(name)


def helped(monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["trafficsim", *arguments])
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main()
    return capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "environment"), WAYS)
def test_help_is_chinese_whichever_way_it_is_asked_for(arguments, environment, monkeypatch, capsys):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    out = helped(monkeypatch, capsys, *arguments)
    assert "用法：" in out
    assert "比较一个场景的各个方案" in out
    assert not re.search(r"Usage|Options|Arguments|default:|required|Random|<bool>", out)


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_has_help_in_chinese(name, monkeypatch, capsys):
    """A text that the catalogue lacks would be a KeyError."""
    out = helped(monkeypatch, capsys, "--lang", "zh", *([name] if name else []), "--help")
    assert "…" not in out
    assert all(cell_len(line) <= COLUMNS for line in out.splitlines())
    assert not re.search(r"[a-z]{3,} [a-z]{2,} [a-z]{3,} ", re.sub(r"例：[\s\S]*?\n\s*\n", "", out))


def test_help_is_english_unless_something_asks_for_chinese(monkeypatch, capsys):
    assert "Compare the arms" in helped(monkeypatch, capsys, "compare", "--help")
    assert "用法" not in helped(monkeypatch, capsys, "compare", "--help", "--lang", "en")
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert help_language(["compare", "--lang", "en", "--help"]) == "en"


def test_the_language_before_the_command_is_that_of_its_answer(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRAFFICSIM_LANG", "en")  # so that what the option sets is undone
    monkeypatch.setattr(sys, "argv", ["trafficsim", "--lang", "zh", "check", "restaurant"])
    with pytest.raises(SystemExit, match=r"^0$"):
        cli.main()
    assert "没有问题" in capsys.readouterr().out


def test_an_unknown_language_is_told_wherever_it_is_set(monkeypatch, capsys):
    monkeypatch.setenv("TRAFFICSIM_LANG", "fr")
    monkeypatch.setattr(sys, "argv", ["trafficsim", "check", "restaurant"])
    with pytest.raises(SystemExit, match=r"^2$"):
        cli.main()
    assert "no language 'fr'; there are en, zh" in re.sub(r"\s*│\n│\s*", " ", capsys.readouterr().err)


def test_every_option_has_help():
    def lacking(command):
        yield from (f"{command.name} {each.name}" for each in command.params if not getattr(each, "help", None))
        for each in getattr(command, "commands", {}).values():
            yield from lacking(each)

    assert list(lacking(get_command(all_commands()))) == []
