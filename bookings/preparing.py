"""What reception has to make ready on a day: how rooms are set up, what is served and what is lent."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from bookings.models import Addition, Booking
from bookings.states import BookingState
from spaces.periods import local_day
from tenants.parties.access import Actor

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Task:
    """A booking to make something ready for, and from when the room is empty for that."""

    booking: Booking
    from_: datetime
    rooms: list[Addition]
    extras: list[Addition]


def on(day: date, *, actor: Actor) -> list[Task]:
    """The bookings of a day of the actor's hub with a layout, an extra, another room or time to set up; in order.

    Two queries, however many there are.
    """
    if actor.hub is None:
        return []
    wanted = Exists(Addition.objects.filter(booking=OuterRef("pk"))) | ~Q(layout="") | Q(setup_minutes__gt=0)
    bookings = Booking.objects.visible_to(actor).filter(
        wanted, state__in=[BookingState.CONFIRMED, BookingState.ARRIVED]
    )
    listed = bookings.starting_within(local_day(day, zone=actor.hub.zone)).with_everything()
    tasks = [_task(booking) for booking in listed.prefetch_related("additions__extra", "additions__space")]
    return sorted(tasks, key=lambda task: (task.from_, task.booking.space.code))


def _task(booking: Booking) -> Task:
    rows = list(booking.additions.all())
    return Task(
        booking=booking,
        from_=booking.starts_at - booking.setup_minutes * MINUTE,
        rooms=[row for row in rows if row.extra is None],
        extras=[row for row in rows if row.extra is not None],
    )
