"""Credit notes of what was paid when it was booked: made at once, with the refund, when less is owed after all.

What comes to more than before waits for the month invoice, as everything else does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from spaces.models import Hub
from spaces.money import Euro, euro
from tenants.billing import charging, crediting, drafting, issuing, locking, vat
from tenants.billing.charging import Owed
from tenants.billing.crediting import Part
from tenants.billing.models import Charge, Invoice, InvoiceLine, OnlinePayment, Receivable
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


NOTHING = Back(euro(0), euro(0), ())


def invoice_of(source: str) -> Invoice | None:
    """The invoice that was made at once of this source ("booking:<uuid>"), if there is one. One query."""
    rows = Invoice.objects.issued().filter(at_once=True, lines__charge__in=Charge.objects.of_family(source))
    return rows.select_related("hub", "party", "receivable").distinct().first()


def foreseen(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> Back | None:
    """What comes back at once when `source` is to owe exactly `lines`; None when it was not paid when it was booked.

    Writes nothing.
    """
    invoice = invoice_of(source)
    if invoice is None:
        return None
    change = _of(invoice, charging.foreseen(source, hub=hub, party=party, lines=lines))
    total = vat.of_change(change, standing=crediting.standing(invoice))
    return _divided(invoice, euro(-total.gross)) if total.gross < 0 else NOTHING


def credit(source: str, *, reason: str, by: User | None, now: datetime) -> Back | None:
    """Make the credit note of what `source` no longer owes of its invoice, and list what goes back online.

    Returns what came back, None when there is no such invoice. Nothing comes back when no less is owed, or the books
    are closed for today: then it waits for the month. Call it in the transaction that changed the charges, which has
    locked what the source names.
    """
    invoice = invoice_of(source)
    if invoice is None:
        return None
    _locked(invoice)
    note = _issued(invoice, _of(invoice, charging.waiting(source)), by=by, now=now)
    if note is None:
        return NOTHING
    owed = _owed(note)
    made = refunding.give_back(owed, reason=reason, by=by, now=now)
    amount = euro(note.back)
    return Back(amount, euro(amount - owed.free), [(row.online, euro(row.amount)) for row in made])


@transaction.atomic(durable=True)
def credit_and_give_back(
    invoice: Invoice, *, lines: Sequence[Part], reason: str, by: User, seen: str = "", now: datetime
) -> Invoice:
    """As `billing.crediting.credit`, and what was paid online of it goes back the way it came, all at once.

    What is still open of the invoice is settled first, and what was paid another way stays to the party's credit.
    Raises what `credit` raises.
    """
    crediting.hold(invoice)
    _locked(invoice)
    note = crediting.write_note(invoice, lines, reason=reason, by=by, seen=seen, waived=True, now=now)
    refunding.give_back(_owed(note), reason=reason.strip(), by=by, now=now)
    return note


def _locked(invoice: Invoice) -> None:
    """The online payments of an invoice, in the order of their ids: after its charges, as by who cancels a booking."""
    for online in sorted(refunding.paid_by(invoice), key=lambda row: row.pk):
        going_back.locked(online)


def _owed(note: Invoice) -> Credit:
    row = (
        Receivable.objects.with_open()
        .select_related("party__hub", "invoice__corrects__corrects")
        .get(invoice=note)
    )
    return Credit(row.party, -row.open_amount, row.issued_on, row.number, note=row)


def _of(invoice: Invoice, charges: Sequence[Charge]) -> list[Charge]:
    """Those that a note to this invoice can hold: what credits its lines or those of its notes, and what is charged
    instead.
    """
    lines = InvoiceLine.objects.filter(Q(invoice=invoice) | Q(invoice__corrects=invoice))
    own = set(lines.values_list("charge_id", flat=True))
    return [row for row in charges if row.credits_id is None or row.credits_id in own]


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
    total = vat.of_change(charges, standing=crediting.standing(invoice))
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
