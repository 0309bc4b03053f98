"""Audiences, tiers and care in scenario files: what they may name, what is told of them, and what pools take along."""

import pytest
from scenario_texts import lines_of

from trafficsim.mechanisms.care import Care
from trafficsim.mechanisms.shared.audiences import Audience
from trafficsim.mechanisms.tiers import Tier
from trafficsim.report.clauses import clauses
from trafficsim.report.voice import Voice
from trafficsim.scenario import load_text
from trafficsim.scenario.counterfactuals import without_pools
from trafficsim.scenario.json_schema import json_schema

pytestmark = pytest.mark.nojit

AIMED = """
format: 1
title: A shop that treats customers differently
start: 2024-01-01
days: 60
customers:
  count: 500
  segments:
    all: {share: 1, days_between_needs: 20, fit: 0.6, deal_prone: 0.3}
product: {price: 100, unit_cost: 40}
places:
  shop: {kind: store, visits_per_week: 1}
  club: {kind: pool, form: account, open_rate: 0.4}
staff: {host: {count: 1, serves: club, wage_per_day: 5}}
audiences:
  regulars: {least_orders: 2, hooks: [gift]}
posts: {club: {per_week: 2, offers_per_week: 2, discount: 0.3, offers_to: regulars}}
hooks: {gift: {at: shop, into: club, gives: gift}}
tiers: {gold: {pool: club, to: regulars, perk: 0.2}}
care: {words: {pool: club, by: host, per_week: 1}}
"""


@pytest.mark.parametrize(
    ("there", "instead", "line"),
    [
        ("least_orders: 2,", "segments: [al],", "regulars.segments.0: no segment is named 'al'; did you mean 'all'?"),
        ("hooks: [gift]", "hooks: [gif]", "regulars.hooks.0: no hook is named 'gif'; did you mean 'gift'?"),
        ("offers_to: r", "offers_to: rr", "offers_to: no audience is named 'rregulars'; did you mean 'regulars'?"),
        ("to: regulars, perk", "to: nobody, perk", "tiers.gold.to: no audience is named 'nobody'; there are regulars"),
        ("by: host", "by: manager", "care.words.by: no staff is named 'manager'; there are host"),
        ("pool: club, by", "pool: shop, by", "words.pool: 'shop' is of kind 'store'; must be a place of kind 'pool'"),
        ("least_orders: 2,", "least_orders: 3, most_orders: 2,", "least_orders (3) can't exceed most_orders (2)"),
        ("per_week: 1}", "per_week: 8}", "care.words.per_week: must be <= 7 (got 8)"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_what_is_allowed(there, instead, line):
    assert lines_of(AIMED) == []
    (found,) = lines_of(AIMED.replace(there, instead))
    assert found.endswith(line)


def test_an_audience_of_a_hook_that_is_switched_off_by_hand_has_nobody_by_it():
    off = load_text(AIMED, "f").replace({"hooks": "off"})
    assert off.plan("base").audiences["regulars"].hooks == ("gift",)


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"audiences.others": {"most_orders": 0}}, "Nothing is aimed at audience 'others'."),
        (
            {"posts.club.offers_per_week": 0},
            "posts.club.offers_to does nothing: it has no offers. Leave it out.",
        ),
        (
            {"places.feed": {"kind": "public"}, "posts.feed": {"per_week": 1, "to": "regulars"}},
            "posts.feed.to does nothing: it is no pool. Leave it out.",
        ),
        (
            {"care": "off", "staff.host.hours_per_day": 2},
            "staff.host.hours_per_day does nothing: they give no care. Leave it out.",
        ),
    ],
)
def test_what_can_do_nothing_is_said(changes, note):
    assert note not in load_text(AIMED, "f").notes()
    assert note in load_text(AIMED, "f").replace(changes).notes()


def test_without_pools_there_are_no_tiers_and_no_care():
    ((_, plan),) = without_pools(load_text(AIMED, "f").periods("base"))
    assert plan.tiers == plan.care == plan.posts == plan.staff == "off"


def test_an_editor_knows_all_of_it():
    known = json_schema()["properties"]
    assert {"audiences", "tiers", "care"} <= set(known)
    assert {"audiences", "tiers", "care"} <= set(known["arms"]["additionalProperties"]["properties"])


@pytest.mark.parametrize(
    ("its", "english", "chinese"),
    [
        (
            Audience(most_orders=0, hooks=("gift", "card")),
            "audience “x”: customers, with 0 orders or fewer, who joined by “gift”, “card”",
            "人群“x”：顾客，已下单至多 0 次，由 “gift”、“card” 入池",
        ),
        (
            Audience(least_spend=500.0, partners=True),
            "audience “x”: customers, who are partners, who paid CNY 500 or more",
            "人群“x”：顾客，已是合伙人，累计消费至少 500 元",
        ),
        (
            Tier(pool="club", to="regulars", perk_cost_per_order=4.0),
            "tier “x” for “regulars” in “club”, perks for CNY 4 an order of a member",
            "会员等级“x”：面向“club”中的“regulars”，成员每单权益成本 4 元",
        ),
        (
            Care(pool="club", by="host", to="vip", per_week=0.5),
            "care “x”: “host” look after members of “club” 0.5 times a week each, 2 minutes each time, only for “vip”",
            "关怀“x”：“host”对“club”的成员每人每周 0.5 次，每次 2 分钟，只面向“vip”",
        ),
    ],
)
def test_sentences_in_both_languages(its, english, chinese):
    for language, text in (("en", english), ("zh", chinese)):
        voice = Voice(language, "CNY")
        assert voice.clauses(clause for clause, _ in clauses(its, "x", voice)) == text
