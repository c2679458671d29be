"""Agreements that stand in no database: what a lease costs is worked out from plain values."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from spaces.explaining import sentence
from tenants.leases.models import LeaseTerms, RentDiscount, ServiceAdvance, ServiceType
from tenants.leases.rent import Agreement

SERVICE = ServiceType(pk=1, name_nl="Servicekosten", name_en="Service charges")


def day(text: str) -> date:
    return date.fromisoformat(text)


def terms(starts: str = "2018-09-01", yearly: str = "19575.00", **fields: Any) -> LeaseTerms:
    """€ 19,575.00 a year for 145 m², the year leading, by the month, actual days, exempt."""
    facts = {
        "starts_on": day(starts), "yearly": Decimal(yearly), "area_m2": Decimal("145.00"),
        "rent_per_m2_year": Decimal("135.0000"), "kind": "signed", "vat_treatment": "exempt_rent",
        "explanation": sentence("%(why)s", why="zo getekend"),
    }  # fmt: skip
    return LeaseTerms(**facts | fields)


def discount(starts: str, ends: str, percentage: str) -> RentDiscount:
    return RentDiscount(starts_on=day(starts), ends_on=day(ends), percentage=Decimal(percentage))


def advance(per_month: str, starts: str = "2018-09-01", ends: str = "", **fields: Any) -> ServiceAdvance:
    last = day(ends) if ends else None
    facts = {"type": SERVICE, "per_month": Decimal(per_month), "starts_on": day(starts), "ends_on": last}
    return ServiceAdvance(**facts | fields)


def agreed(
    *rows: LeaseTerms,
    starts: str = "2018-09-01",
    ends: str = "",
    discounts: Iterable[RentDiscount] = (),
    advances: Iterable[ServiceAdvance] = (),
) -> Agreement:
    return Agreement(
        day(starts), day(ends) if ends else None, rows or (terms(),), tuple(discounts), tuple(advances)
    )
