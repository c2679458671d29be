"""One booking, as long as it is remembered: what was agreed, how to get in, and what can still be done."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import arriving, describing, invitation, life, presence, stretching
from bookings.models import Booking
from bookings.paying import showing
from bookings.states import BOOKED, BookingState
from bookings.web import paying
from bookings.web.again import again
from bookings.web.checking import STILL_OPEN, steps_of
from bookings.web.going_along import page_of
from bookings.web.reaching import booking_of
from bookings.web.stretching import stretch_of
from spaces import opening
from spaces.periods import Period
from spaces.pricing import Quote
from tenants.parties.access import Actor
from tenants.parties.models import Role


def booking(request: HttpRequest, code: str) -> HttpResponse:
    booking, now = booking_of(request, code), timezone.now()
    if while_it_is_made := _while_it_is_made(request, booking, now=now):
        return while_it_is_made
    context = {
        "booking": booking,
        "just_booked": "geboekt" in request.GET and booking.state == BookingState.CONFIRMED,
        "coming": booking.state in BOOKED and booking.ends_at > now,
        "may_change": life.may_change(booking, now=now),
        "quote": Quote.from_json(booking.quote),
        "steps": steps_of(booking),
        "open_periods": _open_on_the_day(booking),
        "again": again(booking, now=now),
        "paid": showing.paid(booking, actor=request.actor),
    }
    context |= _presence(booking, actor=request.actor, now=now) | _changes(booking, request.actor, now=now)
    context |= page_of(booking)
    return render(request, "bookings/booking.html", context)


def _while_it_is_made(request: HttpRequest, booking: Booking, *, now: datetime) -> HttpResponse | None:
    """Another page than that of what is booked: to check it, or to pay it."""
    if "wacht" in request.GET:
        return paying.news(request, booking)
    if booking.state in STILL_OPEN:
        return redirect("booking-check", booking.pk)
    if booking.state == BookingState.PAYING:
        return paying.awaiting(request, booking, now=now)
    return None


def _changes(booking: Booking, actor: Actor, *, now: datetime) -> dict[str, Any]:
    """What can be changed by whom: the end while it runs, the details, and by staff all of it also afterwards."""
    running = stretching.is_running(booking, now=now) and booking.released_at is None
    begun = booking.state in stretching.MAY_CHANGE and booking.starts_at <= now
    return {
        "stretch": stretch_of(booking, now=now) if running else None,
        "may_put_right": begun and actor.is_staff,
        "may_describe": describing.may_describe(booking, now=now),
    }


def _presence(booking: Booking, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """The party says that it is here; staff see how often it did not come."""
    if not actor.is_staff:
        return {"may_check_in": arriving.may_check_in(booking, now=now)}
    absent = presence.absences([booking.party_id], actor=actor, now=now).get(booking.party_id, 0)
    return {"absences": absent, "at_desk": actor.has(Role.DIRECTOR, Role.RECEPTION)}


def ics(request: HttpRequest, code: str) -> HttpResponse:
    """The booking for a calendar program."""
    booking = booking_of(request, code)
    content = invitation.ics(booking, now=timezone.now())
    response = HttpResponse(content, content_type=invitation.CONTENT_TYPE.format(method="PUBLISH"))
    response["Content-Disposition"] = f'attachment; filename="{booking.code}.ics"'
    return response


def _open_on_the_day(booking: Booking) -> list[Period]:
    day: date = booking.starts_at.astimezone(booking.hub.zone).date()
    return opening.load(booking.hub, period=booking.period).open_periods(day)
