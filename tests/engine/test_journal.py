"""One world's story by day: every number recomputed by hand from its tallies."""

import datetime as dt

import numpy as np
import pandas as pd
from rich.cells import cell_len

from comparisons import lively
from trafficsim.books import metrics
from trafficsim.books.counters import COUNTERS
from trafficsim.books.metrics import COST_LINES
from trafficsim.engine.journal import as_text, by_day
from trafficsim.engine.world import start

ROWS = {c.name: row for row, c in enumerate(COUNTERS)}
SPENT = (
    *("advertising", "hooks", "rewards", "attention", "partner_pay", "win_back"),
    *("content", "wages", "tools", "perks"),
)
MONEY_LOST = (*SPENT, "discounts", "cost_of_goods", "commission", "delivery", "fixed_costs")


def story(changes=None, until=None):
    case = lively({"customers.count": 200, "days": 25, **(changes or {})})
    world = start(case, "both", 3).run(until)
    return world, table(world, case)


def table(world, case):
    return pd.DataFrame(by_day(world, case)).set_index("day")


def test_each_row_is_a_day_with_its_date():
    _, days = story()
    assert days.index.tolist() == list(range(25))
    assert days.index.name == "day"
    assert days["date"].tolist() == [dt.date(2024, 1, 3) + dt.timedelta(days=d) for d in range(25)]


def test_people_are_those_of_the_tallies():
    world, days = story()
    for column, counter in (
        ("newly_aware", "aware"),
        ("new_customers", "first_orders"),
        ("orders", "orders"),
        ("joined", "joined"),
        ("left", "left"),
        ("won_back", "won_back"),
    ):
        assert days[column].tolist() == world.tallies[:, ROWS[counter]].sum(axis=1).tolist()
        assert days[column].sum() > 0


def test_members_are_those_of_the_start_and_who_came_less_who_left():
    world, days = story()
    before = sum(world.members[0])
    assert before > 0
    change = days["joined"] + days["won_back"] - days["left"]
    assert days["members"].tolist() == (before + change.cumsum()).tolist()


def test_profit_is_the_sum_of_the_ledger_lines_in_currency_units():
    world, days = story({"days": 40})  # KOC and KOL are chosen on day 28
    sums = {name: world.tallies[:, row].sum(axis=1) for name, row in ROWS.items()}
    lost = sum(sums[name] for name in MONEY_LOST)
    assert all(sums[name].sum() > 0 for name in MONEY_LOST)
    assert np.array_equal(days["revenue"], (sums["gross_sales"] - sums["discounts"]) / 100)
    assert np.array_equal(days["profit"], (sums["gross_sales"] - lost) / 100)
    assert np.allclose(days["total_profit"], (sums["gross_sales"] - lost).cumsum() / 100, rtol=0, atol=1e-6)


def test_only_days_that_have_passed_are_told():
    world, days = story(until=7)
    assert world.day == 7
    pd.testing.assert_frame_equal(days, story()[1].head(7))


def test_each_customer_stands_for_so_many():
    """The same tallies, told of three times as many people; rent, pay, posts and media stay what they are."""
    case = lively({"customers.count": 200, "days": 25})
    world = start(case, "both", 3).run()
    one, three = table(world, case), table(world, case.replace({"customers.each_stands_for": 3}))
    numbers = one.columns.drop(["date", "profit", "total_profit"])
    assert one["orders"].sum() > 0
    assert np.allclose(three[numbers], 3 * one[numbers], rtol=1e-12)
    in_full = [line for line in COST_LINES if metrics.counter(line).times(3) == 1]
    fixed = sum(world.counted(line).sum(axis=1) for line in in_full) / 100
    assert fixed.sum() > 0
    assert np.allclose(three["profit"], 3 * (one["profit"] + fixed) - fixed, rtol=0, atol=1e-6)


def test_as_text_fits_eighty_columns_and_says_every_number():
    days = {
        "day": [365, 366],
        "date": [dt.date(2024, 1, 1), dt.date(2024, 1, 2)],
        "newly_aware": [10, 9],
        "new_customers": [1, 0],
        "orders": [12345, 1],
        "joined": [123, 0],
        "left": [12, 0],
        "won_back": [0, 0],
        "members": [123456, 1],
        "revenue": [1234567.4, 0.0],
        "profit": [-123456.6, -0.3],
        "total_profit": [-12345678.0, -1.0],
    }
    above, below, first, second = as_text({name: np.array(values) for name, values in days.items()}).splitlines()
    assert {len(line) for line in (above, below, first, second)} == {len(first)}
    assert len(first) <= 80
    said = [line.split() for line in (above, below, first, second)]
    assert [" ".join(words) for words in said] == [
        "newly first total",
        "day date aware orders orders joined left members revenue profit profit",
        "365 2024-01-01 10 1 12345 123 12 123456 1234567 -123457 -12345678",
        "366 2024-01-02 9 0 1 0 0 1 0 0 -1",
    ]


def test_in_chinese_the_columns_are_named_in_it_and_as_wide():
    _, days = story()
    columns = {name: days.reset_index()[name].to_numpy()[:2] for name in ("day", "newly_aware", "members", "profit")}
    above, below, first, second = as_text(columns, "zh").splitlines()
    assert (above.split(), below.split()) == (["私域成员"], ["天", "新知晓人数", "（人次）", "利润"])
    assert {cell_len(line) for line in (above, below, first, second)} == {cell_len(first)}


def test_as_text_shows_who_was_won_back_where_anybody_was():
    world, days = story()
    above, below, *rows = as_text(by_day(world, lively())).splitlines()
    assert " won " in above
    place = below.split().index("back")
    assert days.reset_index().columns[place] == "won_back"
    assert [int(row.split()[place]) for row in rows] == days["won_back"].tolist()
