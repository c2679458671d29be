"""Deeds on money that goes back online: once more, to an account instead, and what somebody has seen."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.billing import refunding, tasks
from tenants.billing.models import Invoice, OnlineDispute, OnlineRefund, Refund
from tenants.billing.online import back_seen, disputing, returning
from tenants.billing.online import refunding as online
from tenants.billing.web.deeds import done
from tenants.parties.web.asking import HubRequest


def on_invoice(invoice: Invoice) -> dict[str, Any]:
    """What the page of an issued invoice or credit note says of money that went back online."""
    if invoice.is_credit_note:
        return {"refunds": back_seen.of_note(invoice.receivable), "taken": []}
    refunds, taken = back_seen.of_receivable(invoice.receivable)
    return {"refunds": refunds, "taken": taken}


def again(request: HubRequest, pk: int) -> HttpResponse:
    """Try a refund that the bank refused once more."""
    rows = Refund.objects.visible_to(request.actor).select_related("through", "party")
    row, now = get_object_or_404(rows.filter(through__isnull=False), pk=pk), timezone.now()
    answer = done(
        request, lambda: online.again(row, by=request.user, now=now), words=_("It is tried once more."),
        to=reverse("credits"),
    )  # fmt: skip
    tasks.nudge(tasks.send_refunds)
    return answer


def to_account(request: HubRequest, pk: int) -> HttpResponse:
    """Transfer it to an account instead of the way it was paid."""
    row = get_object_or_404(Refund.objects.visible_to(request.actor), pk=pk)
    return done(
        request, lambda: refunding.to_account(row, iban=request.POST.get("iban", "")),
        words=_("On the list of what you transfer at the bank."), to=reverse("credits"),
    )  # fmt: skip


def refund_seen(request: HubRequest, pk: UUID) -> HttpResponse:
    """Somebody knows of a refund that was made in Stripe's dashboard."""
    row = get_object_or_404(OnlineRefund.objects.visible_to(request.actor), pk=pk)
    return done(
        request, lambda: returning.seen_by(row, now=timezone.now()), words=_("Noted that you saw it."),
        to=reverse("credits"),
    )  # fmt: skip


def dispute_seen(request: HubRequest, pk: int) -> HttpResponse:
    """Somebody knows how a dispute ended."""
    row = get_object_or_404(OnlineDispute.objects.visible_to(request.actor), pk=pk)
    return done(
        request, lambda: disputing.seen_by(row, now=timezone.now()), words=_("Noted that you saw it."),
        to=reverse("credits"),
    )  # fmt: skip
