"""What happens around a journey: somebody else books first."""

from uuid import uuid4

from bookings import reserving
from tests import cast


def book(place, *, room=0, start="2026-11-24 08:00", end="12:00", user=None, party=None, now=cast.NOW):
    held = reserving.hold(
        place.rooms[room], period=cast.between(start, end), party=party or place.party, by=user or place.anna,
        contact=user or place.anna, key=uuid4(), now=now,
    )  # fmt: skip
    return reserving.confirm(held, now=now)


def rival(place):
    return cast.zzper(place.hub, "Bram Visser")
