"""The life of a booking, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingState(models.TextChoices):
    HELD = "held", _("held for you")
    EXPIRED = "expired", _("hold ended")
    CONFIRMED = "confirmed", _("booked")
    ARRIVED = "arrived", _("arrived")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")


NEXT: dict[BookingState, set[BookingState]] = {
    BookingState.HELD: {BookingState.CONFIRMED, BookingState.EXPIRED},
    BookingState.EXPIRED: {BookingState.CONFIRMED, BookingState.HELD},
    BookingState.CONFIRMED: {BookingState.ARRIVED, BookingState.NO_SHOW, BookingState.CANCELLED},
    BookingState.ARRIVED: {BookingState.CONFIRMED},
    BookingState.NO_SHOW: {BookingState.CONFIRMED},
    BookingState.CANCELLED: set(),
}
"""From → to. A hold that ended may still be booked, or held anew, while the space is free. Back to
CONFIRMED from ARRIVED and NO_SHOW is the desk's undo."""

BLOCKING = [BookingState.HELD, BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.NO_SHOW]
"""States that keep the space: others cannot book it."""

BOOKED = [BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.NO_SHOW]
"""Really booked, so charged and counted."""
