"""Credit notes of what was paid when it was booked: made at once, with the refund, when less is owed after all.

What comes to more than before waits for the month invoice, as everything else does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Sum

from spaces.models import Hub
from spaces.money import Euro, euro
from tenants.billing import charging, drafting, issuing, locking, vat
from tenants.billing.charging import Owed
from tenants.billing.models import Charge, Invoice, InvoiceVat, OnlinePayment, Receivable
from tenants.billing.online import going_back, refunding
from tenants.billing.refunding import Credit
from tenants.parties.models import Party, User


@dataclass(frozen=True)
class Back:
    """What a change of something that was paid at once gives back, in euros incl. VAT.

    `amount` is that of the credit note: `settled` of it counts for what of the invoice is still open, `parts` go back
    as they were paid, and the rest is credit of the party.
    """

    amount: Euro
    settled: Euro
    parts: Sequence[tuple[OnlinePayment, Euro]]

    @property
    def refunded(self) -> Euro:
        """What goes back online, all parts together."""
        return euro(sum((amount for _online, amount in self.parts), Decimal(0)))

    @property
    def rest(self) -> Euro:
        """What stays to the credit of the party."""
        return euro(self.amount - self.settled - self.refunded)

    @property
    def ways(self) -> str:
        """How it comes back, as the payer knows it."""
        return ", ".join(dict.fromkeys(going_back.way(online) for online, _amount in self.parts))


def invoice_of(source: str) -> Invoice | None:
    """The invoice that was made at once of this source ("booking:<uuid>"), if there is one. One query."""
    rows = Invoice.objects.issued().filter(at_once=True, lines__charge__in=Charge.objects.of_family(source))
    return rows.select_related("hub", "party", "receivable").distinct().first()


def foreseen(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> Back | None:
    """What comes back at once when `source` is to owe exactly `lines`; None when nothing does. Writes nothing."""
    invoice = invoice_of(source)
    if invoice is None:
        return None
    change = _of(invoice, charging.foreseen(source, hub=hub, party=party, lines=lines))
    total = vat.of_change(change, standing=_standing(invoice))
    if total.gross >= 0:
        return None
    return _divided(invoice, euro(-total.gross))


def credit(source: str, *, reason: str, by: User | None, now: datetime) -> Back | None:
    """Make the credit note of what `source` no longer owes of its invoice, and list what goes back online.

    Returns what came back; None when nothing did: there is no such invoice, no less is owed, or the books are closed for
    today and it waits for the month. Call it in the transaction that changed the charges, which has locked what the
    source names.
    """
    invoice = invoice_of(source)
    if invoice is None:
        return None
    for online in sorted(going_back.of_receivable(invoice.receivable), key=lambda row: row.pk):
        going_back.locked(online)
    note = _issued(invoice, _of(invoice, charging.waiting(source)), by=by, now=now)
    if note is None:
        return None
    asked = Receivable.objects.with_open().select_related("invoice__corrects").get(invoice=note)
    owed = Credit(note.party, -asked.open_amount, asked.issued_on, asked.number, note=asked)
    made = refunding.give_back(owed, reason=reason, by=by, now=now)
    amount = euro(note.back)
    return Back(amount, euro(amount - owed.free), [(row.online, euro(row.amount)) for row in made])


def _of(invoice: Invoice, charges: Sequence[Charge]) -> list[Charge]:
    """Those that a note to this invoice can hold: what credits its own lines, and what is charged instead."""
    own = set(invoice.lines.values_list("charge_id", flat=True))
    return [row for row in charges if row.credits_id is None or row.credits_id in own]


def _standing(invoice: Invoice) -> dict[tuple[str, Decimal], tuple[Decimal, Decimal]]:
    """Net and VAT of the invoice with all its notes, by category and rate."""
    rows = InvoiceVat.objects.filter(invoice__number__isnull=False).order_by()
    found = (rows.filter(invoice=invoice) | rows.filter(invoice__corrects=invoice)).values("category", "rate")
    return {
        (row["category"], row["rate"]): (row["nets"], row["vats"])
        for row in found.annotate(nets=Sum("net"), vats=Sum("vat"))
    }


def _divided(invoice: Invoice, amount: Euro) -> Back:
    open_amount = Receivable.objects.with_open().get(invoice=invoice).open_amount
    settled = euro(min(amount, open_amount))
    left, parts = amount - settled, []
    for online in going_back.of_receivable(invoice.receivable):
        if (part := euro(min(left, going_back.left_of(online)))) > 0:
            parts.append((online, part))
            left -= part
    return Back(amount, settled, parts)


def _issued(invoice: Invoice, charges: Sequence[Charge], *, by: User | None, now: datetime) -> Invoice | None:
    total = vat.of_change(charges, standing=_standing(invoice))
    on = now.astimezone(invoice.hub.zone).date()
    if total.gross >= 0 or _is_closed(invoice.hub, on):
        return None
    note = Invoice.objects.create(
        hub=invoice.hub, party=invoice.party, corrects=invoice, made_by=by, language=invoice.language,
        seller=invoice.seller, buyer=invoice.buyer,
    )  # fmt: skip
    rows = Charge.objects.filter(pk__in=[row.pk for row in charges]).select_related(*drafting.NEEDED)
    drafting.fill(note, list(rows.order_by("pk")), total)
    return issuing.issue(note, on=on)


def _is_closed(hub: Hub, on: date) -> bool:
    try:
        locking.raise_if_locked(hub, on)
    except locking.BooksLocked:
        return True
    return False
