"""The shared meeting area for tenants: a week as a table, and booking for oneself or a colleague."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from bookings import allowance, daysheet, meeting_price, releasing, reserving
from bookings.refusals import BookingRefused, TimeTaken
from bookings.web.desk import REFUSED, TAKEN, chosen_day
from bookings.web.searching import MEETING
from bookings.web.timed_forms import MeetingForm, given, with_choice
from spaces.models import Space, SpaceKind
from tenants.parties.web.asking import HubRequest

WEEK = 7
SATURDAY = 5


def week(request: HubRequest) -> HttpResponse:
    """/ontmoeten?ruimte=B01&dag=2026-11-24 shows that week of that room."""
    return render(request, "bookings/meeting_week.html", week_page(request))


def week_page(request: HubRequest) -> dict[str, Any]:
    actor, now = request.actor, timezone.now()
    rooms = Space.objects.of_hub(actor.hub).bookable().filter(kind__in=SpaceKind.for_meeting())
    spaces = list(rooms.select_related("hub", "floor", "parent"))
    space = next((it for it in spaces if it.code == request.GET.get("ruimte")), next(iter(spaces), None))
    monday = _monday(chosen_day(request), ahead="dag" not in request.GET)
    days = [monday + timedelta(days=ahead) for ahead in range(WEEK)]
    months = sorted({day.replace(day=1) for day in days})
    sheet = daysheet.of_week(actor.hub, days, space=space, actor=actor, now=now) if space else None
    return {
        "spaces": spaces, "space": space, "days": days, "monday": monday, "sheet": sheet,
        "previous": monday - timedelta(days=WEEK), "next": monday + timedelta(days=WEEK), "now": now,
        "allowances": [(month, allowance.included(actor.parties[0], month=month, now=now)) for month in months],
        "per_hour": meeting_price.per_hour(space, actor.parties[0], days=days) if space else None,
        "today": timezone.localdate(now),
    }  # fmt: skip


def book(request: HubRequest) -> HttpResponse:
    """The form; sending it keeps the room and goes on to the page with the price."""
    if request.method == "GET":
        form = MeetingForm(actor=request.actor, initial=given(request))
        return render(request, "bookings/meeting_book.html", {"form": form})
    form = MeetingForm(with_choice(request.POST), actor=request.actor)
    if not form.is_valid():
        return render(request, "bookings/meeting_book.html", {"form": form}, status=REFUSED)
    try:
        return _held(request, form)
    except BookingRefused as refused:
        context = {
            "form": form,
            "refusal": refused.message,
            "alternatives": getattr(refused, "alternatives", []),
        }
        status = TAKEN if isinstance(refused, TimeTaken) else REFUSED
        return render(request, "bookings/meeting_book.html", context, status=status)


def _held(request: HubRequest, form: MeetingForm) -> HttpResponse:
    wish, now, user, party = form.cleaned_data, timezone.now(), request.actor.user, request.actor.parties[0]
    releasing.let_go_of_others(user, party=party, key=wish["sleutel"], now=now)
    booking = reserving.hold(
        wish["ruimte"], period=wish["period"], party=party, by=user, contact=wish["contact"], title=wish["title"],
        persons=wish["persons"], wish=form.wish, key=wish["sleutel"], now=now,
    )  # fmt: skip
    request.session[MEETING] = str(booking.pk)
    return redirect("booking-check", booking.pk)


def _monday(day: date, *, ahead: bool) -> date:
    """The Monday of that week; looking `ahead`, the weekend already shows the week to come."""
    monday = day - timedelta(days=day.weekday())
    return monday + timedelta(days=WEEK) if ahead and day.weekday() >= SATURDAY else monday
