"""Arms that stand in files of their own, such as those of teams: of `with_arms_of`, `--add-arms`, and the class."""

from pathlib import Path

import pytest

from comparisons import SHOP
from trafficsim.scenario import ScenarioError, load, load_text, with_arms_of

CLASS = Path(__file__).parents[2] / "docs" / "class"


@pytest.fixture
def shop():
    return load_text(SHOP, "shop")


def test_each_file_is_an_arm_of_its_name_and_sets_what_it_holds(shop, tmp_path):
    (tmp_path / "red.yaml").write_text("product: {price: 75}\n", "utf-8")
    (tmp_path / "蓝队.yaml").write_text("hooks: off\n", "utf-8")
    found = with_arms_of(shop, [tmp_path])
    assert found.arms == (*shop.arms, "red", "蓝队")
    assert found == shop.adding({"arms": {"red": {"product": {"price": 75}}, "蓝队": {"hooks": "off"}}})
    assert with_arms_of(shop, [tmp_path / "red.yaml"]).arms == (*shop.arms, "red")


def test_a_mistake_is_told_at_its_line_in_the_team_s_file(shop, tmp_path):
    file = tmp_path / "red.yaml"
    file.write_text("product:\n  prise: 75\n", "utf-8")
    with pytest.raises(ScenarioError) as told:
        with_arms_of(shop, [file])
    assert str(told.value) == f"{file}:2:3: arms.red.product.prise: unknown key; did you mean 'price'?"


@pytest.mark.parametrize(
    ("name", "says"),
    [("paid", "there is an arm 'paid' already: name the file otherwise"), ("2nd", "a name is made of letters")],
)
def test_names_that_can_t_be_are_told(shop, tmp_path, name, says):
    file = tmp_path / f"{name}.yaml"
    file.write_text("hooks: off\n", "utf-8")
    with pytest.raises(ScenarioError, match=says):
        with_arms_of(shop, [file])


def test_what_is_not_there_is_told(shop, tmp_path):
    with pytest.raises(ScenarioError, match=r"no \.yaml file in"):
        with_arms_of(shop, [tmp_path])
    with pytest.raises(ScenarioError, match=r"nobody\.yaml:.* no such file"):
        with_arms_of(shop, [tmp_path / "nobody.yaml"])


def test_the_class_of_the_lesson_plan_is_fine(command):
    market = load(CLASS / "market.yaml")
    found = with_arms_of(market, [CLASS / "teams"])
    assert found.arms == ("nothing", "blue", "gold", "red")
    assert found.notes() == market.notes()
    assert command("check", CLASS / "market.yaml", "--add-arms", CLASS / "teams")[0] == 0


def test_commands_take_them(command, tmp_path):
    red, market = tmp_path / "red.yaml", tmp_path / "shop.yaml"
    red.write_text("product: {price: 75}\n", "utf-8")
    market.write_text(SHOP, "utf-8")
    small = ("--set", "days=8", "--replicates", "2")
    status, told = command("explain", market, "paid", "red", "--add-arms", red, *small)
    assert status == 0
    assert "red" in told.out


def test_commands_that_refuse_something_else_know_them_too(command, tmp_path):
    red, market = tmp_path / "red.yaml", tmp_path / "shop.yaml"
    red.write_text("product: {price: 75}\n", "utf-8")
    market.write_text(SHOP, "utf-8")
    with_red = (market, "--add-arms", red)
    for asked, told_of in (
        (("power", *with_red, "paid", "red", "--share", "2"), "share"),
        (("plan", *with_red, "--arm", "red", "--budget", "100", "--lever", "hooks.gift.wroth=1:2"), "wroth"),
        (("against", *with_red), "against"),
    ):
        status, told = command(*asked)
        assert status == 2
        assert told_of in told.err
        assert "no arm" not in told.err
