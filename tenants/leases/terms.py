"""The terms of leases on a day: what was agreed, with everything that changed since."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from tenants.leases.models import Lease, LeaseTerms
from tenants.parties.models import Party


def on(lease: Lease, day: date) -> LeaseTerms | None:
    """The terms of `lease` that count on `day`; None before its first ones. One query."""
    return LeaseTerms.objects.filter(lease=lease).in_force(day).first()


def history(lease: Lease) -> list[LeaseTerms]:
    """All terms that count or will count, by first day: of two from the same day only the later one. One query."""
    return list({row.starts_on: row for row in lease.terms.order_by("starts_on", "pk")}.values())


def included_hours(party: Party, *, months: Collection[date]) -> dict[date, Decimal]:
    """The meeting hours that the leases of `party` include in each month (by its first day). One query."""
    rows = LeaseTerms.objects.filter(lease__party=party).order_by("starts_on", "pk").select_related("lease")
    found: dict[date, dict[int, Decimal]] = {month: {} for month in months}
    for row in rows:
        for month in months:
            if row.starts_on <= month and _runs(row.lease, month):
                found[month][row.lease_id] = row.included_hours
    return {month: sum(hours.values(), Decimal(0)) for month, hours in found.items()}


def _runs(lease: Lease, day: date) -> bool:
    return lease.starts_on <= day and (lease.ends_on is None or lease.ends_on >= day)
