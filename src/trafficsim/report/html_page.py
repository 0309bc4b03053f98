"""What all HTML pages have in common: their style, their frame, and how a table stands in them."""

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple

from markupsafe import Markup, escape
from rich.cells import cell_len

from trafficsim.report.figures import ONE_OF_BOTH
from trafficsim.words.language import Language

HTML_LANGUAGE: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
STACKED, SHORT, LIMITS = 4, 12, 14
"""From so many columns on a row stands as a list where it is narrow; up to so many rows stay on one page of paper;
limits of up to so many characters, a Chinese one counting twice, stay in one line. All assumed: what a phone shows
beside each other, a third of a page, and a seventh of its width."""

_NUMBER = r"[+-]?\d[\d.,]*(?:\s?[%kMGmb万亿]+)?"
_ALONE = re.compile(rf"({_NUMBER}|–|)")
_WITH_LIMITS = re.compile(rf"({_NUMBER})(\s?)([(（][^()（）]*[)）])")


def style() -> str:
    """The style sheet of every page: desktop, phone and paper."""
    return files("trafficsim.report").joinpath("page.css").read_text(encoding="utf-8") + ONE_OF_BOTH


def document(title: str, language: Language, parts: Iterable[str]) -> str:
    """A page of its own, which opens offline: its title as the heading, and parts of HTML below."""
    return "\n".join(
        [
            f'<!DOCTYPE html>\n<html lang="{HTML_LANGUAGE[language]}"><head><meta charset="utf-8">',
            f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>',
            f"<style>{style()}</style></head><body><main><h1>{escape(title)}</h1>",
            *parts,
            "</main></body></html>\n",
        ]
    )


def paragraphs(sentences: Iterable[str]) -> list[str]:
    """Each sentence as a paragraph."""
    return [f"<p>{escape(sentence)}</p>" for sentence in sentences]


class Table(NamedTuple):
    """A table of texts, to be put into a page as it is: `{{ table }}` in a template, `str(Markup(table))` elsewhere.

    The first cell of a row names it. Columns of bare numbers are set right; an interval behind a number is not broken.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def __html__(self) -> str:
        """The table as HTML; each cell carries the heading of its column, for where that is not shown."""
        names = [
            *(["stacked"] if len(self.headings) >= STACKED else []),
            *(["short"] if len(self.rows) <= SHORT else []),
        ]
        right = [
            column > 0 and all(_ALONE.fullmatch(str(row[column])) for row in self.rows)
            for column in range(len(self.headings))
        ]
        shown = [Markup(' class="number"') if number else Markup() for number in right]
        heads = [Markup('<th scope="col"{}>{}</th>').format(*pair) for pair in zip(shown, self.headings, strict=True)]
        lines = [Markup("<tr>{}</tr>\n").format(Markup().join(self._cells(row, shown))) for row in self.rows]
        return Markup(
            '{}<div class="wide">\n<table class="{}">\n'
            "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>"
        ).format(
            Markup('<p class="caption">{}</p>\n').format(self.caption) if self.caption else "",
            " ".join(names),
            Markup().join(heads),
            Markup().join(lines),
        )

    def _cells(self, row: Sequence[str], shown: Sequence[Markup]) -> list[Markup]:
        name, *rest = row
        told = zip(shown[1:], self.headings[1:], rest, strict=True)
        return [
            Markup('<th scope="row">{}</th>').format(name),
            *(Markup('<td{} data-label="{}">{}</td>').format(kind, label, _cell(text)) for kind, label, text in told),
        ]


def _cell(text: str) -> str | Markup:
    """A text, with the limits behind a number kept in one line."""
    found = None if isinstance(text, Markup) else _WITH_LIMITS.fullmatch(text)
    if found is None:
        return text
    number, blank, limits = found.groups()
    shown = "limits" if cell_len(limits) <= LIMITS else "limits long"
    return Markup('<span>{}{}<span class="{}">{}</span></span>').format(number, blank, shown, limits)
