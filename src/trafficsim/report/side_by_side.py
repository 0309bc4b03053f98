"""Two scenarios or two results side by side: what is set otherwise, and what became of it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from trafficsim.books.metrics import MetricName, metric
from trafficsim.report.answer import answered
from trafficsim.report.differences import UNTOLD, plans, shown
from trafficsim.report.voice import Voice
from trafficsim.results import Result, intervals
from trafficsim.results.labelled import labelled
from trafficsim.scenario import Scenario
from trafficsim.scenario.comparing import changes
from trafficsim.scenario.naming import setting_in_words
from trafficsim.scenario.settings import Setting, settings
from trafficsim.words.called import called

Compared = Scenario | Result
METRICS: tuple[MetricName, ...] = ("profit", "spend", "new_customers", "members", "orders")
"""What both are compared in, by arm."""


@dataclass(frozen=True)
class Changed:
    """A setting that is otherwise in the second: its value in the first and in the second, and in which arms."""

    path: str
    first: Any
    second: Any
    arms: tuple[str, ...]


def changed(first: Compared, second: Compared) -> list[Changed]:
    """What the second sets otherwise on day 0, in the arms that both have; the same change of several arms once."""
    known, other = _settings(first), _settings(second)
    found: dict[tuple[str, str, str], tuple[Any, Any, list[str]]] = {}
    for arm in known:
        for path, before, after in changes(known[arm], other[arm]) if arm in other else ():
            if path not in UNTOLD:
                found.setdefault((path, repr(before), repr(after)), (before, after, []))[2].append(arm)
    return [Changed(path, before, after, tuple(arms)) for (path, *_), (before, after, arms) in found.items()]


def arms_of_one(first: Compared, second: Compared) -> tuple[list[str], list[str]]:
    """Arms that only the first has, and those that only the second has."""
    known, other = _settings(first), _settings(second)
    return [arm for arm in known if arm not in other], [arm for arm in other if arm not in known]


def outcomes(first: Result, second: Result, confidence: float = 0.95) -> pd.DataFrame:
    """What both came to, by metric and arm: first, second, difference (second less first), low and high.

    Differences are paired: both met the same random numbers, replicate by replicate. Without that (another seed or
    other replicates) low and high are NaN. Money in currency units.
    """
    rows = []
    for name in METRICS:
        for arm in (arm for arm in first.arms if arm in second.arms):
            own, other = first.estimate(name, arm), second.estimate(name, arm)
            before, after = own.interval(confidence).middle, other.interval(confidence).middle
            low = high = math.nan
            if paired(first, second):
                found = intervals.mean(other.each - own.each, confidence)
                low, high = found.low, found.high
            rows.append((name, arm, before, after, after - before, low, high))
    return pd.DataFrame(rows, columns=["metric", "arm", "first", "second", "difference", "low", "high"])


def paired(first: Result, second: Result) -> bool:
    """Whether replicates of both met the same random numbers."""
    numbers = [list(each.data["replicate"].to_numpy()) for each in (first, second)]
    return first.about.seed == second.about.seed and numbers[0] == numbers[1]


def told(first: Compared, second: Compared, names: tuple[str, str], voice: Voice) -> list[str]:
    """What is set otherwise, and the answers of both, in sentences; `names` are what they are called."""
    say = voice.say
    said = [_told(each, first, voice) for each in changed(first, second)]
    for name, only in zip(names, arms_of_one(first, second), strict=True):
        if only:
            said.append(say("Only {name} has {arms}.", name=name, arms=voice.listed(f"“{arm}”" for arm in only)))
    if not said:
        said = [say("Both set the same in all arms.")]
    if isinstance(first, Result) and isinstance(second, Result):
        for name, each in zip(names, (first, second), strict=True):
            headline = answered(labelled(each), language=voice.language).headline
            said.append(say("{name}: {says}", name=name, says=headline))
    return said


def _told(each: Changed, first: Compared, voice: Voice) -> str:
    labels = first.about.labels if isinstance(first, Result) else first.labels
    name = setting_in_words(each.path, voice.say, labels)
    put = {"setting": name, "was": shown(each.first), "now": shown(each.second)}
    if set(each.arms) == set(_settings(first)):
        return voice.say("{setting}: {was} → {now}", **put)
    return voice.say(
        "{setting}: {was} → {now} (in {arms})", arms=voice.listed(called(arm, labels) for arm in each.arms), **put
    )


def as_plain(first: Compared, second: Compared) -> dict[str, Any]:
    """All of it in built-in types, for JSON."""
    one, other = arms_of_one(first, second)
    found: dict[str, Any] = {
        "changes": [
            {"path": each.path, "first": shown(each.first), "second": shown(each.second), "arms": list(each.arms)}
            for each in changed(first, second)
        ],
        "only_first": one,
        "only_second": other,
    }
    if isinstance(first, Result) and isinstance(second, Result):
        table = outcomes(first, second)
        found["outcomes"] = table.astype(object).where(table.notna(), None).to_dict("records")
        found["paired"] = paired(first, second)
    return found


def rows(first: Result, second: Result, voice: Voice) -> list[tuple[str, str, str, str, str]]:
    """The table for a terminal: metric, arm, first, second, difference with its interval; arms under their labels."""
    labels = first.about.labels
    return [
        (
            voice.say(metric(str(row["metric"])).label),
            labels.get(str(row["arm"]), str(row["arm"])),
            voice.short(row["first"]),
            voice.short(row["second"]),
            voice.signed(intervals.Interval(row["difference"], row["low"], row["high"])),
        )
        for row in outcomes(first, second).to_dict("records")
    ]


def _settings(of: Compared) -> Mapping[str, Mapping[str, Setting]]:
    if isinstance(of, Result):
        return {arm: settings(several[0][1]) for arm, several in plans(of).items()}
    return {arm: of.settings(arm) for arm in of.arms}
