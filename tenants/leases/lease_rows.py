"""Leases in a list: what each comes to today, and what has to be decided first. Few queries."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tenants.leases import deadlines, sharing
from tenants.leases.contracts import standing
from tenants.leases.deadlines import Deadline
from tenants.leases.models import Lease
from tenants.leases.querysets import LeaseQuerySet


@dataclass(frozen=True)
class Row:
    """A lease as it is today, or as it begins or ended; `yearly` in euros excluding VAT."""

    lease: Lease
    tenants: list[str]
    rooms: list[str]
    area_m2: Decimal
    yearly: Decimal
    deadline: Deadline | None


def rows(leases: LeaseQuerySet, *, today: date) -> list[Row]:
    """One for each lease, by number. A constant number of queries."""
    return [_row(lease, today) for lease in standing.with_everything(leases).order_by("number", "pk")]


def _row(lease: Lease, today: date) -> Row:
    day = max(lease.starts_on, min(today, lease.ends_on or today))
    terms = standing.terms_of(lease, day)
    held = [row for row in lease.lines.all() if (row.starts_on or day) <= day <= (row.ends_on or day)]
    coming = deadlines.of_lease(lease, today=today)
    return Row(
        lease=lease,
        tenants=[party.name for party, _part in sharing.payers(lease, day)],
        rooms=[row.space.code for row in held],
        area_m2=terms.area_m2 if terms else Decimal(0),
        yearly=terms.yearly if terms else Decimal(0),
        deadline=coming[0] if coming else None,
    )
