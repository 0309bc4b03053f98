# ruff: noqa: E501 - a fault is one line, and so is its row in a table
"""Order logs: columns by their usual heads, one order for a customer and day, faults by row and column."""

import datetime as dt

import pytest

from trafficsim.data.errors import DataError
from trafficsim.data.orders import read_orders

GOOD = (
    "order,customer,date,amount\n1,ann,2026-01-05,10\n2,bob,2026-01-02,7.5\n3,ann,2026-01-05,2\n4,ann,2026-02-01,30\n"
)


def log_of(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding=encoding)
    return read_orders(path, "orders.csv")


def test_rows_of_a_customer_and_day_are_one_order_in_order_of_time(tmp_path):
    log = log_of(tmp_path, GOOD)
    assert log.customers.tolist() == [0, 1, 1]
    assert [dt.date.fromordinal(day).isoformat() for day in log.days] == ["2026-01-02", "2026-01-05", "2026-02-01"]
    assert (log.amounts.tolist(), log.left_out) == ([7.5, 12, 30], 0)


def test_the_order_of_rows_decides_nothing(tmp_path):
    head, *rows = GOOD.splitlines()
    one, other = log_of(tmp_path, GOOD), log_of(tmp_path, "\n".join([head, *reversed(rows)]))
    assert [one.customers.tolist(), one.amounts.tolist()] == [other.customers.tolist(), other.amounts.tolist()]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_exports_in_chinese_are_understood(tmp_path, encoding):
    text = "订单编号,买家会员名,订单付款时间,买家实际支付金额\n1,小王,2026-01-02 13:05:00,￥1，200.50\n2,小李,2026年1月3日,８０\n合计,,,\n"
    log = log_of(tmp_path, text.replace("￥1，200.50", '"￥1,200.50"').replace("合计,,,\n", ""), encoding)
    assert log.amounts.tolist() == [1200.5, 80]


def test_what_is_given_back_or_free_is_left_out_and_counted(tmp_path):
    log = log_of(tmp_path, GOOD + "5,bob,2026-01-09,-7.5\n6,eve,2026-01-09,0\n")
    assert (log.customers.max(), log.left_out) == (1, 2)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who,date,amount\nann,2026-01-01,1\n", "orders.csv:1: no column says who ordered; name one 'customer' (the heads are who, date, amount)"),
        ("customer,date,amount\nann,January,1\n", "orders.csv:2:2: date: 'January' is no day; write it as 2026-01-31"),
        ("customer,date,amount\nann,2026-01,1\n", "orders.csv:2:2: date: '2026-01' is no day; write it as 2026-01-31"),
        ("customer,date,amount\nann,2026-01-01,much\n", "orders.csv:2:3: amount: 'much' is no amount of money"),
        ("customer,date,amount\nann,2026-01-01\n", "orders.csv:2:3: amount: '' is no amount of money"),
        ("customer,date,amount\n ,2026-01-01,1\n", "orders.csv:2:1: customer: '' says nothing; give whoever ordered a name or number"),
        ("customer,date,amount\nann,2026-01-01,-1\n", "orders.csv: holds no order that was paid for"),
    ],
)  # fmt: skip
def test_faults_have_positions(tmp_path, text, says):
    with pytest.raises(DataError) as error:
        log_of(tmp_path, text)
    assert str(error.value) == says
