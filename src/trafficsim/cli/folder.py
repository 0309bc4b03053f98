"""The folder of a comparison or a sweep: whose it is, what is done so far, and all that is written in the end."""

from __future__ import annotations

import json
import platform
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trafficsim.cli.terminal import heard
from trafficsim.compiled import code_version
from trafficsim.files.whole import remove_unfinished, write_csv, write_whole
from trafficsim.results.labelled import labelled
from trafficsim.scenario import Scenario
from trafficsim.words.language import Language

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from trafficsim.report.beside import Beside
    from trafficsim.results import Result
    from trafficsim.study.calibrated import Calibration
    from trafficsim.study.examine import Examined
    from trafficsim.study.meeting_facts import FactFit
    from trafficsim.study.planned import Plan
    from trafficsim.study.powered import Power
    from trafficsim.study.swept import SweepResult

IDENTITY, MANIFEST, REPLICATES, INPUTS = "run.json", "manifest.json", "replicates", "inputs"
CALIBRATED = "calibrated.yaml"
BESIDE, REPORT = "beside", "report.html"
"""Where answers of other commands are kept that stand in the report."""
RESULTS, POINTS, CLAIMS, WORKBOOK, PLAUSIBLE = "results.nc", "points", "claims.json", "tables.xlsx", "plausible.csv"


class FolderInUseError(ValueError):
    """The folder holds something else than this run."""


@dataclass(frozen=True)
class RunFolder:
    """A folder that belongs to one scenario, seed and version of the rules, and to one design if it is a sweep's.

    `kept` is where finished replicates or points are saved, `about` what the manifest says of the scenario, `inputs`
    the files that this names, by their path in it: they are kept beside the result, so that it can be run again.
    """

    path: Path
    identity: dict[str, Any]
    kept: Path
    about: dict[str, Any]
    inputs: Mapping[str, Path] = field(default_factory=dict)

    def write(
        self,
        result: Result,
        command: str,
        *,
        language: Language | None = None,
        excel: bool = False,
        board: bool = False,
        slides: bool = False,
        beside: Executor | None = None,
    ) -> list[str]:
        """Write results.nc, CSV tables, report.html, overview.png and manifest.json; returns their names.

        Report and picture are in `language`, or the scenario's; `excel` adds tables.xlsx, `board` one page for a
        board as PDF and PNG, `slides` a few slides as PDF. Half of the drawing is done by `beside`, if given: an
        executor of processes.

        The manifest goes first and comes last: where there is one, all files beside it are of the same comparison.
        """
        from trafficsim import report

        def drawn(draw: Callable[[Result, Language | None], Any]) -> Callable[[], Any]:
            return beside.submit(draw, result, language).result if beside else partial(draw, result, language)

        named, result = result, labelled(result)
        self._begin()
        later, picture = drawn(report.later_pictures), drawn(_overview)
        named.save(self.path)
        tables = report.to_csv(result, self.path)
        report.write(result, self.path / REPORT, language=language, later=later)
        _with_answers(self.path)
        write_whole(self.path / "overview.png", picture())
        names = [REPORT, "overview.png", RESULTS, *(p.name for p in tables), *self._write_inputs(), MANIFEST]
        if excel:
            report.write_workbook(result, self.path / WORKBOOK, language=language)
            names.insert(2, WORKBOOK)
        if board:
            from trafficsim.plots import png
            from trafficsim.report.board import board as page
            from trafficsim.report.board import pdf

            drawn_page = page(result, language=language)
            write_whole(self.path / "board.pdf", pdf(drawn_page))
            write_whole(self.path / "board.png", png(drawn_page))
            names[2:2] = ["board.pdf", "board.png"]
        if slides:
            from trafficsim.report import slides as of_slides

            write_whole(self.path / "slides.pdf", of_slides.pdf(of_slides.slides(result, language=language)))
            names.insert(2, "slides.pdf")
        self._end(result.replicates, command, names)
        return names

    def write_sweep(self, result: SweepResult, command: str, language: Language | None = None) -> list[str]:
        """Write sweep.nc, sweep.csv, break_even.csv (of a grid), a picture (up to two settings) and manifest.json."""
        from trafficsim.plots import difference, png

        self._begin()
        names = [result.save(self.path).name, self._write_table("sweep.csv", result.table())]
        if result.is_grid:
            names.append(self._write_table("break_even.csv", result.break_even()))
        if len(result.axes) <= 2:
            names.insert(0, "map.png" if len(result.axes) == 2 else "line.png")
            write_whole(self.path / names[0], png(difference(result.labelled(), language=language)))
        names += [*self._write_inputs(), MANIFEST]
        self._end(result.replicates, command, names)
        return names

    def write_solved(self, table: pd.DataFrame, replicates: int, command: str) -> list[str]:
        """Write break_even.csv and manifest.json."""
        self._begin()
        names = [self._write_table("break_even.csv", table), MANIFEST]
        self._end(replicates, command, names)
        return names

    def write_plan(self, found: Plan, command: str, language: Language) -> list[str]:
        """Write plan.html, plan.json, three tables and manifest.json."""
        from trafficsim.report.json_schemas import json_answer
        from trafficsim.report.plan_page import plan_page
        from trafficsim.report.planned import as_plain, frontier_frame, rivals_frame

        self._begin()
        names = ["plan.html", "plan.json"]
        write_whole(self.path / names[0], plan_page(found, language))
        write_whole(self.path / names[1], json_answer("plan", as_plain(found, language)))
        names.append(self._write_table("levers.csv", found.table()))
        names.append(self._write_table("compared.csv", rivals_frame(found)))
        names.append(self._write_table("tried.csv", found.tried))
        if found.frontier:
            names.append(self._write_table("frontier.csv", frontier_frame(found)))
        self._end(found.worlds, command, [*names, MANIFEST])
        return [*names, MANIFEST]

    def write_power(self, found: Power, command: str, language: Language) -> list[str]:
        """Write power.png, power.json, tests.csv (by length), designs.csv (by share and length) and manifest.json."""
        from trafficsim.plots import png
        from trafficsim.plots.powered import power_curves
        from trafficsim.report.json_schemas import json_answer
        from trafficsim.report.powered import as_plain

        self._begin()
        names = ["power.png", "power.json"]
        write_whole(self.path / names[0], png(power_curves(found, language=language)))
        write_whole(self.path / names[1], json_answer("power", as_plain(found)))
        names += [self._write_table("tests.csv", found.table()), self._write_table("designs.csv", found.designs())]
        self._end(found.tests, command, [*names, MANIFEST])
        return [*names, MANIFEST]

    def write_calibration(self, scenario: Scenario, found: Calibration, command: str, language: Language) -> list[str]:
        """Write calibrated.yaml with the files that it names, plausible.csv, two tables, a page and manifest.json."""
        from trafficsim.report.calibration_page import calibration_page
        from trafficsim.study.rewriting import rewritten

        self._begin()
        names = ["calibration.html", CALIBRATED, PLAUSIBLE, "numbers.csv", "fit.csv"]
        write_whole(self.path / names[0], calibration_page(scenario, found, language))
        write_csv(self.path / PLAUSIBLE, found.plausible())
        write_csv(self.path / "numbers.csv", found.table())
        write_csv(self.path / "fit.csv", found.bands)
        names += self._write_scenario(scenario, rewritten(scenario, found, PLAUSIBLE))
        self._end(found.fit.worlds, command, [*names, MANIFEST])
        return [*names, MANIFEST]

    def write_facts(self, scenario: Scenario, found: FactFit, command: str) -> list[str]:
        """Write calibrated.yaml, which comes as near the facts as it can, the files that it names and manifest.json."""
        self._begin()
        names = [CALIBRATED, *self._write_scenario(scenario, found.text), MANIFEST]
        self._end(found.points, command, names)
        return names

    def _write_scenario(self, scenario: Scenario, text: str) -> list[str]:
        """Write the text of a calibrated scenario and the files that it names; returns the names of these."""
        names = []
        for file in scenario.named_files:
            to = self.path / file.relative_to(scenario.path.parent)
            write_whole(to, file.read_bytes())
            names.append(str(to.relative_to(self.path)))
        write_whole(self.path / CALIBRATED, text)
        return names

    def write_claims(self, examined: Examined) -> Path:
        """Write claims.json, the verdicts on a scenario's claims; returns its path."""
        from trafficsim import report

        path = self.path / CLAIMS
        write_whole(path, json.dumps(report.claims_json(examined), ensure_ascii=False, indent=1))
        return path

    def holds_something(self) -> bool:
        """Whether anything is finished that a further run could use."""
        return any(self.kept.glob("*"))

    def give_back(self) -> None:
        """Leave no trace of a run that failed before anything was found."""
        if self.holds_something() or (self.path / MANIFEST).exists():
            return
        (self.path / IDENTITY).unlink(missing_ok=True)
        for folder in (self.kept, self.path):
            with suppress(OSError):  # it isn't there, or not empty
                folder.rmdir()

    def _begin(self) -> None:
        (self.path / MANIFEST).unlink(missing_ok=True)

    def _write_inputs(self) -> list[str]:
        """Copy the files that the scenario names; returns their names."""
        for name, file in self.inputs.items():
            write_whole(self.path / INPUTS / name, file.read_bytes())
        return [f"{INPUTS}/{name}" for name in self.inputs]

    def _write_table(self, name: str, table: pd.DataFrame) -> str:
        write_csv(self.path / name, table)
        return name

    def _end(self, replicates: int, command: str, names: list[str]) -> None:
        """Write the manifest: enough to run it again."""
        from trafficsim.study.dataset import versions

        manifest = {
            **self.identity,
            "command": command,
            "replicates": replicates,
            "versions": versions(),
            "machine": f"{platform.system()} {platform.machine()}",
            "files": names,
            **self.about,
        }
        write_whole(self.path / MANIFEST, json.dumps(manifest, indent=1))


def _overview(result: Result, language: Language | None) -> bytes:
    from trafficsim.plots import overview, png

    return png(overview(result, language=language))


def claim(
    path: Path,
    scenario: Scenario,
    seed: int,
    *,
    resume: bool,
    sweep: dict[str, Any] | None = None,
    past: str | None = None,
) -> RunFolder:
    """Take a folder for a run: a new or empty one, or one of the very same run.

    With `resume` what is finished is used, else it is removed. `sweep` is what a sweep asks of the scenario; None for a
    comparison. `past` is the hash of the past that it goes on from, if there is one.

    Raises:
        FolderInUseError: if it holds another run, or files that no run wrote.
    """
    identity = _identity(scenario, seed, past, sweep)
    held = _held(path)
    _refuse_other(path, held, identity)
    if held is None and resume:
        raise FolderInUseError(f"{path} holds no run that could be resumed")
    kept = path / (REPLICATES if sweep is None else POINTS)
    if not resume:
        shutil.rmtree(kept, ignore_errors=True)
    remove_unfinished(path)
    remove_unfinished(kept)
    write_whole(path / IDENTITY, json.dumps(identity, indent=1))
    return RunFolder(path, identity, kept, _about(scenario), _inputs(scenario))


def _inputs(scenario: Scenario) -> dict[str, Path]:
    """All files that a scenario names, by their path from its own folder."""
    files = (*scenario.named_files, *([scenario.plausible_file] if scenario.plausible_file else []))
    return {str(file.relative_to(scenario.path.parent)): file for file in files}


def set_aside(
    path: Path, scenario: Scenario, seed: int, *, past: str | None = None, sweep: dict[str, Any] | None = None
) -> None:
    """Make room in a folder that nobody chose: what it holds of another run gets the next free name, and is told.

    Never mixed, never lost: whoever edits a scenario and compares again finds both answers.
    """
    held = _held(path)
    if held is None or held == _identity(scenario, seed, past, sweep):
        return
    free = _free(path)
    path.rename(free)
    print(heard(f"{path} held another run ({_told(held)}); it is now {free}"), file=sys.stderr)


def _identity(scenario: Scenario, seed: int, past: str | None, sweep: dict[str, Any] | None) -> dict[str, Any]:
    """What tells a run from any other."""
    identity = {"scenario": scenario.name, "digest": scenario.digest, "seed": seed, "rules": code_version()}
    identity |= {} if past is None else {"from": past}
    return identity if sweep is None else identity | {"sweep": json.loads(json.dumps(sweep))}


def _about(scenario: Scenario) -> dict[str, Any]:
    from trafficsim.study.dataset import own_mechanisms

    own: dict[str, Any] = {"mechanisms": [asdict(m) for m in own_mechanisms(scenario)]} if scenario.own else {}
    return {**own, "scenario_text": json.loads(scenario.text)}


def claim_answer(
    kind: str, asked: object, scenario: Scenario, seed: int, *, out: Path | None, resume: bool
) -> RunFolder:
    """Take the folder of a plan or of tests: `out`, else results/NAME_KIND, where what answers another is set aside.

    Raises:
        FolderInUseError: as `claim`.
    """
    usual, design = Path("results") / f"{scenario.name}_{kind}", {kind: str(asked)}
    if out is None and not resume:
        set_aside(usual, scenario, seed, sweep=design)
    return claim(out or usual, scenario, seed, resume=resume, sweep=design)


def claim_for_parts(path: Path, part: Path) -> RunFolder:
    """Take a folder for what several comparisons come to, one of which is in `part`: new, empty, or of the same kind.

    Raises:
        FolderInUseError: if it holds another run, or files that no run wrote.
    """
    manifest = _read(part / MANIFEST)
    identity = {name: manifest.get(name) for name in ("scenario", "digest", "seed", "rules", "from")} | {"merged": True}
    _refuse_other(path, _held(path), identity)
    said: tuple[str, ...] = ("mechanisms", "scenario_text")
    about = {name: manifest[name] for name in said if name in manifest}
    write_whole(path / IDENTITY, json.dumps(identity, indent=1))
    held = part / INPUTS
    inputs = {str(file.relative_to(held)): file for file in sorted(held.rglob("*")) if file.is_file()}
    return RunFolder(path, identity, path / REPLICATES, about, inputs)


def finished(folders: Iterable[Path]) -> None:
    """Refuse folders that hold no comparison that has come to its end.

    Raises:
        FolderInUseError: for the first that doesn't.
    """
    for folder in folders:
        if not folder.is_dir():
            raise FolderInUseError(f"{folder}: no such folder")
        if not all((folder / name).is_file() for name in (MANIFEST, RESULTS)):
            raise FolderInUseError(
                f"{folder}: holds no finished comparison; if it was interrupted, run it with --resume"
            )


def refuse_report(folder: Path | None, scenario: Scenario) -> None:
    """Refuse to add to the report of a folder, before anything runs, that holds no comparison of this scenario.

    Raises:
        FolderInUseError: if it doesn't.
    """
    if folder is None:
        return
    finished([folder])
    if _read(folder / IDENTITY).get("digest") != scenario.digest:
        raise FolderInUseError(
            f"{folder} compares other settings ({_told(_read(folder / IDENTITY))}); compare these first"
        )


def add_to_report(folder: Path, answer: Beside) -> None:
    """Keep an answer beside a comparison, and show it in its report."""
    write_whole(folder / BESIDE / f"{answer.key}.json", json.dumps(asdict(answer), ensure_ascii=False))
    _with_answers(folder)


def _with_answers(folder: Path) -> None:
    """Put the answers kept in a folder into its report, whichever was there before."""
    kept = sorted((folder / BESIDE).glob("*.json"))
    if not kept:
        return
    from trafficsim.report.beside import read_answer, with_answers

    found = [answer for path in kept if (answer := read_answer(_read(path))) is not None]
    report = folder / REPORT
    write_whole(report, with_answers(report.read_text(encoding="utf-8"), found))


def _refuse_other(path: Path, held: dict[str, Any] | None, identity: dict[str, Any]) -> None:
    if held is not None and held != identity:
        free = shlex.quote(str(_free(path)))
        raise FolderInUseError(
            f"{path} holds another run ({_told(held)}); choose another folder, --out {free}, or remove it"
        )


def _free(path: Path) -> Path:
    """A folder of a similar name that isn't there yet."""
    names = (path.with_name(f"{path.name}_{number}") for number in count(2))
    return next(name for name in names if not name.exists())


def _held(path: Path) -> dict[str, Any] | None:
    if path.exists() and not path.is_dir():
        raise FolderInUseError(f"{path} is a file; choose a folder with --out")
    if (path / IDENTITY).is_file():
        return _read(path / IDENTITY)
    if path.is_dir() and any(path.iterdir()):
        raise FolderInUseError(f"{path} holds files that no run wrote; choose another folder with --out")
    return None


def _read(identity: Path) -> dict[str, Any]:
    """What run.json says; any text or binary file may lie there under that name."""
    with suppress(ValueError, RecursionError):
        held = json.loads(identity.read_text(encoding="utf-8"))
        if isinstance(held, dict):
            return held
    raise FolderInUseError(f"{identity} can't be read; choose another folder with --out or remove it")


def _told(held: dict[str, Any]) -> str:
    asked = held.get("sweep")
    kinds = {"plan": "a plan, ", "power": "tests, "}
    of_points = next((kinds[key] for key in asked if key in kinds), "a sweep, ") if isinstance(asked, dict) else ""
    kind = of_points if asked is not None else "merged, " if "merged" in held else ""
    return f"{kind}scenario {held.get('scenario')}, seed {held.get('seed')}, settings {str(held.get('digest'))[:8]}"
