"""The tornado: how far each assumed number, moved to the ends of its range, moves what a claim speaks of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from trafficsim.plots.bars import MOST, TURNED, draw_bar, dress_rows, explain_bars, height_of, name_row
from trafficsim.plots.sheet import Sheet, sheet
from trafficsim.plots.style import DARK, QUIET
from trafficsim.results.crossover import when
from trafficsim.scenario.claims import Expectation, limits
from trafficsim.scenario.naming import setting_in_words
from trafficsim.study.claims import DAY, Status, Verdict
from trafficsim.study.examine import Examined
from trafficsim.study.robust import REPLICATES, Trial
from trafficsim.study.uncertain import Number
from trafficsim.words import rounding
from trafficsim.words.language import NOTHING, Language, Words


def tornado(
    examined: Examined,
    claim: str,
    *,
    most: int = MOST,
    axes: Axes | None = None,
    language: Language | None = None,
) -> Axes:
    """What a claim measures, at both ends of each assumed number's range, the most influential number on top.

    Args:
        examined: from `examine(..., robust=True)` or `trafficsim claims --robust`.
        claim: its name.
        most: how many numbers are drawn; how many others there are is said.
        axes: to draw on, instead of a new figure.
        language: of the built-in words, instead of the scenario's.

    Raises:
        KeyError: for a claim that there isn't.
        ValueError: if no assumed numbers were tried, or the claim has no value.
    """
    verdict = _verdict(examined, claim)
    moved = _moved(examined, verdict)
    shown = moved[:most]
    with sheet(axes, language or examined.scenario.language, height=height_of(len(shown))) as drawn:
        edges = _edges(verdict, shown)
        for row, number in enumerate(shown):
            _draw(drawn, row, number, verdict, edges, examined.scenario.labels)
        _base_and_limits(drawn, verdict)
        _dress(drawn, verdict, len(shown), edges)
        drawn.note.extend(_note(examined, drawn.say, len(moved) - len(shown)))
    return drawn.axes


@dataclass(frozen=True)
class _End:
    """What was measured at one end of a range, and the verdict there if it turned."""

    value: float
    measured: float
    turned: Status | None


@dataclass(frozen=True)
class _Moved:
    """A number and what came of its ends."""

    number: Number
    ends: tuple[_End, ...]

    def reach(self, base: float) -> float:
        """How far it moves the measured value at most."""
        return max((abs(end.measured - base) for end in self.ends if not math.isnan(end.measured)), default=0.0)


def _verdict(examined: Examined, claim: str) -> Verdict:
    known = {verdict.name: verdict for verdict in examined.verdicts}
    if claim not in known:
        raise KeyError(f"no claim {claim!r}; there are {', '.join(known)}")
    if not examined.trials:
        raise ValueError("no assumed number was tried: examine the claims with robust=True (claims --robust)")
    if math.isnan(known[claim].measured.middle):
        raise ValueError(f"claim {claim!r} has no value to draw: {known[claim].note}")
    return known[claim]


def _moved(examined: Examined, verdict: Verdict) -> list[_Moved]:
    """Numbers with what came of their ends, the one that moves the measured value furthest first."""
    found = examined.robustness(verdict)
    turned = {(t.number.path, t.value): status for t, status in (found.turned_by if found else ())}
    by_number: dict[str, list[Trial]] = {}
    for trial in examined.trials or ():
        by_number.setdefault(trial.number.path, []).append(trial)
    moved = [
        _Moved(
            trials[0].number,
            tuple(
                _End(trial.value, own.measured.middle, turned.get((path, trial.value)))
                for trial in trials
                for own in trial.verdicts
                if own.name == verdict.name
            ),
        )
        for path, trials in by_number.items()
    ]
    base = verdict.measured.middle
    return sorted((each for each in moved if each.ends), key=lambda each: -each.reach(base))


def _edges(verdict: Verdict, shown: list[_Moved]) -> tuple[float, float]:
    """From where to where the axis goes: over all that is finite, with a margin where a value may be said."""
    low, high = limits(verdict.claim.expect)
    values = [verdict.measured.middle, verdict.measured.low, verdict.measured.high, low, high]
    values += [end.measured for number in shown for end in number.ends]
    finite = [value for value in values if math.isfinite(value)]
    margin = 0.06 * (max(finite) - min(finite)) or 1.0
    return min(finite) - margin, max(finite) + margin


def _draw(
    drawn: Sheet, row: int, moved: _Moved, verdict: Verdict, edges: tuple[float, float], labels: Mapping[str, str]
) -> None:
    axes, number, base = drawn.axes, moved.number, verdict.measured.middle
    start = min(max(base, edges[0]), edges[1])
    given = {name: f"{float(f'{getattr(number, name):.3g}'):g}" for name in ("value", "low", "high")}
    text = drawn.say(
        "{path} = {value} ({low} to {high})", path=setting_in_words(number.path, drawn.say, labels), **given
    )
    name_row(axes, row, text)
    for end in moved.ends:
        if math.isnan(end.measured):
            continue
        reached, said = min(max(end.measured, edges[0]), edges[1]), _said(end, verdict, drawn.say)
        draw_bar(axes, row, (start, reached), said, high=end.value > number.value, turned=bool(end.turned))


def _said(end: _End, verdict: Verdict, say: Words) -> str:
    said = _value(end.measured, verdict, say)
    if end.turned is None:
        return said
    if end.turned == "contradicted":
        return say("{value}: not supported", value=said)
    return say("{value}: supported", value=said)


def _value(value: float, verdict: Verdict, say: Words) -> str:
    if verdict.of == DAY:
        return say("day {day}", day=when(value)) if math.isfinite(value) else say("never")
    return rounding.short(value, language=say.language)


def _base_and_limits(drawn: Sheet, verdict: Verdict) -> None:
    axes, found = drawn.axes, verdict.measured
    if math.isfinite(found.low) and math.isfinite(found.high):
        axes.axvspan(found.low, found.high, color=QUIET, alpha=0.18, linewidth=0, zorder=0)
    if math.isfinite(found.middle):
        axes.axvline(found.middle, color=DARK, linewidth=1.4, zorder=3)
    for limit in limits(verdict.claim.expect):
        if math.isfinite(limit):
            axes.axvline(limit, color=TURNED, linewidth=1.6, linestyle=(0, (4, 2)), zorder=3)


def _dress(drawn: Sheet, verdict: Verdict, rows: int, edges: tuple[float, float]) -> None:
    axes, say, found = drawn.axes, drawn.say, verdict.measured
    axes.set_xlim(*edges)
    dress_rows(axes, rows, say)
    axes.set_xlabel(_quantity(verdict, say))
    middle, low, high = (_value(value, verdict, say) for value in (found.middle, found.low, found.high))
    base = say("as assumed: {value}", value=middle)
    if not math.isnan(found.low):
        base = say("as assumed: {value} ({low} to {high})", value=middle, low=low, high=high)
    handles = [Line2D([], [], color=DARK, linewidth=1.4)]
    texts = [base]
    shown = [limit for limit in limits(verdict.claim.expect) if math.isfinite(limit)]
    if shown:
        handles.append(Line2D([], [], color=TURNED, linewidth=1.6, linestyle=(0, (4, 2))))
        texts.append(say("limit of the claim: {value}", value=" – ".join(_value(v, verdict, say) for v in shown)))
    explain_bars(drawn, handles, texts)
    drawn.title = say("What assumed numbers do to the claim {claim}", claim=verdict.name)


def _quantity(verdict: Verdict, say: Words) -> str:
    """What is measured, as the claim names it."""
    expect: Expectation = verdict.claim.expect
    named = f"{expect.metric} / {expect.per}" if expect.per else str(expect.metric)
    parts = [expect.arm] if expect.arm else []
    if expect.day is not None:
        parts.append(say("day {day}", day=expect.day))
    if expect.window is not None:
        parts.append(say("days {first} to {last}", first=expect.window[0], last=expect.window[1] - 1))
    if verdict.of == DAY:
        parts.append(say("day of the crossover"))
    elif verdict.of != NOTHING:
        parts.append(verdict.of.said(say.language))
    return say("{name} ({entry})", name=named, entry=", ".join(parts)) if parts else named


def _note(examined: Examined, say: Words, others: int) -> list[str]:
    said = [
        say(
            "One number at a time, {count} replicates or more at each end. As assumed: mean of {base}, 95% band.",
            count=REPLICATES,
            base=f"{examined.replicates:,}",
        )
    ]
    if others:
        said.append(say("{count} other numbers move it less.", count=others))
    untried = len([trial for trial in examined.trials or () if trial.problem])
    if untried:
        said.append(say("{count} ends could not be run.", count=untried))
    said.append(say("Intervals cover random variation only; numbers moved together can do more."))
    return said
