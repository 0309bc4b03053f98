"""Journeys: events of one customer, known by hand in a small world, and adding up to what the whole world counted."""

import json
from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

import trafficsim
from comparisons import LIVELY_ARMS
from trafficsim import load, plots, write_report
from trafficsim.journeys import PICKS, Event, JourneyError, NobodyError, follow, journey
from trafficsim.journeys.events import Kind
from trafficsim.journeys.picking import is_one, pick
from trafficsim.journeys.wording import sentence
from trafficsim.report.html_page import HTML_LANGUAGE
from trafficsim.scenario import load_text
from trafficsim.words.language import words
from worlds import LIVELY, QUIET, after, changed, different, enrol, tie, world_of

CARD = {"at": "shop", "into": "club", "gives": "gift", "strength": 50}
OFFERED = (("read", "club"), ("offer", "club"), ("stirred", ""))
CERTAIN = {
    "customers.count": 3,
    "customers.segments.all": {"fit": 0.8, "deal_prone": 0},
    "product.quality": 1,
    "days": 6,
    "rivals": {"pull": -50},
    "purchasing": {"forgetting": False},
    "word_of_mouth": {"tell": 1},
    "hooks": {"card": CARD},
    "posts": {"club": {"weekdays": ["wed", "fri"]}},
    "leaving": {"hazard": 50, "per_trust": 0, "per_fatigue": 0, "spread": 0, "folds": 0},
}
"""Whoever needs something buys it, is satisfied, tells every acquaintance, joins when asked, leaves after reading."""


def certain(changes=None):
    """A world of the above on a Monday: customer 0, who knows customer 1 only, decides a need on day 0."""
    world = world_of(QUIET, CERTAIN | (changes or {}))
    world.columns.roll.need_rate[:] = 0
    world.columns.traits.basket[:] = 1
    world.columns.roll.opens[:] = 1000  # reads every post
    world.columns.roll.open_needs[0], world.columns.roll.decide_on[0] = 1, 0
    tie(world, [(0, 1)])
    return world


BUYS = [
    Event(0, "first_contact", detail="store"),
    Event(0, "ordered", place="shop", amount=100.0),
    Event(0, "told_others", others=(1,)),
]
JOINS = [
    Event(1, "took", place="club", hook="card"),
    Event(1, "joined", place="club", hook="card", detail="1"),
]


def test_every_event_of_a_buyer_is_known():
    reads_and_leaves = [Event(2, "read", place="club"), Event(2, "quit", place="club")]
    track = follow(certain(), 0)
    assert list(track.events) == BUYS + JOINS + reads_and_leaves
    assert track.inside["club"].tolist() == [False, True, False, False, False, False]
    assert not track.inside["desk"].any()


def test_who_silences_a_pool_is_told_of_and_who_looks_again():
    leaving = {**CERTAIN["leaving"], "folds": 1, "folded_days": 1}
    events = follow(certain({"leaving": leaving}), 0).events
    silenced = [Event(2, "folded", place="club"), Event(3, "unfolded", place="club")]
    assert list(events)[len(BUYS) + len(JOINS) + 1 :][:2] == silenced
    assert sentence(silenced[0], "CNY", words("en")) == "silences club and stays in it"
    assert sentence(silenced[1], "CNY", words("en")) == "looks at club again"


def test_every_event_of_an_acquaintance_is_known():
    told = [Event(0, "first_contact", detail="told"), Event(0, "told", others=(0,))]
    assert list(follow(certain(), 1).events) == told


def test_nothing_happens_to_a_stranger():
    track = follow(certain(), 2)
    assert track.events == ()
    assert track.trust.tolist() == [track.trust[0]] * 6
    assert not track.fatigue.any()


def test_whoever_declines_does_not_join():
    track = follow(certain({"hooks": {"card": CARD | {"strength": -50}}}), 0)
    assert list(track.events) == [*BUYS, Event(1, "declined", place="club", hook="card")]


def test_whoever_finds_no_room_does_not_join():
    world = certain({"places.club": {"groups": 1, "group_size": 1}})
    enrol(world, "club", [2])
    no_room = [Event(1, "took", place="club", hook="card"), Event(1, "no_room", place="club", hook="card")]
    assert list(follow(world, 0).events)[: len(BUYS) + 2] == BUYS + no_room


def test_a_hook_is_not_heeded_by_whoever_only_walks_in():
    card = CARD | {"heeded_in_store": 0}
    world = certain({"places.shop.visits_per_week": 700, "hooks": {"card": card}, "days": 1})
    walks_in = [Event(0, "first_contact", detail="store"), Event(0, "walked_in", place="shop")]
    assert list(follow(world, 2).events) == [*walks_in, Event(0, "unheeded", place="club", hook="card")]


def test_offers_are_noted_and_what_they_stir():
    posts = {"club": {"weekdays": ["wed"], "offers_per_week": 1, "discount": 0.2, "stirred_days": 50}}
    world = certain({"leaving": "off", "hooks": "off", "posts": posts})
    enrol(world, "club", [0])
    world.columns.roll.need_rate[0] = 1  # a need a day, of 50 days: sure to be stirred
    happened = [event for event in follow(world, 0).events if event.kind in {"read", "offer", "stirred"}]
    assert happened == [Event(2, kind, place=place) for kind, place in OFFERED]


def test_needs_that_come_to_nothing_are_told_apart():
    forgetful = follow(certain({"purchasing": {"forgetting": True}}), 0)
    assert list(forgetful.events) == [Event(0, "forgot")]
    disloyal = follow(certain({"rivals": {"pull": 50}}), 0)
    assert list(disloyal.events) == [Event(0, "rival")]
    stocked = certain()
    stocked.columns.bought.stock[:] = 100
    assert list(follow(stocked, 0).events) == [Event(0, "made_ahead")]


def test_whoever_finds_no_seat_is_turned_away():
    slots = {"lunch": {"share": 1, "seats": 0, "flexible": 0}}
    track = follow(certain({"places.shop.slots": slots}), 0)
    assert list(track.events) == [Event(0, "turned_away", place="shop", detail="lunch")]


FRIENDS = {"at": "club", "into": "club", "gives": "cash", "invite": 1, "strength": 50}
READS_AND_INVITES = [
    Event(0, "read", place="club"),
    Event(0, "invited_others", hook="friends", others=(1,)),
    Event(1, "acquaintance_joined", place="club", others=(1,)),
]


def inviting(ties, **changes):
    """Customer 2 reads a post in the club on Monday, and invites whom they know."""
    hooks = {"hooks": {"card": CARD, "friends": FRIENDS}, "posts": {"club": {"weekdays": ["mon"]}}}
    world = certain({**hooks, "leaving": "off", "days": 3, **changes})
    enrol(world, "club", [2])
    tie(world, ties)
    return world


def test_invitations_are_known_on_both_sides():
    """Who is invited on Monday is asked, and joins, on Tuesday."""
    assert list(follow(inviting([(1, 2)]), 2).events) == READS_AND_INVITES
    assert list(follow(inviting([(1, 2)]), 1).events) == [
        Event(0, "first_contact", detail="invited"),
        Event(0, "invited", hook="friends", others=(2,)),
        Event(1, "took", place="club", hook="friends"),
        Event(1, "joined", place="club", hook="friends", detail="1"),
    ]


def test_who_is_told_and_invited_on_a_day_shows_as_invited():
    """0 tells 1 and 2 invites 1 after that; of those who told or invited on a day the last is known."""
    first, *others = follow(inviting([(0, 1), (1, 2)]), 1).events
    assert first == Event(0, "first_contact", detail="told")
    assert [e for e in others if e.day == 0] == [Event(0, "invited", hook="friends", others=(2,))]
    assert list(follow(inviting([(0, 1), (1, 2)]), 2).events) == READS_AND_INVITES
    assert "told_others" not in {e.kind for e in follow(inviting([(0, 1), (1, 2)]), 0).events}


def test_who_told_a_joiner_has_not_invited_them():
    """0 tells 1, who meets the card in the shop the next day and joins by it."""

    def world():
        shop = {"kind": "store", "visits_per_week": 0}
        made = certain({"places.shop": shop, "hooks": {"card": CARD | {"in_person": True}}, "days": 2}).run(1)
        made.columns.today.met[0, 1] = 1 << made.names.places.index("shop")
        return made

    assert world().columns.story.told_by[1] == 0
    kinds = [[e.kind for e in follow(world(), i).events] for i in (0, 1)]
    assert kinds == [["took", "joined"], ["took", "joined"]]


def test_who_was_told_first_and_invited_later_is_picked_as_told():
    """What is picked is how somebody first heard of the brand."""
    for ties, kind in (([(0, 1), (1, 2)], "told"), ([(1, 2)], "invited")):
        columns = inviting(ties).run().columns
        assert [which for which in ("told", "invited") if is_one(which, columns)[1]] == [kind]


def test_moods_are_those_after_the_step():
    world = certain()
    bought, joined = (next(e for e in follow(certain(), 0).events if e.kind == kind) for kind in ("ordered", "joined"))
    world.run(1)
    assert bought.trust < world.columns.mind.trust[0]  # telling came later that day and raised it
    world.run(2)
    assert joined.trust == world.columns.mind.trust[0]
    assert 0.0 < bought.recall <= 1.0


# All customers of a lively world


SIZE, DAYS = 60, 30
BUSY = {
    "customers.count": SIZE,
    "days": DAYS,
    "advertising.review_site.budget_per_day": 30,
    "posts.vip_group.per_week": 7,
    "places.dining_room.slots.peak.seats": 0,
    "customers.at_start.members": {"vip_group": 0.6, "manager": 0.3},
    "events": {"fewer": {"day": 21, "set": {"places.dining_room.open_branches": 2}}},
}


@cache
def busy():
    """All tracks of a world in which much happens, and the world itself as it runs when nobody is watched."""
    return [follow(world_of(LIVELY, BUSY), i) for i in range(SIZE)], after(LIVELY, BUSY)


def total(*kinds):
    return sum(event.count for track in busy()[0] for event in track.events if event.kind in kinds)


def test_watching_changes_no_bit():
    for customer in (0, 7, SIZE - 1):
        watched = world_of(LIVELY, BUSY)
        follow(watched, customer)
        assert different(watched, busy()[1]) == []


@pytest.mark.parametrize(
    ("counter", "kinds"),
    [
        ("noticed", ["noticed"]),
        ("reads", ["read"]),
        ("moments_seen", ["moments"]),
        ("asked", ["took", "declined", "unheeded", "asked"]),
        ("joined", ["joined"]),
        ("left", ["quit", "poached", "removed"]),
        ("removed", ["removed"]),
        ("care_given", ["cared_for"]),
        ("care_missed", ["missed_care"]),
        ("poached", ["poached"]),
        ("won_back", ["came_back"]),
        ("needs", ["forgot", "rival", "made_ahead", "ordered", "turned_away"]),
        ("recalled", ["rival", "made_ahead", "ordered", "turned_away"]),
        ("orders", ["ordered"]),
        ("turned_away", ["turned_away"]),
        ("invited", ["invited"]),
        ("aware", ["first_contact"]),
    ],
)
def test_what_happened_to_each_adds_up_to_what_the_world_counted(counter, kinds):
    counted = int(busy()[1].counted(counter).sum())
    assert counted > 0
    assert total(*kinds) == counted


def test_visits_to_the_store_add_up():
    world = busy()[1]
    assert total("walked_in") == world.counted("visits")[:, world.names.places.index("dining_room")].sum() > 0


def test_of_what_was_told_on_a_day_the_last_is_listed():
    assert 0 < total("told") <= busy()[1].counted("told").sum()
    heard = Counter((e.day, e.others[0], i) for i, t in enumerate(busy()[0]) for e in t.events if e.kind == "told")
    spoken = Counter((e.day, i, j) for i, t in enumerate(busy()[0]) for e in t.events if e.kind == "told_others"
                     for j in e.others)  # fmt: skip
    assert heard == spoken


def test_of_invitations_on_a_day_the_last_is_listed_on_both_sides():
    heard = Counter((e.day, e.others[0], i, e.hook) for i, t in enumerate(busy()[0]) for e in t.events
                    if e.kind == "invited")  # fmt: skip
    spoken = Counter((e.day, i, j, e.hook) for i, t in enumerate(busy()[0]) for e in t.events
                     if e.kind == "invited_others" for j in e.others)  # fmt: skip
    assert heard == spoken
    assert sum(heard.values()) == total("invited_others") > 0


def test_of_each_who_joins_by_an_invitation_the_inviter_knows():
    tracks, world = busy()
    joined = Counter((e.day, i) for i, t in enumerate(tracks) for e in t.events
                     if e.kind == "joined" and e.hook == "friends")  # fmt: skip
    known = Counter((e.day, j) for t in tracks for e in t.events if e.kind == "acquaintance_joined" for j in e.others)
    assert joined == known
    assert sum(joined.values()) == world.counted("joined_by")[:, world.names.hooks.index("friends")].sum() > 0


def test_the_columns_at_the_end_are_what_the_events_say():
    tracks, world = busy()
    before = world_of(LIVELY, BUSY).columns.bought.orders
    for i, track in enumerate(tracks):
        bought = [e for e in track.events if e.kind == "ordered"]
        assert sum(e.count for e in bought) == world.columns.bought.orders[i] - before[i]
        assert sum(round(e.amount * 100) for e in bought) == world.columns.bought.spend[i]
        for row, pool in enumerate(world.names.pools):
            here = [
                e.kind
                for e in track.events
                if e.place == pool and e.kind in {"joined", "came_back", "quit", "poached", "removed"}
            ]
            inside = here[-1] in {"joined", "came_back"} if here else pool in track.member_at_start
            assert inside == track.inside[pool][-1]
            member = world.columns.member
            assert inside == (member.status[row, i] % 2 == 1)


def test_moods_at_the_end_are_those_of_the_columns():
    tracks, world = busy()
    assert [track.trust[-1] for track in tracks] == world.columns.mind.trust.tolist()
    assert max(track.recall.max() for track in tracks) <= 1.0
    assert min(track.fatigue.min() for track in tracks) >= 0.0


# Two worlds


def lively(changes=None):
    return load_text(LIVELY + LIVELY_ARMS, "lively").replace({"days": 25, **(changes or {})})


def test_arms_that_do_not_differ_never_part():
    same = load_text(LIVELY + "arms: {one: {}, other: {}}", "same").replace({"days": 15})
    found = journey(same, 11)
    assert found.events("one") == found.events("other") != ()
    assert found.parts_on is None
    assert "“other” and “one” never part" in " ".join(str(found).split())
    assert found.to_frame()["same"].all()
    assert "the worlds never part" in [text.get_text() for text in found.pictures.journey().texts]


def test_worlds_part_where_they_first_differ():
    late = load_text(LIVELY + "arms: {one: {}, other: {hooks: {side_dish: {until_day: 9}}}}", "late").replace(
        {"days": 20}
    )
    found = [journey(late, i) for i in range(20)]
    parted = [j.parts_on for j in found if j.parts_on is not None]
    assert parted
    assert min(parted) >= 9
    for j in found:
        days = DAYS if j.parts_on is None else j.parts_on
        a, b = ([e for e in j.events(arm) if e.day < days] for arm in j.arms)
        assert a == b


def test_both_arms_meet_the_same_people():
    found = journey(lively(), 5, ("private", "both"))
    again = journey(lively(), 5, ("paid", "private"))
    assert found.profile == again.profile
    assert found.events("private") == again.events("private")
    assert found.profile.acquaintances > 0


def test_a_table_has_a_row_for_each_event():
    found = journey(lively(), 5, ("private", "both"))
    table = found.to_frame()
    assert len(table) == sum(len(found.events(arm)) for arm in found.arms)
    assert table["parted"].tolist() == (table["day"] >= found.parts_on).tolist()
    assert set(table["arm"]) == {"private", "both"}
    assert table.loc[table["kind"] == "ordered", "amount"].sum() == pytest.approx(
        found.paid("private") + found.paid("both")
    )


def test_the_same_customer_is_picked_each_time():
    found = [journey(lively(), "apart", ("paid", "private"), seed=3) for _ in range(2)]
    assert found[0].customer == found[1].customer
    assert found[0].to_json() == found[1].to_json()
    assert json.loads(found[0].to_json())["customer"] == found[0].customer


@pytest.mark.parametrize("which", [which for which in PICKS if which != "apart"])
def test_whoever_is_picked_is_one_in_the_one_world_only(which):
    a, b = after(LIVELY, {"days": 25}), after(LIVELY, {"days": 25, "hooks.side_dish.strength": -2, "win_back": "off"})
    i = pick(which, a, b)
    there = [is_one(which, world.columns) for world in (a, b)]
    assert any(t[i] for t in there)
    assert there[0][i] != there[1][i] or not (there[0] != there[1]).any()


def test_who_is_apart_differs_most_in_orders():
    a, b = after(LIVELY, {"days": 25}), after(LIVELY, {"days": 25, "hooks": "off"})
    apart = np.abs(a.columns.bought.orders.astype(int) - b.columns.bought.orders)
    assert apart[pick("apart", a, b)] == apart.max() > 0


def test_nobody_to_pick_is_said():
    world = after(QUIET)
    with pytest.raises(NobodyError, match="in neither arm is there a customer who is 'joiner'"):
        pick("joiner", world, world)


@pytest.mark.parametrize(
    ("customer", "arms", "said"),
    [
        (300, None, "no customer 300; they are numbered 0 to 299"),
        (-1, None, "no customer -1"),
        ("joyner", None, "can't pick 'joyner'; there are apart, joiner"),
        (1, ("paid", "free"), "no arm 'free'; this scenario has paid, private, both"),
        (1, ("paid", "paid"), "two different arms are needed"),
    ],
)
def test_what_is_not_there_is_refused(customer, arms, said):
    with pytest.raises(JourneyError, match=said):
        journey(lively(), customer, arms)


def test_an_arm_of_another_journey_is_refused():
    found = journey(lively({"days": 3}), 1, ("paid", "private"))
    with pytest.raises(KeyError, match="no arm 'both' in this journey; there are paid, private"):
        found.events("both")


def test_arms_are_chosen_where_none_are_named():
    assert journey(lively({"days": 1}), 1).arms == ("private", "both")
    assert journey(load_text(QUIET + "arms: {one: {}, other: {}}", "two"), 1).arms == ("other", "one")
    with pytest.raises(JourneyError, match="two different arms"):
        journey(changed(QUIET, {}), 1)


def test_public_names():
    assert trafficsim.journey is journey
    assert isinstance(journey(lively({"days": 1}), 1), trafficsim.Journey)


# As people see it


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", Kind.__args__)
def test_every_kind_of_event_has_words(kind, language):
    details = {"first_contact": "paid", "became": "koc", "ceased": "kol"}
    event = Event(1, kind, "club", "card", details.get(kind, "1"), (3, 4), 2, 12.5)
    said = sentence(event, "CNY", words(language))
    assert said
    assert ("club" in said) or kind not in {"joined", "quit", "read", "ordered"}


def test_many_acquaintances_are_counted():
    event = Event(1, "told_others", others=(1, 2, 3, 4), count=4)
    assert sentence(event, "CNY", words("en")) == "tells 4 acquaintances"
    assert sentence(replace(event, others=(7,)), "CNY", words("en")) == "tells customer 7"


def test_the_text_marks_where_they_part_and_what_is_not_shown():
    found = journey(lively(), "apart", ("paid", "private"))
    text = str(found)
    assert text.count("here they part") == 2
    assert max(map(len, text.splitlines())) <= 80
    assert "Not listed" in text


def test_a_page_holds_the_picture_and_asks_nothing_from_outside(tmp_path):
    found = journey(lively(), "apart", ("paid", "private"))
    for language in ("en", "zh"):
        write_report(found, tmp_path / "a.html", language=language)
        page = (tmp_path / "a.html").read_text(encoding="utf-8")
        assert f'<html lang="{HTML_LANGUAGE[language]}">' in page
        assert "<svg" in page
        assert "src=" not in page
        assert page.count('class="parting"') == 1
    write_report(found, tmp_path / "b.html", language="zh")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert "<html" not in found._repr_html_()
    assert "<table" in found._repr_html_()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_text_of_the_picture_overlaps_another(language):
    for customer in ("apart", "joiner", "told", "lost"):
        axes = journey(lively(), customer, ("paid", "both")).pictures.journey(language=language)
        renderer = FigureCanvasAgg(axes.figure).get_renderer()
        axes.figure.draw(renderer)
        along = axes.get_xlim()
        days = zip(axes.get_xticks(), axes.get_xticklabels(), strict=True)
        ticks = [label for at, label in days if along[0] <= at <= along[1]]
        texts = [axes._left_title, *axes.texts, *axes.get_yticklabels(), *ticks, axes.xaxis.label]
        boxes = [text.get_window_extent(renderer) for text in texts]
        assert axes.get_title(loc="left")
        assert not any(a.overlaps(b) for a, b in combinations(boxes, 2))
        whole = axes.figure.bbox
        assert all(whole.x0 <= box.x0 and box.x1 <= whole.x1 for box in boxes)
        assert all(whole.y0 <= box.y0 and box.y1 <= whole.y1 for box in boxes)


def test_a_picture_can_be_drawn_on_axes_of_ours():
    found = journey(lively(), 5, ("private", "both"))
    figure = plots.style.new_figure(5, 5)
    axes = figure.subplots()
    assert found.pictures.journey(axes=axes) is axes


@pytest.mark.parametrize("name", ["restaurant", "yonghui"])
def test_a_shipped_case_can_be_followed(name):
    case = load(name)
    small = case.replace({"customers.count": 400, "days": 40, "equal_budget": []})
    found = journey(small)
    assert found.parts_on is None or 0 <= found.parts_on < 40
    assert found.to_json()
