"""Who has the rooms of a lease in its time: other leases, bookings, half-days; closures give way by themselves."""

from datetime import datetime

from spaces import clashing, ledger
from spaces.margins import NO_MARGIN, margin_for
from spaces.models import Claim
from spaces.periods import Period
from tenants.leases import renting
from tenants.leases.models import Lease

GIVES_WAY = Claim.Kind.CLOSURE


def of(lease: Lease, *, now: datetime) -> list[Claim]:
    """The claims of others that keep `lease` from its rooms, in order of time. Two queries."""
    tree = ledger.atoms_of(lease.hub)
    wishes = [
        (atom, renting.period(lease, stay))
        for stay in renting.stays(lease, lease.lines.all())
        for atom in tree[stay.space.pk]
    ]
    near = clashing.claims_near(wishes, now=now)
    found = {
        claim.pk: claim
        for atom, period in wishes
        for claim in near[atom]
        if claim.kind != GIVES_WAY and claim.holder != lease.holder and _keeps(claim, period)
    }
    return sorted(found.values(), key=lambda claim: (claim.starts_at, claim.pk))


def _keeps(claim: Claim, period: Period) -> bool:
    return ledger.keeps(claim, period, margin=margin_for(Claim.Kind.LEASE, NO_MARGIN))
