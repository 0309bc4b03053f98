"""The edge list that a scenario may name: read before anything runs."""

from functools import lru_cache
from pathlib import Path

from trafficsim.population.edges import EdgeError, pairs
from trafficsim.scenario.beside import refused
from trafficsim.scenario.errors import Mistake, Where
from trafficsim.scenario.tree import Node
from trafficsim.words.language import Sentence


def ties_file_found(base: Node, folder: Path) -> tuple[list[Mistake], list[Sentence]]:
    """What is wrong with the edge list of a scenario, if it names one, and what is to be asked about it."""
    node, count = base.at(("customers", "ties", "file")), base.at(("customers", "count"))
    if node is None or not isinstance(node.value, str):
        return [], []
    file = folder / node.value
    if says := refused(file, folder):
        return [node.mistake(says)], []
    if count is None or not isinstance(count.value, int) or count.value < 1:
        return [], []
    about = file.stat()
    line, says, zero = _read(file, about.st_mtime_ns, about.st_size, count.value)
    if says:
        return [Mistake(Where(node.value, line, 1), "", says)], []
    asks = Sentence.say("{file} doesn't name customer 0: ids run from 0, not from 1.", file=node.value)
    return [], [] if zero else [asks]


@lru_cache(maxsize=8)
def _read(file: Path, _changed: int, _size: int, customers: int) -> tuple[int, str, bool]:
    """Line and words of the first fault, if any, and whether customer 0 occurs; cached, since scenarios are varied."""
    zero = False
    try:
        for pair in pairs(file, customers):
            zero = zero or 0 in pair
    except EdgeError as error:
        return error.line, error.says, zero
    except OSError as error:
        return 0, f"can't be read: {error.strerror}", zero
    return 0, "", zero
