"""Fixed half-days (vaste dagdelen) in the claims ledger: what was promised every week cannot be booked by others."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from spaces import claiming, ledger, recurrence
from spaces.models import Claim, Closure, Space
from spaces.periods import DAY, Period, local_days
from tenants.leases.models import FixedDayPart
from tenants.parties import mailing
from tenants.parties.models import Role, User

HORIZON = timedelta(days=365)
"""Claims are made this far ahead; bookings may be made less far ahead, so a promise always comes first."""


@dataclass
class Extended:
    """How many claims were made, and which dates could not be claimed because others were there."""

    claimed: int = 0
    clashes: list[Claim] = field(default_factory=list)


def dates(fixed: FixedDayPart, *, within: Period) -> list[tuple[recurrence.Slot, bool]]:
    """The slots that touch `within`, each with whether the hub is closed then."""
    zone = fixed.hub.zone
    closures = [closure.period for closure in fixed.hub.closures.filter(space=None).overlapping(within)]
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
    """Let the fixed half-days that fall in a new closure of the hub go; returns how many claims were released."""
    promised = FixedDayPart.objects.filter(hub=closure.hub)
    return sum(claiming.release_during(fixed.holder, period=closure.period) for fixed in promised)


def extend_horizon(*, now: datetime) -> Extended:
    """Claim the dates that came within a year; one transaction for each arrangement that has dates left to claim.

    A second call claims nothing. A date that somebody else has is left to them, and the directors are told.
    """
    result = Extended()
    for pk in FixedDayPart.objects.unclaimed().order_by("pk").values_list("pk", flat=True):
        with contextlib.suppress(claiming.SpaceBusy):  # tomorrow's run does what is left
            done = _extend(pk, now=now)
            result.claimed += done.claimed
            result.clashes += done.clashes
    return result


@claiming.retried
@transaction.atomic(durable=True)
def _extend(pk: int, *, now: datetime) -> Extended:
    result = Extended()
    claiming.lock(
        Space.objects.filter(fixed_day_parts=pk)
    )  # before the row is read: an import may be changing it
    fixed = FixedDayPart.objects.select_related("hub", "event__rule", "space", "party").get(pk=pk)
    first = fixed.claimed_until + DAY if fixed.claimed_until else fixed.starts_on
    until = _horizon(fixed, now=now)
    if until < first:
        return result
    for slot, closed in dates(fixed, within=local_days(first, until, zone=fixed.hub.zone)):
        if closed or slot.period.start <= now:
            continue
        try:
            result.claimed += len(_take_one(fixed, slot, now=now))
        except claiming.SpaceTaken as taken:
            result.clashes += taken.conflicts
            _tell_directors(fixed, slot, now=now)
    _mark(fixed, until)
    return result


def _take_one(fixed: FixedDayPart, slot: recurrence.Slot, *, now: datetime) -> list[Claim]:
    return claiming.take(
        [fixed.space], period=slot.period, kind=Claim.Kind.LEASE, holder=fixed.holder, now=now
    )


def _tell_directors(fixed: FixedDayPart, slot: recurrence.Slot, *, now: datetime) -> None:
    """The date is not tried again: somebody must arrange it with one of the two."""
    day = slot.period.start.astimezone(fixed.hub.zone).date()
    directors = User.objects.filter(memberships__hub=fixed.hub, memberships__role=Role.DIRECTOR)
    for director in directors.distinct():
        mailing.post(
            key=f"{fixed.holder}:clash:{day}:{director.pk}", kind="fixed_day_part_clash", hub=fixed.hub,
            party=fixed.party, to_email=director.email, to_name=director.name, language=director.language,
            due_at=now, useless_after=slot.period.end, context={"fixed": fixed, "period": slot.period},
        )  # fmt: skip


def _take(fixed: FixedDayPart, *, last: date, now: datetime) -> list[Claim]:
    if last < fixed.starts_on:
        return []
    atoms = claiming.lock([fixed.space])
    slots = dates(fixed, within=local_days(fixed.starts_on, last, zone=fixed.hub.zone))
    pieces = [(atom, slot.period) for slot, closed in slots if not closed for atom in atoms]
    coming = [(atom, period) for atom, period in pieces if period.start > now]
    begun = [] if fixed.claimed_until else [(atom, period) for atom, period in pieces if period.start <= now]
    taken = [claiming.Piece(*piece, fixed.holder) for piece in _free(begun, now=now) + coming]
    return claiming.take_each(taken, kind=Claim.Kind.LEASE, now=now)


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


def _windows(within: Period) -> Iterator[Period]:
    """An arrangement of years is expanded in pieces of about a year."""
    start = within.start
    while start < within.end:
        end = min(start + HORIZON, within.end)
        yield Period(start, end)
        start = end
