"""channels: what each truly brings, and what rules of attribution credit it with."""

import json

import numpy as np
import pytest

import trafficsim as ts
from answers import conforming
from comparisons import SHOP, shop
from trafficsim.books.routes import ORGANIC, PAID, TOLD
from trafficsim.engine.event_log import Contact, EventLog, Order
from trafficsim.report.attributed import attributed, channel_rows, channels_as_plain, channels_frame
from trafficsim.results.intervals import Interval
from trafficsim.study.attributing import Channel, credited, is_on_path

FEW = {"days": 25, "customers.count": 1000}
PLACES = ("feed", "lift")


@pytest.fixture(scope="module")
def found():
    return ts.channels(shop(FEW), "paid", replicates=3)


def order(day, paid, customer=0):
    return Order(day, customer, 0, 1, paid, 0, 0, 0, 0)


def test_credit_goes_by_the_rule():
    contacts = [Contact(1, 0, PAID, 0, -1), Contact(2, 0, ORGANIC, 0, -1), Contact(3, 0, PAID, 1, -1)]
    log = EventLog(contacts, [order(3, 3000), order(3, 900, customer=1)])
    assert credited(log, PLACES, 100) == {
        "first_touch": {"feed": 30.0, "lift": 0.0},
        "last_touch": {"feed": 0.0, "lift": 30.0},
        "linear": {"feed": 10.0, "lift": 10.0},
    }


def test_only_what_came_before_the_order_and_not_long_before_shares_in_it():
    def at(day, route=PAID):
        return Contact(day, 0, route, 0, -1)

    assert [is_on_path(at(day), 100) for day in (10, 11, 99, 100, 101)] == [False, True, True, True, False]
    assert not is_on_path(at(100, TOLD), 100)  # it is told of after the orders of the day
    assert is_on_path(at(99, TOLD), 100)
    assert credited(EventLog([at(0)], [order(90, 100)]), PLACES, 100)["linear"]["feed"] == 0.0


def test_true_roas_is_what_is_missing_without_the_channel(found):
    case = shop(FEW)
    result = ts.compare(case, 3, without_pools=False)
    (channel,) = found.channels
    extra = result.difference("revenue", "paid", "nothing").amount
    assert channel.revenue.middle == pytest.approx(extra.middle, abs=0.005)
    assert channel.spend.middle == pytest.approx(result.estimate("spend", "paid").interval().middle, abs=0.005)
    assert channel.true.middle == pytest.approx(channel.revenue.middle / channel.spend.middle)
    assert channel.first_touch.middle > 0


def test_less_of_one_channel_leaves_the_others_as_they_are():
    more = {
        "places": {"lift": {"kind": "paid", "visits_per_week": 3}},
        "advertising": {"lift": {"budget_per_day": 30, "cpm": 40}},
        "events": {"more": {"day": 10, "set": {"advertising.feed.budget_per_day": 300}}},
    }
    two = shop(FEW).adding(more)
    less = two.with_advertising("paid", 0.5, "feed").with_advertising("paid", 2.0)
    budgets = [[plan.advertising[name].budget_per_day for _, plan in less.periods("paid")] for name in ("feed", "lift")]
    assert budgets == [[100, 300], [60, 60]]
    assert less != two
    plain = [plan.advertising["feed"].budget_per_day for _, plan in two.periods("paid")]
    assert plain == [100, 300]


def test_it_is_told_in_both_languages_and_as_data(found):
    told = " ".join(attributed(found))
    assert "True ROAS" in told
    assert "last-touch" in told
    assert "真实 ROAS" in attributed(found, "zh")[0]
    assert len(channel_rows(found, "zh")[0]) == len(channel_rows(found, "zh")[1][0]) == 8
    assert list(channels_frame(found)["channel"]) == ["feed"]
    assert json.loads(json.dumps(channels_as_plain(found), allow_nan=False))["channels"][0]["channel"] == "feed"


def test_too_much_or_too_little_is_said_beyond_intervals_alone():
    def between(low, high):
        return Interval((low + high) / 2, low, high)

    one = between(1, 2)
    rules = {"first_touch": between(3, 4), "last_touch": between(0, 0.5), "linear": between(1.5, 3)}
    channel = Channel("feed", one, one, one, one, **rules)
    assert channel.overstated() == ("first_touch",)
    assert channel.understated() == ("last_touch",)


def test_an_arm_without_advertising_has_no_channels():
    with pytest.raises(ValueError, match="private has no advertising"):
        ts.channels(shop(FEW), "private")


def test_the_command_tells_channels_and_writes_a_page(command, tmp_path):
    file, page = tmp_path / "shop.yaml", tmp_path / "why.html"
    file.write_text(SHOP.replace("days: 60", "days: 15").replace("count: 2000", "count: 400"), "utf-8")
    same = ("explain", file, "paid", "private", "--replicates", "2", "--channels")
    status, told = command(*same, "--out", page)
    assert status == 0, told.err
    assert "True ROAS" in told.out
    text = page.read_text("utf-8")
    assert "<svg" in text
    assert "first-touch" in text
    _, told = command(*same, "--json")
    found = conforming(told.out)
    assert [each["arm"] for each in found["channels"]] == ["paid"]
    assert np.isfinite(found["channels"][0]["channels"][0]["spend"])
