"""What a file gives by date happens on those days, as the same dated events would have it."""

import datetime as dt

import numpy as np
import pytest

import trafficsim as ts
from cases import RESTAURANT
from trafficsim.engine import world
from trafficsim.report.differences import strategies
from trafficsim.report.voice import Voice
from trafficsim.scenario import load

DAYS, FIRST = 12, dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    """The restaurant, small, with a budget for each day: of a file, and of events."""
    folder = tmp_path_factory.mktemp("history")
    text = RESTAURANT.read_text("utf-8").replace("day: 60", "day: 9").replace("days: 365", f"days: {DAYS}")
    text = text.replace("count: 30000", "count: 400").replace("until_day: 60", "until_day: 9")
    rows = [f"{FIRST + dt.timedelta(days=d)},{100 + d}" for d in range(DAYS)]
    (folder / "spend.csv").write_text("\n".join(["date,feed", *rows]), encoding="utf-8")
    (folder / "file.yaml").write_text(
        text.replace("budget_per_day: 150", "budget_per_day: {file: spend.csv, column: feed}")
    )
    events = [
        f"  e{d}: {{day: {d}, set: {{advertising.review_site.budget_per_day: {100 + d}}}}}" for d in range(1, DAYS)
    ]
    (folder / "events.yaml").write_text(
        "\n".join([text.replace("budget_per_day: 150", "budget_per_day: 100"), "events:", *events])
    )
    return tuple(load(folder / f"{name}.yaml").replace({"equal_budget": []}) for name in ("file", "events"))


def test_a_file_does_what_events_do(cases):
    by_file, by_events = (world.start(case, "both", 1, 0).run() for case in cases)
    np.testing.assert_array_equal(by_file.tallies, by_events.tallies)
    paid = by_file.counted("advertising").sum(axis=1) + by_file.counted("unspent").sum(axis=1)
    wanted = [100 * (100 + d) for d in range(DAYS)]
    np.testing.assert_allclose(paid, wanted, rtol=0, atol=1)  # what is paid and what is left are each whole cents


def test_a_report_tells_many_changes_in_one_sentence(cases):
    result = ts.compare(cases[0], replicates=2)
    for language, said in (
        ("en", "changes on 11 days from day 1 to day 11, between 100 and 111."),
        ("zh", "共有 11 天"),
    ):
        told = strategies(result, Voice(language)).changes
        assert len(told) == 1
        assert said in told[0]
