"""My bookings: what is coming (today on top), what has been, what was cancelled."""

from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings import arriving, life
from bookings.models import Booking, Series
from bookings.occupants import may_ask
from bookings.querysets import BookingQuerySet
from bookings.web.again import again
from bookings.web.optioning import pending
from tenants.parties.access import Actor

PAGE = 20
COMING, PAST, CANCELLED = "komend", "voorbij", "geannuleerd"


@dataclass(frozen=True)
class Row:
    """A booking with what can still be done about it."""

    booking: Booking
    is_today: bool
    may_change: bool
    may_check_in: bool
    again: str


def mine(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    part = request.GET.get("deel", COMING)
    chosen = part if part in (PAST, CANCELLED) else COMING
    own = Booking.objects.of(request.actor).with_everything()
    page = Paginator(_part(own, chosen, now=now), PAGE).get_page(request.GET.get("page", "")[:6])
    own_word = not request.actor.is_staff  # reception says it at the desk
    rows = [_row(booking, own_word=own_word, now=now) for booking in page]
    context = {
        "part": chosen,
        "page": page,
        "today": [row for row in rows if row.is_today],
        "rows": [row for row in rows if not row.is_today],
        "may_wait": chosen == COMING and may_ask(request.actor),
        "many_parties": len(request.actor.parties) != 1,
        "pending": pending(request.actor, now=now) if chosen == COMING else None,
        "series": _series(request.actor, now=now) if chosen == COMING else [],
    }
    return render(request, "bookings/mine.html", context)


def _series(actor: Actor, *, now: datetime) -> list[Series]:
    """The series that go on, at most a screen of them."""
    running = Series.objects.of(actor).running(timezone.localdate(now)).select_related("space")
    return list(running.order_by("starts_on")[:PAGE])


def _part(own: BookingQuerySet, part: str, *, now: datetime) -> BookingQuerySet:
    if part == PAST:
        return own.past(now=now)
    return own.cancelled() if part == CANCELLED else own.upcoming(now=now)


def _row(booking: Booking, *, own_word: bool, now: datetime) -> Row:
    zone = booking.hub.zone
    today = booking.starts_at.astimezone(zone).date() == now.astimezone(zone).date()
    return Row(
        booking=booking,
        is_today=today and booking.ends_at > now and booking.cancelled_at is None,
        may_change=life.may_change(booking, now=now),
        may_check_in=own_word and arriving.may_check_in(booking, now=now),
        again=again(booking, now=now),
    )
