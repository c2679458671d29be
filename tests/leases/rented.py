"""A room that is rented, and what was charged for it."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from spaces.models import Hub, Space
from tenants.billing import invoicing
from tenants.billing.models import Invoice
from tenants.leases import charging_rent
from tenants.leases.charging_rent import Posted
from tenants.leases.models import Lease, LeaseTerms, ServiceType
from tenants.parties.models import Party
from tests import cast
from tests.billing import books
from tests.cast import NOW, at

DECEMBER, JANUARY, MARCH = date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1)


def rented(party: Party, room: Space, **facts: object) -> Lease:
    """145.00 m² at € 135.00: 19,575.00 a year, 1,631.25 a month."""
    return cast.lease(party, rooms=[room], **{"rent_per_m2_year": "135"} | facts)


def amended(lease: Lease, starts: str, **facts: object) -> None:
    latest = LeaseTerms.objects.filter(lease=lease).latest("pk")
    latest.pk = None
    for name, value in ({"starts_on": date.fromisoformat(starts), "kind": "amended"} | facts).items():
        setattr(latest, name, value)
    latest.save(force_insert=True)


def reposted(lease: Lease) -> Posted:
    with transaction.atomic():
        return charging_rent.repost(lease, now=NOW)


def advance(lease: Lease, per_month: str, *, starts: date = DECEMBER, **kind: object) -> ServiceType:
    facts = {"name_nl": "Servicekosten", "name_en": "Service charges"} | kind
    row, _made = ServiceType.objects.get_or_create(
        hub=lease.hub, name_nl=facts.pop("name_nl"), defaults=facts
    )
    lease.advances.create(type=row, per_month=Decimal(per_month), starts_on=starts)
    return row


def charged(hub: Hub) -> list[tuple[str, str, str]]:
    """(first day, last day, net) of each charge, in order."""
    rows = hub.charges.order_by("pk")
    return [(str(row.starts_on), str(row.ends_on), str(row.net)) for row in rows]


def issue(hub: Hub, month: date, *, on: str) -> list[Invoice]:
    before = set(Invoice.objects.issued().values_list("pk", flat=True))
    books.approve_month(hub, month=month, now=at(on))
    invoicing.issue_approved(now=at(on))
    return list(Invoice.objects.issued().exclude(pk__in=before).order_by("number"))
