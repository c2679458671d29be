"""“I am here”: on one's own phone, for one's own booking."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import arriving
from bookings.refusals import BookingRefused
from bookings.web.reaching import booking_of


def check_in(request: HttpRequest, code: str) -> HttpResponse:
    booking = booking_of(request, code)
    try:
        arriving.check_in(booking, now=timezone.now())
    except BookingRefused as refused:
        messages.error(request, refused.message)
    else:
        told = _("Welcome. You are in %(room)s, %(floor)s.")
        messages.success(request, told % {"room": booking.space.name, "floor": booking.space.floor})
    return redirect("booking", booking.code)
