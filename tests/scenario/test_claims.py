"""Claims in a file: what can be said, and that nothing is accepted that no comparison could test."""
# ruff: noqa: E501 - a mistake is one line, and so is its row in a table

import re
from pathlib import Path

import pytest
from scenario_texts import FULL, MINIMAL, lines_of

from trafficsim.books.metrics import quantities
from trafficsim.scenario import ScenarioError, json_schema, load_text
from trafficsim.scenario.claims import Compared, completed, measured

DOCS = Path(__file__).parents[2] / "docs/claims_format.md"
MEMBERS = "metric: members.vip_group, arm: private"


def stating(expect, extra=""):
    return f'{FULL}claims:\n  c: {{says: "S", source: "001", {extra}expect: {{{expect}}}}}\n'


def said(expect, extra=""):
    return [re.sub(r"^f\.yaml:44:\d+: claims\.c", "", line) for line in lines_of(stating(expect, extra))]


def claim(expect, extra=""):
    return load_text(stating(expect, extra), "f").claims["c"]


@pytest.mark.parametrize(
    ("expect", "comparison"),
    [
        (f"{MEMBERS}, day: 60, at_least: 1000", "at_least"),
        (f"{MEMBERS}, day: 2024-03-01, at_most: 1000", "at_most"),
        (f"{MEMBERS}, window: [2024-03-01, 2024-04-01], between: [10, 20.5]", "between"),
        ("metric: profit, arm: private, ratio_to: {arm: paid}, at_least: 2", "at_least"),
        ("metric: profit, arm: private, more_than: {arm: paid, by: 100}", "more_than"),
        ("metric: margin_of_new.told, per: first_orders.told, arm: both, more_than: {metric: margin_of_new.paid, per: first_orders.paid}", "more_than"),
        ("metric: orders_of_cohort.28, arm: private, window: [56, 84], ratio_to: {window: [28, 56]}, at_least: 0.3", "at_least"),
        ("metric: orders_of_segment.hosts, arm: private, more_than: {metric: orders_of_segment.neighbours}", "more_than"),
        ("metric: top_over_rest.fifth, arm: private, between: [5, 10]", "between"),
        ("metric: stayed_by_hook.side_dish, per: joined_by.side_dish, arm: both, at_most: 0.5", "at_most"),
        ("metric: profit, order: [private, paid, nothing]", "order"),
        ("metric: profit, interior_optimum: [private, paid, nothing]", "interior_optimum"),
        ("metric: profit, arm: private, crossover: {over: paid, after: 20, before: 300}", "crossover"),
        ("metric: members, arm: private, crossover: {over: both, never: true}", "crossover"),
    ],
)  # fmt: skip
def test_every_comparison_can_be_said(expect, comparison):
    assert claim(expect).expect.comparison == comparison


def test_dates_are_days_from_the_start():
    assert claim(f"{MEMBERS}, day: 2024-03-01, at_most: 1").expect.day == 60
    assert claim(f"{MEMBERS}, window: [2024-03-01, 70], at_most: 1").expect.window == (60, 70)


def test_what_another_quantity_leaves_out_is_as_in_the_first():
    expect = claim("metric: profit, arm: private, day: 9, per: members, more_than: {arm: paid}").expect
    own = measured(expect)
    assert completed(expect.more_than, own) == own.model_copy(update={"arm": "paid"})
    window = completed(Compared(window=(3, 5)), own)
    assert (window.day, window.window, window.metric, window.per) == (None, (3, 5), "profit", "members")


@pytest.mark.parametrize(
    ("expect", "expected"),
    [
        ("metric: membrs.vip_group, arm: private, at_least: 1", ".expect.metric: no metric is named 'membrs'; did you mean 'members'?"),
        ("metric: members.vip_grup, arm: private, at_least: 1", ".expect.metric: arm 'private' has no pool 'vip_grup'; did you mean 'vip_group'?"),
        ("metric: members.dining_room, arm: private, at_least: 1", ".expect.metric: arm 'private' has no pool 'dining_room'"),
        ("metric: orders.dining_rom, arm: private, at_least: 1", ".expect.metric: arm 'private' has no place 'dining_rom'; did you mean 'dining_room'?"),
        ("metric: members., arm: private, at_least: 1", ".expect.metric: 'members.' ends in a dot; name an entry or leave out the dot"),
        ("metric: needs.x, arm: private, at_least: 1", ".expect.metric: 'needs' is one number, not broken down; leave out '.x'"),
        ("metric: joined_by.side_dish, arm: paid, at_least: 1", ".expect.metric: arm 'paid' has no hook, so that 'joined_by' is always 0"),
        ("metric: joined_by.side, arm: both, at_least: 1", ".expect.metric: arm 'both' has no hook 'side'"),
        ("metric: wages.hots, arm: private, at_least: 1", ".expect.metric: arm 'private' has no staff 'hots'; did you mean 'hosts'?"),
        ("metric: orders_in, arm: private, at_least: 1", ".expect.metric: arm 'private' has no slot, so that 'orders_in' is always 0"),
        ("metric: orders_from.tld, arm: private, at_least: 1", ".expect.metric: 'orders_from' has no 'tld'; there are organic, paid, store, told, invited, staff, start; did you mean 'told'?"),
        ("metric: orders_of_cohort.27, arm: private, at_least: 1", ".expect.metric: no cohort begins on day 27; cohorts begin on every 28th day of the run, from day 0"),
        ("metric: orders_of_segment.host, arm: private, at_least: 1", ".expect.metric: arm 'private' has no segment 'host'; did you mean 'hosts'?"),
        ("metric: top_over_rest, arm: private, at_least: 1", ".expect.metric: of whom? 'top_over_rest.fifth' or 'top_over_rest.tenth'"),
        ("metric: top_over_rest.half, arm: private, at_least: 1", ".expect.metric: 'top_over_rest' has no 'half'; there are fifth, tenth"),
        ("metric: profit, per: members.x, arm: private, at_least: 1", ".expect.per: arm 'private' has no pool 'x'"),
        ("metric: profit, arm: privat, at_least: 1", ".expect.arm: no arm is named 'privat'; did you mean 'private'?"),
        ("metric: profit, at_least: 1", ".expect.arm: missing: whose metric; must be 'nothing', 'paid', 'private' or 'both'"),
        ("metric: profit, arm: private, day: 365, at_least: 1", ".expect.day: must be < days, 365 (got 365)"),
        ("metric: profit, arm: private, day: -1, at_least: 1", ".expect.day: must be >= 0 (got -1)"),
        ("metric: profit, arm: private, day: 3, window: [4, 9], at_least: 1", ".expect: give day or window, not both"),
        ("metric: profit, arm: private, window: [9, 4], at_least: 1", ".expect: the window must rise: [from, until] (got [9, 4])"),
        ("metric: profit, arm: private, window: [9, soon], at_least: 1", ".expect.window.1: must be a day number or a date such as 2024-01-31 (got text 'soon')"),
        ("metric: profit, arm: private, window: [9, 366], at_least: 1", ".expect.window: must end by day 365 (got [9, 366])"),
        ("metric: members, arm: private, window: [0, 9], at_least: 1", ".expect.window: 'members' is a level; its change can begin on day 1 at the earliest"),
        ("metric: causal_uplift, arm: private, day: 3, at_least: 1", ".expect.day: 'causal_uplift' is known for the whole run only; leave out day"),
        ("metric: orders, per: joiners, arm: private, window: [3, 4], at_least: 1", ".expect.window: 'joiners' is known for the whole run only; leave out window"),
        ("metric: profit, arm: private", ".expect: must hold one comparison: at_least, at_most, between, more_than, order, interior_optimum, crossover (got none)"),
        ("metric: profit, arm: private, at_least: 1, at_most: 2", ".expect: must hold one comparison: at_least, at_most, between, more_than, order, interior_optimum, crossover (got at_least and at_most)"),
        ("metric: profit, arm: private, at_lest: 1", ".expect.at_lest: unknown key; did you mean 'at_least'?"),
        ("metric: profit, arm: private, at_least: many", ".expect.at_least: must be a number (got text 'many')"),
        ("arm: private, at_least: 1", ".expect.metric: missing: its name, or name.entry for one place, hook, route, segment ..."),
        ("metric: profit, arm: private, between: [3, 2]", ".expect: between must rise: [lowest, highest] (got [3, 2])"),
        ("metric: profit, arm: private, ratio_to: {arm: paid}, more_than: {arm: paid}", ".expect: ratio_to goes with at_least, at_most or between, not with more_than"),
        ("metric: profit, arm: private, ratio_to: {day: 400}, at_least: 1", ".expect.ratio_to.day: must be < days, 365 (got 400)"),
        ("metric: profit, arm: private, ratio_to: {}, at_least: 1", ".expect.ratio_to: compares the quantity with itself"),
        ("metric: profit, arm: private, more_than: {arm: private}", ".expect.more_than: compares the quantity with itself"),
        ("metric: profit, arm: private, more_than: {arm: padi}", ".expect.more_than.arm: no arm is named 'padi'; did you mean 'paid'?"),
        ("metric: profit, arm: private, more_than: {metric: profet}", ".expect.more_than.metric: no metric is named 'profet'; did you mean 'profit'?"),
        ("metric: profit, order: [private, nothng]", ".expect.order.1: no arm is named 'nothng'; did you mean 'nothing'?"),
        ("metric: profit, order: [private, private]", ".expect.order: names an arm twice"),
        ("metric: profit, order: [private]", ".expect.order: must be a list of at least 2 entries (got a list)"),
        ("metric: profit, arm: paid, order: [private, paid]", ".expect: order names its arms; leave out arm"),
        ("metric: profit, interior_optimum: [private, paid]", ".expect.interior_optimum: must be a list of at least 3 entries (got a list)"),
        ("metric: profit, interior_optimum: [private, paid, bth]", ".expect.interior_optimum.2: no arm is named 'bth'; did you mean 'both'?"),
        ("metric: profit, arm: private, crossover: {over: private, before: 300}", ".expect.crossover.over: an arm can't overtake itself"),
        ("metric: profit, arm: private, crossover: {over: padi, before: 300}", ".expect.crossover.over: no arm is named 'padi'; did you mean 'paid'?"),
        ("metric: profit, arm: private, crossover: {over: paid, before: 365}", ".expect.crossover.before: must be < days, 365 (got 365)"),
        ("metric: profit, arm: private, crossover: {over: paid}", ".expect.crossover: give before, after or both, or never: true"),
        ("metric: profit, arm: private, crossover: {over: paid, never: true, before: 3}", ".expect.crossover: give before, after or both, or never: true"),
        ("metric: profit, arm: private, crossover: {over: paid, never: false}", ".expect.crossover.never: must be true (got false)"),
        ("metric: profit, arm: private, crossover: {over: paid, before: 3, after: 9}", ".expect.crossover: after (9) must lie before before (3)"),
        ("metric: profit, arm: private, day: 3, crossover: {over: paid, never: true}", ".expect: a crossover looks at every day of what has added up; leave out day"),
        ("metric: cac, arm: private, crossover: {over: paid, never: true}", ".expect.metric: 'cac' doesn't add up day by day, so that nothing can cross"),
        ("metric: joiners, arm: private, crossover: {over: both, never: true}", ".expect.metric: 'joiners' doesn't add up day by day, so that nothing can cross"),
    ],
)  # fmt: skip
def test_what_can_not_be_evaluated_is_one_line_with_its_position(expect, expected):
    assert said(expect) == [expected]


def test_a_rule_is_named_where_a_claim_holds_by_construction():
    pair = ": by_construction: true and because (the rule that makes it so) go together"
    assert said(f"{MEMBERS}, at_least: 1", "by_construction: true, ") == [pair]
    assert said(f"{MEMBERS}, at_least: 1", "because: a rule, ") == [pair]
    assert claim(f"{MEMBERS}, at_least: 1", "by_construction: true, because: a rule, ").because == "a rule"


@pytest.mark.parametrize(
    ("section", "expected"),
    [
        ("claims: [3]", "f.yaml:43:9: claims: must be a mapping (got a list)"),
        ("claims: {c: 3}", "f.yaml:43:13: claims.c: must be a mapping (got 3)"),
        ("claims: {c: {says: '', source: x, expect: {metric: days, arm: paid, at_least: 1}}}", "f.yaml:43:20: claims.c.says: must be text of at least 1 character (got empty text)"),
        ("claims: {c-d: {says: s, source: x, expect: {metric: days, arm: paid, at_least: 1}}}", "f.yaml:43:10: claims.c-d: a name is made of letters, digits and _, and doesn't start with a digit"),
        ("claims: {c: {says: s, source: x}}", "f.yaml:43:10: claims.c.expect: missing: what has to come out for it to hold"),
    ],
)  # fmt: skip
def test_a_claim_is_complete(section, expected):
    assert lines_of(f"{FULL}{section}\n") == [expected]


@pytest.mark.parametrize(
    ("arm", "settings", "expected"),
    [
        ("paid", "", ["nobody joins a pool in arm 'paid', so that 'causal_uplift' has no value"]),
        ("both", "", []),
        ("both", "0.1", []),
    ],
)
def test_an_uplift_needs_joiners_and_no_other_arm(arm, settings, expected):
    text = stating(f"metric: causal_uplift, arm: {arm}, at_least: 0")
    lines = lines_of(text.replace("members: {vip_group: 0.0}", f"members: {{vip_group: {settings or '0.0'}}}"))
    assert [line.split(".metric: ")[1] for line in lines] == expected


def test_mistakes_of_claims_come_with_those_of_the_rest_of_the_file():
    text = stating("metric: members.vip_grup, arm: private, at_least: 1").replace("cost: 4,", "cost: -4,")
    assert [line.split(": ")[1] for line in lines_of(text)] == ["hooks.side_dish.cost", "claims.c.expect.metric"]


def test_the_only_arm_need_not_be_named():
    text = MINIMAL + "claims: {c: {says: s, source: x, expect: {metric: orders.shop, at_least: 1}}}\n"
    assert lines_of(text) == []
    assert lines_of(text.replace("orders.shop", "orders.shp")) == [
        "f.yaml:12:51: claims.c.expect.metric: arm 'base' has no place 'shp'; did you mean 'shop'?"
    ]


def test_a_claim_that_no_longer_fits_a_shortened_run_is_noted():
    scenario = load_text(stating(f"{MEMBERS}, day: 300, at_least: 1000"), "f")
    shorter = scenario.replace({"days": 250})
    assert shorter.claims == {}
    (note,) = [note for note in shorter.notes() if "Claim" in note]
    assert note == "Claim 'c' can't be tested here: claims.c.expect.day: must be < days, 250 (got 300)."


def test_claims_can_not_be_replaced():
    scenario = load_text(stating(f"{MEMBERS}, at_least: 1000"), "f")
    with pytest.raises(ScenarioError, match="can't be replaced"):
        scenario.replace({"claims.c.expect.at_least": 1})


def test_claims_are_written_out_but_are_no_part_of_what_a_run_is():
    scenario = load_text(stating(f"{MEMBERS}, window: [3, 9], at_least: 1000"), "f")
    again = load_text(scenario.text, "f")
    assert again.claims == scenario.claims
    assert again.digest == scenario.digest == load_text(FULL, "f").digest


def test_the_schema_for_editors_knows_claims_and_takes_dates():
    jsonschema = pytest.importorskip("jsonschema")
    from trafficsim.scenario.source import parse  # noqa: PLC0415 - only with jsonschema

    good = parse(stating(f"{MEMBERS}, window: [2024-03-01, 70], at_least: 1"), "f").plain()
    bad = parse(stating(f"{MEMBERS}, at_lest: 1"), "f").plain()
    validator = jsonschema.Draft202012Validator(json_schema())
    assert list(validator.iter_errors(good)) == []
    assert [error.json_path for error in validator.iter_errors(bad)] == ["$.claims.c.expect"]


def test_the_documentation_names_every_metric_and_its_examples_are_good():
    text = DOCS.read_text(encoding="utf-8")
    for metric in quantities().values():
        assert f"| `{metric.name}` | {metric.by or '–'} | {metric.meaning} ({metric.unit}) |" in text
    examples = re.findall(r"^expect: \{(.*?)\}$", text, re.MULTILINE | re.DOTALL)
    assert len(examples) == 15
    arms = "".join(f"  {name}: {{}}\n" for name in ("monthly", "weekly", "daily", "ten_a_day"))
    for example in examples:
        text = stating(" ".join(example.split()))
        assert lines_of(text.replace("baseline:", f"{arms}baseline:")) == [], example


# Facts


SEEN = 'says: "S", source: "001", observed: 1200, expect: {metric: members.vip_group, arm: private, at_least: 1000}'


def test_facts_stand_beside_claims_and_come_first():
    case = load_text(f"{stating('metric: profit, arm: paid, at_least: 0')}facts:\n  f: {{{SEEN}}}\n", "f")
    assert list(case.tested) == ["f", "c"]
    assert case.facts["f"].observed == 1200
    assert list(load_text(case.text, "again").tested) == ["f", "c"]
    assert list(case.without_arms("private").tested) == ["c"]


def test_facts_change_nothing_in_a_run():
    assert load_text(f"{FULL}facts:\n  f: {{{SEEN}}}\n", "f").digest == load_text(FULL, "f").digest


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (SEEN.replace("members.vip_group", "members.vip"), "facts.f.expect.metric: arm 'private' has no pool 'vip'"),
        (SEEN.replace("1200", "900"), "facts.f: observed (900) must lie within what is expected, 1000 to inf"),
        (SEEN.replace("observed: 1200, ", ""), "facts.f.observed: missing"),
        (SEEN.replace("observed", "by_construction: true, observed"), "facts.f.by_construction: unknown key"),
    ],
)
def test_what_no_comparison_could_tell_of_a_fact_is_a_mistake(text, says):
    (line,) = lines_of(f"{FULL}facts:\n  f: {{{text}}}\n")
    assert says in line


def test_a_claim_with_a_facts_name_is_a_mistake():
    (line,) = lines_of(f"{stating('metric: profit, arm: paid, at_least: 0')}facts:\n  c: {{{SEEN}}}\n")
    assert line == "f.yaml:44:3: claims.c: is a fact's name too; give it another"
