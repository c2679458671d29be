"""The way to a booking for the pages: only what the actor may see, else a 404."""

from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from bookings.models import Booking
from bookings.querysets import BookingQuerySet
from tenants.parties.access import Actor


def booking_of(request: HttpRequest, code: str) -> Booking:
    """The booking with this code as people write it. Raises Http404 for strangers."""
    booking: Booking = get_object_or_404(_visible(request.actor), code=code.upper())
    return booking


def hold_of(request: HttpRequest, pk: UUID) -> Booking:
    """The booking with this key, while it is being made. Raises Http404 for strangers."""
    booking: Booking = get_object_or_404(_visible(request.actor), pk=pk)
    return booking


def _visible(actor: Actor) -> BookingQuerySet:
    return Booking.objects.visible_to(actor).with_everything()
