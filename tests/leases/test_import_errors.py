"""One broken cell at a time: the error names its place and says what to do."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from tests.leases.workbooks import errors, read_with

ONE_CELL = [
    # rooms
    ("Ruimtes_E8", "veel", "“veel” is not a number"),
    ("Ruimtes_E8", -16.4, "negative"),
    ("Ruimtes_E8", None, "Fill in this cell"),
    ("Ruimtes_E8", "#REF!", "shows #REF! instead of a result"),
    ("Ruimtes_E8", "=A1/0", "shows =A1/0 instead of a result"),
    ("Ruimtes_E8", datetime(2026, 1, 16), "a number is expected, not a date"),
    ("Ruimtes_E8", 0, "needs its m²"),
    ("Ruimtes_E8", "1,500", "can be read in two ways"),
    ("Ruimtes_E8", 1e12, "too large"),
    ("Ruimtes_B8", None, "Fill in this cell"),
    ("Ruimtes_B8", "x" * 121, "longer than 120 characters"),
    ("Ruimtes_C8", "tussenverdieping", "is not a floor"),
    ("Ruimtes_D8", "spreekamer", "Do you mean “spreekkamer”?"),
    ("Ruimtes_D8", "zwembad", "Possible are: spreekkamer"),
    ("Ruimtes_F8", 0, "from 1 to 10000"),
    ("Ruimtes_F8", "veel", "not a number"),
    ("Ruimtes_F8", 2.5, "whole number"),
    ("Ruimtes_I8", "misschien", "neither yes nor no"),
    ("Ruimtes_J8", None, "Fill in this cell"),
    ("Ruimtes_A9", "B03", "already in row 8"),
    ("Ruimtes_H8", "B99", "no room with the code “B99”"),
    ("Ruimtes_H8", "B03", "cannot be part of itself"),
    # rates
    ("Tarieven_A4", "spreekkame", "Do you mean “spreekkamer”?"),
    ("Tarieven_A8", "B99", "no room with the code “B99”"),
    ("Tarieven_B4", "student", "Possible are: huurder, zzp-zorg, extern"),
    ("Tarieven_C4", "gratis", "not a number"),
    ("Tarieven_C4", -1, "negative"),
    ("Tarieven_F4", "19%", "not a VAT rate"),
    ("Tarieven_F4", 0, "not a VAT rate"),
    ("Tarieven_F14", None, "Fill in this cell"),
    ("Tarieven_G14", None, "why this VAT applies"),
    ("Tarieven_H4", "31-2-2026", "does not exist"),
    ("Tarieven_H6", date(2026, 1, 1), "Row 5 has a price"),
    # parties
    ("Partijen_B4", "kennis", "Possible are: huurder"),
    ("Partijen_F4", "twee", "not a number"),
    ("Partijen_F4", -2, "negative"),
    ("Partijen_H4", "facturen at ggd", "not an e-mail address"),
    ("Partijen_I4", "1801", "8 digits"),
    ("Partijen_I5", "00018101", "also belongs to “GGD IJsselland” in row 4"),
    ("Partijen_J4", "NL991000201B1", "VAT id looks like"),
    ("Partijen_J4", "NL991000202B01", "not right"),
    ("Partijen_K12", "belast", "says KOR"),
    ("Partijen_L4", "NL32 BNGH 9999 9001 11", "IBAN is not right"),
    ("Partijen_M4", "Voorbeeldlaan 2", "Write the address as"),
    ("Partijen_P9", "24-8-2027", "signed in the future"),
    ("Partijen_Q8", "BIG 123", "11 digits"),
    ("Partijen_R8", "31-6-2027", "does not exist"),
    ("Partijen_S4", "123", "20 digits"),
    # leases
    ("Huurcontracten_A5", "HC-2018-01", "already in row 4"),
    ("Huurcontracten_B4", "GGD Twente", "not on the sheet Partijen"),
    ("Huurcontracten_B4", "Diëtist gezocht", "not on the sheet Partijen"),
    ("Huurcontracten_C4", "B10, B99", "no room with the code “B99”"),
    ("Huurcontracten_C4", "B10, B10", "named twice"),
    ("Huurcontracten_C4", "B10, A01", "not lettable"),
    ("Huurcontracten_C9", "B01, B01A", "whole and part"),
    ("Huurcontracten_C9", "107", "107 is in contract HC-2018-02 (row 5)"),
    ("Huurcontracten_D4", "onbekend", "not a date"),
    ("Huurcontracten_E4", "31-8-2017", "before the first"),
    ("Huurcontracten_F4", "een jaar", "not a number"),
    ("Huurcontracten_G4", None, "Fill in this cell"),
    ("Huurcontracten_I4", "week", "Possible are: jaar, termijn"),
    ("Huurcontracten_K4", "halfjaar", "Possible are: maand, kwartaal"),
    ("Huurcontracten_L4", "herfst", "not a month"),
    ("Huurcontracten_L4", None, "a month is needed"),
    ("Huurcontracten_M4", "soms", "Possible are: geen"),
    ("Huurcontracten_N5", "tien", "not a number"),
    ("Huurcontracten_P4", "half", "Possible are: vrijgesteld"),
    ("Huurcontracten_Q8", None, "needs this in writing"),
    ("Huurcontracten_R8", None, "needs this in writing"),
    ("Huurcontracten_S8", None, "needs this in writing"),
    ("Huurcontracten_T8", None, "needs this in writing"),
    ("Huurcontracten_U4", -1, "negative"),
    # fixed half-days
    ("Vaste__dagdelen_A4", "Niemand", "not on the sheet Partijen"),
    ("Vaste__dagdelen_B4", "feestdag", "not a day of the week"),
    ("Vaste__dagdelen_B4", "zondag", "not open for all of this day part"),
    ("Vaste__dagdelen_C4", "nacht", "not a day part"),
    ("Vaste__dagdelen_D4", "B99", "no room with the code “B99”"),
    ("Vaste__dagdelen_D4", "B10", "let in contract HC-2018-01"),
    ("Vaste__dagdelen_E4", "32-9-2026", "does not exist"),
    ("Vaste__dagdelen_F4", "31-8-2026", "before the first"),
    ("Vaste__dagdelen_F6", "2-9-2026", "before the first"),
    ("Vaste__dagdelen_G4", None, "Fill in this cell"),
    ("Vaste__dagdelen_H4", "misschien", "Possible are: vervalt"),
    # the building
    ("Gebouw_B4", None, "Fill in this cell"),
    ("Gebouw_B7", "1234567", "8 digits"),
    ("Gebouw_B8", "991000108", "not a valid RSIN"),
    ("Gebouw_B9", "NL991000108B01", "not right"),
    ("Gebouw_B11", "NL91 ABNA 0417 1643 01", "IBAN is not right"),
    ("Gebouw_B12", "NL37ZZZ000180120001", "creditor id"),
    ("Gebouw_B14", "Hardenberg", "Write postal code and place"),
    ("Gebouw_B16", "beheer", "not an e-mail address"),
    ("Gebouw_B18", "veel", "not a number"),
    ("Gebouw_B20", 0, "from 1 to 365"),
    ("Gebouw_B21", "203", "as year and number"),
    ("Gebouw_B22", "Europe/Hardenberg", "time zone"),
    ("Gebouw_A26", "feestdag", "not a day of the week"),
    ("Gebouw_B26", "acht", "not a time"),
    ("Gebouw_B26", "24:00", "only be the end of a day"),
    ("Gebouw_C26", "25:00", "not a time"),
    ("Gebouw_C26", "07:00", "closes before it opens"),
    ("Gebouw_C26", None, "Fill in this cell"),
    ("Gebouw_B36", "12:00", "ends before it begins"),
    ("Gebouw_B37", "11:00", "overlaps with “ochtend”"),
    ("Gebouw_A37", "ochtend", "there twice"),
    ("Gebouw_A42", "31-2-2026", "does not exist"),
    ("Gebouw_B43", "3-1-2026", "before the first"),
    ("Gebouw_B43", "3-1-2037", "more than a year"),
    ("Gebouw_C42", "13:00", "not a range of hours"),
    ("Gebouw_C42", "17:00-13:00", "ends before it begins"),
    ("Gebouw_C43", "13:00-17:00", "is one day"),
    ("Gebouw_D42", None, "Fill in this cell"),
]


SHOWN_BESIDE = {"Gebouw_B36": "Gebouw C36"}


@pytest.mark.parametrize(("cell", "value", "sentence"), ONE_CELL)
def test_a_wrong_cell_is_an_error_at_its_own_place(cell: str, value: Any, sentence: str):
    _draft, findings = read_with(**{cell: value})

    sheet, _, name = cell.replace("__", " ").partition("_")
    place = SHOWN_BESIDE.get(cell, f"{sheet} {name}")
    assert sentence in dict(errors(findings)).get(place, ""), errors(findings)


def test_all_errors_come_at_once_in_the_order_of_the_workbook():
    _draft, findings = read_with(
        Vaste__dagdelen_D4="B99",
        Ruimtes_E8="veel",
        Gebouw_B7="1",
        Partijen_L4="NL00",
        Ruimtes_D6="hok",
        Tarieven_H4="31-2-2026",
    )

    assert [place for place, _text in errors(findings)] == [
        "Gebouw B7",
        "Ruimtes D6",
        "Ruimtes E8",
        "Tarieven H4",
        "Partijen L4",
        "Vaste dagdelen D4",
    ]
    header = findings.errors[2].place
    assert (header.sheet, header.row, header.letter, header.header) == ("Ruimtes", 8, "E", "m² VVO")


def test_a_row_that_is_wrong_elsewhere_can_still_be_referred_to():
    _draft, findings = read_with(Ruimtes_E15="veel")

    assert [place for place, _text in errors(findings)] == ["Ruimtes E15"]


def test_rooms_in_a_circle_are_named():
    _draft, findings = read_with(Ruimtes_H4="B01A")

    assert ("Ruimtes H4", "These rooms are part of one another in a circle: B01 → B01A → B01.") in errors(
        findings
    )


def test_parts_must_add_up_to_their_whole():
    _draft, findings = read_with(Ruimtes_E5=60)

    assert errors(findings) == [
        ("Ruimtes E4", "The parts of B01 add up to 116,25 m², but the whole says 118,40 m². Make them equal.")
    ]


def test_a_part_that_is_not_lettable_in_a_lettable_whole_is_an_error():
    _draft, findings = read_with(Ruimtes_I5="nee")

    assert [place for place, _text in errors(findings)] == ["Ruimtes I5"]


def test_a_lease_of_a_half_and_one_of_the_whole_overlap():
    _draft, findings = read_with(Huurcontracten_C9="B01", Huurcontracten_C4="B01A")

    assert (
        "Huurcontracten C9",
        "B01A is in contract HC-2018-01 (row 4) in the same time. Mend the rooms or the dates.",
    ) in errors(findings)


def test_two_half_days_in_one_room_at_one_time_are_an_error():
    _draft, findings = read_with(
        Vaste__dagdelen_B5="di", Vaste__dagdelen_C5="ochtend", Vaste__dagdelen_D5="B06"
    )

    assert [place for place, _text in errors(findings)] == ["Vaste dagdelen D5"]


@pytest.mark.parametrize("position", ["vrijgesteld (zorg)", "KOR", "Zorgvrijgesteld"])
def test_opted_letting_is_refused_for_who_cannot_deduct(position: str):
    _draft, findings = read_with(Partijen_K6=position)

    assert [place for place, _text in errors(findings)] == ["Huurcontracten P8"]


def test_a_lease_in_a_room_that_is_not_lettable_does_not_hide_other_errors():
    _draft, findings = read_with(Huurcontracten_C4="A01", Huurcontracten_E4="31-8-2017")

    assert [place for place, _text in errors(findings)] == ["Huurcontracten C4", "Huurcontracten E4"]


def test_opening_hours_that_overlap_on_a_day_are_an_error():
    _draft, findings = read_with(Gebouw_A30="maandag", Vaste__dagdelen_B7="maandag")

    assert [place for place, _text in errors(findings)] == ["Gebouw B30"]


def test_times_come_in_every_shape():
    draft, findings = read_with(
        Gebouw_B26=8,
        Gebouw_B27="7u30",
        Gebouw_B28=0.375,
        Gebouw_B29="8 uur",
        Gebouw_C26="24:00",
        Gebouw_C27=timedelta(days=1),
        Gebouw_C28="22.00 uur",
        Gebouw_C29=time(21, 30),
    )

    assert errors(findings) == []
    assert [day["hours"] for day in draft.opening[:4]] == [
        ((time(8), time(0)),),
        ((time(7, 30), time(0)),),
        ((time(9), time(22)),),
        ((time(8), time(21, 30)),),
    ]
