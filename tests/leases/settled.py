"""A building of 1,500 m² with three tenants and an empty part, whose service costs of 2025 are settled."""

from datetime import date
from decimal import Decimal

from spaces.models import Hub
from tenants.leases.models import Lease, ServiceCost, ServiceType
from tests import cast
from tests.billing import books
from tests.cast import NOW

YEAR = 2025
ENGLISH = {"Servicekosten": "Service charges"}
AREAS = ("145.00", "310.00", "87.50")


def hub() -> Hub:
    """LOC+ with an address and numbers; its lettable rooms come with `leases`."""
    return books.hub()


def leases(hub: Hub, *, advance: str = "400.00", **terms: object) -> list[Lease]:
    """Three leases that run all year and pay an advance each month; 957.50 m² is empty."""
    cast.space(hub, "LEEG", area_m2=Decimal("957.50"))
    kind = service(hub)
    found = []
    for number, area in enumerate(AREAS, start=1):
        room = cast.space(hub, f"R{number}", area_m2=Decimal(area))
        party = books.party(hub, f"Huurder {number}", kind="organisation", kvk=f"0001810{number}")
        lease = cast.lease(party, rooms=[room], number=f"HC-{number}", **terms)
        lease.advances.create(type=kind, per_month=Decimal(advance), starts_on=lease.starts_on)
        found.append(lease)
    return found


def service(hub: Hub, name: str = "Servicekosten", **fields: object) -> ServiceType:
    row, _made = ServiceType.objects.get_or_create(
        hub=hub, name_nl=name, defaults={"name_en": ENGLISH.get(name, ""), **fields}
    )
    return row


def bill(
    hub: Hub, net: str = "61234.56", *, kind: ServiceType | None = None, **fields: object
) -> ServiceCost:
    """A bill for all of 2025."""
    values = {
        "supplier": "Energie Oost", "reference": f"E-{ServiceCost.objects.count() + 1}",
        "starts_on": date(YEAR, 1, 1), "ends_on": date(YEAR, 12, 31), "entered_at": NOW,
        "entered_by": cast.staff(hub, "bookkeeper", name=f"boekhouder {ServiceCost.objects.count()}"),
    }  # fmt: skip
    return ServiceCost.objects.create(hub=hub, type=kind or service(hub), net=Decimal(net), **values | fields)
