"""Booking on the invoice of the month, where that may be."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings import reserving
from bookings.models import Booking
from bookings.paying import stopping, ways
from bookings.refusals import NotPaidOnline
from bookings.states import BookingState
from tenants.parties.models import User


def book(booking: Booking, *, title: str = "", by: User, now: datetime) -> Booking:
    """As `reserving.confirm`; raises NotPaidOnline where the price list asks for money now.

    The page of an earlier attempt is closed first, so that it is not paid twice; call it with no transaction open.
    Raises BankOutOfReach when that page may still be paid.
    """
    if booking.state == BookingState.EXPIRED:
        stopping.end_earlier(booking, now=now)
    chosen = ways.of(booking, by=by)
    if booking.state in ways.TO_BOOK and not chosen.on_account:
        if chosen.needs_address:
            raise ways.address_first()
        raise NotPaidOnline(_("This room is paid when you book it. Choose to pay online."))
    return reserving.confirm(booking, title=title, by=by, now=now)
