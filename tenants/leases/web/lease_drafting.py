"""From a wish to a stored lease: the steps of a new one, the form of a change, and the page that shows what it does."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from spaces.claiming import SpaceBusy
from tenants.leases.contracts import drafts, in_words, previewing, standing
from tenants.leases.contracts.answers import Answers
from tenants.leases.contracts.deeds import DEEDS, NEW
from tenants.leases.contracts.refusals import InTheWay, LeaseRefused, Overtaken
from tenants.leases.models import LeaseDraft
from tenants.leases.web import lease_change_forms, lease_steps
from tenants.leases.web.lease_addresses import DEED_OF, SLUGS
from tenants.leases.web.leases import of_actor
from tenants.parties.web.asking import HubRequest

REFUSED, CHANGED = 422, 409
NEAREST = 4
"""So many rows of amounts are shown at once; the others fold open."""


def begin(request: HubRequest) -> HttpResponse:
    draft = drafts.begin(request.actor.hub, by=request.actor.user, now=timezone.now())
    return redirect("lease-step", draft.pk, lease_steps.STEPS[0].slug)


def step(request: HubRequest, pk: UUID, step: str) -> HttpResponse:
    """One page of the wizard; what was answered is kept."""
    draft = _open(request, pk, deed=NEW)
    at = next((each for each in lease_steps.STEPS if each.slug == step), None)
    if at is None:
        raise Http404
    form = at.form(request.POST or None, hub=request.actor.hub, answers=draft.answers)
    if request.method == "POST" and form.is_valid():
        drafts.answer(draft, form.told())
        following = lease_steps.open_step(draft.answers)
        return redirect("lease-step", pk, following.slug) if following else redirect("lease-draft", pk)
    number = lease_steps.STEPS.index(at) + 1
    context = {
        "draft": draft, "form": form, "step": at, "number": number, "steps": lease_steps.STEPS,
        "before": lease_steps.STEPS[number - 2] if number > 1 else None,
    }  # fmt: skip
    return render(request, "leases/lease_step.html", context, status=REFUSED if form.errors else 200)


def amend(request: HubRequest, pk: int, deed: str) -> HttpResponse:
    """The form of one change; its answers are a draft, and change nothing yet."""
    name, lease, now = DEED_OF.get(deed), of_actor(request, pk), timezone.now()
    if name is None:
        raise Http404
    row = request.GET.get("rij", "")
    told = lease_change_forms.as_it_is(
        lease, name, on=in_words.day_of(lease, now), row=int(row) if row.isdecimal() and len(row) < 10 else 0
    )
    form = lease_change_forms.FORMS[name](request.POST or None, hub=request.actor.hub, answers=told)
    if request.method == "POST" and form.is_valid():
        draft = drafts.draft(lease, name, form.told(), by=request.actor.user, now=now)
        return redirect("lease-draft", draft.pk)
    context = {"lease": lease, "form": form, "deed": DEEDS[name]}
    return render(request, "leases/lease_amend.html", context, status=REFUSED if form.errors else 200)


def look(request: HubRequest, pk: UUID) -> HttpResponse:
    """What the draft would do; a press does it."""
    draft = get_object_or_404(LeaseDraft.objects.visible_to(request.actor).select_related("hub"), pk=pk)
    if draft.done_at is not None and draft.lease_id:
        return redirect("lease", draft.lease_id)
    missing = lease_steps.open_step(draft.answers) if draft.deed == NEW else None
    if missing is not None:
        return redirect("lease-step", pk, missing.slug)
    if request.method == "POST" and request.POST.get("weer"):
        drafts.look_again(draft, now=timezone.now())
        return redirect("lease-draft", pk)
    return _confirmed(request, draft) if request.method == "POST" else shown(request, draft)


def drop(request: HubRequest, pk: UUID) -> HttpResponse:
    draft = get_object_or_404(LeaseDraft.objects.visible_to(request.actor), pk=pk)
    drafts.drop(draft)
    messages.success(request, _("What you had filled in is gone. Nothing has changed."))
    return redirect("lease", draft.lease_id) if draft.lease_id else redirect("leases")


def shown(request: HubRequest, draft: LeaseDraft, *, refused: str = "") -> HttpResponse:
    """What the draft would do now; with 409 the two versions, when the lease was changed since."""
    try:
        preview = previewing.preview(draft, by=request.actor.user, now=timezone.now())
    except Overtaken as overtaken:
        return _overtaken(request, draft, overtaken)
    except LeaseRefused as cannot:
        return _page(request, draft, {"impossible": cannot.message}, status=REFUSED)
    rows = preview.instalments
    context = {"preview": preview, "nearest": rows[:NEAREST], "later": rows[NEAREST:], "refused": refused}
    return _page(request, draft, context, status=CHANGED if refused else 200)


def _confirmed(request: HubRequest, draft: LeaseDraft) -> HttpResponse:
    try:
        lease = drafts.confirm(draft, by=request.actor.user, now=timezone.now())
    except InTheWay:
        return redirect("lease-obstacles", draft.pk)
    except SpaceBusy:
        told = _("It is very busy right now. Nothing has changed; try again in a moment.")
        return shown(request, draft, refused=told)
    except LeaseRefused:
        return shown(request, draft)
    told = _("The lease has been stored.") if draft.deed == NEW else str(DEEDS[draft.deed].done)
    messages.success(request, told)
    return redirect("lease", lease.pk)


def _overtaken(request: HubRequest, draft: LeaseDraft, refused: Overtaken) -> HttpResponse:
    lease = standing.whole(draft.lease_id or 0)
    seen = {fact.key: fact for fact in in_words.restored(draft.seen)}
    day = drafts.day_of(draft, lease, now=timezone.now())
    now = {fact.key: fact for fact in in_words.facts(lease, day)}
    rows = [
        (fact.name, seen[key].lines if key in seen else (), now[key].lines if key in now else ())
        for key, fact in (seen | now).items()
    ]
    last = lease.terms.order_by("-pk").first()
    context = {"rows": rows, "message": refused.message, "lease": lease, "last": last}
    return _page(request, draft, context, template="leases/lease_overtaken.html", status=CHANGED)


def _page(
    request: HubRequest,
    draft: LeaseDraft,
    context: dict[str, Any],
    *,
    template: str = "leases/lease_draft.html",
    status: int = 200,
) -> HttpResponse:
    told = Answers(draft.answers)
    beside = {
        "draft": draft,
        "deed": DEEDS.get(draft.deed),
        "slug": SLUGS.get(draft.deed),
        "from": told.day("starts_on"),
        "steps": lease_steps.STEPS,
    }
    return render(request, template, beside | context, status=status)


def _open(request: HubRequest, pk: UUID, *, deed: str) -> LeaseDraft:
    rows = LeaseDraft.objects.visible_to(request.actor).filter(deed=deed, done_at=None)
    draft: LeaseDraft = get_object_or_404(rows, pk=pk)
    return draft
