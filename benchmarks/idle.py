"""A mechanism of one's own that does nothing, to measure what having one costs."""

from trafficsim.engine.extending import mechanism
from trafficsim.engine.own_day import Today


@mechanism("idle", after="purchasing")
class Idle:
    """Nothing at all."""

    def step(self, today: Today) -> None:
        """Do nothing."""
