"""The command `plan`."""

import json

import pytest

from answers import conforming
from comparisons import SHOP

SMALL = SHOP.replace("days: 60", "days: 12").replace("count: 2000", "count: 300") + "  both:    {}\n"
LEVERS = ("--lever", "advertising.feed.budget_per_day=0:200", "--lever", "hooks.gift.gives=gift,coupon")
QUICK = ("--uncertain", "0", "--replicates", "3", "--rounds", "0")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(SMALL, "utf-8")
    return file


def test_it_answers_and_writes_a_folder(command, path, tmp_path):
    out = tmp_path / "plan"
    status, told = command("plan", path, "--budget", "1200", *LEVERS, *QUICK, "--out", out)
    assert status == 0, told.err
    assert "The plan for “both”, which may spend CNY 1,200" in " ".join(told.out.split())
    names = {"plan.html", "plan.json", "levers.csv", "compared.csv", "tried.csv", "frontier.csv", "manifest.json"}
    assert names <= {file.name for file in out.iterdir()}
    status, told = command("plan", path, "--budget", "1200", *LEVERS, *QUICK, "--out", out, "--resume", "--json")
    assert status == 0, told.err
    assert conforming(told.out) == json.loads((out / "plan.json").read_text("utf-8"))
    status, told = command("plan", path, "--budget", "1300", *LEVERS, *QUICK, "--out", out)
    assert status == 2
    assert "holds another run (a plan, scenario shop" in told.err


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--budget", "0"), "budget must be a sum above 0"),
        (("--budget", "9", "--lever", "product.price"), "give its range or choices"),
        (("--budget", "9", "--lever", "product.price=9:1"), "a span must rise"),
        (("--budget", "9", "--limit", "spend=5"), "give NAME<=VALUE"),
        (("--budget", "9", "--limit", "fame<=5"), "no daily series 'fame'"),
        (("--budget", "9", "--aim", "fame"), "no aim 'fame'"),
        (("--budget", "9", "--uncertain", "20"), "power of two"),
        (("--budget", "9", "--days", "99"), "from 1 to 12"),
    ],
)
def test_bad_input_is_told_with_status_2_and_leaves_nothing(command, path, arguments, says, tmp_path):
    out = tmp_path / "none"
    status, told = command("plan", path, *LEVERS, *arguments, "--out", out)
    assert status == 2
    assert says in " ".join(told.err.replace("│", " ").split())
    assert not out.exists()
