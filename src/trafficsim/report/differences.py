"""What differs between arms, in words."""

from typing import cast

from trafficsim.results import Result
from trafficsim.uplift import Changes

_OFF = (None, False, "off")


def differences(result: Result) -> dict[str, list[str]]:
    """For each arm what sets it apart from the scenario as written; one phrase for each setting."""
    changes = cast("Changes", result.about("changes"))
    return {arm: [in_words(*change) for change in changes.get(arm, [])] for arm in result.arms}


def in_words(path: str, base: object, value: object) -> str:
    """One change: `advertising switched off`, `product.price: 80 instead of 90`."""
    if _is_off(value):
        return f"{path} switched off"
    if _is_off(base):
        return f"{path} switched on" + ("" if value is True or value == "on" else f": {shown(value)}")
    return f"{path}: {shown(value)} instead of {shown(base)}"


def _is_off(value: object) -> bool:
    return any(value is off for off in _OFF[:2]) or value == "off"


def shown(value: object) -> str:
    """A setting as the scenario file would show it, on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {shown(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(shown(inner) for inner in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.10g}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
