"""Leaving: who quits, who has more reason to, and that left is left."""

import math

import numpy as np
import pytest

from trafficsim.kernel import rng
from trafficsim.kernel.columns import BACK, FOLDED, GONE, IN, NEVER, QUIT, is_inside
from trafficsim.market.places import ACCOUNT_FORM, APP_FORM, CONTACT_FORM, GROUP_FORM, PHONE_FORM, SMS_FORM
from trafficsim.mechanisms.leaving import (
    MOST_TIMES,
    has_enough,
    hazard_of_post,
    interest,
    is_newer,
    is_refusal,
    leaves_with_gift,
    looks_again,
    status_after_leaving,
    trust_after_poaching,
    value_of_staying,
    was_sent,
)
from worlds import after, code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

INDIFFERENT = {
    "per_fatigue": 0.0,
    "per_trust": 0.0,
    "per_perk": 0.0,
    "per_interest": 0.0,
    "per_deal": 0.0,
    "folds": 0.0,
}
"""Nothing moves the hazard but the own reservation, and nobody silences a pool."""


def club(changes=None, **leaving):
    """Everybody is a member of the club, which posts every day."""
    w = world_of(changes={"posts": {"club": {"per_week": 7}}, "leaving": leaving, **(changes or {})})
    enrol(w, "club")
    return w


def annoy(w, today, sent=slice(None)):
    """The step on a day on which some were sent the post."""
    w.columns.roll.fatigue_on[:] = NEVER
    w.columns.roll.fatigue_on[sent] = today
    return one_step(w, "leaving", today)


@pytest.mark.parametrize(
    ("u", "posts", "hazard", "gone"),
    [
        (0.39, 1.0, 0.5, True),
        (0.40, 1.0, 0.5, False),
        (0.63, 2.0, 0.5, True),
        (0.64, 2.0, 0.5, False),
        (0.01, 0.0, 9.0, False),
        (0.01, 3.0, 0.0, False),
    ],
)
def test_who_has_enough(u, posts, hazard, gone):
    """1 - exp(-0.5) = 0.3935, 1 - exp(-1) = 0.6321."""
    assert has_enough(u, posts, hazard) == gone


@pytest.mark.parametrize(
    ("pushed_on", "joined_on", "sent"), [(5, 4, True), (5, -2, True), (5, 5, False), (4, 2, False), (-1, 2, False)]
)
def test_to_whom_the_posts_of_day_5_were_sent(pushed_on, joined_on, sent):
    assert was_sent(pushed_on, joined_on, 5) == sent


@pytest.mark.parametrize(
    ("u", "share", "deal_prone", "worth", "gone"),
    [
        (0.39, 0.5, 0.8, 5.0, True),
        (0.41, 0.5, 0.8, 5.0, False),
        (0.01, 0.5, 0.8, 0.0, False),
        (0.01, 0.5, 0.0, 5.0, False),
    ],
)
def test_who_leaves_with_the_gift(u, share, deal_prone, worth, gone):
    assert leaves_with_gift(u, share, deal_prone, worth) == gone


@pytest.mark.parametrize(
    ("gives", "share"), [("cash", 0.5), ("coupon", 0.25), ("gift", 0.25), ("service", 0.05), ("know_how", 0.05)]
)
def test_how_many_leave_at_once_depends_on_what_they_got(gives, share):
    """Everybody joins on day 0, is fully deal-prone, and nobody posts: they leave on that day or never."""
    hook = {"at": "shop", "in_person": True, "into": "club", "gives": gives, "worth": 5, "cost": 5, "strength": 50.0}
    w = after(
        changes={
            "customers.count": 2000,
            "customers.segments.all.deal_prone": 1.0,
            "places.shop.visits_per_week": 700,
            "hooks": {"hook": hook},
            "leaving": {},
            "days": 5,
        }
    )
    left = w.counted("left").sum(axis=1)
    assert left[0] == pytest.approx(2000 * share, abs=4 * standard_error(share, 2000))
    assert not left[1:].any()
    assert w.counted("joined").sum() == 2000  # nobody is asked again
    assert w.counted("hooks").sum() == 2000 * 500
    assert w.members[-1, code(w, "club")] == 2000 - left[0] == w.count_members(0)


@pytest.mark.parametrize(("u", "again"), [(0.009, True), (0.011, False)])
def test_who_looks_again_at_a_silenced_pool(u, again):
    assert looks_again(u, 100.0) == again


@pytest.mark.parametrize(("opens", "liking"), [(0.0, 0.0), (1.0, 0.5), (3.0, 0.75)])
def test_interest_in_posts(opens, liking):
    assert interest(opens) == liking


@pytest.mark.parametrize(
    ("trust", "lost", "left"),
    [(0.5, 0.3, 0.35), (0.5, 1.0, 0.0), (0.5, 0.0, 0.5), (0.0, 0.3, 0.0)],
)
def test_what_trust_a_rival_leaves(trust, lost, left):
    assert trust_after_poaching(trust, lost) == pytest.approx(left, abs=1e-15)


@pytest.mark.parametrize(
    ("status", "refused", "then"),
    [
        (IN, False, QUIT),
        (BACK, False, GONE),
        (IN + FOLDED, False, QUIT),
        (BACK + FOLDED, False, GONE),
        (IN, True, GONE),
        (BACK, True, GONE),
    ],
)
def test_who_leaves_again_or_refuses_is_gone(status, refused, then):
    assert status_after_leaving(status, refused) == then


@pytest.mark.parametrize(
    ("form", "refuses"),
    [
        (GROUP_FORM, False),
        (CONTACT_FORM, False),
        (ACCOUNT_FORM, False),
        (APP_FORM, False),
        (SMS_FORM, True),
        (PHONE_FORM, True),
    ],
)
def test_only_numbers_are_refused(form, refuses):
    assert is_refusal(form) == refuses


@pytest.mark.parametrize(
    ("joined", "since", "newest", "newer"),
    [(-2, 0, -1, True), (5, 3, 0, True), (3, 3, 0, False), (2, 3, 0, False), (-2, -1, 4, False)],
)
def test_which_pool_is_the_newest(joined, since, newest, newer):
    assert is_newer(joined, since, newest) == newer


@pytest.mark.parametrize(
    ("state", "value"),
    [
        ({}, 0.0),
        ({"trust": 0.3}, 1.5),
        ({"match": 0.6, "perk": 0.5}, 0.6),
        ({"match": 1.0, "perk": 0.0}, 0.0),
        ({"belonging": 0.5}, 1.0),
        ({"liking": 0.5}, 1.25),
        ({"trust": 0.5, "match": 0.5, "perk": 1.0, "belonging": 0.25, "liking": 0.2}, 4.5),
    ],
)
def test_the_value_of_staying(state, value):
    """5 trust + 2 perk x match + 2 belonging + 2.5 liking, the weights by default."""
    nothing = dict.fromkeys(("trust", "match", "perk", "belonging", "liking"), 0.0)
    found = value_of_staying(*{**nothing, **state}.values(), club().settings.leaving[0, 0])
    assert found == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("state", "log_times"),
    [
        ({}, 0.0),
        ({"fatigue": 2.0}, 0.5),
        ({"value": 1.5}, -1.5),
        ({"deal_prone": 1.0}, 1.5),
        ({"reservation": -1.0}, -0.5),
        ({"fatigue": 1.0, "value": 4.0, "deal_prone": 0.2, "reservation": 2.0}, -2.45),
        ({"fatigue": 40.0}, math.log(MOST_TIMES)),
    ],
)
def test_the_hazard_of_a_post(state, log_times):
    """0.008 exp(0.25 fatigue - value + 1.5 deal + 0.5 reservation), the weights by default; at most 0.128."""
    nothing = dict.fromkeys(("fatigue", "value", "deal_prone", "reservation"), 0.0)
    found = hazard_of_post(*{**nothing, **state}.values(), club().settings.leaving[0, 0])
    assert found == pytest.approx(0.008 * math.exp(log_times), rel=1e-12)


def test_the_share_who_quit_whether_they_read_or_not():
    w = club({"customers.count": 1000}, hazard=0.5, spread=0.0, **INDIFFERENT)
    w.columns.member.read[0, ::2] = 1
    tally = annoy(w, 3)
    chance = -math.expm1(-0.5)
    assert tallied(tally, "left") == np.sum(w.columns.member.status[0] == QUIT)
    assert tallied(tally, "left") == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))


def test_only_those_who_are_sent_a_post_quit():
    w = club(hazard=50.0, spread=0.0, **INDIFFERENT)
    annoy(w, 3, slice(0, 60))
    assert np.flatnonzero(w.columns.member.status[0] == QUIT).tolist() == list(range(60))


def test_without_the_mechanism_nobody_quits():
    w = club({"leaving": "off"})
    assert tallied(one_step(w, "leaving", 3), "left") == 0


def test_those_with_the_least_reservation_stay():
    """The reservation is the customer's own draw for this pool; hazards of 0.05 exp(2 z) part the two groups widely."""
    w = club(hazard=0.05, spread=2.0, **INDIFFERENT)
    place = code(w, "club")
    key = rng.word(np.uint64(rng.word(w.settings.leaving["key"][0, 0], w.settings.places["key"][0, place])), 1)
    reservation = rng.normals(np.uint64(key), 0, 200)
    for today in range(10):
        annoy(w, today)
    left = w.columns.member.status[0] == QUIT
    chance = -np.expm1(-10 * 0.05 * np.exp(2 * reservation))  # of having left in ten days
    error = math.sqrt(np.sum(chance * (1 - chance)))
    assert left.sum() == pytest.approx(chance.sum(), abs=4 * error)
    assert reservation[left].min() > reservation[~left].min()
    assert reservation[left].mean() > reservation[~left].mean() + 1


@pytest.mark.parametrize("posts", [1, 2, 5])
def test_each_post_of_a_day_may_make_a_member_quit(posts):
    """A hazard of 0.2 for each post sent to everybody: 1 - exp(-0.2 posts) leave on the day, 18, 33 and 63 %."""
    changes = {
        "customers.count": 2000,
        "places.club.open_rate": 1.0,
        "posts": {"club": {"per_week": 7.0 * posts, "tired_reading": 0.0}},
        "leaving": {"hazard": 0.2, "spread": 0.0, **INDIFFERENT},
    }
    w = world_of(changes=changes)
    enrol(w, "club")
    w.columns.roll.opens[:] = 1.0
    w.run(until=1)
    assert w.counted("reads").sum() == 2000 * posts
    chance = -math.expm1(-0.2 * posts)
    assert w.counted("left").sum() == pytest.approx(2000 * chance, abs=4 * standard_error(chance, 2000))


def daily_rates(spread):
    """Shares of the remaining members who quit, in the first five days and in days 20 to 40."""
    w = club({"customers.count": 2000, "days": 40}, hazard=0.05, spread=spread, **INDIFFERENT)
    here = []
    for today in range(40):
        here.append(int(np.sum(w.columns.member.status[0] == IN)))
        annoy(w, today)
    here.append(int(np.sum(w.columns.member.status[0] == IN)))
    return [(here[a] - here[b]) / sum(here[a:b]) for a, b in ((0, 5), (20, 40))]


def test_retention_rises_with_tenure_if_reservations_differ():
    early, late = daily_rates(spread=1.5)
    assert early > 1.5 * late


def test_retention_is_constant_if_they_do_not():
    early, late = daily_rates(spread=0.0)
    chance = -math.expm1(-0.05)
    assert early == pytest.approx(chance, abs=4 * math.sqrt(chance / 8000))  # at least 8,000 member-days each
    assert late == pytest.approx(chance, abs=4 * math.sqrt(chance / 8000))


def test_the_trusting_stay_longer():
    w = club({"customers.count": 1000}, hazard=2.0, folds=0.0)
    w.columns.mind.trust[:500] = 0.1
    w.columns.mind.trust[500:] = 0.6
    annoy(w, 1)
    left = w.columns.member.status[0] == QUIT
    assert left[:500].sum() > 2 * left[500:].sum() > 0


def test_who_left_never_comes_back_and_is_not_asked_or_pushed():
    """Everybody is asked every day by a hook that nobody can resist, and many quit whenever they read."""
    w = world_of(
        changes={
            "places.shop.visits_per_week": 700,
            "hooks": {"gift": {"at": "shop", "in_person": True, "into": "club", "gives": "gift", "strength": 50.0}},
            "posts": {"club": {"per_week": 7}},
            "leaving": {"hazard": 1.0, **INDIFFERENT},
        }
    )
    gone = np.zeros(200, bool)
    for today in range(15):
        w.run(until=today + 1)
        left = w.columns.member.status[0] == QUIT
        assert np.all(left[gone])
        assert not np.any(w.columns.member.read[:, gone])
        gone = left
    assert w.counted("joined").sum() == w.counted("asked").sum() == 200
    assert w.counted("left").sum() == gone.sum() > 150
    assert np.all(w.columns.member.joined_on[0] == 0)


def test_who_left_is_found_in_the_newest_pool_that_is_left():
    w = club({"places.third": {"kind": "pool", "form": "app", "open_rate": 1}}, hazard=50.0, spread=0.0, **INDIFFERENT)
    member, place = w.columns.member, w.columns.story.place
    place[:] = code(w, "club") + 1
    desk, third = w.names.pools.index("desk"), w.names.pools.index("third")
    member.joined_on[desk, :40] = 3
    member.joined_on[third, :20] = 7
    member.status[desk, :40] = member.status[third, :20] = IN
    member.status[third, :10] = QUIT
    annoy(w, 9)
    assert np.all(place[:10] == code(w, "desk") + 1)
    assert np.all(place[10:20] == code(w, "third") + 1)
    assert np.all(place[20:40] == code(w, "desk") + 1)
    assert np.all(place[40:] == 0)


def test_quitting_one_pool_leaves_the_other():
    w = club(hazard=50.0, spread=0.0, **INDIFFERENT)
    enrol(w, "desk")
    annoy(w, 1)
    assert np.all(w.columns.member.status[w.names.pools.index("club")] == QUIT)
    assert np.all(w.columns.member.status[w.names.pools.index("desk")] == IN)


def test_those_who_like_to_read_stay_longer():
    w = club({"customers.count": 1000}, hazard=2.0, folds=0.0)
    w.columns.roll.opens[:500], w.columns.roll.opens[500:] = 0.1, 3.0
    annoy(w, 1)
    left = w.columns.member.status[0] == QUIT
    assert left[:500].sum() > 2 * left[500:].sum() > 0


def test_some_silence_a_pool_and_stay_in_it():
    """Three in ten; then no post reaches them, none makes them quit, and they count as members."""
    w = club(
        {"customers.count": 1000}, hazard=50.0, spread=0.0, **{**INDIFFERENT, "folds": 0.3, "folded_days": 36_500.0}
    )
    tally = annoy(w, 1)
    folded = w.columns.member.status[0] == IN + FOLDED
    assert tallied(tally, "folded") == folded.sum() == pytest.approx(300, abs=4 * standard_error(0.3, 1000))
    assert tallied(tally, "left") == np.sum(w.columns.member.status[0] == QUIT) == 1000 - folded.sum()
    assert tallied(one_step(w, "posts", 2), "reads") == 0
    assert tallied(annoy(w, 2), "left") == 0
    assert is_inside(w.columns.member.status[0]).sum() == folded.sum()


def test_one_in_so_many_looks_again_each_day():
    w = club({"customers.count": 1000}, hazard=0.0, folded_days=4.0)
    w.columns.member.status[0, :600], w.columns.member.status[0, 600:] = IN + FOLDED, BACK + FOLDED
    found = tallied(one_step(w, "leaving", 1), "unfolded")
    status = w.columns.member.status[0]
    assert found == np.sum((status == IN) | (status == BACK)) == pytest.approx(250, abs=4 * standard_error(0.25, 1000))
    assert np.all(status[:600] % FOLDED == IN)
    assert tallied(one_step(w, "posts", 2), "reads") > 0


def test_a_pool_without_posts_loses_nobody():
    w = after(changes={"customers.at_start": {"members": {"club": 0.5}}, "leaving": {"hazard": 50.0}})
    assert w.members[0, code(w, "club")] > 0
    assert np.all(w.members[:, code(w, "club")] == w.members[0, code(w, "club")])
    assert np.all(w.columns.member.joined_on[1] == NEVER)


def test_who_refuses_messages_silences_nothing_and_is_gone():
    numbers = {"customers.count": 1000, "places.club.form": "sms"}
    w = club(numbers, hazard=50.0, sms_times=1.0, spread=0.0, **INDIFFERENT | {"folds": 0.5})
    annoy(w, 0)
    assert set(w.columns.member.status[0].tolist()) == {GONE}


@pytest.mark.parametrize(
    ("form", "times"), [("group", 2), ("contact", 3), ("account", 1), ("app", 4), ("sms", 5), ("phone", 6)]
)
def test_a_post_disturbs_by_the_form_of_its_pool(form, times):
    by_form = {"group_times": 2, "contact_times": 3, "app_times": 4, "sms_times": 5, "phone_times": 6}
    changes = {"customers.count": 4000, "places.club.form": form}
    w = club(changes, hazard=0.05, spread=0.0, **INDIFFERENT, **by_form)
    tally = annoy(w, 0)
    share = 1 - math.exp(-0.05 * times)
    assert tallied(tally, "left") == pytest.approx(4000 * share, abs=4 * standard_error(share, 4000))
