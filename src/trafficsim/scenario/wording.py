"""Plain words for what a check of a single value found."""

from collections.abc import Mapping
from typing import Any

from trafficsim.scenario.errors import described, did_you_mean, shortened
from trafficsim.words.typed import amount, discount, half_width

_WANTED = {
    "bool_type": "true or false",
    "date_type": "a date such as 2024-01-31",
    "dict_type": "a mapping",
    "finite_number": "a finite number",
    "float_type": "a number",
    "int_type": "a whole number",
    "string_type": "text",
    "tuple_type": "a list",
}
_BOUND = {
    "greater_than": (">", "gt"),
    "greater_than_equal": (">=", "ge"),
    "less_than": ("<", "lt"),
    "less_than_equal": ("<=", "le"),
}


OFF = "share of the price"
"""The unit of discounts."""


def words(fault: Mapping[str, Any], found: Any, unit: str = "") -> str:
    """Say what is allowed and what was found; `fault` is one entry of `ValidationError.errors()`."""
    return _refusal(fault, found) + (_meant(str(fault["type"]), found, unit) if isinstance(found, str) else "")


def plainly(found: Any) -> str:
    """What to write instead of a text with full-width characters, where none can stand."""
    plain = half_width(found).strip("\"'") if isinstance(found, str) else found
    return f"; write {shortened(plain)} (half width)" if plain != found else ""


def _meant(kind: str, found: str, unit: str) -> str:
    """What to write instead of a text, if that can be guessed."""
    if kind in {"float_type", "int_type"}:
        off = discount(found) if unit == OFF else None
        number = amount(half_width(found).partition("#")[0])
        if off is not None:
            return f"; write {off:g} ({100 * off:g} % off)"
        if number is not None:
            return f"; write {number}" + " (half width)" * (half_width(found) != found)
    return plainly(found) if kind.endswith("_type") or kind == "literal_error" else ""


def _refusal(fault: Mapping[str, Any], found: Any) -> str:
    kind, context = str(fault["type"]), fault.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "literal_error":
        return f"must be {_literal(context['expected'])} (got {described(found)}){_nearest(context['expected'], found)}"
    if kind in _BOUND:
        sign, name = _BOUND[kind]
        return f"must be {sign} {_number(context[name])} (got {described(found)})"
    return f"must be {_WANTED.get(kind) or _size(kind, context)} (got {described(found)})"


def _size(kind: str, context: Mapping[str, Any]) -> str:
    if kind in {"string_too_short", "string_too_long"}:
        short = kind == "string_too_short"
        length = context["min_length" if short else "max_length"]
        return f"text of {'at least' if short else 'at most'} {length} character{'s' if length != 1 else ''}"
    if kind in {"too_short", "too_long"}:
        short, what = kind == "too_short", "a mapping" if context["field_type"] == "Dictionary" else "a list"
        length = context["min_length" if short else "max_length"]
        return f"{what} of {'at least' if short else 'at most'} {length} entr{'ies' if length != 1 else 'y'}"
    return "given in another form"


def _literal(expected: str) -> str:
    return {"True": "true", "False": "false"}.get(expected, expected)


def _nearest(expected: str, found: Any) -> str:
    return did_you_mean(found, expected.split("'")[1::2]) if isinstance(found, str) else ""


def _number(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else f"{bound:g}"
