"""docs/mechanisms.md: every setting has a measured effect or a reason why not, and the page is that of the code."""

import re
import sys
from pathlib import Path
from typing import get_args

import pytest

from trafficsim.cli.options import SeedOption
from trafficsim.market.quantities import Parameters
from trafficsim.scenario import claims
from trafficsim.scenario.schema import Frame, Plan
from trafficsim.scenario.shapes import shape_of
from trafficsim.words import asked

DOCS = Path(__file__).parents[2] / "docs"
WHOLE = {Plan, Frame}
"""Together they are a scenario file."""


@pytest.fixture(scope="module")
def generator():
    """The script that writes the page, which stands beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(DOCS), *sys.path])
        import generate_mechanisms  # noqa: PLC0415 - found in the folder of the page

        yield generate_mechanisms


@pytest.fixture(scope="module")
def effects(generator):
    return generator.Effects()


@pytest.fixture(scope="module")
def page():
    return (DOCS / "mechanisms.md").read_text("utf-8").splitlines()


def classes_in(annotation):
    """Classes of settings named anywhere in a type annotation."""
    if isinstance(annotation, type) and issubclass(annotation, Parameters):
        yield annotation
    for inner in get_args(annotation):
        yield from classes_in(inner)


def all_classes():
    """Every class that takes part in a scenario file."""
    found, new = set(), set(WHOLE)
    while new:
        found |= new  # claims ask about a run and change nothing in it
        fields = [field for cls in new for field in cls.model_fields.values()]
        named = {cls for field in fields for cls in classes_in(field.annotation)}
        new = {cls for cls in named if cls.__module__ != claims.__name__} - found
    return found


def settings_of(classes):
    return {(cls, name) for cls in classes for name in cls.model_fields}


def stands_for_others(cls, name):
    """Whether a setting only holds other settings, and can neither be left out nor switched off."""
    annotation = cls.model_fields[name].annotation
    return shape_of(annotation).is_section and not shape_of(annotation).off and type(None) not in get_args(annotation)


def lone(effects):
    """The settings that some row changes and nothing else, so that its effect is theirs."""
    varied = [effects.varied(row) for row in effects.rows]
    return {setting for settings in varied if len(settings) == 1 for setting in settings}


def test_the_page_has_a_table_for_every_class_of_settings(generator):
    assert set(generator.SECTIONS.values()) == all_classes()


def test_every_setting_has_an_effect_or_a_reason(effects):
    """A row must change the setting alone; where two could, nobody would know which of them acts."""
    excused = {(cls, name) for cls, name in settings_of(all_classes()) if f"{cls.__name__}.{name}" in effects.without}
    holders = {(cls, name) for cls, name in settings_of(all_classes()) if stands_for_others(cls, name)}
    assert settings_of(all_classes()) - lone(effects) - excused - holders == set()


def test_what_is_excused_exists_and_has_no_row(effects):
    known = {f"{cls.__name__}.{name}" for cls, name in settings_of(all_classes())}
    varied = {f"{cls.__name__}.{name}" for cls, name in lone(effects)}
    assert set(effects.without) <= known - varied


def test_every_variant_of_the_showcase_is_used(effects):
    assert {row.base for row in effects.rows} == set(effects.bases)


def test_every_row_has_a_name_of_its_own_and_changes_something(effects):
    assert len({row.name for row in effects.rows}) == len(effects.rows)
    for row in effects.rows:
        assert all(effects.value(row, path) != value for path, value in row.change.items()), row.name


def test_every_measured_effect_has_a_sign(effects, page):
    """Its 95 % interval leaves 0 out: an option of which no effect was seen would be none."""
    changes = [line.split("|")[6] for line in page if re.match(r"\| \d+ \|", line)]
    assert len(changes) == len(effects.rows)
    for row, change in zip(effects.rows, changes, strict=True):
        middle, low, high = (float(n.replace(",", "")) for n in re.findall(r"[+-][\d,.]+", change))
        assert low <= middle <= high, row.name
        assert low > 0 or high < 0, row.name


def test_seeds_end_where_they_do_in_python():
    assert get_args(SeedOption)[1].max == asked.MOST


def test_the_page_is_up_to_date(generator, effects, page):
    """Everything on it but the measurements, which take minutes, is made again."""
    made = generator.Page(effects)
    replicates = next(int(line.split()[0]) for line in page if re.match(r"\d+ replicates, paired", line))
    before = [*made.beginning(), *made.parameters(), *made.effects_heading(replicates)]
    rows, glossary = list(made.rows([None] * len(effects.rows))), ["", *generator.glossary(effects)]
    assert page[: len(before)] == before
    assert [a for a, b in zip(rows, page[len(before) :], strict=False) if not b.startswith(a)] == []
    assert page[len(before) + len(rows) :] == glossary


@pytest.mark.slow
def test_every_row_still_changes_what_it_is_shown_in(effects):
    for found in effects.measured(effects.rows, 2):
        assert found.before != 0, found.effect.name
        assert found.change.middle != 0, found.effect.name
