"""The dates of a series that came within a year: booked each day, before anybody can book them one by one."""

import contextlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from bookings import repeating_letters, repeating_rows
from bookings.models import Series
from bookings.repeating import lock_party
from bookings.repeating_facts import YEAR, Facts
from bookings.repeating_plan import Planner
from bookings.states import BookingState
from spaces import claiming, ledger, recurrence
from spaces.periods import DAY, local_days
from tenants.parties.models import Party, PartyState


@dataclass
class Extended:
    """How many dates were booked, and how many could not be had."""

    booked: int = 0
    missed: int = 0


def extend_horizon(*, now: datetime) -> Extended:
    """Book the dates that came within a year, each series in a transaction of its own.

    A second call books nothing. A date that cannot be had is left out for good; its holder and the directors are told.
    Dates in a room that needs approval are asked for: its holder and who answers get one letter each.
    A series of a party that may not book at the moment waits.
    """
    result = Extended()
    for pk in _due(now=now):
        with contextlib.suppress(claiming.SpaceBusy, claiming.SpaceTaken):  # tomorrow's run does what is left
            done = _extend(pk, now=now)
            result.booked += done.booked
            result.missed += done.missed
    return result


def _due(*, now: datetime) -> list[UUID]:
    """Those whose dates have been made up to before a year from now, and which do not end there."""
    farthest = now.date() + (YEAR + 1) * DAY
    goes_on = Q(ends_on=None) | Q(ends_on__gt=F("materialised_until"))
    due = Series.objects.filter(goes_on, materialised_until__lt=farthest, party__state=PartyState.ACTIVE)
    return list(due.order_by("pk").values_list("pk", flat=True))


@claiming.retried
@transaction.atomic(durable=True)
def _extend(pk: UUID, *, now: datetime) -> Extended:
    lock_party(Party.objects.get(series=pk))
    fresh = Series.objects.select_for_update(of=("self",)).select_related(
        "hub", "space__hub", "party__hub", "party__rate_group", "contact", "booked_by", "event__rule"
    )
    series = fresh.get(pk=pk)
    claiming.lock([series.space])
    first, today = series.materialised_until + DAY, now.astimezone(series.hub.zone).date()
    within = local_days(min(first, today), today + (YEAR + 1) * DAY, zone=series.hub.zone)
    facts = Facts(series.party, by=series.booked_by, within=within, now=now)
    last = _horizon(series, today + facts.ahead(series.space) * DAY)
    if last < first:
        return Extended()
    return _book(series, facts, first=first, last=last, now=now)


def _book(series: Series, facts: Facts, *, first: date, last: date, now: datetime) -> Extended:
    zone = series.hub.zone
    whole = local_days(first, last, zone=zone)
    known = set(
        series.bookings.filter(original_start__gte=whole.start).values_list("original_start", flat=True)
    )
    known |= recurrence.cancelled_slots(series.event)
    slots = [
        slot
        for slot in recurrence.regular(series.event, within=whole, zone=zone)
        if slot.original_start not in known and first <= slot.original_start.astimezone(zone).date() <= last
    ]
    starts, ends = series.event.start.astimezone(zone), series.event.end.astimezone(zone)
    dates = Planner(facts, series.space, (starts.time(), ends.time()), series.persons).look_at(slots)
    rows = repeating_rows.book(series, dates, tree=ledger.atoms_of(series.hub), now=now)
    asked = [row for row in rows if row.state == BookingState.REQUESTED]
    if asked:
        repeating_letters.asked_on(series, asked, now=now)
    missed = [each for each in dates if each.chosen is None]
    if missed:
        repeating_letters.could_not_take(series, missed, now=now)
    Series.objects.filter(pk=series.pk).update(materialised_until=last)
    return Extended(booked=len(rows), missed=len(missed))


def _horizon(series: Series, day: date) -> date:
    return day if series.ends_on is None else min(day, series.ends_on)
