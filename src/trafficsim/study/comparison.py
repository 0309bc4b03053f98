"""compare: every arm of a scenario with the same customers and random numbers, over replicates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from functools import partial
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

from trafficsim.engine.ensemble import Replicate, each_replicate
from trafficsim.engine.past import Past, PastError, read_past, refuse_other
from trafficsim.engine.running import Running
from trafficsim.scenario import GivenScenario, Scenario, scenario_from
from trafficsim.scenario.needs import MOST_REPLICATES
from trafficsim.scenario.repeating import command
from trafficsim.study.equal_money import about_equal, equalise
from trafficsim.study.notebook import progress
from trafficsim.study.until import Enough, stopping_of
from trafficsim.words import asked
from trafficsim.words.asked import DEFAULT_SEED
from trafficsim.words.language import LANGUAGES, Language, words

if TYPE_CHECKING:
    from trafficsim.files.packed import Packing
    from trafficsim.results import Result
    from trafficsim.results.about import About

BATCH = 8
"""Replicates added at a time until the answer is precise enough or decided."""


def compare(
    scenario: GivenScenario,
    replicates: int | range = 16,
    seed: int = DEFAULT_SEED,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    enough: Enough | None = None,
    max_replicates: int = 256,
    done: Callable[[int], None] | None = None,
    repeat: str | None = None,
    guess: Mapping[str, float] | None = None,
    without_pools: bool = True,
    uncertain: int | None = None,
    levers: Mapping[str, Any] | None = None,
    past: str | Path | None = None,
) -> Result:
    """Run every arm of a scenario and compare the results.

    All arms share customers and random numbers (common random numbers: Law 2015, "Simulation modeling and analysis",
    chapter 11), so that differences are paired; how their intervals are made, `trafficsim.results.intervals` tells.

    Args:
        scenario: from `load`; or the path of a file, the name of a shipped case, or the text of a scenario.
        replicates: how many, numbered from 0; with `enough`, how many to begin with. Or the numbers of some, such as
            `range(100, 200)`: a part that `merge` puts together with others, for which `enough` and `uncertain`, which
            are about the whole, can't be asked.
        seed: random seed; with a replicate's number it decides the population and all draws.
        workers: number of threads (default: CPU count). The result does not depend on it.
        executor: any `concurrent.futures.Executor` to use instead of threads.
        folder: where finished replicates are saved, to resume after an interruption.
        enough: asked after each batch whether there are enough replicates (see `precise` and `decided`). The result's
            intervals then hold at all these looks together (`Result.level`).
        max_replicates: the most that `enough` may lead to.
        done: progress callback, called with the number of each finished replicate.
        repeat: the command that repeats this, for the report; by default one is made, settings replaced since the
            file was read included.
        guess: where `equal_budget` asks for equal money, the factors of advertising to try first, by arm.
        without_pools: also run each arm with a pool without it, where no arm is just that, to tell what the pool caused
            (`Result.uplift`); these runs are no arms of the result.
        uncertain: in how many plausible worlds to run all arms besides (a power of two; see `sensitivity`), to tell
            what the answer is worth over all that is assumed (`Result.uncertain`).
        levers: by setting, a span such as `(10, 30)` in which the report's reader can move it, six at most: what arms
            come to there is learned from some hundred points, with its error (see `levers` in docs/levers.md).
        past: file of `save_past`: all arms go on from there, with the customers of that one world as they were then,
            and what an arm does holds from that day on. Replicates differ in what happens afterwards. Everything
            counted is of the days from then on; what happened before counts as before the start.

    Returns:
        Everything that was counted, by arm, replicate and day, and the questions that one asks of it.

    Raises:
        ScenarioError: if there is no such scenario, or it has mistakes.
        UncertainError: if plausible worlds can't be drawn.
        LeversError: for levers that can't be.
        PastError: for a past that can't be read or gone on from, with what differs.
        ValueError: for replicates, a seed or workers that can't be.
        CannotEqualiseError: if `equal_budget` asks for what no advertising budget can bring about.
    """
    scenario = scenario_from(scenario)
    part = isinstance(replicates, range)
    wanted, seed = asked.numbered("replicates", replicates, MOST_REPLICATES), asked.seed(seed)
    asked.whole("max_replicates", max_replicates, 1)
    about_whole = {"enough": enough, "uncertain": uncertain, "levers": levers}
    if part and (about_all := next((name for name, each in about_whole.items() if each is not None), None)):
        raise ValueError(f"{about_all} is about all replicates of a comparison (got {replicates!r}, a part)")
    drawable(scenario, uncertain)
    movable(scenario, levers)
    begun_from = _past_of(scenario, past, seed, uncertain=uncertain, levers=levers)
    running = Running(workers, executor)
    equal = equalise(scenario, seed, guess, running=running) if scenario.equal_budget else None
    effective = equal.scenario if equal else scenario
    stopping = stopping_of(enough, scenario) if enough and max_replicates > len(wanted) else None
    many = f"{wanted.start}:{wanted.stop}" if part else len(wanted)
    from_past = {} if past is None else {"from": str(past)}
    repeat = repeat or command("compare", scenario, replicates=many, seed=seed, **from_past)
    said = {"repeat": repeat, "equal_budget": about_equal(equal), "stopping": stopping}
    gathered, begun = _Gathered(effective, seed, begun_from), 0
    how = partial(each_replicate, without_pools=without_pools, past=begun_from)
    with progress(len(wanted), done) as told:
        running = replace(running, folder=folder, done=told)
        while True:
            with closing(how(effective, seed, wanted[begun:], running)) as found:  # at once, if interrupted
                for n, one in found:
                    gathered.put(n, one)
            begun, result = len(wanted), gathered.result(wanted).saying(**said)
            if stopping is None or enough is None:
                break
            reached = enough(result)
            if reached or len(wanted) >= max_replicates:
                result = result.stopped(replace(stopping, reached=reached))
                break
            wanted = range(min(len(wanted) + BATCH, max_replicates))
    after = replace(running, done=None)
    if uncertain is not None:
        result = _weighed(scenario, result, uncertain, after)
    return result if levers is None else _with_levers(scenario, result, levers, after)


def drawable(scenario: Scenario, uncertain: int | None) -> None:
    """Refuse worlds that can't be drawn before anything runs."""
    if uncertain is not None:
        from trafficsim.study.weighing import refuse  # noqa: PLC0415 - slow to import

        refuse(scenario, uncertain)


def movable(scenario: Scenario, levers: Mapping[str, Any] | None) -> None:
    """Refuse levers that can't be before anything runs."""
    if levers is not None:
        from trafficsim.study.levering import checked  # noqa: PLC0415 - slow to import

        checked(scenario, levers)


def _with_levers(scenario: Scenario, result: Result, levers: Mapping[str, Any], running: Running) -> Result:
    from trafficsim.study.levering import levers as learn  # noqa: PLC0415 - slow to import

    return learn(scenario, levers, result, **running.options)


def _weighed(scenario: Scenario, result: Result, worlds: int, running: Running) -> Result:
    from trafficsim.study.weighing import sensitivity  # noqa: PLC0415 - slow to import

    found = sensitivity(scenario, worlds, seed=result.about.seed, result=result, **running.options)
    return result.saying(uncertain=found.found)


class _Gathered:
    """Replicates as they end, of which no more is held than their packed data."""

    def __init__(self, scenario: Scenario, seed: int, past: Past | None) -> None:
        self.scenario, self.seed, self.past = scenario, seed, past
        self.packing: Packing | None = None

    def put(self, number: int, replicate: Replicate) -> None:
        """Pack what a replicate found."""
        if self.packing is None:
            _import_apart("trafficsim.study.dataset", "trafficsim.files.packed")
        from trafficsim.files.packed import Packing  # noqa: PLC0415 - slow to import, for which none need wait to begin
        from trafficsim.study.dataset import counted  # noqa: PLC0415 - the same

        self.packing = self.packing or Packing("replicate")
        self.packing.put(number, counted(self.scenario, [replicate]))

    def result(self, numbers: range) -> Result:
        """The result of these replicates, all of which are there."""
        from trafficsim.results.result import Result  # noqa: PLC0415 - the same
        from trafficsim.study.dataset import described  # noqa: PLC0415 - the same

        if self.packing is None:
            raise ValueError("no replicate was run")
        about = described(self.scenario, self.seed)
        if self.past is not None:
            about = _begun_from(about, self.past)
        return Result(self.packing.together(numbers).assign_attrs(about.attributes()))


def _import_apart(*modules: str) -> None:
    """Import in a thread of its own, for which the caller waits.

    An interruption in the middle of an import leaves its lock taken, for which another thread that imports would wait
    for ever, or is swallowed.
    """
    for module in modules:
        loading = Thread(target=import_module, args=(module,))
        loading.start()
        loading.join()


def _past_of(scenario: Scenario, path: str | Path | None, seed: int, **options: Any) -> Past | None:
    """The past to go on from, if there is one, checked."""
    if path is None:
        return None
    past = read_past(path)
    refuse_other(scenario, past, seed)
    for name, value in options.items():
        if value is not None:
            raise PastError(f"{path}: worlds with other numbers have other pasts than this one; leave {name} out")
    return past


def _money_before(about: About, language: Language) -> list[str]:
    """What was paid, and what there is, before a comparison that goes on from a past: it can't be known from that."""
    plans = [plan for periods in about.plans.values() for _, plan in periods]
    sets_up = any(place.get("set_up_cost") for plan in plans for place in plan["places"].values())
    if not (sets_up or any(about.cash_at_start.values())):
        return []
    return [
        words(language)(
            "Set-up costs of places that are there on day 0 count as paid before, also in arms that add them; "
            "cash_at_start is what there is when the arms go on."
        )
    ]


def _begun_from(about: About, past: Past) -> About:
    """What is said of a result, which also tells from when on it counts."""
    day = about.start + dt.timedelta(days=past.day)
    said = {
        language: words(language)(
            "All arms go on from what “{arm}” had come to by day {day} ({date}); all is counted from that day on.",
            arm=past.arm,
            day=f"{past.day:,}",
            date=day.isoformat(),
        )
        for language in LANGUAGES
    }
    told = {language: [said[language], *_money_before(about, language)] for language in LANGUAGES}
    notes = {language: [*told[language], *about.notes[language]] for language in LANGUAGES}
    warnings = {language: [*told[language], *about.warnings[language]] for language in LANGUAGES}
    return replace(about, notes=notes, warnings=warnings, digest=f"{about.digest} from {past.digest}")
