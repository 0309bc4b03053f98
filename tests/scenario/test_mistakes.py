# ruff: noqa: E501 - a mistake is one line, and so is its row; full-width marks are what is tested
"""Slips of people who write a scenario: each is told at its own place, with what to write instead.

Rows of `tests/data/cases/mistakes.csv`, in the small shop beside it.
"""

from pathlib import Path

import pytest

from trafficsim.scenario import ScenarioError, load, load_text, parse_value, shipped

CASES = Path(__file__).parents[1] / "data" / "cases"
SHOP = (CASES / "small_shop.yaml").read_text(encoding="utf-8")


def shop(*changes: tuple[str, str]) -> str:
    """The small shop with some of its text replaced; what is replaced stands there once, or is the first."""
    text = SHOP
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def lines(text: str) -> list[str]:
    try:
        load_text(text, "f", CASES)
    except ScenarioError as error:
        return str(error).split("\n")
    return []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("price: 60", "price: ￥160", "13:18: product.price: must be a number (got text '￥160'); write 160 (half width)"),
        ("price: 60", "price: ¥160", "13:18: product.price: must be a number (got text '¥160'); write 160"),
        ("price: 60", "price: 160元", "13:18: product.price: must be a number (got text '160元'); write 160"),
        ("price: 60", "price: １６０", "13:18: product.price: must be a number (got text '１６０'); write 160 (half width)"),
        ("price: 60", "price: 16０", "13:20: product.price: must be a number (got text '16０'); write 160 (half width)"),
        ("price: 60", "price: 1,200", "13:20: product: a key must be text (got 200); a number has no commas between its thousands"),
        ("count: 600", "count: 2万", "8:10: customers.count: must be a whole number (got text '2万'); write 20000"),
        ("count: 600", "count: 20,000", "8:10: customers.count: must be a whole number (got text '20,000'); write 20000"),
        ("count: 600", "count: 1.5", "8:10: customers.count: must be a whole number (got 1.5)"),
        ("commission: 0.05", "commission: 10%", "16:58: places.feed.commission: must be a number (got text '10%'); write 0.1"),
        ("share: 0.7", "share: 70％", "10:21: customers.segments.near.share: must be a number (got text '70％'); write 0.7 (half width)"),
        ("discount: 0.1", "discount: 9折", "24:53: posts.club.discount: must be a number (got text '9折'); write 0.1 (10 % off)"),
        ("discount: 0.1", "discount: 八五折", "24:53: posts.club.discount: must be a number (got text '八五折'); write 0.15 (15 % off)"),
        ("days: 60", "days: 60 ＃ two months", "6:10: days: must be a whole number (got text '60 ＃ two months'); write 60 (half width)"),
        ("kind: store", "kind: “store”", "17:18: places.shop.kind: must be 'public', 'paid', 'store' or 'pool' (got text '“store”'); write store (half width)"),
        ("gives: gift", "gives: ｇｉｆｔ", "26:39: hooks.gift.gives: must be 'coupon', 'know_how', 'gift', 'service' or 'cash' (got text 'ｇｉｆｔ'); write gift (half width)"),
        ("start: 2024-01-01", "start: 2024－01－01", "5:12: start: must be a date such as 2024-01-31 (got text '2024－01－01'); write 2024-01-01 (half width)"),
        ("price: 60", "price：60", "13:16: product.price：60: unknown key; full-width '：', write : and a blank"),
        ("days: 60", "days：60", "6:5: a full-width '：'; write : and a blank"),
        ("  count: 600", "  count：600", "8:8: a full-width '：'; write : and a blank"),
        ("currency: CNY", "＃ yuan\ncurrency: CNY", "4:1: a full-width '＃'; write #"),
        ("0.7, days", "0.7，days", "10:22: a full-width '，'; write ,"),
        ("{price: 60, unit_cost: 25}", "｛price: 60, unit_cost: 25}", "13:10: a full-width '｛'; write {"),
        ("  count: 600", "　count: 600", "8:1: a full-width blank; write an ordinary one"),
        ("days: 60", "days: 60　", "6:9: a full-width blank; write an ordinary one"),
        ("{price: 60, unit_cost: 25}", "{price: 60, unit_cost: 25", "13:10: not valid YAML: this { is never closed"),
        ("deal_prone: 0.3}", "deal_prone: 0.3", "10:11: not valid YAML: this { is never closed"),
        ("paid: {hooks: off, posts: off, staff: off, places: {club: off}}", "paid: {hooks: off, posts: off, staff: off, places: {club: off}", "30:9: not valid YAML: this { is never closed"),
        ("title: A small shop", "title: 'A small shop", "2:8: not valid YAML: this ' is never closed"),
        ("kind: store", "kind: store, city: Hangzhou", "17:25: places.shop.city: unknown key; allowed are shut, discount, convenience, delivery_cost, delivers, kind, visits_per_week, commission, fixed_cost_per_day, set_up_cost, branches, open_branches, slots"),
        ("kind: store", "kind: store, tiers: {gold: 1}", "17:25: places.shop.tiers: unknown key; allowed are shut, discount, convenience, delivery_cost, delivers, kind, visits_per_week, commission, fixed_cost_per_day, set_up_cost, branches, open_branches, slots"),
    ],
)  # fmt: skip
def test_a_slip_is_told_at_its_own_place_with_what_to_write(old, new, expected):
    assert f"f.yaml:{expected}" in lines(shop((old, new)))


@pytest.mark.parametrize("new", ["2e4", "2E4", "2.0e4", "20000e0"])
def test_a_count_may_be_written_with_an_exponent(new):
    assert load_text(shop(("count: 600", f"count: {new}")), "f").settings()["customers.count"].value == 20_000
    assert parse_value(new, "--set") == 20_000


def test_chinese_text_may_hold_chinese_punctuation():
    title = "title: 小店：做私域，划算吗？“试试”（六十天）"
    about = "about: >-\n  说明：一家店，｛试算｝\n  ＃不是注释\n"
    case = load_text(shop(("title: A small shop", title), ("about: Test\n", f"{about}# 注释：全角　空格\n")), "f")
    assert case.title == title.removeprefix("title: ")
    assert case.about == "说明：一家店，｛试算｝＃不是注释"


def test_only_what_is_meant_as_a_mark_is_told_where_something_else_is_wrong():
    """Chinese text of other lines isn't."""
    text = shop(
        ("about: Test", "about: >-\n  说明：一家店，｛试算｝"),
        ("title: A small shop", "title: 小店，划算"),
        ("days: 60", "days：60"),
    )
    assert lines(text) == ["f.yaml:7:5: a full-width '：'; write : and a blank"]


SOURCES = "baseline: nothing\nsources:\n  "


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("kind: store", "kind: store, branches: 2, open_branches: 5", "17:3: places.shop: open_branches (5) can't exceed branches (2)"),
        ("days: 60", "days: 60\nevents: {shut: {day: 5, set: {places.shop.open_branches: 5}}}", "7:31: events.shut.set.places.shop: open_branches (5) can't exceed branches (1)"),
        ("club: {per_week: 2", "club: {weekdays: [mon, mon, mon]", "24:3: posts.club: weekdays names a day twice; more than a post a day is given as per_week"),
        ("start: 2024-01-01", "start: 9999-12-15", "5:8: start: all days must lie within 1678-01-01 and 2262-04-11 (got 60 days from 9999-12-15 on)"),
        ("start: 2024-01-01", "start: 2262-03-01", "5:8: start: all days must lie within 1678-01-01 and 2262-04-11 (got 60 days from 2262-03-01 on)"),
        ("start: 2024-01-01", "start: 1677-12-31", "5:8: start: all days must lie within 1678-01-01 and 2262-04-11 (got 60 days from 1677-12-31 on)"),
        ("baseline: nothing", SOURCES + "customers.count: {assumed: true, range: [750, 3000]}", "34:43: sources.customers.count.range: the value 600 lies outside its range, 750 to 3000"),
        ("baseline: nothing", SOURCES + "product: {assumed: true, range: [30, 70]}", "34:35: sources.product.range: the value 25 of product.unit_cost lies outside its range, 30 to 70"),
        ("baseline: nothing", SOURCES + "purchasing.per_trust: {source: x, range: [30, 70]}", "34:44: sources.purchasing.per_trust.range: the value 1.5 lies outside its range, 30 to 70"),
        ("private: {advertising: off}", "private: {product: {price: 80}}\nsources: {arms.private.product.price: {assumed: true, range: [1, 79]}}", "32:62: sources.arms.private.product.price.range: the value 80 lies outside its range, 1 to 79"),
        ("baseline: nothing", SOURCES + "product.price: {assumed: true, range: [1, 99], takes_along: 5}", "34:63: sources.product.price.takes_along: must be a list (got 5)"),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_refused(old, new, expected):
    assert f"f.yaml:{expected}" in lines(shop((old, new)))


def test_a_number_replaced_by_hand_leaves_its_range_behind():
    """A sweep may go beyond; what is written out can be loaded again."""
    text = shop(("baseline: nothing", SOURCES + "product.price: {source: the menu, range: [50, 70]}"))
    case = load_text(text, "f")
    inside, outside = (case.replace({"product.price": price}) for price in (70, 500))
    ranges = [{p.path: p.range for p in c.provenance()}["product.price"] for c in (case, inside, outside)]
    assert ranges == [(50, 70), (50, 70), None]
    assert load_text(outside.text, "f") == outside
    assert load_text(outside.yaml, "f") == outside


BEYOND = "lies beyond the 60 days and never begins."


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit_cost: 25", "unit_cost: 70", "Every sale loses money: unit_cost, 70, is above the price, 60."),
        ("private: {advertising: off}", "private: {product: {price: 20}}", "In 'private': Every sale loses money: unit_cost, 25, is above the price, 20."),
        ("discount: 0.1", "discount: 0.9", "In 'private': posts.club.discount: 90 % off? A price cut to 90 % is written 0.1."),
        ("in_person: true", "in_person: true, from_day: 100", f"In 'private': hooks.gift.from_day {BEYOND}"),
        ("in_person: true", "in_person: true, from_day: 2024-03-01", f"In 'private': hooks.gift.from_day {BEYOND}"),
        ("budget_per_day: 20", "budget_per_day: 20, from_day: 60", f"In 'paid': advertising.feed.from_day {BEYOND}"),
        ("days: 60", "days: 60\ncalendar: {festivals: {eleven: {day: 2024-11-11, demand: 3}}}", f"calendar.festivals.eleven.day {BEYOND}"),
        ("budget_per_day: 20", "budget_per_day: 0", "In 'paid': advertising.feed does nothing: budget_per_day is 0."),
        ("per_week: 2, offers_per_week: 1, ", "", "In 'private': posts.club does nothing: per_week is 0."),
        ("at: shop, into: club", "at: street, into: club", "In 'private': hooks.gift.in_person does nothing: the hook hangs at no store. Leave it out."),
        ("in_person: true", "heeded_in_public: 0.2", "In 'private': hooks.gift.heeded_in_public does nothing: the hook hangs at no public or paid place. Leave it out."),
        ("in_person: true", "reward: 5", "In 'private': hooks.gift.reward does nothing: nobody invites, since invite is 0. Leave it out."),
        ("wage_per_day: 5", "wage_per_day: 5, contacts: 500", "In 'private': staff.host.contacts does nothing: they serve no pool of form contact. Leave it out."),
        ("serves: club, wage_per_day: 5", "serves: shop, wage_per_day: 5, adds_per_day: 9", "In 'private': staff.host.adds_per_day does nothing: they serve no pool. Leave it out."),
        ("perk: 0.2", "perk: 0.2, seats_first: true", "In 'private': places.club.seats_first does nothing: no store has slots. Leave it out."),
        ("wage_per_day: 5", "wage_per_day: 5, adds_per_day: 600", "In 'private': staff.host.adds_per_day is never reached: there are 600 customers in all."),
        ("count: 1, serves: club", "count: 2, contacts: 300, serves: club", "In 'private': staff.host.contacts is never reached: there are 600 customers in all."),
        ("title: A small shop", "title: A small shop ＃ of two", "title: '＃' begins no comment, so that it is part of the text. Write #."),
        ("wage_per_day: 5", "wage_per_day: 0", "In 'private': Staff 'host' have no wage: their work counts as free."),
        ("fixed_cost_per_day: 10", "slots: {day: {share: 1, seats: 600}}", "places.shop.slots.day.seats is never reached: there are 600 customers in all."),
        ("form: group", "form: group, group_size: 600", "In 'private': places.club.group_size is never reached: there are 600 customers in all."),
        ("hooks:\n  gift: {at: shop, into: club, gives: gift, worth: 10, cost: 3, in_person: true}\n", "", "Nobody can join pool 'club': no hook leads into it."),
        ("visits_per_week: 2}", "visits_per_week: 1}", "Place 'street' neither sells nor shows anything."),
        ("  count: 600", "  count: 600\n  ties: {kind: random, rewired: 0.2}", "customers.ties.rewired does nothing for ties of kind 'random'."),
    ],
)  # fmt: skip
def test_what_can_have_no_effect_is_said(old, new, said):
    assert said in load_text(shop((old, new)), "f").notes()


COARSE = "less than one simulated customer, who stands for 6,000 people. Take customers.each_stands_for of"


def test_a_sample_in_which_one_customer_is_more_than_a_capacity_is_told():
    """One adviser, 50 adds a day for 60 days, 5,000 contacts; each customer stands for 6,000 people."""
    city = load(Path(__file__).parents[1] / "data" / "cases" / "city.yaml")
    said = [
        f"In 'private': Too coarse a sample: staff.host: count x adds_per_day x days = 3,000, {COARSE} 3,000 or less, and more customers.",
        f"In 'private': Too coarse a sample: staff.host: count x contacts = 5,000, {COARSE} 5,000 or less, and more customers.",
    ]
    assert [note for note in city.warnings() if "coarse" in note] == said
    one, fine = (
        city.replace({"customers.count": 3_600_000 // each, "customers.each_stands_for": each}) for each in (3000, 10)
    )
    assert not any("less than one" in note for note in one.notes())
    assert not any("coarse" in note for note in fine.notes())


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"places.shop.slots.day": {"share": 1, "seats": 60}, "places.shop.branches": 6}, "places.shop.slots.day.seats / branches x days = 600"),
        ({"places.club.group_size": 500, "places.club.members_talk": True}, "places.club.group_size = 500"),
        ({"places.club.group_size": 20, "places.club.groups": 30}, "places.club: groups x group_size = 600"),
    ],
)  # fmt: skip
def test_every_capacity_below_one_customer_is_told(changes, what):
    case = load_text(shop(), "f").replace({"customers.each_stands_for": 601, **changes})
    assert any(what in note for note in case.warnings())


def of_6000(case: str, each: int, changes: dict) -> list[str]:
    """What is said of a sample of 6,000 people, each customer standing for so many of them."""
    sample = {"customers.count": 6000 // each, "customers.each_stands_for": each}
    notes = load(CASES / f"{case}.yaml").replace({**sample, **changes}).warnings()
    return [note for note in notes if "coarse" in note]


STAFF = {"staff.host": {"count": 2, "serves": "club", "adds_per_day": 4}}
FULL = {"staff.host.adds_per_day": 50, "places.club.groups": 2, "places.club.group_size": 100}
AWAY, EARLY, TOLD = "those turned away is off by about", "member-days is off by about", "those told is off by up to"


@pytest.mark.parametrize(
    ("case", "changes", "each", "off"),
    [  # measured over 24 replicates of all 6,000 people and 96 to 800 of the sample, with its standard error
        ("seats", {}, 10, {}),  # turned away +1 % (10)
        ("seats", {}, 50, {}),  # turned away -10 % (10)
        ("seats", {}, 100, {AWAY: "+50 %", TOLD: "-16 %"}),  # turned away +59 % (13), told -24 % (4)
        ("seats", {}, 200, {AWAY: "+117 %", TOLD: "-33 %", EARLY: "+10 %"}),  # +128 % (16), -34 % (4); not wanted
        ("seats", {"days": 300}, 10, {}),  # turned away +2 % (6)
        ("seats", {"days": 300}, 100, {AWAY: "+23 %", TOLD: "-16 %"}),  # +25 % (7), -22 % (2)
        ("seats", {"places.shop.branches": 4}, 100, {AWAY: "+55 %", TOLD: "-16 %"}),  # +63 % (7), -38 % (4)
        ("small_shop", STAFF, 10, {}),  # member-days +1 % (1)
        ("small_shop", STAFF, 25, {}),  # member-days +6 % (1)
        ("small_shop", STAFF, 50, {EARLY: "+13 %"}),  # +15 % (1)
        ("small_shop", STAFF, 100, {EARLY: "+18 %", TOLD: "-16 %"}),  # +19 % (1), told -6 % (7)
        ("small_shop", {**STAFF, "days": 300}, 50, {}),  # member-days -1 % (1)
        ("small_shop", FULL, 10, {}),  # member-days -1 % (0.5)
        ("small_shop", FULL, 100, {"members is off by about": "-25 %", TOLD: "-16 %"}),  # -10 % (1), much wanted
    ],
)  # fmt: skip
def test_a_sample_that_moves_what_is_counted_by_more_than_a_tenth_says_so(case, changes, each, off):
    said = of_6000(case, each, changes)
    assert len(said) == len(off)
    for counter, by in off.items():
        assert any(f"{counter} {by}. Take" in note for note in said), counter


def test_what_is_said_of_a_coarse_sample_names_a_finer_one():
    (said,) = of_6000("small_shop", 50, STAFF)
    assert said == (
        "In 'private': Too coarse a sample: staff.host: count x adds_per_day has room for 9.6 simulated customers at a "
        "time; where as many want it, the number of member-days is off by about +13 %. Take "
        "customers.each_stands_for: 25, customers.count: 240."
    )
    assert of_6000("small_shop", 25, STAFF) == []


def test_stages_shorter_than_a_window_make_a_sample_coarse():
    """60 days are six windows of a sample of one in ten, but not where settings change each other day."""
    events = "".join(f"  on_{day}: {{day: {day}, set: {{product.price: {day}}}}}\n" for day in range(30, 60, 2))
    text = (CASES / "seats.yaml").read_text("utf-8").replace("unit_cost: 25", "unit_cost: 5")
    sample = {"customers.count": 600, "customers.each_stands_for": 10}
    steady, restless = (load_text(each, "f").replace(sample) for each in (text, f"{text}events:\n{events}"))
    assert [any(AWAY in note for note in case.warnings()) for case in (steady, restless)] == [False, True]


@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_shipped_scenario_is_too_coarse(name):
    assert [note for note in load(name).warnings() if "coarse" in note] == []


@pytest.mark.parametrize(("groups", "full"), [(30, True), (31, False)])
def test_a_pool_that_is_full_from_the_start_is_told(groups, full):
    """Of 600 customers, half are members; a group has ten places."""
    changes = (
        ("bought: 0.1}", "bought: 0.1, members: {club: 0.5}}"),
        ("form: group", f"form: group, groups: {groups}, group_size: 10"),
    )
    notes = load_text(shop(*changes).partition("arms:")[0], "f").notes()
    told = (
        "Pool 'club' is full from the start: nobody can join. Give it room for more than its 300 members, or take its "
        "hooks out."
    )
    assert (told in notes) == full


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("at: shop, into: club", "at: street, into: club", "26:78 In 'private': hooks.gift.in_person"),
        ("wage_per_day: 5", "wage_per_day: 0", "20:3 In 'private': Staff 'host'"),
        ("private: {advertising: off}", "private: {posts: {club: {discount: 0.9}}}", "31:38 In 'private': posts.club.discount"),
        ("price: 60, unit_cost: 25", "price: 60, unit_cost: 70", "13:33 Every sale loses money"),
        ("private: {advertising: off}", "private: {advertising: off}\n  twin: {advertising: off}", "32:3 Arms 'private' and 'twin'"),
    ],
)  # fmt: skip
def test_what_has_no_effect_is_told_at_its_place(old, new, at):
    """In the arm where only that says it."""
    told = load_text(shop((old, new)), "f").notes_at()
    assert any(f"{where.line}:{where.column} {note}".startswith(at) for where, note in told)
    assert all(where.file == "f.yaml" for where, _ in told)
    assert [note for _, note in told] == load_text(shop((old, new)), "f").notes()


def test_a_setting_by_hand_is_told_at_its_place():
    (told,) = load_text(SHOP, "f").replace({"currency": "USD"}).notes_at()[-1:]
    assert str(told[0]).startswith("--set:1:")


def test_a_good_scenario_has_nothing_to_be_said_of():
    case = load_text(shop(("  street: {kind: public, visits_per_week: 2}\n", "")), "f")
    assert (case.notes(), case.warnings()) == ([], [])


def test_labels_changed_by_hand_are_told():
    case = load_text(SHOP, "f").replace({"currency": "USD", "title": "Another", "product.price": 61})
    told = [note for note in case.notes() if "only shown" in note]
    assert told == [f"{path} is only shown: it changes no number." for path in ("title", "currency")]


@pytest.mark.parametrize(
    ("case", "warned"),
    [
        ("sells_nowhere", ["No place sells, so that nobody buys: a store does, a public place with a commission, a pool with shop."]),
        ("twin", ["Arms 'nothing' and 'twin' differ in nothing."]),
        ("small_shop", []),
    ],
)  # fmt: skip
def test_what_makes_an_answer_doubtful_comes_first(case, warned):
    loaded = load(CASES / f"{case}.yaml")
    assert loaded.warnings() == warned
    assert loaded.notes()[: len(warned)] == warned
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in note) for note in loaded.notes("zh"))
