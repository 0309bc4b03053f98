"""The command `merge`."""

from pathlib import Path
from typing import Annotated

import typer

from trafficsim.cli.errors import resumable
from trafficsim.cli.options import LanguageOption, command_given, language_of
from trafficsim.cli.terminal import print_result, require


def merge(
    folders: Annotated[
        list[Path], typer.Argument(metavar="FOLDER...", help="Folders of finished comparisons, in any order.")
    ],
    out: Annotated[Path, typer.Option(help="Output folder.")],
    language: LanguageOption = None,
    excel: Annotated[
        bool, typer.Option("--excel", help="Also write all tables to an Excel workbook, tables.xlsx.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Put parts of one comparison together: same scenario and seed, replicates without overlap or gap.

    Parts: what `compare` writes with `--replicates 0:100 --out part_0`, `--replicates 100:200 --out part_1` ...

    Example: trafficsim merge part_0 part_1 --out whole
    """
    from trafficsim.cli.folder import claim_for_parts, finished
    from trafficsim.results.merging import merge as put_together

    finished(folders)
    result = put_together(folders)
    reader = language_of(language) or result.language
    require(reader, excel)
    folder = claim_for_parts(out, folders[0])
    with resumable(folder):
        result = result.saying(repeat=f"{result.about.repeat}\n{command_given()}")
        written = folder.write(result, command_given(), language=reader, excel=excel)
    print_result(result, reader, folder.path, written, as_json)
