"""What was asked and what was paid, for the tests of money that comes in."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import uuid4

from tenants.billing import paying
from tenants.billing.models import Payment, Receivable
from tenants.parties.models import Party
from tests.billing import books

NOVEMBER_2 = date(2026, 11, 2)
NOVEMBER_20 = date(2026, 11, 20)


def asked(party: Party, amount: str = "100.00", *, number: str = "", **fields: Any) -> Receivable:
    """Something of the old books that is open: due 16 November, exempt; negative is a credit note."""
    facts = {
        "kind": Receivable.Kind.OLD, "number": number or f"OUD-{uuid4().hex[:6]}", "issued_on": NOVEMBER_2,
        "due_on": date(2026, 11, 16), "net": Decimal(amount), "vat": Decimal(0), "amount": Decimal(amount),
    }  # fmt: skip
    return Receivable.objects.create(hub=party.hub, party=party, **facts | fields)


def paid(party: Party, amount: str = "100.00", **fields: Any) -> Payment:
    """A transfer of 20 November that pays nothing yet."""
    facts = {"amount": Decimal(amount), "method": Payment.Method.TRANSFER, "on": NOVEMBER_20}
    return paying.receive(party, **facts | fields)


def still_open(hub: Any) -> dict[str, str]:
    """What is open, by number."""
    rows = Receivable.objects.filter(hub=hub).still_open().order_by("number")
    return {row.number: str(row.open_amount) for row in rows}


def left_of(payment: Payment) -> Decimal:
    return Payment.objects.with_unused().get(pk=payment.pk).unused_amount


def books_party() -> Party:
    """A party that can be invoiced, at a hub that may invoice."""
    return books.party(books.hub())
