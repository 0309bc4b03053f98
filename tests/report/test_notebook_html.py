"""What a notebook shows of scenarios, results and sweeps, in both languages."""

import re
from typing import get_args

import pytest

import trafficsim as ts
from comparisons import SHOP
from trafficsim.books.metrics import METRICS, MetricName
from trafficsim.results.measures import FLOWS, LABELS, STOCKS, FlowName, SeriesName, StockName

SMALL = SHOP.replace("days: 60", "days: 6").replace("count: 2000", "count: 100")


@pytest.fixture(scope="module", params=["en", "zh"])
def case(request):
    text = SMALL.replace("A shop", "A <b>shop</b> & more")
    return ts.load(f"{text}language: {request.param}\n")


def shown(of):
    """The text; fails for what is not escaped, too large, or not in the language alone."""
    page = of._repr_html_()
    assert "A &lt;b&gt;shop&lt;/b&gt; &amp; more" in page
    assert len(page) < 8_000
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL).split())


def test_a_scenario_says_what_it_compares(case):
    text = shown(case)
    assert {"en": "over 6 days", "zh": "6 天里比较"}[case.language] in text
    assert {"en": "have no source and are assumed", "zh": "是假定的"}[case.language] in text


def test_a_result_says_its_answer_and_a_table(case):
    result = ts.compare(case, 2)
    text = shown(result)
    assert {"en": "contribution profit", "zh": "贡献利润"}[case.language] in text
    assert all(arm in text for arm in result.arms)
    assert result._repr_html_().count('<th scope="row">') == 3


def test_a_sweep_says_who_leads_and_the_first_points(case):
    swept = ts.sweep(
        case, {"product.price": [float(price) for price in range(70, 83)]}, arms=("private", "paid"), replicates=2
    )
    text = shown(swept)
    assert {"en": "The first 12 of 13 points", "zh": "共 13 个点，这里是前 12 个"}[case.language] in text
    assert swept._repr_html_().count('<th scope="row">') == 12


def test_names_that_editors_complete_are_those_that_there_are():
    assert get_args(MetricName) == tuple(entry.name for entry in METRICS)
    assert get_args(SeriesName) == (*get_args(FlowName), *get_args(StockName)) == tuple(LABELS)
    assert (get_args(FlowName), get_args(StockName)) == (FLOWS, STOCKS)
