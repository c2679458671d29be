"""Longer and shorter on the pages: each choice is a link to the page that shows the difference first."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse

from bookings import stretching
from bookings.models import Booking
from bookings.web.wishing import clock
from spaces.models import Space
from spaces.periods import Period


@dataclass(frozen=True)
class Choice:
    """Another end: `minutes` more than now, `last` when that is as long as the room is free, and where that leads."""

    period: Period
    minutes: int
    last: bool
    url: str


@dataclass(frozen=True)
class Stretch:
    """What the page of a booking offers; `free_until` is its own end when nothing comes after."""

    running: bool
    free_until: datetime
    longer: list[Choice]
    shorter: Choice | None

    @property
    def offered(self) -> list[Choice]:
        """All of it while it runs; before that the usual steps, for the finder stands under it."""
        return (
            self.longer if self.running else [choice for choice in self.longer if choice.minutes in (30, 60)]
        )


def stretch_of(booking: Booking, *, now: datetime) -> Stretch:
    """How much longer and shorter the booking can become. A constant number of queries."""
    reach = stretching.reach(booking, now=now)
    shorter = reach.shorter
    return Stretch(
        running=stretching.is_running(booking, now=now),
        free_until=reach.free_until,
        longer=[_choice(booking, period, last=period.end == reach.free_until) for period in reach.longer],
        shorter=_choice(booking, shorter, last=False) if shorter else None,
    )


def check_address(booking: Booking, *, space: Space, period: Period) -> str:
    """The page that shows what this change costs."""
    place = _place(space, period, zone=booking.hub.zone)
    return f"{reverse('booking-move-check', args=[booking.code])}?{urlencode(place)}"


def place_of(booking: Booking) -> dict[str, str]:
    """The room and the time of a booking as the parameters of an address."""
    return _place(booking.space, booking.period, zone=booking.hub.zone)


def _place(space: Space, period: Period, *, zone: ZoneInfo) -> dict[str, str]:
    start, end = period.local(zone)
    return {
        "ruimte": space.code,
        "dag": start.date().isoformat(),
        "van": clock(start.time()),
        "tot": clock(end.time(), closing=True),
    }


def _choice(booking: Booking, period: Period, *, last: bool) -> Choice:
    minutes = round((period.end - booking.ends_at).total_seconds() / 60)
    url = check_address(booking, space=booking.space, period=period)
    return Choice(period, minutes, last, url)
