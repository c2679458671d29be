"""Rooms for which staff say yes first: a request keeps its time, and is answered once."""

from datetime import timedelta

import pytest

from bookings import approving, cancelling, options, releasing, reserving
from bookings.models import Booking
from bookings.refusals import AlreadyDone, RequestTooLate, TimeTaken
from bookings.states import BookingState
from spaces.models import Hub, Space
from spaces.periods import HOUR
from tenants.billing.models import Charge
from tenants.parties.models import Letter, Role, User
from tests import cast
from tests.bookings.deeds import MORNING, Who, book, fresh, hold, holders, letters

pytestmark = pytest.mark.django_db
NOW = cast.NOW


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def hall(hub: Hub) -> Space:
    cast.rate(hub)
    return cast.space(hub, "B01", name="Ontmoetingsruimte", needs_approval=True)


@pytest.fixture
def director(hub: Hub) -> User:
    return cast.staff(hub)


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


@pytest.fixture
def bram(hub: Hub) -> Who:
    return cast.zzper(hub, "Bram Visser")


def test_booking_asks_first_and_keeps_the_time_meanwhile(
    hall: Space, anna: Who, bram: Who, director: User, hub: Hub
) -> None:
    reception, bookkeeper = cast.staff(hub, Role.RECEPTION), cast.staff(hub, Role.BOOKKEEPER)

    booking = book(hall, anna)

    assert (booking.state, booking.held_until) == (BookingState.REQUESTED, None)
    assert holders(hall) == [booking.holder]
    with pytest.raises(TimeTaken):
        hold(hall, bram)
    assert not Charge.objects.exists()
    assert letters(anna[0]) == ["request_received"]
    assert [letters(user) for user in (director, reception, bookkeeper)] == [
        ["request_new"],
        ["request_new"],
        [],
    ]


def test_approving_books_charges_and_tells_once(hall: Space, anna: Who, director: User) -> None:
    booking = book(hall, anna)

    assert [approving.approve(booking, by=director, now=NOW) for _press in range(2)] == [True, False]

    booking = fresh(booking)
    assert (booking.state, booking.approved_by, booking.approved_starts_at) == (
        BookingState.CONFIRMED,
        director,
        booking.starts_at,
    )
    assert Charge.objects.get().net == booking.net
    assert letters(anna[0]) == ["request_approved"]  # what was owed before it is not sent any more
    assert Letter.objects.get(kind="request_approved").attachments.get().name == f"{booking.code}.ics"
    assert letters(director) == []  # nobody has to answer any more


def test_declining_gives_the_time_back_with_the_reason(
    hall: Space, anna: Who, bram: Who, director: User
) -> None:
    booking = book(hall, anna)

    assert [approving.decline(booking, reason="Dan is de zaal nodig.", now=NOW) for _press in range(2)] == [
        True,
        False,
    ]

    assert (fresh(booking).state, fresh(booking).answer) == (BookingState.DECLINED, "Dan is de zaal nodig.")
    assert "Dan is de zaal nodig." in Letter.objects.get(kind="request_declined").text
    assert not Charge.objects.exists()
    assert approving.approve(booking, by=director, now=NOW) is False
    assert book(hall, bram).state == BookingState.REQUESTED


def test_who_asked_may_withdraw_at_no_cost(hall: Space, anna: Who, director: User) -> None:
    booking = book(hall, anna)

    assert [approving.withdraw(booking, now=NOW) for _press in range(2)] == [True, False]
    assert (fresh(booking).state, fresh(booking).cancellation_net) == (BookingState.CANCELLED, 0)
    assert (holders(hall), letters(director)) == ([], [])
    assert approving.approve(booking, by=director, now=NOW) is False


def test_what_staff_book_for_others_is_approved_by_them(hall: Space, anna: Who, director: User) -> None:
    booking = book(hall, (director, anna[1]))

    assert (booking.state, booking.approved_by) == (BookingState.CONFIRMED, director)
    assert approving.still_holds(booking, space=hall, period=booking.period)


def test_two_pending_requests_for_one_slot_both_approved_cannot_be(
    hall: Space, anna: Who, bram: Who, director: User
) -> None:
    """The second request cannot even be made: the first keeps the time. Two halves and their whole: as little."""
    first = hold(hall, anna)
    late = first.held_until + timedelta(seconds=1)
    second = hold(hall, bram, now=late)
    reserving.confirm(second, now=late)

    with pytest.raises(TimeTaken):
        reserving.confirm(fresh(first), now=late)

    requests = Booking.objects.filter(state=BookingState.REQUESTED)
    assert [approving.approve(request, by=director, now=late) for request in requests] == [True]
    assert Booking.objects.booked().count() == 1


def test_an_option_on_such_a_room_becomes_a_request(hall: Space, anna: Who) -> None:
    booking = options.take(hold(hall, anna), now=NOW)

    assert reserving.confirm(booking, now=NOW).state == BookingState.REQUESTED
    assert releasing.release_expired(now=booking.starts_at) == 0


def test_what_nobody_answers_is_declined_when_its_time_begins_and_told(
    hall: Space, anna: Who, director: User
) -> None:
    booking = book(hall, anna)
    start = MORNING.start

    assert approving.decline_unanswered(now=start - HOUR) == 0
    with pytest.raises(RequestTooLate):
        approving.approve(booking, by=director, now=start)
    assert [approving.decline_unanswered(now=start), approving.decline_unanswered(now=start)] == [1, 0]
    assert fresh(booking).state == BookingState.DECLINED
    assert letters(anna[0])[-1] == "request_declined"
    assert holders(hall) == []


@pytest.mark.parametrize(
    ("period", "holds"),
    [
        (cast.between("2026-12-15 09:00", "11:00"), True),
        (MORNING, True),
        (cast.between("2026-12-15 08:00", "12:15"), False),
        (cast.between("2026-12-16 08:00", "12:00"), False),
    ],
    ids=["shorter", "the same", "longer", "another day"],
)
def test_shortening_keeps_an_approval(hall: Space, anna: Who, director: User, period, holds) -> None:
    booking = book(hall, anna)
    approving.approve(booking, by=director, now=NOW)

    assert approving.still_holds(fresh(booking), space=hall, period=period) is holds


def test_another_room_needs_an_answer_of_its_own_only_when_it_asks_for_one(
    hall: Space, hub: Hub, anna: Who, director: User
) -> None:
    other, plain = cast.space(hub, "B02", needs_approval=True), cast.space(hub, "B03")
    booking = book(hall, anna)
    approving.approve(booking, by=director, now=NOW)

    assert approving.still_holds(fresh(booking), space=other, period=MORNING) is False
    assert approving.still_holds(fresh(booking), space=plain, period=MORNING) is True


def test_a_change_beyond_the_approval_asks_again_and_declining_it_owes_nothing(
    hall: Space, anna: Who, director: User
) -> None:
    booking = book(hall, anna)
    approving.approve(booking, by=director, now=NOW)
    booking = fresh(booking)

    approving.request(booking, now=NOW)
    assert (booking.state, booking.approved_by) == (BookingState.REQUESTED, None)
    approving.decline(booking, reason="Nee", now=NOW)

    assert sum(charge.net for charge in Charge.objects.all()) == 0


def test_a_request_is_no_booking_to_cancel_or_to_confirm(hall: Space, anna: Who) -> None:
    booking = book(hall, anna)

    assert reserving.confirm(booking, now=NOW).state == BookingState.REQUESTED
    with pytest.raises(AlreadyDone):
        cancelling.cancel(booking, by=anna[0], now=NOW)
