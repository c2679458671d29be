"""Who came and who did not, as reception sees it; each can be undone."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop

from bookings import cancelling, owing
from bookings.life import enter, locked
from bookings.models import Booking
from bookings.refusals import NotToday, TooEarly
from bookings.states import BookingState
from spaces.explaining import sentence
from spaces.periods import local_day


@transaction.atomic(durable=True)
def arrive(booking: Booking, *, now: datetime) -> Booking:
    """They are here. A second call changes nothing. Raises NotToday before the day of the booking."""
    booking = locked(booking)
    if booking.state != BookingState.ARRIVED:
        if booking.starts_at >= local_day(now.astimezone(booking.hub.zone).date(), zone=booking.hub.zone).end:
            raise NotToday
        enter(booking, BookingState.ARRIVED, arrived_at=now)
    return booking


@transaction.atomic(durable=True)
def no_show(booking: Booking, *, now: datetime) -> Booking:
    """Nobody came: charged by the last step of the policy. Raises TooEarly before the start."""
    booking = locked(booking)
    if booking.state == BookingState.NO_SHOW:
        return booking
    if booking.starts_at > now:
        raise TooEarly
    fee = cancelling.not_coming(booking)
    enter(booking, BookingState.NO_SHOW, cancellation_net=fee.net)
    if fee.net != booking.net:
        owing.charge_fee(booking, fee, why=sentence(gettext_noop("Did not come: fee by the agreed steps")))
    return booking


@transaction.atomic(durable=True)
def undo(booking: Booking) -> Booking:
    """Back to booked, with its full charge. Raises Invoiced when that is already on an invoice."""
    booking = locked(booking)
    if booking.state == BookingState.CONFIRMED:
        return booking
    enter(booking, BookingState.CONFIRMED, arrived_at=None, cancellation_net=None)
    owing.charge_in_full(booking)
    return booking
