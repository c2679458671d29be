"""Leases in the claims ledger: who rents a room has it, from its first day in the lease to its last."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from spaces import claiming, closing
from spaces.models import Claim, Space
from spaces.periods import DAY, Period, local_day
from tenants.leases.models import Lease, LeaseLine


@dataclass(frozen=True)
class Stay:
    """One room under lease: its first and last local day there (None: no end agreed), both included."""

    space: Space
    first: date
    last: date | None


def stays(lease: Lease, lines: Iterable[LeaseLine]) -> list[Stay]:
    """The days of each room in `lines`, cut to the term of the lease; a room of which none is left is left out."""
    found = []
    for line in lines:
        first = max(line.starts_on or lease.starts_on, lease.starts_on)
        last = min((day for day in (line.ends_on, lease.ends_on) if day), default=None)
        if last is None or first <= last:
            found.append(Stay(line.space, first, last))
    return found


def claim(lease: Lease, *, now: datetime) -> list[Claim]:
    """Let the lease hold its rooms for exactly their days in it; a lease that has ended holds the past.

    Closures give way (call `closing.settle` afterwards). Raises SpaceTaken when another lease or a booking stands
    in the way. Call inside a transaction; a second call gives the same claims.
    """
    wanted = stays(lease, lease.lines.select_related("space").order_by("space", "starts_on"))
    claiming.lock(stay.space for stay in wanted)
    claiming.release(lease.holder)
    return [made for stay in wanted for made in _claim(lease, stay, now=now)]


def period(lease: Lease, stay: Stay) -> Period:
    """From the midnight before the first day to the midnight after the last; for ever when no end is agreed."""
    starts_at, ends_at = _moments(lease, stay)
    return Period(starts_at, ends_at or claiming.FOR_EVER)


def _claim(lease: Lease, stay: Stay, *, now: datetime) -> list[Claim]:
    starts_at, ends_at = _moments(lease, stay)
    closing.make_way(lease.hub, [stay.space], starts_at=starts_at, ends_at=ends_at)
    return claiming.take_until(
        [stay.space],
        starts_at=starts_at,
        ends_at=ends_at,
        kind=Claim.Kind.LEASE,
        holder=lease.holder,
        now=now,
    )


def _moments(lease: Lease, stay: Stay) -> tuple[datetime, datetime | None]:
    zone = lease.hub.zone
    start = local_day(stay.first, zone=zone).start
    return start, local_day(stay.last + DAY, zone=zone).start if stay.last else None
