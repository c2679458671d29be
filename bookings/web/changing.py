"""Changing and cancelling a booking: the cost is on the page before anything is done."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import cancelling, life, moving, stretching
from bookings.models import Booking
from bookings.refusals import AlreadyDone, BookingRefused, NothingChanged, Overtaken, PriceChanged, TimeTaken
from bookings.states import BookingState
from bookings.terms import Terms
from bookings.web import overtaken
from bookings.web.booking import REFUSED, TAKEN
from bookings.web.finding import picks
from bookings.web.forms import CancelForm, MoveForm, PlaceForm
from bookings.web.going_along import page
from bookings.web.reaching import booking_of
from bookings.web.searching import move_page
from bookings.web.stretching import stretch_of
from spaces.models import Space
from spaces.wording import euro
from tenants.billing import tasks as billing
from tenants.billing.online.crediting import Back
from tenants.parties.tasks import nudge

HOUSE = "huis"


def cancel(request: HttpRequest, code: str) -> HttpResponse:
    booking, now = booking_of(request, code), timezone.now()
    if booking.state == BookingState.CANCELLED:
        return redirect("booking", booking.code)
    try:
        return _cancel(request, booking, CancelForm(request.POST or None), now=now)
    except Overtaken:
        return overtaken.cancelling(request, booking)
    except BookingRefused as refused:
        return _refused(request, booking, refused)


def move(request: HttpRequest, code: str) -> HttpResponse:
    """The finder again, for another time or room; for staff what has begun can be put right by hand."""
    booking, now = booking_of(request, code), timezone.now()
    if life.may_change(booking, now=now):
        context = move_page(booking, request.GET, actor=request.actor, now=now)
        return render(request, "bookings/finder.html", context | {"stretch": stretch_of(booking, now=now)})
    if request.actor.is_staff and booking.state in stretching.MAY_CHANGE:
        return _put_right(request, booking)
    if stretching.is_running(booking, now=now):
        return redirect(f"{reverse('booking', args=[booking.code])}#nu")
    return _refused(request, booking, AlreadyDone())


def move_check(request: HttpRequest, code: str) -> HttpResponse:
    """Old and new next to each other, with the difference; a press changes it."""
    booking = booking_of(request, code)
    form = (MoveForm if request.method == "POST" else PlaceForm)(request.POST or request.GET, hub=booking.hub)
    if not form.is_valid():
        messages.warning(request, form.first_error)
        return redirect("booking-move", booking.code)
    space = _space(booking, form.cleaned_data["ruimte"])
    try:
        if isinstance(form, MoveForm):
            return _move(request, booking, form, space=space)
        return render(request, "bookings/move_check.html", _plan(request, booking, form, space=space))
    except Overtaken:
        return overtaken.moving(request, booking, space=space, period=form.cleaned_data["period"])
    except TimeTaken as taken:
        return _refused(
            request, booking, taken, picks(taken.alternatives, hub=booking.hub, party=booking.party)
        )
    except BookingRefused as refused:
        return _refused(request, booking, refused)


def _space(booking: Booking, code: str) -> Space:
    return get_object_or_404(Space.objects.of_hub(booking.hub).select_related("hub", "floor"), code=code)


def _plan(request: HttpRequest, booking: Booking, form: PlaceForm, *, space: Space) -> dict[str, Any]:
    period, now = form.cleaned_data["period"], timezone.now()
    context = {
        "booking": booking,
        "space": space,
        "period": period,
        "running": stretching.is_running(booking, now=now),
        "late": cancelling.is_late(booking, now),
        "place": form.data,
    }
    try:
        return context | _plans(request, booking, space=space, period=period, now=now)
    except NothingChanged:
        return context | {"same": True, "new_price": booking.total}


def _plans(request: HttpRequest, booking: Booking, **wish: Any) -> dict[str, Any]:
    """What it costs by the agreed steps and, for staff to choose, when the house asks for it."""
    by, staff = request.actor.user, request.actor.is_staff
    terms = Terms.DESK if staff else Terms.AGREED
    planned = moving.plan(booking, terms=terms, by=by, **wish)
    return {
        "planned": planned,
        "online": moving.money_back(booking, planned),
        "new_price": planned.total,
        "by_the_house": moving.plan(booking, terms=Terms.HOUSE, by=by, **wish) if staff else None,
    } | page(planned.additions.rows, room=planned.quote.gross)


def _move(request: HttpRequest, booking: Booking, form: MoveForm, *, space: Space) -> HttpResponse:
    data, terms = form.cleaned_data, Terms.AGREED
    if request.actor.is_staff:
        terms = Terms.HOUSE if data["kosten"] == HOUSE else Terms.DESK
    moved = moving.move(
        booking, space=space, period=data["period"], terms=terms, by=request.actor.user, sequence=data["volgnummer"],
        agreed=data["prijs_huis" if terms is Terms.HOUSE else "prijs"], now=timezone.now(),
    )  # fmt: skip
    nudge()
    billing.nudge(billing.send_refunds)
    words = _("Your booking has been changed. A new confirmation is on its way.")
    if moved.state == BookingState.REQUESTED:
        words = _("Your change has been sent. You get a letter as soon as it has been answered.")
    elif request.actor.is_staff:
        words = _("The booking has been changed. %(who)s gets a letter.") % {"who": booking.party.name}
    messages.success(request, words)
    return redirect("booking", booking.code)


def _put_right(request: HttpRequest, booking: Booking) -> HttpResponse:
    rooms = Space.objects.of_hub(booking.hub).bookable().select_related("floor")
    start, end = booking.period.local(booking.hub.zone)
    context = {"booking": booking, "rooms": rooms, "start": start, "end": end}
    return render(request, "bookings/put_right.html", context)


def _cancel(request: HttpRequest, booking: Booking, form: CancelForm, *, now: datetime) -> HttpResponse:
    planned = cancelling.plan(booking, now=now)
    if form.is_valid() and form.cleaned_data["kosten"] == planned.fee.gross:
        seen, online = form.cleaned_data["volgnummer"], cancelling.money_back(booking, planned)
        cancelling.cancel(booking, by=request.actor.user, agreed=planned.fee.gross, sequence=seen, now=now)
        return _cancelled(request, booking, planned, online)
    context = {
        "booking": booking,
        "planned": planned,
        "online": cancelling.money_back(booking, planned),
        "late": cancelling.is_late(booking, now),
        "changed": form.is_bound,
    }
    return render(request, "bookings/cancel.html", context, status=TAKEN if form.is_bound else 200)


def _cancelled(
    request: HttpRequest, booking: Booking, planned: cancelling.Cancellation, online: Back | None
) -> HttpResponse:
    nudge()
    billing.nudge(billing.send_refunds)
    words = _("Your booking has been cancelled. It costs nothing.")
    if online is not None and online.refunded:
        words = _("Your booking has been cancelled. %(amount)s comes back.") % {
            "amount": euro(online.refunded)
        }
    elif online is not None:
        words = _("Your booking has been cancelled.")
    elif not planned.free:
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
