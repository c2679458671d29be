"""Ending a fixed half-day: what lapses is known before it is done; what is over, stays."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from spaces import claiming, recurrence
from spaces.models import Claim
from spaces.periods import local_day
from tenants.leases import fixing, telling
from tenants.leases.models import FixedDayPart, GivenBack
from tenants.leases.refusals import EndsTooEarly, EndsTooLate, TooBusyNow

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Ending:
    """The last day, and what lapses after it: dates that the holder has now, and dates given back that nobody has."""

    last: date
    final: datetime | None
    lapsed: list[datetime]
    given_back: int


def plan(fixed: FixedDayPart, *, last: date, now: datetime) -> Ending:
    """What ending after `last` (a local day) would do; nothing is written. Raises EndsTooEarly and EndsTooLate."""
    today = now.astimezone(fixed.hub.zone).date()
    if last < max(today, fixed.starts_on):
        raise EndsTooEarly
    if fixed.ends_on and last >= fixed.ends_on:
        raise EndsTooLate
    cut = local_day(last, zone=fixed.hub.zone).end
    held = Claim.objects.held_by(fixed.holder).filter(active=True)
    starts = sorted(set(held.filter(starts_at__gt=now).values_list("starts_at", flat=True)))
    given = GivenBack.objects.open().filter(fixed=fixed, starts_at__gte=cut)
    before = [start for start in starts if start < cut]
    return Ending(
        last=last,
        final=before[-1] if before else None,
        lapsed=[start for start in starts if start >= cut],
        given_back=given.count(),
    )


def end(fixed: FixedDayPart, *, last: date, now: datetime) -> Ending:
    """Let it end after `last`: the room is free at once for the dates after it, and the party is told.

    A second call with the same day changes nothing. Months are charged as far as they have dates. Raises as `plan`,
    and TooBusyNow.
    """
    try:
        return _end(fixed, last=last, now=now)
    except claiming.SpaceBusy as busy:
        raise TooBusyNow from busy


@claiming.retried
@transaction.atomic(durable=True)
def _end(fixed: FixedDayPart, *, last: date, now: datetime) -> Ending:
    return end_within(fixed, last=last, now=now)


def end_within(fixed: FixedDayPart, *, last: date, now: datetime) -> Ending:
    """`end` inside the caller's transaction. Raises as `plan`."""
    claiming.lock([fixed.space])
    fixed = FixedDayPart.objects.select_related(*fixing.NEEDED).get(pk=fixed.pk)
    if fixed.ends_on == last:
        return Ending(last, None, [], 0)
    planned = plan(fixed, last=last, now=now)
    recurrence.stop(fixed.event, last=last, zone=fixed.hub.zone)
    fixed.ends_on = last
    fixed.claimed_until = min(fixed.claimed_until, last) if fixed.claimed_until else None
    fixed.save(update_fields=["ends_on", "claimed_until"])
    claiming.release_coming(fixed.holder, now=local_day(last, zone=fixed.hub.zone).end - INSTANT)
    telling.ended(fixed, now=now)
    return planned
