"""The reminder of the day before, at a sensible hour of the hub."""

from collections.abc import Iterable
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from bookings import telling
from bookings.models import Booking
from bookings.states import BookingState
from spaces.models import Hub
from spaces.periods import DAY, local_day

QUIET_FROM = time(21)
CHUNK = 500


def remind(*, now: datetime) -> int:
    """Owe a reminder for each of tomorrow's bookings; returns how many. Running it again adds none.

    Only between the hub's reminder hour and 21:00 local time, and not for what was booked or moved since that
    hour: that letter has just been sent.
    """
    return sum(_remind(list(_due(hub, now=now)), now=now) for hub in Hub.objects.all())


def has_passed(hub: Hub, starts_at: datetime, *, now: datetime) -> bool:
    """Whether the hour to remind of a booking that starts then has come: a letter sent now is the reminder."""
    day_before = starts_at.astimezone(hub.zone) - DAY
    return now >= day_before.replace(hour=hub.reminder_hour, minute=0, second=0, microsecond=0)


def _due(hub: Hub, *, now: datetime) -> Iterable[UUID]:
    local = now.astimezone(hub.zone)
    since = local.replace(hour=hub.reminder_hour, minute=0, second=0, microsecond=0)
    if local < since or local.time() >= QUIET_FROM:
        return []
    tomorrow = local_day(local.date() + DAY, zone=hub.zone)
    bookings = (
        Booking.objects.of_hub(hub)
        .starting_within(tomorrow)
        .filter(
            state=BookingState.CONFIRMED,
            reminded_at__isnull=True,
        )
    )
    return bookings.values_list("pk", flat=True)[:CHUNK]


@transaction.atomic(durable=True)
def _remind(keys: list[UUID], *, now: datetime) -> int:
    bookings = list(
        Booking.objects.with_everything()
        .filter(pk__in=keys, state=BookingState.CONFIRMED, reminded_at__isnull=True)
        .select_for_update(of=("self",), skip_locked=True)
    )
    for booking in bookings:
        telling.reminder(booking, now=now)
    Booking.objects.filter(pk__in=[booking.pk for booking in bookings]).update(reminded_at=now)
    return len(bookings)
