"""What the command `journey` does with its arguments."""

import shutil
import sys
from pathlib import Path
from typing import cast

from trafficsim.files import write_whole
from trafficsim.journeys import Journey, JourneyError, Pick, journey
from trafficsim.language import LANGUAGES, Language
from trafficsim.plots import png
from trafficsim.scenario import Scenario

SUFFIXES = (".html", ".csv", ".png")
COLUMNS = 80


def run_journey(
    scenario: Scenario,
    customer: int | str,
    arms: tuple[str, str] | None,
    seed: int,
    replicate: int,
    language: str | None,
    out: Path | None,
    as_json: bool,  # noqa: FBT001 - a flag of the command line
) -> str:
    """Follow the customer, write the file that was asked for, and return what to print.

    Raises:
        JourneyError: for arms, a customer, a language or an ending that there isn't.
        NobodyError: if there is no customer of the kind looked for.
    """
    if language is not None and language not in LANGUAGES:
        raise JourneyError(f"--language: no language {language!r}; there are {', '.join(LANGUAGES)}")
    if out is not None and out.suffix not in SUFFIXES:
        raise JourneyError(f"--out: {out}: must end in {', '.join(SUFFIXES)}")
    found = journey(scenario, cast("int | Pick", customer), arms, seed, replicate)
    if out is not None:
        _write(found, out, language)
    if as_json:
        return found.to_json(language)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else COLUMNS
    return found.text(language, width) + (f"Written to {out}\n" if out is not None else "")


def _write(found: Journey, out: Path, language: Language | None) -> None:
    if out.suffix == ".html":
        found.report(out, language)
    elif out.suffix == ".csv":
        write_whole(out, found.to_frame(language).to_csv(index=False))
    else:
        figure = found.plot(language=language).get_figure(root=True)
        if figure is None:
            raise RuntimeError("a picture without a figure")
        write_whole(out, png(figure))
