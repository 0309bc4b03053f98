"""Randomness without a sequence: every draw is a pure function of a key and a position.

The generator is SplitMix64 (Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA), read
at any position instead of stepped through. A customer's draw therefore depends on the seed, the replicate, the name of
what is drawn, the day and the customer's number, and on nothing else: not on threads, on the order of the loops, on how
many customers there are, or on which mechanisms are switched on. Arms that share these share their draws (common random
numbers).

Every operand is cast to an unsigned 64-bit integer, since signed and unsigned together would become a float. Compiled,
the functions return plain integers and floats to Python: wrap a key in `numpy.uint64` before passing it on. Uncompiled
(`NUMBA_DISABLE_JIT=1`) they give the same bits; the wrap-around of NumPy's integers then warns, so callers run them
under `numpy.errstate(over="ignore")`.
"""

import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from trafficsim.compiled import kernel, rule

U64 = np.uint64
GOLDEN, MIX1, MIX2 = U64(0x9E3779B97F4A7C15), U64(0xBF58476D1CE4E5B9), U64(0x94D049BB133111EB)
JUMP = U64(2862933555777941757)
BELOW_ONE = 1.0 - 2.0**-48
"""Times this, a number is surely below itself, whatever was rounded."""


def stream(seed: int, replicate: int, *names: str) -> np.uint64:
    """The key of everything that goes by these names, in one replicate.

    A hash (BLAKE2b, each part preceded by its length) of what is drawn, never of its position in a list: adding or
    removing another mechanism leaves this one's draws as they were.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in (str(seed), str(replicate), *names):
        encoded = part.encode()
        digest.update(len(encoded).to_bytes(8, "little") + encoded)
    return U64(int.from_bytes(digest.digest(), "little"))


@rule
def word(key: np.uint64, who: int) -> np.uint64:
    """64 random bits for one position `who` >= 0: output number `who` of SplitMix64 seeded with `key`."""
    return mixed(U64(key) + (U64(who) + U64(1)) * GOLDEN)


@rule
def mixed(state: np.uint64) -> np.uint64:
    """The output of SplitMix64 in a state. States of neighbouring positions lie GOLDEN apart, so loops can add it."""
    z = U64(state)
    z = (z ^ (z >> U64(30))) * MIX1
    z = (z ^ (z >> U64(27))) * MIX2
    return z ^ (z >> U64(31))


@rule
def day_key(stream_key: np.uint64, day: int, draw: int) -> np.uint64:
    """The key of one draw of one day: a mechanism numbers its draws 0, 1, 2 ..."""
    return word(U64(word(stream_key, day)), draw)


@rule
def pair_key(key: np.uint64, who: int) -> np.uint64:
    """The key of draws between two customers: `uniform(pair_key(key, teller), told)` belongs to that pair alone."""
    return word(key, who)


@rule
def unit(bits: np.uint64) -> float:
    """64 random bits as a number strictly inside (0, 1): the middle of one of 2**52 equal cells.

    With one bit more, the half of the topmost cell would round to 1.
    """
    return (float(U64(bits) >> U64(12)) + 0.5) * 2.0**-52


@rule
def uniform(key: np.uint64, who: int) -> float:
    """A uniform draw strictly inside (0, 1)."""
    return unit(U64(word(key, who)))


@rule
def normal(key: np.uint64, who: int) -> float:
    """A standard normal draw, by Box and Muller (1958), "A note on the generation of random normal deviates"."""
    first = U64(word(key, who))
    return math.sqrt(-2.0 * math.log(unit(first))) * math.cos(2.0 * math.pi * unit(U64(word(first, 1))))


@rule
def below(key: np.uint64, who: int, n: int) -> int:
    """A pick among 0 ... n - 1 (n <= 2**31) that hardly depends on n; -1 if there is nothing to pick from.

    When n grows by one, a pick either stays or becomes the newcomer n, the latter with probability 1 / (n + 1). Jump
    consistent hash: Lamping and Veach (2014), "A fast, minimal memory, consistent hash algorithm".
    """
    bits = U64(word(key, who))
    pick, following = -1, 0
    while following < n:
        pick = following
        bits = bits * JUMP + U64(1)
        following = int(float(pick + 1) * (2147483648.0 / float((bits >> U64(33)) + U64(1))))
    return pick


@rule
def chance_of_any(mean: float) -> float:
    """The chance of at least one event where `mean` are expected (Poisson): 1 - exp(-mean)."""
    return -math.expm1(-mean)


@rule
def below_exp(u: float, scale: float, x: float) -> bool:
    """Whether a draw `u` in (0, 1) is below scale * exp(-x), for `scale` and `x` of 0 or more.

    Bounds tell nearly all draws without an exponential, and none otherwise than it would: exp(-x) lies between the sums
    of the first four and of the first three terms of its series, whose signs alternate.
    """
    most = 1.0 - x + 0.5 * x * x
    if u * BELOW_ONE >= scale * most:
        return False
    if u < scale * (most - x * x * x / 6.0) * BELOW_ONE:
        return True
    return u < scale * math.exp(-x)


@rule
def poisson(u: float, mean: float) -> int:
    """How many events a uniform draw `u` stands for where `mean` are expected, for means up to some dozens.

    By inversion from the top: small `u` gives many, and there is at least one exactly when `u < chance_of_any(mean)`,
    so that a cheap first draw can tell who has any.
    """
    square = 0.5 * mean * mean
    cube = square * mean / 3.0  # from these, bounds by which nearly all draws are told without an exponential
    if square <= u < mean - square:
        return 1
    if u * BELOW_ONE >= mean - square + cube:
        return 0
    if cube <= u < square - 2.0 * cube:
        return 2
    more = chance_of_any(mean)
    return poisson_from(u, mean, more, 1.0 - more if mean < 1.0 else math.exp(-mean))


@rule
def poisson_from(u: float, mean: float, any_: float, none: float) -> int:
    """The same where the chances of any event, and of none, are known already."""
    count, share, more = 0, none, any_
    while u < more:
        count += 1
        share *= mean / count
        more -= share
        if count > mean and share < 2.0**-60:  # what is left of `more` is rounding error
            break
    return count


@rule
def threshold(p: float) -> np.uint64:
    """A probability, clipped to [0, 1], as the nearest of 0 ... 2**32, to compare with the upper 32 bits of a word."""
    return U64(math.ceil(min(max(p, 0.0), 1.0) * 4294967296.0 - 0.5))


@rule
def threshold_above(p: float) -> np.uint64:
    """The same, but never below the probability: all whose uniform draw is below `p` are drawn by it, and hardly more.

    For a first look at everybody, after which the exact chance of each decides.
    """
    return U64(threshold(p)) + U64(1)


@kernel
def uniforms(key: np.uint64, first: int, last: int) -> NDArray[np.float64]:
    """Uniform draws of customers first ... last - 1, shape `(last - first,)`."""
    drawn = np.empty(last - first, np.float64)
    for i in range(first, last):
        drawn[i - first] = uniform(key, i)
    return drawn


@kernel
def normals(key: np.uint64, first: int, last: int) -> NDArray[np.float64]:
    """Standard normal draws of customers first ... last - 1, shape `(last - first,)`."""
    drawn = np.empty(last - first, np.float64)
    for i in range(first, last):
        drawn[i - first] = normal(key, i)
    return drawn
