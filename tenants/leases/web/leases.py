"""Leases for staff: the list, one lease in plain words, its summary on paper, and what has to be decided when."""

from datetime import date, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from tenants.leases import deadlines, lease_rows, summary
from tenants.leases.contracts import in_words, standing
from tenants.leases.contracts.deeds import DEEDS, NEW
from tenants.leases.models import Lease, LeaseDraft
from tenants.leases.querysets import LeaseQuerySet
from tenants.leases.web.lease_addresses import SLUGS
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

ENDED = "afgelopen"
GROUPS = (
    ("price", "discount", "advances", "vat", "indexing"),
    ("rooms", "payers", "agreements", "security"),
    ("renew", "notice", "add_break", "end"),
)
"""The changes on offer at the page of a lease; the others stand with the row that they are about."""


def leases(request: HubRequest) -> HttpResponse:
    today, part = _today(request), ENDED if request.GET.get("deel") == ENDED else ""
    mine = Lease.objects.visible_to(request.actor)
    chosen = mine.ended(today) if part else mine.not_ended(today)
    decides = request.actor.has(Role.DIRECTOR)
    begun = LeaseDraft.objects.visible_to(request.actor).filter(deed=NEW, done_at=None)
    context = {
        "rows": lease_rows.rows(chosen, today=today),
        "part": part,
        "decides": decides,
        "drafts": begun.select_related("made_by") if decides else [],
    }
    return render(request, "leases/leases.html", context)


def lease(request: HubRequest, pk: int) -> HttpResponse:
    found, now = of_actor(request, pk), timezone.now()
    day = in_words.day_of(found, now)
    context = {
        "lease": found,
        "facts": in_words.facts(found, day),
        "day": day,
        "deadlines": deadlines.of_lease(found, today=_today(request)),
        "history": list(reversed(found.terms.all())),
        "discounts": [
            (row, in_words.discount_words(row)) for row in found.discounts.all() if row.ends_on >= day
        ],
        "securities": [(row, in_words.security_words(row)) for row in found.securities.all()],
        "documents": found.documents.defer("content").select_related("uploaded_by"),
        "groups": _groups(found) if request.actor.has(Role.DIRECTOR) else [],
    }
    return render(request, "leases/lease.html", context)


def lease_summary(request: HubRequest, pk: int) -> HttpResponse:
    """The summary as a PDF, in the language of the page or the one asked for."""
    found = of_actor(request, pk)
    asked = request.GET.get("taal") or get_language() or "nl"
    language = "en" if asked.startswith("en") else "nl"
    answer = HttpResponse(
        summary.pdf(found, language=language, now=timezone.now()), content_type="application/pdf"
    )
    name = summary.file_name(found, language=language)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=False, filename=name) or "inline"
    return answer


def terms(request: HubRequest) -> HttpResponse:
    """Every day by which something has to be decided, the nearest first."""
    found = deadlines.of_hub(request.actor.hub, today=_today(request))
    return render(request, "leases/deadlines.html", {"deadlines": found})


def of_actor(request: HubRequest, pk: int) -> Lease:
    """The lease with everything; 404 when it is not theirs to see."""
    mine: LeaseQuerySet = Lease.objects.visible_to(request.actor)
    found: Lease = get_object_or_404(standing.with_everything(mine), pk=pk)
    return found


def _groups(lease: Lease) -> list[list[tuple[str, Any]]]:
    """Only what can be done: a lease without an end is not renewed."""
    left_out = {"renew"} if lease.ends_on is None else set()
    return [[(SLUGS[deed], DEEDS[deed].words) for deed in group if deed not in left_out] for group in GROUPS]


def _today(request: HubRequest) -> date:
    now: datetime = timezone.now()
    return now.astimezone(request.actor.hub.zone).date()
