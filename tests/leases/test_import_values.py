"""Amounts, dates, rates and hours as people type them, and what is only a remark."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook

from tests.leases import workbooks
from tests.leases.workbooks import edited, errors, read, read_with, remarks


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
