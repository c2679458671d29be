"""Opening a workbook that a stranger may have made: size, content and depth are checked before it is parsed."""

import io
import math
import re
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tenants.leases.hub_import import parts
from tenants.leases.hub_import.parts import MAX_COLUMNS, MAX_ROWS
from tenants.leases.hub_import.refusals import NotAWorkbook

MAX_BYTES = 5 * 1024 * 1024
MAX_LETTERS = 4_000
"""Of one cell; the rest is not even read. No column takes more than half of it."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Broken:
    """A cell whose formula has no result, or an Excel error such as #REF!."""

    shown: str


@dataclass
class Grid:
    """A sheet as values: row → column → value, both from 1; empty cells are left out, texts are tidied."""

    title: str
    rows: dict[int, dict[int, Any]] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    headings: frozenset[int] = frozenset()


def read(content: bytes) -> list[Grid]:
    """The visible and hidden sheets of an .xlsx file, in order. Raises NotAWorkbook."""
    _refuse_by_content(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts.refuse(archive)
        book = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
        results = (
            load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            if _has_formulas(book)
            else book
        )
    except NotAWorkbook:
        raise
    except Exception as error:  # openpyxl raises whatever its parser meets: KeyError, ValueError, TypeError…
        raise NotAWorkbook(
            _("This workbook is damaged. Open it in Excel, save it again as .xlsx and try once more.")
        ) from error
    return [_grid(sheet, results[sheet.title]) for sheet in book.worksheets]


def tidy(text: str) -> str:
    """Without no-break, zero-width and double spaces and without empty lines, with plain apostrophes.

    Empty lines by the thousand would keep a pattern busy for hours.
    """
    text = unicodedata.normalize("NFC", text[:MAX_LETTERS])
    text = re.sub(r"[\u200b-\u200d\u2060\ufeff]", "", text)
    text = re.sub(r"[\u2018\u2019\u201b`\u00b4]", "'", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _refuse_by_content(content: bytes) -> None:
    if not content:
        raise NotAWorkbook(_("This file is empty. Choose the workbook (.xlsx) of the hub."))
    if len(content) > MAX_BYTES:
        raise NotAWorkbook(
            _("This file is larger than 5 MB. Remove pictures and sheets that Plein does not need.")
        )
    if content.startswith(_OLE) and "EncryptedPackage".encode("utf-16-le") in content:
        raise NotAWorkbook(
            _("This workbook is locked with a password. Take the password off in Excel and save it again.")
        )
    if content.startswith(_OLE):
        raise NotAWorkbook(
            _("This is an old Excel file (.xls). Open it in Excel and save it as “Excel workbook (.xlsx)”.")
        )
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise NotAWorkbook(
            _(
                "This is not an Excel workbook (.xlsx). Open the list in Excel and save it as “Excel workbook (.xlsx)”."
            )
        )


def _has_formulas(book: Any) -> bool:
    return any(cell.data_type == "f" for sheet in book.worksheets for cell in _cells(sheet))


def _cells(sheet: Worksheet) -> Iterator[Cell]:
    if sheet.max_row > MAX_ROWS or sheet.max_column > MAX_COLUMNS:
        raise NotAWorkbook(
            _(
                "Sheet “%(sheet)s” reaches to row %(row)d, column %(column)d. Delete empty rows and columns; "
                "at most %(rows)d rows and %(columns)d columns are read."
            )
            % {
                "sheet": sheet.title,
                "row": sheet.max_row,
                "column": sheet.max_column,
                "rows": MAX_ROWS,
                "columns": MAX_COLUMNS,
            }
        )
    # iter_rows would make all cells in between: 300,000 for one cell in the far corner of each sheet
    cells = sheet._cells  # noqa: SLF001
    for place in sorted(cells):
        yield cells[place]


def _grid(sheet: Worksheet, results: Worksheet) -> Grid:
    grid = Grid(sheet.title.strip())
    for cell in _cells(sheet):
        value = _value(cell, results)
        if value not in (None, ""):
            grid.rows.setdefault(cell.row, {})[cell.column] = value
    _fill_down(sheet, grid)
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    grid.hidden_rows = frozenset(hidden & grid.rows.keys())
    grid.headings = frozenset(
        area.min_row for area in sheet.merged_cells.ranges if area.max_col - area.min_col >= 2
    )
    return grid


def _value(cell: Cell, results: Worksheet) -> Any:
    value = cell.value
    if cell.data_type == "f":
        value = results.cell(row=cell.row, column=cell.column).value
        if value is None:
            return Broken(str(cell.value))
    if isinstance(value, float) and not math.isfinite(value):
        return Broken(str(value))
    if isinstance(value, str):
        return Broken(value) if cell.data_type == "e" or re.fullmatch(r"#[A-Z/0!?]+", value) else tidy(value)
    return value


def _fill_down(sheet: Worksheet, grid: Grid) -> None:
    """A cell merged over several rows stands in each of them."""
    for area in sheet.merged_cells.ranges:
        value = grid.rows.get(area.min_row, {}).get(area.min_col)
        if value is None or area.min_col != area.max_col:
            continue
        for number in range(area.min_row + 1, area.max_row + 1):
            if number in grid.rows:
                grid.rows[number][area.min_col] = value
