"""The tables of a comparison as sheets of a workbook: headings with units, and numbers to go on with."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from trafficsim.books.metrics import label, metric
from trafficsim.plots.routes import route_words
from trafficsim.report import leans, uncertain_sheets
from trafficsim.report.answer import answer, caveats, variation_only
from trafficsim.report.differences import differing_settings, shown
from trafficsim.report.export import SERIES, crossover_table, daily_table, money_table, uplift_table
from trafficsim.report.own_tables import counter_words
from trafficsim.report.sheet_columns import Column, Table
from trafficsim.report.tables import unit_of
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.results.about import Assumed, Leaning, Sourced
from trafficsim.results.measures import own_counters
from trafficsim.scenario.naming import setting_in_words
from trafficsim.words.language import Language, Words

_KINDS = {"money": "money", "money per customer": "money", "ratio": "ratio"}
"""What a metric's numbers are by its unit; else they are counts."""


def tables(result: Result, confidence: float = 0.95, language: Language | None = None) -> list[Table]:
    """All sheets, in their order; headings in a language, the scenario's unless given."""
    voice = Voice(language or result.language, result.currency)
    say, frame = voice.say, _Frames(voice, confidence, discounted=result.discounted)
    routes, stages = route_words(say), _stages(say)
    by_route = result.by_route(confidence)
    by_stage = result.by_stage(confidence)
    attribution = result.attribution(confidence)
    by_hook = result.by_hook(confidence).rename(columns=lambda name: name.replace("clv", "joiner_margin"))
    return [
        _answer(result, voice, confidence),
        _arms(result, voice, confidence),
        frame.table(say("daily"), daily_table(result, confidence)),
        frame.table(say("crossover"), crossover_table(result, confidence)),
        frame.table(say("money in time"), money_table(result, confidence)),
        frame.table(say("uplift"), uplift_table(result, confidence)),
        frame.table(say("routes"), by_route.assign(route=by_route["route"].map(routes))),
        frame.table(say("attribution"), attribution.assign(route=attribution["route"].map(routes))),
        frame.table(say("hooks"), by_hook),
        *([frame.table(say("regions"), result.by_region(confidence))] if result.data.sizes["region"] else []),
        frame.table(say("cohorts"), result.by_cohort(confidence)),
        frame.table(say("funnel"), by_stage.assign(stage=by_stage["stage"].map(stages), of=by_stage["of"].map(stages))),
        *([frame.table(say("own mechanisms"), _own(result, confidence, voice))] if own_counters(result.data) else []),
        _differences(result, say),
        *([_leaning(result.about.leaning, voice)] if result.about.leaning else []),
        *(uncertain_sheets.tables(result.uncertain, voice) if result.uncertain else []),
        _assumed(result, voice),
        _sources(result, voice),
    ]


def _answer(result: Result, voice: Voice, confidence: float) -> Table:
    say = voice.say
    lines = [
        *answer(result, confidence, voice.language),
        variation_only(voice.language),
        *caveats(result, voice.language),
    ]
    about = [result.title, result.about.about, *lines, result.about.repeat]
    return Table(say("answer"), [Column(say("The answer"), "text", [line for line in about if line])])


def _arms(result: Result, voice: Voice, confidence: float) -> Table:
    """The table of arms; its unit differs by row, and so does its format."""
    say, summary = voice.say, result.summary(confidence)
    entries = [metric(name) for name in summary["metric"]]
    units = [unit_of(entry, voice) or say(entry.unit) for entry in entries]
    labels = [say(label(entry, discounted=result.discounted)) for entry in entries]
    frame = _Frames(voice, confidence, discounted=result.discounted)
    head = [
        Column(say("metric"), "text", labels),
        Column(say("unit"), "text", units),
        Column(say("what it is"), "text", [say(entry.meaning) for entry in entries]),
    ]
    numbers = frame.columns(summary.drop(columns="metric"))
    kinds = [_KINDS.get(entry.unit, "count") for entry in entries]
    own = [column._replace(kind=kinds) if column.kind == "money" else column for column in numbers]
    return Table(say("arms"), [*head, *own])


def _own(result: Result, confidence: float, voice: Voice) -> pd.DataFrame:
    """What mechanisms of one's own counted, in words."""
    meaning = {c.name: counter_words(c, voice.language) for c in own_counters(result.data)}
    found = result.by_own(confidence)
    units = [voice.unit if unit == "money" else unit for unit in found["unit"]]
    return found.assign(counter=found["counter"].map(meaning), unit=units)


def _differences(result: Result, say: Words) -> Table:
    rows = differing_settings(result)
    by_arm = [
        Column(arm, "text", [_cell(values[arm]) if arm in values else "" for _, values in rows]) for arm in result.arms
    ]
    return Table(say("differences"), [Column(say("setting"), "text", [path for path, _ in rows]), *by_arm])


def _cell(value: Any) -> Any:
    """A setting: a number as one, all else in words."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else shown(value)


def _sources(result: Result, voice: Voice) -> Table:
    say, rows = voice.say, result.about.sourced
    return Table(say("sources"), [*_numbers(rows, say), Column(say("source"), "text", [each.source for each in rows])])


def _assumed(result: Result, voice: Voice) -> Table:
    say, rows = voice.say, result.about.assumed
    ranges = [each.range or (None, None) for each in rows]
    lowest = Column(say("lowest plausible"), "text", [low for low, _ in ranges])
    highest = Column(say("highest plausible"), "text", [high for _, high in ranges])
    return Table(say("assumed"), [*_numbers(rows, say), lowest, highest])


def _numbers(rows: Sequence[Assumed | Sourced], say: Words) -> list[Column]:
    return [
        Column(say("setting"), "text", [setting_in_words(each.path, say) for each in rows]),
        Column(say("value"), "text", [_cell(each.value) for each in rows]),
    ]


def _stages(say: Words) -> dict[str, str]:
    return {
        "customers": say("all customers"),
        "aware": say("know the brand on the last day"),
        "joined": say("joined a pool"),
        "new": say("first order"),
        "repeat": say("ordered again"),
    }


_NOTHING: Mapping[str, tuple[float | None, ...]] = {"": (None, None, None)}


def _leaning(found: Leaning, voice: Voice) -> Table:
    """One row for each number, end that was tried, and arm that could win, by influence."""
    say = voice.say
    rows = [
        (number, end, arm, lead)
        for number in leans.by_influence(found)
        for end in number.ends
        for arm, lead in (end.leads or _NOTHING).items()
    ]
    money = [say("lead ({unit})", unit=voice.unit), say("lower limit"), say("upper limit")]
    columns = [
        Column(say("assumed number"), "text", [setting_in_words(number.path, say) for number, *_ in rows]),
        Column(say("value"), "text", [number.value for number, *_ in rows]),
        Column(say("tried value"), "text", [end.value for _, end, *_ in rows]),
        Column(say("over"), "text", [arm for *_, arm, _ in rows]),
        *[Column(name, "money", [lead[k] for *_, lead in rows]) for k, name in enumerate(money)],
        Column(say("problem"), "text", [end.problem for _, end, *_ in rows]),
    ]
    return Table(say("leans on"), columns)


class _Frames:
    """Turns data frames of a result into sheets."""

    def __init__(self, voice: Voice, confidence: float, *, discounted: bool) -> None:
        self.voice, self.say, self.share = voice, voice.say, f"{confidence * 100:g}%"
        self.clv = voice.say(label(metric("clv"), discounted=discounted))
        self.joiner_margin = voice.say(
            "order margin per joiner, discounted to day 0" if discounted else "order margin per joiner"
        )

    def table(self, name: str, frame: pd.DataFrame) -> Table:
        return Table(name, self.columns(frame))

    def columns(self, frame: pd.DataFrame) -> list[Column]:
        named = [str(name) for name in frame.columns]
        return [self._column(name, frame[name].tolist(), set(named)) for name in named if name != "confidence"]

    def _column(self, name: str, values: list[Any], named: set[str]) -> Column:
        base, _, end = name.rpartition("_")
        if name in {"low", "high"}:  # of the one mean or day of the table
            base, end = ("mean" if "mean" in named else "day"), name
        if end not in {"low", "high"}:
            return Column(*self._heading(name), values)
        heading, kind = self._heading(base)
        if end == "low":
            return Column(self.say("{what}, lower limit ({share})", what=heading, share=self.share), kind, values)
        return Column(self.say("{what}, upper limit ({share})", what=heading, share=self.share), kind, values)

    def _heading(self, name: str) -> tuple[str, str]:
        """The words and the kind of a column of numbers."""
        say, money = self.say, self.voice.unit
        if name in SERIES and name in {"profit", "revenue", "spend"}:
            return say("{what} ({unit})", what=say(metric(name).label), unit=money), "money"
        if name in (each := self._each()):
            unit = say("{currency} per customer", currency=money)
            return say("{what} ({unit})", what=each[name], unit=unit), "money"
        if name == "margin":
            return say("order margin ({currency} per customer)", currency=money), "money"
        return _headings(say)[name]

    def _each(self) -> dict[str, str]:
        """Columns of money for each customer or joiner."""
        say = self.say
        return {
            "route_cost": say("cost lines of the route"),
            "joiner_cost": say("hook and reward"),
            "first_touch": say("cost by first touch"),
            "last_touch": say("cost by last touch"),
            "true_cac": say("true CAC"),
            "clv": self.clv,
            "joiner_margin": self.joiner_margin,
        }


def _headings(say: Words) -> dict[str, tuple[str, str]]:
    """The other columns of the tables, and what their numbers are."""
    return {
        "arm": (say("arm"), "text"),
        "counter": (say("counted"), "text"),
        "unit": (say("unit"), "text"),
        "total": (say("over the run"), "money"),
        "metric": (say("metric"), "text"),
        "mean": (say("mean"), "money"),
        "difference": (say("difference to the baseline"), "money"),
        "better": (say("share of replicates in which it is better"), "share"),
        "variance_ratio": (say("variance reduction by common random numbers (ratio)"), "count"),
        "replicates": (say("replicates with a value"), "whole"),
        "day": (say("day"), "day"),
        "days": (say("days"), "whole"),
        "new_customers": (say("new customers"), "count"),
        "orders": (say("orders"), "count"),
        "members": (say("members"), "count"),
        "customers_aware": (say("aware customers"), "count"),
        "a": (say("arm ahead"), "text"),
        "b": (say("arm behind"), "text"),
        "never_share": (say("share of replicates in which it never comes"), "share"),
        "ahead": (say("share of replicates in which it is ahead on the last day"), "share"),
        "lead": (say("lead on the last day"), "money"),
        "against": (say("against"), "text"),
        "joiners": (say("joiners"), "count"),
        "from_start": (say("members from the start who joined no further pool"), "count"),
        "of_joiners": (say("orders that the pool added, of joiners"), "count"),
        "of_rest": (say("orders that the pool added, of everybody else"), "count"),
        "everybody": (say("orders that the pool added, of everybody"), "count"),
        "naive": (say("naive uplift (orders per joiner)"), "ratio"),
        "causal": (say("causal uplift (orders per joiner)"), "ratio"),
        "extra": (say("naive minus causal (orders per joiner)"), "ratio"),
        "route": (say("route"), "text"),
        "hook": (say("hook"), "text"),
        "region": (say("region"), "text"),
        "store_orders": (say("orders at stores"), "count"),
        "revenue": (say("revenue"), "money"),
        "margin": (say("order margin"), "money"),
        "margin_each": (say("order margin per customer"), "money"),
        "without": (say("arm without the route"), "text"),
        "true_roas": (say("true return on spend"), "ratio"),
        "true_margin": (say("extra margin per extra spend"), "ratio"),
        "set_up": (say("set-up costs"), "money"),
        "ran_out_share": (say("share of replicates in which cash runs out"), "share"),
        "payback": (say("total profit above 0 from day"), "day"),
        "lowest": (say("lowest cash"), "money"),
        "lowest_on": (say("on day"), "day"),
        "out_of_cash": (say("out of cash on day"), "day"),
        "joined": (say("joined"), "count"),
        "cohort": (say("cohort (first day)"), "text"),
        "period": (say("period of four weeks"), "whole"),
        "customers": (say("customers"), "count"),
        "retention": (say("orders against period 1"), "share"),
        "stage": (say("stage"), "text"),
        "of": (say("share of which stage"), "text"),
        "share": (say("share"), "share"),
    }
