"""The same hub in other shapes: what a director's Excel may look like and still be read."""

import io
import re
import zipfile

import pytest
from openpyxl import Workbook

from tests.leases import workbooks
from tests.leases.workbooks import KNOWN_REMARKS, edited, errors, read, read_with, remarks


def same_as_the_real_one(content: bytes) -> list[str]:
    """No errors and the same things; returns the places of the remarks that are new."""
    draft, findings = read(content)
    real, _findings = read(workbooks.real())
    assert errors(findings) == []
    assert [(kind, [thing.values for thing in things]) for kind, things in draft.kinds()] == [
        (kind, [thing.values for thing in things]) for kind, things in real.kinds()
    ]
    return [place for place, _text in remarks(findings) if place not in KNOWN_REMARKS]


def test_the_real_workbook_has_no_errors_and_four_remarks():
    _draft, findings = read(workbooks.real())

    assert errors(findings) == []
    assert [place for place, _text in remarks(findings)] == KNOWN_REMARKS


def test_columns_in_another_order():
    def turn_round(book: Workbook) -> None:
        for sheet in book.worksheets[1:]:
            for area in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(area))
            for row in sheet.iter_rows(min_row=3):
                values = [cell.value for cell in row]
                for cell, value in zip(row, reversed(values), strict=True):
                    cell.number_format = "General"
                    cell.value = value

    assert len(same_as_the_real_one(edited(turn_round))) == len(KNOWN_REMARKS)


def test_a_table_lower_on_its_sheet():
    def push(book: Workbook) -> None:
        for sheet in book.worksheets:
            for area in list(sheet.merged_cells.ranges):
                sheet.unmerge_cells(str(area))
            sheet.insert_rows(1, amount=7)
            sheet["A2"] = "vertrouwelijk"

    draft, findings = read(edited(push))
    assert (errors(findings), len(draft.spaces), len(draft.rates), len(draft.fixed)) == ([], 47, 31, 4)


def test_sheets_with_other_names_and_an_extra_one():
    def rename(book: Workbook) -> None:
        for sheet, title in zip(
            book.worksheets,
            ["GEBOUW ", "ruimten", "Tarieven 2026", " partijen", "Huur contracten", "vaste Dagdelen"],
            strict=True,
        ):
            sheet.title = title
        book.create_sheet("Kladblok")["A1"] = "niet vergeten"

    draft, findings = read(edited(rename))
    assert errors(findings) == []
    assert (len(draft.rates), len(draft.leases)) == (31, 6)
    assert ("Kladblok", "Plein does not know this sheet; it is not read.") in remarks(findings)


def test_optional_columns_that_are_missing_say_nothing():
    draft, findings = read(edited(lambda book: book["Ruimtes"].delete_cols(11)))

    assert errors(findings) == []
    assert "note" not in draft.spaces[0].values


def test_a_required_column_that_is_missing_is_one_error():
    def drop(book: Workbook) -> None:
        book["Ruimtes"]["E3"] = "Opp."

    _draft, findings = read(edited(drop))
    assert errors(findings) == [("Ruimtes 3", "The column “m² VVO” is missing. Add it with this header.")]


def test_a_misspelled_header_is_recognised_in_the_error():
    _draft, findings = read_with(Ruimtes_C3="Verdiping")

    assert "Is it the column “Verdiping”?" in errors(findings)[0][1]


def test_a_column_twice_is_an_error():
    _draft, findings = read_with(Ruimtes_L3="Code")

    assert errors(findings) == [("Ruimtes L3", "This column is there twice. Keep one of them.")]


@pytest.mark.parametrize(
    "sheet", ["Gebouw", "Ruimtes", "Tarieven", "Partijen", "Huurcontracten", "Vaste dagdelen"]
)
def test_a_sheet_that_is_missing_is_an_error(sheet: str):
    _draft, findings = read(edited(lambda book: book.remove(book[sheet])))

    assert sheet in [place for place, _text in errors(findings)]


def test_an_empty_workbook_is_one_error():
    def clear(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet.delete_rows(1, 60)

    _draft, findings = read(edited(clear))
    assert errors(findings) == [("", "This workbook is empty.")]


def test_hidden_rows_are_read_and_told():
    def hide(book: Workbook) -> None:
        book["Ruimtes"].row_dimensions[8].hidden = True

    assert same_as_the_real_one(edited(hide)) == ["Ruimtes A8"]


def test_a_floor_merged_over_several_rows_counts_for_each():
    assert same_as_the_real_one(edited(lambda book: book["Ruimtes"].merge_cells("C25:C40"))) == []


def test_headings_and_totals_inside_a_table_are_passed_over():
    def decorate(book: Workbook) -> None:
        sheet = book["Ruimtes"]
        sheet["A24"] = "Eerste verdieping"
        sheet.merge_cells("A24:H24")
        sheet["A53"], sheet["E53"] = "Totaal", 1772.4

    assert same_as_the_real_one(edited(decorate)) == ["Ruimtes A24", "Ruimtes A53"]


def test_a_row_with_one_cell_is_one_error():
    _draft, findings = read_with(Ruimtes_A53="B99")

    assert errors(findings) == [
        ("Ruimtes A53", "Only this cell of the row is filled in. Complete the row, or clear it.")
    ]


def test_spaces_of_every_kind_are_ignored():
    draft, findings = read_with(
        Ruimtes_A8="\u00a0B03 ",
        Ruimtes_D8="Spreek\u200bkamer\u00a0",
        Partijen_B8="ZZP\u2019er",
        Ruimtes_I8=True,
    )

    assert errors(findings) == []
    assert draft.space_index["b03"]["kind"] == "consult_room"


def test_a_formula_counts_with_its_result():
    content = with_formula_result("Ruimtes", "E8", "8.2*2", 16.4)

    assert same_as_the_real_one(content) == []


def with_formula_result(sheet: str, cell: str, formula: str, result: float) -> bytes:
    """openpyxl never writes results, so the XML is mended as Excel would have it."""
    content = workbooks.with_cells({f"{sheet}!{cell}": f"={formula}"})
    name = f"xl/worksheets/sheet{['Gebouw', 'Ruimtes'].index(sheet) + 1}.xml"
    saved = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(saved, "w") as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == name:
                empty = rb"(<f>" + re.escape(formula).encode() + rb"</f>)<v(?: ?/>|></v>)"
                data = re.sub(empty, rb"\g<1><v>%a</v>" % result, data)
            new.writestr(part, data)
    return saved.getvalue()
