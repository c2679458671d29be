"""Rent in force and what is expected, from the director's own workbook, to the cent."""

from datetime import date
from decimal import Decimal

import pytest

from tenants.leases import expecting, rent_roll
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def months(hub, **fields):
    found = expecting.forecast(hub, starts=date(2026, 11, 1), now=NOW)
    return found, {f"{month.first:%Y-%m}": month for month in found.months}


@pytest.mark.parametrize("day", [date(2026, 11, 21), date(2026, 11, 22)])
def test_the_rent_in_force_today_is_the_sum_of_four_leases(hub, day):
    roll = rent_roll.of_hub(hub, on=day)

    assert [(line.lease.number, line.terms.yearly) for line in roll.lines] == [
        ("HC-2018-01", Decimal("32997.63")), ("HC-2018-02", Decimal("32447.00")),
        ("HC-2019-01", Decimal("19359.00")), ("HC-2024-01", Decimal("20553.75")),
    ]  # fmt: skip
    assert (roll.yearly, roll.area) == (Decimal("105357.38"), Decimal("751.90"))
    assert roll.per_m2 == Decimal("140.12")  # 105357.38 / 751.90 = 140.1215…


def test_from_april_2027_the_room_of_hc_2027_01_counts_too(hub):
    assert rent_roll.of_hub(hub, on=date(2027, 3, 31)).yearly == Decimal("105357.38")
    assert rent_roll.of_hub(hub, on=date(2027, 4, 1)).yearly == Decimal("108793.78")  # + 24.20 × 142
    assert rent_roll.of_hub(hub, on=date(2027, 4, 1)).area == Decimal("776.10")


def test_the_leases_that_end_within_two_years_with_their_notice_dates(hub):
    found = rent_roll.ending(hub, starts=date(2026, 11, 1), until=date(2028, 10, 31))

    assert [(line.lease.number, line.lease.ends_on, line.notice_by) for line in found] == [
        ("HC-2018-01", date(2028, 8, 31), date(2027, 8, 31)),
        ("HC-2018-02", date(2028, 9, 30), date(2027, 9, 30)),
        ("HC-2027-01", date(2028, 9, 30), date(2027, 9, 30)),
    ]


def test_the_next_24_months_without_figures_count_only_the_fixed_percentage(hub):
    found, month = months(hub)

    assert len(found.months) == 24
    # 2749.80 + 2703.91 + 1613.25 + 1712.81: November of a year that leads
    assert (month["2026-11"].agreed, month["2026-11"].indexation) == (Decimal("8779.77"), Decimal("0.00"))
    assert [(each.lease.number, each.on, each.yearly) for each in found.known] == [
        ("HC-2019-01", date(2027, 2, 1), Decimal("19842.98")),
        ("HC-2019-01", date(2028, 2, 1), Decimal("20339.05")),
    ]
    assert {each.lease.number for each in found.unknown} == {"HC-2018-01", "HC-2018-02", "HC-2024-01"}
