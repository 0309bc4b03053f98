"""Mistakes in the reader's language: lines that are made in English are taken apart by the forms of a catalogue.

A line is a form (“must be {what}”) and endings behind it (“ (got {found})”, “; did you mean '{name}'?”), each with
the other language's words in `words/<language>/mistakes/`; in front may stand what it is about, with a colon behind.
The form with most words of its own is taken. A line of no known form stays English as a whole.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from trafficsim.words.language import Language

_NO_ENDING = r"(?:(?! \(got |; ).)+?"
"""What is put in holds no ending."""
_NAME = re.compile(r"\{(\w+)\}")
WORDED, NESTED = ("what", "kind", "found", "ends", "limits"), ("why", "because", "problem", "held")
"""What is put in by these names is in words as well, or has a form itself; by any other name it is somebody's own."""


def mistake_in(language: Language, says: str) -> str:
    """What a mistake says, in a language; as it is where no form fits."""
    if language == "en":
        return says
    return _whole(says, language) or _behind_a_name(says, language) or says


def _whole(says: str, language: Language) -> str:
    """A line that is a form with its endings; nothing if it isn't."""
    forms, endings = _catalogue(language, "forms"), _catalogue(language, "endings")
    behind = ""
    while (told := _told(says, forms, language)) is None:
        says, ending = _cut(says, endings, language)
        if not ending:
            return ""
        behind = ending + behind
    return told + behind


def _behind_a_name(says: str, language: Language) -> str:
    """A line that says behind a colon what is wrong with what stands in front; nothing if that has no form."""
    name, _, rest = says.partition(": ")
    told = mistake_in(language, rest) if rest else rest
    if told == rest:
        return ""
    in_words = _whole(name, language)
    return f"{in_words}：{told}" if in_words else f"{name}: {told}"


def _told(says: str, forms: Mapping[re.Pattern[str], str], language: Language) -> str | None:
    for form, text in forms.items():
        if found := form.fullmatch(says):
            return text.format(**_parts(found.groupdict(), language))
    return None


def _cut(says: str, endings: Mapping[re.Pattern[str], str], language: Language) -> tuple[str, str]:
    """A line without its last ending, and that ending in the other language; none where none fits."""
    for ending, text in endings.items():
        if found := re.fullmatch(f"(?P<head_>.+?){ending.pattern}", says):
            parts = found.groupdict()
            head = parts.pop("head_")
            return head, text.format(**_parts(parts, language))
    return says, ""


def _parts(found: Mapping[str, str], language: Language) -> dict[str, str]:
    said = dict.fromkeys(WORDED, _part) | dict.fromkeys(NESTED, _nested)
    return {name: said[name](part, language) if name in said else part for name, part in found.items()}


def _nested(part: str, language: Language) -> str:
    return mistake_in(language, part)


def _part(part: str, language: Language) -> str:
    """What is put in for kinds of values and choices: a few words, and “or” between them."""
    words = _read(language)["words"]
    for english in sorted(words, key=len, reverse=True):
        if part == english or part.startswith(f"{english} "):
            return words[english] + part.removeprefix(english)
    return part.replace(" or ", words[" or "])


@cache
def _catalogue(language: Language, name: str) -> Mapping[re.Pattern[str], str]:
    texts = _read(language)[name]
    return {_pattern(form): texts[form] for form in sorted(texts, key=_own_words, reverse=True)}


def _own_words(form: str) -> int:
    return len(_NAME.sub("", form))


@cache
def _read(language: Language) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {"forms": {}, "endings": {}, "words": {}}
    for file in sorted((files("trafficsim") / "words" / language / "mistakes").iterdir(), key=lambda file: file.name):
        for name, texts in json.loads(file.read_text(encoding="utf-8")).items():
            found[name] |= texts
    return found


def _pattern(form: str) -> re.Pattern[str]:
    """A form as an expression: `{what}` stands for words without an ending."""
    parts = _NAME.split(form)
    return re.compile(
        "".join(f"(?P<{part}>{_NO_ENDING})" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    )
