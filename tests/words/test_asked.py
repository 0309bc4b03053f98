"""Wrong calls end with a sentence, before anything runs; what is right may be given in several forms."""

import inspect
import pickle
import sys
import types

import mesa
import numpy as np
import pandas as pd
import pytest

import trafficsim as ts
from trafficsim.engine.spreading import watch
from trafficsim.engine.world import gather, start
from trafficsim.plots import spreading
from trafficsim.scenario import load_text
from trafficsim.study import notebook
from trafficsim.words import asked
from worlds import different

SMALL = """
format: 1
title: A small shop
start: 2024-01-01
days: 6
customers:
  count: 40
  segments:
    all: {share: 1, days_between_needs: 5, fit: 0.6, deal_prone: 0.5}
  at_start: {aware: 0.8, bought: 0.5}
product: {price: 60, unit_cost: 25}
places:
  shop: {kind: store, visits_per_week: 1}
  club: {kind: pool, form: group, open_rate: 0.4}
posts:
  club: {per_week: 3}
hooks:
  gift: {at: shop, into: club, gives: gift, worth: 10, cost: 3, in_person: true}
arms:
  nothing: {hooks: off, posts: off, places: {club: off}}
  private: {}
baseline: nothing
"""


@pytest.fixture(scope="module")
def scenario():
    return load_text(SMALL, "small")


@pytest.fixture(scope="module")
def result(scenario):
    return ts.compare(scenario, replicates=3)


WHOLE = "must be a whole number"
WRONG = {
    "no replicates": (lambda s, _: ts.compare(s, replicates=0), "replicates must be a whole number of 1 or more"),
    "half a replicate": (lambda s, _: ts.compare(s, replicates=2.5), f"replicates {WHOLE} of 1 or more \\(got 2.5"),
    "replicates as text": (lambda s, _: ts.compare(s, replicates="3"), f"replicates {WHOLE}"),
    "replicates as yes": (lambda s, _: ts.compare(s, replicates=True), f"replicates {WHOLE}"),
    "a negative seed": (lambda s, _: ts.compare(s, seed=-1), "seed must be a whole number from 0 to 18,446,744"),
    "a seed of 65 bits": (lambda s, _: ts.compare(s, seed=2**64), f"seed {WHOLE}"),
    "half a seed": (lambda s, _: ts.compare(s, seed=1.5), f"seed {WHOLE}"),
    "no workers": (lambda s, _: ts.compare(s, workers=0), f"workers {WHOLE}"),
    "no replicates at most": (lambda s, _: ts.compare(s, max_replicates=0), f"max_replicates {WHOLE}"),
    "a sweep of nothing": (lambda s, _: ts.sweep(s, {"product.price": [9]}, replicates=0), f"replicates {WHOLE}"),
    "a sweep's seed": (lambda s, _: ts.sweep(s, {"product.price": [9]}, seed=-3), f"seed {WHOLE}"),
    "solving's seed": (lambda s, _: ts.solve(s, "product.price", (9, 99), seed=-3), f"seed {WHOLE}"),
    "half a customer": (lambda s, _: ts.journey(s, 1.5), "no customer 1.5; they are numbered 0 to 39"),
    "a journey's seed": (lambda s, _: ts.journey(s, 1, seed=-1), f"seed {WHOLE}"),
    "a model's seed": (lambda s, _: ts.TrafficModel(s, seed=-1), f"seed {WHOLE}"),
    "two seeds": (lambda s, _: ts.TrafficModel(s, seed=1, rng=2), "seed or rng, not both"),
    "half a replicate of a model": (lambda s, _: ts.TrafficModel(s, replicate=0.5), f"replicate {WHOLE}"),
    "days backwards": (lambda s, _: ts.TrafficModel(s).run(-1), f"days {WHOLE} of 0 or more"),
    "a world backwards": (lambda s, _: start(s, "private").run(-5), f"until {WHOLE}"),
    "no threads": (lambda s, _: start(s, "private").run(threads=0), f"threads {WHOLE}"),
    "an arm that isn't": (lambda s, _: start(s, "privat"), "no arm 'privat'; there are nothing, private"),
    "percent for confidence": (lambda _, r: r.summary(95), "confidence must lie between 0 and 1, such as 0.95 .got 95"),
    "certainty": (lambda _, r: r.by_route(1.0), "confidence must lie"),
    "a difference to no arm": (lambda _, r: r.difference("profit", "private", "x"), "no arm 'x'; there are nothing, p"),
    "a difference to itself": (lambda _, r: r.difference("profit", "private", "private"), "two different arms"),
    "a crossover with no arm": (lambda _, r: r.crossover("profit", "private", "x"), "no arm 'x'"),
    "an uplift of no arm": (lambda _, r: r.uplift("x"), "no arm 'x'"),
    "a metric that isn't": (lambda _, r: r.values("proft"), "no metric 'proft'; there are spend"),
    "settings as text": (lambda s, _: s.replace("days=3"), "settings to replace are a mapping"),
    "a scenario as a number": (lambda _, __: ts.compare(5), "is what `load` returns, a path, a name, a text or"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_call_ends_with_a_sentence(name, scenario, result):
    call, sentence = WRONG[name]
    with pytest.raises((ValueError, KeyError, TypeError), match=sentence):
        call(scenario, result)


def test_one_seed_is_meant_wherever_none_is_given(scenario, result):
    assert result.data.attrs["seed"] == asked.DEFAULT_SEED
    of_seed = start(scenario, "private", asked.DEFAULT_SEED, 0, gather(scenario, asked.DEFAULT_SEED))
    assert different(start(scenario, "private").run(), of_seed.run()) == []
    assert (watch(scenario, "private").heard_on == watch(scenario, "private", seed=asked.DEFAULT_SEED).heard_on).all()
    assert inspect.signature(spreading).parameters["seed"].default == asked.DEFAULT_SEED


def test_a_scenario_may_be_given_as_path_text_or_itself(result, tmp_path):
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    for given in (file, str(file), SMALL):
        found = ts.compare(given, replicates=3)
        pd.testing.assert_frame_equal(found.summary(), result.summary())
    assert ts.journey(file, 1, arms=("private", "nothing")).customer == 1


def test_the_command_repeats_the_run_replaced_settings_included(tmp_path):
    file = tmp_path / "my shop.yaml"
    file.write_text(SMALL)
    changed = ts.load(file).replace({"product.price": 70, "private:hooks.gift.cost": 2.5}).replace({"days": 5})
    command = ts.compare(changed, replicates=2, seed=7).data.attrs["repeat"]
    assert command == (
        f"trafficsim compare '{file}' --replicates 2 --seed 7 "
        "--set product.price=70 --set private:hooks.gift.cost=2.5 --set days=5"
    )


@pytest.mark.mesa
def test_iterations_of_a_batch_are_independent():
    parameters = {"scenario": SMALL, "arm": "private"}
    # Mesa 3.5 says `rng` where earlier versions only know `iterations`.
    thrice = {"rng": [None] * 3} if "rng" in inspect.signature(mesa.batch_run).parameters else {"iterations": 3}
    found = mesa.batch_run(ts.TrafficModel, parameters, data_collection_period=1, display_progress=False, **thrice)
    days = {n: tuple(row["profit"] for row in found if row["iteration"] == n) for n in range(3)}
    assert len(set(days.values())) == 3


@pytest.mark.mesa
def test_a_model_takes_what_mesa_takes_as_rng(scenario):
    def world(**luck):
        return ts.TrafficModel(scenario, **luck).run().world

    assert different(world(rng=5), world(seed=5)) == []
    assert different(world(rng=np.random.default_rng(3)), world(rng=np.random.default_rng(3))) == []
    assert different(world(), world()) != []
    fresh = ts.TrafficModel(scenario)
    assert different(world(seed=fresh.seed), fresh.run().world) == []


@pytest.mark.mesa
def test_a_model_goes_on_after_pickling(scenario):
    model = ts.TrafficModel(scenario, seed=2)
    model.run(3)
    twin = pickle.loads(pickle.dumps(model))
    assert different(twin.run().world, model.run().world) == []
    twin.customers.trust[:] = 0.25
    assert (twin.world.columns.stored[2]["trust"] == np.float32(0.25)).all(), "columns are views of what is stored"
    frame = twin.datacollector.get_model_vars_dataframe()
    pd.testing.assert_frame_equal(frame, model.datacollector.get_model_vars_dataframe())


@pytest.mark.mesa
def test_customers_of_a_pool_with_groups_make_a_table(scenario):
    table = ts.TrafficModel(scenario, seed=1).run().customers.to_frame()
    assert len(table) == 40
    assert "status.club" in table


def test_a_world_is_restored_under_its_own_luck_only(scenario, tmp_path):
    saved = tmp_path / "world.npz"
    world = start(scenario, "private", seed=3).run(4)
    world.save(saved)
    assert different(start(scenario, "private", seed=3).restore(saved).run(), world.run()) == []
    for luck in ({"seed": 4}, {"seed": 3, "replicate": 1}):
        with pytest.raises(ValueError, match="another seed or replicate"):
            start(scenario, "private", **luck).restore(saved)


def test_a_notebook_shows_progress_and_that_rules_are_compiled(scenario, monkeypatch):
    behind = types.SimpleNamespace(get_ipython=lambda: types.SimpleNamespace(kernel=object()))
    lines = []

    def display(data, **_):
        lines.append(data["text/plain"])
        return types.SimpleNamespace(update=display)

    monkeypatch.setitem(sys.modules, "IPython", behind)
    monkeypatch.setitem(sys.modules, "IPython.display", types.SimpleNamespace(display=display))
    monkeypatch.setattr(notebook, "is_warm", lambda: False)
    ts.compare(scenario, replicates=2)
    assert any("Compiling the rules once" in line for line in lines)
    assert any("0 of 2 replicates" in line for line in lines)
    assert lines[-1] == ""


def test_elsewhere_nothing_is_shown(scenario, capsys):
    ts.compare(scenario, replicates=2)
    assert capsys.readouterr() == ("", "")
