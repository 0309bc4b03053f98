"""What several commands are asked alike, and what becomes of it."""

import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from trafficsim.words import asked

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from trafficsim.scenario import Scenario
    from trafficsim.words.language import Language

ScenarioArgument = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or a shipped case such as restaurant.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="[ARM:]PATH=VALUE", help="Override a setting, in all arms or in one. Repeatable."),
]
SeedOption = Annotated[int, typer.Option(min=0, max=asked.MOST, help="Random seed.")]
WorkersOption = Annotated[int | None, typer.Option(min=1, help="Number of parallel workers (default: CPU count).")]
DaskOption = Annotated[
    str | None,
    typer.Option(metavar="HOST:PORT", help="Run on the workers of this dask scheduler instead; needs the extra dask."),
]

MechanismOption = Annotated[
    list[str] | None,
    typer.Option("--mechanism", metavar="FILE.py|NAME", help="Load your own mechanism, or a shipped one. Repeatable."),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="Also add the answer to the report of this comparison, such as results/NAME."),
]
ADDRESS = re.compile(r"(\w+://)?[\w.\-\[\]:%]+:\d{1,5}")
"""HOST:PORT, with a protocol in front or without."""
LANGUAGE_FLAGS = ("--language", "--lang")
LANGUAGE_SET = "TRAFFICSIM_LANG"
"""Environment variable that sets the language of all answers and of help."""
ArmsOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--add-arms",
        metavar="FILE|FOLDER",
        help="Add arms: each file holds what one sets and names it; of a folder, all that end in .yaml. Repeatable.",
    ),
]
LanguageOption = Annotated[
    str | None, typer.Option(*LANGUAGE_FLAGS, metavar="en|zh", help="Output language (default: the scenario's).")
]


def replicates_of(given: str) -> int | range:
    """How many replicates, or, of FIRST:END, the numbers from FIRST until before END.

    Raises:
        BadParameter: if it is neither.
    """
    from trafficsim.scenario.needs import MOST_REPLICATES

    first, colon, end = given.partition(":")
    try:
        found = range(int(first), int(end)) if colon else int(first)
        asked.numbered("replicates", found, MOST_REPLICATES)
    except ValueError:
        says = f"{given!r} must be a number from 1 to {MOST_REPLICATES:,}, or FIRST:END such as 100:200"
        raise typer.BadParameter(says, param_hint="'--replicates'") from None
    return found


def asked_language(arguments: Sequence[str], system: str = "") -> "Language":
    """The language that a command line asks for, or that is set for good, else that of the `system`, else English."""
    from trafficsim.words.language import LANGUAGES

    asked = [given for flag, given in pairwise(arguments) if flag in LANGUAGE_FLAGS]
    asked += [given for flag, _, given in (each.partition("=") for each in arguments) if flag in LANGUAGE_FLAGS]
    asked += [os.environ.get(LANGUAGE_SET, ""), system]
    return next((known for given in asked for known in LANGUAGES if given.lower().startswith(known)), "en")


def help_language(arguments: Sequence[str]) -> "Language":
    """The language of help and of mistakes: what the line asks for, else what is set for good, else the system's."""
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return asked_language(arguments, system or "")


def language_of(given: str | None) -> "Language | None":
    """The language that was asked for, here or for all commands, if any.

    Raises:
        BadParameter: if there is no such language.
    """
    from trafficsim.words.language import LANGUAGES

    asked_for, hint = (given, "--language") if given is not None else (os.environ.get(LANGUAGE_SET), LANGUAGE_SET)
    for known in LANGUAGES:
        if known == asked_for:
            return known
    if asked_for:
        raise typer.BadParameter(f"no language {asked_for!r}; there are {', '.join(LANGUAGES)}", param_hint=hint)
    return None


def scenario_of(
    name: str,
    settings: list[str] | None = None,
    mechanisms: list[str] | None = None,
    arms: list[Path] | None = None,
    language: str | None = None,
) -> "Scenario":
    """The scenario that was named, with arms of `--add-arms` and settings of `--set`; one's own mechanisms come before.

    Where a language is asked for, its title, question and labels are in it, as far as it has them.

    Raises:
        ScenarioError: with all that is wrong in it.
        BadParameter: for a language that there is not.
        MechanismError: for a mechanism that can't be loaded.
    """
    from trafficsim.scenario import load, parse_settings, with_arms_of

    load_own(mechanisms)
    case = load(name)
    if arms:
        case = with_arms_of(case, arms)
    case = case.replace(parse_settings(settings)) if settings else case
    reader = language_of(language)
    return case.in_language(reader) if reader else case


def load_own(mechanisms: list[str] | None) -> None:
    """Load mechanisms of one's own: only what is named on the command line, never what a scenario file names.

    Raises:
        MechanismError: for what can't be loaded.
    """
    if mechanisms:
        from trafficsim.engine.extending import load_mechanisms

        load_mechanisms(mechanisms)


def needs_of(case: "Scenario", replicates: int, workers: int | None, *, without_pools: bool = True) -> Any:
    """Foresee what running the scenario takes (`without_pools`: see `estimate`).

    Raises:
        ScenarioError: if that is more than this machine has.
    """
    from trafficsim.scenario import estimate
    from trafficsim.scenario.needs import processors

    return estimate(case, replicates, workers or processors(), without_pools=without_pools)


@contextmanager
def cluster_at(address: str | None) -> Iterator["Executor | None"]:
    """The cluster of `--dask` as an executor, None if there is none.

    Raises:
        BadParameter: for what is no address.
        ClusterError: for one that can't be used.
    """
    if address is None:
        yield None
        return
    if not ADDRESS.fullmatch(address):
        raise typer.BadParameter(
            f"{address!r} must be the address of a scheduler, such as tcp://10.0.0.5:8786", param_hint="--dask"
        )
    from trafficsim.files.cluster import dask_cluster

    with dask_cluster(address) as executor:
        yield executor


@contextmanager
def trials_on(workers: int | None, cluster: "Executor | None" = None) -> Iterator["Executor | None"]:
    """What trials of assumed numbers run on: a cluster if there is one, else processes, unless there is one worker."""
    from trafficsim.files.processes import processes
    from trafficsim.scenario.needs import processors

    many = workers or processors()
    if cluster is not None or many == 1:
        yield cluster
        return
    with processes(many) as executor:
        yield executor


def command_given() -> str:
    """The command as it was typed, for whoever wants to repeat it."""
    return shlex.join(["trafficsim", *sys.argv[1:]])
