"""Everybody's share of one type of service cost, and the hub's own; together exactly the bills. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from spaces.money import Euro, divided, euro, total
from tenants.leases import sharing
from tenants.leases.models import Lease, ServiceType
from tenants.leases.settling.advances import Paid, Who
from tenants.leases.settling.bills import Part
from tenants.leases.settling.weights import NOTHING, Key, Stay
from tenants.parties.models import Party


@dataclass(frozen=True)
class Share:
    """What one party of one lease owes of one type; without a lease it is the hub's own. Excluding VAT.

    `weight` is that of the lease; of several parties in it each owes its part of what the lease costs.
    """

    lease: Lease | None
    party: Party | None
    weight: Fraction
    cost: Euro
    paid: Paid
    part: Fraction = Fraction(1)
    stays: Sequence[Stay] = ()

    @property
    def balance(self) -> Euro:
        """To pay still; negative: to get back."""
        return euro(self.cost - self.paid.total) if self.lease else euro(0)


@dataclass(frozen=True)
class Divided:
    """One type of service cost: its bills, its key, and the shares, which add up to the bills exactly."""

    type: ServiceType
    bills: Sequence[Part]
    whole: Fraction
    shares: Sequence[Share]

    @property
    def total(self) -> Euro:
        return total(each.part for each in self.bills)


def divide(
    kind: ServiceType,
    bills: Sequence[Part],
    key: Key,
    *,
    leases: Sequence[Lease],
    stays: Sequence[Stay],
    paid: Mapping[Who, Paid],
) -> Divided:
    """The shares in the order of `leases`, the hub's own last. Largest remainder: of equals the first gets the cent."""
    there = [lease for lease in leases if any(stay.lease == lease.pk for stay in stays)]
    keyed = [key.leases.get(lease.pk, NOTHING) for lease in there]
    amount = total(each.part for each in bills)
    costs = divided(amount, [*keyed, key.vacant]) if key.whole else [euro(0)] * (len(there) + 1)
    shares = [
        share
        for lease, weight, cost in zip(there, keyed, costs, strict=False)
        for share in _of_parties(kind, lease, weight, cost, stays=stays, paid=paid)
    ]
    own = Share(None, None, key.vacant, costs[-1], Paid())
    return Divided(kind, bills, key.whole, [*shares, own])


def _of_parties(
    kind: ServiceType,
    lease: Lease,
    weight: Fraction,
    cost: Euro,
    *,
    stays: Sequence[Stay],
    paid: Mapping[Who, Paid],
) -> list[Share]:
    """Who pays for the lease on the last day that it had the service pays its cost."""
    theirs = [stay for stay in stays if stay.lease == lease.pk]
    payers = sharing.of_shares(lease, lease.shares.all(), max(stay.last for stay in theirs))
    parts = divided(cost, [part for _party, part in payers]) if cost else [euro(0)] * len(payers)
    return [
        Share(lease, party, weight, each, paid.get((lease.pk, party.pk, kind.pk), Paid()), part, theirs)
        for (party, part), each in zip(payers, parts, strict=True)
    ]
