"""KOC, KOL and partners: who gets the role, what it costs, how they tell, what partners earn."""

import math

import numpy as np
import pytest

from trafficsim.kernel.columns import NEVER
from trafficsim.mechanisms.shared.roles import KOC, KOL, PARTNER, instalment, standing
from worlds import LIVELY, after, different, enrol, one_step, standard_error, tallied, tie, world_of

pytestmark = pytest.mark.nojit

N = 200


def talk(**settings):
    return {"word_of_mouth": {"who": "aware", **settings}}


def koc(**settings):
    return talk(koc={"share": 0.1, "least_orders": 1, **settings})


def kol(**settings):
    return talk(kol={"count": 1, "least_orders": 1, "reach_per_day": 50.0, "cost_per_month": 1000.0, **settings})


def partners(**settings):
    return talk(partners={"opt_in": 1.0, **settings})


def with_orders(changes, orders=None, customers=N):
    """A world in which customer i has made i + 1 orders, or as many as given."""
    w = world_of(changes={**changes, "customers.count": customers})
    w.columns.bought.orders[:] = np.arange(1, customers + 1) if orders is None else orders
    return w


def holding(w, role):
    return np.flatnonzero(w.columns.roll.role & role).tolist()


def test_buyers_rank_by_orders_then_by_spend_then_by_luck():
    most = np.uint64(2**64 - 1)
    ranks = [
        standing(2, 2**31 - 1, most),
        standing(3, 0, np.uint64(0)),
        standing(3, 0, most),
        standing(3, 1, np.uint64(0)),
        standing(65_535, 2**40, np.uint64(0)),
        standing(65_536, 2**40 + 2**17, np.uint64(0)),  # sums that differ by a part in 8 million
        standing(65_536, 2**63 - 1, most),
    ]
    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 7


@pytest.mark.parametrize("u", [1e-6, 0.3, 0.5, 0.8])
@pytest.mark.parametrize("per_month", [0.0, 7.0, 2000.0, 123_456.0, 0.3])
def test_daily_instalments_add_up_to_months(u, per_month):
    paid = [instalment(u, per_month, day) for day in range(365)]
    assert sum(paid) == math.floor(12 * per_month + u)
    assert max(paid) - min(paid) <= 1


def test_koc_are_the_tenth_with_most_orders():
    w = with_orders(koc())
    one_step(w, "word_of_mouth")
    assert holding(w, KOC) == list(range(180, 200))


def test_of_those_with_as_many_orders_koc_have_spent_most():
    w = with_orders(koc(), orders=5)
    w.columns.bought.spend[:] = np.arange(N)[::-1] * 1000
    one_step(w, "word_of_mouth")
    assert holding(w, KOC) == list(range(20))


def test_among_equals_koc_are_drawn():
    """The mean of the numbers of 20 drawn from 200 lies within four standard errors of the middle."""
    drawn = []
    for seed in (1, 2):
        w = world_of(changes=koc(), seed=seed)
        w.columns.bought.orders[:] = 5
        one_step(w, "word_of_mouth")
        drawn.append(holding(w, KOC))
        error = math.sqrt((N**2 - 1) / 12 / 20 * (N - 20) / (N - 1))
        assert np.mean(drawn[-1]) == pytest.approx((N - 1) / 2, abs=4 * error)
    assert len(drawn[0]) == len(drawn[1]) == 20
    assert drawn[0] != drawn[1]


def test_only_those_with_enough_orders_are_eligible():
    """Of 200, 50 have at least 151 orders: all of them, at a share of 1."""
    w = with_orders(koc(share=1.0, least_orders=151))
    one_step(w, "word_of_mouth")
    assert holding(w, KOC) == list(range(150, 200))


def test_koc_are_picked_anew_every_four_weeks():
    w = with_orders(koc())
    one_step(w, "word_of_mouth", 0)
    w.columns.bought.orders[:] = w.columns.bought.orders[::-1].copy()
    one_step(w, "word_of_mouth", 27)
    assert holding(w, KOC) == list(range(180, 200))
    one_step(w, "word_of_mouth", 28)
    assert holding(w, KOC) == list(range(20))


def test_attention_is_paid_by_the_day_for_each_koc():
    """20 KOC at 20 yuan a month for 30 days of months of 365 / 12 days."""
    w = with_orders(koc()).run()
    assert w.counted("attention").sum() == math.floor(20 * 2000 * 30 * 12 / 365 + 0.5)


def test_koc_tell_so_many_times_as_often():
    w = with_orders(talk(tell=0.1, koc={"share": 1.0, "least_orders": 1, "times": 4.0}), orders=0, customers=1000)
    tie(w, [(0, other) for other in range(1, 500)] + [(999, other) for other in range(500, 999)])
    w.columns.story.aware_on[[0, 999]] = -2
    w.columns.bought.orders[0] = 1
    one_step(w, "word_of_mouth")
    by = w.columns.story.told_by
    assert holding(w, KOC) == [0]
    assert np.sum(by == 0) == pytest.approx(499 * 0.4, abs=4 * standard_error(0.4, 499))
    assert np.sum(by == 999) == pytest.approx(499 * 0.1, abs=4 * standard_error(0.1, 499))


def test_someone_who_is_both_koc_and_partner_tells_by_both():
    both = talk(
        tell=0.1,
        koc={"share": 1.0, "least_orders": 1, "times": 4.0},
        partners={"opt_in": 1.0, "least_orders": 1, "times": 2.0},
    )
    w = with_orders(both, orders=0, customers=1000)
    tie(w, [(0, other) for other in range(1, 1000)])
    w.columns.story.aware_on[0] = -2
    w.columns.bought.orders[0] = 1
    told = tallied(one_step(w, "word_of_mouth"), "told")
    assert told == pytest.approx(999 * 0.8, abs=4 * standard_error(0.8, 999))


def test_kol_reach_people_whom_they_do_not_know():
    """Nobody has ties; of 1,000 people, 50 a day hear of the one KOL, who has most orders."""
    w = with_orders(kol(), customers=1000).run()
    told = w.counted("told")
    assert told.sum() == pytest.approx(30 * 50, abs=4 * standard_error(0.05, 30_000))
    assert holding(w, KOL) == [999]
    assert set(w.columns.story.told_by.tolist()) == {NEVER, 999}


def test_audiences_of_kol_overlap():
    """Four of them reach 0.25 each of all customers: 1 - 0.75^4 hear on a day."""
    w = with_orders(kol(count=4, reach_per_day=250.0), customers=1000)
    told = tallied(one_step(w, "word_of_mouth"), "told")
    reach = 1 - 0.75**4
    assert told == pytest.approx(1000 * reach, abs=4 * standard_error(reach, 1000))
    assert set(w.columns.story.told_by.tolist()) == {NEVER, 996, 997, 998, 999}


@pytest.mark.parametrize(("weight", "trust", "salience"), [(1.0, 0.6, 0.5), (0.4, 0.42, 0.2), (0.0, 0.3, 0.0)])
def test_a_kol_passes_on_trust_and_memory_as_a_teller_does_times_a_weight(weight, trust, salience):
    """Half the gap of 0.3 to the star's trust of 0.9, and half the gap of salience to 1, times the weight."""
    w = with_orders(kol(reach_per_day=1e9, weight=weight))
    w.columns.mind.trust[199] = 0.9
    one_step(w, "word_of_mouth", 0)
    mind = w.columns.mind
    assert mind.trust[:199] == pytest.approx(trust, rel=1e-6)
    assert mind.salience[:199] == pytest.approx(salience, rel=1e-6)
    assert mind.salience[199] == 0


def test_kol_are_as_many_as_in_reality_and_reach_and_fee_are_those_of_the_simulated_share():
    w = with_orders({**kol(count=3, reach_per_day=500.0), "customers.each_stands_for": 10}, customers=1000).run()
    assert holding(w, KOL) == [997, 998, 999]
    reach = 1 - 0.95**3
    assert w.counted("told").sum() == pytest.approx(30_000 * reach, abs=4 * standard_error(reach, 30_000))
    assert w.counted("attention").sum() == math.floor(3 * 10_000 * 30 * 12 / 365 + 0.5)


def test_there_are_no_more_kol_than_eligible_buyers():
    w = with_orders(kol(count=5, least_orders=199))
    one_step(w, "word_of_mouth")
    assert holding(w, KOL) == [198, 199]


def test_partners_are_buyers_of_that_kind_with_enough_orders():
    """Who would become a partner is one draw for all days: half of those with two orders or more."""
    w = with_orders(partners(opt_in=0.5), orders=2, customers=1000)
    w.columns.bought.orders[:300] = 1
    one_step(w, "word_of_mouth", 0)
    first = holding(w, PARTNER)
    assert len(first) == pytest.approx(350, abs=4 * standard_error(0.5, 700))
    assert min(first) >= 300
    one_step(w, "word_of_mouth", 1)
    assert holding(w, PARTNER) == first
    w.columns.bought.orders[:300] = 2
    w.columns.today.served[:300] = 1
    one_step(w, "word_of_mouth", 2)
    assert len(holding(w, PARTNER)) == pytest.approx(500, abs=4 * standard_error(0.5, 1000))


def buyers(**settings):
    """Everybody buys at the shop whenever in need, at 100 yuan; customer 0 is a partner."""
    sure = {"forgetting": False, "intercept": 50.0}
    w = world_of(changes={**partners(opt_in=0.0, **settings), "purchasing": sure})
    w.columns.roll.role[0] = PARTNER
    return w


def test_partner_pay_is_a_share_of_the_orders_that_partners_referred():
    w = buyers()
    w.columns.story.told_by[100:] = 0
    w.columns.story.told_on[100:] = 0
    w.columns.story.told_by[50:100] = 1  # no partner
    w.columns.story.told_on[50:100] = 0
    w.run(until=20)
    referred = w.columns.bought.orders[100:].sum()
    assert referred > 100
    assert w.counted("partner_pay").sum() == 1000 * referred


def test_partner_pay_is_the_share_that_the_settings_say():
    w = buyers(share_of_order=0.3)
    w.columns.story.told_by[1:] = 0
    w.columns.story.told_on[1:] = 0
    w.run(until=20)
    assert w.counted("partner_pay").sum() == 3000 * w.columns.bought.orders[1:].sum() > 0


def test_partner_pay_is_a_share_of_what_is_paid():
    """A tenth of 80 yuan at a fifth off."""
    w = buyers()
    w.settings.places["discount"][:] = 0.2
    w.columns.story.told_by[1:] = 0
    w.columns.story.told_on[1:] = 0
    w.run(until=20)
    assert w.counted("partner_pay").sum() == 800 * w.columns.bought.orders[1:].sum() > 0


def test_orders_count_as_referred_for_so_many_days():
    w = buyers(within_days=5.0)
    w.columns.story.told_by[1:] = 0
    w.columns.story.told_on[1:] = 2
    w.columns.roll.open_needs[1:] = 1
    pays = []
    for day in range(12):
        w.columns.roll.open_needs[1:] = 1
        w.columns.roll.decide_on[1:] = day
        pays.append(tallied(one_step(w, "purchasing", day), "partner_pay"))
    assert np.flatnonzero(pays).tolist() == list(range(8))
    assert pays[7] >= 199 * 1000


INVITING = {"at": "club", "into": "club", "gives": "cash", "invite": 1.0, "strength": -50.0}
"""Whoever reads in the club invites everybody they know; nobody joins."""


def crowd_of_a_partner():
    """Customer 0, a partner, is in the club; customer 1 is not, and tells everybody they know when served."""
    w = world_of(
        changes={
            "word_of_mouth": {"partners": {"opt_in": 0.0}, "tell": 1.0},
            "product.quality": 1.0,
            "customers.segments.all.fit": 1.0,
            "posts": {"club": {"per_week": 7}},
            "hooks": {"friends": INVITING},
            "purchasing": {"forgetting": False, "intercept": 50.0},
        }
    )
    w.columns.roll.role[0] = PARTNER
    w.columns.roll.opens[:] = 1
    enrol(w, "club", [0])
    return w


def partner_invites(w, day, customers):
    """These are invited by customer 0, and nobody is told."""
    tie(w, [(0, i) for i in customers])
    one_step(w, "posts", day)
    tally = one_step(w, "word_of_mouth", day)
    assert (tallied(tally, "invited"), tallied(tally, "told")) == (len(customers), 0)
    w.columns.member.read[:] = 0
    w.columns.today.invited[:] = 0


def other_tells(w, day, customers):
    """These are told by customer 1, and nobody is invited."""
    tie(w, [(1, i) for i in customers])
    w.columns.today.served[1] = 1
    tally = one_step(w, "word_of_mouth", day)
    assert (tallied(tally, "invited"), tallied(tally, "told")) == (0, len(customers))
    w.columns.today.served[1] = 0


def pay_of_one_order_each(w, day):
    """What partners earn, in cents, if everybody orders once on a day."""
    w.columns.roll.need_rate[:] = 0
    w.columns.roll.open_needs[:], w.columns.roll.decide_on[:] = 1, day
    tally = one_step(w, "purchasing", day)
    assert tallied(tally, "orders") == N
    return tallied(tally, "partner_pay")


def test_who_was_invited_by_a_partner_was_referred():
    w = crowd_of_a_partner()
    partner_invites(w, 0, range(100, N))
    assert pay_of_one_order_each(w, 1) == 1000 * 100


def test_who_is_told_and_invited_by_partners_is_referred_once():
    w = crowd_of_a_partner()
    w.columns.roll.role[1] = PARTNER
    other_tells(w, 0, range(100, N))
    partner_invites(w, 1, range(150, N))
    assert pay_of_one_order_each(w, 2) == 1000 * 100


def test_being_told_by_somebody_else_ends_the_referral_of_a_partner_who_invited():
    w = crowd_of_a_partner()
    partner_invites(w, 0, range(100, N))
    other_tells(w, 1, range(160, N))
    assert pay_of_one_order_each(w, 2) == 1000 * 60


def test_an_invitation_by_a_partner_refers_whom_somebody_else_told_before():
    w = crowd_of_a_partner()
    other_tells(w, 0, range(100, N))
    partner_invites(w, 1, range(160, N))
    assert pay_of_one_order_each(w, 2) == 1000 * 40


def test_the_days_of_a_referral_count_from_the_last_telling_or_invitation():
    w = crowd_of_a_partner()
    w.settings.partners["within_days"] = 5.0
    w.columns.roll.role[1] = PARTNER
    other_tells(w, 0, range(100, N))
    partner_invites(w, 3, range(150, N))
    assert pay_of_one_order_each(w, 8) == 1000 * 50


ROLES = {
    "word_of_mouth": {
        "koc": {"share": 0.2, "least_orders": 2},
        "kol": {"count": 2, "least_orders": 2, "reach_per_day": 5.0, "cost_per_month": 300.0},
        "partners": {"opt_in": 0.5},
    }
}


def test_in_a_lively_world_roles_are_paid_and_the_books_balance():
    w = after(LIVELY, ROLES)
    spent = w.counted("gross_sales").sum() - w.counted("discounts").sum()
    assert w.columns.bought.spend.sum() == spent
    assert 0 < w.counted("partner_pay").sum() < 0.1 * spent
    assert w.counted("attention").sum() > 0
    assert set(w.columns.bought.orders[w.columns.roll.role != 0].tolist()) <= set(range(2, 100))


def test_a_world_of_roles_may_be_split_at_any_day():
    hook = {"at": "vip_group", "into": "vip_group", "gives": "coupon", "invite": 0.2, "strength": 3}
    everything = {**ROLES, "hooks.friends": hook, "staff.hosts.friends": 40, "staff.hosts.moments_per_week": 3}
    parts = world_of(LIVELY, everything)
    for day in (1, 7, 28, 29):
        parts.run(until=day)
    assert different(parts.fork().run(), after(LIVELY, everything)) == []


def test_roles_that_nobody_can_have_change_nothing():
    nobody = {"koc.share": 0.0, "kol.count": 0, "partners.opt_in": 0.0}
    none = dict.fromkeys(("koc", "kol", "partners"))
    one, other = (after(LIVELY, {f"word_of_mouth.{key}": value for key, value in x.items()}) for x in (nobody, none))
    assert different(one, other) == []
