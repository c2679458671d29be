"""The arrangement of a series follows what becomes of its dates: each exception is written down in it."""

from bookings.models import Booking
from spaces import recurrence


def moved(booking: Booking) -> None:
    """Note where a date stands now; nothing for a booking without a series.

    Call it inside the transaction of the change, once the booking has its new time.
    """
    if booking.series is not None and booking.original_start is not None:
        event, zone = booking.series.event, booking.hub.zone
        recurrence.follow(event, booking.original_start, booking.period, zone=zone)


def cancelled(booking: Booking) -> None:
    """Note that a date was given up, or never became a booking; nothing for a booking without a series. As `moved`."""
    if booking.series is not None and booking.original_start is not None:
        recurrence.cancel_slot(booking.series.event, booking.original_start, booking.period)
