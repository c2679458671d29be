"""Booking on the invoice of the month, where that may be."""

from datetime import datetime

from django.utils.translation import gettext as _

from bookings import reserving
from bookings.models import Booking
from bookings.paying import ways
from bookings.refusals import NotPaidOnline
from tenants.parties.models import User


def book(booking: Booking, *, title: str = "", by: User, now: datetime) -> Booking:
    """As `reserving.confirm`; raises NotPaidOnline where the price list asks for money now."""
    chosen = ways.of(booking, by=by)
    if booking.state in ways.TO_BOOK and not chosen.on_account:
        if chosen.needs_address:
            raise ways.address_first()
        raise NotPaidOnline(_("This room is paid when you book it. Choose to pay online."))
    return reserving.confirm(booking, title=title, by=by, now=now)
