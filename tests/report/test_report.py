"""Reports: the answer in words, tables that fit, files that other programs can read, one page that stands alone."""

import datetime as dt
import json
import math
import re
from html.parser import HTMLParser
from io import StringIO

import numpy as np
import pandas as pd
import pytest
from rich.console import Console

from answers import conforming
from synthetic import ARMS, story, unwrapped, with_profit, zeros
from trafficsim import report, write_report
from trafficsim.plots.routes import route_words
from trafficsim.report.answer import VARIATION_ONLY, answered, caveats
from trafficsim.report.json_schemas import json_answer, tagged
from trafficsim.report.page import html
from trafficsim.report.tables import blocks
from trafficsim.results import Result
from trafficsim.words import rounding
from trafficsim.words.language import words

VOID = {"meta", "wbr", "col"}


def printed(result, width=80):
    console = Console(width=width, file=StringIO(), force_terminal=False)
    console.print(report.terminal_table(result))
    return console.file.getvalue()


class Page(HTMLParser):
    """Checks that tags are closed in order; collects identifiers, headings and what would be fetched."""

    def __init__(self, text):
        super().__init__()
        self.open, self.ids, self.headings, self.fetched = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.note(tag, dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.note(tag, dict(attributes))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def note(self, tag, attributes):
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        targets = [attributes.get(name) for name in ("src", "href", "xlink:href", "action", "srcset")]
        self.fetched += [target for target in targets if target and not target.startswith("#")]


def profits(*arms, replicates=8, **attrs):
    """Arms that earn so many cents, plus 100 in every second replicate."""
    luck = np.arange(replicates) % 2 * 100
    return with_profit([(earned + luck)[:, None] for earned in np.array(arms)], **attrs)


def test_answer_names_the_winner_its_lead_what_to_do_and_when_it_got_ahead():
    assert report.answer(profits(1000, 3000))[:3] == [
        "“private” earns CNY 20 (20 to 20 allowing for luck, 95% sure) more than “nothing” over 1 day.",
        "From the first day on, “private” stays ahead of “nothing” in total profit.",
        "What to do, if the assumptions hold: choose “private”.",
    ]


def test_answer_when_luck_could_reverse_the_order():
    said = report.answer(with_profit([[[0], [900], [0]], [[500], [0], [500]]]))
    assert said[0].startswith("Too close to call: “private” is CNY")
    assert "ahead of “nothing”" in said[0]


def test_answer_of_a_single_arm():
    assert report.answer(profits(1000))[0] == "“nothing” comes to a contribution profit of CNY 10.5 over 1 day."


def spending(*cents, **attrs):
    data = zeros(ARMS[: len(cents)], replicates=2, days=1, **attrs)
    data["advertising"][..., 0, 0] = np.array(cents)[:, None]
    return Result(data)


def money(result, language="en"):
    return answered(result, language=language).small[:-1]


def test_unequal_spending_is_told_in_small():
    assert money(spending(0, 2_000_000)) == ["The options spend unequal sums: “nothing” CNY 0, “paid” CNY 20k."]
    assert money(spending(2_000_000, 1_900_000)) == []
    assert "spend unequal" in money(spending(2_000_000, 1_890_000))[0]


def test_equalised_spending_says_how():
    equal = json.dumps({"arms": ["paid", "private"], "factors": {"paid": 0.8765}, "spend": {}})
    assert money(spending(0, 100_000, 101_000, equal_budget=equal)) == [
        (
            "For a fair comparison “paid” and “private” spend about CNY 1,005 each, not what was planned: “paid” CNY "
            "1,141."
        ),
        "The other options spend: “nothing” CNY 0.",
    ]
    missed = spending(0, 100_000, 200_000, equal_budget=equal)
    assert "although budgets were changed" in money(missed)[0]
    assert "For the same money" not in report.answer(missed)[0]


def test_a_large_change_of_what_arms_spend_is_told_with_the_answer_not_in_small():
    equal = json.dumps({"arms": ["paid", "both", "private"], "factors": {"paid": 4.0, "both": 0.5}, "spend": {}})
    result = spending(0, 100_000, 100_000, 100_000, equal_budget=equal)
    assert (
        "To make spending equal, “paid” was raised from the planned CNY 250 to CNY 1,000; “both” was cut from the "
        "planned CNY 2,000 to CNY 1,000; the plan as written was not run, so nothing here is said of it."
    ) in report.answer(result)
    assert (
        "为使花费相等，“paid”由原计划的 250 元加到 1,000 元；“both”由原计划的 2,000 元减到 1,000 元；"
        "原计划本身没有模拟，这里的结论不适用于它。" in report.answer(result, language="zh")
    )
    assert money(result) == ["The other options spend: “nothing” CNY 0."]


def test_a_ratio_that_luck_denies_a_value_is_said():
    data = zeros(replicates=3)
    data["advertising"][1, :, 0, 0] = 900
    data["first_orders"][1, 0, 0, 0] = 3
    found = caveats(Result(data))
    assert "“private” has no CAC: new customers can't be told from none in 3 replicates." in found
    assert "“private” has no true CAC: extra new customers can't be told from none in 3 replicates." in found
    assert "“private”的真实获客成本没有数值：3 次重复模拟不足以区分多得的新客与零。" in caveats(Result(data), "zh")
    data["first_orders"][:, :, 0, 0] = 3
    assert not [said for said in caveats(Result(data)) if "has no" in said]  # as many customers: nothing to divide by


@pytest.mark.parametrize(
    "result", [story(ARMS, 365), story(("nothing", "private"), 60, 1), Result(zeros(replicates=1))]
)
def test_terminal_table_fits_80_columns_and_names_every_arm(result):
    text = printed(result)
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert all(arm in text for arm in result.arms)
    assert "nan" not in text
    assert "inf" not in text
    assert (VARIATION_ONLY.split(";")[0] in text.replace("\n", " ").replace("  ", " ")) == (result.replicates > 1)


def test_a_narrow_terminal_shows_fewer_columns_but_no_halves_of_words():
    wide, narrow = printed(story(ARMS, 365)), printed(story(ARMS, 365), 60)
    assert "better in" in wide
    assert "better in" not in narrow.lower()
    assert max(len(line.rstrip()) for line in narrow.splitlines()) <= 60
    assert {word for word in narrow.split() if "±" in word} == {word for word in wide.split() if "±" in word}


def test_wins_are_counted_and_abbreviations_explained():
    text = printed(story(ARMS, 365))
    assert re.search(r"\d+ of 16\n", text)
    assert "%" not in text.split("±, -/+")[0]
    assert "customer acquisition cost, as reported" in text


def test_table_rounds_a_column_alike():
    revenue = next(block for block in blocks(story(ARMS, 365)) if block.heading.startswith("revenue"))
    assert revenue.heading == "revenue, thousand CNY"
    assert all(re.fullmatch(r"[\d,]+", row.mean) for row in revenue.rows)
    assert revenue.rows[0].difference == revenue.rows[0].better == ""


def test_table_shows_a_dash_where_there_is_no_value():
    cac = next(block for block in blocks(Result(zeros())) if block.heading.startswith("CAC"))
    assert cac.heading == "CAC, CNY per customer"
    assert [row.mean for row in cac.rows] == ["–", "–"]


def test_table_tells_a_pair_apart_where_nothing_is_told_against_the_baseline():
    """The CAC of an arm that spends nothing has no value, and so has no difference to it."""
    equal = {"arms": list(ARMS[1:3]), "factors": {}, "spend": {}}
    result = story(ARMS[:3], 20, 8, equal_budget=json.dumps(equal))
    roas = next(block for block in blocks(result) if block.name == "roas")
    assert [row.difference for row in roas.rows[1:3]] == ["–", "–"]
    differs = result.difference("roas", *result.headline_pair()).amount.middle
    assert abs(differs) > 0
    assert float(roas.rows[-1].difference) == pytest.approx(differs, rel=0.005)


def test_csv_files_hold_what_the_tables_show(tmp_path):
    result = story(ARMS[:3], 20, 8)
    paths = report.to_csv(result, tmp_path)
    assert sorted(path.name for path in paths) == sorted(path.name for path in tmp_path.iterdir())
    summary = pd.read_csv(tmp_path / "summary.csv")
    pd.testing.assert_frame_equal(summary.drop(columns="unit"), result.summary())
    daily = pd.read_csv(tmp_path / "daily.csv")
    assert len(daily) == 3 * 20
    earned = daily[daily["arm"] == "paid"]["profit"].sum()
    assert earned == pytest.approx(float(result.values("profit").sel(arm="paid").mean()), rel=1e-12)
    crossovers = pd.read_csv(tmp_path / "crossover.csv")
    assert len(crossovers) == 6
    assert crossovers["never_share"].between(0, 1).all()
    assert pd.read_csv(tmp_path / "uplift.csv")["arm"].tolist() == ["private"]


def test_csv_files_open_in_a_spreadsheet_with_units_currency_and_dates(tmp_path):
    result = story(ARMS[:3], 20, 8)
    for path in report.to_csv(result, tmp_path):
        assert path.read_bytes().startswith(b"\xef\xbb\xbf"), (
            f"Excel would take Chinese in {path.name} for another encoding"
        )
    summary = pd.read_csv(tmp_path / "summary.csv").set_index("metric")["unit"]
    assert summary["profit"].unique().tolist() == [result.currency]
    assert summary["clv"].unique().tolist() == [f"{result.currency} per customer"]
    assert summary["orders"].unique().tolist() == ["orders"]
    daily = pd.read_csv(tmp_path / "daily.csv")
    start = dt.date.fromisoformat(result.data.attrs["start"])
    assert [dt.date.fromisoformat(day) for day in daily["date"][:20]] == [
        start + dt.timedelta(days=d) for d in range(20)
    ]
    for name in ("daily", "routes", "hooks", "cohorts"):
        assert pd.read_csv(tmp_path / f"{name}.csv")["currency"].unique().tolist() in ([result.currency], [])
    crossover = pd.read_csv(tmp_path / "crossover.csv")
    never = np.isinf(crossover["day"])
    assert crossover["date"].isna().tolist() == never.tolist()
    at = crossover[~never].iloc[0]
    assert dt.date.fromisoformat(at["date"]) == start + dt.timedelta(days=int(np.ceil(at["day"])))


def test_csv_of_arms_without_a_pool_keeps_its_columns(tmp_path):
    report.to_csv(story(("nothing", "paid"), 5, 2), tmp_path)
    assert "causal_low" in pd.read_csv(tmp_path / "uplift.csv").columns


def test_json_has_no_nan_and_survives_a_round_trip():
    result = story(ARMS[:3], 20, 1)
    again = conforming(json_answer("compare", report.to_json(result)))
    assert again == tagged("compare", report.to_json(result))
    assert again["arms"] == list(result.arms)
    assert all(row["low"] is None for row in again["summary"])
    never = [row for row in again["crossovers"] if row["never_share"] == 1]
    assert never
    assert all(row["day"] is None for row in never)


def test_the_report_is_one_sound_page_that_fetches_nothing(tmp_path):
    result = story(ARMS, 60, 4)
    write_report(result, tmp_path / "report.html")
    text = (tmp_path / "report.html").read_text("utf-8")
    page = Page(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.fetched == []
    assert set(re.findall(r"https?://[^\"' <]+", text)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert "@import" not in text
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    assert all(after <= before + 1 for before, after in zip(page.headings, page.headings[1:], strict=False))


@pytest.mark.usefixtures("without_pictures")
def test_the_report_says_all_that_it_must():
    result = story(ARMS, 60, 4)
    text = re.sub(r"\s+", " ", html(result)).replace("<wbr>", "")
    text = re.sub("</?span[^>]*>", "", text)  # words of a command
    for needed in (
        *result.arms,
        result.title,
        *(said for said in report.answer(result) if "--uncertain" not in said),  # commands stand at the end
        "trafficsim compare restaurant --uncertain 64",
        *[found.sentence() for found in (*result.crossovers(), *result.uplifts())],
        VARIATION_ONLY,
        "No advertising; no pool “vip_group”.",
        "Hook “side_dish”: whoever is met at “dining_room” and joins “vip_group” gets a gift worth CNY 12",
        "vip_group has neither staff nor tool costs",
        "There are no KOC and no KOL.",
        "Rivals are a constant pull on the choice",
        "posts.vip_group.open_rate",
        "0.1 to 0.5",
        "004: three kilometres",
        result.data.attrs["repeat"],
        "numpy 2.4.6",
    ):
        assert needed in text


@pytest.mark.usefixtures("without_pictures")
def test_what_a_scenario_says_is_text_and_not_markup():
    result = story(ARMS[:2], 9, 2, title="<script>alert(1)</script>", about="a & b")
    text = html(result)
    assert "<script" not in text
    assert "&lt;script&gt;" in text


@pytest.mark.parametrize(
    "result",
    [story(("nothing", "paid"), 9, 1), story(("nothing",), 1, 1), Result(zeros(hooks=(), assumed="[]", sourced="[]"))],
)
def test_small_comparisons_have_a_report_too(result):
    text = html(result)
    assert Page(text).open == []
    assert "nan" not in re.sub(r"<svg.*?</svg>", "", text, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        (1234.5, "1,234"),
        (9.876, "9.88"),
        (16_234, "16.2k"),
        (1_234_567, "1.23M"),
        (-2.5e9, "-2.50bn"),
        (math.nan, "–"),
        (math.inf, "–"),
        (0.01234, "0.012"),
    ],
)
def test_numbers_as_people_read_them(value, shown):
    assert rounding.short(value) == shown


@pytest.mark.parametrize(
    ("values", "language", "shown"),
    [
        ((4_020, 24_922, 0), "en", ["4.02k", "24.9k", "0"]),
        ((4_020, 24_922, 30), "en", ["4,020", "24,922", "30"]),
        ((4_020, 9_000), "en", ["4,020", "9,000"]),
        ((23_049_000, 18_200), "en", ["23.0M", "0.02M"]),
        ((1_234_567, 30_000), "en", ["1,235k", "30k"]),
        ((5e8, -4.6e6), "zh", ["50,000万", "-460万"]),
        ((9_500, 12_000), "zh", ["0.95万", "1.20万"]),
    ],
)
def test_numbers_of_a_picture_have_one_unit(values, language, shown):
    by = rounding.common(values, language)
    assert [rounding.on(value, by) for value in values] == shown


@pytest.mark.parametrize(
    ("values", "beside", "language", "shown"),
    [
        ((2_171, -87), (51_700, 49_500), "zh", "0.22万"),
        ((6_916, 35_874, -461), (14_100, 7_200), "zh", "0.69万"),
        ((2_171, -87), (), "zh", "2,171"),
        ((2_171, -87), (5e8,), "zh", "2,171"),
        ((2_171, 350_000), (2_171,), "en", "2.17k"),
    ],
)
def test_numbers_of_a_picture_have_the_unit_of_sums_beside_it_unless_it_suits_them_ill(values, beside, language, shown):
    assert rounding.on(values[0], rounding.told_beside(values, beside, language)) == shown


def test_signs_and_shares():
    assert rounding.fixed(-0.001, 1, sign=True) == "0.0"
    assert rounding.fixed(12.34, 1, sign=True) == "+12.3"
    shares = (0, 0.001, 0.5, 0.999, 1, math.nan)
    assert [rounding.percent(share) for share in shares] == ["0%", "<1%", "50%", ">99%", "100%", "–"]


@pytest.mark.usefixtures("without_pictures")
def test_the_report_says_where_customers_came_from():
    """Routes and hooks that brought nobody are left out."""
    result = story(ARMS, 60)
    page = unwrapped(html(result))
    routes = result.by_route()
    assert page.count("Customers by the route of their first contact") == int((routes["new_customers"] > 0).any())
    for route in routes.loc[routes["new_customers"] > 0, "route"]:
        assert f'<td data-label="route">{route_words(words("en"), result)[route]}</' in page
