"""The PDF of each issued invoice, and the letter that brings it: made after issuing, found by a sweep."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext, override

from tenants.billing import typesetting
from tenants.billing.models import FailedDocument, Invoice, InvoiceDocument
from tenants.parties import mailing
from tenants.parties.mailing import File

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
"""After this a person has to look; `try_again` starts over."""


def send_documents(*, now: datetime, most: int = 100) -> int:
    """Make the PDF of up to `most` issued invoices that have none, and owe the letter with it; once each.

    A failure is noted with its reason and does not hold up the others. Returns how many were made.
    """
    return sum(_send(invoice, now=now) for invoice in _without_document()[:most])


def letter_key(invoice: Invoice) -> str:
    """Names the fact that an invoice is there; two hubs may have the same number."""
    return f"invoice:{invoice.hub.slug}:{invoice.number}"


def file_name(invoice: Invoice) -> str:
    """factuur-2026-0203.pdf, in the language of the invoice."""
    with override(invoice.language):
        return gettext("invoice-%(number)s.pdf") % {"number": invoice.number}


def try_again(invoice: Invoice) -> None:
    """Put an invoice whose document failed back in line."""
    FailedDocument.objects.filter(invoice=invoice).update(attempts=0)


def _without_document() -> QuerySet[Invoice]:
    """The ones that never failed first, so that a poisoned one never blocks the rest."""
    waiting = Invoice.objects.issued().filter(document__isnull=True)
    hopeful = waiting.filter(Q(failure__isnull=True) | Q(failure__attempts__lt=MOST_ATTEMPTS))
    rows = hopeful.select_related("hub", "party", "failure").prefetch_related("lines", "vat_lines")
    return rows.order_by("failure__attempts", "hub", "number")


def _send(invoice: Invoice, *, now: datetime) -> int:
    try:
        pdf = typesetting.pdf(invoice)
    except Exception as error:  # whatever is wrong with one invoice, the others go out
        logger.exception("The document of invoice %s could not be made", invoice.number)
        _note(invoice, error, now=now)
        return 0
    _deliver(invoice, pdf, now=now)
    return 1


@transaction.atomic(durable=True)
def _deliver(invoice: Invoice, pdf: bytes, *, now: datetime) -> None:
    """Together or not at all; whoever comes second finds the document and does nothing."""
    _document, made = InvoiceDocument.objects.get_or_create(
        invoice=invoice, defaults={"pdf": pdf, "made_at": now}
    )
    if not made:
        return
    FailedDocument.objects.filter(invoice=invoice).delete()
    if invoice.party.email:
        _post(invoice, pdf, now=now)


def _post(invoice: Invoice, pdf: bytes, *, now: datetime) -> None:
    mailing.post(
        key=letter_key(invoice),
        kind="invoice",
        hub=invoice.hub,
        to_email=invoice.party.email,
        to_name=invoice.party.contact_name or invoice.party.name,
        party=invoice.party,
        language=invoice.language,
        context={"invoice": invoice},
        attachments=[File(file_name(invoice), "application/pdf", pdf)],
        due_at=now,
    )


@transaction.atomic(durable=True)
def _note(invoice: Invoice, error: Exception, *, now: datetime) -> None:
    failure, made = FailedDocument.objects.select_for_update().get_or_create(
        invoice=invoice, defaults={"error": repr(error)[:500], "tried_at": now}
    )
    if not made:
        failure.attempts += 1
        failure.error, failure.tried_at = repr(error)[:500], now
        failure.save()
