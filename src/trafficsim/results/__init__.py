"""What a comparison found: measures, estimates with intervals, and the questions that one asks of a result.

Nothing here needs compiled code, so that a saved result is opened without it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from trafficsim.results.result import Result

__all__ = ["Result"]


def __getattr__(name: str) -> Any:
    """`Result`, imported on first use: most of this room is used without it."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module("trafficsim.results.result"), name)


def __dir__() -> list[str]:
    return __all__
