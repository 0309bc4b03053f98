"""What Streamlit runs: the page, for the case and the mechanisms of one's own that the command line names."""

import sys

from trafficsim.app.page import show
from trafficsim.engine.extending import load_mechanisms

case, *mechanisms = sys.argv[1:] or [""]
load_mechanisms(mechanisms)
show(case or None)
