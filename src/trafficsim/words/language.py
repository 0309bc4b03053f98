"""The reader's language: built-in words stand in the code in English, and a catalogue has them in another language.

    say = words("zh")
    say("{arm} overtakes {other}", arm="private", other="paid")

What users name themselves (arms, places, hooks) is put in as it is. A catalogue is a set of JSON files under
`words/<language>/`, each for one room of the house, that map the English words to the other language's.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, Protocol, get_args

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


class Words(Protocol):
    """Says something in one language: `text` in English, with the names of what is put in between braces."""

    @property
    def language(self) -> Language:
        """The language, in which numbers are to be written too."""
        ...

    def __call__(self, text: str, /, **put_in: object) -> str:
        """The words; LookupError if the catalogue lacks them."""
        ...


@dataclass(frozen=True)
class Sentence:
    """Something to be said once the reader's language is known: made by `Sentence.say`, as `words` would say it.

    What is put in may be a sentence itself, or names in a tuple, which are listed. `about` is the dotted path of the
    setting that it is about, if there is one.
    """

    text: str
    put_in: Mapping[str, object]
    about: str = ""

    @classmethod
    def say(cls, text: str, /, **put_in: object) -> "Sentence":
        """Keep the English words and what is put in."""
        return cls(text, put_in)

    def at(self, path: str) -> "Sentence":
        """The same sentence about a setting."""
        return replace(self, about=path)

    def said(self, language: Language) -> str:
        """The sentence in a language."""
        put_in = {name: _said(part, language) for name, part in self.put_in.items()}
        return words(language)(self.text, **put_in) if self.text else ""


def _said(part: object, language: Language) -> object:
    if isinstance(part, Sentence):
        return part.said(language)
    if isinstance(part, tuple):
        return "、".join(f"“{each}”" for each in part) if language == "zh" else ", ".join(f"'{each}'" for each in part)
    return part


NOTHING = Sentence("", {})
"""No words in any language."""


def words(language: Language) -> Words:
    """What says English words in a language; ValueError if there is no such language."""
    if language not in LANGUAGES:
        raise ValueError(f"no language {language!r}; there are {', '.join(LANGUAGES)}")
    return _Catalogued(language)


@dataclass(frozen=True)
class _Catalogued:
    """Says what its language's catalogue has."""

    language: Language

    def __call__(self, text: str, /, **put_in: object) -> str:
        if self.language == "en":
            return text.format(**put_in)
        known = catalogue(self.language)
        if text not in known:
            raise LookupError(f"no words in {self.language!r} for {text!r}")
        return _EDGE.sub(partial(_closed, put_in), known[text]).format(**put_in)


_EDGE = re.compile(r"(?<=[⺀-￯])(?<!至) (?=\{(\w+)\})|(?<=\{)(\w+)\} (?=[⺀-￯])(?!至)")


def _closed(put_in: Mapping[str, object], edge: re.Match[str]) -> str:
    """The blank that sets a number or a Latin word apart from Chinese; none where what is put in is Chinese there too.

    So "{orders} 单" gives 300 单 and 6.00万单; 至 between two ends keeps its blanks on both sides.
    """
    before, behind = edge.groups()
    said = str(put_in.get(before or behind, ""))
    blank = "" if "⺀" <= (said[:1] if before else said[-1:]) <= "￯" else " "
    return blank if before else f"{behind}}}{blank}"


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """All words of a language by their English; empty for English itself."""
    found: dict[str, str] = {}
    folder = files("trafficsim") / "words" / language
    for file in sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else ():
        if file.name.endswith(".json"):
            found |= json.loads(file.read_text(encoding="utf-8"))
    return MappingProxyType(found)
