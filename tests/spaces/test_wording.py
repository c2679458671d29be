"""Amounts, days and times read as people write them, in both languages."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils.translation import override
from hypothesis import given, settings
from hypothesis import strategies as st

from spaces import wording
from tests.cast import at, between

DUTCH, ENGLISH = override("nl"), override("en")
TODAY = date(2026, 11, 21)
cents = st.integers(-10_000_000, 10_000_000).map(lambda amount: Decimal(amount) / 100)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("37.50", "€\u00a037,50"),
        ("1234.56", "€\u00a01.234,56"),
        ("1234567.891", "€\u00a01.234.567,89"),
        ("-5", "\u2212\u2060€\u00a05,00"),
        ("0", "€\u00a00,00"),
        ("-0.004", "€\u00a00,00"),
        ("20.125", "€\u00a020,13"),
    ],
)
def test_an_amount_reads_alike_in_dutch_and_english(amount: str, written: str) -> None:
    with DUTCH:
        dutch = wording.euro(Decimal(amount))
    with ENGLISH:
        english = wording.euro(Decimal(amount))

    assert (dutch, english) == (written, written)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(cents)
def test_a_written_amount_can_be_read_back(amount: Decimal) -> None:
    written = wording.euro(amount)

    digits = (
        written.replace("\u2060", "")
        .replace("€\u00a0", "")
        .replace(".", "")
        .replace(",", ".")
        .replace("\u2212", "-")
    )
    assert Decimal(digits) == amount


def test_a_float_is_no_amount() -> None:
    with pytest.raises(TypeError):
        wording.euro(37.5)  # type: ignore[arg-type]


def test_numbers_read_alike_in_both_languages_as_amounts_do() -> None:
    with DUTCH:
        dutch = [
            wording.m2(Decimal("16.4")),
            wording.number(Decimal("1234.5")),
            wording.percent(Decimal("50.13")),
        ]
    with ENGLISH:
        english = [wording.m2(Decimal("16.4")), wording.number(Decimal("1234.5")), wording.percent(21)]

    assert dutch == ["16,40\u00a0m²", "1.234,5", "50,13\u00a0%"]
    assert english == ["16,40\u00a0m²", "1.234,5", "21\u00a0%"]


def test_whole_tens_keep_their_zeros() -> None:
    assert [wording.number(value) for value in (10, 100, Decimal("1E+2"), Decimal("-2.50"))] == [
        "10",
        "100",
        "100",
        "\u22122,5",
    ]


def test_a_day_is_written_out_with_its_year_when_it_is_another() -> None:
    day, next_year = date(2026, 11, 24), date(2027, 1, 5)

    with DUTCH:
        dutch = [wording.day(day, today=TODAY), wording.day(next_year, today=TODAY), wording.day(day)]
    with ENGLISH:
        english = wording.day(day, today=TODAY)

    assert dutch == ["dinsdag 24 november", "dinsdag 5 januari 2027", "dinsdag 24 november 2026"]
    assert english == "Tuesday 24 November"


@pytest.mark.parametrize(
    ("period", "written"),
    [
        (between("2026-11-24 09:00", "12:00"), "dinsdag 24 november, 09:00–12:00"),
        (between("2026-11-24 18:00", "24:00"), "dinsdag 24 november, 18:00–24:00"),
        (
            between("2026-11-24 22:00", "2026-11-25 02:00"),
            "dinsdag 24 november, 22:00 – woensdag 25 november, 02:00",
        ),
        (between("2026-12-31 22:00", "24:00"), "donderdag 31 december, 22:00–24:00"),
        (between("2026-11-24 00:00", "24:00"), "dinsdag 24 november, hele dag"),
        (
            between("2026-12-24 00:00", "2027-01-04 00:00"),
            "donderdag 24 december tot en met zondag 3 januari 2027",
        ),
    ],
)
def test_a_period_is_one_phrase_in_the_zone_of_the_hub(period: object, written: str) -> None:
    with DUTCH:
        assert wording.period(period, today=TODAY) == written  # type: ignore[arg-type]


def test_the_filters_say_nothing_for_nothing() -> None:
    page = Template(
        "{% load plein %}[{{ none|euro }}{{ none|day }}{{ none|clock }}{{ none|period }}{{ none|m2 }}"
        "{{ none|percent }}{{ none|hours }}{{ none|tell }}{{ none|number }}]"
    )

    assert page.render(Context({"none": None})) == "[]"


def test_the_filters_write_what_the_functions_write() -> None:
    page = Template(
        "{% load plein %}{{ amount|euro }} · {{ start|clock }} · {{ area|m2 }} · {{ share|percent }}"
    )

    with DUTCH:
        written = page.render(
            Context(
                {
                    "amount": Decimal("37.5"),
                    "start": at("2026-11-24 09:00"),
                    "area": Decimal("6.6"),
                    "share": 50,
                }
            )
        )

    assert written == "€\u00a037,50 · 09:00 · 6,60\u00a0m² · 50\u00a0%"


def test_an_open_ended_row_says_from_when() -> None:
    class Lease:
        starts_at = at("2026-11-24 00:00")
        ends_at = None

    with ENGLISH:
        assert wording.period(Lease(), today=TODAY) == "from Tuesday 24 November, 00:00"


def test_one_hour_is_singular() -> None:
    with ENGLISH:
        assert [wording.hours(1), wording.hours(Decimal("1.5")), wording.hours(0)] == [
            "1 hour",
            "1,5 hours",
            "0 hours",
        ]


def test_hours_of_a_length_in_a_sentence_are_exact() -> None:
    assert wording.number(Decimal(timedelta(minutes=45) // timedelta(seconds=1)) / 3600) == "0,75"


def test_little_room_still_names_the_month_and_the_year() -> None:
    with DUTCH:
        dutch = [wording.short_date(TODAY), wording.short_month(TODAY)]
    with ENGLISH:
        english = [wording.short_date(TODAY), wording.short_month(TODAY)]

    assert (dutch, english) == (["21 nov 2026", "nov"], ["21 Nov 2026", "Nov"])
