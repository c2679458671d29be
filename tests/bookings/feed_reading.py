"""A hub with something of every kind in its calendar, what a feed of it must say by the rows, and how it is read back."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from icalendar import Calendar

from bookings import cancelling, feeding, moving, reserving
from bookings.models import Booking, Feed
from bookings.states import BookingState
from spaces import claiming, closing, recurrence
from spaces.models import Claim, Hub, Space
from tenants.leases.models import FixedDayPart
from tenants.parties.models import Party, User
from tests import cast, databases
from tests.cast import NOW, between

FIELDS = (
    "UID",
    "SEQUENCE",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "LOCATION",
    "DESCRIPTION",
    "STATUS",
    "TRANSP",
    "DTSTAMP",
)
SECRET = "Mevrouw Jansen-Pietersen"
"""A title that no calendar of anybody may ever show."""


@dataclass
class Lived:
    hub: Hub
    room: Space
    anna: User
    party: Party
    own: dict[str, Booking]
    others: dict[str, Booking]
    fixed: FixedDayPart


@databases.made_once
def lived_in() -> Lived:
    """Anna has bookings in every state and a fixed half-day; Bram has the room too, and the hub closes it once."""
    hub = cast.hub(name="LOC+; het, plein")
    room = cast.space(hub, "B03", name="Spreekkamer 1")
    cast.rate(hub)
    anna, party = cast.zzper(hub)
    bram = cast.zzper(hub, "Bram Visser")
    own = {
        "booked": book(room, anna, party, "2026-11-24 08:00"),
        "moved": book(room, anna, party, "2026-11-25 08:00"),
        "cancelled": book(room, anna, party, "2026-11-26 08:00"),
        "long off": book(room, anna, party, "2026-11-27 08:00"),
        "past": book(room, anna, party, "2026-11-03 08:00", now=cast.at("2026-11-01 09:00")),
        "requested": book(room, anna, party, "2026-12-01 08:00"),
        "option": book(room, anna, party, "2026-12-02 08:00"),
    }
    _live_on(own, by=anna)
    others = {"booked": book(room, *bram, "2026-11-24 13:00"), "moved": book(room, *bram, "2026-11-30 08:00")}
    _move(others["moved"], "2026-11-30 13:00", by=bram[0])
    cast.closure(hub, between("2026-12-08 08:00", "22:00"), space=room)
    with transaction.atomic():
        closing.settle(hub, now=NOW)
    for each in (*own.values(), *others.values()):
        each.refresh_from_db()
    return Lived(hub, room, anna, party, own, others, half_day(room, party))


def _live_on(own: dict[str, Booking], *, by: User) -> None:
    """Moved, cancelled, cancelled long ago, asked for, in option: as their names say."""
    _move(own["moved"], "2026-11-25 13:00", by=by)
    for name in ("cancelled", "long off"):
        cancelling.cancel(own[name], by=by, now=NOW)
    Booking.objects.filter(pk=own["long off"].pk).update(cancelled_at=NOW - timedelta(days=31))
    Booking.objects.filter(pk=own["requested"].pk).update(state=BookingState.REQUESTED)
    until = NOW + timedelta(days=14)
    Booking.objects.filter(pk=own["option"].pk).update(state=BookingState.OPTION, held_until=until)


def _move(booking: Booking, start: str, *, by: User) -> None:
    period = between(start, "17:00")
    moving.move(booking, space=booking.space, period=period, by=by, sequence=0, now=NOW)


def book(
    room: Space, user: User, party: Party, start: str, *, hours: int = 4, now: datetime = NOW
) -> Booking:
    begin = cast.at(start)
    period = between(start, f"{begin.astimezone(cast.AMSTERDAM) + timedelta(hours=hours):%H:%M}")
    held = reserving.hold(
        room, period=period, party=party, by=user, contact=user, title=SECRET, key=uuid4(), now=now
    )
    return reserving.confirm(held, now=now)


def half_day(room: Space, party: Party) -> FixedDayPart:
    """Fridays from 18:00 to 22:00, on three dates."""
    hub, evening = room.hub, room.hub.day_parts.get(name_nl="avond")
    event = recurrence.arrange_weekly(
        room, title="vast", weekday=4, hours=(evening.starts, evening.ends), first=cast.at("2026-11-27 18:00").date(),
        last=cast.at("2026-12-11 18:00").date(), zone=hub.zone,
    )  # fmt: skip
    fixed = FixedDayPart.objects.create(
        hub=hub, party=party, space=room, event=event, weekday=4, day_part=evening, starts_on="2026-11-27",
        ends_on="2026-12-11", charged_from="2026-11-27", price=30,
    )  # fmt: skip
    with transaction.atomic():
        for day in ("2026-11-27", "2026-12-04", "2026-12-11"):
            period = between(f"{day} 18:00", "22:00")
            claiming.take([room], period=period, kind=Claim.Kind.LEASE, holder=fixed.holder, now=NOW)
    return fixed


def read(feed: Feed, *, now: datetime = NOW) -> list[dict[str, Any]]:
    """The events of a feed as `icalendar` reads them back, each with its fields."""
    reader = feeding.reader_of(feed)
    assert reader is not None
    return parsed(feeding.content(feed, reader=reader, now=now))


def parsed(content: bytes) -> list[dict[str, Any]]:
    return [
        {name: event[name].dt if hasattr(event[name], "dt") else str(event[name]) for name in event}
        for event in Calendar.from_ical(content).walk("VEVENT")
    ]


def of_booking(booking: Booking, status: str) -> dict[str, Any]:
    """What the row of one's own booking must become."""
    hub = booking.hub
    return {
        "UID": f"{booking.pk}@localhost",
        "SEQUENCE": str(booking.sequence),
        "DTSTART": booking.starts_at,
        "DTEND": booking.ends_at,
        "SUMMARY": f"{booking.space.name} ({hub.name})",
        "LOCATION": f"{booking.space.name}, {hub.name}, {hub.street}, {hub.postal_code} {hub.city}",
        "DESCRIPTION": f"Boeking {booking.code}",
        "STATUS": status,
        "TRANSP": "OPAQUE",
        "DTSTAMP": to_the_second(booking.events.latest("pgh_created_at").pgh_created_at),
    }


def to_the_second(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)
