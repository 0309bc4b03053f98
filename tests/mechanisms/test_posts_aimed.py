"""Aimed posts, hooks and win-back: who belongs to an audience, and that only those are reached."""

import math

import numpy as np
import pytest

from trafficsim.engine.settings import LOTS
from trafficsim.kernel.columns import QUIT
from trafficsim.kernel.rng import stream, uniforms
from trafficsim.mechanisms.posts import may_be_sent
from trafficsim.mechanisms.shared.audiences import belongs, days_as_member, ordered_within, within
from trafficsim.mechanisms.shared.roles import PARTNER
from worlds import QUIET, after, different, enrol, one_step, standard_error, tallied, world_of

NONE = math.nan
N = 12


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("value", "least", "most", "inside"),
    [
        (2.0, 2.0, NONE, True),
        (1.0, 2.0, NONE, False),
        (2.0, NONE, 2.0, True),
        (3.0, NONE, 2.0, False),
        (5.0, 2.0, 7.0, True),
        (5.0, NONE, NONE, True),
        (math.inf, 30.0, NONE, True),
        (math.inf, NONE, 30.0, False),
    ],
)
def test_what_lies_within_bounds(value, least, most, inside):
    assert within(value, least, most) == inside


@pytest.mark.nojit
@pytest.mark.parametrize(("day", "joined_on", "days"), [(9, 9, 0.0), (9, 4, 5.0), (9, -2, math.inf)])
def test_days_as_a_member(day, joined_on, days):
    assert days_as_member(day, joined_on) == days


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("orders", "days", "least", "most", "belongs"),
    [
        (1, 90.0, 90.0, NONE, True),
        (1, 89.0, 90.0, NONE, False),
        (3, 10.0, NONE, 30.0, True),
        (0, 400.0, 90.0, NONE, False),
        (0, 5.0, NONE, 30.0, False),
        (0, 5.0, NONE, NONE, True),
    ],
)
def test_who_ordered_so_many_days_ago(orders, days, least, most, belongs):
    assert ordered_within(orders, days, least, most) == belongs


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("audience", "those"),
    [
        ({}, range(N)),
        ({"segments": ["b"]}, range(6, N)),
        ({"most_orders": 0}, range(4)),
        ({"least_orders": 1, "most_orders": 1}, range(4, 8)),
        ({"least_orders": 2}, range(8, N)),
        ({"least_days_since_order": 90}, [4, 8]),
        ({"most_days_since_order": 30}, [5, 6, 7, 9, 10, 11]),
        ({"least_spend": 250.0}, [10, 11]),
        ({"most_spend": 249.99}, range(10)),
        ({"hooks": ["gift"]}, [1, 3]),
        ({"hooks": ["gift", "advice"]}, [1, 2, 3]),
        ({"hooks": ["gift"], "least_days_in_pool": 30}, [1]),
        ({"most_days_in_pool": 30}, [2, 3]),
        ({"least_days_in_pool": 0}, range(4)),  # 0 has been a member since before the start
        ({"least_reading": 2}, [0, 11]),
        ({"most_reading": 0.5}, [5]),
        ({"partners": True}, [7]),
        ({"partners": True, "least_orders": 2}, []),
    ],
)
def test_who_belongs(audience, those):
    """On day 100: 0 to 3 never ordered and are members, 4 and 8 ordered on day 5, others on day 95; 4 quit."""
    hooks = {
        name: {"at": "shop", "into": into, "gives": "gift"} for name, into in (("advice", "desk"), ("gift", "club"))
    }
    segments = {"all": {"share": 0.5}, "b": {"share": 0.5, "days_between_needs": 10, "fit": 0.5, "deal_prone": 0}}
    changes = {"days": 101, "customers.count": N, "customers.segments": segments, "hooks": hooks}
    w = world_of(changes={**changes, "audiences": {"those": audience}})
    columns = w.columns
    columns.traits.segment[:] = np.arange(N) >= 6
    columns.bought.orders[:] = [0] * 4 + [1] * 4 + [2] * 4
    columns.bought.last_order_on[:] = [-1] * 4 + [5, 95, 95, 95] * 2
    columns.bought.spend[:] = [0] * 10 + [25_000, 30_000]
    columns.roll.opens[:] = [3, 1, 1, 1, 1, 0.2, 1, 1, 1, 1, 1, 2]
    columns.roll.role[7] = PARTNER
    columns.member.status[0, [0, 1, 3, 4]] = [1, 1, 1, QUIT]
    columns.member.joined_on[0, [0, 1, 3, 4]] = [-2, 10, 90, 10]
    columns.member.hook[0, [1, 3, 4]] = 2
    columns.member.status[1, 2], columns.member.joined_on[1, 2], columns.member.hook[1, 2] = 1, 90, 1
    frame = w._frame()
    frame.show(100)
    assert [i for i in range(N) if belongs(frame, i, 0)] == list(those)


@pytest.mark.nojit
def test_a_lot_is_one_number_for_all_audiences():
    """A test group and its control share nobody and leave nobody out, and are those that the stream says."""
    audiences = {"test": {"most_lot": 0.3}, "control": {"least_lot": 0.3}}
    w = world_of(changes={"customers.count": 200, "audiences": audiences})
    frame = w._frame()
    frame.show(0)
    control, test = ({i for i in range(200) if belongs(frame, i, row)} for row in (0, 1))
    assert not test & control
    assert len(test | control) == 200
    assert test == set(np.flatnonzero(uniforms(stream(1, 0, LOTS), 0, 200) <= 0.3))


@pytest.mark.nojit
def test_who_bought_long_before_the_start_has_lapsed_on_day_0():
    """Orders lie evenly within 180 days before, so that half are 90 days old; who never ordered has not lapsed."""
    start = {"aware": 1, "bought": 0.5, "bought_within_days": 180}
    lapsed = {"audiences": {"lapsed": {"least_days_since_order": 90}}}
    w = world_of(changes={"customers.count": 4000, "customers.at_start": start, **lapsed})
    frame = w._frame()
    frame.show(0)
    found = sum(belongs(frame, i, 0) for i in range(4000))
    assert found == pytest.approx(1000, abs=4 * standard_error(0.25, 4000))


AIMED = f"""{QUIET}
audiences: {{regulars: {{least_orders: 2}}}}
posts: {{club: {{per_week: 7, offers_per_week: 7, discount: 0.2}}}}
"""


def club(changes=None):
    """Two hundred members of the club, of whom the first fifty have ordered twice."""
    w = world_of(AIMED, changes)
    enrol(w, "club")
    w.columns.bought.orders[:50] = 2
    return w


@pytest.mark.nojit
def test_an_offer_for_an_audience_tells_all_others_a_story():
    w = club({"posts.club.offers_to": "regulars"})
    one_step(w, "posts")
    read = w.columns.member.read[0] > 0
    assert read[50:].sum() > 50
    assert np.array_equal(w.columns.bought.offer > 0, read & (np.arange(200) < 50))


@pytest.mark.nojit
def test_an_offer_on_a_public_platform_can_be_for_an_audience_too():
    post = {"per_week": 7, "offers_per_week": 7, "discount": 0.2, "reach": 1, "offers_to": "regulars"}
    w = club({"posts": {"club": "off", "feed": post}, "places.feed.visits_per_week": 700})
    assert tallied(one_step(w, "posts"), "reads") == 200
    assert np.array_equal(np.flatnonzero(w.columns.bought.offer), np.arange(50))


@pytest.mark.nojit
@pytest.mark.parametrize("invite", [0, 1])
def test_a_hook_asks_its_audience_alone(invite):
    hook = {"at": "club", "into": "desk", "gives": "gift", "to": "regulars", "invite": invite}
    w = club({"hooks": {"more": hook}})
    w.columns.today.met[:] = 255
    w.columns.today.invited[:] = 1
    tally = one_step(w, "hooks")
    assert tallied(tally, "asked") == 50


@pytest.mark.nojit
def test_win_back_asks_its_audience_alone():
    w = club({"win_back": {"after_days": 1, "cost": 2, "to": "regulars"}})
    w.columns.member.status[0, :] = QUIT
    assert tallied(one_step(w, "win_back"), "win_back") == 50 * 200


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("sent", "most", "may"), [(0, 3, True), (2, 3, True), (3, 3, False), (9, 3, False), (9, NONE, True)]
)
def test_to_whom_a_post_may_go(sent, most, may):
    assert may_be_sent(sent, most) == may


@pytest.mark.nojit
def test_posts_to_an_audience_reach_and_tire_nobody_else():
    w = club({"posts.club.to": "regulars"})
    assert 0 < tallied(one_step(w, "posts"), "reads") <= 50
    assert np.array_equal(w.columns.pushed.sent[0] > 0, np.arange(200) < 50)
    assert np.array_equal(w.columns.roll.fatigue > 0, np.arange(200) < 50)


@pytest.mark.nojit
def test_only_who_was_sent_a_post_may_have_enough():
    """All members would quit at once; that the others were pushed to by another pool makes no difference."""
    post = {"per_week": 7, "to": "regulars"}
    w = club({"posts": {"club": post, "desk": {"per_week": 7}}, "leaving": {"hazard": 50, "per_trust": 0, "folds": 0}})
    enrol(w, "desk", slice(40, 200))
    w.columns.traits.deal_prone[:] = 1
    one_step(w, "posts")
    tally = one_step(w, "leaving")
    inside = w.columns.member.status % 2 == 1
    assert tallied(tally, "left") == 50 + 160 - inside[0, :50].sum() - inside[1].sum() > 200
    assert inside[0, 50:].all()


CAPPED = {"posts": {"club": {"per_week": 14, "most_per_week": 3}, "desk": {"per_week": 7, "most_per_week": 5}}}


def capped(days, changes=None):
    """Pushes counted at the end of each day, to a member of the club, of the desk, and of both."""
    w = world_of(AIMED, {**CAPPED, **(changes or {})})
    enrol(w, "club", slice(0, 2))
    enrol(w, "desk", slice(1, 3))
    found = []
    for today in range(days):
        one_step(w, "posts", today)
        found.append(w.columns.pushed.sent_in_week[0, :3].tolist())
    return found


@pytest.mark.nojit
def test_a_member_is_pushed_no_more_than_the_cap_in_a_week():
    """Two posts a day in the club stop at 3 pushes from both pools, one a day at the desk at 5; day 7 begins anew."""
    assert capped(8) == [[2, 3, 1], [3, 4, 2], [3, 5, 3], [3, 5, 4], [3, 5, 5], [3, 5, 5], [3, 5, 5], [2, 3, 1]]


def test_a_cap_that_nobody_comes_to_changes_nothing_but_what_is_counted():
    changes = {"customers.count": 3000, "leaving": {"hazard": 0.5}}
    plain, capped = (after(SHOP, {**changes, **more}) for more in ({}, {"posts.club.most_per_week": 100}))
    assert different(plain, capped) == ["pushed.sent", "pushed.sent_in_week"]
    assert plain.columns.pushed.sent.size == plain.columns.pushed.sent_in_week.size == 0


def test_counted_pushes_survive_saving_and_threads(tmp_path):
    changes = {"customers.count": 9000, "posts.club.per_week": 9, "posts.club.most_per_week": 3, "days": 35}
    whole = after(SHOP, changes, threads=3)
    half = after(SHOP, changes, until=17)
    half.save(tmp_path / "half.npz")
    assert different(whole, half.fork().run()) == []
    assert different(whole, world_of(SHOP, changes).restore(tmp_path / "half.npz").run()) == []
    assert whole.columns.pushed.sent_in_week.max() == 3


SHOP = """
format: 1
title: A shop that mails its customers
start: 2024-01-01
days: 120
customers:
  count: 4000
  segments:
    all: {share: 1, days_between_needs: 20, fit: 0.6, deal_prone: 0.3}
  at_start: {aware: 0.6, bought: 0.4, members: {club: 0.5}}
  ties: {mean: 0}
product: {price: 100, unit_cost: 40, quality: 0.8}
places:
  shop: {kind: store}
  club: {kind: pool, form: account, open_rate: 0.4}
audiences:
  regulars: {least_orders: 2}
posts:
  club: {per_week: 2, offers_per_week: 2, discount: 0.3, repaid: 0}
purchasing: {stocked: 0}
"""


def test_offers_to_regulars_alone_cost_less_and_sell_them_as_much():
    """Whoever is a regular gets the same offers in both worlds; others order less often without, and at full price.

    Regulars of the world with offers to all are not the same people: offers make some of them. So both worlds begin
    with the same regulars, and who belongs is asked of what cannot change: how much they read.
    """
    readers = {"audiences.regulars": {"least_reading": 1, "least_orders": 0}}
    everybody, aimed = (after(SHOP, {**readers, **more}) for more in ({}, {"posts.club.offers_to": "regulars"}))
    regular = everybody.columns.roll.opens >= 1
    orders = [w.columns.bought.orders[regular] for w in (everybody, aimed)]
    assert np.array_equal(*orders)
    assert 0 < aimed.counted("discounts").sum() < 0.95 * everybody.counted("discounts").sum()
    assert aimed.columns.bought.orders[~regular].sum() < everybody.columns.bought.orders[~regular].sum()


def test_an_audience_that_nothing_is_aimed_at_changes_nothing():
    assert different(after(SHOP), after(SHOP, {"audiences.others": {"most_orders": 0}})) == []


@pytest.mark.nojit
def test_an_audience_can_change_on_a_date():
    """From day 3 on everybody is a regular."""
    dated = AIMED + "events: {all: {day: 3, set: {audiences.regulars.least_orders: 0}}}\n"
    w = world_of(dated, {"posts.club.offers_to": "regulars"})
    enrol(w, "club")
    for today, some in ((2, False), (3, True)):
        one_step(w, "posts", today)
        assert w.columns.bought.offer.any() == some
