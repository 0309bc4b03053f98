"""python -m benchmarks: measure, and print or write the page."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import complete, engines, ensembles, floor, growth, mechanisms, memory, page, starsim_sir, starts
from benchmarks.sizes import FULL, QUICK, Sizes
from benchmarks.tables import Table
from trafficsim.files.whole import write_whole

Part = Callable[[Sizes], list[Table]]


def parts(starsim_python: str | None = None) -> dict[str, Part]:
    """All parts by name, in the order of the page."""
    return {
        "floor": floor.measure,
        "complete": complete.measure,
        "engines": engines.measure,
        "starsim": lambda sizes: starsim_sir.measure(sizes, starsim_python),
        "memory": memory.measure,
        "starts": starts.measure,
        "mechanisms": mechanisms.measure,
        "growth": growth.measure,
        "ensembles": ensembles.measure,
    }


def measure(chosen: Sequence[Part], sizes: Sizes) -> dict[str, Table]:
    """The tables of these parts, by name."""
    found: dict[str, Table] = {}
    for part in chosen:
        found |= {table.name: table for table in part(sizes)}
    return found


def main(arguments: Sequence[str] | None = None) -> None:
    """Read arguments, measure, tell."""
    options = _options(arguments)
    sizes = QUICK if options.quick else FULL
    all_parts = parts(options.starsim_python)
    chosen = [_announced(name, all_parts[name]) for name in all_parts if name in (options.only or all_parts)]
    found = measure(chosen, sizes)
    if options.write:
        write_whole(options.write, page.markdown(found, sizes))
        write_whole(options.write.with_suffix(".json"), page.raw(found, sizes))
    else:
        print(page.markdown(found, sizes), end="")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Measure speed and memory in one run.")
    parser.add_argument("--quick", action="store_true", help="tiny sizes, to see that every part works")
    parser.add_argument("--only", nargs="+", choices=list(parts()), metavar="NAME", help=f"of {', '.join(parts())}")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="write the page, and a .json beside it")
    parser.add_argument("--starsim-python", metavar="PATH", help="the Python of an environment that has Starsim")
    options = parser.parse_args(arguments)
    if options.write and options.only:
        parser.error("a page holds all parts: give --write or --only, not both")
    return options


def _announced(name: str, part: Part) -> Part:
    def measured(sizes: Sizes) -> list[Table]:
        begin = time.perf_counter()
        print(f"{name} ...", file=sys.stderr, end="", flush=True)
        tables = part(sizes)
        print(f" {time.perf_counter() - begin:.0f} s", file=sys.stderr)
        return tables

    return measured


if __name__ == "__main__":
    main()
