"""The command `template`."""

from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.options import LanguageOption, MechanismOption, ScenarioArgument, language_of, scenario_of
from trafficsim.cli.terminal import written_to


def template(
    scenario: ScenarioArgument,
    out: Annotated[Path | None, typer.Option(help="File to write, .csv or .xlsx (default: NAME_counts.csv).")] = None,
    by: Annotated[str, typer.Option(metavar="day|week|month", help="What each row is about.")] = "day",
    arm: Annotated[str | None, typer.Option(help="The arm (strategy) that you follow.")] = None,
    mechanism: MechanismOption = None,
    language: LanguageOption = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the file.")] = False,
) -> None:
    """Write an empty sheet for your own counts, to fill in and to give to "calibrate".

    It says what each column means. Example: trafficsim template my.yaml --by week
    """
    from trafficsim.data.dated import period_named
    from trafficsim.study.arm import history_arm
    from trafficsim.study.template import sheet, write_template

    case = scenario_of(scenario, None, mechanism)
    reader = language_of(language) or case.language
    period = period_named(by)
    if period is None:
        raise typer.BadParameter(f"no period {by!r}; there are day, week, month", param_hint="--by")
    path = out or Path(f"{case.name}_counts.csv")
    if path.exists() and not force:
        raise typer.BadParameter(f"{path} exists; --force overwrites it", param_hint="--out")
    write_template(path, sheet(case, history_arm(case, arm), period, reader))
    print(written_to(reader, path))
