"""What a spreadsheet gets to read."""

import csv
import io
from decimal import Decimal

import pytest
from django.utils import timezone

from spaces import spreadsheet
from tests.cast import AMSTERDAM, NOW


def read(*rows: list[object]) -> list[list[str]]:
    text = spreadsheet.written(rows).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.parametrize(
    "name", ["=1+1", "+31", "-x", "@sum", " =2", "  +3", "\N{NO-BREAK SPACE}@x", "\t=1", "\tx", "\rx", "\nx"]
)
def test_text_never_becomes_a_formula(name: str) -> None:
    assert read([name]) == [[f"'{name}"]]


@pytest.mark.parametrize("name", ["", "Accare; Assen", 'zei "ja"', "a=b", "3 - 4", " gewoon"])
def test_other_text_stays_as_it_is(name: str) -> None:
    assert read([name, "x"]) == [[name, "x"]]


def test_numbers_days_and_moments_are_what_excel_expects_in_the_netherlands() -> None:
    with timezone.override(AMSTERDAM):
        rows = read([Decimal("-1234.50"), 7, Decimal("1E+2"), NOW.date(), NOW, None])

    assert rows == [["-1234,50", "7", "100", "2026-11-21", "2026-11-21 12:00", ""]]


def test_the_file_says_that_it_is_utf_8() -> None:
    assert spreadsheet.written([["é"]]) == b"\xef\xbb\xbf" + "é\r\n".encode()
