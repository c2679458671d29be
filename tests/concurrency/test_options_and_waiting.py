"""Answers that cross: approvals, options that are asked for and confirmed as they end, offers against a booking."""

from contextlib import suppress
from datetime import time, timedelta

import pytest

from bookings import approving, cancelling, options, releasing, reserving, waiting
from bookings.models import Booking, Challenge, Offer
from bookings.refusals import BookingRefused
from bookings.states import BLOCKING, BookingState
from spaces.models import Claim, Space
from spaces.periods import DAY, HOUR, Period
from tenants.parties.models import User
from tests import cast
from tests.bookings.deeds import Who, book, hold, option
from tests.concurrency import racing
from tests.concurrency.racing import Attempt, guard_off, overlaps, race, wide_window

pytestmark = pytest.mark.django_db(transaction=True)
NOW = cast.NOW
FIRST = cast.between("2026-12-15 08:00", "12:00")
ROUNDS = 12


def week(turn: int) -> Period:
    return Period(FIRST.start + 7 * turn * DAY, FIRST.end + 7 * turn * DAY)


def a_room(**fields: object) -> Space:
    hub = cast.hub()
    cast.rate(hub)
    return cast.space(hub, **fields)


def people(room: Space, number: int) -> list[Who]:
    return [cast.zzper(room.hub, f"Professional {each}") for each in range(number)]


def asking_and_approving(room: Space, who: list[Who], directors: list[User]) -> Attempt:
    """Each asks for the same time, then somebody approves all there is."""

    def attempt(client: int, turn: int) -> str:
        with suppress(BookingRefused):
            book(room, who[client], week(turn))
        asked = Booking.objects.filter(state=BookingState.REQUESTED, starts_at=week(turn).start)
        for request in asked:
            approving.approve(request, by=directors[client], now=NOW)
        return "answered"

    return attempt


def test_approval_against_approval_makes_one_booking_with_one_charge() -> None:
    room = a_room(needs_approval=True)
    who, directors = people(room, 4), [cast.staff(room.hub, name=f"Directeur {each}") for each in range(4)]

    with wide_window():
        outcomes = race(asking_and_approving(room, who, directors), clients=4, rounds=ROUNDS)

    assert {outcome for turn in outcomes for outcome in turn} == {"answered"}
    assert overlaps() == 0
    for turn in range(ROUNDS):
        assert Booking.objects.booked().filter(starts_at=week(turn).start).count() == 1
    assert not Booking.objects.filter(state=BookingState.REQUESTED).exists()


def test_without_lock_and_constraint_two_are_approved_for_one_time() -> None:
    room = a_room(needs_approval=True)
    who, directors = people(room, 4), [cast.staff(room.hub, name=f"Directeur {each}") for each in range(4)]

    with wide_window(), guard_off():
        race(asking_and_approving(room, who, directors), clients=4, rounds=4)
        doubles = overlaps()

    assert doubles >= 1


def test_an_option_confirmed_asked_for_let_go_and_ended_at_once_has_one_outcome() -> None:
    room = a_room()
    holder, rival, third = people(room, 3)
    taken = [option(room, holder, week(turn)) for turn in range(ROUNDS)]
    for each in taken[::2]:
        options.ask(each, party=rival[1], by=rival[0], now=NOW)
    end = NOW + 48 * HOUR

    def attempt(client: int, turn: int) -> str:
        booking, late = taken[turn], end if turn % 2 == 0 else NOW + 14 * DAY
        before = late - timedelta(seconds=1)
        deeds = [
            lambda: reserving.confirm(booking, now=before),
            lambda: releasing.release_expired(now=late),
            lambda: options.ask(booking, party=rival[1], by=rival[0], now=before),
            lambda: releasing.let_go(booking, now=before),
            lambda: hold(room, third, week(turn), now=late),
        ]
        try:
            deeds[client]()
        except BookingRefused:
            return "refused"
        return "done"

    outcomes = race(attempt, clients=5, rounds=ROUNDS)

    assert {outcome for turn in outcomes for outcome in turn} <= {"done", "refused"}
    assert overlaps() == 0
    releasing.release_expired(now=end + 20 * DAY)
    for each in taken:
        each.refresh_from_db()
        assert each.state in (BookingState.CONFIRMED, BookingState.EXPIRED)
        kept = Booking.objects.filter(starts_at=each.starts_at, state__in=BLOCKING)
        assert kept.count() <= 1, each.starts_at
    assert not Challenge.objects.filter(ended_at=None).exists()


def freeing(room: Space, who: list[Who], booked: list[Booking]) -> Attempt:
    """One frees the time, two sweeps come by, one books directly."""

    def attempt(client: int, turn: int) -> str:
        deeds = [
            lambda: cancelling.cancel(booked[turn], by=booked[turn].booked_by, now=NOW),
            lambda: waiting.offer_freed(now=NOW),
            lambda: waiting.offer_freed(now=NOW),
            lambda: book(room, who[2], week(turn)),
        ]
        try:
            deeds[client]()
        except BookingRefused:
            return "refused"
        return "done"

    return attempt


def waits(room: Space, who: Who, turn: int) -> None:
    day = week(turn).start.date()
    wish = waiting.Wish(time(8), time(12), day, day, space=room)
    waiting.join(wish, party=who[1], by=who[0], now=NOW)


def test_two_who_wait_and_a_direct_booking_for_a_freed_time_make_one() -> None:
    room = a_room()
    who = people(room, 4)
    booked = [book(room, who[3], week(turn)) for turn in range(waiting.MOST)]
    for turn in range(waiting.MOST):
        waits(room, who[0], turn)
        waits(room, who[1], turn)

    with wide_window():
        outcomes = race(freeing(room, who, booked), clients=4, rounds=waiting.MOST)
    waiting.offer_freed(now=NOW)

    assert {outcome for turn in outcomes for outcome in turn} <= {"done", "refused"}
    assert overlaps() == 0
    for turn in range(waiting.MOST):
        claims = Claim.objects.filter(active=True, starts_at=week(turn).start)
        assert claims.count() == 1, turn
    assert Offer.objects.count() == Booking.objects.filter(state=BookingState.HELD).count()


def test_without_lock_and_constraint_a_freed_time_goes_to_two(monkeypatch: pytest.MonkeyPatch) -> None:
    room = a_room()
    who = people(room, 3)
    monkeypatch.setattr(racing, "BREATH_SECONDS", 0.3)

    def attempt(client: int, turn: int) -> str:
        if client:
            book(room, who[2], week(turn))
        else:
            waits(room, who[0], turn)
            waiting.offer_freed(now=NOW)
        return "done"

    with wide_window(), guard_off():
        race(attempt, clients=2, rounds=3)
        doubles = overlaps()

    assert doubles >= 1
