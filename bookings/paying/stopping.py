"""Stopping to pay: first the page is closed at the payment service, then the time is free, or held, again."""

from datetime import datetime, timedelta

from django.db import transaction

from bookings import busy
from bookings.life import locked
from bookings.models import Booking
from bookings.paying import syncing
from bookings.states import BookingState
from tenants.billing.online import attempts


def give_up(booking: Booking, *, now: datetime) -> Booking:
    """The person wants to pay otherwise, or not at all; call it with no transaction open. Returns what it is by now.

    It is held for them again for at least `hub.hold_minutes`. Whoever had just paid has booked, and what waits for the
    bank keeps waiting. Raises BankOutOfReach: then nothing is known, and it stays as it is.
    """
    payment = attempts.under_way(source=booking.holder)
    if payment is not None and _they_are_here(booking, now=now):
        syncing.closed(payment, now=now)
    return Booking.objects.with_everything().get(pk=booking.pk)


@busy.retried
@transaction.atomic(durable=True)
def _they_are_here(booking: Booking, *, now: datetime) -> bool:
    """Whoever sees next that it was not paid holds the time for them, instead of giving it to others."""
    row = locked(booking)
    if row.state != BookingState.PAYING:
        return False
    again = now + timedelta(minutes=row.hub.hold_minutes)
    row.held_until = max(row.held_until or again, again)
    row.save(update_fields=["held_until"])
    return True
