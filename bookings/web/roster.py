"""When rooms are taken: a day of all rooms, a week or a month of one. Going from one to another keeps day and room."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from bookings import daysheet
from bookings.reserving import DAYS_AHEAD
from bookings.web.desk import chosen_day
from spaces import months
from spaces.models import Space
from spaces.periods import DAY
from tenants.parties.web.asking import HubRequest

WEEK = 7


def day(request: HubRequest) -> HttpResponse:
    """/rooster?dag=2026-11-24: rooms and hours; what is free is a link to book it."""
    now, actor, at = timezone.now(), request.actor, chosen_day(request)
    rooms = _rooms(request)
    wanted = request.GET.get("ruimte", "")
    return render(request, "bookings/roster_day.html", {
        "sheet": daysheet.of_day(actor.hub, at, spaces=rooms, actor=actor, now=now),
        "room": next((room for room in rooms if room.code == wanted), next(iter(rooms), None)),
        "view": "day", "day": at, "today": timezone.localdate(now), **_around(at, at - DAY, at + DAY),
    })  # fmt: skip


def week(request: HubRequest, code: str) -> HttpResponse:
    """/ruimte/B03/week?dag=2026-11-24: the days and hours of one room."""
    now, actor, at = timezone.now(), request.actor, chosen_day(request)
    room, rooms = _room(request, code)
    monday = at - at.weekday() * DAY
    days = [monday + number * DAY for number in range(WEEK)]
    return render(request, "bookings/roster_week.html", {
        "sheet": daysheet.of_week(actor.hub, days, space=room, actor=actor, now=now),
        "room": room, "rooms": rooms, "page_name": "space-week", "view": "week", "day": at, "days": days,
        "today": timezone.localdate(now), **_around(at, at - WEEK * DAY, at + WEEK * DAY),
    })  # fmt: skip


def month(request: HubRequest, code: str) -> HttpResponse:
    """/ruimte/B03/maand?dag=2026-11-24: each day of that month free, partly free or full."""
    now, at = timezone.now(), chosen_day(request)
    room, rooms = _room(request, code)
    today = timezone.localdate(now)
    return render(request, "bookings/roster_month.html", {
        "weeks": months.weeks_of(room, month=at, now=now),
        "room": room, "rooms": rooms, "page_name": "space-month", "view": "month", "day": at, "today": today,
        **_around(at, months.month_before(at), months.next_month(at)),
        **({} if at.replace(day=1) > today else {"earlier": None}),
    })  # fmt: skip


def _rooms(request: HubRequest) -> Sequence[Space]:
    return list(Space.objects.of_hub(request.actor.hub).bookable().select_related("hub", "floor"))


def _room(request: HubRequest, code: str) -> tuple[Space, Sequence[Space]]:
    """The room in the address, and all there are to choose from. Raises Http404."""
    rooms = _rooms(request)
    room = next((room for room in rooms if room.code == code), None)
    if room is None:
        raise Http404
    return room, rooms


def _around(at: date, before: date, after: date) -> dict[str, Any]:
    """Where "earlier" and "later" lead; None where there is nothing to book any more."""
    last = timezone.localdate() + DAYS_AHEAD * DAY
    return {
        "earlier": before,
        "later": after if after <= last else None,
        "is_now": at == timezone.localdate(),
    }
