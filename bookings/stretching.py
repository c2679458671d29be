"""Longer or shorter, also while it runs: how far a booking can go, and the times to choose from."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bookings import reserving
from bookings.models import Booking
from bookings.states import BookingState
from spaces import ledger, opening
from spaces.margins import keeps_off
from spaces.periods import DAY, Period

GRID = timedelta(minutes=15)
HALF_HOUR = timedelta(minutes=30)
LONGER = (timedelta(minutes=15), HALF_HOUR, timedelta(hours=1))
MAY_CHANGE = (BookingState.CONFIRMED, BookingState.ARRIVED)


@dataclass(frozen=True)
class Reach:
    """Until when the room is free after the booking, and what the booking may become.

    `longer` are its periods with a later end, the nearest first. `shorter` has an earlier one: half an hour less, or
    while it runs the rest given back; None when there is nothing to give.
    """

    free_until: datetime
    longer: list[Period] = field(default_factory=list)
    shorter: Period | None = None


def is_running(booking: Booking, *, now: datetime) -> bool:
    """Whether it has begun and not ended, with its people there or still expected."""
    return booking.state in MAY_CHANGE and booking.starts_at <= now < booking.ends_at


def reach(booking: Booking, *, now: datetime) -> Reach:
    """How much longer and shorter it may become now. A constant number of queries."""
    until = free_until(booking, now=now)
    extra = sorted({*LONGER, until - booking.ends_at})
    return Reach(
        free_until=until,
        longer=[
            Period(booking.starts_at, booking.ends_at + more)
            for more in extra
            if more and booking.ends_at + more <= until
        ],
        shorter=_shorter(booking, now=now),
    )


def free_until(booking: Booking, *, now: datetime) -> datetime:
    """The latest its end can be: until somebody else has a room of it, and never after closing time; on the grid."""
    closes = _closes(booking)
    if closes <= booking.ends_at:
        return booking.ends_at
    following = Period(booking.ends_at, closes)
    tree = ledger.atoms_of(booking.hub)
    atoms = {atom for space in reserving.spaces_of(booking) for atom in tree[space.pk]}
    margin = reserving.margin_of(booking)
    others = [
        keeps_off(claim, margin=margin, until=following)
        for claim in ledger.in_the_way(atoms, period=following, margin=margin, now=now)
        if claim.holder != booking.holder
    ]
    first = min((other.start for other in others), default=closes)
    return max(booking.ends_at, _down(min(first, closes)))


def fits_grid(period: Period) -> bool:
    """Whether it begins and ends on a quarter of an hour."""
    return all(_down(moment) == moment for moment in (period.start, period.end))


def rest_from(now: datetime) -> datetime:
    """From when on the rest of a running booking can be given back: the next quarter of an hour."""
    return _up(now)


def _shorter(booking: Booking, *, now: datetime) -> Period | None:
    end = booking.ends_at - HALF_HOUR
    if booking.starts_at <= now:
        end = max(rest_from(now), booking.starts_at + GRID)
    return Period(booking.starts_at, end) if booking.starts_at < end < booking.ends_at else None


def _closes(booking: Booking) -> datetime:
    """When the hub closes after the end of the booking, that day or night; its end itself when it is closed then."""
    period = Period(booking.ends_at, booking.ends_at + DAY)
    open_periods = opening.load(booking.hub, period=period).open_within(period)
    return _first_end(open_periods, booking.ends_at)


def _first_end(open_periods: Iterable[Period], moment: datetime) -> datetime:
    return next((each.end for each in open_periods if each.start == moment), moment)


def _up(moment: datetime) -> datetime:
    return moment + timedelta(seconds=-moment.timestamp() % GRID.total_seconds())


def _down(moment: datetime) -> datetime:
    return moment - timedelta(seconds=moment.timestamp() % GRID.total_seconds())
