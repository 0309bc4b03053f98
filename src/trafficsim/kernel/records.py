"""What a mechanism's settings become for the kernels: one record for each place, hook or other entry, and each period.

Kernels read `settings.hooks[period, hook].worth`. Money is in cents, which here are the currency's smallest units,
choices and names are codes, an absent day is infinity, and `on` tells whether the entry is in force. What may name
nothing is a code + 1, and 0 for none. What an arm leaves out keeps its row, switched off, so that every arm has the
same codes.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import numpy as np
from pydantic.fields import FieldInfo

from trafficsim.compiled import rule
from trafficsim.market.currencies import CENTS
from trafficsim.market.quantities import Parameters, Refers, Unit

Codes = Mapping[str, Mapping[str, int]]
"""Codes by section and name, such as `codes["places"]["vip_group"]`."""
Records = np.recarray[Any, np.dtype[Any]]
"""Structured array of shape `(periods, entries)` with attribute access (`numpy.recarray`)."""


def layout(*classes: type[Parameters], **extra: str) -> np.dtype[Any]:
    """The fields of one section's records: those of its classes, and `extra` ones with their dtypes."""
    fields = {name: kind for cls in classes for name, kind in _fields(cls).items()}
    return np.dtype([("on", "u1"), ("key", "u8"), *fields.items(), *extra.items()])


def records(
    layout: np.dtype[Any],
    periods: Sequence[Mapping[str, Parameters]],
    names: Sequence[str],
    codes: Codes,
    scale: float = 1.0,
    minor: int = CENTS,
) -> Records:
    """The settings of one section as records of shape `(periods, names)`.

    Args:
        layout: The fields (see `layout`); those that an entry lacks are 0, or are filled by the caller.
        periods: For each period, the entries in force, by name.
        names: All names in the order of their codes.
        codes: Codes of what entries refer to.
        scale: People in reality per simulated customer; sampled capacities are divided by it.
        minor: The currency's smallest units in one of it.
    """
    table = np.zeros((len(periods), len(names)), layout).view(np.recarray)
    for t, entries in enumerate(periods):
        for row, name in enumerate(names):
            if name in entries:
                _fill(table, (t, row), entries[name], codes, scale, minor)
    return table


@cache
def _fields(cls: type[Parameters]) -> dict[str, str]:
    """The dtype of each field that a table holds."""
    kinds = {name: _kind(field.annotation, field.metadata) for name, field in cls.model_fields.items()}
    return {name: kind for name, kind in kinds.items() if kind}


def _kind(annotation: Any, metadata: Sequence[Any]) -> str:
    """The dtype of a field: codes are integers, numbers are floats, anything else is left to the mechanism ('')."""
    refers = _refers(_marks(annotation, metadata))
    annotation = _without_none(annotation)
    if annotation is bool:
        return "u1"
    if annotation in (int, float):
        return "f8"
    return "i8" if get_origin(annotation) is Literal or refers else ""


def _without_none(annotation: Any) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        (annotation,) = (a for a in get_args(annotation) if a is not NoneType)
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _fill(table: Records, at: tuple[int, int], entry: Parameters, codes: Codes, scale: float, minor: int) -> None:
    table["on"][at] = 1
    for name in _fields(type(entry)):
        table[name][at] = _encoded(entry, name, codes, scale, minor)


def _encoded(entry: Parameters, name: str, codes: Codes, scale: float, minor: int) -> float:
    value = getattr(entry, name)
    field = type(entry).model_fields[name]
    refers = _refers(_marks(field.annotation, field.metadata))
    if refers and value is None:
        return 0
    if isinstance(value, str):
        return _code(value, field, codes, refers)
    unit, sampled = _measured(type(entry), name)
    if value is None:
        return np.inf if unit == "day" else np.nan
    number = float(value)
    if unit == "money":
        number = round(number * minor, 6)  # 19.99 x 100 is a little below 1999, and would round half cents down
    return number / (scale if sampled else 1.0)


@cache
def _measured(cls: type[Parameters], name: str) -> tuple[str, bool]:
    """A field's unit, "" if it has none, and whether it is divided by the people whom a customer stands for."""
    field = cls.model_fields[name]
    extra = field.json_schema_extra
    return _unit(_marks(field.annotation, field.metadata)), isinstance(extra, dict) and bool(extra.get("sampled"))


def _marks(annotation: Any, metadata: Sequence[Any]) -> list[Any]:
    """The unit and reference beside a field, also those inside `X | None`."""
    inner = [m for a in get_args(annotation) if get_origin(a) is Annotated for m in get_args(a)[1:]]
    return [*metadata, *inner]


def _unit(marks: Sequence[Any]) -> str:
    return next((m.name for m in marks if isinstance(m, Unit)), "")


def _refers(marks: Sequence[Any]) -> str:
    return next((m.to for m in marks if isinstance(m, Refers)), "")


def _code(value: str, field: FieldInfo, codes: Codes, refers: str) -> int:
    if refers:
        code = codes["places" if refers == "pools" else refers][value]
        return code if field.annotation is str else code + 1
    choices = get_args(_without_none(field.annotation))
    return choices.index(value)


@rule
def running(day: float, from_day: float, until_day: float) -> bool:
    """Whether what runs from one day (included) until another (excluded) is in force."""
    return from_day <= day < until_day
