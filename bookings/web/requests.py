"""Staff answer requests for rooms that need approval; who asked may withdraw."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import approving
from bookings.models import Booking
from bookings.refusals import BookingRefused
from bookings.states import BookingState
from bookings.web.reaching import hold_of
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.typed import safe_text

PAGE = 50
REFUSED = 422


class ReasonForm(forms.Form):
    """Why a request is declined: the person who asked reads it."""

    reden = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=approving.LONGEST_ANSWER,
        validators=[safe_text],
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Who asked reads this in a letter."),
    )


def requests(request: HubRequest) -> HttpResponse:
    """What waits for an answer, the oldest first."""
    waiting = Booking.objects.visible_to(request.actor).filter(state=BookingState.REQUESTED)
    rows = waiting.with_everything().order_by("created_at", "starts_at")[:PAGE]
    return render(request, "bookings/requests.html", {"rows": rows})


def approve(request: HubRequest, pk: UUID) -> HttpResponse:
    booking = hold_of(request, pk)
    try:
        done = approving.approve(booking, by=request.actor.user, now=timezone.now())
    except BookingRefused as refused:
        messages.warning(request, refused.message)
        return redirect("requests")
    words = _("%(room)s has been booked for %(party)s. They get a letter.")
    return _answered(request, booking, words=words if done else "")


def decline(request: HubRequest, pk: UUID) -> HttpResponse:
    """Asks for the reason first; the letter says it."""
    booking = hold_of(request, pk)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = REFUSED if form.is_bound else 200
        context = {"booking": booking, "form": form}
        return render(request, "bookings/request_decline.html", context, status=status)
    try:
        done = approving.decline(booking, reason=form.cleaned_data["reden"], now=timezone.now())
    except BookingRefused as refused:
        messages.warning(request, refused.message)
        return redirect("requests")
    words = _("The request of %(party)s for %(room)s has been declined. They get a letter.")
    return _answered(request, booking, words=words if done else "")


def withdraw(request: HubRequest, pk: UUID) -> HttpResponse:
    """Who asked does not want it any more."""
    booking = get_object_or_404(Booking.objects.visible_to(request.actor).with_everything(), pk=pk)
    try:
        if approving.withdraw(booking, by=request.actor.user, now=timezone.now()):
            messages.success(request, _("Your request has been withdrawn. It costs nothing."))
        else:
            messages.info(request, _("This request had already been answered."))
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    return redirect("booking", booking.code)


def _answered(request: HubRequest, booking: Booking, *, words: str) -> HttpResponse:
    nudge()
    if words:
        messages.success(request, words % {"room": booking.space.name, "party": booking.party.name})
    else:
        messages.info(request, _("This request had already been answered."))
    return redirect("requests")
