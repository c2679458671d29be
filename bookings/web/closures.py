"""Closing and opening: what is closed, whom a closure would hit before anything is done, public holidays."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookings import closing_hits, closing_off, proposing
from bookings.closing_hits import Hits, Wish
from bookings.closing_off import ClosingRefused, HitsChanged
from bookings.web.closure_forms import ClosureForm, address, fields
from spaces.claiming import SpaceBusy
from spaces.models import Closure, HolidayProposal
from spaces.periods import local_day
from tenants.parties.models import Role
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest

REFUSED, CHANGED = 422, 409
MOVE = "verplaats"


def closures(request: HubRequest) -> HttpResponse:
    """What is closed from now on, and the public holidays to decide on."""
    hub, now = request.actor.hub, timezone.now()
    coming = list(
        Closure.objects.filter(hub=hub, ends_at__gt=now).select_related("space").order_by("starts_at")
    )
    context = {
        "closures": coming,
        "proposals": _proposals(request, coming),
        "decides": request.actor.has(Role.DIRECTOR),
    }
    return render(request, "bookings/closures.html", context)


def close(request: HubRequest) -> HttpResponse:
    """The form; then, with its answers in the address, whom it hits; a POST does what that page says."""
    given = request.POST or request.GET
    form = ClosureForm(given if "dag" in given else None, actor=request.actor)
    if not form.is_valid():
        status = REFUSED if form.is_bound else 200
        return render(request, "bookings/closure_new.html", {"form": form}, status=status)
    wish = form.cleaned_data["wish"]
    if request.method == "POST":
        return _close(request, wish)
    return _check(request, wish, closing_hits.find(wish, now=timezone.now()))


def reopen(request: HubRequest, pk: int) -> HttpResponse:
    closure = get_object_or_404(Closure.objects.select_related("hub"), pk=pk, hub=request.actor.hub)
    try:
        back = closing_off.reopen(closure, now=timezone.now())
    except SpaceBusy:
        messages.error(request, _("It is very busy right now. Nothing has changed; try again in a moment."))
        return redirect("closures")
    told = _("Open again: %(reason)s.") % {"reason": closure.reason}
    dates = ngettext(
        "%(number)s date of a fixed half-day is back.", "%(number)s dates of fixed half-days are back.", back
    )
    messages.success(request, f"{told} {dates % {'number': back}}" if back else told)
    return redirect("closures")


def accept(request: HubRequest, pk: int) -> HttpResponse:
    """Close a public holiday, at once when that hits nobody."""
    proposal = get_object_or_404(HolidayProposal.objects.select_related("hub"), pk=pk, hub=request.actor.hub)
    wish, now = proposing.wish_of(proposal), timezone.now()
    try:
        closing_off.close(wish, seen=(), by=request.actor.user, now=now)
    except HitsChanged:
        return redirect(address(wish))
    except ClosingRefused as refused:
        messages.error(request, refused.message)
    except SpaceBusy:
        messages.error(request, _("It is very busy right now. Nothing has changed; try again in a moment."))
    else:
        messages.success(request, _("Closed: %(reason)s.") % {"reason": wish.reason})
    return redirect("closures")


def decline(request: HubRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(HolidayProposal, pk=pk, hub=request.actor.hub)
    proposing.decline(proposal)
    messages.success(request, _("Open as usual: %(reason)s.") % {"reason": proposal.name})
    return redirect("closures")


def _close(request: HubRequest, wish: Wish) -> HttpResponse:
    seen = request.POST.get("gezien", "").split()
    moved = [key for key in seen if request.POST.get(f"keuze-{key}") == MOVE]
    try:
        closing_off.close(wish, seen=seen, moved=moved, by=request.actor.user, now=timezone.now())
    except HitsChanged as changed:
        return _check(request, wish, changed.hits, refusal=changed.message, chosen=moved)
    except ClosingRefused as refused:
        return _check(request, wish, Hits(), refusal=refused.message)
    except SpaceBusy:
        told = _("It is very busy right now. Nothing has changed; try again in a moment.")
        return _check(request, wish, closing_hits.find(wish, now=timezone.now()), refusal=told, chosen=moved)
    nudge()
    messages.success(request, _("Closed: %(reason)s.") % {"reason": wish.reason})
    return redirect("closures")


def _check(
    request: HubRequest, wish: Wish, hits: Hits, *, refusal: str = "", chosen: list[str] | None = None
) -> HttpResponse:
    context = {"wish": wish, "fields": fields(wish), "hits": hits, "refusal": refusal, "chosen": chosen}
    return render(request, "bookings/closure_check.html", context, status=CHANGED if refusal else 200)


def _proposals(request: HubRequest, coming: list[Closure]) -> list[HolidayProposal]:
    """Those of days to come that are not closed already."""
    hub, today = request.actor.hub, timezone.localdate()
    closed = [closure.period for closure in coming if closure.space_id is None]
    rows = HolidayProposal.objects.filter(hub=hub, day__gte=today).exclude(
        state=HolidayProposal.State.ACCEPTED
    )
    return [
        row
        for row in rows
        if not any(period.contains(local_day(row.day, zone=hub.zone)) for period in closed)
    ]
