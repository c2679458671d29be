"""What answers a wish: found in memory for everybody who waits, in a constant number of queries."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import cancelling, matching, waiting
from bookings.models import Booking
from spaces.models import Hub, Space
from spaces.periods import DAY, HOUR, Period
from tests import cast
from tests.bookings.deeds import Who, book, wait

pytestmark = pytest.mark.django_db
NOW = cast.NOW
LAST = date(2026, 12, 15)
WEEKS = [cast.between(f"2026-{day} 08:00", "12:00") for day in ("11-24", "12-01", "12-08", "12-15")]


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def room(hub: Hub) -> Space:
    """Taken on each Tuesday morning that people wait for."""
    cast.rate(hub)
    room = cast.space(hub)
    guest = cast.zzper(hub, "Vaste Gast")
    for week in WEEKS:
        book(room, guest, week)
    return room


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


def frees(room: Space, week: Period) -> None:
    booking = Booking.objects.booked().get(space=room, starts_at=week.start)
    cancelling.cancel(booking, by=booking.booked_by, now=NOW)


def test_what_is_free_already_is_told_at_once(room: Space, anna: Who) -> None:
    entry = wait(anna, until=LAST)
    assert waiting.free_now(entry, now=NOW) == []
    frees(room, WEEKS[1])

    assert waiting.free_now(entry, now=NOW) == [matching.Match(room, WEEKS[1])]


def test_it_is_known_how_often_such_a_time_came_free(room: Space, hub: Hub, anna: Who) -> None:
    tuesdays, other_room = wait(anna, until=LAST), wait(anna, space=cast.space(hub, "B04"))
    book(room, anna, cast.between("2026-11-26 08:00", "12:00"))
    book(room, anna, cast.between("2026-12-22 08:00", "11:00"))
    for week in (
        WEEKS[1],
        WEEKS[2],
        cast.between("2026-11-26 08:00", "12:00"),
        cast.between("2026-12-22 08:00", "11:00"),
    ):
        frees(room, week)

    assert matching.came_free(hub, [tuesdays, other_room], now=NOW + HOUR) == [2, 0]
    assert matching.came_free(hub, [tuesdays, other_room], now=NOW + 91 * DAY) == [0, 0]


def test_looking_costs_the_same_for_one_wish_or_many_and_for_few_bookings_or_many(
    room: Space, hub: Hub, anna: Who
) -> None:
    cast.space(hub, "B04", bookable=False)
    wait(anna, until=LAST)
    few = _queries()
    for number in range(4):
        who = cast.zzper(hub, f"Wachter {number}")
        wait(who, space=room, until=date(2026, 12, 1))
        wait(who, until=LAST)
    for week in range(20):
        start = cast.at("2027-01-05 08:00") + week * 7 * DAY
        book(room, anna, Period(start, start + 4 * HOUR))
        wait(anna, space=room, until=LAST - (week % 9) * DAY) if week < 9 else None

    assert _queries() == few == 13


def _queries() -> int:
    with CaptureQueriesContext(connection) as queries:
        assert waiting.offer_freed(now=NOW) == 0
    return len(queries)
