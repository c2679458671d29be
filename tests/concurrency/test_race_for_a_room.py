"""Sixteen people want the same room at the same time, sixty times over, through the real use-case."""

from uuid import uuid4

import pytest

from bookings import reserving
from bookings.models import Booking
from bookings.refusals import TimeTaken
from spaces.models import Space
from spaces.periods import DAY, Period
from tenants.parties.models import Party, User
from tests import cast
from tests.concurrency.racing import Attempt, guard_off, overlaps, race, wide_window

CLIENTS = 16
ROUNDS = 60


def a_hub_with_sixteen_professionals() -> tuple[Space, list[tuple[User, Party]]]:
    hub = cast.hub()
    room = cast.space(hub)
    cast.rate(hub)
    return room, [cast.zzper(hub, f"Professional {number}") for number in range(CLIENTS)]


def wanting(room: Space, people: list[tuple[User, Party]]) -> Attempt:
    first = cast.between("2026-11-23 09:00", "12:00")
    days = [day for day in range(2 * ROUNDS) if (first.start + day * DAY).weekday() < 5]

    def attempt(client: int, turn: int) -> str:
        user, party = people[client]
        period = Period(first.start + days[turn] * DAY, first.end + days[turn] * DAY)
        try:
            held = reserving.hold(room, period=period, party=party, by=user, key=uuid4(), now=cast.NOW)
            reserving.confirm(held, now=cast.NOW)
        except TimeTaken:
            return "taken"
        return "booked"

    return attempt


@pytest.mark.django_db(transaction=True)
def test_each_room_goes_to_exactly_one_of_sixteen_and_nobody_sees_an_error() -> None:
    room, people = a_hub_with_sixteen_professionals()

    with wide_window():
        outcomes = race(wanting(room, people), clients=CLIENTS, rounds=ROUNDS)

    assert [sorted(outcome) for outcome in outcomes] == [["booked", *["taken"] * (CLIENTS - 1)]] * ROUNDS
    assert overlaps() == 0
    assert Booking.objects.booked().count() == ROUNDS


@pytest.mark.django_db(transaction=True)
def test_without_lock_and_constraint_rooms_are_booked_double() -> None:
    room, people = a_hub_with_sixteen_professionals()

    with wide_window(), guard_off():
        outcomes = race(wanting(room, people), clients=CLIENTS, rounds=10)
        doubles = overlaps()

    assert sum(outcome.count("booked") > 1 for outcome in outcomes) >= 1
    assert doubles >= 1
