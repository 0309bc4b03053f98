"""Mistakes in the reader's language: lines that are made in English are taken apart by the forms of a catalogue.

A line is a form (“must be {what}”) and endings behind it (“ (got {found})”, “; did you mean '{name}'?”), each with
the other language's words in `words/<language>/mistakes/`. A line of no known form stays English as a whole.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from trafficsim.words.language import Language

_NO_ENDING = r"(?:(?! \(got |; ).)+?"
"""What is put in holds no ending."""


def mistake_in(language: Language, says: str) -> str:
    """What a mistake says, in a language; as it is where no form fits."""
    if language == "en":
        return says
    forms, endings = _catalogue(language, "forms"), _catalogue(language, "endings")
    behind = ""
    while (told := _told(says, forms, language)) is None:
        head, ending = _cut(says, endings, language)
        if not ending:
            return says + behind
        says, behind = head, ending + behind
    return told + behind


def _told(says: str, forms: Mapping[re.Pattern[str], str], language: Language) -> str | None:
    for form, text in forms.items():
        if found := form.fullmatch(says):
            return text.format(**{name: _part(part, language) for name, part in found.groupdict().items()})
    return None


def _cut(says: str, endings: Mapping[re.Pattern[str], str], language: Language) -> tuple[str, str]:
    """A line without its last ending, and that ending in the other language; none where none fits."""
    for ending, text in endings.items():
        if found := re.fullmatch(f"(?P<head_>.+?){ending.pattern}", says):
            parts = found.groupdict()
            head = parts.pop("head_")
            return head, text.format(**{name: _part(part, language) for name, part in parts.items()})
    return says, ""


def _part(part: str, language: Language) -> str:
    """What is put in: a few words that stand for kinds of values, all else as it is."""
    for english, other in _read(language)["words"].items():
        if part == english:
            return other
        if part.startswith(f"{english} "):
            return other + part.removeprefix(english)
    return part


@cache
def _catalogue(language: Language, name: str) -> Mapping[re.Pattern[str], str]:
    return {_pattern(form): text for form, text in _read(language)[name].items()}


@cache
def _read(language: Language) -> Mapping[str, Mapping[str, str]]:
    file = files("trafficsim") / "words" / language / "mistakes" / "mistakes.json"
    found: Mapping[str, Mapping[str, str]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def _pattern(form: str) -> re.Pattern[str]:
    """A form as an expression: `{what}` stands for words without an ending."""
    parts = re.split(r"\{(\w+)\}", form)
    return re.compile(
        "".join(f"(?P<{part}>{_NO_ENDING})" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    )
