"""The details of a booking: what the door shows, how many come, how the room is set up."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from bookings import describing
from bookings.describing import Details
from bookings.models import Booking
from bookings.refusals import BookingRefused, Overtaken, PriceChanged
from bookings.terms import Terms
from bookings.web import overtaken
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.detail_forms import DetailsForm
from bookings.web.overtaken import Row
from bookings.web.reaching import booking_of
from spaces import wording
from spaces.models import Layout


def details(request: HttpRequest, code: str) -> HttpResponse:
    """The form; what costs more or less is said first, and changed by a second press."""
    booking = booking_of(request, code)
    if request.method == "POST":
        return _sent(request, booking, DetailsForm(request.POST, booking=booking))
    typed = {
        name: request.GET[name][:80] for name in ("naam", "personen", "opstelling") if name in request.GET
    }
    form = DetailsForm(booking=booking, initial=DetailsForm.of(booking) | typed)
    return _page(request, booking, form)


def _sent(request: HttpRequest, booking: Booking, form: DetailsForm) -> HttpResponse:
    if not form.is_valid():
        return _page(request, booking, form, status=REFUSED)
    wanted, now = form.wanted, timezone.now()
    terms = Terms.DESK if request.actor.is_staff else Terms.AGREED
    try:
        along, _there = describing.plan(booking, wanted, terms=terms, now=now)
        total = booking.total + along.difference
        if along.difference and form.cleaned_data["prijs"] != total:
            return _page(request, booking, form, status=TAKEN, total=total, along=along)
        seen = form.cleaned_data["volgnummer"]
        describing.describe(booking, wanted, terms=terms, sequence=seen, agreed=total, now=now)
    except Overtaken:
        return _overtaken(request, booking, wanted)
    except BookingRefused as refused:
        status = TAKEN if isinstance(refused, PriceChanged) else REFUSED
        return _page(request, booking, form, status=status, refusal=refused.message)
    messages.success(request, _("The details have been changed."))
    return redirect("booking", booking.code)


def _overtaken(request: HttpRequest, booking: Booking, wanted: Details) -> HttpResponse:
    fresh = overtaken.fresh(booking)
    now = describing.details(fresh)
    rows = [
        Row(_("Name on the door"), wanted.title or wording.DASH, now.title or wording.DASH),
        Row(_("Number of persons"), str(wanted.persons or wording.DASH), str(now.persons or wording.DASH)),
        Row(_("Layout"), _layout(wanted.layout), _layout(now.layout)),
        Row(_("When"), wording.period(booking.period), wording.period(fresh.period)),
    ]
    typed = {"naam": wanted.title, "personen": wanted.persons or "", "opstelling": wanted.layout}
    again = f"{reverse('booking-details', args=[booking.code])}?{urlencode(typed)}"
    return overtaken.page(request, fresh, rows, again=again)


def _layout(value: str) -> str:
    return str(Layout(value).label) if value else _("as it stands")


def _page(
    request: HttpRequest, booking: Booking, form: DetailsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    may = describing.may_describe(booking, now=timezone.now())
    context = {"booking": booking, "form": form, "may": may}
    return render(request, "bookings/details.html", context | more, status=status)
