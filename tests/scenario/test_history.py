"""Settings that files give by date: values in force, what is refused and where, and identity."""

import datetime as dt
import json

import pytest

from cases import RESTAURANT
from trafficsim.scenario import ScenarioError, load, load_text

BUDGET = "advertising.review_site.budget_per_day"
GOOD = "date,feed\n2024-01-01,5\n"
SPEND = "budget_per_day: {file: spend.csv, column: feed}"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def written(folder):
    """The restaurant over 60 days with its budget from a file."""

    def write(table, instead=SPEND, more="", **replaced):
        (folder / "spend.csv").write_text(table, encoding="utf-8")
        text = RESTAURANT.read_text("utf-8")
        text = (
            text.replace("budget_per_day: 150", instead).replace("days: 365", "days: 60").replace("day: 60", "day: 59")
        )
        for old, new in replaced.items():
            assert old in text
            text = text.replace(old, new)
        (folder / "my.yaml").write_text(text + more, encoding="utf-8")
        return load(folder / "my.yaml")

    return write


def budgets(case, arm="both"):
    return [(day, plan.advertising["review_site"].budget_per_day) for day, plan in case.periods(arm)]


def test_a_value_holds_until_the_next_row_that_has_one(written):
    case = written(
        "date,feed\n2023-12-30,9\n2024-01-01,10\n2024-01-03,\n2024-01-04,12.5\n2024-01-05,12.5\n2024-01-09,0\n"
    )
    assert budgets(case) == [(0, 10), (3, 12.5), (8, 0)]
    assert len(case.periods("private")) == 1
    assert [note for note in case.notes() if "spend.csv" in note] == [
        "spend.csv speaks of “review_site: ad budget a day” until day 9; its last value holds from then on."
    ]
    assert any("spend.csv" in note for note in case.notes("zh"))


def test_of_rows_before_the_start_the_last_one_counts(written):
    assert budgets(written("date,feed\n2023-12-01,9\n2023-12-20,8\n2024-01-10,7\n"))[:2] == [(0, 8), (9, 7)]


def test_a_total_is_spread_over_the_days_of_its_row(written):
    total = SPEND.replace("}", ", total: true}")
    assert budgets(written("week,feed\n2024-W01,700\n2024-W02,70\n", total)) == [(0, 100), (7, 10)]
    assert budgets(written("month,feed\n2024-01,310\n2024-02,290\n", total)) == [(0, 10)]
    posts = {"per_week: 3, offers_per_week: 1,": "per_week: {file: spend.csv, column: feed, total: true},"}
    case = written("date,feed\n2024-01-01,1\n2024-01-02,0\n2024-01-03,2\n", "budget_per_day: 150", **posts)
    assert [plan.posts["vip_group"].per_week for _, plan in case.periods("both")] == [7, 0, 14]


def test_whole_numbers_prices_and_staff_can_be_given(written):
    given = {
        "product: {price: 90": "product: {price: {file: spend.csv, column: price}",
        "manager: {count: 1,": "manager: {count: {file: spend.csv, column: staff},",
    }
    case = written("date,price,staff\n2024-01-01,90,1\n2024-01-11,80.5,2\n", "budget_per_day: 150", **given)
    assert [(day, plan.product.price, plan.staff["manager"].count) for day, plan in case.periods("both")] == [
        (0, 90, 1),
        (10, 80.5, 2),
    ]


def test_an_arm_has_its_own_number_and_events_go_with_it(written):
    more = "events:\n  dearer: {day: 5, set: {product.price: 95}}\n  stop: {day: 8, set: {advertising: 'off'}}\n"
    paid = {"paid:    {": "paid:    {advertising: {review_site: {budget_per_day: 77}}, "}
    case = written("date,feed\n2024-01-01,10\n2024-01-04,12\n2024-01-20,13\n", SPEND, more, **paid)
    days = [(day, plan.product.price, plan.advertising) for day, plan in case.periods("both")]
    assert [(day, price) for day, price, _ in days] == [(0, 90), (3, 90), (5, 95), (8, 95), (19, 95)]
    assert [ads == "off" for *_, ads in days] == [False, False, False, True, True]
    assert days[2][2]["review_site"].budget_per_day == 12
    ads = [plan.advertising for _, plan in case.periods("paid")]
    assert [one != "off" and one["review_site"].budget_per_day for one in ads] == [77, 77, False]


def test_replacing_by_hand_takes_the_place_of_a_file(written):
    case = written("date,feed\n2024-01-01,10\n2024-01-04,12\n")
    assert budgets(case.replace({"advertising.review_site.budget_per_day": 5})) == [(0, 5)]
    assert budgets(case.replace({"product.price": 80})) == budgets(case)


def test_identity_is_that_of_what_the_file_says(written, folder):
    case = written("date,feed\n2024-01-01,10\n2024-01-04,12\n")
    digest = case.digest
    again = load_text(case.text, "my", folder)
    assert (again.digest, budgets(again)) == (digest, budgets(case))
    assert json.loads(case.text)["advertising"]["review_site"]["budget_per_day"] == {
        "file": "spend.csv",
        "column": "feed",
    }
    assert load_text(case.yaml, "my", folder).digest == digest
    assert written("date,feed\n2024-01-01,10\n2024-01-04,13\n").digest != digest


@pytest.mark.parametrize(
    ("table", "instead", "said"),
    [
        ("date,feed\n2024-01-01,x\n", SPEND, f"spend.csv:2:2: {BUDGET}: is no number; write"),
        ("date,feed\n2024-01-01,5\n2024-01-02,-3\n", SPEND, f"spend.csv:3:2: {BUDGET}: must be >= 0 (got -3)"),
        ("date,fed\n2024-01-01,5\n", SPEND, "no column of this head in spend.csv; did you mean 'fed'?"),
        ("date,feed\n2024-01-02,5\n", SPEND, "has no value on or before the first day, 2024-01-01"),
        (GOOD, SPEND.replace("spend.csv", "no.csv"), "no such file"),
        (GOOD, SPEND.replace("spend.csv", "../x.csv"), "must lie beside the scenario"),
        (GOOD, SPEND.replace("}", ", per: 3}"), "unknown key; allowed are file, column, total"),
        (GOOD, SPEND.replace("feed", "3"), "must be a head (got 3)"),
        (GOOD, SPEND.replace("{file: spend.csv,", "{"), "must be a number (got a mapping)"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line_with_its_place(table, instead, said, written):
    with pytest.raises(ScenarioError) as raised:
        written(table, instead)
    assert said in str(raised.value)
    assert len(str(raised.value).splitlines()) == 1


def test_only_rates_are_spread_and_only_what_may_change_is_given(written):
    table = "date,feed\n2024-01-01,5\n"
    price = {"product: {price: 90": "product: {price: {file: spend.csv, column: feed, total: true}"}
    with pytest.raises(ScenarioError, match="only settings that end in per_day or per_week are spread over days"):
        written(table, **price)
    with pytest.raises(ScenarioError, match=r"customers\.at_start\.aware: is the same on all dates; give one number"):
        written(
            table.replace("5", "0.5"), "budget_per_day: 5", **{"aware: 0.25": "aware: {file: spend.csv, column: feed}"}
        )
    with pytest.raises(ScenarioError, match=r"event 'e' can't change it: spend\.csv gives it by date"):
        written(table, more="events:\n  e: {day: 5, set: {advertising.review_site.budget_per_day: 95}}\n")


def test_a_cell_of_a_file_is_not_repeated(written):
    with pytest.raises(ScenarioError) as raised:
        written("date,feed\n2024-01-01,secret\n")
    assert "secret" not in str(raised.value)


def test_links_that_lead_out_are_refused(written, folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "o.csv"
    outside.write_text("date,feed\n2024-01-01,5\n", encoding="utf-8")
    (folder / "link.csv").symlink_to(outside)
    with pytest.raises(ScenarioError, match="wherever links lead"):
        written("date,feed\n2024-01-01,5\n", SPEND.replace("spend.csv", "link.csv"))


def test_half_a_year_by_day_is_as_many_periods(written):
    rows = [f"{dt.date(2024, 1, 1) + dt.timedelta(days=d)},{100 + d}" for d in range(60)]
    case = written("\n".join(["date,feed", *rows]))
    assert budgets(case) == [(d, 100 + d) for d in range(60)]


def test_worlds_are_made_by_reading_again(written):
    """Which lays a day's value over the plan before: a tenth of the time of moving each of the plans."""
    case = written("date,feed\n2024-01-01,10\n2024-01-04,12\n")
    changes = {"product.price": 80.0}
    assert case.moving(changes) is None
    assert case.moved(None, changes).digest == case.replace(changes).digest
