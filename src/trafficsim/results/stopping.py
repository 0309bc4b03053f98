"""How the number of replicates was found, where it was not given but followed from what the replicates said."""

from dataclasses import dataclass
from typing import Literal

from trafficsim.results import intervals

Aim = Literal["decided", "precise", "claims", ""]


@dataclass(frozen=True)
class Stopping:
    """Replicates were added until an aim was reached, or the most that were allowed.

    `aim`: every profit difference has a sign (decided) or is known within `share` of its size (precise), no claim is
    open (claims), or another one of the caller's (""). `together` is how many comparisons had to come out.
    """

    aim: Aim
    together: int
    share: float = 0.0
    reached: bool = False

    def level(self, confidence: float, replicates: int) -> float:
        """The confidence of each interval alone, so that with `confidence` all hold that were looked at.

        Looks are paid for by `intervals.at_every_look`; comparisons that had to come out together share what may go
        wrong (Bonferroni).
        """
        return intervals.at_every_look(intervals.of_each(confidence, self.together), replicates)
