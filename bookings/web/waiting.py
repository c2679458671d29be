"""The waiting list: what somebody waits for, with Stop; staff see the whole list in its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from bookings import matching, waiting
from bookings.models import Offer, WaitingEntry
from bookings.refusals import BookingRefused
from bookings.states import BookingState
from bookings.web.filters import Filters
from bookings.web.finding import Pick, picks
from bookings.web.waiting_form import WaitingForm, as_it_was, looked_for, unsaved
from bookings.web.whom import Whom, whom
from spaces.models import Feature, SpaceKind
from spaces.offering import Offer as FreeOffer
from tenants.parties.tasks import nudge

REFUSED = 422
PAST = timedelta(days=30)
"""So long a wish that ended is still shown, to begin it anew."""
MOST = 100


@dataclass(frozen=True)
class Line:
    """A wish in words: on which days, what, how often such a time came free, and what is offered now."""

    entry: WaitingEntry
    days: list[str]
    what: list[str]
    came_free: int
    offer: Offer | None
    free: Sequence[Pick] = ()


def entries(request: HttpRequest) -> HttpResponse:
    """/wachtlijst?nieuw=<key> also says what is free for that wish at this moment."""
    actor, now = request.actor, timezone.now()
    mine = WaitingEntry.objects.visible_to(actor).with_everything().prefetch_related(_running(now))
    running = list(mine.waiting()[:MOST])
    new = next((entry for entry in running if str(entry.pk) == request.GET.get("nieuw")), None)
    ended = mine.filter(ended_at__gte=now - PAST).order_by("-ended_at")[:5]
    lines = _lines(running, new=new, now=now)
    context = {
        "lines": lines,
        "offered": any(line.offer for line in lines),
        "ended": _lines(list(ended), new=None, now=now),
        "new": new,
        "many_parties": len(actor.parties) != 1,
    }
    return render(request, "bookings/waiting.html", context)


def join(request: HttpRequest) -> HttpResponse:
    """The form; /wachtlijst/nieuw?dag=2026-11-24&deel=ochtend comes from the finder, ?weer=<key> from an older wish."""
    now = timezone.now()
    filters = Filters(request.actor.hub, now)
    chosen = whom(request.actor, request.POST.get("partij", request.GET.get("partij", "")))
    if request.method != "POST":
        return _form_page(
            request, WaitingForm(initial=_initial(request, filters), filters=filters), chosen, now=now
        )
    form = WaitingForm(request.POST, filters=filters)
    if not form.is_valid() or chosen.party is None or chosen.why_not:
        return _form_page(request, form, chosen, now=now)
    try:
        entry = waiting.join(form.wish, party=chosen.party, by=request.actor.user, now=now)
    except BookingRefused as refused:
        form.add_error(None, refused.message)
        return _form_page(request, form, chosen, now=now)
    return redirect(f"{reverse('waiting')}?nieuw={entry.pk}")


def stop(request: HttpRequest, pk: int) -> HttpResponse:
    entry = get_object_or_404(WaitingEntry.objects.visible_to(request.actor), pk=pk)
    if waiting.stop(entry, now=timezone.now()):
        nudge()
        messages.success(request, _("You no longer wait for this."))
    return redirect("waiting")


def _initial(request: HttpRequest, filters: Filters) -> dict[str, Any]:
    again = request.GET.get("weer", "")
    if again.isascii() and again.isdigit() and len(again) < 10:
        mine = WaitingEntry.objects.visible_to(request.actor).select_related("space")
        return as_it_was(get_object_or_404(mine, pk=int(again)), filters)
    return looked_for(request.GET, filters)


def _form_page(request: HttpRequest, form: WaitingForm, chosen: Whom, *, now: datetime) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "whom": chosen}
    if not form.is_bound:
        wished = unsaved(form.initial, request.actor.hub, today=form.initial["vanaf"], now=now)
        context["came_free"] = matching.came_free(request.actor.hub, [wished], now=now)[0]
    return render(request, "bookings/waiting_join.html", context, status=REFUSED if form.is_bound else 200)


def _running(now: datetime) -> Prefetch:
    offers = Offer.objects.filter(booking__state=BookingState.HELD, booking__held_until__gt=now)
    return Prefetch(
        "offers", offers.select_related("booking__space", "booking__hub"), to_attr="running_offers"
    )


def _lines(found: list[WaitingEntry], *, new: WaitingEntry | None, now: datetime) -> list[Line]:
    if not found:
        return []
    counts = matching.came_free(found[0].hub, found, now=now)
    names = {feature.code: str(feature) for feature in Feature.objects.all()}
    return [
        Line(
            entry=entry,
            days=[str(WEEKDAYS[number]) for number in entry.weekdays],
            what=_what(entry, names),
            came_free=count,
            offer=next(iter(entry.running_offers), None),
            free=_free(entry, now=now) if entry == new else (),
        )
        for entry, count in zip(found, counts, strict=True)
    ]


def _what(entry: WaitingEntry, names: dict[str, str]) -> list[str]:
    if entry.space:
        return [entry.space.name]
    kinds = [str(SpaceKind(kind).label) for kind in entry.kinds] or [_("any room")]
    return [*kinds, *(names.get(code, code) for code in entry.features)]


def _free(entry: WaitingEntry, *, now: datetime) -> list[Pick]:
    found = [FreeOffer(*match) for match in waiting.free_now(entry, now=now)]
    return picks(found, hub=entry.hub, party=entry.party)
