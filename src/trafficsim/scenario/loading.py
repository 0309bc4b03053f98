"""Finding and loading scenario files."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from trafficsim.scenario.amending import tree_of
from trafficsim.scenario.errors import Mistake, ScenarioError, Where, did_you_mean, nearest
from trafficsim.scenario.scenario import Scenario
from trafficsim.scenario.source import parse, read_text

GivenScenario = Scenario | str | Path | Mapping[str, Any]
"""What may be given where a scenario is asked for (see `scenario_from`)."""
_PACKAGE = Path(str(files("trafficsim")))


def load(name_or_path: str | Path | Mapping[str, Any]) -> Scenario:
    """Load a scenario and check it.

    Args:
        name_or_path: a file, a shipped case by its bare name, a text (what has a line break), or a mapping as a file
            has it. Files that a text or a mapping names are looked for in the current folder.

    Returns:
        The checked scenario; it can be pickled and is never changed.

    Raises:
        ScenarioError: with every mistake, one line each; or if there is no such file or case.
    """
    if isinstance(name_or_path, Mapping):
        return Scenario.of(tree_of(name_or_path), "scenario", Path("scenario.yaml"))
    if isinstance(name_or_path, str) and "\n" in name_or_path:
        return load_text(name_or_path, "scenario")
    path = _found(name_or_path)
    label = path.name if path in shipped().values() else str(name_or_path)
    return Scenario.of(parse(read_text(path, label), label), path.stem, path)


def scenario_from(given: GivenScenario) -> Scenario:
    """A scenario, however it is given: itself, or as `load` takes it.

    Raises:
        ScenarioError: as `load` and `load_text`.
        TypeError: for anything else.
    """
    if isinstance(given, Scenario):
        return given
    if not isinstance(given, str | Path | Mapping):
        raise TypeError(
            f"a scenario is what `load` returns, a path, a name, a text or a mapping, not {type(given).__name__}"
        )
    return load(given)


def load_text(text: str, name: str, folder: str | Path = ".") -> Scenario:
    """Load a scenario from its text, such as `Scenario.text`; files that it names are looked for in `folder`.

    Raises:
        ScenarioError: with every mistake of the text.
    """
    file = f"{name}.yaml"
    return Scenario.of(parse(text, file), name, Path(folder) / file)


def with_arms_of(scenario: Scenario, paths: Iterable[str | Path]) -> Scenario:
    """The scenario with further arms, each from a file that holds what it sets, and is called as the file is.

    So whoever proposes a strategy, a team of a class or a department, hands in a few lines.

    Args:
        scenario: the market, with the arms that everybody is compared with.
        paths: YAML files; of a folder all that end in .yaml, in the order of their names.

    Raises:
        ScenarioError: for what isn't there or no arm, with each mistake at its line.
    """
    files = [file for path in map(Path, paths) for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path])]
    if not files:
        raise ScenarioError([Mistake(Where("arms"), "", f"no .yaml file in {', '.join(map(str, paths))}")])
    return scenario.with_arms({file.stem: parse(read_text(file, str(file)), str(file)) for file in files})


def check_file(name_or_path: str | Path) -> list[str]:
    """The mistakes of a scenario file, one printable line each; empty if there are none."""
    try:
        load(name_or_path)
    except ScenarioError as error:
        return [str(mistake) for mistake in error.mistakes]
    return []


def shipped() -> dict[str, Path]:
    """The cases that come with the package, by name."""
    folders = [_PACKAGE / "scenarios", _PACKAGE.parents[1] / "scenarios"]
    # The second is the top of a source checkout; installed, it would be somebody else's folder.
    usable = folders[: 2 if _PACKAGE.parent.name == "src" else 1]
    return {file.stem: file for folder in usable for file in sorted(folder.glob("*.yaml"))}


def _found(name_or_path: str | Path) -> Path:
    path, name = Path(name_or_path), str(name_or_path)
    if path.suffix in {".yaml", ".yml", ".json"} or len(path.parts) != 1 or path.is_file():
        return path
    cases = shipped()
    if name in cases:
        return cases[name]
    files_here = {file.stem: file.name for file in sorted(Path().glob("*.yaml"))}
    options = {case: case for case in cases} | files_here
    alike = nearest(name, options)
    if alike in files_here:
        raise ScenarioError(
            [Mistake(Where(name), "", f"no such file or shipped case; did you mean '{options[alike]}'?")]
        )
    near, known = did_you_mean(name, cases) or ";", ", ".join(cases) or "none"
    raise ScenarioError([Mistake(Where(name), "", f"no such file or shipped case{near} shipped are: {known}")])
