"""The command `explain`."""

from collections.abc import Callable
from functools import partial
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
from trafficsim.cli.terminal import (
    announce_compilation,
    console,
    print_json_answer,
    print_sentences,
    progress,
    written_to,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from trafficsim.scenario import Scenario
    from trafficsim.study.attributing import Channels
    from trafficsim.study.explaining import Explanation
    from trafficsim.words.language import Language

On = tuple[int | None, "Executor | None"]
SUFFIXES = (".html", ".png", ".csv")


def explain(
    scenario: ScenarioArgument,
    first: Annotated[str, typer.Argument(metavar="ARM", help="The arm to begin from.")],
    second: Annotated[str, typer.Argument(metavar="OTHER", help="The arm whose difference to it is explained.")],
    metric: Annotated[str, typer.Option(help="A metric that adds up: profit, orders, members, ...")] = "profit",
    replicates: Annotated[int, typer.Option(min=2, help="Replicates, each with its own random numbers.")] = 16,
    seed: SeedOption = 1,
    group: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=PATH,PATH", help="Count these parts as one, by this name. Repeatable."),
    ] = None,
    exact: Annotated[
        bool, typer.Option("--exact", help="Run all arms between the two (2 to the power of the parts, 10 at most).")
    ] = False,
    channels: Annotated[
        bool,
        typer.Option(
            "--channels",
            help="Also tell true and marginal ROAS of each channel of both arms, beside first-touch, last-touch and "
            "linear attribution.",
        ),
    ] = False,
    workers: WorkersOption = None,
    dask: DaskOption = None,
    set_: SetOption = None,
    mechanism: MechanismOption = None,
    add_arms: ArmsOption = None,
    language: LanguageOption = None,
    report: ReportOption = None,
    out: Annotated[Path | None, typer.Option(help="Also write to FILE.html, .png (a waterfall) or .csv.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Explain the difference between two arms: what each thing they set otherwise adds to it (Shapley values).

    Example: trafficsim explain restaurant paid private --group "the group=places.vip_group,posts.vip_group"
    """
    if out is not None and out.suffix not in SUFFIXES:
        raise typer.BadParameter(f"{out}: must end in {', '.join(SUFFIXES)}", param_hint="--out")
    case, groups = scenario_of(scenario, set_, mechanism, add_arms, language=language), _groups(group)
    reader = language_of(language) or case.language
    for arm, hint in ((first, "ARM"), (second, "OTHER")):
        if arm not in case.arms:
            raise typer.BadParameter(f"no arm {arm!r}; this scenario has {', '.join(case.arms)}", param_hint=hint)
    from trafficsim.cli.folder import add_to_report, refuse_report

    refuse_report(report, case)
    with cluster_at(dask) as executor:
        announce_compilation(reader)
        from trafficsim.books.metrics import named
        from trafficsim.study.explaining import explain as run_explanation

        with progress(reader, "replicates", replicates) as bar, refused_as_asked():
            found = run_explanation(
                case,
                first,
                second,
                name=named(metric),
                replicates=replicates,
                seed=seed,
                groups=groups,
                exact=exact or None,
                workers=workers,
                executor=executor,
                done=(lambda done: bar(completed=done)) if bar else None,
            )
        size, on = (replicates, seed), (workers, executor)
        credited = _channels(case, (first, second), size, on, reader) if channels else []
    if out is not None:
        _write(found, credited, out, reader)
    if report is not None:
        from trafficsim.report.beside import of_explanation

        add_to_report(report, of_explanation(found, credited, reader))
    _print(found, credited, reader, [path for path in (out, report) if path is not None], as_json=as_json)


def _channels(
    case: "Scenario", arms: tuple[str, str], size: tuple[int, int], on: "On", reader: "Language"
) -> "list[Channels]":
    """Those of the arms that advertise."""
    from trafficsim.study.attributing import campaigns
    from trafficsim.study.attributing import channels as credited

    (replicates, seed), (workers, executor), found = size, on, list["Channels"]()
    for arm in dict.fromkeys(arms):
        if campaigns(case, arm):
            with progress(reader, "replicates of {arm} by channel", replicates, arm=arm) as bar:
                done = partial(_completed, bar) if bar else None
                run = partial(credited, case, arm, replicates=replicates, seed=seed)
                found.append(run(workers=workers, executor=executor, done=done))
    return found


def _completed(bar: Callable[..., None], done: int) -> None:
    bar(completed=done)


def _groups(given: list[str] | None) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for each in given or []:
        name, sign, paths = each.partition("=")
        if not (name.strip() and sign and paths.strip()):
            raise typer.BadParameter(f"{each!r}: give NAME=PATH,PATH", param_hint="--group")
        found[name.strip()] = [path.strip() for path in paths.split(",") if path.strip()]
    return found


def _write(found: "Explanation", credited: "list[Channels]", out: Path, language: "Language") -> None:
    from trafficsim.files.whole import write_csv, write_whole

    if out.suffix == ".csv":
        from trafficsim.report.explained import as_frame

        write_csv(out, as_frame(found))
    elif out.suffix == ".html":
        from trafficsim.report.explained_page import explained_page

        write_whole(out, explained_page(found, credited, language))
    else:
        from trafficsim.plots import png
        from trafficsim.plots.waterfall import waterfall

        write_whole(out, png(waterfall(found, language=language)))


def _print(
    found: "Explanation", credited: "list[Channels]", language: "Language", written: list[Path], *, as_json: bool
) -> None:
    from trafficsim.report.attributed import attributed, channels_as_plain
    from trafficsim.report.explained import as_plain, explained

    if as_json:
        more = {"channels": [channels_as_plain(each) for each in credited]} if credited else {}
        print_json_answer("explain", {**as_plain(found, language), **more})
        return
    print_sentences(found.scenario.title, explained(found, language))
    for each in credited:
        console().print()
        print_sentences("", attributed(each, language))
    print_sentences("", (written_to(language, path) for path in written))
