"""What staff put on the waiting list for a party is booked by the party's own rules."""

from datetime import date

import pytest

from bookings import reserving, waiting
from bookings.models import Booking, Offer
from bookings.states import BookingState
from spaces.models import BookingRule, Hub
from tenants.parties.models import Role, User
from tests import cast
from tests.bookings.deeds import Who, wait

pytestmark = pytest.mark.django_db
NOW = cast.NOW
LAST = date(2026, 12, 15)


@pytest.fixture
def hub() -> Hub:
    return cast.hub()


@pytest.fixture
def anna(hub: Hub) -> Who:
    return cast.zzper(hub)


def offered(who: Who) -> Booking:
    """What is offered to somebody now."""
    return Offer.objects.order_by("pk").filter(entry__party=who[1]).last().booking


def for_anna(hub: Hub, anna: Who) -> tuple[User, Booking]:
    """Reception put her party on the list, and something came free."""
    reception = cast.staff(hub, Role.RECEPTION)
    wait((reception, anna[1]), until=LAST)
    waiting.offer_freed(now=NOW)
    return reception, offered(anna)


def test_what_staff_wished_for_a_party_needs_approval_when_the_party_books_it(hub: Hub, anna: Who) -> None:
    cast.rate(hub)
    cast.space(hub, needs_approval=True)
    _reception, offer = for_anna(hub, anna)

    assert reserving.confirm(offer, by=anna[0], now=NOW).state == BookingState.REQUESTED


def test_staff_who_book_what_they_wished_for_a_party_approve_it(hub: Hub, anna: Who) -> None:
    cast.rate(hub)
    cast.space(hub, needs_approval=True)
    reception, offer = for_anna(hub, anna)

    booking = reserving.confirm(offer, by=reception, now=NOW)

    assert (booking.state, booking.approved_by) == (BookingState.CONFIRMED, reception)


def test_what_staff_wished_for_a_party_keeps_to_its_quota(hub: Hub, anna: Who) -> None:
    cast.rate(hub)
    cast.space(hub)
    BookingRule.objects.create(hub=hub, party_week_hours=3)
    wait((cast.staff(hub, Role.RECEPTION), anna[1]), until=LAST)

    assert waiting.offer_freed(now=NOW) == 0
