"""Edge lists: CSV files with the header `a,b` and one pair of customer numbers per line, read without numba."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path


class EdgeError(ValueError):
    """An edge list that can't be used: the number of the line, from 1, and what is wrong there.

    What stands in a file is not repeated, but for numbers: it may be any file.
    """

    def __init__(self, name: str, line: int, says: str) -> None:
        self.line, self.says = line, says
        super().__init__(f"{name}:{line}: {says}")


def pairs(path: Path, n: int) -> Iterator[tuple[int, int]]:
    """The pairs of a file, each checked to be of customers 0 ... n - 1.

    Raises:
        OSError: if the file can't be read.
        EdgeError: at the first line that is not as it should be.
    """
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        yield from _checked(str(path), file, n)


def _checked(name: str, lines: Iterable[str], n: int) -> Iterator[tuple[int, int]]:
    rows = csv.reader(lines)
    from_one = True
    try:
        _check_header(name, next(rows, []))
        for row in rows:
            if row:
                pair = _pair(name, rows.line_num, row)
                from_one = from_one and 0 not in pair
                if max(pair) >= n:
                    asks = "numbered from 1? " if from_one and max(pair) == n else ""
                    raise EdgeError(name, rows.line_num, f"{asks}customers are numbered 0 to {n - 1} (got {max(pair)})")
                yield pair
    except csv.Error as error:
        raise EdgeError(name, rows.line_num, f"not CSV: {error}") from None


def _check_header(name: str, header: list[str]) -> None:
    if [cell.strip() for cell in header] == ["a", "b"]:
        return
    other = next((mark for mark in ";\t" if mark in "".join(header)), "")
    hint = f" (written with {'a tab' if other == chr(9) else other})" if other else ""
    raise EdgeError(name, 1, f"the header must be a,b{hint}")


def _pair(name: str, line: int, row: list[str]) -> tuple[int, int]:
    if len(row) != 2:
        says = "written with ;: a comma must stand between two customer numbers" if ";" in "".join(row) else ""
        raise EdgeError(name, line, says or f"must hold two customer numbers (got {len(row)} fields)")
    for cell in row:
        if not (cell.strip().isascii() and cell.strip().isdecimal() and len(cell) <= 40):
            raise EdgeError(name, line, "must be two whole numbers, 0 or more")
    return int(row[0]), int(row[1])
