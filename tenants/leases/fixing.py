"""Fixed half-days (vaste dagdelen) in the claims ledger: what was promised every week cannot be booked by others."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from spaces import claiming, ledger, recurrence
from spaces.models import Claim, Closure, Space
from spaces.periods import DAY, Period, local_days
from tenants.leases.models import FixedDayPart

HORIZON = timedelta(days=365)
"""Claims are made this far ahead; bookings may be made less far ahead, so a promise always comes first."""


@dataclass
class Extended:
    """How many claims were made, and which dates could not be claimed because others were there."""

    claimed: int = 0
    clashes: list[Claim] = field(default_factory=list)


def dates(fixed: FixedDayPart, *, within: Period) -> list[tuple[recurrence.Slot, bool]]:
    """The slots that touch `within`, each with whether the hub (or the room) is closed then."""
    zone = fixed.hub.zone
    closures = [closure.period for closure in _closures(fixed, within)]
    slots = [
        slot for piece in _windows(within) for slot in recurrence.expand(fixed.event, within=piece, zone=zone)
    ]
    unique = sorted(set(slots))
    return [(slot, any(slot.period.overlaps(closed) for closed in closures)) for slot in unique]


def claim(fixed: FixedDayPart, *, now: datetime) -> list[Claim]:
    """Claim every open date until a year from now; closed dates are not claimed.

    Replaces what it held of the dates to come; one that has begun stays as it was. A new arrangement also gets its
    past dates, as far as nobody else had the room. Raises SpaceTaken, then nothing has changed but the release: call
    inside a transaction.
    """
    claiming.release_coming(fixed.holder, now=now)
    until = _horizon(fixed, now=now)
    claims = _take(fixed, last=until, now=now)
    _mark(fixed, until)
    return claims


def make_way(closure: Closure) -> int:
    """Let the fixed half-days that fall in a new closure go; returns how many claims were released."""
    promised = FixedDayPart.objects.filter(hub=closure.hub)
    if closure.space is not None:
        promised = promised.filter(space__in=_related(closure.space))
    return sum(claiming.release_during(fixed.holder, period=closure.period) for fixed in promised)


def extend_horizon(*, now: datetime) -> Extended:
    """Claim the dates that came within a year; one transaction for each arrangement.

    A second call claims nothing. A date that somebody else has is left to them and reported.
    """
    result = Extended()
    for pk in FixedDayPart.objects.order_by("pk").values_list("pk", flat=True):
        with contextlib.suppress(claiming.SpaceBusy):  # tomorrow's run does what is left
            done = _extend(pk, now=now)
            result.claimed += done.claimed
            result.clashes += done.clashes
    return result


@claiming.retried
@transaction.atomic(durable=True)
def _extend(pk: int, *, now: datetime) -> Extended:
    result = Extended()
    fixed = (
        FixedDayPart.objects.select_for_update(of=("self",))
        .select_related("hub", "event__rule", "space")
        .get(pk=pk)
    )
    first = fixed.claimed_until + DAY if fixed.claimed_until else fixed.starts_on
    until = _horizon(fixed, now=now)
    if until < first:
        return result
    for slot_claims in _one_by_one(fixed, first=first, last=until, now=now):
        if isinstance(slot_claims, claiming.SpaceTaken):
            result.clashes += slot_claims.conflicts
        else:
            result.claimed += len(slot_claims)
    _mark(fixed, until)
    return result


def _one_by_one(
    fixed: FixedDayPart, *, first: date, last: date, now: datetime
) -> Iterator[list[Claim] | claiming.SpaceTaken]:
    for slot, closed in dates(fixed, within=local_days(first, last, zone=fixed.hub.zone)):
        if closed:
            continue
        try:
            yield claiming.take(
                [fixed.space], period=slot.period, kind=Claim.Kind.LEASE, holder=fixed.holder, now=now
            )
        except claiming.SpaceTaken as taken:
            yield taken


def _take(fixed: FixedDayPart, *, last: date, now: datetime) -> list[Claim]:
    if last < fixed.starts_on:
        return []
    atoms = claiming.lock([fixed.space])
    slots = dates(fixed, within=local_days(fixed.starts_on, last, zone=fixed.hub.zone))
    pieces = [(atom, slot.period) for slot, closed in slots if not closed for atom in atoms]
    coming = [(atom, period) for atom, period in pieces if period.start > now]
    begun = [] if fixed.claimed_until else [(atom, period) for atom, period in pieces if period.start <= now]
    return claiming.take_each(
        _free(begun, now=now) + coming, kind=Claim.Kind.LEASE, holder=fixed.holder, now=now
    )


def _free(pieces: list[tuple[Space, Period]], *, now: datetime) -> list[tuple[Space, Period]]:
    if not pieces:
        return []
    whole = Period(pieces[0][1].start, pieces[-1][1].end)
    taken = ledger.claims_during({atom.pk for atom, _period in pieces}, period=whole, now=now)
    return [
        (atom, period)
        for atom, period in pieces
        if not any(ledger.overlaps(claim, period) for claim in taken[atom.pk])
    ]


def _horizon(fixed: FixedDayPart, *, now: datetime) -> date:
    day = (now + HORIZON).astimezone(fixed.hub.zone).date()
    return min(day, fixed.ends_on) if fixed.ends_on else day


def _mark(fixed: FixedDayPart, until: date) -> None:
    FixedDayPart.objects.filter(pk=fixed.pk).update(claimed_until=until)
    fixed.claimed_until = until


def _related(space: Space) -> list[Space]:
    """The space, the wholes above it and the parts below it: what cannot be used without it."""
    wholes = [space]
    while wholes[-1].parent is not None:
        wholes.append(wholes[-1].parent)
    below = Space.objects.filter(Q(parent=space) | Q(parent__parent=space))
    return [*wholes, *below]


def _closures(fixed: FixedDayPart, within: Period) -> Iterator[Closure]:
    related = {space.pk for space in _related(fixed.space)}
    for closure in Closure.objects.filter(hub_id=fixed.hub_id).overlapping(within):
        if closure.space_id is None or closure.space_id in related:
            yield closure


def _windows(within: Period) -> Iterator[Period]:
    """An arrangement of years is expanded in pieces of about a year."""
    start = within.start
    while start < within.end:
        end = min(start + HORIZON, within.end)
        yield Period(start, end)
        start = end
