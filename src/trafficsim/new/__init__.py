"""A scenario of one's own: a few questions, and a commented file to start from."""

from trafficsim.new.asking import Terminal, write_new
from trafficsim.new.drafting import new_scenario
from trafficsim.new.questions import KINDS, Kind

__all__ = ["KINDS", "Kind", "Terminal", "new_scenario", "write_new"]
