"""Parties that owe something, for the tests of invoices."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from spaces.explaining import sentence
from spaces.models import Hub
from spaces.money import VatTreatment, euro
from tenants.billing import charging, invoicing
from tenants.billing.charging import Owed
from tenants.billing.models import Charge, InvoiceRun, LineKind
from tenants.parties.models import Party
from tests import cast

NOVEMBER = date(2026, 11, 1)
DECEMBER_1 = cast.at("2026-12-01 09:00")
"""The morning after November, when the bookkeeper invoices it."""
ADDRESS = {"street": "Voorbeeldstraat 12", "postal_code": "7771 ZZ", "city": "Hardenberg", "kvk": ""}


def hub(slug: str = "locplus", **fields: Any) -> Hub:
    """A hub that may send invoices: it has a VAT id too."""
    return cast.hub(slug, **{"name": "LOC+", "vat_id": "NL991000109B01"} | fields)


def party(hub: Hub, name: str = "Diëtiste De Vries", **fields: Any) -> Party:
    """A party with an address, so that it can be invoiced."""
    return cast.party(hub, name, **ADDRESS | fields)


def owed(net: str = "37.50", *, vat: int = 0, **fields: Any) -> Owed:
    """A morning in a consult room on 10 November 2026, exempt; `vat` 21 makes it a meeting room, 9 a service."""
    treatment = {0: VatTreatment.EXEMPT_RENT, 9: VatTreatment.SERVICE_OWN, 21: VatTreatment.MEETING_TAXED}[
        vat
    ]
    quantity = Decimal(fields.pop("quantity", 1))
    facts = {
        "kind": LineKind.BOOKING,
        "description": sentence("%(space)s", space="Spreekkamer 2, dinsdag 10 november 2026, 08:00–12:00"),
        "reason": sentence("%(why)s", why="een dagdeel: goedkoper dan 4 uur"),
        "vat_reason": "kale verhuur van een ruimte"
        if vat == 0
        else "vergaderruimte, alleen als zodanig gebruikt",
        "starts_on": date(2026, 11, 10),
        "ends_on": date(2026, 11, 10),
        "quantity": quantity,
        "unit": "day_part",
        "unit_price": Decimal(net),
        "net": euro(Decimal(net) * quantity),
        "vat_treatment": treatment,
        "vat_rate": Decimal(vat),
    }
    return Owed(**facts | fields)


def charge(party: Party, *lines: Owed, source: str = "") -> list[Charge]:
    """Post `lines` (one morning unless told otherwise) for `party` from one source."""
    return charging.post(source or f"sundry:{uuid4()}", hub=party.hub, party=party, lines=lines or [owed()])


def approve_month(hub: Hub, *, month: date = NOVEMBER, now: datetime = DECEMBER_1) -> InvoiceRun:
    """Propose the month and approve exactly that, as the bookkeeper of the hub."""
    run = invoicing.propose(hub, month=month, now=now)
    seen = invoicing.fingerprint(invoicing.drafts_of(run))
    invoicing.approve(run, by=cast.staff(hub, "bookkeeper", name=f"boekhouder {run.pk}"), seen=seen, now=now)
    return run
