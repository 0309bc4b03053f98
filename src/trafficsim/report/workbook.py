"""A workbook of all tables of a comparison, written whole; the same result gives the same bytes."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trafficsim.data.tables import MissingExcelError
from trafficsim.files.whole import write_whole
from trafficsim.market.currencies import decimals
from trafficsim.report.sheet_columns import Column, Table
from trafficsim.report.sheets import tables
from trafficsim.results import Result
from trafficsim.results.labelled import labelled
from trafficsim.words.language import Language

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

WIDEST, NARROWEST = 60, 9
"""Characters of a column."""
_FORMATS = {"ratio": "#,##0.00", "count": "#,##0.0", "share": "0.0%", "day": "0.0", "whole": "#,##0", "text": "General"}
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of everything inside, the first that a ZIP archive can hold."""


def require_excel() -> None:
    """MissingExcelError, which says what to install, if workbooks can't be written here."""
    try:
        import openpyxl  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise MissingExcelError(
            "a workbook needs openpyxl, which is not installed; install it with: pip install 'trafficsim[excel]'"
        ) from None


def write_workbook(
    result: Result, path: str | Path, confidence: float = 0.95, language: Language | None = None
) -> None:
    """Write all tables of a result as an Excel workbook, whole or not at all; the same result gives the same bytes.

    Args:
        result: of `compare`.
        path: file to write, ending in .xlsx.
        confidence: of all intervals.
        language: "en" or "zh", instead of the scenario's.

    Raises:
        MissingExcelError: without openpyxl (the extra `excel`).
        OSError: if the file can't be written.
    """
    require_excel()
    shown = tables(labelled(result), confidence, language)
    write_whole(Path(path), _dateless(_saved(shown, decimals(result.currency))))


def _saved(sheets: Iterable[Table], places: int) -> bytes:
    from openpyxl import Workbook  # noqa: PLC0415 - an extra

    book = Workbook()
    book.remove(book.active)
    formats = {**_FORMATS, "money": "#,##0" + "." * (places > 0) + "0" * places}
    for table in sheets:
        _fill(book.create_sheet(table.name), table.columns, formats)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(sheet: Worksheet, columns: list[Column], formats: Mapping[str, str]) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 - an extra
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - the same

    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number, column.heading)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        kinds = [column.kind] * len(column.cells) if isinstance(column.kind, str) else column.kind
        for row, (value, kind) in enumerate(zip(column.cells, kinds, strict=True), 2):
            cell = sheet.cell(row, number, _plain(value))
            cell.number_format = formats[kind]
            cell.data_type = (
                "s" if isinstance(value, str) else cell.data_type
            )  # a name that begins with = is no formula
        sheet.column_dimensions[get_column_letter(number)].width = _width(column)


def _plain(value: Any) -> Any:
    """What a cell can hold: nothing for what has no value, text for a day that never comes."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "∞"
    return value


def _width(column: Column) -> float:
    """Wide enough for the values, and for the heading in two lines; Chinese characters are two wide."""
    longest = max(
        (_wide(f"{value:,.2f}" if isinstance(value, float) else str(value)) for value in column.cells), default=0
    )
    return float(min(WIDEST, max(NARROWEST, longest + 2, _wide(column.heading) / 2 + 2)))


def _wide(text: str) -> int:
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


def _dateless(book: bytes) -> bytes:
    """The same archive without the time of its making."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:(\w+)[^>]*>)[^<]*", rb"\g<1>1980-01-01T00:00:00Z", content)
            new.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
