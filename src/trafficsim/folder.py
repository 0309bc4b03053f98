"""The folder of a comparison: whose it is, the replicates that are done, and everything that is written in the end."""

import json
import platform
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trafficsim import report
from trafficsim.compiled import cache_folder
from trafficsim.files import write_whole
from trafficsim.plots import overview, png
from trafficsim.results import Result
from trafficsim.scenario import Scenario
from trafficsim.study.examine import Examined

IDENTITY, MANIFEST, REPLICATES, CLAIMS = "run.json", "manifest.json", "replicates", "claims.json"


class FolderInUseError(ValueError):
    """The folder holds something else than this comparison."""


@dataclass(frozen=True)
class RunFolder:
    """A folder that belongs to one scenario, seed and version of the rules."""

    path: Path
    identity: dict[str, Any]

    @property
    def replicates(self) -> Path:
        """Where finished replicates are kept."""
        return self.path / REPLICATES

    def write(self, scenario: Scenario, result: Result, command: str) -> list[str]:
        """Write results.nc, CSV tables, report.html, overview.png and manifest.json; returns their names.

        The manifest goes first and comes last: where there is one, all files beside it are of the same comparison.
        """
        (self.path / MANIFEST).unlink(missing_ok=True)
        result.save(self.path)
        tables = report.to_csv(result, self.path)
        report.write(result, self.path / "report.html")
        write_whole(self.path / "overview.png", png(overview(result)))
        names = ["report.html", "overview.png", "results.nc", *(p.name for p in tables), MANIFEST]
        write_whole(self.path / MANIFEST, json.dumps(self._manifest(scenario, result, command, names), indent=1))
        return names

    def write_claims(self, examined: Examined) -> Path:
        """Write claims.json, the verdicts on a scenario's claims; returns its path."""
        path = self.path / CLAIMS
        write_whole(path, json.dumps(report.claims_json(examined), ensure_ascii=False, indent=1))
        return path

    def give_back(self) -> None:
        """Leave no trace of a comparison that failed before anything was found."""
        if any(self.replicates.glob("*")) or (self.path / MANIFEST).exists():
            return
        (self.path / IDENTITY).unlink(missing_ok=True)
        for folder in (self.replicates, self.path):
            with suppress(OSError):  # it isn't there, or not empty
                folder.rmdir()

    def _manifest(self, scenario: Scenario, result: Result, command: str, names: list[str]) -> dict[str, Any]:
        """Enough to run it again: the scenario with all its defaults, seed, replicates, command and versions."""
        return {
            **self.identity,
            "command": command,
            "replicates": result.replicates,
            "versions": result.about("versions"),
            "machine": f"{platform.system()} {platform.machine()}",
            "files": names,
            "scenario_text": json.loads(scenario.text),
        }


def claim(path: Path, scenario: Scenario, seed: int, *, resume: bool) -> RunFolder:
    """Take a folder for a comparison: a new or empty one, or one of the very same comparison.

    With `resume` its finished replicates are used, else they are removed.

    Raises:
        FolderInUseError: if it holds another comparison, or files that no comparison wrote.
    """
    identity = {"scenario": scenario.name, "digest": scenario.digest, "seed": seed, "rules": cache_folder().name}
    held = _held(path)
    if held is not None and held != identity:
        raise FolderInUseError(
            f"{path} holds another run ({_told(held)}); choose another folder with --out or remove it"
        )
    if held is None and resume:
        raise FolderInUseError(f"{path} holds no run that could be resumed")
    if not resume:
        shutil.rmtree(path / REPLICATES, ignore_errors=True)
    write_whole(path / IDENTITY, json.dumps(identity, indent=1))
    return RunFolder(path, identity)


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
    with suppress(ValueError):
        held = json.loads(identity.read_text(encoding="utf-8"))
        if isinstance(held, dict):
            return held
    raise FolderInUseError(f"{identity} can't be read; choose another folder with --out or remove it")


def _told(held: dict[str, Any]) -> str:
    return f"scenario {held.get('scenario')}, seed {held.get('seed')}, settings {str(held.get('digest'))[:8]}"
