"""data: tables of a world for other tools, which add up to what happened, and the truth beside them."""

import json

import numpy as np
import pandas as pd
import pytest

import trafficsim as ts
from comparisons import SHOP, lively, shop
from trafficsim.engine.world import start
from trafficsim.study.exporting import ExportError

FEW = {"days": 30, "customers.count": 600}
REGIONS = {"customers": {"regions": {"north": 2, "south": 1}}, "advertising": {"feed": {"regions": ["south"]}}}


@pytest.fixture(scope="module")
def case():
    return shop(FEW).adding(REGIONS)


@pytest.fixture(scope="module")
def found(case):
    return ts.export_data(case, "paid", by="day", seed=5)


@pytest.fixture(scope="module")
def busy():
    return ts.export_data(lively(), "both", seed=2)


def test_orders_and_media_add_up_to_what_was_counted(case, found):
    world = start(case, "paid", 5).run()
    paid = (world.counted("gross_sales") - world.counted("discounts")).sum() / 100
    assert found.orders["paid"].sum() == pytest.approx(paid)
    assert found.media["revenue"].sum() == pytest.approx(paid)
    assert found.orders["margin"].sum() == pytest.approx(world.counted("margin_from").sum() / 100)
    assert found.orders["orders"].sum() == found.media["orders"].sum() == world.counted("orders").sum()
    assert (found.orders["list_price"] - found.orders["discount"]).tolist() == pytest.approx(found.orders["paid"])
    spend = found.media.groupby("region")["feed_spend"].sum()
    assert spend.tolist() == [0.0, pytest.approx(world.counted("advertising").sum() / 100)]
    assert found.media["population"].tolist() == [400] * 30 + [200] * 30


def test_the_truth_is_what_is_missing_without_the_channel(case, found):
    with_, without = (start(case, arm, 5).run() for arm in ("paid", "nothing"))
    revenue = [(w.counted("gross_sales") - w.counted("discounts")).sum() / 100 for w in (with_, without)]
    (row,) = found.truth.to_dict("records")
    assert row["incremental_revenue"] == pytest.approx(revenue[0] - revenue[1])
    assert row["roas"] == pytest.approx(row["incremental_revenue"] / row["spend"])
    assert found.truth_by_date["incremental_revenue"].sum() == pytest.approx(row["incremental_revenue"])


def test_without_logs_the_rest_stays(case, found, tmp_path):
    media = ts.export_data(case, "paid", by="day", seed=5, logs=False)
    for name in ("media", "truth", "truth_by_date"):
        pd.testing.assert_frame_equal(getattr(media, name), getattr(found, name))
    assert [*media.orders, *media.journeys, *media.ties] == [*found.orders, *found.journeys, *found.ties]
    assert not len(media.orders) + len(media.journeys) + len(media.ties)
    assert set(found.write(tmp_path / "all")) - set(media.write(tmp_path / "media")) == {
        "orders.csv",
        "journeys.csv",
        "ties.csv",
    }


def test_tables_have_the_columns_of_their_tools(found):
    assert list(found.robyn()) == ["DATE", "revenue", "orders", "feed_S", "feed_I", "price"]
    geo = found.meridian()
    assert {"geo", "time", "population", "conversions", "revenue_per_conversion", "feed_spend", "feed_impression",
            "price_control"} == set(geo)  # fmt: skip
    revenue = (geo["conversions"] * geo["revenue_per_conversion"]).sum()
    assert revenue == pytest.approx(found.media["revenue"].sum())
    assert list(found.pymc()) == ["date", "feed", "y", "price", "t"]
    assert len(found.pymc()) == 30


def test_journeys_tell_contacts_orders_and_members_in_their_order(busy):
    found = busy.journeys
    assert set(found["event"]) == {"contact", "order", "joined", "left"}
    assert (found.groupby("customer")["date"].apply(lambda dates: dates.is_monotonic_increasing)).all()
    assert found.loc[found["event"] == "order", "paid"].sum() == pytest.approx(busy.orders["paid"].sum())
    told = found[found["route"].isin(["told", "invited"])]
    assert told["by"].notna().all()
    assert set(busy.orders["hook"]) > {""}
    assert (busy.ties["a"] < busy.ties["b"]).all()
    assert not busy.ties.duplicated().any()


def test_what_is_on_file_may_be_noisy_late_lost_or_the_last_touch_alone(case, found):
    late = ts.export_data(case, "paid", by="day", seed=5, observation=ts.Observation(lag=3))
    a, b = (t.media.pivot_table(index="date", values="revenue", aggfunc="sum")["revenue"] for t in (found, late))
    assert b.to_numpy()[3:] == pytest.approx(a.to_numpy()[:-3])
    noisy = ts.export_data(case, "paid", by="day", seed=5, observation=ts.Observation(noise=0.2, missing=0.5))
    ratio = (noisy.media["revenue"] / found.media["revenue"]).dropna()
    assert 0.1 < ratio.std() < 0.35
    assert noisy.media["feed_spend"].equals(found.media["feed_spend"])
    assert 0.3 < len(noisy.orders) / len(found.orders) < 0.7
    assert noisy.truth.equals(found.truth)
    last = ts.export_data(case, "paid", by="day", seed=5, observation=ts.Observation(last_touch=True)).journeys
    following = last.groupby("customer")["event"].shift(-1)
    assert (following[last["event"] == "contact"] == "order").all()
    assert (last["event"] == "order").sum() == (found.journeys["event"] == "order").sum()


def test_the_same_bits_come_again(case, found):
    again = ts.export_data(case, "paid", by="day", seed=5)
    for name in ("orders", "journeys", "ties", "media", "truth", "truth_by_date"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(again, name), check_exact=True)


@pytest.mark.parametrize(
    ("options", "says"),
    [({"noise": 2.0}, "noise must be"), ({"missing": 1.0}, "missing must be"), ({"lag": -1}, "lag must be")],
)
def test_what_can_not_be_is_refused(options, says):
    with pytest.raises(ExportError, match=says):
        ts.Observation(**options)


def test_the_command_writes_a_folder_that_is_its_own(command, tmp_path):
    file, folder = tmp_path / "shop.yaml", tmp_path / "data"
    file.write_text(SHOP.replace("days: 60", "days: 20").replace("count: 2000", "count: 300"), "utf-8")
    status, told = command("data", file, "--arm", "paid", "--out", folder)
    assert status == 0, told.err
    assert "true return on spend" in told.out
    status, told = command("data", file, "--arm", "paid", "--out", tmp_path / "zh", "--language", "zh", "--media-only")
    assert told.out.splitlines()[1].split() == ["渠道", "营销支出", "增量收入", "增量营销投产比"]
    assert "incremental_revenue" not in told.out
    about = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert {path.name for path in folder.iterdir()} == set(about["files"])
    robyn = (folder / "media_robyn.csv").read_bytes()
    assert robyn.startswith(b"DATE,")
    assert len(pd.read_csv(folder / "media_robyn.csv")) == 2  # whole weeks
    for arguments, says in (
        (["--arm", "paid", "--out", folder], "holds files"),
        (["--arm", "none"], "no arm 'none'"),
        (["--arm", "paid", "--by", "month"], "must be day or week"),
        (["--arm", "paid", "--noise", "3"], "noise must be"),
    ):
        status, told = command("data", file, *arguments)
        assert (status, says in " ".join(told.err.replace("│", " ").split())) == (2, True), told.err
    assert np.isfinite(pd.read_csv(folder / "truth.csv")["roas"]).all()
