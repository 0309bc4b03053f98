# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
import pytest
from jsonschema import Draft202012Validator
from scenario_texts import FULL, MINIMAL, full, lines_of, loaded

from trafficsim.scenario import Provenance, json_schema
from trafficsim.scenario.source import parse

SOURCE = 'customers.count: "004: three kilometres, 30,000 people"'


def by_path(entries):
    return {entry.path: entry for entry in entries}


def test_every_number_written_has_an_origin():
    found = by_path(loaded(("  both:    {}", "  both:    {product: {price: 95}}")).provenance())
    assert found["customers.count"] == Provenance(
        "customers.count", 30000, "004: three kilometres, 30,000 people", assumed=False, range=None
    )
    assert found["places.vip_group.open_rate"] == Provenance(
        "places.vip_group.open_rate", 0.35, None, assumed=True, range=(0.1, 0.5)
    )
    assert found["product.price"] == Provenance("product.price", 90, None, assumed=True, range=None)
    assert found["arms.both.product.price"].value == 95
    assert found["events.dearer.set.advertising.review_site.cpm"].value == 75
    assert found["events.dearer.day"].value == 200
    assert not {"format", "days", "title", "hooks.side_dish.gives"} & set(found)


def test_a_source_speaks_for_everything_below_its_path():
    text = '{source: "a survey", range: [0.05, 20]}\n  arms.both: "a plan"\n  word_of_mouth.tell: "a book"\n  purchasing.per_trust: "a study"'
    scenario = loaded(('"004: three kilometres, 30,000 people"', text), ("  both:    {}", "  both:    {product: {price: 95}}"), ("customers.count:", "customers.segments.hosts:"))  # fmt: skip
    found = by_path(scenario.provenance())
    assert found["customers.segments.hosts.fit"] == Provenance(
        "customers.segments.hosts.fit", 0.65, "a survey", assumed=False, range=(0.05, 20)
    )
    assert found["arms.both.product.price"].source == "a plan"
    assert found["word_of_mouth.trust_passed"].assumed
    assert by_path(scenario.defaults())["purchasing.per_trust"].source == "a study"


def test_a_plain_path_speaks_for_an_arm_only_where_the_base_has_no_such_number():
    new = "{product: {price: 95}, hooks: {poster: {at: review_site, into: vip_group, gives: cash, cost: 2}}}"
    sources = f'{SOURCE}\n  product.price: "the menu"\n  hooks.poster.cost: "an invoice"'
    found = by_path(loaded(("  both:    {}", f"  both:    {new}"), (SOURCE, sources)).provenance())
    assert (found["product.price"].source, found["arms.both.product.price"].source) == ("the menu", None)
    assert found["arms.both.hooks.poster.cost"].source == "an invoice"


def test_what_replaces_a_number_has_no_source_but_keeps_the_range():
    found = by_path(loaded().replace({"customers.count": 5, "places.vip_group.open_rate": 0.2}).provenance())
    assert found["customers.count"] == Provenance("customers.count", 5, None, assumed=True, range=None)
    assert found["places.vip_group.open_rate"].range == (0.1, 0.5)


@pytest.mark.parametrize(
    ("source", "assumed"),
    [
        ("assumed: two hours a day", True),
        ("Assumed, so that several find a contact", True),
        ("article 001: a side dish; its price is assumed", True),
        ("假设：每天两小时", True),
        ("article 004: 30,000 people", False),
        ("a survey of 2019", False),
    ],
)
def test_a_source_that_says_assumed_is_none(source, assumed):
    given = f'{{source: "{source}", range: [5, 500000]}}'
    found = by_path(loaded((SOURCE, f"customers.count: {given}")).provenance())["customers.count"]
    assert found == Provenance("customers.count", 30000, source, assumed=assumed, range=(5, 500000))


def test_defaults_carry_the_origin_given_in_the_code():
    found = by_path(loaded().defaults())
    assert (
        found["customers.memory.salience_half_life_days"].source == "weekly carry-over of digital media (5 to 15 days)"
    )
    assert not found["customers.memory.salience_half_life_days"].assumed
    assert found["leaving.per_trust"] == Provenance("leaving.per_trust", 5.0, None, assumed=True, range=None)
    assert not set(found) & set(by_path(loaded().provenance()))


@pytest.mark.parametrize(
    ("new", "expected"),
    [
        ('customers.cont: "x"', "42:3: sources.customers.cont: no such setting; did you mean 'customers.count'?"),
        ('arms.bth.product.price: "x"', "42:3: sources.arms.bth.product.price: no such setting; did you mean 'arms.both.product.price'?"),
        ("customers.count: ''", "42:20: sources.customers.count: must be a mapping or text (got empty text)"),
        ("customers.count: 5", "42:20: sources.customers.count: must be a mapping or text (got 5)"),
        ("customers.count: {assumed: false}", "42:3: sources.customers.count: give a source, or say assumed: true"),
        ("customers.count: {assumed: true, range: [5, 1]}", "42:3: sources.customers.count: the range must rise: [lowest, highest]"),
        ("customers.count: {assumed: true, rnge: [1, 5]}", "42:36: sources.customers.count.rnge: unknown key; did you mean 'range'?"),
    ],
)  # fmt: skip
def test_mistakes_in_sources_have_positions(new, expected):
    assert lines_of(full((SOURCE, new))) == [f"f.yaml:{expected}"]


def problems(text):
    return [error.json_path for error in Draft202012Validator(json_schema()).iter_errors(parse(text, "f").plain())]


def test_the_schema_for_editors_agrees_with_the_loader():
    Draft202012Validator.check_schema(json_schema())
    assert problems(MINIMAL) == []
    assert (
        problems(
            full(("until_day: 60", "until_day: 2024-03-01"), ("  both:    {}", "  both:    {hooks: {side_dish: off}}"))
        )
        == []
    )
    assert problems(FULL.replace("baseline:", "baselin:")) == ["$"]
    assert problems(FULL.replace("both:    {}", "both:    {days: 3}")) == ["$.arms.both"]
    assert problems(FULL.replace("count: 30000", "count: 0")) == ["$.customers.count"]
    assert "$.hooks" in problems(FULL.replace("cost: 4,", "cost: -4,"))
