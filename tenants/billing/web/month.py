"""The month's invoices: choose a month, look at the proposal, approve, see how far it is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.billing import delivering, invoicing, proposals, tasks
from tenants.billing.checking import Remark
from tenants.billing.locking import BooksLocked
from tenants.billing.models import Invoice, InvoiceRun, RunState
from tenants.billing.web import approval, choosing
from tenants.parties.models import Role
from tenants.parties.web import reauthenticating
from tenants.parties.web.asking import HubRequest


def chosen_month(request: HubRequest) -> date:
    """The first day of the month in the address or the form, or of last month."""
    typed = request.POST if request.method == "POST" else request.GET
    return choosing.month_of(typed.get("maand", ""), otherwise=choosing.last_month())


def page(request: HubRequest, chosen: date, *, notes: Sequence[Remark] = ()) -> HttpResponse:
    """The page of a month; `notes` are what an upper floor has to say about it."""
    return render(request, "billing/month.html", _context(request, chosen) | {"notes": notes})


def approve(request: HubRequest, pk: int) -> HttpResponse:
    """Approve what was shown; when it is something else by now, show that instead."""
    run = get_object_or_404(InvoiceRun.objects.visible_to(request.actor), pk=pk)
    now = timezone.now()
    deed = invoicing.approve_alone if reauthenticating.is_fresh(request) else invoicing.approve
    try:
        deed(run, by=request.user, seen=request.POST.get("seen", ""), now=now)
    except invoicing.ProposalChanged as refusal:
        invoicing.propose(run.hub, month=run.month, now=now)
        messages.error(request, refusal.message)
    except (invoicing.InvoicingRefused, BooksLocked) as refusal:
        messages.error(request, refusal.message)
    else:
        tasks.nudge(tasks.issue_approved)
        messages.success(
            request, _("Approved. The invoices are being issued and sent; you may leave this page.")
        )
    return back_to(run)


def try_again(request: HubRequest, pk: int) -> HttpResponse:
    """Put a run that stopped back in line."""
    run = get_object_or_404(InvoiceRun.objects.visible_to(request.actor), pk=pk)
    tasks.nudge(tasks.issue_approved)
    messages.info(request, _("It is being tried again."))
    return back_to(run)


def send_again(request: HubRequest, number: str) -> HttpResponse:
    """Put the document or the letter of one invoice, that failed, back in line."""
    invoice = get_object_or_404(Invoice.objects.issued().visible_to(request.actor), number=number)
    delivering.try_again(invoice, now=timezone.now())
    tasks.nudge(tasks.send_documents)
    messages.info(request, _("It is being tried again."))
    return back_to(invoice.run) if invoice.run else redirect("invoice", number=number)


def _context(request: HubRequest, chosen: date) -> dict[str, Any]:
    now = timezone.now()
    runs = InvoiceRun.objects.visible_to(request.actor).filter(month=chosen)
    runs = runs.select_related("hub", "proposed_by", "approved_by")
    open_run = next((run for run in runs if run.state == RunState.PROPOSED), None)
    return {
        "month": chosen,
        "may_approve": request.actor.has(Role.BOOKKEEPER),
        "months": choosing.months(chosen, choosing.next_month()),
        "proposal": proposals.look(open_run, now=now) if open_run else None,
        "approval": approval.of(request, open_run) if open_run else None,
        "others": proposals.open_for_other_months(open_run) if open_run else [],
        "runs": [delivering.progress(run, now=now) for run in runs if run.state != RunState.PROPOSED],
    }


def back_to(run: InvoiceRun) -> HttpResponseRedirect:
    """To the page of the month of `run`."""
    return HttpResponseRedirect(f"{reverse('invoicing-month')}?maand={run.month:%Y-%m}")
