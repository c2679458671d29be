"""The month's invoices: choose a month, look at the proposal, approve, see how far it is."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.billing import delivering, invoicing, proposals, tasks
from tenants.billing.models import Invoice, InvoiceRun, RunState
from tenants.billing.web import choosing
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest


def month(request: HubRequest) -> HttpResponse:
    """Everything about the invoices of one month; POST makes or renews the proposal."""
    chosen = choosing.month_of(_typed(request), otherwise=choosing.last_month())
    if request.method == "POST":
        run = invoicing.propose(request.actor.hub, month=chosen, now=timezone.now())
        return _back_to(run)
    return render(request, "billing/month.html", _context(request, chosen))


def approve(request: HubRequest, pk: int) -> HttpResponse:
    """Approve what was shown; when it is something else by now, show that instead."""
    run = get_object_or_404(InvoiceRun.objects.visible_to(request.actor), pk=pk)
    now = timezone.now()
    try:
        invoicing.approve(run, by=request.user, seen=request.POST.get("seen", ""), now=now)
    except invoicing.InvoicingRefused as refusal:
        invoicing.propose(run.hub, month=run.month, now=now)
        messages.error(request, refusal.message)
    else:
        tasks.nudge(tasks.issue_approved)
        messages.success(
            request, _("Approved. The invoices are being issued and sent; you may leave this page.")
        )
    return _back_to(run)


def try_again(request: HubRequest, pk: int) -> HttpResponse:
    """Put what failed back in line: one invoice, or the run."""
    run = get_object_or_404(InvoiceRun.objects.visible_to(request.actor), pk=pk)
    for invoice in Invoice.objects.issued().filter(run=run, number=request.POST.get("number", "")[:20]):
        delivering.try_again(invoice, now=timezone.now())
    tasks.nudge(tasks.issue_approved)
    tasks.nudge(tasks.send_documents)
    messages.info(request, _("It is being tried again."))
    return _back_to(run)


def _context(request: HubRequest, chosen: date) -> dict[str, Any]:
    now = timezone.now()
    runs = (
        InvoiceRun.objects.visible_to(request.actor).filter(month=chosen).select_related("hub", "approved_by")
    )
    open_run = next((run for run in runs if run.state == RunState.PROPOSED), None)
    return {
        "month": chosen,
        "may_approve": request.actor.has(Role.BOOKKEEPER),
        "months": choosing.months(chosen),
        "proposal": proposals.look(open_run, now=now) if open_run else None,
        "others": proposals.open_for_other_months(open_run) if open_run else [],
        "runs": [delivering.progress(run, now=now) for run in runs if run.state != RunState.PROPOSED],
    }


def _typed(request: HubRequest) -> str:
    return (request.POST if request.method == "POST" else request.GET).get("maand", "")


def _back_to(run: InvoiceRun) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('invoicing-month')}?maand={run.month:%Y-%m}")
