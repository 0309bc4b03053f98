"""From the tree of a file to the plan of every arm at every time, with all mistakes of the file at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from trafficsim.mechanisms.shared.own import counters_of
from trafficsim.scenario.against import against_mistakes
from trafficsim.scenario.arms import (
    FRAME_KEYS,
    arm_mistakes,
    arm_tree,
    base_tree,
    events_of,
    off_by_hand,
    overrides,
)
from trafficsim.scenario.beside import refused
from trafficsim.scenario.checks import (
    FIRST_DATE,
    audience_mistakes,
    date_mistakes,
    kind_mistakes,
    loop_mistakes,
    reference_mistakes,
    region_mistakes,
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
    in_force,
    known_anywhere,
    turns,
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
from trafficsim.scenario.recurring import notes_on, spans_of
from trafficsim.scenario.schema import Event, Frame, Plan, Source, Translation, own_of, plan_type
from trafficsim.scenario.settings import settings, unreadable
from trafficsim.scenario.stages import demand_by_day
from trafficsim.scenario.sums import crowd_mistakes, sum_mistakes
from trafficsim.scenario.ties_file import ties_file_found
from trafficsim.scenario.translating import translation_mistakes
from trafficsim.scenario.tree import Node
from trafficsim.words.language import Language, Sentence

Periods = tuple[tuple[int, Plan], ...]


@dataclass(frozen=True)
class Resolved:
    """A file read and checked: its base, its arms over time, and what it says about them."""

    base: Plan
    undated: dict[str, Plan]
    """By arm its settings on day 0, but for what events change."""
    periods: dict[str, Periods]
    baseline: str
    equal_budget: tuple[str, ...]
    equal_sum: float | None
    asks: str
    events: dict[str, tuple[DatedChange, ...]]
    """By arm what changes in it on days, and under "" what the file gives for all arms."""
    facts: dict[str, Fact]
    claims: dict[str, Claim]
    sources: dict[str, Source]
    notes: tuple[Sentence, ...]
    labels: dict[str, str]
    plausible: str | None
    history: dict[str, History]
    """By arm what its settings get from files, and under "" what those of the base do."""
    against: dict[str, dict[str, Any]]
    """What rivals may do."""
    translations: dict[Language, Translation]


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

    events: tuple[DatedChange, ...]
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
        self.mistakes += (
            arm_mistakes(root, self.base) + against_mistakes(root) + region_mistakes(self.base) + wrong_ties
        )

    def resolved(self) -> Resolved:
        frame = self.reader.model(Frame, self.root.holding(_only(self.root, FRAME_KEYS)))
        trees = {arm: arm_tree(self.base, override) for arm, override in overrides(self.root).items()}
        past = self._history({"": self.base, **trees})
        self._plausible()
        dated = past[""].in_force(self.base, 0)
        self.base = with_market_price(dated, dated)
        trees = {arm: with_market_price(past[arm].in_force(tree, 0), self.base) for arm, tree in trees.items()}
        self.mistakes += [*label_mistakes(self.root, trees.values()), *translation_mistakes(self.root)]
        self.mistakes += kind_mistakes([self.base, *trees.values()])
        base, plans = self._plan(self.base), {arm: self._plan(tree) for arm, tree in trees.items()}
        of_base, known = settings(base), {arm: settings(plan) for arm, plan in plans.items()}
        self.mistakes += date_mistakes(self.base, base)
        self.unreadable = set().union(*(unreadable(paths) for paths in (of_base, *known.values())))
        events, notes = self._events(frame, known_anywhere([of_base, *known.values()]), trees)
        sources = self._sources(frame, of_base, known)
        (facts, claims), untestable = self._tested(frame, trees, plans.values())
        self._arm_names(tuple(trees))
        for name, own in past.items():
            self.mistakes += own.fixed(known.get(name, of_base))
            self.mistakes += [mistake for event in events[name] for mistake in own.clashes(event.name, event.paths)]
        periods = {
            arm: self._periods(tree, plans[arm], _Dated(events[arm], past[arm]), known[arm])
            for arm, tree in trees.items()
        }
        self.mistakes += number_mistakes(self.trees) + audience_mistakes(self.trees, self._excused)
        if not self.mistakes:  # or sums could not be foreseen
            self.mistakes += self._sums(base, trees, periods, past)
        if self.mistakes:
            raise ScenarioError(self.mistakes)
        baseline = frame.baseline or next(iter(trees))
        notes += [*untestable, *self.asked, *(note for arm in past.values() for note in arm.notes(base.days))]
        return Resolved(
            base,
            plans,
            periods,
            baseline,
            frame.equal_budget,
            frame.equal_sum,
            frame.asks,
            events,
            facts,
            claims,
            sources,
            tuple(notes),
            frame.labels,
            frame.plausible,
            past,
            frame.against,
            frame.translations,
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
        by_day = {arm: demand_by_day(dated) for arm, dated in periods.items()}
        if crowd := list(crowd_mistakes(self.base, base, max(float(of.max()) for of in by_day.values()))):
            return crowd  # what else is too much may follow from them
        told = {
            (arm, id(plan)): (trees[arm], plan, float(by_day[arm].sum()))
            for arm, dated in periods.items()
            for day, plan in dated
            if past[arm].may_be_most(day)
        }
        return {mistake.path: mistake for of in told.values() for mistake in sum_mistakes(*of)}.values()

    def _periods(self, tree: Node, plan: Plan, dated: "_Dated", at_start: Known) -> Periods:
        periods = {0: plan}
        read: dict[tuple[str, ...], Plan] = {(): plan}  # by the events in force, where no file says anything else
        turning = set(turns(dated.events, days)) if isinstance(days := getattr(plan, "days", None), int) else set()
        for day in sorted({*turning, *dated.history.days}):
            if day in turning:
                now = in_force(dated.events, day)
                names = tuple(event.name for event in now)
                if names not in read or dated.history.days:
                    read[names] = self._plan(dated.history.in_force(apply(now, tree, at_start), day))
                plan = read[names]
            else:
                plan, mistakes = dated.history.laid_over(plan, day)
                self.mistakes += mistakes
            periods[day] = plan
        return tuple(periods.items())

    def _events(
        self, frame: Frame, known: Known, trees: Mapping[str, Node]
    ) -> tuple[dict[str, tuple[DatedChange, ...]], list[Sentence]]:
        """What changes on days, by arm and under "" for all arms, and what is to be told of it."""
        found = {"": self._dated(self.root.at(("events",)), frame.events, known)}
        notes = self._beyond(found[""])
        for arm in trees:
            section = events_of(self.root, arm)
            if section is None:
                found[arm] = found[""]
                continue
            own = self.reader.model(Frame, self.root.holding({"events": section})).events
            found[arm] = self._dated(section, own, known)
            notes += self._beyond(found[arm])
        days = node.value if (node := self.base.at(("days",))) else None
        if not isinstance(days, int):
            return found, []
        ahead = {arm: tuple(e for e in events if e.when.get("day", 0) < days) for arm, events in found.items()}
        start = self.reader.start
        return ahead, [*notes, *(notes_on(ahead, start, days) if start and not self.mistakes else [])]

    def _dated(self, section: Node | None, events: Mapping[str, Event], known: Known) -> tuple[DatedChange, ...]:
        start, days = self.reader.start or FIRST_DATE, node.value if (node := self.base.at(("days",))) else None
        whole = days if isinstance(days, int) else 1  # what is wrong with it is told elsewhere, and all else looked at
        dated, mistakes = dated_changes(section, events, partial(spans_of, start=start, days=whole))
        self.mistakes += [*mistakes, *change_mistakes(dated, known, self._excused), *clashes(dated)]
        return tuple(effective(event, known) for event in dated)

    def _beyond(self, events: Iterable[DatedChange]) -> list[Sentence]:
        days = self.base.at(("days",))
        if days is None or not isinstance(days.value, int):
            return []
        mistakes, notes = beyond(events, days)
        self.mistakes += mistakes
        return notes

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
        if (sum_ := self.root.at(("equal_sum",))) is not None and not listed:
            self.mistakes.append(sum_.mistake("of which arms? name two or more in equal_budget"))
        if budget and listed and len({str(node.value) for node in listed}) != max(len(listed), 2):
            self.mistakes.append(budget.mistake("must name two or more different arms"))


def _only(root: Node, names: Iterable[str]) -> dict[str, Node]:
    return {name: node for name, node in root.members.items() if name in names}
