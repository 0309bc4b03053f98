"""What a setting is called by readers: the name of what it belongs to, and a few words; not its path.

The words are those of its slider (`trafficsim.market.quantities.Slider`), or stand in `setting_names`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from pydantic.fields import FieldInfo

from trafficsim.scenario.schema import Plan
from trafficsim.scenario.setting_names import NAMES
from trafficsim.scenario.shapes import Shape, shape_of, slider_of, unit_of
from trafficsim.words.called import called
from trafficsim.words.language import Language, Sentence, Words, words

SHARES = ("share", "probability", "share of the price", "per year")
"""Units of what is told in percent."""
BY_HAND_SHARES = ("customers.at_start.members.*",)
NO_LABELS: Mapping[str, str] = MappingProxyType({})


def setting_in_words(path: str, say: Words, labels: Mapping[str, str] = NO_LABELS) -> str:
    """A setting in words, “VIP group: posts a week (both)”; its path where nobody named it.

    Args:
        path: dotted, as a file or an axis of a sweep has it: `arms.both.posts.groups.per_week`, `both:product.price`,
            `events.sale.set.product.price`; `*` stands for any entry.
        say: the reader's language.
        labels: what entries and arms are called; none where the path has the labels already.
    """
    arm, event, bare = _taken_apart(path)
    pattern = _pattern_of(bare)
    if pattern is None:
        return path
    parts = zip(bare.split("."), pattern.split("."), strict=True)
    entries = [called(part, labels) for part, own in parts if own == "*" and part != "*"]
    said = _names()[pattern][say.language == "zh"]
    if entries:
        said = say("{name}: {label}", name=say(", ").join(entries), label=said)
    if event:
        said = say("{setting} (event {event})", setting=said, event=called(event, labels))
    return say("{setting} ({arm})", setting=said, arm=called(arm, labels)) if arm else said


def quoted_setting(path: str, say: Words, labels: Mapping[str, str] = NO_LABELS) -> str:
    """The same for a sentence: in quotation marks, or the plain path where nobody named it."""
    name = setting_in_words(path, say, labels)
    return path if name == path else f"“{name}”"


def is_share(path: str) -> bool:
    """Whether a setting is a share or a probability, which readers are told in percent."""
    pattern = _pattern_of(_taken_apart(path)[2])
    return pattern in BY_HAND_SHARES or pattern in _shares()


def is_score(path: str) -> bool:
    """Whether a setting is a degree from 0 (not at all) to 1 (as much as can be), without a unit."""
    return _pattern_of(_taken_apart(path)[2]) in _scores()


def is_money(path: str) -> bool:
    """Whether a setting is a sum of money."""
    return _pattern_of(_taken_apart(path)[2]) in _sums()


@cache
def _sums() -> frozenset[str]:
    return frozenset(path for path, field in leaves() if unit_of(field) == "money")


@cache
def _scores() -> frozenset[str]:
    return frozenset(path for path, field in leaves() if unit_of(field) == "0 to 1")


@cache
def _shares() -> frozenset[str]:
    return frozenset(path for path, field in leaves() if unit_of(field) in SHARES)


NAMED = ("a", "b", "arms", "name", "place", "pool")
"""What sentences about a scenario call its names by."""


def under_labels(sentence: Sentence, language: Language, labels: Mapping[str, str]) -> str:
    """A sentence about a scenario with labels in place of names, and settings in words."""
    return _labelled(sentence, words(language), labels).said(language)


def _labelled(sentence: Sentence, say: Words, labels: Mapping[str, str]) -> Sentence:
    def shown(key: str, part: object) -> object:
        if isinstance(part, Sentence):
            return _labelled(part, say, labels)
        if key in NAMED and isinstance(part, str):
            return called(part, labels)
        if key in NAMED and isinstance(part, tuple):
            return tuple(called(name, labels) for name in part)
        return f"“{setting_in_words(str(part), say, labels)}”" if key == "setting" else part

    return replace(sentence, put_in={key: shown(key, part) for key, part in sentence.put_in.items()})


def _taken_apart(path: str) -> tuple[str, str, str]:
    """The arm and the event, if the path names any, and the rest of it."""
    arm, _, bare = path.rpartition(":")
    parts = bare.split(".")
    if parts[0] == "arms" and len(parts) > 2:
        arm, parts = parts[1], parts[2:]
    if parts[0] == "events" and parts[2:3] in (["set"], ["times"]):
        return arm, parts[1], ".".join(parts[3:])
    return arm, "", ".".join(parts)


def _pattern_of(path: str) -> str | None:
    """The known path that this one is an example of."""
    parts = path.split(".")
    return next((pattern for pattern in _names() if _is_like(parts, pattern.split("."))), None)


def _is_like(parts: list[str], pattern: list[str]) -> bool:
    return len(parts) == len(pattern) and all(own in {"*", part} for part, own in zip(parts, pattern, strict=True))


@cache
def _names() -> Mapping[str, tuple[str, str]]:
    """All settings by their path with `*` for names: what they are called in English and in Chinese."""
    sliders = ((path, slider_of(field)) for path, field in leaves())
    named = {path: (slider.label, slider.zh or slider.label) for path, slider in sliders if slider is not None}
    return MappingProxyType({**NAMES, **named})


def leaves() -> Iterator[tuple[str, FieldInfo]]:
    """Every setting of a plan that is no section: its path with `*` for names, and its declaration."""
    yield from _below("", Shape(model=Plan))


def _below(path: str, shape: Shape) -> Iterator[tuple[str, FieldInfo]]:
    for model in (shape.model, *(model for _, model in shape.kinds)):
        for name, field in (model.model_fields if model else {}).items():
            own, found = f"{path}.{name}".lstrip("."), shape_of(field.annotation)
            if found.is_section:
                yield from _below(f"{own}.*" if found.entries else own, found.entries or found)
            else:
                yield own, field
