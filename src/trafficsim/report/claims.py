"""Claims told: what was expected, what came out, the verdict and what could turn it."""

import math
from collections import Counter
from dataclasses import asdict

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trafficsim.report.answer import LUCK_ONLY
from trafficsim.report.stopping import stopped
from trafficsim.report.voice import Voice
from trafficsim.results.crossover import when
from trafficsim.scenario.claims import Compared, Crossing, Expectation, Measured
from trafficsim.study.claims import CONFIDENCE, DAY, Status, Verdict
from trafficsim.study.examine import Examined
from trafficsim.study.robust import Robustness, Trial
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

ENGLISH = words("en")
WORDS: dict[Status, str] = {
    "holds": "holds",
    "contradicted": "contradicted",
    "undecided": "undecided",
    "by_construction": "by construction",
    "no_value": "NO VALUE",
}
"""The verdicts, on the terminal."""
_STYLES: dict[Status, str] = {"holds": "green", "contradicted": "red", "undecided": "yellow", "no_value": "bold red"}


def claims_table(examined: Examined) -> RenderableType:
    """The verdicts on all claims of a scenario, for rich to print; fits 80 columns."""
    table = Table(box=None, padding=(0, 1, 1, 0), pad_edge=False, show_header=False)
    table.add_column(width=15)
    table.add_column(overflow="fold")
    for verdict in examined.verdicts:
        word = Text(WORDS[verdict.status], style=_STYLES.get(verdict.status, ""))
        found = examined.robustness(verdict)
        mark = Text(f"\n{found.status}", style="dim") if found and found.status else Text()
        table.add_row(word + mark, Text("\n".join(_lines(examined, verdict))))
    problems = [Text(f"Not tried: {line}") for line in _not_tried(examined)]
    said = [*problems, Text(_legend(examined), style="dim")]
    return Group(Text(examined.scenario.title, style="bold"), table, *[Padding(line, 0) for line in said], "")


def summed_up(all_examined: list[Examined]) -> str:
    """How many claims came to which verdict."""
    count = Counter(verdict.status for examined in all_examined for verdict in examined.verdicts)
    scenarios = len(all_examined)
    parts = ", ".join(f"{count[status]} {word}" for status, word in WORDS.items() if count[status])
    return f"{count.total()} claims in {scenarios} scenario{'s' * (scenarios != 1)}: {parts or 'none'}."


def to_json(examined: Examined) -> dict[str, object]:
    """The same for other programs: null for what has no value, "never" for a day that never comes."""
    return {
        "scenario": examined.scenario.name,
        "title": examined.scenario.title,
        "digest": examined.scenario.digest,
        "seed": examined.seed,
        "replicates": examined.replicates,
        "small": examined.small,
        "labels": dict(examined.scenario.labels),
        "stopping": examined.stopping and asdict(examined.stopping),
        "claims": [_claim(examined, verdict) for verdict in examined.verdicts],
        "not_tried": _not_tried(examined),
    }


def verdict_word(status: Status, say: Words) -> str:
    """A verdict in a word."""
    return {
        "holds": say("holds"),
        "contradicted": say("contradicted"),
        "undecided": say("undecided"),
        "by_construction": say("by construction"),
        "no_value": say("no value"),
    }[status]


def expected(expect: Expectation, say: Words = ENGLISH) -> str:
    """An expectation in words."""
    what = quantity(expect, say)
    if expect.order is not None:
        return say("{what}: {wanted}", what=what, wanted=" > ".join(expect.order))
    if expect.interior_optimum is not None:
        first, *_, last = expect.interior_optimum
        arms = ", ".join(expect.interior_optimum)
        return say("{what}: best between {first} and {last} ({arms})", what=what, first=first, last=last, arms=arms)
    if expect.crossover is not None:
        when = _crossing(expect.crossover, say)
        return say("{what} stays ahead of {other} {when}", what=what, other=expect.crossover.over, when=when)
    if expect.more_than is not None:
        other, by = _other(expect.more_than, say), _number(expect.more_than.by)
        if not expect.more_than.by:
            return say("{what} more than {other}", what=what, other=other)
        return say("{what} more than {other} by {by}", what=what, other=other, by=by)
    ratio = f" / {_other(expect.ratio_to, say)}" if expect.ratio_to else ""
    return say("{what}: {wanted}", what=f"{what}{ratio}", wanted=_limits(expect, say))


def quantity(of: Measured, say: Words = ENGLISH) -> str:
    """A quantity in words."""
    named = say("{metric} per {other}", metric=of.metric, other=of.per) if of.per else of.metric or ""
    if of.arm:
        named = say("{metric} of {arm}", metric=named, arm=of.arm).strip()
    if of.day is not None:
        named = say("{what} by day {day}", what=named, day=of.day)
    if of.window:
        named = say("{what} in days {first} to {last}", what=named, first=of.window[0], last=of.window[1] - 1)
    return named.strip()


def _other(of: Compared, say: Words) -> str:
    if of.metric is None and of.arm:
        return quantity(of.model_copy(update={"metric": of.arm, "arm": None}), say)
    return quantity(of, say)


def _limits(expect: Expectation, say: Words) -> str:
    if expect.between is not None:
        return say("{low} to {high}", low=_number(expect.between[0]), high=_number(expect.between[1]))
    if expect.at_least is not None:
        return say("at least {number}", number=_number(expect.at_least))
    return say("at most {number}", number=_number(expect.at_most or 0.0))


def _crossing(crossing: Crossing, say: Words) -> str:
    if crossing.never:
        return say("never")
    after, before = crossing.after, crossing.before
    if after is not None and before is not None:
        return say("from day {after} or later before day {before}", after=after, before=before)
    if after is not None:
        return say("from day {after} or later", after=after)
    return say("from a day before day {before}", before=before)


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,g}"


def measured_in_words(verdict: Verdict, language: Language = "en") -> str:
    """What was measured, with its interval."""
    say, (middle, low, high) = words(language), (verdict.measured.middle, verdict.measured.low, verdict.measured.high)
    if math.isnan(middle):
        return say("no value")

    def shown(value: float) -> str:
        if verdict.of is not DAY:
            return rounding.short(value, language=language)
        return when(value) if math.isfinite(value) else say("never")

    what = f"{verdict.of.said(language)} {shown(middle)}".strip()
    if math.isnan(low):
        return say("{what} (no interval)", what=what)
    return say("{what} (95% interval {low} to {high})", what=what, low=shown(low), high=shown(high))


def _lines(examined: Examined, verdict: Verdict) -> list[str]:
    claim = verdict.claim
    lines = [f"“{claim.says}” – {claim.source}", f"{verdict.name}: {expected(claim.expect)}"]
    lines.append(f"measured: {measured_in_words(verdict)}")
    lines += [verdict.note] if verdict.note else []
    return lines + _turned(examined.robustness(verdict))


def _turned(found: Robustness | None) -> list[str]:
    if found is None:
        return []
    lines = [f"{_named(trial)}: {WORDS[status]}" for trial, status in found.turned_by]
    open_ = [f"{n} {word}" for n, word in ((found.undecided, "undecided"), (found.no_value, "without a value")) if n]
    return lines + ([f"of {found.trials} trials, {' and '.join(open_)}"] if open_ else [])


def _named(trial: Trial) -> str:
    along = "".join(f", {name} with it" for name in trial.number.takes_along)
    return f"{trial.number.path} = {trial.value:g} (here {trial.number.value:g}){along}"


def _not_tried(examined: Examined) -> list[str]:
    return [f"{_named(trial)}: {trial.problem}" for trial in examined.trials or () if trial.problem]


def _legend(examined: Examined) -> str:
    luck = f"{examined.replicates:,} replicate{'s' * (examined.replicates != 1)}. {LUCK_ONLY}"
    luck = " ".join([luck, *stopped(examined.stopping, examined.replicates, CONFIDENCE, Voice())])
    tried = [trial for trial in examined.trials or () if not trial.problem]
    if examined.trials is not None:
        luck += f" Tried: {len(tried)} settings, one assumed number at a time at an end of its range."
    return f"A small sample, to see that claims can be evaluated; no findings. {luck}" if examined.small else luck


def _claim(examined: Examined, verdict: Verdict) -> dict[str, object]:
    claim, found = verdict.claim, examined.robustness(verdict)
    return {
        "name": verdict.name,
        "says": claim.says,
        "source": claim.source,
        "expect": claim.expect.model_dump(mode="json", exclude_none=True),
        "expected": expected(claim.expect),
        "measured": _plain(verdict.measured.middle),
        "low": _plain(verdict.measured.low),
        "high": _plain(verdict.measured.high),
        "what": verdict.what,
        "verdict": verdict.status,
        "note": verdict.note,
        "robustness": None if found is None else _found(found),
    }


def _found(found: Robustness) -> dict[str, object]:
    turned = [
        {
            "path": trial.number.path,
            "value": trial.value,
            "here": trial.number.value,
            "takes_along": list(trial.number.takes_along),
            "verdict": status,
        }
        for trial, status in found.turned_by
    ]
    open_ = {"trials": found.trials, "undecided": found.undecided, "no_value": found.no_value}
    return {"status": found.status or None, "turned_by": turned, **open_}


def _plain(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "never" if math.isinf(value) else value
