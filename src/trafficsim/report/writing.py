"""What is written of whatever was found, by what it is."""

from pathlib import Path

from trafficsim.journeys import Journey
from trafficsim.report import journey_page, page
from trafficsim.results import Result
from trafficsim.words.language import Language


def write_report(found: Result | Journey, path: str | Path, *, language: Language | None = None) -> None:
    """Write the report on a comparison, or the page on a journey: one HTML file that needs no other and no network.

    Args:
        found: from `compare` or `journey`.
        path: file to write, whole or not at all.
        language: "en" or "zh", instead of the scenario's.

    Raises:
        OSError: if it can't be written.
        NoFontError: if no font has the language's characters for the pictures.
    """
    if isinstance(found, Journey):
        journey_page.write(found, path, language)
    else:
        page.write(found, Path(path), language=language)
