"""Studies: questions asked of a scenario, each a function."""

from trafficsim.study.comparison import compare
from trafficsim.study.leaning import lean
from trafficsim.study.solving import Solution, solve
from trafficsim.study.sweeping import sweep
from trafficsim.study.swept import SweepResult

__all__ = ["Solution", "SweepResult", "compare", "lean", "solve", "sweep"]
