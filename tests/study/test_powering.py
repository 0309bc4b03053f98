"""power: a split test inside the simulated business, planned by the book and tried again and again."""

import numpy as np
import pytest
from scipy import stats

import trafficsim as ts
from answers import conforming
from comparisons import shop
from trafficsim.plots import png
from trafficsim.plots.powered import power_curves
from trafficsim.report.json_schemas import json_answer
from trafficsim.report.powered import as_plain, powered
from trafficsim.study.powered import Sized, cheapest, power_of
from trafficsim.study.powering import CONTROL, SPLIT, TEST, CannotSplitError, split

FEW = {"days": 40, "customers.count": 1500, "hooks.gift.strength": 6.0, "posts.club.per_week": 7.0,
       "customers.at_start.aware": 0.9, "customers.at_start.bought": 0.6, "posts.club.offers_per_week": 3.0,
       "posts.club.discount": 0.5}  # fmt: skip
REGIONS = {"customers": {"regions": {f"r{n}": 1 for n in range(12)}}}


@pytest.fixture(scope="module")
def case():
    """A shop whose pool does a lot, so that a test of its 1,500 customers finds it now and then."""
    return shop(FEW)


@pytest.fixture(scope="module")
def found(case):
    return ts.power(case, "nothing", "private", tests=40)


def test_planned_power_is_that_of_the_book():
    """Cohen (1988), table 2.3: d = .5, 64 in each group, two-sided .05: .80; and by simulating the test itself."""
    assert power_of(0.5, 1.0, 64, 64) == pytest.approx(0.80, abs=0.005)
    assert power_of(0.0, 1.0, 50, 50) == pytest.approx(0.05)
    random = np.random.default_rng(1)
    a, b = random.normal(0.4, 1.0, (4000, 30)), random.normal(0.0, 1.0, (4000, 60))
    realised = np.mean(stats.ttest_ind(a, b, axis=1).pvalue < 0.05)
    assert power_of(0.4, 1.0, 30, 60) == pytest.approx(realised, abs=0.025)  # 3 standard errors of 4,000 tests


def test_the_world_of_a_test_aims_what_the_treated_have_at_the_test_group(case):
    tested = split(case, "nothing", "private", "customers", 0.3)
    assert tested.arms == ("nothing", "private", SPLIT)
    plan = tested.plan(SPLIT)
    assert plan.hooks["gift"].to == plan.posts["club"].to == TEST
    assert (plan.audiences[TEST].most_lot, plan.audiences[CONTROL].least_lot) == (0.3, 0.3)
    other_way = split(case, "private", "nothing", "customers", 0.3).plan(SPLIT)
    assert other_way.hooks["gift"].to == CONTROL


def test_only_the_test_group_joins(case):
    """About three in ten join of those who would if all were treated."""
    result = ts.compare(split(case, "nothing", "private", "customers", 0.3), 4, without_pools=False)
    joined = result.data["joined"].sum(["day", "place"] if "place" in result.data["joined"].dims else ["day"])
    some, all_ = (float(joined.sel(arm=arm).mean()) for arm in (SPLIT, "private"))
    assert 0.2 * all_ < some < 0.4 * all_


def test_it_tells_what_a_test_shows(found):
    last = found.after[-1]
    assert [after.days for after in found.after] == [10, 20, 40]
    assert sum(found.units) == 1500
    assert last.rollout.low > 0
    assert last.contrast.middle > 0
    assert last.spend.low > 0
    assert 0.0 <= last.realised.middle <= 1.0
    of_half = next(size for size in found.sizes if (size.days, size.share) == (40, 0.5))
    assert of_half.power == pytest.approx(last.planned, abs=0.02)  # groups by lot are not quite halves


@pytest.mark.slow
@pytest.mark.parametrize("by", ["customers", "regions"])
def test_planned_power_is_realised(case, by):
    """Must reach: within 5 points over 300 simulated tests, at all lengths."""
    case = case.adding(REGIONS) if by == "regions" else case
    measured = ts.power(case, "nothing", "private", tests=300, by=by)
    for after in measured.after:
        assert after.realised.middle == pytest.approx(after.planned, abs=0.05)


def test_it_repeats_whatever_the_threads(case):
    one, two = (ts.power(case, "nothing", "private", tests=3, workers=n).after for n in (1, 2))
    assert one == two


def test_it_goes_on_after_an_interruption(case, tmp_path):
    class EnoughError(Exception):
        pass

    def stop(done):
        if done == 3:
            raise EnoughError

    with pytest.raises(EnoughError):
        ts.power(case, "nothing", "private", tests=5, workers=1, folder=tmp_path, done=stop)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert len(before) == 3
    again = ts.power(case, "nothing", "private", tests=5, folder=tmp_path)
    assert again.after == ts.power(case, "nothing", "private", tests=5).after
    assert {path: path.stat().st_mtime_ns for path in before} == before  # none of them was run again
    other = ts.power(case, "nothing", "private", tests=2, share=0.3, folder=tmp_path)
    assert other.units != again.units


def test_between_regions_advertising_may_be_tested(case):
    found = ts.power(case.adding(REGIONS), "nothing", "paid", tests=4, by="regions", share=0.3, outcome="revenue")
    assert found.units == (4, 8)
    assert {size.share for size in found.sizes} == {many / 12 for many in range(2, 7)}


@pytest.mark.parametrize(
    ("arms", "more", "error", "says"),
    [
        (("nothing", "nobody"), {}, KeyError, "no arm 'nobody'"),
        (("nothing", "nothing"), {}, CannotSplitError, "differ in nothing"),
        (("nothing", "paid"), {}, CannotSplitError, "advertising can't be given to some customers only"),
        (("nothing", "dear"), {}, CannotSplitError, "product.price can't be given to some customers only"),
        (("private", "often"), {}, CannotSplitError, "posts.club: both arms have it"),
        (("nothing", "private"), {"by": "regions"}, CannotSplitError, "needs 4 or more"),
        (("nothing", "private"), {"by": "days"}, KeyError, "no way to split 'days'; there are customers, regions"),
        (("nothing", "private"), {"share": 1.5}, ValueError, "share must lie between 0 and 1"),
        (("nothing", "private"), {"tests": 1}, ValueError, "tests must be a whole number of 2 or more"),
    ],
)
def test_what_cannot_be_tested_is_refused(arms, more, error, says):
    off = "{advertising: off, hooks: off, posts: off, places: {club: off}, "
    often = "often: {advertising: off, posts: {club: {per_week: 2}}}"
    cases = shop({"days": 5, "customers.count": 100}, f"dear: {off}product: {{price: 90}}}}", often)
    with pytest.raises(error, match=says):
        ts.power(cases, *arms, **more)


def test_one_customer_must_be_one(case):
    with pytest.raises(CannotSplitError, match="each customer stands for 3"):
        ts.power(case.replace({"customers.each_stands_for": 3}), "nothing", "private")


def test_the_cheapest_is_the_least_dear_of_those_that_decide():
    sizes = [
        Sized(30, 0.1, 0.7, 10.0),
        Sized(60, 0.1, 0.85, 30.0),
        Sized(30, 0.5, 0.9, 20.0),
        Sized(90, 0.1, 0.9, 20.0),
    ]
    assert cheapest(sizes, 0.8) == sizes[2]
    assert cheapest(sizes, 0.95) is None


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_told_and_drawn(found, language):
    said = powered(found, language)
    assert "private" in said[0]
    assert len(said) >= 8
    assert png(power_curves(found, language=language)).startswith(b"\x89PNG")
    plain = conforming(json_answer("power", as_plain(found)))
    assert plain["worth_of_perfect_information"] is None
    assert len(plain["designs"]) == len(found.sizes)


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("nothing", "private", "--tests", "3"), 0, "The test:"),
        (("nothing", "paid"), 2, "advertising can't be given to some customers only"),
        (("nothing", "nobody"), 2, "no arm 'nobody'"),
        (("nothing", "private", "--share", "1.5"), 2, "share must lie between 0 and 1"),
    ],
)
def test_the_command(command, case, tmp_path, monkeypatch, arguments, status, says):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "shop.yaml"
    path.write_text(case.yaml, "utf-8")
    ended, told = command("power", path, *arguments)
    assert ended == status
    assert says in " ".join((told.out + told.err).replace("│", " ").split())
