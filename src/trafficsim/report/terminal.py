"""The comparison on a terminal: a table that fits 80 columns, and below it the crossovers and uplifts in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trafficsim.report.answer import LUCK_ONLY, caveats
from trafficsim.report.tables import Row, blocks
from trafficsim.results import Result


def terminal_table(result: Result, confidence: float = 0.95) -> RenderableType:
    """All metrics by arm with intervals and paired differences, crossovers, uplifts and caveats, for rich to print.

    Fits 80 columns, and 60 without the column "better in". The answer itself (`answer`) is not part of it.
    """
    crossovers = [f"{found.a} over {found.b}: {found.brief()}" for found in result.crossovers(confidence=confidence)]
    sections = [
        ("From when on an arm stays ahead in total contribution profit", crossovers),
        ("What members buy more", [found.sentence() for found in result.uplifts(confidence)]),
        ("To bear in mind", caveats(result)),
    ]
    said = [_section(heading, sentences) for heading, sentences in sections if sentences]
    tables = [
        part for block in blocks(result, confidence) for part in (Text(block.heading, style="bold"), _Rows(block.rows))
    ]
    return Group(_Rows(()), *tables, "", _Legend(result, confidence), *said)


_COLUMNS = (("arm", 16), ("mean", 8), ("", 11), ("difference", 10), ("", 11), ("better in", 18))
"""Headings and widths; a space stands between columns."""


def _fitting(width: int) -> int:
    """How many columns a terminal shows: all, or on a narrow one those before the last, rather than halves of words."""
    whole = sum(wide + 1 for _, wide in _COLUMNS) - 1
    return len(_COLUMNS) if width >= whole else len(_COLUMNS) - 1


@dataclass(frozen=True)
class _Rows:
    """The rows of a metric; without any, the headings. All have the same columns, so that they stand in line."""

    rows: Sequence[Row]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        shown = _fitting(options.max_width)
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_header=not self.rows)
        for number, (heading, width) in enumerate(_COLUMNS[:shown]):
            table.add_column(heading, justify="right" if number in {1, 3, 5} else "left", width=width, overflow="fold")
        for row in self.rows:
            table.add_row(*[Text(cell) for cell in _cells(row)[:shown]])
        yield table


@dataclass(frozen=True)
class _Legend:
    """What the columns mean that are shown."""

    result: Result
    confidence: float

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        words = _legend(self.result, self.confidence)
        if _fitting(options.max_width) == len(_COLUMNS) and self.result.replicates > 1:
            words += " Better in: the share of replicates in which the arm is strictly better."
        yield Text(words, style="dim")


def _cells(row: Row) -> list[str]:
    share = f"{row.better} ({row.better_limits})" if row.better_limits else row.better
    return [row.arm, row.mean, row.mean_reach, row.difference, row.difference_reach, share]


def _legend(result: Result, confidence: float) -> str:
    if result.replicates == 1:
        return "One replicate: there is no interval, and how far luck moved these numbers is unknown."
    return (
        f"±, -/+ and brackets: {confidence * 100:g}% intervals over {result.replicates:,} replicates. {LUCK_ONLY} "
        f"Difference: to “{result.baseline}”, replicate by replicate."
    )


def _section(heading: str, sentences: list[str]) -> RenderableType:
    return Group("", Text(heading, style="bold"), *[Padding(Text(sentence), (0, 0, 0, 2)) for sentence in sentences])
