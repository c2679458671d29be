"""Two people change one booking: whoever comes second sees both versions, and goes on from the present one."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from bookings import versions
from bookings.models import Booking
from bookings.web.booking import TAKEN
from bookings.web.stretching import check_address
from spaces import wording
from spaces.models import Space
from spaces.periods import Period


@dataclass(frozen=True)
class Row:
    """One thing about the booking, as this person wanted it and as it is now."""

    name: str
    yours: str
    now: str

    @property
    def differs(self) -> bool:
        return self.yours != self.now


def moving(request: HttpRequest, booking: Booking, *, space: Space, period: Period) -> HttpResponse:
    """They wanted another room or time."""
    booking = fresh(booking)
    rows = [
        Row(_("Room"), space.name, booking.space.name),
        Row(_("When"), wording.period(period), wording.period(booking.period)),
    ]
    return page(request, booking, rows, again=check_address(booking, space=space, period=period))


def cancelling(request: HttpRequest, booking: Booking) -> HttpResponse:
    """They wanted to cancel what they had seen."""
    booking = fresh(booking)
    rows = [
        Row(_("Status"), _("cancelled"), booking.get_state_display()),
        Row(_("Room"), wording.DASH, booking.space.name),
        Row(_("When"), wording.DASH, wording.period(booking.period)),
        Row(_("Price"), wording.DASH, wording.euro(booking.gross)),
    ]
    return page(request, booking, rows, again=reverse("booking-cancel", args=[booking.code]))


def fresh(booking: Booking) -> Booking:
    """The booking as it is now."""
    return Booking.objects.with_everything().get(pk=booking.pk)


def page(request: HttpRequest, booking: Booking, rows: Sequence[Row], *, again: str) -> HttpResponse:
    """Both versions side by side, who was first, and the way on (`again`) from the booking as it is now."""
    context = {
        "booking": booking,
        "rows": rows,
        "last": versions.last_change(booking),
        "again": again,
    }
    return render(request, "bookings/overtaken.html", context, status=TAKEN)
