"""The real workbook, and copies of it with something else in a cell."""

import io
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

from tenants.leases.hub_import import reading, workbook
from tenants.leases.hub_import.findings import Findings
from tenants.leases.hub_import.wanted import Draft
from tests.cast import NOW

PATH = Path(__file__).parents[2] / "config/demo/locplus.xlsx"


@cache
def real() -> bytes:
    return PATH.read_bytes()


def edited(edit: Callable[[Workbook], object]) -> bytes:
    """The workbook after `edit` has had it."""
    book = load_workbook(io.BytesIO(real()))
    edit(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def with_cells(cells: Mapping[str, Any]) -> bytes:
    """with_cells({"Ruimtes!E8": "veel"})"""

    def edit(book: Workbook) -> None:
        for place, value in cells.items():
            sheet, cell = place.split("!")
            book[sheet][cell] = value

    return edited(edit)


def read(content: bytes) -> tuple[Draft, Findings]:
    return reading.read(workbook.read(content), now=NOW)


def read_with(**cells: Any) -> tuple[Draft, Findings]:
    """read_with(Ruimtes_E8="veel"); a sheet name with a space is written with two underscores."""
    named = {key.replace("__", " ").replace("_", "!"): value for key, value in cells.items()}
    return read(with_cells(named))


def errors(findings: Findings) -> list[tuple[str, str]]:
    """("Ruimtes E8", "sentence") for each error."""
    return [(told(finding.place), finding.text) for finding in findings.errors]


def remarks(findings: Findings) -> list[tuple[str, str]]:
    return [(told(finding.place), finding.text) for finding in findings.remarks]


def told(place: Any) -> str:
    return f"{place.sheet} {place.letter}{place.row or ''}".strip()


KNOWN_REMARKS = ["Ruimtes E", "Partijen T3", "Partijen A15", "Huurcontracten E6"]
