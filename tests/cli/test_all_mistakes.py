# ruff: noqa: E501 - a mistake is one line, and so is its row; full-width marks are what is tested
"""Every mistake of `tests/data/cases/mistakes.csv` gets the message that it asks for, on the command line."""

import csv
import shutil
import sys
from pathlib import Path

import pytest

from trafficsim import cli

CASES = Path(__file__).parents[1] / "data" / "cases"
SHOP = (CASES / "small_shop.yaml").read_text(encoding="utf-8")
ALLOWED = "unknown key; allowed are shut, discount, convenience, delivery_cost, delivers, kind, visits_per_week"
NEW = ("new", "n.yaml", "--yes", "--kind", "shop")
SWEEP = ("sweep", "f.yaml", "--arms", "nothing", "private", "--replicates", "1", "--vary")
SEMICOLONS, FROM_ONE = "a,b\n1;2\n", (CASES / "ties_from_one.csv").read_text(encoding="utf-8")

IN_THE_FILE = {  # what is replaced in the small shop, by what, and the line that `check` prints
    "2e4": ("count: 600", "count: 2e4", "f.yaml: fine."),
    "10%": ("commission: 0.05", "commission: 10%", "f.yaml:16:58: places.feed.commission: must be a number (got text '10%'); write 0.1"),
    "￥160": ("price: 60", "price: ￥160", "f.yaml:13:18: product.price: must be a number (got text '￥160'); write 160 (half width)"),
    "160元": ("price: 60", "price: 160元", "f.yaml:13:18: product.price: must be a number (got text '160元'); write 160"),
    "2万": ("count: 600", "count: 2万", "f.yaml:8:10: customers.count: must be a whole number (got text '2万'); write 20000"),
    "20,000": ("count: 600", "count: 20,000", "f.yaml:8:10: customers.count: must be a whole number (got text '20,000'); write 20000"),
    "9折": ("discount: 0.1", "discount: 9折", "f.yaml:24:53: posts.club.discount: must be a number (got text '9折'); write 0.1 (10 % off)"),
    "0.9": ("discount: 0.1", "discount: 0.9", "f.yaml:24:53: In 'private': posts.club.discount: 90 % off? A price cut to 90 % is written 0.1."),
    "１６０": ("price: 60", "price: １６０", "f.yaml:13:18: product.price: must be a number (got text '１６０'); write 160 (half width)"),
    "days：60 (full-width colon, block style)": ("days: 60", "days：60", "f.yaml:6:5: a full-width '：'; write : and a blank"),
    "＃ comment": ("currency: CNY", "＃ yuan\ncurrency: CNY", "f.yaml:4:1: a full-width '＃'; write #"),
    "ideographic blank as indent": ("  count: 600", "　count: 600", "f.yaml:8:1: a full-width blank; write an ordinary one"),
    "unclosed {": ("{price: 60, unit_cost: 25}", "{price: 60, unit_cost: 25", "f.yaml:13:10: not valid YAML: this { is never closed"),
    "unit_cost above price": ("unit_cost: 25", "unit_cost: 70", "f.yaml:13:33: Every sale loses money: unit_cost, 70, is above the price, 60."),
    "range that does not hold its value": ("baseline: nothing", "sources: {customers.count: {assumed: true, range: [750, 3000]}}", "f.yaml:32:51: sources.customers.count.range: the value 600 lies outside its range, 750 to 3000"),
    "an arm that differs in nothing": ("private: {advertising: off}", "private: {advertising: off}\n  twin: {advertising: off}", "f.yaml:32:3: Arms 'private' and 'twin' differ in nothing."),
    "open_branches 5 of 2": ("kind: store", "kind: store, branches: 2, open_branches: 5", "f.yaml:17:3: places.shop: open_branches (5) can't exceed branches (2)"),
    "weekdays: [mon, mon, mon]": ("club: {per_week: 2", "club: {weekdays: [mon, mon, mon]", "f.yaml:24:3: posts.club: weekdays names a day twice"),
    "a hook from day 100 in a run of 60 days": ("in_person: true", "in_person: true, from_day: 100", "f.yaml:26:92: In 'private': hooks.gift.from_day lies beyond the 60 days and never begins."),
    "a festival after the last day": ("days: 60", "days: 60\ncalendar: {festivals: {eleven: {day: 2024-11-11, demand: 3}}}", "f.yaml:7:38: calendar.festivals.eleven.day lies beyond the 60 days and never begins."),
    "city: Hangzhou": ("kind: store", "kind: store, city: Hangzhou", f"f.yaml:17:25: places.shop.city: {ALLOWED}"),
    "tiers: ...": ("kind: store", "kind: store, tiers: {gold: 1}", f"f.yaml:17:25: places.shop.tiers: {ALLOWED}"),
    "start: 9999-12-15": ("start: 2024-01-01", "start: 9999-12-15", "f.yaml:5:8: start: all days must lie within 1678-01-01 and 2262-04-11"),
    "takes_along: 5": ("baseline: nothing", "sources: {product.price: {assumed: true, range: [1, 99], takes_along: 5}}", "f.yaml:32:71: sources.product.price.takes_along: must be a list (got 5)"),
}  # fmt: skip
COMMANDS = {  # files besides the small shop (f.yaml), the command, its exit status, and the line that it prints
    "compare gym where gym.yaml lies there": ({"gym.yaml": SHOP}, ("compare", "gym"), 2, "did you mean 'gym.yaml'?"),
    "no place sells": ({}, ("check", "sells_nowhere.yaml"), 0, "sells_nowhere.yaml: No place sells, so that nobody buys"),
    "new --yes without --kind": ({}, ("new", "n.yaml", "--yes"), 0, "Written to n.yaml."),
    "企业微信 where a form is asked": ({}, (*NEW, "--pool", "企业微信"), 0, "Written to n.yaml."),
    "3万 where a number is asked": ({}, (*NEW, "--customers", "3万"), 0, "Written to n.yaml."),
    "edges numbered from 1": ({"ties_from_one.csv": FROM_ONE}, ("check", "ties_from_one.yaml"), 2, "ties_from_one.csv:3:1: numbered from 1? customers are numbered 0 to 9"),
    "edges with ; between": ({"ties_from_one.csv": SEMICOLONS}, ("check", "ties_from_one.yaml"), 2, "ties_from_one.csv:2:1: written with ;: a comma must stand between"),
    "--seed 18446744073709551616": ({}, ("compare", "f.yaml", "--seed", str(2**64)), 2, "Invalid value for '--seed'"),
    "currency=CNY,USD in --vary": ({}, (*SWEEP, "currency=CNY,USD"), 2, "--vary: currency: is only shown: it changes no number"),
    "hooks.gift.gives=gift,coupon in --vary": ({}, (*SWEEP, "hooks.gift.gives=gift,coupon"), 0, "across: gift: what it gives"),
    "product.price=1,200 in --vary": ({}, (*SWEEP, "product.price=1,200"), 2, "--vary: product.price=1,200: is 1200 meant, or levels? Write it without commas"),
}  # fmt: skip
HOLDS = {"企业微信 where a form is asked": "form: contact", "3万 where a number is asked": "count: 30000"}
"""What the file then holds that `new` writes."""


@pytest.fixture
def trafficsim(tmp_path, monkeypatch, capsys):
    """The command in a folder with the small cases: exit status and all lines."""
    shutil.copytree(CASES, tmp_path, dirs_exist_ok=True)

    def run(*arguments):
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["trafficsim", *arguments])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return end.value.code or 0, "".join(capsys.readouterr())

    return run


def test_the_table_holds_every_mistake():
    with (CASES / "mistakes.csv").open(encoding="utf-8", newline="") as file:
        assert {row["typed"] for row in csv.DictReader(file)} == {*IN_THE_FILE, *COMMANDS}


@pytest.mark.parametrize("typed", IN_THE_FILE)
def test_a_mistake_in_a_file_is_told_as_asked_for(typed, trafficsim, tmp_path):
    old, new, expected = IN_THE_FILE[typed]
    assert SHOP.count(old) >= 1
    (tmp_path / "f.yaml").write_text(SHOP.replace(old, new, 1), encoding="utf-8")
    _, said = trafficsim("check", "f.yaml")
    assert any(line.startswith(expected) for line in said.split("\n")), said


@pytest.mark.parametrize("typed", COMMANDS)
def test_a_mistake_on_the_command_line_is_told_as_asked_for(typed, trafficsim, tmp_path):
    beside, command, status, expected = COMMANDS[typed]
    for name, text in {"f.yaml": SHOP, **beside}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    ended, said = trafficsim(*command)
    assert (ended, expected in said) == (status, True), said
    assert HOLDS.get(typed, "") in ((tmp_path / "n.yaml").read_text("utf-8") if typed in HOLDS else "")
