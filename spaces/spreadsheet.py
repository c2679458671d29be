"""Rows as a file that Excel opens rightly in the Netherlands: semicolons, decimal commas, never a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
FORMULA_STARTS = ("=", "+", "-", "@")
"""What makes a spreadsheet take text for a formula, also after blanks (OWASP, CSV injection)."""
CELL_STARTS = ("\t", "\r", "\n")
"""With these a spreadsheet may begin another cell or row."""


def written(rows: Iterable[Iterable[object]]) -> bytes:
    """These rows as CSV in UTF-8 with a byte order mark. Numbers are exact; None is an empty cell.

    Moments are on the clock of the active zone, to the minute. Text that a spreadsheet could take for a formula
    gets an apostrophe before it.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | int):
        return f"{Decimal(value):f}".replace(".", ",")
    return _text(str(value))


def _text(value: str) -> str:
    acts = value.startswith(CELL_STARTS) or value.lstrip().startswith(FORMULA_STARTS)
    return f"'{value}" if acts else value
