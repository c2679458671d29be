"""Issued invoices: the list, and one of them."""

from django.core.paginator import Paginator
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from spaces import spreadsheet
from tenants.billing import crediting, delivering, ledger, letterhead
from tenants.billing.models import Invoice
from tenants.billing.querysets import BOOKS
from tenants.billing.web import choosing, going_back, online_paying
from tenants.billing.web.choosing import SearchForm
from tenants.parties.models import Role
from tenants.parties.web.asking import HubRequest

PER_PAGE = 50


def invoices(request: HubRequest) -> HttpResponse:
    """The invoices this person may see, newest first, with their sum."""
    form = SearchForm(request.GET)
    found = _found(request, form)
    page = Paginator(found.select_related("party").order_by("-issued_on", "-number"), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "search": form,
        "chosen": form.month,
        "months": choosing.months(*([form.month] if form.month else [])),
        "page_obj": page,
        "total": found.aggregate(net=Sum("net"), vat=Sum("vat"), gross=Sum("gross")),
        "is_books": request.actor.has(*BOOKS),
        "accounts": [] if request.actor.has(*BOOKS) else ledger.accounts_for(request.actor),
    }
    return render(request, "billing/invoices.html", context)


def invoices_csv(request: HubRequest) -> HttpResponse:
    """The same list for a spreadsheet."""
    head = [
        _("Number"), _("Invoice date"), _("Pay by"), _("Party"), _("Excl. VAT"), _("VAT"), _("Incl. VAT"),
        _("Payment reference"),
    ]  # fmt: skip
    rows = [
        [
            row.number, row.issued_on, row.due_on, row.buyer["name"], row.net, row.vat, row.gross,
            letterhead.in_fours(row.payment_reference),
        ]
        for row in _found(request, SearchForm(request.GET)).order_by("number")
    ]  # fmt: skip
    response = HttpResponse(spreadsheet.written([head, *rows]), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("invoices")}.csv"'
    return response


def invoice(request: HubRequest, number: str) -> HttpResponse:
    """One issued invoice with its lines and why each is there."""
    issued = Invoice.objects.issued().visible_to(request.actor).filter(number=number)
    found = delivering.deliveries(issued.select_related("run", "corrects", "made_by"))
    if not found:
        raise Http404
    context = {
        "delivery": found[0],
        "invoice": found[0].invoice,
        "notes": found[0].invoice.credit_notes.order_by("number"),
        "is_books": request.actor.has(*BOOKS),
        "may_approve": request.actor.has(Role.BOOKKEEPER),
        "may_credit": request.actor.has(Role.BOOKKEEPER) and crediting.may_be_credited(found[0].invoice),
    }
    went_back = going_back.on_invoice(found[0].invoice)
    return render(
        request, "billing/invoice.html", context | online_paying.on_invoice(found[0].invoice) | went_back
    )


def _found(request: HubRequest, form: SearchForm) -> QuerySet[Invoice]:
    found = Invoice.objects.issued().visible_to(request.actor).naming(form.words)
    return found.issued_in(form.month) if form.month else found
