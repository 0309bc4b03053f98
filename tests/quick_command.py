"""Programs for `python -c` that are the command line and begin sooner."""

WITHOUT_DASK = """
import sys
sys.modules["dask"] = None  # where it is installed xarray loads it, which is a fifth of a small comparison
from trafficsim import cli
{}
cli.main()
"""
"""The command as where the extra `[dask]` is not installed; what stands in the brackets is done before."""

NOTHING_MORE = WITHOUT_DASK.format("")

WITHOUT_PICTURES = WITHOUT_DASK.format("""
from matplotlib.figure import Figure
from trafficsim import plots
from trafficsim.report import page
page.drawings, plots.overview = lambda *_: ([], []), lambda *_, **__: Figure()
""")
"""The same, which also draws nothing."""
