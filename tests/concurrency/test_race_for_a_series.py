"""Series against single bookings, and the horizon against bookings: nobody gets a time twice, nobody deadlocks."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from bookings import repeating, repeating_horizon, repeating_plan, reserving
from bookings.models import Booking, Series
from bookings.refusals import BookingRefused
from bookings.repeating import Agreed
from bookings.repeating_refusals import PlanChanged
from spaces import claiming
from spaces.models import Space
from spaces.periods import Period
from tenants.parties.models import Party, User
from tests import cast
from tests.bookings.repeated import made, wish
from tests.concurrency.racing import Attempt, guard_off, overlaps, race, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
CLIENTS = 6
ROUNDS = 8
FIRST = cast.between("2026-11-24 09:00", "12:00")


def a_hub(clients: int = CLIENTS) -> tuple[Space, list[tuple[User, Party]]]:
    hub = cast.hub()
    room = cast.space(hub)
    cast.rate(hub)
    return room, [cast.zzper(hub, f"Professional {number}") for number in range(clients)]


def series_or_single(room: Space, people: list[tuple[User, Party]]) -> Attempt:
    """Every other client wants a series of four weeks, the others one of its dates."""

    def attempt(client: int, turn: int) -> str:
        shift = timedelta(weeks=4 * turn)
        if client % 2:
            return single(
                room, people[client], Period(FIRST.start + shift, FIRST.end + shift), weeks=client % 4
            )
        return repeated(room, people[client], (FIRST.start + shift).date())

    return attempt


def single(room: Space, who: tuple[User, Party], period: Period, *, weeks: int) -> str:
    user, party = who
    later = Period(period.start + timedelta(weeks=weeks), period.end + timedelta(weeks=weeks))
    try:
        held = reserving.hold(room, period=later, party=party, by=user, key=uuid4(), now=cast.NOW)
        reserving.confirm(held, now=cast.NOW)
    except BookingRefused:
        return "taken"
    return "booked"


def repeated(room: Space, who: tuple[User, Party], first: date) -> str:
    wanted = wish(room, who, first=first, last=first + timedelta(days=21))
    plan = repeating_plan.plan(wanted, now=cast.NOW)
    for _look in range(4):
        try:
            agreed = Agreed(plan.fingerprint, plan.gross)
            repeating.create(wanted, choices={}, key=uuid4(), agreed=agreed, now=cast.NOW)
        except PlanChanged as changed:
            plan = changed.plan
        except BookingRefused:
            return "taken"
        else:
            return "booked"
    return "taken"


def agrees() -> list[object]:
    return [
        each for series in Series.objects.select_related("event", "hub") for each in repeating.audit(series)
    ]


def test_series_and_single_bookings_never_share_a_time() -> None:
    room, people = a_hub()

    with wide_window():
        outcomes = race(series_or_single(room, people), clients=CLIENTS, rounds=ROUNDS)

    assert {word for turn in outcomes for word in turn} <= {"booked", "taken"}
    assert all("booked" in turn for turn in outcomes)
    assert (overlaps(), agrees()) == (0, [])


def test_without_lock_and_constraint_a_series_is_booked_over_others() -> None:
    room, people = a_hub()

    with wide_window(), guard_off():
        race(series_or_single(room, people), clients=CLIENTS, rounds=4)
        doubles = overlaps()

    assert doubles >= 1


def test_the_horizon_and_bookings_never_share_a_time() -> None:
    room, people = a_hub(4)
    made(wish(room, people[0], last=None))
    now = cast.NOW + timedelta(days=40)

    def attempt(client: int, turn: int) -> str:
        if client == 0:
            repeating_horizon.extend_horizon(now=now + timedelta(weeks=turn))
            return "extended"
        start = FIRST.start + timedelta(weeks=52 + turn)
        period = Period(start, start + timedelta(hours=3))
        # as if somebody could book a year ahead: the horizon itself keeps them out
        user, party = people[client]
        holder = Booking(hub=room.hub, space=room, party=party, booked_by=user)
        return forced(room, holder, period)

    outcomes = race(attempt, clients=4, rounds=ROUNDS)

    assert {word for turn in outcomes for word in turn} <= {"extended", "booked", "taken"}
    assert (overlaps(), agrees()) == (0, [])


def forced(room: Space, booking: Booking, period: Period) -> str:
    try:
        with transaction.atomic():
            claiming.take([room], period=period, kind="booking", holder=booking.holder, now=cast.NOW)
    except claiming.SpaceTaken:
        return "taken"
    return "booked"
