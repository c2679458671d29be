"""Who came and who did not, by their own word or that of reception; what nobody comes for is free for others."""

import contextlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_noop

from bookings import additions, busy, cancelling, owing, reserving, telling
from bookings.life import enter, locked
from bookings.models import Booking
from bookings.refusals import (
    AlreadyDone,
    BookingRefused,
    CheckInClosed,
    GivenToOthers,
    NotToday,
    RestTaken,
    TooEarly,
)
from bookings.states import BookingState
from spaces import claiming
from spaces.explaining import sentence
from spaces.models import Claim, Space
from spaces.money import Taxed
from spaces.periods import Period, local_day

NOBODY_CAME = (BookingState.CONFIRMED, BookingState.NO_SHOW)
MINUTE = timedelta(minutes=1)


def may_check_in(booking: Booking, *, now: datetime) -> bool:
    """Whether its people may say "I am here": from `hub.check_in_minutes` before the start until the end."""
    opens_at = booking.starts_at - booking.hub.check_in_minutes * MINUTE
    return booking.state == BookingState.CONFIRMED and opens_at <= now < booking.ends_at


@transaction.atomic(durable=True)
def check_in(booking: Booking, *, now: datetime) -> Booking:
    """They say themselves that they are here. A second call changes nothing.

    Raises GivenToOthers when nobody came in time, CheckInClosed at another moment than `may_check_in` allows.
    """
    booking = locked(booking)
    if booking.state == BookingState.ARRIVED:
        return booking
    if booking.released_at is not None:
        raise GivenToOthers
    if not may_check_in(booking, now=now):
        raise CheckInClosed(booking.hub.check_in_minutes)
    enter(booking, BookingState.ARRIVED, arrived_at=now)
    return booking


@busy.retried
@transaction.atomic(durable=True)
def arrive(booking: Booking, *, now: datetime) -> Booking:
    """Reception sees them. A second call changes nothing. Raises NotToday before the day of the booking.

    What was released is given back with its full charge while nobody else has it, else RestTaken.
    """
    booking = locked(booking)
    if booking.state == BookingState.ARRIVED:
        return booking
    if booking.starts_at >= local_day(now.astimezone(booking.hub.zone).date(), zone=booking.hub.zone).end:
        raise NotToday
    if booking.released_at is not None:
        _give_back(booking, now=now)
    enter(booking, BookingState.ARRIVED, arrived_at=now)
    return booking


@transaction.atomic(durable=True)
def no_show(booking: Booking, *, now: datetime) -> Booking:
    """Nobody came: charged by the last step of the policy. Raises TooEarly before the start."""
    booking = locked(booking)
    if booking.state == BookingState.NO_SHOW:
        return booking
    if booking.starts_at > now:
        raise TooEarly
    _miss(booking, cancelling.not_coming(booking), now=now)
    return booking


@transaction.atomic(durable=True)
def undo(booking: Booking) -> Booking:
    """Back to booked, with its full charge.

    What was released comes back by `arrive` only: AlreadyDone.
    """
    booking = locked(booking)
    if booking.state == BookingState.CONFIRMED:
        return booking
    if booking.released_at is not None:
        raise AlreadyDone
    _unmiss(booking)
    return booking


def release_missed(*, now: datetime, most: int = 200) -> int:
    """Release what nobody came for in the rooms that ask for it; returns how many. Each is its own transaction.

    One that cannot be released now is left for the next run.
    """
    released = 0
    for booking in _missed(now=now)[:most]:
        with contextlib.suppress(BookingRefused, claiming.SpaceBusy):
            released += release(booking, now=now)
    return released


@busy.retried
@transaction.atomic(durable=True)
def release(booking: Booking, *, now: datetime) -> bool:
    """Let others have what is left of a booking that nobody came for, and tell the booker what it costs.

    From `space.release_after_minutes` after the start. False, and nothing changes, when somebody came first.
    """
    booking = locked(booking)
    free_from = _free_from(booking)
    if free_from is None or booking.state not in NOBODY_CAME or not free_from <= now < booking.ends_at:
        return False
    fee = cancelling.not_coming(booking)
    if booking.state == BookingState.CONFIRMED:
        _miss(booking, fee, now=now)
    _put_released(booking, free_from)
    _cut(booking, free_from, now=now)
    kept = additions.fees_for_nobody(booking)
    telling.released(booking, fee=cancelling.together([fee, *(each.taxed for each in kept)]), now=now)
    return True


def _missed(*, now: datetime) -> QuerySet[Booking]:
    waits = F("space__release_after_minutes") * Value(MINUTE)
    # what was booked or changed after the reminder was due has that moment noted as reminded
    since = Greatest("starts_at", Coalesce("reminded_at", "starts_at"))
    free_from = ExpressionWrapper(since + ExpressionWrapper(waits, DurationField()), DateTimeField())
    running = Booking.objects.filter(
        state__in=NOBODY_CAME, released_at=None, starts_at__lte=now, ends_at__gt=now
    )
    waited = running.filter(space__release_after_minutes__isnull=False).annotate(free_from=free_from)
    return waited.filter(free_from__lte=now).order_by("starts_at", "pk")


def _free_from(booking: Booking) -> datetime | None:
    """A while after it began; after it was made or changed, for what was made or changed later than that."""
    minutes = booking.space.release_after_minutes
    if minutes is None or booking.released_at is not None:
        return None
    return max(booking.starts_at, booking.reminded_at or booking.starts_at) + minutes * MINUTE


def _miss(booking: Booking, fee: Taxed, *, now: datetime) -> None:
    enter(booking, BookingState.NO_SHOW, cancellation_net=fee.net)
    kept = additions.fees_for_nobody(booking)
    if fee.net != booking.net or any(each.taxed.net != each.addition.net for each in kept):
        why = sentence(gettext_noop("Did not come: fee by the agreed steps"))
        owing.charge_fee(booking, fee, why=why, kept=kept)
        owing.give_back(booking, by=None, now=now)


def _unmiss(booking: Booking) -> None:
    enter(booking, BookingState.CONFIRMED, arrived_at=None, cancellation_net=None)
    owing.charge_in_full(booking)


def _put_released(booking: Booking, at: datetime | None) -> None:
    Booking.objects.filter(pk=booking.pk).update(released_at=at)
    booking.released_at = at


def _cut(booking: Booking, free_from: datetime, *, now: datetime) -> None:
    """Nobody was there, so nothing has to be cleaned either."""
    if free_from <= booking.starts_at:
        claiming.release(booking.holder)
        return
    held = Space.objects.filter(claims__holder=booking.holder, claims__active=True).distinct()
    claiming.move(booking.holder, held, period=Period(booking.starts_at, free_from), now=now)


def _give_back(booking: Booking, *, now: datetime) -> None:
    claiming.release(booking.holder)
    try:
        claiming.take(
            reserving.spaces_of(booking),
            period=booking.period,
            kind=Claim.Kind.BOOKING,
            holder=booking.holder,
            margin=reserving.margin_of(booking),
            now=now,
        )
    except claiming.SpaceTaken as error:
        raise RestTaken from error
    _put_released(booking, None)
    _unmiss(booking)
