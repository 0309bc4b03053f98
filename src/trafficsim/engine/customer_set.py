"""Views of the customers: all of them, some of them, or one, without an object for each.

A `CustomerSet` has the habits of Mesa's `AgentSet` (length, iteration, `[]`, `select`, `get`, `set`, `agg`, `groupby`),
but works on whole columns of the world that it looks at, in place.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, overload

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from trafficsim.books.routes import ROUTES, TOUCHES
from trafficsim.engine.settings import Names
from trafficsim.kernel.columns import BY_ARM, GROUPS, NEVER, Column, Columns, described, is_inside
from trafficsim.scenario.errors import did_you_mean

_GROUP = {name: group for group, cls in GROUPS.items() if group not in BY_ARM for name in described(cls)}
COLUMNS: dict[str, Column] = {name: described(GROUPS[group])[name] for name, group in _GROUP.items()}
"""Every column of a customer by name; what a pool's groups or staff share is none."""
_UNAWARE = "unaware"

Array = NDArray[Any]
Which = ArrayLike | Callable[["CustomerSet"], ArrayLike]


@dataclass(frozen=True)
class _Table:
    """All columns, with the names of their codes."""

    columns: Columns
    pools: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]]

    def __getitem__(self, name: str) -> Array:
        array: Array = getattr(getattr(self.columns, _GROUP[name]), name)
        return array

    def codes(self, name: str) -> Array:
        """A column of codes as positions in its labels; whoever has not met the brand has come by no route."""
        if name in {"route", "last_touch"}:
            return np.where(self["aware_on"] == NEVER, len(self.labels[name]) - 1, self[name])
        return self[name]


class Customer:
    """One customer: a live view of one row.

    Every column is an attribute: a number, or an array of shape `(pools,)` for membership. Setting one writes into the
    world; ValueError if it does not fit the column.

    Attributes:
        number: the customer's number, from 0.
    """

    __slots__ = ("_table", "number")
    number: int
    _table: _Table

    def __init__(self, table: _Table, number: int) -> None:
        self._table, self.number = table, number

    @property
    def member_of(self) -> tuple[str, ...]:
        """The pools of which this customer is a member now."""
        inside = is_inside(self._table["status"][:, self.number])
        return tuple(pool for pool, member in zip(self._table.pools, inside, strict=True) if member)

    def __getattr__(self, name: str) -> Any:
        _known(self, name)
        value = self._table[name][..., self.number]
        return value if value.ndim else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        if name in Customer.__slots__:
            object.__setattr__(self, name, value)
        else:
            _known(self, name)
            self._table[name][..., self.number] = _fitting(name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *COLUMNS]

    def __eq__(self, other: object) -> bool:
        same = isinstance(other, Customer) and self._table.columns.traits.fit is other._table.columns.traits.fit
        return same and isinstance(other, Customer) and self.number == other.number

    def __hash__(self) -> int:
        return hash((id(self._table.columns.traits.fit), self.number))

    def __repr__(self) -> str:
        segment = self._table.labels["segment"][self.segment]
        return (
            f"Customer({self.number}, segment={segment!r}, trust={self.trust:.2f}, orders={self.orders}, "
            f"member_of={list(self.member_of)})"
        )


class CustomerSet:
    """Customers of a world, all or some: a live view.

    Every column is an attribute, an array of shape `(customers,)`, or `(pools, customers)` for membership, or a row for
    each eight places, with a bit for each, for `met`. Of all customers it is the column itself, to be read and written
    in place; of some it is a copy that refuses to be written into. Assigning (`some.trust = 0.3`) or `set` writes
    either way. Columns of codes hold numbers; `named` gives their names. A column that fades (see `describe`) is as of
    the day that stands beside it.

    Args:
        columns: of the world.
        names: of the places, pools and hooks, in the order of their codes.
        segments: the names of the segments, in the order of theirs.
    """

    __slots__ = ("_numbers", "_table")
    _table: _Table
    _numbers: NDArray[np.int64] | None

    def __init__(self, columns: Columns, names: Names, segments: Iterable[str]) -> None:
        labels = {
            "segment": tuple(segments),
            "route": (*ROUTES, _UNAWARE),
            "last_touch": (*TOUCHES, _UNAWARE),
            "place": ("outside", *names.places),
            "hook": ("", *names.hooks),
        }
        self._table, self._numbers = _Table(columns, names.pools, labels), None

    @property
    def numbers(self) -> NDArray[np.int64]:
        """The customers' numbers, int64, shape `(customers,)`."""
        return np.arange(len(self)) if self._numbers is None else self._numbers

    @property
    def pools(self) -> tuple[str, ...]:
        """The names of the pools, in the order of the first axis of membership columns."""
        return self._table.pools

    def members(self, pool: str) -> NDArray[np.bool_]:
        """Who is a member of a pool now, bool, shape `(customers,)`; KeyError if there is no such pool."""
        if pool not in self.pools:
            raise KeyError(f"no pool {pool!r}; there are {', '.join(self.pools) or 'none'}")
        row = self.pools.index(pool)
        return is_inside(self._read("status")[row])

    def named(self, name: str) -> NDArray[np.str_]:
        """A column of codes as names: segment, route, last_touch, place (and hook, by pool); KeyError for another.

        Who has not met the brand is `unaware` in route and last_touch.
        """
        if name not in self._table.labels:
            raise KeyError(f"{name!r} is not a column of codes; there are {', '.join(self._table.labels)}")
        return np.array(self._table.labels[name])[self._codes(name)]

    def select(self, which: Which | None = None, at_most: float = math.inf) -> "CustomerSet":
        """Some of these customers.

        Args:
            which: who: bool of shape `(customers,)`, or a function that makes it from this set, such as
                `lambda c: (c.trust > 0.5) & (c.orders > 0)`; everybody if left out.
            at_most: take the first so many of them, or, as a float up to 1, this share of the set.

        Raises:
            ValueError: if `which` is not a bool for each customer.
        """
        inside = np.ones(len(self), bool) if which is None else np.asarray(which(self) if callable(which) else which)
        if inside.dtype != np.bool_ or inside.shape != (len(self),):
            raise ValueError(
                f"which customers must be one bool each, shape ({len(self)},), not {inside.dtype} {inside.shape}"
            )
        most = at_most if at_most > 1.0 or isinstance(at_most, int | np.integer) else len(self) * at_most
        chosen = np.flatnonzero(inside)
        return self._some(chosen if most >= chosen.size else chosen[: int(most)])

    def get(self, names: str | Iterable[str]) -> Array:
        """A column; or several side by side as float64, shape `(customers, names)`."""
        if isinstance(names, str):
            return self._read(names)
        return np.column_stack([_one_each(name, self._read(name)).astype(float) for name in names])

    def set(self, name: str, value: ArrayLike) -> "CustomerSet":
        """Write a column for these customers: one value, or one each; returns the set itself.

        Raises:
            ValueError: if a value does not fit the column, such as a trust above 1 or a fractional count.
        """
        _known(self, name)
        where = slice(None) if self._numbers is None else self._numbers
        self._table[name][..., where] = _fitting(name, value)
        return self

    @overload
    def agg(self, name: str, how: Callable[[Array], Any]) -> Any: ...
    @overload
    def agg(self, name: str, how: Iterable[Callable[[Array], Any]]) -> list[Any]: ...
    def agg(self, name: str, how: Callable[[Array], Any] | Iterable[Callable[[Array], Any]]) -> Any:
        """A column put into one number by a function such as `np.mean`; or a list of numbers by several."""
        values = self._read(name)
        return how(values) if callable(how) else [function(values) for function in how]

    def groupby(self, by: Which | str) -> "CustomerGroups":
        """Put customers that are alike together.

        Args:
            by: a column (codes become names), an array of shape `(customers,)`, or a function that makes one.

        Raises:
            ValueError: if there is not one value for each customer.
        """
        if isinstance(by, str):
            keys, labels = self._codes(by), self._table.labels.get(by)
        else:
            keys, labels = np.asarray(by(self) if callable(by) else by), None
        _one_each(by if isinstance(by, str) else "the grouping", keys)
        if keys.shape != (len(self),):
            raise ValueError(f"grouping needs one value for each customer, shape ({len(self)},), not {keys.shape}")
        values = np.unique(keys)
        return CustomerGroups(
            {labels[value] if labels else value.item(): self._some(np.flatnonzero(keys == value)) for value in values}
        )

    def to_frame(self, names: Iterable[str] | None = None) -> pd.DataFrame:
        """Columns (all by default) as a table, one row per customer.

        Codes are names, membership is `column.pool`, and `met.place` tells who was met there.
        """
        table: dict[str, Any] = {}
        for name in COLUMNS if names is None else names:
            values = self._read(name)
            if name in self._table.labels:
                values = self.named(name)
            table |= {name: values} if values.ndim == 1 else self._by_name(name, values)
        return pd.DataFrame(table, index=pd.Index(self.numbers, name="customer"))

    @staticmethod
    def describe() -> pd.DataFrame:
        """What there is to know about a customer: dtype, unit and meaning of every column."""
        rows = {name: (column.dtype, column.unit, column.meaning) for name, column in COLUMNS.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=["dtype", "unit", "meaning"])

    def do(self, *_: Any, **__: Any) -> NoReturn:
        """Refused: there are no objects to call. TypeError, with what to do instead."""
        raise TypeError(
            "customers are rows of columns, not objects to be called one by one, which would be hundreds of times "
            "slower. To change them between days, use NumPy: model.customers.trust[:] *= 0.9, or "
            "model.customers.select(lambda c: c.orders > 2).set('trust', 0.8). What customers do each day is "
            "in the mechanisms of the scenario"
        )

    shuffle_do = map = do

    def __len__(self) -> int:
        return int(self._table["fit"].size if self._numbers is None else self._numbers.size)

    def __iter__(self) -> Iterator[Customer]:
        return (Customer(self._table, int(number)) for number in self.numbers)

    @overload
    def __getitem__(self, item: int) -> Customer: ...
    @overload
    def __getitem__(self, item: "slice | Array") -> "CustomerSet": ...
    def __getitem__(self, item: "int | slice | Array") -> "Customer | CustomerSet":
        chosen = self.numbers[item]
        if chosen.ndim == 0:
            return Customer(self._table, int(chosen))
        return self._some(np.arange(len(self))[item])

    def __contains__(self, customer: object) -> bool:
        if not isinstance(customer, Customer) or not 0 <= customer.number < self._table["fit"].size:
            return False
        return customer == Customer(self._table, customer.number) and bool(np.any(self.numbers == customer.number))

    def __getattr__(self, name: str) -> Array:
        _known(self, name)
        return self._read(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in CustomerSet.__slots__:
            object.__setattr__(self, name, value)
        else:
            self.set(name, value)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *COLUMNS]

    def __repr__(self) -> str:
        return f"CustomerSet({len(self):,} customers)"

    def _some(self, chosen: NDArray[np.int64]) -> "CustomerSet":
        """Those at some positions of this set."""
        some = object.__new__(CustomerSet)
        some._table, some._numbers = self._table, self.numbers[chosen]
        return some

    def _read(self, name: str) -> Array:
        _known(self, name)
        return self._chosen(self._table[name])

    def _codes(self, name: str) -> Array:
        _known(self, name)
        return self._chosen(self._table.codes(name)) if name in self._table.labels else self._read(name)

    def _chosen(self, array: Array) -> Array:
        if self._numbers is None:
            return array
        copy = array[..., self._numbers]
        copy.flags.writeable = False
        return copy

    def _by_name(self, name: str, values: Array) -> dict[str, Array]:
        if COLUMNS[name].by_eight_places:
            bits = np.unpackbits(values, axis=0, bitorder="little")  # as many rows as places, or some more
            return {f"{name}.{place}": bits[row] == 1 for row, place in enumerate(self._table.labels["place"][1:])}
        return {f"{name}.{pool}": values[row] for row, pool in enumerate(self.pools)}


class CustomerGroups:
    """Groups of customers, as `groupby` makes them; iterating gives pairs of name and set.

    Attributes:
        groups: the sets by name.
    """

    def __init__(self, groups: dict[Any, CustomerSet]) -> None:
        self.groups = groups

    def count(self) -> dict[Any, int]:
        """How many customers each group has."""
        return {name: len(group) for name, group in self.groups.items()}

    def agg(self, name: str, how: Callable[[Array], Any]) -> dict[Any, Any]:
        """A column put into one number for each group, by a function such as `np.mean`."""
        return {key: group.agg(name, how) for key, group in self.groups.items()}

    def map(self, function: Callable[[CustomerSet], Any]) -> dict[Any, Any]:
        """What a function makes of each group."""
        return {key: function(group) for key, group in self.groups.items()}

    def __getitem__(self, name: Any) -> CustomerSet:
        return self.groups[name]

    def __iter__(self) -> Iterator[tuple[Any, CustomerSet]]:
        return iter(self.groups.items())

    def __len__(self) -> int:
        return len(self.groups)


def _known(of: object, name: str) -> None:
    """AttributeError if there is no such column."""
    if name not in COLUMNS:
        raise AttributeError(f"{type(of).__name__} has no column '{name}'{did_you_mean(name, COLUMNS)}")


def _one_each(name: str, values: Array) -> Array:
    if values.ndim != 1:
        raise ValueError(f"{name} is not one value for each customer but has shape {values.shape}")
    return values


def _fitting(name: str, value: ArrayLike) -> Array:
    """Values as a column holds them; ValueError if it can't: fractions of a count, too large, negative, above 1."""
    column, given = COLUMNS[name], np.asarray(value)
    with np.errstate(invalid="ignore", over="ignore"):
        held = given.astype(column.dtype)
    if held.dtype.kind == "f":
        highest = 1.0 if column.unit in {"0..1", "share"} else np.finfo(held.dtype).max
        fits = bool(np.all((held >= 0.0) & (held <= highest)))
    else:
        fits = np.array_equal(held, given)
    if not fits:
        raise ValueError(f"{name} ({column.meaning}) holds {column.dtype} in {column.unit}, not {value!r}")
    return held


__all__ = ["COLUMNS", "Customer", "CustomerGroups", "CustomerSet"]
