"""The command `against`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficsim.cli.errors import refused_as_asked
from trafficsim.cli.options import (
    ArmsOption,
    DaskOption,
    LanguageOption,
    MechanismOption,
    ReportOption,
    ScenarioArgument,
    SeedOption,
    SetOption,
    WorkersOption,
    cluster_at,
    language_of,
    scenario_of,
)
from trafficsim.cli.terminal import announce_compilation, print_json_answer, print_sentences, written_to

if TYPE_CHECKING:
    from trafficsim.study.facing import Facing
    from trafficsim.words.language import Language

SUFFIXES = (".png", ".csv")


def against(
    scenario: ScenarioArgument,
    metric: Annotated[str, typer.Option(help="A metric that adds up: profit, orders, members, ...")] = "profit",
    replicates: Annotated[int, typer.Option(min=2, help="Replicates, each with its own random numbers.")] = 16,
    seed: SeedOption = 1,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
    language: LanguageOption = None,
    report: ReportOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write to FILE.png (the table in colours) or FILE.csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Run all arms when rivals do each of theirs (`against:` in the file): best answers, and what not moving costs.

    Example: trafficsim against my.yaml --mechanism rival_pool
    """
    if out is not None and out.suffix not in SUFFIXES:
        raise typer.BadParameter(f"{out}: must end in {' or '.join(SUFFIXES)}", param_hint="--out")
    case = scenario_of(scenario, set_, mechanism, add_arms, language=language)
    reader = language_of(language) or case.language
    from trafficsim.cli.folder import add_to_report, refuse_report

    refuse_report(report, case)
    with cluster_at(dask) as executor:
        announce_compilation(reader)
        from trafficsim.books.metrics import named
        from trafficsim.study.facing import against as run_against

        with refused_as_asked():
            found = run_against(
                case, name=named(metric), replicates=replicates, seed=seed, workers=workers, executor=executor
            )
    if out is not None:
        _write(found, out, reader)
    if report is not None:
        from trafficsim.report.beside import of_facing

        add_to_report(report, of_facing(found, reader))
    _print(found, reader, [path for path in (out, report) if path is not None], as_json=as_json)


def _write(found: "Facing", out: Path, language: "Language") -> None:
    from trafficsim.files.whole import write_csv, write_whole

    if out.suffix == ".csv":
        write_csv(out, found.table())
        return
    from trafficsim.plots import png
    from trafficsim.plots.facing import answers
    from trafficsim.report.facing import rival_name
    from trafficsim.words.language import words

    names = {rival: rival_name(found, rival, words(language)) for rival in found.rivals}
    write_whole(out, png(answers(found, names, language=language)))


def _print(found: "Facing", language: "Language", written: list[Path], *, as_json: bool) -> None:
    from trafficsim.report.facing import as_plain, facing_told

    if as_json:
        print_json_answer("against", as_plain(found))
        return
    files = (written_to(language, path) for path in written)
    print_sentences(found.scenario.title, (*facing_told(found, language), *files))
