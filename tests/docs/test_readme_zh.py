"""The Chinese README names commands and options that there are, and links to files that there are."""

import re
from pathlib import Path

from typer.main import get_command

from trafficsim.cli.commands import COMMANDS, all_commands

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "README.zh.md").read_text("utf-8")


def test_commands_and_their_options_exist():
    commands = get_command(all_commands()).commands
    known = {name: {option for each in command.params for option in each.opts} for name, command in commands.items()}
    asked = re.findall(r"trafficsim ([a-z]+)([^`\n（#]*)", PAGE)
    assert len({name for name, _ in asked}) >= 10
    for name, rest in asked:
        assert name in COMMANDS, name
        assert set(re.findall(r"--[a-z]+", rest)) <= known[name], (name, rest)


def test_links_lead_to_files():
    assert all((ROOT / link).is_file() for link in re.findall(r"\]\(([^)]+)\)", PAGE))
