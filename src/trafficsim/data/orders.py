"""Order logs: who ordered when for how much, from CSV or Excel."""

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trafficsim.data.cells import number, span
from trafficsim.data.dated import TOTALS, plain
from trafficsim.data.errors import DataError, Fault, found
from trafficsim.data.tables import Row, rows_of

CUSTOMER, DATE, AMOUNT = "customer", "date", "amount"
HEADS = {
    CUSTOMER: (
        "customer", "customer_id", "client", "client_id", "buyer", "buyer_id", "user", "user_id", "member", "member_id",
        "openid", "unionid", "external_userid", "phone", "客户", "客户id", "客户编号", "顾客", "买家", "买家昵称",
        "买家id", "买家会员名", "会员", "会员id", "会员号", "会员编号", "用户", "用户id", "手机号", "昵称",
    ),
    DATE: (
        "date", "day", "time", "order_date", "order_time", "ordered_at", "created_at", "created", "paid_at", "pay_time",
        "日期", "时间", "订单日期", "下单日期", "下单时间", "订单创建时间", "创建时间", "付款时间", "支付时间",
        "订单付款时间", "成交时间", "消费时间", "消费日期",
    ),
    AMOUNT: (
        "amount", "paid", "order_amount", "total_amount", "total", "revenue", "value", "price", "金额", "实付金额",
        "实付", "实收金额", "支付金额", "付款金额", "成交金额", "消费金额", "买家实际支付金额", "买家实付金额",
        "订单金额", "总金额",
    ),
}  # fmt: skip
"""Usual heads of the three columns in exports of shops and tills, the more telling ones of several first."""
_WHAT = {CUSTOMER: "who ordered", DATE: "the day of the order", AMOUNT: "what was paid"}


@dataclass(frozen=True)
class OrderLog:
    """What customers ordered: one entry for each customer and day, in order of time.

    Attributes:
        file: as it is called in sentences.
        customers: who ordered, numbered from 0, shape `(orders,)`.
        days: when, as ordinals of dates.
        amounts: what was paid on that day in all, above 0.
        left_out: rows that pay nothing or give money back.
    """

    file: str
    customers: NDArray[np.int64]
    days: NDArray[np.int64]
    amounts: NDArray[np.float64]
    left_out: int


def read_orders(path: Path, label: str | None = None) -> OrderLog:
    """Read an order log: a row an order, with columns for customer, date and amount in any order.

    Several rows of a customer and day are one order. `label` names the file in messages.

    Raises:
        DataError: with all that is wrong, by row and column.
        MissingExcelError: for an Excel file where openpyxl is not installed.
    """
    name = label or str(path)
    heads, *rows = rows_of(path, label)
    at = _columns(name, heads)
    faults: list[Fault] = []
    told: dict[tuple[str, int], float] = {}
    left_out = 0
    for row in rows:
        who = _cell(row, at[CUSTOMER])
        if plain(who) in TOTALS:
            continue
        day, amount = span(_raw(row, at[DATE])), number(_raw(row, at[AMOUNT]))
        if not who:
            faults.append(_fault(row, at, CUSTOMER, "says nothing; give whoever ordered a name or number"))
        if day is None or day.days != 1:
            faults.append(_fault(row, at, DATE, "is no day; write it as 2026-01-31"))
        elif amount is None or math.isnan(amount):
            faults.append(_fault(row, at, AMOUNT, "is no amount of money"))
        elif who:
            left_out += not amount > 0
            if amount > 0:
                key = who, day.first.toordinal()
                told[key] = told.get(key, 0.0) + amount
    if faults:
        raise DataError(name, faults)
    if not told:
        raise DataError(name, [Fault(0, 0, "", "holds no order that was paid for")])
    orders = sorted((day, who, amount) for (who, day), amount in told.items())
    codes = {who: code for code, who in enumerate(dict.fromkeys(who for _, who, _ in orders))}
    return OrderLog(
        name,
        np.array([codes[who] for _, who, _ in orders], np.int64),
        np.array([day for day, _, _ in orders], np.int64),
        np.array([amount for _, _, amount in orders]),
        left_out,
    )


def _columns(name: str, heads: Row) -> dict[str, int]:
    """By what is wanted, the position of the first column with a head that means it."""
    written = [plain(str(cell)) for cell in heads.cells]
    at, faults = {}, []
    for wanted, known in HEADS.items():
        places = [written.index(plain(head)) for head in known if plain(head) in written]
        if places:
            at[wanted] = places[0]
        else:
            seen = ", ".join(str(cell) for cell in heads.cells if cell)
            says = f"no column says {_WHAT[wanted]}; name one '{wanted}' (the heads are {seen})"
            faults.append(Fault(heads.number, 0, "", says))
    if faults:
        raise DataError(name, faults)
    return at


def _raw(row: Row, at: int) -> object:
    return row.cells[at] if at < len(row.cells) else None


def _cell(row: Row, at: int) -> str:
    value = _raw(row, at)
    return "" if value is None else str(value).strip()


def _fault(row: Row, at: dict[str, int], wanted: str, says: str) -> Fault:
    cell = _raw(row, at[wanted])
    return Fault(row.number, at[wanted] + 1, wanted, says, found("" if cell is None else cell))
