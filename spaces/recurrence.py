"""Dates of a repeating thing: the only door to django-scheduler.

`Event` is the arrangement as agreed, `Occurrence` an exception to it. The package expands in whatever zone it is
asked in; in UTC a 09:00 slot moves an hour after the clock changes and cancelled slots come back. So nobody but
`expand` asks it, and always on the clock of the hub.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.text import slugify
from schedule.models import Calendar, Event, Occurrence, Rule

from spaces.models import Space
from spaces.periods import Period, first_moment, last_moment

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_SECOND = time(23, 59, 59)
LONGEST_WINDOW = timedelta(days=550)
"""Expanding costs time that grows with the square of the number of slots: at most 18 months at once."""


@dataclass(frozen=True, order=True)
class Slot:
    """One date of an arrangement; `original_start` names it for ever, also when it was moved."""

    period: Period
    original_start: datetime


def weekly(weekday: int) -> Rule:
    """The one shared rule "every week on this weekday" (0 = Monday). Rules are never changed.

    The weekday is written as a name: the package reads numbers wrong.
    """
    name = WEEKDAYS[weekday]
    rule, _made = Rule.objects.get_or_create(
        frequency="WEEKLY",
        params=f"byweekday:{name}",
        defaults={"name": f"weekly {name}", "description": f"weekly on {name}"},
    )
    return rule


def calendar_of(space: Space) -> Calendar:
    """The calendar of a space, made at the first call."""
    slug = f"space-{space.pk}"
    calendar, _made = Calendar.objects.get_or_create(
        slug=slug, defaults={"name": slugify(space.code) or slug}
    )
    return calendar


def arrange_weekly(
    space: Space,
    *,
    title: str,
    weekday: int,
    hours: tuple[time, time],
    first: date,
    last: date | None,
    zone: ZoneInfo,
) -> Event:
    """The arrangement "every week on this weekday, from … to …" between two days, both included.

    It starts at its first slot: a start off the rule would not be a slot. `last` None has no end.
    """
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    return Event.objects.create(
        calendar=calendar_of(space),
        title=title[:255],
        rule=weekly(weekday),
        start=first_moment(day, hours[0], zone=zone),
        end=last_moment(day, hours[1], zone=zone),
        end_recurring_period=_until(last, zone=zone),
    )


def stop(event: Event, *, last: date | None, zone: ZoneInfo) -> None:
    """Let the arrangement end after `last`, or (None) without end; its other slots stay what they are."""
    Event.objects.filter(pk=event.pk).update(end_recurring_period=_until(last, zone=zone))
    event.end_recurring_period = _until(last, zone=zone)


def cancel_slot(event: Event, original_start: datetime, period: Period) -> None:
    """Note that the date which the rule put at `original_start` is not taken; `period` is where it stood.

    A second call changes nothing. The date stays cancelled whatever happens to the arrangement.
    """
    _except(event, original_start, start=period.start, end=period.end, cancelled=True)


def move_slot(event: Event, original_start: datetime, was: Period, period: Period) -> None:
    """Note that the date which the rule put at `was` now stands at `period`; back at `was` it is regular again."""
    if period == was:
        restore_slot(event, original_start)
    else:
        _except(event, original_start, start=period.start, end=period.end, cancelled=False)


def restore_slot(event: Event, original_start: datetime) -> None:
    """The date is as the rule says again. A second call changes nothing."""
    Occurrence.objects.filter(event=event, original_start=original_start).delete()


def _except(event: Event, original_start: datetime, **fields: Any) -> None:
    """Write the one exception of a date: two would make every later reading fail.

    The package knows a date by its start and the elapsed length of the first one, also over a clock change.
    """
    exception = Occurrence(
        event=event,
        original_start=original_start,
        original_end=original_start + (event.end - event.start),
        **fields,
    )
    Occurrence.objects.bulk_create(
        [exception],
        update_conflicts=True,
        unique_fields=["event", "original_start"],
        update_fields=list(fields),
    )


def expand(event: Event, *, within: Period, zone: ZoneInfo) -> list[Slot]:
    """The slots that touch `within`, in order; cancelled ones are left out, moved ones stand where they are now.

    A slot lasts as long on the wall clock as the first one. Raises ValueError for more than 18 months.
    """
    if within.length > LONGEST_WINDOW:
        raise ValueError("at most 18 months at once")
    exceptions = {occurrence.original_start: occurrence for occurrence in event.occurrence_set.all()}
    slots = [
        slot for slot in _regular(event, within=within, zone=zone) if slot.original_start not in exceptions
    ]
    slots += [_moved(occurrence) for occurrence in exceptions.values() if not occurrence.cancelled]
    return sorted(slot for slot in slots if slot.period.overlaps(within))


def _regular(event: Event, *, within: Period, zone: ZoneInfo) -> list[Slot]:
    length = _wall(event.end, zone) - _wall(event.start, zone)
    earliest, latest = _wall(within.start, zone) - length, _wall(within.end, zone)
    starts = event.get_rrule_object(zone).between(earliest, latest, inc=True)
    return [_slot(start, length, zone) for start in starts]


def _slot(start: datetime, length: timedelta, zone: ZoneInfo) -> Slot:
    end = start + length
    begins = first_moment(start.date(), start.time(), zone=zone)
    return Slot(Period(begins, last_moment(end.date(), end.time(), zone=zone)), begins.astimezone(UTC))


def _moved(occurrence: Occurrence) -> Slot:
    return Slot(Period(occurrence.start, occurrence.end), occurrence.original_start)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _until(last: date | None, *, zone: ZoneInfo) -> datetime | None:
    return None if last is None else last_moment(last, LAST_SECOND, zone=zone)
