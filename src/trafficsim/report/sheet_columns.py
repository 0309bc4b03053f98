"""What a sheet of a workbook is made of."""

from typing import Any, NamedTuple


class Column(NamedTuple):
    """A column: its heading, what its numbers are (keys of the workbook's formats, one or one a cell), its cells."""

    heading: str
    kind: str | list[str]
    cells: list[Any]


class Table(NamedTuple):
    """A sheet: its name and its columns, all equally long."""

    name: str
    columns: list[Column]
