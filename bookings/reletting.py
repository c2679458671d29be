"""Dates of fixed half-days that were given back: who had one gets money back for the time that others book.

Others are other parties: what its own holder books on such a date earns nothing back.

Nobody tells the half-days that they were booked: this sweep looks. Until a date begins its credit follows the bookings;
what was booked when it began stays credited, also when they leave early or do not come.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from bookings.models import Booking
from spaces import ledger
from spaces.models import Claim
from spaces.periods import Period
from tenants.leases import fixing, owing, telling
from tenants.leases.models import GivenBack

LOOK_BACK = timedelta(days=31)
"""For a worker that was away: longer ago than this, a date is what it is."""
NEEDED = tuple(f"fixed__{name}" for name in fixing.NEEDED)
SECOND = timedelta(seconds=1)


def settle(*, now: datetime) -> int:
    """Credit the dates that somebody has by now, and tell who gave them back, once; returns how many changed.

    One transaction for each date that changes. A second call changes nothing.
    """
    rows = GivenBack.objects.open().filter(ends_at__gt=now - LOOK_BACK).select_related(*NEEDED, "given_by")
    shares = _shares(rows)
    return sum(_settle(row.pk, now=now) for row in rows if shares[row.pk] or row.credit_net)


@transaction.atomic(durable=True)
def _settle(pk: int, *, now: datetime) -> bool:
    rows = GivenBack.objects.open().select_related(*NEEDED, "given_by").select_for_update(of=("self",))
    given = rows.filter(pk=pk).first()
    if given is None:
        return False
    least = given.credit_net if given.starts_at <= now else Decimal(0)
    taxed = owing.credit(given, share=_shares([given])[pk], least=least)
    if taxed is None or taxed.net == given.credit_net:
        return False
    given.credit_net = taxed.net
    if taxed.net and given.told_at is None:
        given.told_at = now
        telling.relet(given, taxed=taxed, now=now)
    given.save(update_fields=["credit_net", "told_at"])
    return True


def _shares(rows: Iterable[GivenBack]) -> Mapping[int, Decimal]:
    """How much of each date (0–1, all rooms of a whole alike) others really booked. A query for each date, and two."""
    trees: dict[int, dict[int, list[int]]] = {}
    taken: defaultdict[int, list[Claim]] = defaultdict(list)
    wholes = {}
    for row in rows:
        hub = row.fixed.hub
        tree = trees.get(hub.pk) or trees.setdefault(hub.pk, ledger.atoms_of(hub))
        atoms = tree[row.fixed.space_id]
        wholes[row.pk] = (row.period, len(atoms), row.fixed.party_id)
        for claims in ledger.lasting_claims(atoms, period=row.period).values():
            taken[row.pk] += [claim for claim in claims if claim.kind == Claim.Kind.BOOKING]
    booked = _booked(claim.holder for claims in taken.values() for claim in claims)
    return {
        pk: _share([it for it in taken[pk] if booked.get(it.holder, own) != own], period, atoms)
        for pk, (period, atoms, own) in wholes.items()
    }


def _share(claims: Iterable[Claim], period: Period, atoms: int) -> Decimal:
    pieces = (Period(claim.starts_at, claim.ends_at or period.end).intersection(period) for claim in claims)
    seconds = sum(piece.length // SECOND for piece in pieces if piece)
    return Decimal(seconds) / (period.length // SECOND * atoms)


def _booked(holders: Iterable[str]) -> dict[str, int]:
    """Of these holders, the bookings that are final, and of which party: what is only asked for may still go."""
    keys = {holder.partition(":")[2] for holder in holders if holder.startswith("booking:")}
    found = Booking.objects.booked().filter(pk__in=keys) if keys else Booking.objects.none()
    return {booking.holder: booking.party_id for booking in found}
