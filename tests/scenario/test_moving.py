"""Numbers moved again and again give what replacing them gives, for every shipped scenario."""

import pytest

from comparisons import SHOP, shop
from trafficsim.scenario import ScenarioError, load, load_text, shipped
from trafficsim.study.worlds import plausible_worlds

READ_AGAIN = {"hooks", "perfect_diary"}
"""Scenarios whose numbers are compared with each other (the day on which a hook ends), or are people of the staff."""


def plans(scenario):
    return {arm: scenario.periods(arm) for arm in scenario.arms}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_moved_scenario_is_the_replaced_one(name):
    worlds = plausible_worlds(load(name), 16, 3)
    assert (worlds.how is None) == (name in READ_AGAIN)
    for world, point in list(enumerate(worlds.points))[:3]:
        moved, replaced = worlds.scenario.moved(worlds.how, point), worlds.scenario_of(world)
        assert plans(moved) == plans(replaced)
        assert moved.settings() == replaced.settings()


def moving(first, then, case=None):
    case = case or shop()
    how = case.moving(first)
    return how, case.moved(how, then), case.replace(then)


@pytest.mark.parametrize(
    "path",
    [
        "product.price",
        "leaving.hazard",
        "private:posts.club.per_week",
        "customers.segments.all.fit",
        "places.shop.convenience",
    ],
)
def test_a_number_moves_in_the_arms_that_have_it(path):
    how, moved, replaced = moving({path: 0.11}, {path: 0.22})
    assert how is not None
    assert plans(moved) == plans(replaced)
    assert plans(moved) != plans(shop())


def test_a_number_moves_until_and_from_the_event_that_changes_it():
    dated = load_with("events: {dearer: {day: 10, set: {product.price: 100}}}\n")
    for path in ("product.price", "events.dearer.set.product.price", "product.unit_cost"):
        how, moved, replaced = moving({path: 50}, {path: 60}, dated)
        assert how is not None
        assert plans(moved) == plans(replaced)
    both = {"product.price": 50, "events.dearer.set.product.price": 60}
    how, moved, replaced = moving(both, {"product.price": 70, "events.dearer.set.product.price": 65}, dated)
    assert plans(moved) == plans(replaced)
    assert [plan.product.price for _, plan in moved.periods("paid")] == [70, 65]


def load_with(text):
    return load_text(SHOP + text, "shop")


def test_what_can_not_be_together_is_refused_as_by_replacing():
    case = shop()
    how = case.moving({"customers.at_start.aware": 0.5, "customers.at_start.bought": 0.2})
    assert how is not None
    impossible = {"customers.at_start.aware": 0.1, "customers.at_start.bought": 0.2}
    with pytest.raises(ScenarioError, match="bought"):
        case.moved(how, impossible)
    with pytest.raises(ScenarioError, match="fit"):
        case.moved(case.moving({"customers.segments.all.fit": 0.5}), {"customers.segments.all.fit": 1.5})


def test_more_than_can_be_counted_is_refused_as_by_replacing():
    case = shop()
    how = case.moving({"product.price": 50.0, "customers.count": 1000})
    with pytest.raises(ScenarioError, match="can be counted"):
        case.moved(how, {"product.price": 1e11, "customers.count": 1_900_000_000})


def test_what_does_not_change_or_is_compared_with_others_is_read_again():
    case = shop()
    assert case.moving({"product.price": case.plan("paid").product.price}) is None
    assert case.moving({"private:hooks.gift.until_day": 30}) is None
    assert case.moved(None, {"product.price": 66}).plan("paid").product.price == 66
