"""python -m trafficsim: the same as the command trafficsim."""

from trafficsim.cli import main

main()
