# ruff: noqa: E501 - a mistake is one line, and so is its row in a table
"""Mistakes in Chinese: each of the table of mistakes, and nothing half-translated."""

import re

import pytest

from trafficsim.words.mistaken import mistake_in


@pytest.mark.parametrize(
    ("says", "chinese"),
    [
        ("must be a number (got text '10%'); write 0.1", "必须是数字（实际为 文本 '10%'）；请写 0.1"),
        ("must be a number (got text '￥160'); write 160 (half width)", "必须是数字（实际为 文本 '￥160'）；请写 160（半角）"),
        ("must be a whole number (got text '2万'); write 20000", "必须是整数（实际为 文本 '2万'）；请写 20000"),
        ("must be a number (got text '9折'); write 0.1 (10 % off)", "必须是数字（实际为 文本 '9折'）；请写 0.1（便宜 10%）"),
        ("must be <= 1 (got 5)", "不能大于 1（实际为 5）"),
        ("a full-width '：'; write : and a blank", "全角冒号“：”；请写半角冒号和一个空格"),
        ("a full-width '＃'; write #", "全角“＃”；请写 #"),
        ("a full-width blank; write an ordinary one", "全角空格；请改用普通空格"),
        ("not valid YAML: this { is never closed", "YAML 格式有误：这个 { 没有闭合"),
        ("the value 600 lies outside its range, 750 to 3000", "数值 600 超出其范围 750 至 3000"),
        ("open_branches (5) can't exceed branches (2)", "营业门店数 open_branches（5）不能超过门店数 branches（2）"),
        ("weekdays names a day twice", "weekdays 中同一天写了两次"),
        ("unknown key; did you mean 'price'?", "没有这个键；是否想写“price”？"),
        ("unknown key; allowed are shut, discount", "没有这个键；可用的有 shut, discount"),
        ("all days must lie within 1678-01-01 and 2262-04-11", "所有日期必须在 1678-01-01 与 2262-04-11 之间"),
        ("must be a list (got 5)", "必须是列表（实际为 5）"),
        ("numbered from 1? customers are numbered 0 to 9", "是从 1 开始编号吗？顾客编号为 0 至 9"),
        ("written with ;: a comma must stand between", "用了分号：两个编号之间必须用逗号"),
        ("no place is named 'shp'; did you mean 'shop'?", "没有名为“shp”的场所；是否想写“shop”？"),
    ],
)  # fmt: skip
def test_mistakes_in_chinese(says, chinese):
    assert mistake_in("zh", says) == chinese
    assert mistake_in("en", says) == says
    assert not re.search(r"[a-z]{3,} [a-z]{3,}", chinese)


def test_what_has_no_known_form_stays_as_it_is():
    says = "the moon is made of cheese; 'shop' is not"
    assert mistake_in("zh", says) == says
