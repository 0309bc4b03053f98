"""Who knows whom: an undirected graph of customers, as compressed sparse rows built directly.

Each customer makes half of the mean number of ties, and is the partner of as many again. Every draw is keyed by the
customer and the number of the tie, and every pick hardly depends on how many there are to pick from: one more customer
changes only the ties at the seam of a ring and those that now lead to the newcomer.

Homophily is Coleman's index of inbreeding (Coleman 1958, "Relational analysis", Human Organization 17): the share of
ties within the own segment, on a scale from 0 where it is the segment's share of all customers to 1 where there are no
others. With that probability a tie is made within the own segment, else among all. Likeness is the same index, of
classes of customers who are alike in need and fit whatever their segments; the two are chosen apart from each other.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from trafficsim.compiled import kernel, rule
from trafficsim.kernel.rng import below, day_key, uniform, word
from trafficsim.population.edges import pairs

Kind = Literal["small_world", "random", "scale_free", "mixed"]
Numbers = NDArray[np.int32]
Starts = NDArray[np.int64]

U64 = np.uint64
ONE_MORE, OWN, REWIRE, PICK, LIKE = 0, 1, 2, 3, 4  # the draws of a tie
TRIES = 1000
ANY = -1
"""In place of a segment or class: whichever."""
EVERYBODY, CLASS, SEGMENT = 0, 1, 2  # sorts of rings; CLASS | SEGMENT: of each class within a segment


@dataclass(frozen=True, eq=False)
class Ties:
    """Acquaintances of every customer; customer i knows `indices[indptr[i]:indptr[i + 1]]`.

    Each tie stands in both customers' rows. Rows are sorted, without repetitions and without oneself.

    Attributes:
        kind: The form of the graph; `mixed` has no ties (everybody may meet everybody).
        indptr: Where each row starts, shape `(customers + 1,)`.
        indices: Numbers of the acquainted customers, shape `(2 * ties,)`.
        duplicates_removed: Ties dropped because they repeated another one, or were given as leading to oneself.
    """

    kind: str
    indptr: Numbers
    indices: Numbers
    duplicates_removed: int

    @property
    def customers(self) -> int:
        """How many customers there are."""
        return self.indptr.size - 1

    def degrees(self) -> Starts:
        """How many acquaintances each customer has, shape `(customers,)`."""
        return np.diff(self.indptr)

    def of(self, customer: int) -> Numbers:
        """Numbers of a customer's acquaintances, ascending."""
        return self.indices[self.indptr[customer] : self.indptr[customer + 1]]


def build(
    kind: Kind,
    segments: NDArray[np.uint8],
    mean: float,
    rewired: float,
    homophily: float,
    key: np.uint64,
    classes: NDArray[np.uint8] | None = None,
    alike: float = 0.0,
) -> Ties:
    """Make the ties of `n` customers, as many as there are segments given.

    Args:
        kind: `small_world` (Watts and Strogatz 1998: a ring, some of whose ties are rewired), `random` (all of them),
            `scale_free` (Barabasi and Albert 1999, sampled as by Batagelj and Brandes 2005, "Efficient generation of
            large random networks": ties go to the ends of earlier ties) or `mixed` (no ties; the mean is a count used
            elsewhere).
        segments: Segment of each customer, shape `(n,)`.
        mean: Mean number of acquaintances. A part that cannot be split evenly is made with that probability.
        rewired: Probability that a tie of a `small_world` leads anywhere instead of along the ring.
        homophily: Coleman's index, 0 to 1. Someone alone in their segment makes ties among all.
        key: Stream of the ties, from `rng.stream`.
        classes: Class of each customer's need and fit, shape `(n,)`; all are of one class unless given.
        alike: Coleman's index of these classes, 0 to 1. Someone alone in their class makes ties among all.

    Raises:
        ValueError: if the classes do not number `n`, the kind is unknown, or a number is out of its range.
    """
    n = len(segments)
    if classes is None:
        classes = np.zeros(n, np.uint8)
    _check(kind, n, segments, classes, mean, rewired, homophily, alike)
    half = mean / 2.0
    width = math.ceil(half)
    if kind == "mixed" or width == 0:
        return Ties(kind, np.zeros(n + 1, np.int32), np.empty(0, np.int32), 0)
    partners = np.full(n * width, -1, np.int32)
    keys = _keys(key, width)
    if kind == "scale_free":
        _attach_all(partners, segments, classes, half, homophily, alike, keys)
    else:
        _go_round(
            partners, _rings(segments, classes), half, 1.0 if kind == "random" else rewired, homophily, alike, keys
        )
    return _undirected(kind, np.arange(n + 1) * width, partners)


def from_edges(n: int, pairs: ArrayLike, kind: str = "edges") -> Ties:
    """Ties between given customers.

    Args:
        n: Number of customers.
        pairs: Numbers of the customers at both ends, shape `(ties, 2)`, in any order and direction.
        kind: What to call the graph.

    Raises:
        ValueError: if a pair is not one of whole numbers in 0 ... n - 1.
    """
    ends = np.asarray(pairs)
    if ends.size == 0:
        ends = np.empty((0, 2), np.int64)
    if ends.ndim != 2 or ends.shape[1] != 2 or ends.dtype.kind not in "iu":
        raise ValueError(f"pairs: must be whole numbers of shape (ties, 2) (got {ends.dtype} of shape {ends.shape})")
    outside = np.flatnonzero(((ends < 0) | (ends >= n)).any(axis=1))
    if outside.size:
        a, b = ends[outside[0]]
        raise ValueError(f"pairs[{outside[0]}]: customers are numbered 0 to {n - 1} (got {a}, {b})")
    selves = ends[:, 0] == ends[:, 1]
    made = ends[~selves][np.argsort(ends[~selves, 0], kind="stable")]
    starts = np.searchsorted(made[:, 0], np.arange(n + 1)).astype(np.int64)
    return _undirected(kind, starts, made[:, 1].astype(np.int32), int(selves.sum()))


def read_edges(path: str | Path, n: int) -> Ties:
    """Ties from a CSV file with the header `a,b` and one pair of customer numbers per line.

    Raises:
        OSError: if the file cannot be read.
        EdgeError: naming file and line, if the header or a pair is not as it should be.
    """
    return from_edges(n, np.fromiter(pairs(Path(path), n), np.dtype((np.int64, 2))), kind="file")


def from_networkx(graph: Any, n: int) -> Ties:
    """Ties from a networkx graph, or anything whose `edges` are pairs of customer numbers; directions are ignored.

    Raises:
        ValueError: if the nodes of an edge are not whole numbers in 0 ... n - 1.
    """
    return from_edges(n, [(edge[0], edge[1]) for edge in graph.edges], kind="graph")


def _check(
    kind: str,
    n: int,
    segments: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    mean: float,
    rewired: float,
    homophily: float,
    alike: float,
) -> None:
    if kind not in ("small_world", "random", "scale_free", "mixed"):
        raise ValueError(f"kind: must be small_world, random, scale_free or mixed (got {kind})")
    for name, codes in (("segments", segments), ("classes", classes)):
        if codes.shape != (n,):
            raise ValueError(f"{name}: must have the shape ({n},) (got {codes.shape})")
    if not 0.0 <= mean < math.inf:
        raise ValueError(f"mean: must be >= 0 (got {mean})")
    for name, share in (("rewired", rewired), ("homophily", homophily), ("alike", alike)):
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"{name}: must be within 0 and 1 (got {share})")


class _Rings(NamedTuple):
    """Four sorts of rings of customers, in the order of their numbers."""

    code: Numbers  # which ring of each sort a customer is on, shape (4, customers)
    rank: Numbers  # the customer's position on it, shape (4, customers)
    members: Numbers  # customers of one ring after another, for each sort, shape (4, customers)
    first: Numbers  # where each ring starts among them, and where the last one ends, shape (4, rings + 1)


def _rings(segments: NDArray[np.uint8], classes: NDArray[np.uint8]) -> _Rings:
    many = int(classes.max(initial=0)) + 1
    codes = np.zeros((4, segments.size), np.int32)
    codes[CLASS], codes[SEGMENT] = classes, segments
    codes[CLASS | SEGMENT] = codes[SEGMENT] * many + codes[CLASS]
    members, rank = np.empty_like(codes), np.empty_like(codes)
    sizes = np.stack([np.bincount(code, minlength=codes.max(initial=0) + 1) for code in codes])
    first = np.pad(sizes.cumsum(axis=1), ((0, 0), (1, 0))).astype(np.int32)
    for sort in range(4):
        members[sort] = np.argsort(codes[sort], kind="stable")
        rank[sort, members[sort]] = np.arange(segments.size) - first[sort, codes[sort, members[sort]]]
    return _Rings(codes, rank, members, first)


def _keys(key: np.uint64, width: int) -> NDArray[np.uint64]:
    """Keys of the draws for the customers' first, second ... tie, shape `(width + 1, draws)`."""
    return np.array([[day_key(key, tie, draw) for draw in range(LIKE + 1)] for tie in range(width + 1)], np.uint64)


@rule
def _ties_made(key: np.uint64, who: int, half: float) -> int:
    """How many ties a customer makes: the whole part of `half`, and one more with the probability of the rest."""
    whole = int(half)
    return whole + int(uniform(key, who) < half - whole)


@rule
def _anywhere(key: np.uint64, who: int, position: int, size: int) -> int:
    """A position picked among the others on a ring; -1 if there are none."""
    pick = below(key, who, size - 1)
    return pick + 1 if pick >= position else pick


@rule
def _known(partners: Numbers, begin: int, end: int, other: int) -> bool:
    """Whether somebody is among some of the partners chosen so far."""
    found = False
    for k in range(begin, end):
        found |= partners[k] == other
    return found


@rule
def _along(
    partners: Numbers,
    known: tuple[int, int],
    members: Numbers,
    sort: int,
    ring: tuple[int, int, int],
    steps: tuple[int, int],
) -> int:
    """The first customer not known yet, so many steps further on a ring; -1 if there is none.

    Args:
        known: where those who are known begin and end in `partners`.
        ring: where it starts, its size, and the own position on it.
        steps: the nearest and the furthest.
    """
    (begin, end), (start, size, position), (nearest, furthest) = known, ring, steps
    for step in range(nearest, min(furthest, size - 1) + 1):
        place = position + step
        other = int(members[sort, start + place - (size if place >= size else 0)])
        if not _known(partners, begin, end, other):
            return other
    return -1


@rule
def _ring(i: int, sort: int, code: Numbers, first: Numbers) -> tuple[int, int]:
    """Where customer i's ring of a sort starts, and its size."""
    start = first[sort, code[sort, i]]
    return start, first[sort, code[sort, i] + 1] - start


@rule
def _narrowed(i: int, sort: int, by: int, code: Numbers, first: Numbers) -> int:
    """A sort of ring narrowed to the own SEGMENT or CLASS, unless customer i would be alone there."""
    return sort | by if _ring(i, sort | by, code, first)[1] > 1 else sort


@kernel
def _go_round(
    partners: Numbers,
    rings: _Rings,
    half: float,
    rewired: float,
    homophily: float,
    alike: float,
    keys: NDArray[np.uint64],
) -> None:
    """Write the partners of the ties that each customer makes, shape `(customers * width,)`; -1 stands for no tie.

    `keys` are those of each tie's draws, shape `(width + 1, draws)`.
    """
    code, rank, members, first = rings
    n, width = code.shape[1], keys.shape[0] - 1
    for i in range(n):
        begin = i * width
        for tie in range(_ties_made(keys[int(half), ONE_MORE], i, half)):
            sort = EVERYBODY
            if uniform(keys[tie, OWN], i) < homophily:
                sort = _narrowed(i, sort, SEGMENT, code, first)
            if uniform(keys[tie, LIKE], i) < alike:
                sort = _narrowed(i, sort, CLASS, code, first)
            start, size = _ring(i, sort, code, first)
            if uniform(keys[tie, REWIRE], i) < rewired:
                pick = _anywhere(keys[tie, PICK], i, rank[sort, i], size)
                other = members[sort, start + pick] if pick >= 0 else -1
            else:
                end, step = begin + tie, tie + 1
                other = _along(partners, (begin, end), members, sort, (start, size, rank[sort, i]), (step, step))
                # Two rings led to the same one, most often of the own segment: so is the replacement, if there is one.
                for wider in (sort | SEGMENT, SEGMENT, EVERYBODY):
                    if other < 0:
                        start, size = _ring(i, wider, code, first)
                        ring = (start, size, rank[wider, i])
                        other = _along(partners, (begin, end), members, wider, ring, (1, size))
            partners[begin + tie] = other


@rule
def _fits(wanted: int, code: int) -> bool:
    """Whether a segment or class is the wanted one, or ANY is."""
    return wanted < 0 or wanted == code


@rule
def _earlier_end(
    key: np.uint64,
    newcomer: int,
    width: int,
    partners: Numbers,
    segments: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    segment: int,
    like: int,
) -> int:
    """An end of an earlier tie, of this segment and class (either may be ANY); -1 if none was found in many tries.

    Picking ends instead of customers gives each a chance in proportion to its ties.
    """
    tries_key = U64(word(key, newcomer))
    for attempt in range(TRIES):
        end = int(uniform(tries_key, attempt) * (2.0 * newcomer * width))
        other = int(partners[end // 2])
        if other >= 0 and end % 2 == 0:
            other = end // 2 // width
        if other >= 0 and _fits(segment, segments[other]) and _fits(like, classes[other]):
            return other
    return -1


@kernel
def _attach_all(
    partners: Numbers,
    segments: NDArray[np.uint8],
    classes: NDArray[np.uint8],
    half: float,
    homophily: float,
    alike: float,
    keys: NDArray[np.uint64],
) -> None:
    """Write the partners of the ties that each customer makes with earlier ones, as `_go_round` does."""
    n, width = segments.size, keys.shape[0] - 1
    partners[:width] = 0  # the first customer holds both ends of its ties, so that there are ends to begin with
    for i in range(1, n):
        for tie in range(_ties_made(keys[int(half), ONE_MORE], i, half)):
            segment = int(segments[i]) if uniform(keys[tie, OWN], i) < homophily else ANY
            like = int(classes[i]) if uniform(keys[tie, LIKE], i) < alike else ANY
            other = _earlier_end(keys[tie, PICK], i, width, partners, segments, classes, segment, like)
            if other < 0:
                other = _earlier_end(keys[tie, PICK], i, width, partners, segments, classes, segment, ANY)
            if other < 0:
                other = _earlier_end(keys[tie, PICK], i, width, partners, segments, classes, ANY, ANY)
            partners[i * width + tie] = other
    partners[:width] = -1


def _undirected(kind: str, starts: Starts, partners: Numbers, removed: int = 0) -> Ties:
    """Ties from the partners that each customer chose, -1 standing for no tie.

    NumPy makes the arrays, not the kernels, since it asks the system for large pages of memory where they are long.
    """
    n, made = starts.size - 1, int(np.count_nonzero(partners >= 0))
    chosen_by = np.zeros(n + 1, np.int64), np.empty(made, np.int32)
    _turn(starts, partners, *chosen_by)
    chose = np.zeros(n + 1, np.int64), np.empty(made, np.int32)
    _turn(*chosen_by, *chose)  # turned twice, every row is sorted
    indptr, indices = np.zeros(n + 1, np.int32), np.empty(2 * made, np.int32)
    size = _merge(*chose, *chosen_by, indptr, indices)
    return Ties(kind, indptr, indices[:size], removed + made - size // 2)


@kernel
def _turn(starts: Starts, partners: Numbers, turned_starts: Starts, turned: Numbers) -> None:
    """Read sparse rows by column: write, for each customer, who has it in their row, ascending.

    `turned_starts` holds zeros at first.
    """
    n = starts.size - 1
    for j in partners:
        if j >= 0:
            turned_starts[j + 1] += 1
    for i in range(n):
        turned_starts[i + 1] += turned_starts[i]
    free = turned_starts.copy()
    for i in range(n):
        for k in range(starts[i], starts[i + 1]):
            j = partners[k]
            if j >= 0:
                turned[free[j]] = i
                free[j] += 1


@kernel
def _merge(a_starts: Starts, a: Numbers, b_starts: Starts, b: Numbers, starts: Numbers, merged: Numbers) -> int:
    """Write the union of two sets of sorted rows, each number once; returns how many there are in all."""
    n = a_starts.size - 1
    size = 0
    for i in range(n):
        j, k, last = a_starts[i], b_starts[i], -1
        while j < a_starts[i + 1] or k < b_starts[i + 1]:
            if k >= b_starts[i + 1] or (j < a_starts[i + 1] and a[j] < b[k]):
                value = a[j]
                j += 1
            else:
                value = b[k]
                k += 1
            if value != last:
                merged[size] = value
                size += 1
                last = value
        starts[i + 1] = size
    return size
