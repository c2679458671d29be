"""What is in the way of a lease, and what becomes of each; a press does that and stores the lease."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings import making_room
from bookings.closing_hits import Hits
from spaces.claiming import SpaceBusy
from tenants.leases.contracts.refusals import LeaseRefused
from tenants.leases.models import LeaseDraft
from tenants.parties.tasks import nudge
from tenants.parties.web.asking import HubRequest
from tenants.parties.web.forms import text

REFUSED, CHANGED = 422, 409
MOVE = "verplaats"


class ReasonForm(forms.Form):
    """Why others have to make room."""

    use_required_attribute = False
    reden = text(
        gettext_lazy("Reason"), length=200,
        help_text=gettext_lazy("Everybody who is hit reads this. No client data."),
    )  # fmt: skip


def obstacles(request: HubRequest, pk: UUID) -> HttpResponse:
    rows = LeaseDraft.objects.visible_to(request.actor).select_related("hub")
    draft = get_object_or_404(rows, pk=pk)
    if draft.done_at is not None and draft.lease_id:
        return redirect("lease", draft.lease_id)
    form = ReasonForm(request.POST or None)
    try:
        hits = making_room.find(draft, by=request.actor.user, now=timezone.now())
    except (LeaseRefused, KeyError):  # an answer is missing or cannot be: the page of the draft says which
        return redirect("lease-draft", pk)
    if request.method == "POST":
        return _stored(request, draft, form, hits)
    return _shown(request, draft, form, hits)


def _stored(request: HubRequest, draft: LeaseDraft, form: ReasonForm, hits: Hits) -> HttpResponse:
    seen = request.POST.get("gezien", "").split()
    moved = [key for key in seen if request.POST.get(f"keuze-{key}") == MOVE]
    if hits.keys and not form.is_valid():
        return _shown(request, draft, form, hits, chosen=moved)
    why, by = form.data.get("reden", ""), request.actor.user
    try:
        lease = making_room.store(draft, seen=seen, moved=moved, why=why, by=by, now=timezone.now())
    except making_room.ObstaclesChanged as changed:
        return _shown(request, draft, form, changed.hits, chosen=moved, refusal=changed.message)
    except LeaseRefused as refused:
        return _shown(request, draft, form, hits, chosen=moved, refusal=refused.message)
    except SpaceBusy:
        told = _("It is very busy right now. Nothing has changed; try again in a moment.")
        return _shown(request, draft, form, hits, chosen=moved, refusal=told)
    nudge()
    messages.success(request, _("The lease has been stored, and everybody who is hit gets a letter."))
    return redirect("lease", lease.pk)


def _shown(
    request: HubRequest,
    draft: LeaseDraft,
    form: ReasonForm,
    hits: Hits,
    *,
    chosen: list[str] | None = None,
    refusal: str = "",
) -> HttpResponse:
    context = {
        "draft": draft, "form": form, "hits": hits, "chosen": chosen, "refusal": refusal,
        "blocked": making_room.blocked(hits),
    }  # fmt: skip
    status = CHANGED if refusal else REFUSED if form.is_bound and form.errors else 200
    return render(request, "bookings/lease_obstacles.html", context, status=status)
