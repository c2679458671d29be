"""Giving dates of a fixed half-day back, for others to book, and taking them back while nobody has."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from spaces import claiming, recurrence
from spaces.models import Claim
from spaces.periods import Period
from tenants.billing import charging
from tenants.leases import fixing, owing
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.refusals import (
    AlreadyCredited,
    DateBegun,
    DateClosed,
    NoSuchDate,
    TakenMeanwhile,
    TooBusyNow,
)
from tenants.parties.models import User

MOMENT = timedelta(minutes=1)
Wanted = tuple[FixedDayPart, datetime]
"""A fixed half-day and one of its dates, by its original start."""


def give_back(wanted: Sequence[Wanted], *, by: User, now: datetime) -> list[GivenBack]:
    """Let go of these dates, all or none: they can be booked at once. Returns them, by date.

    The half-day stays paid; who has it gets money back for what others then book. A date given back already stays so.
    Raises NoSuchDate, DateBegun, DateClosed and TooBusyNow.
    """
    try:
        return _give_back(wanted, by=by, now=now)
    except claiming.SpaceBusy as busy:
        raise TooBusyNow from busy


def take_back(wanted: Sequence[Wanted], *, now: datetime) -> int:
    """Have these dates again, all or none; returns how many there were. A second call finds nothing and returns 0.

    Raises NoSuchDate, DateBegun, TakenMeanwhile, AlreadyCredited and TooBusyNow.
    """
    try:
        return _take_back(wanted, now=now)
    except claiming.SpaceBusy as busy:
        raise TooBusyNow from busy


@claiming.retried
@transaction.atomic(durable=True)
def _give_back(wanted: Sequence[Wanted], *, by: User, now: datetime) -> list[GivenBack]:
    claiming.lock(fixed.space for fixed, _start in wanted)
    given = []
    for fixed, starts in _by_half_day(wanted):
        given += _give(fixed, starts, by=by, now=now)
    return sorted(given, key=lambda row: row.starts_at)


def _give(fixed: FixedDayPart, starts: set[datetime], *, by: User, now: datetime) -> list[GivenBack]:
    there = list(fixed.given_back.open().filter(original_start__in=starts))
    left = starts - {row.original_start for row in there}
    slots = _open_slots(fixed, left, now=now)
    recurrence.cancel_slots(fixed.event, slots)
    for slot in slots:
        claiming.release_during(fixed.holder, period=slot.period)
    return there + GivenBack.objects.bulk_create(
        GivenBack(
            fixed=fixed,
            original_start=slot.original_start,
            starts_at=slot.period.start,
            ends_at=slot.period.end,
            given_at=now,
            given_by=by,
        )
        for slot in slots
    )


def _open_slots(fixed: FixedDayPart, starts: set[datetime], *, now: datetime) -> list[recurrence.Slot]:
    """The dates that begin so. Raises when one of them is not there, has begun or is closed."""
    if not starts:
        return []
    within = Period(min(starts), max(starts) + MOMENT)
    found = {slot.original_start: (slot, closed) for slot, closed in fixing.dates(fixed, within=within)}
    for start in starts:
        if start not in found:
            raise NoSuchDate
        slot, closed = found[start]
        if slot.period.start <= now:
            raise DateBegun
        if closed:
            raise DateClosed
    return [found[start][0] for start in sorted(starts)]


@claiming.retried
@transaction.atomic(durable=True)
def _take_back(wanted: Sequence[Wanted], *, now: datetime) -> int:
    claiming.lock(fixed.space for fixed, _start in wanted)
    taken = 0
    for fixed, starts in _by_half_day(wanted):
        rows = fixed.given_back.open().filter(original_start__in=starts)
        given = list(rows.select_for_update(of=("self",)).order_by("pk"))
        _raise_if_unknown(fixed, starts - {row.original_start for row in given})
        for row in given:
            row.fixed = fixed
            _take(row, now=now)
        taken += len(given)
    return taken


def _take(given: GivenBack, *, now: datetime) -> None:
    fixed = given.fixed
    last = given.starts_at.astimezone(fixed.hub.zone).date()
    if given.starts_at <= now:
        raise DateBegun
    if fixed.ends_on and last > fixed.ends_on:
        raise NoSuchDate
    try:
        claiming.take([fixed.space], period=given.period, kind=Claim.Kind.LEASE, holder=fixed.holder, now=now)
    except claiming.SpaceTaken as taken:
        raise TakenMeanwhile from taken
    recurrence.restore_slot(fixed.event, given.original_start)
    try:
        owing.no_credit(given)
    except charging.AlreadyInvoiced as error:
        raise AlreadyCredited from error
    GivenBack.objects.filter(pk=given.pk).update(taken_back_at=now, credit_net=0)


def _raise_if_unknown(fixed: FixedDayPart, starts: set[datetime]) -> None:
    """Taken back already is fine: the dates are theirs."""
    if starts:
        within = Period(min(starts), max(starts) + MOMENT)
        known = {slot.original_start for slot, _closed in fixing.dates(fixed, within=within)}
        if starts - known:
            raise NoSuchDate


def _by_half_day(wanted: Sequence[Wanted]) -> list[tuple[FixedDayPart, set[datetime]]]:
    """Each half-day as it is now, with its dates; call it with the spaces locked."""
    starts: defaultdict[int, set[datetime]] = defaultdict(set)
    for fixed, start in wanted:
        starts[fixed.pk].add(start)
    rows = FixedDayPart.objects.filter(pk__in=starts).select_related(*fixing.NEEDED)
    return [(fixed, starts[fixed.pk]) for fixed in rows.order_by("pk")]
