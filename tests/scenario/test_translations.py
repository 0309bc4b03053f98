"""A scenario in another language: its texts change, its numbers don't, and what a file lacks stays as it is."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import trafficsim as ts
from trafficsim.scenario import ScenarioError, load_text, shipped
from trafficsim.scenario.claims import Fact

TEXT = """
format: 1
title: A small shop
about: Does it pay?
start: 2024-01-01
days: 6
customers: {count: 40, segments: {all: {share: 1, days_between_needs: 5, fit: 0.6, deal_prone: 0.5}}}
product: {price: 60, unit_cost: 25}
places: {shop: {kind: store, visits_per_week: 1}, club: {kind: pool, form: group, open_rate: 0.4}}
hooks: {gift: {at: shop, into: club, gives: gift, worth: 10, cost: 3, in_person: true}}
arms: {nothing: {hooks: off, places: {club: off}}, private: {}}
labels: {private: the club, gift: a gift}
claims: {pays: {says: It pays, source: mine, expect: {metric: profit, arm: private, more_than: {arm: nothing}}}}
sources:
  product.price: the menu
  product.unit_cost: {source: "assumed: a third", range: [20, 30]}
  hooks.gift.cost: {fitted: the facts of this file, range: [1, 4]}
translations:
  zh:
    title: 小店
    about: 划算吗？
    labels: {private: 私域, nothing: 不做}
    says: {pays: 划算}
    sources: {pays: 我说的, product.price: 菜单, product.unit_cost: 假设：三分之一, hooks.gift.cost: 本文件的事实}
"""


def test_texts_are_translated_as_far_as_they_are_given():
    english = load_text(TEXT, "small")
    chinese = english.in_language("zh")
    assert (chinese.title, chinese.about, chinese.language) == ("小店", "划算吗？", "zh")
    assert chinese.labels == {"private": "私域", "nothing": "不做", "gift": "a gift"}
    assert (chinese.claims["pays"].says, chinese.claims["pays"].source) == ("划算", "我说的")
    assert chinese.name == english.name
    assert english.in_language("en") is english
    assert load_text(chinese.text, "small").labels == chinese.labels
    assert load_text(english.text, "small").in_language("zh").title == "小店"


def test_no_number_changes():
    english = load_text(TEXT, "small")
    one, other = (ts.compare(case, replicates=2) for case in (english, english.in_language("zh")))
    pd.testing.assert_frame_equal(one.summary(), other.summary())


def test_sources_are_translated_and_stay_what_they_are():
    english = load_text(TEXT, "small")
    one, other = ({p.path: p for p in case.provenance()} for case in (english, english.in_language("zh")))
    assert other["product.price"].source == "菜单"
    assert other["product.unit_cost"].source == "假设：三分之一"
    assert (one["hooks.gift.cost"].source, other["hooks.gift.cost"].source) == (
        "fitted to the facts of this file",
        "由本文件的事实拟合得出",
    )
    assert [replace(p, source=None) for p in one.values()] == [replace(p, source=None) for p in other.values()]


def test_settings_that_were_replaced_stay():
    changed = load_text(TEXT, "small").replace({"product.price": 70}).in_language("zh")
    assert changed.base.product.price == 70


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("labels: {nobody: 无}", "translations.zh.labels.nobody"),
        ("labels: {private: gift}", "translations.zh.labels.private"),
        ("titel: 店", "translations.zh.titel"),
        ("says: {pais: 划算}", "translations.zh.says.pais.*did you mean 'pays'"),
        ("sources: {product.prise: 菜单}", "translations.zh.sources.product.prise"),
    ],
)
def test_mistakes_are_told_at_their_place(given, said):
    text = TEXT[: TEXT.index("translations:")] + f"translations:\n  zh:\n    {given}\n"
    with pytest.raises(ScenarioError, match=said):
        load_text(text, "small")


def test_a_language_that_is_not_known_is_refused():
    with pytest.raises(ScenarioError, match="translations"):
        load_text(TEXT.replace("  zh:", "  fr:"), "small")


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_case_in_chinese_lacks_nothing(name):
    english = ts.load(name)
    case = english.in_language("zh")
    assert not case.title.isascii()
    assert not case.about.isascii()
    found = {each for section in ("places", "hooks", "staff") for each in case.names(section)}
    found |= {slot.partition(".")[2] for slot in case.slots()}
    assert found | {*case.arms, *case.base.customers.segments} <= set(case.labels)
    texts = [text for each in case.tested.values() for text in told(each)]
    texts += [p.source for p in case.provenance() if p.source]
    assert not [text for text in texts if text.isascii()]
    blanks = "[\u4e00-\u9fff。，；：？！、）] [\u4e00-\u9fff]|[。，；：？！、）] "
    assert not [text for text in (case.about, *texts) if re.search(blanks, text)]
    halved = "[\u4e00-\u9fff][,;:!?()]|[,;:!?(][\u4e00-\u9fff]"
    assert not [text for text in (case.title, case.about, *texts) if re.search(halved, text)]
    assert [p.assumed for p in case.provenance()] == [p.assumed for p in english.provenance()]


def told(tested):
    reason = tested.unreached if isinstance(tested, Fact) else tested.because
    return [tested.says, tested.source, *([reason] if reason else [])]
