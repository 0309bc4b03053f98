"""The command `diff`: two scenarios, and two results, side by side."""

import pytest

from answers import conforming
from comparisons import SHOP

SMALL = SHOP.replace("days: 60", "days: 10").replace("count: 2000", "count: 300")


@pytest.fixture
def files(tmp_path):
    dearer = SMALL.replace("price: 80", "price: 81")
    assert dearer != SMALL
    for name, text in (("a.yaml", SMALL), ("b.yaml", dearer)):
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path / "a.yaml", tmp_path / "b.yaml"


def test_scenarios_differ_in_what_they_set(command, files):
    status, told = command("diff", *files)
    assert (status, told.out.splitlines()) == (
        0,
        ["Price of the product: 80 → 81", "price of the like in the market: 80 → 81"],
    )
    _, same = command("diff", files[0], files[0], "--language", "zh")
    assert same.out.splitlines() == ["两者在所有方案中的设置都相同。"]


@pytest.mark.usefixtures("data_alone")
def test_results_differ_in_what_became_of_it_replicate_by_replicate(command, files, tmp_path):
    folders = [tmp_path / name for name in ("ra", "rb")]
    for file, folder in zip(files, folders, strict=True):
        assert command("compare", file, "--replicates", "2", "--out", folder)[0] == 0
    status, told = command("diff", *folders)
    assert status == 0
    assert told.out.startswith("Price of the product: 80 → 81\n")
    assert "contribution profit" in told.out
    _, plain = command("diff", *folders, "--json")
    found = conforming(plain.out)
    assert found["paired"]
    assert [each["path"] for each in found["changes"]] == ["product.price", "product.market_price"]
    spent = [row for row in found["outcomes"] if (row["metric"], row["arm"]) == ("spend", "nothing")]
    assert (spent[0]["difference"], spent[0]["low"]) == (0, 0)


@pytest.mark.parametrize(
    ("other", "says"),
    [(".", "holds no finished comparison"), ("nowhere.yaml", "no such file")],
)
def test_what_is_neither_is_told(command, files, monkeypatch, other, says):
    monkeypatch.chdir(files[0].parent)
    status, told = command("diff", files[0], other)
    assert status == 2
    assert says in " ".join(told.err.replace("│", " ").split())
