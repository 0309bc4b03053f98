"""Worlds drawn from a file of plausible ones."""

import numpy as np
import pytest

from trafficsim.scenario import ScenarioError, load
from trafficsim.scenario.loading import shipped
from trafficsim.study.worlds import plausible_worlds

TABLE = "weight,product.price,places.vip_group.open_rate\n0.75,80,0.2\n0.25,120,0.45\n0,70,0.3\n"


@pytest.fixture
def case(tmp_path):
    def named(table, name="plausible.csv"):
        (tmp_path / "plausible.csv").write_text(table, encoding="utf-8")
        (tmp_path / "my.yaml").write_text(shipped()["restaurant"].read_text("utf-8") + f"plausible: {name}\n", "utf-8")
        return load(tmp_path / "my.yaml")

    return named


def test_numbers_of_the_file_come_from_its_rows_together_and_by_weight(case):
    worlds = plausible_worlds(case(TABLE), 64, seed=1)
    at = [n.path for n in worlds.numbers].index
    price, rate = (worlds.values[:, at(path)] for path in ("product.price", "places.vip_group.open_rate"))
    assert set(zip(price, rate, strict=True)) == {(80.0, 0.2), (120.0, 0.45)}
    assert (price == 80.0).sum() == pytest.approx(48, abs=3)  # a few worlds can't be, and others take their place
    assert len(set(worlds.values[:, at("customers.at_start.aware")])) == 64
    shares = worlds.shares[:, at("product.price")]
    price_of = worlds.numbers[at("product.price")]
    np.testing.assert_allclose(price_of.quantile(shares), price, rtol=1e-3)


def test_a_file_changes_nothing_in_a_run(case):
    assert case(TABLE).digest == load("restaurant").digest
    assert case(TABLE).yaml.splitlines()[-1] == "plausible: plausible.csv"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("x,product.price\n1,80\n", "plausible.csv:1:1: plausible: the first column must be weight"),
        ("weight,product.prize\n1,80\n", "plausible.csv:1:2: plausible: no uncertain number of this scenario"),
        ("weight,product.price\n1,eighty\n", "plausible.csv:2:2: plausible: must be a number"),
        ("weight,product.price\n1\n", "plausible.csv:2:2: plausible: must be a number"),
        ("weight,product.price\n0,80\n", "plausible.csv:1:1: plausible: weights must be 0 or more, and not all 0"),
        ("weight,product.price\n", "with a row for each world below"),
    ],
)
def test_a_wrong_file_is_told_with_its_place_when_worlds_are_drawn(table, said, case):
    with pytest.raises(ScenarioError) as raised:
        plausible_worlds(case(table), 16, seed=1)
    assert said in str(raised.value)


def test_a_file_elsewhere_is_refused(case):
    with pytest.raises(ScenarioError, match="must lie beside the scenario"):
        case(TABLE, "../plausible.csv")
    with pytest.raises(ScenarioError, match="no such file"):
        case(TABLE, "nothing.csv")
