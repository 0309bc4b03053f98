"""What settings are called: each has a few words in both languages, and a name before them."""

import pytest

from trafficsim.scenario.naming import leaves, setting_in_words
from trafficsim.scenario.setting_names import NAMES
from trafficsim.words.called import called_setting
from trafficsim.words.language import words

LABELS = {"groups": "neighbours", "both": "ads and pool", "hall": "dining room", "noon": "midday", "club": "VIP group"}
BY_HAND = {
    "customers.regions.*",
    "customers.at_start.members.*",
    "calendar.months.*",
    "calendar.weekdays.*",
    "events.*.day",
    "events.*.days",
    "events.*.on",
    "events.*.every",
}


def test_every_setting_has_a_name_in_both_languages():
    """Its own or that of its slider, and no name is left over."""
    known = {path: "slider" in (field.json_schema_extra or {}) for path, field in leaves()}
    assert {path for path, slider in known.items() if not slider} == set(NAMES) - BY_HAND
    for path in known:
        english, chinese = (setting_in_words(path, words(language)) for language in ("en", "zh"))
        assert english.isascii()
        assert not chinese.isascii(), path
    assert max(len(name) for name, _ in NAMES.values()) <= 48


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("purchasing.per_trust", "weight of trust in buying", "信任对购买的作用"),
        ("places.groups.groups", "neighbours: groups", "neighbours：群数"),
        ("posts.*.salience", "memory left by a post in a pool", "读私域内容留下的记忆"),
        ("arms.both.hooks.club.cost", "VIP group: cost of the hook (ads and pool)", "VIP group：钩子成本（ads and pool）"),  # noqa: E501
        ("both:product.price", "Price of the product (ads and pool)", "产品售价（ads and pool）"),
        ("places.hall.slots.noon.seats", "dining room, midday: seats", "dining room、midday：座位数"),
        ("events.sale.set.product.price", "Price of the product (event sale)", "产品售价（事件“sale”）"),
        ("events.club.set.product.price", "Price of the product (event VIP group)", "产品售价（事件“VIP group”）"),
        ("events.sale.day", "sale: day of the event", "sale：事件日期"),
        ("customers.at_start.members.club", "VIP group: members at the start", "VIP group：期初成员比例"),
        ("applause.groups.times", "applause.groups.times", "applause.groups.times"),
    ],
)  # fmt: skip
def test_a_setting_in_words(path, english, chinese):
    assert [setting_in_words(path, words(language), LABELS) for language in ("en", "zh")] == [english, chinese]


@pytest.mark.parametrize(
    ("path", "labelled"),
    [
        ("places.groups.groups", "places.neighbours.groups"),
        ("places.hall.slots.noon.seats", "places.dining room.slots.midday.seats"),
        ("arms.both.places.groups.groups", "arms.ads and pool.places.neighbours.groups"),
        ("both:hooks.club.cost", "ads and pool:hooks.VIP group.cost"),
        ("events.club.set.posts.club.per_week", "events.VIP group.set.posts.VIP group.per_week"),
        ("customers.at_start.members.club", "customers.at_start.members.VIP group"),
        ("product.price", "product.price"),
    ],
)
def test_only_names_in_a_path_get_labels(path, labelled):
    assert called_setting(path, LABELS) == labelled
