"""Hooks: who is asked, what appeals, and that a customer's taste for a hook is one draw for all days."""

import math

import numpy as np
import pytest

from trafficsim.books.counters import COUNTERS
from trafficsim.kernel.columns import IN, QUIT
from trafficsim.mechanisms.hooks import (
    appeal,
    appeal_of_worth,
    asked_so_often,
    drawn,
    has_attention,
    how_clear,
    is_asked,
    is_in_force,
    is_preferred,
    joins_unasked,
    liking,
    share_of_price,
    takes,
)
from worlds import after, code, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

SURE, NEVER_TAKEN = 50.0, -50.0
"""Strengths with which everybody, or nobody, takes a hook: exp(-40) are left."""


def gift(at="shop", into="club", **settings):
    return {"at": at, "into": into, "gives": "gift", **settings}


def busy_shop(**hooks):
    """Everybody walks into the shop every day, where staff offer the hooks."""
    offered = {name: {"in_person": True, **hook} for name, hook in hooks.items()}
    return {"places.shop.visits_per_week": 700, "hooks": offered}


def hook_record(**settings):
    return world_of(changes=busy_shop(gift=gift(**settings))).settings.hooks[0, 0]


@pytest.mark.parametrize(
    ("worth", "deal_prone", "felt"),
    [(0.0, 1.0, 0.0), (0.2, 1.0, 1.0), (0.6, 1.0, 1.5), (0.6, 0.5, 0.75), (0.6, 0.0, 0.0)],
)
def test_the_appeal_of_worth_saturates(worth, deal_prone, felt):
    """2 deal x worth / (worth + 0.2)."""
    assert appeal_of_worth(worth, 0.2, 2.0, deal_prone) == pytest.approx(felt, abs=1e-12)


@pytest.mark.parametrize(
    ("on", "pool_on", "day", "asks"),
    [
        (True, True, 2.0, True),
        (True, True, 1.0, False),
        (True, True, 8.0, False),
        (False, True, 2.0, False),
        (True, False, 2.0, False),
    ],
)
def test_when_a_hook_is_in_force(on, pool_on, day, asks):
    assert is_in_force(on, pool_on, day, 2.0, 8.0) == asks


@pytest.mark.parametrize(
    ("reason", "clear"),
    [(0, 1.0), (1, 0.0)],
)
def test_how_clear_a_reason_is(reason, clear):
    assert how_clear(reason) == clear


@pytest.mark.parametrize(
    ("worth", "price", "share"),
    [(1200.0, 8000.0, 0.15), (0.0, 8000.0, 0.0)],
)
def test_worth_is_a_share_of_the_price(worth, price, share):
    assert share_of_price(worth, price) == pytest.approx(share, abs=1e-15)


@pytest.mark.parametrize(
    ("invite", "invited_by", "met", "asked"),
    [(0.0, 0, True, True), (0.0, 3, False, False), (0.2, 3, False, True), (0.2, 0, True, False), (0.2, 2, True, False)],
)
def test_whom_a_hook_asks(invite, invited_by, met, asked):
    """Hook 2 asks those with invitation 3, or those who were met."""
    assert is_asked(invite, invited_by, 2, met) == asked


@pytest.mark.parametrize(
    ("invite", "served", "heeded"),
    [(0.2, 0, True), (0.0, 5, True), (0.0, 4, False), (0.0, 0, False)],
)
def test_who_surely_heeds(invite, served, heeded):
    """Place 4, of whose customers `served` is 5."""
    assert has_attention(invite, served, 4) == heeded


@pytest.mark.parametrize(
    ("liked", "most", "best", "preferred"),
    [(-9.0, 0.0, -1, True), (1.0, 0.5, 0, True), (0.5, 0.5, 0, False), (0.2, 0.5, 3, False)],
)
def test_the_best_liked_is_taken(liked, most, best, preferred):
    assert is_preferred(liked, most, best) == preferred


@pytest.mark.parametrize(
    ("asked", "declined", "times"),
    [(0, 1, 1), (3, 2, 5), (254, 1, 255), (255, 3, 255)],
)
def test_times_asked_are_counted_to_255(asked, declined, times):
    assert asked_so_often(asked, declined) == times


@pytest.mark.parametrize(
    ("taste", "logits", "liked"),
    [(0.5, 0.7, 0.7), (0.5, -0.7, -0.7), (1 / (1 + math.exp(-2.0)), 2.0, 0.0), (1 / (1 + math.exp(2.0)), 0.0, 2.0)],
)
def test_what_a_hook_is_liked(taste, logits, liked):
    assert liking(taste, logits) == pytest.approx(liked, abs=1e-12)


@pytest.mark.parametrize(
    ("state", "logits"),
    [
        ({}, -3.2),
        ({"strength": 0.5}, -2.7),
        ({"clear": 1.0}, -2.7),
        ({"trust": 0.4}, -2.2),
        ({"fit": 1.0}, -2.45),
        ({"fit": 0.0}, -3.95),
        ({"asked": 2.0}, -4.6),
        ({"friction": 1.5}, -4.7),
        ({"worth": 0.2, "deal_prone": 1.0}, -2.2),  # half of what worth can do
        ({"worth": 0.2, "deal_prone": 0.5}, -2.7),
        ({"worth": 0.6, "deal_prone": 1.0}, -1.7),  # three quarters
        ({"worth": 0.6, "deal_prone": 0.0}, -3.2),
        ({"strength": 1.0, "clear": 1.0, "trust": 1.0, "fit": 0.7, "asked": 1.0}, 0.4),
    ],
)
def test_what_appeals(state, logits):
    """By default -3.2, reason 0.5, worth 2 (half of it at a fifth of the price), trust 2.5, fit 1.5, wear 0.7."""
    nothing = {"clear": 0.0, "worth": 0.0, "trust": 0.0, "fit": 0.5, "deal_prone": 0.0, "asked": 0.0}
    nothing["friction"] = 0.0
    strength = {"strength": state.pop("strength", 0.0)}
    assert appeal(*{**nothing, **state}.values(), hook_record(**strength)) == pytest.approx(logits, abs=1e-12)


@pytest.mark.parametrize(
    ("gives", "felt"), [("cash", 0.3), ("coupon", 0.3), ("gift", 0.3), ("service", 0.9), ("know_how", 0.9)]
)
def test_whom_it_draws_depends_on_what_it_gives(gives, felt):
    """Deal proneness .3, fit .9: worth a fifth of the price adds half of 2 times that."""
    record = hook_record(gives=gives)
    assert drawn(record.gives, 0.3, 0.9) == felt
    without, with_worth = (appeal(1.0, worth, 0.3, 0.9, 0.3, 0.0, 0.0, record) for worth in (0.0, 0.2))
    assert with_worth - without == pytest.approx(felt, abs=1e-12)


def test_what_appeals_by_weights_of_its_own():
    """-1 + 0.5 + 1 (reason) + 4 x 0.5 x 0.5 (worth) + 1 x 0.4 (trust) + 2 x 0.5 (fit) - 0.1 x 2 (wear)."""
    weights = {"intercept": -1.0, "per_clear": 1.0, "per_worth": 4.0, "worth_half": 0.6, "per_trust": 1.0}
    record = hook_record(**weights, strength=0.5, per_fit=2.0, wear=0.1)
    assert appeal(1.0, 0.6, 0.4, 1.0, 0.5, 2.0, 0.0, record) == pytest.approx(2.7, abs=1e-12)


@pytest.mark.parametrize(
    ("taste", "logits", "taken"),
    [(0.49, 0.0, True), (0.51, 0.0, False), (0.26, -1.0, True), (0.27, -1.0, False), (0.999, 9.0, True)],
)
def test_who_takes(taste, logits, taken):
    """1 / (1 + exp(1)) = 0.2689."""
    assert takes(taste, logits) == taken


def test_the_share_of_takers():
    """Appeal -3.2 + 2 + 0.5 (clear) + 2.5 x 0.3 (trust) = 0.05."""
    w = world_of(changes={**busy_shop(gift=gift(strength=2.0)), "customers.count": 1000})
    one_step(w, "visits")
    asked = tallied(one_step(w, "hooks"), "asked")
    taken = np.sum(w.columns.today.request == 1)
    chance = 1 / (1 + math.exp(-0.05))
    assert asked == 1000
    assert taken == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_friction_of_the_pool_keeps_some_out():
    """Appeal 0.05 as above, less 1.2 for installing an app."""
    app = {"places.club.form": "app", "places.club.friction": 1.2}
    w = world_of(changes={**busy_shop(gift=gift(strength=2.0)), **app, "customers.count": 1000})
    one_step(w, "visits")
    one_step(w, "hooks")
    chance = 1 / (1 + math.exp(1.15))
    assert np.sum(w.columns.today.request) == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_worth_counts_in_shares_of_the_price():
    """A gift worth a fifth of the price has half of the appeal of worth: -3.2 + 0 + 1 for the fully deal-prone."""
    weights = {"strength": 0.0, "reason": "vague", "per_trust": 0.0, "worth": 20.0}
    w = world_of(changes={**busy_shop(gift=gift(**weights)), "customers.count": 1000})
    w.columns.traits.deal_prone[:] = 1
    one_step(w, "visits")
    one_step(w, "hooks")
    chance = 1 / (1 + math.exp(2.2))
    assert np.sum(w.columns.today.request) == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_asking_every_day_wins_nobody_whom_the_first_day_did_not():
    """Taste is one draw per customer and hook; with a fresh draw a day, everybody would join in time."""
    settings = busy_shop(gift=gift(strength=1.0, wear=0.0))
    first, last = after(changes=settings, until=1), after(changes=settings)
    assert 20 < first.counted("joined").sum() < 180
    assert first.counted("joined").sum() == last.counted("joined").sum()
    assert last.counted("asked").sum() > 1000


def test_repeated_asking_is_counted_and_wears():
    w = after(changes=busy_shop(gift=gift(strength=1.0)), until=10)
    member = w.columns.member
    joined = member.joined_on[0] == 0
    assert np.all(member.asked[0][joined] == 0)
    assert np.all(member.asked[0][~joined] == 10)
    assert 0 < joined.sum() < 200


def test_times_asked_stop_counting_at_255():
    w = world_of(changes=busy_shop(gift=gift(strength=NEVER_TAKEN)))
    w.columns.member.asked[:] = 254
    for today in (0, 1, 2):
        one_step(w, "visits", today)
        one_step(w, "hooks", today)
    assert np.all(w.columns.member.asked[0] == 255)


def test_wear_of_asking_lowers_the_share_of_takers():
    w = world_of(changes={**busy_shop(gift=gift(strength=2.0)), "customers.count": 1000})
    w.columns.member.asked[0] = 2
    one_step(w, "visits")
    one_step(w, "hooks")
    chance = 1 / (1 + math.exp(-0.05 + 1.4))
    assert np.sum(w.columns.today.request) == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_a_hook_asks_from_its_first_day_until_before_its_last():
    w = after(changes=busy_shop(gift=gift(strength=NEVER_TAKEN, from_day=4, until_day=7)))
    assert np.flatnonzero(w.counted("asked")[:, 0]).tolist() == [4, 5, 6]


def test_only_who_is_met_where_the_hook_hangs_is_asked():
    w = world_of(changes={**busy_shop(gift=gift()), "places.feed.visits_per_week": 700})
    w.columns.today.met[0, :60] = 1 << code(w, "shop")
    w.columns.today.met[0, 60:90] = 1 << code(w, "feed")
    assert tallied(one_step(w, "hooks"), "asked") == 60
    assert not w.columns.today.met.any()


MANY = [f"stall{k}" for k in range(15)]
"""With the five of the base world, twenty places: more than a byte has bits, and more than two have."""


def many_stalls(**walks):
    """Each stall and the shop have a hook; so many walks into them a week."""
    hooks = {at: gift(at, strength=NEVER_TAKEN, in_person=True) for at in ("shop", *MANY)}
    stalls = {f"places.{name}": {"kind": "store", "visits_per_week": walks.get(name, 0)} for name in MANY}
    return {**stalls, "places.shop.visits_per_week": walks.get("shop", 0), "hooks": hooks}


@pytest.mark.parametrize(("to", "place"), [("shop", 4), ("stall1", 6), ("stall11", 8), ("stall12", 9), ("stall6", 16)])
def test_beyond_eight_places_too_only_who_is_met_where_the_hook_hangs_is_asked(to, place):
    """The first, ninth and seventeenth place are the same bit of different bytes."""
    w = world_of(changes=many_stalls(**{to: 700}))
    assert code(w, to) == place
    assert w.columns.today.met.shape == (3, 200)
    one_step(w, "visits", between=(50, 80))
    asked = one_step(w, "hooks")[[c.name for c in COUNTERS].index("asked")]
    row = w.names.hooks.index(to)
    assert (asked[row], asked.sum()) == (30, 30)
    assert np.flatnonzero(w.columns.member.asked[0]).tolist() == list(range(50, 80))
    assert not w.columns.today.met.any()


def test_asking_a_range_of_customers_forgets_what_these_met_at_all_places():
    w = world_of(changes=many_stalls())
    w.columns.today.met[:] = 255
    one_step(w, "hooks", between=(50, 80))
    kept = np.r_[0:50, 80:200]
    assert not w.columns.today.met[:, 50:80].any()
    assert np.all(w.columns.today.met[:, kept] == 255)


def test_members_and_those_who_left_are_not_asked():
    w = world_of(changes=busy_shop(gift=gift(strength=SURE)))
    w.columns.member.joined_on[0, :50] = 0
    w.columns.member.status[0, :50] = IN
    w.columns.member.status[0, :20] = QUIT
    one_step(w, "visits")
    assert tallied(one_step(w, "hooks"), "asked") == 150
    assert not w.columns.today.request[:50].any()


def test_one_hook_a_day_is_taken_and_none_of_those_liked_is_declined():
    w = world_of(changes=busy_shop(one=gift(strength=SURE), two=gift(into="desk", strength=SURE)))
    one_step(w, "visits")
    tally = one_step(w, "hooks")
    assert set(w.columns.today.request.tolist()) == {1, 2}
    assert tallied(tally, "asked") == 400
    assert not w.columns.member.asked.any()


def test_buyers_are_asked_the_next_time():
    w = after(
        changes={
            "hooks": {"gift": gift(strength=SURE)},
            "purchasing": {"forgetting": False, "intercept": 50.0},
        },
        until=10,
    )
    bought, joined = w.columns.bought.first_order_on, w.columns.member.joined_on[0]
    early = (bought >= 0) & (bought < 9)
    assert early.sum() > 50
    assert np.array_equal(joined[early], bought[early] + 1)
    assert np.all(joined[~early] == -1)


@pytest.mark.parametrize(
    ("taste", "unasked", "served", "at", "joins"),
    [(0.3, 0.4, 3, 2, True), (0.5, 0.4, 3, 2, False), (0.3, 0.4, 0, 2, False), (0.3, 0.4, 2, 2, False)],
)
def test_who_is_in_without_being_asked(taste, unasked, served, at, joins):
    assert joins_unasked(taste, unasked, served, at) == joins


def test_who_leaves_a_number_with_an_order_is_in_the_next_day_and_nobody_is_asked():
    w = after(
        changes={
            "customers.count": 1000,
            "hooks": {"number": {"at": "shop", "into": "desk", "gives": "service", "unasked": 0.4}},
            "purchasing": {"forgetting": False, "intercept": 50.0},
        },
        until=10,
    )
    bought, joined = w.columns.bought.first_order_on, w.columns.member.joined_on[code(w, "desk") - code(w, "club")]
    early = (bought >= 0) & (bought < 9)
    joins = joined[early] >= 0
    assert early.sum() > 200
    assert joins.sum() == pytest.approx(0.4 * early.sum(), abs=4 * standard_error(0.4, early.sum()))
    assert np.array_equal(joined[early][joins], bought[early][joins] + 1)
    assert np.all(joined[~early] == -1)
    assert w.counted("asked").sum() == 0


def test_a_hook_that_is_liked_comes_before_a_number_that_is_left():
    hooks = {"number": {"at": "shop", "into": "desk", "gives": "service", "unasked": 1.0}, "gift": gift(strength=SURE)}
    for order in (hooks, dict(reversed(hooks.items()))):
        w = after(changes={"hooks": order, "purchasing": {"forgetting": False, "intercept": 50.0}}, until=10)
        club, desk = w.columns.member.joined_on[:2]
        assert (club >= 0).sum() > 50
        assert np.all(club[desk >= 0] < desk[desk >= 0])  # with a later order
        assert np.all(club[desk >= 0] >= 0)


def test_taste_belongs_to_the_hook_by_name():
    """Two hooks of equal appeal win different people; the same hook under another order of names the same."""
    takers = [
        np.flatnonzero(after(changes=busy_shop(**hooks), until=1).columns.member.joined_on[0] == 0).tolist()
        for hooks in (
            {"one": gift(strength=2.0)},
            {"two": gift(strength=2.0)},
            {"two": gift(strength=NEVER_TAKEN), "one": gift(strength=2.0, wear=0.0)},
        )
    ]
    assert takers[0] != takers[1]
    assert takers[0] == takers[2]


# --- who heeds a hook


def heeding_world(at, **settings):
    """A thousand customers, any of whom would take the hook if they heeded it."""
    changes = {"hooks": {"gift": gift(at, **{"strength": SURE, **settings})}, "customers.count": 1000}
    return world_of(changes=changes)


def takers_met(w, at):
    """Everybody is met at the hook's place; shape (customers,)."""
    w.columns.today.met[0] = 1 << code(w, at)
    assert tallied(one_step(w, "hooks"), "asked") == 1000
    return w.columns.today.request == 1


@pytest.mark.parametrize(
    ("at", "settings", "chance"),
    [
        ("feed", {}, 0.14),
        ("lift", {}, 0.14),
        ("shop", {}, 0.4),
        ("feed", {"heeded_in_public": 0.3}, 0.3),
        ("shop", {"heeded_in_store": 0.7}, 0.7),
        ("shop", {"in_person": True}, 1.0),
        ("desk", {}, 1.0),
    ],
)
def test_who_heeds_a_hook_depends_on_where_it_is_met(at, settings, chance):
    takers = takers_met(heeding_world(at, **settings), at)
    assert takers.sum() == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000) + 1e-9)


@pytest.mark.parametrize("at", ["feed", "shop"])
def test_who_was_served_where_the_hook_hangs_heeds_it(at):
    w = heeding_world(at, heeded_in_store=0.0, heeded_in_public=0.0)
    w.columns.today.served[:10] = code(w, at) + 1
    w.columns.today.served[10:20] = code(w, "lift") + 1
    assert np.flatnonzero(takers_met(w, at)).tolist() == list(range(10))
    assert not w.columns.today.served.any()


def test_what_is_not_heeded_is_not_declined_and_does_not_wear():
    w = heeding_world("feed", strength=NEVER_TAKEN)
    assert not takers_met(w, "feed").any()
    heeded = w.columns.member.asked[0]
    assert set(np.unique(heeded)) == {0, 1}
    assert int(heeded.sum()) == pytest.approx(140, abs=4 * standard_error(0.14, 1000))


def test_heeding_is_drawn_every_day_and_taste_is_not():
    """Met on every day, everybody heeds at last; those who take are those who took when served on the first day."""
    settings = {"strength": 2.0, "wear": 0.0}
    served = world_of(changes=busy_shop(gift=gift(**settings)))
    one_step(served, "visits")
    one_step(served, "hooks")
    passing = after(changes=busy_shop(gift=gift(in_person=False, **settings)))
    joined = passing.columns.member.joined_on[0]
    assert np.array_equal(joined >= 0, served.columns.today.request == 1)
    assert 0 < (joined == 0).sum() < (joined >= 0).sum()


def taken_by(order, until=30, **hooks):
    """Members by hook after so many days; most people are in the shop every other day, the file names hooks so."""
    common = {"at": "shop", "in_person": True, "gives": "gift"}
    written = {name: {**common, **hooks[name]} for name in order}
    changes = {"customers.count": 1500, "days": 30, "places.shop.visits_per_week": 4, "hooks": written}
    w = after(changes=changes, until=until)
    return {name: int(w.counted("joined_by")[:, w.names.hooks.index(name)].sum()) for name in sorted(order)}


@pytest.mark.parametrize("into", ["club", "desk"])
def test_the_order_of_hooks_decides_nothing(into):
    hooks = {
        "good": {"into": "club", "strength": 1.5},
        "weak": {"into": into, "strength": -1.0},
        "plain": {"into": "desk", "strength": 0.5},
    }
    orders = [("good", "weak", "plain"), ("weak", "plain", "good"), ("plain", "good", "weak")]
    first, *others = [taken_by(order, **hooks) for order in orders]
    assert min(first.values()) > 0
    assert others == [first, first]


def test_equal_hooks_into_two_pools_win_equally():
    """On the first day, when which of the two somebody likes better is a fair draw; in the end most hold both pools."""
    taken = taken_by(("a", "b"), 1, a={"into": "club", "strength": 2.0}, b={"into": "desk", "strength": 2.0})
    both = sum(taken.values())
    assert both > 200
    assert taken["a"] == pytest.approx(both / 2, abs=4 * standard_error(0.5, both))


def test_of_several_hooks_the_best_liked_is_taken():
    """Two that everybody would take, three logits apart: the weaker one is liked better by 13 % (two logistic draws).

    P(L1 - L2 > 3) of independent standard logistic draws is 1 / (1 - e^3) - 3 e^3 / (1 - e^3)^2 + 1 = 0.1143 below.
    """
    strong = {"at": "shop", "in_person": True, "gives": "gift", "into": "club"}
    hooks = {"more": {**strong, "strength": 43.0}, "less": {**strong, "strength": 40.0}}
    w = after(changes={"customers.count": 4000, "places.shop.visits_per_week": 700, "hooks": hooks}, until=1)
    taken = w.counted("joined_by").sum(axis=0)
    ratio = math.exp(3.0)
    chance = 1.0 - (ratio * (ratio - 1.0 - 3.0)) / (ratio - 1.0) ** 2
    less = taken[w.names.hooks.index("less")]
    assert taken.sum() == w.counted("asked").sum() / 2 == 4000
    assert less == pytest.approx(4000 * chance, abs=4 * standard_error(chance, 4000))
