"""The command line: arguments become calls of the functions that anyone can call from Python.

Exit status: 0 done, 1 failed while running, 2 bad input. Each command is in the file of its name. Slow imports stand
inside the functions that need them, so that `--help` and `check` answer at once.
"""

from trafficsim.cli.commands import main

__all__ = ["main"]
