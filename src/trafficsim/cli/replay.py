"""The command `replay`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trafficsim.cli.errors import FAILED, resumable
from trafficsim.cli.options import (
    DaskOption,
    LanguageOption,
    MechanismOption,
    WorkersOption,
    cluster_at,
    command_given,
    language_of,
    load_own,
)
from trafficsim.cli.terminal import (
    announce_compilation,
    console,
    print_json_answer,
    print_sentences,
    progress,
    require,
    written_to,
)

if TYPE_CHECKING:
    from trafficsim.cli.folder import RunFolder
    from trafficsim.study.replaying import Held, Replay
    from trafficsim.words.language import Language


def replay(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a finished comparison or sweep.")],
    past: Annotated[
        Path | None, typer.Option("--from", metavar="FILE", help="The saved state that the comparison went on from.")
    ] = None,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    mechanism: MechanismOption = None,
    out: Annotated[
        Path | None, typer.Option(help="Also write the result of today here; an interrupted replay goes on with it.")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Resume an interrupted replay; needs --out.")] = False,
    language: LanguageOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Run a result again from its folder and say whether all bits agree, or how far numbers lie apart.

    Exit status: 0 if all bits agree, 1 if they don't, 2 if it can't be run again.

    Example: trafficsim replay results/restaurant
    """
    if resume and out is None:
        raise typer.BadParameter("needs --out FOLDER, where finished replicates are saved", param_hint="--resume")
    load_own(mechanism)
    if not folder.exists():
        raise typer.BadParameter(f"{folder}: no such folder", param_hint="FOLDER")
    from trafficsim.study.replaying import held_in

    held = held_in(folder)
    reader = language_of(language) or held.recorded.language
    if out is not None:
        require(reader, excel=False)
    with cluster_at(dask) as executor:
        announce_compilation(reader)
        from trafficsim.engine.running import Running
        from trafficsim.study.replaying import again

        to = _claimed(held, out, past, resume=resume)
        with progress(reader, "runs", held.runs) as bar:
            running = Running(workers, executor, to.kept if to else None, bar and (lambda _: bar(advance=1)))
            if to is None:
                found, written = again(held, past, running), list[str]()
            else:
                with resumable(to):
                    found = again(held, past, running)
                    written = _write(found, to, reader)
    _print(found, reader, as_json=as_json)
    if to is not None and not as_json:
        console().print(written_to(reader, to.path, written))
    if not found.agrees:
        raise typer.Exit(FAILED)


def _claimed(held: "Held", out: Path | None, past: Path | None, *, resume: bool) -> "RunFolder | None":
    if out is None:
        return None
    from trafficsim.cli.folder import claim
    from trafficsim.engine.past import read_past
    from trafficsim.results import Result

    points = None if isinstance(held.recorded, Result) else {"replay": held.recorded.data.attrs["settings"]}
    of_past = read_past(past).digest if past else None
    return claim(out, held.scenario, held.seed, resume=resume, sweep=points, past=of_past)


def _write(found: "Replay", to: "RunFolder", language: "Language") -> list[str]:
    from trafficsim.results import Result

    if isinstance(found.again, Result):
        return to.write(found.again, command_given(), language=language)
    return to.write_sweep(found.again, command_given(), language)


def _print(found: "Replay", language: "Language", *, as_json: bool) -> None:
    from trafficsim.report.replayed import as_plain, replayed

    if as_json:
        print_json_answer("replay", as_plain(found))
        return
    print_sentences(found.recorded.title, replayed(found, language))
