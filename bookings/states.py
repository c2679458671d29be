"""The life of a booking, on one page."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class BookingState(models.TextChoices):
    HELD = "held", _("held for you")
    EXPIRED = "expired", _("hold ended")
    OPTION = "option", _("option")
    PAYING = "paying", _("is being paid")
    REQUESTED = "requested", _("waits for approval")
    DECLINED = "declined", _("not approved")
    CONFIRMED = "confirmed", _("booked")
    ARRIVED = "arrived", _("arrived")
    NO_SHOW = "no_show", _("did not come")
    CANCELLED = "cancelled", _("cancelled")


NEXT: dict[BookingState, set[BookingState]] = {
    BookingState.HELD: {
        BookingState.CONFIRMED,
        BookingState.EXPIRED,
        BookingState.OPTION,
        BookingState.PAYING,
        BookingState.REQUESTED,
    },
    BookingState.EXPIRED: {
        BookingState.CONFIRMED,
        BookingState.HELD,
        BookingState.PAYING,
        BookingState.REQUESTED,
    },
    BookingState.OPTION: {
        BookingState.CONFIRMED,
        BookingState.EXPIRED,
        BookingState.PAYING,
        BookingState.REQUESTED,
    },
    BookingState.PAYING: {
        BookingState.CANCELLED,
        BookingState.CONFIRMED,
        BookingState.EXPIRED,
        BookingState.HELD,
        BookingState.OPTION,
    },
    BookingState.REQUESTED: {BookingState.CONFIRMED, BookingState.DECLINED, BookingState.CANCELLED},
    BookingState.DECLINED: set(),
    BookingState.CONFIRMED: {
        BookingState.ARRIVED,
        BookingState.NO_SHOW,
        BookingState.CANCELLED,
        BookingState.REQUESTED,
    },
    BookingState.ARRIVED: {BookingState.CONFIRMED},
    BookingState.NO_SHOW: {BookingState.CONFIRMED},
    BookingState.CANCELLED: set(),
}
"""From → to. A hold or an option that ended may still be booked, or held anew, while the space is free. A change
beyond what was approved asks for approval again. What was not paid after all is held, or an option, as it was before.
Back to CONFIRMED from ARRIVED and NO_SHOW is the desk's undo."""

HOLDING = [BookingState.HELD, BookingState.OPTION]
"""States that keep the space until a moment, and then end by themselves. One that is being paid is kept until the
payment page is closed: somebody may just have paid."""

BLOCKING = [
    *HOLDING,
    BookingState.PAYING,
    BookingState.REQUESTED,
    BookingState.CONFIRMED,
    BookingState.ARRIVED,
    BookingState.NO_SHOW,
]
"""States that keep the space: others cannot book it."""

BOOKED = [BookingState.CONFIRMED, BookingState.ARRIVED, BookingState.NO_SHOW]
"""Really booked, so charged and counted."""
