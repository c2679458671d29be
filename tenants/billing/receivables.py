"""What was asked of parties and is not paid yet."""

from datetime import datetime, time

from django.db import transaction

from tenants.billing import allocating
from tenants.billing.models import Invoice, Receivable


@transaction.atomic
def open_for(invoice: Invoice) -> Receivable:
    """Put an issued invoice on the list of what is open; a second call returns the first row.

    Call it in the transaction that issues. A credit note is negative; one that corrects an invoice that is not paid
    yet is settled with it at once, as far as that is open, so nobody is reminded of what was taken back.
    """
    if invoice.number is None or invoice.issued_on is None or invoice.due_on is None:
        raise ValueError("only an issued invoice can be asked for")
    row, made = Receivable.objects.get_or_create(
        invoice=invoice,
        defaults={
            "hub": invoice.hub, "party": invoice.party, "kind": Receivable.Kind.INVOICE, "number": invoice.number,
            "issued_on": invoice.issued_on, "due_on": invoice.due_on, "net": invoice.net, "vat": invoice.vat,
            "amount": invoice.gross, "payment_reference": invoice.payment_reference,
        },
    )  # fmt: skip
    if made and invoice.corrects_id and row.amount < 0:
        at = datetime.combine(invoice.issued_on, time.min, tzinfo=invoice.hub.zone)
        allocating.settle(row, Receivable.objects.filter(invoice=invoice.corrects_id), now=at)
    return row
