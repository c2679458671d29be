"""A credit note for an issued invoice: fill in, look at it, make it final."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.billing import crediting, tasks
from tenants.billing.locking import BooksLocked
from tenants.billing.models import Invoice
from tenants.billing.online import crediting as online
from tenants.billing.online import refunding
from tenants.billing.vat import DocumentTotal
from tenants.billing.web.credit_form import CreditForm
from tenants.parties.web.asking import HubRequest

REFUSED = (crediting.CreditRefused, BooksLocked)


def credit(request: HubRequest, number: str) -> HttpResponse:
    """The form; POST shows what it comes to, and makes exactly that final when asked."""
    issued = Invoice.objects.issued().visible_to(request.actor).select_related("hub", "party", "corrects")
    invoice = get_object_or_404(issued, number=number)
    if not crediting.may_be_credited(invoice):
        raise Http404
    left = crediting.lines_left(invoice)
    form = CreditForm(request.POST or None, left=left, ways=refunding.ways_of(invoice))
    seen = crediting.fingerprint(left)
    looked = None
    if request.method == "POST" and form.is_valid():
        if request.POST.get("final") == form.digest and (note := _make(request, invoice, form)):
            return redirect("invoice", number=note.number)
        looked = _look(invoice, form)
    context = {"invoice": invoice, "form": form, "seen": seen, "looked": looked}
    context["left"] = crediting.amount_left(left)
    return render(request, "billing/credit.html", context)


def _look(invoice: Invoice, form: CreditForm) -> DocumentTotal | None:
    try:
        return crediting.preview(invoice, lines=form.parts, again=form.cleaned_data["again"])
    except crediting.CreditRefused as refusal:
        form.add_error(None, refusal.message)
        return None


def _make(request: HubRequest, invoice: Invoice, form: CreditForm) -> Invoice | None:
    deed = crediting.credit_and_charge_again if form.cleaned_data["again"] else crediting.credit
    if form.cleaned_data.get("pay_back"):
        deed = online.credit_and_give_back
    try:
        note = deed(
            invoice, lines=form.parts, reason=form.cleaned_data["reason"], by=request.user,
            seen=request.POST.get("seen", ""), now=timezone.now(),
        )  # fmt: skip
    except REFUSED as refusal:
        form.add_error(None, refusal.message)
        return None
    tasks.nudge(tasks.send_documents)
    tasks.nudge(tasks.send_refunds)
    messages.success(request, _("Credit note %(number)s is made and will be sent.") % {"number": note.number})
    return note
