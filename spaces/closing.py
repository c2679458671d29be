"""Closures claim what they close, so that a closed room is taken like any other: nobody can book it."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from spaces import claiming
from spaces.models import Claim, Closure, Hub, Space
from spaces.periods import Period, subtract

Piece = tuple[int, Period]


def holder_of(closure: Closure) -> str:
    """How a closure is named in the claims ledger."""
    return f"closure:{closure.pk}"


def settle(hub: Hub, *, now: datetime) -> int:
    """Let every closure of the hub hold exactly what it closes; returns how many claims were made or released.

    A closure takes the bookable atoms (those of a bookable whole too) for as long as nobody else has them: a room
    under lease stays with its tenant. One that is over keeps what it held; one that holds nothing yet is looked at
    whenever it was. A second call changes nothing. Call inside a transaction.
    """
    atoms = {atom.pk: atom for atom in claiming.lock(Space.objects.of_hub(hub))}
    holding = set(
        Claim.objects.filter(hub=hub, kind=Claim.Kind.CLOSURE, active=True).values_list("holder", flat=True)
    )
    changed = 0
    for closure in hub.closures.order_by("starts_at", "pk"):
        if closure.ends_at <= now and holder_of(closure) in holding:
            continue
        closed = _closed_atoms(closure, atoms.values())
        wanted = set(_pieces(closure, closed, now=now))
        held = {
            (claim.space_id, Period(claim.starts_at, claim.ends_at))
            for claim in _held(closure)
            if claim.ends_at
        }
        if wanted != held:
            claiming.release(holder_of(closure))
            holder = holder_of(closure)
            pieces = [claiming.Piece(atoms[pk], period, holder) for pk, period in sorted(wanted)]
            claiming.take_each(pieces, kind=Claim.Kind.CLOSURE, now=now)
            changed += len(wanted ^ held)
    return changed


def make_way(hub: Hub, spaces: Iterable[Space], *, starts_at: datetime, ends_at: datetime | None) -> int:
    """Let go of the closures' claims on these spaces in this time, for a lease; `settle` afterwards."""
    claims = Claim.objects.filter(
        hub=hub,
        kind=Claim.Kind.CLOSURE,
        active=True,
        space__in=Space.objects.atoms_of(*spaces),
        ends_at__gt=starts_at,
    )
    if ends_at is not None:
        claims = claims.filter(starts_at__lt=ends_at)
    return sum(claiming.release(holder) for holder in set(claims.values_list("holder", flat=True)))


def _closed_atoms(closure: Closure, atoms: Iterable[Space]) -> set[int]:
    bookable = Space.objects.of_hub(closure.hub).bookable()
    if closure.space is not None:
        return {atom.pk for atom in Space.objects.atoms_of(closure.space)} & {atom.pk for atom in atoms}
    own = Q(pk__in=bookable) | Q(parent__in=bookable) | Q(parent__parent__in=bookable)
    return set(Space.objects.of_hub(closure.hub).atomic().filter(own).values_list("pk", flat=True))


def _pieces(closure: Closure, atoms: set[int], *, now: datetime) -> list[Piece]:
    """Who else has it keeps it: a lease, a booking that was there before (staff move it), another closure."""
    others = Claim.objects.in_force(now=now).filter(space__in=atoms).overlapping(closure.period)
    taken: dict[int, list[Period]] = {}
    for claim in others.exclude(holder=holder_of(closure)):
        taken.setdefault(claim.space_id, []).append(Period(claim.starts_at, claim.ends_at or closure.ends_at))
    return [(atom, period) for atom in atoms for period in subtract([closure.period], taken.get(atom, []))]


def _held(closure: Closure) -> Iterable[Claim]:
    return Claim.objects.held_by(holder_of(closure)).filter(active=True)
