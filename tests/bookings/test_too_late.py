"""Saying yes when it is too late: what somebody else has by then stays theirs, and nothing becomes free of charge."""

from datetime import timedelta
from decimal import Decimal

import pytest

from bookings import cancelling, releasing, reserving
from bookings.models import Booking
from bookings.refusals import TimeTaken
from bookings.states import BookingState
from spaces.models import Space
from tenants.billing.models import Charge
from tests import cast
from tests.bookings.deeds import book, fresh, hold, holders
from tests.cast import NOW

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=11)
"""A hold lasts ten minutes."""
PRICE = Decimal("37.50")


@pytest.fixture
def room() -> Space:
    hub = cast.hub()
    cast.rate(hub)
    return cast.space(hub)


def charged(booking: Booking) -> list[Decimal]:
    return list(Charge.objects.of_family(booking.holder).values_list("net", flat=True))


@pytest.mark.parametrize("swept", [False, True])
def test_paid_after_the_hold_expired_second_try_must_not_become_free(room: Space, *, swept: bool):
    """She said yes eleven minutes later; Bram had the room by then. Saying it again changes nothing."""
    annas = hold(room, cast.zzper(room.hub))
    if swept:
        assert releasing.release_expired(now=LATER) == 1
    brams = book(room, cast.zzper(room.hub, "Bram Visser"), now=LATER)

    for _try in range(2):
        with pytest.raises(TimeTaken):
            reserving.confirm(fresh(annas), now=LATER)
        assert fresh(annas).state in (BookingState.HELD, BookingState.EXPIRED)
        assert (charged(annas), charged(brams)) == ([], [PRICE])
        assert holders(room, now=LATER) == [brams.holder]
    assert fresh(brams).state == BookingState.CONFIRMED


def test_paid_after_the_hold_expired_while_nobody_came_costs_the_price_once(room: Space):
    annas = hold(room, cast.zzper(room.hub))
    releasing.release_expired(now=LATER)

    for _try in range(2):
        reserving.confirm(fresh(annas), now=LATER)
        assert fresh(annas).state == BookingState.CONFIRMED
        assert charged(annas) == [PRICE]
        assert holders(room, now=LATER) == [annas.holder]


@pytest.mark.parametrize("taken", [False, True])
def test_paid_after_cancel_second_try_must_not_become_free(room: Space, *, taken: bool):
    """Cancelled is over: saying yes again books nothing, whoever has the room by then."""
    who = cast.zzper(room.hub)
    annas = book(room, who)
    cancelling.cancel(annas, by=who[0], now=NOW)
    brams = [book(room, cast.zzper(room.hub, "Bram Visser"))] if taken else []

    for _try in range(2):
        again = reserving.confirm(fresh(annas), now=NOW)
        assert (again.state, fresh(annas).state) == (BookingState.CANCELLED, BookingState.CANCELLED)
        assert charged(annas) == []
        assert holders(room) == [other.holder for other in brams]
    assert [charged(other) for other in brams] == [[PRICE]] * len(brams)


def test_a_booking_cancelled_at_a_price_stays_at_that_price_when_confirmed_again(room: Space):
    who = cast.zzper(room.hub)
    annas = book(room, who)
    cancelling.cancel(annas, by=who[0], now=annas.starts_at - timedelta(hours=1))
    fee = charged(annas)

    reserving.confirm(fresh(annas), now=annas.starts_at - timedelta(minutes=30))

    assert fee
    assert charged(annas) == fee
    assert fresh(annas).state == BookingState.CANCELLED
