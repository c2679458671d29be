"""What somebody usually books, so that booking again needs no choosing."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bookings.models import Booking
from spaces.models import Space
from spaces.offering import FreeTime
from spaces.periods import DAY, Period, on_clock
from tenants.parties.models import Party

LOOKED_BACK = 20
"""So many bookings say what somebody usually does."""
WEEKS_AHEAD = 4


@dataclass(frozen=True)
class Usual:
    """A space on a weekday (0 = Monday) from a clock time to a clock time in the hub's zone."""

    space: Space
    weekday: int
    starts: time
    ends: time

    def period_on(self, day: date) -> Period | None:
        """That time on `day`; None when the clock skips or repeats it."""
        try:
            return on_clock(day, self.starts, self.ends, zone=self.space.hub.zone)
        except ValueError:
            return None


@dataclass(frozen=True)
class Habit:
    """The kind of space of the last booking, and what is booked most often; `usual` None without bookings."""

    kinds: tuple[str, ...] = ()
    usual: Usual | None = None


def of_party(party: Party) -> Habit:
    """The habit of a party by its last bookings. One query."""
    booked = Booking.objects.filter(party=party).booked().order_by("-created_at")
    last = list(booked.select_related("hub", "space__hub", "space__floor")[:LOOKED_BACK])
    if not last:
        return Habit()
    return Habit(kinds=(last[0].space.kind,), usual=_most_often(last))


def next_time(usual: Usual, *, after: date, now: datetime) -> Period | None:
    """The first period from the day `after` on that the usual space is free and open; None within four weeks.

    A constant number of queries.
    """
    days = [
        after + timedelta(days=(usual.weekday - after.weekday()) % 7 + 7 * week)
        for week in range(WEEKS_AHEAD)
    ]
    periods = [period for day in days if (period := usual.period_on(day)) and period.start > now]
    if not periods or not usual.space.bookable:
        return None
    time_free = FreeTime(
        usual.space.hub, [usual.space], period=Period(periods[0].start, periods[-1].end), now=now
    )
    return next((period for period in periods if time_free.is_free(usual.space, period)), None)


def same_day_later(booking: Booking, *, today: date) -> date:
    """The first day after `today`, and after the booking, on the weekday of the booking."""
    day = booking.starts_at.astimezone(booking.hub.zone).date()
    start = max(today, day) + DAY
    return start + timedelta(days=(day.weekday() - start.weekday()) % 7)


def _most_often(bookings: Sequence[Booking]) -> Usual:
    """What occurs most often; of two that occur as often the latest one."""
    counted = Counter(_usual(booking) for booking in bookings)
    return counted.most_common(1)[0][0]


def _usual(booking: Booking) -> Usual:
    starts, ends = booking.period.local(booking.hub.zone)
    return Usual(booking.space, starts.weekday(), starts.time(), ends.time())
