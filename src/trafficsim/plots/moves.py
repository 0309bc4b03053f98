"""What a flow map tells: who moved between which places, and who is there at the end."""

import math
from dataclasses import dataclass

import numpy as np

from trafficsim.books.metrics import COHORT_DAYS
from trafficsim.plots.labels import PEOPLE_IN_FULL
from trafficsim.plots.places import COLOUR_OF, Place, lay_out
from trafficsim.plots.style import COLOURS, QUIET, can_draw
from trafficsim.results import Result, intervals
from trafficsim.results.intervals import Array
from trafficsim.words import rounding
from trafficsim.words.language import Language, Words, words

MORE, FEWER = COLOURS[0], COLOURS[1]
"""Blue where more people moved than in the other arm, vermilion where fewer did (Okabe and Ito 2008)."""
THINNEST = 0.005, 0.02
"""Drawn is what is no less than this share of the widest ribbon; if it is of a pool, of the widest of them."""
FEW = 9.5
"""Means of fewer people are written with a decimal."""


@dataclass(frozen=True)
class Moves:
    """The numbers of a flow map: moves `(from, to)` and people there at the end `(places,)`, with their intervals.

    `most_moved` and `most_there` are the largest of any arm, or the largest difference.
    """

    arm: str
    against: str | None
    first_day: int
    last_day: int
    places: list[Place]
    moved: Array
    low: Array
    high: Array
    there: Array
    there_low: Array
    there_high: Array
    most_moved: float
    most_there: float

    @classmethod
    def of(cls, result: Result, arm: str, window: int | None, against: str | None) -> "Moves":
        """Those of an arm, or of an arm less another, in the window of a day or the whole run (see `flow_map`)."""
        for name in (arm, against):
            known_arm(result, name or arm)
        if arm == against:
            raise ValueError(f"{arm} can't be compared with itself")
        first, last, moved, there = _in_window(result, window)
        if against is not None:
            a, b = result.arms.index(arm), result.arms.index(against)
            moved, there, row = (moved[a] - moved[b])[None], (there[a] - there[b])[None], 0
        else:
            row = result.arms.index(arm)
        middle, low, high = intervals.band(moved[row], result.level())
        level, lowest, highest = intervals.band(there[row], result.level())
        return cls(
            arm, against, first, last, lay_out(result),
            middle, low, high, level, lowest, highest,
            float(np.abs(moved.mean(axis=1)).max()), float(np.abs(there.mean(axis=1)).max()),
        )  # fmt: skip

    def ribbons(self) -> list[tuple[Place, Place]]:
        """Pairs of places between which people moved, the widest first; thin ones are left out (`THINNEST`)."""
        pairs = [(a, b) for a in self.places for b in self.places if a is not b and self.size(a, b) > 0]
        of_pools = max((self.size(*pair) for pair in pairs if of_pool(*pair)), default=0.0)
        least = THINNEST[0] * self.most_moved, THINNEST[1] * of_pools
        wide = [pair for pair in pairs if self.size(*pair) >= least[of_pool(*pair)]]
        return sorted(wide, key=lambda pair: -self.size(*pair))

    def colour(self, low: float, high: float, kind: str) -> str:
        """Of a place or ribbon: that of its kind; of a difference with such limits: more, fewer, or undecided."""
        if self.against is None:
            return COLOUR_OF[kind]
        return MORE if low > 0 else FEWER if high < 0 else QUIET

    def size(self, a: Place, b: Place) -> float:
        """How many moved from `a` to `b`, or by how many the arms differ."""
        return abs(float(self.moved[a.code, b.code]))

    def people(self, count: float, say: Words, *, sign: bool) -> str:
        """A mean of people, on the scale of all: whole ones, unless there are fewer than ten."""
        by = rounding.common((*self.there, self.most_there, self.most_moved), say.language, PEOPLE_IN_FULL)
        few = by.divisor == 1 and 0 < abs(count) < FEW and count != round(count)
        return rounding.fixed(count, 1, sign=sign) if few else rounding.on(round(count), by, sign=sign)


def movements(result: Result, arm: str, language: Language) -> list[tuple[str, str, str]]:
    """What the ribbons of an arm's map over the whole run say, the widest first: from where, where to, and how many.

    The people are a mean with its 95% interval, in text. KeyError if there is no such arm.
    """
    say, found, rows = words(language), Moves.of(result, arm, None, None), list[tuple[str, str, str]]()
    for a, b in found.ribbons():
        at = a.code, b.code
        said, *limits = (
            found.people(float(each[at]), say, sign=False)
            for each in (found.moved, found.low, found.high)
            if math.isfinite(each[at])
        )
        if limits:
            said = say("{mean} ({low} to {high})", mean=said, low=limits[0], high=limits[1])
        rows.append((shown_name(a, say), shown_name(b, say), said))
    return rows


def known_arm(result: Result, arm: str) -> str:
    """The arm itself; KeyError if the comparison has no such arm."""
    if arm not in result.arms:
        raise KeyError(f"no arm {arm!r}; there are {', '.join(result.arms)}")
    return arm


def of_pool(a: Place, b: Place) -> bool:
    """Whether a ribbon leads into or out of a pool."""
    return "pool" in (a.kind, b.kind)


def _in_window(result: Result, window: int | None) -> tuple[int, int, Array, Array]:
    """First and last day, moves `(arms, replicates, from, to)` and who is there at the end `(arms, replicates, to)`."""
    every = result.data["moved"].transpose("arm", "replicate", "window", "from_place", "to_place").to_numpy()
    first, last = 0, result.days - 1
    if window is not None:
        if not 0 <= window < result.days:
            raise ValueError(f"no day {window}; the run has days 0 to {last}")
        number = window // COHORT_DAYS
        every = every[:, :, number : number + 1]
        first, last = number * COHORT_DAYS, min(last, (number + 1) * COHORT_DAYS - 1)
    moved = every.sum(axis=2).astype(float)
    moved[..., np.arange(moved.shape[-1]), np.arange(moved.shape[-1])] = 0.0
    return first, last, moved, every[:, :, -1].sum(axis=-2).astype(float)


def shown_name(place: Place, say: Words) -> str:
    """What a place is called on the map: outside in the reader's words, others as the scenario names them."""
    if not place.code:
        return say("outside")
    return place.name if can_draw(place.name) else say("place {number}", number=place.code)
