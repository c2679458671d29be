"""Booking, step two: what was chosen, what it costs, and the press that books it."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import approving, challenging, life, options, releasing, repeating_plan, reserving
from bookings.models import Booking
from bookings.refusals import BookingRefused, PriceChanged, TimeTaken
from bookings.states import BookingState
from bookings.web import paying
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.filters import Filters
from bookings.web.finding import picks
from bookings.web.forms import NameForm
from bookings.web.going_along import page_of
from bookings.web.reaching import hold_of
from bookings.web.repeat_forms import RepeatForm, repeat_form
from bookings.web.searching import MEETING, WISH, wish_of
from bookings.web.stretching import place_of
from spaces import cancellation
from spaces.explaining import Sentence
from spaces.pricing import Quote
from tenants.parties.tasks import nudge

STILL_OPEN = (BookingState.HELD, BookingState.OPTION, BookingState.EXPIRED)


def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    booking = hold_of(request, pk)
    if booking.state not in STILL_OPEN:
        return _to_the_booking(request, booking)
    if request.method == "POST":
        return _confirm(request, booking)
    return _page(request, booking, NameForm(initial={"naam": request.GET.get("naam", booking.title)}))


def extend(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ten minutes longer, once; what was typed comes along."""
    booking = hold_of(request, pk)
    try:
        reserving.extend(booking, now=timezone.now())
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    typed = {"naam": request.POST.get("naam", "")[:80], "betalen": request.POST.get("betalen", "")[:10]}
    return redirect(f"{reverse('booking-check', args=[booking.pk])}?{urlencode(typed)}")


def let_go(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The person does not want it after all: others can have it at once."""
    booking = hold_of(request, pk)
    try:
        if releasing.let_go(booking, now=timezone.now()):
            nudge()
        messages.info(request, _("Nothing has been booked. The time is free for others again."))
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    if request.POST.get("terug") == "mijn":
        return redirect("bookings-mine")
    return redirect(_back(request, booking))


def _confirm(request: HttpRequest, booking: Booking) -> HttpResponse:
    form = NameForm(request.POST)
    if not form.is_valid():
        return _page(request, booking, form, status=REFUSED)
    try:
        to_the_bank = paying.book(request, booking, title=form.cleaned_data["naam"])
    except TimeTaken as taken:
        offers = picks(taken.alternatives, hub=booking.hub, party=booking.party)
        return _page(request, booking, form, status=TAKEN, refusal=taken.message, alternatives=offers)
    except BookingRefused as refused:
        booking.refresh_from_db()
        if booking.state not in STILL_OPEN:
            messages.warning(request, refused.message)
            return redirect("booking", booking.code)
        status = TAKEN if isinstance(refused, PriceChanged) else REFUSED
        return _page(request, booking, form, status=status, refusal=refused.message)
    nudge()
    return to_the_bank or _to_the_booking(request, booking)


def _to_the_booking(request: HttpRequest, booking: Booking) -> HttpResponse:
    """After a press, also the second half of a double click: that it has been booked."""
    just_booked = "?geboekt=1" if request.method == "POST" else ""
    return redirect(f"{reverse('booking', args=[booking.code])}{just_booked}")


def _page(
    request: HttpRequest, booking: Booking, form: NameForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = (
        {
            "booking": booking,
            "form": form,
            "quote": Quote.from_json(booking.quote),
            "steps": steps_of(booking),
            "change": _search(request, booking),
            "back": _back(request, booking),
            "typed_name": form["naam"].value() or "",
            "repeat_form": _repeat_form(booking),
        }
        | page_of(booking)
        | _standing(request, booking, now=timezone.now())
        | paying.choice(request, booking)
    )
    return render(request, "bookings/check.html", context | more, status=status)


def steps_of(booking: Booking) -> list[Sentence]:
    """What cancelling costs from now on, by the steps as agreed, with the days filled in."""
    return cancellation.in_words(
        booking.policy, starts_at=booking.policy_starts_at, zone=booking.hub.zone, now=timezone.now()
    )


def _repeat_form(booking: Booking) -> RepeatForm | None:
    """None when it cannot repeat: an option, or something that goes with the room."""
    if booking.state == BookingState.OPTION or not repeating_plan.is_bare(booking):
        return None
    return repeat_form(booking)


def _standing(request: HttpRequest, booking: Booking, *, now: datetime) -> dict[str, Any]:
    """Until when the time is kept and how, and what can be done with it besides booking."""
    return {
        "held": life.is_held(booking, now=now),
        "in_option": life.is_in_option(booking, now=now),
        "challenge": challenging.open_on(booking) if booking.state == BookingState.OPTION else None,
        "option_until": options.may_take(booking, now=now),
        "needs_answer": approving.needs_answer(booking, reserving.spaces_of(booking), by=request.actor.user),
    }


def _back(request: HttpRequest, booking: Booking) -> str:
    """Where room and time were chosen: the form of the meeting area, or else the finder."""
    if request.session.get(MEETING) == str(booking.pk):
        return f"{reverse('meeting-book')}?{urlencode(place_of(booking))}"
    return f"{reverse('book')}?{_search(request, booking)}"


def _search(request: HttpRequest, booking: Booking) -> str:
    """The search to go back to: this day and time, with what else was asked for."""
    asked = QueryDict(request.session.get(WISH, ""), mutable=True)
    params = QueryDict(wish_of(booking, Filters(booking.hub, timezone.now())).query, mutable=True)
    for name in ("soort", "nodig", "personen", "partij"):
        if name in asked or asked:
            params.setlist(name, asked.getlist(name))
    return params.urlencode()
