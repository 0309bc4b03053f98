"""The shape of a setting, read from its annotation once: scalar, section, named entries, or a choice by kind."""

import datetime as dt
import math
import types
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from trafficsim.market.quantities import Parameters, Phrase, Refers, Slider, Unit


@dataclass(frozen=True)
class Shape:
    """What may stand in the place of a setting.

    Exactly one of `model` (a section), `kinds` (sections told apart by their key `kind`) and `entries` (named entries
    of a shape) is given; none of them means a scalar or a list of scalars. `off` tells whether the word off may
    stand there, `text` whether any text may. `names` tells whether the keys of entries are names, without dots.
    """

    model: type[Parameters] | None = None
    kinds: tuple[tuple[str, type[Parameters]], ...] = ()
    entries: "Shape | None" = None
    off: bool = False
    text: bool = False
    names: bool = True

    @property
    def is_section(self) -> bool:
        """Whether settings with meanings of their own stand below."""
        return bool(self.model or self.kinds or (self.entries and self.entries.is_section))


def shape_of(annotation: Any) -> Shape:
    """Read the shape from a type annotation as it stands in a class of parameters."""
    if get_origin(annotation) is Annotated:
        return shape_of(get_args(annotation)[0])
    if isinstance(annotation, type) and issubclass(annotation, Parameters):
        return Shape(model=annotation)
    if get_origin(annotation) is dict:
        key, entry = get_args(annotation)
        return Shape(entries=shape_of(entry), names=key is str)
    if get_origin(annotation) in {Union, types.UnionType}:
        return _choice(get_args(annotation))
    return Shape()


def is_day(field: FieldInfo) -> bool:
    """Whether the setting is a day, so that a date may stand for it."""
    return any(mark == Unit("day") for mark in _marks(field))


def is_date(field: FieldInfo) -> bool:
    """Whether the setting is a date."""
    return field.annotation is dt.date


def unit_of(field: FieldInfo) -> str:
    """The unit of a number ("money", "days" ...); empty where none is declared."""
    return next((mark.name for mark in _marks(field) if isinstance(mark, Unit)), "")


def allowed(field: FieldInfo) -> str:
    """The range of a number ("> 0, ≤ 100"), or the choices; empty where anything is allowed."""
    marks = _marks(field)
    bounds = [*marks, *(inner for mark in marks if isinstance(mark, FieldInfo) for inner in mark.metadata)]
    signs = {"ge": ("≥", max), "gt": (">", max), "le": ("≤", min), "lt": ("<", min)}
    limits = {key: [getattr(b, key) for b in bounds if hasattr(b, key)] for key in signs}
    texts = [f"{signs[key][0]} {_written(signs[key][1](found))}" for key, found in limits.items() if found]
    choices = [choice for choice in get_args(field.annotation) if isinstance(choice, str)]
    return ", ".join(texts or choices)


def _written(bound: float) -> str:
    return f"{bound:,.0f}" if bound == int(bound) else f"{bound:g}"


def bounds_of(field: FieldInfo) -> tuple[float, float]:
    """The least and the most that a number may be (bounds that are themselves refused included)."""
    marks = [inner for mark in _marks(field) for inner in (mark, *getattr(mark, "metadata", ()))]
    least = [value for mark in marks for value in (getattr(mark, "ge", None), getattr(mark, "gt", None))]
    most = [value for mark in marks for value in (getattr(mark, "le", None), getattr(mark, "lt", None))]
    return (
        max([-math.inf, *(value for value in least if value is not None)]),
        min([math.inf, *(value for value in most if value is not None)]),
    )


def is_above_least(field: FieldInfo) -> bool:
    """Whether the least of a number is itself refused, as nothing is for a price."""
    marks = [inner for mark in _marks(field) for inner in (mark, *getattr(mark, "metadata", ()))]
    return any(getattr(mark, "gt", None) is not None for mark in marks)


def refers_to(field: FieldInfo) -> str | None:
    """The section that the setting must name an entry of, if any."""
    return next((mark.to for mark in _marks(field) if isinstance(mark, Refers)), None)


def is_fixed(field: FieldInfo) -> bool:
    """Whether dated events must leave the setting alone."""
    return bool(_extra(field).get("fixed"))


def is_label(field: FieldInfo) -> bool:
    """Whether the setting is only shown and changes no number."""
    return bool(_extra(field).get("label"))


def slider_of(field: FieldInfo) -> Slider | None:
    """What the dashboard shows for moving the setting, if anything."""
    declared = _extra(field).get("slider")
    return Slider(**declared) if declared else None


def phrase_of(field: FieldInfo) -> Phrase | None:
    """What the report says of the setting, if anything."""
    declared = _extra(field).get("phrase")
    return Phrase(**declared) if declared else None


def source_of_default(field: FieldInfo) -> str:
    """Where the default comes from; "assumed" when nowhere."""
    return str(_extra(field).get("source", "assumed"))


def _choice(options: tuple[Any, ...]) -> Shape:
    off = any(get_origin(option) is Literal and "off" in get_args(option) for option in options)
    shapes = [shape for shape in map(shape_of, options) if shape.is_section]
    if len(shapes) == 1:
        return replace(shapes[0], off=off, text=str in options)
    return Shape(kinds=tuple((kind_of(shape.model), shape.model) for shape in shapes if shape.model), off=off)


def kind_of(model: type[Parameters]) -> str:
    """The word that stands under the key `kind` of such a section."""
    return str(get_args(model.model_fields["kind"].annotation)[0])


def _marks(field: FieldInfo) -> list[Any]:
    # An optional setting keeps its marks inside the annotation: `Day | None` is a union of an Annotated and None.
    inner = [mark for option in get_args(field.annotation) for mark in getattr(option, "__metadata__", ())]
    return [*field.metadata, *inner]


def _extra(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
