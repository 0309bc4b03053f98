"""Studies: questions asked of a scenario, each a function."""

from trafficsim.study.comparison import compare

__all__ = ["compare"]
