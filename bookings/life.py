"""The one place where a booking's state changes."""

from datetime import datetime
from typing import Any

from bookings import following
from bookings.models import Booking
from bookings.refusals import AlreadyDone
from bookings.states import NEXT, BookingState
from spaces import claiming
from tenants.parties.models import Party


def may_change(booking: Booking, *, now: datetime) -> bool:
    """Whether its people may still move or cancel it themselves: booked, and not yet begun."""
    return booking.state == BookingState.CONFIRMED and booking.starts_at > now


def is_held(booking: Booking, *, now: datetime) -> bool:
    """Whether the room is still kept for somebody who is making up their mind."""
    return booking.state == BookingState.HELD and booking.held_until is not None and booking.held_until > now


def is_in_option(booking: Booking, *, now: datetime) -> bool:
    """Whether the time is kept by an option that still runs."""
    until = booking.held_until
    return booking.state == BookingState.OPTION and until is not None and until > now


def locked(booking: Booking) -> Booking:
    """The booking as it is now, with its party and itself locked in that order until the transaction ends.

    The order is everybody's: party, booking, spaces. Also sets how long later locks are waited for.
    """
    claiming.wait_at_most()
    Party.objects.select_for_update(no_key=True).get(pk=booking.party_id)
    return Booking.objects.with_everything().select_for_update(of=("self",)).get(pk=booking.pk)


def locked_if_idle(booking: Booking) -> Booking | None:
    """As `locked`, or None when somebody else is busy with the party or the booking: for sweeps, which come again."""
    claiming.wait_at_most()
    if not Party.objects.select_for_update(no_key=True, skip_locked=True).filter(pk=booking.party_id):
        return None
    rows = Booking.objects.with_everything().select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=booking.pk).first()


def enter(booking: Booking, state: BookingState, **fields: Any) -> None:
    """Compare-and-set: from the state we saw to `state`, with `fields`; updates `booking` too.

    Raises AlreadyDone when the step does not exist or someone else was first; then nothing is written.
    """
    if state not in NEXT[BookingState(booking.state)]:
        raise AlreadyDone
    changed = Booking.objects.filter(pk=booking.pk, state=booking.state).update(state=state, **fields)
    if changed != 1:
        raise AlreadyDone
    booking.state = state
    for name, value in fields.items():
        setattr(booking, name, value)
    if state in (BookingState.CANCELLED, BookingState.DECLINED):
        following.cancelled(booking)
