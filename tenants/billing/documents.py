"""The PDF of each issued invoice, and the letter that brings it: made after issuing, found by a sweep."""

import logging
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet

from tenants.billing import einvoice, typesetting
from tenants.billing.einvoice import sending
from tenants.billing.einvoice.sending import letter_key
from tenants.billing.models import AwaitedDocument, Invoice, InvoiceDocument

__all__ = ["letter_key", "paper", "send_documents", "try_again", "xml"]

logger = logging.getLogger(__name__)
MOST_ATTEMPTS = 5
"""After this a person has to look; `try_again` starts over."""


def send_documents(*, now: datetime, most: int = 100, let_through: tuple[type[Exception], ...] = ()) -> int:
    """Make the PDF of up to `most` issued invoices that have none, and owe the letter with it; once each.

    A failure is noted with its reason and does not hold up the others; an error in `let_through` is no fault of
    the invoice (the time of a worker is up) and is raised. Returns how many were made.
    """
    waiting = [awaited.invoice for awaited in _waiting()[:most]]
    return sum(_send(invoice, now=now, let_through=let_through) for invoice in waiting)


def paper(invoice: Invoice) -> bytes:
    """The PDF as it was sent, with the e-invoice inside; made on the spot while it has not been."""
    stored = InvoiceDocument.objects.filter(invoice=invoice).first()
    return bytes(stored.pdf) if stored else typesetting.pdf(invoice, inside=xml(invoice))


def xml(invoice: Invoice) -> bytes | None:
    """The e-invoice that goes with the paper (NLCIUS); None when there can be none."""
    return None if einvoice.obstacles(invoice) else einvoice.ubl(invoice, einvoice.NLCIUS)


def try_again(invoice: Invoice) -> None:
    """Put an invoice whose document failed back in line."""
    AwaitedDocument.objects.filter(invoice=invoice).update(attempts=0)


def _waiting() -> QuerySet[AwaitedDocument]:
    """The ones that never failed first, so that a poisoned one never blocks the rest."""
    hopeful = AwaitedDocument.objects.filter(attempts__lt=MOST_ATTEMPTS)
    rows = hopeful.select_related("invoice__hub", "invoice__party")
    rows = rows.prefetch_related("invoice__lines", "invoice__vat_lines")
    return rows.order_by("attempts", "invoice__hub", "invoice__number")


def _send(invoice: Invoice, *, now: datetime, let_through: tuple[type[Exception], ...]) -> int:
    try:
        made = xml(invoice)
        _deliver(invoice, typesetting.pdf(invoice, inside=made), made, now=now)
    except let_through:
        raise
    except Exception as error:  # whatever is wrong with one invoice or its letter, the others go out
        logger.exception("The document of invoice %s could not be made", invoice.number)
        _note(invoice, error, now=now)
        return 0
    return 1


@transaction.atomic(durable=True)
def _deliver(invoice: Invoice, pdf: bytes, made: bytes | None, *, now: datetime) -> None:
    """Together or not at all; whoever comes second finds the document and does nothing."""
    _document, new = InvoiceDocument.objects.get_or_create(
        invoice=invoice, defaults={"pdf": pdf, "made_at": now}
    )
    AwaitedDocument.objects.filter(invoice=invoice).delete()
    if new:
        sending.send(invoice, pdf=pdf, xml=made, now=now)


def _note(invoice: Invoice, error: Exception, *, now: datetime) -> None:
    awaited = AwaitedDocument.objects.filter(invoice=invoice)
    awaited.update(attempts=F("attempts") + 1, error=repr(error)[:500], tried_at=now)
