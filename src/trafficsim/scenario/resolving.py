"""From the tree of a file to the plan of every arm at every time, with all mistakes of the file at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path as FilePath
from typing import NamedTuple

from trafficsim.market.calendar import demand
from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.scenario.arms import FRAME_KEYS, arm_mistakes, arm_tree, base_tree, off_by_hand, overrides
from trafficsim.scenario.beside import refused
from trafficsim.scenario.checks import (
    audience_mistakes,
    date_mistakes,
    kind_mistakes,
    loop_mistakes,
    reference_mistakes,
    slot_mistakes,
    unit_mistakes,
    window_mistakes,
)
from trafficsim.scenario.claim_checks import Known as Claimable
from trafficsim.scenario.claim_checks import both_named, testable
from trafficsim.scenario.claims import Claim, Fact
from trafficsim.scenario.errors import Mistake, ScenarioError, described, did_you_mean
from trafficsim.scenario.events import (
    DatedChange,
    Known,
    apply,
    beyond,
    change_mistakes,
    clashes,
    dated_changes,
    effective,
    known_anywhere,
)
from trafficsim.scenario.history import History, history
from trafficsim.scenario.labels import label_mistakes
from trafficsim.scenario.limits import number_mistakes
from trafficsim.scenario.market_price import with_market_price
from trafficsim.scenario.provenance import (
    company_mistakes,
    correlation_mistakes,
    named_by_sources,
    range_mistakes,
    source_mistakes,
)
from trafficsim.scenario.reading import Reader, date_in
from trafficsim.scenario.schema import Frame, Plan, Source, own_of, plan_type
from trafficsim.scenario.settings import settings, unreadable
from trafficsim.scenario.sums import crowd_mistakes, sum_mistakes
from trafficsim.scenario.ties_file import ties_file_found
from trafficsim.scenario.tree import Node
from trafficsim.words.language import Sentence

Periods = tuple[tuple[int, Plan], ...]


@dataclass(frozen=True)
class Resolved:
    """A file read and checked: its base, its arms over time, and what it says about them."""

    base: Plan
    periods: dict[str, Periods]
    baseline: str
    equal_budget: tuple[str, ...]
    events: tuple[DatedChange, ...]
    facts: dict[str, Fact]
    claims: dict[str, Claim]
    sources: dict[str, Source]
    notes: tuple[Sentence, ...]
    labels: dict[str, str]
    plausible: str | None
    history: dict[str, History]
    """By arm what its settings get from files, and under "" what those of the base do."""


def resolve(root: Node, folder: FilePath) -> Resolved:
    """Check a whole file and work out the plans; `folder` is where the files it names lie.

    Raises:
        ScenarioError: with every mistake of the file.
    """
    if not root.is_mapping:
        raise ScenarioError([root.mistake(f"a scenario must be a mapping (got {described(root.value)})")])
    return _Resolving(root, folder).resolved()


class _Dated(NamedTuple):
    """What changes the settings of an arm on dates: events, and columns of files."""

    events: list[DatedChange]
    history: History


class _Resolving:
    """The steps of `resolve`, which share the tree and the mistakes."""

    def __init__(self, root: Node, folder: FilePath) -> None:
        self.root = root
        self.folder = folder
        self.base = base_tree(root)
        self.unreadable: set[str] = set()
        self.trees: list[Node] = []
        self.reader = Reader(date_in(self.base.at(("start",))))
        self.mistakes = self.reader.mistakes
        wrong_ties, self.asked = ties_file_found(self.base, folder)
        self.mistakes += arm_mistakes(root, self.base) + wrong_ties

    def resolved(self) -> Resolved:
        frame = self.reader.model(Frame, self.root.holding(_only(self.root, FRAME_KEYS)))
        trees = {arm: arm_tree(self.base, override) for arm, override in overrides(self.root).items()}
        past = self._history({"": self.base, **trees})
        self._plausible()
        dated = past[""].in_force(self.base, 0)
        self.base = with_market_price(dated, dated)
        trees = {arm: with_market_price(past[arm].in_force(tree, 0), self.base) for arm, tree in trees.items()}
        self.mistakes += label_mistakes(self.root, trees.values())
        self.mistakes += kind_mistakes([self.base, *trees.values()])
        base, plans = self._plan(self.base), {arm: self._plan(tree) for arm, tree in trees.items()}
        known = {arm: settings(plan) for arm, plan in plans.items()}
        self.mistakes += date_mistakes(self.base, base)
        self.unreadable = set().union(*(unreadable(paths) for paths in (settings(base), *known.values())))
        events, notes = self._events(frame, known_anywhere([settings(base), *known.values()]))
        sources = self._sources(frame, settings(base), known)
        (facts, claims), untestable = self._tested(frame, trees, plans.values())
        self._arm_names(tuple(trees))
        for name, own in past.items():
            self.mistakes += own.fixed(known.get(name, settings(base)))
            self.mistakes += [mistake for event in events for mistake in own.clashes(event.name, event.changes)]
        periods = {
            arm: self._periods(tree, plans[arm], _Dated(events, past[arm]), known[arm]) for arm, tree in trees.items()
        }
        self.mistakes += number_mistakes(self.trees) + audience_mistakes(self.trees)
        if not self.mistakes:  # or sums could not be foreseen
            self.mistakes += self._sums(base, trees, periods, past)
        if self.mistakes:
            raise ScenarioError(self.mistakes)
        baseline = frame.baseline or next(iter(trees))
        notes += [*untestable, *self.asked, *(note for arm in past.values() for note in arm.notes(base.days))]
        return Resolved(
            base,
            periods,
            baseline,
            frame.equal_budget,
            tuple(events),
            facts,
            claims,
            sources,
            tuple(notes),
            frame.labels,
            frame.plausible,
            past,
        )

    def _history(self, trees: Mapping[str, Node]) -> dict[str, History]:
        """What files give by date; without it nothing else of the scenario can be read.

        Raises:
            ScenarioError: with what is wrong with those files, besides what is known to be wrong already.
        """
        start, days = self.reader.start, node.value if (node := self.base.at(("days",))) else None
        if start is None or not isinstance(days, int):
            return {name: History() for name in trees}  # what is wrong is told elsewhere
        found = {name: history(tree, self.folder, start, days) for name, tree in trees.items()}
        if wrong := [mistake for _, mistakes in found.values() for mistake in mistakes]:
            raise ScenarioError([*self.mistakes, *wrong])
        return {name: past for name, (past, _) in found.items()}

    def _plausible(self) -> None:
        """A file of plausible worlds has to be where a scenario may name one."""
        node = self.root.at(("plausible",))
        if (
            node is not None
            and isinstance(node.value, str)
            and (says := refused(self.folder / node.value, self.folder))
        ):
            self.mistakes.append(node.mistake(says))

    def _plan(self, tree: Node) -> Plan:
        self.trees.append(tree)
        self.reader.references.clear()
        plan = self.reader.model(plan_type(), tree, also=FRAME_KEYS)
        self.mistakes += reference_mistakes(tree, self.reader.references)
        self.mistakes += loop_mistakes(tree) + slot_mistakes(tree) + window_mistakes(tree, plan)
        self.mistakes += unit_mistakes(tree, plan)
        return plan

    def _sums(
        self, base: Plan, trees: Mapping[str, Node], periods: Mapping[str, Periods], past: Mapping[str, History]
    ) -> Iterable[Mistake]:
        if crowd := list(crowd_mistakes(self.base, base)):
            return crowd  # what else is too much may follow from them
        busy = float(demand(base.calendar, base.start, base.days).sum())
        plans = [
            (trees[arm], plan) for arm, dated in periods.items() for day, plan in dated if past[arm].may_be_most(day)
        ]
        return {mistake.path: mistake for of in plans for mistake in sum_mistakes(*of, busy)}.values()

    def _periods(self, tree: Node, plan: Plan, dated: "_Dated", at_start: Known) -> Periods:
        periods = {0: plan}
        events = {day: list(changes) for day, changes in groupby(dated.events, key=lambda event: event.day)}
        for day in sorted({*events, *dated.history.days}):
            if day in events:
                for event in events[day]:
                    tree = apply(event, tree, at_start)
                plan = self._plan(dated.history.in_force(tree, day))
            else:
                plan, mistakes = dated.history.laid_over(plan, day)
                self.mistakes += mistakes
            periods[day] = plan
        return tuple(periods.items())

    def _events(self, frame: Frame, known: Known) -> tuple[list[DatedChange], list[Sentence]]:
        section, days = self.root.at(("events",)), self.base.at(("days",))
        events = dated_changes(section, frame.events)
        self.mistakes += change_mistakes(events, known, self._excused) + clashes(events)
        if days is None or not isinstance(days.value, int):
            return events, []
        mistakes, notes = beyond(events, days)
        self.mistakes += mistakes
        return [effective(event, known) for event in events if event.day < days.value], notes

    def _sources(self, frame: Frame, base: Known, arms: Mapping[str, Known]) -> dict[str, Source]:
        known = named_by_sources(self.root, base, arms)
        self.mistakes += source_mistakes(self.root, known, self._excused)
        sources = {
            path: Source(source=s) if isinstance(s, str) else s for path, s in frame.sources.items() if path in known
        }
        self.mistakes += company_mistakes(self.root, sources, self._excused)
        self.mistakes += correlation_mistakes(self.root, sources, known, self._excused)
        if not any(mistake.path.startswith("sources.") for mistake in self.mistakes):
            self.mistakes += range_mistakes(self.root, sources, [base, *arms.values()])
        return sources

    def _tested(
        self, frame: Frame, trees: Mapping[str, Node], plans: Iterable[Plan]
    ) -> tuple[tuple[dict[str, Fact], dict[str, Claim]], list[Sentence]]:
        days = node.value if (node := self.base.at(("days",))) else None
        counters = counters_of(own_of(plans))
        known = Claimable(trees, days if isinstance(days, int) else None, counters)
        facts, wrong_facts, odd_facts = testable(self.root, "facts", frame.facts, known, self.mistakes)
        claims, wrong_claims, odd_claims = testable(self.root, "claims", frame.claims, known, self.mistakes)
        self.mistakes += [*wrong_facts, *wrong_claims, *both_named(self.root)]
        return (facts, claims), [*odd_facts, *odd_claims]

    def _excused(self, path: str) -> bool:
        """Whether a path that leads nowhere is the consequence of something else."""
        return off_by_hand(self.root, path) or any(path.startswith(f"{above}.") for above in self.unreadable)

    def _arm_names(self, arms: tuple[str, ...]) -> None:
        baseline, budget = self.root.at(("baseline",)), self.root.at(("equal_budget",))
        listed = budget.value if budget and isinstance(budget.value, list) else []
        for node in [*listed, *([baseline] if baseline else [])]:
            if isinstance(node.value, str) and node.value not in arms:
                self.mistakes.append(node.mistake(f"no arm is named '{node.value}'{did_you_mean(node.value, arms)}"))
        if budget and listed and len({str(node.value) for node in listed}) != max(len(listed), 2):
            self.mistakes.append(budget.mistake("must name two or more different arms"))


def _only(root: Node, names: Iterable[str]) -> dict[str, Node]:
    return {name: node for name, node in root.members.items() if name in names}
