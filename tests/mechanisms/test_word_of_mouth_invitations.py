"""Invitations: members who read invite acquaintances, whom the hook asks the next day."""

import math

import numpy as np
import pytest

from trafficsim.books.routes import INVITED
from trafficsim.kernel.columns import NEVER, QUIT
from worlds import LIVELY, after, code, enrol, one_step, standard_error, tallied, tie, world_of

pytestmark = pytest.mark.nojit

SURE, NEVER_TAKEN = 50.0, -50.0


def circle(**settings):
    """A club with a post a day, whose members invite everybody they know."""
    hook = {"at": "club", "into": "club", "gives": "cash", "invite": 1.0, "reward": 3.3, "strength": SURE, **settings}
    return {"posts": {"club": {"per_week": 7, "tired_reading": 0}}, "hooks": {"friends": hook}}


def members_of(changes, members, pairs):
    """A world in which these are members, who surely read, and these pairs know each other."""
    w = world_of(changes=changes)
    w.columns.roll.opens[:] = 1
    enrol(w, "club", members)
    tie(w, pairs)
    return w


def hub(customer=0, of=200):
    """One customer knows all others."""
    return [(customer, other) for other in range(of) if other != customer]


def chain(of=200):
    return [(k, k + 1) for k in range(of - 1)]


def one_day(w, today=0):
    """Members read and invite; nobody else acts."""
    one_step(w, "posts", today)
    return one_step(w, "word_of_mouth", today)


def test_an_invitation_takes_a_day_to_be_answered_and_another_to_be_passed_on():
    """Customer k of a chain is asked on day 2k - 1, reads for the first time on day 2k."""
    w = members_of(circle(), [0], chain()).run()
    joined = w.columns.member.joined_on[0]
    assert joined[:16].tolist() == [-2, *range(1, 30, 2)]
    assert np.all(joined[16:] == NEVER)
    assert w.columns.story.told_by[:16].tolist() == [NEVER, *range(15)]
    assert w.columns.story.told_on[1:16].tolist() == list(range(0, 30, 2))


def test_those_invited_become_aware_by_that_route():
    w = members_of(circle(), [0], chain()).run()
    aware = w.columns.story.aware_on >= 0
    assert np.flatnonzero(aware).tolist() == list(range(1, 16))
    assert np.all(w.columns.story.route[aware] == INVITED)
    assert w.counted("aware")[:, INVITED].tolist() == [1, 0] * 15


def test_one_reward_for_each_who_joins_whoever_invited_and_how_often():
    """0 and 1 both know 2 and 3; the first invitation of a day counts."""
    w = members_of(circle(), [0, 1], [(0, 2), (1, 2), (0, 3), (1, 3)]).run()
    assert w.counted("invited")[:, 0].tolist() == [2] + [0] * 29
    assert w.counted("rewards")[:, 0].tolist() == [0, 660] + [0] * 28
    assert w.columns.story.told_by[2:4].tolist() == [0, 0]
    assert w.counted("joined").sum() == 2


def test_referring_binds_the_referrer():
    """Trust of 0.3 closes 0.15 of its gap to 1; a second acquaintance who joins closes as much of what is left."""
    w = members_of(circle(), [0], hub())
    w.columns.today.request[1:3] = 1
    w.columns.story.told_by[1:3] = 0
    tally = one_step(w, "joining", 3)
    assert tallied(tally, "rewards") == 660
    assert w.columns.mind.trust[0] == pytest.approx(1 - 0.7 * 0.85**2, rel=1e-6)
    assert np.all(w.columns.mind.trust[1:] == np.float32(0.3))


def test_without_an_invitation_joining_is_not_rewarded():
    hook = {"at": "shop", "in_person": True, "into": "club", "gives": "cash", "reward": 5.0, "strength": SURE}
    w = after(changes={"places.shop.visits_per_week": 700, "hooks": {"gift": hook}}, until=2)
    assert w.counted("joined").sum() == 200
    assert not w.counted("rewards").any()


def test_the_share_of_acquaintances_who_are_invited():
    w = members_of({**circle(invite=0.3), "customers.count": 1000}, [0], hub(of=1000))
    found = tallied(one_day(w), "invited")
    assert found == pytest.approx(999 * 0.3, abs=4 * standard_error(0.3, 999))
    assert np.sum(w.columns.today.invited == 1) == found


def test_where_everybody_meets_everybody():
    """Of 1,000, 100 are members who invite each of 5 acquaintances with 0.4: 1 - exp(-0.2) of the others."""
    mixed = {"customers.ties": {"kind": "mixed", "mean": 5}, "customers.count": 1000}
    w = world_of(changes={**circle(invite=0.4), **mixed})
    w.columns.roll.opens[:] = 1
    enrol(w, "club", slice(100))
    found = tallied(one_day(w), "invited")
    chance = -math.expm1(-0.2)
    assert found == pytest.approx(900 * chance, abs=4 * standard_error(chance, 900))
    inviters = w.columns.story.told_by[100:]
    assert set(inviters[inviters >= 0].tolist()) <= set(range(100))
    assert np.unique(inviters).size > 40
    assert np.all(w.columns.today.invited[:100] == 0)


def test_an_invitation_works_on_the_mind_as_being_told_does():
    """Half of the gap to full salience is closed, 0.3 of that to acquaintance, half of that to the inviter's trust."""
    w = members_of(circle(), [0], [(0, 1)])
    w.columns.mind.trust[0] = 0.9
    one_step(w, "posts", 4)
    trust = float(w.columns.mind.trust[0])
    tally = one_step(w, "word_of_mouth", 4)
    assert w.columns.mind.salience[1] == np.float32(0.5)
    assert w.columns.mind.acquaintance[1] == np.float32(0.3)
    assert w.columns.mind.trust[1] == pytest.approx(0.3 + 0.5 * (trust - 0.3), rel=1e-6)
    assert (w.columns.story.told_by[1], w.columns.story.told_on[1]) == (0, 4)
    assert tallied(tally, "told") == 0  # being told is counted apart


def test_an_invitation_works_as_its_hook_says():
    w = members_of(circle(invite_salience=0.2, invite_acquaintance=0.6, invite_trust=0.1), [0], [(0, 1)])
    w.columns.mind.trust[0] = 0.9
    one_step(w, "posts", 4)
    trust = float(w.columns.mind.trust[0])
    one_step(w, "word_of_mouth", 4)
    assert w.columns.mind.salience[1] == np.float32(0.2)
    assert w.columns.mind.acquaintance[1] == np.float32(0.6)
    assert w.columns.mind.trust[1] == pytest.approx(0.3 + 0.1 * (trust - 0.3), rel=1e-6)


def test_referring_binds_as_the_hook_says():
    w = members_of(circle(inviter_trust=0.5), [0], [(0, 1)])
    w.columns.today.request[1] = 1
    w.columns.story.told_by[1] = 0
    one_step(w, "joining", 3)
    assert w.columns.mind.trust[0] == pytest.approx(0.65, rel=1e-6)


def test_only_those_who_read_invite():
    w = members_of({**circle(), "places.club.open_rate": 0.5, "customers.count": 400}, slice(200), [])
    tie(w, [(k, 200 + k) for k in range(200)])
    one_step(w, "posts")
    read = w.columns.member.read[w.names.pools.index("club"), :200] == 1
    tally = one_step(w, "word_of_mouth")
    assert 60 < read.sum() < 140
    assert np.array_equal(w.columns.today.invited[200:] == 1, read)
    assert tallied(tally, "invited") == read.sum()


def test_members_and_those_who_left_are_not_invited():
    w = members_of(circle(), [0, 1, 2], hub())
    w.columns.member.status[0, 2] = QUIT
    one_day(w)
    assert np.flatnonzero(w.columns.today.invited).tolist() == list(range(3, 200))


def test_the_hook_asks_those_who_carry_its_invitation_and_not_those_who_are_met():
    w = members_of(circle(strength=NEVER_TAKEN), [0], [])
    w.columns.today.met[:] = 1 << code(w, "club")
    w.columns.today.invited[50:60] = 1
    assert tallied(one_step(w, "hooks"), "asked") == 10
    assert np.flatnonzero(w.columns.member.asked[0]).tolist() == list(range(50, 60))
    assert not w.columns.today.invited.any()


def test_who_declines_is_invited_and_asked_again_and_wears():
    w = members_of(circle(strength=NEVER_TAKEN), [0], [(0, 1)]).run()
    assert w.counted("invited")[:, 0].tolist() == [1] * 30
    assert w.counted("asked")[:, 0].tolist() == [0] + [1] * 29
    assert w.columns.member.asked[0, :3].tolist() == [0, 29, 0]


def test_invitations_begin_and_end_with_the_hook():
    """What was sent on the last day is never answered."""
    w = members_of(circle(strength=NEVER_TAKEN, from_day=4, until_day=7), [0], [(0, 1)]).run()
    assert np.flatnonzero(w.counted("invited")[:, 0]).tolist() == [4, 5, 6]
    assert np.flatnonzero(w.counted("asked")[:, 0]).tolist() == [5, 6]
    assert not w.columns.today.invited.any()


def test_members_of_one_pool_invite_into_another():
    """Who invites need not be in the pool that the hook leads into."""
    w = members_of(circle(into="desk"), [0], [(0, 1), (0, 2)]).run(until=2)
    assert np.flatnonzero(w.columns.member.joined_on[1] == 1).tolist() == [1, 2]
    assert w.counted("rewards")[1, 0] == 660


FRIENDS = {"at": "vip_group", "into": "vip_group", "gives": "coupon", "invite": 0.2, "reward": 2.35, "strength": 3}


def test_in_a_lively_world_rewards_are_those_of_the_joiners():
    w = after(LIVELY, {"hooks.friends": FRIENDS})
    row = w.names.hooks.index("friends")
    invited, asked, joined = (w.counted(c)[:, row] for c in ("invited", "asked", "joined_by"))
    assert joined.sum() > 10
    assert w.counted("rewards")[:, row].tolist() == (235 * joined).tolist()
    assert np.all(asked[1:] <= invited[:-1])
    assert np.all(joined <= asked)


def test_in_a_lively_world_the_last_who_told_a_joiner_is_the_inviter():
    """Where many are told on the days on which they are invited: nobody else tells them before they join."""
    w = world_of(LIVELY, {"hooks.friends": FRIENDS})
    row, pool = w.names.hooks.index("friends"), w.names.pools.index("vip_group")
    story, member, joiners = w.columns.story, w.columns.member, 0
    carriers = np.zeros(w.customers, bool)
    for day in range(w.days):
        w.run(until=day + 1)
        joined = (member.joined_on[pool] == day) & (member.hook[pool] == row + 1)
        joiners += joined.sum()
        assert np.all(carriers[joined])
        carriers = w.columns.today.invited == row + 1
        assert np.all(story.told_on[carriers] == day)
        assert np.all(member.read[pool, story.told_by[carriers]] > 0)
    assert joiners == w.counted("joined_by")[:, row].sum() > 10
    assert w.counted("told").sum() > 10


def test_of_a_day_the_invitation_counts_after_what_others_told():
    """1 tells 2, and 0 invites 2: who joins then was invited by 0, who is rewarded for it."""
    talk = {"word_of_mouth": {"who": "aware", "tell": 1.0, "teller_trust": 0.0}}
    w = members_of({**circle(inviter_trust=0.5), **talk}, [0], [(0, 2), (1, 2)])
    w.columns.story.aware_on[1] = -2
    one_step(w, "posts")
    tally = one_step(w, "word_of_mouth")
    assert (tallied(tally, "told"), tallied(tally, "invited")) == (2, 1)
    assert (w.columns.story.told_by[2], w.columns.story.told_on[2]) == (0, 0)
    trust = w.columns.mind.trust.copy()
    one_step(w, "hooks", 1)
    assert tallied(one_step(w, "joining", 1), "rewards") == 330
    assert w.columns.mind.trust[0] == pytest.approx(0.5 + 0.5 * trust[0], rel=1e-6)
    assert w.columns.mind.trust[1] == trust[1]
