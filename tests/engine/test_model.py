"""The model as Mesa knows models: the world's days, to the bit, with Mesa's agents, steps and collected data."""

import mesa
import numpy as np
import pytest

from trafficsim.engine.mesa_model import TrafficModel
from trafficsim.engine.world import start
from trafficsim.kernel.columns import IN
from trafficsim.scenario import ScenarioError
from trafficsim.study import compare
from worlds import LIVELY, QUIET, changed, different

pytestmark = pytest.mark.mesa

ARMS = """
arms:
  nothing: {hooks: off, staff: off, care: off, posts: {manager: off}, places: {manager: off}}
  private: {}
baseline: nothing
"""
"""A pool that one arm has and the other hasn't."""


@pytest.fixture(scope="module")
def scenario():
    text = LIVELY.replace("members: {vip_group: 0.2, manager: 0.1}", "members: {vip_group: 0.2}")
    return changed(text + ARMS, {"days": 12, "customers.each_stands_for": 3, "events.dearer.day": 6})


def test_days_are_those_of_the_world(scenario):
    model = TrafficModel(scenario, "private", seed=4, replicate=2)
    while model.running:
        model.step()
    assert different(model.world, start(scenario, "private", seed=4, replicate=2).run()) == []


def test_data_are_those_of_a_comparison(scenario):
    found = compare(scenario, replicates=1, seed=5, workers=1)
    for arm in scenario.arms:
        frame = TrafficModel(scenario, arm, seed=5).run().datacollector.get_model_vars_dataframe()
        assert list(frame["day"]) == list(range(13))
        for name in ("new_customers", "orders", "revenue", "profit", "members"):
            assert list(frame[name][1:]) == list(found.series(name).sel(arm=arm)[0]), name
        assert list(frame["aware"][1:]) == list(found.series("customers_aware").sel(arm=arm)[0])
        assert frame["orders"].sum() > 0


def test_the_first_row_is_the_start(scenario):
    model = TrafficModel(scenario)
    first = model.datacollector.get_model_vars_dataframe()
    assert list(first.index) == [0]
    assert first["members"][0] == 3 * model.customers.members("vip_group").sum() > 0
    assert first["aware"][0] == 3 * np.sum(model.customers.aware_on != -1) > 0
    assert list(first.loc[0, ["day", "new_customers", "orders", "revenue", "profit"]]) == [0, 0, 0, 0, 0]


def test_a_step_is_a_day_until_none_is_left(scenario):
    model = TrafficModel(scenario)
    assert (model.day, model.days, model.steps, model.running) == (0, 12, 0, True)
    model.step()
    assert (model.day, model.steps, model.running) == (1, 1, True)
    assert model.run(10) is model
    assert (model.day, model.running) == (11, True)
    model.run(10)
    assert (model.day, model.steps, model.running) == (12, 12, False)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="all 12 days have passed"):
            model.step()
    assert model.run().steps == 12
    assert len(model.datacollector.get_model_vars_dataframe()) == 13
    assert repr(model) == "TrafficModel('world', arm='private', day 12 of 12)"


def test_mesa_runs_it_to_the_end(scenario):
    model = TrafficModel(scenario)
    model.run_model()
    assert model.day == 12


def test_places_are_its_agents(scenario):
    model = TrafficModel(scenario).run(5)
    assert list(model.places) == ["review_site", "lift_screen", "dining_room", "vip_group", "manager"]
    assert set(model.agents) == set(model.places.values())
    pools = model.agents.select(lambda place: place.kind == "pool")
    assert pools.get("name") == ["vip_group", "manager"]
    assert pools.agg("members", sum) == model.members
    assert model.agents.agg("orders", sum) == model.orders
    assert model.agents.agg("revenue", sum) == pytest.approx(model.revenue)
    assert model.places["vip_group"].members == 3 * model.customers.members("vip_group").sum()
    members = pools.get("members")[0]
    assert repr(model.places["vip_group"]) == f"Place('vip_group', kind='pool', members={members})"
    assert TrafficModel(scenario, "nothing").places.keys() == model.places.keys() - {"manager"}


@pytest.mark.parametrize("counter", ["visits", "impressions", "noticed", "posts", "reads", "joined", "left", "orders"])
def test_places_tell_their_last_day(scenario, counter):
    model = TrafficModel(scenario)
    seen = np.zeros((12, 5), int)
    assert [getattr(place, counter) for place in model.places.values()] == [0] * 5
    for day in range(12):
        model.step()
        seen[day] = [getattr(place, counter) for place in model.places.values()]
    times = 1 if counter in ("impressions", "posts") else 3
    codes = [model.world.names.places.index(name) for name in model.places]
    assert np.array_equal(seen, times * model.world.counted(counter)[:, codes])
    with pytest.raises(KeyError, match="told is not counted by place"):
        model.places["vip_group"].last_day("told")


def test_places_are_collected(scenario):
    frame = TrafficModel(scenario).run(3).datacollector.get_agent_vars_dataframe()
    assert list(frame.columns) == ["name", "members", "visits", "reads", "orders", "revenue"]
    assert list(frame.index.get_level_values("Step").unique()) == [0, 1, 2, 3]
    assert len(frame) == 4 * 5


def test_own_reporters_stand_beside_the_others(scenario):
    model = TrafficModel(
        scenario,
        model_reporters={"trust": lambda m: m.customers.agg("trust", np.mean)},
        agent_reporters={"posts": "posts"},
    ).run(3)
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["trust"].iloc[-1] == np.mean(model.customers.trust)
    assert {"day", "orders"} < set(frame)
    assert {"members", "posts"} < set(model.datacollector.get_agent_vars_dataframe())


def test_a_subclass_may_do_more_each_day(scenario):
    class Doubting(TrafficModel):
        def step(self):
            self.customers.trust[:] *= 0.5
            super().step()

    doubting, trusting = Doubting(scenario).run(6), TrafficModel(scenario).run(6)
    assert doubting.steps == doubting.day == 6
    assert doubting.customers.agg("trust", np.mean) < trusting.customers.agg("trust", np.mean)


def test_the_ledger_goes_on_from_changed_columns():
    model = TrafficModel(changed(QUIET, {}), "base")
    model.step()
    model.customers[:40].joined_on = 0
    model.customers[:40].status = IN
    model.customers[:40].unit = 0
    model.step()
    members = dict(zip(model.world.names.places, model.world.members[2].tolist(), strict=True))
    assert sorted(members.values()) == [0, 0, 0, 40, 40]
    assert all(members[pool] == 40 for pool in model.world.names.pools)
    assert model.places["club"].members == 40
    assert model.members == 80


def test_customers_are_those_of_the_world(scenario):
    model = TrafficModel(scenario)
    assert model.customers.trust is model.world.columns.mind.trust
    assert list(model.customers.groupby("segment").count()) == ["deal_hunters", "hosts", "neighbours"]
    assert len(model.customers) == 300
    with pytest.raises(TypeError, match="use NumPy: model"):
        model.customers.shuffle_do("step")


def test_scenarios_by_name_and_by_path(scenario, tmp_path):
    (tmp_path / "mine.yaml").write_text(scenario.text, encoding="utf-8")
    assert TrafficModel(tmp_path / "mine.yaml", "nothing").case == scenario
    assert TrafficModel(str(tmp_path / "mine.yaml")).arm == "private"
    with pytest.raises(ScenarioError, match="no such file or shipped case"):
        TrafficModel("restarant")
    with pytest.raises(ValueError, match="world has no arm 'both'; there are nothing, private"):
        TrafficModel(scenario, "both")


def test_mesa_keeps_what_is_its_own(scenario):
    model = TrafficModel(scenario, seed=7)
    assert isinstance(model, mesa.Model)
    assert model.case is scenario
    assert model.rng.random() == TrafficModel(scenario, seed=7).rng.random()
    assert model.rng.random() != TrafficModel(scenario, seed=7, replicate=1).rng.random()
    assert model.random.random() == TrafficModel(scenario, seed=7).random.random()
