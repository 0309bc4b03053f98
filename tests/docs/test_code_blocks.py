"""What README and docs show as code works: commands as the command line takes them, YAML as files have it, Python run.

Python runs page by page on small copies of the shipped cases, so that it's the code that is tried and not its answers.
Pages that take more than a moment are slow tests.
"""

import re
import shlex
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

import trafficsim as ts
from trafficsim.cli.commands import all_commands
from trafficsim.mechanisms.shared import own
from trafficsim.scenario import ScenarioError, load, loading, parse_settings
from trafficsim.scenario.loading import shipped

ROOT = Path(__file__).parents[2]
PAGES = {
    str(path.relative_to(ROOT)): path for path in [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
}
BLOCK = re.compile(r"^```([\w{}-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

NOT_RUN = {
    "docs/many_worlds.md": "needs a cluster with a queue; dask is tried by other tests",
    "docs/plan.md": "takes minutes on the smallest case; tests/study/test_planning.py makes the same calls",
}
MISTAKEN = {"hooks.side_dish.wroth=20": "README shows what a slip of the pen is told"}
QUICK = {"docs/data.md", "docs/own_mechanisms.md", "docs/pictures.md", "docs/python.md"}
"""Pages that take about a second; the others are slow tests."""
SIZES = {"replicates=16": "replicates=2", "replicates=4": "replicates=2", "256": "16", '8, "log"': '3, "log"'}
"""What is written on pages as one would run it, and what it is tried with."""
ALTERNATIVES = {"docs/claims_format.md"}
"""Pages that show ways to say the same below each other, by the same key."""
PREPARED = {"docs/replay.md": "results/spring", "docs/variables.md": "results/restaurant"}
"""Folders that a page takes as given."""


def blocks(page, *languages):
    return [code for language, code in BLOCK.findall(PAGES[page].read_text("utf-8")) if language in languages]


def lines(code):
    """Command lines: continued ones joined, without remarks."""
    joined = re.sub(r"\$\(\(.*?\)\)", "1", code.replace("\\\n", " "))  # sums are the shell's
    return [words for words in (shlex.split(line, comments=True) for line in joined.splitlines()) if words]


def commands():
    """Page and words of each `trafficsim` command that stands in a block."""
    for page in PAGES:
        for code in blocks(page, "sh", "bash", ""):
            for words in lines(code):
                if Path(words[0]).name == "trafficsim":
                    yield page, list(takewhile(lambda word: word not in {">", "|"}, words[1:]))


@pytest.fixture(scope="module")
def known():
    return get_command(all_commands()).commands


def test_every_command_is_taken_by_the_command_line(known):
    found = list(commands())
    assert len(found) >= 40
    for page, (name, *rest) in found:
        assert name in known, page
        known[name].make_context(name, list(rest))  # exits where it can't be parsed


def test_settings_of_shipped_cases_that_commands_change_exist(known):
    for _, (name, *rest) in commands():
        given = known[name].make_context(name, list(rest)).params
        case, changed = given.get("scenario"), given.get("set_") or ()
        if case in shipped() and changed:
            if set(changed) & set(MISTAKEN):
                with pytest.raises(ScenarioError):
                    load(case).replace(parse_settings(changed))
            else:
                load(case).replace(parse_settings(changed))


def test_options_that_are_named_in_prose_exist(known):
    for page, path in PAGES.items():
        if page in {"DESIGN.md", "CHANGELOG.md", "docs/history.md"}:
            continue  # they tell what was
        prose = BLOCK.sub("", path.read_text("utf-8"))
        for name, rest in re.findall(r"`trafficsim ([a-z]+)([^`]*)`", prose):
            options = {option for each in known[name].params for option in each.opts}
            assert set(re.findall(r"(?<![\w-])--[a-z-]+", rest)) <= options, (page, name, rest)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "yaml")])
def test_yaml_can_be_read(page):
    for code in blocks(page, "yaml"):
        yaml = YAML(typ="safe", pure=True)
        yaml.allow_duplicate_keys = page in ALTERNATIVES
        assert isinstance(yaml.load(code), dict)


def small(name, folder):
    """A shipped case of few customers and days, without what fits its size alone."""
    yaml = YAML(typ="safe", pure=True)
    tree = yaml.load(shipped()[name].read_text("utf-8"))
    tree |= {"days": 28, "customers": tree["customers"] | {"count": 150}}
    sources = {path: source for path, source in tree.get("sources", {}).items() if path != "customers.count"}
    tree = {key: each for key, each in tree.items() if key not in {"claims", "facts", "equal_budget"}}
    with (folder / f"{name}.yaml").open("w", encoding="utf-8") as stream:
        yaml.dump(tree | {"sources": sources}, stream)
    return folder / f"{name}.yaml"


@pytest.fixture
def small_cases(tmp_path, monkeypatch):
    """Each shipped case by its name, of few customers and days."""

    def found(given):
        return small(given, tmp_path) if given in shipped() else real(given)

    real = loading._found
    monkeypatch.setattr(loading, "_found", found)
    monkeypatch.setattr("trafficsim.report.page.drawings", lambda *_: ([], []))  # tried by tests of reports
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def mechanisms_forgotten(monkeypatch):
    """Mechanisms that a page defines or loads are gone afterwards."""
    for name in [name for name in sys.modules if name.startswith("trafficsim.examples.")]:
        monkeypatch.delitem(sys.modules, name)
    before = set(own._known)
    yield
    for name in set(own._known) - before:
        own.forget(name)


RUN = [
    pytest.param(page, marks=[] if page in QUICK else [pytest.mark.slow])
    for page in PAGES
    if blocks(page, "python") and page not in NOT_RUN
]


@pytest.mark.usefixtures("small_cases", "mechanisms_forgotten")
@pytest.mark.parametrize("page", RUN)
def test_python_runs(page):
    if page in PREPARED:
        ts.compare("restaurant", replicates=2, seed=1).save(PREPARED[page])
    names = {"__name__": "__main__"}
    for code in blocks(page, "python"):
        for written, tried in SIZES.items():
            code = code.replace(written, tried)  # noqa: PLW2901
        exec(compile(code, page, "exec"), names)


def test_what_is_left_out_exists():
    assert set(NOT_RUN) | QUICK | set(PREPARED) <= set(PAGES)
    assert all(blocks(page, "python") for page in NOT_RUN)
