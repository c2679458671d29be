"""Closing against booking, and releasing against arriving: never two truths, and nobody is closed in unseen."""

from uuid import uuid4

import pytest

from bookings import arriving, closing_hits, closing_off, reserving
from bookings.closing_hits import Wish
from bookings.closing_off import HitsChanged
from bookings.models import Booking
from bookings.refusals import BookingRefused
from spaces.claiming import SpaceBusy
from spaces.models import Closure
from spaces.periods import DAY, Period
from tenants.parties.models import Letter
from tests import cast
from tests.cast import NOW
from tests.concurrency.racing import overlaps, race, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS, CLIENTS = 12, 4
FIRST = cast.between("2026-11-23 09:00", "12:00")
DAYS = [day for day in range(60) if (FIRST.start + day * DAY).weekday() < 5]


def on(turn: int) -> Period:
    return Period(FIRST.start + DAYS[turn] * DAY, FIRST.end + DAYS[turn] * DAY)


def test_who_books_while_the_room_is_closed_has_it_or_not_but_is_never_closed_in_unseen():
    hub = cast.hub()
    cast.rate(hub)
    room = cast.space(hub)
    director = cast.staff(hub)
    people = [cast.zzper(hub, f"Persoon {each}") for each in range(CLIENTS)]

    def attempt(client: int, turn: int) -> str:
        period = on(turn)
        if client == 0:
            wish = Wish(hub, room, period, "Lekkage")
            try:
                closing_off.close(wish, seen=(), by=director, now=NOW)
            except (HitsChanged, SpaceBusy):
                return "listed"
            return "closed"
        user, party = people[client]
        try:
            held = reserving.hold(room, period=period, party=party, by=user, key=uuid4(), now=NOW)
            reserving.confirm(held, now=NOW)
        except BookingRefused:
            return "refused"
        return "booked"

    with wide_window():
        outcomes = race(attempt, clients=CLIENTS, rounds=ROUNDS)

    assert {tuple(sorted(outcome)) for outcome in outcomes} <= {
        ("closed", "refused", "refused", "refused"), ("booked", "listed", "refused", "refused"),
    }  # fmt: skip
    assert overlaps() == 0
    closed = [closure.period for closure in Closure.objects.all()]
    assert not any(
        booking.period.overlaps(period) for booking in Booking.objects.booked() for period in closed
    )


def test_closing_with_the_list_of_a_moment_ago_never_cancels_what_was_not_on_it():
    hub = cast.hub()
    cast.rate(hub)
    rooms = [cast.space(hub, f"K{each}") for each in range(CLIENTS)]
    director = cast.staff(hub)
    people = [cast.zzper(hub, f"Persoon {each}") for each in range(CLIENTS)]

    def attempt(client: int, turn: int) -> str:
        period = on(turn)
        user, party = people[client]
        if client > 0:
            held = reserving.hold(rooms[client], period=period, party=party, by=user, key=uuid4(), now=NOW)
            reserving.confirm(held, now=NOW)
            return "booked"
        wish = Wish(hub, None, period, "Storing")
        seen = closing_hits.find(wish, now=NOW).keys
        try:
            closing_off.close(wish, seen=seen, by=director, now=NOW)
        except (HitsChanged, SpaceBusy):
            return "listed"
        return "closed"

    def either(client: int, turn: int) -> str:
        try:
            return attempt(client, turn)
        except BookingRefused:
            return "refused"

    outcomes = race(either, clients=CLIENTS, rounds=ROUNDS)

    assert {each for outcome in outcomes for each in outcome} <= {"booked", "refused", "listed", "closed"}
    assert overlaps() == 0
    told = set(Letter.objects.filter(kind="booking_cancelled").values_list("key", flat=True))
    cancelled = Booking.objects.filter(state="cancelled")
    assert told == {f"{booking.holder}:cancelled" for booking in cancelled}
    closed = [closure.period for closure in Closure.objects.all()]
    assert not any(
        booking.period.overlaps(period) for booking in Booking.objects.booked() for period in closed
    )


def test_the_sweep_and_the_person_at_the_door_never_both_win():
    hub = cast.hub()
    cast.rate(hub)
    room = cast.space(hub, release_after_minutes=15)
    user, party = cast.zzper(hub)
    bookings = []
    for turn in range(ROUNDS):
        held = reserving.hold(room, period=on(turn), party=party, by=user, key=uuid4(), now=NOW)
        bookings.append(reserving.confirm(held, now=NOW))

    def attempt(client: int, turn: int) -> str:
        booking = Booking.objects.with_everything().get(pk=bookings[turn].pk)
        late = booking.starts_at + 16 * arriving.MINUTE
        if client % 2:
            return "released" if arriving.release(booking, now=late) else "too late"
        try:
            arriving.check_in(booking, now=late)
        except BookingRefused:
            return "refused"
        return "came"

    outcomes = race(attempt, clients=2, rounds=ROUNDS)

    assert {tuple(sorted(outcome)) for outcome in outcomes} <= {("came", "too late"), ("refused", "released")}
    states = {booking.state: booking.released_at is None for booking in Booking.objects.all()}
    assert states in ({"arrived": True}, {"no_show": False}, {"arrived": True, "no_show": False})
    assert (
        Letter.objects.filter(kind="booking_released").count()
        == Booking.objects.filter(state="no_show").count()
    )
