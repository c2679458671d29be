"""Periods of time: half-open, in UTC inside, in the hub's own zone at the edge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class NotAMoment(ValueError):
    """A wall-clock time that does not exist, or exists twice, in its zone on that day."""


@dataclass(frozen=True, order=True)
class Period:
    """From `start` up to but not including `end`; both aware, kept in UTC, never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a period needs aware moments")
        object.__setattr__(self, "start", self.start.astimezone(UTC))
        object.__setattr__(self, "end", self.end.astimezone(UTC))
        if self.end <= self.start:
            raise ValueError("a period ends after it starts")

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def hours(self) -> Decimal:
        """Elapsed hours, exact: 00:00–06:00 on the spring night is 5."""
        return Decimal(self.length // timedelta(seconds=1)) / 3600

    def overlaps(self, other: "Period") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Period") -> bool:
        return self.start <= other.start and other.end <= self.end

    def intersection(self, other: "Period") -> "Period | None":
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start < end else None

    def local(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end on the wall clock of `zone`."""
        return self.start.astimezone(zone), self.end.astimezone(zone)


def moment(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """The UTC moment of a wall-clock time. Raises NotAMoment in the DST gap and the doubled hour."""
    local = datetime.combine(day, clock, tzinfo=zone)
    if local.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise NotAMoment(f"{day} {clock} does not exist in {zone.key}")
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise NotAMoment(f"{day} {clock} exists twice in {zone.key}")
    return local.astimezone(UTC)


def local_day(day: date, *, zone: ZoneInfo) -> Period:
    """The whole of a local day: 23, 24 or 25 hours long."""
    start = datetime.combine(day, time.min, tzinfo=zone)
    end = datetime.combine(day + DAY, time.min, tzinfo=zone)
    return Period(start, end)


def local_days(first: date, last: date, *, zone: ZoneInfo) -> Period:
    """From the start of `first` to the end of `last`, both included."""
    return Period(local_day(first, zone=zone).start, local_day(last, zone=zone).end)


def local_month(day: date, *, zone: ZoneInfo) -> Period:
    """The calendar month in which `day` falls."""
    first = day.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return local_days(first, following - DAY, zone=zone)


def days_of(period: Period, *, zone: ZoneInfo) -> Iterator[date]:
    """Each local day that the period touches, in order."""
    start, end = period.local(zone)
    day = start.date()
    while datetime.combine(day, time.min, tzinfo=zone) < end:
        yield day
        day += DAY


def merged(periods: Iterable[Period]) -> list[Period]:
    """The same time as few periods, in order; periods that touch become one."""
    result: list[Period] = []
    for period in sorted(periods):
        if result and period.start <= result[-1].end:
            result[-1] = Period(result[-1].start, max(result[-1].end, period.end))
        else:
            result.append(period)
    return result


def subtract(periods: Iterable[Period], taken: Iterable[Period]) -> list[Period]:
    """What is left of `periods` outside `taken`, in order, merged."""
    left = merged(periods)
    for hole in taken:
        left = [piece for period in left for piece in _without(period, hole)]
    return left


def _without(period: Period, hole: Period) -> Iterator[Period]:
    if not period.overlaps(hole):
        yield period
        return
    if period.start < hole.start:
        yield Period(period.start, hole.start)
    if hole.end < period.end:
        yield Period(hole.end, period.end)
