"""m² let, hours booked, and the one figure over both; exact."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from spaces import claiming, occupancy, usage
from spaces.models import Hub, Space, SpaceKind
from spaces.periods import Period, local_day, local_days, local_month
from spaces.usage import HeatCell, Occupancy
from tests import areas, cast
from tests.cast import AMSTERDAM, NOW, at, between

pytestmark = pytest.mark.django_db
TUESDAY = local_day(date(2026, 11, 24), zone=AMSTERDAM)
NOVEMBER = local_month(date(2026, 11, 1), zone=AMSTERDAM)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


def book(
    space: Space, period: Period, holder: str = "booking:1", kind: str = "booking", **fields: Any
) -> None:
    claiming.take([space], period=period, kind=kind, holder=holder, now=NOW, **fields)


def let(*spaces: Space, start: str, end: str | None = None, number: int = 1) -> None:
    """From the start of a day until the end of the last day."""
    until = local_day(date.fromisoformat(end), zone=AMSTERDAM).end if end else None
    claiming.take_until(
        spaces, starts_at=at(f"{start} 00:00"), ends_at=until, kind="lease", holder=f"lease:{number}", now=NOW
    )


def measure(hub: Hub, *, period: Period) -> Occupancy:
    return occupancy.use_of(occupancy.read(hub, period=period), period=period)


def office(hub: Hub, code: str, area: str, **fields: Any) -> Space:
    return cast.space(hub, code, area_m2=Decimal(area), kind=SpaceKind.OFFICE, **{"bookable": False} | fields)


def locplus(hub: Hub) -> None:
    """The m² of the LOC+ hub and its six leases, one of them ended and one still to begin."""
    leases = [
        ("2018-09-01", "2028-08-31", ["238.25"]),
        ("2018-10-01", "2028-09-30", ["228.50"]),
        ("2019-02-15", "2029-02-14", ["143.40"]),
    ]
    for number, (start, end, sizes) in enumerate(leases):
        let(
            *(office(hub, f"L{number}{n}", area) for n, area in enumerate(sizes)),
            start=start,
            end=end,
            number=number,
        )
    usg = [office(hub, "201", "77.15"), office(hub, "203", "64.60")]
    let(usg[0], start="2018-10-01", end="2023-12-31", number=7)
    let(*usg, start="2024-01-01", end="2028-12-31", number=8)
    let(office(hub, "108", "24.20"), start="2027-04-01", end="2028-09-30", number=9)
    pool = cast.space(hub, "111", area_m2=Decimal("26.40"), bookable=False)
    for desk in range(4):
        cast.space(hub, f"111-{desk}", parent=pool, area_m2=Decimal("6.60"))
    cast.meeting_area(hub)
    office(hub, "211", "579.10")
    office(hub, "A01", "86.40", lettable=False)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 21), "751.90"),
        (date(2027, 3, 31), "751.90"),
        (date(2027, 4, 1), "776.10"),
        (date(2029, 2, 15), "0.00"),
    ],
)
def test_the_area_let_on_a_day(hub: Hub, day: date, expected: str) -> None:
    locplus(hub)

    assert areas.let(hub, on=day) == Decimal(expected)


def test_the_lettable_area_counts_each_m2_once(hub: Hub) -> None:
    locplus(hub)

    assert areas.lettable(hub) == Decimal("1500.00")
    share = usage.percentage(areas.let(hub, on=date(2026, 11, 21)), Decimal(1500))
    assert share is not None
    assert share.quantize(Decimal("0.01")) == Decimal("50.13")


def test_an_empty_hub_has_no_area_and_no_share(hub: Hub) -> None:
    assert (areas.lettable(hub), areas.let(hub, on=date(2026, 11, 21))) == (0, 0)
    assert measure(hub, period=TUESDAY).share is None


def test_a_part_week_lease_is_not_let_area_but_booked_time(hub: Hub) -> None:
    room = cast.space(hub)
    book(room, between("2026-11-24 08:00", "12:00"), "fixed:1", kind="lease")

    use = measure(hub, period=TUESDAY).per_space[0]

    assert areas.let(hub, on=date(2026, 11, 24)) == 0
    assert (use.open_hours, use.leased_hours, use.booked_hours) == (14, 0, 4)


def test_flexible_occupancy_is_booked_hours_over_open_hours_of_bookable_rooms(hub: Hub) -> None:
    room, _empty = cast.space(hub), cast.space(hub, "B04")
    office(hub, "101", "58.35")
    book(room, between("2026-11-24 08:00", "15:00"))

    measured = measure(hub, period=TUESDAY)

    assert (measured.flex_open_hours, measured.flex_booked_hours, measured.flex_rate) == (28, 7, 25)


def test_a_whole_counts_as_its_parts(hub: Hub) -> None:
    whole, half_a, _half_b = cast.meeting_area(hub)
    book(whole, between("2026-11-24 08:00", "12:00"))
    book(half_a, between("2026-11-24 13:00", "15:00"), "booking:2")

    measured = measure(hub, period=TUESDAY)

    assert (measured.flex_open_hours, measured.flex_booked_hours) == (28, 10)
    assert measured.booked_m2h == Decimal("62.15") * 6 + Decimal("56.25") * 4


def test_closures_are_taken_off_the_hub_and_off_one_room(hub: Hub) -> None:
    room, _other = cast.space(hub), cast.space(hub, "B04")
    cast.closure(hub, between("2026-11-24 18:00", "22:00"))
    book(room, between("2026-11-24 08:00", "10:00"), "closure:1", kind="closure")

    measured = measure(hub, period=TUESDAY)

    assert [use.open_hours for use in measured.per_space] == [8, 10]


def test_time_outside_opening_hours_counts_for_nothing(hub: Hub) -> None:
    book(cast.space(hub), between("2026-11-24 06:00", "10:00"))

    assert measure(hub, period=TUESDAY).flex_booked_hours == 2


def test_holds_do_not_count_not_even_those_that_hide_a_booking(hub: Hub) -> None:
    room = cast.space(hub)
    book(room, between("2026-11-24 08:00", "12:00"))
    book(room, between("2026-11-24 12:00", "14:00"), "booking:2", kind="hold", expires_at=NOW)
    afternoon = between("2026-11-24 10:00", "22:00")

    assert measure(hub, period=afternoon).flex_booked_hours == 2


def test_a_bookable_room_under_lease_is_no_flexible_room_for_that_time(hub: Hub) -> None:
    room = cast.space(hub)
    let(room, start="2026-11-24", end="2026-11-24")

    measured = measure(hub, period=local_days(date(2026, 11, 24), date(2026, 11, 25), zone=AMSTERDAM))

    assert (measured.flex_open_hours, measured.leased_m2h) == (14, 14 * Decimal("16.40"))


def test_the_one_figure_joins_leases_and_bookings_in_m2_hours(hub: Hub) -> None:
    let(office(hub, "101", "60.00"), start="2018-10-01")
    office(hub, "208", "20.00")
    book(cast.space(hub, "B03", area_m2=Decimal("20.00")), between("2026-11-24 08:00", "15:00"))
    office(hub, "A01", "86.40", lettable=False)

    measured = measure(hub, period=TUESDAY)

    assert (measured.open_m2h, measured.leased_m2h, measured.booked_m2h) == (1400, 840, 140)
    assert measured.share == 70


def test_a_month_of_leases_is_never_more_than_all_of_it(hub: Hub) -> None:
    let(office(hub, "101", "58.35"), start="2018-10-01")

    assert measure(hub, period=NOVEMBER).share == 100


@pytest.mark.parametrize(
    ("month", "hours"),
    [
        (date(2026, 3, 1), 22 * 14 + 4 * 8),
        (date(2026, 10, 1), 22 * 14 + 5 * 8),
        (date(2028, 2, 1), 21 * 14 + 4 * 8),
    ],
)
def test_months_with_a_clock_change_and_a_leap_day_have_their_real_hours(
    hub: Hub, month: date, hours: int
) -> None:
    cast.space(hub)

    assert measure(hub, period=local_month(month, zone=hub.zone)).flex_open_hours == hours


def test_the_night_the_clock_goes_back_counts_twenty_five_hours(hub: Hub) -> None:
    cast.opening(hub, 6, 0, 24)
    room = cast.space(hub)
    night = local_day(date(2026, 10, 25), zone=AMSTERDAM)
    book(room, night)

    measured = measure(hub, period=night)

    assert (measured.flex_open_hours, measured.flex_booked_hours) == (25, 25)
    cells = occupancy.heat(occupancy.read(hub, period=night), period=night)
    assert cells[6, 2] == HeatCell(Decimal(2), Decimal(2))


def test_the_heat_map_counts_hours_of_each_weekday(hub: Hub) -> None:
    room, _other = cast.space(hub), cast.space(hub, "B04")
    book(room, between("2026-11-24 08:30", "10:00"))
    book(room, between("2026-11-17 08:00", "09:00"), "booking:2")

    cells = occupancy.heat(occupancy.read(hub, period=NOVEMBER), period=NOVEMBER)

    assert (cells[1, 8], cells[1, 9], cells[0, 8].rate) == (
        HeatCell(Decimal(8), Decimal("1.5")),
        HeatCell(Decimal(8), Decimal(1)),
        0,
    )
    assert (6, 12) not in cells
    assert (
        sum(cell.booked_hours for cell in cells.values()) == measure(hub, period=NOVEMBER).flex_booked_hours
    )


@pytest.mark.parametrize("rooms", [1, 3])
def test_measuring_takes_the_same_queries_however_many_rooms(
    hub: Hub, rooms: int, django_assert_num_queries: Any
) -> None:
    for number in range(rooms):
        book(cast.space(hub, f"F{number}"), between("2026-11-24 08:00", "12:00"), f"booking:{number}")
        let(office(hub, f"L{number}", "10.00"), start="2020-01-01", number=number)

    with django_assert_num_queries(3):
        measured = measure(hub, period=NOVEMBER)
    assert len(measured.per_space) == 2 * rooms
