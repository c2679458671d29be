"""A table as a file: its cells rounded as their columns say."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from bookings.occupancy.tables import Column, Kind, Table
from spaces import spreadsheet

CENTS = Decimal("0.01")
IN_CENTS = {Kind.EURO, Kind.PERCENT, Kind.AREA}


def written(table: Table) -> bytes:
    """The table as CSV; see `spaces.spreadsheet`. Amounts, areas and percentages have two decimals, other numbers all.

    The totals are left out: a spreadsheet adds up by itself.
    """
    rows = (list(_row(table.columns, row.cells)) for row in table.rows)
    return spreadsheet.written([[column.label for column in table.columns], *rows])


def _row(columns: Iterable[Column], cells: Iterable[Any]) -> Iterator[Any]:
    for column, value in zip(columns, cells, strict=True):
        yield _rounded(value, column) if isinstance(value, Decimal) else value


def _rounded(value: Decimal, column: Column) -> Decimal:
    return value.quantize(CENTS) if column.kind in IN_CENTS else value.normalize()
