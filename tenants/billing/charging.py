"""Posting what a party owes to the charges ledger. Leases and bookings call it; billing knows neither."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from spaces.models import Hub
from tenants.billing.models import Charge, Invoice, InvoiceLine, RunState
from tenants.parties.models import Party

if TYPE_CHECKING:
    from spaces.explaining import Sentence


class AlreadyInvoiced(Exception):
    """The charge stands on an invoice that is approved or issued: only a credit note can correct it."""

    def __init__(self) -> None:
        self.message = _("This is already on an invoice. Ask the bookkeeper for a credit note.")
        super().__init__(self.message)


@dataclass(frozen=True)
class Owed:
    """One amount owed. Prices exclude VAT; `net` is in cents; days are local days of the hub, both included."""

    description: "Sentence"
    reason: "Sentence"
    vat_reason: str
    starts_on: date
    ends_on: date
    quantity: Decimal
    unit: str
    unit_price: Decimal
    net: Decimal
    vat_treatment: str
    vat_rate: Decimal


@transaction.atomic
def post(source: str, *, hub: Hub, party: Party, lines: Sequence[Owed]) -> list[Charge]:
    """Make the charges of `source` ("booking:<uuid>") exactly `lines`, in order; no lines takes them away.

    The same lines again change nothing. Charges on a proposal leave it with that party's whole draft: the
    next proposal has them again. Raises AlreadyInvoiced when a charge that would change or go stands on an
    approved or issued invoice. Call it inside the transaction of the use-case.
    """
    stored = {charge.position: charge for charge in Charge.objects.from_source(source).select_for_update()}
    wanted = {position: _values(owed, hub, party) for position, owed in enumerate(lines, start=1)}
    stale = [charge for position, charge in stored.items() if _differs(charge, wanted.get(position))]
    _take_off_proposals(stale)
    return _write(source, stored, wanted, stale)


def _write(
    source: str, stored: dict[int, Charge], wanted: dict[int, dict[str, Any]], stale: list[Charge]
) -> list[Charge]:
    for charge in stale:
        if charge.position not in wanted:
            charge.delete()
            continue
        for name, value in wanted[charge.position].items():
            setattr(charge, name, value)
        charge.save()
    new = [
        Charge(source=source, position=position, **values)
        for position, values in wanted.items()
        if position not in stored
    ]
    if new and stored:
        _refuse_to_grow(stored.values())
    created = {charge.position: charge for charge in Charge.objects.bulk_create(new)}
    return [created.get(position) or stored[position] for position in wanted]


def _values(owed: Owed, hub: Hub, party: Party) -> dict[str, Any]:
    return {"hub": hub, "party": party} | vars(owed)


def _differs(charge: Charge, values: dict[str, Any] | None) -> bool:
    return values is None or any(getattr(charge, name) != value for name, value in values.items())


def _refuse_to_grow(charges: Any) -> None:
    """A source that is invoiced is settled: nothing is added to it either."""
    lines = InvoiceLine.objects.filter(charge__in=[charge.pk for charge in charges if charge.pk])
    if lines.exclude(invoice__run__state=RunState.PROPOSED).exists():
        raise AlreadyInvoiced


def _take_off_proposals(charges: list[Charge]) -> None:
    drafts = Invoice.objects.filter(lines__charge__in=charges) if charges else Invoice.objects.none()
    found = set(drafts.values_list("pk", "run__state"))
    if any(state != RunState.PROPOSED for _pk, state in found):
        raise AlreadyInvoiced
    # locked first, so that two posts for one party delete its draft one after the other
    locked = (
        Invoice.objects.drafts()
        .filter(pk__in=[pk for pk, _state in found])
        .order_by("pk")
        .select_for_update()
    )
    Invoice.objects.filter(pk__in=[draft.pk for draft in locked]).delete()
