"""Invoices of what is paid when it is booked: issued in the transaction that books the payment."""

from collections.abc import Iterable
from datetime import datetime

from spaces.money import Euro
from tenants.billing import allocating, checking, drafting, issuing, vat
from tenants.billing.models import Allocation, Charge, Invoice, Payment
from tenants.billing.vat import Taxable


def payable(lines: Iterable[Taxable]) -> Euro:
    """What an invoice of these lines will come to, in euros incl. VAT, to the cent. Raises NoVatReason."""
    return vat.of_document(lines).gross


def issue_for(source: str, *, paid: Payment, now: datetime) -> Invoice | None:
    """Issue the invoice of the charges of `source`, and let `paid` pay it as far as it goes.

    Call it in the transaction that books `paid` and has posted the charges. `prepaid` is what is paid by then; the rest
    is due on the normal day. What is more than the invoice is credit of the party. A second call returns the first
    invoice. None when there is nothing to invoice, or no invoice can be made yet (no address): the money is credit of
    the party then and the charges wait for the month. Raises BooksLocked.
    """
    if made := _issued(source):
        return made
    charges = list(_waiting(source))
    total = checking.total_of(charges)
    seller = drafting.seller_of(paid.hub)
    if not charges or total is None or total.gross <= 0 or checking.missing_of(seller):
        return None
    if any(remark.stops for remark in checking.remarks_on(paid.party, charges)):
        return None
    draft = Invoice.objects.create(
        hub=paid.hub, party=paid.party, at_once=True, prepaid=min(allocating.unused(paid), total.gross),
        net=total.net, vat=total.vat, gross=total.gross, language=paid.party.language, seller=seller,
        buyer=drafting.buyer_of(paid.party),
    )  # fmt: skip
    drafting.fill(draft, charges, total)
    invoice = issuing.issue(draft, on=now.astimezone(paid.hub.zone).date())
    allocating.pay_off(paid, [invoice.receivable], rule=Allocation.Rule.ONLINE, now=now)
    return invoice


def _issued(source: str) -> Invoice | None:
    rows = Invoice.objects.issued().filter(at_once=True, lines__charge__in=Charge.objects.of_family(source))
    return rows.distinct().first()


def _waiting(source: str) -> Iterable[Charge]:
    """The charges of the source that are on no invoice yet, locked."""
    rows = Charge.objects.of_family(source).uninvoiced().ready().order_by("position", "pk")
    locked = list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))
    return Charge.objects.filter(pk__in=locked).select_related(*drafting.NEEDED).order_by("position", "pk")
