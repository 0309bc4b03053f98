"""A place that is shut for a time: nothing happens there meanwhile, members are conserved, and all comes back."""

import numpy as np
import pytest

from trafficsim.kernel.columns import is_inside
from worlds import LIVELY, QUIET, after, changed, code, different, world_of

FOR_A_TIME = "  ban: {{day: 10, days: 15, set: {{places.{}.shut: true}}}}\n"
"""After the event of LIVELY."""
SHUT = np.isin(np.arange(40), range(10, 25))


def by_day(world, counter, place):
    return world.counted(counter)[:, code(world, place)]


def while_banned(place, **which):
    return after(LIVELY + FOR_A_TIME.format(place), **which)


def test_members_of_a_banned_pool_see_nothing_stay_and_come_back():
    plain, banned = after(LIVELY), while_banned("vip_group")
    for counter in ("posts", "reads", "joined", "left", "orders", "won_back", "folded", "poached"):
        during = by_day(banned, counter, "vip_group")[SHUT]
        assert not during.any(), counter
    for counter in ("posts", "reads", "orders"):
        assert by_day(plain, counter, "vip_group")[SHUT].any(), counter
        assert by_day(banned, counter, "vip_group")[25:].any(), counter
    members = banned.members[:, code(banned, "vip_group")]
    assert members[10] > 0
    assert (members[10:26] == members[10]).all()
    inside = is_inside(banned.columns.member.status[banned.names.pools.index("vip_group")]).sum()
    assert members[-1] == inside
    assert different(after(LIVELY, until=10), while_banned("vip_group", until=10)) == []


def test_hooks_ask_into_no_banned_pool_nor_out_of_it():
    banned = while_banned("vip_group")
    asked, names = banned.counted("asked"), banned.names.hooks
    for hook in ("side_dish", "coupon", "friends", "crosswise"):
        assert not asked[SHUT, names.index(hook)].any(), hook
        assert asked[:, names.index(hook)].any(), hook
    assert asked[SHUT, names.index("service")].any()


def test_a_ban_saves_perks_and_no_tools_wages_or_set_up():
    plain, banned = (
        after(text, {"places.vip_group.set_up_cost": 77}) for text in (LIVELY, LIVELY + FOR_A_TIME.format("vip_group"))
    )
    for counter in ("tools", "wages", "set_up", "fixed_costs"):
        assert banned.counted(counter).tolist() == plain.counted(counter).tolist(), counter
    assert by_day(banned, "set_up", "vip_group").sum() == 7700
    assert not by_day(banned, "perks", "vip_group")[SHUT].any()
    assert by_day(plain, "perks", "vip_group")[SHUT].any()


def test_a_store_that_is_shut_sells_nothing_and_pays_its_rent():
    shut = while_banned("dining_room")
    assert not by_day(shut, "orders", "dining_room")[SHUT].any()
    assert not by_day(shut, "visits", "dining_room")[SHUT].any()
    assert not shut.counted("orders_in")[SHUT].any()
    assert (by_day(shut, "fixed_costs", "dining_room") == 9000).all()
    assert by_day(shut, "orders", "dining_room")[25:].any()


@pytest.mark.parametrize("place", ["review_site", "lift_screen"])
def test_a_platform_that_is_down_shows_nothing_and_costs_nothing(place):
    down = while_banned(place)
    for counter in ("visits", "impressions", "noticed", "advertising", "orders", "posts", "unspent"):
        assert not by_day(down, counter, place)[SHUT].any(), counter
    assert by_day(down, "visits", place)[~SHUT].all()


def test_shut_for_good_is_a_ban_that_never_ends_and_check_tells_it():
    text = LIVELY + "  ban: {day: 10, set: {places.vip_group.shut: true}}\n"
    gone = after(text)
    assert not by_day(gone, "reads", "vip_group")[10:].any()
    members = gone.members[:, code(gone, "vip_group")]
    assert members[-1] == members[10]
    notes = changed(text, {}).notes()
    assert "Pool 'vip_group' is shut on the last day: its members are still counted, though they see nothing." in notes
    for_a_time = changed(LIVELY + FOR_A_TIME.format("vip_group"), {}).notes()
    assert "Event 'ban' is in force 1 x: 2024-01-13 – 2024-01-27." in for_a_time
    assert not any("is shut on the last day" in note for note in for_a_time)


def test_threads_and_a_run_split_in_two_change_no_bit():
    whole = while_banned("vip_group")
    assert different(whole, while_banned("vip_group", threads=2)) == []
    split = world_of(LIVELY + FOR_A_TIME.format("vip_group"))
    assert different(whole, split.run(until=17).fork().run()) == []


@pytest.mark.nojit
def test_a_pool_shut_from_the_start_is_as_if_nobody_wrote_or_asked():
    hook = {"gift": {"at": "shop", "into": "club", "gives": "gift", "strength": 50}}
    world = {
        "places.shop.visits_per_week": 7,
        "hooks": hook,
        "posts": {"club": {"per_week": 7}},
        "customers.at_start.members": {"club": 0.5},
    }
    shut = after(QUIET, {**world, "places.club.shut": True})
    quiet = after(QUIET, {**world, "hooks": "off", "posts": "off"})
    assert shut.members.tolist() == quiet.members.tolist()
    assert shut.members[0].sum() > 50
    assert not shut.counted("asked").any()
