"""Fixed half-days (vaste dagdelen) in the claims ledger: what was promised every week cannot be booked by others."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction

from spaces import claiming, ledger, recurrence
from spaces.margins import around
from spaces.models import Claim, Closure, Hub, Space
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


NEEDED = ("hub", "party__rate_group", "space__hub", "event__rule", "day_part")
"""What the deeds of a fixed half-day read of its row."""
Dates = list[tuple[recurrence.Slot, bool]]
"""The dates of a fixed half-day in order, each with whether the room is closed then."""


def dates(fixed: FixedDayPart, *, within: Period) -> Dates:
    """The dates that touch `within` and are the holder's to use: not those given back, nor those left out."""
    return _with_closures(fixed, _expanded(fixed, within), within=within)


def agreed(fixed: FixedDayPart, *, within: Period) -> Dates:
    """The dates that touch `within` and are paid for: those given back too."""
    given = [
        recurrence.Slot(row.period, row.original_start)
        for row in fixed.given_back.open().overlapping(within)
        if fixed.ends_on is None or row.starts_at.astimezone(fixed.hub.zone).date() <= fixed.ends_on
    ]
    return _with_closures(fixed, {*_expanded(fixed, within), *given}, within=within)


def is_closed(fixed: FixedDayPart, period: Period) -> bool:
    """Whether the hub or this room is closed in some part of `period`."""
    return any(period.overlaps(closed) for closed in closures_of(fixed.space, within=period))


def closures_of(space: Space, *, within: Period) -> list[Period]:
    """When the hub, or (some part of) this space, is closed. One query, one more when single spaces are closed."""
    closures = list(Closure.objects.filter(hub=space.hub_id).overlapping(within))
    if any(closure.space_id for closure in closures):
        tree = ledger.atoms_of(space.hub)
        closures = [
            each for each in closures if each.space_id is None or _meet(tree, each.space_id, space.pk)
        ]
    return [closure.period for closure in closures]


def first_charged(hub: Hub, *, now: datetime) -> date:
    """From which month on a half-day that is entered now is charged: this one. Earlier months are in the old books."""
    return now.astimezone(hub.zone).date().replace(day=1)


def claim(fixed: FixedDayPart, *, now: datetime) -> list[Claim]:
    """Claim every open date until a year from now; closed dates are not claimed.

    Replaces what it held of the dates to come; one that has begun stays as it was. A new arrangement also gets its
    past dates, as far as nobody else had the room. Raises SpaceTaken, then nothing has changed but the release: call
    inside a transaction.
    """
    claiming.release_coming(fixed.holder, now=now)
    until = horizon(fixed, now=now)
    claims = _take(fixed, last=until, now=now)
    _mark(fixed, until)
    return claims


def make_way(closure: Closure) -> int:
    """Let the fixed half-days that fall in a new closure go; returns how many claims were released."""
    promised = FixedDayPart.objects.filter(hub=closure.hub)
    if closure.space_id:
        tree = ledger.atoms_of(closure.hub)
        promised = promised.filter(space__in=[pk for pk in tree if _meet(tree, pk, closure.space_id)])
    return sum(claiming.release_during(fixed.holder, period=closure.period) for fixed in promised)


def come_back(hub: Hub, *, period: Period, now: datetime) -> int:
    """Claim the dates in `period` that a closure had taken, now that it is gone; returns how many claims were made.

    Only dates that have not begun, and that nobody else has by now. Call inside a transaction.
    """
    promised = FixedDayPart.objects.filter(hub=hub).select_related(*NEEDED)
    return sum(_come_back(fixed, period=period, now=now) for fixed in promised.order_by("space", "pk"))


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
    fixed = FixedDayPart.objects.select_related(*NEEDED).get(pk=pk)
    first = fixed.claimed_until + DAY if fixed.claimed_until else fixed.starts_on
    until = horizon(fixed, now=now)
    if until < first:
        return result
    for slot, closed in dates(fixed, within=local_days(first, until, zone=fixed.hub.zone)):
        if closed or slot.period.start <= now:
            continue
        try:
            with transaction.atomic():
                result.claimed += len(_take_one(fixed, slot, now=now))
        except claiming.SpaceTaken as taken:
            result.clashes += taken.conflicts
            recurrence.cancel_slot(fixed.event, slot.original_start, slot.period)  # nor is it charged
            _tell_directors(fixed, slot, now=now)
    _mark(fixed, until)
    return result


def _come_back(fixed: FixedDayPart, *, period: Period, now: datetime) -> int:
    if fixed.claimed_until is None:
        return 0
    atoms = claiming.lock([fixed.space])
    until = local_days(fixed.starts_on, max(fixed.claimed_until, fixed.starts_on), zone=fixed.hub.zone).end
    wanted = [
        (atom, slot.period)
        for slot, closed in dates(fixed, within=period)
        if not closed and now < slot.period.start < until
        for atom in atoms
    ]
    pieces = [claiming.Piece(*piece, fixed.holder) for piece in _free(wanted, now=now)]
    return len(claiming.take_each(pieces, kind=Claim.Kind.LEASE, now=now))


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
    near = around(Period(pieces[0][1].start, pieces[-1][1].end))
    taken = ledger.claims_during({atom.pk for atom, _period in pieces}, period=near, now=now)
    return [
        (atom, period)
        for atom, period in pieces
        if not any(ledger.keeps(claim, period) for claim in taken[atom.pk])
    ]


def horizon(fixed: FixedDayPart, *, now: datetime) -> date:
    """The last day on which it claims its dates by now: a year ahead, or its own end."""
    day = (now + HORIZON).astimezone(fixed.hub.zone).date()
    return min(day, fixed.ends_on) if fixed.ends_on else day


def _mark(fixed: FixedDayPart, until: date) -> None:
    FixedDayPart.objects.filter(pk=fixed.pk).update(claimed_until=until)
    fixed.claimed_until = until


def _meet(tree: Mapping[int, Sequence[int]], one: int, other: int) -> bool:
    """Whether two spaces share an atom."""
    return not set(tree[one]).isdisjoint(tree[other])


def _with_closures(fixed: FixedDayPart, slots: Iterable[recurrence.Slot], *, within: Period) -> Dates:
    closures = closures_of(fixed.space, within=within)
    return [(slot, any(slot.period.overlaps(closed) for closed in closures)) for slot in sorted(slots)]


def _expanded(fixed: FixedDayPart, within: Period) -> set[recurrence.Slot]:
    zone = fixed.hub.zone
    pieces = (recurrence.expand(fixed.event, within=piece, zone=zone) for piece in _windows(within))
    return {slot for slots in pieces for slot in slots}


def _windows(within: Period) -> Iterator[Period]:
    """An arrangement of years is expanded in pieces of about a year."""
    start = within.start
    while start < within.end:
        end = min(start + HORIZON, within.end)
        yield Period(start, end)
        start = end
