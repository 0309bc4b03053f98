"""Tables as they lie in a file: rows of cells with the numbers of their rows, from CSV or Excel."""

import csv
import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trafficsim.data.errors import DataError, Fault

MAX_BYTES = 64 << 20
"""A larger file is no table of counts by date, nor an order log of a small firm (assumed)."""
ENCODINGS = ("utf-8-sig", "gb18030")
"""Chinese Excel writes CSV in the second unless asked for UTF-8."""
MARKS = (",", "\t", ";", "，")
"""What may stand between cells."""
FIRST_LINES = 20
"""In which what stands between cells is looked for."""
COMMENT = "#"
"""A row that begins so says what the columns mean; it is left out."""
EXCEL = (".xlsx", ".xlsm")


class MissingExcelError(ValueError):
    """openpyxl, which reads and writes workbooks, is not installed."""


@dataclass(frozen=True)
class Row:
    """One row: its number in the file, from 1, and its cells: text, or what Excel holds."""

    number: int
    cells: tuple[Any, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return all(cell is None or not str(cell).strip() for cell in self.cells)


def rows_of(path: Path, label: str | None = None) -> list[Row]:
    """The rows of a CSV or Excel file (its first sheet), without empty ones and comments.

    `label` names the file in messages.

    Raises:
        DataError: if it is missing, unreadable, too large or no table.
        MissingExcelError: for an Excel file where openpyxl is not installed.
    """
    name = label or str(path)
    content = _content(path, name)
    rows = _workbook(content, name) if path.suffix.lower() in EXCEL else _csv(content, name)
    kept = [row for row in rows if not (row.is_empty or str(row.cells[0]).lstrip().startswith(COMMENT))]
    if not kept:
        raise _whole(name, "holds no rows")
    return kept


def require_openpyxl() -> None:
    """MissingExcelError, which says what to install, if Excel files can't be read here."""
    try:
        import openpyxl  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise MissingExcelError(
            "an Excel file needs openpyxl, which is not installed; save it as CSV or install it with: "
            "pip install 'trafficsim[excel]'"
        ) from None


def _content(path: Path, name: str) -> bytes:
    if path.exists() and not path.is_file():
        raise _whole(name, "not a regular file")
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _whole(name, "no such file") from None
    except (OSError, ValueError) as error:
        raise _whole(name, f"can't be read: {getattr(error, 'strerror', None) or error}") from None
    if len(content) > MAX_BYTES:
        raise _whole(name, f"larger than {MAX_BYTES >> 20} MiB")
    if path.suffix.lower() == ".xls" or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _whole(name, "an old Excel file; save it as .xlsx or .csv")
    if path.suffix.lower() not in EXCEL and content.startswith(b"PK\x03\x04"):
        raise _whole(name, "an Excel file by its content; name it .xlsx")
    return content


def _csv(content: bytes, name: str) -> Iterable[Row]:
    text = _decoded(content, name)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text))
    try:
        # Excel marks its first line with the separator: sep=;
        return [Row(lines.line_num, tuple(cells)) for cells in lines if not _names_mark(cells)]
    except csv.Error as error:
        raise DataError(name, [Fault(lines.line_num, 0, "", f"not CSV: {error}")]) from None


def _names_mark(cells: list[str]) -> bool:
    return bool(cells) and cells[0].strip().lower().startswith("sep=")


def _mark(text: str) -> str:
    """What stands between cells: what stands most often in the first lines, comments apart."""
    lines = [line for line in text.splitlines() if not line.lstrip(' "').startswith(COMMENT)]
    first = "\n".join(lines[:FIRST_LINES])
    return max(MARKS, key=lambda mark: (first.count(mark), -MARKS.index(mark)))


def _decoded(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        candidates = ENCODINGS
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text
    raise _whole(name, "is no text; save the table as CSV (UTF-8) or .xlsx")


def _workbook(content: bytes, name: str) -> Iterable[Row]:
    require_openpyxl()
    import openpyxl  # noqa: PLC0415 - an extra, and slow to import

    try:
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        sheet = book.worksheets[0]
        return [Row(number, tuple(cells)) for number, cells in enumerate(sheet.iter_rows(values_only=True), 1) if cells]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, IndexError, OSError, SyntaxError, AttributeError):
        raise _whole(name, "not a readable Excel workbook") from None


def _whole(name: str, says: str) -> DataError:
    return DataError(name, [Fault(0, 0, "", says)])
