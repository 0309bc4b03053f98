"""Claims told: what was expected, what came out, the verdict and what could turn it."""

import math
from collections import Counter

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trafficsim import rounding
from trafficsim.crossover import when
from trafficsim.report.answer import LUCK_ONLY
from trafficsim.scenario.claims import Compared, Crossing, Expectation, Measured
from trafficsim.study.claims import Status, Verdict
from trafficsim.study.examine import Examined
from trafficsim.study.robust import Robustness, Trial

WORDS: dict[Status, str] = {
    "holds": "holds",
    "contradicted": "contradicted",
    "undecided": "undecided",
    "by_construction": "by construction",
    "no_value": "NO VALUE",
}
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
        "claims": [_claim(examined, verdict) for verdict in examined.verdicts],
        "not_tried": _not_tried(examined),
    }


def expected(expect: Expectation) -> str:
    """An expectation in words."""
    if expect.order is not None:
        return f"{quantity(expect)}: {' > '.join(expect.order)}"
    if expect.interior_optimum is not None:
        first, *_, last = expect.interior_optimum
        return f"{quantity(expect)}: best between {first} and {last} ({', '.join(expect.interior_optimum)})"
    if expect.crossover is not None:
        return f"{quantity(expect)} stays ahead of {expect.crossover.over} {_crossing(expect.crossover)}"
    if expect.more_than is not None:
        by = f" by {_number(expect.more_than.by)}" if expect.more_than.by else ""
        return f"{quantity(expect)} more than {_other(expect.more_than)}{by}"
    ratio = f" / {_other(expect.ratio_to)}" if expect.ratio_to else ""
    return f"{quantity(expect)}{ratio}: {_limits(expect)}"


def quantity(of: Measured) -> str:
    """A quantity in words."""
    per = f" per {of.per}" if of.per else ""
    arm = f" of {of.arm}" if of.arm else ""
    day = f" by day {of.day}" if of.day is not None else ""
    window = f" in days {of.window[0]} to {of.window[1] - 1}" if of.window else ""
    return f"{of.metric or ''}{per}{arm}{day}{window}".strip()


def _other(of: Compared) -> str:
    said = quantity(of)
    return said.removeprefix("of ") if of.metric is None else said


def _limits(expect: Expectation) -> str:
    if expect.between is not None:
        return f"{_number(expect.between[0])} to {_number(expect.between[1])}"
    if expect.at_least is not None:
        return f"at least {_number(expect.at_least)}"
    return f"at most {_number(expect.at_most or 0.0)}"


def _crossing(crossing: Crossing) -> str:
    if crossing.never:
        return "never"
    after = f"from day {crossing.after} or later" if crossing.after is not None else "from a day"
    return f"{after} before day {crossing.before}" if crossing.before is not None else after


def _number(value: float) -> str:
    return f"{int(value):,}" if value == int(value) else f"{value:,g}"


def _measured(verdict: Verdict) -> str:
    middle, low, high = verdict.measured.middle, verdict.measured.low, verdict.measured.high
    if math.isnan(middle):
        return "no value"
    shown = _day if verdict.what == "day" else rounding.short
    limits = f" (95% interval {shown(low)} to {shown(high)})" if not math.isnan(low) else " (no interval)"
    return f"{verdict.what} {shown(middle)}{limits}".strip()


def _day(value: float) -> str:
    return when(value)


def _lines(examined: Examined, verdict: Verdict) -> list[str]:
    claim = verdict.claim
    lines = [f"“{claim.says}” – {claim.source}", f"{verdict.name}: {expected(claim.expect)}"]
    lines.append(f"measured: {_measured(verdict)}")
    lines += [verdict.note] if verdict.note else []
    return lines + _turned(examined.robustness(verdict))


def _turned(found: Robustness | None) -> list[str]:
    if found is None:
        return []
    lines = [f"{_named(trial)}: {WORDS[status]}" for trial, status in found.turned_by]
    open_ = [f"{n} {word}" for n, word in ((found.undecided, "undecided"), (found.no_value, "without a value")) if n]
    return lines + ([f"of {found.trials} trials, {' and '.join(open_)}"] if open_ else [])


def _named(trial: Trial) -> str:
    return f"{trial.number.path} = {trial.value:g} (here {trial.number.value:g})"


def _not_tried(examined: Examined) -> list[str]:
    return [f"{_named(trial)}: {trial.problem}" for trial in examined.trials or () if trial.problem]


def _legend(examined: Examined) -> str:
    luck = f"{examined.replicates:,} replicate{'s' * (examined.replicates != 1)}. {LUCK_ONLY}"
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
        {"path": trial.number.path, "value": trial.value, "here": trial.number.value, "verdict": status}
        for trial, status in found.turned_by
    ]
    open_ = {"trials": found.trials, "undecided": found.undecided, "no_value": found.no_value}
    return {"status": found.status or None, "turned_by": turned, **open_}


def _plain(value: float) -> float | str | None:
    if math.isnan(value):
        return None
    return "never" if math.isinf(value) else value
