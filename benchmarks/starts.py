"""Starting: help, import, a warm run, and compiling everything anew, each in a process of its own."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from statistics import median

from benchmarks import children
from benchmarks.complete import comparison_text
from benchmarks.sizes import Sizes
from benchmarks.tables import NOT_MEASURED, Table, Value
from benchmarks.timing import Time

WORDS = """\
From starting the process to its end. A warm run finds compiled code in the cache folder, a cold one finds the folder
empty; the difference is what compiling everything takes, once for each version and machine."""
RUN = ["-m", "trafficsim", "run", "restaurant", "--arm", "both"]
HELP, WARM = "`trafficsim --help`", "warm: `trafficsim run restaurant --arm both`"
COMMANDS = {
    "`python -c pass`": ["-c", "pass"],
    "import trafficsim": ["-c", "import trafficsim"],
    "import trafficsim, load a scenario": ["-c", "import trafficsim as ts; ts.load('restaurant')"],
    "import trafficsim.TrafficModel (Mesa)": ["-c", "from trafficsim import TrafficModel"],
    HELP: ["-m", "trafficsim", "--help"],
    "`trafficsim check restaurant`": ["-m", "trafficsim", "check", "restaurant"],
}
COLD, COMPILING = "the same, cold", "compiling everything (cold less warm)"
COMPARE = "warm: `trafficsim compare`, 3 arms"


def measure(sizes: Sizes) -> list[Table]:
    """A row for each command."""
    rows = _medians(COMMANDS, sizes.repeats)
    if sizes.whole_runs:
        rows |= _whole_runs(sizes)
    else:
        rows |= {name: _unknown() for name in (WARM, COLD, COMPILING, compare_row(sizes))}
    return [Table("starts", "Starting, and whole commands", WORDS, rows)]


def _medians(commands: Mapping[str, list[str]], repeats: int) -> dict[str, dict[str, Value]]:
    taken: dict[str, list[Time]] = {name: [] for name in commands}
    for _ in range(repeats):
        for name, arguments in commands.items():
            taken[name].append(children.run(arguments)[0])
    return {name: _row(times) for name, times in taken.items()}


def _whole_runs(sizes: Sizes) -> dict[str, dict[str, Value]]:
    children.run(RUN)  # compiled code is in the cache
    rows = _medians({WARM: RUN}, sizes.repeats)
    rows |= _cold(rows[WARM])
    rows[compare_row(sizes)] = _row([_compare(*sizes.compare) for _ in range(sizes.repeats)])
    return rows


def compare_row(sizes: Sizes) -> str:
    """How the row of the comparison is named."""
    replicates, customers, days = sizes.compare
    return f"{COMPARE} x {replicates} replicates x {customers:,} customers x {days} days"


def _row(times: list[Time]) -> dict[str, Value]:
    return {"s": median(t.wall for t in times), "CPU s": median(t.cpu for t in times)}


def _unknown() -> dict[str, Value]:
    return {"s": NOT_MEASURED, "CPU s": NOT_MEASURED}


def _cold(warm: dict[str, Value]) -> dict[str, dict[str, Value]]:
    """Once is enough: it takes long, and varies little."""
    with tempfile.TemporaryDirectory() as folder:
        row = _row([children.run(RUN, {"TRAFFICSIM_CACHE_DIR": folder})[0]])
    return {COLD: row, COMPILING: {column: float(row[column]) - float(warm[column]) for column in row}}


def _compare(replicates: int, customers: int, days: int) -> Time:
    """The comparison that a user would ask for, with everything that it writes."""
    stand_for = 30_000_000 // customers
    settings = {"customers.count": customers, "customers.each_stands_for": stand_for, "days": days}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "complete.yaml"
        file.write_text(comparison_text(), "utf-8")
        options = ["--replicates", f"{replicates}", "--out", f"{folder}/compared"]
        options += [f"--set={path}={value}" for path, value in settings.items()]
        return children.run(["-m", "trafficsim", "compare", str(file), *options])[0]
