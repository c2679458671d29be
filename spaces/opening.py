"""When a hub is open: its hours minus its closures, and its day parts, in memory for a period."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext_noop

from spaces import reading
from spaces.explaining import Sentence, sentence, tell
from spaces.models import Closure, DayPart, Hub, OpeningHours
from spaces.periods import (
    DAY,
    Period,
    days_of,
    first_moment,
    last_moment,
    local_day,
    local_days,
    merged,
    subtract,
)
from spaces.wording import DASH, clock

Hours = tuple[time, time]


@dataclass(frozen=True)
class Timetable:
    """Opening hours, day parts and closures of one hub from `first` to `last` (local days, both included).

    Closures of a single space are not here: those are claims on that space.
    """

    zone: ZoneInfo
    first: date
    last: date
    hours: Mapping[int, tuple[Hours, ...]]
    day_parts: tuple[DayPart, ...] = ()
    closures: tuple[Closure, ...] = field(default=())
    _known: dict[date, list[Period]] = field(init=False, repr=False, compare=False, default_factory=dict)
    """What was reckoned of a day: many rooms and dates ask the same."""

    def around_the_clock(self) -> "Timetable":
        """The same with no opening hours: only closures close."""
        return replace(self, hours=dict.fromkeys(range(7), ((time.min, time.min),)))

    def open_periods(self, day: date) -> list[Period]:
        """When the hub is open on a local day, in order, without its closures. Raises LookupError outside the days."""
        return subtract(self._usual(day), (closure.period for closure in self.closures))

    def is_open(self, period: Period) -> bool:
        """Whether the hub is open for all of the period."""
        return not subtract([period], self._open_during(period))

    def open_within(self, period: Period) -> list[Period]:
        """The time in the period that the hub is open, in order; over midnight it is one."""
        pieces = (piece.intersection(period) for piece in self._open_during(period))
        return merged(piece for piece in pieces if piece)

    def why_closed(self, period: Period) -> Sentence | None:
        """Why the hub is not open for all of the period: the first closure or day that stands in the way."""
        for day in days_of(period, zone=self.zone):
            wanted = period.intersection(local_day(day, zone=self.zone))
            if wanted and subtract([wanted], self.open_periods(day)):
                return self._why(day, wanted)
        return None

    def closed_reason(self, period: Period) -> str | None:
        """`why_closed` in the active language."""
        why = self.why_closed(period)
        return tell(why) if why else None

    def day_part_periods(self, day: date) -> list[tuple[DayPart, Period]]:
        """Each day part on a local day, open or not, in order; one that a change of the clock swallows is left out."""
        bounds = ((part, self._on_clock(day, part.starts, part.ends)) for part in self.day_parts)
        return [(part, period) for part, period in bounds if period]

    def _usual(self, day: date) -> list[Period]:
        if not self.first <= day <= self.last:
            raise LookupError(f"{day} is not in this timetable")
        if day not in self._known:
            hours = self.hours.get(day.weekday(), ())
            periods = (self._on_clock(day, opens, closes) for opens, closes in hours)
            self._known[day] = merged(filter(None, periods))
        return self._known[day]

    def _on_clock(self, day: date, starts: time, ends: time) -> Period | None:
        start = first_moment(day, starts, zone=self.zone)
        end = last_moment(day + DAY if ends == time.min else day, ends, zone=self.zone)
        return Period(start, end) if start < end else None

    def _open_during(self, period: Period) -> Iterator[Period]:
        for day in days_of(period, zone=self.zone):
            yield from self.open_periods(day)

    def _why(self, day: date, wanted: Period) -> Sentence:
        for closure in self.closures:
            if closure.period.overlaps(wanted):
                return sentence(
                    gettext_noop("The building is closed on %(day)s: %(reason)s."),
                    day=day,
                    reason=closure.reason,
                )
        usual = self._usual(day)
        if not usual:
            return sentence(gettext_noop("The building is closed on %(day)s."), day=day)
        return sentence(
            gettext_noop("On %(day)s the building is open %(hours)s."), day=day, hours=self._written(day)
        )

    def _written(self, day: date) -> str:
        return ", ".join(
            f"{clock(opens)}{DASH}{'24:00' if closes == time.min else clock(closes)}"
            for opens, closes in self.hours[day.weekday()]
        )


def load(hub: Hub, *, period: Period) -> Timetable:
    """The timetable of a hub for all local days that the period touches. One query."""
    hours, parts, closures = rows(hub, period=period)
    if {"opening_hours", "day_parts"} <= getattr(hub, "_prefetched_objects_cache", {}).keys():
        return timetable(hub, hours, parts, closures, period=period)
    return timetable(hub, *reading.together(hours, parts, closures), period=period)


def rows(hub: Hub, *, period: Period) -> tuple[QuerySet[Any], QuerySet[Any], QuerySet[Any]]:
    """The hours, the day parts, and the closures on the local days that the period touches: to read with other rows."""
    days = local_days(*_days(period, zone=hub.zone), zone=hub.zone)
    closures = Closure.objects.filter(hub=hub, space=None).overlapping(days)
    return hub.opening_hours.all(), hub.day_parts.all(), closures


def timetable(
    hub: Hub,
    hours: Iterable[OpeningHours],
    day_parts: Iterable[DayPart],
    closures: Iterable[Closure],
    *,
    period: Period,
) -> Timetable:
    """The timetable that these `rows` make."""
    first, last = _days(period, zone=hub.zone)
    return Timetable(
        zone=hub.zone,
        first=first,
        last=last,
        hours=_by_weekday(hours),
        day_parts=tuple(day_parts),
        closures=tuple(closures),
    )


def _days(period: Period, *, zone: ZoneInfo) -> tuple[date, date]:
    days = list(days_of(period, zone=zone))
    return days[0], days[-1]


def _by_weekday(rows: Iterable[OpeningHours]) -> dict[int, tuple[Hours, ...]]:
    hours: defaultdict[int, list[Hours]] = defaultdict(list)
    for row in rows:
        hours[row.weekday].append((row.opens, row.closes))
    return {weekday: tuple(sorted(pairs)) for weekday, pairs in hours.items()}
