"""Nonsense anywhere in a workbook is told; it never breaks the reading."""

import random
from datetime import date, datetime, time, timedelta

import pytest
from openpyxl import Workbook
from openpyxl.cell import MergedCell

from tenants.leases.hub_import import plan
from tests.cast import NOW
from tests.leases.workbooks import edited, read

ODD = [
    None,
    "",
    "x",
    -1,
    0,
    2.5,
    1e300,
    True,
    datetime(2026, 1, 1, 13, 5),
    date(1899, 12, 31),
    time(8),
    timedelta(hours=30),
    "=A1",
    "#N/A",
    "31-2-2026",
    "€ -5",
    "1.2.3",
    "B03",
    101,
    "x" * 5000,
    "n.v.t.",
    "１２",
    "½",
    "²",
    "24:00",
    "8:60",
    "a\nb",
    "B01, B02",
    "1-1-9999",
    "KOR",
    "' or 1=1",
    "<b>x</b>",
    "%s %(x)s {0}",
    "100%",
    "vast",
    "vast x%",
    "t/m",
    "-",
    "13:00-13:00",
    "2026-0000",
    "😀",
    "I" * 40,
    -0.0,
    1e-9,
    0.1 + 0.2,
    46000,
    "maandag t/m",
    "99",
]
STRUCTURE = ("delete_rows", "delete_cols", "insert_rows", "insert_cols")


def spoil(book: Workbook, chance: random.Random) -> None:
    for _ in range(8):
        sheet = chance.choice(book.worksheets)
        cell = sheet.cell(chance.randint(1, sheet.max_row), chance.randint(1, sheet.max_column))
        if not isinstance(cell, MergedCell):
            cell.value = chance.choice(ODD)
    sheet = chance.choice(book.worksheets)
    getattr(sheet, chance.choice(STRUCTURE))(chance.randint(1, min(sheet.max_row, sheet.max_column)))


@pytest.mark.parametrize("seed", range(40))
def test_a_spoiled_workbook_is_read_to_its_end(seed: int):
    draft, findings = read(edited(lambda book: spoil(book, random.Random(seed))))

    if not findings.errors:
        plan.figures(draft, today=NOW.date())
    assert all(finding.text and finding.place.in_words for finding in findings.errors)
