"""replay: a result run again from what its folder holds, and compared with it number by number."""

import json
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import astuple, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from trafficsim.books.metrics import METRICS
from trafficsim.compiled import code_version
from trafficsim.engine.past import read_past
from trafficsim.engine.running import Running
from trafficsim.results import Result
from trafficsim.results.about import read
from trafficsim.results.result import FILE_NAME as RESULT
from trafficsim.scenario import Scenario, ScenarioError
from trafficsim.scenario.loading import load_text
from trafficsim.study.comparison import compare
from trafficsim.study.dataset import versions
from trafficsim.study.leaning import lean
from trafficsim.study.levering import levers, spans_of
from trafficsim.study.sweeping import every_metric, swept_result
from trafficsim.study.swept import FILE_NAME as SWEEP
from trafficsim.study.swept import SweepResult
from trafficsim.study.weighing import sensitivity

INPUTS = "inputs"
"""Where a folder holds the files that its scenario names."""
MANIFEST = "manifest.json"
RULES = "rules"
ANSWERS = ("equal_budget", "leaning", "uncertain", "levers")
"""What a comparison found besides what it counted: fields of `About`."""
Recorded = Result | SweepResult


class ReplayError(ValueError):
    """What can't be run again: one plain line."""


@dataclass(frozen=True)
class Differing:
    """A variable of the data in which numbers differ: how many of how many; all of them if it has another shape."""

    name: str
    differ: int
    of: int


@dataclass(frozen=True)
class Replay:
    """A result, and what running it again came to.

    Attributes:
        recorded, again: the result of the folder, and that of today; of the same kind.
        numbers: how many numbers the result holds.
        differing: the variables in which numbers differ.
        answers: what else was found and differs: `equal_budget`, `leaning`, `uncertain`, `levers`.
        versions: by what differs (`numpy`, `rules`), its version then and now; empty for the same versions.
            `rules` stands for the code of the model and the kind of processor.
        same_settings: whether the scenario's text is read as the settings that were run.
    """

    recorded: Recorded
    again: Recorded
    numbers: int
    differing: tuple[Differing, ...]
    answers: tuple[str, ...]
    versions: Mapping[str, tuple[str, str]]
    same_settings: bool

    @property
    def agrees(self) -> bool:
        """Whether all bits agree."""
        return not (self.differing or self.answers)

    def table(self) -> pd.DataFrame:
        """How far metrics lie apart: one row for each arm and metric, and each point of a sweep.

        Columns: point (sweeps alone), arm, metric; then, again (means or ratios of means, in currency units or counts),
        apart (again less then), and of_interval: that as a multiple of half the width of the recorded 95 % interval
        (NaN where there is none). Arms and metrics that both have.
        """
        then, again = _metrics(self.recorded), _metrics(self.again)
        keys = [name for name in ("point", "arm", "metric") if name in then]
        found = then.merge(again[[*keys, "middle"]], on=keys, suffixes=("", "_again"))
        without = found["middle"].isna() & found["middle_again"].isna()
        found["apart"] = (found["middle_again"] - found["middle"]).mask(without, 0.0)
        half = (found["high"] - found["low"]) / 2.0
        found["of_interval"] = found["apart"].abs() / half.where(half > 0)
        found = found.rename(columns={"middle": "then", "middle_again": "again"})
        return found[[*keys, "then", "again", "apart", "of_interval"]]


@dataclass(frozen=True)
class Held:
    """What a folder holds: a result, the scenario that it is of, and the files that this names, which are there."""

    recorded: Recorded
    scenario: Scenario
    versions: Mapping[str, str] = field(default_factory=dict)

    @property
    def seed(self) -> int:
        """The random seed."""
        return int(self.recorded.data.attrs["seed"])

    @property
    def runs(self) -> int:
        """How many replicates or points it takes to run it again."""
        return self.recorded.replicates if isinstance(self.recorded, Result) else self.recorded.points


def replay(
    folder: str | Path,
    *,
    past: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    kept: Path | None = None,
    done: Callable[[int], None] | None = None,
) -> Replay:
    """Run a comparison or a sweep again and compare every number with that of the folder, bit by bit.

    What a comparison leans on and is worth over plausible worlds is found again too, where the result tells of it.

    Args:
        folder: of `compare` or `sweep`, or that in which `save` wrote a result, or its file.
        past: the file of `save_past` that it went on from, if it did.
        workers, executor: as for `compare`; no bit depends on them.
        kept: where finished replicates or points are saved, to resume after an interruption: a folder of its own, since
            what the result's folder holds would not be run again.
        done: as for `compare` and `sweep`.

    Returns:
        What was compared and, number by number, what is not as it was; empty if every bit is.

    Raises:
        ReplayError: for what holds no result, or lacks what running it again takes.
        PastError: for a past that can't be read or gone on from.
        ScenarioError: for a scenario that this version doesn't read.
        FileNotFoundError: if there is no such folder.
        ValueError: for a damaged file.
    """
    return again(held_in(folder), past, Running(workers, executor, kept, done))


def held_in(folder: str | Path) -> Held:
    """What a folder holds to be run again; errors: as `replay`."""
    path = Path(folder)
    if not path.exists():
        raise FileNotFoundError(f"{path}: no such folder")
    home = path if path.is_dir() else path.parent
    recorded = _recorded(path)
    about = recorded.data.attrs
    text = about.get("scenario_text") or _text_of_manifest(home)
    if not text:
        raise ReplayError(f"{path}: made by an earlier version, which did not note its scenario; compare it again")
    name = str(about["scenario"])
    try:
        scenario = load_text(text, name, home / INPUTS)
    except ScenarioError as error:
        _refuse_without_own(path, about)
        missing = [f"{mistake}" for mistake in error.mistakes if "no such file" in mistake.says]
        if missing:
            raise ReplayError(
                f"{path}: its scenario names a file that {home / INPUTS} lacks; put it there: {missing[0]}"
            ) from None
        raise
    return Held(recorded, scenario, _versions_of(about))


def again(held: Held, past: str | Path | None, running: Running) -> Replay:
    """Run what a folder holds again; errors: as `replay`."""
    recorded, same = held.recorded, {**held.versions}
    now = {**versions(), RULES: code_version()}
    others = {name: (value, now.get(name, "-")) for name, value in same.items() if now.get(name) != value}
    if isinstance(recorded, Result):
        found: Recorded = _compared(held, recorded, past, running)
    else:
        if past is not None:
            raise ReplayError("a sweep goes on from no past: leave it out")
        found = _swept(held, recorded, running)
    same_settings = str(recorded.data.attrs.get("digest", "")) == str(found.data.attrs["digest"])
    if not (same_settings or others):
        raise ReplayError(
            "the scenario in the folder gives other settings than those that were run, though the version is the "
            f"same: its text, a file in {INPUTS} or a mechanism of one's own was changed"
        )
    differing, values = _apart(recorded.data, found.data)
    told = recorded.data.attrs, found.data.attrs
    answers = tuple(name for name in ANSWERS if _answer(told[0], name) != _answer(told[1], name))
    return Replay(recorded, found, values, differing, answers, others, same_settings)


def _recorded(path: Path) -> Recorded:
    names = [path] if path.is_file() else [path / name for name in (RESULT, SWEEP) if (path / name).is_file()]
    if not names:
        raise ReplayError(
            f"{path}: holds no {RESULT} of a comparison and no {SWEEP} of a sweep; one that was interrupted goes on "
            "with --resume"
        )
    return SweepResult.load(names[0]) if names[0].name == SWEEP else Result.load(names[0])


def _text_of_manifest(home: Path) -> str:
    try:
        return json.dumps(json.loads((home / MANIFEST).read_text(encoding="utf-8"))["scenario_text"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _versions_of(about: Mapping[Any, Any]) -> dict[str, str]:
    return {**json.loads(about.get("versions", "{}")), RULES: str(about.get(RULES, ""))}


def _refuse_without_own(path: Path, about: Mapping[Any, Any]) -> None:
    """Code is loaded because somebody asks for it, never because a file names it."""
    own = read(about, "own") if "own" in about else ()
    if own:
        raise ReplayError(
            f"{path}: ran mechanisms of one's own ({', '.join(each.source for each in own)}); load them first, "
            "--mechanism FILE.py"
        )


def _compared(held: Held, recorded: Result, past: str | Path | None, running: Running) -> Result:
    began = recorded.about.digest.partition(" from ")[2]
    if began and past is None:
        raise ReplayError("it went on from a saved past: name its file, --from FILE")
    if past is not None and read_past(past).digest != began:
        raise ReplayError(f"{past}: not the past that it went on from")
    first = int(recorded.data["replicate"][0])
    result = compare(
        held.scenario,
        range(first, first + recorded.replicates),
        held.seed,
        without_pools=not _left_out(recorded),
        past=past,
        **running.options,
    )
    on = replace(running, done=None).options
    if recorded.about.leaning is not None:
        result = lean(held.scenario, result, **on)
    if (uncertain := recorded.about.uncertain) is not None:
        worlds = sensitivity(held.scenario, uncertain.worlds, uncertain.replicates, uncertain.seed, result=result, **on)
        result = result.saying(uncertain=worlds.found)
    if (moved := recorded.about.levers) is not None:
        result = levers(held.scenario, spans_of(moved), result, replicates=moved.replicates, **on)
    return result


def _left_out(recorded: Result) -> bool:
    """Whether arms were not run without their pools, where no arm is just that."""
    apart = [arm for arm, without in recorded.about.without_pools.items() if not without]
    return bool(apart) and bool(np.isnan(recorded.data["orders_without"].sel(arm=apart).to_numpy()).all())


def _swept(held: Held, recorded: SweepResult, running: Running) -> SweepResult:
    about = recorded.data.attrs
    if "changes" not in about:
        raise ReplayError("the sweep was made by an earlier version, which did not note its points: sweep again")
    numbers = every_metric(held.scenario, json.loads(about["changes"]), recorded.replicates, held.seed, running)
    said = {"digest": held.scenario.digest, RULES: code_version(), "versions": json.dumps(versions())}
    return swept_result(held.scenario, numbers, {**about, **said})


def _apart(then: xr.Dataset, now: xr.Dataset) -> tuple[tuple[Differing, ...], int]:
    """The variables in which numbers differ, and how many numbers there are."""
    found, values = [], 0
    for name in dict.fromkeys((*then.variables, *now.variables)):
        one, other = (data[name].to_numpy() if name in data.variables else None for data in (then, now))
        size = max(each.size for each in (one, other) if each is not None)
        values += size
        if differ := _differing(one, other, size):
            found.append(Differing(str(name), differ, size))
    return tuple(found), values


def _differing(one: np.ndarray | None, other: np.ndarray | None, size: int) -> int:
    if one is None or other is None or one.shape != other.shape:
        return size
    if one.dtype == other.dtype and one.dtype.kind in "iuf":
        a, b = (np.ascontiguousarray(each).view(f"u{each.itemsize}") for each in (one, other))
        return int(np.count_nonzero(a != b))
    return int(np.count_nonzero(one != other))


def _answer(about: Mapping[Any, Any], name: str) -> Any:
    return json.loads(about[name]) if name in about else None


def _metrics(result: Recorded) -> pd.DataFrame:
    """All metrics: (point), arm, metric, middle, low, high."""
    if isinstance(result, Result):
        found = result.summary()
        return found.rename(columns={"mean": "middle"})[["arm", "metric", "middle", "low", "high"]]
    known = {str(name) for name in result.data["metric"].to_numpy()}
    rows = [
        (point, arm, entry.name, *astuple(estimate.interval()))
        for entry in METRICS
        if entry.name in known
        for arm in result.arms
        for point, estimate in enumerate(result.estimates(entry.name, arm))
    ]
    return pd.DataFrame(rows, columns=["point", "arm", "metric", "middle", "low", "high"])
