"""Scenarios made from others in Python, and from texts and mappings."""

import pytest
from ruamel.yaml import YAML

import trafficsim as ts
from comparisons import SHOP
from trafficsim.scenario import ScenarioError, load_text

CLAIMS = """
claims:
  pool_pays: {says: S, source: x, expect: {metric: profit, arm: private, more_than: {arm: nothing}}}
  ads_pay: {says: S, source: x, expect: {metric: profit, arm: paid, at_least: 0}}
sources:
  arms.private.hooks.gift.worth: {assumed: true}
  product.price: {assumed: true, range: [60, 90]}
"""


def shop(more=""):
    return load_text(SHOP + more, "shop")


def test_a_text_and_a_mapping_load_as_a_file_does():
    mapping = YAML(typ="safe").load(SHOP)
    assert ts.load(SHOP) == shop() == ts.load(mapping)
    assert ts.compare(mapping | {"days": 3}, 1).days == 3


def test_mistakes_of_a_mapping_are_told_by_path():
    mapping = YAML(typ="safe").load(SHOP)
    mapping["product"]["prise"] = mapping["product"].pop("price")
    with pytest.raises(ScenarioError, match=r"^scenario: product.prise: unknown key; did you mean 'price'"):
        ts.load(mapping)
    with pytest.raises(ScenarioError, match="a value of type set can't stand in a scenario"):
        ts.load({"days": {1}})


def test_arms_are_left_out_with_what_speaks_of_them():
    case = shop(CLAIMS.replace("  arms.private.hooks.gift.worth: {assumed: true}\n", ""))
    left = case.without_arms("private")
    assert left.arms == ("nothing", "paid")
    assert list(left.claims) == ["ads_pay"]
    assert left.periods("paid") == case.periods("paid")
    assert case.arms == ("nothing", "paid", "private")
    assert left.name == "shop_amended"


def test_equal_money_among_those_that_are_left():
    text = "equal_budget: [paid, private]\n"
    assert shop(text).without_arms("paid").equal_budget == ()
    case = shop(text).adding(
        {"arms": {"other": {"product": {"price": 70}}}, "equal_budget": ["other", "paid", "private"]}
    )
    assert case.without_arms("paid").equal_budget == ("other", "private")


@pytest.mark.parametrize(
    ("arm", "says"), [("privat", "no such arm; did you mean 'private'"), ("nothing", "is the baseline")]
)
def test_arms_that_can_not_be_left_out_are_named(arm, says):
    with pytest.raises(ScenarioError, match=says):
        shop().without_arms(arm)


def test_arms_events_and_places_are_added():
    more = {
        "arms": {"dear": {"hooks": "off", "product": {"price": 99}}},
        "events": {"rise": {"day": 30, "set": {"product.unit_cost": 40}}},
        "places": {"stall": {"kind": "public", "visits_per_week": 1}},
    }
    case = shop().adding(more)
    assert case.arms == ("nothing", "paid", "private", "dear")
    assert [plan.product.unit_cost for _, plan in case.periods("dear")] == [30, 40]
    assert case.plan("dear").product.price == 99
    assert case.kind("stall") == "public"
    assert case.adding({"days": 10, "events": {"rise": {"day": 5}}}).days == 10
    with pytest.raises(ScenarioError, match="did you mean 'product'"):
        shop().adding({"arms": {"dear": {"produkt": {"price": 99}}}})


def test_labels_go_with_what_they_call():
    labels = "labels: {private: the pool, paid: advertisements, ads_pay: ads pay, feed: the feed}\n"
    case = shop(CLAIMS.replace("  arms.private.hooks.gift.worth: {assumed: true}\n", "") + labels)
    assert dict(case.without_arms("private").labels) == {
        "paid": "advertisements",
        "ads_pay": "ads pay",
        "feed": "the feed",
    }
    assert dict(case.without_arms("paid").labels).keys() == {"private", "feed"}
    chinese = "translations: {zh: {title: 店, labels: {private: 私域, paid: 广告, feed: 信息流}}}\n"
    translated = shop(labels.replace(" ads_pay: ads pay,", "") + chinese)
    assert dict(translated.without_arms("paid").in_language("zh").labels) == {"private": "私域", "feed": "信息流"}
    zh = translated.in_language("zh")
    assert dict(zh.with_arms_between("nothing", "private", {"private": ["hooks"]}).labels)["private"] == "私域"
    assert zh.adding({"against": {"cheap": {"rivals": {"pull": 2.0}}}}).facing().labels["feed"] == "信息流"
    between = case.with_arms_between("nothing", "private", {"private": ["hooks", "posts"], "half": ["posts"]})
    assert dict(between.labels).keys() == {"private", "feed"}
