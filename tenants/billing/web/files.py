"""An issued invoice as files: its PDF, its e-invoice in two profiles, and all of a month as a zip."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from tenants.billing import archiving, einvoice, naming
from tenants.billing.models import Invoice
from tenants.billing.web import choosing
from tenants.parties.web.asking import HubRequest


def invoice_pdf(request: HubRequest, number: str) -> HttpResponse:
    """The PDF as it was made and sent; 404 until it is."""
    visible = Invoice.objects.issued().visible_to(request.actor).filter(document__isnull=False)
    row = get_object_or_404(visible.select_related("document", "hub"), number=number)
    return _download(naming.pdf_name(row), "application/pdf", bytes(row.document.pdf))


def invoice_xml(request: HubRequest, number: str, profile: str) -> HttpResponse:
    """The e-invoice in one of the two profiles; 404 when there can be none, the page says why."""
    row = get_object_or_404(Invoice.objects.issued().visible_to(request.actor), number=number)
    try:
        content = einvoice.ubl(row, einvoice.PROFILES[profile])
    except einvoice.EInvoiceImpossible as impossible:
        raise Http404(impossible.message) from impossible
    return _download(naming.xml_name(row, profile), "application/xml", content)


def month_zip(request: HubRequest) -> HttpResponseBase:
    """PDF and e-invoices of all invoices of a month; 404 for a month without any."""
    month = choosing.month_of(request.GET.get("maand", ""), otherwise=choosing.last_month())
    invoices = archiving.of_month(request.actor.hub, month).visible_to(request.actor)
    if not invoices.exists():
        raise Http404
    found = (each for row in archiving.rows(invoices) for each in archiving.files(row))
    name = _("invoices-%(month)s.zip") % {"month": f"{month:%Y-%m}"}
    return _safe(FileResponse(archiving.zipped(found), as_attachment=True, filename=name))


def _download(name: str, content_type: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    _safe(response)
    return response


def _safe(response: HttpResponseBase) -> HttpResponseBase:
    """Kept by no cache, and never taken for something else than it is."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
