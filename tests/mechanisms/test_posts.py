"""Posts: when they are due, who reads, what reading does, what an offer stirs."""

import math
from itertools import pairwise

import numpy as np
import pytest

from trafficsim.books.routes import ORGANIC, POOL
from trafficsim.kernel.columns import FOLDED, NEVER, OUTSIDE, QUIT
from trafficsim.mechanisms.posts import (
    CARE,
    OFFER,
    STORY,
    are_friends_reached,
    care_before,
    care_on,
    days_to_use,
    friends_among_staff,
    kind_of_post,
    left_by_fatigue,
    offer_ends,
    offers_before,
    offers_on,
    owed_after,
    posted_before,
    posts_on,
    reads,
    reads_if_rested,
    sees_any,
    stirred,
    times_as_trusted,
    tired_after,
    tired_by_unread,
    trust_after_post,
    worth_of_content,
)
from worlds import after, code, enrol, one_step, standard_error, tallied, world_of

pytestmark = pytest.mark.nojit

MON, WED, SUN = 1, 4, 64  # bits of days 0, 2 and 6 after the start


def club(**settings):
    return {"posts": {"club": settings}}


def members_of(changes, *, opens=1.0):
    """A world in which everybody is a member of the club, equally willing to read."""
    w = world_of(changes=changes)
    enrol(w, "club")
    w.columns.roll.opens[:] = opens
    return w


@pytest.mark.parametrize(
    ("day", "per_week", "weekdays", "posts"),
    [(0, 1, 0, 0), (6, 1, 0, 1), (7, 1, 0, 0), (3, 14, 0, 2), (0, 0, MON, 1), (1, 0, MON, 0), (9, 0, MON | WED, 1)],
)
def test_posts_of_a_day(day, per_week, weekdays, posts):
    assert posts_on(day, float(per_week), weekdays) == posts


@pytest.mark.parametrize(
    ("day", "share", "offers"),
    [(0, 1.0, 1), (0, 0.5, 0), (1, 0.5, 1), (2, 0.5, 0), (6, 0.0, 0)],
)
def test_offers_of_a_day(day, share, offers):
    """A post a day, of which every one, every second or none is an offer."""
    assert offers_on(day, 7.0, 0, share) == offers


@pytest.mark.parametrize(
    ("day", "offer_share", "care"),
    [(0, 1.0, 0), (0, 0.0, 0), (1, 0.0, 1), (3, 0.5, 0), (2, 0.5, 1)],
)
def test_care_posts_of_a_day(day, offer_share, care):
    """Every second of those posts that are no offers: of days 0, 2, 4 ... where days 1, 3, 5 ... have the offers."""
    assert care_on(day, 7.0, 0, offer_share, 0.5) == care


@pytest.mark.parametrize(
    ("fatigue", "tiring", "after_it"),
    [(0.0, 0.3, 0.3), (2.0, 0.5, 2.5), (1.5, 0.0, 1.5)],
)
def test_an_unread_post_tires(fatigue, tiring, after_it):
    assert tired_by_unread(fatigue, tiring) == after_it


@pytest.mark.parametrize(("kind", "after_it"), [(STORY, 3.0), (OFFER, 3.5), (CARE, 1.4)])
def test_a_read_post_tires_and_care_gives_rest(kind, after_it):
    """By default 2 + 1, 2 + 1.5 and 2 x (1 - 0.3)."""
    w = world_of(changes=club())
    assert tired_after(2.0, kind, w.settings.posts[0, code(w, "club")]) == pytest.approx(after_it, abs=1e-12)


@pytest.mark.parametrize(
    ("u", "open_rate", "opens", "is_read"),
    [(0.39, 0.4, 1.0, True), (0.41, 0.4, 1.0, False), (0.79, 0.4, 2.0, True), (0.01, 0.0, 9.0, False)],
)
def test_who_would_read_if_rested(u, open_rate, opens, is_read):
    assert reads_if_rested(u, open_rate, opens) == is_read


@pytest.mark.parametrize(
    ("fatigue", "damping", "left"),
    [(0.0, 0.5, 1.0), (2.0, 0.5, math.exp(-1.0)), (2.0, 0.0, 1.0), (1.0, 0.25, math.exp(-0.25))],
)
def test_what_fatigue_leaves_of_a_post(fatigue, damping, left):
    assert left_by_fatigue(fatigue, damping) == pytest.approx(left, abs=1e-15)


@pytest.mark.parametrize(
    ("quality", "persona", "fit", "worth"),
    [(0.5, 1.0, 0.75, 0.5), (0.5, 0.5, 0.75, 0.25), (0.5, 1.0, 0.0, 0.2), (1.0, 1.0, 1.0, 1.0), (0.0, 1.0, 1.0, 0.0)],
)
def test_what_content_is_worth_to_a_reader(quality, persona, fit, worth):
    """Quality x persona x (0.4 + 0.8 fit), at most 1."""
    assert worth_of_content(quality, persona, fit) == pytest.approx(worth, abs=1e-12)


@pytest.mark.parametrize(
    ("kind", "times"),
    [(STORY, 1.0), (OFFER, 1.0), (CARE, 2.5)],
)
def test_care_moves_trust_more(kind, times):
    assert times_as_trusted(kind, 2.5) == times


@pytest.mark.parametrize(
    ("trust", "step", "damp", "times", "now"),
    [
        (0.2, 0.1, 1.0, 1.0, 0.26),
        (0.2, 0.1, 0.5, 1.0, 0.23),
        (0.2, 0.1, 1.0, 3.0, 0.38),
        (0.2, 0.5, 1.0, 4.0, 0.8),
        (0.8, 0.5, 1.0, 1.0, 0.8),
        (1.0, 0.5, 1.0, 1.0, 0.9),
    ],
)
def test_trust_moves_to_what_content_is_worth(trust, step, damp, times, now):
    """Worth 0.8: a share of the gap to it is closed, all of it at most."""
    assert trust_after_post(trust, 0.8, step, damp, times) == pytest.approx(now, abs=1e-12)


@pytest.mark.parametrize(
    ("day", "days", "ends"),
    [(0, 1.0, 1), (5, 3.0, 8), (364, 14.0, 378)],
)
def test_an_offer_lasts_so_many_days_with_the_first(day, days, ends):
    assert offer_ends(day, days) == ends


@pytest.mark.nojit
@pytest.mark.parametrize(
    ("u", "offer_days", "late", "day"),
    [
        (0.0, 28, 0.5, 25),  # the first of those who wait, then the last
        (0.499, 28, 0.5, 27),
        (0.5, 28, 0.5, 0),  # the first and the last of the others
        (0.999, 28, 0.5, 2),
        (0.499, 2, 0.5, 1),  # an offer that is over sooner than needs are decided
        (0.999, 28, 1.0, 27),
        (0.0, 28, 0.0, 0),
    ],
)
def test_when_an_offer_is_used(u, offer_days, late, day):
    """Needs stay open for three days."""
    assert days_to_use(u, offer_days, 3, late) == day


@pytest.mark.parametrize(
    ("owed", "repaid", "after_it"),
    [(0.0, 0.6, 0.6), (0.6, 0.5, 1.1), (1.0, 0.0, 1.0)],
)
def test_a_stirred_need_is_owed_in_part(owed, repaid, after_it):
    assert owed_after(owed, repaid) == pytest.approx(after_it, abs=1e-15)


@pytest.mark.parametrize(
    ("staff", "friends", "customers", "mean"),
    [(2.0, 30.0, 300.0, 0.2), (10_000.0, 1_000.0, 10_000_000.0, 1.0), (0.0, 30.0, 300.0, 0.0)],
)
def test_of_how_many_of_the_staff_one_is_a_friend(staff, friends, customers, mean):
    assert friends_among_staff(staff, friends, customers) == pytest.approx(mean, abs=1e-15)


@pytest.mark.parametrize(
    ("friends", "missed", "reached"),
    [(0.2, 0.9, True), (0.0, 0.9, False), (0.2, 1.0, False)],
)
def test_whether_moments_reach_anybody(friends, missed, reached):
    assert are_friends_reached(friends, missed) == reached


@pytest.mark.parametrize(
    ("u", "friends", "seen"),
    [(0.19, 1, True), (0.21, 1, False), (0.35, 2, True), (0.37, 2, False), (0.48, 3, True), (0.49, 3, False)],
)
def test_who_sees_moments_of_any_friend(u, friends, seen):
    """1 - 0.8, 1 - 0.64 and 1 - 0.512."""
    assert sees_any(u, friends, 0.8) == seen


@pytest.mark.parametrize(
    ("day", "per_week", "weekdays", "posts"),
    [
        (0, 7, 0, 0),
        (1, 7, 0, 1),
        (365, 7, 0, 365),
        (6, 1, 0, 0),
        (7, 1, 0, 1),
        (7, 3, 0, 3),
        (28, 0.5, 0, 2),
        (10, 70, 0, 100),
        (0, 0, MON, 0),
        (1, 0, MON, 1),
        (7, 0, MON, 1),
        (8, 0, MON, 2),
        (6, 0, SUN, 0),
        (7, 0, SUN, 1),
        (3, 0, MON | WED | SUN, 2),
        (70, 0, MON | WED | SUN, 30),
    ],
)
def test_posts_published_before_a_day(day, per_week, weekdays, posts):
    assert posted_before(day, float(per_week), weekdays) == posts


@pytest.mark.parametrize("per_week", [1, 3, 4, 6, 7, 10])
def test_every_week_has_its_posts_and_no_day_more_than_its_share(per_week):
    total = [posted_before(day, float(per_week), 0) for day in range(701)]
    assert all(b - a == per_week for a, b in zip(total, total[7:], strict=False))
    assert {b - a for a, b in pairwise(total)} <= {per_week // 7, math.ceil(per_week / 7)}


@pytest.mark.parametrize(("per_week", "offers"), [(3, 1), (5, 2), (7, 7), (4, 0), (3, 3)])
def test_every_week_has_its_offers(per_week, offers):
    total = [offers_before(day, float(per_week), 0, offers / per_week) for day in range(0, 701, 7)]
    assert total == list(range(0, 101 * offers, offers))[:101] if offers else not any(total)


@pytest.mark.parametrize(
    ("u", "open_rate", "opens", "fatigue", "is_read"),
    [
        (0.39, 0.4, 1.0, 0.0, True),
        (0.41, 0.4, 1.0, 0.0, False),
        (0.79, 0.4, 2.0, 0.0, True),
        (0.39, 0.4, 1.0, 1.0, False),
        (0.361, 0.4, 1.0, 1.0, True),  # 0.4 exp(-0.1) = 0.3619
        (0.363, 0.4, 1.0, 1.0, False),
        (0.0001, 0.0, 5.0, 0.0, False),
    ],
)
def test_who_reads(u, open_rate, opens, fatigue, is_read):
    assert reads(u, open_rate, opens, fatigue, 0.1) == is_read


@pytest.mark.parametrize(
    ("need_rate", "felt", "damp", "chance"),
    [
        (0.0, 1.0, 1.0, 0.0),
        (0.1, 0.0, 1.0, 1 - math.exp(-0.4)),  # need of four days
        (0.1, -2.0, 1.0, 1 - math.exp(-0.4)),  # a poor price calls as loudly
        (0.1, 1.0, 1.0, 1 - math.exp(-1.6)),  # and of twelve more
        (0.1, 0.5, 0.5, 1 - math.exp(-0.5)),
        (0.1, 1.0, 0.0, 0.0),
    ],
)
def test_the_chance_that_an_offer_stirs_a_need(need_rate, felt, damp, chance):
    assert stirred(need_rate, felt, damp, 4.0, 12.0) == pytest.approx(chance, abs=1e-15)


def test_weekdays_of_a_start_on_monday():
    w = after(changes=club(weekdays=["mon", "thu"], cost_each=12.34))
    days = [0, 3, 7, 10, 14, 17, 21, 24, 28]
    posts = w.counted("posts")[:, code(w, "club")]
    assert np.flatnonzero(posts).tolist() == days
    assert posts.sum() == len(days)
    assert w.counted("content")[:, code(w, "club")].tolist() == (1234 * posts).tolist()


def test_weekdays_of_a_start_on_wednesday():
    w = after(changes={"start": "2024-01-03", "days": 14, **club(weekdays=["mon", "wed"])})
    assert np.flatnonzero(w.counted("posts").sum(axis=1)).tolist() == [0, 5, 7, 12]


def test_an_even_cadence():
    w = after(changes={"days": 28, **club(per_week=3)})
    assert w.counted("posts")[:, code(w, "club")].reshape(4, 7).sum(axis=1).tolist() == [3, 3, 3, 3]


def test_reading_moves_memory_trust_and_fatigue():
    """Trust of 0.3 moves by 0.02 toward 0.6 x 0.5 x (0.4 + 0.8 x 0.5) = 0.24."""
    w = members_of(club(per_week=7, quality=0.6, persona=0.5))
    tally = one_step(w, "posts", 2)
    mind = w.columns.mind
    assert tallied(tally, "reads") == 200
    assert np.all(mind.salience == np.float32(0.35))
    assert np.all(mind.acquaintance == np.float32(0.35 * 0.05))
    assert mind.trust == pytest.approx(0.3 + 0.02 * (0.24 - 0.3), rel=1e-6)
    assert np.all(w.columns.roll.fatigue == 1)
    assert np.all(w.columns.roll.fatigue_on == 2)
    assert np.all(w.columns.story.last_touch == POOL)
    assert np.all(w.columns.member.read[w.names.pools.index("club")] == 1)
    assert np.all(w.columns.story.place == code(w, "club") + 1)


def test_fatigue_fades_by_half_in_a_week_and_dampens_what_the_next_post_does():
    w = members_of(club(per_week=7, tired_reading=0.0))
    one_step(w, "posts", 0)
    trust = float(w.columns.mind.trust[0])
    one_step(w, "posts", 7)
    damp = math.exp(-0.5 * 0.5)
    salience = 0.35 * 0.5 ** (7 / 10)
    assert np.all(w.columns.roll.fatigue == 1.5)
    assert w.columns.mind.salience == pytest.approx(salience + 0.35 * damp * (1 - salience), rel=1e-6)
    assert w.columns.mind.trust == pytest.approx(trust + 0.02 * damp * (0.6 * 0.8 - trust), rel=1e-6)


def test_an_unread_post_annoys_a_little_and_does_nothing_else():
    w = members_of({**club(per_week=7, offers_per_week=7), "places.club.open_rate": 0})
    tally = one_step(w, "posts", 0)
    assert tallied(tally, "reads") == 0
    assert np.all(w.columns.roll.fatigue == np.float32(0.3))
    assert not w.columns.mind.salience.any()
    assert not w.columns.bought.offer.any()
    assert not w.columns.member.read.any()


def test_the_share_of_members_who_read():
    w = members_of({**club(per_week=7), "places.club.open_rate": 0.3, "customers.count": 1000}, opens=0.5)
    found = tallied(one_step(w, "posts", 0), "reads")
    assert found == pytest.approx(150, abs=4 * standard_error(0.15, 1000))


def test_only_members_are_pushed():
    w = members_of(club(per_week=7))
    pool = w.names.pools.index("club")
    w.columns.member.joined_on[pool, :50] = NEVER
    w.columns.member.status[pool, :50] = OUTSIDE
    w.columns.member.status[pool, 50:80] = QUIT
    one_step(w, "posts", 0)
    assert np.flatnonzero(w.columns.roll.fatigue).tolist() == list(range(80, 200))


def test_a_public_post_reaches_visitors_who_grow_aware_but_not_tired():
    w = world_of(changes={"posts": {"feed": {"per_week": 7, "reach": 1}}, "places.feed.visits_per_week": 7})
    came = tallied(one_step(w, "visits", 1), "visits")
    tally = one_step(w, "posts", 1)
    met = w.columns.story.aware_on == 1
    assert tallied(tally, "reads") == met.sum() == came
    assert 20 < came < 180
    assert np.all(w.columns.story.aware_on[~met] == NEVER)
    assert np.all(w.columns.story.aware_on[met] == 1)
    assert np.all(w.columns.story.route[met] == ORGANIC)
    assert np.all(w.columns.mind.salience[met] == np.float32(0.15))
    assert np.all(w.columns.today.met[0, met] == 1 << code(w, "feed"))
    assert not w.columns.roll.fatigue.any()


def test_organic_reach():
    w = world_of(
        changes={
            "customers.count": 1000,
            "posts": {"feed": {"per_week": 7, "reach": 0.2}},
            "places.feed.visits_per_week": 700,
        }
    )
    one_step(w, "visits")
    found = tallied(one_step(w, "posts"), "reads")
    assert found == pytest.approx(200, abs=4 * standard_error(0.2, 1000))


def test_an_offer_is_in_hand_for_its_days_and_tires_more():
    w = members_of(club(per_week=7, offers_per_week=7, discount=0.2, offer_days=4))
    one_step(w, "posts", 3)
    assert np.all(w.columns.bought.offer == 1)
    assert np.all(w.columns.bought.offer_until == 7)
    assert np.all(w.columns.roll.fatigue == 1.5)


def test_offers_stir_needs_and_leave_a_debt():
    w = members_of({**club(per_week=7, offers_per_week=7, discount=0.2), "customers.count": 1000})
    w.columns.roll.need_rate[:] = 0.1
    one_step(w, "posts", 3)
    roll = w.columns.roll
    found = int(roll.open_needs.sum())
    chance = -math.expm1(-0.1 * (7.5 + 5 * math.log(1 / 0.8)))
    assert found == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))
    assert np.array_equal(roll.need_debt, np.where(roll.open_needs == 1, 600, 0))
    assert np.all(w.columns.roll.decide_on[roll.open_needs == 0] == NEVER)


def test_debts_of_several_offers_add_up():
    w = members_of(club(per_week=7, offers_per_week=7, tired_reading=0.0))
    w.columns.roll.need_rate[:] = 50  # so that an offer surely stirs
    one_step(w, "posts", 3)
    one_step(w, "posts", 4)
    assert np.all(w.columns.roll.need_debt == 1200)
    assert np.all(w.columns.roll.open_needs == 2)


def owed(repaid, before=0):
    """What everybody owes, in thousandths, who owed so much and whom an offer then surely stirs."""
    w = members_of(club(per_week=7, offers_per_week=7, repaid=repaid))
    w.columns.roll.need_rate[:] = 50
    w.columns.roll.need_debt[:] = before
    one_step(w, "posts", 3)
    (debt,) = set(w.columns.roll.need_debt.tolist())
    return debt


@pytest.mark.parametrize(
    ("repaid", "debt"), [(0.0, 0), (0.0004, 0), (0.0006, 1), (0.25, 250), (0.3334, 333), (0.3336, 334), (1.0, 1000)]
)
def test_a_debt_is_cached_to_the_nearest_thousandth_of_an_occasion(repaid, debt):
    assert owed(repaid) == debt
    assert owed(repaid, before=1234) == 1234 + debt


def test_a_debt_of_nothing_more_keeps_every_number():
    """Numbers of thousandths are exact: reading and writing them changes none."""
    w = members_of({**club(per_week=7, offers_per_week=7, repaid=0.0), "customers.count": 65_536})
    w.columns.roll.need_rate[:] = 50
    w.columns.roll.need_debt[:] = np.arange(65_536)
    one_step(w, "posts", 3)
    assert np.array_equal(w.columns.roll.need_debt, np.arange(65_536))


@pytest.mark.parametrize("before", [64_535, 64_536, 65_000, 65_535])
def test_a_debt_stops_growing_at_what_its_column_holds(before):
    """Sixty-five occasions and a half: it never starts again at nothing."""
    assert owed(1.0, before) == 65_535


def test_stirred_needs_are_decided_within_the_days_of_a_need():
    w = members_of({**club(per_week=7, offers_per_week=7), "purchasing": {"open_days": 3}})
    w.columns.roll.need_rate[:] = 50  # so that an offer surely stirs
    one_step(w, "posts", 3)
    assert set(w.columns.roll.decide_on.tolist()) == {3, 4, 5}


def test_offers_come_first_among_the_posts_of_a_day():
    w = members_of(club(per_week=14, offers_per_week=7, tired_reading=0.0))
    tally = one_step(w, "posts", 0)
    assert tallied(tally, "reads") == 400
    assert np.all(w.columns.roll.fatigue == 2.5)


def test_a_post_is_paid_for_even_if_nobody_reads_it():
    w = after(changes={"days": 7, **club(per_week=7, cost_each=3.5)})
    assert w.counted("content").sum() == 7 * 350
    assert w.counted("reads").sum() == 0


@pytest.mark.parametrize(
    ("number", "offers", "care", "kind"),
    [(0, 0, 0, STORY), (0, 1, 1, OFFER), (1, 1, 1, CARE), (2, 1, 1, STORY), (0, 0, 2, CARE), (1, 2, 0, OFFER)],
)
def test_offers_come_before_care_and_care_before_stories(number, offers, care, kind):
    assert kind_of_post(number, offers, care) == kind


@pytest.mark.parametrize(
    ("per_week", "offers", "care"), [(3, 1, 1), (5, 2, 3), (2, 1, 1), (7, 0, 7), (4, 4, 0), (9, 2, 4)]
)
def test_every_week_has_its_care_and_no_day_more_than_its_posts(per_week, offers, care):
    """No post is an offer and care at once."""
    share, care_share = offers / per_week, care / (per_week - offers) if per_week > offers else 0.0
    days = range(70 * 7 + 1)
    posts = np.diff([posted_before(day, float(per_week), 0) for day in days])
    offered = np.diff([offers_before(day, float(per_week), 0, share) for day in days])
    cared = np.diff([care_before(day, float(per_week), 0, share, care_share) for day in days])
    assert np.all(offered + cared <= posts)
    assert cared.sum() == 70 * care
    assert np.ptp(np.add.reduceat(cared, range(0, 490, 7))) <= 1


def test_care_gives_rest_and_moves_trust_more():
    """A quarter of the fatigue of 2 goes; trust moves by 0.02 x 3 x exp(-0.5 x 2) of its gap to 0.6 x 0.8 = 0.48."""
    care = club(per_week=7, care_per_week=7, care_rest=0.25, care_trust=3, tired_reading=0.0)
    w = members_of(care)
    w.columns.roll.fatigue[:] = 2
    w.columns.roll.fatigue_on[:] = 3
    one_step(w, "posts", 3)
    mind = w.columns.mind
    assert np.all(w.columns.roll.fatigue == 1.5)
    assert mind.trust == pytest.approx(0.3 + 0.06 * math.exp(-1) * (0.48 - 0.3), rel=1e-6)
    assert not w.columns.bought.offer.any()


def test_trust_never_overshoots_what_the_content_is_worth():
    w = members_of(club(per_week=7, care_per_week=7, trust_step=0.5, care_trust=50))
    one_step(w, "posts", 0)
    assert w.columns.mind.trust == pytest.approx(0.48, rel=1e-6)


def test_unread_care_annoys_like_any_unread_post():
    w = members_of({**club(per_week=7, care_per_week=7), "places.club.open_rate": 0})
    one_step(w, "posts", 0)
    assert np.all(w.columns.roll.fatigue == np.float32(0.3))


def test_a_day_of_all_three_kinds():
    """An offer adds 1.5, care takes half of that away, a story adds 1."""
    w = members_of(club(per_week=21, offers_per_week=7, care_per_week=7, care_rest=0.5, tired_reading=0.0))
    tally = one_step(w, "posts", 0)
    assert tallied(tally, "reads") == 600
    assert np.all(w.columns.roll.fatigue == 1.75)
    assert np.all(w.columns.bought.offer == 1)


def test_reading_follows_the_settings_of_the_post():
    """Fatigue of 1 is half as much after four days and damps by exp(-2 x 0.5); the offer adds 3."""
    offer = club(per_week=7, offers_per_week=7, salience=0.6, damping=2, tiring_offer=3, tired_reading=0)
    w = members_of({**offer, "customers.memory.fatigue_half_life_days": 4})
    w.columns.roll.fatigue[:] = 1
    w.columns.roll.fatigue_on[:] = 0
    one_step(w, "posts", 4)
    assert np.all(w.columns.roll.fatigue == 3.5)
    assert w.columns.mind.salience == pytest.approx(0.6 * math.exp(-1), rel=1e-6)


@pytest.mark.parametrize(("open_rate", "fatigue"), [(1, 2.5), (0, 0.75)])
def test_read_and_unread_stories_tire_as_they_say(open_rate, fatigue):
    w = members_of({**club(per_week=7, tiring=2.5, tiring_unread=0.75), "places.club.open_rate": open_rate})
    one_step(w, "posts", 0)
    assert np.all(w.columns.roll.fatigue == fatigue)


@pytest.mark.parametrize(("tired_reading", "chance"), [(0, 0.8), (0.5, 0.8 * math.exp(-1))])
def test_the_tired_read_less(tired_reading, chance):
    """Fatigue of 2."""
    w = members_of({**club(per_week=7, tired_reading=tired_reading), "places.club.open_rate": 0.8})
    w.columns.roll.fatigue[:] = 2
    w.columns.roll.fatigue_on[:] = 0
    found = tallied(one_step(w, "posts", 0), "reads")
    assert found == pytest.approx(200 * chance, abs=4 * standard_error(chance, 200))


def test_needs_are_stirred_and_repaid_as_the_offer_says():
    """Two days ahead, and six for each logit: 20 % off is half a logit; a quarter is taken from later."""
    weights = {"per_price": 0.5 / math.log(1 / 0.8), "per_price_deal": 0.0}
    offer = club(per_week=7, offers_per_week=7, discount=0.2, stirred_days=2, stirred_days_felt=6, repaid=0.25)
    w = members_of({**offer, "customers.count": 1000, "purchasing": weights})
    w.columns.roll.need_rate[:] = 0.1
    one_step(w, "posts", 3)
    roll, chance = w.columns.roll, -math.expm1(-0.5)
    assert roll.open_needs.sum() == pytest.approx(1000 * chance, abs=4 * standard_error(chance, 1000))
    assert np.array_equal(roll.need_debt, np.where(roll.open_needs == 1, 250, 0))


def test_memories_fade_by_their_half_lives_and_a_contact_adds_to_both():
    """After five days 0.8 are 0.4 and 0.8 / 2^(1/4); half the gap to full salience is closed, a tenth of the other."""
    memory = {"salience_half_life_days": 5.0, "acquaintance_half_life_days": 20.0, "acquaintance_per_contact": 0.2}
    w = members_of({**club(per_week=7, salience=0.5), "customers.memory": memory})
    mind = w.columns.mind
    mind.salience[:] = 0.8
    mind.acquaintance[:] = 0.8
    mind.memory_on[:] = 0
    one_step(w, "posts", 5)
    faded = 0.8 * 0.5**0.25
    assert mind.salience == pytest.approx(0.7, rel=1e-6)
    assert mind.acquaintance == pytest.approx(faded + 0.1 * (1 - faded), rel=1e-6)


def test_an_offer_met_in_public_is_in_the_hands_of_those_who_met_it():
    """It stirs needs as an offer to members does, and tires nobody."""
    offers = {"feed": {"per_week": 7, "offers_per_week": 7, "discount": 0.2, "reach": 0.5, "stirred_days": 50.0}}
    stories = {"feed": {**offers["feed"], "offers_per_week": 0}}
    changes = {"places.feed.visits_per_week": 700, "customers.count": 400}
    w, plain = (after(until=1, changes={**changes, "posts": posts}) for posts in (offers, stories))
    met = w.columns.story.last_touch == ORGANIC
    met &= w.columns.story.aware_on == 0
    assert 100 < w.counted("reads").sum() < 300
    assert (w.columns.bought.offer > 0).sum() == w.counted("reads").sum()
    assert np.all(w.columns.bought.offer[met] == 1)
    assert np.all(w.columns.bought.offer_until[w.columns.bought.offer > 0] == 3)
    assert w.columns.roll.need_debt.sum() > 0 == plain.columns.roll.need_debt.sum()
    assert not w.columns.roll.fatigue.any()
    assert not plain.columns.bought.offer.any()


def test_a_public_post_is_remembered_by_a_salience_of_its_own():
    post = {"feed": {"per_week": 7, "reach": 1, "salience": 0.9, "salience_public": 0.4}}
    w = world_of(changes={"posts": post, "places.feed.visits_per_week": 700})
    one_step(w, "visits", 1)
    one_step(w, "posts", 1)
    assert np.all(w.columns.mind.salience == np.float32(0.4))


def test_a_message_costs_whether_it_is_read_or_not():
    """All members but those who silenced the pool, in whole cents over many posts, for any number of threads."""
    changes = {"posts": {"club": {"per_week": 7}}, "leaving": "off", "places.club.cost_per_message": 0.045}
    ends = []
    for threads in (1, 2):
        w = world_of(changes={"customers.count": 5000, "places.club.open_rate": 0.01, **changes})
        enrol(w, "club", slice(0, 3000))
        w.columns.member.status[0, :1000] += FOLDED
        w.run(30, threads)
        ends.append(w.counted("messaging").sum())
    assert ends[0] == ends[1] == pytest.approx(4.5 * 2000 * 30, rel=1e-3)
