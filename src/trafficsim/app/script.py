"""What Streamlit runs: the page, for the case that the command line names."""

import sys

from trafficsim.app.page import show

show(sys.argv[1] if len(sys.argv) > 1 else None)
