"""docs/model.md names every rule of the mechanisms, and the defaults that it tells are those of the code."""

import ast
import re
import sys
from pathlib import Path

import pytest

from trafficsim import mechanisms

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGE = (DOCS / "model.md").read_text(encoding="utf-8")
pytestmark = pytest.mark.nojit


@pytest.fixture(scope="module")
def sections():
    """Classes of settings by their keys, places by their kinds: places.STORE and so on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(DOCS), *sys.path])
        import generate_mechanisms  # noqa: PLC0415 - found in the folder of the page

        yield {
            re.sub(r"NAME \(kind: (\w+)\)", lambda kind: kind[1].upper(), key): cls
            for key, cls in generate_mechanisms.SECTIONS.items()
        }


def rules():
    """Names of all functions that are a rule of a mechanism."""
    for path in sorted(Path(mechanisms.__file__).parent.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and any(
                isinstance(d, ast.Name) and d.id == "rule" for d in node.decorator_list
            ):
                yield node.name


def in_code():
    """Words of the page that stand in backticks or in an indented formula."""
    prose = re.sub(r"^ {4}.*$", "", PAGE, flags=re.MULTILINE)
    formulas = re.findall(r"^ {4}.*$", PAGE, flags=re.MULTILINE)
    return set(re.findall(r"\w+", " ".join([*re.findall(r"`([^`]+)`", prose), *formulas])))


def told():
    """Section, setting and default of each that the page tells."""
    for item in re.findall(r"^- Defaults of .*(?:\n  .*)*", PAGE, re.MULTILINE):
        section = item.split("`")[1]
        for name, value in re.findall(r"`(\w+)`\s=\s([^\s;]+)", item):
            yield section, name, value.removesuffix(".")


def read(value):
    """A default as it is written on the page."""
    words = {"none": None, "true": True, "false": False}
    if value in words:
        return words[value]
    try:
        return float(value.replace(",", ""))
    except ValueError:
        return value


def test_every_rule_is_named():
    assert sorted(set(rules()) - in_code()) == []


def test_defaults_are_those_of_the_code(sections):
    found = list(told())
    assert len(found) > 100
    for section, name, value in found:
        assert read(value) == sections[section].model_fields[name].default, f"{section}.{name}"


def test_links_lead_somewhere():
    anchors = {
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        for heading in re.findall(r"^#+ (.*)", PAGE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(([^)]+)\)", PAGE):
        assert target[1:] in anchors if target.startswith("#") else (DOCS / target).exists(), target
