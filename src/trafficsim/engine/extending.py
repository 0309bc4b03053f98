"""Making a mechanism of one's own known: a class with parameters, columns, counters and a step.

    import numpy as np
    import trafficsim as ts
    from trafficsim.market.quantities import Parameters, Score, setting

    @ts.mechanism("applause", after="purchasing")
    class Applause:
        "Buyers are thanked, which makes them trust the brand."

        class Parameters(Parameters):
            step: Score = setting("share of the gap to full trust that thanks close", default=0.1)

        thanked = ts.column("u2", "times", "how often this customer was thanked")
        thanks = ts.counter("customers", "customers who were thanked")

        def step(self, today):
            bought = today.columns.bought.last_order_on == today.day
            trust = today.columns.mind.trust
            trust[bought] += today.settings.step * (1.0 - trust[bought])
            today.own.thanked[bought] += 1
            today.count("thanks", np.count_nonzero(bought))

A scenario turns it on by a section `applause:`; without one, nothing changes. The command line loads a file by
`--mechanism FILE.py`: a scenario file alone never makes anything run.
"""

import traceback
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from trafficsim.books.counters import Counter
from trafficsim.books.metrics import quantities
from trafficsim.engine.day import STEPS
from trafficsim.kernel.columns import Column
from trafficsim.market.quantities import Parameters
from trafficsim.mechanisms.shared.own import (
    Declared,
    Mechanism,
    counters_of,
    load,
    origin_of,
    register,
    registered,
    source_digest,
)
from trafficsim.scenario.errors import did_you_mean
from trafficsim.scenario.reading import NAME_RULE
from trafficsim.scenario.schema import Frame, Plan

C = TypeVar("C", bound=type)
EXAMPLES = "trafficsim.examples"
"""The package of the mechanisms that come with the library, to be used and copied."""


class MechanismError(ValueError):
    """A mechanism of one's own that can't be used: one plain line."""


class NoParameters(Parameters):
    """The section of a mechanism that has nothing to set: `{}` turns it on."""


def mechanism(name: str, *, after: str, zh: str = "") -> Callable[[C], C]:
    """Make a class a mechanism of one's own, known by `name` from then on.

    The class has a docstring (its first line says what it is; `zh` is the same in Chinese), a method
    `step(self, today)` that is called once a day with a `Today` (see `own_day.py`), and as it needs them a class
    `Parameters`, columns (`column`) and counters (`counter`). What is to last goes into columns, never onto `self`, or
    worlds that are forked, saved or restored would not have it.

    Args:
        name: its section in scenario files; names of its counters begin with it.
        after: the step of the day that it follows, one of `trafficsim.engine.day.STEPS`; several after one come by
            name.
        zh: what it is, in Chinese.

    Returns:
        What the class is decorated with: it gives the class back.

    Raises:
        MechanismError: for what can't be: a name that is taken, no such step, no method `step` ...
    """

    def declare(cls: C) -> C:
        _check_name(name)
        if after not in STEPS:
            raise MechanismError(f"{name}: no step of the day is named '{after}'{did_you_mean(after, STEPS)}")
        about = (cls.__doc__ or "").strip().partition("\n")[0]
        if not about:
            raise MechanismError(f"{name}: a docstring must say in its first line what it is")
        if not callable(vars(cls).get("step")):
            raise MechanismError(f"{name}: a method step(self, today) must say what happens on a day")
        parameters = vars(cls).get("Parameters", NoParameters)
        if not (isinstance(parameters, type) and issubclass(parameters, Parameters)):
            raise MechanismError(f"{name}: Parameters must be a subclass of trafficsim.market.quantities.Parameters")
        columns, counters = _columns(name, cls), _counters(name, cls)
        try:
            digest = source_digest(vars(cls)["step"])
            step = cls().step
            register(Mechanism(name, after, about, zh, parameters, columns, counters, step, origin_of(cls), digest))
        except ValueError as error:
            raise MechanismError(f"{name}: {error}") from None
        return cls

    return declare


def load_mechanisms(given: Iterable[str]) -> None:
    """Load files (`loyalty.py`), modules (`mine.loyalty`) or mechanisms that come with the library (`loyalty`).

    Raises:
        MechanismError: for what isn't there, fails while it is loaded, or defines no mechanism.
    """
    for name in given:
        origin = _origin(name)
        try:
            load(origin)
        except MechanismError:
            raise
        except Exception as error:
            raise MechanismError(_failed(name, error)) from error
        if not any(each.origin in {origin, str(Path(origin).resolve())} for each in registered()):
            raise MechanismError(f"{name}: defines no mechanism")


def shipped_mechanisms() -> list[str]:
    """The names of the mechanisms that come with the library."""
    folder = Path(__file__).parents[1] / "examples"
    return sorted(file.stem for file in folder.glob("*.py") if not file.stem.startswith("_"))


def _origin(name: str) -> str:
    if name.endswith(".py"):
        if not Path(name).is_file():
            raise MechanismError(f"{name}: no such file")
        return name
    shipped = shipped_mechanisms()
    if name in shipped:
        return f"{EXAMPLES}.{name}"
    try:
        found = all(part.isidentifier() for part in name.split(".")) and find_spec(name) is not None
    except ImportError:
        found = False
    if not found:
        near = did_you_mean(name, shipped)
        raise MechanismError(f"{name}: must be a file.py, a module, or one of {', '.join(shipped)}{near}")
    return name


def _failed(name: str, error: Exception) -> str:
    """Where a file failed while it was loaded, and how, in a line."""
    if isinstance(error, SyntaxError):
        return f"{name}:{error.lineno or 0}: {error.msg}"
    lines = [
        frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(Path(name).name)
    ]
    at = f"{name}:{lines[-1]}" if lines else name
    return f"{at}: {type(error).__name__}: {' '.join(str(error).split())}"


def _check_name(name: str) -> None:
    if not name.isidentifier():
        raise MechanismError(f"'{name}': {NAME_RULE}")
    if name in {*Plan.model_fields, *Frame.model_fields}:
        raise MechanismError(f"'{name}' is a section of every scenario already")


def _columns(name: str, cls: type) -> dict[str, Column]:
    found = {key: value for key, value in vars(cls).items() if isinstance(value, Column)}
    for key, column in found.items():
        if not _holds_numbers(column.dtype):
            raise MechanismError(
                f"{name}: column '{key}' must hold numbers, such as u1, i4 or f8 (got {column.dtype!r})"
            )
    return found


def _holds_numbers(dtype: str) -> bool:
    try:
        return np.dtype(dtype).kind in {"b", "i", "u", "f"}
    except TypeError:
        return False


def _counters(name: str, cls: type) -> tuple[Counter, ...]:
    declared: dict[str, Any] = {key: value for key, value in vars(cls).items() if isinstance(value, Declared)}
    taken = quantities(counters_of(each for each in registered() if each.name != name))
    found = []
    for key, d in declared.items():
        if d.adds and d.unit != "cents":
            raise MechanismError(f"{name}: counter '{key}' adds to profit, so it must be of cents (got {d.unit!r})")
        counter = Counter(f"{name}_{key}", d.unit, d.by, d.meaning, d.sampled, d.adds, d.zh)
        if counter.name in taken:
            raise MechanismError(f"{name}: something else is counted as '{counter.name}' already")
        found.append(counter)
    return tuple(found)
