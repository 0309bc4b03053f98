# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
import dataclasses
import pickle
from pathlib import Path

import pytest
from scenario_texts import FULL, MINIMAL, full, lines_of, loaded, refused

from trafficsim.engine.mesa_model import TrafficModel
from trafficsim.engine.world import start
from trafficsim.kernel.columns import empty
from trafficsim.scenario import ScenarioError, estimate, load_text, parse_setting
from trafficsim.scenario.needs import bytes_per_customer

SMALL_SHOP = Path(__file__).parents[1] / "data" / "cases" / "small_shop.yaml"


def test_without_arms_there_is_one_named_base():
    scenario = load_text(MINIMAL, "f")
    assert (scenario.arms, scenario.baseline, scenario.changes()) == (("base",), "base", {})


def test_mappings_merge_lists_replace_and_off_switches_off_and_on():
    scenario = loaded(
        ("per_week: 3, offers_per_week: 1", "weekdays: [mon, tue], offers_per_week: 1"),
        ("  both:    {}", "  both: {posts: {vip_group: {weekdays: [sun]}}, word_of_mouth: off, product: {price: 95}}"),
    )
    plan = scenario.plan("both")
    assert plan.posts["vip_group"].weekdays == ("sun",)
    assert plan.posts["vip_group"].discount == 0.1
    assert (plan.product.price, plan.product.unit_cost, plan.word_of_mouth) == (95, 40, "off")
    assert scenario.plan("nothing").advertising == "off"
    on = "  both: {posts: {review_site: {per_week: 1}}}\n"
    switched = load_text(MINIMAL + "  site: {kind: public}\narms:\n  a: {}\n  b: {posts: {site: {per_week: 1}}}\n", "f")
    assert switched.plan("a").posts == "off"
    assert switched.plan("b").posts["site"].per_week == 1
    assert loaded(("  both:    {}\n", on)).names("posts") == ("vip_group", "review_site")


def test_a_single_entry_can_be_switched_off():
    scenario = loaded(("  both:    {}", "  both: {hooks: {side_dish: off}}"))
    assert scenario.plan("both").hooks == {}
    assert scenario.names("hooks") == ("side_dish",)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("{days: 3}", "37:13: arms.both.days: is the same in every arm; change it outside of arms"),
        ("{customers: {count: 5}}", "37:13: arms.both.customers: is the same in every arm; change it outside of arms"),
        ("{arms: {}}", "37:13: arms.both.arms: unknown key"),
        ("{posts: {vip_group: {qality: 1}}}", "37:33: arms.both.posts.vip_group.qality: unknown key; did you mean 'quality'?"),
        ("{posts: {vip_group: {quality: 2}}}", "37:42: arms.both.posts.vip_group.quality: must be <= 1 (got 2)"),
        ("{hooks: {side_dis: off}}", "37:21: arms.both.hooks.side_dis: nothing of this name to switch off; did you mean 'side_dish'?"),
        ("{places: {vip_group: {kind: public}}}", "37:40: arms.both.places.vip_group.kind: a place keeps its kind in every arm; elsewhere it is 'pool'"),
        ("", "37:3: arms.both: must be a mapping (got nothing)"),
        ("off", "37:12: arms.both: must be a mapping (got text 'off')"),
    ],
)  # fmt: skip
def test_mistakes_in_arms_have_positions(override, expected):
    lines = lines_of(full(("  both:    {}", f"  both:    {override}")))
    assert any(line.startswith(f"f.yaml:{expected}") for line in lines), lines


def test_an_entry_new_in_an_arm_must_be_complete_by_itself():
    assert lines_of(full(("  both:    {}", "  both:    {hooks: {poster: {cost: 1}}}"))) == [
        "f.yaml:37:21: arms.both.hooks.poster.at: missing: the place where customers meet it",
        "f.yaml:37:21: arms.both.hooks.poster.gives: missing: what kind of thing it gives",
        "f.yaml:37:21: arms.both.hooks.poster.into: missing: the pool that it leads into",
    ]


def test_names_keep_their_codes_whatever_arms_add():
    new = "{hooks: {poster: {at: review_site, into: vip_group, gives: coupon}}, places: {b: {kind: store}, a: {kind: paid}}}"
    scenario = loaded(("  nothing: {", f"  first: {new}\n  nothing: {{"))
    assert scenario.names("hooks") == ("side_dish", "poster")
    assert scenario.names("places") == ("review_site", "dining_room", "vip_group", "b", "a")
    assert scenario.kind("a") == "paid"
    assert (scenario.names("staff"), scenario.names("advertising")) == (("hosts",), ("review_site",))


def test_changes_list_leaves_and_collapse_what_one_side_lacks():
    new = "{product: {price: 95}, staff: off, places: {kiosk: {kind: store}}, hooks: {side_dish: {until_day: 2024-02-01}}}"
    scenario = loaded(("  both:    {}", f"  both:    {new}"), ("baseline: nothing", "baseline: private"))
    assert scenario.changes()["both"] == [
        ("product.price", 90.0, 95.0),
        ("staff", "on", "off"),
        ("advertising", "off", "on"),
        ("hooks.side_dish.until_day", 60, 31),
        ("places.kiosk", "off", "on"),
    ]


def test_arms_that_differ_only_by_a_route_are_paired():
    """Two budgets are both "on"; an event that only one of them has is a difference too."""
    assert loaded().routes_off() == {"paid": [("paid", "nothing"), ("both", "private")]}
    dearer = loaded(("  both:    {}", "  both:    {}\n  dear: {advertising: {review_site: {budget_per_day: 900}}}"))
    assert dearer.routes_off()["paid"] == [("paid", "nothing"), ("both", "private"), ("dear", "private")]
    assert loaded(("  both:    {}", "  both: {product: {price: 95}}")).routes_off() == {"paid": [("paid", "nothing")]}


def test_hooks_that_invite_are_the_invited_route():
    friends = "friends: {at: vip_group, into: vip_group, gives: cash, worth: 8, invite: 0.1, reward: 3}"
    found = loaded(("  both:    {}", f"  both:    {{}}\n  fission: {{hooks: {{{friends}}}}}")).routes_off()
    assert found["invited"] == [("fission", "both")]


def test_settings_are_replaced_in_the_base_and_in_one_arm():
    scenario = loaded()
    changed = scenario.replace({"days": 250, "product.price": 80, "private:hooks.side_dish.cost": 5})
    assert (scenario.days, changed.days, changed.plan("both").product.price) == (365, 250, 80)
    assert changed.plan("private").hooks["side_dish"].cost == 5
    assert changed.plan("both").hooks["side_dish"].cost == 4
    # Arms without the section don't stand in the way.
    assert changed.replace({"posts.vip_group.per_week": 2}).plan("private").posts["vip_group"].per_week == 2
    assert scenario.replace({"events.dearer.set.advertising.review_site.cpm": 99}).periods("paid")[1][1].advertising[
        "review_site"
    ].cpm == 99  # fmt: skip
    assert scenario.replace({"baseline": "private", "equal_budget": ["paid", "both"]}).equal_budget == ("paid", "both")
    assert scenario.replace({"hooks.side_dish": "off", "word_of_mouth": "off"}).names("hooks") == ()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"product.prise": 3}, "--set:1:1: product.prise: no such setting; did you mean 'product.price'?"),
        ({"product.price": -1}, "--set:1:15: product.price: must be > 0 (got -1)"),
        ({"days": 250, "product.price": "x"}, "--set:2:15: product.price: must be a number (got text 'x')"),
        ({"privat:product.price": 3}, "--set:1:1: privat:product.price: no such arm; did you mean 'private'?"),
        ({"private": 3}, "--set:1:1: private: no such setting"),
        ({"private:days": 3}, "--set:1:1: arms.private.days: is the same in every arm; change it outside of arms"),
        ({"paid:hooks.side_dish.cost": 5}, "--set:1:1: paid:hooks.side_dish.cost: hooks is off here; give it as a whole to switch it on"),
        ({"hooks.side_dis.cost": 5}, "--set:1:1: hooks.side_dis.cost: no such setting; did you mean 'hooks.side_dish.cost'?"),
        ({"hooks.poster": "off"}, "--set:1:1: hooks.poster: no such setting"),
        ({"posts.vip_group.quality": 0.5}, "--set:1:1: posts.vip_group.quality: arm 'both' overrides posts.vip_group.quality; give both:posts.vip_group.quality or change the arm"),
        ({"posts.vip_group": {"per_week": 4}}, "--set:1:1: posts.vip_group: arm 'both' overrides posts.vip_group.quality; give both:posts.vip_group or change the arm"),
        ({"sources.customers.count": "me"}, "--set:1:1: sources.customers.count: can't be replaced"),
        ({"events.cheaper.day": 3}, "--set:1:1: events.cheaper.day: no such event, or it doesn't set this"),
        ({"product.price": object()}, "--set:1:15: product.price: a value of type object can't stand in a scenario"),
        ({"product.price": float("nan")}, "--set:1:15: product.price: must be a finite number (got nan)"),
    ],
)  # fmt: skip
def test_mistakes_in_replacing_settings(changes, expected):
    scenario = loaded(("  both:    {}", "  both:    {posts: {vip_group: {quality: 0.9}}}"))
    (line,) = refused(scenario, changes)
    assert line.startswith(expected)


def test_settings_are_parsed_like_the_file():
    assert parse_setting("private:hooks.side_dish.cost=5") == ("private:hooks.side_dish.cost", 5)
    assert parse_setting("word_of_mouth=off") == ("word_of_mouth", "off")
    assert parse_setting("equal_budget=[a, b]") == ("equal_budget", ["a", "b"])
    for text in ("days", "=3", "days=", "days=[", "days=*x"):
        with pytest.raises(ScenarioError, match="--set"):
            parse_setting(text)


def test_notes_say_what_looks_better_than_it_is():
    scenario = loaded(
        (", tool_cost_per_day: 3", ""), ("  both:    {}", "  both:    {staff: off}\n  twin:    {staff: off}")
    )
    assert scenario.notes() == [
        "Arms 'both' and 'twin' differ in nothing.",
        "Pool 'vip_group' has posts or hooks but neither staff nor tool cost in 'both', 'twin': its work counts as free.",
    ]
    assert loaded().notes() == []


@pytest.mark.parametrize(("kind", "noted"), [("mixed", True), ("random", False)])
def test_likeness_of_acquaintances_who_are_not_made_is_noted(kind, noted):
    scenario = loaded().replace({"customers.ties.kind": kind})
    notes = scenario.replace({"customers.ties.alike": 0.2}).notes()
    assert (f"customers.ties.alike does nothing for ties of kind '{kind}'." in notes) == noted


def test_a_scenario_is_immutable_and_survives_a_process_border():
    scenario = loaded()
    assert pickle.loads(pickle.dumps(scenario)) == scenario
    with pytest.raises(dataclasses.FrozenInstanceError):
        scenario.name = "other"


def test_its_text_loads_again_and_its_digest_tells_meanings_apart():
    scenario = loaded(
        ("  both:    {}", "  both:    {hooks: {side_dish: off}, places: {kiosk: {kind: store}}, product: {price: 1}}")
    )
    again = load_text(scenario.text, "f")
    assert again.text == scenario.text
    assert all(again.periods(arm) == scenario.periods(arm) for arm in scenario.arms)
    respelled = load_text(
        FULL.replace("until_day: 60", "until_day: 2024-03-01").replace("days: 365", "days: 0x16d"), "g"
    )
    assert respelled.digest == loaded().digest
    assert loaded().replace({"product.price": 80}).digest != loaded().digest
    # What was switched off by hand leaves events and sources without effect, not wrong.
    without = loaded().replace({"advertising": "off"})
    assert load_text(without.text, "f").text == without.text


def test_ties_are_looked_for_beside_the_scenario(tmp_path):
    (tmp_path / "ties.csv").write_text("a,b\n0,1\n", encoding="utf-8")
    scenario = load_text(full(("kind: small_world", "kind: file, file: ties.csv")), "f", tmp_path)
    assert scenario.ties_file == tmp_path / "ties.csv"
    digest = scenario.digest
    (tmp_path / "ties.csv").write_text("a,b\n0,2\n", encoding="utf-8")
    assert scenario.digest != digest
    assert loaded().ties_file is None


def test_needs_grow_with_the_population_and_absurd_ones_are_refused(monkeypatch):
    scenario = loaded()
    needs = estimate(scenario, replicates=10, workers=2)
    assert needs.customer_days == 30000 * 365 * 4 * 10
    assert 0 < needs.seconds_low < needs.seconds_high
    assert estimate(scenario, 10, 4).memory_bytes > needs.memory_bytes
    monkeypatch.setattr("trafficsim.scenario.needs.memory_of_machine", lambda: 8_000_000_000)
    with pytest.raises(ScenarioError) as caught:
        estimate(load_text(full(("count: 30000", "count: 200000000")), "f"), 10, 2)
    assert str(caught.value).startswith("f.yaml:9:10: customers.count: 200000000 customers need about ")
    assert str(caught.value).endswith("this machine has 8.0 GB")


def test_the_time_of_pilots_for_equal_money_is_foreseen(monkeypatch):
    """Two arms: 4 pilots of the one that the other follows, and of 3 factors of this one; two workers."""
    monkeypatch.setattr("trafficsim.scenario.needs.processors", lambda: 2)
    apart, equal = (
        estimate(loaded().replace({"equal_budget": arms}), 8, 2, without_pools=False) for arms in ([], ["paid", "both"])
    )
    assert equal.customer_days == apart.customer_days
    assert equal.seconds_high - apart.seconds_high == pytest.approx(30000 * 365 * 4 * (1 + 3) / 2 / 20e6)


def test_the_time_of_tables_and_pictures_of_many_arms_is_foreseen():
    """200 arms of a tiny world take minutes (DESIGN.md has the measurements), most of them after the last replicate."""
    few, many = (_of_arms(count) for count in (2, 200))
    assert few.seconds_low < 10
    assert 100 < many.seconds_low < many.seconds_high < 300
    assert many.seconds_low > 10 * many.customer_days / 80e6


def _of_arms(count):
    arms = "".join(f"  a{n}: {{advertising: {{feed: {{budget_per_day: {n}}}}}}}\n" for n in range(1, count))
    head, _ = SMALL_SHOP.read_text(encoding="utf-8").split("arms:\n")
    text = f"{head}arms:\n  nothing: {{advertising: off}}\n{arms}baseline: nothing\n"
    return estimate(load_text(text, "many"), 16, 2)


def test_a_world_that_the_machine_cannot_hold_is_refused_wherever_it_begins(monkeypatch):
    """A world alone takes less than one of a comparison, beside the customers whom all arms begin with."""
    crowd = load_text(full(("count: 30000", "count: 40000000")), "f")
    monkeypatch.setattr("trafficsim.scenario.needs.memory_of_machine", lambda: 8_000_000_000)
    with pytest.raises(ScenarioError, match="this machine has 8"):
        estimate(crowd, 1, 1)
    monkeypatch.setattr("trafficsim.scenario.needs.memory_of_machine", lambda: 6_000_000_000)
    for begin in (start, TrafficModel):
        with pytest.raises(ScenarioError, match=r"f.yaml:9:10: customers.count: 40000000 .* with these days; this"):
            begin(crowd, crowd.baseline)


@pytest.mark.parametrize(("pools", "places"), [(0, 1), (1, 8), (1, 9), (3, 9), (8, 32)])
def test_the_estimate_of_a_customer_has_the_columns_as_they_are(pools, places):
    """Twice the columns; four bytes a tie and as many to find them; twenty an arm; one for the flow map."""
    shops = [f"  shop{k}: {{kind: store}}\n" for k in range(places - pools)]
    clubs = [f"  club{k}: {{kind: pool, form: group, open_rate: 1}}\n" for k in range(pools)]
    text = MINIMAL.partition("places:\n")[0] + "places:\n" + "".join(shops + clubs)
    scenario = load_text(text, "f").replace({"customers.ties.mean": 6})
    columns = empty(1000, pools, places=places)
    state = sum(array.nbytes for group in columns[:-1] for array in group) / 1000
    assert bytes_per_customer(scenario, 1) == 2 * state + 4 * (6 + 1) + 20 + 1
