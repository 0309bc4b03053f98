"""Views of customers: AgentSet's habits over columns."""

import copy

import numpy as np
import pytest

from trafficsim.engine.customer_set import COLUMNS, Customer, CustomerSet
from trafficsim.kernel.columns import BY_ARM, GROUPS, IN, OUTSIDE, QUIT
from worlds import LIVELY, after, world_of

SEGMENTS = ("neighbours", "deal_hunters", "hosts")


@pytest.fixture(scope="module")
def lived():
    return after(LIVELY, until=20)


@pytest.fixture
def world(lived):
    return lived.fork()


@pytest.fixture
def customers(world):
    return CustomerSet(world.columns, world.names, SEGMENTS)


def test_columns_have_names_of_their_own():
    assert len(COLUMNS) == sum(len(group._fields) for name, group in GROUPS.items() if name not in BY_ARM)
    assert not [name for name in COLUMNS if hasattr(CustomerSet, name) or hasattr(Customer, name)]


def test_length_iteration_and_rows(customers):
    assert len(customers) == 300
    assert [c.number for c in customers] == list(range(300))
    assert customers[17].number == 17
    assert customers[-1].number == 299
    assert customers[np.int64(3)] == customers[3]
    assert len({customers[3], customers[3], customers[4]}) == 2
    with pytest.raises(IndexError):
        customers[300]


def test_slices_and_masks_make_smaller_sets(customers):
    assert list(customers[10:13].numbers) == [10, 11, 12]
    assert list(customers[10:20][2:4].numbers) == [12, 13]
    assert list(customers[np.array([5, 2])].numbers) == [5, 2]
    assert len(customers[customers.orders > 0]) == np.sum(customers.orders > 0)


def test_contains(customers):
    some = customers[10:13]
    assert customers[11] in some
    assert customers[13] not in some
    assert customers[13] in customers
    assert 13 not in customers


def test_a_set_of_another_world_holds_none_of_these(world, customers):
    other = world.fork()
    assert customers[11] not in CustomerSet(other.columns, other.names, SEGMENTS)


def test_columns_are_those_of_the_world(world, customers):
    assert customers.trust is world.columns.mind.trust
    assert customers.joined_on is world.columns.member.joined_on
    customers.trust[:] = 0.25
    assert np.all(world.columns.mind.trust == 0.25)


def test_columns_of_some_refuse_to_be_written_into(customers):
    some = customers.select(customers.orders > 0)
    assert np.array_equal(some.trust, customers.trust[customers.orders > 0])
    assert some.joined_on.shape == (2, len(some))
    with pytest.raises(ValueError, match="read-only"):
        some.trust[0] = 1


def test_assigning_writes_into_the_world(world, customers):
    customers[:5].trust = 0.5
    customers[5:7].trust = [0.25, 0.75]
    customers.opens = 2
    assert list(world.columns.mind.trust[:7]) == [0.5] * 5 + [0.25, 0.75]
    assert np.all(world.columns.roll.opens == 2)
    customers.trust *= 0.5
    assert list(world.columns.mind.trust[:7]) == [0.25] * 5 + [0.125, 0.375]
    assert customers[3:4].set("status", QUIT) is not None
    assert np.all(world.columns.member.status[:, 3] == QUIT)


def test_one_customer_is_a_live_view(world, customers):
    one = customers[17]
    world.columns.mind.trust[17] = 0.5
    assert one.trust == 0.5
    assert isinstance(one.trust, float)
    assert isinstance(one.orders, int)
    one.trust = 0.75
    assert world.columns.mind.trust[17] == 0.75
    one.joined_on = [3, -1]
    one.status = [IN, OUTSIDE]
    assert list(world.columns.member.joined_on[:, 17]) == [3, -1]
    assert one.member_of == ("manager",)
    assert repr(one).startswith("Customer(17, segment=")
    assert "member_of=['manager']" in repr(one)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("trust", 1.5),
        ("trust", -0.1),
        ("trust", np.nan),
        ("basket", np.inf),
        ("orders", 2.5),
        ("orders", -1),
        ("orders", 2**32),
        ("segment", [300]),
    ],
)
def test_what_does_not_fit_a_column_is_refused(customers, name, value):
    before = customers.get(name).copy()
    with pytest.raises(ValueError, match=f"^{name} "):
        customers[:1].set(name, value)
    with pytest.raises(ValueError, match=f"^{name} "):
        setattr(customers[0], name, value)
    assert np.array_equal(customers.get(name), before)


def test_unknown_columns_are_told(customers):
    for of in (customers, customers[0]):
        with pytest.raises(AttributeError, match="no column 'trsut'; did you mean 'trust'"):
            _ = of.trsut
        with pytest.raises(AttributeError, match="no column 'trsut'"):
            of.trsut = 1
    with pytest.raises(AttributeError, match="no column 'colour'"):
        customers.groupby("colour")


def test_select(customers):
    mask = customers.trust > np.median(customers.trust)
    assert list(customers.select(mask).numbers) == list(np.flatnonzero(mask))
    assert list(customers.select(lambda c: c.trust > np.median(c.trust)).numbers) == list(np.flatnonzero(mask))
    assert list(customers.select(mask, at_most=3).numbers) == list(np.flatnonzero(mask)[:3])
    assert list(customers.select(at_most=0.1).numbers) == list(range(30))
    assert len(customers.select(at_most=1)) == 1
    assert len(customers.select(at_most=1.0)) == 300
    assert len(customers.select()) == 300
    assert len(customers.select(np.zeros(300, bool))) == 0


def test_select_within_a_selection(customers):
    buyers = customers.select(customers.orders > 0)
    keen = buyers.select(lambda c: c.trust > 0.4)
    assert list(keen.numbers) == list(np.flatnonzero((customers.orders > 0) & (customers.trust > 0.4)))


@pytest.mark.parametrize("which", [[1, 2, 3], np.ones(299, bool), lambda c: c.trust, lambda c: c.status == IN])
def test_select_wants_one_bool_each(customers, which):
    with pytest.raises(ValueError, match="one bool each"):
        customers.select(which)


def test_get_and_agg(customers):
    assert customers.get("trust") is customers.trust
    assert customers.get(["trust", "orders"]).shape == (300, 2)
    assert np.array_equal(customers.get(["trust", "orders"])[:, 1], customers.orders)
    assert customers.agg("orders", np.sum) == customers.orders.sum()
    assert customers.agg("orders", [np.min, np.max]) == [customers.orders.min(), customers.orders.max()]
    with pytest.raises(ValueError, match="joined_on is not one value for each customer"):
        customers.get(["trust", "joined_on"])


def test_members(world, customers):
    members = customers.members("manager")
    assert members.sum() == world.count_members(world.names.pools.index("manager")) > 0
    some = customers.select(members)
    assert all("manager" in customer.member_of for customer in some)
    assert np.all(some.members("manager"))
    with pytest.raises(KeyError, match="no pool 'club'; there are manager, vip_group"):
        customers.members("club")


def test_groupby(world, customers):
    groups = customers.groupby("segment")
    sizes = np.bincount(world.columns.traits.segment)
    assert groups.count() == dict(zip(SEGMENTS, sizes, strict=True))
    assert list(dict(groups)) == list(SEGMENTS)
    assert len(groups) == 3
    assert groups.agg("orders", np.sum)["hosts"] == groups["hosts"].orders.sum()
    assert groups.map(len) == groups.count()
    assert customers.groupby(lambda c: c.orders > 0).count()[True] == np.sum(customers.orders > 0)
    assert sum(customers.groupby(customers.orders).count().values()) == 300
    for by in ("joined_on", np.zeros(3)):
        with pytest.raises(ValueError, match="one value for each customer"):
            customers.groupby(by)


def test_who_never_met_the_brand_came_by_no_route():
    before = world_of(LIVELY)
    routes = CustomerSet(before.columns, before.names, SEGMENTS).groupby("route").count()
    assert set(routes) == {"start", "unaware"}
    assert routes["start"] == np.sum(before.columns.story.aware_on != -1)


def test_frame(customers):
    some = customers[4:8]
    frame = some.to_frame()
    assert list(frame.index) == [4, 5, 6, 7]
    assert list(frame["trust"]) == list(some.trust)
    assert list(frame["segment"]) == [SEGMENTS[code] for code in some.segment]
    assert list(frame["joined_on.manager"]) == list(some.joined_on[some.pools.index("manager")])
    assert set(frame["place"]) <= {"outside", "review_site", "lift_screen", "dining_room", "vip_group", "manager"}
    assert list(some.to_frame(["orders", "segment"]).columns) == ["orders", "segment"]
    with pytest.raises(KeyError, match="not a column of codes"):
        some.named("trust")


def test_a_frame_tells_the_places_met(customers, world):
    frame = customers.to_frame(["met"])
    assert list(frame.columns) == [f"met.{place}" for place in world.names.places]
    for code, place in enumerate(world.names.places):
        assert list(frame[f"met.{place}"]) == list((customers.met[0] >> code) % 2 == 1)
    assert frame.to_numpy().any()


def test_described_columns(customers):
    assert list(customers.describe().index) == list(COLUMNS)
    assert customers.describe().loc["trust", "unit"] == "0..1"


@pytest.mark.parametrize("habit", ["do", "shuffle_do", "map"])
def test_customers_are_not_called_one_by_one(customers, habit):
    with pytest.raises(TypeError, match="use NumPy"):
        getattr(customers, habit)("step")


def test_copies_stand_alone(customers):
    twin = copy.deepcopy(customers[:10])
    twin.trust = 0.0
    assert np.all(twin.trust == 0.0)
    assert not np.all(customers[:10].trust == 0.0)
    assert repr(twin) == "CustomerSet(10 customers)"
    assert {"trust", "select"} <= set(dir(twin))
    assert {"trust", "member_of"} <= set(dir(twin[0]))


def test_nobody(customers):
    nobody = customers.select(customers.trust > 1.0)
    assert len(nobody) == 0
    assert list(nobody) == []
    assert nobody.groupby("segment").count() == {}
    assert nobody.to_frame().empty
