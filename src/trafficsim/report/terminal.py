"""The comparison on a terminal: a table that fits 80 columns, and below it the crossovers and uplifts in sentences."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from trafficsim.books.metrics import metric
from trafficsim.report.answer import caveats, variation_only
from trafficsim.report.tables import Block, Row, blocks
from trafficsim.report.voice import Voice
from trafficsim.results import Result
from trafficsim.words.folding import folded
from trafficsim.words.language import Language, Words, words


def terminal_table(result: Result, confidence: float = 0.95, language: Language = "en") -> RenderableType:
    """All metrics by arm with intervals and paired differences, crossovers, uplifts and caveats, for rich to print.

    Fits 80 columns, and 60 without the column "better in". The answer itself (`answer`) is not part of it.
    """
    say = words(language)
    crossovers = [
        say("{a} over {b}: {when}", a=found.a, b=found.b, when=found.brief(language))
        for found in result.crossovers(confidence=confidence)
    ]
    uplifts = [found.sentence(language) for found in result.uplifts(confidence)]
    sections = [
        (say("From when on an arm stays ahead in total contribution profit, in the median run"), crossovers),
        (say("How much more members buy, and how much of it the pool causes"), uplifts),
        (say("To bear in mind"), caveats(result, language)),
    ]
    said = [_section(heading, sentences) for heading, sentences in sections if sentences]
    tables = [
        part for block in blocks(result, confidence, language) for part in (_heading(block), _Rows(block.rows, say))
    ]
    return Group(_Rows((), say), *tables, "", _Legend(result, confidence, Voice(language)), *said)


def _heading(block: Block) -> Text:
    heading = Text(block.heading, style="bold")
    if block.leaves_out:
        heading.append(block.leaves_out, style="not bold dim")
    if metric(block.name).ratio:  # known by an abbreviation
        heading.append(f"\n{block.meaning}", style="not bold dim")
    return heading


_WIDTHS = (13, 7, 13, 10, 13, 10)
"""Of the columns, at least; a space stands between them."""
_MOST_SPARED = 16
"""Columns that the names of arms get at most where a terminal is wide."""


def _headings(say: Words) -> tuple[str, ...]:
    return say("option"), say("mean"), "", say("difference"), "", say("better in")


def _fitting(width: int) -> int:
    """How many columns a terminal shows: all, or on a narrow one those before the last, rather than halves of words."""
    return len(_WIDTHS) if width >= _whole(_WIDTHS) else len(_WIDTHS) - 1


def _whole(widths: Sequence[int]) -> int:
    return sum(wide + 1 for wide in widths) - 1


def _widths(width: int) -> list[int]:
    """Of the columns that are shown; what is to spare goes to the names of arms."""
    first, *others = _WIDTHS[: _fitting(width)]
    return [first + max(0, min(_MOST_SPARED, width - _whole((first, *others)))), *others]


@dataclass(frozen=True)
class _Rows:
    """The rows of a metric; without any, the headings. All have the same columns, so that they stand in line."""

    rows: Sequence[Row]
    say: Words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        widths = _widths(options.max_width)
        table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style="dim", show_header=not self.rows)
        for number, (heading, width) in enumerate(zip(_headings(self.say), widths, strict=False)):
            table.add_column(heading, justify="right" if number in {1, 3, 5} else "left", width=width, overflow="fold")
        for row in self.rows:
            table.add_row(*[Text(cell) for cell in _cells(row)[: len(widths)]])
        yield table


@dataclass(frozen=True)
class _Legend:
    """What the columns mean that are shown."""

    result: Result
    confidence: float
    voice: Voice

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        said = _legend(self.result, self.confidence, self.voice)
        if _fitting(options.max_width) == len(_WIDTHS) and self.result.replicates > 1:
            better = "Better in: the replicates in which the arm is strictly better than the one it is compared with."
            said.append(self.voice.say(better))
        yield Text(folded(self.voice.joined(said), options.max_width), style="dim")


@dataclass(frozen=True)
class _Said:
    """A sentence, which Chinese may be broken anywhere in."""

    sentence: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(folded(self.sentence, options.max_width))


def _cells(row: Row) -> list[str]:
    return [row.arm, row.mean, row.mean_reach, row.difference, row.difference_reach, row.better]


def _legend(result: Result, confidence: float, voice: Voice) -> list[str]:
    say = voice.say
    if result.replicates == 1:
        return [say("One replicate: there is no interval, and the random variation is unknown.")]
    return [
        say(
            "±, -/+ and brackets: {confidence} intervals over {replicates} replicates.",
            confidence=f"{confidence * 100:g}%",
            replicates=f"{result.replicates:,}",
        ),
        variation_only(voice.language),
        say(
            "Difference: to “{baseline}” unless a row names two others, replicate by replicate.",
            baseline=result.baseline,
        ),
    ]


def _section(heading: str, sentences: list[str]) -> RenderableType:
    return Group("", Text(heading, style="bold"), *[Padding(_Said(sentence), (0, 0, 0, 2)) for sentence in sentences])
