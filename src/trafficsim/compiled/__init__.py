"""Compilation: what turns a readable scalar rule and a loop over columns into machine code, once per machine.

`rule` marks a scalar pure function, `kernel` a loop over columns. Both compile on first use. Neither uses fast
mathematics or numba's own threads, so that the bits of a result never depend on how the compiler ordered a sum.
"""

from trafficsim.compiled.cache import CompiledCodeWarning, is_warm, warn_not_cached, why_not_cached
from trafficsim.compiled.decorators import Compiled, Function, allocating, kernel, part, rule
from trafficsim.compiled.fingerprint import code_version

__all__ = [
    "Compiled",
    "CompiledCodeWarning",
    "Function",
    "allocating",
    "code_version",
    "is_warm",
    "kernel",
    "part",
    "rule",
    "warn_not_cached",
    "why_not_cached",
]
