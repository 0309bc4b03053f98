"""The command `journey`."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from trafficsim.cli.options import (
    ArmsOption,
    LanguageOption,
    MechanismOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    language_of,
    needs_of,
    scenario_of,
)
from trafficsim.cli.terminal import COLUMNS, announce_compilation, print_json_answer, written_to

if TYPE_CHECKING:
    from trafficsim.journeys import Journey, Pick
    from trafficsim.words.language import Language

SUFFIXES = (".html", ".csv", ".png")


def journey(
    scenario: ScenarioArgument,
    customer: Annotated[int | None, typer.Option(help="Number of the customer, from 0.")] = None,
    pick: Annotated[
        str | None,
        typer.Option(
            metavar="apart|joiner|buyer|told|invited|lost|won_back",
            help="Or pick one: apart (orders differ most between the arms), joiner (joined a pool), buyer (ordered), "
            "told or invited (heard of the brand so first), lost or won_back (left a pool, for good or not).",
            show_default="apart",
        ),
    ] = None,
    arms: Annotated[
        tuple[str, str] | None, typer.Option(metavar="A B", help="The two arms.", show_default=False)
    ] = None,
    seed: SeedOption = 1,
    replicate: Annotated[int, typer.Option(min=0, help="Number of the replicate within `compare`.")] = 0,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
    language: LanguageOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write to FILE.html, FILE.csv or FILE.png.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the journey as JSON.")] = False,
) -> None:
    """Follow one customer through two arms: every event by day, and where the two histories diverge."""
    if customer is not None and pick is not None:
        raise typer.BadParameter("give --customer or --pick, not both")
    case = scenario_of(scenario, set_, mechanism, add_arms, language=language)
    needs_of(case, 2, 2)  # two worlds beside each other
    reader = language_of(language) or case.language
    announce_compilation(reader)
    from trafficsim.journeys import journey as follow

    _refuse_other_endings(out)
    wanted = customer if customer is not None else pick or "apart"
    found = follow(case, cast("int | Pick", wanted), arms, seed, replicate)
    if out is not None:
        _write(found, out, reader)
    if as_json:
        print_json_answer("journey", found.as_plain(reader))
    else:
        print(_told(found, reader, out), end="")


def _refuse_other_endings(out: Path | None) -> None:
    from trafficsim.journeys import JourneyError

    if out is not None and out.suffix not in SUFFIXES:
        raise JourneyError(f"--out: {out}: must end in {', '.join(SUFFIXES)}")


def _write(found: "Journey", out: Path, language: "Language") -> None:
    from trafficsim.files.whole import write_csv, write_whole
    from trafficsim.plots import journey, png
    from trafficsim.report import write_report

    if out.suffix == ".html":
        write_report(found, out, language=language)
    elif out.suffix == ".csv":
        write_csv(out, found.to_frame(language))
    else:
        write_whole(out, png(journey(found, language=language)))


def _told(found: "Journey", language: "Language", out: Path | None) -> str:
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else COLUMNS
    return found.text(language, width) + (f"{written_to(language, out)}\n" if out is not None else "")
