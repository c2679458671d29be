"""Leases in the claims ledger: who rents a room has it, from the first day of the term to the last."""

from datetime import datetime

from spaces import claiming, closing
from spaces.models import Claim, Space
from spaces.periods import DAY, local_day
from tenants.leases.models import Lease


def claim(lease: Lease, *, now: datetime) -> list[Claim]:
    """Let the lease hold its spaces for exactly its term; a lease that has ended holds the past.

    Closures give way (call `closing.settle` afterwards). Raises SpaceTaken when another lease or a booking stands
    in the way. Call inside a transaction; a second call gives the same claims.
    """
    spaces = list(Space.objects.filter(lease_lines__lease=lease))
    starts_at, ends_at = term(lease)
    claiming.release(lease.holder)
    closing.make_way(lease.hub, spaces, starts_at=starts_at, ends_at=ends_at)
    return claiming.take_until(
        spaces, starts_at=starts_at, ends_at=ends_at, kind=Claim.Kind.LEASE, holder=lease.holder, now=now
    )


def term(lease: Lease) -> tuple[datetime, datetime | None]:
    """From the midnight before the first day to the midnight after the last, in the hub's zone."""
    start = local_day(lease.starts_on, zone=lease.hub.zone).start
    return start, local_day(lease.ends_on + DAY, zone=lease.hub.zone).start if lease.ends_on else None
