"""The month a page of the director is about."""

import pytest

from bookings.occupancy.months import Month
from tests.cast import AMSTERDAM, NOW

NOVEMBER = Month.named("2026-11", zone=AMSTERDAM, now=NOW)


@pytest.mark.parametrize("name", ["", "volgende maand", "2026-13", "0001-01", "9999-12", "2026-11-01"])
def test_a_month_that_is_none_is_this_month(name: str) -> None:
    assert Month.named(name, zone=AMSTERDAM, now=NOW) == NOVEMBER


@pytest.mark.parametrize(
    ("name", "day", "before", "after"),
    [
        ("2026-11", "2026-11-21", "2026-10", "2026-12"),
        ("2026-12", "2026-12-01", "2026-11", "2027-01"),
        ("2027-01", "2027-01-01", "2026-12", "2027-02"),
        ("2024-02", "2024-02-29", "2024-01", "2024-03"),
    ],
)
def test_a_month_knows_its_neighbours_and_the_day_nearest_to_today(
    name: str, day: str, before: str, after: str
) -> None:
    month = Month.named(name, zone=AMSTERDAM, now=NOW)

    assert (month.name, str(month.day), month.before.name, month.after.name) == (name, day, before, after)
