"""The frame: all that a step of a day works on, behind one name.

A step, and what it calls, takes a frame `f` and numbers: `f.mind.trust[i]` is a column, `f.hooks[row].worth` a setting
of the day's period, `f.day` the day. In compiled code a frame is the address of a list of words, each of them the
address of what an attribute stands for, or a size: a call passes one word however many columns stand behind it, and
each step is compiled by itself. Steps never change these words, so that compiled code reads each of them once.
"""

import operator
from functools import cache, cached_property
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core.typing.templates import AttributeTemplate
from numba.extending import (
    NativeValue,
    infer_getattr,
    intrinsic,
    lower_builtin,
    lower_getattr_generic,
    models,
    register_model,
    type_callable,
    typeof_impl,
    unbox,
)
from numpy.typing import NDArray

from trafficsim.compiled import Compiled, Function, warn_not_cached
from trafficsim.compiled.decorators import OPTIONS

WORD, BYTE = ir.IntType(64), ir.IntType(8)
NEVER, DAILY, BY_PERIOD = range(3)
"""How often another row of an array stands for an attribute."""


class Kind(NamedTuple):
    """What an attribute stands for: an array, or one entry of it, such as a number or a record of settings."""

    dtype: np.dtype[Any]
    dimensions: int
    """Of the array; 0 for one entry."""
    changes: int = NEVER
    group: str = ""
    """Where columns have a name of their own within a group: `f.roll.fatigue`."""


class Layout:
    """The attributes of all frames, and where their words stand."""

    def __init__(self) -> None:
        self.kinds: dict[str, Kind] = {}
        self.at: dict[str, int] = {}
        self.groups: dict[str, None] = {}
        self.size = 0

    def declare(self, name: str, kind: Kind) -> None:
        """Give frames an attribute, before anything is compiled that reads it."""
        self.kinds[name], self.at[name] = kind, self.size
        self.size += 1 + kind.dimensions
        if kind.group:
            self.groups[kind.group] = None

    def version(self) -> str:
        """What tells this layout from others: code that is compiled for one reads nonsense in another."""
        return repr((self.at, self.kinds))


LAYOUT = Layout()


class Frame:
    """What the steps of a run work on (see the module); each thread of a run has one of its own.

    Where nothing is compiled, the attributes are set on the frame itself.

    Attributes:
        words: what stands for the frame in compiled code, int64.
        periods: the period of each day.
    """

    def __init__(self, periods: NDArray[np.int64]) -> None:
        self.words = np.zeros(LAYOUT.size, np.int64)
        self.periods = periods
        self._moves: dict[int, tuple[int, int, int, int]] = {}
        self._held: dict[str, tuple[NDArray[Any], int]] = {}

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def address(self) -> int:
        """Where the words lie, by which compiled code knows the frame."""
        return int(self.words.ctypes.data)

    @property
    def moves(self) -> NDArray[np.int64]:
        """What changes with the day, shape `(attributes, 4)`.

        Where its word stands, the address of the first row, bytes from row to row, and how often.
        """
        return np.array(list(self._moves.values()), np.int64)

    def bind(self, name: str, held: NDArray[Any], first: int = 0, columns: Any = None) -> None:
        """Let an attribute stand for an array, or for a row of it that changes with the day.

        Args:
            name: as declared.
            held: C-contiguous and of the declared dtype; with a row for each day, or period, where it changes.
            first: the day that the first row is of.
            columns: what stands for the array where nothing is compiled.

        Raises:
            TypeError: if the array is not as declared.
        """
        kind, at = LAYOUT.kinds[name], LAYOUT.at[name]
        shape = held.shape[kind.changes != NEVER :]
        if _plain(held.dtype) != _plain(kind.dtype) or not held.flags.c_contiguous or len(shape) != kind.dimensions:
            raise TypeError(f"{name}: {held.dtype}, shape {held.shape}, is not {kind}")
        self._held[name] = held, first
        self.words[at : at + 1 + kind.dimensions] = held.ctypes.data, *shape
        if kind.changes != NEVER:
            base, stride = int(held.ctypes.data) - first * int(held.strides[0]), int(held.strides[0])
            self._moves[at] = at, base, stride, kind.changes
        elif numba.config.DISABLE_JIT:
            shown = held if kind.dimensions or kind.dtype.names else held.item()
            owner = vars(self).setdefault(kind.group, SimpleNamespace()) if kind.group else self
            setattr(owner, name, _of_plain(shown if columns is None else columns))

    def held(self, name: str) -> NDArray[Any]:
        """The array that an attribute stands for, or whose rows do."""
        return self._held[name][0]

    def show(self, day: int) -> None:
        """What changes with the day is from now on that of a day; compiled code does the same by itself."""
        for at, base, stride, changes in self._moves.values():
            self.words[at] = base + stride * (day if changes == DAILY else int(self.periods[day]))
        if numba.config.DISABLE_JIT:
            for name, (held, first) in self._held.items():
                kind = LAYOUT.kinds[name]
                if kind.changes != NEVER:
                    row = held[day - first if kind.changes == DAILY else int(self.periods[day])]
                    setattr(self, name, _of_plain(row) if kind.dimensions or kind.dtype.names else row.item())


class _OfPlain(np.ndarray[Any, Any]):
    """An array whose entries are read as Python's numbers, as compiled code reads those of a frame."""

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return found.item() if isinstance(found, np.number) else found


def _of_plain(held: Any) -> Any:
    """Columns as uncompiled code reads them; words of random bits stay unsigned."""
    if isinstance(held, tuple):
        return type(held)(*map(_of_plain, held))
    is_plain = isinstance(held, np.ndarray) and held.dtype.names is None and held.dtype != np.uint64
    return held.view(_OfPlain) if is_plain else held


@cache
def _plain(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """A dtype without the class of its records."""
    return np.dtype(dtype.descr) if dtype.names else dtype


class At(types.Type):
    """A frame, or something that is found by its address, in compiled code."""

    @property
    def layout(self) -> str:
        """What code that takes it depends on besides its own source."""
        return LAYOUT.version()


class FrameType(At):
    """A frame: the address of its words."""

    def __init__(self) -> None:
        super().__init__(name="Frame")

    def member(self, name: str) -> Any:
        """The type of an attribute."""
        kind = LAYOUT.kinds.get(name)
        if name in LAYOUT.groups:
            return Group(name)
        if kind is None or kind.group:
            return None
        if kind.dtype.names:
            return Table(name, kind.dtype) if kind.dimensions else Row(name, kind.dtype)
        return Column(name, kind) if kind.dimensions else numba.from_dtype(kind.dtype)


class Group(At):
    """A group of columns of a frame: the frame, again."""

    def __init__(self, group: str) -> None:
        super().__init__(name=group)
        self.group = group

    def member(self, name: str) -> Any:
        """The type of a column."""
        kind = LAYOUT.kinds.get(name)
        return Column(name, kind) if kind is not None and kind.group == self.group else None


class Table(At):
    """Rows of a frame that lie one behind another: the frame, again. `[i]` is a row, `.field` is a column."""

    def __init__(self, name: str, dtype: np.dtype[Any]) -> None:
        super().__init__(name=f"{name}[]")
        self.at, self.of, self.dtype, self.stride = LAYOUT.at[name], name, dtype, dtype.itemsize

    def member(self, name: str) -> Any:
        """The type of a field of all rows."""
        if name == "size":
            return types.int64
        if name not in (self.dtype.names or ()):
            return None
        return Column(self.of, Kind(self.dtype[name], 1), name, _offset(self.dtype, name), self.dtype.itemsize)


class Column(At):
    """An array of a frame, of one dimension or two: the frame, again."""

    def __init__(self, of: str, kind: Kind, field: str = "", offset: int = 0, stride: int = 0) -> None:
        super().__init__(name=f"{of}.{field}[]" if field else f"{of}[]")
        self.at, self.dimensions, self.entry = LAYOUT.at[of], kind.dimensions, numba.from_dtype(kind.dtype)
        self.number = _number(self.entry)
        self.offset, self.stride = offset, stride or kind.dtype.itemsize

    def member(self, name: str) -> Any:
        """The type of what is known of an array."""
        return {"size": types.int64, "shape": types.UniTuple(types.int64, self.dimensions)}.get(name)


class Row(At):
    """A record: its own address."""

    def __init__(self, name: str, dtype: np.dtype[Any]) -> None:
        super().__init__(name=name)
        self.dtype = dtype

    def member(self, name: str) -> Any:
        """The type of a field."""
        if name not in (self.dtype.names or ()):
            return None
        field = self.dtype[name]
        return Inside(f"{self.name}.{name}", field) if field.subdtype else numba.from_dtype(field)


class Inside(At):
    """An array of one dimension within a record: its own address."""

    def __init__(self, name: str, dtype: np.dtype[Any]) -> None:
        super().__init__(name=name)
        self.entry, self.stride, self.length = numba.from_dtype(dtype.base), dtype.base.itemsize, dtype.shape[0]
        self.number = _number(self.entry)

    def member(self, name: str) -> Any:
        """The type of what is known of an array."""
        return types.int64 if name == "size" else None


def _number(entry: Any) -> Any:
    """The type as which an entry is read: whole numbers and floats are as wide as Python's, however they are kept."""
    if isinstance(entry, types.Float):
        return types.float64
    return types.int64 if isinstance(entry, types.Integer) and entry != types.uint64 else entry


def _offset(dtype: np.dtype[Any], field: str) -> int:
    return int((dtype.fields or {field: (dtype, 0)})[field][1])


FRAME = FrameType()
KINDS_OF_TYPES = (FrameType, Group, Table, Column, Row, Inside)


class _Address(models.PrimitiveModel):
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, WORD)


def _member_of(kind: type[At]) -> None:
    """Let numba know what attributes a type has, and how they are read."""
    register_model(kind)(_Address)

    class Members(AttributeTemplate):
        key = kind

        def generic_resolve(self, owner: Any, name: str) -> Any:
            return owner.member(name)

    infer_getattr(Members)
    lower_getattr_generic(kind)(_read_member)


def _read_member(context: Any, builder: Any, owner: Any, value: Any, name: str) -> Any:
    """Code that reads an attribute."""
    kind = owner.member(name)
    if isinstance(owner, Row):
        place = _at(builder, value, ir.Constant(WORD, _offset(owner.dtype, name)))
        inside = isinstance(kind, Inside)
        return builder.ptrtoint(place, WORD) if inside else _invariant(builder, _load(context, builder, place, kind))
    if isinstance(kind, Row):
        return _word(builder, value, LAYOUT.at[name])
    if isinstance(kind, At):  # found by the address of the frame, too
        return value
    if isinstance(owner, FrameType):
        place = _at(builder, _word(builder, value, LAYOUT.at[name]))
        return _invariant(builder, _load(context, builder, place, kind))
    return _read_size(context, builder, owner, value, kind)


def _read_size(context: Any, builder: Any, owner: Any, value: Any, kind: Any) -> Any:
    """Code that reads the size or shape of an array."""
    if isinstance(owner, Inside):
        return ir.Constant(WORD, owner.length)
    sizes = [_word(builder, value, owner.at + 1 + k) for k in range(getattr(owner, "dimensions", 1))]
    if isinstance(kind, types.BaseTuple):
        return context.make_tuple(builder, kind, sizes)
    return sizes[0] if len(sizes) == 1 else builder.mul(*sizes)


for _kind in KINDS_OF_TYPES:
    _member_of(_kind)


@typeof_impl.register(Frame)
def _type_of(frame: Frame, context: Any) -> Any:
    del frame, context
    return FRAME


@unbox(FrameType)
def _from_python(kind: Any, frame: Any, c: Any) -> Any:
    del kind
    address = c.pyapi.object_getattr_string(frame, "address")
    value = c.pyapi.long_as_longlong(address)
    c.pyapi.decref(address)
    return NativeValue(value)


@type_callable(operator.getitem)
def _type_of_entry(context: Any) -> Any:
    del context

    def typer(array: Any, index: Any) -> Any:
        if isinstance(array, Table):  # settings, which nothing changes while a step runs
            held = isinstance(index, types.Integer) and LAYOUT.kinds[array.of].changes == BY_PERIOD
            return Row(array.of, array.dtype) if held else None
        return array.number if _is_index(array, index) else None

    return typer


@type_callable(operator.setitem)
def _type_of_storing(context: Any) -> Any:
    del context

    def typer(array: Any, index: Any, value: Any) -> Any:
        del value
        return types.none if _is_index(array, index) else None

    return typer


def _is_index(array: Any, index: Any) -> bool:
    if isinstance(array, Column | Inside) and getattr(array, "dimensions", 1) == 1:
        return isinstance(index, types.Integer)
    return isinstance(array, Column) and isinstance(index, types.BaseTuple) and len(index) == array.dimensions


@lower_builtin(operator.getitem, Table, types.Integer)
@lower_builtin(operator.getitem, Column, types.Integer)
@lower_builtin(operator.getitem, Column, types.BaseTuple)
@lower_builtin(operator.getitem, Inside, types.Integer)
def _read_entry(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    place = place_of(context, builder, signature, arguments)
    if isinstance(signature.return_type, Row):
        return builder.ptrtoint(place, WORD)
    entry = signature.args[0].entry
    return context.cast(builder, _load(context, builder, place, entry), entry, signature.return_type)


@lower_builtin(operator.setitem, Column, types.Integer, types.Any)
@lower_builtin(operator.setitem, Column, types.BaseTuple, types.Any)
def _write_entry(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    place, entry = place_of(context, builder, signature, arguments), signature.args[0].entry
    value = context.cast(builder, arguments[2], signature.args[2], entry)
    model = context.data_model_manager[entry]
    stored = model.as_data(builder, value)
    builder.store(stored, builder.bitcast(place, stored.type.as_pointer()), align=1)
    return context.get_dummy_value()


def place_of(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """For lowering: where an entry of an array of a frame lies, by the second argument."""
    array, index = signature.args[:2]
    if isinstance(index, types.BaseTuple):
        by = [(builder.extract_value(arguments[1], k), index[k]) for k in range(len(index))]
    else:
        by = [(arguments[1], index)]
    return place_at(context, builder, array, arguments[0], *by)


def place_at(context: Any, builder: Any, array: Any, value: Any, *by: tuple[Any, Any], reads: bool = True) -> Any:
    """For lowering: where an entry of an array of a frame lies, by indices and their types: a pointer to bytes.

    An index is never below 0: what lies before an array is not asked for from its end, as NumPy would.
    With numba's bounds checks on, an index that is outside raises an IndexError, unless nothing is read there.
    """
    if isinstance(array, Inside):
        begin, sizes, offset = value, [ir.Constant(WORD, array.length)], 0
    else:
        begin, offset = _word(builder, value, array.at), getattr(array, "offset", 0)
        sizes = [_word(builder, value, array.at + 1 + k) for k in range(getattr(array, "dimensions", 1))]
    at = ir.Constant(WORD, 0)
    for (index, kind), size in zip(by, sizes, strict=True):
        whole = context.cast(builder, index, kind, types.int64)
        if reads and numba.config.BOUNDSCHECK:
            with builder.if_then(builder.icmp_unsigned(">=", whole, size), likely=False):
                context.call_conv.return_user_exc(
                    builder, IndexError, (f"index is outside of {array.name} of the frame",)
                )
        at = builder.add(builder.mul(at, size), whole)
    steps = builder.mul(at, ir.Constant(WORD, array.stride), flags=("nsw",))
    return _at(builder, begin, builder.add(steps, ir.Constant(WORD, offset), flags=("nsw",)) if offset else steps)


def _at(builder: Any, begin: Any, offset: Any = None) -> Any:
    """A pointer to so many bytes from an address: LLVM then knows how places of a loop lie to each other."""
    place = builder.inttoptr(begin, BYTE.as_pointer())
    return place if offset is None else builder.gep(place, [offset], inbounds=True)


def _load(context: Any, builder: Any, place: Any, kind: Any) -> Any:
    """What lies at a place."""
    model = context.data_model_manager[kind]
    held = builder.load(builder.bitcast(place, model.get_data_type().as_pointer()), align=1)
    return model.from_data(builder, held)


def _word(builder: Any, frame: Any, at: int) -> Any:
    """A word of a frame."""
    place = builder.gep(builder.inttoptr(frame, WORD.as_pointer()), [ir.Constant(WORD, at)])
    return _invariant(builder, builder.load(place))


def _invariant(builder: Any, load: Any) -> Any:
    """What is loaded does not change while a step runs."""
    if hasattr(load, "set_metadata"):
        load.set_metadata("invariant.load", builder.module.add_metadata([]))
    return load


@intrinsic
def call_alone(typing: Any, step: Any, frame: Any) -> Any:
    """Call a step that takes a frame alone by the address of its machine code."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del signature
        kind = ir.FunctionType(ir.IntType(8).as_pointer(), [WORD])
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return context.get_dummy_value()

    del typing
    return types.void(step, frame), generate


@intrinsic
def call_step(typing: Any, step: Any, frame: Any, first: Any, last: Any) -> Any:
    """Call a step by the address of its machine code."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        del signature
        kind = ir.FunctionType(ir.IntType(8).as_pointer(), [WORD] * 3)
        builder.call(builder.inttoptr(arguments[0], kind.as_pointer()), arguments[1:])
        return context.get_dummy_value()

    del typing
    return types.void(step, frame, first, last), generate


class Step(Compiled):
    """A step of the day: a function of a frame and a range of customers, or of a frame alone."""

    def __init__(self, function: Function) -> None:
        self.takes = (FRAME, types.int64, types.int64)[: function.__code__.co_argcount]
        super().__init__(function, counts=len(self.takes) == 1, nogil=True)
        self._entry = {"_nrt": self._counts}

    @property
    def is_compiled(self) -> bool:
        """Whether its machine code is in memory."""
        return "address" in vars(self)

    @property
    def is_cached(self) -> bool:
        """Whether its machine code need not be compiled."""
        return bool(self.entry._cache.holds(self.takes))  # noqa: SLF001 - the cache is ours

    @cached_property
    def address(self) -> int:
        """Of its machine code, as `call_step` and `call_alone` call it."""
        self.entry.compile(self.takes)
        (made,) = self.entry.overloads.values()
        try:
            return int(made.library.get_pointer_to_function(made.fndesc.llvm_cfunc_wrapper_name))
        except AttributeError:
            return int(self._callback.address)

    @cached_property
    def _callback(self) -> Any:
        """The step by numba's public door, whose code is compiled in each process."""
        warn_not_cached(f"numba {numba.__version__} was never tried: steps are compiled in each process.")
        return numba.cfunc(types.void(*self.takes), **self._entry, **OPTIONS)(self.py_func)


def step(function: Function) -> Function:
    """Compile a step: `(f, first, last)` where customers can be treated each on their own, else `(f)`."""
    return function if numba.config.DISABLE_JIT else Step(function)  # type: ignore[return-value]
