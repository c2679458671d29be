"""A calendar between the two steps of the page: only what was read of it is kept, for a day at most."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet

from bookings.calendar_import import planning, reading, storing
from bookings.calendar_import.locating import Rooms
from bookings.calendar_import.planning import Plan
from bookings.calendar_import.reading import Reading
from bookings.models import PendingCalendar
from spaces.models import Space
from tenants.parties.models import User

if TYPE_CHECKING:
    from tenants.parties.access import Actor

KEPT_FOR = timedelta(days=1)


def read(content: bytes, *, space: Space, now: datetime) -> Reading:
    """The calendar of `space` from a year back to a year ahead. Raises NotACalendar."""
    return reading.read(content, rooms=Rooms.of(space), period=planning.window(now))


def keep(read: Reading, *, name: str, space: Space, user: User, now: datetime) -> PendingCalendar:
    """Keep what was read, for its sender, instead of an earlier one."""
    with transaction.atomic():
        PendingCalendar.objects.filter(hub=space.hub, user=user).delete()
        return PendingCalendar.objects.create(
            hub=space.hub, user=user, space=space, name=name[:200], reading=read.as_json(), read_at=now
        )


def of(actor: "Actor", *, now: datetime) -> QuerySet[PendingCalendar]:
    """One's own at the hub one works for now, of the last day."""
    mine = PendingCalendar.objects.filter(hub=actor.hub, user=actor.user, read_at__gt=now - KEPT_FOR)
    return mine.select_related("space__hub")


def look(kept: PendingCalendar, *, now: datetime) -> Plan:
    """What confirming would do now."""
    return planning.plan(kept.space, Reading.from_json(kept.reading), now=now)


def confirm(kept: PendingCalendar, *, agreed: str, now: datetime) -> Plan:
    """Read it in, when its plan is still the one with the fingerprint `agreed`; then what was read is wiped.

    Raises what `storing.store` raises; it stays then.
    """
    plan = storing.store(kept.space, Reading.from_json(kept.reading), agreed=agreed or "nothing", now=now)
    PendingCalendar.objects.filter(pk=kept.pk).update(reading={})
    return plan


def drop_stale(*, now: datetime) -> int:
    """Forget what nobody confirmed within a day; returns how many."""
    count, _by_model = PendingCalendar.objects.filter(read_at__lte=now - KEPT_FOR).delete()
    return count
