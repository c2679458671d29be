"""My fixed half-days: their dates, giving some back, and taking them back while nobody has them."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings.web.fixed_forms import AwayForm, dates_named, named
from spaces.periods import Period, local_days
from tenants.leases import fixing, giving, listing, naming, owing
from tenants.leases.giving import Wanted
from tenants.leases.listing import Row
from tenants.leases.models import FixedDayPart
from tenants.leases.querysets import FixedDayPartQuerySet
from tenants.leases.refusals import FixedRefused
from tenants.parties.access import Actor
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

DESK = (Role.DIRECTOR, Role.RECEPTION)
SOON = 8
CHANGED = 409
Named = tuple[str, Period]
"""One date as a page names it, and when it is."""


def mine(request: HubRequest) -> HttpResponse:
    """All my half-days; with two days also the dates between them, ready to give back."""
    now = timezone.now()
    today = now.astimezone(request.actor.hub.zone).date()
    running = _visible(request.actor).not_ended(today).order_by("weekday", "day_part__starts", "pk")
    rows = listing.rows(list(running), now=now)
    form = AwayForm(request.GET if "van" in request.GET else None)
    context = {"rows": rows, "form": form, "many_parties": len(request.actor.parties) > 1}
    if form.is_valid():
        first, last = form.cleaned_data["van"], form.cleaned_data["tot"]
        context["found"] = _between(rows, local_days(first, last, zone=request.actor.hub.zone))
    return render(request, "bookings/fixed_mine.html", context, status=422 if form.errors else 200)


def half_day(request: HubRequest, pk: int) -> HttpResponse:
    fixed, now = get_object_or_404(_visible(request.actor), pk=pk), timezone.now()
    actor = request.actor
    who = {"is_staff": actor.is_staff, "may_give": not actor.is_staff or actor.has(*DESK)}
    return render(request, "bookings/fixed.html", _facts(fixed, now=now) | who)


def give(request: HubRequest) -> HttpResponse:
    wanted = _wanted(request)
    if not wanted:
        messages.warning(request, _("Tick the dates that you do not need first."))
        return _back(request, wanted)
    try:
        given = giving.give_back(wanted, by=request.actor.user, now=timezone.now())
    except FixedRefused as refused:
        return _refused(request, wanted, refused)
    words = ngettext(
        "%(count)s date has been given back: others can book it now.",
        "%(count)s dates have been given back: others can book them now.",
        len(given),
    )
    messages.success(request, words % {"count": len(given)})
    return _back(request, wanted)


def take(request: HubRequest) -> HttpResponse:
    wanted = _wanted(request)
    try:
        giving.take_back(wanted, now=timezone.now())
    except FixedRefused as refused:
        return _refused(request, wanted, refused)
    messages.success(request, _("The room is yours again on that date."))
    return _back(request, wanted)


def _facts(fixed: FixedDayPart, *, now: datetime) -> dict[str, Any]:
    held = listing.dates_held([fixed], now=now)[fixed.pk]
    dates = [(named(fixed, period.start), period) for period in held]
    given = listing.given_back(fixed, now=now)
    return {
        "fixed": fixed,
        "when": naming.when(fixed),
        "price": owing.price_on(fixed, now.astimezone(fixed.hub.zone).date()),
        "soon": dates[:SOON],
        "later": dates[SOON:],
        "given": [(named(fixed, each.row.original_start), each) for each in given],
        "closed": listing.closed_dates(fixed, now=now),
    }


def _between(rows: list[Row], within: Period) -> list[tuple[Row, Named]]:
    found = [
        (row, (named(row.fixed, period.start), period))
        for row in rows
        for period in row.dates
        if within.contains(period)
    ]
    return sorted(found, key=lambda pair: pair[1][1])


def _visible(actor: Actor) -> FixedDayPartQuerySet:
    return FixedDayPart.objects.visible_to(actor).select_related(*fixing.NEEDED)


def _wanted(request: HubRequest) -> list[Wanted]:
    """The dates that were ticked. Raises Http404 for another party's."""
    wanted = dates_named(request.POST.getlist("datum"), visible=_visible(request.actor))
    if wanted is None:
        raise Http404
    return wanted


def _back(request: HubRequest, wanted: list[Wanted]) -> HttpResponse:
    keys = {str(fixed.pk) for fixed, _start in wanted} or {request.POST.get("vast", "")}
    key = keys.pop() if len(keys) == 1 else ""
    if key.isascii() and key.isdigit() and len(key) < 10:
        return redirect("fixed", key)
    return redirect("fixed-list" if request.actor.is_staff else "fixed-mine")


def _refused(request: HubRequest, wanted: list[Wanted], refused: FixedRefused) -> HttpResponse:
    context = {"refusal": refused.message, "fixed": wanted[0][0]}
    return render(request, "bookings/fixed_refused.html", context, status=CHANGED)
