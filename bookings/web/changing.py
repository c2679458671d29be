"""Moving and cancelling a booking: the cost is on the page before anything is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import cancelling, life, moving
from bookings.models import Booking
from bookings.refusals import AlreadyDone, BookingRefused, PriceChanged, TimeTaken
from bookings.states import BookingState
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.finding import picks
from bookings.web.forms import MoveForm, PlaceForm
from bookings.web.reaching import booking_of
from bookings.web.searching import move_page
from spaces.models import Space
from spaces.pricing import Quote
from spaces.wording import euro
from tenants.parties.tasks import nudge


def cancel(request: HttpRequest, code: str) -> HttpResponse:
    booking, now = booking_of(request, code), timezone.now()
    if booking.state == BookingState.CANCELLED:
        return redirect("booking", booking.code)
    try:
        planned = cancelling.plan(booking, now=now)
        if request.method == "POST" and request.POST.get("kosten") == str(planned.fee.gross):
            cancelling.cancel(booking, by=request.actor.user, agreed=planned.fee.gross, now=now)
            return _cancelled(request, booking, planned)
    except BookingRefused as refused:
        return _refused(request, booking, refused)
    context = {
        "booking": booking,
        "planned": planned,
        "late": cancelling.is_late(booking, now),
        "changed": request.method == "POST",
    }
    return render(request, "bookings/cancel.html", context, status=TAKEN if context["changed"] else 200)


def move(request: HttpRequest, code: str) -> HttpResponse:
    """The finder again, for another time or room."""
    booking, now = booking_of(request, code), timezone.now()
    if not life.may_change(booking, now=now):
        return _refused(request, booking, AlreadyDone())
    return render(request, "bookings/finder.html", move_page(booking, request.GET, now=now))


def move_check(request: HttpRequest, code: str) -> HttpResponse:
    """Old and new next to each other, with the difference; a press moves."""
    booking = booking_of(request, code)
    form = (MoveForm if request.method == "POST" else PlaceForm)(request.POST or request.GET, hub=booking.hub)
    if not form.is_valid():
        messages.warning(request, form.first_error)
        return redirect("booking-move", booking.code)
    space = _space(booking, form.cleaned_data["ruimte"])
    try:
        if isinstance(form, MoveForm):
            return _move(request, booking, form, space=space)
        return render(request, "bookings/move_check.html", _plan(booking, form, space=space))
    except TimeTaken as taken:
        return _refused(
            request, booking, taken, picks(taken.alternatives, hub=booking.hub, party=booking.party)
        )
    except BookingRefused as refused:
        return _refused(request, booking, refused)


def _space(booking: Booking, code: str) -> Space:
    return get_object_or_404(Space.objects.of_hub(booking.hub).select_related("hub", "floor"), code=code)


def _plan(booking: Booking, form: PlaceForm, *, space: Space) -> dict[str, Any]:
    period, now = form.cleaned_data["period"], timezone.now()
    return {
        "booking": booking,
        "space": space,
        "period": period,
        "planned": moving.plan(booking, space=space, period=period, now=now),
        "old_quote": Quote.from_json(booking.quote),
        "late": cancelling.is_late(booking, now),
        "same": (space.pk, period) == (booking.space_id, booking.period),
        "place": form.data,
    }


def _move(request: HttpRequest, booking: Booking, form: MoveForm, *, space: Space) -> HttpResponse:
    data = form.cleaned_data
    moving.move(
        booking, space=space, period=data["period"], by=request.actor.user, sequence=data["volgnummer"],
        agreed=data["prijs"], now=timezone.now(),
    )  # fmt: skip
    nudge()
    messages.success(request, _("Your booking has been moved. A new confirmation is on its way."))
    return redirect("booking", booking.code)


def _cancelled(request: HttpRequest, booking: Booking, planned: cancelling.Cancellation) -> HttpResponse:
    nudge()
    words = _("Your booking has been cancelled. It costs nothing.")
    if not planned.free:
        costs = _("Your booking has been cancelled. %(fee)s will be on your invoice.")
        words = costs % {"fee": euro(planned.fee.gross)}
    messages.success(request, words)
    return redirect("booking", booking.code)


def _refused(
    request: HttpRequest, booking: Booking, refused: BookingRefused, alternatives: list[Any] | None = None
) -> HttpResponse:
    """Why not, with the way back to the booking as it is now, and what can be done instead."""
    status = TAKEN if isinstance(refused, TimeTaken | AlreadyDone | PriceChanged) else REFUSED
    context = {"booking": booking, "refusal": refused.message, "alternatives": alternatives or []}
    return render(request, "bookings/refused.html", context, status=status)
