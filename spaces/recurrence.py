"""Dates of a repeating thing: the only door to django-scheduler.

`Event` is the arrangement as agreed, `Occurrence` an exception to it. The package expands in whatever zone it is
asked in; in UTC a 09:00 slot moves an hour after the clock changes and cancelled slots come back. So nobody but
`expand`, `regular` and `audit` ask it, and always on the clock of the hub.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from schedule.models import Event, Occurrence, Rule

from spaces import calendars, patterns
from spaces.models import Space
from spaces.patterns import Pattern
from spaces.periods import DAY, Period, first_moment, last_moment

LAST_SECOND = time(23, 59, 59)
LONGEST_WINDOW = timedelta(days=550)
"""Expanding costs time that grows with the square of the number of slots: at most 18 months at once."""


@dataclass(frozen=True, order=True)
class Slot:
    """One date of an arrangement; `original_start` names it for ever, also when it was moved.

    It is the start as the package reckons it: an hour that the clock skips or repeats is taken by winter time.
    """

    period: Period
    original_start: datetime


@dataclass(frozen=True)
class Difference:
    """A date on which django-scheduler and our rows disagree; None is cancelled, or not there."""

    original_start: datetime
    theirs: Period | None
    ours: Period | None


def draft(
    pattern: Pattern, *, hours: tuple[time, time], first: date, last: date | None, zone: ZoneInfo
) -> Event:
    """An arrangement that is not stored, to look at its dates: from … to … between two days, both included.

    It starts at the first day that the pattern hits: a start off the rule would not be a slot. Ending at or before
    its start is ending the day after. `last` None has no end.
    """
    day = next(_days(pattern.each_week, first=first, zone=zone))
    ends_on = day if hours[0] < hours[1] else day + DAY
    return Event(
        rule=Rule(**_written(pattern)),
        start=first_moment(day, hours[0], zone=zone),
        end=last_moment(ends_on, hours[1], zone=zone),
        end_recurring_period=_until(last, zone=zone),
    )


def arrange(event: Event, *, space: Space, title: str, pattern: Pattern) -> Event:
    """Store a draft as the arrangement of `space`."""
    event.calendar_id, rule = calendars.calendar_and_rule(space, _written(pattern))
    event.title, event.rule = title[:255], Rule(pk=rule, **_written(pattern))
    event.save(force_insert=True)
    return event


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
    """The arrangement "every week on this weekday, from … to …" between two days, both included."""
    pattern = patterns.weekly([weekday])
    event = draft(pattern, hours=hours, first=first, last=last, zone=zone)
    return arrange(event, space=space, title=title, pattern=pattern)


def last_of(pattern: Pattern, *, first: date, times: int, zone: ZoneInfo) -> date:
    """The day on which something that begins on or after `first` happens for the last of `times`."""
    begins = next(_days(pattern.each_week, first=first, zone=zone))
    return next(islice(_days(pattern, first=begins, zone=zone), times - 1, None))


def stop(event: Event, *, last: date | None, zone: ZoneInfo) -> None:
    """Let the arrangement end after `last`, or (None) without end; its other slots stay what they are."""
    Event.objects.filter(pk=event.pk).update(end_recurring_period=_until(last, zone=zone))
    event.end_recurring_period = _until(last, zone=zone)


def cancel_slot(event: Event, original_start: datetime, period: Period) -> None:
    """Note that the date which the rule put at `original_start` is not taken; `period` is where it stood.

    A second call changes nothing. The date stays cancelled whatever happens to the arrangement.
    """
    cancel_slots(event, [Slot(period, original_start)])


def cancel_slots(event: Event, slots: list[Slot]) -> None:
    """The same for several dates at once."""
    _except(event, [(slot, True) for slot in slots])


def move_slot(event: Event, original_start: datetime, was: Period, period: Period) -> None:
    """Note that the date which the rule put at `was` now stands at `period`; back at `was` it is regular again."""
    if period == was:
        restore_slot(event, original_start)
    else:
        move_slots(event, [Slot(period, original_start)])


def move_slots(event: Event, slots: list[Slot]) -> None:
    """Note for several dates at once where they now stand."""
    _except(event, [(slot, False) for slot in slots])


def restore_slot(event: Event, original_start: datetime) -> None:
    """The date is as the rule says again. A second call changes nothing."""
    restore_slots(event, [original_start])


def restore_slots(event: Event, original_starts: Collection[datetime]) -> None:
    """The same for several dates at once; of an arrangement that has ended before them nothing is left."""
    Occurrence.objects.filter(event=event, original_start__in=original_starts).delete()


def follow(event: Event, original_start: datetime, period: Period, *, zone: ZoneInfo) -> None:
    """Note where a date stands now: regular again when that is where the rule puts it, and the rule still runs then."""
    length = _wall(event.end, zone) - _wall(event.start, zone)
    ended = event.end_recurring_period is not None and event.end_recurring_period < original_start
    regular_slot = _slot(_wall(original_start, zone), length, zone)
    if period == regular_slot.period and not ended:
        restore_slot(event, original_start)
    else:
        move_slots(event, [Slot(period, original_start)])


def cancelled_slots(event: Event) -> set[datetime]:
    """The original starts of the dates that are not taken. One query."""
    cancelled = Occurrence.objects.filter(event=event, cancelled=True)
    return set(cancelled.values_list("original_start", flat=True))


def expand(event: Event, *, within: Period, zone: ZoneInfo) -> list[Slot]:
    """The slots that touch `within`, in order; cancelled ones are left out, moved ones stand where they are now.

    A slot lasts as long on the wall clock as the first one. Raises ValueError for more than 18 months.
    """
    exceptions = {occurrence.original_start: occurrence for occurrence in event.occurrence_set.all()}
    slots = [
        slot for slot in regular(event, within=within, zone=zone) if slot.original_start not in exceptions
    ]
    slots += [_moved(occurrence) for occurrence in exceptions.values() if not occurrence.cancelled]
    return sorted(slot for slot in slots if slot.period.overlaps(within))


def regular(event: Event, *, within: Period, zone: ZoneInfo) -> list[Slot]:
    """The slots of the rule itself that touch `within`, in order, also of a draft; no query.

    Raises ValueError for more than 18 months.
    """
    if within.length > LONGEST_WINDOW:
        raise ValueError("at most 18 months at once")
    length = _wall(event.end, zone) - _wall(event.start, zone)
    earliest, latest = _wall(within.start, zone) - length, _wall(within.end, zone)
    starts = event.get_rrule_object(zone).between(earliest, latest, inc=True)
    slots = (_slot(start, length, zone) for start in starts)
    return [slot for slot in slots if slot.period.overlaps(within)]


def audit(
    event: Event, rows: Mapping[datetime, Period | None], *, within: Period, zone: ZoneInfo
) -> list[Difference]:
    """Where the package's own answer for the dates that the rule put in `within` is not what `rows` say.

    `rows` gives for each original start where it stands now, or None when it was cancelled. One difference is allowed:
    the length of a slot during which the clock changes, because the package adds elapsed hours.
    """
    standing = [period for period in rows.values() if period]
    starts = min([within.start, *(period.start for period in standing)])
    ends = max([within.end, *(period.end for period in standing)])
    found = event.get_occurrences(starts.astimezone(zone), ends.astimezone(zone))
    theirs = {
        occurrence.original_start.astimezone(UTC): _standing(occurrence)
        for occurrence in found
        if within.start <= occurrence.original_start < within.end
    }
    names = sorted({*theirs, *(name for name in rows if within.start <= name < within.end)})
    return [
        Difference(name, theirs.get(name), rows.get(name))
        for name in names
        if not _alike(theirs.get(name), rows.get(name), zone)
    ]


def _standing(occurrence: Occurrence) -> Period | None:
    return None if occurrence.cancelled else Period(occurrence.start, occurrence.end)


def _alike(theirs: Period | None, ours: Period | None, zone: ZoneInfo) -> bool:
    if theirs is None or ours is None or theirs.start != ours.start:
        return theirs == ours
    starts, ends = ours.local(zone)
    return theirs == ours or starts.utcoffset() != ends.utcoffset()


def _except(event: Event, slots: list[tuple[Slot, bool]]) -> None:
    """Write the one exception of each date: two would make every later reading fail.

    The package knows a date by its start and the elapsed length of the first one, also over a clock change.
    """
    length = event.end - event.start
    exceptions = [
        Occurrence(
            event=event,
            original_start=slot.original_start,
            original_end=slot.original_start + length,
            start=slot.period.start,
            end=slot.period.end,
            cancelled=cancelled,
        )
        for slot, cancelled in slots
    ]
    Occurrence.objects.bulk_create(
        exceptions,
        update_conflicts=True,
        unique_fields=["event", "original_start"],
        update_fields=["start", "end", "cancelled"],
    )


def _days(pattern: Pattern, *, first: date, zone: ZoneInfo) -> Iterator[date]:
    """The days that the pattern hits, the first of them on or after `first`."""
    noon = first_moment(first, time(12), zone=zone)
    event = Event(rule=Rule(**_written(pattern)), start=noon, end=noon)
    return (start.date() for start in event.get_rrule_object(zone))


def _written(pattern: Pattern) -> dict[str, str]:
    words = f"{pattern.frequency.lower()} {pattern.params}"
    return {
        "frequency": pattern.frequency,
        "params": pattern.params,
        "name": words[:32],
        "description": words,
    }


def _slot(start: datetime, length: timedelta, zone: ZoneInfo) -> Slot:
    end = start + length
    name = max(start.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    begins = first_moment(start.date(), start.time(), zone=zone)
    ends = last_moment(end.date(), end.time(), zone=zone)
    # all of it may lie in the hour that the clock skips: then it stands where the package puts it
    return Slot(Period(begins, ends) if begins < ends else Period(name, name + length), name)


def _moved(occurrence: Occurrence) -> Slot:
    return Slot(Period(occurrence.start, occurrence.end), occurrence.original_start)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def _until(last: date | None, *, zone: ZoneInfo) -> datetime | None:
    return None if last is None else last_moment(last, LAST_SECOND, zone=zone)
