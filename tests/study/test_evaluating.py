"""evaluate: what points come to is what comparisons of them come to, however and wherever they are run."""

import numpy as np
import pandas as pd
import pytest

import trafficsim as ts
from comparisons import shop
from trafficsim.scenario import ScenarioError
from trafficsim.study import evaluating
from trafficsim.study.worlds import plausible_worlds

SMALL = shop({"customers.count": 150, "days": 12})
POINTS = [{"product.price": 60, "leaving.hazard": 0.03}, {"product.price": 90, "leaving.hazard": 0.01}]
OUTPUTS = [
    "profit",
    "new_customers",
    "cac",
    "daily.profit",
    "daily.orders",
    "daily.members.club",
    "daily.customers_aware",
]


def test_a_point_comes_to_what_a_comparison_of_it_comes_to():
    found = ts.evaluate(SMALL, POINTS, OUTPUTS, replicates=3, seed=4)
    assert found["profit"].dims == ("point", "arm", "replicate")
    assert found["daily.orders"].shape == (2, 3, 3, 12)
    assert found["product.price"].to_numpy().tolist() == [60, 90]
    assert found["problem"].to_numpy().tolist() == ["", ""]
    for point, settings in enumerate(POINTS):
        result = ts.compare(SMALL.replace(settings), 3, seed=4)
        here = found.isel(point=point)
        for arm in SMALL.arms:
            for name in ("profit", "new_customers"):
                assert (
                    here[name].sel(arm=arm).to_numpy().tolist() == result.values(name).sel(arm=arm).to_numpy().tolist()
                )
        days = result.data["orders"].sum("place").transpose("arm", "replicate", "day")
        assert np.array_equal(here["daily.orders"].to_numpy(), days.to_numpy())
        members = result.data["members"].sel(place="club").transpose("arm", "replicate", "day")
        assert np.array_equal(here["daily.members.club"].to_numpy(), members.to_numpy())
        assert here["daily.profit"].sum("day").to_numpy() == pytest.approx(here["profit"].to_numpy())
    spent = ts.evaluate(SMALL, POINTS, ["spend"], replicates=3, seed=4)["spend"]
    per_customer = spent / found["new_customers"].where(found["new_customers"] > 0)
    assert found["cac"].sel(arm="paid").to_numpy() == pytest.approx(
        per_customer.sel(arm="paid").to_numpy(), nan_ok=True
    )
    assert np.isnan(found["cac"].sel(arm="nothing")).all()  # nothing is spent


def test_points_of_worlds_are_those_of_replacing():
    worlds = plausible_worlds(SMALL, 16, 1)
    assert worlds.how is not None
    found = ts.evaluate(SMALL, worlds.points[:4], ["profit"], replicates=1, seed=2)
    for point in range(4):
        result = ts.compare(worlds.scenario_of(point), 1, seed=2)
        for arm in SMALL.arms:
            assert found["profit"].isel(point=point).sel(arm=arm).item() == result.values("profit").sel(arm=arm).item()


def test_workers_and_tables_change_nothing():
    one = ts.evaluate(SMALL, POINTS, OUTPUTS, workers=1)
    assert one.identical(ts.evaluate(SMALL, pd.DataFrame(POINTS), OUTPUTS, workers=3))


def test_finished_points_are_read_and_not_run(tmp_path, monkeypatch):
    told = []
    first = ts.evaluate(SMALL, POINTS[:1], OUTPUTS, folder=tmp_path, done=told.append)
    run = []
    real = evaluating._run_point
    monkeypatch.setattr(evaluating, "_run_point", lambda *given: run.append(given) or real(*given))
    both = ts.evaluate(SMALL, POINTS, OUTPUTS, workers=1, folder=tmp_path, done=told.append)
    assert told == [1, 1, 2]
    assert [given[1] for given in run] == POINTS[1:]
    assert first["profit"].isel(point=0).equals(both["profit"].isel(point=0))
    again = ts.evaluate(SMALL, POINTS, OUTPUTS, folder=tmp_path)
    assert len(run) == 1
    assert again.identical(both)
    ts.evaluate(SMALL, POINTS, OUTPUTS, workers=1, folder=tmp_path, seed=5)
    assert len(run) == 3


def test_few_points_are_run_replicate_by_replicate_to_the_same_bits(monkeypatch):
    run = []
    real = evaluating._run_point
    monkeypatch.setattr(evaluating, "_run_point", lambda *given: run.append(given[2]) or real(*given))
    whole = ts.evaluate(SMALL, POINTS[:1], OUTPUTS, replicates=3, workers=1)
    assert run == [range(3)]
    assert whole.identical(ts.evaluate(SMALL, POINTS[:1], OUTPUTS, replicates=3, workers=2))
    assert sorted(run[1:], key=lambda part: part.start) == [range(1), range(1, 2), range(2, 3)]


def test_a_damaged_point_is_run_again(tmp_path):
    whole = ts.evaluate(SMALL, POINTS, ["profit"], folder=tmp_path)
    for path in tmp_path.iterdir():
        path.write_bytes(path.read_bytes()[:-3])
    assert ts.evaluate(SMALL, POINTS, ["profit"], folder=tmp_path).identical(whole)


def test_points_may_give_different_settings_and_texts():
    found = ts.evaluate(SMALL, [{"hooks.gift.reason": "vague"}, {"product.price": 70}], ["profit"], replicates=1)
    result = ts.compare(SMALL.replace({"product.price": 70}), 1)
    assert found["profit"].isel(point=1).sel(arm="paid").item() == result.values("profit").sel(arm="paid").item()


def test_arms_that_spend_the_same_do_so_at_every_point():
    case = SMALL.replace({"equal_budget": ["paid", "private"]})
    found = ts.evaluate(case, POINTS, ["spend"], replicates=2)
    for point, settings in enumerate(POINTS):
        result = ts.compare(case.replace(settings), 2)
        assert (
            found["spend"].isel(point=point).sel(arm="paid").to_numpy().tolist()
            == result.values("spend").sel(arm="paid").to_numpy().tolist()
        )


def test_a_point_whose_arms_can_not_spend_the_same_says_so(tmp_path):
    case = SMALL.replace({"equal_budget": ["paid", "private"]})
    impossible = {"places.club.tool_cost_per_day": 1e6}
    found = ts.evaluate(case, [impossible, {"places.club.tool_cost_per_day": 40}], ["profit"], folder=tmp_path)
    assert np.isnan(found["profit"].isel(point=0)).all()
    assert "can't spend" in found["problem"].to_numpy()[0]
    assert not np.isnan(found["profit"].isel(point=1)).any()


@pytest.mark.parametrize(
    ("points", "outputs", "error", "says"),
    [
        ([], ["profit"], ValueError, "points must be a whole number of 1 or more"),
        ([{"product.prize": 5}], ["profit"], ScenarioError, "did you mean 'product.price'"),
        ([{"product.price": 5}, {"product.price": -5}], ["profit"], ScenarioError, "price"),
        (POINTS, ["profits"], KeyError, "no metric 'profits'"),
        (POINTS, ["daily.profits"], KeyError, "no daily series 'profits'"),
        (POINTS, ["daily.cac"], KeyError, "no daily series 'cac'"),
        (POINTS, ["daily.members.clubb"], KeyError, "no entry of members 'clubb'"),
    ],
)
def test_what_can_not_be_run_is_refused_before_anything_runs(monkeypatch, points, outputs, error, says):
    monkeypatch.setattr(evaluating, "run_design", lambda *_: pytest.fail("it ran"))
    with pytest.raises(error, match=says):
        ts.evaluate(SMALL, points, outputs)
