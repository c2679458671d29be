"""Races of bookings that move, through the real use-case: swaps, a move against a booking, two moves into one room."""

import random
from collections import Counter
from collections.abc import Callable
from functools import partial
from uuid import uuid4

import pytest

from bookings import moving, reserving
from bookings.models import Booking
from bookings.refusals import Overtaken, TimeTaken
from spaces.models import Claim, Hub, Space
from spaces.periods import Period
from tenants.billing.models import Charge
from tenants.parties.models import Party, User
from tests import cast
from tests.concurrency.racing import guard_off, overlaps, race, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 15
MORNING = cast.between("2026-11-24 08:00", "12:00")
AFTERNOON = cast.between("2026-11-24 13:00", "17:00")


@pytest.fixture
def hub() -> Hub:
    hub = cast.hub()
    cast.rate(hub)
    return hub


def book(room: Space, who: tuple[User, Party], period: Period = MORNING) -> Booking:
    held = reserving.hold(room, period=period, party=who[1], by=who[0], key=uuid4(), now=cast.NOW)
    return reserving.confirm(held, now=cast.NOW)


def moved(booking: Booking, room: Space, period: Period) -> str:
    """How moving went, in one word: the version that is there now is the one they saw."""
    fresh = Booking.objects.with_everything().get(pk=booking.pk)
    try:
        moving.move(
            fresh, space=room, period=period, by=fresh.booked_by, sequence=fresh.sequence, now=cast.NOW
        )
    except TimeTaken:
        return "taken"
    except Overtaken:
        return "overtaken"
    return "moved"


def booked(room: Space, who: tuple[User, Party], period: Period) -> str:
    try:
        held = reserving.hold(room, period=period, party=who[1], by=who[0], key=uuid4(), now=cast.NOW)
        reserving.confirm(held, now=cast.NOW)
    except TimeTaken:
        return "taken"
    return "booked"


def raced(deeds: list[Callable[[int], str]], *, rounds: int = ROUNDS) -> list[Counter[str]]:
    """Each client does its own deed in every round, all released at once."""
    outcomes = race(lambda client, turn: deeds[client](turn), clients=len(deeds), rounds=rounds)
    return [Counter(outcome) for outcome in outcomes]


def test_two_that_swap_rooms_are_both_refused_and_never_deadlock(hub: Hub) -> None:
    """Each wants the room of the other: whoever is first finds it taken, and so does the second."""
    rooms = [cast.space(hub, "B03"), cast.space(hub, "B04")]
    bookings = [book(room, cast.zzper(hub, f"Professional {room.code}")) for room in rooms]

    with wide_window():
        outcomes = raced(
            [
                lambda _turn: moved(bookings[0], rooms[1], MORNING),
                lambda _turn: moved(bookings[1], rooms[0], MORNING),
            ]
        )

    assert outcomes == [Counter(taken=2)] * ROUNDS
    assert overlaps() == 0


def test_two_that_swap_places_in_time_never_overlap(hub: Hub) -> None:
    rooms = [cast.space(hub, "B03"), cast.space(hub, "B04")]
    bookings = [book(room, cast.zzper(hub, f"Professional {room.code}")) for room in rooms]
    places = [(room, period) for room in rooms for period in (MORNING, AFTERNOON)]

    def wander(client: int, turn: int) -> str:
        room, period = random.Random(1000 * turn + client).choice(places)
        fresh = Booking.objects.with_everything().get(pk=bookings[client].pk)
        return "here" if (fresh.space, fresh.period) == (room, period) else moved(fresh, room, period)

    with wide_window():
        outcomes = raced([partial(wander, 0), partial(wander, 1)])

    assert set().union(*outcomes) <= {"moved", "taken", "here"}
    assert sum(outcome["moved"] for outcome in outcomes) > 0
    assert overlaps() == 0
    assert Claim.objects.filter(active=True).count() == 2
    assert Charge.objects.count() == 2


def test_a_move_against_bookings_of_the_same_time(hub: Hub) -> None:
    here, there = cast.space(hub, "B03"), cast.space(hub, "B04")
    mover = book(here, cast.zzper(hub, "Mover"))
    others = [cast.zzper(hub, f"Professional {number}") for number in range(3)]
    days = [cast.between(f"2026-{month}-{day:02} 08:00", "12:00") for month in (12,) for day in range(7, 12)]
    rounds = len(days)

    with wide_window():
        outcomes = raced(
            [
                lambda turn: moved(mover, there, days[turn]),
                *(partial(lambda who, turn: booked(there, who, days[turn]), who) for who in others),
            ],
            rounds=rounds,
        )

    assert [outcome["moved"] + outcome["booked"] for outcome in outcomes] == [1] * rounds
    assert [outcome["taken"] for outcome in outcomes] == [3] * rounds
    assert overlaps() == 0


def test_two_staff_who_move_one_booking_write_once(hub: Hub) -> None:
    rooms = [cast.space(hub, code) for code in ("B03", "B04", "B05")]
    booking = book(rooms[0], cast.zzper(hub))
    wishes = [(rooms[1], AFTERNOON), (rooms[2], AFTERNOON)]

    def change(client: int, turn: int) -> str:
        room, period = wishes[client]
        period = period if turn % 2 else MORNING
        try:
            moving.move(booking, space=room, period=period, by=booking.booked_by, sequence=turn, now=cast.NOW)
        except Overtaken:
            return "overtaken"
        return "moved"

    with wide_window():
        outcomes = raced([partial(change, 0), partial(change, 1)])

    assert outcomes == [Counter(moved=1, overtaken=1)] * ROUNDS
    booking.refresh_from_db()
    assert booking.sequence == ROUNDS


def test_control_run_without_lock_and_constraint_puts_two_in_one_room(hub: Hub) -> None:
    rooms = [cast.space(hub, code) for code in ("B03", "B04", "B05")]
    bookings = [book(room, cast.zzper(hub, f"Professional {room.code}")) for room in rooms[:2]]

    def into_the_third(client: int, turn: int) -> str:
        day = cast.between(f"2026-12-{7 + turn % 5:02} 08:00", "12:00")
        return moved(bookings[client], rooms[2], day)

    with wide_window(), guard_off():
        outcomes = raced([partial(into_the_third, 0), partial(into_the_third, 1)], rounds=5)
        doubles = overlaps()

    assert sum(outcome["moved"] == 2 for outcome in outcomes) >= 1
    assert doubles >= 1
