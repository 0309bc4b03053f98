"""What a notebook shows of a scenario, a result or a sweep at the end of a cell: small, in the scenario's language."""

from collections.abc import Iterable, Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from trafficsim.report.answer import answered, question
from trafficsim.report.sweep_words import sweep_answer
from trafficsim.report.tables import blocks
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.labelled import labelled
from trafficsim.scenario import Scenario
from trafficsim.study.swept import SweepResult
from trafficsim.study.varying import level_in_words
from trafficsim.words import rounding
from trafficsim.words.called import called
from trafficsim.words.dates import dated

SHOWN = ("profit", "spend", "orders", "new_customers", "members")
"""Metrics of a result's table; `summary` has all of them."""
POINTS = 12
"""Rows of a sweep's table; `table` has all of them."""
Cells = Sequence[tuple[str, str]]


def result_html(result: Result) -> str:
    """The answer in sentences, and arms by metric with how far their intervals reach."""
    language = result.language
    voice, shown = Voice(language, result.currency), labelled(result)
    told = answered(shown, language=language)
    by_metric = [block for block in blocks(shown, language=language) if block.name in SHOWN]
    rows = [
        (arm, [(block.rows[n].mean, block.rows[n].mean_reach) for block in by_metric])
        for n, arm in enumerate(shown.arms)
    ]
    heads = [voice.say("arm"), *(block.heading for block in by_metric)]
    sentences = [*told.doubts, told.headline, *told.said, *told.more]
    return _rendered(shown.title, sentences, heads, rows, voice.joined(told.small))


def scenario_html(scenario: Scenario) -> str:
    """What is asked, what is compared, how many numbers are assumed, and what should be looked at."""
    voice, labels = Voice(scenario.language, scenario.currency), scenario.labels
    numbers = scenario.provenance()
    arms = voice.listed(f"“{called(arm, labels)}”" for arm in scenario.arms)
    text = "Compares {arms} over {days} days from {start} with {customers} customers."
    frame = voice.say(
        text,
        arms=arms,
        days=f"{scenario.days:,}",
        start=dated(scenario.start, scenario.language),
        customers=f"{scenario.plan(scenario.baseline).customers.count:,}",
    )
    text = "Of {count} numbers in the file, {assumed} have no source and are assumed."
    marked = voice.say(text, count=f"{len(numbers):,}", assumed=f"{sum(each.assumed for each in numbers):,}")
    sentences = [question(scenario.about), frame, marked, *scenario.notes(scenario.language)]
    return _rendered(scenario.title, filter(None, sentences), (), (), "")


def sweep_html(result: SweepResult) -> str:
    """Who leads where, and the difference at the first points."""
    voice, shown = Voice(result.language, result.currency), result.labelled()
    names = [axis.name for axis in shown.axes]
    rows = []
    for row in shown.table().head(POINTS).to_dict("records"):
        low, high = (rounding.short(row[f"difference_{end}"], language=voice.language) for end in ("low", "high"))
        levels = [level_in_words(row[name], voice.say) for name in names]
        middle = rounding.short(row["difference"], sign=True, language=voice.language)
        rows.append((levels[0], [*((level, "") for level in levels[1:]), (middle, f"[{low}, {high}]")]))
    left = voice.say("The first {few} of {points} points.", few=POINTS, points=f"{shown.points:,}")
    caption = left if shown.points > POINTS else ""
    return _rendered(shown.title, sweep_answer(result), [*names, voice.say("difference")], rows, caption)


def _rendered(
    title: str,
    sentences: Iterable[str],
    heads: Sequence[str],
    rows: Sequence[tuple[str, Cells]],
    caption: str,
) -> str:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("trafficsim.report").joinpath("notebook.html.j2").read_text(encoding="utf-8")
    rows_of_cells = [(first, *cells) for first, cells in rows]
    return environment.from_string(source).render(
        title=title, sentences=[*sentences], heads=heads, rows=rows_of_cells, caption=caption
    )
