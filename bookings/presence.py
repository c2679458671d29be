"""Who is in the building right now, against what is allowed; and who did not come before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, OuterRef, Subquery

from bookings.models import Booking
from bookings.querysets import BookingQuerySet
from bookings.states import BookingState
from spaces.models import Hub, Space
from tenants.parties.access import Actor

REMEMBERED = timedelta(days=183)
"""Not having come counts for half a year."""


@dataclass(frozen=True)
class Room:
    """Persons in one room, against its capacity (None: not known)."""

    space: Space
    persons: int

    @property
    def over(self) -> bool:
        return self.space.capacity is not None and self.persons > self.space.capacity


@dataclass(frozen=True)
class HeadCount:
    """Persons who have arrived for a booking that is not over, against what the permit allows (None: not known)."""

    persons: int
    most: int | None
    rooms: list[Room]

    @property
    def over(self) -> bool:
        return self.most is not None and self.persons > self.most

    @property
    def full(self) -> list[Room]:
        """The rooms with more persons than they have room for."""
        return [room for room in self.rooms if room.over]


def head_count(hub: Hub, *, actor: Actor, now: datetime) -> HeadCount:
    """Count a booking for as many persons as it says, one if it does not say; room by room. One query."""
    inside = Booking.objects.visible_to(actor).filter(hub=hub, state=BookingState.ARRIVED, ends_at__gt=now)
    persons: Counter[Space] = Counter()
    for booking in inside.select_related("space").order_by("space__code"):
        persons[booking.space] += booking.persons or 1
    rooms = [Room(space, number) for space, number in persons.items()]
    return HeadCount(sum(room.persons for room in rooms), hub.max_persons, rooms)


def with_absences(bookings: BookingQuerySet, *, now: datetime) -> BookingQuerySet:
    """Each with `absences`: how often its party did not come in the last half year, None for never."""
    missed = _missed(now=now).filter(party=OuterRef("party")).values("party").annotate(number=Count("pk"))
    return bookings.annotate(absences=Subquery(missed.values("number")))


def absences(parties: Iterable[int], *, actor: Actor, now: datetime) -> dict[int, int]:
    """How many times each of these parties (by pk) did not come in the last half year; never none. One query."""
    missed = _missed(now=now).visible_to(actor).filter(party__in=set(parties))
    return dict(missed.values_list("party").annotate(Count("pk")))


def _missed(*, now: datetime) -> BookingQuerySet:
    missed = Booking.objects.filter(
        state=BookingState.NO_SHOW, starts_at__gt=now - REMEMBERED, starts_at__lte=now
    )
    return missed.order_by()
