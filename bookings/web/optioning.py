"""Options for the pages: taking one, asking for somebody else's, and what still waits for an answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from bookings import challenging, options
from bookings.models import Booking, Challenge
from bookings.paying import showing
from bookings.refusals import BookingRefused
from bookings.states import BookingState
from bookings.web.forms import NameForm
from bookings.web.reaching import hold_of
from bookings.web.whom import whom
from spaces import wording
from spaces.periods import HOUR
from tenants.billing.models import OnlineState
from tenants.parties.access import Actor
from tenants.parties.tasks import nudge

REFUSED = 422


@dataclass(frozen=True)
class Pending:
    """What waits: for payment, for an answer (held times that were offered, options, requests), and options of others
    that were asked for. Of what is being paid, `at_the_bank` are those that only the bank still has to confirm.
    """

    paying: list[Booking]
    at_the_bank: set[str]
    offers: list[Booking]
    options: list[Booking]
    requests: list[Booking]
    asked: list[Challenge]

    def __bool__(self) -> bool:
        return bool(self.paying or self.offers or self.options or self.requests or self.asked)


def pending(actor: Actor, *, now: datetime) -> Pending:
    """What waits for an answer by `actor`, or for one to them. Two queries, one for who asked, and one for payments."""
    own = Booking.objects.of(actor).with_everything().order_by("starts_at")
    waiting = own.filter(
        state__in=[BookingState.HELD, BookingState.OPTION, BookingState.PAYING, BookingState.REQUESTED],
        ends_at__gt=now,
    ).annotate_promised()
    found = list(waiting.prefetch_related(challenging.open_ones()))
    held = [it for it in found if it.held_until is None or it.held_until > now]
    asked = Challenge.objects.of(actor).filter(ended_at=None)
    paying = [it for it in found if it.state == BookingState.PAYING]
    attempts = showing.under_way(paying).values()
    return Pending(
        paying=paying,
        at_the_bank={it.source for it in attempts if it.state == OnlineState.PROCESSING},
        offers=[it for it in held if it.state == BookingState.HELD and it.is_promised],
        options=[it for it in held if it.state == BookingState.OPTION],
        requests=[it for it in held if it.state == BookingState.REQUESTED],
        asked=list(asked.select_related("option__space", "option__hub").order_by("due_at")),
    )


def take(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep this time for days, at no cost; what was typed comes along."""
    booking, form = hold_of(request, pk), NameForm(request.POST)
    name = form.cleaned_data["naam"] if form.is_valid() else ""
    try:
        options.take(booking, title=name, now=timezone.now())
        nudge()
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    return redirect("booking-check", booking.pk)


def ask(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Somebody else's option, as far as a stranger may know: its room and time."""
    now = timezone.now()
    running = Booking.objects.of_hub(request.actor.hub).with_everything()
    option = get_object_or_404(running.filter(state=BookingState.OPTION), pk=pk)
    chosen = whom(request.actor, request.POST.get("partij", request.GET.get("partij", "")))
    context = {"option": option, "whom": chosen, "due_at": _due_at(option, now=now)}
    if request.method != "POST" or chosen.party is None:
        return render(request, "bookings/option_ask.html", context)
    try:
        challenge = options.ask(option, party=chosen.party, by=request.actor.user, now=now)
    except BookingRefused as refused:
        context["refusal"] = refused.message
        return render(request, "bookings/option_ask.html", context, status=REFUSED)
    nudge()
    return _asked(request, challenge)


def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Who asked for somebody's option does not need it any more."""
    challenge = get_object_or_404(
        Challenge.objects.visible_to(request.actor).select_related("option", "party"), pk=pk
    )
    try:
        if options.withdraw(challenge, now=timezone.now()):
            messages.success(request, _("You do not ask for this time any more."))
        else:
            messages.info(request, _("This had already been answered."))
    except BookingRefused as refused:
        messages.warning(request, refused.message)
    nudge()
    return redirect("bookings-mine")


def _asked(request: HttpRequest, challenge: Challenge) -> HttpResponse:
    words = _("We have asked. You hear the answer by mail, before %(day)s, %(time)s.")
    due = {"day": wording.day(challenge.due_at), "time": wording.clock(challenge.due_at)}
    messages.success(request, words % due)
    return redirect("bookings-mine")


def _due_at(option: Booking, *, now: datetime) -> datetime:
    until = now + option.hub.challenge_hours * HOUR
    return min(until, option.held_until or until)
