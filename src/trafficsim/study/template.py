"""An empty sheet for own data: a column for each series that a scenario can be fitted to, and what it means."""

import csv
import datetime as dt
import io
from pathlib import Path

from trafficsim.data.cells import DAYS_OF_WEEK, Period, following_month
from trafficsim.data.tables import COMMENT, EXCEL, require_openpyxl
from trafficsim.files.whole import whole, write_whole
from trafficsim.market.places import Pool
from trafficsim.scenario import Scenario
from trafficsim.words.language import Language, Sentence, words

MEANINGS = {
    "orders": Sentence.say("number of orders"),
    "revenue": Sentence.say("what customers paid, discounts taken off"),
    "new_customers": Sentence.say("customers who ordered for the first time ever"),
}
OF_POOLS = {
    "members": Sentence.say("members at the end of the day"),
    "joined": Sentence.say("people who joined"),
    "left": Sentence.say("members who left, deleted or blocked"),
}


def columns(scenario: Scenario, arm: str) -> dict[str, Sentence]:
    """The columns and what they mean: what shops count, and what is counted of each pool."""
    pools = [name for name, place in scenario.plan(arm).places.items() if isinstance(place, Pool)]
    return MEANINGS | {f"{series}.{pool}": meaning for pool in pools for series, meaning in OF_POOLS.items()}


def sheet(scenario: Scenario, arm: str, period: Period = "day", language: Language | None = None) -> list[list[str]]:
    """The rows of the sheet: what each column means (rows that begin with #), the heads, and a row for each date."""
    reader = language or scenario.language
    say, heads = words(reader), columns(scenario, arm)
    said = [
        say("Fill in what you have and leave the rest empty; columns may be removed."),
        say("date: the day, or the first day of the week or month"),
        *(f"{head}: {meaning.said(reader)}" for head, meaning in heads.items()),
        say("What you spent, posted or charged is no column here; a setting takes it from a file of its own:"),
        "budget_per_day: {file: spend.csv, column: feed}",
    ]
    dates = _dates(scenario.start, scenario.days, period)
    comments = [[f"{COMMENT} {text}"] for text in said]
    return [*comments, ["date", *heads], *([date, *("" for _ in heads)] for date in dates)]


def write_template(path: Path, rows: list[list[str]]) -> None:
    """Write the sheet as CSV, or Excel where the name ends so; OSError if it can't be."""
    if path.suffix.lower() in EXCEL:
        _write_workbook(path, rows)
        return
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    write_whole(path, "\ufeff" + text.getvalue())  # without the mark Excel takes Chinese for another encoding


def _write_workbook(path: Path, rows: list[list[str]]) -> None:
    require_openpyxl()
    import openpyxl  # noqa: PLC0415 - an extra

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([cell or None for cell in row])
    with whole(path) as unfinished, unfinished.open("wb") as file:
        book.save(file)


def _dates(start: dt.date, days: int, period: Period) -> list[str]:
    until = start + dt.timedelta(days=days)
    if period == "month":
        months = [start.replace(day=1)]
        while (later := following_month(months[-1])) < until:
            months.append(later)
        return [f"{month:%Y-%m}" for month in months]
    step = DAYS_OF_WEEK if period == "week" else 1
    return [str(start + dt.timedelta(days=day)) for day in range(0, days, step)]
