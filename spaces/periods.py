"""Periods of time: half-open, in UTC inside, in the hub's own zone at the edge."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as formatted
from django.utils.translation import gettext as _

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class NotAMoment(ValueError):
    """A wall-clock time that does not exist, or exists twice, in its zone on that day; `message` is for the person."""

    def __init__(self, day: date, clock: time, *, twice: bool) -> None:
        text = _("%(clock)s happens twice on %(day)s, because the clock goes back. Choose another time.")
        if not twice:
            text = _(
                "%(clock)s does not exist on %(day)s, because the clock goes forward. Choose another time."
            )
        self.message = text % {"clock": clock.strftime("%H:%M"), "day": formatted(day, "l j F Y")}
        super().__init__(self.message)


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
    if not _exists(local):
        raise NotAMoment(day, clock, twice=False)
    if local.utcoffset() != local.replace(fold=1).utcoffset():
        raise NotAMoment(day, clock, twice=True)
    return local.astimezone(UTC)


def on_clock(day: date, starts: time, ends: time, *, zone: ZoneInfo) -> Period:
    """What a person types: from one time to another on a day; 00:00 as the end is midnight.

    Raises NotAMoment as `moment` does, and ValueError when it does not end after it starts.
    """
    last = day + DAY if ends == time.min else day
    return Period(moment(day, starts, zone=zone), moment(last, ends, zone=zone))


def first_moment(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """As `moment`, but never refuses: the first of two, and in the gap the moment the clock jumps."""
    local = datetime.combine(day, clock, tzinfo=zone)
    return local.astimezone(UTC) if _exists(local) else _jump(local)


def last_moment(day: date, clock: time, *, zone: ZoneInfo) -> datetime:
    """As `first_moment`, but the last of two."""
    local = datetime.combine(day, clock, tzinfo=zone)
    return local.replace(fold=1).astimezone(UTC) if _exists(local) else _jump(local)


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


def _exists(local: datetime) -> bool:
    """Whether the wall clock ever shows this time."""
    return local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None)


def _jump(local: datetime) -> datetime:
    """When the clock jumps over this time: between its two readings, to the second."""
    after = local.replace(fold=0).astimezone(UTC)
    before = local.replace(fold=1).astimezone(UTC)
    later = after.astimezone(local.tzinfo).utcoffset()
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if middle.astimezone(local.tzinfo).utcoffset() == later:
            after = middle
        else:
            before = middle
    return after


def _without(period: Period, hole: Period) -> Iterator[Period]:
    if not period.overlaps(hole):
        yield period
        return
    if period.start < hole.start:
        yield Period(period.start, hole.start)
    if hole.end < period.end:
        yield Period(hole.end, period.end)
