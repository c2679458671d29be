"""Repeating what is being booked: every date first, with its price and the ways out, then all of them at one press."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from bookings import repeating, repeating_plan
from bookings.models import Booking
from bookings.refusals import BookingRefused
from bookings.repeating import Agreed
from bookings.repeating_plan import Plan, Wish
from bookings.repeating_refusals import PlanChanged
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.checking import STILL_OPEN
from bookings.web.forms import NameForm
from bookings.web.reaching import hold_of
from bookings.web.repeat_forms import RepeatForm, SendForm, repeat_form
from bookings.web.repeat_rows import plan_rows
from tenants.parties.tasks import nudge

CHOICE = "keuze-"


def new(request: HttpRequest) -> HttpResponse:
    """/reeks/nieuw?vast=<uuid>&herhaal=week&einde=tot&tot=2026-12-31 shows the dates; nothing is stored."""
    asked = request.POST if request.method == "POST" else request.GET
    booking = _held(request, asked.get("vast", ""))
    if booking.state not in STILL_OPEN:
        return redirect("booking", booking.code)
    form = repeat_form(booking, asked if "herhaal" in asked else None)
    if not form.is_bound or not form.is_valid():
        return _page(request, booking, form, status=REFUSED if form.is_bound else 200)
    try:
        return (_make if request.POST.get("doe") == "boek" else _look)(request, booking, form)
    except PlanChanged as changed:
        return _page(request, booking, form, plan=changed.plan, refusal=changed.message, status=TAKEN)
    except BookingRefused as refused:
        return _page(request, booking, form, refusal=refused.message, status=REFUSED)


def _held(request: HttpRequest, key: str) -> Booking:
    try:
        return hold_of(request, UUID(key))
    except ValueError as error:
        raise Http404 from error


def _wish(request: HttpRequest, booking: Booking, form: RepeatForm) -> Wish:
    starts, ends = booking.period.local(booking.hub.zone)
    return Wish(
        space=booking.space, party=booking.party, by=request.actor.user, pattern=form.cleaned_data["pattern"],
        hours=(starts.time(), ends.time()), first=starts.date(), last=form.cleaned_data["last"],
        contact=booking.contact, title=_name(request, booking), persons=booking.persons, hold=booking,
    )  # fmt: skip


def _name(request: HttpRequest, booking: Booking) -> str:
    form = NameForm(request.POST or {"naam": booking.title})
    return (form.cleaned_data["naam"] if form.is_valid() else "") or booking.title


def choices_of(request: HttpRequest) -> dict[str, str]:
    """The way out that was chosen for each date."""
    return {
        name.removeprefix(CHOICE): str(value)[:60]
        for name, value in request.POST.items()
        if name.startswith(CHOICE) and value
    }


def _look(request: HttpRequest, booking: Booking, form: RepeatForm) -> HttpResponse:
    wish = _wish(request, booking, form)
    plan = repeating_plan.plan(wish, choices=choices_of(request), now=timezone.now())
    return _page(request, booking, form, plan=plan)


def _make(request: HttpRequest, booking: Booking, form: RepeatForm) -> HttpResponse:
    sent, name = SendForm(request.POST), NameForm(request.POST)
    if not sent.is_valid() or not name.is_valid():
        plan = repeating_plan.plan(
            _wish(request, booking, form), choices=choices_of(request), now=timezone.now()
        )
        return _page(request, booking, form, plan=plan, status=REFUSED)
    data = sent.cleaned_data
    series = repeating.create(
        _wish(request, booking, form), choices=choices_of(request), key=data["sleutel"],
        agreed=Agreed(data["akkoord"], data["totaal"]), now=timezone.now(),
    )  # fmt: skip
    nudge()
    return redirect(f"{reverse('series', args=[series.pk])}?geboekt=1")


def _page(
    request: HttpRequest,
    booking: Booking,
    form: RepeatForm,
    *,
    plan: Plan | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    name = NameForm(request.POST) if "naam" in request.POST else NameForm(initial={"naam": booking.title})
    context = {
        "booking": booking, "form": form, "plan": plan, "name": name, "key": request.POST.get("sleutel") or uuid4(),
        "rows": plan_rows(plan.dates, actor=request.actor) if plan else [],
        "fields": [(key, value) for key, value in form.data.lists() if key in form.fields] if form.is_bound else [],
    }  # fmt: skip
    return render(request, "bookings/series_new.html", context | more, status=status)
