"""Lines broken, and put together, between words or between Chinese characters, which have no blanks between them."""

import re

PIECES = re.compile(
    r"[（《]*(?:“[^”]{1,10}”|(?:\d+年)?\d+月\d+日|“*(?:[⺀-￯]|[^⺀-￯\s]+))[，。；：、！？）》”…,.;:!?)]*\s*"
)
"""What must stay together in a line: a word, one Chinese character, a day or a short name, and the signs around it."""

_NO_BLANK = re.compile(r"(?<=[⺀-￯]) (?=[⺀-￯“‘])|(?<=[，。；：、！？）》]) ")
"""Blanks that a line end in a Chinese text would become."""


def unfolded(text: str) -> str:
    """A text put together from lines by blanks, without those between Chinese characters or behind their signs."""
    return _NO_BLANK.sub("", text)


def folded(text: str, columns: int) -> str:
    """A text in lines of at most so many columns of a terminal, in which a Chinese character takes two.

    Line ends of the text stay; a word that is longer than a line is left to the terminal.
    """
    return "\n".join(_folded(line, columns) for line in text.split("\n"))


def _folded(text: str, columns: int) -> str:
    from rich.cells import cell_len  # noqa: PLC0415 - loaded slowly, and most commands fold nothing

    lines = [""]
    for piece in PIECES.findall(text):
        if lines[-1] and cell_len(lines[-1]) + cell_len(piece.rstrip()) > columns:
            lines.append("")
        lines[-1] += piece
    return "\n".join(line.rstrip() for line in lines)
