"""Drafts of a run: one invoice a party, its lines copied from the charges it owes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_noop

from spaces.explaining import sentence
from spaces.models import Hub
from tenants.billing import checking
from tenants.billing.checking import Remark
from tenants.billing.models import Charge, Invoice, InvoiceLine, InvoiceRun, InvoiceVat, Line
from tenants.billing.online import mandated, settings
from tenants.billing.vat import DocumentTotal
from tenants.parties.models import Party

LINE_FIELDS = [field.name for field in Line._meta.local_fields]  # noqa: SLF001 - Django documents it
NEEDED = ("party__hub", "credits__invoice_line__invoice")


@dataclass(frozen=True)
class Bill:
    """What one party owes, and what there is to say about it."""

    party: Party
    charges: Sequence[Charge]

    @property
    def remarks(self) -> list[Remark]:
        return checking.remarks_on(self.party, self.charges)

    @property
    def can_be_invoiced(self) -> bool:
        return not any(remark.stops for remark in self.remarks)

    @property
    def total(self) -> DocumentTotal | None:
        return checking.total_of(self.charges)


def bills(charges: Iterable[Charge]) -> list[Bill]:
    """The charges by party, in the order of the parties' names; within one by day, source and position."""
    ordered = sorted(
        charges, key=lambda it: (it.party.name, it.party_id, it.starts_on, it.source, it.position)
    )
    return [Bill(of_party[0].party, of_party) for of_party in _grouped(ordered)]


def rebuild(run: InvoiceRun, *, until: date) -> None:
    """Make the drafts of `run` exactly what its month is for: paid in advance, or used up to and including `until`.

    Parties that cannot be invoiced yet get no draft. Drafts that are right already stay as they are. Holds
    the charges locked until the transaction ends. The run must be locked and proposed.
    """
    wanted = {bill.party.pk: bill for bill in bills(_locked_charges(run, until)) if bill.can_be_invoiced}
    kept = set()
    for draft in run.invoices.drafts().prefetch_related("lines"):
        if draft.party_id in wanted and _is_right(draft, wanted[draft.party_id]):
            kept.add(draft.party_id)
    run.invoices.drafts().exclude(party__in=kept).delete()
    _store(run, [bill for party, bill in wanted.items() if party not in kept])


def due(run: InvoiceRun, *, until: date) -> "list[Charge]":
    """Charges of the hub, on no invoice yet, that the run would take: see `ChargeQuerySet.due`."""
    waiting = run.hub.charges.uninvoiced().due(run.month, used_until=until).ready()
    return list(waiting.select_related(*NEEDED))


def seller_of(hub: Hub) -> dict[str, str]:
    """The legal person behind the hub, as an invoice names it."""
    names = ["street", "postal_code", "city", "kvk", "vat_id", "iban", "creditor_id"]
    return {"name": hub.legal_name, "hub": hub.name, "email": hub.invoice_email} | _texts(hub, names)


def buyer_of(party: Party) -> dict[str, str]:
    """The party as an invoice names it; with its account and mandate when we collect from it."""
    names = [
        "name",
        "contact_name",
        "street",
        "postal_code",
        "city",
        "kvk",
        "vat_id",
        "oin",
        "email",
        "purchase_reference",
    ]
    return _texts(party, names) | _debit_of(party)


def _debit_of(party: Party) -> dict[str, str]:
    """The mandate by which it is collected from, if there is one; one given online goes before one on paper."""
    if given := mandated.of(party):
        limit = settings.of(party.hub).debit_limit
        return {"mandate": given.reference, "account": given.account, "debit_limit": str(limit)}
    collected = party.pays_by_debit and party.hub.creditor_id
    return {"mandate": party.mandate_reference, "iban": party.iban} if collected else {}


def copied(line: Line) -> dict[str, Any]:
    """What a charge and its invoice line have in common."""
    return {name: getattr(line, name) for name in LINE_FIELDS}


def as_line(charge: Charge) -> dict[str, Any]:
    """The charge as a line; a credit names the invoice that it corrects (art. 35a Wet OB)."""
    values = copied(charge)
    if charge.credits is not None:
        number = str(charge.credits.invoice_line.invoice.number)
        words = gettext_noop("Credit on invoice %(number)s: %(what)s")
        values["description"] = sentence(words, number=number, what=charge.credits.description)
    return values


def _texts(row: Hub | Party, names: list[str]) -> dict[str, str]:
    return {name: getattr(row, name) for name in names}


def _locked_charges(run: InvoiceRun, until: date) -> Iterable[Charge]:
    """In two steps: another run may have taken some while this one waited for the locks."""
    mine = Q(invoice_line__isnull=True) | Q(invoice_line__invoice__run=run)
    charges = run.hub.charges.due(run.month, used_until=until).ready().filter(mine)
    locked = list(charges.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    return Charge.objects.filter(mine, pk__in=locked).select_related(*NEEDED)


def _grouped(ordered: list[Charge]) -> list[list[Charge]]:
    return [list(group) for _party, group in groupby(ordered, key=lambda charge: charge.party_id)]


def _is_right(draft: Invoice, bill: Bill) -> bool:
    lines = list(draft.lines.all())
    return (
        (draft.language, draft.seller, draft.buyer)
        == (bill.party.language, seller_of(bill.party.hub), buyer_of(bill.party))
        and [line.charge_id for line in lines] == [charge.pk for charge in bill.charges]
        and [copied(line) for line in lines] == [as_line(charge) for charge in bill.charges]
    )


def _store(run: InvoiceRun, new: Sequence[Bill]) -> None:
    totals = [(bill, bill.total) for bill in new]
    drafts = Invoice.objects.bulk_create(
        Invoice(
            hub=run.hub,
            party=bill.party,
            run=run,
            language=bill.party.language,
            seller=seller_of(run.hub),
            buyer=buyer_of(bill.party),
            net=total.net,
            vat=total.vat,
            gross=total.gross,
        )
        for bill, total in totals
        if total
    )
    InvoiceLine.objects.bulk_create(
        line for draft, bill in zip(drafts, new, strict=True) for line in _lines(draft, bill.charges)
    )
    InvoiceVat.objects.bulk_create(
        tax
        for draft, (_bill, total) in zip(drafts, totals, strict=True)
        if total
        for tax in _taxes(draft, total)
    )


def fill(note: Invoice, charges: Sequence[Charge], total: DocumentTotal) -> None:
    """Write the lines, VAT and totals of one draft."""
    note.net, note.vat, note.gross = total.net, total.vat, total.gross
    note.save(update_fields=["net", "vat", "gross"])
    InvoiceLine.objects.bulk_create(_lines(note, charges))
    InvoiceVat.objects.bulk_create(_taxes(note, total))


def _lines(draft: Invoice, charges: Sequence[Charge]) -> list[InvoiceLine]:
    return [
        InvoiceLine(invoice=draft, charge=charge, position=position, **as_line(charge))
        for position, charge in enumerate(charges, start=1)
    ]


def _taxes(draft: Invoice, total: DocumentTotal) -> list[InvoiceVat]:
    return [
        InvoiceVat(
            invoice=draft,
            category=each.category,
            rate=each.taxed.rate,
            net=each.taxed.net,
            vat=each.taxed.vat,
        )
        for each in total.sums
    ]
