"""The scenario: what a file says, checked, for every arm at every time."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, Literal

from trafficsim.market.places import Store
from trafficsim.mechanisms.shared.own import Mechanism
from trafficsim.scenario import between, comparing, doubts
from trafficsim.scenario.against import facing, rival_arms
from trafficsim.scenario.amending import with_arms, with_more, without_arms
from trafficsim.scenario.between import Groups
from trafficsim.scenario.claims import Claim, Fact, Tested
from trafficsim.scenario.counterfactuals import Counterfactuals, counterfactuals
from trafficsim.scenario.errors import SET_LABEL, Where
from trafficsim.scenario.moving import Moving, moving
from trafficsim.scenario.naming import under_labels
from trafficsim.scenario.provenance import Provenance, defaults, provenance, without_outdated_ranges
from trafficsim.scenario.replacing import overridden, path_of, replaced
from trafficsim.scenario.resolving import Periods, Resolved, resolve
from trafficsim.scenario.schema import Plan, own_of
from trafficsim.scenario.settings import Setting, settings
from trafficsim.scenario.translating import translated
from trafficsim.scenario.tree import Node
from trafficsim.scenario.writing import as_yaml, written_out
from trafficsim.words.language import Language, Sentence, words

AMENDED = "_amended"
"""What the name of a scenario ends with that was made from a file's in Python."""
Section = Literal["places", "hooks", "staff", "posts", "advertising", "audiences", "tiers", "care"]


@dataclass(frozen=True, repr=False, eq=False)
class Scenario:
    """A checked scenario; immutable, can be pickled, equal to another with the same `digest`.

    Made by `load`. `name` is the file's name without ending, `path` the file itself. Where a method takes a `language`,
    "en" or "zh", it is that of the sentences it gives; arms are named as in the file.
    """

    name: str
    path: Path
    _root: Node
    _resolved: Resolved
    replacements: tuple[tuple[str, Any], ...] = ()
    """What `replace` has changed since the file was read, in that order, as `path, value`."""
    scaled: Mapping[str, float] = field(default_factory=dict)
    """By what advertising budgets are multiplied on all dates (see `with_advertising`): by the name of an arm, or for
    one campaign by `arm:campaign`."""

    @classmethod
    def of(cls, root: Node, name: str, path: Path) -> "Scenario":
        """Check the tree of a file, from its `root`, as `name`; files that it names are looked for beside `path`.

        Raises:
            ScenarioError: with every mistake of the file.
        """
        return cls(name, path, root, resolve(root, path.parent))

    @property
    def title(self) -> str:
        """One line."""
        return self._resolved.base.title

    @property
    def about(self) -> str:
        """The question in a few lines; may be empty."""
        return self._resolved.base.about

    @property
    def currency(self) -> str:
        """The currency of all money."""
        return self._resolved.base.currency

    @property
    def language(self) -> Language:
        """The language of pictures and the report."""
        return self._resolved.base.language

    @property
    def start(self) -> dt.date:
        """The date of day 0."""
        return self._resolved.base.start

    @property
    def days(self) -> int:
        """How many days are simulated."""
        return self._resolved.base.days

    @property
    def arms(self) -> tuple[str, ...]:
        """The strategies under comparison, in file order; `base` alone where the file gives none."""
        return tuple(self._resolved.periods)

    @property
    def baseline(self) -> str:
        """The arm that others are compared with."""
        return self._resolved.baseline

    @property
    def equal_budget(self) -> tuple[str, ...]:
        """The arms that are made to spend the same; empty for none."""
        return self._resolved.equal_budget

    @property
    def equal_sum(self) -> float | None:
        """What each of them spends in the run, in currency units; None for what the last one does."""
        return self._resolved.equal_sum

    @property
    def asks(self) -> str:
        """The metric that the scenario's question is about."""
        return self._resolved.asks

    @property
    def facts(self) -> Mapping[str, Fact]:
        """What was observed in the real case, by name."""
        return self._resolved.facts

    @property
    def tested(self) -> Mapping[str, Tested]:
        """Facts and claims by name, facts first."""
        return {**self.facts, **self.claims}

    @property
    def claims(self) -> Mapping[str, Claim]:
        """What sources say will come out, by name."""
        return self._resolved.claims

    @property
    def labels(self) -> Mapping[str, str]:
        """What arms, places, hooks and so on are called where they are shown, by name; others by their name."""
        return self._resolved.labels

    @property
    def ties_file(self) -> Path | None:
        """The edge list of who knows whom, where the scenario names one."""
        file = self._resolved.base.customers.ties.file
        return None if file is None else self.path.parent / file

    @property
    def history_files(self) -> tuple[Path, ...]:
        """The files that give settings by date, each once, in the order of the scenario."""
        given = [each for past in self._resolved.history.values() for each in past.given]
        return tuple(dict.fromkeys(self.path.parent / each.node.members["file"].value for each in given))

    @property
    def named_files(self) -> tuple[Path, ...]:
        """All files that decide what a run does: who knows whom, and settings by date."""
        return (*([self.ties_file] if self.ties_file else []), *self.history_files)

    @property
    def plausible_file(self) -> Path | None:
        """The file of plausible worlds, where the scenario names one."""
        file = self._resolved.plausible
        return None if file is None else self.path.parent / file

    @property
    def own(self) -> tuple[Mechanism, ...]:
        """The mechanisms of one's own that are on in any arm at any time, by name."""
        return own_of(plan for dated in self._resolved.periods.values() for _, plan in dated)

    def periods(self, arm: str) -> tuple[tuple[int, Plan], ...]:
        """The plans of an arm, each with its first day; the first is day 0, later ones begin or end an event.

        Raises:
            KeyError: if there is no such arm.
        """
        return self._periods[arm]

    @property
    def base(self) -> Plan:
        """The settings on day 0 that arms have unless they give their own."""
        return self._resolved.base

    def plan(self, arm: str) -> Plan:
        """The plan of an arm on day 0.

        Raises:
            KeyError: if there is no such arm.
        """
        return self.periods(arm)[0][1]

    def counterfactuals(self) -> Counterfactuals:
        """By arm with a pool, the same arm without its pools, against which its causal uplift is measured."""
        return counterfactuals({arm: self.periods(arm) for arm in self.arms})

    def settings(self, arm: str | None = None) -> dict[str, Setting]:
        """Every setting and section of day 0 by dotted path: of the base, or of an arm.

        Raises:
            KeyError: if there is no such arm.
        """
        return settings(self._resolved.base if arm is None else self.plan(arm))

    def names(self, section: Section) -> tuple[str, ...]:
        """The names in a section over all arms: those of the base in file order, then new ones of the arms.

        It is the order in which they are shown; their codes are by name (`world.names_of`).
        """
        sections = [getattr(plan, section) for plan in self._plans()]
        return tuple({name: None for entries in sections if entries != "off" for name in entries})

    def slots(self) -> tuple[str, ...]:
        """The times of day of all stores over all arms, as `store.slot`, in the order of the file."""
        plans = [self.plan(arm) for arm in self.arms]
        stores = [(name, plan.places[name]) for name in self.names("places") for plan in plans if name in plan.places]
        slots = [f"{name}.{slot}" for name, store in stores if isinstance(store, Store) for slot in store.slots]
        return tuple(dict.fromkeys(slots))

    def kind(self, place: str) -> str:
        """The kind of a place, the same in every arm: public, paid, store or pool.

        Raises:
            KeyError: if no arm has such a place.
        """
        places = {name: entry for plan in self._plans() for name, entry in plan.places.items()}
        return places[place].kind

    def replace(self, changes: Mapping[str, Any]) -> "Scenario":
        """The same scenario with settings replaced: `{"days": 90, "private:hooks.side_dish.cost": 5}`.

        A path alone changes the base, `arm:path` one arm. Mappings merge, everything else replaces.

        Raises:
            ScenarioError: for unknown paths, base settings that an arm overrides, and values that don't fit.
        """
        root, resolved = self._replaced(changes)
        return replace(self, _root=root, _resolved=resolved, replacements=(*self.replacements, *changes.items()))

    def without_arms(self, *names: str) -> "Scenario":
        """Another scenario without the arms of these `names`, and without the claims and sources that speak of them.

        Raises:
            ScenarioError: for an arm that there is not, and for the baseline.
        """
        return self._amended(without_arms(self._root, names, self.baseline))

    def adding(self, more: Mapping[str, Any]) -> "Scenario":
        """Another scenario with more in it, as a file has it: arms, events, places, claims.

        Such as `{"arms": {"bold": {"product": {"price": 120}}}}`. What is there already is merged or replaced; events
        are as in a file, `{"events": {"dearer": {"day": 90, "set": {"product.price": 99}}}}`.

        Raises:
            ScenarioError: with every mistake of the whole.
        """
        return self._amended(with_more(self._root, more))

    def with_arms(self, more: Mapping[str, Node]) -> "Scenario":
        """Another scenario with further arms, `more`: by name, the trees of their files (see `with_arms_of`).

        Raises:
            ScenarioError: for an arm that there is already, and with every mistake of the whole.
        """
        return self._amended(with_arms(self._root, more))

    def in_language(self, language: Language) -> "Scenario":
        """The same scenario told in another language, as far as its `translations` go; no number changes.

        Raises:
            ScenarioError: for a label that is another's name.
        """
        found = self._resolved.translations.get(language)
        if language == self.language or found is None:
            return self
        told = with_more(self._root, {"language": language, **translated(self._root, found)})
        return replace(self, _root=told, _resolved=resolve(told, self.path.parent))

    def parts_between(self, first: str, second: str, groups: Groups | None = None) -> dict[str, tuple[str, ...]]:
        """What the arms `first` and `second` set otherwise, part by part, each with its paths (see `between`).

        `groups` gives paths that count as one part, by its name.
        """
        return between.parts_between(self._root, first, second, groups)

    def with_arms_between(self, first: str, second: str, wanted: Mapping[str, Collection[str]]) -> "Scenario":
        """Another scenario with arms between `first` and `second`.

        `wanted` gives, by the name of each new arm, the paths that are as the second has them; all others are as the
        first has them.
        """
        return self._amended(between.with_arms_between(self._root, first, second, wanted))

    def _amended(self, root: Node) -> "Scenario":
        """Under a name of its own: no file says the same."""
        name = self.name if self.name.endswith(AMENDED) else f"{self.name}{AMENDED}"
        return replace(Scenario.of(root, name, self.path.with_name(f"{name}.yaml")), scaled=self.scaled)

    def moving(self, changes: Mapping[str, Any]) -> Moving | None:
        """How numbers can be moved, all together and many times, without reading the file again (see `moved`).

        Args:
            changes: of numbers, as `replace` takes them, to other values than they have.

        Returns:
            None where the file has to be read each time.

        Raises:
            ScenarioError: as `replace` does.
        """
        return moving(self._resolved, self._replaced(changes)[1], changes)

    def moved(self, how: Moving | None, changes: Mapping[str, Any]) -> "Scenario":
        """What `replace` gives, in its plans: `how` is what `moving` gave for changes of the same numbers.

        It is made for running: texts, sources and notes of the file stay as they were.

        Raises:
            ScenarioError: as `replace` does.
        """
        resolved = how.at(changes) if how else None
        if resolved is None:
            return self.replace(changes)
        return replace(self, _resolved=resolved, replacements=(*self.replacements, *changes.items()))

    @property
    def rival_arms(self) -> tuple[str, ...]:
        """What rivals may do: first what the file says anyway, then what it gives under `against`."""
        return rival_arms(self._root)

    def facing(self) -> "Scenario":
        """Another scenario with each arm when rivals do each of theirs, named as `against.joined` has it.

        Raises:
            ScenarioError: for arms of rivals that don't fit.
        """
        return self._amended(facing(self._root))

    def alone(self, arm: str) -> "Scenario":
        """The plans of one arm alone, made for running: texts, sources and notes of the file stay as they were.

        Raises:
            KeyError: if there is no such arm.
        """
        periods = {arm: self._resolved.periods[arm]}
        return replace(self, _resolved=replace(self._resolved, periods=periods, baseline=arm, equal_budget=()))

    def with_advertising(self, arm: str, factor: float, campaign: str = "") -> "Scenario":
        """The same scenario with all advertising budgets of an arm times `factor`, those of dated events as well.

        Or with those of one campaign, beside what is scaled already.
        """
        return replace(self, scaled={**self.scaled, f"{arm}:{campaign}" if campaign else arm: factor})

    def overridden(self, path: str) -> bool:
        """Whether an arm says something of its own about a base setting, so that it must be given as `arm:path`."""
        return overridden(path, self._root)

    def changes(self) -> dict[str, list[comparing.Change]]:
        """By arm, the settings of day 0 in which it differs from the baseline: path, baseline's value, arm's value.

        A section or entry that only one of them has is one line, with the words "off" and "on".
        """
        baseline = settings(self.plan(self.baseline))
        return {arm: comparing.changes(baseline, settings(self.plan(arm))) for arm in self.arms if arm != self.baseline}

    def routes_off(self) -> dict[str, list[tuple[str, str]]]:
        """By route of acquisition, pairs of arms that are alike at all times but for it: with it, and without."""
        return comparing.routes_off(self._periods)

    def notes(self, language: Language = "en") -> list[str]:
        """Plain sentences that belong beside every result: its `warnings`, free work, what has no effect."""
        return list(dict.fromkeys(under_labels(each, language, self.labels) for each in self._noted))

    def notes_at(self, language: Language = "en") -> list[tuple[Where, str]]:
        """The same with the place in the file that each is about; line 0 where it is about the whole."""
        return list(dict.fromkeys((self._place_of(each.about), each.said(language)) for each in self._noted))

    def warnings(self, language: Language = "en") -> list[str]:
        """Plain sentences that belong before every answer: nothing is sold, every sale loses, arms don't differ."""
        return [under_labels(each, language, self.labels) for each in self._warned]

    def _replaced(self, changes: Mapping[str, Any]) -> tuple[Node, Resolved]:
        arms = {arm: settings(self.plan(arm)) for arm in self.arms}
        root = replaced(self._root, changes, settings(self._resolved.base), arms)
        root = without_outdated_ranges(root, self._resolved.sources)
        return root, resolve(root, self.path.parent)

    @cached_property
    def _warned(self) -> tuple[Sentence, ...]:
        return tuple(doubts.warnings(self._periods))

    @cached_property
    def _noted(self) -> tuple[Sentence, ...]:
        periods = self._periods
        own = (*self._resolved.notes, *comparing.notes(periods), *doubts.doubts(periods), *self._labels_changed())
        own = (*own, *doubts.no_comments(self._root.leaves()))
        return (*self._warned, *own)

    def _place_of(self, about: str) -> Where:
        """Where the file speaks of a setting: in the arm it is about, the base, any arm, or of what it belongs to."""
        path = tuple(about.split("."))
        own = path[:2] if path[0] == "arms" and len(path) > 2 else ()
        path = path[len(own) :]
        for length in range(len(path) if about else 0, 0, -1):
            for start in (own, (), *(("arms", arm) for arm in self.arms)):
                if node := self._root.at((*start, *path[:length])):
                    return node.key if node.members else node.where
        return Where(self._root.where.file)

    def _labels_changed(self) -> list[Sentence]:
        by_hand = [
            path for path, leaf in self._root.leaves() if leaf.where.file == SET_LABEL or path[:1] == ("events",)
        ]
        changed = [".".join(path[{"arms": 2, "events": 3}.get(path[0], 0) :]) for path in by_hand if path]
        known = {path: setting for plan in self._plans() for path, setting in settings(plan).items()}
        return doubts.labels_given(dict.fromkeys(changed), known)

    def provenance(self) -> list[Provenance]:
        """Where every number written in the file comes from; what the file names no source for is assumed."""
        return provenance(self._root, self._resolved.sources, words(self.language))

    def defaults(self) -> list[Provenance]:
        """Where the numbers come from that the file leaves to their defaults in the code."""
        return defaults([settings(plan) for plan in self._plans()], self._resolved.sources, words(self.language))

    def node(self, path: str) -> Node | None:
        """What the file says at a dotted path, with its position; None where it says nothing."""
        return self._root.at(path_of(path))

    def has(self, arm: str, path: str) -> bool:
        """Whether an arm has a setting, by its dotted path, on day 0."""
        return path in settings(self.plan(arm))

    @property
    def text(self) -> str:
        """The scenario with all defaults and replacements written out, as JSON that can be loaded again."""
        return written_out(self._resolved)

    @property
    def yaml(self) -> str:
        """What the file says, replacements included and comments lost, as YAML that can be loaded again."""
        return as_yaml(self._root)

    @property
    def digest(self) -> str:
        """SHA-256 of `text`, of the files that it names and of the source of mechanisms of one's own that are on.

        It is equal for scenarios that mean the same.

        Facts, claims, labels, what is asked and a file of plausible worlds are left out: they change nothing in a run.
        What is `scaled` is not in `text`.
        """
        digest = hashlib.sha256(
            written_out(
                replace(
                    self._resolved,
                    facts={},
                    claims={},
                    labels={},
                    translations={},
                    plausible=None,
                    asks="profit",
                    against={},
                )
            ).encode()
        )
        if self.scaled:
            digest.update(json.dumps(self.scaled, sort_keys=True).encode())
        for file in self.named_files:
            digest.update(file.read_bytes())
        for mechanism in self.own:
            digest.update(f"{mechanism.name} {mechanism.digest}".encode())
        return digest.hexdigest()

    @cached_property
    def _periods(self) -> dict[str, Periods]:
        found = dict(self._resolved.periods)
        for name, factor in self.scaled.items():
            arm, _, campaign = name.partition(":")
            if arm in found:
                found[arm] = _scaled(found[arm], factor, campaign)
        return found

    def _plans(self) -> list[Plan]:
        return [self._resolved.base, *(self.plan(arm) for arm in self.arms)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Scenario) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Scenario({self.name!r}, arms={list(self.arms)}, days={self.days})"

    def _repr_html_(self) -> str:
        page: Any = import_module("trafficsim.report.notebook")  # a room above, needed by notebooks only
        return str(page.scenario_html(self))


def _scaled(periods: Periods, factor: float, campaign: str) -> Periods:
    if factor == 1.0:
        return periods
    scaled = {id(plan): _with_budgets(plan, factor, campaign) for _, plan in periods}
    return tuple((day, scaled[id(plan)]) for day, plan in periods)


def _with_budgets(plan: Plan, factor: float, only: str) -> Plan:
    if plan.advertising == "off":
        return plan
    scaled = {
        name: campaign
        if only not in {"", name}
        else campaign.model_copy(update={"budget_per_day": campaign.budget_per_day * factor})
        for name, campaign in plan.advertising.items()
    }
    return plan.model_copy(update={"advertising": scaled})
