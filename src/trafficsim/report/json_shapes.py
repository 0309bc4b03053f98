"""What `--json` of each command holds: one model for each answer, from which its JSON Schema is made.

Everywhere null stands for what has no value, and for a day that never comes; money is in currency units, days count
from 0, shares go from 0 to 1. Names of arms, places and settings are those of the file; `labels` says what they are
shown as.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = float | None
Labels = dict[str, str]
Row = dict[str, float | str | bool | None]
"""A row of a table whose columns are named by the scenario (settings that vary, arms)."""


class Shape(BaseModel):
    """An object that holds these keys and no other."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Range(Shape):
    """A number with the limits of its interval."""

    middle: Number
    low: Number
    high: Number


TAG: Any = Field(alias="schema")


class Answer(Shape):
    """An answer as a whole. It names its schema, whose version goes up with any change."""


Assumed = list[tuple[str, Any, tuple[Any, Any] | None]]
"""Numbers without a source: path, value, lowest and highest plausible value where the file gives them."""
Sourced = list[tuple[str, Any, str]]
"""Numbers with a source: path, value, source."""


class Origins(Shape):
    """Where numbers come from."""

    assumed: Assumed
    sourced: Sourced


class Note(Shape):
    """What a scenario's file should be looked at for, and where: file, line and column, as an editor has them."""

    where: str
    says: str


class Needs(Shape):
    """What a comparison is foreseen to take."""

    memory_bytes: int
    seconds_low: float
    seconds_high: float


class CheckedScenario(Shape):
    """A scenario that was looked through; all but `name` and `mistakes` is null where it has a mistake."""

    name: str
    mistakes: list[str]
    title: str | None = None
    arms: list[str] | None = None
    baseline: str | None = None
    days: int | None = None
    currency: str | None = None
    labels: Labels | None = None
    notes: list[Note] | None = None
    needs: Needs | None = None
    worlds: Needs | None = None
    """What plausible worlds (`--uncertain`) would take besides; null where they weren't asked for."""
    assumed: Assumed | None = None
    """Numbers of the file without a source."""
    sourced: Sourced | None = None
    """Numbers of the file with a source."""
    defaults: Origins | None = None
    """Numbers that the file leaves to their defaults."""


class Check(Answer):
    """`check`: what scenarios have wrong, and what they need."""

    schema_: Literal["trafficsim/check/1"] = TAG
    scenarios: list[CheckedScenario]


class SummaryRow(Shape):
    """A metric of an arm over the run (`Result.summary`); differences are paired, to the baseline."""

    metric: str
    arm: str
    mean: Number
    low: Number
    high: Number
    difference: Number
    difference_low: Number
    difference_high: Number
    better: Number
    better_low: Number
    better_high: Number
    variance_ratio: Number
    replicates: int


class CrossoverRow(Shape):
    """From which day on arm `a` stays ahead of `b` in total profit."""

    metric: str
    a: str
    b: str
    day: Number
    low: Number
    high: Number
    never_share: Number
    replicates: int
    days: int
    confidence: float
    ahead: Number
    ahead_low: Number
    ahead_high: Number
    lead: Number
    lead_low: Number
    lead_high: Number


class MoneyRow(Shape):
    """An arm's set-up costs, payback, lowest cash and when cash runs out."""

    arm: str
    set_up: Number
    ran_out_share: Number
    payback: Number
    payback_low: Number
    payback_high: Number
    lowest: Number
    lowest_low: Number
    lowest_high: Number
    lowest_on: Number
    lowest_on_low: Number
    lowest_on_high: Number
    out_of_cash: Number
    out_of_cash_low: Number
    out_of_cash_high: Number


class UpliftRow(Shape):
    """Orders that a pool caused beside the same arm without: of a joiner, and in all."""

    arm: str
    against: str
    joiners: Number
    from_start: Number
    replicates: int
    confidence: float
    naive: Number
    naive_low: Number
    naive_high: Number
    causal: Number
    causal_low: Number
    causal_high: Number
    extra: Number
    extra_low: Number
    extra_high: Number
    of_joiners: Number
    of_joiners_low: Number
    of_joiners_high: Number
    of_rest: Number
    of_rest_low: Number
    of_rest_high: Number
    everybody: Number
    everybody_low: Number
    everybody_high: Number


class EqualMoney(Shape):
    """Arms that were made to spend the same, by factors on their budgets; spend of the pilots in cents."""

    arms: list[str]
    factors: dict[str, float]
    spend: dict[str, float]


class Stopped(Shape):
    """How the number of replicates was found."""

    aim: str
    together: int
    share: float
    reached: bool


class Compare(Answer):
    """`compare` and `merge`: the answer of a comparison."""

    schema_: Literal["trafficsim/compare/1"] = TAG
    scenario: str
    title: str
    about: str
    currency: str
    start: str
    baseline: str
    repeat: str
    """The command that repeats it."""
    days: int
    replicates: int
    seed: int
    each_stands_for: float
    confidence: float
    arms: list[str]
    labels: Labels
    question: str
    answer: list[str]
    """Sentences, the headline first."""
    notes: list[str]
    summary: list[SummaryRow]
    crossovers: list[CrossoverRow]
    money_in_time: list[MoneyRow]
    uplifts: list[UpliftRow]
    has_pool: dict[str, bool]
    equal_budget: EqualMoney | None
    changes: dict[str, list[tuple[str, Any, Any]]]
    """By arm: settings in which it differs from the baseline, the baseline's value, its own."""
    assumed: Assumed
    sourced: Sourced
    versions: dict[str, str]
    own: list[Row] | None = None
    """What mechanisms of one's own counted; the key is missing without any."""
    stopping: Stopped | None
    uncertain: dict[str, Any] | None
    """The answer over plausible worlds (`results.uncertain.Uncertain`)."""
    series: dict[str, str]


class Told(Shape):
    """A metric of an arm in two results."""

    metric: str
    arm: str
    first: Number
    second: Number
    difference: Number
    low: Number
    high: Number


class Changed(Shape):
    """A setting that two scenarios have otherwise."""

    path: str
    first: str
    second: str
    arms: list[str]


class Diff(Answer):
    """`diff`: two scenarios or results beside each other; `outcomes` and `paired` of two results only."""

    schema_: Literal["trafficsim/diff/1"] = TAG
    changes: list[Changed]
    only_first: list[str]
    only_second: list[str]
    outcomes: list[Told] | None = None
    paired: bool | None = None


class Differing(Shape):
    """A table of numbers that is not the same bit for bit."""

    name: str
    differ: int
    of: int


class Versions(Shape):
    """A version then and now."""

    then: str | None
    now: str | None


class Replay(Answer):
    """`replay`: whether a result came out the same again."""

    schema_: Literal["trafficsim/replay/1"] = TAG
    agrees: bool
    numbers: int
    differing: list[Differing]
    answers: list[str]
    versions: dict[str, Versions]
    same_settings: bool
    apart: list[Row]


class Sweep(Answer):
    """`sweep`: a row for each point; columns are what varied, each arm and `difference`, with `_low` and `_high`."""

    schema_: Literal["trafficsim/sweep/1"] = TAG
    scenario: str
    metric: str
    arms: list[str]
    labels: Labels
    replicates: int
    points: list[Row]
    break_even: list[Row] | None = None
    """Where the lead changes between neighbours of a grid; the key is missing for other designs."""


class SweepSolve(Answer):
    """`sweep --solve`: where two arms tie."""

    schema_: Literal["trafficsim/sweep-solve/1"] = TAG
    metric: str
    arms: list[str]
    replicates: int
    labels: Labels
    break_even: list[Row]


class End(Range):
    """What an arm comes to."""

    arm: str


class Part(Range):
    """What a part adds to the difference of two arms (Shapley value)."""

    name: str
    turns: str
    paths: list[str]


class Channel(Shape):
    """What a channel truly brings beside what is reported of it (`docs/explain.md`)."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Number]
    arm: str
    channel: str


class Credited(Shape):
    """An arm's channels."""

    arm: str
    replicates: int
    look_back_days: int
    channels: list[Channel]


class Explain(Answer):
    """`explain`: the difference of two arms, shared out among all that they set otherwise."""

    schema_: Literal["trafficsim/explain/1"] = TAG
    scenario: str
    currency: str
    metric: str
    first: End
    second: End
    difference: Range
    parts: list[Part]
    by_replicate: list[list[float]]
    """Of each replicate, what each part adds, in the order of `parts`."""
    exact: bool
    replicates: int
    seed: int
    confidence: float
    answer: list[str]
    assumed: Assumed
    sourced: Sourced
    channels: list[Credited] | None = None
    """With `--channels` only."""


class LimitKept(Shape):
    """A limit of a plan, and what is left of it."""

    name: str
    day: int | None
    at_most: float | None = None
    at_least: float | None = None
    left: Any


class PlannedLever(Shape):
    """A setting that was moved: its best value, the values that are as good, and the curve of the aim over it."""

    name: str
    unit: str
    today: Any
    plan: Any
    as_good: Any
    at_end: Any
    curve: list[Any]
    costs: Any


class Way(Shape):
    """The plan or another way, in fresh worlds."""

    plan: str
    levers: dict[str, Any]
    aim: Range
    spend: Range
    profit: Range
    growth: Range
    behind: Range
    lines: dict[str, Any]
    within_limits: bool


class Margin(Shape):
    """What one step more, or less, of a lever costs and adds."""

    lever: str
    to: Any
    less: bool
    costs: Any
    adds: Any
    per_thousand: Any


class FrontierPoint(Shape):
    """The best plan of a budget."""

    budget: float
    plan: dict[str, Any]
    spend: Range
    growth: Range
    profit: Range


class Fit(Shape):
    """Share of the variance at plans held out that the surfaces foretell."""

    aim: Number
    spend: Number


class Plan(Answer):
    """`plan`: the best values of a few settings under a budget."""

    schema_: Literal["trafficsim/plan/1"] = TAG
    scenario: str
    currency: str
    arm: str
    baseline: str
    days: int
    aim: str
    risk: str
    growth: str
    labels: Labels
    plan: dict[str, Any]
    levers: list[PlannedLever]
    limits: list[LimitKept]
    compared: list[Way]
    margins: list[Margin]
    frontier: list[FrontierPoint]
    tolerance: Number
    held_out_r2: Fit
    tried: list[dict[str, Any]]
    worlds: int
    fresh_worlds: int
    judged_worlds: int
    uncertain: bool
    seed: int
    confidence: float
    answer: list[str]
    assumed: Assumed
    sourced: Sourced


class AfterRow(Shape):
    """What a split test shows after some days, per customer."""

    days: int
    rollout: Number
    rollout_low: Number
    rollout_high: Number
    contrast: Number
    contrast_low: Number
    contrast_high: Number
    spill_control: Number
    spill_control_low: Number
    spill_control_high: Number
    spill_treated: Number
    spill_treated_low: Number
    spill_treated_high: Number
    realised: Number
    realised_low: Number
    realised_high: Number
    spend: Number
    spend_low: Number
    spend_high: Number
    spread: Number
    promised: Number
    planned: Number


class Design(Shape):
    """A split test of some length in which a share is treated."""

    days: int
    share: float
    power: Number
    spend: Number


class Units(Shape):
    """Customers, or regions, of each group."""

    treated: int
    control: int


class Power(Answer):
    """`power`: how often a split test would decide."""

    schema_: Literal["trafficsim/power/1"] = TAG
    scenario: str
    currency: str
    control: str
    treated: str
    by: str
    outcome: str
    share: float
    units: Units
    after: list[AfterRow]
    designs: list[Design]
    cheapest: Design | None
    wanted: float
    alpha: float
    tests: int
    pairs: int
    worth_of_perfect_information: Number
    seed: int


class Reply(Shape):
    """The best arm against what rivals do, its lead over the next, what not moving costs, what the baseline loses."""

    rival: str
    best: str
    next: str | None
    ahead: Range
    not_moving_costs: Range
    costs_the_baseline: Range


class Against(Answer):
    """`against`: every arm against every arm of rivals; a row holds the metric under its own name."""

    schema_: Literal["trafficsim/against/1"] = TAG
    scenario: str
    currency: str
    labels: Labels
    metric: str
    baseline: str
    table: list[Row]
    answers: list[Reply]
    safest: str
    least_regret: str
    scaled: dict[str, float]
    """By what the advertising of arms is multiplied for equal money; none where that isn't asked for."""
    replicates: int
    seed: int


class Customer(Shape):
    """Who a customer is before day 0."""

    segment: str
    fit: float
    deal_prone: float
    basket: float
    days_between_needs: Number
    acquaintances: int | None
    knew: bool
    orders: int


class JourneyTotal(Shape):
    """What became of a customer in an arm."""

    orders: int
    paid: float
    pools: list[str]


class JourneyEvent(Shape):
    """One thing that happened to a customer."""

    day: int
    date: str
    arm: str
    what: str
    kind: str
    place: str
    hook: str
    detail: str
    others: list[int]
    count: int
    amount: float
    trust: float
    fatigue: float
    recall: float
    same: bool
    parted: bool


class Journey(Answer):
    """`journey`: one customer's way through two arms."""

    schema_: Literal["trafficsim/journey/1"] = TAG
    scenario: str
    arms: list[str]
    labels: Labels
    customer: int
    seed: int
    replicate: int
    days: int
    profile: Customer
    parts_on: int | None
    totals: dict[str, JourneyTotal]
    events: list[JourneyEvent]


class Turned(Shape):
    """An assumed number that turned a verdict."""

    path: str
    value: Any
    here: Any
    takes_along: list[str]
    verdict: str


class Robust(Shape):
    """Whether a verdict holds over the ranges of assumed numbers."""

    status: str | None
    turned_by: list[Turned]
    trials: int
    undecided: int
    no_value: int


class Tested(Shape):
    """What is said of a scenario, beside what came out."""

    name: str
    says: str
    source: str | None
    expect: dict[str, Any]
    expected: str
    measured: Number | Literal["never"]
    low: Number | Literal["never"]
    high: Number | Literal["never"]
    what: str
    verdict: str
    note: str


class TestedFact(Tested):
    """What was observed, beside what came out."""

    observed: float
    unreached: str | None = None


class TestedClaim(Tested):
    """A claim and its verdict."""

    robustness: Robust | None


class TestedScenario(Shape):
    """The verdicts on a scenario's facts and claims."""

    scenario: str
    title: str
    digest: str
    seed: int
    replicates: int
    small: bool
    labels: Labels
    stopping: Stopped | None
    facts: list[TestedFact]
    claims: list[TestedClaim]
    facts_missed: list[str]
    not_tried: list[str]


class Claims(Answer):
    """`claims`: the verdicts on scenarios."""

    schema_: Literal["trafficsim/claims/1"] = TAG
    scenarios: list[TestedScenario]


class FittedNumber(Shape):
    """An assumed number before and after it met the counts, with limits."""

    path: str
    file: Number
    before_low: Number
    before: Number
    before_high: Number
    low: Number
    middle: Number
    high: Number
    left: Number
    verdict: str


class Calibrate(Answer):
    """`calibrate` with counts."""

    schema_: Literal["trafficsim/calibrate/1"] = TAG
    scenario: str
    numbers: list[FittedNumber]


class MetFact(Shape):
    """A fact before and after assumed numbers were moved."""

    name: str
    observed: float
    before: Number
    after: Number
    verdict: str
    reached: list[Any]


class CalibrateFacts(Answer):
    """`calibrate` without counts: assumed numbers moved until facts are met."""

    schema_: Literal["trafficsim/calibrate-facts/1"] = TAG
    scenario: str
    points: int
    facts: list[MetFact]
    moved: dict[str, Any]
