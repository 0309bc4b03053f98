"""Every recipe of the cookbook loads when it is added to the small shop, and none is without effect."""

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from trafficsim.scenario import load_text

ROOT = Path(__file__).parents[2]
SHOP = (ROOT / "tests" / "data" / "cases" / "small_shop.yaml").read_text("utf-8")
RECIPES = re.findall(
    r"^## (.+?)\n.*?```yaml\n(.*?)```", (ROOT / "docs" / "cookbook.md").read_text("utf-8"), re.DOTALL | re.MULTILINE
)


def merged(base, added):
    """A mapping with another laid over it; arms are replaced, since a recipe names all that it compares."""
    both = dict(base)
    for key, value in added.items():
        deeper = isinstance(value, dict) and isinstance(both.get(key), dict) and key != "arms"
        both[key] = merged(both[key], value) if deeper else value
    return both


def with_recipe(recipe, tmp_path):
    yaml = YAML(typ="safe", pure=True)
    file = tmp_path / "shop.yaml"
    both = merged(yaml.load(SHOP), yaml.load(recipe))
    with file.open("w", encoding="utf-8") as stream:
        yaml.dump(both, stream)
    return load_text(file.read_text("utf-8"), "shop", tmp_path)


@pytest.mark.parametrize(("title", "recipe"), RECIPES, ids=[title for title, _ in RECIPES])
def test_a_recipe_loads_and_has_an_effect(title, recipe, tmp_path):
    plain, case = load_text(SHOP, "shop", tmp_path), with_recipe(recipe, tmp_path)
    assert case.digest != plain.digest or case.labels or case.provenance() != plain.provenance(), title
    assert {note for note in case.notes() if "nothing" in note.replace("'nothing'", "")} <= set(plain.notes())


def test_the_cookbook_has_recipes():
    assert len(RECIPES) >= 14
