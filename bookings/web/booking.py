"""Booking, step one: the finder, and the hold that a press of "Book" takes."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from bookings import releasing, reserving
from bookings.models import Booking
from bookings.refusals import BookingRefused, TimeTaken
from bookings.web.finding import picks
from bookings.web.forms import HoldForm
from bookings.web.searching import NEEDS, WISH, finder_page
from bookings.web.whom import Whom, contact_of, whom
from spaces.models import Space
from tenants.parties.models import Party

TAKEN, REFUSED = 409, 422


def book(request: HttpRequest) -> HttpResponse:
    return render(request, "bookings/finder.html", finder_page(request, request.GET, now=timezone.now()))


def hold(request: HttpRequest) -> HttpResponse:
    """Keeps the room while the person looks at what they agree to."""
    form = HoldForm(request.POST, hub=request.actor.hub)
    chosen = whom(request.actor, request.POST.get("partij", ""))
    if not form.is_valid() or chosen.party is None:
        return _again(request, words=chosen.why_not or form.first_error)
    try:
        booking = _hold(request, form, party=chosen.party)
    except BookingRefused as refused:
        return _again(request, refused=refused, chosen=chosen)
    request.session[WISH] = form.cleaned_data["wens"]
    request.session[NEEDS] = QueryDict(form.cleaned_data["wens"]).getlist("nodig")[:20]
    return redirect("booking-check", booking.pk)


def _hold(request: HttpRequest, form: HoldForm, *, party: Party) -> Booking:
    actor, data, now = request.actor, form.cleaned_data, timezone.now()
    spaces = Space.objects.of_hub(actor.hub).select_related("hub", "floor")
    space = get_object_or_404(spaces, code=data["ruimte"])
    releasing.let_go_of_others(actor.user, party=party, key=data["sleutel"], now=now)
    return reserving.hold(
        space, period=data["period"], party=party, by=actor.user, contact=contact_of(actor), title=data["naam"],
        key=data["sleutel"], now=now,
    )  # fmt: skip


def _again(
    request: HttpRequest,
    *,
    words: str = "",
    refused: BookingRefused | None = None,
    chosen: Whom | None = None,
) -> HttpResponse:
    """The finder once more, with what was chosen kept, and what can be done instead."""
    params = QueryDict(request.POST.get("wens", "")[:2000])
    context = finder_page(request, params, now=timezone.now())
    context["refusal"] = refused.message if refused else words
    taken = isinstance(refused, TimeTaken)
    if isinstance(refused, TimeTaken) and chosen and chosen.party:
        context["alternatives"] = picks(refused.alternatives, hub=request.actor.hub, party=chosen.party)
    return render(request, "bookings/finder.html", context, status=TAKEN if taken else REFUSED)
