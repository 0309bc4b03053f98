# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
import os
import pickle

import pytest
from scenario_texts import FULL, MINIMAL, full, lines_of

from trafficsim.scenario import Mistake, ScenarioError, load_text
from trafficsim.scenario.errors import Where


def test_good_files_have_no_mistakes():
    assert lines_of(MINIMAL) == []
    assert lines_of(FULL) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("cost: 4,", "cost: -4,", "f.yaml:28:79: hooks.side_dish.cost: must be >= 0 (got -4)"),
        ("segments:", "segmens:", "f.yaml:11:3: customers.segmens: unknown key; did you mean 'segments'?"),
        ("events:", "evnts:", "f.yaml:30:1: evnts: unknown key; did you mean 'events'?"),
        ("title:", "claims:\ntitle:", "f.yaml:2:1: claims: must be a mapping (got nothing)"),
        ("count: 30000", "count: no", "f.yaml:9:10: customers.count: must be a whole number (got text 'no')"),
        ("count: 30000", "count: 0", "f.yaml:9:10: customers.count: must be >= 1 (got 0)"),
        ("count: 30000", "count: 3e9", "f.yaml:9:10: customers.count: must be <= 2000000000 (got 3000000000)"),
        ("count: 30000", "count: 3000000000", "f.yaml:9:10: customers.count: must be <= 2000000000 (got 3000000000)"),
        ("quality: 0.7", "quality: abc", "f.yaml:18:46: product.quality: must be a number (got text 'abc')"),
        ("quality: 0.7", "quality: [1]", "f.yaml:18:46: product.quality: must be a number (got a list)"),
        ("quality: 0.7", "quality: true", "f.yaml:18:46: product.quality: must be a number (got true)"),
        (" quality: 0.7", " quality:  ", "f.yaml:18:37: product.quality: must be a number (got nothing)"),
        ("price: 90", "price: 0", "f.yaml:18:18: product.price: must be > 0 (got 0)"),
        ("unit_cost: 40, ", "", "f.yaml:18:1: product.unit_cost: missing: cost of goods of one unit"),
        ("currency: CNY", "currency: ''", "f.yaml:4:11: currency: must be text of at least 1 character (got empty text)"),
        ("title: A r", "title: 5 # A r", "f.yaml:2:8: title: must be text (got 5)"),
        ("start: 2024-01-01", "start: 20240101", "f.yaml:5:8: start: must be a date such as 2024-01-31 (got 20240101)"),
        ("start: 2024-01-01", "start: 2024-02-30", "f.yaml:5:8: start: must be a date such as 2024-01-31 (got text '2024-02-30')"),
        ("days: 365", "days: 1.5", "f.yaml:6:7: days: must be a whole number (got 1.5)"),
        ("format: 1", "format: 2", "f.yaml:1:9: format: must be 1 (got 2)"),
        ("gives: gift", "gives: gif", "f.yaml:28:56: hooks.side_dish.gives: must be 'coupon', 'know_how', 'gift', 'service' or 'cash' (got text 'gif'); did you mean 'gift'?"),
        ("kind: public", "kind: pubic", "f.yaml:20:23: places.review_site.kind: must be 'public', 'paid', 'store' or 'pool' (got text 'pubic'); did you mean 'public'?"),
        ("kind: pool, ", "", "f.yaml:22:3: places.vip_group.kind: missing: must be 'public', 'paid', 'store' or 'pool'"),
        ("open_rate: 0.35", "open_rate:0.35", "f.yaml:22:42: places.vip_group.open_rate:0.35: unknown key; between a key and its value stand a colon and a space"),
        ("open_rate: 0.35", "open_rate：0.35", "f.yaml:22:51: places.vip_group.open_rate：0.35: unknown key; full-width '：', write : and a blank"),
        ("open_rate: 0.35", "open_rte: 0.35", "f.yaml:22:42: places.vip_group.open_rte: unknown key; did you mean 'open_rate'?"),
        ("fixed_cost_per_day: 900", "open_rate: 1", "f.yaml:21:30: places.dining_room.open_rate: unknown key; did you mean 'open_branches'?"),
        ("fixed_cost_per_day: 900", "commission: 3", "f.yaml:21:42: places.dining_room.commission: must be <= 1 (got 3)"),
        ("{tell: 0.03, trust_passed: 0.15}", "no", "f.yaml:29:16: word_of_mouth: must be a mapping or off (got text 'no')"),
        ("{tell: 0.03, trust_passed: 0.15}", "", "f.yaml:29:1: word_of_mouth: must be a mapping or off (got nothing)"),
        ("{tell: 0.03, trust_passed: 0.15}", "[1]", "f.yaml:29:16: word_of_mouth: must be a mapping or off (got a list)"),
        ("{price: 90, unit_cost: 40, quality: 0.7}", "off", "f.yaml:18:10: product: must be a mapping (got text 'off')"),
        ("hosts:        {share: 0.10", "hosts:        {share: 0.20", "f.yaml:8:1: customers: shares of the segments must sum to 1 (got 1.1)"),
        ("bought: 0.08", "bought: 0.3", "f.yaml:15:3: customers.at_start: bought (0.3) can't exceed aware (0.25): who has bought knows the brand"),
        ("offers_per_week: 1", "offers_per_week: 5", "f.yaml:26:15: posts.vip_group: offers_per_week and care_per_week together can't exceed the posts of a week"),
        ("per_week: 3, offers_per_week: 1", "weekdays: [mon, tu]", "f.yaml:26:43: posts.vip_group.weekdays.1: must be 'mon', 'tue', 'wed', 'thu', 'fri', 'sat' or 'sun' (got text 'tu'); did you mean 'tue'?"),
        ("members: {vip_group: 0.0}", "members: {vip_group: x}", "f.yaml:15:62: customers.at_start.members.vip_group: must be a number (got text 'x')"),
        ("deal_hunters:", "deal-hunters:", "f.yaml:13:5: customers.segments.deal-hunters: a name is made of letters, digits and _, and doesn't start with a digit"),
        ("fixed_cost_per_day: 900", "slots: {idle: {share: 0.9, seats: 9}}", "f.yaml:21:3: places.dining_room: the shares of all slots must sum to 1 (they sum to 0.9)"),
        ("offers_per_week: 1", "offers_per_week: 1, offer_slot: idle", "f.yaml:26:72: posts.vip_group.offer_slot: no store has a slot named 'idle'"),
        ("kind: small_world", "kind: file", "f.yaml:16:3: customers.ties: kind: file and the key 'file' go together"),
        ("kind: small_world", "kind: file, file: a.csv", "f.yaml:16:28: customers.ties.file: no such file: a.csv"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_with_its_position(old, new, expected):
    assert lines_of(full((old, new))) == [expected]


def test_members_may_invite_into_the_pool_in_which_they_read_it():
    assert lines_of(full(("at: dining_room", "invite: 0.1, at: vip_group"))) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("posts:       {vip_group:", "posts:       {vip_grup:", "f.yaml:26:15: posts.vip_grup: no place is named 'vip_grup'; did you mean 'vip_group'?"),
        ("posts:       {vip_group:", "posts:       {dining_room:", "f.yaml:26:15: posts.dining_room: 'dining_room' is of kind 'store'; must be a place of kind 'public' or 'pool'"),
        ("at: dining_room", "at: dinning_room", "f.yaml:28:19: hooks.side_dish.at: no place is named 'dinning_room'; did you mean 'dining_room'?"),
        ("into: vip_group", "into: dining_room", "f.yaml:28:38: hooks.side_dish.into: 'dining_room' is of kind 'store'; must be a place of kind 'pool'"),
        ("at: dining_room", "at: vip_group", "f.yaml:28:36: hooks.side_dish.into: the hook hangs in the pool that it leads into"),
        ("at: dining_room", "invite: 0.1, at: dining_room", "f.yaml:28:32: hooks.side_dish.at: members read invitations in a pool; 'dining_room' is none"),
        ("at: dining_room", "invite: 0, at: vip_group", "f.yaml:28:47: hooks.side_dish.into: the hook hangs in the pool that it leads into"),
        ("serves: vip_group", "serves: nobody", "f.yaml:23:35: staff.hosts.serves: no place is named 'nobody'"),
        ("members: {vip_group: 0.0}", "members: {dining_room: 0.0}", "f.yaml:15:51: customers.at_start.members.dining_room: 'dining_room' is of kind 'store'; must be a place of kind 'pool'"),
        ("until_day: 60", "until_day: 0", "f.yaml:28:108: hooks.side_dish.until_day: must lie after from_day, 0 (got 0)"),
        ("until_day: 60", "until_day: 2023-12-31", "f.yaml:28:108: hooks.side_dish.until_day: must be on or after the start, 2024-01-01 (got 2023-12-31)"),
        ("until_day: 60", "until_day: 2224-01-01", "f.yaml:28:108: hooks.side_dish.until_day: must be <= 32000 (got text '2224-01-01')"),
        ("until_day: 60", "until_day: soon", "f.yaml:28:108: hooks.side_dish.until_day: must be a day number or a date such as 2024-01-31 (got text 'soon')"),
        ("baseline: nothing", "baseline: nothin", "f.yaml:38:11: baseline: no arm is named 'nothin'; did you mean 'nothing'?"),
        ("baseline: nothing", "equal_budget: [paid, priv]", "f.yaml:38:22: equal_budget.1: no arm is named 'priv'; did you mean 'private'?"),
        ("baseline: nothing", "equal_budget: [paid, paid]", "f.yaml:38:15: equal_budget: must name two or more different arms"),
        ("baseline: nothing", "equal_budget: [paid]", "f.yaml:38:15: equal_budget: must name two or more different arms"),
        ("baseline: nothing", "equal_budget: paid", "f.yaml:38:15: equal_budget: must be a list (got text 'paid')"),
    ],
)  # fmt: skip
def test_names_must_exist_and_be_of_the_kind_meant(old, new, expected):
    assert lines_of(full((old, new))) == [expected]


def test_all_mistakes_of_a_file_come_at_once_sorted_by_position():
    text = full(
        ("cost: 4,", "cost: -4,"),
        ("quality: 0.7", "qality: 0.7"),
        ("days: 365", "days: x"),
        ("hooks: off, posts: off, staff: off}\n  private", "hoks: off}\n  private"),
        ("customers.count:", "customers.cont:"),
        ("set: {advertising.review_site.cpm: 75}", "set: {advertising.review_site.cpn: 75}"),
        ("at: dining_room", "at: nowhere"),
    )
    assert lines_of(text) == [
        "f.yaml:6:7: days: must be a whole number (got text 'x')",
        "f.yaml:18:37: product.qality: unknown key; did you mean 'quality'?",
        "f.yaml:28:19: hooks.side_dish.at: no place is named 'nowhere'",
        "f.yaml:28:75: hooks.side_dish.cost: must be >= 0 (got -4)",
        "f.yaml:31:28: events.dearer.set.advertising.review_site.cpn: no such setting; did you mean 'advertising.review_site.cpm'?",
        "f.yaml:35:13: arms.paid.hoks: unknown key; did you mean 'hooks'?",
        "f.yaml:42:3: sources.customers.cont: no such setting; did you mean 'customers.count'?",
    ]  # fmt: skip


def test_a_file_that_is_no_mapping_is_refused():
    assert lines_of("[1, 2]") == ["f.yaml:1:1: a scenario must be a mapping (got a list)"]
    assert lines_of("hello") == ["f.yaml:1:1: a scenario must be a mapping (got text 'hello')"]


def test_missing_sections_are_named_with_their_meaning():
    assert lines_of(MINIMAL.replace("places:\n  shop: {kind: store}\n", "")) == [
        "f.yaml:1:1: places: missing: platforms, media, stores and pools, by name"
    ]


def test_chinese_names_work():
    scenario = load_text(full(("arms:", "arms:\n  私域: {advertising: off}")).replace("vip_group", "会员群"), "f")
    assert scenario.names("places") == ("review_site", "dining_room", "会员群")
    assert scenario.arms[0] == "私域"


def test_more_places_than_bits_are_refused():
    more = "".join(f"  p{number}: {{kind: pool, form: app, open_rate: 0.1}}\n" for number in range(8))
    assert lines_of(MINIMAL + more) == []
    assert lines_of(MINIMAL + more + "  p8: {kind: pool, form: app, open_rate: 0.1}\n") == [
        "f.yaml:20:3: places.p8: at most 8 pools in all arms together"
    ]
    stores = "".join(f"  s{number}: {{kind: store}}\n" for number in range(31))
    assert lines_of(MINIMAL + stores) == []
    assert lines_of(MINIMAL + stores + "arms:\n  a: {places: {t: {kind: store}}}\n") == [
        "f.yaml:44:16: arms.a.places.t: at most 32 places in all arms together"
    ]


def test_more_people_in_a_contact_pool_than_units_are_refused():
    pool = MINIMAL.replace("places:\n", "places:\n  desk: {kind: pool, form: contact, open_rate: 0.1}\n")
    staff = "staff:\n  a: {count: 20000, serves: desk}\n  b: {count: 12000, serves: desk}\n"
    assert lines_of(pool + staff) == []
    line = (pool + staff).splitlines().index("  a: {count: 20000, serves: desk}") + 1
    assert lines_of(pool + staff.replace("12000", "12001")) == [
        f"f.yaml:{line}:14: staff.a.count: at most 32,000 people may serve one contact pool (of the simulated)"
    ]
    assert lines_of(pool.replace("count: 100\n", "count: 100\n  each_stands_for: 2\n") + staff) == []
    assert lines_of(pool.replace("contact", "group") + staff.replace("12000", "90000")) == []


def test_the_error_holds_its_mistakes_and_survives_a_process_border():
    error = ScenarioError([Mistake(Where("f", 2, 1), "b", "wrong"), Mistake(Where("f", 1, 9), "a", "wrong")] * 2)
    assert [mistake.path for mistake in error.mistakes] == ["a", "b"]
    assert str(pickle.loads(pickle.dumps(error))) == "f:1:9: a: wrong\nf:2:1: b: wrong"


def test_nothing_stands_for_an_optional_section():
    """So that an arm can do without what the others have."""
    talk = "word_of_mouth: {tell: 0.03, trust_passed: 0.15, koc: }"
    assert lines_of(full(("word_of_mouth: {tell: 0.03, trust_passed: 0.15}", talk))) == []


OUTSIDE = "must lie beside the scenario or in a folder below"


@pytest.fixture
def shared(tmp_path):
    """A folder of scenarios beside somebody's own files, with links from the one to the other."""
    below = tmp_path / "scenarios" / "below"
    below.mkdir(parents=True)
    (tmp_path / "private").mkdir()
    for folder in (tmp_path, tmp_path / "private", below, below.parent):
        (folder / "ties.csv").write_text("a,b\n0,1\n")
    (below.parent / "link.csv").symlink_to(tmp_path / "private" / "ties.csv")
    (below.parent / "linked").symlink_to(tmp_path / "private")
    (below.parent / "inner.csv").symlink_to(below / "ties.csv")
    return below.parent


def naming(file):
    return full(("kind: small_world", f"kind: file, file: {file}"))


@pytest.mark.parametrize("file", ["ties.csv", "below/ties.csv", "inner.csv", "below/../ties.csv"])
def test_a_scenario_reads_what_lies_beside_or_below_it(shared, file):
    assert load_text(naming(file), "f", shared).ties_file == shared / file


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("../ties.csv", OUTSIDE),
        ("../scenarios_of_others/ties.csv", OUTSIDE),
        ("below/../../private/ties.csv", OUTSIDE),
        ("link.csv", OUTSIDE),
        ("linked/ties.csv", OUTSIDE),
        ("/etc/passwd", OUTSIDE),
        ("/proc/self/environ", OUTSIDE),
        ("~/.ssh/id_rsa", "no such file"),
    ],
)
def test_a_scenario_reads_nothing_else(shared, file, says):
    with pytest.raises(ScenarioError, match=says):
        load_text(naming(file), "f", shared)


def test_a_text_that_lies_nowhere_names_no_files(shared, monkeypatch):
    monkeypatch.chdir(shared)
    with pytest.raises(ScenarioError, match="a scenario that lies in no folder can't name files"):
        load_text(naming("ties.csv"), "f", os.devnull)
