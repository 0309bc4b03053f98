"""What a part of the benchmarks hands over: tables of numbers, with the words that explain them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Value = float | str
NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Table:
    """Rows of numbers under columns that carry their unit; a text stands where there is no number, and says why.

    Attributes:
        name: by which targets and readers find it.
        title, words: for the page.
        rows: for each row its name and its values by column.
    """

    name: str
    title: str
    words: str
    rows: Mapping[str, Mapping[str, Value]]

    def number(self, row: str, column: str) -> float | None:
        """A number, or None where none was measured."""
        value = self.rows.get(row, {}).get(column)
        return value if isinstance(value, float) else None


def markdown(table: Table) -> Iterator[str]:
    """The lines of a table on a page."""
    columns = list(dict.fromkeys(column for row in table.rows.values() for column in row))
    yield from (f"## {table.title}", "", table.words, "")
    yield f"| | {' | '.join(columns)} |"
    yield f"| --- |{' ---: |' * len(columns)}"
    for name, row in table.rows.items():
        yield f"| {name} | {' | '.join(shown(row.get(column, '')) for column in columns)} |"
    yield ""


def shown(value: Value) -> str:
    """A number with three digits that count, and no exponent."""
    if isinstance(value, str):
        return value
    if abs(value) >= 100.0:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 10.0 else f"{value:.1f}"


def population(customers: int) -> str:
    """How rows name a number of customers."""
    return f"{customers:,} customers"
