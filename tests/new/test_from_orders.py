"""What an order log tells, checked on customers whose rates and losses are known."""

import numpy as np
import pytest

from trafficsim import cli, load, new_scenario
from trafficsim.data.errors import DataError
from trafficsim.data.orders import OrderLog
from trafficsim.new.from_orders import fitted, told_by
from trafficsim.scenario import ScenarioError

RATES = (0.8, 40.0, 1.0, 4.0)
"""Shape, days, a and b of BG/NBD."""
DAYS, BEGAN = 400, 700_000


def bought(customers, seed, rates=RATES):
    """Days of the orders of customers of BG/NBD, each from the first one on, as lists."""
    shape, days, a, b = rates
    draw, found = np.random.default_rng(seed), []
    for rate, loss in zip(draw.gamma(shape, 1 / days, customers), draw.beta(a, b, customers), strict=True):
        at, own = draw.uniform(0, DAYS / 3), []
        while at < DAYS:
            own.append(at)
            if len(own) > 1 and draw.random() < loss:
                break
            at += draw.exponential(1 / rate)
        found.append(own)
    return found


def log_of(customers, amounts):
    """A log with whole days, on which several orders are one."""
    rows = sorted((int(day), who) for who, days in enumerate(customers) for day in {int(at) for at in days})
    days, who = (np.array(column) for column in zip(*rows, strict=False))
    return OrderLog("orders.csv", who, BEGAN + days, amounts(who), 0)


def test_rates_are_those_of_the_customers():
    """Within three standard errors over five draws of 4,000 customers, and none of them wild."""
    found = []
    for seed in range(5):
        own = bought(4000, seed)
        repeats = np.array([len(days) - 1.0 for days in own])
        last, watched = np.array([days[-1] - days[0] for days in own]), np.array([DAYS - days[0] for days in own])
        found.append(np.log(fitted(repeats, last, watched)))
    found = np.array(found)
    error = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    assert (np.abs(found.mean(axis=0) - np.log(RATES)) < 3 * error + 0.03).all()
    assert (error < 0.2).all()


def test_who_is_lost_is_not_taken_for_one_who_needs_little():
    """Days between orders over the whole log would be far more than those of who lasts, 50 here."""
    own = bought(4000, 9)
    told = told_by(log_of(own, lambda who: np.full(who.size, 20.0)))
    naive = np.mean([DAYS - days[0] for days in own]) / np.mean([len(days) - 1 for days in own])
    assert told.segments[0].days_between_orders == pytest.approx(50, rel=0.15)
    assert naive > 65


def test_last_orders_lie_within_days_of_the_same_mean():
    told = told_by(log_of([[0.0, 100.0]] * 60 + [[40.0, 60.0]] * 60, lambda who: np.full(who.size, 20.0)))
    assert told.since == pytest.approx((0 + 40) / 2)
    assert told.bought_within_days == 40


def test_those_who_pay_far_more_are_a_segment_of_their_own():
    told = told_by(log_of(bought(2000, 3), lambda who: np.where(who % 5 == 0, 90.0, 30.0)))
    small, big = told.segments
    assert (small.share, big.share) == (0.8, 0.2)
    assert (told.price, small.basket, big.basket) == (30, 1, 3)


def test_customers_who_pay_about_the_same_are_one_segment():
    told = told_by(log_of(bought(2000, 3), lambda who: 30.0 + who % 5))
    assert [one.share for one in told.segments] == [1]


def test_too_few_repeat_customers_tell_no_rate():
    log = log_of([[0.0, 5.0]] * 49 + [[1.0]] * 500, lambda who: np.full(who.size, 20.0))
    with pytest.raises(DataError, match=r"^orders.csv: 49 customers ordered on two days or more; 50 are needed"):
        told_by(log)


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        f"c{who},{np.datetime64('2025-01-01') + np.timedelta64(int(day), 'D')},{90 if who % 5 == 0 else 30}"
        for who, days in enumerate(bought(1500, 5))
        for day in days
    ]
    (tmp_path / "orders.csv").write_text("\n".join(["customer,date,amount", *rows]), encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["shop", "restaurant", "online", "durable"])
def test_a_draft_from_orders_is_a_scenario_whose_sources_name_the_log(here, kind, language):
    (here / "my.yaml").write_text(new_scenario(kind, orders="orders.csv", language=language), encoding="utf-8")
    case = load("my.yaml")
    people = case.plan(case.baseline).customers
    assert people.at_start.bought * people.count * people.each_stands_for == pytest.approx(1500, rel=0.01)
    assert people.segments["big_spenders"].basket == pytest.approx(3, rel=0.02)
    origin = {each.path: each for each in case.provenance()}
    needs = origin["customers.segments.buyers.days_between_needs"]
    assert needs.source.startswith("orders.csv, 2025-01-01 – ")
    assert needs.range[0] < needs.value < needs.range[1]
    assert origin["product.price"].source.startswith("orders.csv")


def test_what_is_given_comes_before_the_log(here):
    (here / "my.yaml").write_text(
        new_scenario("shop", orders="orders.csv", price=44, days_between_needs=9, customers=50_000), encoding="utf-8"
    )
    case = load("my.yaml")
    assert case.plan(case.baseline).product.price == 44
    assert case.plan(case.baseline).customers.segments["buyers"].days_between_needs == 9
    assert {p.source for p in case.provenance() if p.path == "product.price"} == {"given by you"}


def test_fewer_people_than_buyers_are_refused(here):  # noqa: ARG001 - the log lies there
    with pytest.raises(ScenarioError, match=r"--customers: must be at least 1500, the buyers in orders.csv \(got 99\)"):
        new_scenario("shop", orders="orders.csv", customers=99)


def test_the_command_drafts_and_tells_what_is_wrong(here, monkeypatch, capsys):
    def run(*arguments):
        monkeypatch.setattr("sys.argv", ["trafficsim", "new", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        return ended.value.code or 0, *capsys.readouterr()

    assert run("my.yaml", "--kind", "shop", "--orders", "orders.csv", "--yes")[0] == 0
    assert load("my.yaml").plan("nothing").customers.segments.keys() == {"buyers", "big_spenders"}
    (here / "bad.csv").write_text("who,date,amount\n", encoding="utf-8")
    status, _, said = run("other.yaml", "--kind", "shop", "--orders", "bad.csv", "--yes")
    assert (status, "bad.csv:1: no column says who ordered" in said) == (2, True)
    assert not (here / "other.yaml").exists()
