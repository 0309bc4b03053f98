"""The command `explain`."""

import pytest

from answers import conforming
from comparisons import SHOP

SMALL = SHOP.replace("days: 60", "days: 15").replace("count: 2000", "count: 400")


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(SMALL, "utf-8")
    return file


def test_it_answers_and_draws(command, path):
    status, told = command("explain", path, "paid", "private", "--replicates", "2", "--out", path.with_name("why.png"))
    assert status == 0, told.err
    assert "advertising off" in told.out
    assert path.with_name("why.png").stat().st_size > 10_000
    _, told = command(
        "explain", path, "paid", "private", "--replicates", "2", "--group", "club=places,posts,hooks", "--json"
    )
    assert {part["name"] for part in conforming(told.out)["parts"]} == {"club", "advertising"}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("paid", "other"), "no arm 'other'; this scenario has nothing, paid, private"),
        (("paid", "private", "--group", "places"), "give NAME=PATH,PATH"),
        (("paid", "private", "--out", "why.pdf"), "must end in .html, .png, .csv"),
        (("paid", "private", "--metric", "fame"), "fame"),
        (("paid", "private", "--group", "x=product"), "the arms don't differ in product"),
    ],
)
def test_bad_input_is_told_with_status_2(command, path, arguments, says):
    status, told = command("explain", path, *arguments)
    assert status == 2
    assert says in " ".join(told.err.replace("│", " ").split())
