"""Claims put to the test: what is expected against what a comparison found, with an interval.

The interval covers random variation; `robust` asks what assumed numbers do to a verdict.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Literal

from trafficsim.books.metrics import METRICS
from trafficsim.results import Result
from trafficsim.results.crossover import lasting_day, median_day
from trafficsim.results.estimates import Estimate
from trafficsim.results.intervals import UNKNOWN, Interval, of_each
from trafficsim.results.labelled import labelled_claims
from trafficsim.results.money_in_time import DAYS
from trafficsim.scenario import Scenario
from trafficsim.scenario.claims import Claim, Crossing, Expectation, Fact, Tested, completed, limits, measured
from trafficsim.study.measuring import Measures
from trafficsim.study.until import Until
from trafficsim.words.called import called
from trafficsim.words.language import NOTHING, Sentence

Status = Literal["holds", "contradicted", "undecided", "by_construction", "no_value"]
CONFIDENCE = 0.95
DIFFERENCE, RATIO, DAY = Sentence.say("difference"), Sentence.say("ratio"), Sentence.say("day")
LEAST_FOR_A_MEDIAN = 6
"""Fewer replicates have no 95 % interval of a median, so no verdict about a crossover (see `intervals.median`)."""


@dataclass(frozen=True)
class Verdict:
    """What came of one claim, or of a fact, which holds if it is met.

    `measured` is what was compared, with its interval over replicates, and `what` says in words what that is where it
    isn't the quantity itself. `note` tells why there is no clear verdict, or that a rule is wrong; both are stored as
    sentences that any language can say. Status `no_value` means that the claim can't be evaluated: the metric has no
    value in any replicate.
    """

    name: str
    claim: Tested
    status: Status
    measured: Interval
    of: Sentence = NOTHING
    because: Sentence = NOTHING

    @property
    def is_fact(self) -> bool:
        """Whether this was observed, so that it says something of the scenario and not of the one who said it."""
        return isinstance(self.claim, Fact)

    @property
    def what(self) -> str:
        """`of` in English."""
        return self.of.said("en")

    @property
    def note(self) -> str:
        """`because` in English."""
        return self.because.said("en")

    @property
    def decided(self) -> bool:
        """Whether more replicates can't change the verdict, but by rare chance."""
        return self.status != "undecided"

    def labelled(self, labels: Mapping[str, str]) -> "Verdict":
        """The same verdict under the labels of its scenario, for whoever shows it."""
        label = partial(called, labels=labels)
        written = {self.name: self.claim.model_dump(mode="json", exclude_none=True)}
        ((name, claim),) = labelled_claims(written, label).items()
        of = replace(self.of, put_in={key: label(str(arm)) for key, arm in self.of.put_in.items()})
        return replace(self, name=name, claim=type(self.claim).model_validate(claim, strict=False), of=of)


def judge(scenario: Scenario, result: Result, confidence: float = CONFIDENCE) -> list[Verdict]:
    """The verdict on every fact and claim of a scenario, from a comparison of its arms; facts come first."""
    return judge_claims(scenario.tested, result, confidence)


def missed(verdicts: Iterable[Verdict]) -> list[str]:
    """The facts that the scenario misses, by name: what its claims come to is told of a world that never was."""
    return [verdict.name for verdict in verdicts if verdict.is_fact and verdict.status == "contradicted"]


def judge_claims(claims: Mapping[str, Tested], result: Result, confidence: float = CONFIDENCE) -> list[Verdict]:
    """The verdict on each of these claims, from a comparison of the arms that they speak of."""
    found = Measures(result)
    return [_judged(name, claim, found, confidence) for name, claim in claims.items()]


def none_open(claims: Mapping[str, Tested]) -> Until:
    """Enough replicates when none of these claims is open."""

    def reached(result: Result) -> bool:
        return all(verdict.decided for verdict in judge_claims(claims, result))

    return Until("claims", reached, together=len(claims))


def _judged(name: str, claim: Tested, found: Measures, confidence: float) -> Verdict:
    finding = _finding(claim.expect, found, confidence)
    status, note = finding.status, finding.note
    if not isinstance(claim, Claim):
        return Verdict(name, claim, status, finding.measured, finding.what, note)
    because = str(claim.because)
    if claim.by_construction and status == "holds":
        return Verdict(
            name, claim, "by_construction", finding.measured, finding.what, Sentence.say("{because}", because=because)
        )
    if claim.by_construction and status == "contradicted":
        note = Sentence.say("A RULE IS WRONG: this should hold by construction ({because})", because=because)
    return Verdict(name, claim, status, finding.measured, finding.what, note)


@dataclass(frozen=True)
class _Finding:
    status: Status
    measured: Interval
    what: Sentence = NOTHING
    note: Sentence = NOTHING


def _finding(expect: Expectation, found: Measures, confidence: float) -> _Finding:
    if expect.crossover is not None:
        return _crossed(expect, expect.crossover, found, confidence)
    if expect.order is not None:
        level = found.result.level(of_each(confidence, len(expect.order) - 1))
        return _ordered({arm: found.of(measured(expect, arm)) for arm in expect.order}, level)
    if expect.interior_optimum is not None:
        values = {arm: found.of(measured(expect, arm)) for arm in expect.interior_optimum}
        level = found.result.level(of_each(confidence, 2 * (len(values) - 2)))
        return _peaked(values, level, sign=_sign(expect))
    return _compared(expect, found, found.result.level(confidence))


def _compared(expect: Expectation, found: Measures, confidence: float) -> _Finding:
    own = measured(expect, expect.arm or found.result.arms[0])
    if expect.metric in DAYS:
        day = median_day(found.days(own), confidence)
        few = Sentence.say("the day has no interval from {replicates} replicates", replicates=found.result.replicates)
        return _Finding(placed(day, *limits(expect)), day, DAY, few if math.isnan(day.low) else NOTHING)
    if expect.more_than is not None:
        value = found.of(own)
        less = found.of(completed(expect.more_than, own))
        if not value.above.any() and not less.above.any():
            nothing = Sentence.say("both are 0 in every replicate: nothing to compare")
            return _Finding("no_value", UNKNOWN, DIFFERENCE, nothing)
        finding = _from(value.less(less), confidence, expect.more_than.by, math.inf, strictly=True)
        return _Finding(finding.status, finding.measured, DIFFERENCE, finding.note)
    finding = _from(estimate_of(expect, found), confidence, *limits(expect))
    return replace(finding, what=RATIO) if expect.ratio_to else finding


def estimate_of(expect: Expectation, found: Measures) -> Estimate:
    """What is held against limits: a quantity, or its ratio to another one."""
    own = measured(expect, expect.arm or found.result.arms[0])
    value = found.of(own)
    return value if expect.ratio_to is None else value.per(found.of(completed(expect.ratio_to, own)))


def _from(value: Estimate, confidence: float, low: float, high: float, *, strictly: bool = False) -> _Finding:
    """A verdict on an estimate; there is none while what it is divided by can't be told from nothing."""
    if value.is_empty:
        return _Finding("no_value", UNKNOWN, note=Sentence.say("there is no value in any replicate"))
    interval, replicates = value.interval(confidence), len(value.above)
    if math.isnan(interval.middle):
        return _Finding("undecided", interval, note=_too_little(replicates))
    note = NOTHING
    if math.isnan(interval.low):
        note = Sentence.say("one replicate has no interval") if replicates == 1 else _too_little(replicates)
    return _Finding(placed(interval, low, high, strictly=strictly), interval, note=note)


def _too_little(replicates: int) -> Sentence:
    return Sentence.say("what it is divided by can't be told from 0 in {replicates} replicates", replicates=replicates)


def placed(interval: Interval, low: float, high: float, *, strictly: bool = False) -> Status:
    """Where an interval lies: inside of low..high (holds), outside of it (contradicted), or across a limit.

    With `strictly`, `low` itself is outside.
    """
    if math.isnan(interval.low) or math.isnan(interval.high):
        return "undecided"
    if interval.low >= low and interval.high <= high and not (strictly and interval.low == low):
        return "holds"
    outside = interval.high < low or interval.low > high or (strictly and interval.high == low)
    return "contradicted" if outside else "undecided"


def _ahead(a: str, b: str, values: dict[str, Estimate], confidence: float) -> _Finding:
    finding = _from(values[a].less(values[b]), confidence, 0.0, math.inf, strictly=True)
    return _Finding(finding.status, finding.measured, Sentence.say("{a} minus {b}", a=a, b=b), finding.note)


def _worst(findings: Iterable[_Finding]) -> _Finding:
    """The finding that decides where all have to hold: the least clear of the gravest."""
    gravity = {"no_value": 0, "contradicted": 1, "undecided": 2}
    return min(findings, key=lambda each: (gravity.get(each.status, 3), each.measured.middle))


def _ordered(values: dict[str, Estimate], confidence: float) -> _Finding:
    """Each arm above the next; each difference with `confidence`."""
    return _worst(_ahead(a, b, values, confidence) for a, b in pairwise(values))


def _peaked(values: dict[str, Estimate], confidence: float, sign: float) -> _Finding:
    """Whether an arm between the first and the last beats both; contradicted if each of those between is beaten by one.

    Each difference between an end and an inner arm with `confidence`.
    """
    signed = {arm: value.scaled(sign) for arm, value in values.items()}
    first, *inner, last = signed
    least = [_worst(_ahead(arm, end, signed, confidence) for end in (first, last)) for arm in inner]
    best = max(least, key=_clearest)
    if best.status == "contradicted" and any(finding.status == "undecided" for finding in least):
        best = max((finding for finding in least if finding.status == "undecided"), key=_clearest)
    turned = Sentence.say("{a} minus {b}, sign turned", **best.what.put_in)
    return best if sign > 0 else replace(best, what=turned)


def _clearest(finding: _Finding) -> tuple[bool, float]:
    low = finding.measured.low
    return finding.status == "holds", finding.measured.middle if math.isnan(low) else low


def _sign(expect: Expectation) -> float:
    less = {metric.name for metric in METRICS if metric.better == "less"}
    return -1.0 if expect.metric in less else 1.0


def _crossed(expect: Expectation, crossing: Crossing, found: Measures, confidence: float) -> _Finding:
    """The median day from which on one arm stays ahead, infinity where it doesn't."""
    own = measured(expect, expect.arm or found.result.arms[0])
    ahead = found.grown(own) - found.grown(measured(expect, crossing.over))
    day = lasting_day(ahead, found.result.level(confidence))
    few = Sentence.say("the day has no interval from {replicates} replicates", replicates=len(ahead))
    note = few if math.isnan(day.low) else NOTHING
    if crossing.never:
        return _Finding(placed(day, math.inf, math.inf), day, DAY, note)
    latest = math.nextafter(math.inf if crossing.before is None else crossing.before, 0.0)
    return _Finding(placed(day, crossing.after or 0, latest), day, DAY, note)
