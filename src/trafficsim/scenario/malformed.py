"""Text that is no YAML: where the slip lies, which is often before the place at which a parser stumbles."""

import re
from collections.abc import Iterator

from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError

from trafficsim.scenario.errors import Mistake, Where
from trafficsim.words.typed import WIDE_MARKS

FULL_WIDTH_BLANK = "\u3000"
_BLOCK = re.compile(r"(^|[:\-]\s+|^\s*)[|>][-+0-9]*\s*$")
"""The end of a line below which text stands as it is."""
_AT_START = re.compile(r"\s*(?:- )?(?:(＃)|[^\s:：#]+(：))")
"""A comment, or a key with its colon, at the beginning of a line."""
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def blanks_of_other_width(text: str, label: str) -> list[Mistake]:
    """Tabs, and full-width blanks outside of comments."""
    found = []
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            found.append(Mistake(Where(label, number, line.index("\t") + 1), "", "a tab; use spaces"))
        elif FULL_WIDTH_BLANK in (code := _code(line)):
            where = Where(label, number, code.index(FULL_WIDTH_BLANK) + 1)
            found.append(Mistake(where, "", "a full-width blank; write an ordinary one"))
    return found


def malformed(error: Exception, text: str, label: str) -> list[Mistake]:
    """What is wrong with a text that a parser refused with this error: at least one mistake."""
    lines = text.split("\n")
    (line, column), says = _place(error, text, lines)
    first = error.context_mark.line + 1 if isinstance(error, MarkedYAMLError) and error.context_mark else line
    wide = list(_wide_marks(lines, {first, line}))
    if wide:
        return [Mistake(Where(label, *at), "", _wide(mark)) for at, mark in wide]
    return [Mistake(Where(label, line, column), "", says)]


def _place(error: Exception, text: str, lines: list[str]) -> tuple[tuple[int, int], str]:
    """Line and column, and what to say."""
    if isinstance(error, ReaderError):
        before = text[: error.position]
        at = before.count("\n") + 1, len(before) - before.rfind("\n")
        return at, "not valid YAML: control characters are not allowed"
    if not isinstance(error, MarkedYAMLError):
        return (1, 1), "not valid YAML: a character escape that stands for no character"
    return _opened(error, lines) or _stumbled(error)


def _opened(error: MarkedYAMLError, lines: list[str]) -> tuple[tuple[int, int], str] | None:
    """Where something begins whose end is missing, if that is what is wrong."""
    mark, context, problem = error.context_mark, str(error.context), str(error.problem)
    if mark is None:
        return None
    at, opening = (mark.line + 1, mark.column + 1), lines[mark.line][mark.column : mark.column + 1]
    if "flow" in context and opening in "{[" and _stays_open(lines, mark.line, mark.column):
        return at, f"not valid YAML: this {opening} is never closed"
    if "quoted" in context and "end of stream" in problem:
        return at, f"not valid YAML: this {opening} is never closed"
    if "expected ':'" in problem:
        return at, "not valid YAML: between a key and its value stand a colon and a space"
    return None


def _stumbled(error: MarkedYAMLError) -> tuple[tuple[int, int], str]:
    mark = error.problem_mark or error.context_mark
    says = " ".join(str(error.problem or error.context).split())
    hint = "; text that holds ': ' needs quotes, and keys of one section the same indent" * ("mapping values" in says)
    return (mark.line + 1, mark.column + 1) if mark else (1, 1), f"not valid YAML: {says}{hint}"


def _stays_open(lines: list[str], first: int, column: int) -> bool:
    """Whether the bracket there is still open where the lines below it return to its line's indent."""
    indent, depth = _indent(lines[first]), 0
    for number in range(first, len(lines)):
        line = lines[number]
        if number > first and line.strip() and _indent(line) <= indent and line.strip()[0] not in "}]":
            return True
        written = _plain(line)[column if number == first else 0 :]
        for character in written:
            depth += (character in "{[") - (character in "}]")
            if depth == 0 and character in "}]":
                return False
    return True


def _wide_marks(lines: list[str], near: set[int]) -> Iterator[tuple[tuple[int, int], str]]:
    """Full-width marks that stand for YAML's own: at the beginning of any line, or anywhere in the lines `near`."""
    inside = -1
    for number, line in enumerate(lines, 1):
        if inside >= 0 and (not line.strip() or _indent(line) > inside):
            continue
        inside = _indent(line) if _BLOCK.search(_code(line)) else -1
        written = _plain(line)
        start = _AT_START.match(written)
        if number in near:
            yield from (((number, at), mark) for at, mark in enumerate(written, 1) if mark in WIDE_MARKS)
        elif start:
            at = start.start(start.lastindex or 0)
            yield (number, at + 1), written[at]


def _wide(mark: str) -> str:
    after = " and a blank" if mark == "：" else ""
    return f"a full-width '{mark}'; write {WIDE_MARKS[mark]}{after}"


def _plain(line: str) -> str:
    """A line without comment, what is quoted blotted out."""
    return _QUOTED.sub(lambda found: "x" * len(found[0]), _code(line))


def _code(line: str) -> str:
    return re.split(r"(?:^|\s)#", line, maxsplit=1)[0]


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
