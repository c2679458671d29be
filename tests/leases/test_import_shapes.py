"""The same hub in other shapes: what a director's Excel may look like and still be read."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

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
                data = data.replace(
                    f"<f>{formula}</f><v />".encode(), f"<f>{formula}</f><v>{result}</v>".encode()
                )
                data = data.replace(
                    f"<f>{formula}</f><v/>".encode(), f"<f>{formula}</f><v>{result}</v>".encode()
                )
            new.writestr(part, data)
    return saved.getvalue()


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("€ 1.234,56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("EUR 12,-", "12"),
        ("12,50 euro", "12.50"),
        ("€\u00a012,50 excl. btw", "12.50"),
        (12.5, "12.50"),
        ("n.v.t.", None),
        ("-", None),
        ("1.234", "1234"),
        (" 12 ", "12"),
    ],
)
def test_amounts(typed: Any, amount: str | None):
    draft, findings = read_with(Tarieven_C4=typed)

    assert errors(findings) == []
    assert draft.rates[0]["per_hour"] == (Decimal(amount) if amount else None)


def test_an_amount_of_more_than_two_decimals_is_rounded_and_told():
    draft, findings = read_with(Tarieven_C4=12.345)

    assert draft.rates[0]["per_hour"] == Decimal("12.35")
    assert ("Tarieven C4", "More than two decimals: rounded to 12,35.") in remarks(findings)


@pytest.mark.parametrize(
    "typed",
    [
        "1-9-2018",
        "01/09/2018",
        "1 sept 2018",
        "1 september 2018",
        "2018-09-01",
        "1-sep-18",
        "1.9.2018",
        "zaterdag 1 september 2018",
        "1-9-'18",
        datetime(2018, 9, 1),
        date(2018, 9, 1),
        "2018-09-01 00:00:00",
    ],
)
def test_dates(typed: Any):
    draft, findings = read_with(Huurcontracten_D4=typed)

    assert errors(findings) == []
    assert draft.leases[0]["starts_on"] == date(2018, 9, 1)


@pytest.mark.parametrize("typed", ["21%", 21, "21", "21 %", 0.21, "21,0%"])
def test_vat_rates(typed: Any):
    draft, _findings = read_with(Tarieven_F14=typed)

    assert (draft.rates[10]["vat_rate"], draft.rates[10]["vat_treatment"]) == (Decimal(21), "service_own")


def test_vat_of_a_meeting_room_is_that_of_meeting_rooms():
    draft, _findings = read(workbooks.real())

    treatments = {(rate.key[2], rate["vat_treatment"]) for rate in draft.rates if rate["vat_rate"]}
    assert treatments == {
        ("b08", "service_own"),
        ("meeting_room", "meeting_taxed"),
        ("b01", "meeting_taxed"),
        ("b01a", "meeting_taxed"),
        ("b01b", "meeting_taxed"),
    }


def test_opening_hours_for_several_days_in_one_row():
    def together(book: Workbook) -> None:
        sheet = book["Gebouw"]
        sheet["A26"] = "maandag t/m vrijdag"
        for row in range(27, 31):
            for column in "ABC":
                sheet[f"{column}{row}"] = None

    draft, findings = read(edited(together))
    assert errors(findings) == []
    assert [len(day["hours"]) for day in draft.opening] == [1, 1, 1, 1, 1, 1, 0]


def test_an_unknown_feature_is_added_with_a_remark():
    draft, findings = read_with(Ruimtes_G8="wifi, openhaard; Wi-Fi")

    assert draft.space_index["b03"]["features"] == {"wifi", "openhaard"}
    assert [place for place, _text in remarks(findings) if place == "Ruimtes G8"] == ["Ruimtes G8"]


def test_a_total_that_differs_from_the_building_is_a_remark():
    _draft, findings = read_with(Gebouw_B18="1.450,00")

    assert (
        "Ruimtes E",
        "The lettable rooms add up to 1.500,00 m², the sheet Gebouw says 1.450,00 m². Check both.",
    ) in remarks(findings)
    assert errors(findings) == []


def test_a_duplicate_party_that_differs_names_the_columns():
    _draft, findings = read_with(Partijen_L15="NL09ABNA9999900633")

    text = dict(remarks(findings))["Partijen A15"]
    assert text.endswith("They differ in: IBAN. Check which is right.")


def test_the_same_name_with_another_number_is_an_error():
    _draft, findings = read_with(Partijen_I15="00018299")

    assert [place for place, _text in errors(findings)] == ["Partijen I15"]


def test_a_bookable_room_without_a_price_is_a_remark():
    def free(book: Workbook) -> None:
        for row in range(20, 23):
            for column in "ABCDEFGHI":
                book["Tarieven"][f"{column}{row}"] = None

    _draft, findings = read(edited(free))
    assert [place for place, _text in remarks(findings) if place.startswith("Ruimtes A")] == [
        "Ruimtes A33",
        "Ruimtes A34",
    ]
