"""Making an invoice final: its number, its dates, what is open, and the journal, in one transaction or not at all."""

from datetime import date, timedelta

from django.db.models import Min

from tenants.billing import locking, numbering, receivables
from tenants.billing.books import posting
from tenants.billing.models import AwaitedDocument, Invoice


def issue(draft: Invoice, *, on: date) -> Invoice:
    """Number and date `draft`, put it on the list of what is open and in the journal; it never changes after that.

    Call it in the transaction of the use-case: a rollback gives the number back. Its PDF and letter come later (see
    `documents`). Raises BooksLocked when `on` lies in a closed period.
    """
    locking.raise_if_locked(draft.hub, on)
    number = numbering.take(draft.hub, on=on)
    facts = {
        "number": number,
        "issued_on": on,
        "due_on": _due_on(draft, on=on),
        "payment_reference": numbering.payment_reference(number),
    }
    Invoice.objects.drafts().filter(pk=draft.pk).update(**facts)
    for name, value in facts.items():
        setattr(draft, name, value)
    AwaitedDocument.objects.create(invoice=draft)
    receivables.open_for(draft)
    posting.invoice(draft)
    return draft


def _due_on(draft: Invoice, *, on: date) -> date:
    """The payment days of the hub after today; what is asked in advance is not due before it begins."""
    after = on + timedelta(days=draft.hub.payment_days)
    advance = draft.lines.filter(charge__in_advance=True, net__gt=0)
    begins: date | None = advance.aggregate(first=Min("starts_on"))["first"]
    return max(after, begins) if begins else after
