"""How numba compiles our code: pieces once, linked into the kernels that call them, and passing arrays in few words.

numba is made for functions that may be anything. Here thousands of small ones call each other, and it would compile,
link and optimize each of them on every level of the calls.
"""

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numba
from llvmlite import binding as llvm
from llvmlite import ir
from numba.core import event, types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, Flags
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.datamodel.models import ArrayModel
from numba.core.datamodel.packer import ArgPacker
from numba.core.lowering import Lower
from numba.core.registry import cpu_target
from numba.core.targetconfig import ConfigStack
from numba.core.typed_passes import BaseNativeLowering, IRLegalization, NativeLowering, NopythonRewrites
from numba.core.untyped_passes import (
    FindLiterallyCalls,
    InlineClosureLikes,
    InlineInlinables,
    LiteralPropagationSubPipelinePass,
    LiteralUnroll,
    MakeFunctionToJitFunction,
    WithLifting,
)

FOR_OTHERS = {
    FindLiterallyCalls, InlineInlinables, LiteralPropagationSubPipelinePass, LiteralUnroll, WithLifting,
}  # fmt: skip
"""Passes of numba that look for what no code here holds."""
FOR_ARRAYS = {IRLegalization, InlineClosureLikes, MakeFunctionToJitFunction, NopythonRewrites}
"""Passes of numba that look for arrays which a function makes, and for closures, or say when an array can go."""


class _Uncollected(event.Listener):  # type: ignore[misc]
    """Lets Python's garbage wait while something compiles, which takes a tenth off the time."""

    def __init__(self) -> None:
        self.running, self.was_on = 0, False

    def on_start(self, event: Any) -> None:
        del event
        if self.running == 0:
            self.was_on = gc.isenabled()
            gc.disable()
        self.running += 1

    def on_end(self, event: Any) -> None:
        del event
        self.running -= 1
        if self.running == 0 and self.was_on:
            gc.enable()
            gc.freeze()
            gc.unfreeze()  # among the oldest objects, which are hardly ever searched for garbage


event.register("numba:compile", _Uncollected())


class _NoEnvironment:
    """What numba tells of a function's globals, which code that is never called by itself has no use for."""

    def set_env(self, name: str, env: Any) -> None:
        pass


class _Library(JITCodeLibrary):  # type: ignore[misc]
    """Code of ours, which remembers by name what it holds and calls: asking LLVM takes a while."""

    def __init__(self, codegen: Any, name: str) -> None:
        super().__init__(codegen, name)
        self.fresh: list[str] = []
        self.held: list[str] = []
        self.called: list[str] = []

    def add_ir_module(self, ir_module: Any) -> None:
        self.fresh = [function.name for function in ir_module.functions if not function.is_declaration]
        self.called += [function.name for function in ir_module.functions if function.is_declaration]
        super().add_ir_module(ir_module)

    def add_llvm_module(self, ll_module: Any) -> None:
        if self.held:
            super().add_llvm_module(ll_module)
        else:
            self._optimize_functions(ll_module)
            self._final_module = ll_module
        self.held += self.fresh

    def _optimize_functions(self, ll_module: Any) -> None:
        """As numba does, but the passes are made once, and those functions left out that are only declared."""
        codegen: Any = self._codegen
        ll_module.data_layout = codegen._data_layout  # noqa: SLF001 - what numba's own method takes
        passes, builder = codegen._function_pass_manager()  # noqa: SLF001 - the same
        for name in self.fresh:
            passes.run(ll_module.get_function(name), builder)


class _PartLibrary(_Library):
    """Code that is only linked into that of its callers: the entry makes it quick and turns it into machine code.

    numba would do both for each function and everything that it calls, once on every level of the calls.
    """

    @property
    def codegen(self) -> Any:
        return _NoEnvironment()

    def get_pointer_to_function(self, name: str) -> int:
        del name
        return 0

    def finalize(self) -> None:
        """Nothing is linked in here: the entry links each part once, where every level of calls would again."""
        self._raise_if_finalized()
        self._reload_init.update(*(library._reload_init for library in self._linking_libraries))  # noqa: SLF001
        for name in self.held:
            function = self._final_module.get_function(name)
            if function.linkage == llvm.Linkage.external:
                function.linkage = "linkonce_odr"  # as numba has it where it links
        self._finalized = True

    def alone(self) -> Any:
        """The module of this part, for an entry that links all others itself."""
        self._ensure_finalized()
        return self._final_module

    def _get_module_for_linking(self) -> Any:
        """For other people's code, which expects that all below is linked in."""
        module = self.alone().clone()
        _link(module, self.called, self._linking_libraries)
        return module


class _EntryLibrary(_Library):
    """Machine code of an entry, with everything that it calls linked in, which nobody else calls.

    So LLVM may take in what is called once, and leave away arguments that are not used: a group of columns is many
    words, and passing them costs more than most rules do.
    """

    def finalize(self) -> None:
        _link(self._final_module, self.called, self._linking_libraries)
        self._reload_init.update(*(library._reload_init for library in self._linking_libraries))  # noqa: SLF001
        self._linking_libraries: list[Any] = []
        super().finalize()

    def _optimize_final_module(self) -> None:
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage == llvm.Linkage.linkonce_odr:
                function.linkage = "internal"
        super()._optimize_final_module()


def _link(module: Any, called: list[str], libraries: Iterable[Any]) -> None:
    """Link into a module all that it calls, and all that this calls in turn.

    Asked for by name, one after another: LLVM takes in no function of a library that nothing has asked for yet, and
    code which it has found to be dead asks for nothing.
    """
    found = {name: part for part in _below(libraries) for name in part[1]}
    wanted = [*called]
    while wanted:
        name = wanted.pop()
        if name in found and _is_missing(module, name):
            part, _, calls = found[name]
            module.link_in(part, preserve=True)
            wanted += calls


def _below(libraries: Iterable[Any]) -> Iterator[tuple[Any, list[str], list[str]]]:
    """The modules of libraries and of the parts below them, with the names of what each holds and calls."""
    met: set[Any] = set()
    waiting = list(libraries)
    while waiting:
        library = waiting.pop()
        if library not in met:
            met.add(library)
            if isinstance(library, _PartLibrary):
                yield library.alone(), library.held, library.called
                waiting += library._linking_libraries  # noqa: SLF001 - numba tells it nowhere else
            else:
                module = library._get_module_for_linking()  # noqa: SLF001 - as numba links
                yield module, _names(module, declared=False), _names(module, declared=True)


def _names(module: Any, *, declared: bool) -> list[str]:
    return [function.name for function in module.functions if function.is_declaration == declared]


def _is_missing(module: Any, name: str) -> bool:
    """Whether a module calls a function that it doesn't hold."""
    try:
        return bool(module.get_function(name).is_declaration)
    except NameError:
        return False


class _Types(tuple[Any, ...]):
    """Types of arguments. numba spells them out for each pass, and that of a record takes pages."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"{len(self)} types"


class _Flags(Flags):  # type: ignore[misc]
    """numba compares all flags with those of earlier calls whenever one of its own functions is called."""

    def values(self) -> Any:
        if getattr(self, "seen", None) != self._values:
            self.seen, self.all = dict(self._values), super().values()
        return self.all


class _PassedArray(ArrayModel):  # type: ignore[misc]
    """How pieces pass an array to each other: without what its type and shape tell, and without Python's object.

    numba passes seven words or more, each of which is an instruction at both ends. A group is many arrays.
    """

    kept: tuple[str, ...] = ("meminfo", "data")

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind)
        self.ndim, self.dtype = kind.ndim, kind.dtype
        sizes = ("shape",) if kind.layout == "C" else ("shape", "strides")
        self.paths = [self.path(name) for name in self.kept]
        self.paths += [self.path(name, k) for name in sizes for k in range(self.ndim)]

    def path(self, name: str, *inside: int) -> tuple[int, ...]:
        return (self.get_field_position(name), *inside)

    def get_argument_type(self) -> Any:
        return tuple(_type_at(self.get_value_type(), path) for path in self.paths)

    def as_argument(self, builder: Any, value: Any) -> Any:
        return tuple(builder.extract_value(value, path) for path in self.paths)

    def from_argument(self, builder: Any, value: Any) -> Any:
        target: Any = cpu_target.target_context
        size = ir.Constant(ir.IntType(64), target.get_abi_sizeof(target.get_data_type(self.dtype)))
        held, items = dict(zip(self.paths, value, strict=True)), ir.Constant(ir.IntType(64), 1)
        for k in reversed(range(self.ndim)):
            inner = k == self.ndim - 1
            held.setdefault(self.path("strides", k), size if inner else builder.mul(items, size))
            items = held[self.path("shape", k)] if inner else builder.mul(items, held[self.path("shape", k)])
        held |= {self.path("nitems"): items, self.path("itemsize"): size}
        array = _constant(self.get_value_type(), held)
        for path, word in held.items():
            if not isinstance(word, ir.Constant):
                array = builder.insert_value(array, word, path)
        return array

    def traverse(self, builder: Any) -> Any:
        """What may count references: numba would look through all words of the array each time."""
        return super().traverse(builder)[: self.get_field_position("meminfo") + 1]


class _UncountedArray(_PassedArray):
    """The same for parts, which count no references."""

    kept = ("data",)


def _type_at(kind: Any, path: Iterable[int]) -> Any:
    """The type of what stands at a place in a struct."""
    for at in path:
        kind = kind.gep(ir.Constant(ir.IntType(32), at))
    return kind


def _constant(kind: Any, held: dict[tuple[int, ...], Any], *path: int) -> Any:
    """A struct of zeros but for the constants among what stands at these places."""
    if path in held:
        return held[path] if isinstance(held[path], ir.Constant) else ir.Constant(kind, None)
    if isinstance(kind, ir.Aggregate):
        inside = range(len(kind))
        return ir.Constant(kind, [_constant(_type_at(kind, (k,)), held, *path, k) for k in inside])
    return ir.Constant(kind, None)


@cache
def _models(model: type[_PassedArray]) -> Any:
    """What numba knows of how values are held, with another way to pass arrays."""
    manager = cpu_target.target_context.data_model_manager.copy()
    manager.register(types.Array, model)
    return manager


class _Passed(tuple[Any, ...]):  # noqa: SLOT001 - a tuple can't have slots and an attribute
    """Types of the arguments of a piece, which knows how they are passed."""

    packer: ArgPacker


def _packer(kinds: Any) -> ArgPacker:
    """What passes arguments of these types: for pieces their own, for all others numba's."""
    if isinstance(kinds, _Passed):
        return kinds.packer
    return ArgPacker(cpu_target.target_context.data_model_manager, kinds)


class _Lower(Lower):  # type: ignore[misc]
    """Writes a function for LLVM."""

    def __init__(self, context: Any, library: Any, fndesc: Any, *rest: Any, **named: Any) -> None:
        if isinstance(library, _EntryLibrary):
            models = _models(_PassedArray)
        else:
            models = _models(_PassedArray if context.enable_nrt else _UncountedArray)
            fndesc.argtypes = _Passed(fndesc.argtypes)
            fndesc.argtypes.packer = ArgPacker(models, fndesc.argtypes)
        super().__init__(context, library, fndesc, *rest, **named)
        self.context.data_model_manager = models


@register_pass(mutates_CFG=True, analysis_only=False)
class _Lowering(BaseNativeLowering):  # type: ignore[misc]
    """The pass that has a function written."""

    _name = "our_lowering"
    lowering_class = _Lower


class PieceCompiler(Compiler):  # type: ignore[misc]
    """Leaves out the passes that look for what pieces don't hold."""

    left_out = frozenset(FOR_OTHERS)

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.state.flags = _Flags(self.state.flags)

    def define_pipelines(self) -> Any:
        """The passes that are left, with our own way to write functions."""
        self.state.args = _Types(self.state.args)
        (whole,) = super().define_pipelines()
        short = PassManager("piece")
        short.passes.extend(
            (_Lowering if made_by is NativeLowering else made_by, what)
            for made_by, what in whole.passes
            if made_by not in self.left_out
        )
        short.finalize()
        return [short]


class PartCompiler(PieceCompiler):
    """Leaves out what looks for arrays too."""

    left_out = frozenset(FOR_OTHERS | FOR_ARRAYS)


class EntryCompiler(PieceCompiler):
    """Makes machine code of an entry alone: all that it calls, numba's own functions too, is linked into it."""

    def define_pipelines(self) -> Any:
        """The passes of pieces, for an entry's library and flags."""
        self.state.library = _EntryLibrary(self.state.targetctx.codegen(), self.state.func_id.func_qualname)
        self.state.library.enable_object_caching()
        flags = ConfigStack.top_or_none()  # what is called asks for these, and would be compiled anew for each entry
        flags.no_cpython_wrapper = True
        flags.discard("no_cfunc_wrapper")
        flags.discard("release_gil")
        return super().define_pipelines()

    def compile_extra(self, func: Any) -> Any:
        """Compile a function, while numba makes parts of all that it calls."""
        target: Any = cpu_target.target_context
        lent = {
            "create_cfunc_wrapper": _no_wrapper,
            "get_abi_sizeof": _remembered(target.get_abi_sizeof),
        }
        with _lent(target.codegen(), _library_class=_PartLibrary), _lent(target, **lent):
            return super().compile_extra(func)


@contextmanager
def _lent(owner: Any, **attributes: Any) -> Iterator[None]:
    """Give an object of numba's other attributes for a while: under its lock, so that no other code is meant."""
    for name, value in attributes.items():
        setattr(owner, name, value)
    try:
        yield
    finally:
        for name in attributes:
            delattr(owner, name)  # what its class says counts again


def _no_wrapper(*_: Any) -> None:
    """Nobody calls numba's own functions from C."""


def _remembered(size_of: Callable[[Any], int]) -> Callable[[Any], int]:
    """Sizes of LLVM types, each of which numba asks LLVM for with a module of its own, for every variable."""
    known: dict[int, tuple[Any, int]] = {}

    def size(kind: Any) -> int:
        if id(kind) not in known:
            known[id(kind)] = kind, size_of(kind)  # kept, so that no other type can have its place
        return known[id(kind)][1]

    return size


if not numba.config.DISABLE_JIT:
    cpu_target.target_context.get_arg_packer = _packer  # for others' code too, which may call pieces
