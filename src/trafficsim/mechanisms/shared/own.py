"""Mechanisms of one's own: what they declare, which are known in this process, and where their source is.

A class becomes one by `trafficsim.mechanism` (see `extending.py`). It is known by its name; a scenario with a section
of that name is bound to the definition that was known when it was loaded. Nothing here is looked at for a scenario
without one.
"""

import hashlib
import importlib
import importlib.util
import inspect
import linecache
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from trafficsim.books.counters import Adds, By, Counter
from trafficsim.kernel.columns import Column
from trafficsim.market.quantities import Parameters

MODULE = "trafficsim_mechanism_"
"""What modules are called that were loaded from a file, followed by the file's name and a hash of its path."""
HERE = ""
"""The origin of what is defined in a notebook or in the program that runs: no other process can load it."""


@dataclass(frozen=True)
class Declared:
    """A counter as a class body declares it; its name comes from there."""

    unit: str
    meaning: str
    by: By = ""
    adds: Adds = ""
    sampled: bool = True
    zh: str = ""


@dataclass(frozen=True, eq=False)
class Mechanism:
    """A mechanism of one's own.

    Attributes:
        name: its section in scenario files.
        after: the step of the day after which its own step comes.
        about: what it is, in a line; `zh` the same in Chinese, or "".
        parameters: the class of its section.
        columns: what it keeps of each customer, by name.
        counters: what it counts; the name of each begins with the mechanism's.
        step: called once a day with a `Today`.
        origin: the file or module that defines it, HERE for a notebook or the running program.
        digest: SHA-256 of the source.
    """

    name: str
    after: str
    about: str
    zh: str
    parameters: type[Parameters]
    columns: dict[str, Column]
    counters: tuple[Counter, ...]
    step: Any
    origin: str
    digest: str

    @property
    def bytes_per_customer(self) -> int:
        """What its columns take."""
        return sum(np.dtype(column.dtype).itemsize for column in self.columns.values())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as where to find it: another process loads the source anew."""
        return found, (self.name, self.origin, self.digest)

    def __repr__(self) -> str:
        return f"Mechanism({self.name!r}, after={self.after!r})"


_known: dict[str, Mechanism] = {}
_declared: dict[str, dict[str, Mechanism]] = {}
"""By origin, all that was ever declared: a module is executed once, however often it is asked for."""


def counters_of(mechanisms: Iterable[Mechanism]) -> tuple[Counter, ...]:
    """All that they count, in the order of a tally's rows."""
    return tuple(counter for mechanism in mechanisms for counter in mechanism.counters)


def registered() -> tuple[Mechanism, ...]:
    """All that are known in this process, by name."""
    return tuple(_known[name] for name in sorted(_known))


def register(mechanism: Mechanism) -> None:
    """Make it known; a cell or file that is run again takes the place of what it defined before.

    Raises:
        ValueError: if another file defines one of this name.
    """
    before = _known.get(mechanism.name)
    if before and before.origin != mechanism.origin:
        raise ValueError(
            f"two mechanisms are named '{mechanism.name}': one of {_place(before)}, one of {_place(mechanism)}"
        )
    _known[mechanism.name] = mechanism
    _declared.setdefault(mechanism.origin, {})[mechanism.name] = mechanism


def forget(name: str) -> None:
    """Unregister a mechanism; scenarios that were loaded with it keep it."""
    _known.pop(name, None)


def found(name: str, origin: str, digest: str) -> Mechanism:
    """The mechanism of that name and source, loaded if it isn't known yet.

    Raises:
        ValueError: if it can't be loaded here, or its source is another one by now.
    """
    if name not in _known and origin:
        load(origin)
    known = _known.get(name)
    if known is None or known.digest != digest:
        raise ValueError(f"mechanism '{name}' of {origin or 'a notebook'}: its source isn't the one of this run")
    return known


def load(origin: str) -> None:
    """Import a file, by its path, or a module, by its name: whatever it defines is known from then on.

    Raises:
        OSError, ImportError: if there is none.
    """
    if origin.endswith(".py"):
        origin = str(Path(origin).resolve())
        _load_file(Path(origin))
    else:
        importlib.import_module(origin)
    for mechanism in _declared.get(origin, {}).values():
        _known.setdefault(mechanism.name, mechanism)


def _load_file(path: Path) -> ModuleType:
    name = f"{MODULE}{path.stem}_{hashlib.sha256(str(path).encode()).hexdigest()[:8]}"
    if name in sys.modules:
        return sys.modules[name]
    linecache.checkcache(str(path))
    path.open("rb").close()  # OSError where there is none
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def origin_of(cls: type) -> str:
    """The file or module that defines a class; HERE for a notebook or the program that runs."""
    module = sys.modules.get(cls.__module__)
    if cls.__module__ in {"__main__", "__mp_main__"} or module is None:
        return HERE
    if cls.__module__.startswith(MODULE):
        return str(module.__file__)
    return cls.__module__


def source_digest(step: Any) -> str:
    """SHA-256 of the file, or notebook cell, in which a function is defined.

    Raises:
        ValueError: if its source can't be read, as that of code typed into a terminal.
    """
    code = inspect.unwrap(step).__code__
    linecache.checkcache(code.co_filename)
    lines = linecache.getlines(code.co_filename)
    if not lines:
        raise ValueError(
            "its source can't be read: define it in a file or a notebook cell, so that runs can be told apart"
        )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def only_here(mechanisms: Iterable[Mechanism]) -> list[str]:
    """The names of those that no other process can load."""
    return [each.name for each in mechanisms if each.origin == HERE]


def column(dtype: str, unit: str, meaning: str, *, empty: float = 0) -> Any:
    """A number that a mechanism keeps of each customer, declared in its class body.

    Args:
        dtype: NumPy's short name, such as "u1", "i4", "f4", "f8" or "?".
        unit: what it counts.
        meaning: one line.
        empty: its value before day 0.

    Returns:
        What stands in the class body; from `self` it is an array of that kind, one entry a customer, `(customers,)`.
    """
    return Column(dtype, unit, meaning, empty)


def counter(unit: str, meaning: str, *, by: By = "", adds: Adds = "", sampled: bool = True, zh: str = "") -> Any:
    """What a mechanism adds up each day as a whole number, declared in its class body.

    Args:
        unit: "cents" (the smallest units of the scenario's currency), "customers", or a word of your own.
        meaning: one line; `zh` the same in Chinese, where results are told in it.
        by: the dimension that it is broken down by (place, hook, staff, route, touch, slot, cohort); "" for one number.
        adds: of cents, what they are to contribution profit: "spend" (a cost that a marketing decision sets), "cost"
            (another one), "income", or "" for what no book holds.
        sampled: whether it grows with the simulated customers, so that it is multiplied by `each_stands_for`; False for
            what the brand does whoever its customers are.

    Returns:
        What stands in the class body; from `self` it is that to which the day's numbers are added.
    """
    return Declared(unit, meaning, by, adds, sampled, zh)


def _place(mechanism: Mechanism) -> str:
    return mechanism.origin or "this program"
