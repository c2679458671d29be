"""Who pays for a lease on a day, and which part."""

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from tenants.leases.models import Lease, LeaseShare
from tenants.parties.models import Party

WHOLE = Fraction(1)
Payer = tuple[Party, Fraction]


def payers(lease: Lease, day: date) -> list[Payer]:
    """Who pays which part of what `lease` costs on `day`; all parts together are 1. One query unless prefetched."""
    return of_shares(lease, lease.shares.all(), day)


def of_shares(lease: Lease, shares: Iterable[LeaseShare], day: date) -> list[Payer]:
    """As `payers`, of shares that were read already."""
    counting = _latest([share for share in shares if (share.starts_on or lease.starts_on) <= day], lease)
    return [(share.party, Fraction(share.numerator, share.denominator)) for share in counting] or [
        (lease.party, WHOLE)
    ]


def _latest(begun: Sequence[LeaseShare], lease: Lease) -> list[LeaseShare]:
    first = max((share.starts_on or lease.starts_on for share in begun), default=None)
    return [share for share in begun if (share.starts_on or lease.starts_on) == first]
