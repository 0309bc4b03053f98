"""What can be drawn of something that was found: `result.pictures.profit()`, completed by Tab.

The pictures are the functions of `trafficsim.plots`, which stand above all results and are slow to import. So they are
looked up when one is asked for, and those that there are of a result are those that take one of its kind first.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from inspect import isfunction, signature
from types import MethodType
from typing import Any


class Pictures:
    """The pictures of one result, each a method; `dir()` lists them.

    Each takes what the function of its name in `trafficsim.plots` takes after the result itself, so `axes` to draw on
    instead of a new figure, and `language` instead of the scenario's.
    """

    def __init__(self, shown: object) -> None:
        self._shown = shown

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """The picture of that name; AttributeError, with those that there are, if there is none of such a result."""
        there_are = (
            {} if name.startswith("_") else _pictures_of(type(self._shown).__name__)
        )  # Python asks for names of its own
        if name not in there_are:
            known = f"; there are {', '.join(sorted(there_are))}" if there_are else ""
            raise AttributeError(f"no picture {name!r} of a {type(self._shown).__name__}{known}")
        return MethodType(there_are[name], self._shown)

    def __dir__(self) -> list[str]:
        return sorted(_pictures_of(type(self._shown).__name__))

    def __repr__(self) -> str:
        return f"Pictures({', '.join(dir(self))})"


class Pictured:
    """Put into a class as `pictures = Pictured()`: an attribute that is the `Pictures` of an instance.

    It is no property, since notebooks complete what follows a property only if they may run it.
    """

    def __get__(self, shown: object, kind: type) -> Pictures:
        return Pictures(shown)


@cache
def _pictures_of(kind: str) -> dict[str, Callable[..., Any]]:
    """The functions of `trafficsim.plots` whose first argument is said to be of a class of this name."""
    plots = import_module("trafficsim.plots")
    functions = {name: getattr(plots, name) for name in plots.__all__ if isfunction(getattr(plots, name))}
    return {name: function for name, function in functions.items() if _first(function) == kind}


def _first(function: Callable[..., Any]) -> str:
    """The class that the first argument of a function is annotated with, by name."""
    says = next(iter(signature(function).parameters.values())).annotation
    return str(getattr(says, "__name__", says))
