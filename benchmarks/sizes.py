"""How much is measured: for the page, or only to see that every part still works."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Sizes of all parts.

    Attributes:
        repeats: measurements of which the median is taken.
        complete: customers and days of the complete model; the year is asked of those with 365 days.
        linear: days on which all sizes are compared.
        mini: customers, and days that all engines run.
        mesa_repeats: fewer, since Mesa takes long.
        mechanisms: customers and days.
        growth: customers and days around which one thing at a time is changed.
        memory: customers for the memory, largest last.
        ensemble: customers, days and replicates.
        compare: replicates, customers and days of the comparison from the command line.
        starsim: agents of Starsim's SIR.
        floor: bytes to copy, and customers to draw for.
        more_pools: numbers of pools for the memory, beside one.
        whole_runs: whether runs from the command line are measured, compiling anew among them.
    """

    repeats: int
    complete: tuple[tuple[int, int], ...]
    linear: int
    mini: tuple[tuple[int, int], ...]
    mesa_repeats: int
    mechanisms: tuple[int, int]
    growth: tuple[int, int]
    memory: tuple[int, ...]
    ensemble: tuple[int, int, int]
    compare: tuple[int, int, int]
    starsim: tuple[int, ...]
    floor: tuple[int, int]
    more_pools: tuple[int, ...]
    whole_runs: bool


FULL = Sizes(
    repeats=3,
    complete=((10_000, 365), (100_000, 365), (1_000_000, 365), (10_000_000, 20)),
    linear=20,
    mini=((100_000, 30), (1_000_000, 10)),
    mesa_repeats=1,
    mechanisms=(100_000, 180),
    growth=(50_000, 120),
    memory=(100_000, 1_000_000, 10_000_000),
    ensemble=(30_000, 180, 8),
    compare=(32, 30_000, 365),
    starsim=(100_000, 1_000_000),
    floor=(400_000_000, 1_000_000),
    more_pools=(2, 4, 8),
    whole_runs=True,
)

QUICK = Sizes(
    repeats=1,
    complete=((1000, 10), (3000, 10)),
    linear=5,
    mini=((1000, 4),),
    mesa_repeats=1,
    mechanisms=(1000, 5),
    growth=(500, 4),
    memory=(1000,),
    ensemble=(300, 5, 2),
    compare=(2, 300, 30),
    starsim=(1000,),
    floor=(1_000_000, 10_000),
    more_pools=(8,),
    whole_runs=False,
)
