"""Own data beside a scenario: which column is which series, over which days, and what is told of the rest."""

import csv
import datetime as dt

import numpy as np
import pytest

import trafficsim as ts
from cases import RESTAURANT
from trafficsim.data.errors import DataError
from trafficsim.scenario import ScenarioError
from trafficsim.study.arm import history_arm
from trafficsim.study.observing import observe, parse_map
from trafficsim.study.template import sheet, write_template


@pytest.fixture(scope="module")
def case():
    return ts.load(RESTAURANT)


@pytest.fixture
def observed(tmp_path, case):
    def read(text, arm="both", **options):
        path = tmp_path / "counts.csv"
        path.write_text(text, encoding="utf-8")
        return observe(case, arm, path, **options)

    return read


def days_of(text):
    """A table with a row for each of 35 days from the start, each cell worked out from the day's number."""
    rows = [f"{dt.date(2024, 1, 1) + dt.timedelta(days=d)},{text.replace('D', str(d))}" for d in range(35)]
    return "\n".join(rows)


def test_days_are_added_up_to_weeks_and_levels_are_their_last(observed):
    found = observed(f"date,orders,members.vip_group\n{days_of('2,D')}")
    orders, members = found.series
    assert (found.days, found.period, orders.over, members.over) == (35, "day", "flow", "level")
    np.testing.assert_array_equal(orders.data, [14] * 5)
    np.testing.assert_array_equal(members.data, [6, 13, 20, 27, 34])
    np.testing.assert_array_equal(members.lasts, [6, 13, 20, 27, 34])
    daily = np.arange(35.0)
    np.testing.assert_array_equal(orders.of(daily), [daily[k : k + 7].sum() for k in range(0, 35, 7)])
    np.testing.assert_array_equal(members.of(daily), members.data)


def test_a_gap_is_left_out_on_both_sides(observed):
    rows = f"date,orders,members.vip_group\n{days_of('2,D')}".splitlines()
    rows[2] = "2024-01-02,,"
    rows[8:15] = [f"{row.split(',')[0]},," for row in rows[8:15]]
    rows[21] = f"{rows[21].split(',')[0]},2,"
    orders, members = observed("\n".join(rows)).series
    np.testing.assert_array_equal(orders.data, [12, 14, 14, 14])
    assert orders.of(np.ones(35))[0] == 6
    np.testing.assert_array_equal(members.lasts, [6, 19, 27, 34])


def test_weeks_and_months_stand_for_themselves(observed):
    found = observed("week,orders\n2024-W01,7\n2024-W02,8\n2024-W04,9\n2024-W05,1\n")
    np.testing.assert_array_equal(found.series[0].of(np.ones(found.days)), [7] * 4)
    found = observed("month,orders\n2024-01,7\n2024-02,8\n2024-03,9\n2024-04,1\n")
    np.testing.assert_array_equal(found.series[0].of(np.ones(found.days)), [31, 29, 31, 30])


def test_heads_of_exports_become_series_of_the_pool_they_are_of(observed):
    found = observed(
        f"日期,订单数,支付金额,新增群成员数,member_total,消耗,msg_total,色,空\n{days_of('1,9,1,D,5,7,3,')}"
    )
    assert [series.name for series in found.series] == ["orders", "revenue", "joined.vip_group", "members.vip_group"]
    said = [note.said("zh") for note in found.notes]
    assert len(said) == 4
    assert "广告花费" in said[0]
    assert "群消息数" in said[1]
    assert "色" in said[2]
    assert "空" in said[3]
    assert [note.said("en").startswith("Column") for note in found.notes] == [True] * 4


def test_a_mapping_comes_first_and_leaves_out(observed):
    text = f"date,a,orders\n{days_of('1,2')}"
    found = observed(text, mapped={"a": "orders.dining_room", "orders": "-"})
    assert [series.name for series in found.series] == ["orders.dining_room"]
    assert parse_map(["a = b=orders", "x=-"]) == {"a = b": "orders", "x": "-"}


@pytest.mark.parametrize(
    ("text", "mapped", "said"),
    [
        ("date,a", {"b": "orders"}, "--map: b: no column of this head; there are a"),
        ("date,a", {"a": "ordres"}, "a: no series 'ordres'; did you mean 'orders'?"),
        ("date,a", {"a": "cac"}, "a: no series 'cac'"),
        (
            "date,a",
            {"a": "members.vip_grup"},
            "a: no pool 'vip_grup' of members in arm both; did you mean",
        ),
        ("date,a", {"a": "revenue.vip_group"}, "a: no part 'vip_group' of revenue"),
        ("date,a", {}, "no column is known as a series of the model; map one: --map 'column=orders'"),
        (
            "date,新增客户数",
            {},
            "新增客户数: is about a pool of form contact, of which there are: none",
        ),
        ("date,orders,订单数", {}, "订单数: is orders, as column 'orders' is; leave one out: --map '订单数=-'"),
    ],
)
def test_what_cannot_be_meant_is_told(text, mapped, said, observed):
    with pytest.raises(DataError) as raised:
        observed(f"{text}\n{days_of(','.join('1' * text.count(',')))}", mapped=mapped)
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_counts_below_zero_early_dates_and_short_series_are_told_with_their_place(observed):
    with pytest.raises(DataError, match=r":3:2: orders: -2 is below 0, which orders can't be"):
        observed("date,orders\n2024-01-01,1\n2024-01-02,-2\n")
    with pytest.raises(DataError, match=r":2: begins on 2023-12-31, before the scenario's start; give --set start="):
        observed("date,orders\n2023-12-31,1\n2024-01-02,2\n")
    with pytest.raises(DataError, match=r"orders: has values in 1 weeks or rows; a fit needs 4 or more"):
        observed("date,orders\n2024-01-01,1\n2024-01-02,2\n")
    with pytest.raises(DataError, match="must look like"):
        parse_map(["orders"])


def test_profit_may_be_below_zero(observed):
    assert observed(f"date,profit\n{days_of('-5')}").series[0].data[0] == -35


def test_the_arm_of_the_past_is_the_only_one_or_the_one_that_changes_nothing(case):
    assert history_arm(case) == "both"
    assert history_arm(case, "paid") == "paid"
    assert history_arm(ts.load("teaching_bass"), None) in ts.load("teaching_bass").arms
    with pytest.raises(ScenarioError, match=r"--arm: pad: no such arm; did you mean 'paid'\?"):
        history_arm(case, "pad")
    with pytest.raises(ScenarioError, match="which of these has the company followed"):
        history_arm(ts.load("new_brand"))


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_a_template_filled_in_is_read_as_it_was_meant(period, name, tmp_path, case):
    rows = sheet(case, "both", period, "zh")
    heads = next(row for row in rows if row[0] == "date")
    assert heads == [
        "date", "orders", "revenue", "new_customers", "members.vip_group", "joined.vip_group", "left.vip_group"
    ]  # fmt: skip
    assert [row[0].startswith("#") for row in rows[: rows.index(heads)]] == [True] * rows.index(heads)
    filled = [row if row[0].startswith("#") or row is heads else [row[0], *"123456"] for row in rows]
    write_template(tmp_path / name, filled)
    found = observe(case, "both", tmp_path / name)
    assert found.period == period
    assert [series.name for series in found.series] == heads[1:]
    assert not found.notes


def test_a_template_says_what_columns_mean_in_both_languages(tmp_path, case):
    write_template(tmp_path / "a.csv", sheet(case, "both", "day", "zh"))
    with (tmp_path / "a.csv").open(encoding="utf-8-sig") as file:
        said = [row[0] for row in csv.reader(file) if row[0].startswith("#")]
    assert any("当日结束时的成员数" in line for line in said)
    assert any("members at the end of the day" in row[0] for row in sheet(case, "both", "day", "en"))
