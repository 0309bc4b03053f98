"""What all HTML pages have in common: their style, their frame, and how a table stands in them."""

import re
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import NamedTuple

from markupsafe import Markup, escape
from rich.cells import cell_len

from trafficsim.report.figures import ONE_OF_BOTH
from trafficsim.words import rounding
from trafficsim.words.language import Language

HTML_LANGUAGE: dict[Language, str] = {"en": "en", "zh": "zh-Hans"}
STACKED, SHORT, ROOM, NAME, WORD, GAP = 3, 16, 104, 24, 10, 2
"""From so many columns on a row stands as a list where it is narrow; up to so many rows stay on one page of paper; so
many characters, a Chinese one counting twice, stand beside each other, so many of a name, a word, and between columns.
All assumed: what a phone shows beside each other, a third of a page, and what a page is wide."""

NO_BREAK = "\N{NO-BREAK SPACE}"
_NUMBER = r"[+-]?\d[\d.,]*(?:\s?[%kMGmb万亿]+)?"
_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}|\d{4}年\d{1,2}月\d{1,2}日"
_PIECE = rf"(?:{_DAY}|{_NUMBER})"
_VALUE = rf"(?:[A-Z]{{3}} )?{_NUMBER}"
_ALONE = re.compile(rf"({_NUMBER}|–|)")
_SUM = rf"{_VALUE}(?: (?:to|至) {_VALUE})?(?: ?元)?"
_UNBROKEN = re.compile(_SUM)
_NUMERIC = re.compile(rf"{_SUM}(?:\s?[(（][^()（）]*[)）])?")
_AMOUNT = r"\d(?:[\d.,]*\d)?"
_SUM_IN_TEXT = rf"\b[A-Z]{{3}} {_AMOUNT}[kMGb]?|{_AMOUNT}(?: 至 {_AMOUNT})? [万亿]?元"
_WHOLE_IN_TEXT = re.compile(rf"<(script|style|title|svg)\b.*?</\1>|<[^>]*>|({_DAY}|{_SUM_IN_TEXT})", re.DOTALL)
_PIECES = re.compile(r"(?<=[的，：])|(?=（)|\s")
"""Where a heading may be broken: as in `heading`, and where a browser does anyway."""
_WORDS = re.compile(r"--[\w-]+ [^ -][^ ]*|[^ ]+|(?<= )(?= )")
"""Words of a command, an option with its value; an empty one where two blanks stand, as in a quoted path."""
_WITH_LIMITS = re.compile(rf"({_PIECE})(\s?)([(（][^()（）]*[)）])")


def style() -> str:
    """The style sheet of every page: desktop, phone and paper."""
    return _sheet("page.css") + narrow_rows() + ONE_OF_BOTH


def narrow_rows() -> str:
    """The part of it by which rows of wide tables are lists on a phone, also for pieces of a page elsewhere."""
    return _sheet("rows.css")


def _sheet(name: str) -> str:
    return files("trafficsim.report").joinpath(name).read_text(encoding="utf-8")


def document(title: str, language: Language, parts: Iterable[str]) -> str:
    """A page of its own, which opens offline: its title as the heading, and parts of HTML below."""
    return unbroken(
        "\n".join(
            [
                f'<!DOCTYPE html>\n<html lang="{HTML_LANGUAGE[language]}"><head><meta charset="utf-8">',
                f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>',
                f"<style>{style()}</style></head><body><main><h1>{escape(title)}</h1>",
                *parts,
                "</main></body></html>\n",
            ]
        )
    )


def unbroken(page: str) -> str:
    """A page no date or sum of whose texts is broken between two lines."""
    return _WHOLE_IN_TEXT.sub(lambda at: f'<span class="whole">{at[2]}</span>' if at[2] else at[0], page)


def paragraphs(sentences: Iterable[str]) -> list[str]:
    """Each sentence as a paragraph."""
    return [f"<p>{escape(sentence)}</p>" for sentence in sentences]


class Table(NamedTuple):
    """A table of texts, to be put into a page as it is: `{{ table }}` in a template, `str(Markup(table))` elsewhere.

    The first cell of a row names it. Columns of numbers, with or without intervals, are set right. Columns of a
    stacked table share its width by what they need; where intervals behind numbers are too many for that, they stand
    below them, and names beside such pairs may have two lines as well.
    """

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""

    def __html__(self) -> str:
        """The table as HTML; each cell carries the heading of its column, for where that is not shown."""
        stacked = len(self.headings) >= STACKED
        below = stacked and sum(_needs(self.headings, self.rows, below=False)) > ROOM
        kinds = {"stacked": stacked, "below": below, "short": len(self.rows) <= SHORT}
        right = [column > 0 and _numeric([row[column] for row in self.rows]) for column in range(len(self.headings))]
        shown = [Markup(' class="number"') if number else Markup() for number in right]
        heads = [
            Markup('<th scope="col"{}>{}</th>').format(kind, heading(text))
            for kind, text in zip(shown, self.headings, strict=True)
        ]
        lines = [Markup("<tr>{}</tr>\n").format(Markup().join(self._cells(row, shown))) for row in self.rows]
        return Markup(
            '{}<div class="wide">\n<table class="{}">\n{}'
            "<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>"
        ).format(
            Markup('<p class="caption">{}</p>\n').format(self.caption) if self.caption else "",
            " ".join(kind for kind, holds in kinds.items() if holds),
            widths(self.headings, self.rows, below=below) if stacked else "",
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


def heading(text: str) -> Markup:
    """The heading of a column: a Chinese one, which the style keeps whole, may also be broken after a 的."""
    return Markup("的<wbr>").join(text.split("的"))


def widths(headings: Sequence[str], rows: Iterable[Sequence[str]], *, below: bool = False) -> Markup:
    """The columns of a table, each as wide as what stands in it needs; `below` where intervals stand below numbers."""
    needs = _needs(headings, rows, below=below)
    columns = (Markup('<col style="width:{:.1f}%">').format(100 * need / sum(needs)) for need in needs)
    return Markup("<colgroup>{}</colgroup>\n").format(Markup().join(columns))


def _needs(headings: Sequence[str], rows: Iterable[Sequence[str]], *, below: bool) -> list[int]:
    """Characters that each column needs."""
    return [
        GAP + max([_heading_needs(heading), *(_need(cell, below=below) for cell in column)])
        for heading, *column in zip(headings, *rows, strict=True)
    ]


def _heading_needs(text: str) -> int:
    """One word, or what of a Chinese heading is not broken, stands in one line, more in up to three."""
    length = cell_len(text)
    return min(max(length // 3, WORD, *(GAP + cell_len(piece) for piece in _PIECES.split(text))), length)


def _longest(text: str) -> int:
    return max(map(cell_len, text.split()), default=0)


def _need(cell: str, *, below: bool) -> int:
    text = cell.striptags() if isinstance(cell, Markup) else cell
    found = _WITH_LIMITS.fullmatch(text)
    if found and below:
        return max(cell_len(found[1]), cell_len(found[3]))
    if found or _ALONE.fullmatch(text):
        return cell_len(text)
    return max(min(_longest(text), WORD) + GAP, cell_len(text) // 2) if below else min(cell_len(text), NAME)


def _numeric(cells: Sequence[str]) -> bool:
    """Whether most of what stands in a column, dashes aside, is numbers, prices or ranges of them; none is alike."""
    said = [cell for cell in cells if cell not in {"", rounding.UNDEFINED}]
    return not said or 2 * sum(_NUMERIC.fullmatch(cell) is not None for cell in said) > len(said)


def _cell(text: str) -> str | Markup:
    """A text; numbers and days of an interval are not broken, and no range or sum is."""
    if isinstance(text, Markup):
        return text
    if " " in text and _UNBROKEN.fullmatch(text):
        return Markup('<span class="whole">{}</span>').format(text)
    found = _WITH_LIMITS.fullmatch(text)
    if found is None:  # the days in it are kept whole, which is no reason to be cells of their own on a phone
        return Markup("<div>{}</div>").format(text) if re.search(_DAY, text) else text
    number, blank, limits = found.groups()
    return Markup('<span>{}{}<span class="limits">{}</span></span>').format(_whole(number), blank, _whole(limits))


def _whole(text: str) -> str:
    """Its numbers and days without blanks at which they could be broken."""
    return re.sub(_PIECE, lambda piece: piece.group().replace(" ", NO_BREAK), text)


def commands(lines: str) -> Markup:
    """Commands, one a line: where one is too long for its line, it goes on further in, broken at blanks alone.

    Not between an option and its value; a path that is longer than a line itself is broken where a folder ends.
    """
    told = (
        Markup().join(Markup('<span class="word">{}</span> ').format(_path(word)) for word in _WORDS.findall(line))
        for line in lines.splitlines()
    )
    return Markup('<pre class="commands">{}</pre>').format(
        Markup("\n").join(map(Markup("<span>{}</span>").format, told))
    )


def _path(word: str) -> Markup:
    return Markup("/<wbr>").join(word.split("/"))
