"""Compilation: what turns a readable scalar rule and a loop over columns into machine code, once per machine.

`rule` marks a scalar pure function, `kernel` a loop over columns. Both compile on first use. Neither uses fast
mathematics or numba's own threads, so that the bits of a result never depend on how the compiler ordered a sum.
"""

from trafficsim.compiled.cache import CompiledCodeWarning, is_warm, why_not_kept
from trafficsim.compiled.decorators import allocating, kernel, part, rule
from trafficsim.compiled.fingerprint import code_version
from trafficsim.compiled.gate import GATE, add_shared, give_up, take_next, wait
from trafficsim.compiled.processor import AHEAD, BITS, bits_of, fetch, fetch_ahead, lowest_bit, number_at

__all__ = [
    "AHEAD",
    "BITS",
    "GATE",
    "CompiledCodeWarning",
    "add_shared",
    "allocating",
    "bits_of",
    "code_version",
    "fetch",
    "fetch_ahead",
    "give_up",
    "is_warm",
    "kernel",
    "lowest_bit",
    "number_at",
    "part",
    "rule",
    "take_next",
    "wait",
    "why_not_kept",
]
