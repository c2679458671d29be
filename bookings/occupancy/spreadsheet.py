"""A table as a file that Excel opens rightly in the Netherlands: semicolons, decimal commas, never a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from bookings.occupancy.tables import Column, Kind, Table

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes a spreadsheet take text for a formula (OWASP, CSV injection)."""
CENTS = Decimal("0.01")


def written(table: Table) -> bytes:
    """The table as CSV in UTF-8 with a byte order mark. Numbers are exact, percentages have two decimals.

    Moments are on the clock of the active zone. The totals are left out: a spreadsheet adds up by itself.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_text(column.label) for column in table.columns])
    writer.writerows(_row(table.columns, row.cells) for row in table.rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _row(columns: Iterable[Column], cells: Iterable[Any]) -> list[str]:
    return [_cell(column, cell) for column, cell in zip(columns, cells, strict=True)]


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int):
        return _number(Decimal(value), cents=column.kind in (Kind.EURO, Kind.PERCENT, Kind.AREA))
    return _text(str(value))


def _number(value: Decimal, *, cents: bool) -> str:
    exact = value.quantize(CENTS) if cents else value
    plain = f"{exact:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain and not cents else plain).replace(".", ",")


def _text(value: str) -> str:
    """Text that cannot run: what looks like a formula gets an apostrophe before it."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value
