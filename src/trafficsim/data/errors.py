"""What is wrong with a table: where it stands, what was found, what is allowed."""

from collections.abc import Iterable
from dataclasses import dataclass

from trafficsim.words.language import Language
from trafficsim.words.mistaken import mistake_in

MOST_SHOWN = 20
"""Faults of one file that are told; one slip often repeats in every row."""
LONGEST = 40
"""Characters of a cell that are repeated in a message."""


@dataclass(frozen=True, order=True)
class Fault:
    """One fault: row and column of the file, from 1 (0: the whole file or row), the column's head, and a sentence.

    `cell` is what stood there, of which the sentence speaks (see `found`).
    """

    row: int
    column: int
    head: str
    says: str
    cell: str = ""

    def said(self, file: str, language: Language = "en") -> str:
        """The fault as one line."""
        at = f":{self.row}:{self.column}" if self.column else f":{self.row}" if self.row else ""
        parts = (f"{file}{at}", self.head, mistake_in(language, f"{self.cell} {self.says}".strip()))
        return printable(": ".join(" ".join(part.split()) for part in parts if part))


class DataError(ValueError):
    """A table that can't be used: `file` and its `faults`, of which `str` gives one line each."""

    def __init__(self, file: str, faults: Iterable[Fault]) -> None:
        self.file, self.faults = file, tuple(sorted(set(faults)))
        super().__init__(self.file, self.faults)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: Language) -> str:
        """A line for each fault, in the reader's language as far as its form is known there."""
        lines = [fault.said(self.file, language) for fault in self.faults[:MOST_SHOWN]]
        left = len(self.faults) - MOST_SHOWN
        more = f"{self.file}: {mistake_in(language, f'{left} more of this kind')}"
        return "\n".join([*lines, *([more] if left > 0 else [])])


def found(value: object) -> str:
    """What stood in a cell, on one line and not longer than a few words."""
    line = " ".join(str(value).split())
    return f"'{line if len(line) <= LONGEST else line[: LONGEST - 3] + '...'}'"


def printable(text: str) -> str:
    """The text with characters that nobody sees, or that move a terminal's cursor, written out by their codes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
