"""Mistakes in a scenario: where they stand, what was found, what is allowed."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from trafficsim.words.language import Language
from trafficsim.words.mistaken import mistake_in

SET_LABEL = "--set"
"""Stands for the file name where a setting was replaced by hand."""


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A position in a file; line and column count from 1. Line 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One mistake: its position, the dotted path of the setting ("" when there is none) and a plain sentence."""

    where: Where
    path: str
    says: str

    def __str__(self) -> str:
        parts = (str(self.where), self.path, self.says)
        # A key in quotes may run over several lines; a mistake is one.
        return escaped(": ".join(" ".join(part.split()) for part in parts if part))


class ScenarioError(ValueError):
    """A scenario that can't be used; `str` gives a line for each mistake.

    Attributes:
        mistakes: all of them, sorted by position.
    """

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes: tuple[Mistake, ...] = tuple(sorted(set(mistakes)))
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        return self.in_language("en")

    def in_language(self, language: Language) -> str:
        """A line for each mistake, in the reader's language as far as its form is known there."""
        told = (replace(each, says=mistake_in(language, each.says)) for each in self.mistakes)
        return "\n".join(str(mistake) for mistake in told)


def escaped(text: str) -> str:
    """The text with characters that nobody sees, or that move a terminal's cursor, written out by their codes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


ALIKE = 0.65
"""How alike a name must be to be suggested, of 1 (difflib's ratio)."""
MISSPELT = 0.8
"""How alike a name must be where another one may well be meant."""


def did_you_mean(name: str, known: Iterable[str], alike: float = ALIKE) -> str:
    """Return "; did you mean 'x'?" with the known name nearest to `name`, or nothing if none is near."""
    near = nearest(name, known, alike)
    return f"; did you mean '{near}'?" if near and near != name else ""


def nearest(name: str, known: Iterable[str], alike: float = ALIKE) -> str | None:
    """The known name most like `name`, or None if none is alike."""
    near = difflib.get_close_matches(shortened(name), list(known), n=1, cutoff=alike)
    return near[0] if near else None


def described(value: Any) -> str:
    """Say in plain words what was found in the place of a setting."""
    if isinstance(value, dict):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"text '{shortened(value)}'" if value else "empty text"
    return "nothing" if value is None else shortened(str(value))


def shortened(text: str) -> str:
    """Keep one line of at most 40 characters, so that a mistake stays one line."""
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:37] + "..."


def listed(options: Iterable[str]) -> str:
    """Return `'a', 'b' or 'c'`."""
    quoted = [f"'{option}'" for option in options]
    return " or ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)
