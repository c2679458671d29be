"""The month's invoices, with the rent: what leases owe is charged before a proposal is made."""

from django.http import HttpResponse
from django.utils import timezone

from tenants.billing.web import month as billing
from tenants.leases import month_notes, month_run
from tenants.parties.web.asking import HubRequest


def month(request: HubRequest) -> HttpResponse:
    """Everything about the invoices of one month; POST makes or renews the proposal."""
    chosen, hub = billing.chosen_month(request), request.actor.hub
    if request.method == "POST":
        run = month_run.propose(hub, month=chosen, by=request.user, now=timezone.now())
        return billing.back_to(run)
    return billing.page(request, chosen, notes=month_notes.notes(hub, month=chosen))
