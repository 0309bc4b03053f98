"""Frames of worlds: which attributes frames have, and what they stand for in the run of a world."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trafficsim.engine.settings import ROWS, TABLES, Settings
from trafficsim.kernel.blocks import BLOCK, Masks
from trafficsim.kernel.columns import GROUPS, SWEPT, Columns, Member, Pushed, Sizes, Units, described, row_of
from trafficsim.kernel.frame import BY_PERIOD, DAILY, LAYOUT, NEVER, Frame, Kind
from trafficsim.market.calendar import WINDOW
from trafficsim.population.ties import Ties

NUMBERS = {"customers": "i8", "market": "f8", "mean_ties": "f8", "most_stars": "f8"}
"""What never changes: simulated customers, people of the market, acquaintances where everybody meets everybody (else
NaN), and KOL that there may be at any time."""
OF_THE_DAY = {"day": "i8", "demand": "f8", "changed": "i8"}
"""The day, its needs and visits as a multiple of ordinary days, and 1 if other settings were in force yesterday."""
WORKING = {"flags": "u1", "chosen": "i8", "number": "f8", "worths": "f8", "weights": "f8"}
"""Working memory: of the customers of a block, and of the places or slots between which one customer chooses."""


def _kinds() -> Iterator[tuple[str, Kind]]:
    """All attributes of frames."""

    def each(dtypes: Mapping[str, str | np.dtype[Any]], dimensions: int, changes: int = NEVER) -> Any:
        return ((name, Kind(np.dtype(dtype), dimensions, changes)) for name, dtype in dtypes.items())

    yield from each(NUMBERS, 0)
    yield from each(OF_THE_DAY | {"window": WINDOW}, 0, DAILY)
    yield from each({"tally": "i8"}, 2, DAILY)
    yield from each({"members_before": "i8", "members_after": "i8"}, 1, DAILY)
    yield from each({"indptr": "i4", "indices": "i4"} | WORKING, 1)
    yield from each({"sizes": "i8", "masks": "u8"}, 2)
    yield from each({name: row_of(group) for name, group in GROUPS.items() if group not in SWEPT}, 1)
    for name, group in GROUPS.items():
        for column, kind in described(group).items() if group in SWEPT else ():
            deep = kind.by_eight_places or group in (Member, Units, Pushed)
            yield column, Kind(np.dtype(kind.dtype), 2 if deep else 1, group=name)
    yield from each(TABLES, 1, BY_PERIOD)
    yield from each(ROWS, 0, BY_PERIOD)


for _name, _kind in _kinds():
    LAYOUT.declare(_name, _kind)


def frame(
    settings: Settings, columns: Columns, ties: Ties, sizes: Sizes, masks: Masks, tallies: NDArray[np.int64],
    members: NDArray[np.int64], first_day: int,
) -> Frame:  # fmt: skip
    """A frame over a world's columns and settings, with working memory of its own.

    Args:
        tallies: written, shape `(days, counters, width)`, from first_day on.
        members: written, shape `(days + 1, places)`: members before first_day, and at the end of each day.
        sizes, masks: written; threads that share a run share them.
    """
    made, days = Frame(settings.period), settings.period.size
    customers = columns.traits.fit.size
    most_stars = float(settings.kol["count"].max())
    for name, value in zip(
        NUMBERS, (customers, customers * settings.each_stands_for, settings.mean_ties, most_stars), strict=True
    ):
        made.bind(name, np.array(value, NUMBERS[name]))
    changed = np.diff(settings.period, prepend=-1) != 0
    for name, values in zip(OF_THE_DAY, (np.arange(days), settings.demand, changed), strict=True):
        made.bind(name, values.astype(OF_THE_DAY[name]))
    made.bind("window", settings.windows)
    made.bind("tally", tallies, first_day)
    made.bind("members_before", members[:-1], first_day)
    made.bind("members_after", members[1:], first_day)
    for name, held in (("indptr", ties.indptr), ("indices", ties.indices), ("sizes", sizes), ("masks", masks)):
        made.bind(name, held)
    lengths = (BLOCK, BLOCK, BLOCK, settings.places.shape[1], settings.slots.shape[1])
    for name, length in zip(WORKING, lengths, strict=True):
        made.bind(name, np.zeros(length, WORKING[name]))
    for (name, group), stored in zip(GROUPS.items(), columns.stored, strict=True):
        if group not in SWEPT:
            made.bind(name, stored, columns=getattr(columns, name))
        else:
            for column in described(group):
                made.bind(column, getattr(stored, column))
    for name in TABLES:
        made.bind(name, getattr(settings, name))
    for name in ROWS:
        made.bind(name, getattr(settings, name)[:, 0])
    return made
